"""When each task of the schedule runs: pure, from the registry and a moment. All times of day are those of Asia/Shanghai."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum

from data.days import civil
from data.records import SHANGHAI
from data.registry import Registry, Site
from data.registry_schedule import Weekday, clock_time, span
from data.schedule import Task

_DAY = timedelta(days=1)


class Kind(StrEnum):
    """The tasks, in the order in which those that are due at once are begun."""

    PROBE = "probe"
    CRAWL = "crawl"
    CHECK = "check"
    ALERT = "alert"
    SCORECARD = "scorecard"


def tasks(registry: Registry, now: datetime) -> tuple[Task, ...]:
    """Every task that a registry asks for, each with its first run from now on; a check has none of its own: it follows the crawls."""
    wanted = [
        Task(f"{Kind.CRAWL}:{site.id}", Kind.CRAWL, site.id, first_run(registry, Kind.CRAWL, site.id, now)) for site in registry.sites
    ]
    for kind in (Kind.PROBE, Kind.CHECK, Kind.ALERT, Kind.SCORECARD):
        if kind is not Kind.PROBE or registry.schedule.probes_per_day:
            wanted.append(Task(kind.value, kind, None, first_run(registry, kind, None, now)))
    return tuple(wanted)


def first_run(registry: Registry, kind: Kind, site: str | None, now: datetime) -> datetime:
    """When a task that was never run is due first."""
    return now if kind in (Kind.PROBE, Kind.ALERT) else next_run(registry, kind, site, now)


def next_run(registry: Registry, kind: Kind, site: str | None, after: datetime) -> datetime:
    """When a task runs next, strictly after a moment."""
    options = registry.schedule
    match kind:
        case Kind.CRAWL:
            assert site is not None
            return _crawl(registry, registry.site(site), after)
        case Kind.CHECK:
            # It follows the crawls; where none ends in a day, what is stored is judged all the same: deadlines pass.
            return _daily(clock_time(options.crawl_at), after) + timedelta(hours=12)
        case Kind.PROBE:
            return _every(timedelta(days=1) / max(options.probes_per_day, 1), after)
        case Kind.ALERT:
            return _every(timedelta(minutes=options.alert_every_minutes), after)
        case Kind.SCORECARD:
            moment = _daily(clock_time(options.scorecard_at), after)
            while list(Weekday)[moment.weekday()] is not options.scorecard_on:
                moment += _DAY
            return moment


def missed(registry: Registry, task: Task, now: datetime) -> int:
    """How many runs of a task did not happen by now: none where the one that is due is not late."""
    kind = Kind(task.kind)
    if kind is Kind.CHECK or now - task.next_at < timedelta(minutes=registry.schedule.late_minutes):
        return 0
    if kind in (Kind.PROBE, Kind.ALERT):
        return int((now - task.next_at) / _step(registry, kind))
    return 1 + int((now - task.next_at) / (_DAY if kind is Kind.CRAWL else 7 * _DAY))


def window_of(registry: Registry, site_id: str) -> str:
    """The hours in which a site may be crawled."""
    return registry.site(site_id).crawl.window or registry.schedule.crawl_window


def opens_at(window: str, now: datetime) -> datetime:
    """When a window is open next: now, or when it begins."""
    return now if is_open(window, now) else _daily(span(window)[0], now)


def is_open(window: str, now: datetime) -> bool:
    """Whether a moment lies in a window; its end does not."""
    begin, end = span(window)
    clock = now.astimezone(SHANGHAI).time()
    if begin == end:
        return True
    return begin <= clock < end if begin < end else clock >= begin or clock < end


def _crawl(registry: Registry, site: Site, after: datetime) -> datetime:
    window = window_of(registry, site.id)
    moment = _daily(clock_time(registry.schedule.crawl_at), after)
    return moment if is_open(window, moment) else _daily(span(window)[0], after)


def _daily(clock: time, after: datetime) -> datetime:
    """The next moment after another one at a time of day."""
    local = after.astimezone(SHANGHAI)
    moment = datetime.combine(local.date(), clock, SHANGHAI)
    return moment if moment > after else moment + _DAY


def _step(registry: Registry, kind: Kind) -> timedelta:
    options = registry.schedule
    return _DAY / max(options.probes_per_day, 1) if kind is Kind.PROBE else timedelta(minutes=options.alert_every_minutes)


def _every(step: timedelta, after: datetime) -> datetime:
    """The next multiple of a step since midnight, so that runs are spaced however long one takes."""
    midnight = datetime.combine(civil(after), time(), SHANGHAI)
    moment = midnight + step * (int((after - midnight) / step) + 1)
    return min(moment, midnight + _DAY)
