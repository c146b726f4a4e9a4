"""Every link of a page with its label and the part of the page it stands in."""

from __future__ import annotations

import re

from lxml import html

from crawler.extract.lists import survey
from crawler.extract.marks import link_url
from crawler.extract.page import Page
from crawler.extract.pager_turns import chosen, turned
from crawler.extract.regions import Regions
from crawler.extract.row_dates import FULL_DATE
from crawler.extract.script_values import scripts
from crawler.extract.slices import is_slice
from data.records import Link
from data.text import squeeze
from data.urls import url_key

MAX_LINKS = 5000
_LINKS = ("a", "area", "iframe", "frame", "option")
_SCRIPTED = ("li", "div", "span", "p", "td", "tr", "h3", "button", "img", "input")  # where they bear an onclick
_REGIONS = {"nav": "nav", "crumb": "nav", "menu": "menu", "footer": "footer", "side": "body", "body": "body"}
_TABS = ("li", "dt", "dd", "h3", "span", "div")  # where they bear an address for a script and are as short as a name
_PAGE_ADDRESS = re.compile(r"/$|/[^/.?#]+$|\.(?:s?html?|jspx?|aspx?|php|do|action)(?:[?#]|$)", re.I)
_TAB_CHARS = 14
_MORE = re.compile(r"更多|加载|more", re.I)
_HANDLER = re.compile(r"location|open\s*\(|href|['\"](?:https?:/)?\.{0,2}/", re.I)


def read_links(page: Page, *, lists: bool = True) -> tuple[Link, ...]:
    """Read the links of a page in page order, at most MAX_LINKS: anchors, areas, frames, select values, onclick literals.

    `lists`: the rows of the page's lists are told apart from its other links; a document's need not be.
    """
    known = survey(page) if lists else None
    rows = {row.mark for group in known.lists for row in group.rows if row.mark is not None} if known else set()
    regions = known.regions if known else Regions()
    found: list[Link] = []
    tags: tuple[str, ...] = _LINKS
    if "onclick" in page.lower:
        tags = (*_LINKS, *_SCRIPTED)
    if "data-url" in page.lower or "data-href" in page.lower or "data-link" in page.lower:
        tags = tuple(dict.fromkeys((*tags, *_TABS)))
    for element in page.tree.iter(*tags):
        link = _link(page, element)
        if link is None:
            continue
        url, text, source = link
        if element.tag in ("iframe", "frame"):
            region = "frame"
        elif element in rows:
            region = "list"
        else:
            region = _REGIONS[regions.of(element)]
        found.append(Link(url, text, source, region))
        if len(found) >= MAX_LINKS:
            break
    return tuple(found)


def read_nesting(page: Page) -> tuple[tuple[str, str], ...]:
    """Which entry of a menu hangs under which: (address, address of the entry whose list it stands in), as each of the page's menus says it."""
    regions = Regions()
    found: dict[tuple[str, str], None] = {}
    for element in page.tree.iter("li"):
        outer = next(element.iterancestors("li"), None)
        if outer is None or regions.of(element) not in ("menu", "nav", "side", "body"):
            continue
        head, own = _head(outer), _head(element)
        if head is None or own is None:
            continue
        above, url = link_url(page, head), link_url(page, own)
        if above is not None and url is not None and above != url:
            found[url, above] = None
        if len(found) >= MAX_LINKS:
            break
    return tuple(found)


def read_beside(page: Page) -> tuple[str, ...]:
    """The entries of the menus that stand in one list with the page's own: its siblings, wherever the menu is shown."""
    own, found = url_key(page.url), dict[str, None]()
    for element in page.tree.iter("li"):
        head = _head(element)
        above = element.getparent()
        if head is None or above is None or (address := link_url(page, head)) is None or url_key(address) != own:
            continue
        for other in above.iterchildren("li"):
            anchor = _head(other)
            url = link_url(page, anchor) if anchor is not None else None
            if url is not None and url_key(url) != own:
                found[url] = None
    return tuple(found)[:MAX_LINKS]


def _head(entry: html.HtmlElement) -> html.HtmlElement | None:
    """The anchor of a menu's entry: the first in it that stands in no list below it."""
    return next((anchor for anchor in entry.iter("a") if next(anchor.iterancestors("li"), None) is entry), None)


