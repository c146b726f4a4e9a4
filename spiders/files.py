"""The files that a site offers, read for their text: asked for when its pages are read, the ones first of which no page says what is in them.

Of one crawl so many, the newest documents' first; what its turn did not come to waits for the next one. Day two asks only for what is
new, what could not be had, what a finding rests on, and everything else in its turn, and conditionally.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scrapy import Request

from crawler.budget import BudgetSpentError
from crawler.faults import MISSING, classify_error
from crawler.files.apart import read_beside
from crawler.freshness import OLD_EVERY, in_turn
from crawler.items import FetchItem, FileItem, TrialItem
from crawler.middlewares.faults import fault_of
from crawler.reader import file_reader_version
from crawler.scope import is_file
from data.file_store import FileFact, known_files, offers
from data.files import FileText
from data.link_store import Trial
from data.records import SHANGHAI, Attachment, DocumentKind, DocumentReading, LinkKind, LinkVisit, ListEntry, PageSurface
from data.registry import Role
from data.store import Fetch
from data.urls import Keys, url_hash, url_key
from spiders.trying import Asking, is_there
from spiders.visits import Visit, asked, fetch_of, headers_of, is_as_read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scrapy.http import Response
    from twisted.python.failure import Failure

READ = frozenset({"pdf", "docx", "xlsx", "xls", "et", "ofd", "txt", "csv"})  # by the name; what the bytes are shows when they have come
_WRITTEN_THERE = frozenset({DocumentKind.GUIDE, DocumentKind.ANNUAL_REPORT, DocumentKind.CATALOGUE})
_SHORT = 200  # characters of a page that only hands out its file
_AT_ONCE = 16
_LONG_AGO = datetime(1900, 1, 1, tzinfo=SHANGHAI)
_SHOWN = MISSING | {"too-large", "robots-disallowed"}  # kept as what a file is known to be; all else is asked again


@dataclass(frozen=True, slots=True)
class Offered:
    """A file, and where it stands. `first`: no page says what is in it."""

    url: str
    label: str
    on: str
    type: str | None
    at: datetime
    first: bool
    of_document: bool  # whether how it answers is kept as the answer of a document's file: rows and columns are other rules' matter


class FileReadings:
    """Which files of a site this crawl reads, and what came of it."""

    def __init__(self, asking: Asking, taken: Callable[[str], None]) -> None:
        self._asking, self._context, self._taken = asking, asking.context, taken
        context = asking.context
        options = context.site.crawl
        self._most = options.files_per_crawl if context.site.role is not Role.UPSTREAM else 0
        self._since = context.clock() - timedelta(days=options.file_days)
        self._known = known_files(context.store.database, context.site.id) if self._most else {}
        self._watched = context.known.watched(everywhere=False) if self._known else frozenset()
        self._archived = Keys(url_key(url) for url in context.replay.urls()) if context.replay is not None else None
        self._waiting: dict[str, Offered] = {}
        self._asked: dict[str, Offered] = {}
        self._is_file = Keys()
        self._looked_back = context.ticket.partial or context.replay is not None
        self._stopped = not self._most

    # --- what is offered ------------------------------------------------------------------------

    def note(self, document: DocumentReading, url: str) -> None:
        """Remember the files of a document that was read."""
        first = document.kind in _WRITTEN_THERE or len(document.body) < _SHORT
        self._wait(document.attachments, url, document.published_at, first, of_document=True)

    def note_page(self, page: PageSurface, url: str) -> None:
        """Remember the files on a page that is no document: a column that only hands out its guide."""
        self._wait(page.attachments, url, self._context.clock(), first=True)

    def note_row(self, entry: ListEntry, column_url: str) -> None:
        """Remember a row of a list that leads to a file."""
        assert entry.url is not None
        file = Attachment(entry.url, entry.title, _type(entry.url))
        self._wait((file,), column_url, entry.date.value if entry.date is not None else None, first=True)

    def has(self, url: str) -> bool:
        """Whether an address was offered as a file, whatever its name."""
        return url_key(url) in self._is_file

    def _wait(self, files: Iterable[Attachment], on: str, at: datetime | None, first: bool, *, of_document: bool = False) -> None:
        for file in files:
            self._is_file.add(url_key(file.url))
            if self._stopped or not self._context.scope.has(file.url) or not (file.type is None or file.type in READ):
                continue
            if at is not None and at < self._since and not first:
                continue
            key = url_key(file.url)
            if key in self._asked or (self._archived is not None and key not in self._archived) or not self._is_due(file.url):
                continue
            self._waiting.setdefault(key, Offered(file.url, file.name, on, file.type, at or _LONG_AGO, first, of_document))

    def _is_due(self, url: str) -> bool:
        key = url_hash(url)
        known = self._known.get(key)
        ticket = self._context.ticket
        if known is None or self._context.replay is not None:
            return True
        if ticket.resumed and known.at >= ticket.started_at:
            return False  # before this crawl was cut off
        if key in self._watched or self._is_wanting(url):
            return True
        return in_turn(key, known.at, self._context.clock(), OLD_EVERY)

    def _is_wanting(self, url: str) -> bool:
        """Whether a file was never read, or was not there."""
        known = self._known.get(url_hash(url))
        return known is None or known.why in MISSING or known.why == "web-page"

    def _look_back(self) -> None:
        """What earlier crawls saw offered and did not come to, or did not find there."""
        context = self._context
        for offer in offers(context.store.database, context.site.id, self._since):
            first = offer.kind in _WRITTEN_THERE or offer.chars < _SHORT
            unread = tuple(file for file in offer.files if self._is_wanting(file.url))
            self._wait(unread, offer.url, offer.published_at, first, of_document=True)
        for url, title, column in context.known.rows_since(self._since):
            if is_file(url) and self._is_wanting(url):
                self._wait((Attachment(url, title, _type(url)),), column, None, first=True)

    # --- requests -------------------------------------------------------------------------------

    def due(self, room: int) -> list[Request]:
        """The next requests; `room`: how many this crawl may make beside its pages."""
        if self._stopped:
            return []
        if not self._looked_back:
            self._looked_back = True
            self._look_back()
        for url in self._context.focus.files if self._context.focus is not None else ():
            if url_key(url) not in self._asked:
                focused = Offered(url, "", url, _type(url), self._context.clock(), first=True, of_document=False)
                self._waiting.setdefault(url_key(url), focused)
        most = self._most if self._context.replay is None else len(self._waiting) + len(self._asked)
        room = min(min(room, most) - len(self._asked), _AT_ONCE)
        chosen = sorted(self._waiting.items(), key=lambda pair: self._rank(pair[1]))[: max(room, 0)]
        for key, offered in chosen:
            self._asked[key] = self._waiting.pop(key)
            if offered.of_document:
                self._taken(offered.url)
        return [self._ask(offered, -number) for number, (_, offered) in enumerate(chosen)]

    @property
    def asked(self) -> int:
        return len(self._asked)

    @property
    def unread(self) -> int:
        """How many files this crawl's turn did not come to."""
        return len(self._waiting)

    def _rank(self, offered: Offered) -> tuple[bool, bool, bool, float, str]:
        """What a finding rests on and what was never read come first, what could not be had the last time among the last."""
        key = url_hash(offered.url)
        tried = self._asking.known.get(key)
        again = key in self._known and key not in self._watched
        return again, tried is not None and tried.ok is not True, not offered.first, -offered.at.timestamp(), offered.url

    def _ask(self, offered: Offered, priority: int) -> Request:
        meta = {
            "visit": Visit("file", offered.label, offered.on), "offered": offered, "dont_retry": True,
            "download_maxsize": self._context.site.crawl.max_file_bytes,
        }  # fmt: skip
        return Request(offered.url, callback=self.parse, errback=self.missed, dont_filter=True, meta=meta, priority=priority)

    # --- answers --------------------------------------------------------------------------------

    async def parse(self, response: Response) -> AsyncIterator[FileItem | TrialItem]:
        """Read what came, beside the crawl, and say that the link leads somewhere."""
        offered: Offered = response.meta["offered"]
        fault = fault_of(response)
        if fault is None and url_key(asked(response)) != url_key(response.url) == url_key(self._context.site.home):
            fault = "soft-404"  # sent home: what was asked for is not there
        fetch = fetch_of(response, response.meta.get("archived_at") or self._context.clock(), fault)
        if fetch.copy is not None:
            fetch = replace(fetch, copy=replace(fetch.copy, reader=file_reader_version()))
        fact = None
        if not self._asking.keeps():
            pass
        elif fault in _SHOWN:
            fact = FileFact(fetch.url, fetch.at, fetch.sha256, FileText(offered.type or "other", fault))
        elif fault is None:
            text = None if self._is_as_read(response, fetch) else await read_beside(response.body, offered.type)
            fact = FileFact(fetch.url, fetch.at, fetch.sha256, text)
        yield FileItem(fetch, fact, response.body, headers_of(response))
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1").partition(";")[0].strip().lower()
        for item in self._trial(offered, LinkVisit(fetch.at, is_there(fault), fault, content_type or None, len(response.body))):
            yield item

    def missed(self, failure: Failure) -> Iterator[FileItem | FetchItem | TrialItem]:
        request: Request = failure.request  # type: ignore[attr-defined]
        assert failure.value is not None
        offered: Offered = request.meta["offered"]
        fault = classify_error(failure.value)
        if fault == BudgetSpentError.reason_key:
            self._stopped = True  # the day's requests are used up; the rest waits
            return
        at = self._context.clock()
        if self._context.replay is not None:
            return  # the archive lacks it, which says nothing of the site
        fetch = Fetch(offered.url, at, None, fault, None, None, None)
        if fault in _SHOWN and self._asking.keeps():
            yield FileItem(fetch, FileFact(offered.url, at, None, FileText(offered.type or "other", fault)), b"", ())
        else:
            yield FetchItem(fetch)
        there = True if fault == "too-large" else is_there(fault)
        yield from self._trial(offered, LinkVisit(at, there, None if there else fault))

    def _is_as_read(self, response: Response, fetch: Fetch) -> bool:
        """Whether this very reader has read these very bytes from this address."""
        return is_as_read(response, fetch.sha256, file_reader_version()) and url_hash(fetch.url) in self._known

    def _trial(self, offered: Offered, visit: LinkVisit) -> Iterator[TrialItem]:
        if self._asking.keeps() and self._context.replay is None and offered.of_document:
            yield TrialItem(Trial(offered.url, LinkKind.ATTACHMENT, offered.label, offered.on, visit))


def _type(url: str) -> str | None:
    """The type that an address names at its end."""
    name = url.partition("#")[0].partition("?")[0].rpartition("/")[2]
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem and len(ending) <= 5 else None
