"""Clocks: civil days in Asia/Shanghai, working days, calendar months, and the span in which an event must have happened."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from data.calendar import Span
from data.days import civil, zh_day
from data.records import SHANGHAI, Precision


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(0, 0), SHANGHAI)


def end_of(day: date) -> datetime:
    """The last second of a day: the latest moment that still keeps a term ending on it."""
    return datetime.combine(day, time(23, 59, 59), SHANGHAI)


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last of that month where it is shorter (31 August + 6 = 28 February)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def near_unknown(span: Span, limit: float, margin: int) -> bool:
    """Whether a count of working days lies so near its limit that the missing holiday notice could turn it.

    Over a holiday that is still to be announced more than the margin can turn: a Spring Festival has taken seven working days.
    """
    if not span.provisional:
        return False
    return -margin <= span.days - limit <= max(margin, span.doubt)


@dataclass(frozen=True, slots=True)
class Window:
    """The span in which an event happened; both ends are the same instant where it is known exactly."""

    earliest: datetime
    latest: datetime


def window(at: datetime, precision: Precision | None) -> Window:
    """A shown time as a window: a whole day where only the day is shown."""
    if precision is Precision.DAY or precision is None:
        return Window(start_of(civil(at)), start_of(civil(at) + timedelta(days=1)))
    return Window(at, at)


def hours_between(start: datetime, end: datetime) -> float:
    return (end - start) / timedelta(hours=1)


def zh_moment(at: datetime, precision: Precision | None) -> str:
    """2026年11月13日, with 16:36 where the minute is known."""
    if precision is Precision.DAY or precision is None:
        return zh_day(at)
    return f"{zh_day(at)}{at.astimezone(SHANGHAI):%H:%M}"


def zh_figure(value: float) -> str:
    """A figure as printed: to a hundredth, without needless zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
