"""What earlier crawls know of a site, as the next one asks for it: copies and bodies, lists and columns, what a verdict rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select

from data.database import Database
from data.models import (
    BodyRow,
    ColumnRow,
    ColumnVisitRow,
    CopyRow,
    CrawlRow,
    FindingRow,
    ListingRow,
    PageRow,
    PageVersionRow,
    VerdictRow,
    WalkRow,
)
from data.page_store import page_asides, reading_of
from data.records import (
    START_UNCHANGED,
    Column,
    ColumnKind,
    Confidence,
    DocumentReading,
    FindingState,
    ListEntry,
    PageKind,
    ShownDate,
    Status,
    WalkState,
)
from data.urls import url_hash
from data.wire import from_wire

_LOOKED_AFTER = (Status.FAIL.value, Status.DUE_SOON.value)
# What ends a crawl before it has seen the site's columns: it was stopped, its day's budget was spent, the host turned it away or fell silent.
_CUT_SHORT = ("interrupted", "daily-budget", "throttled", "timeout", "dns", "refused", "connection-lost")
_SETTLED = (
    CrawlRow.state.in_(("complete", "incomplete")),
    or_(
        CrawlRow.reason.is_(None),
        and_(CrawlRow.reason.not_in(_CUT_SHORT), CrawlRow.reason.not_like("blocked-%"), CrawlRow.reason.not_like("tls%")),
    ),
    CrawlRow.partial.is_(False),  # a recheck looked at the columns that it was sent for alone
)
_CLOSED = (FindingState.RESOLVED.value, FindingState.WAIVED.value)


@dataclass(frozen=True, slots=True)
class Copy:
    """The newest bytes of an address: their hash, and by what its server knows them again."""

    sha256: str
    etag: str | None
    last_modified: str | None
    reader: str | None
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Body:
    """Where the archive holds a body, and for which address and moment it was first archived."""

    file: str  # below the archive folder
    record: int
    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A stored page that is no list: when it was last asked for, and its newest publication date."""

    fetched_at: datetime
    kind: PageKind
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class KnownWalk:
    """The last reading of a list, where it came to the end and its ends can vouch for the rest."""

    column_id: int
    at: datetime
    whole_at: datetime
    pages: int
    entries: int
    declared: int | None
    newest_first: bool
    first_rows: bytes
    last_rows: bytes | None
    last_url: str | None
    tail_at: datetime  # when its last page was read last


@dataclass(frozen=True, slots=True)
class KnownColumn:
    """A column as last visited, and when a page last led to it."""

    column: Column
    linked_at: datetime


