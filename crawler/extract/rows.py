"""One row of a list: its whole title, its address, its date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml import html

from crawler.extract.marks import TEMPLATE, Mark, main_mark, opening_mark
from crawler.extract.page import Page
from crawler.extract.regions import names
from crawler.extract.row_dates import CLOCK, FULL_DATE, SEAM, SKIP, Columns, Y, date_only, row_date, row_text, seamed, shows_day
from data.records import ShownDate
from data.text import bare, squeeze, title_key

_BULLET = re.compile(r"^(?:[·•●▪■◆◇○※►▶>»＞\-—|｜*\s\uf000-\uf8ff]|&middot;)+(?=\S)")
_PIN = re.compile(r"^[\[【(（]?\s*置\s*顶\s*[\]】)）]?[:：]?\s*")
_FRESH = re.compile(r"(?:\s+|^)(?:NEW|new|New|HOT|hot)!?$|^(?:NEW|HOT)!?\s+")
_TITLE_CLASS = re.compile(r"(?<![a-z])(?:til|tit|title|bt|biaoti|name|nm|subject|wz_?tit|c-bt-t)(?![a-z])", re.I)
_SUB_CLASS = re.compile(
    r"(?<![a-z])(?:sub|desc\w*|intro|info|summary|abstract|zhaiyao|zy|txt|text|jianjie|content|con|date|time|rq|sj|day|source|ly|tag|num|ico\w*|icon\w*|bq|wenhao|wh)(?![a-z])",
    re.I,
)
_LABEL = re.compile(r"(?:标题|名称|时间|日期|作者|来源|点击数?)[:：]")
_PIN_CLASS = re.compile(r"(?<![a-z])(?:zhiding|pinned|stick|istop|is-top)(?![a-z])")
_DATE_AT_END = re.compile(rf"\s*(?:[\[【]\s*|\s){Y}[-/.]\d{{1,2}}[-/.]\d{{1,2}}{CLOCK}\s*[\]】]?\s*$")
_SHORT = 160
_TRUNCATED = re.compile(r"(?:…+|\.{2,}|。{2,})\s*$")


@dataclass(slots=True)  # not frozen: a menu has hundreds, and setting each field through object's own way takes three times as long
class Row:
    """What one row says."""

    title: str
    url: str | None
    date: ShownDate | None
    truncated: bool
    pinned: bool
    element: html.HtmlElement
    marks: int  # links of the row that could be titles
    mark: html.HtmlElement | None = None  # the title's link
    stamped: bool = False  # shows a date, be it one without a year
    shown: str = ""  # its text but for the title, SEAM between elements


def read_row(
    page: Page, element: html.HtmlElement, marks: list[Mark], common: frozenset[str | None], columns: Columns | None, extra: str
) -> Row | None:
    """Read one row; None where it holds no title."""
    pool = marks
    cell = _title_cell(element, columns)
    if cell is not None:
        pool = [mark for mark in marks if within(mark.element, {cell})] or marks
    main = main_mark(pool, common)
    if main is None:
        main = opening_mark(marks)
        if main is None:
            return None
        text = clean(_plain_title(element, main, cell))
        if len(text) < 4:
            return None
        shown = row_text(element, None) + SEAM + extra
        date = row_date(element, shown, None, columns, main.url)
        return Row(text, main.url, date, text.endswith(("…", "...")), False, element, len(marks), main.element, shown=shown)
    title, cut, pinned = whole_title(main)
    if main.element.tag in ("tr", "li", "div", "dd", "td") and len(main.element):
        # The whole row opens by script: its title is its heading or its longest text.
        title = clean(_plain_title(element, Mark(element, "", None, ""), cell)) or title
    if not title:
        return None
    if cell is not None and not within(main.element, {cell}):
        plain = clean(seamed(cell))
        title = plain or title
    shown = row_text(element, main) + SEAM + extra
    date = row_date(element, shown, main, columns, main.url)
    able = sum(not mark.auxiliary for mark in marks)
    stamped = date is None and shows_day(shown)
    return Row(title, main.url, date, cut, pinned or _pinned(element), element, able, main.element, stamped, shown)


def whole_title(mark: Mark) -> tuple[str, bool, bool]:
    """Title of a link as (whole title, cut even so, marked 置顶)."""
    if mark.said is None:
        mark.said = _whole_title(mark)
    return mark.said


def _whole_title(mark: Mark) -> tuple[str, bool, bool]:
    shown = _shown(mark.element) or mark.label
    pinned = bool(_PIN.match(shown)) or _pin_mark(mark.element)
    title, cut = _told_short(shown, mark.title) if len(shown) + len(mark.title) <= _SHORT else _told(shown, mark.title)
    return title, cut, pinned


@lru_cache(2048)
def _told_short(shown: str, title: str) -> tuple[str, bool]:
    return _told(shown, title)


def _told(shown: str, title: str) -> tuple[str, bool]:
    """The whole title that a link's text and its title attribute make, and whether it is cut even so."""
    shown = clean(shown)
    given = _tail_date(clean(title))
    cut = bool(_TRUNCATED.search(shown))
    if given and not TEMPLATE.search(given):
        stem = title_key(_TRUNCATED.sub("", shown))
        key = title_key(given)
        if (
            not stem
            or (key.startswith(stem) and (cut or (len(key) > len(stem) and not _labelled(given))))
            or (cut and len(stem) >= 6 and stem[:6] in key and not _labelled(given))
        ):
            shown = given
        elif _labelled(given):
            named = re.search(r"(?:标题|名称)[:：]\s*(.+?)\s*(?:(?:发布|更新|发表)?(?:时间|日期|作者|来源|点击)[^:：]{0,3}[:：]|$)", given)
            if named and cut:
                shown = clean(named.group(1))
        elif key == stem and len(given) >= len(shown):
            shown = given
    return shown, bool(_TRUNCATED.search(shown))


