"""The first record of a list that stands in a box above it: 头条, with its summary, and the rest as rows below."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from lxml import html

from crawler.extract.groups import Group
from crawler.extract.marks import find_marks
from crawler.extract.page import Page
from crawler.extract.regions import Regions
from crawler.extract.rows import Row, read_row, within
from data.text import squeeze

_NUMBER = re.compile(r"[0-9a-f]{16,}|\d+", re.I)
_LONGEST = 600  # characters, a summary included
_SHORTEST = 6  # of a title


def lead_row(page: Page, group: Group, regions: Regions) -> Row | None:
    """The record right above a list whose address is formed as those of its rows and is none of them."""
    urls = {row.url for row in group.rows}
    forms = [_form(row.url) for row in group.rows if row.url is not None]
    if len(forms) < 2 or group.tag in ("a", "td"):
        return None
    for box in islice(_above(group.container), 3):
        text = squeeze("".join(box.itertext()))
        if not text:
            continue
        if len(text) > _LONGEST or regions.of(box) not in ("body", "side"):
            return None
        marks = [mark for mark in find_marks(page) if mark.url is not None and within(mark.element, {box})]
        leads = {mark.url for mark in marks}
        if not marks:
            continue  # a heading, a line
        url = next(iter(leads))
        if len(leads) != 1 or url is None or url in urls or forms.count(_form(url)) * 2 < len(forms):
            return None
        row = read_row(page, box, marks, frozenset(), None, "")
        return row if row is not None and row.mark is not None and len(row.title) >= _SHORTEST else None
    return None


def _above(container: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """What stands before a list in its box; where it is the first there, before the box."""
    found = False
    for before in container.itersiblings(preceding=True):
        if isinstance(before.tag, str) and before.tag not in ("script", "style", "br", "hr"):
            found = True
            yield before
    parent = container.getparent()
    if not found and parent is not None and parent.tag in ("div", "section", "article"):
        yield from (at for at in parent.itersiblings(preceding=True) if isinstance(at.tag, str) and at.tag not in ("script", "style"))


def _form(url: str) -> str:
    """An address with its numbers blotted out: rows of one list are formed alike."""
    parts = urlsplit(url)
    return _NUMBER.sub("0", f"{parts.netloc}{parts.path}?{parts.query}")
