"""Columns whose list stands in a frame: the page around it has a heading and a menu, the rows and their pager are the frame's.

Marks: a page without rows and almost without text, one frame of the site's own in it, and an address or a name of the frame that
speaks of a list. Frames that hold a form, a map or a film are none.
"""

from __future__ import annotations

import re

from data.records import Link, PageKind
from data.urls import netloc
from spiders.base import Ask, BaseFamily, Fetched, Progress, Step
from spiders.generic import GenericFamily

_LIST = re.compile(
    r"list|liebiao|(?<![a-z])lb(?![a-z])|news|wjk|column|channel|(?:cat|lm|class|type|infotype|c|col)_?id=|/more|index_?\d*\.\w+$", re.I
)
_OTHER = re.compile(r"apply|sqgk|ysq|form|login|map|video|player|weather|tianqi|(?<!/xxgk/)search|count|login|vote|survey|chat", re.I)
_TEXT_CHARS = 300


class FramedFamily(BaseFamily):
    """The frame's list, read as any other."""

    name = "framed"

    def __init__(self) -> None:
        self._pages = GenericFamily()

    def recognises(self, page: Fetched) -> bool:
        return _frame(page) is not None

    def first(self, page: Fetched, column_url: str, progress: Progress) -> Step:
        frame = _frame(page)
        assert frame is not None
        assert frame.url is not None
        return Step((), ask=Ask(frame.url))

    def following(self, answer: Fetched, column_url: str, progress: Progress) -> Step:
        return self._pages.following(answer, column_url, progress)


def _frame(page: Fetched) -> Link | None:
    reading = page.reading
    if reading is None or reading.page not in (PageKind.OTHER, PageKind.INDEX, PageKind.LIST) or reading.text_chars > _TEXT_CHARS:
        return None
    if (reading.listing is not None and reading.listing.entries) or "form" in reading.marks:
        return None
    frames = {link.url: link for link in reading.links if link.region == "frame" and link.url is not None}
    own = [link for url, link in frames.items() if url != page.url and netloc(url) == netloc(page.url)]
    if len(own) != 1:
        return None
    said = f"{(own[0].url or '').partition('://')[2].partition('/')[2]} {own[0].text}"
    return own[0] if _LIST.search(said) and not _OTHER.search(said) else None
