"""What is stored of a site, read back as records as of a moment: nothing that became known later is in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.calendar import WorkCalendar
from data.catalogue import load_columns
from data.database import Database
from data.file_store import read_files
from data.files import FileSeen
from data.home_store import read_homes
from data.link_store import read_links
from data.models import ColumnRow, ColumnVisitRow, CrawlRow, ListingRow, PageRow, PageVersionRow, ProbeRow, WalkRow
from data.page_store import Asides, column_offers, column_pages, earlier_versions, page_asides, reading_of
from data.records import (
    Attachment,
    Column,
    ColumnKind,
    ColumnPage,
    Crawl,
    CrawlState,
    Document,
    DocumentReading,
    EmptyBecause,
    Field,
    Home,
    Listing,
    PageKind,
    Probe,
    ShownDate,
    Upstream,
    UpstreamItem,
    Version,
    Walk,
    WalkState,
)
from data.registry import Registry, Site
from data.urls import url_hash, url_key
from data.view import SiteView
from data.wire import from_wire

_PROBE_SPAN = timedelta(days=8)
_PAGE_TEXT = 20_000  # characters of a column's page


class Views:
    """Views of many sites as of one moment. What they share, a parent portal and upper sites, is read once."""

    def __init__(self, database: Database, registry: Registry, as_of: datetime, calendar: WorkCalendar) -> None:
        self._database, self._registry, self._as_of, self._calendar = database, registry, as_of, calendar
        self._upstreams: dict[str, Upstream] = {}
        self._parent: SiteView | None = None  # the last one asked for: judge the units of a portal one after the other

    def of(self, site: Site) -> SiteView:
        """Everything known of a site, its parent portal and its upper sites included."""
        with self._database.reading() as session:
            reader = _Reader(session, self._as_of)
            own = reader.view(self._registry, site, self._calendar)
            return replace(
                own, parent=self._portal(reader, site.parent), upstreams=tuple(self._upper(reader, upper) for upper in site.upper)
            )

    def _portal(self, reader: _Reader, parent: str | None) -> SiteView | None:
        if parent is None:
            return None
        if self._parent is None or self._parent.site.id != parent:
            self._parent = None  # never two of them at a time
            self._parent = reader.view(self._registry, self._registry.site(parent), self._calendar)
        return self._parent

    def _upper(self, reader: _Reader, site: str) -> Upstream:
        if site not in self._upstreams:
            self._upstreams[site] = reader.upstream(self._registry.site(site))
        return self._upstreams[site]


def site_view(database: Database, registry: Registry, site: Site, as_of: datetime, calendar: WorkCalendar) -> SiteView:
    """Everything known of one site by `as_of`, its parent portal and its upper sites included."""
    return Views(database, registry, as_of, calendar).of(site)


def site_documents(database: Database, site: Site, as_of: datetime) -> tuple[Document, ...]:
    """The stored documents of one site, withdrawn ones included, in order of address."""
    with database.reading() as session:
        reader = _Reader(session, as_of)
        columns = reader.columns(site.id)
        return reader.documents(site.id, columns, reader.listings(site.id))


def site_columns(database: Database, site: Site, as_of: datetime) -> tuple[Column, ...]:
    with database.reading() as session:
        return _Reader(session, as_of).columns(site.id)


def last_crawls(database: Database, sites: Iterable[str], as_of: datetime | None = None) -> dict[str, Crawl]:
    """Each site's last finished crawl that was not interrupted."""
    with database.reading() as session:
        found: dict[str, Crawl] = {}
        for site in sites:
            ended = [
                crawl for crawl in _Reader(session, as_of or datetime.max.replace(tzinfo=UTC)).crawls(site) if crawl.reason != "interrupted"
            ]
            if ended:
                found[site] = ended[-1]
        return found


def last_home(database: Database, site: Site, as_of: datetime) -> Home | None:
    """What the home page showed at the last visit by `as_of`."""
    with database.reading() as session:
        return next(reversed(read_homes(session, site.id, as_of)), None)


def last_probes(database: Database, sites: Iterable[str]) -> dict[str, Probe]:
    """Each site's newest availability probe."""
    with database.reading() as session:
        found: dict[str, Probe] = {}
        for site in sites:
            row = session.execute(
                select(ProbeRow).where(ProbeRow.site == site).order_by(ProbeRow.at.desc(), ProbeRow.id.desc()).limit(1)
            ).scalar_one_or_none()
            if row is not None:
                found[site] = Probe(row.at, row.ok, row.elapsed_seconds, row.reason, row.ipv6)
        return found


