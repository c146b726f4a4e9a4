"""From what a page says to rows: batches of fetches and pages, the home page, the archive."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, Self

from crawler.context import CrawlContext
from crawler.items import FetchItem, FileItem, HomeItem, PageItem, TrialItem
from data.file_store import FileFact
from data.link_store import Trial
from data.page_store import PageFact
from data.records import ColumnPage, PageKind, PageReading
from data.store import Fetch, LeaseLostError
from data.urls import url_key

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_BATCH = 50
_SECONDS = 1.0
_MOST_LINKS = 500  # of a column's page
_NAVIGATION = frozenset({"nav", "frame"})


class StoringSpider(Protocol):
    """What the pipeline needs of the spider whose items it stores."""

    context: CrawlContext
    aborted: bool

    def abort(self, why: Exception) -> None: ...


class StorePipeline:
    """Commits every second or every fifty pages: what a kill can lose is fetched again by the next run."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._fetches: list[Fetch] = []
        self._pages: list[PageFact] = []
        self._same: list[Fetch] = []
        self._files: list[FileFact] = []
        self._trials: list[Trial] = []
        self._flushed = time.monotonic()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def _spider(self) -> StoringSpider:
        return self._crawler.spider  # type: ignore[return-value]

    @property
    def _context(self) -> CrawlContext:
        return self._spider.context

    def process_item(self, item: object) -> object:
        try:
            self._take(item)
        except LeaseLostError as lost:
            self._spider.abort(lost)
        return item

    def _take(self, item: object) -> None:
        match item:
            case FetchItem(fetch):
                self._fetches.append(fetch)
            case TrialItem(trial):
                self._trials.append(trial)
            case PageItem():
                self._take_page(item)
            case FileItem(fetch, fact, body, headers):
                self._fetches.append(self._archived(fetch, body, headers))
                self._files += [fact] if fact is not None else []
            case HomeItem(home, probe):
                self._context.store.save_home(self._context.ticket, home)
                if probe is not None:
                    self._context.store.save_probe(self._context.site.id, probe)
        if len(self._fetches) >= _BATCH or time.monotonic() - self._flushed > _SECONDS:
            self.flush()

    def _archived(self, fetch: Fetch, body: bytes, headers: tuple[tuple[str, str], ...]) -> Fetch:
        """Archive an answer; gives its fetch with the place of its record."""
        archive = self._context.archive
        if archive is None:
            return replace(fetch, copy=None)
        if fetch.status is None:
            return fetch
        written = archive.write(fetch.url, fetch.at, fetch.status, headers, body, sha256=fetch.sha256, not_modified=fetch.status == 304)
        return replace(fetch, record=written.record, holds=written.first)

    def _take_page(self, item: PageItem) -> None:
        fetch, reading = self._archived(item.fetch, item.body, item.http_headers), item.reading
        self._fetches.append(fetch)
        if item.same:
            self._same.append(fetch)
        if reading is None or fetch.sha256 is None:
            return
        self._pages.append(
            PageFact(
                url=reading.url,
                at=fetch.at,
                kind=reading.page,
                title=reading.document.title if reading.document else reading.title,
                reading=reading.document if reading.page is PageKind.DOCUMENT else None,
                sha256=fetch.sha256,
                encoding=reading.encoding,
                encoding_conflict=reading.encoding_conflict,
                column_page=None if url_key(reading.url) == url_key(self._context.site.home) else _column_page(reading, fetch),
            )
        )

    def flush(self) -> None:
        """Commit what is gathered."""
        self._flushed = time.monotonic()
        if self._fetches or self._pages or self._files:
            self._context.store.save(
                self._context.ticket, self._fetches, self._pages, self._same, files=self._files, archive=self._context.archive_file
            )
            self._fetches, self._pages, self._same, self._files = [], [], [], []
        if self._trials:
            self._context.store.save_links(self._context.ticket, self._trials)
            self._trials = []

    def close_spider(self) -> None:
        try:
            if not self._spider.aborted:
                self.flush()
        except LeaseLostError as lost:
            self._spider.abort(lost)
        finally:
            if self._context.archive is not None:
                self._context.archive.close()


def _column_page(reading: PageReading, fetch: Fetch) -> ColumnPage | None:
    """What a page shows as a whole, where it was read so. A later page of a list is no page of its own."""
    surface = reading.surface
    pager = reading.listing.pager if reading.listing is not None else None
    if surface is None or (pager is not None and pager.current > 1):
        return None
    links = tuple(link for link in reading.links if link.region not in _NAVIGATION)[:_MOST_LINKS]
    return ColumnPage(fetch.at, fetch.sha256, surface.text, surface.metas, links, surface.attachments)
