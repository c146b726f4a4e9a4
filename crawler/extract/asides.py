"""Boxes of other content beside a page's own list: 热点推荐, 最新发布, what a script counts as most read."""

from __future__ import annotations

import re

from lxml import html

from crawler.extract.breadcrumb import read_trail
from crawler.extract.emptiness import saying
from crawler.extract.groups import Group
from crawler.extract.headings import ASIDE, Heading, heading_of, list_title
from crawler.extract.page import Page
from crawler.extract.pager_links import pager_follows
from crawler.extract.regions import names as box_names
from data.catalogue import is_column_name
from data.text import title_key

PERIOD = re.compile(r"^(?:(?:19|20)\d{2}年?(?:度|\d{1,2}月份?)?|\d{1,2}月份?)$")  # one list under the months of its rows
_STATE = re.compile(r"^(?:on|cur|current|active|first|last|odd|even|clearfix|fl|fr|show|hide|hover|w\d*|mt\d*|mb\d*|pt\d*)$", re.I)
_DIGITS = re.compile(r"\d+")
GENERIC_NAMES = 8  # mean characters below which undated links are names, not titles
LISTISH = re.compile(r"list|(?<![a-z])(?:lb|liebiao|news\w*|con|content|recordset)(?![a-z])")
_MOST_BOXES = 6  # dated lists above which a page is an index, whatever they are called


def without_asides(page: Page, groups: list[Group]) -> list[Group]:
    """Without the boxes of other content (热点推荐 …), where one list is told to be the page's own.

    Its heading is what the trail, the metas or the title call the page; else a pager follows it; else it alone has no heading
    of another content. Where none is so, or several are, the page may be an index, and all are kept.
    """
    dated = [group for group in groups if is_dated(group) and group.region in ("body", "side", "menu")]
    if dated:
        groups = _without_bare_asides(groups, dated)
        if not any(_told(group, _own_names(page)) in _own_names(page) for group in dated):
            groups = _without_dated_asides(page, groups, dated)
            dated = [group for group in groups if group in dated]
    if not 2 <= len(dated) <= _MOST_BOXES:
        return groups
    names = _own_names(page)
    told = {id(group): _told(group, names) for group in dated}
    own = [group for group in dated if told[id(group)] in names]
    if not own:
        own = [group for group in dated if pager_follows(group.container)]
    if not own:
        bare = [group for group in dated if not told[id(group)]]
        own = bare if len(bare) == 1 or (len({signature(group.container) for group in bare}) == 1 and len(bare) < len(dated)) else []
    if not own:
        apart = _apart(dated, names)
        return [group for group in groups if group not in apart]
    if len(own) == len(dated):
        return groups
    kin = {signature(group.container) for group in own}
    foreign = [group for group in dated if group not in own and not (signature(group.container) in kin and not told[id(group)])]
    return [group for group in groups if group not in foreign]


def _apart(dated: list[Group], names: frozenset[str]) -> list[Group]:
    """Boxes that say 最新 or 热点 of themselves and stand outside what holds the other lists and the page's own name above them."""
    asides = [group for group in dated if (head := heading_of(group.container)) is not None and ASIDE.search(head.text)]
    others = [group for group in dated if group not in asides]
    if not asides or not others:
        return []
    above = [[group.container, *group.container.iterancestors()] for group in others]
    shared = [element for element in above[0] if all(element in way for way in above[1:]) and element.tag not in ("body", "html", "form")]
    for holder in shared[:4]:
        if any(title_key("".join(head.itertext())) in names for head in holder.iter("h1", "h2", "h3", "h4")):
            return [group for group in asides if holder not in group.container.iterancestors()]
    return []


def _without_bare_asides(groups: list[Group], dated: list[Group]) -> list[Group]:
    """Without the undated boxes beside dated rows: those headed as such, all of them where the pager follows dated rows alone.

    Else the last page of a list, with a row or two, is taken for the box of five beside it.
    """
    bare = [group for group in groups if group not in dated and not is_dated(group)]
    paged = any(pager_follows(group.container) for group in dated) and not any(pager_follows(group.container) for group in bare)
    heads = {id(group): heading_of(group.container) for group in bare}
    asides = [group for group in bare if paged or ((head := heads[id(group)]) is not None and ASIDE.search(head.text))]
    return [group for group in groups if group not in asides]


def _told(group: Group, names: frozenset[str]) -> str:
    """What the heading of a list says: that in its own box, where it is what the page is called, else the one before it."""
    for child in group.loose[:2]:
        key = title_key("".join(child.itertext())) if child.tag in ("h1", "h2", "h3", "h4", "h5", "div", "p") else ""
        if key and key in names:
            return key
    heading = heading_of(group.container)
    return title_key(heading.text) if heading is not None and not PERIOD.match(heading.text) else ""


def is_foreign(page: Page, heading: Heading) -> bool:
    """Whether a heading is that of other content: 热点推荐, or the name of another column than the page's. A menu before a list is none."""
    if len(heading.parts) > 2 or title_key(heading.text) in _own_names(page) or saying(heading.text) is not None:
        return False
    return bool(ASIDE.search(heading.text)) or is_column_name(heading.text)


def _without_dated_asides(page: Page, groups: list[Group], dated: list[Group]) -> list[Group]:
    """Without dated boxes of other content, where undated rows stand under the page's own name, or in a list without a heading."""
    names = _own_names(page)
    asides = [group for group in dated if (head := heading_of(group.container)) is not None and is_foreign(page, head)]
    bare = [group for group in groups if group not in dated and group.region in ("body", "side") and group.mean_chars >= GENERIC_NAMES]
    own = any((told := _told(group, names)) in names or (not told and LISTISH.search(box_names(group.container))) for group in bare)
    return [group for group in groups if group not in asides] if own else groups


def names_page(page: Page, text: str) -> bool:
    """Whether a text is what the trail or the metas call the page's column."""
    return title_key(text) in {title_key(name) for name in _column_names(page)}


def _column_names(page: Page) -> list[str]:
    trail = read_trail(page)
    return [name for name in (trail[-1].text if len(trail) > 1 else "", page.meta("columnname") or "") if name]


def _own_names(page: Page) -> frozenset[str]:
    """What the page is called: by its trail, its metas, the parts of its title."""
    title = re.split(r"[_|｜\-—–]", page.tree.findtext(".//title") or "")
    called = (*_column_names(page), list_title(page) or "", title[0])
    return frozenset(key for text in called if len(key := title_key(text)) >= 2)


def is_dated(group: Group) -> bool:
    rows = len(group.rows)
    if rows == 1:
        return group.dated == 1 and len(group.rows[0].title) >= 4
    if rows <= 3 and group.tag not in ("li", "tr", "dd", "dt"):
        return group.dated == rows
    return group.dated * 2 >= rows


def signature(element: html.HtmlElement) -> str:
    """A container as tag, class and id of itself and up to two named ancestors, digits as 0: 'div.list>ul.news'."""
    parts: list[str] = []
    current: html.HtmlElement | None = element
    while current is not None and len(parts) < 3 and current.tag not in ("body", "html"):
        classes = [name for name in (current.get("class") or "").split() if not _STATE.match(name)]
        text = current.tag + "".join(f".{name}" for name in classes[:2])
        if current.get("id"):
            text += f"#{current.get('id')}"
        if current is element or classes or current.get("id"):
            parts.append(_DIGITS.sub("0", text)[:80])
        current = current.getparent()
    return ">".join(reversed(parts))
