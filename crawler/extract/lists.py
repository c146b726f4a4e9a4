"""Read a list page: its rows in page order, the container that holds them, and why there are none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lxml import html

from crawler.extract.asides import GENERIC_NAMES, LISTISH, PERIOD, is_dated, is_foreign, names_page, signature, without_asides
from crawler.extract.body import place
from crawler.extract.breadcrumb import read_trail
from crawler.extract.cells import Heads, read_cells
from crawler.extract.container import FOOT
from crawler.extract.embedded import unfold
from crawler.extract.emptiness import is_mount, saying, why_empty
from crawler.extract.groups import Group, find_groups
from crawler.extract.headings import heading_of, list_title, own_head, tab_headings
from crawler.extract.lead_row import lead_row
from crawler.extract.marks import is_file
from crawler.extract.outline import outline
from crawler.extract.page import CUT_ROWS, Page, once
from crawler.extract.pager_links import pager_follows
from crawler.extract.regions import Regions, names
from crawler.extract.row_dates import row_date, row_text, seamed
from crawler.extract.rows import Row, clean, within
from data.catalogue import is_column_name
from data.records import EmptyBecause, ListEntry, ListReading
from data.text import squeeze, title_key

_SENTENCE = re.compile(r"[。；]\s*$")
_DOCUMENT = re.compile(
    r"^关于.|(?:印发|转发|公布).{4,}(?:通知|意见|方案)|的(?:通知|公告|通告|意见|函|批复|公示|决定|方案|报告|解读|答复)(?:[（(].{1,20}[）)])?$"
)
SURE = 6.0  # weight of a heading that more than its look speaks for


@dataclass(slots=True)
class Survey:
    """What the links of a page add up to: its groups, those that are its lists, whether it is an index of several."""

    regions: Regions
    groups: list[Group]
    lists: list[Group]
    several: bool
    columns: list[Group]  # links to columns of the site by names that the catalogue knows: ways on, no items
    files: list[Group]  # the few files of a document: no items either


@once
def survey(page: Page) -> Survey:
    """Find the groups of a page and choose its lists."""
    unfold(page)
    regions = Regions()
    groups = [group for group in find_groups(page, regions) if not (group.lone and _beside_text(page, group, regions))]
    files = [group for group in groups if _are_attachments(page, group, regions)]
    groups = [group for group in groups if group not in files]
    merged = _merge(groups, regions)
    columns = [group for group in merged if _names_columns(group)]
    rest = without_asides(page, [group for group in merged if group not in columns])
    lists, several = _choose(rest, _menus(page, regions), lambda group: _of_column(page, group, regions))
    if len(lists) == 1 and not several and _is_of_another(page, lists[0], regions):
        several = True  # the one box of a section, or one beside nothing
    first = lead_row(page, lists[0], regions) if len(lists) == 1 and not several else None
    if first is not None:
        lists = [replace(lists[0], rows=[first, *lists[0].rows])]
    return Survey(regions, groups, lists, several, columns, files)


def _is_of_another(page: Page, group: Group, regions: Regions) -> bool:
    """Whether the only list of a page is headed by another column's name than the page's own, and no pager turns it."""
    head = heading_of(group.container)
    named = len(read_trail(page)) > 1 and head is not None and is_foreign(page, head)
    return named and not pager_follows(group.container) and why_empty(page, regions)[0] is EmptyBecause.NONE


def read_list(page: Page) -> ListReading | None:
    """Read the list or lists of a page; None where it shows neither rows nor a sign of an empty list."""
    known = survey(page)
    title = list_title(page)
    if not known.lists and known.files:
        return None
    if not known.lists or _only_aside(page, known):
        reason, text, container = why_empty(page, known.regions)
        if reason is EmptyBecause.NONE or (_leads_on(page, known) and not _says_empty(page, reason)):
            return None
        return ListReading(title, (), None, signature(container) if container is not None else None, reason, text)
    entries: list[ListEntry] = []
    texts: list[tuple[EmptyBecause, str]] = []
    sections = tab_headings([group.container for group in known.lists]) if len(known.lists) > 1 else [None]
    for group, section in zip(known.lists, sections, strict=True):
        rows, said = _entries(page, group, section)
        entries.extend(rows)
        texts.extend(said)
    main = max(known.lists, key=lambda group: group.score)
    empty = texts[0][0] if texts and not entries else None
    if not entries and empty is None:
        return None
    return ListReading(title, tuple(entries), None, signature(main.container), empty, texts[0][1] if texts else None)


def _leads_on(page: Page, known: Survey) -> bool:
    """Whether what the page shows is the ways to its columns: not a menu beside an empty list, in which it would name itself."""
    menus = _menus(page, known.regions)
    own = {link.getparent() for link in _own_links(page, known.regions)}
    return any(
        (group.region == "body" and not _is_menu(group, menus)) or any(above in own for above in group.container.iterancestors("li", "dd"))
        for group in known.columns
    )


def _says_empty(page: Page, reason: EmptyBecause) -> bool:
    return reason in (EmptyBecause.PLACEHOLDER, EmptyBecause.STATEMENT) or (reason is EmptyBecause.SCRIPT and is_mount(page))


def _only_aside(page: Page, known: Survey) -> bool:
    """Whether what was found is a box beside the list (热点, 推荐 …) and the list itself says, or shows, that it is empty."""
    if len(known.lists) != 1 or len(known.lists[0].rows) > 12:
        return False
    heading = heading_of(known.lists[0].container)
    if heading is None or not (heading.more or is_foreign(page, heading)):
        return False
    reason, _, element = why_empty(page, known.regions)
    return element is not None and reason is not EmptyBecause.NONE and known.lists[0].container not in element.iterancestors()


def _entries(page: Page, group: Group, section: str | None) -> tuple[list[ListEntry], list[tuple[EmptyBecause, str]]]:
    texts: list[tuple[EmptyBecause, str]] = []
    rows: list[tuple[Row, str | None]] = []
    trail = {link.url for link in read_trail(page)} if group.dated else set()
    for row in group.rows:
        if row.date is None and row.url in trail:
            continue  # the way up, laid out in the table of the list
        said = saying(row.title)
        if said is not None and (row.url is None or said is EmptyBecause.PLACEHOLDER or row.url == page.url):
            texts.append((said, row.title))
            continue
        rows.append((row, row.title if said is EmptyBecause.STATEMENT else None))
    dated = group.dated > 0
    for row in _unlinked(group) if CUT_ROWS not in page.marks else ():  # rows beyond the limit have links that were not read
        said = saying(row.title)
        if said is not None:
            texts.append((said, row.title))
        elif row.date is not None and dated:
            rows.append((row, None))
    if any(row.mark is None for row, _ in rows):
        order = {child: number for number, child in enumerate(group.container)}
        rows.sort(key=lambda pair: order.get(pair[0].element, 0))
    top = _out_of_order([row for row, _ in rows])
    heads = Heads()
    return [
        ListEntry(row.title, row.url, row.date, section, row.truncated, row.pinned or number < top, note, read_cells(row, heads))
        for number, (row, note) in enumerate(rows)
    ], texts


def _unlinked(group: Group) -> list[Row]:
    """Rows of the container's own kind that hold text and no link."""
    found: list[Row] = []
    sizes = Counter(len(row.element) for row in group.rows)
    for child in group.loose:
        if child.tag != group.tag or (child.tag == "tr" and child.find("th") is not None):
            continue
        text = squeeze(seamed(child).replace("\x1f", " "))
        if not text or len(text) > 300:
            continue
        if saying(text) is not None:
            found.append(Row(text, None, None, False, False, child, 0))
            continue
        if child.tag not in ("li", "tr", "dd") or not _alike(child, sizes):
            continue
        date = row_date(child, row_text(child, None), None, group.columns, None)
        parts = [clean(part) for part in seamed(child).split("\x1f")]
        if group.columns is not None and group.columns.title is not None and child.tag == "tr":
            cells = [cell for cell in child if cell.tag == "td"]
            title = clean(seamed(cells[group.columns.title])) if group.columns.title < len(cells) else ""
        else:
            title = next((part for part in parts if len(part) >= 6 and not re.fullmatch(r"[\d\W年月日]+", part)), "")
        if title and date is not None:
            found.append(Row(title, None, date, False, False, child, 0))
    return found


