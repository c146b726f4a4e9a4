"""The dispatcher of the schedule: claims what is due, runs each task as a process of its own, records how it ended.

Nothing it knows is only in memory: a run stands in the database as running until its end is recorded, so a dispatcher that
was killed finds its runs again and has them run anew. A task that is late is run once, however often it was missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from data.database import Database
from data.reading import last_crawls
from data.registry import Registry
from data.schedule import Schedule, ScheduleEvent, Task, What
from data.timetable import Kind, is_open, missed, next_run, opens_at, tasks, window_of

_ENDED_WELL = (0, 1, 3)  # 1: violations exist; 3: in part, which the crawls themselves are told of
_STOPPED = 130
_BREATH = timedelta(minutes=1)  # what a killed dispatcher left running stops by itself; it is given time to


class Process(Protocol):
    """A task that runs."""

    def status(self) -> int | None:
        """Its exit status; None while it runs."""

    def stop(self) -> None:
        """Ask it to stop cleanly."""


Launch = Callable[[Sequence[str]], Process]


@dataclass(slots=True)
class Run:
    """Tasks that one process runs together."""

    kind: Kind
    tasks: tuple[Task, ...]
    process: Process
    since: datetime
    window: str | None = None
    stopping: bool = False


class Dispatcher:
    """One machine's dispatcher. `tick` does what is to be done now and never waits."""

    def __init__(self, database: Database, registry: Registry, launch: Launch, say: Callable[[str], None]) -> None:
        self._database, self._registry, self._launch, self._say = database, registry, launch, say
        self._schedule = Schedule(database)
        self.running: list[Run] = []
        self.failures = 0

    def begin(self, now: datetime) -> None:
        """Make the table that of the registry, and take up what a killed dispatcher left running."""
        self.adopt(self._registry, now)
        left = [task for task in self._schedule.tasks() if task.running_since is not None]
        if not left:
            return
        events: list[ScheduleEvent] = []
        finished = self._crawled(left)
        for task in left:
            kind, since = Kind(task.kind), task.running_since or now
            following = next_run(self._registry, kind, task.site, since)
            if task.site in finished:
                self._schedule.finish({task.id: following}, finished[task.site], 0)
                continue
            events.append(ScheduleEvent(task.kind, What.INTERRUPTED, now, since))
            overdue = missed(self._registry, replace(task, next_at=following), now)
            if overdue and kind is not Kind.ALERT:
                events.append(ScheduleEvent(task.kind, What.MISSED, now, following, overdue))
            self._schedule.release([task.id])
            self._schedule.set_next({task.id: now + _BREATH if kind is Kind.CRAWL else now})
        self._schedule.record(_together(events))
        for event in _together(events):
            self._say(f"{event.kind}: {event.what}, due {event.due_at:%Y-%m-%d %H:%M}; it is run again")

    def adopt(self, registry: Registry, now: datetime) -> None:
        """Go by this registry from now on."""
        self._registry = registry
        self._schedule.sync(tasks(registry, now))

    def tick(self, now: datetime) -> None:
        """Record what has ended, stop crawls whose window has closed, start what is due."""
        self.reap(now)
        for run in self.running:
            if run.window is not None and not run.stopping and not is_open(run.window, now):
                self._say(f"crawl: the window {run.window} has closed; it goes on when it opens")
                run.stopping = True
                run.process.stop()
        due = [task for task in self._schedule.tasks() if task.running_since is None and task.next_at <= now]
        for kind in Kind:
            mine = [task for task in due if task.kind == kind]
            for window, together in self._groups(kind, mine):
                self._start(kind, together, window, now)

    def reap(self, now: datetime) -> None:
        """Record what has ended."""
        for run in [run for run in self.running if run.process.status() is not None]:
            self.running.remove(run)
            self._end(run, run.process.status() or 0, now)

    def next_at(self) -> datetime | None:
        """When the next task that does not run is due."""
        return min((task.next_at for task in self._schedule.tasks() if task.running_since is None), default=None)

    def stop(self) -> None:
        """Ask what runs to stop; `reap` records the ends. Messages on their way are let out: nobody could know of one that is cut off."""
        for run in self.running:
            if run.kind is not Kind.ALERT:
                run.stopping = True
                run.process.stop()

    def _groups(self, kind: Kind, due: Sequence[Task]) -> Iterable[tuple[str | None, list[Task]]]:
        if kind is not Kind.CRAWL:
            return [(None, list(due))] if due else []
        windows: dict[str | None, list[Task]] = {}
        for task in due:
            windows.setdefault(window_of(self._registry, task.site or ""), []).append(task)
        busy = {run.window for run in self.running if run.kind is Kind.CRAWL}
        return [(window, together) for window, together in windows.items() if window not in busy]

    def _start(self, kind: Kind, due: Sequence[Task], window: str | None, now: datetime) -> None:
        late = [(task, runs) for task in due if (runs := missed(self._registry, task, now))]
        if late and kind is not Kind.ALERT:
            first, runs = min(task.next_at for task, _ in late), max(runs for _, runs in late)
            self._schedule.record([ScheduleEvent(kind, What.MISSED, now, first, runs)])
            self._say(f"{kind}: missed {runs} times since {first:%Y-%m-%d %H:%M}; caught up once")
        if window is not None and not is_open(window, now):
            self._schedule.set_next({task.id: opens_at(window, now) for task in due})
            return
        claimed = set(self._schedule.claim([task.id for task in due], now))
        taken = tuple(task for task in due if task.id in claimed)
        if taken:
            self._say(f"{kind}: begun" + (f", {len(taken)} sites" if kind is Kind.CRAWL else ""))
            self.running.append(Run(kind, taken, self._launch(self._arguments(kind, taken)), now, window))

    def _arguments(self, kind: Kind, due: Sequence[Task]) -> list[str]:
        match kind:
            case Kind.CRAWL:
                return ["crawl", *(word for task in due for word in ("--site", task.site or ""))]
            case Kind.SCORECARD:
                return ["scorecard", "--closed", *(["--send"] if self._registry.schedule.scorecard_send else [])]
            case Kind.PROBE | Kind.CHECK | Kind.ALERT:
                return [kind.value]

    def _end(self, run: Run, status: int, now: datetime) -> None:
        self._say(f"{run.kind}: ended with {status}")
        cut_off = status == _STOPPED or (run.stopping and status < 0)
        finished = self._crawled([replace(task, running_since=run.since) for task in run.tasks]) if cut_off else {}
        sites = {site.id for site in self._registry.sites}
        still = [task for task in run.tasks if task.site is None or task.site in sites]  # the registry may have lost some meanwhile
        again = [task for task in still if cut_off and task.site not in finished]
        done = [task for task in still if task not in again]
        self._schedule.finish({task.id: next_run(self._registry, run.kind, task.site, now) for task in done}, now, 0 if cut_off else status)
        self._schedule.release([task.id for task in again])
        self._schedule.set_next({task.id: self._resume_at(task, now) for task in again})
        if not cut_off and status not in _ENDED_WELL:
            self.failures += 1
            self._schedule.record([ScheduleEvent(run.kind, What.FAILED, now, run.since, 1, str(status))])
        if run.kind is Kind.CRAWL:
            self._bring_forward(Kind.CHECK, now)
        if run.kind is Kind.CHECK and not cut_off:
            self._bring_forward(Kind.ALERT, now)

    def _resume_at(self, task: Task, now: datetime) -> datetime:
        """A run that was cut off goes on at once, a crawl when its window is open: a day later it would begin anew."""
        return now if task.site is None else opens_at(window_of(self._registry, task.site), now)

    def _bring_forward(self, kind: Kind, now: datetime) -> None:
        waiting = [task for task in self._schedule.tasks() if task.kind == kind and task.next_at > now]
        self._schedule.set_next({task.id: now for task in waiting})

    def _crawled(self, left: Sequence[Task]) -> dict[str | None, datetime]:
        """The sites among crawls in flight whose own crawl ended, with when: those are not run again."""
        since = {task.site: task.running_since for task in left if task.site is not None and task.running_since is not None}
        ended: dict[str | None, datetime] = {}
        for site, crawl in last_crawls(self._database, [site for site in since if site is not None]).items():
            begun = since[site]
            if begun is not None and crawl.finished_at is not None and crawl.finished_at >= begun:
                ended[site] = crawl.finished_at
        return ended


def _together(events: Sequence[ScheduleEvent]) -> list[ScheduleEvent]:
    """One event a kind and mishap, however many sites it struck."""
    found: dict[tuple[str, What], ScheduleEvent] = {}
    for event in events:
        held = found.get((event.kind, event.what), event)
        found[(event.kind, event.what)] = replace(held, due_at=min(held.due_at, event.due_at), runs=max(held.runs, event.runs))
    return list(found.values())
