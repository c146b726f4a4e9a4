"""Working days of mainland China, with make-up days (调休).

Sources, in the order in which they are believed: tables that the office imported from the State Council's yearly notices
(data/calendar_tables.py), then chinesecalendar, which carries the same notices. A year that neither holds is provisional: weekdays count
as working days there, and whoever judges near a limit has to say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import chinese_calendar

_DAY = timedelta(days=1)

# Where the holidays of a year fall before its notice is out, and no fewer working days than each took in the notices since 2014.
_MAY_BE_OFF = (
    ((1, 1), (1, 3), 2),
    ((1, 19), (3, 1), 7),
    ((4, 3), (4, 7), 2),
    ((4, 29), (5, 5), 5),
    ((5, 25), (6, 28), 2),
    ((9, 7), (10, 8), 8),
    ((12, 30), (12, 31), 2),
)


class Source(StrEnum):
    """Where a year's working days come from."""

    TABLE = "table"
    CHINESECALENDAR = "chinesecalendar"
    PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True)
class Span:
    """A number of working days, and whether a year without its holiday notice is in it."""

    days: int
    provisional: bool
    doubt: int = field(default=0, compare=False)  # by how many days holidays that are not announced yet could shorten it


@dataclass(frozen=True, slots=True)
class Year:
    """The working days of one year."""

    source: Source
    worked: tuple[bool, ...]  # by day of the year
    until: tuple[int, ...]  # working days before each day of the year, and of the whole year at the end

    @property
    def known(self) -> bool:
        return self.source is not Source.PROVISIONAL


def days_of(year: int) -> Iterable[date]:
    first = date(year, 1, 1)
    return (first + _DAY * index for index in range((date(year, 12, 31) - first).days + 1))


def year_of_table(year: int, off: Iterable[date], worked: Iterable[date]) -> Year:
    """A year whose holidays and make-up days are all known; other days are worked from Monday to Friday."""
    free, made_up = frozenset(off), frozenset(worked)
    return _counted(Source.TABLE, tuple(day in made_up or (day.weekday() < 5 and day not in free) for day in days_of(year)))


def _counted(source: Source, worked: tuple[bool, ...]) -> Year:
    until = [0]
    for is_worked in worked:
        until.append(until[-1] + is_worked)
    return Year(source, worked, tuple(until))


@cache
def _year(year: int, china: bool) -> Year:
    if china:
        try:
            return _counted(Source.CHINESECALENDAR, tuple(bool(chinese_calendar.is_workday(day)) for day in days_of(year)))
        except NotImplementedError:
            pass
    return _counted(Source.PROVISIONAL, tuple(day.weekday() < 5 for day in days_of(year)))


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Working days. `years` are whole years from tables; `table` overrides single days (True: worked, False: off)."""

    table: Mapping[date, bool] = field(default_factory=dict)
    years: Mapping[int, Year] = field(default_factory=dict)
    china: bool = True  # whether chinesecalendar is asked for years without a table

    def year(self, year: int) -> Year:
        """The working days of a year, single days of `table` left out."""
        return self.years.get(year) or _year(year, self.china)

    def known(self, day: date) -> bool:
        """Whether the holiday notice of that day's year is known."""
        return day in self.table or self.year(day.year).known

    def is_workday(self, day: date) -> bool:
        """Whether the day is worked; Monday to Friday where the year's notice is not known."""
        return self.table[day] if day in self.table else self._base(day)

    def workdays_between(self, start: date, end: date) -> Span:
        """Working days after `start` up to and including `end`; the day of the event is day 0. Negative if end precedes start."""
        if end < start:
            back = self.workdays_between(end, start)
            return Span(-back.days, back.provisional, back.doubt)
        days = self._until(end) - self._until(start)
        overridden = [day for day in self.table if start < day <= end]
        days += sum(self.table[day] - self._base(day) for day in overridden)
        provisional = self._provisional(start, end, set(overridden))
        return Span(days, provisional, self._doubt(start, end) if provisional else 0)

    def add_workdays(self, start: date, days: int) -> date:
        """The day that is `days` working days after `start`."""
        day = start
        while days > 0:
            day += _DAY
            days -= self.is_workday(day)
        return day

    def _provisional(self, start: date, end: date, overridden: set[date]) -> bool:
        for year in range(start.year, end.year + 1):
            if self.year(year).known:
                continue
            day, last = max(start + _DAY, date(year, 1, 1)), min(end, date(year, 12, 31))
            while day <= last:
                if day not in overridden:
                    return True
                day += _DAY
        return False

    def _doubt(self, start: date, end: date) -> int:
        """The most working days of a span that holidays could still take, in its years without a notice."""
        doubt = 0
        for year in range(start.year, end.year + 1):
            if self.year(year).known:
                continue
            for first, last, most in _MAY_BE_OFF:
                day, until = max(start + _DAY, date(year, *first)), min(end, date(year, *last))
                worked = 0
                while day <= until and worked < most:
                    worked += self.is_workday(day)
                    day += _DAY
                doubt += worked
        return doubt

    def _base(self, day: date) -> bool:
        return self.year(day.year).worked[day.timetuple().tm_yday - 1]

    def _until(self, day: date) -> int:
        """Working days from a fixed day up to and including a day; only differences mean anything."""
        before = _before_year(day.year, self.china)
        before += sum(year.until[-1] - _year(number, self.china).until[-1] for number, year in self.years.items() if number < day.year)
        return before + self.year(day.year).until[day.timetuple().tm_yday]


@cache
def _before_year(year: int, china: bool) -> int:
    """Working days between 1 January 2000 and 1 January of a year; negative for years before."""
    return sum(_year(passed, china).until[-1] for passed in range(2000, year)) - sum(
        _year(ahead, china).until[-1] for ahead in range(year, 2000)
    )
