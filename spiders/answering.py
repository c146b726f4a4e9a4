"""The part of the spider that takes an answer in: what it is, whether it is shown to a browser or read on first, and who is handed it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urldefrag

from scrapy import Request
from scrapy.http import Response, TextResponse

from crawler.archive import digest
from crawler.extract import read
from crawler.extract.page import UNFILLED
from crawler.extract.pager_signs import is_library
from crawler.extract.parts import JOINED
from crawler.faults import ELSEWHERE, MISSING
from crawler.fetching import TO_SHOW
from crawler.items import FetchItem, PageItem, TrialItem
from crawler.middlewares.faults import fault_of
from crawler.reader import reader_version
from crawler.substitution import leads_home
from data.errors import InputError
from data.records import DocumentReading, EmptyBecause, Link, PageKind, PageReading
from data.registry import Render
from data.store import Fetch
from data.urls import netloc, url_key
from spiders.asking import Output
from spiders.doors import Notices, forwarded_to
from spiders.families import family_of
from spiders.finding import FindingSpider
from spiders.menus import read_menu
from spiders.parted import Parted
from spiders.visits import Visit, asked, fetch_of, headers_of, is_as_read
from spiders.walks import fetched

_NO_PAGES = frozenset({"walk", "tail", "columns", "menu"})
_EVERY_KIND = frozenset(PageKind)


class AnsweringSpider(FindingSpider):
    """What a crawl does with an answer before it is a page of its site."""

    can_render: bool
    answered: int
    _parted: dict[str, Parted]  # by the key of their first page
    _notices: Notices

    @abstractmethod
    def _arrived_home(self, reading: PageReading, fetch: Fetch, response: Response) -> Iterator[Output]: ...

    @abstractmethod
    def _note(self, url: str, visit: Visit, fault: str | None) -> Iterator[TrialItem]: ...

    @abstractmethod
    def _failed(self, url: str, visit: Visit, fault: str, response: Response | None) -> Iterator[Output]: ...

    def parse(self, response: Response, **_kwargs: Any) -> Iterator[Output]:
        visit: Visit = response.meta["visit"]
        self.answered += 1
        self._pending -= 1
        yield from self._answered(response, self._as_claimed(url_key(asked(response)), visit))
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
            part_of = visit.parent if visit.role == "part" else None
            reading, fault = self._read(response, self._kinds_read_whole(asked(response), visit), part_of)
            target = None if reading is None or visit.from_stub else self._stub_target(reading)
            if target is not None and visit.role != "home" and url_key(target) == url_key(self.context.site.home):
                reading, fault, target = None, "soft-404", None  # sent home: what was asked for is not there
            door = None if reading is None else self._door(response, reading, visit)
            if target is not None or door is not None:
                yield FetchItem(fetch)
                yield from self._led_on(target, door, fetch.url, visit)
                return
            if (
                reading is not None
                and self._needs_browser(reading, visit, response)
                and not family_of(fetched(response, reading)).by_script
            ):
                yield self._to_browser(response, visit)
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
        if visit.role in _NO_PAGES:
            yield from self._told(response, visit)
            return
        assert reading is not None
        if visit.role == "part":
            yield from self._arrived_part(reading, visit)
        else:
            yield from self._arrived(reading, visit, fetch, response)

    def _door(self, response: Response, reading: PageReading, visit: Visit) -> Link | None:
        is_way = visit.role in ("column", "explore")
        return forwarded_to(response, reading, visit.via, self.tree, self.context.scope) if is_way else None

    def _led_on(self, stub: str | None, door: Link | None, url: str, visit: Visit) -> Iterator[Output]:
        """A page that only refreshes to another; a column that forwards to one below it, which is asked for by its own address."""
        if stub is not None:
            yield self._fetch(stub, replace(visit, from_stub=True), 950)
            return
        assert door is not None
        assert door.url is not None
        self.tree.forwards(url, door, self.context.scope.hosted_by(door.url))
        yield from self._request(door.url, Visit("explore", door.text, url, visit.depth + 1), 500)

    def _hold_back(self, reading: PageReading, visit: Visit, fetch: Fetch, response: Response) -> Iterator[Output]:
        """Keep a page whose text goes on elsewhere until all of it is read."""
        parted = Parted(reading, visit, fetch, response, [reading.document] if reading.document is not None else [])
        parted.name(reading.further)
        self._parted[url_key(fetch.url)] = parted
        yield from self._read_on_in(parted)

    def _arrived_part(self, reading: PageReading, visit: Visit) -> Iterator[Output]:
        parted = self._parted[url_key(visit.parent or "")]
        assert reading.document is not None
        parted.texts.append(reading.document)
        parted.name(reading.further)
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
            yield from self._follow(written, 0) if written is not None else ()
        elif visit.role == "columns":
            assert visit.family is not None
            yield from self._told_columns(visit.family, fetched(response, None), visit.parent or asked(response))
        else:
            yield from (self._walked if visit.role == "walk" else self._confirmed)(response, visit)

    def _as_read(self, response: Response, visit: Visit, fetch: Fetch) -> DocumentReading | None:
        """What an earlier crawl read of a document page, where the answer is those very bytes and the reader the same."""
        same = visit.role == "document" and is_as_read(response, fetch.sha256, reader_version())
        known = self.context.known.document(fetch.url) if same else None
        return known if known is None or JOINED not in known.marks else None  # its further pages may have changed

    def _arrived(self, reading: PageReading, visit: Visit, fetch: Fetch, response: Response) -> Iterator[Output]:
        if reading.page is not PageKind.DOCUMENT or visit.role != "document":
            self.tree.note(reading, fetch.sha256)
        if visit.role == "explore":
            self._note_yield(reading)
        if visit.role == "home":
            yield from self._arrived_home(reading, fetch, response)
        elif reading.page is PageKind.DOCUMENT:
            yield from self._arrived_document(reading, visit)
        else:
            yield from self._arrived_column(reading, visit, fetch, response)

    def _misdirected(self, response: Response, visit: Visit) -> str | None:
        """Redirected away: to the home page is a missing page, to another host is not the site's page."""
        address = asked(response)
        route = urldefrag(address).url != address  # #/path: an answer's address is without it
        if visit.role == "home" or url_key(response.url) in (url_key(address), url_key(urldefrag(address).url) if route else ""):
            return None
        if url_key(response.url) == url_key(self.context.site.home):
            return "soft-404"
        return None if self.context.scope.fetches(response.url) else ELSEWHERE

    def _kinds_read_whole(self, url: str, visit: Visit) -> frozenset[PageKind]:
        """Of which kinds of page more is kept than their rows or their text: columns and the home page; of what is explored, all but documents."""
        if visit.role in ("home", "column") or self.tree.get(url) is not None:
            return _EVERY_KIND
        return _EVERY_KIND - {PageKind.DOCUMENT}

    def _read(
        self, response: Response, whole: frozenset[PageKind] = frozenset(), part_of: str | None = None
    ) -> tuple[PageReading | None, str | None]:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        try:
            reading = read(response.body, response.url, content_type=content_type, whole=whole, part_of=part_of)
        except InputError:
            return None, "no-html"
        reading = replace(reading, url=asked(response))
        if "soft-404" in reading.marks:
            return None, "soft-404"
        if response.meta.get(UNFILLED):
            self.faults[response.meta[UNFILLED]] += 1
            reading = replace(reading, marks=(*reading.marks, UNFILLED))
        # An interface may answer every empty list alike: only a page that was asked for as such is a notice.
        is_page = response.meta["visit"].role in ("column", "explore", "document")
        return (None, "substituted") if is_page and self._notices.stands_in(reading, digest(response.body)) else (reading, None)

    def _stub_target(self, reading: PageReading) -> str | None:
        """Where a page leads that holds nothing but a refresh, if that is on the site."""
        target = next((mark.partition(":")[2] for mark in reading.marks if mark.startswith("redirect-stub:")), None)
        if target is None:
            return None
        stays = netloc(target) in self.context.scope.hosts or self.context.scope.may_adopt(target)
        return target if stays and url_key(target) != url_key(reading.url) else None

    def _needs_browser(self, reading: PageReading, visit: Visit, response: Response) -> bool:
        if not self.can_render or visit.rendered or visit.role == "part":
            return False
        if visit.role == "document":
            return "script-shell" in reading.marks
        if self.context.site.crawl.render is Render.ALWAYS:
            return True
        if "script-shell" in reading.marks:
            return True
        if reading.listing is None or reading.listing.entries:
            return False
        # A list that shows no rows is one that readers see empty, or one that a script of the site's own fills: only looking tells.
        return reading.listing.empty is EmptyBecause.SCRIPT or not all(map(is_library, fetched(response, reading).scripts()))

    def _to_browser(self, response: Response, visit: Visit) -> Request:
        """A page that has come, once more, as a browser shows it."""
        request = self._fetch(asked(response), replace(visit, rendered=True), 950)
        self.asked -= 1  # it asks for nothing
        request.meta[TO_SHOW] = response
        return request
