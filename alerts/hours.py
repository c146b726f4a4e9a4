"""When people may be told: working hours of working days for a digest, longer ones for what cannot wait. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from data.calendar import WorkCalendar
from data.records import SHANGHAI
from data.registry_notices import NoticeOptions, opens_at, within


def digest_allowed(options: NoticeOptions, calendar: WorkCalendar, now: datetime) -> bool:
    """Whether a digest may go out now."""
    local = now.astimezone(SHANGHAI)
    return within(options.hours, local.time()) and (not options.workdays_only or calendar.is_workday(local.date()))


def urgent_allowed(options: NoticeOptions, calendar: WorkCalendar, now: datetime) -> bool:
    """Whether what cannot wait may go out now: any day, but not at night."""
    return within(options.urgent_hours, now.astimezone(SHANGHAI).time()) or digest_allowed(options, calendar, now)


def next_digest(options: NoticeOptions, calendar: WorkCalendar, now: datetime) -> datetime:
    """When a digest may go out next: now, or the next opening of working hours."""
    if digest_allowed(options, calendar, now):
        return now
    local, opening = now.astimezone(SHANGHAI), opens_at(options.hours)
    day = local.date() if local.time() < opening else local.date() + timedelta(days=1)
    while options.workdays_only and not calendar.is_workday(day):
        day += timedelta(days=1)
    return datetime.combine(day, opening, SHANGHAI)
