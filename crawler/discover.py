"""From names and addresses to the column catalogue: what a column found on a site is, and why we say so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import urlsplit

from data.catalogue import ColumnType, load_columns
from data.text import title_key

_PLACE = re.compile(r"^[\u4e00-\u9fff]{2,12}?(?:省|市|区|县|旗|镇|乡|街道|局|委|办|厅|中心|人民政府|管委会)(?:人民政府|办公室|办事处)?")
# 本级…, 我局…, 县…, 最新…: words that say whose or how, not what.
_WHOSE = re.compile(r"^(?:本|我|该)?(?:级|局|委|办|厅|镇|乡|街道|区|县|市|州|旗|机关|部门|单位|政府办公室|政府办|政府|最新|重要)(?=.{2})")
_SOME_PLACE = "[\u4e00-\u9fff]{2,6}"  # what XX stands for in a synonym
_GOVERNMENT = re.compile(r"(省|市|区|县|旗)(?:人民)?政府(?:办公?厅?室?)?文件")
_JOINED = re.compile(r"[与和及、/／|]")
_YEAR = re.compile(r"^(?:19|20)\d{2}年?度?$|^\d{1,2}月(?:份)?$|^(?:19|20)\d{2}[-—年]\d{1,2}月?$")
_EMPTY_NAMES = frozenset({"", "更多", "more", "更多>>", "列表", "查看更多", "进入", "点击进入", "详情"})
_NO_NAMES = frozenset({"首页", "网站首页", "正文", "当前位置", "文章内容", "hide"})


@dataclass(frozen=True, slots=True)
class Match:
    canonical: str
    reason: str  # "registry", "synonym:政策文件", "name-end:政策解读", "name-tail:动态", "name-part:解读", "url-hint:zcwj"


@dataclass(frozen=True, slots=True)
class _Index:
    exact: dict[str, tuple[ColumnType, ...]]
    places: tuple[tuple[re.Pattern[str], tuple[ColumnType, ...]], ...]  # names with a place in them: 走进XX
    tails: dict[str, tuple[ColumnType, ...]]  # the longest first
    hints: dict[str, tuple[ColumnType, ...]]


@cache
def _index() -> _Index:
    columns = load_columns().columns
    exact: dict[str, list[ColumnType]] = defaultdict(list)
    hints: dict[str, list[ColumnType]] = defaultdict(list)
    for column in columns:
        for name in dict.fromkeys((column.name, *column.synonyms)):
            if column not in exact[title_key(name)]:
                exact[title_key(name)].append(column)
        for hint in column.url_hints:
            hints[hint].append(column)
    tails = {tail: (column,) for column in columns for tail in column.tails}
    return _Index(
        {name: tuple(found) for name, found in exact.items()},
        tuple((re.compile(name.replace("XX", _SOME_PLACE)), tuple(found)) for name, found in exact.items() if "XX" in name),
        dict(sorted(tails.items(), key=lambda pair: -len(pair[0]))),
        {hint: tuple(found) for hint, found in hints.items()},
    )


def match_column(names: Iterable[str], url: str, *, parents: Iterable[str] = (), own: Iterable[str] = ()) -> Match | None:
    """The catalogue's column for what a site calls one.

    `names`: what it is called, the most telling first (its own heading, the crumb, the link that leads to it).
    `parents`: canonical ids above it, the nearest first; they decide between kinds that share a name.
    `own`: what the site calls itself and its place, to see 砺川要闻 as 要闻.
    """
    above, mine = tuple(parents), tuple(own)
    names = [name for name in names if name]
    # What a name says outright goes before what its end suggests, and the most telling name before the others.
    for reads in ((_exact, _stripped), (_by_end, _by_tail, _by_part)):
        for name in names:
            for read in reads:
                found = read(name, mine)
                if found is not None:
                    kinds, reason = found
                    return Match(_of_own_level(_nearest(kinds, above, url).id, name, mine), reason)
    if all(title_key(name).lower() in _EMPTY_NAMES or title_key(name) in mine for name in names):
        segment = next((part for part in reversed(urlsplit(url).path.split("/")) if part and "." not in part), "")
        hinted = _index().hints.get(segment.lower())
        if hinted:
            return Match(_nearest(hinted, above, url).id, f"url-hint:{segment}")
    return None


def _of_own_level(canonical: str, name: str, own: tuple[str, ...]) -> str:
    """市政府文件 on the site of the city's own government is what it issues itself, not what it has from above."""
    level = _GOVERNMENT.match(title_key(name))
    is_own = canonical == "sjwj" and level is not None and bool(own) and own[0].endswith(f"{level.group(1)}人民政府")
    return "zcwj" if is_own else canonical


