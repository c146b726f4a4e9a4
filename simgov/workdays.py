"""Working days of mainland China for the truth store, taken from chinese_calendar directly.

The product has a calendar of its own; this one is kept apart so that a fault there cannot hide here.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: date, clock: str = "09:30") -> datetime:
    """The instant of a clock time HH:MM on a day in Shanghai."""
    hour, minute = clock.split(":")
    return datetime.combine(day, time(int(hour), int(minute)), SHANGHAI)


@cache
def is_workday(day: date) -> bool:
    """Whether the day is worked; Monday to Friday where the year's notice is not published yet."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def workday_on_or_before(day: date) -> date:
    while not is_workday(day):
        day -= timedelta(days=1)
    return day


def add_workdays(day: date, days: int) -> date:
    """The day `days` working days after `day` (before it, where negative); the day itself is day 0."""
    step = timedelta(days=1 if days >= 0 else -1)
    left = abs(days)
    while left:
        day += step
        left -= is_workday(day)
    return day


def workdays_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; end must not precede start."""
    return sum(is_workday(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def last_long_holiday(before: date) -> tuple[date, date]:
    """First and last day of the latest run of at least five days off that ended before a day."""
    day = before - timedelta(days=1)
    while True:
        while is_workday(day):
            day -= timedelta(days=1)
        last = day
        while not is_workday(day):
            day -= timedelta(days=1)
        if (last - day).days >= 5:
            return day + timedelta(days=1), last