def clean(text: str) -> str:
    """A title without bullets, 置顶 and NEW marks."""
    return _clean_short(text) if len(text) <= _SHORT else _clean(text)


@lru_cache(2048)  # the entries of menus stand on every page of a site
def _clean_short(text: str) -> str:
    return _clean(text)


def _clean(text: str) -> str:
    text = squeeze(text.replace(SEAM, ""))
    text = _PIN.sub("", _BULLET.sub("", text))
    return squeeze(_FRESH.sub("", text))


def _labelled(text: str) -> bool:
    return bool(_LABEL.search(text))


def _pin_mark(element: html.HtmlElement) -> bool:
    parent = element.getparent()
    if parent is None:
        return False
    for near in (*parent, *element.iter("img", "span", "i", "em")):
        if isinstance(near.tag, str) and near.tag in ("img", "span", "i", "em", "b", "font", "strong"):
            text = near.get("alt") or near.get("title") or near.text or ""
            if len(text) <= 8 and "置顶" in bare(text):
                return True
    return False


def _pinned(element: html.HtmlElement) -> bool:
    return bool(_PIN_CLASS.search(names(element)))


def _shown(element: html.HtmlElement) -> str:
    """Text of a link that is its title: a heading or title child, else all but date and summary children."""
    if not len(element):
        text = element.text or ""
        return _plain_short(text) if len(text) <= _SHORT else _plain(text)
    blocks = [child for child in element if isinstance(child.tag, str) and child.tag not in SKIP]
    if blocks:
        for child in element.iterdescendants("h1", "h2", "h3", "h4", "h5", "h6"):
            text = _joined(child)
            if text:
                return text
        named = [
            child
            for child in element.iterdescendants()
            if isinstance(child.tag, str)
            and child.get("class")
            and _TITLE_CLASS.search(child.get("class") or "")
            and not re.search(r"(?<![a-z])sub", child.get("class") or "", re.I)
        ]
        for child in named:
            text = _joined(child)
            if len(text) >= 2 and not date_only(text):
                return text
    return _joined(element)


@lru_cache(2048)
def _plain_short(text: str) -> str:
    return _plain(text)


def _plain(text: str) -> str:
    return squeeze(_tail_date(squeeze(text)))


def _joined(element: html.HtmlElement) -> str:
    parts: list[str] = [element.text or ""]
    block_seen = False
    for child in element:
        if isinstance(child.tag, str) and child.tag not in SKIP:
            text = "".join(child.itertext()) if not len(child) else _joined(child)
            names = child.get("class") or ""
            drop = date_only(text) and not re.fullmatch(r"\s*\d{1,4}年?\s*", text)
            drop = drop or (bool(_SUB_CLASS.search(names)) and bool(_rest(element, child)))
            if child.tag in ("p", "div", "dd", "li"):
                if block_seen and any(part.strip() for part in parts):
                    drop = True
                block_seen = block_seen or bool(text.strip() and not drop)
            if (
                not drop
                and re.fullmatch(r"\s*\d{1,2}\s*", text)
                and not "".join(parts).strip()
                and not re.match(r"\s*[年月日号届次个条批期项家名人岁%．.、—-]", child.tail or "")
                and (child.tail or "").strip()
            ):
                drop = True  # a row's number
            if not drop:
                parts.append(text)
        parts.append(child.tail or "")
    return squeeze(_tail_date(squeeze("".join(parts))))


def _rest(element: html.HtmlElement, child: html.HtmlElement) -> str:
    whole, part = "".join(element.itertext()), "".join(child.itertext())
    return squeeze(FULL_DATE.sub("", whole.replace(part, "", 1)))


def _tail_date(text: str) -> str:
    """Text without a date stamped at its end: '标题 [2026-09-01]', never 标题（2026年3月1日）."""
    return _DATE_AT_END.sub("", text) or text


def _plain_title(element: html.HtmlElement, main: Mark, cell: html.HtmlElement | None) -> str:
    if cell is not None:
        return seamed(cell)
    for heading in element.iter("h1", "h2", "h3", "h4", "h5"):
        return seamed(heading)
    whole = seamed(element) if main.element is element else seamed(element, main.element)
    parts = [part for part in (squeeze(piece) for piece in whole.split(SEAM)) if len(part) >= 4 and not date_only(part)]
    return max(parts, key=len, default="") if main.element is element else next(iter(parts), "")


def _title_cell(element: html.HtmlElement, columns: Columns | None) -> html.HtmlElement | None:
    if columns is None or columns.title is None or element.tag != "tr":
        return None
    cells = [cell for cell in element if cell.tag in ("td", "th")]
    return cells[columns.title] if columns.title < len(cells) else None


def within(element: html.HtmlElement, holders: set[html.HtmlElement]) -> bool:
    current: html.HtmlElement | None = element
    while current is not None:
        if current in holders:
            return True
        current = current.getparent()
    return False
