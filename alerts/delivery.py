"""Sending what is due from the outbox: channels side by side, one channel's messages in order, every step recorded.

A message that is refused waits longer each time and is given up in the end; one whose channel asks for patience, or whose
variable is not set here, only waits. Where a channel has failed for too long, or a message is given up, the fallback
channels of whom it is for get it instead.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.pace import Pace, free_at, next_attempt
from alerts.send import DeliveryResult, Outcome, deliver, mask, parts_of, posts_a_minute
from data.database import Database
from data.delivery_log import DeliveryLog
from data.errors import ConfigurationError
from data.findings import MessageState, OutboxMessage
from data.outbox import Outbox
from data.registry import Registry

_AT_ONCE = 8  # channels that are sent to side by side
_OPENING = "【备用渠道】本消息原定的接收渠道暂时无法送达，现改由此渠道发送。"


@dataclass(frozen=True, slots=True)
class MessageReport:
    """What became of one message in this round. `channel` is masked."""

    audience: str
    channel: str
    kind: str
    subject: str
    body: str
    state: str  # "planned" in a dry run, else a MessageState; "queued" with an error waits for its next attempt
    attempts: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """What sending did."""

    messages: tuple[MessageReport, ...] = ()
    uncertain: int = 0  # sent again because an earlier process died before it knew whether they arrived
    busy: bool = False  # another process holds the right to send; what is queued is left to it


def send_due(
    database: Database, registry: Registry, now: datetime, *, environ: Mapping[str, str] | None = None, pace: Pace | None = None
) -> Delivered:
    """Send everything that is due, and what went to fallback channels meanwhile."""
    outbox, tried, reports, uncertain = Outbox(database), set[int](), list[MessageReport](), 0
    with outbox.sending() as mine:
        if not mine:
            return Delivered(busy=True)
        while due := [row for row in outbox.due(now) if row.id not in tried]:
            tried |= {row.id for row in due}
            uncertain += sum(row.state is MessageState.SENDING for row in due)
            reports += _Sending(database, registry, now, environ, pace or Pace()).all(due)
    return Delivered(tuple(reports), uncertain)


def fallbacks(registry: Registry) -> Mapping[str, tuple[str, ...]]:
    """Channel -> the channels that stand in for it."""
    contacts = [contact for site in registry.sites for contact in site.administrators] + [*registry.supervisors, *registry.operators]
    found: dict[str, dict[str, None]] = {}
    for contact in contacts:
        for channel in contact.channels:
            found.setdefault(channel, {}).update(dict.fromkeys(contact.fallback))
    return {channel: tuple(others) for channel, others in found.items() if others}


@dataclass(slots=True)
class _Line:
    """The messages that wait for one channel, in order; the first of them is being sent, in parts."""

    channel: str
    rows: deque[OutboxMessage]
    per_minute: int | None
    posts: list[datetime]
    ready_at: datetime | None = None
    part: int = 0
    parts: int = 0  # of the first message; 0 before it is looked at
    begun: bool = False  # whether its present attempt is counted

    @property
    def row(self) -> OutboxMessage:
        return self.rows[0]


@dataclass(slots=True)
class _Sending:
    """One pass over what is due."""

    database: Database
    registry: Registry
    now: datetime
    environ: Mapping[str, str] | None
    pace: Pace
    reports: list[MessageReport] = field(default_factory=list)

    @property
    def outbox(self) -> Outbox:
        return Outbox(self.database)

    def all(self, due: Sequence[OutboxMessage]) -> list[MessageReport]:
        log, by_channel = DeliveryLog(self.database), dict[str, deque[OutboxMessage]]()
        for row in due:
            by_channel.setdefault(row.message.channel, deque()).append(row)
        waiting = deque[_Line]()
        for channel, rows in by_channel.items():
            rate = posts_a_minute(channel, self.registry.delivery.per_minute)
            waiting.append(_Line(channel, rows, rate, list(log.posts(channel)) if rate is not None else []))
        until = self.pace.now() + timedelta(seconds=self.registry.delivery.wait_seconds)
        running: dict[Future[DeliveryResult], _Line] = {}
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            while waiting or running:
                for _ in range(len(waiting)):
                    if len(running) < _AT_ONCE:
                        self._start(waiting.popleft(), pool, running, waiting)
                if not running:
                    self._wait(waiting, until)
                    continue
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    line = running.pop(future)
                    self._record(line, future.result(), until)
                    if line.rows:
                        waiting.append(line)
        return self.reports

    def _start(self, line: _Line, pool: ThreadPoolExecutor, running: dict[Future[DeliveryResult], _Line], waiting: deque[_Line]) -> None:
        """Hand the next part of a line's first message to its channel, or leave the line until its rate allows it."""
        row, real = line.row, self.pace.now()
        if not line.parts:
            try:
                line.parts, line.part = len(parts_of(row.message, self.environ)), row.parts_done
            except ConfigurationError as error:
                self._fail(line, DeliveryResult(Outcome.WAITING, str(error)))
                return
        if line.per_minute is not None:
            line.ready_at = max(line.ready_at or real, free_at(line.posts, line.per_minute, real))
        if line.ready_at is not None and line.ready_at > real:
            waiting.append(line)
            return
        post = None
        if line.per_minute is not None:
            line.posts.append(real)
            post = real
        self.outbox.begin(row.id, self.now, first=not line.begun, post=post)
        line.begun = True
        repeated = (row.state is MessageState.SENDING or row.uncertain > 0) and line.part == row.parts_done
        running[pool.submit(deliver, row.message, self.environ, part=min(line.part, line.parts - 1), repeated=repeated)] = line

    def _wait(self, waiting: deque[_Line], until: datetime) -> None:
        """Nothing can be sent now: wait for the first channel that can, or leave all to a later round where that takes too long."""
        lines = [line for line in waiting if line.ready_at is not None]
        first = min((line.ready_at for line in lines if line.ready_at is not None), default=None)
        real = self.pace.now()
        if first is not None and first <= until:
            self.pace.sleep(max((first - real).total_seconds(), 0.0))
            return
        for line in waiting:
            later = self.now + max((line.ready_at or real) - real, timedelta())
            self._postpone(line, later, "its channel's limit of messages a minute is reached; it is sent later")
        waiting.clear()

    def _record(self, line: _Line, result: DeliveryResult, until: datetime) -> None:
        row = line.row
        if result.outcome is Outcome.TAKEN:
            line.part += 1
            if line.part < line.parts:
                self.outbox.part_taken(row.id)
                return
            self.outbox.mark_sent(row.id, self.now)
            line.rows.popleft()
            line.parts, line.begun = 0, False
            self.reports.append(report_of(row, MessageState.SENT, None, row.attempts + 1))
            return
        if result.outcome is Outcome.THROTTLED:
            line.ready_at = self.pace.now() + timedelta(seconds=result.pause_seconds)
            error, later = result.error or "throttled", self.now + timedelta(seconds=result.pause_seconds)
            self.outbox.mark_throttled(row.id, self.now, error, later)
            line.begun = False
            if line.ready_at > until:
                self._postpone(line, later, error)
            return
        self._fail(line, result)

    def _postpone(self, line: _Line, later: datetime, error: str) -> None:
        self.outbox.postpone([row.id for row in line.rows], later)
        self.reports.append(report_of(line.row, MessageState.QUEUED, error))
        self.reports += [report_of(row, row.state, None) for row in list(line.rows)[1:]]
        line.rows.clear()

    def _fail(self, line: _Line, result: DeliveryResult) -> None:
        """A channel that does not take a message is left alone for the rest of the round."""
        row, error = line.rows.popleft(), result.error or "not delivered"
        attempts = row.attempts
        if result.outcome is Outcome.WAITING:
            state, since = MessageState.QUEUED, self.outbox.mark_waiting(row.id, self.now, error)
        else:
            attempts += 1
            next_at = next_attempt(row.message.key, attempts, self.now)
            since = self.outbox.mark_failed(row.id, self.now, error, next_at)
            state = MessageState.DEAD if next_at is None else MessageState.QUEUED
        others = fallbacks(self.registry).get(line.channel, ()) if row.fallback_of is None else ()
        long = self.now - since >= timedelta(hours=self.registry.delivery.fallback_after_hours)
        if others and (long or state is MessageState.DEAD):
            self.outbox.divert(row.id, self.now, others, _OPENING)
            state = MessageState.DIVERTED
        self.reports.append(report_of(row, state, error, attempts))
        for other in line.rows:
            if others and long and other.fallback_of is None and not other.parts_done:
                self.outbox.divert(other.id, self.now, others, _OPENING)
                self.reports.append(report_of(other, MessageState.DIVERTED, error))
            else:
                self.reports.append(report_of(other, other.state, None))
        line.rows.clear()


def report_of(row: OutboxMessage, state: MessageState, error: str | None, attempts: int | None = None) -> MessageReport:
    """What became of a message; its channel is masked."""
    message = row.message
    tries = row.attempts if attempts is None else attempts
    return MessageReport(message.audience, mask(message.channel), message.kind, message.subject, message.body, state.value, tries, error)
