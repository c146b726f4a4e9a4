"""Menus that a home page takes from elsewhere: a script that writes its head, a piece of markup that a script loads into it."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from crawler.extract import read
from data.errors import InputError
from data.records import PageReading
from data.urls import netloc
from spiders.base import Fetched

MOST_MENUS = 4
_SCRIPT = re.compile(r"<script\b[^>]*?\bsrc\s*=\s*[\"']?([^\"'\s>]+)", re.I)
_PIECE = re.compile(
    r"\.load\s*\(\s*[\"']([^\"'\s]+)[\"' ]|<object\b[^>]*?\bdata\s*=\s*[\"']([^\"']+)|<link\b[^>]*?\brel\s*=\s*[\"']?import\b[^>]*?\bhref\s*=\s*[\"']([^\"']+)",
    re.I,
)
_MENU = re.compile(r"(?<![a-z])(?:head(?:er)?|top|nav(?:i|bar|menu)?|menu|daohang|dh|caidan|lanmu|column)s?(?![a-z])", re.I)
_MARKUP = re.compile(r"\.(?:s?html?|jsp|aspx?|php)$", re.I)
_WRITES = re.compile(r"document\s*\.\s*write(?:ln)?\s*\(")


def menus_elsewhere(page: Fetched) -> tuple[str, ...]:
    """Addresses on the page's own host of what may be its menus, by their names: a page names dozens of scripts."""
    found: dict[str, None] = {}
    scripts = [match[1] for match in _SCRIPT.finditer(page.text)]
    pieces = [next(filter(None, match.groups())) for match in _PIECE.finditer(page.text)]
    for address, kinds in ((scripts, re.compile(r"\.js$", re.I)), (pieces, _MARKUP)):
        for href in address:
            try:
                url = urljoin(page.url, href)
                path = urlsplit(url).path
            except ValueError:
                continue
            if netloc(url) == netloc(page.url) and kinds.search(path) and _MENU.search(path.rpartition("/")[2]):
                found[url] = None
    return tuple(found)[:MOST_MENUS]


def read_menu(answer: Fetched, home: str) -> PageReading | None:
    """What such an answer says, as if it stood in the home page: its links hang on that. None where it writes nothing."""
    if _WRITES.search(answer.text[:200_000]):
        markup = f"<html><body><script>{answer.text}</script></body></html>"
    elif re.match(r"\s*<", answer.text):
        markup = answer.text
    else:
        return None
    try:
        return read(markup.encode(), home)
    except InputError:
        return None
