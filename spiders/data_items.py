"""What an interface's answer holds, by what it looks like: arrays of objects with a title and an address are rows; a count is a count."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from data.records import ListEntry
from spiders.data_rows import date_of, number, row

_TITLES = ("title", "doctitle", "infotitle", "titlename", "articletitle", "realtitle", "subject")
_ADDRESSES = ("url", "infourl", "link", "linkurl", "href", "docurl", "docpuburl", "htmlpath", "visiturl")
_DATES = (
    "time", "date", "pubdate", "pubtime", "publishtime", "publishdate", "publishedtimestr", "docrelpubtime", "docreltime", "infodate",
    "createtime", "releasetime",
)  # fmt: skip
_TOTALS = ("total", "totalrec", "totalcount", "recordcount", "totalrecord", "totalrecords", "totalnum", "totalelements", "count")
_PAGES = ("pages", "totalpage", "totalpages", "pagecount", "countpage", "pagetotal")
_OBJECTS = 20_000  # of an answer that are looked at

Item = Mapping[str, Any]


def objects(data: Any) -> Iterator[Sequence[Item]]:
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


def rows_in(data: Any, base: str) -> tuple[ListEntry, ...]:
    """The rows of an answer: the array most of whose objects have a title and an address."""
    for items in objects(data):
        good = [one for one in items if value_of(one, _TITLES) and has_address(one)]
        if 2 * len(good) > len(items):
            return tuple(row(value_of(one, _TITLES), value_of(one, _ADDRESSES), base, date_of(one, _DATES)) for one in items)
    return ()


def total_in(data: Any) -> int | None:
    """The count of rows that an answer bears, at its top or one level below; ValueError where it is none."""
    return _counted(data, _TOTALS)


def pages_in(data: Any) -> int | None:
    """The count of pages that an answer bears."""
    return _counted(data, _PAGES)


def has_address(item: Item) -> bool:
    """Whether an object leads somewhere."""
    return bool(value_of(item, _ADDRESSES))


def value_of(item: Item, names: Sequence[str]) -> Any:
    return next((item[name] for name in names if item.get(name) not in (None, "")), None)


def _counted(data: Any, names: Sequence[str]) -> int | None:
    if not isinstance(data, dict):
        return None
    for at in (data, *(value for value in data.values() if isinstance(value, dict))):
        value = value_of({str(key).lower(): found for key, found in at.items() if not isinstance(found, dict | list)}, names)
        if value is not None:
            return number(value)
    return None
