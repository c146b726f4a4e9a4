"""The clock of a crawl: the run's own moment where one was given, else the real time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from data.records import SHANGHAI

Clock = Callable[[], datetime]


def clock_of(now: datetime | None) -> Clock:
    """A clock that stands at `now`, or runs where it is None."""
    return (lambda: now) if now is not None else (lambda: datetime.now(SHANGHAI))
