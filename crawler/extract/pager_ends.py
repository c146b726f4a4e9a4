"""Where in its list a page stands when the pager does not say: told by the way back and by the page's own address."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from lxml import html

from crawler.extract.marks import link_url
from crawler.extract.page import Page
from crawler.extract.pager_acts import is_disabled, is_scripted
from crawler.extract.pager_links import RenderedPager, in_box
from crawler.extract.pager_numbers import QUERY_PAGE, by_number, file_number, same_page, stem_of
from crawler.extract.pager_words import label_of


def live_previous(page: Page, seen: RenderedPager) -> html.HtmlElement | None:
    """The link to the page before, where there is such a page: the first page shows none, or a dead one."""
    if seen.previous is None:
        return None
    if not re.search("页|頁|ev", label_of(seen.previous)) and not in_box(seen.previous):
        return None
    link = next(seen.previous.iter("a"), next(seen.previous.iterancestors("a"), None))
    if link is None and seen.previous.get("onclick"):
        link = seen.previous
    if link is None or is_disabled(link) or is_disabled(seen.previous):
        return None
    url = link_url(page, link)
    return link if url is not None and not same_page(url, page.url) else None


def after(page: Page, back: html.HtmlElement | None) -> str | None:
    """The address of a link beside the way back that bears the number after this page's: the next page, whatever its link is called."""
    wanted = by_number(page.url, 1) if back is not None else None
    holder = back.getparent() if back is not None else None
    if back is not None and wanted == link_url(page, back):
        return None  # numbered downwards: that is the way back itself
    for _ in range(2):
        if wanted is None or holder is None or holder.tag == "body":
            return None
        if any(link_url(page, link) == wanted for link in holder.iter("a")):
            return wanted
        holder = holder.getparent()
    return None


def address_number(page: Page, back: html.HtmlElement | None) -> int | None:
    """N of an address that is surely that of a list's Nth file (or of its query): its stem is that of the way back, of its folder, or index."""
    parts = urlsplit(page.url)
    told = file_number(page.url)
    if told is None or any(QUERY_PAGE.match(key) for key, _ in parse_qsl(parts.query)):
        return told
    folder, _, name = parts.path.rpartition("/")
    stem = re.sub(r"[_-]?\d+\.\w+$", "", name)
    if stem in ("index", "default", folder.rpartition("/")[2]):
        return told
    url = link_url(page, back) if back is not None else None
    if url is None:
        return None
    before = urlsplit(url).path
    sibling = file_number(url) == told - 1 and stem_of(url) == stem_of(page.url)
    return told if sibling or before == f"{folder}/{stem}{name[name.rfind('.') :]}" else None


def stays(page: Page, seen: RenderedPager) -> bool:
    """Whether 下一页 or 尾页 leads to this very page, whose address bears a number: of some pagers that is the last page."""
    if file_number(page.url) is None:
        return False
    links = (next(one.iter("a"), one) for one in (seen.following, seen.last) if one is not None)
    return any((url := link_url(page, link)) is not None and same_page(url, page.url) for link in links)


def is_second(page: Page, back: html.HtmlElement | None) -> bool:
    """Whether a file numbered 1 is the second page: the way back leads to the file without a number."""
    return back is not None and file_number(page.url) == 1 and file_number(link_url(page, back) or "") is None


def is_last(page: Page, seen: RenderedPager, back: html.HtmlElement | None, pages: int) -> bool:
    """Whether a page whose pager says how many there are, not which this is, is the last: its address bears the count, or only the way back is shown."""
    told = address_number(page, back)
    if told == pages:
        return True
    alone = back is not None and _is_dead(page, seen.following) and _is_dead(page, seen.last) and max(seen.numbered, default=0) < pages
    if not alone or told is None:
        return alone
    # Files may be numbered from 0: then the file before has a number as well, but for the second page.
    before = file_number(link_url(page, back) or "") if back is not None else None
    return told == pages - 1 and before == (None if told == 1 else told - 1)


def _is_dead(page: Page, element: html.HtmlElement | None) -> bool:
    """Whether 下一页 or 尾页 is not there, or leads nowhere but here."""
    if element is None:
        return True
    link = next(element.iter("a"), next(element.iterancestors("a"), None))
    if link is None:
        return element.tag not in ("input", "button")
    if is_scripted(link):
        return False
    url = link_url(page, link)
    return url is None or same_page(url, page.url)