def _alike(child: html.HtmlElement, sizes: Counter[int]) -> bool:
    """Whether a row without a link is built like most rows that have one: else it belongs to its neighbour."""
    same = sizes[len(child)] + sizes[len(child) + 1]
    return same * 2 > sizes.total()


def _out_of_order(rows: Sequence[Row]) -> int:
    """Rows at the top that are older than the row after them, where the rest runs newest first: they are pinned."""
    dates = [row.date.value for row in rows if row.date is not None]
    if len(dates) < 4 or len(dates) != len(rows):
        return 0
    for top in range(1, min(5, len(dates) - 2)):
        rest = dates[top:]
        if dates[top - 1] < dates[top] and all(earlier >= later for earlier, later in pairwise(rest)):
            return sum(1 for number in range(top) if dates[number] < dates[top]) if all(date < dates[top] for date in dates[:top]) else 0
    return 0


# --- which groups are the page's lists ----------------------------------------------------------


def _merge(groups: list[Group], regions: Regions) -> list[Group]:
    """Join neighbours that are one list cut in blocks; leave out copies and what lies in head or foot."""
    kept: list[Group] = []
    before: Group | None = None
    for group in groups:
        if group.region in ("footer", "crumb") or (not group.dated and any(FOOT.search(row.title) for row in group.rows)):
            continue  # a foot laid out as a table of its own tells itself by its words
        if before is not None and _continues(before, group):
            kept[-1].rows.extend(group.rows)
            kept[-1].loose.extend(group.loose)
        else:
            kept.append(replace(group, rows=list(group.rows), loose=list(group.loose)))
        before = group
    seen: list[set[tuple[str, str | None]]] = []
    unique: list[Group] = []
    for group in kept:
        keys = {(row.title, row.url) for row in group.rows}
        if any(keys <= other for other in seen) and len(keys) > 0:
            continue
        seen.append(keys)
        unique.append(group)
    return unique


