"""Read how a list tells its pages: rendered links where they lead on, else the contract of its script."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import html

from crawler.extract.embedded import unfold
from crawler.extract.emptiness import is_request
from crawler.extract.marks import link_url
from crawler.extract.page import Page
from crawler.extract.pager_acts import is_disabled, is_posted, is_scripted, next_target
from crawler.extract.pager_ends import address_number, after, is_last, is_second, live_previous, stays
from crawler.extract.pager_links import RenderedPager, find_rendered
from crawler.extract.pager_numbers import downwards, file_number, link_contract, same_page
from crawler.extract.pager_place import current_page, pages_by_links
from crawler.extract.pager_scripts import script_pager
from crawler.extract.pager_signs import more_promised, stays_empty
from crawler.extract.pager_turns import chosen, turned
from crawler.extract.pager_unnamed import turned_pager
from crawler.extract.pager_words import label_of
from crawler.extract.regions import names
from crawler.extract.script_blocks import bound
from crawler.extract.script_values import scripts
from data.records import EmptyBecause, ListReading, Pager

_PAGES = (
    re.compile(r"共\s*[:：]?\s*(\d{1,5})\s*页"),
    re.compile(r"(?:^|[\s,，条])分\s*(\d{1,5})\s*页"),
    re.compile(r"\bpage\s*\d{1,5}\s*of\s*(\d{1,5})\b", re.I),
    re.compile(r"总页数\s*[:：]?\s*(\d{1,5})"),
    re.compile(r"第\s*\d{1,5}\s*页?\s*/\s*(?:共|总)?\s*(\d{1,5})\s*页?"),
    re.compile(r"(?<![\d/-])\d{1,4}\s*页?\s*/\s*(\d{1,4})\s*页"),
    re.compile(r"页[次码数]\s*[:：]?\s*\d{1,4}\s*/\s*(\d{1,4})"),
    re.compile(r"(?:^|[\s条])(?:第)?\d{1,4}\s*/\s*(\d{1,4})(?=$|[\s页])"),
)
_CURRENT = (
    re.compile(r"\bpage\s*(\d{1,5})\s*of\s*\d", re.I),
    re.compile(r"(?:当前)?第\s*[:：]?\s*(\d{1,5})\s*页"),
    re.compile(r"页[次码数]\s*[:：]?\s*(\d{1,4})\s*/\s*\d"),
    re.compile(r"第\s*(\d{1,5})\s*/\s*\d{1,5}\s*页"),
    re.compile(r"(?<![\d/-])(\d{1,4})\s*页?\s*/\s*\d{1,4}\s*页"),
    re.compile(r"(?:^|[\s条])(\d{1,4})\s*/\s*\d{1,4}(?=$|[\s页])"),
)
_RECORDS = (
    # 共30条, 共有30条记录; not 共30条措施, which a row's title says.
    re.compile(
        r"(?:共|总计|总共|合计|总)\s*有?\s*[:：]?\s*(\d{1,7})\s*(?:条|个|篇|项|件|则)"
        r"(?:(?=记录|信息|数据|结果|文件|文章|内容|第|每|当前|首页|上一?页|下一?页|尾页|分|共)|(?![\u4e00-\u9fff]))"
    ),
    re.compile(r"(?:总记录数?|记录总数|总条数|总数)\s*[:：]?\s*(\d{1,7})"),
    re.compile(r"(\d{1,7})\s*条(?:记录|信息|数据)"),
)
_GOTO = re.compile(r"_simple_list_gotopage_fun\(\s*(\d{1,5})\s*,")  # VSB: how many pages the box 转到 knows
_ALONE = re.compile(r"(?<![\d/.-])(\d{1,7})\s*条(?!\s*(?:[/／]|每))")
_OF_A_PAGE = re.compile(r"(?:每页|本页|显示|当页|[-~–—至到])\s*(?:显示)?\s*$")
_SHORT = 10  # rows of a list that needs no second page
_FETCHES = re.compile(r"getMessage\.do|startrecord=|getgovinfolist|[?&]pageNo=['\"]?\s*\+|['\"]?pageNo['\"]?\s*:\s*\w*page", re.I)
_SEARCHES = "/common/search/"
_SCRIPTED = re.compile(
    r"createPage|pagination|laypage|jpage|gopage|gotopage|topage|turnpage|showpage|doPage|pageto|nextPage|queryArticle", re.I
)


def read_pager(page: Page, listing: ListReading | None) -> Pager | None:
    """Read the pager of a list page; None where the page shows none."""
    unfold(page)
    rows = len(listing.entries) if listing is not None else 0
    codes = scripts(page)
    seen = find_rendered(page)
    told = script_pager(page, codes, rows)
    linked = _linked(page, seen, codes, rows)
    if told is not None:
        if (
            linked is not None
            and linked.next_url is not None
            and (told.pages is None or told.current < told.pages or linked.current < told.pages)
        ):
            pages = told.pages if told.pages is not None else linked.pages
            return replace(told, next_url=linked.next_url, pages=pages, records=told.records or linked.records, understood=True)
        if told.records is None and (records := _records(seen)) is not None and records > rows:
            return replace(told, records=records)  # the visible total speaks against a script that knows of one page
        return told
    if linked is not None:
        return linked if linked.understood or linked.contract == "P18" else _by_numbers(page, linked)
    unread = _unread(page, seen, codes, rows, filled=listing is not None and listing.empty is EmptyBecause.SCRIPT)
    unnamed = turned_pager(page) if rows and (unread is None or not unread.understood) else None
    if unnamed is None:
        return unread
    if unread is not None and unnamed.next_url is None:
        last = unread.contract == "unknown" and unnamed.understood and more_promised(page, codes, rows, unnamed.pages or 0) is None
        return unnamed if last else unread
    return unnamed if unread is None else replace(unnamed, pages=unread.pages, records=unread.records)


def _by_numbers(page: Page, linked: Pager) -> Pager:
    """A pager whose words do not tell how it goes on: its numbers may, unless what is declared speaks against them."""
    unnamed = turned_pager(page)
    if unnamed is None or (unnamed.next_url is None and (not unnamed.understood or linked.pages not in (None, unnamed.pages))):
        return linked
    return replace(unnamed, contract=linked.contract, pages=linked.pages or unnamed.pages, records=linked.records)


def _count(patterns: tuple[re.Pattern[str], ...], text: str) -> int | None:
    for pattern in patterns:
        match = pattern.search(text)
        if match:
            return int(match.group(1))
    return None


def _linked(page: Page, seen: RenderedPager, codes: list[str], rows: int) -> Pager | None:
    """A pager of plain links, or of links whose addresses a script makes."""
    back = live_previous(page, seen)
    if seen.following is None and len(seen.numbered) < 1 and seen.last is None and back is None:
        return None
    pages, records = _count(_PAGES, seen.text) or _attribute_count(page) or _count((_GOTO,), page.text), _records(seen)
    target, contract, postback = next_target(page, seen.following)
    if postback or (target is None and is_posted(seen.numbered)):
        return Pager("P18", _count(_CURRENT, seen.text) or 1, pages, records, None, understood=pages == 1)
    if target is None and (made := _made(page, seen, codes)) is not None:
        target, contract = made, "P19"
    target = _leads_on(page, target) or (after(page, back) if seen.following is None else None)
    urls = {number: _numbered(page, codes, number, element) for number, element in seen.numbered.items()}
    current = _count(_CURRENT, seen.text) or _placed(page, seen, urls, back, target)
    if pages is not None and current < pages and link_contract(page, target, seen.previous) == "P16":
        current = downwards(page.url, pages)
    if pages is None:
        only = current == 1 and _leads_back(page, back, target)
        pages = 1 if only else pages_by_links(page, seen, urls, current, _leads_on(page, target) or urls.get(current + 1))
    elif current < pages and target is None and is_last(page, seen, back, pages):
        current = pages
    ended = pages is not None and current >= pages
    target = None if ended else target or _leads_on(page, urls.get(current + 1))
    if contract == "links":
        contract = _contract(page, seen, target, back)
    if contract == "P16" and pages is None and target is not None and current == 1:
        pages = (file_number(target) or 0) + 1  # numbered downwards: the second page bears the highest number
    if target is not None or ended:
        return Pager(contract, current, pages, records, target)
    if seen.following is not None and is_scripted(seen.following) and not is_disabled(seen.following):
        return Pager("P19", current, pages, records, None, understood=False)
    if pages is None and (_nothing_follows(page, codes, seen, urls) or (current == 1 and rows < _SHORT and _number_one_alone(seen))):
        return Pager(contract, current, current, records, None)
    return Pager(contract, current, pages, records, None, understood=False)


def _contract(page: Page, seen: RenderedPager, target: str | None, back: html.HtmlElement | None) -> str:
    """What contract rendered links speak: files numbered downwards, an ASP.NET pager, handlers, else plain links."""
    contract = link_contract(page, target, seen.previous)
    if contract == "links" and target is None and back is not None and not page.absolute(back.get("href")):
        return "P19"
    return "P18" if contract == "links" and any("aspnetpager" in names(box) for box in seen.boxes) else contract


def _made(page: Page, seen: RenderedPager, codes: list[str]) -> str | None:
    """Where 下一页 leads whose address a script makes."""
    return None if seen.following is None or is_disabled(seen.following) else turned(page, codes, seen.following)


def _numbered(page: Page, codes: list[str], number: int, element: html.HtmlElement) -> str | None:
    """Where the number of a page leads: by its link, by its option's value, or as a script makes it."""
    if element.tag != "option":
        return link_url(page, element) or turned(page, codes, element)
    value = element.get("value") or ""
    if not value.isdigit():
        return page.absolute(value)
    select = next(element.iterancestors("select"), None)
    return chosen(page, codes, select, value) if select is not None else None


