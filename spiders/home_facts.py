"""What a home page says, as it is kept."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable
from datetime import date

from scrapy.http import Response

from crawler.manners import Manners
from data.records import Home, PageReading
from data.store import Fetch


def home_of(url: str, fetch: Fetch, reading: PageReading, reason: str | None, marks: tuple[str, ...]) -> Home:
    """The home page of a visit; `reason`: why it is none to judge."""
    surface = reading.surface
    assert surface is not None  # the home page is read as a whole
    return Home(
        url, fetch.at, fetch.sha256, reason is None, reason, reading.links, sum(link.source == "none" for link in reading.links), marks,
        metas=surface.metas, footer=surface.footer, resources=surface.resources, outlinks=surface.outlinks, dated=surface.dated,
        newest_on=newest(surface.days, surface.month_days, fetch.at.date()),
    )  # fmt: skip


def visit_marks(response: Response | None, scheme: str | None, manners: Manners) -> tuple[str, ...]:
    """What the visit itself showed: where the host lies, what its certificate is worth, which scheme had to serve."""
    if response is None:
        return ()
    found = {
        "address": response.meta.get("address"),
        "certificate": response.meta.get("certificate"),
        "scheme-fallback": scheme,
        "tls-lowered": manners.old_tls(response.url),
    }
    return tuple(f"{name}:{value}" for name, value in found.items() if value)


def newest(days: Iterable[date], month_days: Iterable[tuple[int, int]], today: date) -> date | None:
    """The newest day that rows show, future ones left out; None where a row without a year may be newer."""
    known = max((day for day in days if day <= today), default=None)
    possible = max((_last(month, day, today) for month, day in month_days), default=None)
    return None if possible is not None and (known is None or possible > known) else known


def _last(month: int, day: int, today: date) -> date:
    """The last time that a day of a month was."""
    for year in range(today.year, today.year - 5, -1):
        if (month, day) == (2, 29) and not isleap(year):
            continue
        if day <= _DAYS[month - 1] and (found := date(year, month, day)) <= today:
            return found
    return date.min


_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