def _continues(first: Group, second: Group) -> bool:
    if first.tag != second.tag or first.container.getparent() is not second.container.getparent():
        return False
    if signature(first.container) != signature(second.container) or bool(first.dated) != bool(second.dated):
        return False
    between = first.container.getnext()
    while between is not None and between is not second.container:
        said = squeeze("".join(between.itertext()))
        if said and between.tag not in ("script", "style", "hr", "br") and not PERIOD.match(said):
            return False
        between = between.getnext()
    head = heading_of(second.container, near=True)
    return not (first.container.tail or "").strip() and (head is None or bool(PERIOD.match(head.text)))


def _are_attachments(page: Page, group: Group, regions: Regions) -> bool:
    """Whether a few files stand under the title of a document, which the head of the page names as well."""
    if len(group.rows) > 3 or not all(row.url is not None and is_file(row.url) for row in group.rows):
        return False
    heading = place(page).heading
    if heading is None or heading.score < SURE:
        return False
    return not names_page(page, heading.text) or _beside_text(page, group, regions)  # under a column's name alone they are its rows


def _beside_text(page: Page, group: Group, regions: Regions) -> bool:
    """Whether few rows stand on the page of a document: its title or its text stands outside them."""
    rows = {row.element for row in group.rows}
    for block in outline(page).blocks:
        if (
            block.linked > 0.3
            or block.chars < 10
            or (block.chars >= 40) + bool(_SENTENCE.search(block.text)) + bool(_DOCUMENT.search(block.text)) == 0
        ):
            continue
        if regions.of(block.element) in ("body", "side") and not FOOT.search(block.text) and not within(block.element, rows):
            return True
    return False


def _menus(page: Page, regions: Regions) -> set[html.HtmlElement]:
    """Elements above links to the page itself, trail aside: undated names among which a page lists itself are a menu."""
    return {above for link in _own_links(page, regions) for above in link.iterancestors()}


def _own_links(page: Page, regions: Regions) -> Iterator[html.HtmlElement]:
    """Links to the page itself, those of its trail aside."""
    own = page.url.split("#")[0].removesuffix("index.html")
    for element in page.tree.iter("a"):
        href = element.get("href")
        if href and not href.startswith("#"):
            url = page.absolute(href)
            if url is not None and url.removesuffix("index.html") == own and regions.of(element) != "crumb":
                yield element


