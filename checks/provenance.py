"""What our own sightings say of shown dates: what appeared after the day it bears. A person looks at it before a unit is asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from checks.bodies import bodies
from checks.clocks import zh_moment
from checks.observing import document_evidence, is_complete, latest_crawl
from checks.registry import Outcome, check
from checks.scope import converted, publication_is_weak, repost_of, title_of
from checks.shared import per_view
from checks.subjects import column_subject, document_subject, site_subject
from checks.tree import current_listings
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import (
    Column,
    ColumnKind,
    DateRole,
    Document,
    Evidence,
    Listing,
    Measure,
    Precision,
    Status,
    Subject,
    SubjectKind,
)
from data.text import title_key
from data.urls import url_key
from data.view import SiteView

# --- backdated-publication --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Appearance:
    """An item that was provably absent from its list, and then there."""

    row: Listing
    document: Document | None
    column: Column
    absent_at: datetime
    seen_at: datetime
    shown: date  # the latest day that any place shows as that of its publication

    @property
    def subject(self) -> Subject:
        return document_subject(self.document) if self.document else Subject(SubjectKind.DOCUMENT, self.row.url, self.row.title)

    @property
    def days_absent(self) -> int:
        return (civil(self.absent_at) - self.shown).days


@check("backdated-publication")
def backdated_publication(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """国办秘函〔2019〕19号 单项否决 伪造发稿日期等: a day of publication at which a whole reading of the list lacked the item."""
    assert rule.threshold is not None
    found = list(_appearances(view))
    if not found:
        crawl = latest_crawl(view)
        seen = crawl is not None and crawl.state == "complete"
        reason = "nothing-new" if seen else (crawl.reason if crawl else None) or "not-observed"
        yield Outcome(Status.NOT_APPLICABLE if seen else Status.INCONCLUSIVE, reason, site_subject(view))
        return
    early = [item for item in found if item.days_absent >= rule.threshold.value and not _explained(view, item)]
    bursts = Counter((url_key(item.column.url), civil(item.seen_at)) for item in early)
    told, accused = set(), 0
    for item in early:
        burst = (url_key(item.column.url), civil(item.seen_at))
        filled = bursts[burst] > 1 and _was_empty(item.column, item.row)
        if filled or bursts[burst] >= rule.params["burst_items"]:
            if burst not in told:
                told.add(burst)
                yield Outcome(
                    Status.INCONCLUSIVE, "burst", column_subject(item.column), {"count": bursts[burst], "seen": zh_day(item.seen_at)}
                )
            continue
        outcome = _early(view, item)
        accused += outcome.status is Status.FAIL
        yield outcome
    if not accused:
        yield Outcome(Status.PASS, "none", site_subject(view), {"examined": len(found)}, measured=Measure(0, "document"))


def _early(view: SiteView, item: _Appearance) -> Outcome:
    facts = {
        "shown": zh_day(item.shown),
        "absent": zh_moment(item.absent_at, Precision.MINUTE),
        "seen": zh_moment(item.seen_at, Precision.MINUTE),
        "column": item.column.name,
    }
    sha256 = next((walk.sha256 for walk in item.column.walks if walk.at == item.row.absent_at), None)
    evidence = [Evidence(item.column.url, item.absent_at, sha256, f"{facts['absent']}读完整个栏目，未见该条目")]
    if item.document is not None:
        evidence.append(document_evidence(item.document, f"页面显示发布日期{facts['shown']}，首次见到于{facts['seen']}"))
    else:
        evidence.append(
            Evidence(item.row.url or item.column.url, item.seen_at, None, f"列表显示日期{facts['shown']}，首次见到于{facts['seen']}")
        )
    measured = Measure((civil(item.seen_at) - item.shown).days, "day")
    repost = item.document is not None and repost_of(item.document, bodies(view))
    status, reason = (Status.INCONCLUSIVE, "repost") if repost else (Status.FAIL, "earlier")
    return Outcome(status, reason, item.subject, facts, tuple(evidence), measured)


def _appearances(view: SiteView) -> Iterator[_Appearance]:
    """Every item that came into a list after a whole reading had lacked it, wherever it stands."""
    columns = {url_key(column.url): column for column in view.columns}
    documents = {url_key(document.url): document for document in view.documents}
    rows: dict[str, list[Listing]] = defaultdict(list)
    for row in current_listings(view):
        if row.url is not None and not row.external:
            rows[url_key(row.url)].append(row)
    first_rows: dict[str, list[datetime]] = defaultdict(list)
    for row in view.listings:
        if row.url is not None and url_key(row.url) in rows:
            first_rows[url_key(row.url)].append(row.first_seen)
    for key, listed in rows.items():
        if any(row.absent_at is None for row in listed):
            continue
        whole = [row for row in listed if (home := columns.get(url_key(row.column_url))) is not None and _is_whole_list(view, home, row)]
        if not whole:
            continue
        row = min(whole, key=lambda row: row.first_seen)
        column, document = columns[url_key(row.column_url)], documents.get(key)
        assert row.absent_at is not None  # none of the rows lacks it
        absent_at = _whole_reading(column, row.absent_at)
        shown = _latest_shown(listed, document)
        # Under another title or date the row may have stood there before.
        before = min((seen for seen in (*first_rows.get(key, ()), *((document.first_seen,) if document else ()))), default=row.first_seen)
        if shown is None or absent_at >= row.first_seen or before <= absent_at:
            continue
        yield _Appearance(row, document, column, absent_at, row.first_seen, shown)


def _is_whole_list(view: SiteView, column: Column, row: Listing) -> bool:
    """Whether a list holds all that belongs into it. The page above some columns, and a home page, show the newest few of each."""
    above = column.kind in (ColumnKind.SECTION, ColumnKind.LINK_OUT) or url_key(column.url) == url_key(view.site.home)
    return not above and not _is_window(column, row)


def _is_window(column: Column, row: Listing) -> bool:
    """Whether a list did not grow by its new row: one of the newest few, into which an old item comes when another leaves."""
    then = next((walk for walk in column.walks if walk.at == row.absent_at), None)
    now = next((walk for walk in column.walks if walk.at == row.first_seen), None)
    return then is not None and now is not None and now.entries <= then.entries


def _was_empty(column: Column, row: Listing) -> bool:
    """Whether the reading that lacked the row lacked every row: a list that shows nothing for a day shows nothing of what it holds."""
    return any(walk.at == row.absent_at and walk.entries == 0 for walk in column.walks)


def _whole_reading(column: Column, at: datetime) -> datetime:
    """When the pages of a reading were really read: before it, where only the list's ends were looked at again."""
    walk = next((walk for walk in column.walks if walk.at == at and is_complete(walk)), None)
    return min(walk.whole_at, at) if walk is not None and walk.whole_at is not None else at


def _latest_shown(listed: Sequence[Listing], document: Document | None) -> date | None:
    days = [civil(row.date.value) for row in listed if row.date is not None]
    if document is not None:
        days += [civil(shown.value) for shown in document.reading.dates if shown.role is DateRole.PUBLISHED]
        days += [civil(document.reading.published_at)] if document.reading.published_at is not None else []
    return max(days, default=None)


def _explained(view: SiteView, item: _Appearance) -> bool:
    """Whether an old day on a new item is no wonder: it stood elsewhere before, was turned public later, or its day is weak."""
    document = item.document
    if document is not None and (
        converted(document) or publication_is_weak(document) or any(mark.startswith("date-repaired") for mark in document.reading.marks)
    ):
        return True
    return any(seen <= item.absent_at for seen in _sightings(view).get(title_key(item.row.title), ()))


@per_view
def _sightings(view: SiteView) -> Mapping[str, Sequence[datetime]]:
    """When each title was first seen, by any address."""
    found: dict[str, list[datetime]] = defaultdict(list)
    for row in view.listings:
        found[title_key(row.title)].append(row.first_seen)
    for document in view.documents:
        found[title_key(title_of(document))].append(document.first_seen)
    return found
