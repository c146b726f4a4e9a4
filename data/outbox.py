"""The outbox: messages from the moment they are due until they are delivered or given up. The only SQL of it.

A message stands here from the transaction that records on its findings that they are told, so a kill at any moment
loses none. A part that was handed to its channel when the process died is sent again, because nobody can know whether
it arrived; parts that the channel took are not. Every step is one transaction; what comes of it is data/delivery_log.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from data.database import Database
from data.delivery_log import DeliveryEvent, channel_row, record
from data.findings import PROGRAM, SUMMARY, Change, Mark, MessageState, OutboxMessage, OutgoingMessage, Told, Topic
from data.holding import Right, hold
from data.ledger import exclusive, number, parts
from data.models import FindingEventRow, FindingRow, OutboxRow
from data.records import FindingState

_REMEMBER_SECONDS = 120  # posts older than this limit no rate


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
            last = session.scalar(select(func.max(OutboxRow.created_at)).where(OutboxRow.kind == SUMMARY, OutboxRow.fallback_of.is_(None)))
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

    def sending(self) -> AbstractContextManager[bool]:
        """Hold the right to send; False where another process sends from this database."""
        return hold(self._database, Right.SEND)

    def due(self, now: datetime) -> tuple[OutboxMessage, ...]:
        """Messages to be sent now, oldest first, with those that a killed sender left; call it while `sending()` is held."""
        waiting = (OutboxRow.state == MessageState.QUEUED.value) & (OutboxRow.next_at <= now)
        left = OutboxRow.state == MessageState.SENDING.value
        with self._database.session() as session:
            rows = session.scalars(select(OutboxRow).where(waiting | left).order_by(OutboxRow.id))
            return tuple(_outbox_message(row) for row in rows)

    def messages(self, states: Sequence[MessageState] = (), ids: Sequence[int] = (), limit: int | None = None) -> tuple[OutboxMessage, ...]:
        """Messages in any of these states, newest first; an empty filter leaves nothing out."""
        query = select(OutboxRow).order_by(OutboxRow.id.desc()).limit(limit)
        if states:
            query = query.where(OutboxRow.state.in_([state.value for state in states]))
        if ids:
            query = query.where(OutboxRow.id.in_(ids))
        with self._database.session() as session:
            return tuple(_outbox_message(row) for row in session.scalars(query))

    def begin(self, message_id: int, at: datetime, *, first: bool = True, post: datetime | None = None) -> None:
        """Record that a part of a message is about to be handed to its channel; the `first` of an attempt counts it.

        `post` is the moment by the real clock, where the channel's rate is limited.
        """
        with self._database.session() as session:
            row = session.get_one(OutboxRow, message_id)
            if row.state == MessageState.SENDING.value:
                # The attempt that was cut off is made anew; being killed wears no message out.
                row.uncertain += 1
                record(session, row.id, at, DeliveryEvent.UNCERTAIN, f"part {row.parts_done + 1} may have arrived: its sender was killed")
            else:
                row.attempts += first
            row.state = MessageState.SENDING.value
            if post is not None:
                channel = channel_row(session, row.channel)
                kept = [stamp for stamp in channel.posts if (post - datetime.fromisoformat(stamp)).total_seconds() < _REMEMBER_SECONDS]
                channel.posts = [*kept, post.isoformat()]

    def part_taken(self, message_id: int) -> None:
        """Record that the channel took a part, and that there are more."""
        with self._database.session() as session:
            row = session.get_one(OutboxRow, message_id)
            row.state, row.parts_done = MessageState.QUEUED.value, row.parts_done + 1

    def mark_sent(self, message_id: int, at: datetime) -> None:
        """Record that a channel took all of a message, and that the findings it tells as new are notified."""
        with self._database.session() as session:
            exclusive(session)
            row = session.get_one(OutboxRow, message_id)
            row.state, row.sent_at, row.last_error, row.parts_done = MessageState.SENT.value, at, None, row.parts_done + 1
            record(session, row.id, at, DeliveryEvent.SENT, None)
            channel = channel_row(session, row.channel)
            channel.failing_since = channel.last_error = None
            new = [number(mark.finding_id) for mark in _marks(row) if mark.topic is Topic.NEW]
            for part in parts(new):
                for finding in session.scalars(
                    select(FindingRow).where(FindingRow.id.in_(part), FindingRow.state == FindingState.OPEN.value)
                ):
                    finding.state = FindingState.NOTIFIED.value
                    session.add(FindingEventRow(finding_id=finding.id, at=at, who=PROGRAM, what="notified", why=f"已送达：{row.audience}"))

    def mark_failed(self, message_id: int, at: datetime, error: str, next_at: datetime | None) -> datetime:
        """Record a failed attempt; without a next one the message is dead, and its findings say so. Gives since when the channel fails."""
        with self._database.session() as session:
            row = session.get_one(OutboxRow, message_id)
            row.last_error = error
            record(session, row.id, at, DeliveryEvent.FAILED, error)
            since = _channel_failed(session, row, at, error)
            if next_at is not None:
                row.state, row.next_at = MessageState.QUEUED.value, next_at
                return since
            row.state = MessageState.DEAD.value
            record(session, row.id, at, DeliveryEvent.DEAD, None)
            for finding_id in sorted({number(mark.finding_id) for mark in _marks(row)}):
                session.add(FindingEventRow(finding_id=finding_id, at=at, who=PROGRAM, what="undelivered", why=f"未能送达：{row.audience}"))
            return since

    def mark_throttled(self, message_id: int, at: datetime, error: str, next_at: datetime) -> None:
        """Record that the channel asked for patience: no failure, and no attempt of the message."""
        with self._database.session() as session:
            row = session.get_one(OutboxRow, message_id)
            row.state, row.attempts, row.next_at, row.last_error = MessageState.QUEUED.value, row.attempts - 1, next_at, error
            record(session, row.id, at, DeliveryEvent.THROTTLED, error)

    def mark_waiting(self, message_id: int, at: datetime, error: str) -> datetime:
        """Record that a message cannot be tried on this machine as it is; every later round tries again. Gives since when."""
        with self._database.session() as session:
            row = session.get_one(OutboxRow, message_id)
            if row.last_error != error:
                record(session, row.id, at, DeliveryEvent.WAITING, error)
            row.state, row.next_at, row.last_error = MessageState.QUEUED.value, at, error
            return _channel_failed(session, row, at, error)

    def postpone(self, message_ids: Sequence[int], next_at: datetime) -> None:
        """Leave messages until a channel's rate allows them."""
        with self._database.session() as session:
            for row in session.scalars(select(OutboxRow).where(OutboxRow.id.in_(message_ids))):
                row.next_at = next_at

    def divert(self, message_id: int, at: datetime, channels: Sequence[str], opening: str) -> int:
        """Give a message to fallback channels: each gets one of its own that begins with `opening`; returns how many are new."""
        with self._database.session() as session:
            row = session.get_one(OutboxRow, message_id)
            if row.state == MessageState.DIVERTED.value:
                return 0
            row.state = MessageState.DIVERTED.value
            keys = {hashlib.blake2b(f"{row.key}\x1f{channel}".encode(), digest_size=32).hexdigest(): channel for channel in channels}
            known = set(session.scalars(select(OutboxRow.key).where(OutboxRow.key.in_(list(keys)))))
            message = _outbox_message(row).message
            fresh = [(key, channel) for key, channel in keys.items() if key not in known]
            for key, channel in fresh:
                copy = replace(message, key=key, channel=channel, body=f"{opening}\n\n{message.body}")
                session.add(OutboxRow(**_outbox_values(copy, at), fallback_of=row.id))
            record(session, row.id, at, DeliveryEvent.DIVERTED, f"given to {len(keys)} fallback channels")
            return len(fresh)

    def retry(self, message_ids: Sequence[int], at: datetime, who: str) -> int:
        """Give dead messages all their attempts anew; returns how many were dead."""
        with self._database.session() as session:
            rows = session.scalars(select(OutboxRow).where(OutboxRow.id.in_(message_ids), OutboxRow.state == MessageState.DEAD.value)).all()
            for row in rows:
                row.state, row.attempts, row.next_at = MessageState.QUEUED.value, 0, at
                record(session, row.id, at, DeliveryEvent.RETRIED, f"by {who}")
            return len(rows)


def _channel_failed(session: Session, row: OutboxRow, at: datetime, error: str) -> datetime:
    channel = channel_row(session, row.channel)
    channel.last_error, channel.failing_since = error, channel.failing_since or at
    return channel.failing_since


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
        "attachments": list(message.attachments),
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
    message = OutgoingMessage(row.key, row.audience, row.channel, row.kind, row.subject, row.body, _marks(row), due, tuple(row.attachments))
    return OutboxMessage(
        row.id, message, MessageState(row.state), row.attempts, row.created_at, row.next_at, row.sent_at, row.last_error,
        row.parts_done, row.uncertain, row.fallback_of,
    )  # fmt: skip
