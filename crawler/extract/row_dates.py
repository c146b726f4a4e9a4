"""The date of a list's row: found beside the title, never in it; put together where its parts stand apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import html

from crawler.extract.dates import SEAM as INLINE
from crawler.extract.dates import parse_date
from crawler.extract.marks import Mark
from data.records import DateRole, ShownDate
from data.text import squeeze

SEAM = "\x1f"
_SEAMS = re.compile(f"[{SEAM}{INLINE}]")
SKIP = frozenset({"script", "style", "noscript", "template", "select", "textarea", "input", "iframe"})
Y = r"(?:19|20)\d\d"
CLOCK = r"(?:[\sT]{0,4}\d{1,2}\s*[:：∶时]\s*\d{1,2}(?:\s*[:：∶分]\s*\d{1,2})?(?:\.\d+)?\s*[分秒]?)?"
FULL_DATE = re.compile(rf"(?<!\d)({Y})\s*(?:[-/.．－‐–—]|年)\s*(\d{{1,2}})\s*(?:[-/.．－‐–—]|月)\s*(\d{{1,2}})(?!\d)\s*日?{CLOCK}")
_COMPACT = re.compile(rf"^[\[(（【]?({Y})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])[\])）】]?$")
_MONTH_DAY = re.compile(r"(?<![\d.])(0?[1-9]|1[0-2])\s*(?:[-/.．]|月)\s*(0?[1-9]|[12]\d|3[01])\s*日?(?![\d.])")
_DAY_YEAR_MONTH = re.compile(rf"(?<!\d)(0?[1-9]|[12]\d|3[01])\s*日?[\s\x1f]+({Y})\s*[-/.．年]\s*(0?[1-9]|1[0-2])\s*月?(?!\d)")
_MONTH_DAY_YEAR = re.compile(rf"(?<!\d)(0?[1-9]|1[0-2])\s*[-/.．月]\s*(0?[1-9]|[12]\d|3[01])\s*日?[\s\x1f]+({Y})\s*年?(?!\d)")
_YEAR_MONTH_DAY = re.compile(rf"(?<!\d)({Y})\s*年?[\s\x1f]+(0?[1-9]|1[0-2])\s*[-/.．月]\s*(0?[1-9]|[12]\d|3[01])\s*日?(?!\d)")
_YEAR_MONTH_THEN_DAY = re.compile(rf"(?<!\d)({Y})\s*[-/.．年]\s*(0?[1-9]|1[0-2])\s*月?[\s\x1f]+(0?[1-9]|[12]\d|3[01])\s*日?(?!\d)")
_DAY_MONTH_YEAR = re.compile(rf"(?<!\d)(0?[1-9]|[12]\d|3[01])\s*日?[\s\x1f]+(0?[1-9]|1[0-2])\s*月[\s\x1f]+({Y})\s*年?(?!\d)")
_EDGES = " \t\r\n\x1f\u3000\xa0[](（）)【】〔〕<>《》|·•:：,，-—"
_BARE_DATE = re.compile(
    rf"(?:(?:发布|公开|更新|信息|成文|生成|印发|发文)?(?:时间|日期)[:：]?[\s\x1f\[(（]*)?"
    rf"(?:{Y}\s?[-/.．－年]\s?\d{{1,2}}(?:\s?[-/.．－月]\s?\d{{1,2}}\s?日?{CLOCK})?月?|\d{{1,2}}\s?[-/.．月]\s?\d{{1,2}}日?|{Y}年?|\d{{8}}|\d{{1,2}}日?)"
)
_NOT_THE_DATE = re.compile(r"(?:废止|失效|施行|实施|生效|截止|截至|结束|有效期|到期|开始|报名|期限|至|会议)[\s\S]{0,6}$")
_ROLE_LABELS: tuple[tuple[re.Pattern[str], DateRole], ...] = (
    (re.compile(r"(?:发布|公开|公布|发表|上网|更新|信息)(?:时间|日期|日)|时间发布|发布于"), DateRole.PUBLISHED),
    (re.compile(r"(?:成文|生成|制文|签发|制发|产生)(?:时间|日期|日)"), DateRole.MADE),
    (re.compile(r"(?:印发|发文|印制)(?:时间|日期|日)"), DateRole.ISSUED),
)
_TIME_LABEL = re.compile(r"(?:时间|日期)[\s\x1f:：]*$")
_DATE_ATTRIBUTES = ("data-date", "data-time", "datetime", "data-pubdate")
_DATE_NAMES = frozenset(_DATE_ATTRIBUTES)
_DIGIT = re.compile(r"\d")
_AT_END = re.compile(rf"(?:[\[【]\s*|\s)({Y}[-/.]\d{{1,2}}[-/.]\d{{1,2}}{CLOCK})\s*[\]】]?\s*$")
_LABELLED = re.compile(rf"(?:时间|日期)[:：]\s*({Y}[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?{CLOCK})")
_URL_DATE = (
    re.compile(rf"(?<!\d)({Y})[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(rf"/({Y})/(1[0-2]|[1-9])/([12]\d|3[01]|[1-9])/"),
    re.compile(rf"/t({Y})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])_"),
)
_URL_MONTH = re.compile(rf"/({Y})[-/]?(0[1-9]|1[0-2])/")


@dataclass(frozen=True, slots=True)
class Columns:
    """Column numbers of a table with a heading row; None where there is no such column."""

    title: int | None
    dates: tuple[tuple[int, DateRole], ...]


def date_only(text: str) -> bool:
    """Whether a text is nothing but a date or a part of one, with its label and brackets."""
    core = text.strip(_EDGES)
    return 0 < len(core) <= 40 and _BARE_DATE.fullmatch(squeeze(core)) is not None


def seamed(element: html.HtmlElement, without: html.HtmlElement | None = None) -> str:
    """Text of an element with SEAM between elements. Of `without` only what is a date is kept."""
    parts: list[str] = []
    _gather(element, without, parts)
    return "".join(parts)


def _gather(element: html.HtmlElement, without: html.HtmlElement | None, parts: list[str]) -> None:
    if element.tag in SKIP or not isinstance(element.tag, str):
        return
    if without is not None and element is without:
        for child in element.iterdescendants():
            if isinstance(child.tag, str) and len(child) <= 3 and child.tag not in SKIP:
                text = seamed(child)
                if _DIGIT.search(text) and date_only(text) and not _inside_date(child, element):
                    parts += (SEAM, text, SEAM)
        return
    parts.append(SEAM)
    if element.text:
        parts.append(element.text)
    for child in element:
        _gather(child, without, parts)
        if child.tail:
            parts.append(child.tail)
    parts.append(SEAM)


def _inside_date(element: html.HtmlElement, top: html.HtmlElement) -> bool:
    parent = element.getparent()
    if parent is None or parent is top:
        return False
    text = "".join(parent.itertext())
    return date_only(text)


def row_text(row: html.HtmlElement, mark: Mark | None) -> str:
    """Text of a row but for its title, SEAM between elements."""
    return seamed(row, mark.element if mark is not None else None)


def row_date(row: html.HtmlElement, text: str, mark: Mark | None, columns: Columns | None, url: str | None) -> ShownDate | None:
    """The row's own date in its text: not one of the title, nor of a summary, nor the end of a period of validity."""
    if columns is not None and columns.dates:
        cells = [cell for cell in row if cell.tag in ("td", "th", "li", "div", "span", "dd", "p")]
        for number, role in columns.dates:
            if number < len(cells):
                found = _full(seamed(cells[number]), role)
                if found is not None:
                    return found
    digits = _DIGIT.search(text) is not None
    found = (_standing(text) or _split(text)) if digits else None
    if found is not None:
        return found
    if _bears_date(row):
        for name in _DATE_ATTRIBUTES:
            for element in row.iter():
                value = element.get(name) if isinstance(element.tag, str) else None
                if value and FULL_DATE.search(value):
                    return _full(value, DateRole.LIST)
    return (_stamped(mark) if mark is not None else None) or (_with_year_of(url, text) if digits else None)