@dataclass(slots=True)
class _Reader:
    session: Session
    as_of: datetime
    visits: dict[str, tuple[datetime, ...]] = field(default_factory=dict)  # site -> starts of its crawls until then
    asides: dict[str, Asides] = field(default_factory=dict)  # site -> what stood beside its pages
    read: dict[str, Mapping[bytes, FileSeen]] = field(default_factory=dict)  # site -> its files

    def view(self, registry: Registry, site: Site, calendar: WorkCalendar) -> SiteView:
        """A site by itself: without its parent and its upper sites."""
        columns = self.columns(site.id)
        listings = self.listings(site.id)
        documents = self.documents(site.id, columns, listings)
        return SiteView(
            site=site,
            as_of=self.as_of,
            calendar=calendar,
            homes=read_homes(self.session, site.id, self.as_of),
            columns=self._with_pages(site.id, columns, documents),
            documents=documents,
            listings=listings,
            crawls=self.crawls(site.id),
            probes=self.probes(site.id),
            links=read_links(self.session, site.id, self.as_of, self._as_known),
            roster=tuple(unit for unit in registry.sites if unit.parent == site.id and unit.scored),
        )

    def _with_pages(self, site: str, columns: Iterable[Column], documents: Iterable[Document]) -> tuple[Column, ...]:
        """The columns with what their pages showed as a whole; of one that was read as a mere document its reading says it."""
        pages = column_pages(self.session, site, self.as_of, self._asides(site), self._as_known)
        files = self._files(site)
        offered = column_offers(self.session, site, self.as_of) if files else {}
        read = {url_hash(document.url): document for document in documents}
        found = []
        for column in columns:
            key = url_hash(column.url)
            document = read.get(key)
            page = pages.get(key)
            if page is None and document is not None:
                told = document.reading
                page = ColumnPage(document.observed_at, document.sha256, told.body[:_PAGE_TEXT], told.metas, (), told.attachments)
            if page is not None:
                kept = {file.url for file in page.attachments}
                dropped = _of(files, (file for file in offered.get(key, ()) if file.url not in kept))
                column = replace(column, page=page, files=_of(files, page.attachments), dropped=dropped)
            found.append(column)
        return tuple(found)

    def _asides(self, site: str) -> Asides:
        if site not in self.asides:
            self.asides[site] = page_asides(self.session, site, self.as_of)
        return self.asides[site]

    def _files(self, site: str) -> Mapping[bytes, FileSeen]:
        if site not in self.read:
            self.read[site] = read_files(self.session, site, self.as_of, self._as_known)
        return self.read[site]

    def crawls(self, site: str) -> tuple[Crawl, ...]:
        """The whole visits; a recheck is none: it says nothing of what it was not sent for."""
        rows = self.session.execute(
            select(CrawlRow)
            .where(
                CrawlRow.site == site, CrawlRow.partial.is_(False), CrawlRow.finished_at.is_not(None), CrawlRow.finished_at <= self.as_of
            )
            .order_by(CrawlRow.id)
        ).scalars()
        return tuple(
            Crawl(row.id, row.site, row.started_at, row.finished_at, CrawlState(row.state), row.reason, row.requests, row.pages, row.faults)
            for row in rows
        )

    def _as_known(self, site: str, first: datetime, last: datetime) -> datetime:
        """A last sighting as it was known then: what was seen later was seen, as far as is known, in every crawl before."""
        if last <= self.as_of:
            return last
        if site not in self.visits:
            self.visits[site] = tuple(
                self.session.execute(
                    select(CrawlRow.started_at)
                    .where(CrawlRow.site == site, CrawlRow.partial.is_(False), CrawlRow.started_at <= self.as_of)
                    .order_by(CrawlRow.started_at)
                ).scalars()
            )
        return max((visit for visit in self.visits[site] if visit >= first), default=first)

    def probes(self, site: str) -> tuple[Probe, ...]:
        rows = self.session.execute(
            select(ProbeRow)
            .where(ProbeRow.site == site, ProbeRow.at <= self.as_of, ProbeRow.at > self.as_of - _PROBE_SPAN)
            .order_by(ProbeRow.at, ProbeRow.id)
        ).scalars()
        return tuple(Probe(row.at, row.ok, row.elapsed_seconds, row.reason, row.ipv6) for row in rows)

    def columns(self, site: str) -> tuple[Column, ...]:
        """The site's columns as last visited by then, the fewest clicks first, each with its walks."""
        walks: dict[int, list[Walk]] = defaultdict(list)
        urls: dict[int, ColumnRow] = {
            row.id: row
            for row in self.session.execute(
                select(ColumnRow).where(ColumnRow.site == site, ColumnRow.first_seen <= self.as_of).order_by(ColumnRow.id)
            ).scalars()
        }
        for walk in self.session.execute(
            select(WalkRow).join(ColumnRow).where(ColumnRow.site == site, WalkRow.at <= self.as_of).order_by(WalkRow.at, WalkRow.id)
        ).scalars():
            walks[walk.column_id].append(_walk(walk, urls[walk.column_id].url))
        visits: dict[int, ColumnVisitRow] = {}
        for visit in self.session.execute(
            select(ColumnVisitRow)
            .join(ColumnRow)
            .where(ColumnRow.site == site, ColumnVisitRow.at <= self.as_of)
            .order_by(ColumnVisitRow.at, ColumnVisitRow.id)
        ).scalars():
            visits[visit.column_id] = visit
        known = {url_key(row.url): row.url for row in urls.values()}  # links may spell a column's address otherwise on another day
        found = (_column(row, visits[row.id], tuple(walks[row.id]), known) for row in urls.values() if row.id in visits)
        # In an order of their own: the order of discovery, and a database's of text, may differ from run to run.
        return tuple(sorted(found, key=lambda column: (column.depth, column.url)))

    def listings(self, site: str) -> tuple[Listing, ...]:
        files = self._files(site)
        rows = self.session.execute(
            select(
                ColumnRow.url.label("column_url"), ListingRow.url, ListingRow.title, ListingRow.shown_date, ListingRow.first_seen,
                ListingRow.last_seen, ListingRow.external, ListingRow.absent_at, ListingRow.cells,
            )
            .join(ColumnRow, ColumnRow.id == ListingRow.column_id)
            .where(ColumnRow.site == site, ListingRow.first_seen <= self.as_of)
            .order_by(ListingRow.column_id, ListingRow.id)
        ).all()  # fmt: skip
        return tuple(
            Listing(
                column_url=row.column_url,
                url=row.url,
                title=row.title,
                date=from_wire(ShownDate, row.shown_date) if row.shown_date else None,
                first_seen=row.first_seen,
                last_seen=self._as_known(site, row.first_seen, row.last_seen),
                external=row.external,
                absent_at=row.absent_at,
                cells=_cells(row.cells, self.as_of),
                file=files.get(url_hash(row.url)) if files and row.url is not None else None,
            )
            for row in sorted(rows, key=lambda row: row.column_url)
        )

    def documents(self, site: str, columns: Iterable[Column], listings: Iterable[Listing]) -> tuple[Document, ...]:
        canonical = effective_canonicals(columns)
        placed: dict[str, list[Listing]] = defaultdict(list)
        for listing in listings:
            if listing.url is not None:
                placed[url_key(listing.url)].append(listing)
        asides, files = self._asides(site), self._files(site)
        found = []
        for versions in self._versions(site):
            page = version = versions[-1]
            if version.kind != PageKind.DOCUMENT or version.reading is None:
                continue
            rows = placed.get(url_key(page.url), [])
            reading = reading_of(version, asides)
            ids = dict.fromkeys(canonical[row.column_url] for row in rows if canonical.get(row.column_url))
            own = canonical.get(page.url)
            if own:
                ids.setdefault(own)
            found.append(
                Document(
                    url=page.url,
                    site=site,
                    columns=tuple(sorted((column for column in ids if column), key=lambda column: -_tree_depth(column))),
                    column_urls=tuple(dict.fromkeys(row.column_url for row in rows)),
                    reading=reading,
                    first_seen=page.first_seen,
                    last_seen=self._as_known(site, page.first_seen, page.last_seen),
                    observed_at=self._as_known(site, version.observed_from, version.observed_to),
                    sha256=(version.observed_to <= self.as_of and version.latest_sha256) or version.sha256,
                    list_title=rows[0].title if rows else None,
                    list_date=next((row.date for row in rows if row.date), None),
                    earlier=(earlier := earlier_versions(versions, asides) if len(versions) > 1 else ()),
                    files=_of(files, reading.attachments),
                    dropped=_dropped(files, reading, earlier),
                )
            )
        return tuple(sorted(found, key=lambda document: document.url))

    def _versions(self, site: str) -> Iterator[list[Any]]:
        """Every page's versions by then, oldest first, each a row of the page's and the version's values: a site may have 100,000."""
        version = PageVersionRow
        rows = self.session.execute(
            select(
                PageRow.url, PageRow.first_seen, PageRow.last_seen, version.page_id, version.kind, version.title, version.content_hash, version.reading, version.observed_from,
                version.observed_to, version.sha256, version.latest_sha256,
            )
            .join(version, version.page_id == PageRow.id)
            .where(PageRow.site == site, version.observed_from <= self.as_of)
            .order_by(PageRow.id, version.observed_from, version.id)
            .execution_options(yield_per=1000)
        )  # fmt: skip
        for _, same in groupby(rows, key=lambda row: row.page_id):
            yield list(same)

    def upstream(self, site: Site) -> Upstream:
        """The items that lower sites have to carry: rows of the must-repost columns, with what their pages say."""
        assert site.must_repost is not None  # the registry refuses an upper site without it
        columns = self.columns(site.id)
        wanted = {url_key(url) for url in site.must_repost.columns}
        chosen = [column for column in columns if url_key(column.url) in wanted]
        read = [column for column in chosen if any(walk.entries or walk.state is WalkState.COMPLETE for walk in column.walks)]
        listings = [row for row in self.listings(site.id) if url_key(row.column_url) in wanted]
        documents = {url_key(document.url): document for document in self.documents(site.id, columns, listings)}
        items: dict[str, UpstreamItem] = {}
        for row in listings:
            if row.url is None or (site.must_repost.title_any and not any(word in row.title for word in site.must_repost.title_any)):
                continue
            document = documents.get(url_key(row.url))
            items.setdefault(url_key(row.url), _upstream_item(site.id, row, document))
        reason = (
            None
            if len(read) == len(wanted)
            else next((column.fault or "not-walked" for column in chosen if column not in read), "not-observed")
        )
        return Upstream(site.id, site.name, tuple(items.values()), bool(read), reason)


