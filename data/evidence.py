"""What findings rest on, and where the archive has it: which fetch an evidence entry speaks of, what must never be thrown away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from data.database import Database
from data.ledger import number
from data.models import BodyRow, CopyRow, CrawlRow, FetchRow, FindingRow, SiteRow
from data.records import Evidence, FindingState, Verdict
from data.urls import url_key
from data.wire import from_wire

_CLOSED = (FindingState.RESOLVED.value,)  # a waiver ends by itself, and what it let rest is owed again
_CRAWL_SPAN = timedelta(days=8)  # no crawl is older than this while it still reads
_SECOND = timedelta(seconds=1)  # what a WARC date tells apart


@dataclass(frozen=True, slots=True)
class FindingEvidence:
    """A finding, and everything that the verdict which opened it and the one that last confirmed it rest on."""

    id: str
    site: str
    rule: str
    state: FindingState
    message: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Observation:
    """The fetch that an evidence entry speaks of. `file` and `record` are None where this database does not know its place."""

    site: str
    url: str
    at: datetime
    sha256: str
    file: str | None
    record: int | None


def findings_evidence(database: Database, ids: Sequence[str] = (), *, closed_since: datetime | None = None) -> tuple[FindingEvidence, ...]:
    """Of the named findings, or of all; of those that are not closed, or not for long, where `closed_since` is given."""
    query = select(FindingRow.id, FindingRow.state, FindingRow.opened, FindingRow.latest).order_by(FindingRow.id)
    if ids:
        query = query.where(FindingRow.id.in_([number(finding_id) for finding_id in ids]))
    if closed_since is not None:
        query = query.where(
            FindingRow.state.not_in(_CLOSED) | (FindingRow.resolved_at > closed_since) | (FindingRow.last_confirmed > closed_since)
        )
    with database.session() as session:
        rows = session.execute(query).all()
    found = []
    for row_id, state, opened, latest in rows:
        first, last = from_wire(Verdict, opened), from_wire(Verdict, latest)
        pieces = {(piece.url, piece.observed_at, piece.sha256): piece for piece in (*first.evidence, *last.evidence)}
        found.append(FindingEvidence(f"F{row_id:06d}", first.site, first.rule, FindingState(state), last.message, tuple(pieces.values())))
    return tuple(found)


def observations(database: Database, wanted: Iterable[Evidence]) -> Mapping[tuple[str, datetime, str], Observation]:
    """By (url, moment, sha256) of an entry: the fetch it speaks of, where there was one.

    A reading of a whole list bears the moment at which its crawl settled it; it speaks of the fetch in that crawl.
    """
    found: dict[tuple[str, datetime, str], Observation] = {}
    with database.session() as session:
        crawls = session.execute(select(CrawlRow.id, CrawlRow.site, CrawlRow.started_at, CrawlRow.finished_at, CrawlRow.archive)).all()
        for piece in wanted:
            if piece.sha256 is None:
                continue
            near = {
                crawl.id: crawl for crawl in crawls if crawl.started_at <= piece.observed_at + _SECOND and piece.observed_at - crawl.started_at < _CRAWL_SPAN
            }  # fmt: skip
            fetches = session.execute(
                select(FetchRow.crawl_id, FetchRow.url, FetchRow.at, FetchRow.record)
                .where(FetchRow.crawl_id.in_(list(near)), FetchRow.sha256 == piece.sha256, FetchRow.at <= piece.observed_at + _SECOND)
                .order_by(FetchRow.at.desc(), FetchRow.id.desc())
            ).all()
            for fetch in fetches:
                crawl = near[fetch.crawl_id]
                during = crawl.finished_at is None or piece.observed_at <= crawl.finished_at + _SECOND
                if url_key(fetch.url) == url_key(piece.url) and (during or piece.observed_at - fetch.at <= _SECOND):
                    found[piece.url, piece.observed_at, piece.sha256] = Observation(
                        crawl.site, fetch.url, fetch.at, piece.sha256, crawl.archive, fetch.record
                    )
                    break
    return found


def archive_sites(database: Database) -> tuple[str, ...]:
    with database.session() as session:
        return tuple(session.execute(select(SiteRow.id).order_by(SiteRow.id)).scalars())


def newest_copies(database: Database, site: str) -> frozenset[str]:
    """The hashes of the newest bytes of every address of a site that is online."""
    with database.session() as session:
        return frozenset(session.execute(select(CopyRow.sha256).where(CopyRow.site == site)).scalars())


def move_records(database: Database, file: str, moved: Mapping[int, int]) -> None:
    """Record where the records of a rewritten WARC file are now; those that `moved` lacks are gone."""
    with database.session() as session:
        rows = session.execute(
            select(FetchRow.id, FetchRow.record)
            .join(CrawlRow, CrawlRow.id == FetchRow.crawl_id)
            .where(CrawlRow.archive == file, FetchRow.record.is_not(None))
        ).all()
        if rows:
            session.execute(
                update(FetchRow), [{"id": row_id, "record": moved.get(record)} for row_id, record in rows if record is not None]
            )
        bodies = session.execute(select(BodyRow.id, BodyRow.record).where(BodyRow.file == file)).all()
        kept = [{"id": row_id, "record": moved[record]} for row_id, record in bodies if record in moved]
        if kept:
            session.execute(update(BodyRow), kept)
        gone = [row_id for row_id, record in bodies if record not in moved]
        for start in range(0, len(gone), 400):
            session.execute(delete(BodyRow).where(BodyRow.id.in_(gone[start : start + 400])))
