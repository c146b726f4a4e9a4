"""The outbox: messages from the moment they are due until they are delivered or given up. The only SQL of it.

A message stands here from the transaction that records on its findings that they are told, so a kill at any moment
loses none; a message that was handed to its channel when the process died is sent again, because nobody can know
whether it arrived.
"""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from data.database import Database
from data.findings import PROGRAM, SUMMARY, Change, Mark, MessageState, OutboxMessage, OutgoingMessage, Told, Topic
from data.ledger import exclusive, number, parts
from data.models import FindingEventRow, FindingRow, OutboxRow
from data.records import FindingState

_LOCK_SENDER = 7238116  # PostgreSQL advisory lock


class LedgerMovedError(Exception):
    """Another process told a finding in the meantime; read again and plan again."""


class Outbox:
    """The messages of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def told(self, since: datetime) -> Told:
        """What messages made since then said that findings do not record: due-soon warnings, and when the last summary was made."""
        with self._database.session() as session:
            lists = session.scalars(select(OutboxRow.findings).where(OutboxRow.created_at >= since))
            due = frozenset(item["due"] for items in lists for item in items if "due" in item)
            last = session.scalar(select(func.max(OutboxRow.created_at)).where(OutboxRow.kind == SUMMARY))
        return Told(due, last)

    def enqueue(self, messages: Sequence[OutgoingMessage], now: datetime) -> int:
        """Put messages into the outbox and record on their findings what is told, in one transaction; returns how many are new.

        Raises LedgerMovedError where another process told one of the topics since the messages were planned.
        """
        if not messages:
            return 0
        with self._database.session() as session:
            exclusive(session)
            keys = {message.key for message in messages}
            known = {key for part in parts(sorted(keys)) for key in session.scalars(select(OutboxRow.key).where(OutboxRow.key.in_(part)))}
            fresh = [message for message in {message.key: message for message in messages}.values() if message.key not in known]
            marks = {mark: message for message in reversed(fresh) for mark in message.marks}
            _refuse_told(session, marks)
            if fresh:
                session.execute(insert(OutboxRow), [_outbox_values(message, now) for message in fresh])
            if marks:
                session.execute(insert(FindingEventRow), [_told_event(mark, message, now) for mark, message in marks.items()])
        return len(fresh)

    @contextlib.contextmanager
    def sending(self) -> Iterator[bool]:
        """Hold the right to send; False where another process sends from this database. A killed process loses it at once."""
        engine = self._database.engine
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                got = bool(connection.scalar(text(f"SELECT pg_try_advisory_lock({_LOCK_SENDER})")))
                try:
                    yield got
                finally:
                    if got:
                        connection.execute(text(f"SELECT pg_advisory_unlock({_LOCK_SENDER})"))
            return
        file = engine.url.database
        if engine.dialect.name != "sqlite" or not file or file == ":memory:":
            yield True
            return
        with Path(f"{file}.sender").open("w", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def due(self, now: datetime) -> tuple[OutboxMessage, ...]:
        """Messages to be sent now, oldest first, with those that a killed sender left; call it while `sending()` is held."""
        waiting = (OutboxRow.state == MessageState.QUEUED.value) & (OutboxRow.next_at <= now)
        left = OutboxRow.state == MessageState.SENDING.value
        with self._database.session() as session:
            rows = session.scalars(select(OutboxRow).where(waiting | left).order_by(OutboxRow.id))
            return tuple(_outbox_message(row) for row in rows)

    def delivery_log(self, limit: int = 200) -> tuple[OutboxMessage, ...]:
        """The newest messages of the outbox with their state, newest first."""
        with self._database.session() as session:
            rows = session.scalars(select(OutboxRow).order_by(OutboxRow.id.desc()).limit(limit))
            return tuple(_outbox_message(row) for row in rows)

    def mark_sending(self, message_id: int) -> None:
        """Record that a message is about to be handed to its channel; counts the attempt."""
        with self._database.session() as session:
            values = {"state": MessageState.SENDING.value, "attempts": OutboxRow.attempts + 1}
            session.execute(update(OutboxRow).where(OutboxRow.id == message_id).values(values))

    def mark_sent(self, message_id: int, at: datetime) -> None:
        """Record that a channel took a message, and that the findings it tells as new are notified."""
        with self._database.session() as session:
            exclusive(session)
            row = session.get_one(OutboxRow, message_id)
            row.state, row.sent_at, row.last_error = MessageState.SENT.value, at, None
            new = [number(mark.finding_id) for mark in _marks(row) if mark.topic is Topic.NEW]
            for part in parts(new):
                for finding in session.scalars(
                    select(FindingRow).where(FindingRow.id.in_(part), FindingRow.state == FindingState.OPEN.value)
                ):
                    finding.state = FindingState.NOTIFIED.value
                    session.add(FindingEventRow(finding_id=finding.id, at=at, who=PROGRAM, what="notified", why=f"已送达：{row.audience}"))

    def mark_failed(self, message_id: int, at: datetime, error: str, next_at: datetime | None) -> None:
        """Record a failed attempt; without a next one the message is dead, and its findings say so."""
        with self._database.session() as session:
            row = session.get_one(OutboxRow, message_id)
            row.last_error = error
            if next_at is not None:
                row.state, row.next_at = MessageState.QUEUED.value, next_at
                return
            row.state = MessageState.DEAD.value
            for finding_id in sorted({number(mark.finding_id) for mark in _marks(row)}):
                session.add(FindingEventRow(finding_id=finding_id, at=at, who=PROGRAM, what="undelivered", why=f"未能送达：{row.audience}"))


def _refuse_told(session: Session, marks: Mapping[Mark, OutgoingMessage]) -> None:
    numbers = sorted({number(mark.finding_id) for mark in marks})
    told: dict[int, set[str]] = {}
    for part in parts(numbers):
        for event in session.scalars(select(FindingEventRow).where(FindingEventRow.finding_id.in_(part)).order_by(FindingEventRow.id)):
            known = told.setdefault(event.finding_id, set())
            if event.what in (Change.OPENED, Change.REOPENED):
                known.clear()
            known.add(event.what)
    for mark in marks:
        if mark.topic.event in told.get(number(mark.finding_id), ()):
            raise LedgerMovedError(f"{mark.finding_id} was told as {mark.topic} by another process")


def _outbox_values(message: OutgoingMessage, now: datetime) -> dict[str, Any]:
    findings = [{"id": mark.finding_id, "topic": mark.topic.value} for mark in message.marks] + [{"due": due} for due in message.due_marks]
    return {
        "key": message.key,
        "audience": message.audience,
        "channel": message.channel,
        "kind": message.kind,
        "subject": message.subject,
        "body": message.body,
        "findings": findings,
        "attachments": [],
        "state": MessageState.QUEUED.value,
        "attempts": 0,
        "created_at": now,
        "next_at": now,
    }


def _told_event(mark: Mark, message: OutgoingMessage, now: datetime) -> dict[str, Any]:
    why = f"已列入待发通知：{message.audience}"
    return {"finding_id": number(mark.finding_id), "at": now, "who": PROGRAM, "what": mark.topic.event, "why": why}


def _marks(row: OutboxRow) -> tuple[Mark, ...]:
    return tuple(Mark(item["id"], Topic(item["topic"])) for item in row.findings if "id" in item)


def _outbox_message(row: OutboxRow) -> OutboxMessage:
    due = tuple(item["due"] for item in row.findings if "due" in item)
    message = OutgoingMessage(row.key, row.audience, row.channel, row.kind, row.subject, row.body, _marks(row), due)
    return OutboxMessage(row.id, message, MessageState(row.state), row.attempts, row.created_at, row.next_at, row.sent_at, row.last_error)
