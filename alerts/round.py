"""One round of alerting: ledger, notices, outbox, delivery. Every step can be killed and run again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts import ledger as findings_ledger
from alerts.acts import after, expired
from alerts.delivery import Delivered, MessageReport, report_of, send_due
from alerts.hours import urgent_allowed
from alerts.items import Plan, Untold
from alerts.notices import Known, baseline_end, is_fresh, plan
from alerts.operators import OperatorNotice, from_watches, unsaid, untold
from alerts.pace import Pace
from alerts.render import operator_messages, render
from alerts.send import mask
from alerts.troubles import from_deliveries
from data.calendar_tables import work_calendar
from data.catalogue import Rule
from data.database import Database
from data.findings import Change, FindingKey, LedgerChange, OutgoingMessage
from data.in_force import rules_by_site
from data.ledger import Ledger
from data.outbox import LedgerMovedError, Outbox
from data.records import Finding, Verdict
from data.registry import Registry
from data.watch import Watch, watches

_REMEMBER = timedelta(days=90)  # how far back due-soon warnings are looked up
_PLAN_TRIES = 3


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
    database: Database, registry: Registry, rules: Mapping[str, Rule], verdicts: Sequence[Verdict], now: datetime, sites: Sequence[str] = ()
) -> tuple[LedgerChange, ...]:
    """Bring the findings of sites, or of all, up to date with their latest verdicts and the moment; the same again changes nothing."""
    chosen = list(sites) or _site_ids(registry)
    seen = watches(database, chosen, now)
    return _update(Ledger(database), registry, rules, verdicts, now, seen, chosen)[0]


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
    pace: Pace | None = None,
) -> RoundReport:
    """Update the findings, put what is due into the outbox and send it.

    `verdicts` are the latest ones of the registry's sites; `trouble` is what other rooms have to tell the operator.
    """
    ledger, outbox, seen = Ledger(database), Outbox(database), watches(database, _site_ids(registry), now)
    changes, held = _update(ledger, registry, rules, verdicts, now, seen, _site_ids(registry))
    for left in reversed(range(_PLAN_TRIES)):
        planned, messages = _plan(
            outbox, registry, rules, held, verdicts, now, seen, (*from_deliveries(database, registry, now, environ), *trouble)
        )
        try:
            enqueued = outbox.enqueue(messages, now)
            break
        except LedgerMovedError:
            if not left:
                raise
            held = ledger.held(_site_ids(registry))
    counts = Counter(change.change for change in changes)
    if not send:
        queued = tuple(report_of(row, row.state, row.last_error) for row in outbox.due(now))
        stale = _stale(registry, verdicts, now)
        return RoundReport(counts, queued, planned.untold, enqueued, stale=stale, waiting=planned.waiting, opens_at=planned.opens_at)
    sent = send_due(database, registry, now, environ=environ, pace=pace)
    if told := _tell_operator(database, registry, now, environ):
        # What was given up just now is said at once.
        enqueued += told
        sent = _joined(sent, send_due(database, registry, now, environ=environ, pace=pace))
    return RoundReport(
        counts,
        sent.messages,
        planned.untold,
        enqueued,
        sent.uncertain,
        _stale(registry, verdicts, now),
        busy=sent.busy,
        waiting=planned.waiting,
        opens_at=planned.opens_at,
    )


def _joined(first: Delivered, second: Delivered) -> Delivered:
    return Delivered((*first.messages, *second.messages), first.uncertain + second.uncertain, first.busy or second.busy)


def _tell_operator(database: Database, registry: Registry, now: datetime, environ: Mapping[str, str] | None) -> int:
    """Put into the outbox what the operator has to know of deliveries; returns how many messages that makes."""
    if not urgent_allowed(registry.notices, work_calendar(registry.holidays), now):
        return 0
    outbox = Outbox(database)
    troubles = from_deliveries(database, registry, now, environ)
    return outbox.enqueue(operator_messages(registry, troubles, outbox.told(now - _REMEMBER).due_marks, now), now)


def dry_run(
    database: Database,
    registry: Registry,
    rules: Mapping[str, Rule],
    verdicts: Sequence[Verdict],
    now: datetime,
    *,
    trouble: Sequence[OperatorNotice] = (),
) -> RoundReport:
    """What a round would send to whom; stores nothing and sends nothing."""
    outbox, seen = Outbox(database), watches(database, _site_ids(registry), now)
    stored = Ledger(database).held(_site_ids(registry))
    ends = {act.finding_id: act for act in expired(stored.values(), now, work_calendar(registry.holidays))}
    held = {key: after(finding, ends[finding.id]) if finding.id in ends else finding for key, finding in stored.items()}
    changes = _changes(registry, held, rules, verdicts, seen, now)
    planned, messages = _plan(
        outbox,
        registry,
        rules,
        findings_ledger.preview(held, changes),
        verdicts,
        now,
        seen,
        (*from_deliveries(database, registry, now), *trouble),
    )
    reports = [report_of(row, row.state, row.last_error) for row in outbox.due(now)]
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
    sites: Sequence[str],
) -> tuple[tuple[LedgerChange, ...], Mapping[FindingKey, Finding]]:
    held = ledger.held(sites)
    if ends := expired(held.values(), now, work_calendar(registry.holidays)):
        ledger.store_acts(ends)
        held = ledger.held(sites)
    changes = _changes(registry, held, rules, verdicts, seen, now)
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
    now: datetime,
) -> tuple[LedgerChange, ...]:
    """Judgings of different moments are taken one after the other, each against the findings of the sites it judged."""
    told_from = {site: baseline_end(registry, watch.first_at) for site, watch in seen.items()}
    changes: list[LedgerChange] = []
    for as_of in sorted({verdict.as_of for verdict in verdicts}):
        mine = [verdict for verdict in verdicts if verdict.as_of == as_of]
        pairs = {(verdict.rule, verdict.site) for verdict in mine}
        concerned = {key: finding for key, finding in held.items() if (key.rule, key.site) in pairs}
        changes += findings_ledger.apply(mine, concerned, as_of, work_calendar(registry.holidays), rules, told_from)
    changes += findings_ledger.out_of_force(held, rules_by_site(registry), now, lambda key: _ground(registry, key))
    return tuple(changes)


def _ground(registry: Registry, key: FindingKey) -> str | None:
    """Why the registry took a rule out of force, where it says so."""
    said = (registry.site(key.site).rules.get(key.rule), registry.rules.get(key.rule))
    return next((override.why for override in said if override is not None and override.enabled is False and override.why), None)


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
    planned = plan(registry, Known(rules, held, verdicts, told, first_seen, work_calendar(registry.holidays)), now)
    messages = [message for notice in planned.notices for message in render(notice, rules, registry, now)]
    troubles = (*from_watches(registry, seen, now), *trouble)
    if urgent_allowed(registry.notices, work_calendar(registry.holidays), now):
        messages += operator_messages(registry, troubles, told.due_marks, now)
    unheard = untold(registry, unsaid(troubles, told.due_marks))
    return replace(planned, untold=(*planned.untold, *unheard)), messages