def _is_menu(group: Group, menus: set[html.HtmlElement]) -> bool:
    if not menus or len(group.rows) > 30:
        return False
    if group.container in menus and group.container.tag not in ("body", "form"):
        return True
    return any(above in menus for above in group.container.iterancestors("ul", "ol", "dl"))


def _of_column(page: Page, group: Group, regions: Regions) -> bool:
    """Whether few undated rows are those of the column that the trail and the page's title name."""
    trail = read_trail(page)
    key = title_key(trail[-1].text) if trail else ""
    named = title_key(page.meta("columnname") or page.tree.findtext(".//title") or "")
    if not 2 <= len(key) <= 14 or not named.startswith(key) or any(row.url is None or is_file(row.url) for row in group.rows):
        return False
    return not _beside_text(page, group, regions)


def _names_columns(group: Group) -> bool:
    """Whether undated links are mostly called what columns are called."""
    named = sum(is_column_name(row.title) for row in group.rows)
    return not group.dated and len(group.rows) >= 3 and named * 5 >= len(group.rows) * 3


def _choose(groups: list[Group], menus: set[html.HtmlElement], of_column: Callable[[Group], bool]) -> tuple[list[Group], bool]:
    """The groups that are the page's list, or its several lists."""
    dated = [group for group in groups if is_dated(group)]
    plain = [group for group in groups if not is_dated(group) and _is_plain_list(group, of_column) and not _is_menu(group, menus)]
    if any(group.region in ("body", "side") and (len(group.rows) >= 2 or group.mean_chars >= GENERIC_NAMES) for group in dated):
        # Bare names are filters or departments where dated rows stand beside them.
        plain = [group for group in plain if group.mean_chars >= GENERIC_NAMES]
    if not dated and not plain:
        return [], False
    main = max([*dated, *plain], key=lambda group: group.score)
    pool = dated if is_dated(main) else plain
    pool = [group for group in pool if group.region not in ("nav", "menu") or group is main]
    if len(pool) == 1:
        return [main], False
    twins = [group for group in pool if signature(group.container) == signature(main.container) or group.score >= 0.5 * main.score]
    others = [group for group in pool if group is not main]
    more = {id(group): heading_of(group.container) for group in pool}
    headed = [group for group in pool if more[id(group)] is not None and more[id(group)].more]  # type: ignore[union-attr]
    main_more = main in headed
    if (
        not main_more
        and len(main.rows) >= 6
        and all(len(group.rows) <= len(main.rows) for group in others)
        and (len(headed) == len(others) or len(main.rows) >= 2.5 * max(len(group.rows) for group in others))
    ):
        return [main], False
    chosen = [group for group in pool if group in twins or group in headed or group.score >= 0.25 * main.score]
    if len(chosen) < 2:
        return [main], False
    if not is_dated(main) and len(main.rows) >= 2 * max(len(group.rows) for group in others):
        return [main], False
    if sum(own_head(group.container) is not None for group in chosen) >= 2:
        return chosen, True
    # One column's overview holds its lists side by side, of one kind; an index puts each into a box of its own.
    parents = [group.container.getparent() for group in chosen]
    flat = all(parent is parents[0] for parent in parents) and len({group.container.tag for group in chosen}) == 1
    flat = flat or (len({signature(group.container) for group in chosen}) == 1 and not any(more[id(group)] for group in chosen))
    return chosen, not flat


def _is_plain_list(group: Group, of_column: Callable[[Group], bool]) -> bool:
    rows = len(group.rows)
    if group.region in ("nav", "menu"):
        return False
    if group.mean_chars >= GENERIC_NAMES:
        parent = group.container.getparent()
        named = names(group.container) + " " + (names(parent) if parent is not None else "")
        if group.region != "body":
            return rows >= 5 or (group.region == "side" and of_column(group))
        return rows >= 3 or (group.tag in ("li", "tr", "dd", "dt") and (bool(LISTISH.search(named)) or of_column(group)))
    # Names in a tree are a menu of columns.
    tree = any(row.element.find(".//ul") is not None or row.element.find(".//dl") is not None for row in group.rows)
    return rows >= 5 and group.mean_chars >= 3 and group.region in ("body", "side") and not tree
