"""What a crawl found, written down: crawls, fetches, columns, walks, rows, probes; pages, homes and links by the modules beside.

Every method is one transaction; what it returns is committed. Reading it back as a SiteView is data/reading.py.
"""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from data.database import Database
from data.errors import GongkaiError
from data.file_store import FileFact, save_files
from data.home_store import save_home
from data.link_store import Trial, save_trials
from data.models import (
    BodyRow,
    ColumnRow,
    ColumnVisitRow,
    CopyRow,
    CrawlRow,
    FetchRow,
    ListingRow,
    PageRow,
    PageVersionRow,
    ProbeRow,
    SiteRow,
    WalkRow,
)
from data.page_store import PageFact, save_pages, seen_again
from data.records import START_UNCHANGED, Column, CrawlState, Home, ListEntry, PageKind, Probe, Walk, WalkState
from data.urls import netloc, url_hash
from data.wire import to_wire

LEASE = timedelta(minutes=10)
_CELLS_KEPT = 8  # changes of a row's cells: what counts visitors changes daily


class LeaseLostError(GongkaiError):
    """Another crawl holds this site now."""


class SiteBusyError(GongkaiError):
    """Another crawl runs on this site."""


@dataclass(frozen=True, slots=True)
class CrawlTicket:
    """A begun crawl: its row, its fencing token, and what an interrupted run of it had fetched already."""

    crawl_id: int
    site: str
    fence: int
    owner: str
    started_at: datetime
    resumed: bool
    done: frozenset[bytes]  # url_hash of documents stored by the interrupted run
    partial: bool = False  # a recheck


@dataclass(frozen=True, slots=True)
class Fetch:
    url: str
    at: datetime
    status: int | None
    reason: str | None
    elapsed_seconds: float | None
    size: int | None
    sha256: str | None
    record: int | None = None  # where its record begins in the crawl's archive
    holds: bool = False  # that record is the archive's first with these bytes
    copy: CopyFact | None = None  # set where the bytes are the newest copy of their address


@dataclass(frozen=True, slots=True)
class CopyFact:
    """Bytes that a server sent, as the next crawl asks whether they are still the same."""

    etag: str | None
    last_modified: str | None
    reader: str | None


@dataclass(frozen=True, slots=True)
class WalkEnds:
    """What a list's first and last page held, where the two together show that no row came or went between."""

    first_rows: bytes
    last_rows: bytes | None
    last_url: str | None


@dataclass(frozen=True, slots=True)
class ColumnFact:
    """One column as a crawl found it, with the walk of its list where it has one."""

    column: Column
    walk: Walk | None
    entries: tuple[ListEntry, ...]
    site_hosts: frozenset[str]  # rows on other hosts are external
    ends: WalkEnds | None = None
    linked_at: datetime | None = None  # when a page last led to it; None: in this crawl


