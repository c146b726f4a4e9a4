"""The next-run table: which task runs when, the run in flight, and what did not go as scheduled. The only SQL of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select, update

from data.database import Database
from data.ledger import parts
from data.models import ScheduledRow, ScheduleEventRow


class What(StrEnum):
    """What did not go as scheduled."""

    MISSED = "missed"  # nobody ran it when it was due
    INTERRUPTED = "interrupted"  # the process was killed; the run is run again
    FAILED = "failed"  # it ended with a fault of ours


@dataclass(frozen=True, slots=True)
class Task:
    """A task and where it stands."""

    id: str
    kind: str
    site: str | None
    next_at: datetime
    running_since: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True)
class ScheduleEvent:
    """Something that did not go as scheduled."""

    kind: str
    what: What
    at: datetime
    due_at: datetime
    runs: int = 1
    note: str = ""


class Schedule:
    """The schedule of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tasks(self) -> tuple[Task, ...]:
        """Every task, by id."""
        with self._database.session() as session:
            return tuple(_task(row) for row in session.scalars(select(ScheduledRow).order_by(ScheduledRow.id)))

    def sync(self, wanted: Sequence[Task]) -> None:
        """Make the table hold these tasks: new ones come in, gone ones go, those that are there keep their time."""
        ids = {task.id for task in wanted}
        with self._database.session() as session:
            there = set(session.scalars(select(ScheduledRow.id)))
            for part in parts(sorted(there - ids)):
                session.execute(delete(ScheduledRow).where(ScheduledRow.id.in_(part)))
            for task in wanted:
                if task.id not in there:
                    session.add(ScheduledRow(id=task.id, kind=task.kind, site=task.site, next_at=task.next_at))

    def set_next(self, times: Mapping[str, datetime]) -> None:
        """Change when tasks run next."""
        with self._database.session() as session:
            for task_id, moment in times.items():
                session.execute(update(ScheduledRow).where(ScheduledRow.id == task_id).values(next_at=moment))

    def claim(self, task_ids: Collection[str], now: datetime) -> tuple[str, ...]:
        """Take tasks that are due, so that nobody else runs them; gives those that were free.

        `next_at` stays where it is until the run ends: a run that is cut off is still due.
        """
        taken = []
        with self._database.session() as session:
            for task_id in task_ids:
                free = (ScheduledRow.id == task_id) & ScheduledRow.running_since.is_(None) & (ScheduledRow.next_at <= now)
                row = session.scalars(select(ScheduledRow).where(free).with_for_update(skip_locked=True)).one_or_none()
                if row is not None:
                    row.running_since = row.started_at = now
                    row.finished_at = row.status = None
                    taken.append(task_id)
        return tuple(taken)

    def finish(self, ended: Mapping[str, datetime], now: datetime, status: int) -> None:
        """Record the end of runs: task id -> when it runs next."""
        with self._database.session() as session:
            for task_id, next_at in ended.items():
                values = {"running_since": None, "finished_at": now, "status": status, "next_at": next_at}
                session.execute(update(ScheduledRow).where(ScheduledRow.id == task_id).values(values))

    def release(self, task_ids: Collection[str]) -> None:
        """Give runs back that were stopped: they stay due."""
        with self._database.session() as session:
            for part in parts(sorted(task_ids)):
                session.execute(update(ScheduledRow).where(ScheduledRow.id.in_(part)).values(running_since=None))

    def record(self, events: Sequence[ScheduleEvent]) -> None:
        """Keep what did not go as scheduled."""
        with self._database.session() as session:
            for event in events:
                session.add(
                    ScheduleEventRow(
                        kind=event.kind, what=event.what.value, at=event.at, due_at=event.due_at, runs=event.runs, note=event.note
                    )
                )

    def events(self, since: datetime) -> tuple[ScheduleEvent, ...]:
        """What did not go as scheduled since then, oldest first."""
        query = select(ScheduleEventRow).where(ScheduleEventRow.at >= since).order_by(ScheduleEventRow.id)
        with self._database.session() as session:
            return tuple(ScheduleEvent(row.kind, What(row.what), row.at, row.due_at, row.runs, row.note) for row in session.scalars(query))


def _task(row: ScheduledRow) -> Task:
    return Task(row.id, row.kind, row.site, row.next_at, row.running_since, row.started_at, row.finished_at, row.status)