def _upstream_item(site: str, row: Listing, document: Document | None) -> UpstreamItem:
    assert row.url is not None
    published = document.reading.published_at if document else None
    precision = document.reading.published_precision if document else None
    if published is None and row.date is not None:
        published, precision = row.date.value, row.date.precision
    return UpstreamItem(
        site=site,
        url=row.url,
        title=(document.reading.title if document else None) or row.title,
        doc_number=document.reading.doc_number if document else None,
        published_at=published,
        published_precision=precision,
        first_seen=row.first_seen,
        sha256=document.sha256 if document else None,
        body=document.reading.body if document else "",
    )


def effective_canonicals(columns: Iterable[Column]) -> Mapping[str, str]:
    """Column URL -> canonical id; a column without one takes its nearest ancestor's (2023年 below 政策文件 is 政策文件)."""
    by_url = {column.url: column for column in columns}
    found: dict[str, str] = {}
    for column in by_url.values():
        current: Column | None = column
        seen: set[str] = set()
        while current is not None and current.canonical is None and current.parent_url is not None and current.url not in seen:
            seen.add(current.url)
            current = by_url.get(current.parent_url)
        if current is not None and current.canonical is not None:
            found[column.url] = current.canonical
    return found


def _of(files: Mapping[bytes, FileSeen], offered: Iterable[Attachment]) -> tuple[FileSeen, ...]:
    """Of the files that a page offers, those that were read."""
    return tuple(seen for file in offered if (seen := files.get(url_hash(file.url))) is not None) if files else ()


