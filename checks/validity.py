"""Rules on the validity status (效力状态) of normative documents: that it is shown, and that it agrees with what the documents say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from checks.blemishes import Blemish, blemishes
from checks.bodies import bodies
from checks.expiry import expiry, has_term
from checks.genres import is_strong, kind_out
from checks.metadata import unread_fields
from checks.registry import Outcome, check
from checks.repeals import Repeal, day_of, extended, repeal_index
from checks.scope import repost_of, title_of
from checks.shared import per_view
from checks.tree import current_listings, site_tree
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import Document, DocumentKind, DocumentReading, Severity, Status
from data.text import bare, doc_number_key, title_core
from data.urls import url_key
from data.view import SiteView

_LABEL = re.compile("^(效力状态|效力状况|效力|有效性|有效状态|时效性|时效|是否有效|文件状态|文件效力|法律效力|当前状态)$")
_VALUE = re.compile("有效|失效|废止|修改|修订|生效|停止执行|作废|过期|继续|^是$|^否$")
_STATED = re.compile("现行有效|已?(失效|废止)")
_NORMATIVE = re.compile("(?<!资)规(字)?(发)?〔")
_NOT_TEXTS = frozenset(
    {DocumentKind.INTERPRETATION, DocumentKind.NEWS, DocumentKind.GUIDE, DocumentKind.ANNUAL_REPORT, DocumentKind.CONSULTATION, DocumentKind.CONSULTATION_RESULT}
)  # fmt: skip
_IN_FORCE = re.compile("有效")
_NOT_IN_FORCE = re.compile("失效|废止|无效|停止|作废|过期|部分|修改|尚未|未生效")


@check("validity-status-shown")
def validity_status_shown(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """娄底 三(十一): the library of rules and normative documents keeps the status of each up to date; the status is a field of its page or row."""
    assert rule.threshold is not None
    told = _told_by_lists(view)
    whose = bodies(view)
    library = [document for document in _library(view, rule) if needs_status(document) and not repost_of(document, whose)]
    shown = sum(_shows(document, document.reading, told) for document in library)
    # What the product tolerates of a large library lowers the severity, it does not make a document complete.
    few = bool(library) and 100 * shown >= rule.params["tolerated_percent"] * len(library)

    def look(document: Document, reading: DocumentReading) -> Blemish | None:
        if _shows(document, reading, told):
            return None
        if (unread := unread_fields(document)) is not None:
            return Blemish(unread, "文件页信息项未能读出", status=Status.INCONCLUSIVE)
        if has_term(reading.body):
            return Blemish("term-in-text", "正文写明了有效期，信息栏未见效力状态", status=Status.PASS)
        note = (
            "信息栏有效力状态一项而无内容"
            if any(_LABEL.match(bare(field.label)) for field in reading.fields)
            else "文件页和列表均未见效力状态"
        )
        return Blemish("missing", note, severity=Severity.MINOR if few else None)

    yield from blemishes(view, library, look)


@check("validity-status-current")
def validity_status_current(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """娄底 三(十一) 动态更新效力状态: no document is shown as valid whose term has run out or that a later document of the unit repealed."""
    assert rule.threshold is not None
    grace = timedelta(days=rule.threshold.value)
    today = civil(view.as_of)
    told = _told_by_lists(view)
    index = repeal_index(view)
    whose = bodies(view)

    def look(document: Document, reading: DocumentReading) -> Blemish | None:
        status = reading.validity or told.get(url_key(document.url))
        if status is None or not _IN_FORCE.search(status) or _NOT_IN_FORCE.search(status):
            return None
        if extended(view, document):
            return None
        repeal = index.of(document)
        if repeal is not None and repeal.on + grace < today:
            return _repealed(repeal, foreign=repost_of(repeal.by, whose))
        made = day_of(document)
        end = expiry(reading.body, reading.fields, made)
        if end is not None:
            return Blemish("expired", f"标注“{status}”，文内有效期至{zh_day(end)}", {"until": zh_day(end)}) if end + grace < today else None
        if re.search("试行|暂行", title_of(document)) and made is not None and (today - made).days > rule.params["trial_days"]:
            return Blemish("trial-without-term", f"标注“{status}”，试行或暂行而未写明期限", status=Status.INCONCLUSIVE)
        return None

    yield from blemishes(view, (document for document in _library(view, rule) if not repost_of(document, whose)), look)


def _repealed(repeal: Repeal, *, foreign: bool) -> Blemish:
    facts = {"by": title_of(repeal.by), "on": zh_day(repeal.on)}
    if foreign:
        return Blemish("repealed-elsewhere", f"其他机关的文件“{title_of(repeal.by)}”写明废止", facts, status=Status.INCONCLUSIVE)
    return Blemish("repealed", f"本单位文件“{title_of(repeal.by)}”写明废止或失效", facts)


def _library(view: SiteView, rule: Rule) -> Iterator[Document]:
    """The documents of the library columns, interpretations and news aside."""
    for document in view.documents:
        if (
            document.reading.kind not in _NOT_TEXTS
            and not {"zcjd", "fzwj"} & set(document.columns)
            and set(rule.columns) & set(document.columns)
        ):
            yield document


def needs_status(document: Document) -> bool:
    """Whether a library document is a rule or a normative document: by its column, its number, or a title such as 办法, 规定, 细则."""
    title = title_of(document)
    core = title_core(title)
    number = doc_number_key(document.reading.doc_number) if document.reading.doc_number else ""
    if _NORMATIVE.search(number) or is_strong(core):
        return True
    if {"gfxwj", "gzk"} & set(document.columns):
        return kind_out(title) is None and not re.search("(公告|公示|通告|目录|清单|清理结果)$|清理|失效|废止", bare(title))
    return False


def _shows(document: Document, reading: DocumentReading, told: Mapping[str, str]) -> bool:
    if reading.validity is not None and _VALUE.search(reading.validity):
        return True
    if any(_LABEL.match(bare(field.label)) and _VALUE.search(field.value) for field in reading.fields):
        return True
    return url_key(document.url) in told


@per_view
def _told_by_lists(view: SiteView) -> Mapping[str, str]:
    """The status that a list shows of a document: in a cell of its row, or as the name of the column itself (现行有效规范性文件)."""
    named: dict[str, str] = {}
    for column in site_tree(view).columns:
        found = _STATED.search(column.name)
        if found and not re.search("和|及|与|、", column.name):
            named[column.url] = found.group()
    told: dict[str, str] = {}
    for row in current_listings(view):
        if row.url is None:
            continue
        cell = next((cell.value for cell in row.cells if _LABEL.match(bare(cell.label)) and _VALUE.search(cell.value)), None)
        value = cell or named.get(row.column_url)
        if value is not None:
            told[url_key(row.url)] = value
    return told
