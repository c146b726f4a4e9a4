"""Sending what is due from the outbox: channels side by side, one channel's messages in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.send import DeliveryResult, deliver, mask
from data.findings import MessageState, OutboxMessage
from data.outbox import Outbox

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
_AT_ONCE = 8  # channels that are sent to side by side


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


def send_all(outbox: Outbox, due: Sequence[OutboxMessage], now: datetime, environ: Mapping[str, str] | None) -> list[MessageReport]:
    """Send what is due: channels side by side, one channel's messages in order; a channel that fails is left alone for this round."""
    lines: dict[str, deque[OutboxMessage]] = {}
    for row in due:
        lines.setdefault(row.message.channel, deque()).append(row)
    waiting = deque(lines.values())
    running: dict[Future[DeliveryResult], deque[OutboxMessage]] = {}
    reports: list[MessageReport] = []
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        while waiting or running:
            while waiting and len(running) < _AT_ONCE:
                line = waiting.popleft()
                outbox.mark_sending(line[0].id)
                running[pool.submit(deliver, line[0].message, environ)] = line
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                line = running.pop(future)
                report = _record(outbox, line.popleft(), future, now)
                reports.append(report)
                if report.error is not None:
                    reports += [report_of(row, row.state.value, None) for row in line]
                elif line:
                    waiting.append(line)
    return reports


def _record(outbox: Outbox, row: OutboxMessage, future: Future[DeliveryResult], now: datetime) -> MessageReport:
    result = future.result()
    attempts = row.attempts + 1
    if result.delivered:
        outbox.mark_sent(row.id, now)
        return report_of(row, MessageState.SENT.value, None, attempts)
    error = result.error or "not delivered"
    next_at = now + BACKOFF[attempts - 1] if attempts <= len(BACKOFF) else None
    outbox.mark_failed(row.id, now, error, next_at)
    return report_of(row, (MessageState.DEAD if next_at is None else MessageState.QUEUED).value, error, attempts)


def report_of(row: OutboxMessage, state: str, error: str | None, attempts: int | None = None) -> MessageReport:
    message = row.message
    tries = row.attempts if attempts is None else attempts
    return MessageReport(message.audience, mask(message.channel), message.kind, message.subject, message.body, state, tries, error)
