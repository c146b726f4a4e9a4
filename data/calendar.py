"""Working days of mainland China, with make-up days (调休).

Source: chinesecalendar, which carries the State Council's yearly notice. A year it does not carry is
provisional: weekdays count as working days there, and whoever judges near a limit has to say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import chinese_calendar

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A number of working days, and whether a year without its holiday notice is in it."""

    days: int
    provisional: bool


@dataclass(frozen=True, slots=True)
class _Year:
    known: bool
    worked: tuple[bool, ...]  # by day of the year
    until: tuple[int, ...]  # working days before each day of the year, and of the whole year at the end


@cache
def _year(year: int) -> _Year:
    first, days = date(year, 1, 1), (date(year, 12, 31) - date(year, 1, 1)).days + 1
    try:
        worked = tuple(bool(chinese_calendar.is_workday(first + _DAY * index)) for index in range(days))
        known = True
    except NotImplementedError:
        worked = tuple((first + _DAY * index).weekday() < 5 for index in range(days))
        known = False
    until = [0]
    for is_worked in worked:
        until.append(until[-1] + is_worked)
    return _Year(known, worked, tuple(until))


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Working days; `table` overrides single days (True: worked, False: off)."""

    table: Mapping[date, bool] = field(default_factory=dict)

    def known(self, day: date) -> bool:
        """Whether the holiday notice of that day's year is known."""
        return day in self.table or _year(day.year).known

    def is_workday(self, day: date) -> bool:
        """Whether the day is worked; Monday to Friday where the year's notice is not known."""
        return self.table[day] if day in self.table else _base(day)

    def workdays_between(self, start: date, end: date) -> Span:
        """Working days after `start` up to and including `end`; the day of the event is day 0. Negative if end precedes start."""
        if end < start:
            back = self.workdays_between(end, start)
            return Span(-back.days, back.provisional)
        days = _until(end) - _until(start)
        overridden = [day for day in self.table if start < day <= end]
        days += sum(self.table[day] - _base(day) for day in overridden)
        return Span(days, self._provisional(start, end, set(overridden)))

    def add_workdays(self, start: date, days: int) -> date:
        """The day that is `days` working days after `start`."""
        day = start
        while days > 0:
            day += _DAY
            days -= self.is_workday(day)
        return day

    def _provisional(self, start: date, end: date, overridden: set[date]) -> bool:
        for year in range(start.year, end.year + 1):
            if _year(year).known:
                continue
            day, last = max(start + _DAY, date(year, 1, 1)), min(end, date(year, 12, 31))
            while day <= last:
                if day not in overridden:
                    return True
                day += _DAY
        return False


def _base(day: date) -> bool:
    return _year(day.year).worked[day.timetuple().tm_yday - 1]


def _until(day: date) -> int:
    """Working days from the turn of the era of known years up to and including a day; only differences mean anything."""
    return _before_year(day.year) + _year(day.year).until[day.timetuple().tm_yday]


@cache
def _before_year(year: int) -> int:
    """Working days between 1 January 2000 and 1 January of a year; negative for years before."""
    return sum(_year(passed).until[-1] for passed in range(2000, year)) - sum(_year(ahead).until[-1] for ahead in range(year, 2000))
