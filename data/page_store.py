"""Pages as a crawl read them: what their readers would notice as versions, what stands beside it, and columns' pages as a whole.

Called with a session of data/store.py or data/reading.py, within its transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from data.models import ColumnPageRow, PageAsideRow, PageRow, PageVersionRow
from data.records import Attachment, ColumnPage, DateRole, DocumentReading, PageKind, Version
from data.urls import url_hash
from data.wire import from_wire, to_wire

# What a reading says beside what a reader of the page notices: metas, which a site may write anew with every build, and what is read from
# them. A new one of these makes no new version of the page.
_ASIDE = ("published_at", "published_precision", "dates", "marks", "metas", "outlinks", "media")
_EARLIER = 20  # versions of a document that are looked back at

AsKnown = Callable[[str, datetime, datetime], datetime]  # site, first and last sighting: the last one as known at the reader's moment
Asides = Mapping[int, Sequence[tuple[datetime, Mapping[str, Any]]]]  # of each page, oldest first


@dataclass(frozen=True, slots=True)
class PageFact:
    """One page as read: its reading where it is a document, and where it is a column's what it shows as a whole."""

    url: str
    at: datetime
    kind: PageKind
    title: str | None
    reading: DocumentReading | None
    sha256: str
    encoding: str
    encoding_conflict: str | None
    column_page: ColumnPage | None = None


def content_hash(kind: str, title: str | None, reading: Mapping[str, Any] | None) -> str:
    """Hash of what a reader of a page would notice; `reading` as JSON values. Fields that readers of later releases learn are none of it."""
    noticed: Mapping[str, Any] | None = None
    if reading is not None:
        dates = [shown for shown in reading.get("dates", ()) if shown["role"] != DateRole.META]
        noticed = {**{name: value for name, value in reading.items() if name not in _ASIDE}, "dates": dates}
    return _hash([kind, title, noticed])


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def save_pages(session: Session, site: str, crawl_id: int, pages: Iterable[PageFact]) -> None:
    """Store read pages: a few look-ups for the batch, not for each of its pages."""
    facts = {url_hash(page.url): page for page in pages}
    if not facts:
        return
    held = {
        row.url_hash: row
        for row in session.execute(select(PageRow).where(PageRow.site == site, PageRow.url_hash.in_(list(facts)))).scalars()
    }
    ids = [row.id for row in held.values()]
    versions: dict[int, PageVersionRow] = {}
    shown: dict[int, ColumnPageRow] = {}
    asides: dict[int, PageAsideRow] = {}
    if ids:
        for version in session.execute(
            select(PageVersionRow).where(PageVersionRow.page_id.in_(ids)).order_by(PageVersionRow.observed_from, PageVersionRow.id)
        ).scalars():
            versions[version.page_id] = version
        for whole in session.execute(
            select(ColumnPageRow).where(ColumnPageRow.page_id.in_(ids)).order_by(ColumnPageRow.observed_from, ColumnPageRow.id)
        ).scalars():
            shown[whole.page_id] = whole
        for aside in session.execute(
            select(PageAsideRow).where(PageAsideRow.page_id.in_(ids)).order_by(PageAsideRow.at, PageAsideRow.id)
        ).scalars():
            asides[aside.page_id] = aside
    _save_fresh(session, site, crawl_id, {key: page for key, page in facts.items() if key not in held})
    for key, row in held.items():
        page = facts[key]
        row.kind, row.last_seen, row.fetched_at = page.kind, max(row.last_seen, page.at), max(row.fetched_at, page.at)
        last = asides.get(row.id)
        reading = None if page.reading is None else to_wire(page.reading)
        stood = _save_version(session, crawl_id, page, reading, row, versions.get(row.id))
        if page.column_page is not None:
            whole = to_wire(page.column_page)
            as_it_was = _save_column_page(session, page, whole, row, shown.get(row.id))
            if reading is None and as_it_was is not None:
                _save_aside(session, page, row, {"metas": whole["metas"]}, as_it_was.page, last if _after(last, as_it_was) else None)
        if reading is not None and stood is not None:
            told = {name: reading[name] for name in _ASIDE}
            _save_aside(session, page, row, told, stood.reading or {}, last if _after(last, stood) else None)


