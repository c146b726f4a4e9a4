"""What the files of a site said when they were read: a row is a run of readings that came to the same text.

Called with a session of data/store.py or data/reading.py, within its transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from data.database import Database
from data.files import FileSeen, FileText
from data.models import FileTextRow, PageRow, PageVersionRow
from data.records import Attachment, DocumentKind, PageKind
from data.runs import last_runs
from data.urls import url_hash
from data.wire import from_wire, to_wire

_EARLIER = 3  # readings that came to something else

AsKnown = Callable[[str, datetime, datetime], datetime]  # as in data/page_store.py


@dataclass(frozen=True, slots=True)
class FileFact:
    """A file as a crawl read it. `file` is None where its bytes are those that this reader read last."""

    url: str
    at: datetime
    sha256: str | None  # None: nothing came
    file: FileText | None


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file that was read before: when last, and why its text was not read, if it was not."""

    at: datetime
    why: str | None


@dataclass(frozen=True, slots=True)
class Offer:
    """The files that a stored document offers."""

    url: str
    kind: DocumentKind
    published_at: datetime | None
    chars: int  # of its own text
    files: tuple[Attachment, ...]


def save_files(session: Session, site: str, facts: Iterable[FileFact]) -> None:
    found = {url_hash(fact.url): fact for fact in facts}
    last = last_runs(session, FileTextRow, site, list(found))
    for key, fact in found.items():
        held = last.get(key)
        told = None if fact.file is None else to_wire(fact.file)
        if held is not None and (told is None or held.file == told):
            if fact.at >= held.observed_to:
                held.observed_to, held.latest_sha256 = fact.at, fact.sha256
        elif told is not None:
            session.add(
                FileTextRow(
                    site=site, url_hash=key, url=fact.url, observed_from=fact.at, observed_to=fact.at, sha256=fact.sha256,
                    latest_sha256=fact.sha256, file=told,
                )
            )  # fmt: skip


def read_files(session: Session, site: str, as_of: datetime, as_known: AsKnown) -> Mapping[bytes, FileSeen]:
    """By url_hash: each file as it was last read by then."""
    runs: dict[bytes, list[FileTextRow]] = defaultdict(list)
    for found in session.execute(
        select(FileTextRow)
        .where(FileTextRow.site == site, FileTextRow.observed_from <= as_of)
        .order_by(FileTextRow.observed_from, FileTextRow.id)
    ).scalars():
        runs[found.url_hash].append(found)
    return {
        key: FileSeen(
            row.url, as_known(site, row.observed_from, row.observed_to), row.latest_sha256 if row.observed_to <= as_of else row.sha256,
            from_wire(FileText, row.file), tuple(from_wire(FileText, held.file) for held in before[-_EARLIER:]),
        )
        for key, (*before, row) in runs.items()
    }  # fmt: skip


def known_files(database: Database, site: str) -> Mapping[bytes, KnownFile]:
    """By url_hash: every file that was read before."""
    with database.session() as session:
        rows = session.execute(
            select(FileTextRow.url_hash, FileTextRow.observed_to, FileTextRow.file["why"].as_string())
            .where(FileTextRow.site == site)
            .order_by(FileTextRow.observed_from, FileTextRow.id)
        ).all()
    return {key: KnownFile(at, None if why in (None, "null") else why) for key, at, why in rows}


def offers(database: Database, site: str, since: datetime) -> Iterator[Offer]:
    """The stored documents that offer files, as they were read last and no longer ago than `since`; the newest first."""
    newest = select(PageVersionRow.page_id, func.max(PageVersionRow.id).label("id")).group_by(PageVersionRow.page_id).subquery()
    reading = PageVersionRow.reading
    published = reading["published_at"].as_string()
    with database.reading() as session:
        rows = session.execute(
            select(
                PageRow.url, reading["kind"].as_string(), published, func.length(reading["body"].as_string()),
                reading["attachments"].label("attachments"),
            )
            .join(newest, newest.c.page_id == PageRow.id)
            .join(PageVersionRow, PageVersionRow.id == newest.c.id)
            .where(
                PageRow.site == site, PageRow.kind == PageKind.DOCUMENT, PageRow.last_seen >= since,
                cast(reading["attachments"], String) != "[]",
            )
            .order_by(published.desc(), PageRow.id)
            .execution_options(yield_per=500)
        )  # fmt: skip
        for url, kind, day, chars, files in rows:
            at = datetime.fromisoformat(day) if day and day != "null" else None
            yield Offer(url, DocumentKind(kind), at, chars or 0, tuple(from_wire(Attachment, file) for file in files or ()))
