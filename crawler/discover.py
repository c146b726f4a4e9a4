"""From names and addresses to the column catalogue: what a column found on a site is, and why we say so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from data.catalogue import ColumnCatalogue, ColumnType, load_columns
from data.text import title_key

_PLACE = re.compile(r"^[\u4e00-\u9fff]{2,12}?(?:省|市|区|县|旗|镇|乡|街道|局|委|办|厅|中心|人民政府|管委会)(?:人民政府|办公室|办事处)?")
_YEAR = re.compile(r"^(?:19|20)\d{2}年?度?$|^\d{1,2}月(?:份)?$|^(?:19|20)\d{2}[-—年]\d{1,2}月?$")
_EMPTY_NAMES = frozenset({"", "更多", "more", "更多>>", "列表", "查看更多", "进入", "点击进入", "详情"})


@dataclass(frozen=True, slots=True)
class Match:
    canonical: str
    reason: str  # "registry", "synonym:政策文件", "name-end:政策解读", "url-hint:zcwj"


@dataclass(frozen=True, slots=True)
class _Index:
    exact: dict[str, tuple[ColumnType, ...]]
    hints: dict[str, tuple[ColumnType, ...]]


@cache
def _index(catalogue: ColumnCatalogue | None = None) -> _Index:
    columns = (catalogue or load_columns()).columns
    exact: dict[str, list[ColumnType]] = defaultdict(list)
    hints: dict[str, list[ColumnType]] = defaultdict(list)
    for column in columns:
        for name in dict.fromkeys((column.name, *column.synonyms)):
            if column not in exact[title_key(name)]:
                exact[title_key(name)].append(column)
        for hint in column.url_hints:
            hints[hint].append(column)
    return _Index({name: tuple(found) for name, found in exact.items()}, {hint: tuple(found) for hint, found in hints.items()})


def match_column(names: Iterable[str], url: str, *, parents: Iterable[str] = ()) -> Match | None:
    """The catalogue's column for what a site calls one.

    `names`: what it is called, the most telling first (its own heading, the crumb, the link that leads to it).
    `parents`: canonical ids above it, the nearest first; they decide between kinds that share a name.
    """
    above = tuple(parents)
    names = [name for name in names if name]
    for name in names:
        key = title_key(name)
        found = _index().exact.get(key)
        if found:
            return Match(_nearest(found, above, url).id, f"synonym:{name}")
    for name in names:
        stripped = title_key(_PLACE.sub("", name, count=1))
        if stripped and stripped != title_key(name) and len(stripped) >= 2:
            found = _index().exact.get(stripped)
            if found:
                return Match(_nearest(found, above, url).id, f"synonym:{stripped}")
    for name in names:
        key = title_key(name)
        ends = [synonym for synonym, found in _index().exact.items() if len(synonym) >= 4 and key.endswith(synonym) and len(key) <= len(synonym) + 10 and _names_content(found)]
        if ends:
            best = max(ends, key=len)
            return Match(_nearest(_index().exact[best], above, url).id, f"name-end:{best}")
    if all(title_key(name).lower() in _EMPTY_NAMES for name in names):
        segment = next((part for part in reversed(urlsplit(url).path.split("/")) if part and "." not in part), "")
        found = _index().hints.get(segment.lower())
        if found:
            return Match(_nearest(found, above, url).id, f"url-hint:{segment}")
    return None


def _names_content(found: tuple[ColumnType, ...]) -> bool:
    """Whether these kinds hold items themselves: 乡镇信息公开 is no second disclosure column."""
    return all(column.update_class != "container" for column in found)


def _nearest(found: tuple[ColumnType, ...], parents: tuple[str, ...], url: str) -> ColumnType:
    """Among kinds of one name: the one whose catalogue parent stands above, else whose hint is in the address, else the first."""
    for parent in parents:
        for column in found:
            if column.parent == parent:
                return column
    segments = set(urlsplit(url).path.lower().split("/"))
    for column in found:
        if segments & set(column.url_hints):
            return column
    return found[0]


def is_period_column(name: str) -> bool:
    """Whether a column only holds a year or a month of its parent (2023年, 2026年11月)."""
    return bool(_YEAR.match(re.sub(r"\s", "", name)))
