"""The home page served in place of another: throttling that answers 200 (F9), or a site's own way of saying that there is nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.archive import digest

_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.I | re.S)
_HREF = re.compile(rb"""<a\b[^>]*?\bhref\s*=\s*["']?([^"'\s>]+)""", re.I)
_HOMEWARD = re.compile(r"首\s*页|主\s*页|返回|^home$", re.I)
_MANY = 20  # links; a home page with fewer is told by its bytes alone
_SAME = 0.9


@dataclass(frozen=True, slots=True)
class HomePrint:
    """What tells a home page from the other pages of its site, though a clock or a counter on it runs."""

    sha256: str
    title: bytes | None
    links: frozenset[bytes]

    @classmethod
    def of(cls, body: bytes) -> HomePrint:
        return cls(digest(body), _title(body), frozenset(_HREF.findall(body)))

    def shown_by(self, body: bytes) -> bool:
        """Whether a page is this home page: the same bytes, or its title with nine tenths of its links."""
        if self.title is None or _title(body) != self.title or len(self.links) < _MANY:
            return digest(body) == self.sha256
        return len(self.links.intersection(_HREF.findall(body))) >= _SAME * len(self.links)


def leads_home(text: str, site_name: str) -> bool:
    """Whether a link says that it leads to the home page, which many a site has under a second address."""
    return bool(_HOMEWARD.search(text)) or (len(text) >= 4 and text in site_name)


def _title(body: bytes) -> bytes | None:
    found = _TITLE.search(body, 0, 65536)
    return b" ".join(found.group(1).split()) if found else None