class Store:
    """The writing side of the database, for one crawl at a time and site."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # --- crawls and leases --------------------------------------------------------------------

    def begin(
        self, site: str, owner: str, now: datetime, *, replayed: bool, partial: bool = False, resume_within: timedelta = timedelta(hours=24)
    ) -> CrawlTicket:
        """Begin a crawl of a site, or take up one that was interrupted. Raises SiteBusyError while another holds the lease.

        A partial one (a recheck) takes nothing up, and leaves an interrupted crawl for the next whole one.
        """
        with self.database.session() as session:
            row = self._lease(session, site, owner)
            if partial:
                recheck = CrawlRow(site=site, started_at=now, state=CrawlState.RUNNING, replayed=replayed, partial=True, faults={})
                session.add(recheck)
                session.flush()
                return CrawlTicket(recheck.id, site, row.fence, owner, now, resumed=False, done=frozenset(), partial=True)
            open_crawl = session.execute(
                select(CrawlRow)
                .where(
                    CrawlRow.site == site,
                    CrawlRow.finished_at.is_(None),
                    CrawlRow.replayed.is_(replayed),
                    CrawlRow.partial.is_(False),
                    CrawlRow.started_at > now - resume_within,
                )
                .order_by(CrawlRow.id.desc())
                .limit(1)
            ).scalar_one_or_none()
            resumed = open_crawl is not None and open_crawl.started_at <= now
            if open_crawl is None or not resumed:
                open_crawl = CrawlRow(site=site, started_at=now, state=CrawlState.RUNNING, replayed=replayed, faults={})
                session.add(open_crawl)
                session.flush()
            # Older crawls that never ended are closed as what they are: begun and not finished.
            session.execute(
                update(CrawlRow)
                .where(CrawlRow.site == site, CrawlRow.finished_at.is_(None), CrawlRow.id != open_crawl.id)
                .values(finished_at=CrawlRow.started_at, state=CrawlState.INCOMPLETE, reason="interrupted")
            )
            done = (
                frozenset(
                    session.execute(
                        select(PageRow.url_hash)
                        .join(PageVersionRow, PageVersionRow.page_id == PageRow.id)
                        .where(PageVersionRow.crawl_id == open_crawl.id, PageRow.kind == PageKind.DOCUMENT)
                    ).scalars()
                )
                if resumed
                else frozenset()
            )
            return CrawlTicket(open_crawl.id, site, row.fence, owner, open_crawl.started_at, resumed, done)

    def _lease(self, session: Session, site: str, owner: str) -> SiteRow:
        real = datetime.now(UTC)
        self._insert_ignore(session, SiteRow, [{"id": site, "fence": 0}])
        row = session.execute(select(SiteRow).where(SiteRow.id == site).with_for_update()).scalar_one()
        if row.lease_owner is not None and row.lease_until is not None and row.lease_until > real and not _gone(row.lease_owner):
            raise SiteBusyError(
                f"site {site}: another crawl ({row.lease_owner}) runs on it until {row.lease_until:%H:%M:%S}; wait, or stop that one"
            )
        row.fence += 1
        row.lease_owner, row.lease_until = owner, real + LEASE
        return row

    def hold(self, site: str, owner: str) -> int:
        """Hold a site without crawling it; gives the fencing number. Raises SiteBusyError."""
        with self.database.session() as session:
            return self._lease(session, site, owner).fence

    def keep(self, site: str, fence: int) -> None:
        """Hold a held site for longer. Raises LeaseLostError."""
        with self.database.session() as session:
            self._renew_lease(session, site, fence)

    def let_go(self, site: str, fence: int) -> None:
        with self.database.session() as session:
            session.execute(update(SiteRow).where(SiteRow.id == site, SiteRow.fence == fence).values(lease_owner=None, lease_until=None))

    def note_archive(self, ticket: CrawlTicket, file: str) -> None:
        """Record which WARC file (below the archive folder) a crawl writes to."""
        with self.database.session() as session:
            self._renew(session, ticket)
            session.execute(update(CrawlRow).where(CrawlRow.id == ticket.crawl_id).values(archive=file))

    def renew(self, ticket: CrawlTicket) -> None:
        """Renew the lease. Raises LeaseLostError where another crawl has taken the site."""
        with self.database.session() as session:
            self._renew(session, ticket)

    def _renew(self, session: Session, ticket: CrawlTicket) -> None:
        self._renew_lease(session, ticket.site, ticket.fence)

    def _renew_lease(self, session: Session, site: str, fence: int) -> None:
        held = session.execute(
            update(SiteRow).where(SiteRow.id == site, SiteRow.fence == fence).values(lease_until=datetime.now(UTC) + LEASE)
        )
        if held.rowcount != 1:  # type: ignore[attr-defined]
            raise LeaseLostError(f"site {site}: another crawl took it over; this one stops and stores nothing more")

    def finish(
        self,
        ticket: CrawlTicket,
        now: datetime,
        state: CrawlState,
        reason: str | None,
        *,
        requests: int,
        pages: int,
        faults: Mapping[str, int],
    ) -> None:
        with self.database.session() as session:
            self._renew(session, ticket)
            session.execute(
                update(CrawlRow)
                .where(CrawlRow.id == ticket.crawl_id)
                .values(
                    finished_at=now,
                    state=state,
                    reason=reason,
                    requests=CrawlRow.requests + requests,
                    pages=CrawlRow.pages + pages,
                    faults=dict(faults),
                )
            )
        self.release(ticket)

    def release(self, ticket: CrawlTicket) -> None:
        """Give the lease back; a crawl that is not finished is left open, for the next run to take up."""
        self.let_go(ticket.site, ticket.fence)

    # --- what was fetched ---------------------------------------------------------------------

    def save(
        self, ticket: CrawlTicket, fetches: Sequence[Fetch], pages: Sequence[PageFact], same: Sequence[Fetch] = (), *,
        files: Sequence[FileFact] = (), archive: str = "",
    ) -> None:  # fmt: skip
        """Store a batch of fetches, read pages and read files, and renew the lease.

        `same`: documents that are byte for byte what they were when they were last read. `archive`: the crawl's WARC file.
        """
        with self.database.session() as session:
            self._renew(session, ticket)
            if fetches:
                session.execute(
                    insert(FetchRow),
                    [
                        {
                            "crawl_id": ticket.crawl_id,
                            "url": fetch.url,
                            "at": fetch.at,
                            "status": fetch.status,
                            "reason": fetch.reason,
                            "elapsed_seconds": fetch.elapsed_seconds,
                            "size": fetch.size,
                            "sha256": fetch.sha256,
                            "record": fetch.record,
                        }
                        for fetch in fetches
                    ],
                )
                self._save_copies(session, ticket, fetches, archive)
            save_pages(session, ticket.site, ticket.crawl_id, pages)
            for fetch in same:
                assert fetch.sha256 is not None
                seen_again(session, ticket.site, ticket.crawl_id, fetch.url, fetch.at, fetch.sha256)
            save_files(session, ticket.site, files)

    def _save_copies(self, session: Session, ticket: CrawlTicket, fetches: Sequence[Fetch], archive: str) -> None:
        newest = {url_hash(fetch.url): fetch for fetch in fetches if fetch.status is not None}
        gone = [key for key, fetch in newest.items() if fetch.status in (404, 410)]
        if gone:
            session.execute(delete(CopyRow).where(CopyRow.site == ticket.site, CopyRow.url_hash.in_(gone)))
        copies: list[dict[str, object]] = [
            {
                "site": ticket.site, "url_hash": key, "sha256": fetch.sha256, "etag": fetch.copy.etag, "last_modified": fetch.copy.last_modified,
                "reader": fetch.copy.reader, "sent_at": fetch.at,
            }
            for key, fetch in newest.items() if fetch.copy is not None
        ]  # fmt: skip
        if copies:
            statement = self.database.insert(CopyRow)
            changed = {name: statement.excluded[name] for name in ("sha256", "etag", "last_modified", "reader", "sent_at")}
            session.execute(statement.on_conflict_do_update(index_elements=["site", "url_hash"], set_=changed), copies)
        bodies: list[dict[str, object]] = [
            {"site": ticket.site, "sha256": fetch.sha256, "file": archive, "record": fetch.record, "url": fetch.url, "at": fetch.at}
            for fetch in fetches if fetch.holds
        ]  # fmt: skip
        if bodies:
            # A body that the archive lost and that is written anew replaces what the index said of it.
            held = self.database.insert(BodyRow)
            moved = {name: held.excluded[name] for name in ("file", "record", "url", "at")}
            session.execute(held.on_conflict_do_update(index_elements=["site", "sha256"], set_=moved), bodies)

    def save_home(self, ticket: CrawlTicket, home: Home) -> None:
        with self.database.session() as session:
            self._renew(session, ticket)
            save_home(session, ticket.site, ticket.crawl_id, home)

    def save_links(self, ticket: CrawlTicket, trials: Sequence[Trial]) -> None:
        """Store how links answered that a crawl tried."""
        with self.database.session() as session:
            self._renew(session, ticket)
            save_trials(session, ticket.site, trials)

    def save_probe(self, site: str, probe: Probe) -> None:
        with self.database.session() as session:
            self._insert_ignore(session, SiteRow, [{"id": site, "fence": 0}])
            session.add(
                ProbeRow(site=site, at=probe.at, ok=probe.ok, elapsed_seconds=probe.elapsed_seconds, reason=probe.reason, ipv6=probe.ipv6)
            )

    def save_columns(self, ticket: CrawlTicket, facts: Iterable[ColumnFact]) -> None:
        """Store a crawl's columns with their walks and rows, all in one transaction."""
        with self.database.session() as session:
            self._renew(session, ticket)
            earlier = session.execute(
                select(func.max(CrawlRow.started_at)).where(
                    CrawlRow.site == ticket.site, CrawlRow.id < ticket.crawl_id, CrawlRow.state == CrawlState.COMPLETE
                )
            ).scalar_one_or_none()
            for fact in facts:
                self._save_column(session, ticket, fact, earlier)

    def _save_column(self, session: Session, ticket: CrawlTicket, fact: ColumnFact, earlier: datetime | None) -> None:
        column, key = fact.column, url_hash(fact.column.url)
        row = session.execute(select(ColumnRow).where(ColumnRow.site == ticket.site, ColumnRow.url_hash == key)).scalar_one_or_none()
        new = row is None
        if row is None:
            row = ColumnRow(
                site=ticket.site,
                url_hash=key,
                url=column.url,
                first_seen=column.first_seen,
                last_seen=column.last_seen,
                appeared_after=earlier,
            )
            session.add(row)
            session.flush()
        row.last_seen = max(row.last_seen, column.last_seen)
        for table in () if new else (ColumnVisitRow, WalkRow):
            session.execute(delete(table).where(table.column_id == row.id, table.crawl_id == ticket.crawl_id))
        session.add(
            ColumnVisitRow(
                column_id=row.id,
                crawl_id=ticket.crawl_id,
                at=column.last_seen,
                name=column.name,
                canonical=column.canonical,
                match=column.match,
                kind=column.kind,
                parent_url=column.parent_url,
                depth=column.depth,
                path=list(column.path),
                hosted_by=column.hosted_by,
                reachable=column.reachable,
                fault=column.fault,
                text_chars=column.text_chars,
                linked_at=fact.linked_at or column.last_seen,
            )
        )
        if fact.walk is not None:
            walk = fact.walk
            session.add(
                WalkRow(
                    column_id=row.id,
                    crawl_id=ticket.crawl_id,
                    at=walk.at,
                    state=walk.state,
                    reason=walk.reason,
                    pages=walk.pages,
                    entries=walk.entries,
                    declared=walk.declared,
                    newest_on=walk.newest_on,
                    undated=walk.undated,
                    empty=walk.empty,
                    empty_text=walk.empty_text,
                    sha256=walk.sha256,
                    newest_first=walk.newest_first,
                    whole_at=walk.whole_at,
                    first_rows=fact.ends.first_rows if fact.ends else None,
                    last_rows=fact.ends.last_rows if fact.ends else None,
                    last_url=fact.ends.last_url if fact.ends else None,
                )
            )
            self._save_rows(session, ticket, row, fact, walk, new=new)

    def _save_rows(self, session: Session, ticket: CrawlTicket, column: ColumnRow, fact: ColumnFact, walk: Walk, *, new: bool) -> None:
        """Store the rows of a walk; of a column that is new itself nothing has to be looked up."""
        known = () if new else session.execute(select(ListingRow).where(ListingRow.column_id == column.id)).scalars()
        held = {held.row_hash: held for held in known}
        lacked = select(func.max(WalkRow.at)).where(
            WalkRow.column_id == column.id, WalkRow.state == WalkState.COMPLETE, WalkRow.crawl_id < ticket.crawl_id
        )
        on_first_page = -(-len(fact.entries) // max(walk.pages, 1))
        first_page_lacked = None if new else session.execute(lacked).scalar_one_or_none()
        list_lacked = None if new else session.execute(lacked.where(WalkRow.reason != START_UNCHANGED)).scalar_one_or_none()
        fresh: dict[bytes, dict[str, object]] = {}
        for position, entry in enumerate(fact.entries):
            key = row_hash(entry)
            if key in held:
                held[key].last_seen = max(held[key].last_seen, walk.at)
                held[key].cells = with_cells(held[key].cells, walk.at, entry)
            else:
                fresh[key] = {
                    "column_id": column.id,
                    "row_hash": key,
                    "url": entry.url,
                    "title": entry.title,
                    "shown_date": to_wire(entry.date) if entry.date else None,
                    "external": entry.url is not None and not any(_on_host(entry.url, host) for host in fact.site_hosts),
                    "first_seen": walk.at,
                    "last_seen": walk.at,
                    "absent_at": first_page_lacked if position < on_first_page else list_lacked,
                    "cells": with_cells(None, walk.at, entry),
                }
        if fresh:
            session.execute(insert(ListingRow), list(fresh.values()))
        # A row that is listed is a page that is there, also where it was not fetched again.
        hashes = [url_hash(entry.url) for entry in fact.entries if entry.url]
        for start in range(0, len(hashes), 500):
            session.execute(
                update(PageRow)
                .where(PageRow.site == ticket.site, PageRow.url_hash.in_(hashes[start : start + 500]), PageRow.last_seen < walk.at)
                .values(last_seen=walk.at)
            )

    def _insert_ignore(self, session: Session, model: type, rows: list[dict[str, object]]) -> None:
        session.execute(self.database.insert(model).on_conflict_do_nothing(), rows)


def _gone(owner: str) -> bool:
    """Whether a lease's owner (host:pid) was a process of this machine that runs no more: a killed crawl must not block the next."""
    host, _, pid = owner.rpartition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def row_hash(entry: ListEntry) -> bytes:
    """What a row of a list is known by: a changed title or date makes another one."""
    shown = entry.date.raw if entry.date else ""
    return hashlib.blake2b(f"{entry.url}\n{entry.title}\n{shown}".encode(), digest_size=16).digest()


def with_cells(held: list[Any] | None, at: datetime, entry: ListEntry) -> list[Any] | None:
    """The cells of a row as they stood one after the other. A row that was taken as it was read before brings none, and loses none."""
    if not entry.cells:
        return held
    cells = [[cell.label, cell.value] for cell in entry.cells]
    if held and held[-1][1] == cells:
        return held
    return [*(held or ())[-_CELLS_KEPT + 1 :], [at.isoformat(), cells]]


def _on_host(url: str, host: str) -> bool:
    return netloc(url) == host
