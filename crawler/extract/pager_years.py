"""Archives by year (P21): tabs of years that a script swaps in. What a page shows of them is one year's rows and no list read to its end.

Years that are links are lists of their own, which are followed as such.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from lxml import html

from crawler.extract.marks import link_url
from crawler.extract.page import Page
from crawler.extract.pager_turns import chosen
from crawler.extract.regions import names
from data.text import bare

YEAR = re.compile(r"^((?:19|20)\d\d)(?:年度?)?$")
_PRINTED = re.compile(r">\s*((?:19|20)\d\d)\s*(?:年度?\s*)?<")  # a look at the source first: most pages have no such tabs
_MARKED = re.compile(r"(?<![a-z])(?:on|cur|curr|current|active|sel|selected|hover|this|now)(?![a-z])")
_WHOLE = re.compile(r"^(?:全部|所有|不限|不限年份|历年)$")


def other_years(page: Page, shown: Iterable[int]) -> bool:
    """Whether years that no address leads to stand beside the one whose rows are shown; `shown` are the years of the rows."""
    years = set(shown)
    if len(years) != 1 or len(set(_PRINTED.findall(page.text))) < 2:
        return False
    return any(_is_one_of(tabs, years) for tabs in _tabs(page).values())


def _is_one_of(tabs: dict[int, html.HtmlElement | None], years: set[int]) -> bool:
    """Whether the rows are those of one tab among several. `None` stands for a tab that shows every year, marked as such or not."""
    if len(tabs) < 2 or 0 in tabs:
        return False
    marked = [year for year, tab in tabs.items() if tab is not None and _is_marked(tab)]
    return years == {marked[0] if len(marked) == 1 else max(tabs)}


def _tabs(page: Page) -> dict[html.HtmlElement, dict[int, html.HtmlElement | None]]:
    """Years without an address, by the element that holds them; 0 for the tab that shows all."""
    found: dict[html.HtmlElement, dict[int, html.HtmlElement | None]] = defaultdict(dict)
    for element in page.tree.iter("li", "a", "span", "button", "div", "option", "dd", "em"):
        if len(element) > 1:
            continue
        label = bare("".join(element.itertext())) if len(element.text or "") < 20 else ""
        year = YEAR.match(label)
        if (year is None and not _WHOLE.match(label)) or _leads(page, element):
            continue
        holder = _holder(element)
        if holder is not None:
            found[holder].setdefault(int(year[1]) if year is not None else 0, element)
    return found


def _leads(page: Page, element: html.HtmlElement) -> bool:
    if element.tag == "option":
        value = element.get("value") or ""
        select = next(element.iterancestors("select"), None)
        if select is None or not select.get("onchange"):
            return True  # a field of a form that is not sent by choosing
        return chosen(page, select, int(value)) is not None if value.isdigit() else page.absolute(value) is not None
    link = next(element.iter("a"), None)
    link = link if link is not None else next(element.iterancestors("a"), element)
    return link_url(page, link) is not None


def _holder(element: html.HtmlElement) -> html.HtmlElement | None:
    """The list or box that a tab stands in with the others."""
    for above in element.iterancestors():
        if above.tag in ("form", "body", "table", "p"):
            return None
        if above.tag in ("ul", "ol", "select", "dl") or (above.tag in ("div", "nav") and len(above) > 1):
            return above
    return None


def _is_marked(tab: html.HtmlElement) -> bool:
    above = tab.getparent()
    own = names(tab) + (" " + names(above) if above is not None and above.tag == "li" else "")
    return tab.get("selected") is not None or bool(_MARKED.search(own))
