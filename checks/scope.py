"""Which documents a rule speaks of: policy documents of the unit's own, and which of them owe an interpretation.

In scope of interpretation (宝山 二(一)13, 利通 二(一)): administrative normative documents (their column, 规 in the 文号, or issued under
a number as 办法, 规定, 细则, 实施意见 …), and what the government or its office issues under its own number with the name of a policy. Out of scope: personnel, meetings, awards,
replies, division of labour, bodies set up or changed, forwarded documents, lists, announcements for objection, short emergency
notices, lists of repealed documents, consultation drafts, yearly reports. A department's plan is likely in scope: none is demanded, but
an interpretation that the unit itself gives has to come in time. What is neither (工作要点, 通告, 预案, a plain 通知) is unclear: never an
accusation.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from checks.bodies import Bodies, Whose, title_lead
from checks.clocks import civil
from checks.tree import current_listings
from data.catalogue import Rule, load_columns
from data.records import Document, DocumentKind
from data.text import bare, doc_number_key, title_core
from data.urls import url_key
from data.view import SiteView

UPPER_COLUMNS = frozenset({"sjwj", "gwyxx"})
_NOT_POLICY_COLUMNS = frozenset({"zcjd", "fzwj", "gzk", "sjwj", "gwyxx"})
_NOT_POLICY_KINDS = frozenset(
    {
        DocumentKind.INTERPRETATION, DocumentKind.NEWS, DocumentKind.GUIDE, DocumentKind.ANNUAL_REPORT, DocumentKind.CATALOGUE,
        DocumentKind.CONSULTATION, DocumentKind.CONSULTATION_RESULT,
    }
)  # fmt: skip


def title_of(document: Document) -> str:
    return document.reading.title or document.list_title or ""


def is_policy_document(document: Document) -> bool:
    """Whether a document stands among the unit's policy documents, reposts of upper documents included."""
    if document.reading.kind in _NOT_POLICY_KINDS or not document.columns:
        return False
    within = [column for column in document.columns if load_columns().is_within(column, "zcwj")]
    if any(column in UPPER_COLUMNS for column in within):
        return True
    if any(column in ("zcjd", "fzwj") for column in within):
        return False
    return any(column not in _NOT_POLICY_COLUMNS for column in within)


def policy_documents(view: SiteView) -> Iterator[Document]:
    return (document for document in view.documents if is_policy_document(document))


# --- whose a document is ----------------------------------------------------------------------

_NATIONAL_NUMBER = re.compile(r"^(国发|国办发|国办函|国函|国令|国务院令|中发|中办发|厅字)")
_NATIONAL_TITLE = re.compile("中华人民共和国(?!成立)|国务院")
_MARK = re.compile(r"^[【\[(（〔]?(转载|转发|转)[】\])）〕:：]|^(转载|转发)|关于转发|[府室局委]转发")


def repost_of(document: Document, bodies: Bodies) -> bool:
    """Whether a document is another body's, only carried here: by its column, a mark in its title, or the upper body that it names."""
    if set(document.columns) & UPPER_COLUMNS or _MARK.search(bare(title_of(document))):
        return True
    reading = document.reading
    number = doc_number_key(reading.doc_number) if reading.doc_number else ""
    if _NATIONAL_NUMBER.match(number) or _NATIONAL_TITLE.match(bare(title_of(document))):
        return True
    lead = bodies.whose(title_lead(title_of(document)))
    issuer = bodies.whose(reading.issuer)
    if lead is Whose.UPPER:
        return True
    if Whose.OWN in (lead, issuer):
        return False
    if issuer is Whose.UPPER:
        return True
    return bodies.whose(reading.source) is Whose.UPPER


# --- what is left out of every document rule --------------------------------------------------

_CLOSED = re.compile("依申请|不予公开|不公开|脱密")
_CONVERTED = re.compile(
    "依申请公开转(为)?主动公开|(此件|本件|本文|该文|该件)[^。；]{0,15}转为主动公开|历史(文件|公文|信息)(清理|转化)公开|清理公开的?(历史|历年)"
)


def not_public(document: Document) -> bool:
    """Whether a document is marked as one that is not proactively disclosed."""
    return document.reading.openness is not None and bool(_CLOSED.search(document.reading.openness)) and not converted(document)


def converted(document: Document) -> bool:
    """Whether a page says that an older document was turned into a public one: its dates say nothing of diligence."""
    reading = document.reading
    notes = [reading.openness or "", *(field.value for field in reading.fields), reading.body[:300], reading.body[-300:]]
    return any(_CONVERTED.search(bare(note)) for note in notes)


def publication_is_weak(document: Document) -> bool:
    """Whether the publication date was read where a later change may have put it: a 更新时间, or a meta tag alone."""
    return any(mark in ("published-from-update-time", "published-from-meta") for mark in document.reading.marks)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the document rules share on one site: who is who, which documents are withdrawn, which days were mass uploads."""

    bodies: Bodies
    withdrawn: frozenset[str]  # url_key
    bulk_days: frozenset[date]


def desk(view: SiteView, rule: Rule, bodies: Bodies) -> Desk:
    return Desk(bodies, _withdrawn(view), _bulk_days(view, rule))


def _withdrawn(view: SiteView) -> frozenset[str]:
    """Documents whose every row is gone from lists that were since read to the end."""
    standing = {url_key(row.url) for row in current_listings(view) if row.url is not None}
    return frozenset(url_key(row.url) for row in view.listings if row.url is not None) - standing


def _bulk_days(view: SiteView, rule: Rule) -> frozenset[date]:
    """Days that many documents of very different age bear as their publication: the mark of a site's migration."""
    least, span = rule.params.get("bulk_documents"), rule.params.get("bulk_span_days")
    if least is None or span is None:
        return frozenset()
    made: dict[date, list[date]] = defaultdict(list)
    for document in view.documents:
        reading = document.reading
        start = reading.issued_on or reading.made_on
        if reading.published_at is not None and start is not None:
            made[civil(reading.published_at)].append(start)
    return frozenset(day for day, starts in made.items() if len(starts) >= least and (max(starts) - min(starts)).days >= span)