def _dropped(files: Mapping[bytes, FileSeen], reading: DocumentReading, earlier: Iterable[Version]) -> tuple[FileSeen, ...]:
    """The files that only earlier versions of a document offered."""
    if not files:
        return ()
    kept = {url_hash(file.url) for file in reading.attachments}
    gone = {url_hash(file.url): file for version in earlier for file in version.reading.attachments}
    return _of(files, (file for key, file in gone.items() if key not in kept))


def _tree_depth(column_id: str) -> int:
    catalogue, depth, current = load_columns(), 0, load_columns().get(column_id)
    while current is not None and current.parent is not None:
        depth, current = depth + 1, catalogue.get(current.parent)
    return depth


def _cells(held: list[Any] | None, as_of: datetime) -> tuple[Field, ...]:
    """The cells of a row as they stood by then."""
    stood: list[list[str]] = next((cells for since, cells in reversed(held or ()) if datetime.fromisoformat(since) <= as_of), [])
    return tuple(Field(label, value) for label, value in stood)


def _walk(row: WalkRow, url: str) -> Walk:
    return Walk(
        column_url=url, crawl_id=row.crawl_id, at=row.at, state=WalkState(row.state), reason=row.reason, pages=row.pages, entries=row.entries,
        declared=row.declared, newest_on=row.newest_on, undated=row.undated, empty=EmptyBecause(row.empty) if row.empty else None,
        empty_text=row.empty_text, sha256=row.sha256, newest_first=row.newest_first, whole_at=row.whole_at,
    )  # fmt: skip


def _column(row: ColumnRow, visit: ColumnVisitRow, walks: tuple[Walk, ...], known: Mapping[str, str]) -> Column:
    fields: dict[str, Any] = {
        name: getattr(visit, name) for name in ("name", "canonical", "match", "depth", "hosted_by", "reachable", "fault", "text_chars")
    }
    above = visit.parent_url
    return Column(
        parent_url=known.get(url_key(above), above) if above is not None else None,
        url=row.url, site=row.site, kind=ColumnKind(visit.kind), path=tuple(visit.path), first_seen=row.first_seen, last_seen=visit.at,
        appeared_after=row.appeared_after, walks=walks, **fields,
    )  # fmt: skip
