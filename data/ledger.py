"""Findings and their events: the only SQL of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select, text, update
from sqlalchemy.orm import Session

from data.database import Database
from data.errors import FindingStateError
from data.findings import PROGRAM, Act, Change, FindingKey, LedgerChange
from data.models import FindingEventRow, FindingRow, FindingStayRow
from data.records import Finding, FindingEvent, FindingState, Stay, StayEnd, StayKind, Verdict
from data.tasks import Assignment, assign
from data.wire import from_wire, to_wire

_LOCK = 7238115  # PostgreSQL advisory lock
_CLOSING = (Change.RESOLVED, Change.OUT_OF_FORCE)
_CHUNK = 400  # bound parameters of one statement stay under SQLite's limit

_COLUMNS = (
    FindingRow.id,
    FindingRow.opened,
    FindingRow.state,
    FindingRow.first_found,
    FindingRow.last_confirmed,
    FindingRow.resolved_at,
    FindingRow.rectify_by,
)


class Ledger:
    """The findings of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def held(self, sites: Sequence[str]) -> dict[FindingKey, Finding]:
        """Every finding of these sites, whatever its state."""
        with self._database.session() as session:
            queries = [select(*_COLUMNS).where(FindingRow.site.in_(part)).order_by(FindingRow.id) for part in parts(sites)]
            return {FindingKey.of(finding.verdict): finding for query in queries for finding in _read(session, query)}

    def findings(self, status: Sequence[FindingState] = (), site: Sequence[str] = (), ids: Sequence[str] = ()) -> tuple[Finding, ...]:
        """Findings by number; an empty filter leaves nothing out."""
        query = select(*_COLUMNS).order_by(FindingRow.id)
        if status:
            query = query.where(FindingRow.state.in_([state.value for state in status]))
        if site:
            query = query.where(FindingRow.site.in_(site))
        if ids:
            query = query.where(FindingRow.id.in_([number(finding_id) for finding_id in ids]))
        with self._database.session() as session:
            return tuple(_read(session, query))

    def held_of(self, keys: Sequence[FindingKey]) -> dict[FindingKey, Finding]:
        """The findings with these keys."""
        digests = [key.digest for key in keys]
        with self._database.session() as session:
            queries = [select(*_COLUMNS).where(FindingRow.key.in_(part)).order_by(FindingRow.id) for part in parts(digests)]
            return {FindingKey.of(finding.verdict): finding for query in queries for finding in _read(session, query)}

    def apply_changes(self, changes: Sequence[LedgerChange]) -> None:
        """Store what a judging changed, in one transaction; a change that is stored already changes nothing."""
        if not changes:
            return
        with self._database.session() as session:
            exclusive(session)
            stored = [*_open(session, changes), *_change(session, changes)]
            events = [_event(finding_id, change) for finding_id, change in stored if change.why]
            if events:
                session.execute(insert(FindingEventRow), events)
            # A waiver or an explanation goes on holding, should the fault come back; an appeal has lost its object.
            for at in {change.at for _, change in stored if change.change in _CLOSING}:
                mended = [finding_id for finding_id, change in stored if change.change in _CLOSING and change.at == at]
                for part in parts(mended):
                    _close(session, part, (StayKind.APPEAL, StayEnd.RESOLVED), at)

    def store_acts(self, acts: Sequence[Act], assignments: Sequence[Assignment] = ()) -> None:
        """Store what persons did or entered, or terms that ended, all in one transaction.

        Raises FindingStateError where a finding is no longer in the state that its act was decided on.
        """
        if not acts and not assignments:
            return
        with self._database.session() as session:
            exclusive(session)
            for act in acts:
                row = session.get_one(FindingRow, number(act.finding_id))
                if row.state != act.seen.value:
                    raise FindingStateError(
                        f"{act.finding_id}: is {row.state} by now, and was {act.seen.value} when this was decided; look at it and decide again"
                    )
                row.state, row.rectify_by = act.state.value, act.rectify_by
                if act.closes is not None:
                    _close(session, [row.id], act.closes, act.at)
                if act.opens is not None:
                    session.add(_stay_row(row.id, act.opens))
                session.add(FindingEventRow(finding_id=row.id, at=act.at, who=act.who, what=act.what, why=act.why))
                session.flush()
            assign(session, assignments)


def parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Cut a list of values so that each part fits one IN clause."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


def exclusive(session: Session) -> None:
    """Let one transaction at a time write findings and outbox; SQLite's are exclusive as they begin."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def number(finding_id: str) -> int:
    """The row of F000123: 123; -1 where the text is no finding's id."""
    digits = finding_id[1:]
    return int(digits) if finding_id[:1] in ("F", "f") and digits.isascii() and digits.isdigit() else -1


def _open(session: Session, changes: Sequence[LedgerChange]) -> list[tuple[int, LedgerChange]]:
    """Add the findings that are new; one that another process added in the meantime is left as it is."""
    new = {change.key.digest: change for change in changes if change.change is Change.OPENED and change.verdict is not None}
    known = {key for part in parts(list(new)) for key in session.scalars(select(FindingRow.key).where(FindingRow.key.in_(part)))}
    pairs = [(_new_row(digest, change), change) for digest, change in new.items() if digest not in known]
    session.add_all(row for row, _ in pairs)
    session.flush()
    return [(row.id, change) for row, change in pairs]


