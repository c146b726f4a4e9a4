"""One round of alerting: ledger, notices, outbox, delivery. Every step can be killed and run again."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts import ledger as findings_ledger
from alerts.acts import after, expired
from alerts.hours import urgent_allowed
from alerts.items import Plan, Untold
from alerts.notices import Known, baseline_end, is_fresh, plan
from alerts.operators import OperatorNotice, from_watches, unsaid, untold
from alerts.render import operator_messages, render
from alerts.send import DeliveryResult, deliver, mask
from data.calendar import WorkCalendar
from data.catalogue import Rule
from data.database import Database
from data.findings import Change, FindingKey, LedgerChange, MessageState, OutboxMessage, OutgoingMessage
from data.ledger import Ledger
from data.outbox import LedgerMovedError, Outbox
from data.records import Finding, Verdict
from data.registry import Registry
from data.watch import Watch, watches

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
_REMEMBER = timedelta(days=90)  # how far back due-soon warnings are looked up
_AT_ONCE = 8  # channels that are sent to side by side
_PLAN_TRIES = 3


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
class RoundReport:
    """What a round did."""

    changes: Mapping[Change, int]
    messages: tuple[MessageReport, ...]
    untold: tuple[Untold, ...]  # there was something to tell and no channel to tell it on
    enqueued: int = 0
    uncertain: int = 0  # sent again because an earlier process died before it knew whether they arrived
    stale: int = 0  # verdicts too old to tell anybody of; the sites are to be checked again
    busy: bool = False  # another process holds the right to send; what is queued is left to it
    waiting: int = 0  # items that wait for working hours
    opens_at: datetime | None = None  # until when they wait

    def count(self, state: str) -> int:
        return sum(message.state == state for message in self.messages)

    @property
    def failed(self) -> tuple[MessageReport, ...]:
        return tuple(message for message in self.messages if message.error is not None)


def update_ledger(
    database: Database, registry: Registry, rules: Mapping[str, Rule], verdicts: Sequence[Verdict], now: datetime
) -> tuple[LedgerChange, ...]:
    """Bring the findings up to date with the latest verdicts and the moment; the same again changes nothing."""
    seen = watches(database, _site_ids(registry), now)
    return _update(Ledger(database), registry, rules, verdicts, now, seen)[0]


def run_round(
    database: Database,
    registry: Registry,
    rules: Mapping[str, Rule],
    verdicts: Sequence[Verdict],
    now: datetime,
    *,
    send: bool = True,
    environ: Mapping[str, str] | None = None,
    trouble: Sequence[OperatorNotice] = (),
) -> RoundReport:
    """Update the findings, put what is due into the outbox and send it.

    `verdicts` are the latest ones of the registry's sites; `trouble` is what other rooms have to tell the operator.
    """
    ledger, outbox, seen = Ledger(database), Outbox(database), watches(database, _site_ids(registry), now)
    changes, held = _update(ledger, registry, rules, verdicts, now, seen)
    for left in reversed(range(_PLAN_TRIES)):
        planned, messages = _plan(outbox, registry, rules, held, verdicts, now, seen, trouble)
        try:
            enqueued = outbox.enqueue(messages, now)
            break
        except LedgerMovedError:
            if not left:
                raise
            held = ledger.held(_site_ids(registry))
    counts = Counter(change.change for change in changes)
    if not send:
        queued = tuple(_report(row, row.state.value, row.last_error) for row in outbox.due(now))
        stale = _stale(registry, verdicts, now)
        return RoundReport(counts, queued, planned.untold, enqueued, stale=stale, waiting=planned.waiting, opens_at=planned.opens_at)
    with outbox.sending() as mine:
        due = outbox.due(now) if mine else ()
        uncertain = sum(row.state is MessageState.SENDING for row in due)
        sent = _send_all(outbox, due, now, environ)
    return RoundReport(
        counts,
        tuple(sent),
        planned.untold,
        enqueued,
        uncertain,
        _stale(registry, verdicts, now),
        busy=not mine,
        waiting=planned.waiting,
        opens_at=planned.opens_at,
    )


def dry_run(database: Database, registry: Registry, rules: Mapping[str, Rule], verdicts: Sequence[Verdict], now: datetime) -> RoundReport:
    """What a round would send to whom; stores nothing and sends nothing."""
    outbox, seen = Outbox(database), watches(database, _site_ids(registry), now)
    stored = Ledger(database).held(_site_ids(registry))
    ends = {act.finding_id: act for act in expired(stored.values(), now, WorkCalendar())}
    held = {key: after(finding, ends[finding.id]) if finding.id in ends else finding for key, finding in stored.items()}
    changes = _changes(registry, held, rules, verdicts, seen)
    planned, messages = _plan(outbox, registry, rules, findings_ledger.preview(held, changes), verdicts, now, seen, ())
    reports = [_report(row, row.state.value, row.last_error) for row in outbox.due(now)]
    reports += [MessageReport(m.audience, mask(m.channel), m.kind, m.subject, m.body, "planned") for m in messages]
    counts = Counter(change.change for change in changes)
    stale = _stale(registry, verdicts, now)
    return RoundReport(counts, tuple(reports), planned.untold, stale=stale, waiting=planned.waiting, opens_at=planned.opens_at)


def _stale(registry: Registry, verdicts: Sequence[Verdict], now: datetime) -> int:
    return sum(not is_fresh(verdict, registry.notices, now) for verdict in verdicts)


def _site_ids(registry: Registry) -> list[str]:
    return [site.id for site in registry.sites]


def _update(
    ledger: Ledger,
    registry: Registry,
    rules: Mapping[str, Rule],
    verdicts: Sequence[Verdict],
    now: datetime,
    seen: Mapping[str, Watch],
) -> tuple[tuple[LedgerChange, ...], Mapping[FindingKey, Finding]]:
    held = ledger.held(_site_ids(registry))
    if ends := expired(held.values(), now, WorkCalendar()):
        ledger.store_acts(ends)
        held = ledger.held(_site_ids(registry))
    changes = _changes(registry, held, rules, verdicts, seen)
    if not changes:
        return (), held
    ledger.apply_changes(changes)
    opened = [change.key for change in changes if change.change is Change.OPENED]
    known = findings_ledger.preview(held, [change for change in changes if change.change is not Change.OPENED])
    return changes, {**known, **ledger.held_of(opened)}


def _changes(
    registry: Registry,
    held: Mapping[FindingKey, Finding],
    rules: Mapping[str, Rule],
    verdicts: Sequence[Verdict],
    seen: Mapping[str, Watch],
) -> tuple[LedgerChange, ...]:
    """Judgings of different moments are taken one after the other, each against the findings of the sites it judged."""
    told_from = {site: baseline_end(registry, watch.first_at) for site, watch in seen.items()}
    changes: list[LedgerChange] = []
    for as_of in sorted({verdict.as_of for verdict in verdicts}):
        mine = [verdict for verdict in verdicts if verdict.as_of == as_of]
        pairs = {(verdict.rule, verdict.site) for verdict in mine}
        concerned = {key: finding for key, finding in held.items() if (key.rule, key.site) in pairs}
        changes += findings_ledger.apply(mine, concerned, as_of, WorkCalendar(), rules, told_from)
    return tuple(changes)


def _plan(
    outbox: Outbox,
    registry: Registry,
    rules: Mapping[str, Rule],
    held: Mapping[FindingKey, Finding],
    verdicts: Sequence[Verdict],
    now: datetime,
    seen: Mapping[str, Watch],
    trouble: Sequence[OperatorNotice],
) -> tuple[Plan, list[OutgoingMessage]]:
    told = outbox.told(now - _REMEMBER)
    first_seen = {site: watch.first_at for site, watch in seen.items()}
    planned = plan(registry, Known(rules, held, verdicts, told, first_seen), now)
    messages = [message for notice in planned.notices for message in render(notice, rules, registry, now)]
    troubles = (*from_watches(registry, seen, now), *trouble)
    if urgent_allowed(registry.notices, WorkCalendar(), now):
        messages += operator_messages(registry, troubles, told.due_marks, now)
    unheard = untold(registry, unsaid(troubles, told.due_marks))
    return replace(planned, untold=(*planned.untold, *unheard)), messages


def _send_all(outbox: Outbox, due: Sequence[OutboxMessage], now: datetime, environ: Mapping[str, str] | None) -> list[MessageReport]:
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
                    reports += [_report(row, row.state.value, None) for row in line]
                elif line:
                    waiting.append(line)
    return reports


def _record(outbox: Outbox, row: OutboxMessage, future: Future[DeliveryResult], now: datetime) -> MessageReport:
    result = future.result()
    attempts = row.attempts + 1
    if result.delivered:
        outbox.mark_sent(row.id, now)
        return _report(row, MessageState.SENT.value, None, attempts)
    error = result.error or "not delivered"
    next_at = now + BACKOFF[attempts - 1] if attempts <= len(BACKOFF) else None
    outbox.mark_failed(row.id, now, error, next_at)
    return _report(row, (MessageState.DEAD if next_at is None else MessageState.QUEUED).value, error, attempts)


def _report(row: OutboxMessage, state: str, error: str | None, attempts: int | None = None) -> MessageReport:
    message = row.message
    tries = row.attempts if attempts is None else attempts
    return MessageReport(message.audience, mask(message.channel), message.kind, message.subject, message.body, state, tries, error)
