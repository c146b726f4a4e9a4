"""The files that documents offer and that are not read (spiders/files.py): each tried once, and again while it is missing or a web page
stands in its place; never downloaded.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from crawler.budget import BudgetSpentError
from data.catalogue import load_columns
from data.link_store import KnownLink, Trial
from data.records import SHANGHAI, Attachment, DocumentReading, LinkKind, PageSurface
from data.urls import Keys, url_hash, url_key
from spiders.trying import Answered, Asker, Asking

if TYPE_CHECKING:
    from scrapy import Request

    from crawler.columns import ColumnTree

_MOST = 400  # a crawl: at the usual pace ten minutes; what is left comes when its document is read again
_AT_ONCE = 64
_LONG_AGO = datetime(1900, 1, 1, tzinfo=SHANGHAI)


class AttachmentTrials:
    """Which files are to be tried, the newest documents' first, and how they answered."""

    def __init__(self, tree: ColumnTree, asking: Asking) -> None:
        self._tree = tree
        self._asking, self._context, self._known = asking, asking.context, asking.known
        self._pages: dict[str, tuple[datetime, tuple[Attachment, ...]]] = {}
        self._asker = Asker(asking, self._told, files=True)
        self._waiting: dict[str, tuple[datetime, str, str]] = {}  # address -> published, label, document
        self._asked: dict[str, tuple[str, str]] = {}  # url_key -> label, document
        self._left = Keys()  # what was asked for whole
        self._looked_back = self._context.ticket.partial or self._context.replay is not None
        self._stopped = self._context.replay is not None

    def note(self, document: DocumentReading, url: str) -> None:
        """Remember the files of a document that was read, but those that were there once."""
        self._wait(document.attachments, document.published_at or _LONG_AGO, url)

    def note_page(self, page: PageSurface, url: str) -> None:
        """Remember the files on a page, such as the form to apply with: where it is a form's they are few, and first."""
        if page.attachments:
            self._pages[url] = (self._context.clock(), page.attachments)

    def leave(self, url: str) -> None:
        """A file is asked for by other ways, which say whether it is there."""
        self._left.add(url_key(url))

    def _take_forms(self) -> None:
        for url, (at, files) in sorted(self._pages.items()):
            column = self._tree.get(url)
            kind = load_columns().get(column.match.canonical) if column is not None and column.match is not None else None
            if kind is not None and kind.content_kind.startswith("form"):
                self._wait(files, at, url)
        self._pages.clear()

    def _wait(self, files: tuple[Attachment, ...], published: datetime, url: str) -> None:
        if self._stopped:
            return
        for file in files:
            known = self._known.get(url_hash(file.url))
            if known is None or self._is_due(known):
                self._waiting.setdefault(file.url, (published, file.name, url))

    def _is_due(self, known: KnownLink) -> bool:
        """Whether a file that was tried is tried again: it was not there, and this crawl has not asked yet, also before it was cut off."""
        return (known.ok is not True or known.hollow) and not self._asking.tried(known)

    def due(self, room: int) -> list[Request]:
        """The next requests; `room`: how many this crawl may make beside its pages."""
        self._take_forms()
        if not self._looked_back:
            self._looked_back = True
            self._look_back()
        room = min(min(room, _MOST) - len(self._asked), _AT_ONCE)
        if self._stopped or room <= 0:
            return []
        found = sorted(self._waiting.items(), key=lambda pair: pair[1][0], reverse=True)
        requests: list[Request] = []
        for url, (_, label, on) in found:
            if len(requests) >= room:
                break
            del self._waiting[url]
            if url_key(url) not in self._asked and url_key(url) not in self._left:
                self._asked[url_key(url)] = (label, on)
                requests.append(self._asker.ask(url, priority=-len(self._asked)))  # the scheduler takes the last one first
        return requests

    def _look_back(self) -> None:
        """What was not there, or no file, when it was tried, and is still offered by the document as it was read last.

        Of a crawl that was cut off, also what it read and had not tried.
        """
        if self._context.ticket.resumed:
            for url, read in self._context.known.read_in(self._context.ticket.crawl_id):
                self.note(read, url)
        for known in self._known.values():
            if known.kind is LinkKind.ATTACHMENT and self._is_due(known) and known.url not in self._waiting:
                document = self._context.known.document(known.on)
                if document is not None and any(url_key(file.url) == url_key(known.url) for file in document.attachments):
                    self._waiting[known.url] = (document.published_at or _LONG_AGO, known.label, known.on)

    def _told(self, url: str, answered: Answered) -> Trial | None:
        if answered.fault == BudgetSpentError.reason_key:
            self._stopped = True  # the day's requests are used up; the rest waits
            return None
        label, on = self._asked[url_key(url)]
        return Trial(url, LinkKind.ATTACHMENT, label, on, answered.visit(self._context.clock()))
