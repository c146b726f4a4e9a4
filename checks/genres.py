"""What kind of paper a title names, by how it begins and how it ends: appointments, replies, meetings, lists, routine announcements.

A word of the matter inside the title of a policy (招标投标, 公示制度, 人事档案 …) says nothing of its kind.
"""

from __future__ import annotations

import re

from data.text import bare, title_core

_BRACKETED = re.compile(r"([(（〔【\[][^()（）〔〕【】\[\]]*[)）〕】\]])+$")
_STRONG = re.compile(
    "(办法|规定|细则|条例|规则|若干措施|政策措施|扶持政策|优惠政策|实施意见|若干意见|指导意见)(试行|暂行|修订|修订版|修订稿|修正案|的补充规定)?$"
)
_POLICY = re.compile("(方案|行动计划|三年计划|规划|规划纲要|意见|措施|政策|标准)(试行|暂行|修订|修订版|修订稿)?$|规划（?20\\d\\d")
_GUIDANCE = re.compile(
    "^(学习|宣传|向|进一步|切实|全面|深入|持续|大力|规范|加强|强化|做好|深化|推进|推行|推动|完善|改进|健全|建立|加快|促进|支持|优化|落实|严格|提升|提高|实行|开展|明确)"
)
_PERSONS = r"[\u4e00-\u9fff·]{2,4}(、[\u4e00-\u9fff·]{2,4})*"
_POSTS = "(任免|任免职|任职|免职|任命|免去|挂职|辞职|辞去|聘任|试用期满|职务|退休)"
_APPOINTMENT = re.compile(
    rf"同志.{{0,30}}({_POSTS}|任[\u4e00-\u9fff]{{2,}})|等[\d一二三四五六七八九十]*(名|位|人)?(同志|人员|干部)?的?{_POSTS}"
    rf"|^任免.{{0,6}}$|^(任命|免去|聘任|提名).{{1,40}}(同志|为|职务|人选)|^{_PERSONS}的?(职务)?(任免|任免职|任职|免职|任命|职务任免)$|(人事|干部)(任免|任免职)$|任免(国家|机关)?工作人员$"
)
_REPLY = re.compile("(批复|复函|回函|答复|请示)$")
_RECRUITING = re.compile("(招聘|招考|招录|遴选|选调|录用).{0,16}(公告|简章|启事)$|(拟录用|拟聘用).{0,12}$")
_DEALS = re.compile("(中标|成交|采购|招标|拍卖|挂牌|出让|征收|征地|停水|停电|停气|交通管制|封闭施工).{0,8}(公告|通告|公示|结果|信息)$")
_MEETING = re.compile("^召开.*(会议|大会|会)$|(会议|座谈会|动员会|推进会|调度会)的?(通知|纪要|材料|精神|安排)?$")
_AWARD = re.compile(
    "^(通报)?(表彰|表扬|嘉奖|授予|奖励|命名)(?!.{0,8}(制度|机制|改革|管理|工作|标准|资金))|^(给予|为).{2,30}(记功|嘉奖|奖励)|荣誉称号$|(表彰|表扬)的?(决定|通报)$"
)
_LIST = re.compile("(名单|公示|名录)$|^拟(任|录|推荐|命名|批准|征收|认定)")
_BODY = re.compile(
    "^(成立|设立|组建|调整|撤销|充实|更名).{0,40}(领导小组|委员会|指挥部|专班|工作组|小组|机构|成员|办公室|联席会议|分工)(名单)?$"
    "|(领导小组|指挥部|委员会|专班|联席会议)(组成人员|成员|成员单位)?(调整)?(名单)?$|印章$"
)
_SHORT = re.compile(
    "^(启动|终止|解除|调整|升级|发布).{0,24}(响应|预警)(信号|信息)?$|预警信号$|紧急通知$"
    "|(停水|停电|停气|交通管制|封闭施工|放假|值班|节假日|作息)(时间)?(安排|调整|措施)?$|(临时|防汛抗旱|疫情).{0,8}通告$"
)
_REPORT = re.compile(
    "(通报|督查情况|考核结果|检查情况|完成情况|工作报告|年度报告|工作总结|统计公报|预算|决算|审计报告|审计结果)$|(预算|决算)(公开|草案|报告|情况|说明).{0,6}$"
)
_HELP = re.compile("(问答|答疑|百问|须知|明白纸|(温馨|便民)提示|流程图|常见问题)(之?[一二三四五六七八九十\\d]+|[(（].{1,8}[)）])?$")
_DIVISION = re.compile("(分工|责任分解|任务分解)(方案|表|安排)?$")
_DRAFTING = re.compile("(起草说明|编制说明|修订说明)$")
_NOTICE_FIRST = (("名单公示", _RECRUITING), ("名单公示", _DEALS))  # read in the whole title: what kind of notice it is
_BY_CORE = (
    ("人事任免", _APPOINTMENT), ("会议", _MEETING), ("表彰奖励", _AWARD), ("机构设置", _BODY), ("名单公示", _LIST),
    ("应急与临时通知", _SHORT), ("情况通报", _REPORT), ("问答提示", _HELP),
)  # fmt: skip
_LISTED = re.compile("^(?:.{0,30}关于)?(?:公布|印发|发布|确定|认定|命名).*名单》?的(通知|通告|决定|通报)$")
_WRAPPED = re.compile("的?(通知|决定|通报|公告|通告)$")


def plain(title: str) -> str:
    """A title without white space and without what stands in brackets behind it."""
    return _BRACKETED.sub("", bare(title))


def is_strong(core: str) -> bool:
    """Whether a title core ends as rules do: 办法, 规定, 细则, 实施意见 …"""
    return bool(_STRONG.search(core))


def is_policy(core: str, title: str) -> bool:
    """Whether a title names a policy: a rule, a plan, measures, an opinion."""
    return is_strong(core) or bool(_POLICY.search(core)) or plain(title).endswith("的意见")


def kind_out(title: str) -> str | None:
    """The kind of paper that no policy is, as the reader is told it; None where the title's form names none."""
    whole, core = plain(title), title_core(title)
    if _REPLY.search(whole) or re.match("同意|核准", core):
        return "批复复函"
    if _DIVISION.search(core):
        return "内部分工"
    if _DRAFTING.search(core):
        return "起草说明"
    if not is_strong(core) and not _GUIDANCE.match(core):
        for name, pattern in _NOTICE_FIRST:
            if pattern.search(whole):
                return name
    if is_policy(core, title):
        return None
    core = _WRAPPED.sub("", core) or core if core != whole else core
    for name, pattern in _BY_CORE:
        # 规范会议管理, 加强公务员任职: guidance on a matter is not the matter.
        if pattern.search(core) and not _GUIDANCE.match(core):
            return name
    return None


_ROUTINE_ENDS = re.compile("(公告|公示|批复|复函|函|名单|简章|启事|纪要|决定书|告知书|通知书|预警信号|任免通知|中标结果|成交结果)$")


def is_routine(title: str) -> bool:
    """Whether an upper body's item is of no overall guidance by its form alone."""
    whole, core = plain(title), title_core(title)
    if is_strong(core):
        return False
    if _ROUTINE_ENDS.search(whole) or _LISTED.search(whole):
        return True
    if "节假日" in core:  # the yearly arrangement of holidays concerns everyone
        return False
    return kind_out(title) in ("人事任免", "批复复函", "会议", "表彰奖励", "机构设置", "应急与临时通知")
