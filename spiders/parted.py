"""Documents whose text stands on several pages: held back until every part is read, then taken as one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from scrapy.http import Response

from crawler.extract.parts import MOST_PARTS, joined
from data.records import DocumentReading, PageReading
from data.store import Fetch
from data.urls import url_key
from spiders.visits import Visit


@dataclass(slots=True)
class Parted:
    """A document's first page as it was answered, the texts read so far, and the pages that are still to be read."""

    reading: PageReading
    visit: Visit
    fetch: Fetch
    response: Response
    texts: list[DocumentReading]
    _waiting: list[str] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)

    def name(self, urls: tuple[str, ...]) -> None:
        """Take in the addresses of parts that a page names."""
        for url in urls:
            if url_key(url) not in self._known and len(self._known) < MOST_PARTS:
                self._known.add(url_key(url))
                self._waiting.append(url)

    def next(self) -> str | None:
        return self._waiting.pop(0) if self._waiting else None

    def whole(self) -> PageReading:
        """The page's reading with the text of all parts."""
        document = joined(self.texts)
        return replace(self.reading, document=document, text_chars=len("".join(document.body.split())))
