"""The rule on mobile numbers and homes of private persons."""

from __future__ import annotations

import re
from collections.abc import Iterable

from checks.blemishes import Blemish
from checks.leaks import Told, found_numbers, judge_texts
from checks.personal import Spot, cells_before, is_name, names_by, tokens
from checks.registry import Outcome, check
from data.catalogue import Rule
from data.records import Status
from data.view import SiteView

_CONTACT = re.compile("(联系|咨询|监督|举报|投诉|报名|服务|值班|热线|电话|手机|负责人|经办)[^\n]{0,14}[:：][^\n:：]{0,16}$")
_OFFICIAL = re.compile(
    "河长|湖长|林长|田长|路长|链长|警长|值班|值守|责任人|负责人|联系人|联系方式|通讯录|电话(表|一览|号码|公布)|网格|驻村|包保|包联|工作队|第一书记|干部|工作人员|执法人员|医生|医师|护士|律师"
    "|调解|法律顾问|公证|仲裁员|企业|公司|门店|网点|机构|医院|药店|学校|幼儿园|驾校|旅行社|酒店|民宿|合作社|经销|中介|供应商|商户|维修|家政|养老院|服务站|服务中心|便民|咨询|投诉|举报|监督"
    "|招商|指南|热线|防汛|地质灾害|水库|安全生产|巡查|护林员|联络员|信息员|监测(员|人)|经纪人|技术员|专家|代表委员|政协委员|人大代表"
    "|许可|经营|食品|药品|市场主体|个体|超市|餐饮|农家乐|宾馆|施工|监理|招标|中标|成交|采购|比选|询价|拍卖|环评|环境影响|工程|办学|行政执法"
)
_SURELY_PRIVATE = re.compile(
    "补贴|补助|救助|低保|残疾|考生|学生|农户|录用|录取|获奖|公租房|保障房|廉租|贫困|脱贫户|退役|摇号|面试|笔试|体检"
)
_PRIVATE = re.compile(
    "名单|花名册|公示|申请|补贴|补助|救助|低保|特困|五保|残疾|贫困|脱贫|帮扶|廉租|公租房|保障房|住房|危房|录取|录用|考生|面试|笔试|体检|学员|获奖|中奖|捐款|志愿|参保|退役|优抚|移民|搬迁|拆迁|征收|征地"
    "|种粮|农户|农民|群众|户主|受益|奖学|助学|学生|家长|老年|高龄|津贴|抚恤|就业困难|见习|培训|承租|摇号|信访|疫苗|密接|确诊|隔离|人员(信息|名册|汇总|情况)|登记表|汇总表|统计表|明细表"
)
_PRIVATE_HEADS = frozenset(
    [
        "户主",
        "户主姓名",
        "家庭住址",
        "住址",
        "身份证号",
        "身份证号码",
        "身份证",
        "性别",
        "年龄",
        "出生年月",
        "学历",
        "民族",
        "申请人",
        "补贴金额",
        "发放金额",
        "家庭人口",
        "考生姓名",
        "准考证号",
        "学生姓名",
    ]
)
_BUSINESS_HEADS = frozenset(
    [
        "法定代表人",
        "企业名称",
        "单位名称",
        "经营者名称",
        "机构名称",
        "负责人",
        "统一社会信用代码",
        "商户名称",
        "门店名称",
        "值班人员",
        "职务",
    ]
)
_LABEL_CELL = re.compile("^.{0,6}(联系|电话|手机|热线|联系方式|联系电话|手机号码?|联系人电话)[:：]?$")
ADDRESS = re.compile(
    r"\d+(号楼|栋|幢)\S{0,8}\d+[室户]|\d+单元\S{0,4}\d+[室户]?|[路街巷道]\d+号\S{0,10}\d+室|[村屯庄]\S{0,4}\d+组\d+号|\d+组\d+[号户]"
)


def _is_contact(text: str, spot: Spot) -> bool:
    """Whether a number is given as a contact: behind 联系人：…，电话：, or in the cell behind one that says 联系电话."""
    if _CONTACT.search(text[max(0, spot.at - 40) : spot.at]):
        return True
    before = cells_before(text, spot, 0, most=1)
    return bool(before) and bool(_LABEL_CELL.match(before[-1].text))


@check("privacy-phone-numbers")
def phone_numbers(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """吉林高新 三(六) 依法保护好相关人员个人信息: no list of private persons with their mobile numbers or their homes."""
    least, strict = int(rule.params["least_pairs"]), bool(rule.params["staff_numbers_count"])

    def look(told: Told) -> Blemish | None:
        title, text, found = told.title, told.text, told.found
        if not found.mobiles and "住址" not in told.body:
            return None
        cells = {token.text for token in tokens(text)}
        heads = cells & _PRIVATE_HEADS
        official = not strict and not _SURELY_PRIVATE.search(title) and bool(_OFFICIAL.search(title) or cells & _BUSINESS_HEADS)
        pairs = [spot for spot, named in names_by(text, found.mobiles) if named and (strict or not _is_contact(text, spot))]
        if len(pairs) >= least and not official:
            private = strict or bool(_PRIVATE.search(title)) or bool(heads)
            return found_numbers(
                told, "list" if private else "whose", "姓名与手机号码", pairs, status=Status.FAIL if private else Status.INCONCLUSIVE
            )
        if pairs and not official and _PRIVATE.search(title):
            return found_numbers(told, "single", "姓名与手机号码", pairs, status=Status.INCONCLUSIVE)
        homes = [Spot(match.start(), match.end()) for match in ADDRESS.finditer(text)] if heads & {"家庭住址", "住址"} else []
        named = sum(is_name(token.text) for token in tokens(text)) if len(homes) >= least else 0
        return found_numbers(told, "addresses", "具体到门牌的家庭住址", homes) if named >= least and not official else None

    yield from judge_texts(view, look)
