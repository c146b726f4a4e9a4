"""The day's requests to one site: how many are left, over every crawl, recheck and probe of the day and whoever runs them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from scrapy.exceptions import IgnoreRequest

from data.database import Database
from data.days import civil
from data.fetches import give_back, take

_MOST_AT_ONCE = 100
_PART = 500  # of the day's requests taken at once; a killed process takes what it has not asked to its grave


class BudgetSpentError(IgnoreRequest):
    """The day's requests to this site are used up."""

    reason_key = "daily-budget"


class DayBudget:
    """Takes requests from the day's count a few at a time, before they are made: so no kill and no second process exceeds it."""

    def __init__(self, database: Database, site: str, most: int, clock: Callable[[], datetime]) -> None:
        self._database, self._site, self._most, self._clock = database, site, most, clock
        self._day: date | None = None
        self._held = 0  # taken and not made yet

    def check(self) -> None:
        """Raises BudgetSpentError where the day has no request left."""
        today = civil(self._clock())
        if today != self._day:
            self.close()
            self._day = today
        if not self._held:
            self._held = take(self._database, self._site, today, min(_MOST_AT_ONCE, 1 + self._most // _PART), self._most)
        if not self._held:
            raise BudgetSpentError(f"site {self._site}: {self._most} requests today")

    def spend(self) -> None:
        """Count one request. Raises BudgetSpentError."""
        self.check()
        self._held -= 1

    def close(self) -> None:
        """Give back what was not asked."""
        if self._day is not None and self._held:
            give_back(self._database, self._site, self._day, self._held)
        self._held = 0
