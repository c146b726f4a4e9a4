"""Which page of its list a page is, and how many there are, as the links of its pager show it."""

from __future__ import annotations

import re

from lxml import html

from crawler.extract.page import Page
from crawler.extract.pager_links import RenderedPager, holder_of
from crawler.extract.pager_numbers import file_number, same_page, stem_of
from crawler.extract.pager_words import PAGE_OPTION, label_of
from crawler.extract.regions import names

_MARKED = re.compile(
    r"(?<![a-z])(?:cur|curr|current|active|on|now|sel|selected|hover|this|thisclass|xz|dq|pagecurr|page_on|p_no_d)(?![a-z])"
)


def current_page(page: Page, seen: RenderedPager, urls: dict[int, str | None]) -> int:
    """The number that is marked or not linked, else what the address says, else 1."""
    holders = {id(holder): holder for element in seen.numbered.values() if (holder := holder_of(element)) is not None}
    shown = next((number for holder in holders.values() if (number := _set_apart(holder, seen)) is not None), None)
    if shown is not None:
        return shown
    for number, url in urls.items():
        if url is not None and same_page(url, page.url):
            return number
    gaps = [number for number in range(min(urls), max(urls)) if number not in urls] if urls else []
    if len(gaps) == 1:
        return gaps[0]  # the one number that is not linked
    told = file_number(page.url)
    if told is not None:
        zero = any(url is not None and file_number(url) == number - 1 for number, url in urls.items() if number > 1)
        return told + 1 if zero else max(told, 1)
    return 1


def _set_apart(holder: html.HtmlElement, seen: RenderedPager) -> int | None:
    """The page number that a pager sets apart: by a class, by not linking it, or as what its select stands on."""
    for element in holder.iter("span", "b", "strong", "em", "font", "a", "li", "i", "td"):
        label = label_of(element)
        if not label.isdigit():
            continue
        if _MARKED.search(names(element)) or (
            element.tag in ("b", "strong", "em") and element.find(".//a") is None and not _linked_above(element)
        ):
            return int(label)
    for element in holder.iter("span", "font", "i", "td", "li"):
        label = label_of(element)
        if label.isdigit() and next(element.iter("a"), None) is None and not _linked_above(element) and int(label) not in seen.numbered:
            return int(label)
    for option in holder.iter("option"):
        chosen = PAGE_OPTION.fullmatch(label_of(option)) if option.get("selected") is not None else None
        if chosen is not None:
            return int(chosen.group(1))
    return None


def _linked_above(element: html.HtmlElement) -> bool:
    return next(element.iterancestors("a"), None) is not None


def pages_by_links(page: Page, seen: RenderedPager, urls: dict[int, str | None], current: int, target: str | None) -> int | None:
    """Number of pages told by the last link or the highest number; None where more may hide behind an ellipsis."""
    highest = max(urls, default=0)
    if seen.last is not None:
        link = next(seen.last.iter("a"), None)
        url = page.absolute(link.get("href")) if link is not None else None
        if url is not None:
            for number, known in urls.items():
                if known == url:
                    return max(number, current)
            told, step = file_number(url), file_number(target) if target else None
            if told is not None and step is not None and stem_of(url) == stem_of(target or ""):
                if told < step and file_number(page.url) == step + 1:
                    return None  # numbered downwards: which page this is only the first one can tell
                pages = told + (current + 1 - step) if told >= step else current + 1 + step - told
                return pages if pages >= current else None
            if same_page(url, page.url):
                return current
        return highest if highest and highest >= current and target is None else None
    if highest and (target is None or highest > current):
        return max(highest, current) if not re.search(r"…|\.\.\.", seen.text) or highest > current + 5 else None
    return None
