"""A pager that no word and no class gives away: [1] [2] [3], a lone arrow, a picture, numbers in a select.

What turns pages shows in its address: it is the list's own one with another number, and the numbers go with the labels.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml import html

from crawler.extract.marks import is_file, link_url
from crawler.extract.page import Page
from crawler.extract.pager_links import in_calendar
from crawler.extract.pager_numbers import QUERY_PAGE, query_number, same_page
from crawler.extract.pager_turns import led_to
from crawler.extract.pager_words import BACK, BACK_MARK, NUMBER, ONWARD, ONWARD_MARK, label_of
from crawler.extract.regions import names
from crawler.extract.script_values import scripts
from data.records import Pager
from data.text import bare
from data.urls import folder, netloc

_LIST_NAME = re.compile(r"index|list|page", re.I)
_LAST_DIGITS = re.compile(r"\d+(?=\D*$)")
_FAR = 1000  # a page number beyond is a year or an id


@dataclass(frozen=True, slots=True)
class _Turn:
    """A link that may turn pages: the number it bears as its label, or the way it goes."""

    label: int | None
    forward: bool
    url: str | None


def turned_pager(page: Page) -> Pager | None:
    """Read such a pager; None where the page shows none. What is seen and not understood is no end either."""
    turns = list(_turns(page))
    numbered = _numbered(page, [turn for turn in turns if turn.label is not None])
    if numbered is not None:
        return numbered
    if _posted(turns):
        return Pager("unknown", 1, None, None, None, understood=False)
    ways = [turn for turn in turns if turn.label is None and turn.url is not None and _is_beside(page.url, turn.url)]
    onward = next((turn.url for turn in ways if turn.forward and not same_page(turn.url or "", page.url)), None)
    current = _number(page.url) or 1
    if onward is not None:
        return Pager("links", current, None, None, onward)
    back = any(not turn.forward and not same_page(turn.url or "", page.url) for turn in ways)
    first = _LAST_DIGITS.sub("", page.url).replace("_.", ".").replace("-.", ".") if current > 0 and not urlsplit(page.url).query else None
    back = back or any(turn.label is None and not turn.forward and turn.url == first for turn in turns)  # to the file without a number
    return Pager("links", max(current, 2), max(current, 2), None, None) if back else None


def _turns(page: Page) -> Iterator[_Turn]:
    for element in page.tree.iter("a", "area", "option", "link"):
        if element.tag == "link":
            way = (element.get("rel") or "").lower()
            if way in ("next", "prev"):
                yield _Turn(None, way == "next", page.absolute(element.get("href")))
            continue
        label = bare("".join(element.itertext())) if element.tag == "option" else label_of(element)
        if len(label) > 8:
            continue
        number = NUMBER.fullmatch(label)
        if number is not None and 0 < int(number.group(1)) < _FAR:
            if not in_calendar(element):
                yield _Turn(int(number.group(1)), True, _address(page, element))
        elif element.tag != "option" and (way := _way(element, label)) is not None:
            yield _Turn(None, way, _address(page, element))


def _address(page: Page, element: html.HtmlElement) -> str | None:
    if element.tag != "option":
        return link_url(page, element)
    if (element.get("value") or "").strip() == "1":
        return None  # the first page is a case of its own in most scripts
    return led_to(page, scripts(page), element)


def _way(element: html.HtmlElement, label: str) -> bool | None:
    """Which way a link turns: by its label, or without one by its class, its picture or what is said to those who cannot see it."""
    if label:
        return True if ONWARD.fullmatch(label) else False if BACK.fullmatch(label) else None
    pictures = " ".join(f"{image.get('src') or ''} {image.get('alt') or ''}".rpartition("/")[2] for image in element.iter("img"))
    icons = " ".join(names(icon) for icon in element.iter("i", "span", "em"))
    told = f"{names(element)} {element.get('aria-label') or ''} {pictures} {icons}"
    return True if ONWARD_MARK.search(told) else False if BACK_MARK.search(told) else None


def _numbered(page: Page, turns: list[_Turn]) -> Pager | None:
    """The largest family of numbered links whose addresses go with their numbers; numbers that lead nowhere by a rule are no end."""
    families: dict[str, dict[int, str]] = defaultdict(dict)
    for turn in turns:
        if turn.label is not None and turn.url is not None and _is_own(page.url, turn.url):
            families[_template(turn.url)].setdefault(turn.label, turn.url)
    labels = {turn.label: turn.url for turn in turns if turn.label is not None}
    for template, urls in sorted(families.items(), key=lambda pair: -len(pair[1])):
        others = {label: url for label, url in urls.items() if not same_page(url, page.url)}
        if others and (rule := _rule(page.url, others)) is not None:
            return _place(page.url, template, others, labels, rule)
    return None


def _rule(own: str, urls: dict[int, str]) -> tuple[int, int] | None:
    """(sign, shift) of how the addresses' numbers follow from the labels: label 3 is index_2.html by (1, -1), 5.htm of seven by (-1, 8).

    Files are numbered from 1 or from 0, or downwards.
    """
    told = {label: number for label, url in urls.items() if (number := _number(url)) is not None}
    rising, falling = {number - label for label, number in told.items()}, {number + label for label, number in told.items()}
    if len(rising) == 1 and rising <= {0, -1}:  # pictures of a carousel may lead to documents that are numbered in a row
        return 1, rising.pop()
    if len(falling) == 1 and min(told.values()) > 0 and all(_bears_name(own, url) for url in urls.values()):
        return -1, falling.pop()
    return None


def _bears_name(own: str, url: str) -> bool:
    """Whether an address is named after its list: numbers that fall are also those of the newest documents."""
    stem = re.sub(r"\.\w+$", "", urlsplit(own).path)
    return _template(own) == _template(url) or urlsplit(url).path.startswith(f"{stem}/") or bool(_LIST_NAME.search(url.rpartition("/")[2]))


def _place(own: str, template: str, urls: dict[int, str], labels: dict[int, str | None], rule: tuple[int, int]) -> Pager:
    """Where the page stands among its numbers, and which comes next."""
    here = _here(own, template, labels, rule)
    if here is None:
        return Pager("links", 1, None, None, None, understood=False)
    if (following := urls.get(here + 1)) is not None:
        return Pager("links", here, None, None, following)
    ended = max(labels) <= here and here - 1 in labels
    return Pager("links", here, here if ended else None, None, None, understood=ended)


def _here(own: str, template: str, labels: dict[int, str | None], rule: tuple[int, int]) -> int | None:
    """The page's number: that of the label which leads to it, or of the one that is not linked, and as its address says."""
    linked = next((label for label, url in labels.items() if url is not None and same_page(url, own)), None)
    if linked is not None:
        return linked
    gaps = [number for number in range(min(labels), max(labels)) if number not in labels]
    if _template(own) != template:
        return 1 if not gaps or min(labels) > 1 else None  # the list's entry, whose address bears no number of a page
    sign, shift = rule
    borne = _number(own)
    told = sign * (borne - shift) if borne is not None else None
    if len(gaps) == 1 and (told is None or len(labels) == 2):
        return gaps[0]
    return told if told is not None and told >= 1 and told not in labels else None


