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
# 本级…, 我局…, 县政府…, 最新…: words that say whose or how, not what.
_WHOSE = re.compile(
    r"^(?:本|我|该)?(?:(?:区|县|市|州|旗|镇|乡)(?:人民)?政府(?:办公室|办)?|(?:市|区|县|镇|乡)(?:本级|级)|级|局|委|办|厅|镇|乡|街道|区|县|市|州|旗"
    r"|机关|政府办公室|政府办|政府|最新|重要)(?=.{2})"
)
_OTHERS = re.compile(r"^(?:(?:区|县|市)[级直])?(?:镇街|乡镇|街镇|镇乡|街道|部门|单位)(?=.{2})")  # whose, where each of many has the like
_FORM = re.compile(r"(?<=..)(?:公示|公开|公告|专栏|专区|栏目|平台|情况|信息|工作|内容)$")  # words that say how, not what
_UPPER = re.compile(r"(?:上级|国家|国务院|党中央|中共中央|中央|国办|部委|自治区|省|市)")
_FROM_ABOVE = re.compile(
    rf"(?:{_UPPER.pattern}(?:级|委|人民政府|政府|直|部委|部门|机关|办公?厅?室?|有关|相关|重要|主要|及|和|与)*)+"
    r"(?:行政)?(?:规范性|政策性?|法规|政策法规)?(?:文件|政策|政策法规)"
)
_GOVERNED = re.compile(r"(省|市|州|区|县|旗|镇|乡)人民政府$")
_BELOW_A_GOVERNMENT = re.compile(r"(?:局|委员会|委|(?<!政府)办公室|中心|镇|乡|[镇乡]人民政府|街道|街道办事处)$")
_SOME_PLACE = "[\u4e00-\u9fff]{2,6}"  # what XX stands for in a synonym
_GOVERNMENT = re.compile(r"(省|市|区|县|旗)(?:人民)?政府(?:办公?厅?室?)?文件")
_JOINED = re.compile(r"[与和及、/／|]")
_YEAR = re.compile(r"^(?:19|20)\d{2}年?度?$|^\d{1,2}月(?:份)?$|^(?:19|20)\d{2}[-—年]\d{1,2}月?$")
_EMPTY_NAMES = frozenset({"", "更多", "more", "更多>>", "列表", "查看更多", "进入", "点击进入", "详情"})
_NO_NAMES = frozenset({"首页", "网站首页", "正文", "当前位置", "文章内容", "hide"})


@dataclass(frozen=True, slots=True)
class Match:
    canonical: str
    reason: str  # "registry", "synonym:政策文件", "from-above:省级文件", "name-form:权责清单", "name-end:政策解读", "name-tail:动态", "url-hint:zcwj"


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
    for reads in ((_exact, _from_above, _stripped, _by_form), (_by_head, _by_end, _by_tail, _by_part)):
        for name in names:
            for read in reads:
                found = read(name, mine)
                kinds = _said_there(found[0], name, above) if found is not None else ()
                if found is not None and kinds:
                    return Match(_of_own_level(_nearest(kinds, above, url).id, name, mine), found[1])
    if all(title_key(name).lower() in _EMPTY_NAMES or title_key(name) in mine for name in names):
        segment = next((part for part in reversed(urlsplit(url).path.split("/")) if part and "." not in part), "")
        hinted = _index().hints.get(segment.lower())
        if hinted:
            return Match(_nearest(hinted, above, url).id, f"url-hint:{segment}")
    return None


def _said_there(kinds: tuple[ColumnType, ...], name: str, above: tuple[str, ...]) -> tuple[ColumnType, ...]:
    """Without the kinds that a name so general means only below their parent."""
    return tuple(kind for kind in kinds if title_key(name) not in kind.below or kind.parent in above)