_Found = tuple[tuple[ColumnType, ...], str]


@lru_cache(4096)
def _exact(name: str, own: tuple[str, ...]) -> _Found | None:
    key = title_key(name)
    found = _index().exact.get(key) or next((kinds for pattern, kinds in _index().places if pattern.fullmatch(key)), None)
    return (found, f"synonym:{name}") if found else None


@lru_cache(4096)
def _stripped(name: str, own: tuple[str, ...]) -> _Found | None:
    """Without whose it is: 示例区政府信息公开指南, 本局文件, 砺川要闻."""
    key = title_key(name)
    for rest in (
        _without_own(key, own),
        title_key(_PLACE.sub("", name, count=1)),
        _WHOSE.sub("", key),
        _WHOSE.sub("", _without_own(key, own)),
    ):
        if len(rest) < 2 or rest == key:
            continue
        found = _index().exact.get(rest) or _index().tails.get(rest)
        if found:
            return found, f"synonym:{rest}"
    return None


def _without_own(key: str, own: tuple[str, ...]) -> str:
    for word in sorted(own, key=len, reverse=True):
        if word and key.startswith(word):
            return key[len(word) :]
    return key


@lru_cache(4096)
def _by_end(name: str, own: tuple[str, ...]) -> _Found | None:
    key = title_key(name)
    ends = [
        synonym
        for synonym, found in _index().exact.items()
        if len(synonym) >= 4
        and key.endswith(synonym)
        and len(key) <= len(synonym) + 10
        and _names_content(found)
        and not any(word in key.removesuffix(synonym) for kind in found for word in kind.tails_not)
    ]
    best = max(ends, key=len, default=None)
    return (_index().exact[best], f"name-end:{best}") if best else None


@lru_cache(4096)
def _by_tail(name: str, own: tuple[str, ...]) -> _Found | None:
    """A short word that names the kind, behind a few words of whose: 水利要闻, 教育动态, 政策法规文件."""
    key = title_key(name)
    for tail, kinds in _index().tails.items():
        before = key.removesuffix(tail)
        if before != key and len(before) <= 8 and not any(word in before for kind in kinds for word in kind.tails_not):
            return kinds, f"name-tail:{tail}"
    return None


@lru_cache(4096)
def _by_part(name: str, own: tuple[str, ...]) -> _Found | None:
    """Of a joined name the first part that is known: 文件与解读."""
    parts = _JOINED.split(name)
    if len(parts) < 2 or len(name) > 20:
        return None
    for part in parts:
        found = _index().exact.get(title_key(part)) or _index().tails.get(title_key(part))
        if found:
            return found, f"name-part:{part}"
    return None


def own_names(*names: str | None) -> tuple[str, ...]:
    """What a unit goes by, from its full names: 砺川县水利局 -> 砺川县水利局, 砺川县, 砺川, 水利局, 水利."""
    found: dict[str, None] = {}
    for name in names:
        key = title_key(name or "")
        for word in (key, key.removesuffix("办公室"), key.removesuffix("人民政府")):
            found.setdefault(word)
        place = re.match(r"([\u4e00-\u9fff]{2,8}?)(省|市|区|县|旗|镇|乡|街道)", key)
        if place:
            found.setdefault(place.group(0))
            found.setdefault(place.group(1))
            rest = key[place.end() :]
            found.setdefault(rest)
            found.setdefault(re.sub(r"(人民政府|管理局|局|委员会|委|办公室|办|中心)$", "", rest))
    return tuple(word for word in found if len(word) >= 2)


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


def says_nothing(name: str) -> bool:
    """Whether a label is no name of a column but a word of the template: 更多, 首页, 正文."""
    key = title_key(name)
    return key.lower() in _EMPTY_NAMES or key in _NO_NAMES


def is_period_column(name: str) -> bool:
    """Whether a column only holds a year or a month of its parent (2023年, 2026年11月)."""
    return bool(_YEAR.match(re.sub(r"\s", "", name)))