def _save_fresh(session: Session, site: str, crawl_id: int, pages: Mapping[bytes, PageFact]) -> None:
    """Store pages that the site was not known to have: rows of one statement each, for a first crawl is nothing else."""
    if not pages:
        return
    rows = [
        {"site": site, "url_hash": key, "url": page.url, "kind": page.kind, "first_seen": page.at, "last_seen": page.at, "fetched_at": page.at}
        for key, page in pages.items()
    ]  # fmt: skip
    ids = dict(session.execute(insert(PageRow).returning(PageRow.url_hash, PageRow.id), rows).all())
    versions = []
    columns = []
    for key, page in pages.items():
        reading = None if page.reading is None else to_wire(page.reading)
        versions.append(_version(page, reading, content_hash(page.kind, page.title, reading), ids[key], crawl_id))
        if page.column_page is not None:
            whole = to_wire(page.column_page)
            columns.append(_column_page(page, whole, _column_hash(whole), ids[key]))
    session.execute(insert(PageVersionRow), versions)
    if columns:
        session.execute(insert(ColumnPageRow), columns)


def _version(page: PageFact, reading: dict[str, Any] | None, content: str, page_id: int, crawl_id: int) -> dict[str, Any]:
    return {
        "page_id": page_id, "crawl_id": crawl_id, "content_hash": content, "sha256": page.sha256, "observed_from": page.at,
        "observed_to": page.at, "kind": page.kind, "title": page.title, "reading": reading, "encoding": page.encoding,
        "encoding_conflict": page.encoding_conflict, "shown_dates": [] if reading is None else reading["dates"],
    }  # fmt: skip


def _column_page(page: PageFact, whole: dict[str, Any], content: str, page_id: int) -> dict[str, Any]:
    return {
        "page_id": page_id, "content_hash": content, "sha256": page.sha256, "observed_from": page.at, "observed_to": page.at, "page": whole,
    }  # fmt: skip


def _column_hash(whole: Mapping[str, Any]) -> str:
    return _hash({name: whole[name] for name in ("text", "links", "attachments")})


def _after(aside: PageAsideRow | None, version: PageVersionRow | ColumnPageRow) -> bool:
    return aside is not None and aside.at > version.observed_from


def _save_version(
    session: Session, crawl_id: int, page: PageFact, reading: dict[str, Any] | None, row: PageRow, version: PageVersionRow | None
) -> PageVersionRow | None:
    """The version of the page that these bytes show again; None where they show a new one."""
    content = content_hash(page.kind, page.title, reading)
    if version is not None and version.content_hash != content and content_hash(version.kind, version.title, version.reading) == content:
        version.content_hash = content  # an earlier release told versions apart by more than readers notice
    if version is not None and version.content_hash == content:
        # The newest bytes that said it: evidence names a moment, and the bytes of that moment.
        if page.at >= version.observed_to:
            version.observed_to, version.latest_sha256 = page.at, page.sha256
        version.crawl_id = crawl_id
        return version
    session.add(PageVersionRow(**_version(page, reading, content, row.id, crawl_id)))
    return None


def _save_column_page(
    session: Session, page: PageFact, whole: dict[str, Any], row: PageRow, held: ColumnPageRow | None
) -> ColumnPageRow | None:
    """The stored page that shows the same again; None where a new one was stored."""
    content = _column_hash(whole)
    if held is not None and held.content_hash == content:
        if page.at >= held.observed_to:
            held.observed_to, held.sha256 = page.at, page.sha256
        return held
    session.add(ColumnPageRow(**_column_page(page, whole, content, row.id)))
    return None


def _save_aside(
    session: Session, page: PageFact, row: PageRow, told: dict[str, Any], stood: Mapping[str, Any], last: PageAsideRow | None
) -> None:
    known = last.aside if last is not None else {name: stood.get(name) for name in told}
    if known != told and (last is None or page.at > last.at):
        session.add(PageAsideRow(page_id=row.id, at=page.at, aside=told))


def seen_again(session: Session, site: str, crawl_id: int, url: str, at: datetime, sha256: str) -> None:
    """A document that is byte for byte what it was when it was last read."""
    row = session.execute(select(PageRow).where(PageRow.site == site, PageRow.url_hash == url_hash(url))).scalar_one()
    row.last_seen, row.fetched_at = max(row.last_seen, at), max(row.fetched_at, at)
    version = session.execute(
        select(PageVersionRow)
        .where(PageVersionRow.page_id == row.id)
        .order_by(PageVersionRow.observed_from.desc(), PageVersionRow.id.desc())
        .limit(1)
    ).scalar_one()
    if at >= version.observed_to:
        version.observed_to, version.latest_sha256 = at, sha256
    version.crawl_id = crawl_id