def may_show_date(row: html.HtmlElement, text: str, marks: Sequence[Mark]) -> bool:
    """A cheap look before `row_date`: whether there is a digit where a row's date can stand."""
    if _DIGIT.search(text) or any(_DIGIT.search(mark.title) for mark in marks):
        return True
    return _bears_date(row) and any(
        element.get(name) for element in row.iter() for name in _DATE_ATTRIBUTES if isinstance(element.tag, str)
    )


def _bears_date(row: html.HtmlElement) -> bool:
    """A cheap look for any of the attributes: most rows bear none."""
    return any(name in _DATE_NAMES for element in row.iter() for name in element.keys())  # noqa: SIM118 - no mapping


def _stamped(mark: Mark) -> ShownDate | None:
    """A date at the end of the title's own text or title attribute, or behind a label in the attribute."""
    if not (_DIGIT.search(mark.title) or _DIGIT.search(mark.label)):
        return None  # the label is the link's text, where it has any
    for said in (squeeze("".join(mark.element.itertext())), mark.title):
        stamped = _AT_END.search(said)
        if stamped:
            return _full(stamped.group(1), DateRole.LIST)
    labelled = _LABELLED.search(mark.title)
    return _full(labelled.group(1), _role(mark.title[: labelled.start(1)])) if labelled else None


def _full(text: str, role: DateRole) -> ShownDate | None:
    flat = squeeze(text.replace(SEAM, ""))
    match = FULL_DATE.search(flat) or _COMPACT.match(flat)
    if match is None:
        return None
    if match.re is _COMPACT:
        return parse_date(f"{match[1]}-{match[2]}-{match[3]}", role, "row")
    return parse_date(squeeze(match.group(0)), role, "row")


def _role(before: str) -> DateRole:
    for pattern, role in _ROLE_LABELS:
        if pattern.search(before):
            return role
    return DateRole.LIST


