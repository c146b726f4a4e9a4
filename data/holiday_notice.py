"""The State Council's holiday notice, read from its own text, or a sheet of days; what is not understood is refused, never guessed.

A sentence such as 一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。 says its days three times over: as dates, as weekdays
and as a count. All three have to agree.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from openpyxl import load_workbook
from pydantic import ValidationError

from data.calendar_tables import HOLIDAYS, HolidayTable, read_table
from data.errors import InputError

_WEEKDAYS = "一二三四五六日"
_DAY = r"(?:(?P<year{0}>\d{{4}})年)?(?:(?P<month{0}>\d{{1,2}})月)?(?P<day{0}>\d{{1,2}})日(?:[（(](?P<said{0}>[^）)]*)[）)])?"
_ONE = re.compile(_DAY.format(1))
_SPAN = re.compile(_DAY.format(1) + r"(?:[至到—-]+" + _DAY.format(2) + ")?")
_HEADING = re.compile(r"(?:^|[。\n])\s*[一二三四五六七八九十]+[、.．]\s*([^：:。\n]{2,12})[：:]")
_ADVICE = "鼓励|可以|建议"
_OFF_WORDS, _WORKED_WORDS = ("放假", "休息", "休", "off"), ("上班", "调休上班", "班", "worked", "work")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a notice."""

    table: HolidayTable
    unread: tuple[str, ...]  # sentences that named days and were left aside


def read_notice(path: Path, year: int | None = None) -> Reading:
    """A table from a notice's text, a table's YAML, or a sheet (.csv, .xlsx) of days. Raises InputError naming file and fault."""
    suffix = path.suffix.lower()
    if suffix in (".yml", ".yaml"):
        return Reading(read_table(path), ())
    if suffix in (".csv", ".xlsx"):
        return Reading(_from_rows(path, _rows(path), year), ())
    return parse_notice(_text(path), str(path), year)


def parse_notice(text: str, where: str, year: int | None = None) -> Reading:
    """The notice's own sentences. Raises InputError where one contradicts itself or a holiday is missing."""
    text = text.replace("\u3000", " ").replace("\xa0", " ")
    named = re.search(r"关于(\d{4})年", text)
    of_year = year or (int(named.group(1)) if named else None)
    if of_year is None:
        raise InputError(f"{where}: no year: the notice's title is missing; give it with --year")
    headings = list(_HEADING.finditer(text))
    if not headings:
        raise InputError(f"{where}: no holiday found; expected sentences such as 一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。")
    off: dict[date, str] = {}
    worked: list[date] = []
    unread: list[str] = []
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        name = heading.group(1).strip()
        part = text[heading.end() : following.start() + 1 if following else len(text)]
        for sentence in _sentences(part):
            if not _take(sentence, name, of_year, where, off, worked):
                if re.search("放假|上班", sentence) and not re.search(_ADVICE, sentence):
                    raise InputError(f"{where}: {name}: not understood: “{sentence}”; write it as the other ones, or import a table")
                unread.append(f"{name}：{sentence}")
    unnamed = [name for name in HOLIDAYS if not any(name in heading.group(1) for heading in headings)]
    if unnamed:
        raise InputError(f"{where}: {'、'.join(unnamed)} is missing; a notice names all of {'、'.join(HOLIDAYS)}")
    number = re.search(r"国办发明电〔\d{4}〕\d+号", text)
    source = f"国务院办公厅关于{of_year}年部分节假日安排的通知" + (f"（{number.group(0)}）" if number else "")
    return Reading(_table(where, of_year, source, off, worked), tuple(unread))


def _sentences(part: str) -> Iterator[str]:
    """The sentences of one holiday that name days, however the text is broken into lines."""
    yield from (sentence for sentence in re.sub(r"\s", "", part).split("。") if re.search(r"\d日", sentence))


