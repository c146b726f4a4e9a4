"""The one spider: from a site's home page to its columns, their lists and their documents, whatever CMS family made them."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request, signals
from scrapy.exceptions import CloseSpider, DontCloseSpider
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawler.budget import BudgetSpentError
from crawler.columns import ColumnState, ColumnTree, WalkNotes, page_kind
from crawler.context import CrawlContext, open_context, site_settings
from crawler.discover import match_column, own_names
from crawler.extract import read
from crawler.extract.parts import JOINED
from crawler.extract.read import read_part
from crawler.faults import ELSEWHERE, MISSING, classify_error, is_dead
from crawler.fence import FENCE, Fence
from crawler.items import FetchItem, HomeItem, PageItem, TrialItem
from crawler.manners import other_scheme
from crawler.middlewares.faults import fault_of
from crawler.scope import is_file
from crawler.substitution import leads_home
from data.catalogue import load_columns
from data.errors import ConfigurationError, InputError
from data.machine import find_browser
from data.records import (
    ColumnKind,
    CrawlState,
    DocumentReading,
    EmptyBecause,
    Home,
    Link,
    ListEntry,
    PageKind,
    PageReading,
    Probe,
    WalkState,
)
from data.registry import Render
from data.store import ColumnFact, Fetch, LeaseLostError
from data.urls import domain, host_of, netloc, url_hash, url_key
from spiders.again import Again
from spiders.base import Family, Fetched, Progress
from spiders.families import family_of
from spiders.home_facts import home_of
from spiders.links import Links
from spiders.menus import menus_elsewhere, read_menu
from spiders.parted import Parted
from spiders.trying import stop_at_headers
from spiders.visits import Visit, asked, fetch_of, headers_of, is_as_read, visit_meta
from spiders.walking import outcome, whole
from spiders.walks import Output, WalkingSpider, fetched

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import Settings

_UNLINKED_DEPTH = 9
_COLUMN_NAME_CHARS = 14
_NO_PAGES = frozenset({"walk", "tail", "columns", "menu"})
_EVERY_KIND = frozenset(PageKind)
_AT_HAND = 64  # open requests below which waiting documents are taken up
_SAME_PATH = 300  # addresses of one path that differ in their query alone: more is a trap

# A pager's links lead to more of the same list, which its walk reads.
_TURNS_PAGE = re.compile(
    r"^((?!(?:19|20)\d\d$)第?\d+页?|[上下][一1]?[页頁]|前一?页|后一?页|[首尾末][页頁]|最后一?页|[<>«»‹›]+|\.{2,}|…+|next|prev(ious)?|last|first)$",
    re.I,
)
_ARROW = re.compile(r"^[>»›]+$")


class DisclosureSpider(WalkingSpider):
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
        self.faults: Counter[str] = Counter()
        self.asked = 0
        self.answered = 0
        self.documents = 0
        self._later: deque[tuple[str, str, str, int]] = deque()  # documents whose requests are not made yet: address, title, column, depth
        self._pending = 0  # requests made and not answered
        self._seen: set[str] = set()
        self._paths: Counter[str] = Counter()
        self.again = Again(context)
        self._published = dict(self.again.published)
        self._home: Home | None = None
        self._fence = Fence()
        self._scheme: str | None = None  # the one that works, where the registry's does not
        self._dead: str | None = None  # reason key of why the registry's does not
        self._links = Links(self.tree, context, self.again.pages, self._is_site)
        self._ipv6: bool | None = None
        self._capped = False
        self._parted: dict[str, Parted] = {}  # by the key of their first page
        self._kept: dict[str, Fetched] = {}
        self._waiting: dict[str, list[Visit]] = {}

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
        crawler.signals.connect(spider.read_the_rest, signals.spider_idle)
        crawler.signals.connect(spider.try_links, signals.spider_idle)
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
            self.tree.named(url, canonical)
        yield self._fetch(site.home, Visit("home"), 1000)
        registered = [*site.columns.values(), *(site.must_repost.columns if site.must_repost else ())]
        for url in registered:
            for request in self._request(url, Visit("column", depth=1), 900):
                yield request

    def _fetch(self, url: str, visit: Visit, priority: int) -> Request:
        """A request that knows why it is made. The spider keeps its own record of what was asked: fragments can tell columns apart."""
        self.asked += 1
        self._pending += 1
        if self._scheme is not None and netloc(url) == self.context.scope.home_host:
            url = urlsplit(url)._replace(scheme=self._scheme).geturl()
        return Request(url, callback=self.parse, errback=self.missed, priority=priority, meta=visit_meta(visit), dont_filter=True)

    def read_the_rest(self) -> None:
        """What the site's own links did not lead to: the rest of a replayed archive, columns that pages left out today may lead to."""
        replay = self.context.replay
        rest = [url for url in replay.urls() if self.context.scope.explores(url)] if replay is not None else []
        requests = list(self._next_documents())
        requests += [request for url in rest for request in self._request(url, Visit("explore", depth=_UNLINKED_DEPTH), 1)]
        for known in self.again.columns():
            column = known.column
            if self.tree.get(column.url) is None and url_key(column.url) not in self._seen:
                self.tree.recall(known)
                if column.kind is not ColumnKind.LINK_OUT and self.context.scope.fetches(column.url) and "#" not in column.url:
                    requests += self._request(column.url, Visit("column", column.name, None, column.depth), 1)
                self._seen.add(url_key(column.url))  # recalled once: it may be forgotten again
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def try_links(self) -> None:
        """When the site is read: whether what its pages offer leads anywhere."""
        gone = [] if self._pending else self._links.vanished.due()
        requests = [request for url, visit in gone for request in self._request(url, visit, 50)]
        requests = requests or self._links.due(self.context.site.crawl.max_pages - self.asked)
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def _sent_for(self, url: str, visit: Visit) -> bool:
        """Whether this crawl is to ask for an address at all."""
        return True

    def _admits(self, url: str, visit: Visit) -> bool:
        """Whether an address is to be asked for: not asked for already, no trap, and the budget is not spent."""
        if not self._sent_for(url, visit):
            return False
        key = url_key(url)
        path = key.split("?", 1)[0]
        listed = visit.role == "document"  # a row vouches for it, however many there are: all pages of some systems are one path
        if key in self._seen or (not listed and self._paths[path] >= _SAME_PATH):
            return False
        if visit.role == "explore" and key == url_key(self.context.site.home):
            return False  # crumbs lead back to it; the home page of a unit on the portal looks like a list, and is no column
        if self.asked >= self.context.site.crawl.max_pages:
            self._capped = True
            return False
        self._seen.add(key)
        if "?" in key and not listed:
            self._paths[path] += 1
        return True

    def _request(self, url: str, visit: Visit, priority: int) -> Iterator[Request]:
        if self._admits(url, visit):
            yield self._fetch(url, visit, priority)

    def _next_documents(self) -> Iterator[Request]:
        """Requests for documents that lists named, a few at a time: a request takes twenty times the room of an address."""
        while self._later and self._pending < _AT_HAND:
            url, title, column, depth = self._later.popleft()
            self.asked -= 1  # it was counted when the list named it
            yield self._fetch(url, Visit("document", title, column, depth), 100)

    # --- answers ------------------------------------------------------------------------------

    def parse(self, response: Response, **_kwargs: Any) -> Iterator[Output]:
        visit: Visit = response.meta["visit"]
        self.answered += 1
        self._pending -= 1
        yield from self._answered(response, visit)
        yield from self._next_documents()

    def _answered(self, response: Response, visit: Visit) -> Iterator[Output]:
        fault = fault_of(response) or self._misdirected(response, visit)
        fetch = fetch_of(response, response.meta.get("archived_at") or self.context.clock(), fault)
        if fault is None and not isinstance(response, TextResponse):
            fault = "no-html"
        if fault == "substituted" and leads_home(visit.via, self.context.site.name):
            yield FetchItem(replace(fetch, reason=None))  # the home page under a second address, as its link says
            return
        reading = None
        document = self._as_read(response, visit, fetch) if fault is None else None
        if document is not None:
            yield PageItem(fetch, None, response.body, headers_of(response), same=True)
            yield from self._note(fetch.url, visit, None)
            yield from self._document(document, fetch.url, visit)
            return
        if fault is None and visit.role not in _NO_PAGES:
            reading, fault = self._read(response, self._kinds_read_whole(asked(response), visit))
            target = None if reading is None or visit.from_stub else self._stub_target(reading)
            if target is not None and visit.role != "home" and url_key(target) == url_key(self.context.site.home):
                reading, fault, target = None, "soft-404", None  # sent home: what was asked for is not there
            if target is not None:
                yield FetchItem(fetch)
                yield self._fetch(target, replace(visit, from_stub=True), 950)
                return
            if reading is not None and self._needs_browser(reading, visit) and not family_of(fetched(response, reading)).by_script:
                yield self._fetch(fetch.url, replace(visit, rendered=True), 950)
                return
        if reading is not None and reading.further and visit.role != "part":
            yield from self._hold_back(reading, visit, fetch, response)
            return
        if fault is not None:
            fetch = replace(fetch, reason=fault, copy=None)
        yield PageItem(fetch, None if fault or visit.role == "part" else reading, response.body, headers_of(response))
        if fault is not None:
            yield from self._failed(fetch.url, visit, fault, response)
            return
        yield from self._note(fetch.url, visit, None)
        yield from self._taken(reading, visit, fetch, response)

    def _taken(self, reading: PageReading | None, visit: Visit, fetch: Fetch, response: Response) -> Iterator[Output]:
        """What an answer that was understood leads to."""
        if visit.role == "part":
            yield from self._arrived_part(fetch, visit, response)
        elif visit.role in _NO_PAGES:
            yield from self._told(response, visit)
        else:
            assert reading is not None
            yield from self._arrived(reading, visit, fetch, response)

    def _hold_back(self, reading: PageReading, visit: Visit, fetch: Fetch, response: Response) -> Iterator[Output]:
        """Keep a page whose text goes on elsewhere until all of it is read."""
        parted = Parted(reading, visit, fetch, response, [reading.document] if reading.document is not None else [])
        parted.name(reading.further)
        self._parted[url_key(fetch.url)] = parted
        yield from self._read_on_in(parted)

    def _arrived_part(self, fetch: Fetch, visit: Visit, response: Response) -> Iterator[Output]:
        parted = self._parted[url_key(visit.parent or "")]
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        text, further = read_part(response.body, fetch.url, parted.fetch.url, content_type=content_type)
        parted.texts.append(text)
        parted.name(further)
        yield from self._read_on_in(parted)

    def _read_on_in(self, parted: Parted) -> Iterator[Output]:
        """The next page of a document's text; after the last one the document as a whole."""
        url = parted.next()
        if url is not None:
            yield self._fetch(url, Visit("part", parted.visit.via, parted.fetch.url, parted.visit.depth), 120)
            return
        del self._parted[url_key(parted.fetch.url)]
        reading = parted.whole()
        yield PageItem(parted.fetch, reading, parted.response.body, headers_of(parted.response))
        yield from self._note(parted.fetch.url, parted.visit, None)
        yield from self._arrived(reading, parted.visit, parted.fetch, parted.response)

    def _part_failed(self, parted: Parted, fault: str) -> Iterator[Output]:
        """A part that is gone is no part; one that was not seen leaves the whole text unread."""
        if fault in MISSING:
            yield from self._read_on_in(parted)
            return
        del self._parted[url_key(parted.fetch.url)]
        yield PageItem(replace(parted.fetch, reason=fault, copy=None), None, parted.response.body, headers_of(parted.response))
        yield from self._failed(parted.fetch.url, parted.visit, fault, None)

    def _told(self, response: Response, visit: Visit) -> Iterator[Output]:
        """An answer that is asked for what it holds and is no page of its own: a menu, columns or rows as data."""
        if visit.role == "menu":
            written = read_menu(fetched(response, None), self.context.site.home)
            yield from self._follow(written, None, 0) if written is not None else ()
        elif visit.role == "columns":
            assert visit.family is not None
            yield from self._told_columns(visit.family, fetched(response, None), visit.parent or asked(response))
        else:
            yield from (self._walked if visit.role == "walk" else self._confirmed)(response, visit)

    def _as_read(self, response: Response, visit: Visit, fetch: Fetch) -> DocumentReading | None:
        """What an earlier crawl read of a document page, where the answer is those very bytes and the reader the same."""
        known = self.context.known.document(fetch.url) if visit.role == "document" and is_as_read(response, fetch.sha256) else None
        return known if known is None or JOINED not in known.marks else None  # its further pages may have changed

    def _arrived(self, reading: PageReading, visit: Visit, fetch: Fetch, response: Response) -> Iterator[Output]:
        self.tree.note(reading)
        if visit.role == "home":
            yield from self._arrived_home(reading, fetch, response)
        elif reading.page is PageKind.DOCUMENT:
            yield from self._arrived_document(reading, visit)
        else:
            yield from self._arrived_column(reading, visit, fetch, response)

    def _misdirected(self, response: Response, visit: Visit) -> str | None:
        """Redirected away: to the home page is a missing page, to another host is not the site's page."""
        address = asked(response)
        if url_key(response.url) == url_key(address) or visit.role == "home":
            return None
        if url_key(response.url) == url_key(self.context.site.home):
            return "soft-404"
        return None if self.context.scope.fetches(response.url) else ELSEWHERE

    def _kinds_read_whole(self, url: str, visit: Visit) -> frozenset[PageKind]:
        """Of which kinds of page more is kept than their rows or their text: columns and the home page; of what is explored, all but documents."""
        if visit.role in ("home", "column") or self.tree.get(url) is not None:
            return _EVERY_KIND
        return _EVERY_KIND - {PageKind.DOCUMENT} if visit.role == "explore" else frozenset()

    def _read(self, response: Response, whole: frozenset[PageKind] = frozenset()) -> tuple[PageReading | None, str | None]:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        try:
            reading = read(response.body, response.url, content_type=content_type, whole=whole)
        except InputError:
            return None, "no-html"
        address = asked(response)
        if "soft-404" in reading.marks:
            return None, "soft-404"
        return replace(reading, url=address), None

    def _stub_target(self, reading: PageReading) -> str | None:
        """Where a page leads that holds nothing but a refresh, if that is on the site."""
        target = next((mark.partition(":")[2] for mark in reading.marks if mark.startswith("redirect-stub:")), None)
        if target is None:
            return None
        stays = netloc(target) in self.context.scope.hosts or self.context.scope.may_adopt(target)
        return target if stays and url_key(target) != url_key(reading.url) else None

    def _needs_browser(self, reading: PageReading, visit: Visit) -> bool:
        if not self.can_render or visit.rendered or visit.role in ("document", "part"):
            return False
        if self.context.site.crawl.render is Render.ALWAYS:
            return True
        by_script = reading.listing is not None and reading.listing.empty is EmptyBecause.SCRIPT
        return "script-shell" in reading.marks or by_script

    # --- faults -------------------------------------------------------------------------------

    def missed(self, failure: Failure) -> Iterator[Output]:
        """A request that was never answered."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self.answered += 1
        self._pending -= 1
        fault = "render-failed" if request.meta["visit"].rendered or failure.value is None else classify_error(failure.value)
        url = request.meta.get("redirect_urls", [request.url])[0]
        if fault == BudgetSpentError.reason_key:
            raise CloseSpider(fault)
        yield FetchItem(Fetch(url, self.context.clock(), None, fault, None, None, None))
        other = self._other_home(url, request.meta["visit"], fault)
        if other is not None:
            yield other
            return
        if request.meta["visit"].role == "home" and self._dead is not None:
            fault, self._scheme = self._dead, None  # neither scheme answers: it is the registry's that counts
        yield from self._failed(url, request.meta["visit"], fault, None)
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
        if visit.role == "home":
            elapsed = float(response.meta.get("download_latency") or 0.0) if response else float(self.settings.getfloat("DOWNLOAD_TIMEOUT"))
            now = self.context.clock()
            marks = self._home_marks(response)
            self._home = Home(self.context.site.home, now, None, False, fault, (), 0, marks)
            stopped = response is None and self.manners.pacer.stopped(host_of(self.context.site.home))
            seen = not stopped and fault not in ("robots-disallowed", "robots-not-established", "not-archived", "not-finished")
            yield HomeItem(self._home, Probe(now, False, elapsed, fault, self._ipv6) if seen and self.context.replay is None else None)
        state = self.tree.get(visit.column or url)
        if state is not None:
            if visit.role == "walk" and state.walk is not None:
                yield from self._not_walked(state, visit, fault)
            elif visit.role == "tail":
                yield from self._read_on(state, visit)
            elif state.linked_at is not None and fault in MISSING:
                self.tree.forget(state)  # no page of today leads there: it went, and its links with it
            else:
                state.reachable = False if fault in MISSING else None
                state.fault = None if fault == ELSEWHERE else fault
                if fault == ELSEWHERE:
                    state.kind = ColumnKind.LINK_OUT
        stopped = self.manners.pacer.stopped(host_of(self.context.site.home))
        if stopped is not None:
            raise CloseSpider(stopped)

    # --- the home page ------------------------------------------------------------------------

    def _arrived_home(self, reading: PageReading, fetch: Fetch, response: Response) -> Iterator[Output]:
        site = self.context.site
        if netloc(response.url) != self.context.scope.home_host:
            self.context.scope.adopt(response.url)  # the site answers under another name of its own
        marks = [*reading.marks, *self._home_marks(response)]
        if reading.encoding_conflict:
            marks.append(f"charset-conflict:{reading.encoding_conflict}")
        reason = "script-shell" if "script-shell" in reading.marks else None
        codes = {other.site_code for other in self.context.registry.sites if other.id in (site.id, site.parent) and other.site_code}
        shown = reading.identity.site_code
        if site.site_code and shown and shown not in codes:
            # An expired domain or a moved one: nothing it shows may be charged to this unit.
            marks.append(f"identity-mismatch:{shown}")
            reason = "identity-mismatch"
        if reason is None and site.scored and not self._leads_on(reading, response):
            reason = "no-ways-on"  # a notice in the site's place, or a cover that only a script opens
        self._home = home_of(site.home, fetch, reading, reason, tuple(marks))
        self._links.home.note(self._home)
        latency = float(response.meta.get("download_latency") or 0.0)
        yield HomeItem(self._home, Probe(fetch.at, True, latency, None, self._ipv6) if self.context.replay is None else None)
        if site.scored:
            yield from self._columns_in_data(fetched(response, reading), reading)
            yield from self._follow(reading, None, 0)
            for url in menus_elsewhere(fetched(response, reading)):
                yield from self._request(url, Visit("menu"), 950)

    def _leads_on(self, reading: PageReading, response: Response) -> bool:
        """Whether a home page leads to any other page of its site: one that does not shows nothing that could be missed."""
        home = self.context.site.home
        own = (link.url for link in reading.links if link.url is not None and domain(link.url) == domain(home) and not is_file(link.url))
        page = fetched(response, reading)
        family = family_of(page)
        told = family.entry(page) is not None or bool(family.columns(page)) or family.by_script
        return told or any(url_key(url) not in (url_key(home), url_key(response.url)) for url in own)

    def _home_marks(self, response: Response | None) -> tuple[str, ...]:
        """What the visit itself showed: where the host lies, what its certificate is worth, which scheme had to serve."""
        if response is None:
            return ()
        found = {
            "address": response.meta.get("address"),
            "certificate": response.meta.get("certificate"),
            "scheme-fallback": self._scheme,
            "tls-lowered": self.manners.old_tls(response.url),
        }
        return tuple(f"{name}:{value}" for name, value in found.items() if value)

    # --- columns ------------------------------------------------------------------------------

    def _arrived_column(self, reading: PageReading, visit: Visit, fetch: Fetch, response: Response) -> Iterator[Output]:
        held = self.tree.get(reading.url)
        page = fetched(response, reading)
        family = family_of(page)
        if reading.listing is not None and reading.listing.pager is not None and reading.listing.pager.current > 1 and held is None:
            return  # a later page of a list is no column of its own; its walk reads it
        is_list = reading.page in (PageKind.LIST, PageKind.INDEX) or family.name != "generic"
        if is_list or held is not None:
            state = self.tree.arrived(reading.url, reading, visit.via, visit.parent, max(visit.depth, 1))
            state.sha256 = fetch.sha256
            state.hosted_by = self.context.scope.hosted_by(reading.url)
            state.kind = page_kind(reading.page, state.match.canonical if state.match else None)
            self._links.outs.note(reading.links, state)
            asks = load_columns().get(state.match.canonical) if state.match else None
            if reading.surface is not None and asks is not None and asks.content_kind.startswith("form"):
                self._links.attachments.note_page(reading.surface, reading.url)
            if is_list:
                if reading.page is PageKind.LIST or reading.listing is not None:
                    state.walk = WalkNotes(
                        empty=reading.listing.empty if reading.listing else None,
                        empty_text=reading.listing.empty_text if reading.listing else None,
                        container=reading.listing.container if reading.listing else None,
                    )
                if family.columns(page) and "#" not in state.url:
                    state.kind, state.walk = ColumnKind.SECTION, None
                elif family.name != "generic":
                    state.kind, state.walk = ColumnKind.LIST, state.walk or WalkNotes()
                if state.walk is not None:
                    progress = Progress()
                    yield from self._begin(state, whole(family.first(page, state.url, progress), reading), family, progress)
        if self.context.site.scored:
            yield from self._columns_in_data(page, reading)
            yield from self._follow(reading, self.tree.get(reading.url), visit.depth)

    def _columns_in_data(self, page: Fetched, reading: PageReading) -> Iterator[Output]:
        family = family_of(page)
        entry = family.entry(page)
        if entry is not None:
            visit = Visit("columns", parent=reading.url, family=family)
            if self._admits(entry.url, visit):
                yield self._fetch(entry.url, visit, 600)
        yield from self._told_columns(family, page, reading.url)

    def _told_columns(self, family: Family, page: Fetched, on: str) -> Iterator[Output]:
        """Columns that data name: those of the page `on`, or of an answer that it led to."""
        for told in family.columns(page):
            link = replace(told, url=urljoin(on, told.url))
            anchor = Link(link.url, link.name, "text", "menu")
            parent = self.tree.get(link.parent_url) if link.parent_url else self.tree.get(on)
            depth = (parent.depth if parent else 1) + 1
            inside = self.context.scope.fetches(link.url)
            kind = ColumnKind.LINK_OUT if not inside else ColumnKind.SECTION if link.holds_columns else ColumnKind.LIST
            state = self.tree.linked(anchor, parent, depth, self.context.scope.hosted_by(link.url), kind=kind)
            if state is None:
                path = (*(parent.path if parent else ()), link.name)
                state = self.tree.states.setdefault(
                    url_key(link.url), ColumnState(link.url, link.name, None, kind, link.parent_url, depth, path)
                )
            if not inside or link.holds_columns:
                state.reachable = True if link.holds_columns else None
            elif link.ask is None:
                yield from self._request(link.url, Visit("explore", link.name, on, depth), 500)
            elif state.walk is None and url_key(link.ask.url) not in self._seen:
                state.walk, state.reachable = WalkNotes(), True
                yield self._ask(state, link.ask, family, Progress())

    def _follow(self, reading: PageReading, page_column: ColumnState | None, depth: int) -> Iterator[Output]:
        """The links of a page: columns by name, further pages of the site, platforms of its own elsewhere."""
        scope = self.context.scope
        shown = (reading.document, reading.surface)
        files = {file.url for page in shown if page is not None for file in page.attachments}  # also behind addresses that name no file
        # 【一图读懂】 under a text leads to a paper, though a column may be called so.
        papers = {related.url for related in reading.document.related} if reading.document is not None and page_column is None else set()
        for link in reading.links:
            if link.url is None or self._turns_page(link, reading) or (link.region == "footer" and not scope.explores(link.url)):
                continue
            if link.url in files:
                continue
            if not scope.fetches(link.url) and not self._takes_in(link, page_column, depth):
                continue
            if not scope.explores(link.url):
                self._lead_to_parent(link, page_column, depth)
                continue
            if link.region != "list":
                self.tree.hang(link, page_column)
            if link.region in ("nav", "menu", "frame") or (link.region == "body" and link.url not in papers):
                self.tree.linked(link, self.tree.holder(link, page_column), depth + 1, scope.hosted_by(link.url))
            if self.tree.get(link.url) is None and self.again.leaves(link.url):
                continue
            framing = page_column if link.region == "frame" and not link.text else None
            visit = Visit("explore", framing.name if framing is not None else link.text, reading.url, depth + 1)
            yield from self._request(link.url, visit, max(500 - 50 * depth, 150) if link.region != "list" else 100)

    @staticmethod
    def _turns_page(link: Link, reading: PageReading) -> bool:
        """Whether a link leads to more of the page's own list. An arrow on a page that turns none says 更多 of a box."""
        pager = reading.listing.pager if reading.listing is not None else None
        return bool(_TURNS_PAGE.match(link.text)) and not (pager is None and _ARROW.match(link.text))

    def _takes_in(self, link: Link, page_column: ColumnState | None, depth: int) -> bool:
        """Note a column that leads off the site; whether it is the site's own disclosure platform on another of its hosts, and read as such."""
        assert link.url is not None
        scope = self.context.scope
        if is_file(link.url) or link.region == "list" or len(link.text) > 20:
            return False
        holder = self.tree.holder(link, page_column)
        state = self.tree.linked(link, holder, depth + 1, scope.hosted_by(link.url), kind=ColumnKind.LINK_OUT)
        if state is None or state.kind is not ColumnKind.LINK_OUT:
            return False
        if state.match is None or state.match.canonical != "zfxxgk" or depth != 0 or not scope.may_adopt(link.url):
            return False
        scope.adopt(link.url)
        state.kind = ColumnKind.UNKNOWN
        return True

    def _lead_to_parent(self, link: Link, page_column: ColumnState | None, depth: int) -> None:
        """Note a part of a column that the portal keeps for a unit which lives on its host: no more the unit's own than on another host."""
        if page_column is None or page_column.match is None or link.url is None or link.region not in ("menu", "body"):
            return
        above, named = page_column.match.canonical, match_column([link.text], link.url, parents=self.tree.above(page_column))
        within = named is not None and named.canonical != above and load_columns().is_within(named.canonical, above)
        if within and self.context.scope.on_host_alone(link.url):
            self.tree.linked(link, page_column, depth + 1, self.context.scope.hosted_by(link.url), kind=ColumnKind.LINK_OUT)

    # --- documents ----------------------------------------------------------------------------

    def _arrived_document(self, reading: PageReading, visit: Visit) -> Iterator[Output]:
        assert reading.document is not None
        yield from self._document(reading.document, reading.url, visit)
        state = self.tree.get(reading.url)
        if visit.role == "document" or not self.context.site.scored:
            return
        if state is not None:
            state = self.tree.arrived(reading.url, reading, visit.via, visit.parent, max(visit.depth, 1))
            state.hosted_by = self.context.scope.hosted_by(reading.url)
            state.kind = page_kind(reading.page, state.match.canonical if state.match else None)
            state.text_chars = max(reading.text_chars, len(reading.document.body))
            self._links.outs.note(reading.links, state)
        yield from self._follow(reading, state, visit.depth)

    def _document(self, document: DocumentReading, url: str, visit: Visit) -> Iterator[Output]:
        self.documents += 1
        self._links.attachments.note(document, url)
        if document.published_at:
            self._published[url_hash(url)] = document.published_at.date()
        for related in document.related:
            if self.context.scope.fetches(related.url) and not is_file(related.url) and self.again.wants(related.url):
                yield from self._request(related.url, Visit("document", related.title, url, visit.depth + 1), 60)

    def _list(self, entries: tuple[ListEntry, ...], state: ColumnState) -> Iterator[Output]:
        """Fetch what a list's rows lead to, where it is new, changed or due again."""
        for entry in entries:
            if entry.url is None or is_file(entry.url) or not self.context.scope.fetches(entry.url):
                continue
            if self._names_column(entry, state):
                yield from self._request(entry.url, Visit("explore", entry.title, state.url, state.depth + 1), 300)
            elif self._is_due(entry, entry.url, state):
                if self._admits(entry.url, Visit("document", entry.title, state.url, state.depth + 1)):
                    self.asked += 1
                    self._later.append((entry.url, entry.title, state.url, state.depth + 1))
            else:
                self._seen.add(url_key(entry.url))

    def _is_due(self, entry: ListEntry, url: str, state: ColumnState) -> bool:
        return self.again.wants(url) or self.again.is_new_row(state.url, entry) or self.tree.get(url) is not None

    def _names_column(self, entry: ListEntry, state: ColumnState) -> bool:
        """Whether an undated row is the way to a column of its own: 公开指南 among the rows of a section."""
        if (
            entry.url is None
            or entry.date is not None
            or len(entry.title) > _COLUMN_NAME_CHARS
            or not self.context.scope.explores(entry.url)
        ):
            return False
        return (
            self.tree.linked(Link(entry.url, entry.title, "text", "list"), state, state.depth + 1, self.context.scope.hosted_by(entry.url))
            is not None
        )

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
        if self.aborted:
            return
        try:
            self._settle(reason)
        except LeaseLostError as lost:
            self.logger.warning("%s", lost)

    def _settle(self, reason: str) -> None:
        context = self.context
        stopped = "" if reason == "finished" else reason
        for state in self.tree.states.values():
            if state.walk is not None and state.walk.state is None:
                state.walk.end(WalkState.INCOMPLETE, stopped or "not-finished")
        if self._home is not None and self._home.readable:
            stopped = self._behind_the_fence(stopped)
        self.tree.settle()
        self._tell_drift()
        context.store.save_columns(context.ticket, self._facts())
        context.store.save_links(context.ticket, self._links.trials(self._fence) if self._is_site() else [])
        if reason == "shutdown" and not context.ticket.partial:
            context.store.release(context.ticket)
            return
        capped = "cap-reached" if self._capped else ""
        ended, why = self._outcome(stopped or capped)
        requests = int(self.crawler.stats.get_value("downloader/request_count", 0))
        context.store.finish(context.ticket, context.clock(), ended, why, requests=requests, pages=self.answered, faults=self.faults)

    def _facts(self) -> list[ColumnFact]:
        """The columns as this crawl found them."""
        return [self._fact(state) for state in self.tree.states.values() if state.alias_of is None]

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
