"""What was published before, now under a new day (旧文新发): the same text again, or the same page re-dated. A person looks at it first."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from checks.bodies import bodies
from checks.observing import document_evidence, latest_crawl
from checks.registry import Outcome, check
from checks.scope import desk, publication_is_weak, repost_of, title_of, withdrawn
from checks.subjects import document_subject, site_subject
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import Document, DocumentKind, DocumentReading, Evidence, Measure, Status
from data.text import title_key
from data.urls import url_key
from data.view import SiteView

_YEAR = re.compile(r"(?:19|20)\d{2}")
_MENDED = re.compile("更正|勘误|修订|修改|修正|补正|更新")
_STANDING = frozenset({DocumentKind.GUIDE, DocumentKind.CATALOGUE})


@check("same-text-new-date")
def same_text_new_date(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """娄底市2021年工作要点 五(十六): no standing still dressed as an update, a text published before under a new day (旧文新发)."""
    examined, told = 0, False
    since = civil(view.as_of) - timedelta(days=int(rule.params["lookback_days"]))
    groups: dict[int, list[Document]] = defaultdict(list)
    for document in view.documents:
        if document.reading.published_at is None or publication_is_weak(document):
            continue
        text = _text(document.reading)
        if len(text) < rule.params["min_chars"]:
            continue
        examined += 1
        groups[hash(_YEAR.sub("Y", text))].append(document)
        again = _redated(document, rule, since)
        if again is not None:
            told = True
            yield again
    for documents in groups.values():
        for outcome in _repeated(view, rule, documents, since) if len(documents) > 1 else ():
            told = told or outcome.status is Status.FAIL
            yield outcome
    if not told:
        crawl = latest_crawl(view)
        if examined:
            yield Outcome(Status.PASS, "none", site_subject(view), {"examined": examined}, measured=Measure(0, "document"))
        else:
            seen = crawl is not None and crawl.state == "complete"
            reason = "no-documents" if seen else (crawl.reason if crawl else None) or "not-observed"
            yield Outcome(Status.NOT_APPLICABLE if seen else Status.INCONCLUSIVE, reason, site_subject(view))


def _text(reading: DocumentReading) -> str:
    return "".join(reading.body.split())


def _day(document: Document) -> date:
    assert document.reading.published_at is not None
    return civil(document.reading.published_at)


def _redated(document: Document, rule: Rule, since: date) -> Outcome | None:
    """The page itself bore an earlier day over the same text, and no word says that anything was put right."""
    assert rule.threshold is not None
    reading = document.reading
    if reading.kind in _STANDING or _day(document) < since or _MENDED.search(reading.body[-200:] + (reading.title or "")):
        return None
    for version in document.earlier:
        old = version.reading
        if old.published_at is None or any("published" in mark for mark in (*old.marks, *reading.marks)):
            continue
        days = (_day(document) - civil(old.published_at)).days
        if days >= rule.threshold.value and _text(old) == _text(reading) and old.attachments == reading.attachments:
            facts = {"old": zh_day(old.published_at), "new": zh_day(_day(document))}
            evidence = (
                Evidence(document.url, version.observed_to, version.sha256, f"此前页面显示发布日期{facts['old']}"),
                document_evidence(document, f"现页面显示发布日期{facts['new']}，正文未变"),
            )
            return Outcome(Status.FAIL, "redated", document_subject(document), facts, evidence, Measure(days, "day"))
    return None


def _repeated(view: SiteView, rule: Rule, documents: Sequence[Document], since: date) -> Iterator[Outcome]:
    """Documents of one text, years aside: each that bears a much later day than one of its like in the same column."""
    assert rule.threshold is not None
    gone, who = withdrawn(view), bodies(view)
    bulk = desk(view, rule, who).bulk_days
    ordered = sorted(documents, key=_day)
    for position, newer in enumerate(ordered):
        if _day(newer) < since or url_key(newer.url) in gone or not _may_be_old_news(newer, rule) or repost_of(newer, who):
            continue
        older = next((other for other in ordered[:position] if _is_old_of(newer, other, rule)), None)
        if older is None:
            continue
        days, same = (_day(newer) - _day(older)).days, _text(newer.reading) == _text(older.reading)
        facts: dict[str, object] = {"old": zh_day(_day(older)), "new": zh_day(_day(newer)), "older": title_of(older)}
        evidence = (
            document_evidence(older, f"{facts['old']}发布"),
            document_evidence(newer, f"{facts['new']}发布，正文{'相同' if same else '仅年份不同'}"),
        )
        status, reason = Status.FAIL, "same-text" if same else "same-but-year"
        if url_key(older.url) in gone or _day(newer) in bulk:
            status, reason = Status.INCONCLUSIVE, "moved"
        yield Outcome(status, reason, document_subject(newer), facts, evidence, Measure(days, "day"))


def _may_be_old_news(document: Document, rule: Rule) -> bool:
    """Whether a text of this kind is an update of its column: rules and numbered documents are listed again for good reason."""
    return document.reading.kind in rule.params["kinds"] and document.reading.doc_number is None


def _is_old_of(newer: Document, older: Document, rule: Rule) -> bool:
    assert rule.threshold is not None
    if url_key(newer.url) == url_key(older.url) or (_day(newer) - _day(older)).days < rule.threshold.value:
        return False
    if not set(map(url_key, newer.column_urls)) & set(map(url_key, older.column_urls)):
        return False
    if _text(newer.reading) == _text(older.reading):
        return _YEAR.sub("", title_key(title_of(newer))) == _YEAR.sub("", title_key(title_of(older)))
    # Where the years differ a yearly notice may well read as last year's; a report of what happened may not.
    same_title = _YEAR.sub("", title_key(title_of(newer))) == _YEAR.sub("", title_key(title_of(older)))
    alike = _YEAR.sub("Y", _text(newer.reading)) == _YEAR.sub("Y", _text(older.reading))
    return newer.reading.kind is DocumentKind.NEWS and same_title and alike
