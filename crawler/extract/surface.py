"""What a home page or the page of a column shows as a whole: its text, metas, files and foot. Of a document its reading says enough."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

from crawler.extract.attachments import block_files
from crawler.extract.beside import read_outlinks
from crawler.extract.container import find_foot
from crawler.extract.lists import survey
from crawler.extract.outline import outline
from crawler.extract.page import Page
from crawler.extract.regions import Regions
from crawler.extract.row_dates import day_and_month
from data.records import PageSurface
from data.text import squeeze

MOST_TEXT = 20_000  # characters
MOST_RESOURCES = 300
_MOST_OUTLINKS = 500
_MOST_FILES = 200
_MOST_FOOT = 4000
_MAIN = frozenset({"body", "side"})
_FOOT_WORDS = ("ICP备", "公网安备", "标识码", "主办单位", "版权所有")
_WRITTEN = re.compile(r"""(?:src|SRC)\s*=\s*\\?["']?((?:https?:)?//[^"'\\\s<>]+)""")
_TAGS = re.compile(r"<[^<>]*>")
_STRINGS = re.compile(r"""'((?:\\.|[^'\\\n])*)'|"((?:\\.|[^"\\\n])*)\"""")


def read_surface(page: Page) -> PageSurface:
    """Read a page as a whole. Ask only for pages that are no mere documents: it looks at every block."""
    known = survey(page)
    view, regions = outline(page), known.regions
    places = [regions.of(block.element) for block in view.blocks]
    main = [block for block, place in zip(view.blocks, places, strict=True) if place in _MAIN]
    if not any(block.chars for block in main):  # what wraps the whole page is called like a part of its head
        main = [block for block, place in zip(view.blocks, places, strict=True) if place not in ("footer", "crumb")]
    files = {file.url: file for block in main if block.anchors for file in block_files(page, block)}
    rows = {row.element: row for group in known.groups if group.region != "footer" for row in group.rows if row.date or row.stamped}
    return PageSurface(
        text="\n".join(block.text for block in main if block.text)[:MOST_TEXT],
        metas=page.named_metas,
        attachments=tuple(files.values())[:_MOST_FILES],
        footer=_footer(page, regions),
        resources=_resources(page),
        outlinks=read_outlinks(page, most=_MOST_OUTLINKS, everywhere=True),
        dated=len(rows),
        days=tuple(row.date.value.date() for row in rows.values() if row.date),
        month_days=tuple(found for row in rows.values() if not row.date and (found := day_and_month(row.shown))),
    )


def _footer(page: Page, regions: Regions) -> str | None:
    """The foot: what is called so, what its words mark as such, and what a script of the page writes there."""
    view = outline(page)
    first = find_foot(view)
    parts = [
        block.text for index, block in enumerate(view.blocks) if block.text and (index >= first or regions.of(block.element) == "footer")
    ]
    told = "".join(parts)
    for script in page.tree.iter("script"):
        text = script.text or ""
        if any(word in text and word not in told for word in _FOOT_WORDS):
            parts.append(_words(text))
    whole = "\n".join(part for part in parts if part)
    if len(whole) > _MOST_FOOT:  # links to other sites before, the site's own words last
        whole = whole[-_MOST_FOOT:]
    return whole or None


def _words(script: str) -> str:
    """The words of the markup in a script's strings."""
    strings = (single or double for single, double in _STRINGS.findall(script))
    return squeeze(_TAGS.sub(" ", "".join(strings).replace("\\", "")).replace("&nbsp;", " "))


def _resources(page: Page) -> tuple[str, ...]:
    """Addresses of scripts, frames and pictures in page order, those that a script writes into the page last."""
    found: dict[str, None] = {}
    for address in _sources(page):
        url = page.absolute(address)
        if url is not None:
            found[url] = None
            if len(found) >= MOST_RESOURCES:
                break
    return tuple(found)


def _sources(page: Page) -> Iterator[str | None]:
    scripts: list[html.HtmlElement] = []
    for element in page.tree.iter("script", "iframe", "frame", "img"):
        source = element.get("src")
        if source:
            yield source
        elif element.tag == "script" and "//" in (element.text or "").replace("%3A", ":"):
            scripts.append(element)
    for script in scripts:
        text = (script.text or "").replace("%3C", "<").replace("%3E", ">").replace("%3A", ":").replace("%2F", "/")
        yield from _WRITTEN.findall(text)
