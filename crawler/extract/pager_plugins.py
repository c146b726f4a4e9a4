"""Pagers that a plugin draws (P9), known by the shape of what it is given: how many pages or rows there are, and where a page's number leads.

laypage.render({count, limit, jump}), kkpager.generPageHtml({pno, total, click}), $(…).jqPaginator({totalPages, onPageChange}),
new PageNav({totalPage, callback}), pageNav.go(1, 7), pg = new showPages('pg'); pg.pageCount = 5. Sites call them as they like.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import ceil

from crawler.extract.page import Page
from crawler.extract.pager_numbers import query_number
from crawler.extract.pager_turns import made
from crawler.extract.script_blocks import block, function_body
from crawler.extract.script_values import Builder, fill_address, find_builder, first_value, number_by, told, with_query
from data.records import Pager

_PAGES = (
    "countPage", "pageCount", "totalPage", "totalPages", "pagecount", "countpage", "total_page", "nPageCount", "maxPage", "pages", "logicTotalPage",
)  # fmt: skip
_ROWS = (
    "countnum", "totalRecord", "totalCount", "recordCount", "totalRecords", "totalData", "m_nRecordCount", "totalCounts", "totalNumber", "total", "count",
)  # fmt: skip
_SIZE = ("perPage", "pageSize", "perSize", "showData", "limit", "perpage", "pagesize", "items_per_page")
_CURRENT = (
    "currPage",
    "currentPage",
    "curPage",
    "pageIndex",
    "pageNo",
    "pageNumber",
    "pagenumber",
    "pno",
    "current_page",
    "current",
    "curr",
    "page",
)
_CALL = re.compile(r"(?P<name>[A-Za-z_$][\w$]*)\s*\(\s*(?:(?P<rows>\d{1,7})\s*,\s*|['\"][^'\"\n]{0,60}['\"]\s*,\s*|[\w$.]+\s*,\s*)?(?=\{)")
_KNOWN = re.compile(
    r"^(?:pagination|laypage|render|jqPaginator|twbsPagination|bootstrapPaginator|createPage|pager|paging|Page|PageNav|pageNav|whjPaging|zxfpage\w*|\w*pag(?:e|er|ing|inat\w*))$",
    re.I,
)
_ELSE = re.compile(
    r"^(?:ajax|get|post|getJSON|extend|css|animate|if|for|while|switch|function|catch|jpage|swiper|superslide|slide|carousel|on|bind|click|Vue|use|ready|each|init)$",
    re.I,
)
_SETPAGE = re.compile(r"\.pagination\s*\(\s*['\"]setPage['\"]\s*,\s*(\d+)\s*,\s*(\d+)")
_GO = re.compile(r"\bpageNav\.go\s*\(\s*(?:parseInt\s*\(\s*)?([\w$]+)\s*\)?\s*,\s*(?:parseInt\s*\(\s*)?([\w$]+)", re.I)
_OBJECT = re.compile(r"(?<![\w$])([A-Za-z_$][\w$]*)\s*=\s*new\s+([A-Za-z_$]\w*)\s*\(")
_FUNCTION = re.compile(
    r"(?:[:=]\s*(?:async\s+)?function\s*\w*\s*\([^)]*\)|(?<![\w$.])(?!if|for|while|switch|function)\w+\s*\([\w$, ]*\)|=>)\s*\{"
)
_NAMED = re.compile(r"(?:callback|call_?back|click|jump|fn|handler|change|select)\w*['\"]?\s*:\s*([A-Za-z_$][\w$]*)\s*(?=[,}\n]|$)", re.I)
_TEMPLATE = re.compile(
    r"(?:href|link_?to|link|url|pageUrl)['\"]?\s*:\s*['\"](?P<head>[^'\"\n{}<>]{0,120}?)(?:\{\{?\s*(?:number|page|n|p)\s*\}\}?|__id__|\[page\]|%page%)(?P<tail>[^'\"\n<>]{0,60})['\"]", re.I
)  # fmt: skip
_NEAR = 4000

Address = Callable[[int], str | None]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What a plugin is given."""

    pages: int
    records: int | None
    current: int | None
    address: Address | None
    borne: int | None  # the number that the page's own address bears, by that address


def plugin_pager(page: Page, code: str, rows: int) -> Pager | None:
    """The first plugin's pager that a script draws."""
    for read in (_set_page, _gone_to, _object, _options):
        for drawn in read(page, code):
            current = max(drawn.borne or drawn.current or query_number(page.url.partition("?")[2]) or 1, 1)
            if current >= drawn.pages:
                return Pager("P9", current, drawn.pages, drawn.records, None)
            url = drawn.address(current + 1) if drawn.address is not None else None
            return Pager("P9", current, drawn.pages, drawn.records, url, understood=url is not None)
    return None


