"""Shells of one page that a script fills from an open JSON address: /data/list.json, /api/gk?gk=N with the columns and, by their keys, the rows.

What such data mean shows in themselves: objects with a title and an address are rows, objects with a name and a key are columns. A
count, where one is given, ends the walk; no rows at all prove nothing, for nobody has said what an empty answer means.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from data.urls import netloc
from spiders.base import Ask, BaseFamily, ColumnLink, Fetched, Progress, Step
from spiders.data_rows import date_of, loads, number, row, text_of

_CALL = re.compile(
    r"(?:\baxios(?:\.get)?|\bfetch|\$\.(?:get|getJSON|ajax))\s*\(\s*(?:\{(?![^{}]{0,300}\bpost\b)[^{}]{0,200}?\burl\s*:\s*)?[\"'`](?P<path>/[^\"'`\s<>]{1,160})[\"'`](?P<more>\s*\+)?"
)
_TITLES = ("title", "doctitle", "infotitle", "titlename", "articletitle")
_ADDRESSES = ("url", "infourl", "link", "linkurl", "href", "docurl", "docpuburl")
_DATES = ("time", "date", "pubdate", "pubtime", "publishtime", "publishdate", "publishedtimestr", "docrelpubtime", "infodate")
_NAMES = ("name", "columnname", "channelname", "title")
_TOTALS = ("total", "totalrec", "totalcount", "recordcount", "totalrecord", "totalnum")
_PAGE = re.compile(r"(?P<name>[?&](?:page|pageNo|pageNum|pageIndex|p)=)(?P<number>\d{1,6})\b", re.I)
_NAME_CHARS, _OBJECTS = 20, 20_000  # a longer name is no column's; objects of an answer that are looked at

Item = Mapping[str, Any]


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
            items, total = _rows(data), _total(data)
        except ValueError:
            return Step((), progress.declared, fault="api-failed")
        entries = tuple(row(_of(one, _TITLES), _of(one, _ADDRESSES), column_url, date_of(one, _DATES)) for one in items)
        if not entries:
            return Step((), total, fault="declared-more-than-read" if total else "api-empty")
        if total is not None and progress.rows + len(entries) >= total:
            return Step(entries, total, end="declared-total-read")
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


def _objects(data: Any) -> Iterator[Sequence[Item]]:
    """Every array of objects in an answer, the outermost first, keys in lower case."""
    waiting, seen = deque([data]), 0
    while waiting and seen < _OBJECTS:
        at = waiting.popleft()
        if isinstance(at, list):
            items = [{str(key).lower(): value for key, value in one.items()} for one in at[:_OBJECTS] if isinstance(one, dict)]
            seen += len(items)
            if items:
                yield items
            waiting.extend(one for one in at[:_OBJECTS] if isinstance(one, dict | list))
        elif isinstance(at, dict):
            waiting.extend(value for value in at.values() if isinstance(value, dict | list))


def _rows(data: Any) -> Sequence[Item]:
    """The array most of whose objects have a title and an address."""
    for items in _objects(data):
        good = [one for one in items if _of(one, _TITLES) and _of(one, _ADDRESSES)]
        if 2 * len(good) > len(items):
            return items
    return ()


def _columns(data: Any, asked: str) -> Iterator[ColumnLink]:
    """Columns are objects with a short name and keys, and without an address; the keys are what their rows are asked for by."""
    parts = urlsplit(asked)
    own = set(parse_qs(parts.query))
    for items in _objects(data):
        for one in items:
            name = text_of(_of(one, _NAMES))
            keys = {
                key: str(value) for key, value in one.items() if key not in _NAMES and isinstance(value, str | int) and len(str(value)) < 60
            }
            if not name or len(name) > _NAME_CHARS or _of(one, _ADDRESSES) or not keys or not own <= set(keys):
                continue
            shown = urlencode({key: value for key, value in keys.items() if key in own})
            place = "/".join(value for key, value in keys.items() if key not in own)
            if place:
                rows = parts._replace(query=f"{urlencode(keys)}&page=1").geturl()
                yield ColumnLink(name, f"?{shown}#{place}", None, Ask(rows))


def _total(data: Any) -> int | None:
    """The count that an answer bears, at its top or one level below."""
    if not isinstance(data, dict):
        return None
    for at in (data, *(value for value in data.values() if isinstance(value, dict))):
        value = _of({str(key).lower(): found for key, found in at.items()}, _TOTALS)
        if value is not None:
            return number(value)
    return None


def _of(item: Item, names: Sequence[str]) -> Any:
    return next((item[name] for name in names if item.get(name) not in (None, "")), None)
