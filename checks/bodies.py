"""Whose a name is: the unit's own, an upper body's, or unclear. Read from names alone, so that no list of bodies is needed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from checks.shared import per_view
from data.registry import Level, Profile
from data.text import bare
from data.view import SiteView

_PLACE = re.compile(
    r"[\u4e00-\u9fff]{2,8}?自治区|[\u4e00-\u9fff]{2,8}?自治[州县旗]|[\u4e00-\u9fff]{2,6}?(?:省|(?<!城)市|地区|街道|新区|开发区|高新区|(?<![社小校])区|州|盟|旗|镇|(?<!城)乡)|[\u4e00-\u9fff]{1,6}?县"
)
_NATION = re.compile(
    r"^(中共中央|中央|国务院|中办|国办|全国人大|全国政协|最高人民|国家[\u4e00-\u9fff]{2,12}(局|委|委员会|总局|办公室|署)|中华人民共和国(?!政府信息公开条例)|新华社|新华网|人民日报|人民网|中国政府网|央视|中国新闻网|(外交|国防|教育|科技|科学技术|公安|民政|司法|财政|人力资源社会保障|人力资源和社会保障|自然资源|生态环境|住房城乡建设|住房和城乡建设|交通运输|水利|农业农村|商务|文化和旅游|应急管理|退役军人事务|工业和信息化)部)"
)
_GENERIC_UPPER = re.compile(r"^(省|自治区)(委|政府|人民政府|党委)")
_RANK = {"省": 4, "自治区": 4, "市": 3, "地区": 3, "州": 3, "盟": 3, "自治州": 3, "街道": 1, "镇": 1, "乡": 1}
_LEVEL_RANK = {Level.STATE: 5, Level.PROVINCE: 4, Level.CITY: 3, Level.COUNTY: 2, Level.TOWN: 1}
_BODY_END = re.compile(r"(政府|办公室|办公厅|委员会|管委会|领导小组|指挥部|[局厅部委院办])$")


class Whose(StrEnum):
    OWN = "own"
    UPPER = "upper"
    UNCLEAR = "unclear"


@lru_cache(maxsize=20000)
def places(name: str) -> tuple[str, ...]:
    """The places that a name begins with, the widest first: 示例市, 示例区 of 示例市示例区教育局."""
    found, start = [], 0
    while (match := _PLACE.match(name, start)) is not None:
        found.append(match.group())
        start = match.end()
    return tuple(found)


def rank(place: str) -> int:
    """Administrative rank of a place by its suffix: 4 province, 3 city, 2 county, 1 town."""
    for suffix, value in _RANK.items():
        if place.endswith(suffix):
            return value
    return 2


@dataclass(frozen=True, slots=True)
class Bodies:
    """What a unit calls itself, and where it stands."""

    names: tuple[str, ...]  # of the site and of the unit that runs it
    own_places: frozenset[str]
    own_rank: int
    upper_names: frozenset[str]
    stem: str | None  # a department's name without its place: 教育局

    def whose(self, name: str | None) -> Whose:
        """Whose a body's name is; UNCLEAR where the name says too little."""
        if name is None:
            return Whose.UNCLEAR
        text = bare(name)
        if not text:
            return Whose.UNCLEAR
        if any(text == own or own in text for own in self.names):
            return Whose.OWN
        if _NATION.match(text) or _GENERIC_UPPER.match(text):
            return Whose.UPPER
        if any(text == upper or text.startswith(upper) for upper in self.upper_names):
            return Whose.UPPER
        found = places(text)
        if self.own_places & set(found):
            return self._same_place(text)
        if not found:
            return Whose.UNCLEAR
        return Whose.UPPER if rank(found[-1]) > self.own_rank else Whose.UNCLEAR

    def _same_place(self, text: str) -> Whose:
        if self.stem is None or self.stem in text:
            return Whose.OWN
        return Whose.UPPER if re.search(r"人民政府(办公室)?$|政府办(公室)?$", text) else Whose.UNCLEAR


@per_view
def bodies(view: SiteView) -> Bodies:
    """Read a unit's own and upper names from its registry entry and its view."""
    site = view.site
    names = tuple(dict.fromkeys(bare(name) for name in (site.unit, site.name) if name))
    parents = [bare(name) for name in ((view.parent.site.unit, view.parent.site.name) if view.parent else ()) if name]
    upper = [bare(upstream.name) for upstream in view.upstreams] + parents
    chains = [places(name) for name in names]
    own_chain = max(chains, key=len, default=())
    if not own_chain and parents:
        own_chain = max((places(parent) for parent in parents), key=len, default=())
    stem = None
    if site.profile is Profile.DEPARTMENT:
        stem = next((name.removeprefix("".join(places(name))) for name in names if name.removeprefix("".join(places(name)))), None)
    # A county-level city is named 市 like the city above it: its own level decides.
    level = Level.TOWN if site.profile is Profile.TOWN else site.level
    return Bodies(
        names=tuple(name for name in names if len(name) >= 4),
        own_places=frozenset(own_chain[-1:]),
        own_rank=_LEVEL_RANK[level],
        upper_names=frozenset(name for name in upper if len(name) >= 4 and name not in names),
        stem=stem,
    )


def title_lead(title: str) -> str | None:
    """The body that a title names as its author: in front of 关于, or of 印发《."""
    text = bare(title)
    match = re.match(r"^[【\[(（〔]?(?:转载|转发|转)?[】\])）〕:：]*([\u4e00-\u9fff]{2,40}?)(?:关于|印发《|发布《|公布《)", text)
    lead = match.group(1) if match else None
    return lead if lead is not None and (_BODY_END.search(lead) or _NATION.match(lead)) else None