# --- scope of interpretation ------------------------------------------------------------------


class Scope(StrEnum):
    IN = "in"
    OUT = "out"
    LIKELY = "likely"  # a policy by its name: owes an interpretation in time if the unit gives one, but none is demanded
    UNCLEAR = "unclear"


_STRONG = re.compile(
    "(办法|规定|细则|条例|规则|若干措施|政策措施|扶持政策|优惠政策|实施意见|若干意见|指导意见)(试行|暂行|修订|修订版|修订稿|修正案|的补充规定)?$"
)
_POLICY = re.compile("(方案|行动计划|三年计划|规划|规划纲要|意见|措施|政策|标准)(试行|暂行|修订|修订版|修订稿)?$|规划（?20\\d\\d")
_REPEAL = re.compile(
    "废止|失效|继续有效|清理(结果|情况|工作)|修改.{0,12}目录|(文件|决策事项|事项)目录|征求.{0,20}意见|公开征集|征集.{0,12}意见|听证"
)
_OUT = (
    ("人事任免", re.compile("任免|任职|免职|任命|聘任|挂职|职务|离任|干部|公务员(招|录)|招聘|招考|遴选|录用")),
    ("会议", re.compile("会议(的|纪要|材料|安排|通知|精神)|召开|参会|会务|会期|动员会|推进会|调度会|座谈会")),
    ("表彰奖励", re.compile("表彰|表扬|通报表|嘉奖|记功|授予|先进(集体|个人|单位)|荣誉|获奖|奖励(的决定|决定|对象)")),
    ("批复复函", re.compile("批复|复函|回函|答复|请示|核准|同意.{2,40}(设立|规划|项目|方案)")),
    ("内部分工", re.compile("分工|责任分解|任务分解")),
    (
        "机构设置",
        re.compile(
            "(成立|设立|组建|调整|撤销|充实|更名).{0,40}(领导小组|委员会|指挥部|专班|工作组|小组|机构|成员|办公室)|领导小组|议事协调机构|机构改革|印章"
        ),
    ),
    ("名单公示", re.compile("名单|公示|名录|拟(任|录|推荐|命名|批准|征收|认定)|中标|成交|采购|招标|拍卖|挂牌")),
    (
        "应急与临时通知",
        re.compile(
            "(启动|终止|解除|调整).{0,20}响应|预警|紧急通知|临时|停水|停电|停气|交通管制|封闭施工|放假|值班|节假日|作息|防汛抗旱.{0,6}通知|疫情.{0,8}通告"
        ),
    ),
    ("情况通报", re.compile("通报|督查|考核结果|检查情况|工作报告|年度报告|工作总结|统计公报|预算|决算|审计")),
    ("起草说明", re.compile("起草说明|编制说明|修订说明")),
)
_NORMATIVE_NUMBER = re.compile("(?<!资)规(字)?(发)?〔")
_GOVERNMENT_NUMBER = re.compile("((?<![财民行市邮廉法党执])政|府|管委?|高管|开管)(办)?(字|发|规|秘|告|令)*〔|人民政府令")


def interpretation_scope(document: Document) -> tuple[Scope, str]:
    """Whether a document owes an interpretation, and the word that decides it (in Chinese, for the reader)."""
    title, core = bare(title_of(document)), title_core(title_of(document))
    number = doc_number_key(document.reading.doc_number) if document.reading.doc_number else ""
    if (
        document.reading.validity is not None
        and re.search("失效|废止", document.reading.validity)
        and "有效" not in document.reading.validity
    ):
        return Scope.OUT, "已失效或废止"
    if _REPEAL.search(core):
        return Scope.OUT, "清理、目录或征求意见"
    strong = bool(_STRONG.search(core))
    if not strong:
        for name, pattern in _OUT:
            if pattern.search(core) or (name in ("人事任免", "批复复函") and re.search("(任免|任职|免职|批复|复函)", title)):
                return Scope.OUT, name
    if "gfxwj" in document.columns or _NORMATIVE_NUMBER.search(number):
        return Scope.IN, "行政规范性文件"
    if _GOVERNMENT_NUMBER.search(number) and "函" not in number and (strong or _POLICY.search(core) or title.endswith("的意见")):
        return (Scope.LIKELY, "工作方案") if _WORKING.search(core) and not strong else (Scope.IN, "以政府或政府办公室名义印发的政策性文件")
    if strong and number:
        return Scope.IN, "以办法、规定、意见等为名印发的政策性文件"
    if strong or _POLICY.search(core) or title.endswith("的意见"):
        return Scope.LIKELY, "是否属于重要政策性文件不明"
    return Scope.UNCLEAR, "是否属于应解读范围不明"


_WORKING = re.compile("(工作计划|活动方案|工作要点|检查方案|演练方案|培训方案|宣传方案|普查方案|评选方案|考核方案)")


def names_policy(core: str) -> bool:
    """Whether a title core ends as rules do: 办法, 规定, 细则, 实施意见 …"""
    return bool(_STRONG.search(core))


def without_rights(document: Document) -> bool:
    """Whether a document by its title touches nobody's rights and duties: personnel, meetings, internal bodies and reports."""
    core = title_core(title_of(document))
    if _STRONG.search(core):
        return False
    return any(pattern.search(core) for name, pattern in _OUT if name in ("人事任免", "会议", "表彰奖励", "机构设置", "情况通报"))
