"""Pager contracts that stand in scripts (P1 to P11, P14, P16, P17 of the pagination catalogue)."""

from __future__ import annotations

import re
from itertools import pairwise
from math import ceil
from urllib.parse import urlsplit

from crawler.extract.page import Page
from crawler.extract.pager_calls import create_page_call, page_variables
from crawler.extract.pager_options import options_pager
from crawler.extract.pager_plugins import plugin_pager
from crawler.extract.script_values import build_address, first_value
from data.records import Pager


def script_pager(page: Page, codes: list[str], rows: int) -> Pager | None:
    """The first contract that a script of the page shows; None where none does."""
    for read in (create_page_call, options_pager, _descending, _jpage, _longxun, plugin_pager, page_variables, _everything, _epoint):
        for code in codes:
            found = read(page, code, rows)
            if found is not None:
                return found
    return None


def _descending(page: Page, code: str, rows: int) -> Pager | None:
    """Files numbered downwards and fetched by script: maxPageNum = 16, stem_15.html is page 2."""
    counts = [int(value) for value in re.findall(r"\bmaxPageNum\s*=\s*(\d+)", code)]
    if not counts or not max(counts):
        return None
    total = max(counts)
    files: dict[int, str] = {}
    for element in page.tree.iter("a"):
        match = re.search(r"_(\d+)\.s?html?$", element.get("href") or "")
        if match and int(match.group(1)) <= total and not (element.text or "").strip():
            files[int(match.group(1))] = element.get("href") or ""
    own = re.search(r"_(\d+)\.s?html?$", urlsplit(page.url).path)
    stems = {re.sub(r"_\d+(\.s?html?)$", r"_{}\1", name) for name in files.values()}
    stem = re.search(r"""\bpurl\s*=\s*['"]([^'"]+)['"]""", code)
    if len(stems) == 1:
        pattern = stems.pop()
    elif stem is not None:
        pattern = stem.group(1) + "_{}.html"
    else:
        return Pager("P16", 1, total, None, None, understood=total <= 1)
    same = own is not None and re.sub(r"_\d+(\.s?html?)$", "", page.url) == re.sub(r"_\{\}(\.s?html?)$", "", page.absolute(pattern) or "")
    current = total - int(own.group(1)) + 1 if own is not None and same else 1
    following = total - current
    return Pager("P16", current, total, None, page.absolute(pattern.format(following)) if following >= 1 else None)


def jpage_call(code: str) -> str | None:
    """The options of Hanweb's jpage({…}): of several calls the one for the records that the page itself holds (dataStore)."""
    calls = [match.end() for match in re.finditer(r"\bjpage\s*\(", code)]
    options = [code[start:stop] for start, stop in pairwise([*calls, len(code)])]
    return next((option for option in options if "dataStore" in option), next(iter(options), None))


def _jpage(page: Page, code: str, rows: int) -> Pager | None:
    call = jpage_call(code)
    if call is None:
        return None
    records, size = first_value(call, ("totalRecord", "totalrecord")), first_value(call, ("perPage", "perpage"))
    if records is None:
        return Pager("P11", 1, None, None, None, understood=False)
    return Pager("P11", 1, ceil(records / size) if size else None, records, None)


def _longxun(page: Page, code: str, rows: int) -> Pager | None:
    """Ls.pagination(sel, fn, {currPage, pageCount}); the address is the literal that the function joins with the page number."""
    call = re.search(r"\bLs\.pagination\s*\(", code)
    if call is None:
        return None
    near = code[max(0, call.start() - 1500) : call.end() + 2500]
    total, current = first_value(near, ("pageCount", "totalPage")), first_value(near, ("currPage", "currentPage")) or 1
    records = first_value(near, ("sumCount", "totalCount", "total", "records"))
    if total is not None and current >= total:
        return Pager("P10", current, total, records, None)
    url = build_address(page, near, current + 1)
    if url is None and re.search(r"[?&]pageIndex=\d+", page.url):
        url = re.sub(r"([?&]pageIndex=)\d+", rf"\g<1>{current + 1}", page.url)
    return Pager("P10", current, total, records, url, understood=url is not None and total is not None)


def _everything(page: Page, code: str, rows: int) -> Pager | None:
    """All rows are in the page and a script shows them in slices: totalCount, perSize, logicTotalPage."""
    if not re.search(r"logicTotalPage|pagedContent", code):
        return None
    records, size, total = (
        first_value(code, ("totalCount", "totalRecord")),
        first_value(code, ("perSize", "perPage", "pageSize")),
        first_value(code, ("logicTotalPage", "totalPage")),
    )
    if records is None and total is None:
        return None
    if total is None and records is not None and size:
        total = ceil(records / size)
    return Pager("P17", 1, total, records, None)


def _epoint(page: Page, code: str, rows: int) -> Pager | None:
    if re.search(r"lightfrontaction/getgovinfolist|EWB-FRONT/rest", code):
        return Pager("P14", 1, None, None, None)
    return None