def _posted(turns: list[_Turn]) -> bool:
    """Whether several numbers in a row lead nowhere by themselves: a script turns the pages."""
    labels = sorted({turn.label for turn in turns if turn.label is not None and turn.url is None})
    return len(labels) >= 2 and labels[0] <= 2 and labels[1] == labels[0] + 1


def _is_own(own: str, url: str) -> bool:
    """Whether an address can be another page of the list at `own`: below its folder, or its own path with another page in the query."""
    if netloc(own) != netloc(url) or is_file(url) or _number(url) is None:
        return False
    here, there = urlsplit(own), urlsplit(url)
    if there.query and query_number(there.query) is not None:
        return there.path == here.path and _rest(there.query) >= _rest(here.query)
    return there.query == here.query and folder(url).startswith(_base(own))


def _is_beside(own: str, url: str) -> bool:
    """The same of a link without a number to vouch for it: in the very folder or under the page's own name, for below it lie other columns."""
    if not _is_own(own, url):
        return False
    here, there = urlsplit(own).path, urlsplit(url)
    under = re.escape(re.sub(r"\.\w+$", "", here).rstrip("/"))
    return (
        query_number(there.query) is not None
        or folder(url) == _base(own)
        or bool(re.fullmatch(rf"(?:{under}|{re.escape(_base(own).rstrip('/'))})/\d{{1,3}}(?:\.\w+|/)?", there.path))
    )


def _base(own: str) -> str:
    """The folder of a list; pages of it may be folders themselves: /a/, /a/2/, /a/3/."""
    return re.sub(r"/\d{1,3}/$", "/", folder(own))


def _rest(query: str) -> frozenset[tuple[str, str]]:
    """What a query asks besides a page."""
    return frozenset((key, value) for key, value in parse_qsl(query) if not QUERY_PAGE.match(key))


def _number(url: str) -> int | None:
    """The number that an address bears last: of its page in the query, else of its file or folder."""
    parts = urlsplit(url)
    asked = query_number(parts.query)
    if asked is not None:
        return asked
    found = _LAST_DIGITS.search(parts.path.rstrip("/").rpartition("/")[2])
    number = int(found.group(0)) if found is not None and len(found.group(0)) <= 8 else None
    return number if number is not None and number < _FAR else None


def _template(url: str) -> str:
    """An address without its page's number: addresses of one list are one template."""
    parts = urlsplit(url)
    if query_number(parts.query) is not None:
        return f"{parts.path}?{urlencode(sorted(_rest(parts.query)))}&#"
    head, _, name = parts.path.rstrip("/").rpartition("/")
    return f"{head}/{_LAST_DIGITS.sub('#', name)}?{parts.query}"
