"""Repeated rows of a page: which elements hold them, found from the links upwards."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

from lxml import html

from crawler.extract.marks import TEMPLATE, Mark, find_marks, is_file
from crawler.extract.page import Page
from crawler.extract.regions import Regions, names
from crawler.extract.row_dates import FULL_DATE, SEAM, Columns, date_only, may_show_date, row_text, seamed
from crawler.extract.rows import Row, read_row, within
from data.records import DateRole
from data.text import bare, squeeze

_MAX_CLIMB = 60
_LONE_CHARS = 700  # a title, a date and a short summary
_TITLE_CHARS = 8  # mean characters below which links are names
_MAX_CELL = 200  # characters, indentation included, above which a cell is no heading
_ROW_TAGS = frozenset(
    ["li", "tr", "dd", "dt", "dl", "div", "p", "section", "article", "table", "ul", "ol", "h2", "h3", "h4", "h5", "tbody"]
)
_WEAK_TAGS = frozenset(["a", "td", "th", "span", "em", "b", "strong", "font", "i", "label", "area"])
_HEADINGS = re.compile(
    r"^(?:标题|名称|信息名称|文件名称|文件标题|公文名称|政策名称|题名|信息标题|内容|事项名称|项目名称|法规名称|标题名称|文件题名)$"
)
_OTHER_HEADINGS = re.compile(
    r"^(?:序号|索引号|文号|发文字号|发布机构|发文机关|发布单位|来源|状态|有效性|下载|操作|备注|主题分类|浏览量|公开方式|公开时限|责任单位|部门|类别|类型)$"
)
_DATE_HEADINGS: tuple[tuple[re.Pattern[str], DateRole], ...] = (
    (re.compile(r"^(?:信息)?(?:发布|公开|公布|上网|发表|更新)(?:时间|日期|日)$"), DateRole.PUBLISHED),
    (re.compile(r"^(?:日期|时间)$"), DateRole.LIST),
    (re.compile(r"^(?:印发|发文)(?:时间|日期)$"), DateRole.ISSUED),
    (re.compile(r"^(?:成文|生成|签发|制发)(?:时间|日期)$"), DateRole.MADE),
)


@dataclass(slots=True)
class Group:
    """A container and its rows, in page order."""

    container: html.HtmlElement
    rows: list[Row]
    region: str
    tag: str
    loose: list[html.HtmlElement] = field(default_factory=list)  # children between the rows that hold no link
    columns: Columns | None = None
    lone: bool = False  # one dated row that nothing but its own form makes a list

    @property
    def dated(self) -> int:
        return sum(row.date is not None or row.stamped for row in self.rows)

    @property
    def score(self) -> float:
        """Weight of the group on the page: what its titles hold, dated rows before undated ones."""
        if not self.rows:
            return 0.0
        share = self.dated / len(self.rows)
        chars = sum(min(len(row.title), 30) for row in self.rows)
        return chars * (0.6 + share) * {"body": 1.0, "side": 0.9, "menu": 0.35, "nav": 0.35, "crumb": 0.05, "footer": 0.1}[self.region]

    @property
    def mean_chars(self) -> float:
        return sum(len(row.title) for row in self.rows) / len(self.rows) if self.rows else 0.0


@dataclass(slots=True)
class _Held:
    container: html.HtmlElement
    tag: str
    rows: dict[html.HtmlElement, list[Mark]]
    depth: int


def find_groups(page: Page, regions: Regions) -> list[Group]:
    """Every group of rows that could be a list, nested ones settled, in page order."""
    marks = find_marks(page)
    held = _held(marks, regions)
    groups = _settle(page, held, regions)
    order = {element: number for number, element in enumerate(page.tree.iter())} if len(groups) > 1 else {}
    groups.sort(key=lambda group: order.get(group.container, 0))
    return groups


def _held(marks: list[Mark], regions: Regions) -> list[_Held]:
    """Containers whose children hold links, deepest first."""
    children: dict[html.HtmlElement, dict[html.HtmlElement, list[Mark]]] = {}
    depths: dict[html.HtmlElement, int] = {}
    for mark in marks:
        way: list[html.HtmlElement] = [mark.element]
        below = mark.element
        current = below.getparent()
        while current is not None and current.tag != "html" and len(way) < _MAX_CLIMB:
            kids = children.get(current)
            if kids is None:
                kids = children[current] = {}
            if below in kids:
                kids[below].append(mark)
            else:
                kids[below] = [mark]
            way.append(current)
            below, current = current, current.getparent()
        depths.update(zip(reversed(way), range(len(way)), strict=True))
    found: list[_Held] = []
    for container, kids in children.items():
        tags = Counter(kid.tag for kid in kids)
        tag = max(tags, key=lambda name: (tags[name] * (1 if name in _ROW_TAGS else 0.6), name in _ROW_TAGS))
        rows = {kid: held for kid, held in kids.items() if kid.tag == tag}
        if tag not in _ROW_TAGS and tag not in _WEAK_TAGS:
            continue
        found.append(_Held(container, tag, rows, depths.get(container, 0)))
    found.sort(key=lambda item: -item.depth)
    return found


def _settle(page: Page, held: list[_Held], regions: Regions) -> list[Group]:
    """Decide between containers that lie in one another."""
    taken: dict[html.HtmlElement, Group] = {}  # row element or any element above accepted rows -> nothing; container -> group
    under: dict[html.HtmlElement, list[Group]] = {}  # element -> accepted groups below it
    for item in held:
        inner = [group for row in item.rows for group in under.get(row, ())]
        rivals = list(under.get(item.container, ()))
        firm = [group for group in inner if not group.lone]
        group = _group(page, item, regions) if _may_be_list(item, firm) else _lone(page, item, regions) if not inner else None
        if group is not None and firm and not _outer_wins(group, firm, item):
            group = None
        if group is not None and inner and _is_skeleton(group, inner, regions):
            group = None
        if group is None:
            continue
        aside = [rival for rival in rivals if rival not in inner]
        if any(rival.dated or len(rival.rows) >= 3 for rival in aside):
            continue
        for rival in rivals:
            _drop(rival, under)
            taken.pop(rival.container, None)
        taken[item.container] = group
        current: html.HtmlElement | None = item.container
        while current is not None:
            under.setdefault(current, []).append(group)
            current = current.getparent()
    return list(taken.values())


def _drop(group: Group, under: dict[html.HtmlElement, list[Group]]) -> None:
    current: html.HtmlElement | None = group.container
    while current is not None:
        if group in under.get(current, ()):
            under[current].remove(group)
        current = current.getparent()


def _may_be_list(item: _Held, inner: list[Group]) -> bool:
    rows = len(item.rows)
    if rows >= 2 and not (item.container.tag == "tr" and rows <= 3):
        # A row with very many links is a part of the page, not a row.
        return sum(len(marks) for marks in item.rows.values()) <= 8 * rows or not inner
    return item.tag in ("li", "tr", "dd", "dt", "dl") or (item.tag in ("div", "p") and "list" in names(item.container))


def _is_skeleton(outer: Group, inner: list[Group], regions: Regions) -> bool:
    """Whether rows are the parts of a page around a list, not records: they lie in different regions, or are few, unlike and mostly undated."""
    dated = any(group.dated for group in inner)
    if outer.tag in ("li", "tr", "dd", "dt") or not (
        dated or any(group.tag in ("li", "tr", "dd", "dt") and group.region == "body" for group in inner)
    ):
        return False
    places = [regions.of(row.element) for row in outer.rows] + [
        place for child in outer.loose if (place := regions.of(child)) not in ("body", "side")
    ]
    if len(set(places)) > 1 and (outer.dated * 2 <= len(outer.rows) or places.count("body") + places.count("side") <= 2):
        return True
    if not dated:
        return False
    forms = {
        (names(row.element), tuple(dict.fromkeys(child.tag for child in row.element if isinstance(child.tag, str)))) for row in outer.rows
    }
    return len(outer.rows) <= 6 and outer.dated * 2 <= len(outer.rows) and len(forms) > 1


def _lone(page: Page, item: _Held, regions: Regions) -> Group | None:
    """A single row that is a link and its date and little else: the one record of a list."""
    if len(item.rows) != 1 or item.container.tag in ("body", "form", "p", "a") or regions.of(item.container) not in ("body", "side"):
        return None
    element, marks = next(iter(item.rows.items()))
    if item.tag not in _ROW_TAGS and element.tag != "a":
        return None
    if len(marks) > 4 or regions.of(element) not in ("body", "side") or next(element.iter("h1", "form", "input"), None) is not None:
        return None
    if _is_longer(element, _LONE_CHARS):
        return None
    text = row_text(element, None)
    if not may_show_date(element, text, marks):
        return None
    row = read_row(page, element, marks, frozenset(), None, "")
    if row is None or row.mark is None or row.url is None or (row.date is None and not row.stamped) or len(row.title) < 6:
        return None
    if is_file(row.url) or TEMPLATE.search(row.title):
        return None
    lead, _, rest = text.partition(row.title[:6])
    said = [part for part in (squeeze(piece) for piece in lead.split(SEAM)) if part and not date_only(part)]
    if len("".join(said)) > 12 or len(squeeze(rest)) > 400:
        return None
    loose = [child for child in item.container if isinstance(child.tag, str) and child is not element]
    return Group(item.container, [row], regions.of(item.container), item.tag, loose, None, lone=True)


def _is_longer(element: html.HtmlElement, limit: int) -> bool:
    """Whether an element's text has more characters than a limit, indentation aside; it looks no further than it must."""
    count = 0
    for piece in element.itertext():
        count += len(piece.strip())
        if count > limit:
            return True
    return False


