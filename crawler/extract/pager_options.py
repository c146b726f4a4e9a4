"""Pagers that are made of options: Pager({size, current, prefix, suffix}), kkpager.generPageHtml({pno, total, hrefFormer, getLink})."""

from __future__ import annotations

import re

from crawler.extract.page import Page
from crawler.extract.script_values import Builder, fill_address, first_value
from data.records import Pager

_STEM = re.compile(r"\b(?:prefix|hrefFormer|pageName|stem)['\"]?\s*:\s*['\"]([^'\"\n]{1,120})['\"]")
_TAIL = re.compile(r"\b(?:suffix|hrefLatter|pageExt|ext)['\"]?\s*:\s*['\"]\.?([^'\"\n]{0,60})['\"]")
_CALL = re.compile(r"([A-Za-z_$][\w$.]*)\s*\(\s*\{")
_LINK = re.compile(r"return\s+(?P<sum>[^;{}\n]{1,200})")
_PART = re.compile(
    r"""\s*(?:this\.(?P<name>hrefFormer|hrefLatter)|(?P<text>"[^"]*"|'[^']*')|\(?\s*(?P<number>[A-Za-z_]\w*)\s*(?:-\s*(?P<less>1)\s*)?\)?)\s*(?:\+|$)"""
)
_TOTALS = ("total", "size", "pageCount", "totalPage", "countPage", "pages")
_CURRENT = ("pno", "current", "currentPage", "curPage", "currPage")
_CHARS = 1500


def options_pager(page: Page, code: str, rows: int) -> Pager | None:
    """A pager whose options name the stem of its files."""
    for call in _CALL.finditer(code):
        near = code[call.start() : call.start() + _CHARS]
        stem, tail = _STEM.search(near), _TAIL.search(near)
        if stem is None or (tail is None and "getLink" not in near):
            continue
        total, current = first_value(near, _TOTALS), first_value(near, _CURRENT)
        if total is None or current is None:
            continue
        records = first_value(near, ("totalRecords", "totalRecord", "recordCount"))
        former, latter = stem[1], tail[1] if tail is not None else ""
        kk = "hrefFormer" in near
        number = current if kk else current + 1
        if number >= total:
            return Pager("P9" if kk else "P1", max(number, 1), total, records, None)
        builder = _kkpager(near, former, latter) if kk else Builder(f"{former}_", -1, f".{latter}")
        url = fill_address(page, builder, number + 1) if builder is not None else None
        return Pager("P9" if kk else "P1", max(number, 1), total, records, url, understood=url is not None)
    return None


def _kkpager(near: str, former: str, latter: str) -> Builder | None:
    """How getLink puts an address together; without one the plugin's own way, stem_N and the rest."""
    latter = f".{latter}" if re.fullmatch(r"s?html?|jsp|aspx?|php", latter) else latter
    link = near.partition("getLink")[2]
    name = re.match(r"['\"]?\s*:?\s*(?:function\s*)?\(\s*(\w+)", link)
    sums = [found["sum"] for found in _LINK.finditer(link)]
    told = next((sum_ for sum_ in sums if name is not None and re.search(rf"(?<![\w.]){name[1]}(?!\w)", sum_)), None)
    if told is None:
        return Builder(f"{former}_", 0, latter) if not link else None
    before, after, shift, seen = "", "", 0, False
    position = 0
    while position < len(told.strip()):
        part = _PART.match(told, position)
        if part is None or part.end() == position:
            return None
        position = part.end()
        if part["number"]:
            if name is None or part["number"] != name[1]:
                return None
            seen, shift = True, -1 if part["less"] else 0
            continue
        text = part["text"][1:-1] if part["text"] else former if part["name"] == "hrefFormer" else latter
        before, after = (before, after + text) if seen else (before + text, after)
    return Builder(before, shift, after) if seen else None
