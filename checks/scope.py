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
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from checks.bodies import Bodies, Whose, title_lead
from checks.genres import is_policy, is_strong, kind_out
from checks.shared import per_view
from checks.tree import current_listings
from data.catalogue import Rule, load_columns
from data.days import civil
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


@per_view
def policy_documents(view: SiteView) -> tuple[Document, ...]:
    return tuple(document for document in view.documents if is_policy_document(document))


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
    "依申请公开转(为)?主动公开|(此件|本件|本文件?|该文件?|该件|原文件?)[^。；]{0,40}(转为|调整为|转换为|变更为)主动公开|历史(文件|公文|信息)(清理|转化)公开|清理公开的?(历史|历年)"
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
    return Desk(bodies, withdrawn(view), _bulk_days(view, rule))


@per_view
def withdrawn(view: SiteView) -> frozenset[str]:
    """Documents whose every row is gone from lists that were since read to the end."""
    standing = {url_key(row.url) for row in current_listings(view) if row.url is not None}
    return frozenset(url_key(row.url) for row in view.listings if row.url is not None) - standing


def _bulk_days(view: SiteView, rule: Rule) -> frozenset[date]:
    """Days that many documents of very different age bear as their publication: the mark of a site's migration.

    A small unit's archive is small: fewer documents tell it as well, where they are old ones of several years.
    """
    least, span = rule.params.get("bulk_documents"), rule.params.get("bulk_span_days")
    if least is None or span is None:
        return frozenset()
    few, years = rule.params.get("archive_documents"), rule.params.get("archive_years")
    made: dict[date, list[date]] = defaultdict(list)
    for document in view.documents:
        reading = document.reading
        start = reading.issued_on or reading.made_on
        if reading.published_at is not None and start is not None:
            made[civil(reading.published_at)].append(start)
    found = set()
    for day, starts in made.items():
        old = [start for start in starts if start.year < day.year]
        archive = few is not None and years is not None and len(old) >= few and len({start.year for start in old}) >= years
        if archive or (len(starts) >= least and (max(starts) - min(starts)).days >= span):
            found.add(day)
    return frozenset(found)


# --- scope of interpretation ------------------------------------------------------------------


class Scope(StrEnum):
    IN = "in"
    OUT = "out"
    LIKELY = "likely"  # a policy by its name: owes an interpretation in time if the unit gives one, but none is demanded
    UNCLEAR = "unclear"


_REPEAL = re.compile(
    "^(废止|停止执行|失效)|^(宣布|公布|决定)?.{0,24}(宣布|公布|决定).{0,24}(失效|废止|继续有效)|^(部分|一批|若干).{0,20}(失效|废止)"
    "|(继续有效|失效|废止).{0,24}(文件|目录|清单|名录|决定)$|清理(结果|情况)$|(文件|政策|法规|规章).{0,6}清理(工作)?$"
    "|(延长|延续).{0,60}(有效期限?|执行期限?|实施期限?|试行期限?)$|有效期限?的?(延长|延期|顺延)"
    "|修改.{0,12}目录$|(文件|决策|决策事项|事项)目录(清单)?$|征求意见稿|征求.{0,20}意见(建议)?$|公开征集.{0,30}$|征集.{0,12}意见(建议)?$"
    "|听证(会)?(公告|通告|报告|结果)?$"
)
# What a unit settles for itself and its staff: a plan on it is a policy by its name, but none that clearly has to be explained.
_INTERNAL = re.compile(
    "干部|公务员|人事|编制|机构改革|内设机构|领导小组|议事协调|会议|表彰|评选|督查|督导|考核|值班|审计|招聘|演练|预算|决算"
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
    strong = is_strong(core)
    if not strong and (kind := kind_out(title)) is not None:
        return Scope.OUT, kind
    if "gfxwj" in document.columns or _NORMATIVE_NUMBER.search(number):
        return Scope.IN, "行政规范性文件"
    if _GOVERNMENT_NUMBER.search(number) and "函" not in number and is_policy(core, title):
        if not strong and (_WORKING.search(core) or _INTERNAL.search(core)):
            return Scope.LIKELY, "工作方案或内部管理事项"
        return Scope.IN, "以政府或政府办公室名义印发的政策性文件"
    if strong and number:
        return Scope.IN, "以办法、规定、意见等为名印发的政策性文件"
    if is_policy(core, title):
        return Scope.LIKELY, "是否属于重要政策性文件不明"
    return Scope.UNCLEAR, "是否属于应解读范围不明"


_WORKING = re.compile("(工作计划|活动方案|工作要点|检查方案|演练方案|培训方案|宣传方案|普查方案|评选方案|考核方案|安置方案|出让方案)")


def without_rights(document: Document) -> bool:
    """Whether a document by the form of its title touches nobody's rights and duties: personnel, meetings, internal bodies and reports."""
    title = title_of(document)
    return not is_strong(title_core(title)) and kind_out(title) in ("人事任免", "会议", "表彰奖励", "机构设置", "情况通报")
