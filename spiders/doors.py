"""Answers that are not what was asked for, though nothing says so: a column that only forwards to another, one notice for every address."""

from __future__ import annotations

from scrapy.http import Response

from crawler.columns import ColumnTree
from crawler.scope import Scope
from data.records import Link, PageReading
from data.text import title_key
from data.urls import url_key

_NOTICE_CHARS = 300  # of a page that says little enough to be a guard's or a server's own
_NOTICE_LINKS = 3
_NAME_CHARS = 14


class Notices:
    """The short pages of one crawl: the same bytes under two addresses are no page of either, but words in their place."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def stands_in(self, reading: PageReading, sha256: str) -> bool:
        """Whether a page came before under another address; the first of them is believed, as nobody can tell yet."""
        if reading.text_chars > _NOTICE_CHARS or len(reading.links) > _NOTICE_LINKS:
            return False
        if "script-shell" in reading.marks or reading.listing is not None:
            return False  # filled by a script each in its own way; 暂无 is what many an empty list says
        key = url_key(reading.url)
        return self._first.setdefault(sha256, key) != key


def forwarded_to(response: Response, reading: PageReading, via: str, tree: ColumnTree, scope: Scope) -> Link | None:
    """The column to which a redirect led from another column of the site: 法定主动公开内容 shows its first part, 政策文件.

    Told by the page itself: it links to where it stands by another name than that of the column which was asked for. The same name is
    but the same column's full address.
    """
    key = url_key(response.url)
    column = tree.get(reading.url)
    if key == url_key(reading.url) or column is None or column.registered or not scope.explores(response.url):
        return None
    called = title_key(via)
    for link in reading.links:
        if link.url is None or url_key(link.url) != key or not 2 <= len(link.text) <= _NAME_CHARS:
            continue
        return None if title_key(link.text) == called else link
    return None