def _placed(page: Page, seen: RenderedPager, urls: dict[int, str | None], back: html.HtmlElement | None, target: str | None) -> int:
    """Which page this is, where the pager does not say it in words."""
    nowhere = target is None and back is None and not stays(page, seen)
    if not urls and nowhere and (seen.previous is None or not is_scripted(seen.previous)):
        return 1  # nothing to turn to: a number in the address is the column's
    return 2 if not urls and is_second(page, back) else current_page(page, seen, urls)


def _records(seen: RenderedPager) -> int | None:
    """How many rows the pager says there are; a lone 11条 beside its pages is no size of a page."""
    told = _count(_RECORDS, seen.text)
    if told is not None:
        return told
    alone = {int(found.group(1)) for found in _ALONE.finditer(seen.own) if not _OF_A_PAGE.search(seen.own[: found.start()])}
    return alone.pop() if len(alone) == 1 else None


def _leads_back(page: Page, back: html.HtmlElement | None, target: str | None) -> bool:
    """Whether 上一页 and 下一页 lead to one address: those of an only page both lead to it, by an address that tells its number."""
    return target is not None and back is not None and link_url(page, back) == target


def _leads_on(page: Page, url: str | None) -> str | None:
    return url if url is not None and not same_page(url, page.url) else None


def _nothing_follows(page: Page, codes: list[str], seen: RenderedPager, urls: dict[int, str | None]) -> bool:
    """Whether the pager shows that this is its last page: 下一页 without a link, or dead where other links of the pager live."""
    if seen.following is None:
        return seen.previous is not None
    if seen.following.tag in ("input", "button") and not is_disabled(seen.following):
        return False  # it sends a form or runs a script
    if seen.following.tag != "a" or is_disabled(seen.following):
        return is_disabled(seen.following) or not any(True for _ in bound(codes, seen.following))
    own = page.absolute(seen.following.get("href"))
    if own is not None:
        return same_page(own, page.url)
    lives = any(url is not None for url in urls.values())
    return lives or (seen.previous is not None and link_url(page, seen.previous) is not None)


