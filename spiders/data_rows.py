"""Rows that come as data: a value of an interface as the title, the address or the date of a list's row."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawler.extract.dates import parse_date
from data.records import DateRole, ListEntry, ShownDate
from data.text import squeeze
from spiders.data_xml import is_xml, loads_xml

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_CALLBACK = re.compile(r"^\s*[\w$.]{0,80}\s*\((?P<inner>.*)\)\s*;?\s*$", re.S)


def is_data(text: str) -> bool:
    """Whether an answer is data and no page: JSON, JSON in a callback's brackets, or XML."""
    head = text.lstrip("\ufeff \t\r\n")[:200]
    if is_xml(text):
        return True
    return head[:1] in ("{", "[") or bool(re.match(r"[\w$.]{0,80}\s*\(\s*[{\[]", head))


def loads(text: str) -> Any:
    """JSON or XML as it came, out of its callback where it stands in one; ValueError where it is none."""
    text = text.lstrip("\ufeff \t\r\n")
    if is_xml(text):
        return loads_xml(text)
    called = None if text[:1] in ("{", "[") else _CALLBACK.match(text)
    try:
        return json.loads(called["inner"] if called is not None else text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def number(value: object) -> int:
    """A count as an interface gives it, as a number or in quotes; ValueError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str) or not re.fullmatch(r"\s*\d{1,9}\s*", str(value)):
        raise ValueError(f"no count: {value!r}")
    return int(value)


def row(title: object, url: object, base: str, date: ShownDate | None) -> ListEntry:
    """One row; marks of a search's hits in its title (<em>) are no part of it."""
    return ListEntry(title=text_of(_TAGS.sub("", str(title or ""))), url=address(url, base), date=date)


def text_of(value: object) -> str:
    """A value as text. JSON can hold characters that no page and no database can: NUL, halves of surrogate pairs."""
    return squeeze(_UNPRINTABLE.sub("", str(value or "")))


def address(value: object, base: str) -> str | None:
    """The absolute address that a value of an interface gives; None where it gives none (javascript:, a broken port)."""
    if not isinstance(value, str) or not value.strip():
        return None
    try:
        url = urljoin(base, value.strip())
        parts = urlsplit(url)
        reachable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return url if reachable else None


def date_of(item: Mapping[str, Any], keys: Iterable[str]) -> ShownDate | None:
    """The first of some values that can be read as a date: printed, or seconds or milliseconds since 1970."""
    for key in keys:
        value = item.get(key)
        if value:
            shown = parse_date(str(value), DateRole.LIST, f"api:{key}")
            if shown is not None:
                return shown
    return None
