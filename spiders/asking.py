"""The part of the spider that asks: each address once, within the budget, documents a few at a time."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.columns import ColumnTree
from crawler.context import CrawlContext
from crawler.items import FetchItem, FileItem, HomeItem, PageItem, TrialItem
from crawler.rows import Shelf, Waiting
from data.records import PageKind, PageReading
from data.registry import CrawlOptions
from data.urls import Keys, netloc, url_key
from spiders.choosing import Turns, Wanted, Worth
from spiders.visits import Visit

_AT_HAND = 64  # open requests below which waiting documents are taken up
_SAME_PATH = 300  # addresses of one path that differ in their query alone: more is a trap
_BARREN = 30  # answers in a row, of addresses that differ in a value of their query, that lead to nothing new: the rest are left
_NAMED_PATH = 2000  # the same of those that a link calls by the name of a column
OF_A_ROW = 100  # priority of what a row of a list leads to
_EVERYTHING = CrawlOptions.model_fields["max_pages"].default  # who asks for fewer pages asks for the most worthy ones
_HELD_BACK = frozenset({"column", "explore", "document"})  # what can wait for its turn: a part of a page, say, cannot
Output = PageItem | FileItem | FetchItem | HomeItem | TrialItem | Request


class AskingSpider(scrapy.Spider):
    """What was asked of a site in this crawl, and whether more may be."""

    context: CrawlContext
    tree: ColumnTree

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.asked = 0
        self._pending = 0  # requests made and not answered
        self._seen = Keys()
        self._explored: set[str] = set()  # of these, what was asked for as more than the document of a row
        self._rows = Keys()  # what was asked for as no more, and has not come
        self._claimed: dict[str, Visit] = {}  # of these, what is wanted as more by now
        self._turned_away: set[str] = set()  # later pages of lists that nothing named a column when they came
        self._left = Keys()  # documents of rows that are not due
        self._shelf = Shelf()
        self._later = Waiting(self._shelf)  # documents whose requests are not made yet
        self._paths: Counter[str] = Counter()
        self._barren: Counter[str] = Counter()  # by kin: answers in a row that led to nothing new
        self._scheme: str | None = None  # the one that works, where the registry's does not
        self._capped = False
        self._waiting_room = Turns()

    @abstractmethod
    def parse(self, response: Response, **_kwargs: Any) -> Iterator[Output]: ...

    @abstractmethod
    def missed(self, failure: Failure) -> Iterator[Output]:
        """A request that was never answered."""

    def _fetch(self, url: str, visit: Visit, priority: int) -> Request:
        """A request that knows why it is made. The spider keeps its own record of what was asked: fragments can tell columns apart."""
        self.asked += 1
        self._pending += 1
        if self._scheme is not None and netloc(url) == self.context.scope.home_host:
            url = urlsplit(url)._replace(scheme=self._scheme).geturl()
        return Request(url, callback=self.parse, errback=self.missed, priority=priority, meta={"visit": visit}, dont_filter=True)

    def _sent_for(self, url: str, visit: Visit) -> bool:
        """Whether this crawl is to ask for an address at all."""
        return True

    def _admits(self, url: str, visit: Visit) -> bool:
        """Whether an address is to be asked for: not asked for already, no trap, and the budget is not spent."""
        if not self._sent_for(url, visit):
            return False
        key = url_key(url)
        if key in self._seen:
            if not self._takes_over(key, visit):
                return False
        elif not self._waits_for_turn(url, visit) and self._is_trap(key, visit):
            return False
        if not self._has_room() and not self._waits_for_turn(url, visit):
            return False
        if visit.role == "document":
            self._rows.add(key)
        else:
            self._explored.add(key)
        self._seen.add(key)
        return True

    def _has_room(self) -> bool:
        """Whether the budget holds one more; that it did not makes the crawl incomplete."""
        has_room = self.asked < self.context.site.crawl.max_pages
        self._capped = self._capped or not has_room
        return has_room

    def _chooses(self) -> bool:
        """Whether there may be more to ask for than this crawl may ask."""
        most = self.context.site.crawl.max_pages
        return most < _EVERYTHING or self.asked * 2 >= most

    def _waits_for_turn(self, url: str, visit: Visit) -> bool:
        """Whether an address waits for those of more worth; so does one of many of one path, of which a crawl asks for so many alone."""
        return visit.role in _HELD_BACK and (self._chooses() or ("?" in url and visit.role != "document" and self.tree.get(url) is None))

    def _is_trap(self, key: str, visit: Visit) -> bool:
        """Whether too many addresses of one path were asked for already, or its like lead to nothing new: a calendar has no end.

        All pages of some systems are one path: a row of a list vouches for its document, however many there are, and a name of the
        catalogue for a column, though not for ever. Where those are cut off, the site was not read to its end.
        """
        path, asks, _ = key.partition("?")
        if not asks or visit.role == "document":
            return False
        named = key in self.tree.states
        path = f"{path}?" if named else path
        self._paths[path] += 1
        trapped = self._paths[path] > (_NAMED_PATH if named else _SAME_PATH) or (not named and self._barren[kin(key)] >= _BARREN)
        self._capped = self._capped or (trapped and named)
        return trapped

    def _note_yield(self, reading: PageReading) -> None:
        """Whether the answer to an address with a query has led to anything new: a document, or what is called otherwise."""
        key = url_key(reading.url)
        if "?" not in key:
            return
        own = kin(key)
        entries = reading.listing.entries if reading.listing is not None else ()
        told = [entry.url for entry in entries if entry.url is not None]
        led = (link.url for link in reading.links if link.url is not None and self.context.scope.fetches(link.url))
        fresh = reading.page is PageKind.DOCUMENT or any(url_key(url) not in self._seen for url in told)
        fresh = fresh or any(other not in self._seen and kin(other) != own for other in map(url_key, led))
        self._barren[own] = 0 if fresh else self._barren[own] + 1

    def _takes_over(self, key: str, visit: Visit) -> bool:
        """Whether what was asked for as the document of a row is asked for again, now that a menu leads there: as a way on.

        So a page is read alike whether the row or the menu was read first. What has not come yet is not asked for twice.
        """
        if visit.role == "document":
            return False
        if key in self._explored:
            again = key in self._turned_away and key in self.tree.states
            self._turned_away -= {key} if again else set()
            return again
        if key in self._rows:
            self._explored.add(key)
            self._claimed[key] = visit
            return False
        return True

    def _as_claimed(self, key: str, visit: Visit) -> Visit:
        """Why an answer is wanted by now."""
        if visit.role != "document":
            return visit
        self._rows.discard(key)
        return self._claimed.pop(key, visit)

    def _take(self, url: str) -> None:
        """An address is asked for by other ways, once."""
        self._seen.add(url_key(url))
        self._explored.add(url_key(url))

    def _request(self, url: str, visit: Visit, priority: int) -> Iterator[Request]:
        if not self._admits(url, visit):
            return
        if self._waits_for_turn(url, visit):
            self._hold(url, visit, priority)
        else:
            yield self._fetch(url, visit, priority)

    def _hold(self, url: str, visit: Visit, priority: int) -> None:
        wanted = Wanted(url_key(url), visit, lambda why: self._fetch(url, why, priority), in_row=priority <= OF_A_ROW)
        self._waiting_room.put(wanted)

    def _next_group(self) -> list[Request]:
        """When nothing is under way: what is worth most of what waits, as much of it as the budget holds."""
        requests: list[Request] = []
        while self._waiting_room and not requests and not self._pending:
            for wanted in self._waiting_room.group(self._rank, (*self._claimed, *self.tree.states)):
                visit = self._as_wanted(wanted)
                if visit.role in _HELD_BACK and self._is_trap(wanted.key, visit):
                    continue
                if self._has_room():
                    requests.append(wanted.ask(visit))
                elif wanted.drop is not None:
                    wanted.drop()
        return requests

    def _as_wanted(self, wanted: Wanted) -> Visit:
        """Why a waiting address is wanted by now: a menu may lead to what was seen as the document of a row."""
        if wanted.visit.role != "document" or wanted.key not in self._claimed:
            return wanted.visit
        return self._as_claimed(wanted.key, wanted.visit)

    def _rank(self, wanted: Wanted) -> tuple[int, int, int]:
        """What goes first: the shallow before the deep, and of these what bears the name of a column."""
        visit = self._claimed.get(wanted.key, wanted.visit)
        if visit.role == "walk":
            return (Worth.LATER_PAGE, visit.progress.pages if visit.progress is not None else 0, 0)
        is_column, is_row = wanted.key in self.tree.states, wanted.in_row and wanted.key not in self._claimed
        if visit.role == "document" or (is_row and not is_column):
            return (Worth.DOCUMENT, visit.depth, 0)
        return (Worth.WAY_ON, visit.depth, int(not is_column))

    def _next_documents(self) -> Iterator[Request]:
        """Requests for documents that lists named, a few at a time: a request takes twenty times the room of an address."""
        while self._later and not self._waiting_room and self._pending < _AT_HAND:
            url, title, column, depth = self._later.popleft()
            self.asked -= 1  # it was counted when the list named it
            yield self._fetch(url, Visit("document", title, column, depth), OF_A_ROW)


def kin(key: str) -> str:
    """What addresses share that differ in the values of their query: the path, the names, and the values that are words."""
    path, _, asks = key.partition("?")
    pairs = (pair.partition("=") for pair in asks.split("&"))
    return f"{path}?" + "&".join(sorted(f"{name}={value if value.isalpha() and value.isascii() else ''}" for name, _, value in pairs))