def _of_own_level(canonical: str, name: str, own: tuple[str, ...]) -> str:
    """市政府文件 on the site of the city's own government is what it issues itself; on that of its bureau, what it has from above."""
    level = _GOVERNMENT.match(title_key(name))
    if level is None or not own or canonical not in ("sjwj", "zcwj"):
        return canonical
    if own[0].endswith(f"{level.group(1)}人民政府"):
        return "zcwj"
    return "sjwj" if _BELOW_A_GOVERNMENT.search(own[0]) else canonical


_Found = tuple[tuple[ColumnType, ...], str]


@lru_cache(4096)
def _exact(name: str, own: tuple[str, ...]) -> _Found | None:
    key = title_key(name)
    found = _index().exact.get(key)
    if found is None:
        named = (kinds for pattern, kinds in _index().places if pattern.fullmatch(key))
        found = next((kinds for kinds in named if not _is_barred(kinds, key)), None)
    return (found, f"synonym:{name}") if found else None


def _is_barred(kinds: tuple[ColumnType, ...], words: str) -> bool:
    """Whether what stands beside a kind's name makes it another kind: 党务公开制度, 项目概况."""
    return any(word in words for kind in kinds for word in kind.tails_not)


@lru_cache(4096)
def _from_above(name: str, own: tuple[str, ...]) -> _Found | None:
    """Policy of a level above, by the word that names the level: 省级政策, 市委市政府文件; of the own city it is no such."""
    key = title_key(name)
    if not _FROM_ABOVE.fullmatch(key) or (bool(own) and own[0].endswith(f"{_UPPER.findall(key)[-1]}人民政府")):
        return None
    kind = load_columns().get("sjwj")
    return ((kind,), f"from-above:{name}") if kind is not None else None


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
        if found and not _is_barred(found, _without_own(key, own).removesuffix(rest)):
            return found, f"synonym:{rest}"
    rest = _OTHERS.sub("", key)
    found = _index().exact.get(rest, ()) if rest != key else ()
    return (found, f"synonym:{rest}") if found and _names_content(found) and not _is_barred(found, key.removesuffix(rest)) else None


@lru_cache(4096)
def _by_form(name: str, own: tuple[str, ...]) -> _Found | None:
    """Without the word that says only that it is shown: 权责清单公示, 惠企政策专区, 建议提案办理情况."""
    rest = title_key(name)
    while (shorter := _FORM.sub("", rest)) != rest:
        rest = shorter
        found = _index().exact.get(rest)
        if found is None:
            named = _stripped(rest, own)
            found = named[0] if named is not None and _names_content(named[0]) else None
        if found:
            return found, f"name-form:{rest}"
    return None


@lru_cache(4096)
def _by_head(name: str, own: tuple[str, ...]) -> _Found | None:
    """A name that says at its start what it belongs to: 依申请公开指南 is no guide of the disclosure column."""
    key = title_key(name)
    heads = ((head, column) for column in load_columns().columns for head in column.heads)
    return next((((column,), f"name-head:{head}") for head, column in heads if key.startswith(head) and len(key) <= len(head) + 8), None)


def _without_own(key: str, own: tuple[str, ...]) -> str:
    level = _GOVERNED.search(own[0]) if own else None
    words = (*own, f"{level.group(1)}级") if level is not None else own
    for word in sorted(words, key=len, reverse=True):
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
        and not _is_barred(found, key.removesuffix(synonym))
        and not any(synonym in kind.whole or synonym in kind.below for kind in found)
    ]
    best = max(ends, key=len, default=None)
    return (_index().exact[best], f"name-end:{best}") if best else None


@lru_cache(4096)
def _by_tail(name: str, own: tuple[str, ...]) -> _Found | None:
    """A short word that names the kind, behind a few words of whose: 水利要闻, 教育动态, 政策法规文件."""
    key = title_key(name)
    for tail, kinds in _index().tails.items():
        before = key.removesuffix(tail)
        if before != key and len(before) <= 8 and not _is_barred(kinds, before):
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
