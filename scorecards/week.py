"""The ISO week (Monday to Sunday, Asia/Shanghai) that a scorecard is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from data.errors import InputError
from data.records import SHANGHAI

_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """One ISO week; `str()` gives 2026-W47. Year and number are ISO's: 2027-01-01 lies in 2026-W53."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 2026-W47. Raises InputError, also for a week that its year does not have."""
        match = _WEEK.fullmatch(text.strip())
        if match is None:
            raise InputError(f"--week: {text!r} is no ISO week; write year and week number, such as 2026-W47")
        year, number = int(match[1]), int(match[2])
        try:
            date.fromisocalendar(year, number, 1)
        except ValueError:
            raise InputError(f"--week: {text!r}: the year {year} has no week {number}; ISO years have 52 or 53 weeks") from None
        return cls(year, number)

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """The week that an aware instant lies in."""
        year, number, _ = moment.astimezone(SHANGHAI).isocalendar()
        return cls(year, number)

    @property
    def first_day(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return self.first_day + timedelta(days=6)

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.first_day, time(), SHANGHAI)

    @property
    def ends_at(self) -> datetime:
        """The first instant that is no longer in the week."""
        return self.starts_at + timedelta(days=7)

    def shifted(self, weeks: int) -> Self:
        """The week so many weeks later (earlier where negative)."""
        year, number, _ = (self.first_day + timedelta(weeks=weeks)).isocalendar()
        return type(self)(year, number)


def run_of_weeks(first: str, last: str, most: int) -> tuple[str, ...]:
    """Every week from one to another, also those without figures; the newest `most` of them."""
    weeks = [Week.parse(last)]
    while len(weeks) < most and weeks[-1] > Week.parse(first):
        weeks.append(weeks[-1].shifted(-1))
    return tuple(str(week) for week in reversed(weeks))


def closed(week: Week, now: datetime) -> bool:
    """Whether the week is over."""
    return now >= week.ends_at


def last_closed(now: datetime) -> Week:
    """The newest week that is over."""
    return Week.of(now).shifted(-1)
