"""Tables of working days that the office imports, one file a year (`calendar-YYYY.yml`), and the calendar that they make.

A table is believed whole or not at all: one that lacks a holiday of the year is refused, for the days it leaves out would count as worked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from data.calendar import WorkCalendar, Year, year_of_table
from data.errors import InputError
from data.registry_rules import HolidayOptions

# Between which days (month, day) each holiday of the Regulation on holidays (《全国年节及纪念日放假办法》) can fall, and its least days.
HOLIDAYS = {
    "元旦": ((1, 1), (1, 1), 1),
    "春节": ((1, 20), (2, 28), 3),
    "清明节": ((4, 4), (4, 6), 1),
    "劳动节": ((5, 1), (5, 1), 1),
    "端午节": ((5, 25), (6, 26), 1),
    "中秋节": ((9, 7), (10, 8), 1),
    "国庆节": ((10, 1), (10, 3), 3),
}


class HolidayTable(BaseModel):
    """The holidays and make-up days of one year, whole. `holidays` may hold weekend days and days of the years beside it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    year: int = Field(ge=1990, le=2200)
    source: str  # the notice, as its head names it
    holidays: Mapping[date, str]  # day off -> its holiday
    worked: tuple[date, ...] = ()  # weekend days that are worked

    @model_validator(mode="after")
    def _whole(self) -> Self:
        faults = [f"{day} is a {day:%A}: only Saturdays and Sundays are make-up days" for day in self.worked if day.weekday() < 5]
        faults += [f"{day} is both off and worked" for day in self.worked if day in self.holidays]
        faults += [f"{day} lies outside {self.year}" for day in (*self.holidays, *self.worked) if abs(day.year - self.year) > 1]
        faults += [f"{name} is missing" for name in self.missing()]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def missing(self) -> tuple[str, ...]:
        """The holidays of the year that no day off answers to."""
        lacking = []
        for name, (first, last, least) in HOLIDAYS.items():
            span = [day for day in self.holidays if date(self.year, *first) <= day <= date(self.year, *last)]
            if len(span) < least:
                lacking.append(name)
        return tuple(lacking)


def read_table(path: Path) -> HolidayTable:
    """A table as `gongkai calendar import` wrote it. Raises InputError naming file and fault."""
    try:
        return HolidayTable.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise InputError(
            f"{path}: no such file; `gongkai calendar import` writes tables, holidays.tables of the registry names them"
        ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"{path}: cannot be read as YAML ({' '.join(str(error).split())}); import it again") from None
    except ValidationError as error:
        said = "; ".join(str(fault["msg"]).removeprefix("Value error, ") for fault in error.errors())
        raise InputError(f"{path}: no whole table of a year: {said}; import it again with gongkai calendar import") from None


def write_table(table: HolidayTable, path: Path) -> None:
    """Write a table so that a person can read and correct it."""
    lines = ["# Written by `gongkai calendar import`. Days that are not named are worked from Monday to Friday."]
    lines += [f"year: {table.year}", f"source: {yaml.safe_dump(table.source, allow_unicode=True, width=1000).splitlines()[0]}", "holidays:"]
    lines += [f"  {day.isoformat()}: {name}" for day, name in sorted(table.holidays.items())]
    lines += ["worked:" if table.worked else "worked: []", *(f"  - {day.isoformat()}" for day in sorted(table.worked))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def work_calendar(options: HolidayOptions) -> WorkCalendar:
    """The calendar that a registry's `holidays` name. Raises InputError where a table cannot be read."""
    return _calendar(options.china, tuple((path, _stamp(path)) for path in options.tables))


@lru_cache(maxsize=16)
def _calendar(china: bool, tables: tuple[tuple[Path, float], ...]) -> WorkCalendar:
    years: dict[int, Year] = {}
    beside: dict[date, bool] = {}
    for path, _ in tables:
        table = read_table(path)
        years[table.year] = year_of_table(table.year, table.holidays, table.worked)
        # A holiday at the turn of the year reaches into the other one (30 December to 1 January).
        beside |= {day: False for day in table.holidays if day.year != table.year}
        beside |= {day: True for day in table.worked if day.year != table.year}
    return WorkCalendar({day: worked for day, worked in beside.items() if day.year not in years}, years, china)


def _stamp(path: Path) -> float:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