def _outer_wins(outer: Group, inner: list[Group], item: _Held) -> bool:
    """Whether the rows outside are the records and what lies in them is trimmings."""
    rows = len(outer.rows)
    if not rows:
        return False
    if outer.tag != "li" and any(group.tag == "li" and group.dated for group in inner):
        return False
    strong = [group for group in inner if group.tag not in _WEAK_TAGS and len(group.rows) > 1]
    weak = [group for group in inner if group not in strong]
    if rows == 1 and not strong and outer.tag in ("li", "tr", "dd") and outer.dated:
        # [教育局] and the title beside it: one record, the only one of its page.
        return sum(len(row.title) >= _TITLE_CHARS for group in weak for row in group.rows) <= 1
    if rows < 2 or sum(group.dated for group in weak) > rows or any(group.dated > 1 for group in weak):
        return False
    if sum(group.dated for group in weak) >= max(2, len(weak)) and not outer.dated:
        return False
    if not strong:
        if outer.tag in _WEAK_TAGS and any(group.tag not in _WEAK_TAGS for group in inner):
            return False
        return sum(len(marks) for marks in item.rows.values()) <= 4 * rows
    # What is nested in a row is trimmings only if the row has a title and a date of its own outside it.
    nested = {row.element for group in strong for row in group.rows}
    own = sum(row.date is not None and row.mark is not None and not within(row.mark, nested) for row in outer.rows)
    return own * 2 >= rows and not any(group.dated for group in strong)