def _options(page: Page, code: str) -> Iterator[_Drawn]:
    """name({pages or rows, what a page's number leads to}); a plugin that is not known has to say both."""
    for call in _CALL.finditer(code):
        if _ELSE.match(call["name"]):
            continue
        options = block(code, call.end(), _NEAR)
        if options is None:
            continue
        zero = bool(call["rows"]) and call["name"] == "pagination"  # the oldest one: given the rows, it counts pages from 0
        kk = call["name"] == "generPageHtml"
        records = int(call["rows"]) if zero else told(page, code, options, _ROWS[:-2] if kk else _ROWS)
        size, pages = told(page, code, options, _SIZE), told(page, code, options, ("total", *_PAGES) if kk else _PAGES)
        if pages is None and records is not None and size:
            pages = ceil(records / size)
        if pages is None:
            continue
        address, borne = _address(page, code, options, 1 if zero else 0)
        current = told(page, code, options, _CURRENT)
        current = current + 1 if zero and current is not None else current
        if address is None and not _KNOWN.match(call["name"]):
            continue
        yield _Drawn(pages, records, current, address, borne)


def _address(page: Page, code: str, options: str, less: int) -> tuple[Address | None, int | None]:
    """Where a page's number leads, by the functions among the options or by a pattern; and the number that the page's own address bears by it."""
    pattern = _TEMPLATE.search(options)
    if pattern is not None:
        return _by(page, Builder(pattern["head"], -less, pattern["tail"]))
    bodies = [body for found in _FUNCTION.finditer(options) if (body := block(options, found.end() - 1, _NEAR)) is not None]
    bodies += [body for name in _NAMED.findall(options) if (body := function_body((code,), name)) is not None]
    for body in (*bodies, options):
        builder = find_builder(body)
        if builder is not None:
            return _by(page, replace(builder, shift=builder.shift - less))
    sent = next((body for body in bodies if made(page, body, "2") is not None), None)
    return (None, None) if sent is None else (lambda number: made(page, sent, str(number - less)), None)


def _by(page: Page, builder: Builder) -> tuple[Address, int | None]:
    return lambda number: fill_address(page, builder, number), number_by(page.url, builder)


def _set_page(page: Page, code: str) -> Iterator[_Drawn]:
    """.pagination("setPage", current, pages), its address in the code around it."""
    found = _SETPAGE.search(code)
    if found is not None:
        near = code[max(0, found.start() - _NEAR // 2) : found.start() + _NEAR]
        builder = find_builder(near)
        address, borne = _by(page, builder) if builder is not None else (None, None)
        yield _Drawn(int(found[2]), told(page, code, near, _ROWS), int(found[1]), address, borne)


def _gone_to(page: Page, code: str) -> Iterator[_Drawn]:
    """pageNav.go(current, pages), whose fn or gos is called with a page's number."""
    found = _GO.search(code)
    if found is None:
        return
    current, pages = (int(one) if one.isdigit() else told(page, code, f"x:{one},", ("x",)) for one in found.groups())
    body = next((body for name in ("fn", "gos") if (body := function_body((code,), name)) and made(page, body, "2")), None)
    if pages is not None:
        yield _Drawn(pages, None, current, None if body is None else (lambda number: made(page, body, str(number))), None)


def _object(page: Page, code: str) -> Iterator[_Drawn]:
    """pg = new showPages('pg'); pg.pageCount = 5; pg.argName = 'page': the page's own address with that in its query."""
    for made_ in _OBJECT.finditer(code):
        own = re.escape(made_[1])
        pages = re.search(rf"(?<![\w$]){own}\.(?:pageCount|totalPages?)\s*=\s*['\"]?(\d{{1,5}})", code)
        key = re.search(rf"(?<![\w$]){own}\.argName\s*=\s*['\"](\w{{1,30}})['\"]", code) or re.search(
            r"this\.argName\s*=\s*['\"](\w{1,30})['\"]", code
        )
        if pages is None or key is None:
            continue
        current = re.search(rf"[?&]{re.escape(key[1])}=(\d{{1,5}})(?:&|$)", page.url)
        records = first_value(code, (f"{made_[1]}.recordCount", f"{made_[1]}.totalCount"))
        yield _Drawn(int(pages[1]), records, int(current[1]) if current is not None else 1, _with(page, key[1]), None)


def _with(page: Page, key: str) -> Address:
    return lambda number: with_query(page, f"{key}={number}")