class Known:
    """What is known of one site."""

    def __init__(self, database: Database, site: str) -> None:
        self._database = database
        self._site = site

    def copy(self, url: str) -> Copy | None:
        with self._database.session() as session:
            row = session.execute(
                select(CopyRow.sha256, CopyRow.etag, CopyRow.last_modified, CopyRow.reader, CopyRow.sent_at).where(
                    CopyRow.site == self._site, CopyRow.url_hash == url_hash(url)
                )
            ).one_or_none()
        return None if row is None else Copy(*row)

    def has_copies(self) -> bool:
        with self._database.session() as session:
            return session.execute(select(CopyRow.id).where(CopyRow.site == self._site).limit(1)).first() is not None

    def body(self, sha256: str) -> Body | None:
        with self._database.session() as session:
            row = session.execute(
                select(BodyRow.file, BodyRow.record, BodyRow.url, BodyRow.at).where(BodyRow.site == self._site, BodyRow.sha256 == sha256)
            ).one_or_none()
        return None if row is None else Body(*row)

    def has_bodies(self) -> bool:
        with self._database.session() as session:
            return session.execute(select(BodyRow.id).where(BodyRow.site == self._site).limit(1)).first() is not None

    def pages(self) -> Mapping[bytes, KnownPage]:
        """The stored pages by url_hash, lists and the home page aside."""
        newest = select(PageVersionRow.page_id, func.max(PageVersionRow.id).label("id")).group_by(PageVersionRow.page_id).subquery()
        found: dict[bytes, KnownPage] = {}
        moments: dict[datetime, datetime] = {}  # one object for each, here and below: a large site has most of them many times
        days: dict[str | None, datetime | None] = {None: None, "": None, "null": None}
        with self._database.reading() as session:
            rows = session.execute(
                select(PageRow.url_hash, PageRow.fetched_at, PageRow.kind, PageVersionRow.reading["published_at"].as_string())
                .join(newest, newest.c.page_id == PageRow.id)
                .join(PageVersionRow, PageVersionRow.id == newest.c.id)
                .where(PageRow.site == self._site, PageRow.kind.in_((PageKind.DOCUMENT, PageKind.OTHER)))
                .execution_options(yield_per=1000)
            )
            for key, fetched, kind, told in rows:
                if told not in days:
                    days[told] = datetime.fromisoformat(told)
                found[key] = KnownPage(moments.setdefault(fetched, fetched), PageKind(kind), days[told])
        return found

    def document(self, url: str) -> DocumentReading | None:
        """What a document page showed when it was last read; None where the address was none."""
        with self._database.session() as session:
            version = session.execute(
                select(PageVersionRow)
                .join(PageRow, PageRow.id == PageVersionRow.page_id)
                .where(PageRow.site == self._site, PageRow.url_hash == url_hash(url))
                .order_by(PageVersionRow.observed_from.desc(), PageVersionRow.id.desc())
                .limit(1)
            ).scalar_one_or_none()
            if version is None or version.kind != PageKind.DOCUMENT or version.reading is None:
                return None
            return reading_of(version, page_asides(session, self._site, url=url))

    def read_in(self, crawl_id: int) -> Iterator[tuple[str, DocumentReading]]:
        """The documents of which a crawl stored a version."""
        with self._database.reading() as session:
            rows = session.execute(
                select(PageRow.url, PageVersionRow.reading)
                .join(PageVersionRow, PageVersionRow.page_id == PageRow.id)
                .where(PageVersionRow.crawl_id == crawl_id, PageVersionRow.kind == PageKind.DOCUMENT)
                .execution_options(yield_per=500)
            )
            for url, reading in rows:
                if reading is not None:
                    yield url, from_wire(DocumentReading, reading)

    def watched(self, *, everywhere: bool) -> frozenset[bytes]:
        """Addresses (url_hash) on which a fail, a warning or an open finding rests; of every site where `everywhere`."""
        verdicts = select(VerdictRow.verdict).where(VerdictRow.status.in_(_LOOKED_AFTER))
        findings = select(FindingRow.latest).where(FindingRow.state.not_in(_CLOSED))
        if not everywhere:
            verdicts, findings = verdicts.where(VerdictRow.site == self._site), findings.where(FindingRow.site == self._site)
        with self._database.session() as session:
            told = [*session.execute(verdicts).scalars(), *session.execute(findings).scalars()]
        return frozenset(url_hash(url) for verdict in told for url in _addresses(verdict))

    def suspects(self, sites: Collection[str] | None) -> bool:
        """Whether anything is suspected of one of these sites, or of any: the next reading may confirm it."""
        found = select(VerdictRow.id).where(
            VerdictRow.status == Status.FAIL.value, VerdictRow.verdict["confidence"].as_string() == Confidence.SUSPECTED.value
        )
        if sites is not None:
            found = found.where(VerdictRow.site.in_(sites))
        with self._database.session() as session:
            return session.execute(found.limit(1)).first() is not None

    def walks(self) -> Mapping[bytes, KnownWalk]:
        """By url_hash of the column: its last walk, where that one was complete and its ends are known."""
        last = select(WalkRow.column_id, func.max(WalkRow.id).label("id")).group_by(WalkRow.column_id).subquery()
        tails = (
            select(WalkRow.column_id, func.max(WalkRow.at).label("tail_at"))
            .where(WalkRow.state == WalkState.COMPLETE, WalkRow.reason != START_UNCHANGED)
            .group_by(WalkRow.column_id)
            .subquery()
        )
        with self._database.session() as session:
            rows = session.execute(
                select(ColumnRow.url_hash, WalkRow, tails.c.tail_at)
                .join(ColumnRow, ColumnRow.id == WalkRow.column_id)
                .join(last, last.c.id == WalkRow.id)
                .join(tails, tails.c.column_id == WalkRow.column_id)
                .where(ColumnRow.site == self._site)
            ).all()
        return {
            key: KnownWalk(
                walk.column_id, walk.at, walk.whole_at, walk.pages, walk.entries, walk.declared, walk.newest_first,
                walk.first_rows, walk.last_rows, walk.last_url, tail_at,
            )
            for key, walk, tail_at in rows if walk.state == WalkState.COMPLETE and walk.whole_at is not None and walk.first_rows is not None
        }  # fmt: skip

    def rows_of(self, walk: KnownWalk) -> tuple[ListEntry, ...]:
        """The rows that a walk read."""
        with self._database.session() as session:
            rows = session.execute(
                select(ListingRow.title, ListingRow.url, ListingRow.shown_date)
                .where(ListingRow.column_id == walk.column_id, ListingRow.last_seen == walk.at)
                .order_by(ListingRow.id)
            ).all()
        return tuple(ListEntry(title, url, from_wire(ShownDate, shown) if shown else None) for title, url, shown in rows)

    def rows_since(self, since: datetime) -> Iterator[tuple[str, str, str]]:
        """Every row that a list has shown since a moment and that leads to the site's own pages: its address, its title, the list's address."""
        with self._database.reading() as session:
            rows = session.execute(
                select(ListingRow.url, ListingRow.title, ColumnRow.url.label("column_url"))
                .join(ColumnRow, ColumnRow.id == ListingRow.column_id)
                .where(ColumnRow.site == self._site, ListingRow.external.is_(False), ListingRow.last_seen >= since)
                .order_by(ListingRow.last_seen.desc(), ListingRow.id)
                .execution_options(yield_per=1000)
            )
            yield from ((url, title, column_url) for url, title, column_url in rows if url is not None)

    def row_hashes(self, column_url: str) -> frozenset[bytes]:
        """Every row that a column's list has ever held, by its hash."""
        with self._database.session() as session:
            return frozenset(
                session.execute(
                    select(ListingRow.row_hash)
                    .join(ColumnRow, ColumnRow.id == ListingRow.column_id)
                    .where(ColumnRow.site == self._site, ColumnRow.url_hash == url_hash(column_url))
                ).scalars()
            )

    def settled_at(self) -> datetime | None:
        """When the last crawl ended that saw the site and settled its columns."""
        with self._database.session() as session:
            return session.execute(select(func.max(CrawlRow.finished_at)).where(CrawlRow.site == self._site, *_SETTLED)).scalar_one()

    def columns(self, now: datetime, linked_within: timedelta) -> tuple[KnownColumn, ...]:
        """The columns of the last crawl that was not blocked, those aside to which nothing has led for a while."""
        last = (
            select(func.max(ColumnVisitRow.crawl_id))
            .join(ColumnRow, ColumnRow.id == ColumnVisitRow.column_id)
            .join(CrawlRow, CrawlRow.id == ColumnVisitRow.crawl_id)
            .where(ColumnRow.site == self._site, *_SETTLED)
            .scalar_subquery()
        )  # fmt: skip
        with self._database.session() as session:
            rows = session.execute(
                select(ColumnRow.url, ColumnVisitRow)
                .join(ColumnRow, ColumnRow.id == ColumnVisitRow.column_id)
                .where(ColumnRow.site == self._site, ColumnVisitRow.crawl_id == last)
                .order_by(ColumnVisitRow.depth, ColumnRow.id)
            ).all()
        found = (KnownColumn(_column(self._site, url, visit), visit.linked_at or visit.at) for url, visit in rows)
        return tuple(known for known in found if now - known.linked_at <= linked_within)


def _addresses(verdict: Mapping[str, Any]) -> Iterator[str]:
    pieces: Iterable[Mapping[str, Any]] = (verdict.get("subject") or {}, *(verdict.get("evidence") or ()))
    for piece in pieces:
        if piece.get("url"):
            yield piece["url"]


def _column(site: str, url: str, visit: ColumnVisitRow) -> Column:
    return Column(
        url=url, site=site, name=visit.name, canonical=visit.canonical, match=visit.match, kind=ColumnKind(visit.kind),
        parent_url=visit.parent_url, depth=visit.depth, path=tuple(visit.path), hosted_by=visit.hosted_by, reachable=visit.reachable,
        fault=visit.fault, text_chars=visit.text_chars, first_seen=visit.at, last_seen=visit.at,
    )  # fmt: skip
