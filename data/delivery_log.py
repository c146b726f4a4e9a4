"""What came of each attempt to deliver a message, and how channels do: the only SQL of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.database import Database
from data.ledger import parts
from data.models import ChannelRow, DeliveryEventRow


class DeliveryEvent(StrEnum):
    """What can happen to a message on its way."""

    SENT = "sent"
    FAILED = "failed"
    THROTTLED = "throttled"  # the channel's limit: neither a failure nor an attempt
    WAITING = "waiting"  # a variable of the environment is not set here
    UNCERTAIN = "uncertain"  # the process died between sending and knowing; it is sent again
    DIVERTED = "diverted"  # given to fallback channels
    DEAD = "dead"  # given up
    RETRIED = "retried"  # a person gave it all its attempts anew


@dataclass(frozen=True, slots=True)
class Logged:
    """One line of the delivery log; `note` is masked."""

    at: datetime
    what: DeliveryEvent
    note: str | None


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """A channel that fails: since when, and why the last time."""

    key: str  # a hash of it
    channel: str
    failing_since: datetime
    last_error: str


class DeliveryLog:
    """The delivery log of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def events(self, message_ids: Sequence[int]) -> Mapping[int, tuple[Logged, ...]]:
        """The events of messages, oldest first."""
        found: dict[int, list[Logged]] = {}
        with self._database.session() as session:
            for part in parts(list(message_ids)):
                query = select(DeliveryEventRow).where(DeliveryEventRow.outbox_id.in_(part)).order_by(DeliveryEventRow.id)
                for row in session.scalars(query):
                    found.setdefault(row.outbox_id, []).append(Logged(row.at, DeliveryEvent(row.what), row.note))
        return {message_id: tuple(events) for message_id, events in found.items()}

    def failing(self) -> tuple[ChannelHealth, ...]:
        """The channels that fail, longest first."""
        query = select(ChannelRow).where(ChannelRow.failing_since.is_not(None)).order_by(ChannelRow.failing_since, ChannelRow.key)
        with self._database.session() as session:
            return tuple(
                ChannelHealth(row.key, row.channel, row.failing_since, row.last_error or "")
                for row in session.scalars(query)
                if row.failing_since is not None
            )

    def posts(self, channel: str) -> tuple[datetime, ...]:
        """When a channel was posted to in the last minutes, by the real clock."""
        with self._database.session() as session:
            row = session.get(ChannelRow, _key(channel))
            return tuple(datetime.fromisoformat(stamp) for stamp in row.posts) if row is not None else ()


def record(session: Session, message_id: int, at: datetime, what: DeliveryEvent, note: str | None) -> None:
    """Write one line of the log, in the transaction of what happened."""
    session.add(DeliveryEventRow(outbox_id=message_id, at=at, what=what.value, note=note))


def channel_row(session: Session, channel: str) -> ChannelRow:
    """The row of a channel, made where there is none yet."""
    row = session.get(ChannelRow, _key(channel))
    if row is None:
        row = ChannelRow(key=_key(channel), channel=channel, posts=[])
        session.add(row)
        session.flush()
    return row


def _key(channel: str) -> str:
    return hashlib.blake2b(channel.encode(), digest_size=32).hexdigest()
