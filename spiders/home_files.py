"""Pictures and files that the home page itself shows or leads to, on the site's own host: tried once, and again while one is missing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from data.link_store import Trial
from data.records import Home, LinkKind
from data.urls import netloc, url_hash
from spiders.trying import Answered, Asker, Asking

if TYPE_CHECKING:
    from scrapy import Request


_MOST = 40  # a crawl
_PICTURE = re.compile(r"\.(jpe?g|png|gif|bmp|svg|webp)$", re.I)
_FILE = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar|7z|jpe?g|png|gif)$", re.I)


class HomeFiles:
    """What the home page offers beside pages; a unit that lives on its portal has no home page of its own."""

    def __init__(self, asking: Asking) -> None:
        self._asking, self._context, self._known = asking, asking.context, asking.known
        self._asker = Asker(asking, self._told)
        self._waiting: dict[str, str] = {}  # address -> label
        self._asked: dict[str, str] = {}

    def note(self, home: Home) -> None:
        """Remember what the home page of this crawl offers."""
        if self._context.replay is not None or self._context.ticket.partial or self._context.scope.realm != ("/",) or not home.readable:
            return
        links = [(link.url, link.text) for link in home.links if link.url is not None and _FILE.search(urlsplit(link.url).path)]
        pictures = [(url, "") for url in home.resources if _PICTURE.search(urlsplit(url).path)]
        for url, label in (*links, *pictures):
            known = self._known.get(url_hash(url))
            if netloc(url) == self._context.scope.home_host and (known is None or (known.ok is not True and not self._asking.tried(known))):
                self._waiting.setdefault(url, label)

    def due(self, room: int) -> list[Request]:
        """The next requests; `room`: how many this crawl may make beside its pages."""
        urls = list(self._waiting)[: max(0, min(room, _MOST - len(self._asked)))]
        for url in urls:
            self._asked[url] = self._waiting.pop(url)
        return [self._asker.ask(url) for url in urls]

    def _told(self, url: str, answered: Answered) -> Trial:
        label = self._asked[url] or urlsplit(url).path.rsplit("/", 1)[-1]
        visit = answered.visit(self._context.clock())
        return Trial(url, LinkKind.PAGE, label, self._context.site.home, visit)
