"""Who has a finding in hand, and by what day: what an office enters beside what is observed. The only SQL of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.database import Database
from data.findings import times_found
from data.models import FindingEventRow, FindingTaskRow
from data.records import Finding

_NUMBER = slice(1, None)


@dataclass(frozen=True, slots=True)
class Task:
    """The person who has a finding in hand, and the office's own date; None where none is entered."""

    finding: str
    owner: str | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Assignment:
    """A task as it is to be, and who enters it."""

    task: Task
    who: str
    at: datetime
    why: str


def load_tasks(database: Database) -> Mapping[str, Task]:
    """Every task by its finding's number."""
    with database.session() as session:
        rows = session.execute(select(FindingTaskRow.finding_id, FindingTaskRow.owner, FindingTaskRow.due_on)).all()
    return {(name := f"F{finding:06d}"): Task(name, owner, due_on) for finding, owner, due_on in rows}


def assign(session: Session, assignments: Sequence[Assignment]) -> None:
    """Store tasks in a transaction of the ledger's, each with a line in its finding's log."""
    for given in assignments:
        number = int(given.task.finding[_NUMBER])
        row = session.get(FindingTaskRow, number) or FindingTaskRow(finding_id=number)
        row.owner, row.due_on = given.task.owner, given.task.due_on
        session.add(row)
        session.add(FindingEventRow(finding_id=number, at=given.at, who=given.who, what="assigned", why=given.why))


def mark(finding: Finding, task: Task | None) -> str:
    """What a finding and its task are at the moment, in ten characters. Telling and confirming change nothing of it."""
    stays = (
        (stay.kind, stay.by, stay.basis, stay.since.timestamp(), stay.until, stay.coefficient, *stay.period, stay.end)
        for stay in finding.stays
    )
    resolved = finding.resolved_at.timestamp() if finding.resolved_at is not None else None
    whose = (None, None) if task is None else (task.owner, task.due_on)
    parts = (
        finding.id,
        finding.state,
        times_found(finding),
        finding.rectify_by,
        resolved,
        *(part for stay in stays for part in stay),
        *whose,
    )
    text = "\x1f".join(str(part) for part in parts)
    return hashlib.blake2b(text.encode(), digest_size=5).hexdigest()
