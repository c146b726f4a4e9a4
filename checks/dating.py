"""Whether published items show when they were published (国办发〔2015〕15号 普查评分注)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from checks.observing import document_evidence, latest_crawl
from checks.registry import Outcome, check
from checks.scope import withdrawn
from checks.shared import per_view
from checks.subjects import document_subject, site_subject
from checks.tree import current_listings
from data.catalogue import Rule, load_columns
from data.records import DateRole, Document, DocumentKind, DocumentReading, Measure, Severity, ShownDate, Status
from data.urls import url_key
from data.view import SiteView

_DATE = re.compile(r"(19|20)\d{2}\s*[-—–./年]\s*\d{1,2}\s*[-—–./月]\s*\d{1,2}|二[〇○零Oo][一二三四五六七八九〇○零]{2}年.{1,3}月.{1,4}日")
_DATE_META = re.compile("date|time|发布|日期", re.I)
_HEAD_CHARS = 300  # of a text, where a date of publication may stand that no label marks
_SCRIPT = ("script", "header-script", "fields-script", "input", "truncated")


@check("undated-items")
def undated_items(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """国办发〔2015〕15号 普查评分注: what bears no time of publication counts as not updated."""
    gone, rows = withdrawn(view), _dated_rows(view)
    own_pages = {url_key(column.url) for column in view.columns}  # a column that is one page is no item of a list
    examined, unread = 0, 0
    undated: list[Document] = []
    for document in view.documents:
        if url_key(document.url) in gone | own_pages or not _should_be_dated(document, rule):
            continue
        examined += 1
        if _is_dated(document, document.reading, rows):
            if any(not _is_dated(document, version.reading, rows) for version in document.earlier):
                yield Outcome(Status.PASS, "mended", document_subject(document), evidence=(document_evidence(document, "复查时已见日期"),))
        elif _may_hide_a_date(document.reading):
            unread += 1
        else:
            undated.append(document)
    for document in undated[: int(rule.params["listed_documents"])]:
        evidence = (document_evidence(document, "页面、列表及页面标签均未见日期"),)
        yield Outcome(
            Status.FAIL, "undated", document_subject(document), {}, evidence, measured=Measure(0, "date"), threshold=Measure(1, "date")
        )
    yield _site(view, rule, undated, examined, unread)


def _site(view: SiteView, rule: Rule, undated: Sequence[Document], examined: int, unread: int) -> Outcome:
    """The share of the site: what its verdict is by."""
    assert rule.threshold is not None
    subject, crawl = site_subject(view), latest_crawl(view)
    facts: dict[str, object] = {"count": len(undated), "examined": examined, "unread": unread}
    if not examined:
        seen = crawl is not None and crawl.state == "complete"
        reason = "no-documents" if seen else (crawl.reason if crawl else None) or "not-observed"
        return Outcome(Status.NOT_APPLICABLE if seen else Status.INCONCLUSIVE, reason, subject, facts)
    measured = Measure(round(100 * len(undated) / examined, 2), "percent")
    facts["names"] = "、".join(f"“{document_subject(document).title}”" for document in undated[:5]) + ("等" if len(undated) > 5 else "")
    if 100 * len(undated) > rule.threshold.value * examined:
        evidence = tuple(document_evidence(document, "未见日期") for document in undated[:5])
        return Outcome(Status.FAIL, "share", subject, facts, evidence, measured, severity=Severity.MINOR)
    if 100 * unread > rule.threshold.value * examined:
        return Outcome(Status.INCONCLUSIVE, "date-hidden", subject, facts, measured=measured)
    return Outcome(Status.PASS, "few" if undated else "none", subject, facts, measured=measured)


def _should_be_dated(document: Document, rule: Rule) -> bool:
    """Whether a page is an item of a list of items: not a guide, a profile or another standing page."""
    kind = document.reading.kind
    if kind in (DocumentKind.GUIDE, DocumentKind.CATALOGUE) or not document.column_urls + document.columns:
        return False
    known = load_columns().get(document.columns[0]) if document.columns else None
    if known is None:
        return kind is not DocumentKind.OTHER
    return known.update_class not in rule.params["standing_classes"]


@per_view
def _dated_rows(view: SiteView) -> Mapping[str, ShownDate]:
    return {url_key(row.url): row.date for row in current_listings(view) if row.url is not None and row.date is not None}


def _is_dated(document: Document, reading: DocumentReading, rows: Mapping[str, ShownDate]) -> bool:
    """Whether any date of the item shows: on its page, in its meta tags, in the row that leads to it."""
    if reading.published_at is not None or reading.made_on is not None or reading.issued_on is not None:
        return True
    if document.list_date is not None or url_key(document.url) in rows:
        return True
    if any(shown.role is not DateRole.URL for shown in reading.dates):
        return True
    if any(_DATE_META.search(name) and _DATE.search(value) for name, value in reading.metas.items()):
        return True
    shown = (*(field.value for field in reading.fields), reading.body[:_HEAD_CHARS], reading.body[-_HEAD_CHARS:])
    return any(_DATE.search(text) for text in shown)


def _may_hide_a_date(reading: DocumentReading) -> bool:
    """Whether a date may stand where we cannot read it: written by a script, lost on the way, or inside a picture."""
    if any(mark.startswith(_SCRIPT) or "date" in mark for mark in reading.marks):
        return True
    return not reading.body.strip()