# --- read back ----------------------------------------------------------------------------------


def page_asides(session: Session, site: str, as_of: datetime | None = None, url: str | None = None) -> Asides:
    """What stands beside the pages of a site, where it changed while they did not, by then."""
    query = select(PageAsideRow.page_id, PageAsideRow.at, PageAsideRow.aside).join(PageRow).where(PageRow.site == site)
    if as_of is not None:
        query = query.where(PageAsideRow.at <= as_of)
    if url is not None:
        query = query.where(PageRow.url_hash == url_hash(url))
    found: dict[int, list[tuple[datetime, Mapping[str, Any]]]] = defaultdict(list)
    for page_id, at, aside in session.execute(query.order_by(PageAsideRow.at, PageAsideRow.id)).all():
        found[page_id].append((at, aside))
    return found


def reading_of(version: PageVersionRow, asides: Asides, until: datetime | None = None) -> DocumentReading:
    """A version's reading, with what was last found beside it before another version took its place."""
    assert version.reading is not None
    told = [
        aside for at, aside in asides.get(version.page_id, ()) if at > version.observed_from and (until is None or at < until)
    ]  # fmt: skip
    return from_wire(DocumentReading, {**version.reading, **told[-1]} if told else version.reading)


def earlier_versions(versions: Sequence[PageVersionRow], asides: Asides) -> tuple[Version, ...]:
    """What a document said before its last version. The same bytes read anew, by a better reader, are no version of the page."""
    found = []
    for version, following in pairwise(versions):
        if version.kind != PageKind.DOCUMENT or version.reading is None or (version.latest_sha256 or version.sha256) == following.sha256:
            continue
        if content_hash(version.kind, version.title, version.reading) == content_hash(following.kind, following.title, following.reading):
            continue
        found.append((version, following.observed_from))
    return tuple(
        Version(reading_of(version, asides, until), version.observed_from, version.observed_to, version.latest_sha256 or version.sha256)
        for version, until in found[-_EARLIER:]
    )


def column_pages(session: Session, site: str, as_of: datetime, asides: Asides, as_known: AsKnown) -> Mapping[bytes, ColumnPage]:
    """By url_hash: what the pages of a site's columns showed at their last reading by then."""
    newest: dict[int, tuple[bytes, ColumnPageRow]] = {}
    for key, row in session.execute(
        select(PageRow.url_hash, ColumnPageRow)
        .join(PageRow, PageRow.id == ColumnPageRow.page_id)
        .where(PageRow.site == site, ColumnPageRow.observed_from <= as_of)
        .order_by(ColumnPageRow.observed_from, ColumnPageRow.id)
    ).all():
        newest[row.page_id] = (key, row)
    found: dict[bytes, ColumnPage] = {}
    for key, row in newest.values():
        told = [aside["metas"] for at, aside in asides.get(row.page_id, ()) if at > row.observed_from and "metas" in aside]
        page = from_wire(ColumnPage, {**row.page, "metas": told[-1]} if told else row.page)
        seen = as_known(site, row.observed_from, row.observed_to)
        sha256 = row.sha256 if row.observed_to <= as_of else page.sha256
        found[key] = replace(page, observed_at=seen, sha256=sha256, since=row.observed_from)
    return found


def column_offers(session: Session, site: str, as_of: datetime) -> Mapping[bytes, tuple[Attachment, ...]]:
    """By url_hash: every file that the page of a column has offered by then, at any reading."""
    found: dict[bytes, dict[str, Attachment]] = defaultdict(dict)
    for key, offered in session.execute(
        select(PageRow.url_hash, ColumnPageRow.page["attachments"])
        .join(PageRow, PageRow.id == ColumnPageRow.page_id)
        .where(PageRow.site == site, ColumnPageRow.observed_from <= as_of)
        .order_by(ColumnPageRow.observed_from, ColumnPageRow.id)
    ).all():
        for file in offered or ():
            found[key].setdefault(file["url"], from_wire(Attachment, file))
    return {key: tuple(files.values()) for key, files in found.items()}
