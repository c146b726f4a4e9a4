"""Menus that a home page takes from elsewhere: a script that writes its head, a piece of markup that a script loads into it."""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import urljoin, urlsplit

from crawler.extract import read
from data.errors import InputError
from data.records import PageReading
from data.urls import netloc
from spiders.base import Fetched

MOST_MENUS = 4
_PIECE = re.compile(
    r"\.load\s*\(\s*[\"']([^\"'\s]+)[\"' ]|<object\b[^>]*?\bdata\s*=\s*[\"']([^\"']+)|<link\b[^>]*?\brel\s*=\s*[\"']?import\b[^>]*?\bhref\s*=\s*[\"']([^\"']+)",
    re.I,
)
_MENU = re.compile(r"(?<![a-z])(?:head(?:er)?|top|nav(?:i|bar|menu)?|menu|daohang|dh|caidan|lanmu|column)s?(?![a-z])", re.I)
_CODE = re.compile(r"\.js$", re.I)
_MARKUP = re.compile(r"\.(?:s?html?|jsp|aspx?|php)$", re.I)
_WRITES = re.compile(r"document\s*\.\s*write(?:ln)?\s*\(")


def menus_elsewhere(page: Fetched) -> tuple[str, ...]:
    """Addresses on the page's own host of what may be its menus, by their names: a page names dozens of scripts."""
    pieces: list[str] = []
    for match in _PIECE.finditer(page.text):
        with suppress(ValueError):
            pieces.append(urljoin(page.url, next(filter(None, match.groups()))))
    named = (*((url, _CODE) for url in page.scripts()), *((url, _MARKUP) for url in pieces))
    return tuple(dict.fromkeys(url for url, kind in named if _is_menu(page, url, kind)))[:MOST_MENUS]


def _is_menu(page: Fetched, url: str, kind: re.Pattern[str]) -> bool:
    path = urlsplit(url).path
    return netloc(url) == netloc(page.url) and bool(kind.search(path) and _MENU.search(path.rpartition("/")[2]))


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