def _take(sentence: str, name: str, year: int, where: str, off: dict[date, str], worked: list[date]) -> bool:
    """Take what a sentence says; False where it is none of the usual ones (鼓励 … is advice, not a holiday)."""
    if re.search(_ADVICE, sentence):
        return False
    if sentence.endswith("上班"):
        worked += [_date(match, "1", year, None, where) for match in _ONE.finditer(sentence)]
        return True
    if not re.search(r"放假|休息", sentence):
        return False
    span = _SPAN.search(sentence)
    assert span is not None  # every sentence given here names a day
    first = _date(span, "1", year, None, where)
    last = _date(span, "2", year, first, where) if span.group("day2") else first
    if not first <= last < first + timedelta(days=16):
        raise InputError(f"{where}: {name}: from {first} to {last} is no holiday; correct the text")
    days = [first + timedelta(days=index) for index in range((last - first).days + 1)]
    count = re.search(r"(?:共|放假)\s*(\d+)\s*天", sentence)
    if count and int(count.group(1)) != len(days):
        raise InputError(f"{where}: {name}: says {count.group(1)} days, and from {first} to {last} are {len(days)}; correct the text")
    off |= dict.fromkeys(days, name)
    return True


def _date(match: re.Match[str], part: str, year: int, after: date | None, where: str) -> date:
    """A date of a sentence; the second of a span takes the first one's month where it names none."""
    month = match.group(f"month{part}") or (str(after.month) if after else None)
    if month is None:
        raise InputError(f"{where}: “{match.group(0)}” names no month; correct the text")
    try:
        named = match.group(f"year{part}")
        day = date(int(named) if named else (after.year if after else year), int(month), int(match.group(f"day{part}")))
    except ValueError:
        raise InputError(f"{where}: “{match.group(0)}” is no date; correct the text") from None
    said = re.search(r"(?:周|星期)([一二三四五六日天])", match.group(f"said{part}") or "")
    weekday = _WEEKDAYS[day.weekday()]
    if said and said.group(1).replace("天", "日") != weekday:
        raise InputError(f"{where}: {day} is 周{weekday}, and the text says 周{said.group(1)}; check the year and the text")
    return day


def _rows(path: Path) -> Iterable[list[object]]:
    if path.suffix.lower() == ".xlsx":
        try:
            with closing(load_workbook(path, read_only=True, data_only=True)) as book:
                return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
        except Exception as error:  # noqa: BLE001 - openpyxl has no error of its own for a broken workbook
            raise InputError(f"{path}: cannot be read as a workbook ({error}); save it as .xlsx or .csv") from None
    return [list(row) for row in csv.reader(io.StringIO(_text(path)))]


def _from_rows(path: Path, rows: Iterable[list[object]], year: int | None) -> HolidayTable:
    """Rows of day, what it is (放假 or 上班), holiday. A heading row is passed over."""
    off: dict[date, str] = {}
    worked: list[date] = []
    for number, row in enumerate(rows, 1):
        cells = (*row, None, None, None)[:3]
        day = cells[0].date() if isinstance(cells[0], datetime) else cells[0] if isinstance(cells[0], date) else _iso(str(cells[0] or ""))
        kind, name = str(cells[1] or "").strip(), str(cells[2] or "").strip()
        if day is None:
            if number > 1 and any(cells):
                raise InputError(f"{path}: row {number}: expected a date such as 2027-01-01, found {cells[0]!r}")
            continue
        if kind in _OFF_WORDS:
            off[day] = name or "节假日"
        elif kind in _WORKED_WORDS:
            worked.append(day)
        else:
            raise InputError(f"{path}: row {number}: expected 放假 or 上班 in the second column, found {kind!r}")
    years = sorted(day.year for day in off)
    of_year = year or (max(set(years), key=years.count) if years else None)
    if of_year is None:
        raise InputError(f"{path}: no day off in it; expected rows such as 2027-01-01,放假,元旦")
    return _table(str(path), of_year, f"{path.name}", off, worked)


def _table(where: str, year: int, source: str, off: dict[date, str], worked: list[date]) -> HolidayTable:
    try:
        return HolidayTable(year=year, source=source, holidays=dict(sorted(off.items())), worked=tuple(sorted(set(worked))))
    except ValidationError as error:
        said = "; ".join(str(fault["msg"]).removeprefix("Value error, ") for fault in error.errors())
        raise InputError(f"{where}: {said}; a table holds for its whole year ({'、'.join(HOLIDAYS)})") from None


def _iso(text: str) -> date | None:
    found = re.fullmatch(r"\s*(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?\s*", text)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give the notice's text, or a table") from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{path}: neither UTF-8 nor GB18030 text; save the notice as plain text in UTF-8")
