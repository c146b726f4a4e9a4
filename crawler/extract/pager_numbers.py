"""Addresses of a list's pages: the number that one bears, whether two are one page, what follows by its number."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from lxml import html

from crawler.extract.page import Page

QUERY_PAGE = re.compile(r"^(?:page|p|pn|pg|paged|pageno|page_no|pagenum|pageindex|currentpage|curpage|currpage|cur_page|nowpage)$", re.I)
_FILE = re.compile(r"(?P<head>.*[_/-])(?P<number>\d{1,8})(?P<tail>\.(?:s?html?|jsp|aspx?|php))$")
_QUERY = re.compile(
    r"(?P<head>(?:^|.*&)(?:page|pageno|page_no|pagenum|pageindex|page_index|currentpage|curpage|currpage|p|pn)=)(?P<number>\d{1,6})(?P<tail>(?:&.*)?)$",
    re.I | re.S,
)


def query_number(query: str) -> int | None:
    """Page number that a query asks for."""
    return next((int(value) for key, value in parse_qsl(query) if QUERY_PAGE.match(key) and value.isdigit() and len(value) < 6), None)


def file_number(url: str) -> int | None:
    """Page number that an address bears in its query or file name."""
    parts = urlsplit(url)
    asked = query_number(parts.query)
    if asked is not None:
        return asked
    match = re.search(r"(?:_|-|/)0*(\d{1,4})\.(?:s?html?|jsp|aspx?|php)$", parts.path)
    return int(match.group(1)) if match else None


def stem_of(url: str) -> str:
    parts = urlsplit(url)
    return re.sub(r"\d+(?=\.\w+$)", "", parts.path) + "&".join(sorted(key for key, _ in parse_qsl(parts.query)))


def same_page(one: str, other: str) -> bool:
    def key(url: str) -> tuple[str, str, str]:
        parts = urlsplit(url)
        return parts.netloc.lower(), re.sub(r"/(?:index|default)\.\w+$", "/", parts.path), parts.query

    return key(one) == key(other)


def by_number(url: str, step: int) -> str | None:
    """The address of the page after a numbered one, its zeros kept; None where it bears no number or the numbers are at their end."""
    parts = urlsplit(url)
    for name, pattern, text in (("query", _QUERY, parts.query), ("path", _FILE, parts.path)):
        found = pattern.match(text)
        if found is not None:
            number = int(found["number"]) + step
            width = len(found["number"]) if found["number"].startswith("0") else 0
            if number < 1:
                return None
            return parts._replace(**{name: f"{found['head']}{number:0{width}d}{found['tail']}"}).geturl()
    return None


def link_contract(page: Page, target: str | None, previous: html.HtmlElement | None) -> str:
    """P16 where files are numbered downwards in a folder of the column's name, else plain links."""
    here = urlsplit(page.url).path
    first = re.fullmatch(r"(.*)/([^/]+)\.htm", here)
    if first is None:
        return "links"
    if target is not None:
        second = re.fullmatch(r"(.*)/(\d+)\.htm", urlsplit(target).path)
        if second and second.group(1) == f"{first.group(1)}/{first.group(2)}":
            return "P16"
        if second and first.group(1) == second.group(1) and first.group(2).isdigit() and int(second.group(2)) == int(first.group(2)) - 1:
            return "P16"
    link = None if previous is None else next(previous.iter("a"), None)
    back = re.fullmatch(r"(.*)/(\d+)\.htm", urlsplit(page.absolute(link.get("href")) or "").path) if link is not None else None
    return (
        "P16"
        if back and first.group(1) == back.group(1) and first.group(2).isdigit() and int(back.group(2)) == int(first.group(2)) + 1
        else "links"
    )


def downwards(url: str, pages: int) -> int:
    """Which page an address is of a list whose files are numbered downwards: the file without a number is the first."""
    number = re.search(r"/(\d{1,5})\.htm$", urlsplit(url).path)
    return pages - int(number[1]) + 1 if number is not None and int(number[1]) < pages else 1