def _new_row(digest: str, change: LedgerChange) -> FindingRow:
    verdict = to_wire(change.verdict)
    return FindingRow(
        key=digest,
        site=change.key.site,
        rule=change.key.rule,
        state=FindingState.OPEN.value,
        opened=verdict,
        latest=verdict,
        first_found=change.at,
        last_confirmed=change.at,
        resolved_at=None,
        rectify_by=change.rectify_by,
    )


def _change(session: Session, changes: Sequence[LedgerChange]) -> list[tuple[int, LedgerChange]]:
    """Bring the findings that are there up to date; gives those that were not so already."""
    held = {number(change.finding_id): change for change in changes if change.finding_id is not None}
    columns = (FindingRow.id, FindingRow.state, FindingRow.last_confirmed)
    done: list[tuple[int, LedgerChange]] = []
    values: dict[Change, list[dict[str, Any]]] = {}
    for part in parts(list(held)):
        for finding_id, state, last_confirmed in session.execute(select(*columns).where(FindingRow.id.in_(part))):
            change = held[finding_id]
            advanced = _advanced(state, last_confirmed, change)
            if advanced is not None:
                done.append((finding_id, change))
                if advanced:
                    values.setdefault(change.change, []).append({"id": finding_id, **advanced})
    for rows in values.values():
        session.execute(update(FindingRow), rows)
    return done


def _advanced(state: str, last_confirmed: datetime, change: LedgerChange) -> dict[str, Any] | None:
    """What a change makes of a finding's row; None where it is so already."""
    resolved = state == FindingState.RESOLVED.value
    if (change.change is Change.REOPENED) != resolved:
        return None
    confirmed = {"last_confirmed": change.at, "latest": to_wire(change.verdict)}
    match change.change:
        case Change.CONFIRMED:
            return None if last_confirmed >= change.at else confirmed
        case Change.REOPENED:
            return {**confirmed, "state": change.state.value, "resolved_at": None, "rectify_by": change.rectify_by}
        case Change.RESOLVED | Change.OUT_OF_FORCE:
            return {"state": FindingState.RESOLVED.value, "resolved_at": change.at}
        case Change.UNSEEN | Change.OPENED:
            return {}


def _event(finding_id: int, change: LedgerChange) -> dict[str, Any]:
    return {"finding_id": finding_id, "at": change.at, "who": PROGRAM, "what": change.change.value, "why": change.why}


def _close(session: Session, finding_ids: Sequence[int], closes: tuple[StayKind, StayEnd], at: datetime) -> None:
    kind, end = closes
    session.execute(
        update(FindingStayRow)
        .where(FindingStayRow.finding_id.in_(finding_ids), FindingStayRow.kind == kind.value, FindingStayRow.end.is_(None))
        .values(ended_at=at, end=end.value)
        .execution_options(synchronize_session=False)
    )


def _stay_row(finding_id: int, stay: Stay) -> FindingStayRow:
    first, last = stay.period or (None, None)
    return FindingStayRow(
        finding_id=finding_id,
        kind=stay.kind.value,
        by=stay.by,
        basis=stay.basis,
        since=stay.since,
        until=stay.until,
        coefficient=stay.coefficient,
        period_from=first,
        period_to=last,
    )


def _stay(row: FindingStayRow) -> Stay:
    period = (row.period_from, row.period_to) if row.period_from is not None and row.period_to is not None else ()
    end = StayEnd(row.end) if row.end is not None else None
    return Stay(StayKind(row.kind), row.by, row.basis, row.since, row.until, row.coefficient, period, row.ended_at, end)


def _read(session: Session, query: Select[tuple[int, dict[str, Any], str, datetime, datetime, datetime | None, Any]]) -> Iterator[Finding]:
    rows = session.execute(query).all()
    events: dict[int, list[FindingEvent]] = {}
    columns = (FindingEventRow.finding_id, FindingEventRow.at, FindingEventRow.who, FindingEventRow.what, FindingEventRow.why)
    for part in parts([row.id for row in rows]):
        told = select(*columns).where(FindingEventRow.finding_id.in_(part)).order_by(FindingEventRow.id)
        for finding_id, at, who, what, why in session.execute(told):
            events.setdefault(finding_id, []).append(FindingEvent(at, who, what, why))
    stays: dict[int, list[Stay]] = {}
    for part in parts([row.id for row in rows]):
        for held in session.scalars(select(FindingStayRow).where(FindingStayRow.finding_id.in_(part)).order_by(FindingStayRow.id)):
            stays.setdefault(held.finding_id, []).append(_stay(held))
    for finding_id, opened, state, first_found, last_confirmed, resolved_at, rectify_by in rows:
        yield Finding(
            id=f"F{finding_id:06d}",
            verdict=from_wire(Verdict, opened),
            state=FindingState(state),
            first_found=first_found,
            last_confirmed=last_confirmed,
            resolved_at=resolved_at,
            rectify_by=rectify_by,
            events=tuple(events.get(finding_id, ())),
            stays=tuple(stays.get(finding_id, ())),
        )