def _group(page: Page, item: _Held, regions: Regions) -> Group | None:
    region = regions.of(item.container)
    columns = _columns(item)
    common = _common(item)
    rows: list[Row] = []
    loose: list[html.HtmlElement] = []
    seen: set[tuple[str, str | None, str]] = set()
    before = _dates_before(item)
    for child in item.container:
        if not isinstance(child.tag, str):
            continue
        marks = item.rows.get(child)
        if marks is None:
            loose.append(child)
            continue
        if region in ("body", "side") and child.tag not in ("li", "tr", "dd") and regions.of(child) in ("footer", "crumb", "nav"):
            continue
        cells = _records(child, marks)
        for part, held in cells or [(child, marks)]:
            row = read_row(page, part, held, common, None if cells else columns, "" if cells else _beside(child, item, before))
            if row is None:
                continue
            key = (row.title, row.url, str(row.date.value) if row.date else "")
            if key not in seen or row.url is None:
                seen.add(key)
                rows.append(row)
    if not rows:
        return None
    if len(rows) == 1 and not rows[0].date and item.tag in _WEAK_TAGS:
        return None
    group = Group(item.container, rows, region, item.tag, loose, columns)
    if region in ("footer", "crumb", "nav") and len(rows) >= 3 and group.dated * 5 >= len(rows) * 4 and group.mean_chars >= _TITLE_CHARS:
        group.region = "body"  # long titles with their dates are a list, whatever its class is called
    return group