def _standing(text: str) -> ShownDate | None:
    """First date that stands by itself or behind a label; one whose label says 发布 goes first."""
    found: list[tuple[int, ShownDate]] = []
    for match in FULL_DATE.finditer(text):
        start = text.rfind(SEAM, 0, match.start())
        end = text.find(SEAM, match.end())
        line = text[start + 1 : end if end >= 0 else len(text)]
        before = text[max(0, match.start() - 14) : match.start()]
        if _NOT_THE_DATE.search(before.replace(SEAM, "")):
            continue
        others = squeeze(line.replace(match.group(0), "", 1))
        labelled = bool(_TIME_LABEL.search(before)) or _role(before) is not DateRole.LIST
        at_edge = line.strip(" \t\r\n\u3000\xa0[](（）)【】").startswith(match.group(0).strip()) or line.rstrip(
            " \t\r\n\u3000\xa0[](（）)【】"
        ).endswith(match.group(0).strip())
        if not labelled and not (date_only(line) or (at_edge and len(others) <= 24 and not re.search(r"[，。；！？“”]", others))):
            continue
        role = _role(before)
        shown = parse_date(squeeze(match.group(0).replace(SEAM, " ")), role, "row")
        if shown is not None:
            found.append((0 if role is DateRole.PUBLISHED else 1, shown))
    if not found:
        for piece in text.split(SEAM):
            shown = _full(piece, DateRole.LIST) if _COMPACT.match(squeeze(piece)) else None
            if shown is not None:
                return shown
        return None
    return min(found, key=lambda pair: pair[0])[1]


def _split(text: str) -> ShownDate | None:
    """A date whose parts stand in elements of their own: 12 / 2026-09, 09-12 / 2026, 2026 / 09-12."""
    iso = join_parts(text)
    return parse_date(iso, DateRole.LIST, "row") if iso is not None else None


def join_parts(text: str) -> str | None:
    """The day as YYYY-MM-DD where a date's parts, SEAM between them, fill their elements; None where they make no date."""
    flat = SEAM + SEAM.join(part for piece in re.split(_SEAMS, text) if (part := squeeze(piece))) + SEAM
    for pattern, order in (
        (_DAY_YEAR_MONTH, (2, 3, 1)),
        (_YEAR_MONTH_THEN_DAY, (1, 2, 3)),
        (_MONTH_DAY_YEAR, (3, 1, 2)),
        (_YEAR_MONTH_DAY, (1, 2, 3)),
        (_DAY_MONTH_YEAR, (3, 2, 1)),
    ):
        for match in pattern.finditer(flat):
            # The parts have to fill their elements: no word of a sentence stands in them.
            whole = match.group(0).rstrip()
            start, end = flat.rfind(SEAM, 0, match.start()), flat.find(SEAM, match.start() + len(whole))
            line = flat[start + 1 : end if end >= 0 else len(flat)]
            if squeeze(line.replace(whole, "", 1)).strip("[]()（）【】/-.年月日"):
                continue
            year, month, day = (match.group(number) for number in order)
            iso = f"{year}-{int(month):02d}-{int(day):02d}"
            if parse_date(iso, DateRole.LIST, "row") is not None:
                return iso
    joined = re.sub(r"[\s\x1f]+", "", "".join(part for part in flat.split(SEAM) if date_only(part) or not part.strip()))
    parts = re.fullmatch(rf"({Y})[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?", joined)
    iso = f"{parts[1]}-{int(parts[2]):02d}-{int(parts[3]):02d}" if parts else ""
    return iso if parts and parse_date(iso, DateRole.LIST, "row") is not None else None


def _with_year_of(url: str | None, text: str) -> ShownDate | None:
    """MM-DD with the year that the row's URL gives beyond doubt: a full date within three days of it, or the same month."""
    if url is None:
        return None
    for piece in text.split(SEAM):
        shown = _MONTH_DAY.search(piece)
        if shown is None or not date_only(piece):
            continue
        month, day = int(shown[1]), int(shown[2])
        for pattern in _URL_DATE:
            dated = pattern.search(url)
            if dated is not None:
                near = abs((int(dated[2]) - month) * 31 + int(dated[3]) - day) <= 4
                return parse_date(f"{dated[1]}-{month:02d}-{day:02d}", DateRole.LIST, "row") if near else None
        folder = _URL_MONTH.search(url)
        if folder is not None and int(folder[2]) == month:
            return parse_date(f"{folder[1]}-{month:02d}-{day:02d}", DateRole.LIST, "row")
        return None
    return None


def shows_day(text: str) -> bool:
    """Whether a row's text shows a month and a day standing by themselves."""
    if not _DIGIT.search(text):
        return False
    return any(_DIGIT.search(piece) and _MONTH_DAY.search(piece) and date_only(piece) for piece in text.split(SEAM))


def day_and_month(text: str) -> tuple[int, int] | None:
    """Month and day that a row's text shows standing by themselves, where it shows no year."""
    for piece in text.split(SEAM):
        shown = _MONTH_DAY.search(piece)
        if shown is not None and date_only(piece):
            return int(shown[1]), int(shown[2])
    return None