def _link(page: Page, element: html.HtmlElement) -> tuple[str | None, str, str] | None:
    tag = element.tag
    if tag in ("a", "area"):
        if element.get("href") is None and element.get("onclick") is None:
            return None
        text, source = label(element)
        url = link_url(page, element)
        made = _turned(page, element, text) if url is None else None
        return url or made, text, source if made is None else "script"
    if tag in ("iframe", "frame"):
        url = page.absolute(element.get("src"))
        return (url, squeeze(element.get("title") or element.get("name") or ""), "title") if url is not None else None
    if tag == "option":
        told = element.get("value")
        text = squeeze("".join(element.itertext()))
        value = told if told is not None else text
        url = page.absolute(value) if _is_address(value) else None
        if url is not None:
            return (url, text, "text") if text else None
        url = _choice(page, element, value)
        return (url, text, "script") if url is not None and text else None
    handler = element.get("onclick")
    if not handler and tag in _TABS:
        return _tab(page, element)
    if not handler or next(element.iter("a"), None) is not None:
        return None
    text, source = label(element)
    url = link_url(page, element) if _HANDLER.search(handler) else None
    if url is None:
        made = _turned(page, element, text)
        return (made, text[:300], "script") if made is not None else None
    return url, text[:300], source


def _turned(page: Page, element: html.HtmlElement, text: str) -> str | None:
    """Where a tab for a slice of the list leads, by what its script makes of the number it bears."""
    return turned(page, scripts(page), element) if len(text) <= _TAB_CHARS and is_slice(text) else None


def _is_address(value: str) -> bool:
    return "/" in value or bool(re.search(r"\.(?:s?html?|jsp|aspx?|php)$", value))


def _choice(page: Page, option: html.HtmlElement, value: str) -> str | None:
    """Where the choice of an option leads by what a script makes of its value."""
    select = next(option.iterancestors("select"), None)
    named = (value.isdigit() and len(value) < 6) or is_slice(squeeze("".join(option.itertext())))
    return chosen(page, scripts(page), select, value) if named and value and select is not None else None


def _tab(page: Page, element: html.HtmlElement) -> tuple[str | None, str, str] | None:
    """A tab or an entry of a menu whose page a script opens: <li data-url="/gk/zn/">公开指南</li>. What it loads may as well be data."""
    if not (element.get("data-url") or element.get("data-href") or element.get("data-link")) or next(element.iter("a"), None) is not None:
        return None
    url, text = link_url(page, element), squeeze("".join(element.itertext()))
    named = 2 <= len(text) <= _TAB_CHARS and not _MORE.search(text)
    return (url, text, "text") if url is not None and named and _PAGE_ADDRESS.search(url) else None


def label(element: html.HtmlElement) -> tuple[str, str]:
    """Label of a link and where it was read: text, else title, else the image's alt; lines are joined, a date child is left out of none."""
    text = squeeze(element.get("value") or "") if element.tag == "input" else _text(element)
    if text:
        return text, "text"
    title = squeeze(element.get("title") or "")
    if title:
        return title, "title"
    images = [element] if element.tag == "img" else element.iter("img", "input")
    for image in images:
        alt = squeeze(image.get("alt") or image.get("title") or "")
        if alt:
            return alt, "alt"
    aria = squeeze(element.get("aria-label") or element.get("alt") or "")
    return (aria, "title") if aria else ("", "none")


def _text(element: html.HtmlElement) -> str:
    if not len(element):
        return squeeze(element.text or "")
    if next(element.iter("script", "style"), None) is None:
        whole = "".join(element.itertext())
    else:
        whole = "".join(
            (child.text or "" if child.tag not in ("script", "style") else "") + (child.tail or "" if child is not element else "")
            for child in element.iter()
            if isinstance(child.tag, str)
        )
    text = squeeze(whole)
    # <br> inside a Chinese name is a line break of the layout, not a space.
    return (
        re.sub(r"(?<=[\u4e00-\u9fff）》”]) (?=[\u4e00-\u9fff（《“])", "", text)
        if element.find(".//br") is not None and not FULL_DATE.search(text)
        else text
    )