def _records(row: html.HtmlElement, marks: list[Mark]) -> list[tuple[html.HtmlElement, list[Mark]]]:
    """The cells of a table's row that are a record each, with a title and a day of their own: two records side by side."""
    if row.tag != "tr" or len(marks) < 2:
        return []
    cells = [(cell, [mark for mark in marks if within(mark.element, {cell})]) for cell in row if cell.tag == "td"]
    filled = [(cell, held) for cell, held in cells if held]
    apart = all(
        len({mark.url for mark in held}) == 1 and len(held[0].label) >= _TITLE_CHARS and FULL_DATE.search(seamed(cell))
        for cell, held in filled
    )
    return filled if len(filled) >= 2 and apart else []


def _columns(item: _Held) -> Columns | None:
    """Columns of a table, from a heading row in it, before it, or in its thead; of a list, from a line of headings in front of it."""
    for row in _heading_rows(item):
        texts = [_short(cell) for cell in row if item.tag != "tr" or cell.tag in ("td", "th")]
        title: int | None = None
        dates: list[tuple[int, int, DateRole]] = []
        known = 0
        for index, text in enumerate(texts):
            if _HEADINGS.match(text):
                title = index if title is None else title
                known += 1
            known += bool(_OTHER_HEADINGS.match(text))
            for rank, (pattern, role) in enumerate(_DATE_HEADINGS):
                if pattern.match(text):
                    dates.append((rank, index, role))
                    known += 1
        if known >= 2:
            return Columns(title, tuple((index, role) for _, index, role in sorted(dates)))
    return None


def _heading_rows(item: _Held) -> list[html.HtmlElement]:
    if item.tag != "tr":
        before = item.container.getprevious()
        return [before] if before is not None and isinstance(before.tag, str) and 2 <= len(before) <= 12 else []
    table: html.HtmlElement = item.container
    while table.tag != "table" and table.getparent() is not None and table.tag in ("tbody", "thead", "tfoot"):
        table = table.getparent()
    return list(islice(table.iter("tr"), 3))


def _short(cell: html.HtmlElement) -> str:
    """What a cell says without white space; empty where it holds more than a heading does."""
    text = ""
    for piece in cell.itertext():  # a cell of a layout table can hold half the page
        text += piece
        if len(text) > _MAX_CELL:
            return ""
    return bare(text)


def _common(item: _Held) -> frozenset[str | None]:
    """URLs that stand in several rows beside another link: those of categories and departments."""
    if len(item.rows) < 3:
        return frozenset()
    counts = Counter(url for marks in item.rows.values() for url in {mark.url for mark in marks if mark.url is not None})
    return frozenset(url for url, count in counts.items() if count >= 3 or count * 2 > len(item.rows))


def _dates_before(item: _Held) -> bool:
    """Whether the first thing in the container that shows a date stands before the first row."""
    text = item.container.text or ""
    for child in item.container:
        if child in item.rows:
            break
        if isinstance(child.tag, str):
            text += seamed(child) + (child.tail or "")
    return bool(FULL_DATE.search(text)) and len(squeeze(text)) <= 30


def _beside(child: html.HtmlElement, item: _Held, before: bool) -> str:
    """Text between a row and its neighbour, for lists whose dates stand beside the rows."""
    parts: list[str] = []
    if before:
        previous = child.getprevious()
        while previous is not None and previous not in item.rows:
            parts[:0] = [SEAM, seamed(previous) if isinstance(previous.tag, str) else "", previous.tail or ""]
            previous = previous.getprevious()
        if previous is None:
            parts.insert(0, item.container.text or "")
        else:
            parts.insert(0, previous.tail or "")
    else:
        parts.append(child.tail or "")
        following = child.getnext()
        while following is not None and following not in item.rows and len(parts) < 12:
            parts += [SEAM, seamed(following) if isinstance(following.tag, str) else "", SEAM, following.tail or ""]
            following = following.getnext()
    text = "".join(parts)
    return text if len(text) <= 400 else text[:400]
