"""Shells of one page that a script fills from an open JSON address: /data/list.json, /api/gk?gk=N with the columns and, by their keys, the rows.

What such data mean shows in themselves: objects with a title and an address are rows, objects with a name and a key are columns. A
count, where one is given, ends the walk; no rows at all prove nothing, for nobody has said what an empty answer means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from data.urls import netloc
from spiders.base import Ask, BaseFamily, ColumnLink, Fetched, Progress, Step, ended
from spiders.data_items import has_address, objects, rows_in, total_in, value_of
from spiders.data_rows import loads, text_of

_CALL = re.compile(
    r"(?:\baxios(?:\.get)?|\bfetch|\$\.(?:get|getJSON|ajax))\s*\(\s*(?:\{(?![^{}]{0,300}\bpost\b)[^{}]{0,200}?\burl\s*:\s*)?[\"'`](?P<path>/[^\"'`\s<>]{1,160})[\"'`](?P<more>\s*\+)?"
)
_PAGE = re.compile(r"(?P<name>[?&](?:page|pageNo|pageNum|pageIndex|p)=)(?P<number>\d{1,6})\b", re.I)
_NAMES = ("name", "columnname", "channelname", "title")
_NAME_CHARS = 20  # a longer name is no column's


class OpenJsonFamily(BaseFamily):
    """Rows and columns by what the data look like."""

    name = "open-json"

    def recognises(self, page: Fetched) -> bool:
        shell = page.reading is not None and "script-shell" in page.reading.marks
        return shell and _endpoint(page) is not None

    def entry(self, page: Fetched) -> Ask | None:
        found = _endpoint(page)
        return Ask(found) if found is not None and "?" in found else None

    def columns(self, page: Fetched) -> tuple[ColumnLink, ...]:
        try:
            data = loads(page.text)
        except ValueError:
            return ()
        return tuple(_columns(data, page.url))

    def first(self, page: Fetched, column_url: str, progress: Progress) -> Step:
        found = _endpoint(page)
        if found is None or "?" in found:
            return Step((), fault="script-only")  # the address of the columns: their rows come by their own
        return Step((), ask=Ask(found))

    def following(self, answer: Fetched, column_url: str, progress: Progress) -> Step:
        try:
            data = loads(answer.text)
            entries, total = rows_in(data, column_url), total_in(data)
        except ValueError:
            return Step((), progress.declared, fault="api-failed")
        end = ended(entries, total or None, None, progress)
        if end is not None:
            return end
        paged = _PAGE.search(answer.url)
        if paged is None:
            whole = total is None and urlsplit(answer.url).path.endswith(".json") and not urlsplit(answer.url).query
            return Step(entries, total, end="no-pager") if whole else Step(entries, total, fault="unknown-pager")
        if total is None:
            return Step(entries, fault="unknown-pager")
        step = f"{paged['name']}{int(paged['number']) + 1}"
        return Step(entries, total, ask=Ask(answer.url[: paged.start()] + step + answer.url[paged.end() :]))


def _endpoint(page: Fetched) -> str | None:
    """The one address that the page's script asks; a value that it takes from the page's own query is taken from there, else it is 1."""
    found = {(match["path"], bool(match["more"])) for match in _CALL.finditer(page.text)}
    if len(found) != 1:
        return None
    path, more = found.pop()
    if more:
        name = re.search(r"[?&](\w{1,30})=$", path)
        if name is None:
            return None
        path += next(iter(parse_qs(urlsplit(page.url).query).get(name[1], ())), "1")
    url = urljoin(page.url, path)
    return url if netloc(url) == netloc(page.url) else None


def _columns(data: Any, asked: str) -> Iterator[ColumnLink]:
    """Columns are objects with a short name and keys, and without an address; the keys are what their rows are asked for by."""
    parts = urlsplit(asked)
    own = set(parse_qs(parts.query))
    for items in objects(data):
        for one in items:
            name = text_of(value_of(one, _NAMES))
            keys = {
                key: str(value) for key, value in one.items() if key not in _NAMES and isinstance(value, str | int) and len(str(value)) < 60
            }
            if not name or len(name) > _NAME_CHARS or has_address(one) or not keys or not own <= set(keys):
                continue
            shown = urlencode({key: value for key, value in keys.items() if key in own})
            place = "/".join(value for key, value in keys.items() if key not in own)
            if place:
                rows = parts._replace(query=f"{urlencode(keys)}&page=1").geturl()
                yield ColumnLink(name, f"?{shown}#{place}", None, Ask(rows))
