"""The one spider: from a site's home page to its columns, their lists and their documents, whatever CMS family made them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.exceptions import CloseSpider, DontCloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.budget import BudgetSpentError
from crawler.column_state import ColumnState
from crawler.columns import ColumnTree
from crawler.context import CrawlContext, open_context, site_settings
from crawler.discover import own_names
from crawler.faults import classify_error, is_dead
from crawler.fence import FENCE, Fence
from crawler.items import FetchItem, HomeItem, TrialItem
from crawler.manners import other_scheme
from crawler.observed import UNLED
from crawler.scope import is_file
from data.compact import Days
from data.errors import ConfigurationError
from data.machine import find_browser
from data.records import (
    ColumnKind,
    CrawlState,
    Home,
    PageReading,
    Probe,
    WalkState,
)
from data.registry import Render
from data.store import ColumnFact, Fetch, LeaseLostError
from data.urls import domain, host_of, netloc, url_key
from spiders.again import Again
from spiders.answering import AnsweringSpider
from spiders.asking import Output
from spiders.base import Family, Fetched
from spiders.doors import Notices
from spiders.families import family_of
from spiders.home_facts import home_of, visit_marks
from spiders.links import Links
from spiders.menus import menus_elsewhere
from spiders.parted import Parted
from spiders.trying import stop_at_headers
from spiders.visits import Visit
from spiders.walking import outcome
from spiders.walks import fetched

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import Settings


class DisclosureSpider(AnsweringSpider):
    """`scrapy crawl disclosure -a site=ID`: crawl one site of the registry."""

    name = "disclosure"

    def __init__(self, context: CrawlContext, *, can_render: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.context = context
        self.manners = context.manners
        self.can_render = can_render
        self.aborted = False
        parent = context.registry.site(context.site.parent) if context.site.parent else None
        self.tree = ColumnTree(
            context.site.id,
            context.site.home,
            own_names(context.site.name, context.site.unit, context.registry.region, parent.name if parent else None),
        )
        self._take(context.site.home)  # asked for by itself; pages that lead back to it are no reason to ask again
        self.faults: Counter[str] = Counter()
        self.answered = 0
        self.documents = 0
        self._is_placed = False
        self.again = Again(context)
        self._published = Days(self.again.published)
        self._home: Home | None = None
        self._fence = Fence()
        self._dead: str | None = None  # reason key of why the registry's does not
        self._links = Links(self.tree, context, self.again.pages, self._is_site)
        self._ipv6: bool | None = None
        self._parted: dict[str, Parted] = {}  # by the key of their first page
        self._kept: dict[str, Fetched] = {}
        self._waiting: dict[str, list[Visit]] = {}
        self._notices = Notices()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        site = kwargs.pop("site", None)
        if not site:
            raise ConfigurationError("which site? write: scrapy crawl disclosure -a site=ID")
        context = cls._open(crawler.settings, site)
        replay = context.replay is not None
        browser = None if replay or context.site.crawl.render is Render.NEVER else find_browser()
        settings = site_settings(context.site, replay=replay, browser=str(browser) if browser else None, contact=context.contact)
        crawler.settings.setdict(settings, priority="spider")
        spider = cls(context, can_render="PLAYWRIGHT_LAUNCH_OPTIONS" in settings, **kwargs)
        spider._set_crawler(crawler)
        crawler.signals.connect(spider.go_on, signals.spider_idle)
        crawler.signals.connect(stop_at_headers, signals.headers_received)
        return spider

    @classmethod
    def _open(cls, settings: Settings, site: str) -> CrawlContext:
        return open_context(settings, site)

    # --- requests -----------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        site = self.context.site
        self._ipv6 = None if self.context.replay is not None else await self.manners.has_ipv6(site.home)
        for canonical, url in site.columns.items():
            self.tree.register(url, canonical)
        yield self._fetch(site.home, Visit("home"), 1000)

    def _registered(self) -> Iterator[Request]:
        """The columns that the registry names, once the home page has told which hosts are the site's, or has not come."""
        site = self.context.site
        for url in (*site.columns.values(), *(site.must_repost.columns if site.must_repost else ())):
            self.tree.seen.start(url, 1)
            yield from self._request(url, Visit("column", depth=1), 900)

    def go_on(self) -> None:
        """When everything that was asked for has come: what is left to ask for, if anything."""
        requests = self._rest()
        if not requests and not self._pending:
            due = self._links.vanished.due()
            requests = [request for url, visit in due for request in self._request(url, visit, 50)] or self._next_group()
        if not requests:
            if not self._is_placed:
                self.tree.place()
                self._is_placed = True
            requests = self._links.due(self.context.site.crawl.max_pages - self.asked)
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def _rest(self) -> list[Request]:
        """What the site's own links did not lead to: the rest of a replayed archive, columns that pages left out today may lead to."""
        replay = self.context.replay
        archived = replay.urls() if replay is not None else ()
        rest = [url for url in archived if self.context.scope.explores(url) and not self._links.files.has(url)]
        requests = self._next_group() or list(self._next_documents())
        for url in rest if not requests else ():
            if url_key(url) not in self._seen:
                self.tree.seen.start(url, UNLED)
                requests += self._request(url, Visit("explore", depth=UNLED), 1)
        for known in self.again.columns() if not requests else ():
            column = known.column
            if self.tree.get(column.url) is None and url_key(column.url) not in self._seen:
                self.tree.recall(known)
                if column.kind is not ColumnKind.LINK_OUT and self.context.scope.fetches(column.url) and "#" not in column.url:
                    requests += self._request(column.url, Visit("column", column.name, None, column.depth), 1)
                self._take(column.url)  # recalled once: it may be forgotten again
        return requests or self._next_group()

    # --- faults -------------------------------------------------------------------------------

    def missed(self, failure: Failure) -> Iterator[Output]:
        """A request that was never answered."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self.answered += 1
        self._pending -= 1
        fault = "fetch-failed" if failure.value is None else classify_error(failure.value)
        url = request.meta.get("redirect_urls", [request.url])[0]
        visit = self._as_claimed(url_key(url), request.meta["visit"])
        if fault == BudgetSpentError.reason_key:
            raise CloseSpider(fault)
        yield FetchItem(Fetch(url, self.context.clock(), None, fault, None, None, None))
        other = self._other_home(url, visit, fault)
        if other is not None:
            yield other
            return
        if visit.role == "home" and self._dead is not None:
            fault, self._scheme = self._dead, None  # neither scheme answers: it is the registry's that counts
        yield from self._failed(url, visit, fault, None)
        yield from self._next_documents()

    def _other_home(self, url: str, visit: Visit, fault: str) -> Request | None:
        """The home page by the other of http and https, once a day, where the registry's scheme is dead."""
        home = self.context.site.home
        if visit.role != "home" or self._scheme is not None or not is_dead(fault) or self.context.replay is not None:
            return None
        other = other_scheme(home)
        if url != home or self.context.silent_today(other):
            return None
        self._scheme, self._dead = urlsplit(other).scheme, fault
        return self._fetch(other, replace(visit), 1000)

    def _note(self, url: str, visit: Visit, fault: str | None) -> Iterator[TrialItem]:
        if visit.role not in ("home", "menu") and url_key(url) != url_key(self.context.site.home):
            self._fence.note(url, fault)
            yield from self._links.pages.note(url, visit, fault)

    def _is_site(self) -> bool:
        """Whether what is seen may be charged to the site: not where its home page is another's, or was not seen."""
        return self._home is None or self._home.readable

    def _failed(self, url: str, visit: Visit, fault: str, response: Response | None) -> Iterator[Output]:
        self.faults[fault] += 1
        parted = self._parted.get(url_key(visit.parent or "")) if visit.role == "part" else None
        if parted is not None:
            yield from self._part_failed(parted, fault)
            return
        yield from self._note(url, visit, fault)
        parent = self.tree.get(visit.parent or "") if visit.made else None
        if parent is not None and parent.walk is not None:
            parent.walk.doubt()
        if visit.role == "home":
            elapsed = float(response.meta.get("download_latency") or 0.0) if response else float(self.settings.getfloat("DOWNLOAD_TIMEOUT"))
            now = self.context.clock()
            marks = visit_marks(response, self._scheme, self.manners)
            self._home = Home(self.context.site.home, now, None, False, fault, (), 0, marks)
            stopped = response is None and self.manners.pacer.stopped(host_of(self.context.site.home))
            seen = not stopped and fault not in ("robots-disallowed", "robots-not-established", "not-archived", "not-finished")
            yield HomeItem(self._home, Probe(now, False, elapsed, fault, self._ipv6) if seen and self.context.replay is None else None)
        state = self.tree.get(visit.column or url)
        if state is not None:
            yield from self._missed_column(state, visit, fault)
        elif visit.role not in ("walk", "tail"):
            self.tree.missed(url, fault)
        stopped = self.manners.pacer.stopped(host_of(self.context.site.home))
        if stopped is not None:
            raise CloseSpider(stopped)
        if visit.role == "home":
            yield from self._registered()

    # --- the home page ------------------------------------------------------------------------

    def _arrived_home(self, reading: PageReading, fetch: Fetch, response: Response) -> Iterator[Output]:
        site = self.context.site
        if netloc(response.url) != self.context.scope.home_host:
            self.context.scope.adopt(response.url)  # the site answers under another name of its own
        marks = [*reading.marks, *visit_marks(response, self._scheme, self.manners)]
        if reading.encoding_conflict:
            marks.append(f"charset-conflict:{reading.encoding_conflict}")
        reason = "script-shell" if "script-shell" in reading.marks else None
        codes = {other.site_code for other in self.context.registry.sites if other.id in (site.id, site.parent) and other.site_code}
        shown = reading.identity.site_code
        if site.site_code and shown and shown not in codes:
            # An expired domain or a moved one: nothing it shows may be charged to this unit.
            marks.append(f"identity-mismatch:{shown}")
            reason = "identity-mismatch"
        page = fetched(response, reading)
        family = family_of(page)
        if reason is None and site.scored and not self._leads_on(reading, page, family):
            reason = "no-ways-on"  # a notice in the site's place, or a cover that only a script opens
        self._home = home_of(site.home, fetch, reading, reason, tuple(marks))
        self._links.home.note(self._home)
        latency = float(response.meta.get("download_latency") or 0.0)
        yield HomeItem(self._home, Probe(fetch.at, True, latency, None, self._ipv6) if self.context.replay is None else None)
        if site.scored:
            yield from self._columns_in_data(page, reading, family)
            yield from self._follow(reading, 0)
            for url in menus_elsewhere(page):
                yield from self._request(url, Visit("menu"), 950)
        yield from self._registered()

    def _leads_on(self, reading: PageReading, page: Fetched, family: Family) -> bool:
        """Whether a home page leads to any other page of its site: one that does not shows nothing that could be missed."""
        home = self.context.site.home
        own = (link.url for link in reading.links if link.url is not None and domain(link.url) == domain(home) and not is_file(link.url))
        told = family.entry(page) is not None or bool(family.columns(page)) or family.by_script
        return told or any(url_key(url) not in (url_key(home), url_key(page.url)) for url in own)

    def _fact(self, state: ColumnState) -> ColumnFact:
        hosts = frozenset(netloc(url) for url in (self.context.site.home, *(f"http://{host}/" for host in self.context.scope.hosts)))
        return self.tree.fact(state, self.context.clock(), self.context.ticket.crawl_id, hosts, self._published)

    # --- the end ------------------------------------------------------------------------------

    def abort(self, why: Exception) -> None:
        """Another crawl holds the site: stop, and store nothing more."""
        self.aborted = True
        self.logger.warning("%s", why)
        asyncio.get_running_loop().create_task(self.crawler.engine.close_spider_async(reason="lease-lost"))

    def closed(self, reason: str) -> None:
        """Settle the columns and write the crawl's state. An interrupted crawl is left open for the next run."""
        try:
            if not self.aborted:
                self._finish(reason)
        except LeaseLostError as lost:
            self.logger.warning("%s", lost)
        finally:
            self._shelf.close()

    def _finish(self, reason: str) -> None:
        context = self.context
        stopped = self._settle("" if reason == "finished" else reason)
        context.store.save_columns(context.ticket, self._facts())
        context.store.save_links(context.ticket, self._links.trials(self._fence) if self._is_site() else [])
        if reason == "shutdown" and not context.ticket.partial:
            context.store.release(context.ticket)
            return
        capped = "cap-reached" if self._capped else ""
        ended, why = self._outcome(stopped or capped)
        if self._links.files.unread:
            self.logger.info(
                "%s: %d files were left unread; their turn comes with the next crawls", context.site.id, self._links.files.unread
            )
        requests = int(self.crawler.stats.get_value("downloader/request_count", 0))
        context.store.finish(context.ticket, context.clock(), ended, why, requests=requests, pages=self.answered, faults=self.faults)

    def _settle(self, stopped: str) -> str:
        """Decide what every column is and how its walk ended; gives why the crawl stopped, where it did."""
        for state in self.tree.states.values():
            if state.walk is not None and state.walk.state is None:
                state.walk.end(WalkState.INCOMPLETE, stopped or "not-finished")
        if self._home is not None and self._home.readable:
            stopped = self._behind_the_fence(stopped)
        self.tree.settle()
        self._tell_drift()
        return stopped

    def _facts(self) -> Iterator[ColumnFact]:
        """The columns as this crawl found them."""
        return (self._fact(state) for _, state in sorted(self.tree.states.items()) if state.alias_of is None)

    def _outcome(self, stopped: str) -> tuple[CrawlState, str | None]:
        return outcome(self._home, self.tree.states.values(), self.faults, documents=self.documents, stopped=stopped)

    def _behind_the_fence(self, stopped: str) -> str:
        """What a crawl took for refusals and dead links one by one, and shows as a fence in all its answers."""
        for state in self.tree.states.values():
            if self._fence.covers(state.url, state.fault):
                state.fault, state.reachable = FENCE, None
        if not self._fence.whole:
            return stopped
        for fault in ("blocked-forbidden", "http-404"):
            self.faults[FENCE] += self.faults.pop(fault, 0)
        return FENCE if stopped == "blocked-forbidden" else stopped