def _unread(page: Page, seen: RenderedPager, codes: list[str], rows: int, *, filled: bool) -> Pager | None:
    """A pager that is there and is not understood; None where there is no sign of one."""
    pages, records = _count(_PAGES, seen.text), _records(seen)
    current = _count(_CURRENT, seen.text) or 1
    if pages is not None and address_number(page, None) == pages:
        current = pages
    if pages is not None:
        return Pager("links", current, pages, records, None, understood=current >= pages)
    unit = next((box for box in seen.boxes if box.get("rows") and (box.get("count") or "").isdigit()), None)
    if unit is not None and (unit.get("rows") or "").isdigit():
        size, total = int(unit.get("rows") or 0), int(unit.get("count") or 0)
        return Pager("P12", 1, -(-total // size) if size else None, total, None)
    if records is not None and rows and records <= rows:
        return Pager("links", 1, 1, records, None)
    count = _attribute_count(page)
    if count is not None:
        current = count if address_number(page, None) == count else 1
        return Pager("P19", current, count, None, None, understood=current >= count)
    if filled:
        return None  # the script that fills the rows makes their pager as well
    called = any(_SCRIPTED.search(code) and re.search(r"(?:total|page|count)\w*\s*[:=]", code, re.I) for code in codes)
    if (called and seen.boxes) or any(_FETCHES.search(code) or (_SEARCHES in code and is_request(code)) for code in codes):
        return Pager("unknown", 1, None, records, None, understood=False)
    promised = more_promised(page, codes, rows)
    if promised is not None:
        return Pager("unknown", 1, None, promised or records, None, understood=False)
    if rows and _one_page(seen.boxes):
        return Pager("links", 1, 1, records, None)
    if any(_substance(box) for box in seen.boxes):
        return Pager("unknown", 1, None, records, None, understood=False)
    if seen.boxes and rows >= _SHORT and not stays_empty(page, codes, seen.boxes):
        return Pager("unknown", 1, None, records, None, understood=False)
    return None


def _attribute_count(page: Page) -> int | None:
    """Number of pages that stands in an attribute: pagecount="51", totalpage="12"."""
    for element in page.tree.iter("div", "ul", "span", "nav", "a", "li", "p", "td", "table", "em", "input"):
        for name in ("pagecount", "totalpage", "data-total-page", "data-pagecount", "data-pages"):
            count = element.get(name)
            if count and count.isdigit() and len(count) < 6:
                return int(count)
    return None


def _one_page(boxes: list[html.HtmlElement]) -> bool:
    """Whether the pager shows the number of the first page, and nothing to press: what some systems print under a short list."""
    pressed = any(True for box in boxes for _ in box.iter("a", "button", "input", "select", "script"))
    return _numbers_shown(boxes, "a", "span", "button", "em", "b") == {"1"} and not pressed


def _number_one_alone(seen: RenderedPager) -> bool:
    """Whether the pager shows the number of the first page and no other one: one that a script turns would show them."""
    return _numbers_shown(seen.boxes, "a", "span", "li", "em", "b", "strong") == {"1"} and not seen.numbered


def _numbers_shown(boxes: list[html.HtmlElement], *tags: str) -> set[str]:
    return {label for box in boxes for element in box.iter(*tags) if (label := label_of(element)).isdigit()}


def _substance(box: html.HtmlElement) -> bool:
    """Whether a pager's box shows page links or a script of its own."""
    labels = [label_of(element) for element in box.iter("a", "span", "button")]
    return any(label and (re.search(r"[页頁]", label) or label.isdigit()) for label in labels) or any(
        script.get("src") or script.text for script in box.iter("script")
    )
