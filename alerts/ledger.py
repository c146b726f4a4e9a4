"""The life of a finding: what one judging opens, confirms, resolves and reopens. Pure; data/ledger.py stores it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType

from data.calendar import WorkCalendar
from data.catalogue import Rule
from data.days import civil
from data.findings import PROGRAM, Change, FindingKey, Latest, LedgerChange, closed, is_confirmed_fail, times_found
from data.records import STAYED, Finding, FindingEvent, FindingState, Status, StayEnd, StayKind, Verdict

# A deadline that approaches is not passed: what was at fault is mended.
_MENDED = (Status.PASS, Status.NOT_APPLICABLE, Status.DUE_SOON)
_WITHDRAWN = "withdrawn"  # a page taken down publishes nothing: what is owed is still owed
_OUT_OF_FORCE_WHY = "该项要求已不适用于本站{}，不再跟踪；此前的问题未经复查确认是否整改。"
_UNSEEN_WHY = "本次检查未再见到该对象（可能已撤下或移动），尚不能视为整改完成，请核实"


def apply(
    verdicts: Sequence[Verdict],
    held: Mapping[FindingKey, Finding],
    as_of: datetime,
    calendar: WorkCalendar,
    rules: Mapping[str, Rule],
    told_from: Mapping[str, datetime] = MappingProxyType({}),
) -> tuple[LedgerChange, ...]:
    """What the verdicts of one judging change in the ledger.

    A confirmed fail opens a finding, confirms it, or reopens it under its number. Only a later verdict on the same
    subject that is no fail resolves it: doubt does not, and neither does absence. A subject that is gone from a
    judging without doubts (a withdrawn page) stays open with an event, because taking a page down is not
    publishing what is owed; a person lets it rest, or the next observation closes it. A judging older than what the
    ledger knows of a finding changes nothing of it. `told_from` is when the baseline of a site ends, after which its
    units are told: the days to mend run from then.
    """
    latest = Latest(verdicts, held)
    settled = _settled(verdicts)
    changes: list[LedgerChange] = []
    for key, finding in held.items():
        change = _of_held(key, finding, latest.of(key), as_of, settled)
        if change is not None:
            changes.append(_dated(change, calendar, rules, told_from))
    for key, verdict in latest.unclaimed(held).items():
        if is_confirmed_fail(verdict):
            changes.append(_dated(LedgerChange(Change.OPENED, key, as_of, verdict.message, verdict, None), calendar, rules, told_from))
    return tuple(changes)


def out_of_force(
    held: Mapping[FindingKey, Finding], in_force: Mapping[str, Mapping[str, Rule]], now: datetime, why: Callable[[FindingKey], str | None]
) -> tuple[LedgerChange, ...]:
    """What closes because its rule no longer holds for its site; `why` gives the ground that the registry states, if any.

    Nothing observes such a finding any more, so nothing would ever resolve it.
    """
    return tuple(
        LedgerChange(
            Change.OUT_OF_FORCE, key, now, _OUT_OF_FORCE_WHY.format(f"（{ground}）" if (ground := why(key)) else ""), None, finding.id
        )
        for key, finding in held.items()
        if finding.state is not FindingState.RESOLVED and key.rule not in in_force.get(key.site, {})
    )


def _of_held(
    key: FindingKey, finding: Finding, verdict: Verdict | None, as_of: datetime, settled: frozenset[tuple[str, str]]
) -> LedgerChange | None:
    if as_of < max(finding.last_confirmed, finding.resolved_at or finding.last_confirmed):
        return None
    resolved = finding.state is FindingState.RESOLVED
    unseen = bool(finding.events) and finding.events[-1].what == Change.UNSEEN
    if verdict is None or verdict.reason == _WITHDRAWN:
        if resolved or unseen or (key.rule, key.site) not in settled:
            return None
        return LedgerChange(Change.UNSEEN, key, as_of, _UNSEEN_WHY, None, finding.id)
    if is_confirmed_fail(verdict):
        if resolved:
            why = f"第{times_found(finding) + 1}次发现：{verdict.message}"
            return LedgerChange(Change.REOPENED, key, as_of, why, verdict, finding.id, state=_reopened_as(finding, as_of))
        if as_of == finding.last_confirmed:
            return None
        return LedgerChange(Change.CONFIRMED, key, as_of, "再次见到该对象，问题仍在" if unseen else "", verdict, finding.id)
    if verdict.status in _MENDED and not resolved:
        return LedgerChange(Change.RESOLVED, key, as_of, verdict.message, verdict, finding.id)
    return None


def _reopened_as(finding: Finding, at: datetime) -> FindingState:
    """Open, or what a waiver or an explanation that still holds makes of it."""
    day = civil(at)
    return next((STAYED[stay.kind] for stay in reversed(finding.stays) if stay.holds(day)), FindingState.OPEN)


def _settled(verdicts: Iterable[Verdict]) -> frozenset[tuple[str, str]]:
    """The rules and sites that were judged without a doubt left."""
    judged, doubtful = set(), set()
    for verdict in verdicts:
        pair = (verdict.rule, verdict.site)
        judged.add(pair)
        if verdict.status is Status.INCONCLUSIVE:
            doubtful.add(pair)
    return frozenset(judged - doubtful)


def _dated(change: LedgerChange, calendar: WorkCalendar, rules: Mapping[str, Rule], told_from: Mapping[str, datetime]) -> LedgerChange:
    rule = rules.get(change.key.rule)
    if change.change not in (Change.OPENED, Change.REOPENED) or rule is None or rule.alert != "automatic":
        return change  # what a person reviews first has its days from the release on; what is only reported has none
    return replace(change, rectify_by=rectify_by(max(change.at, told_from.get(change.key.site, change.at)), calendar, rule))


def rectify_by(found_at: datetime, calendar: WorkCalendar, rule: Rule) -> date:
    """The day by which a finding is to be mended: `rectify_workdays` working days after the day it was found."""
    return calendar.add_workdays(civil(found_at), rule.rectify_workdays)


def preview(held: Mapping[FindingKey, Finding], changes: Sequence[LedgerChange]) -> dict[FindingKey, Finding]:
    """The findings as they would stand with the changes stored; new ones have no number yet, but a place: new-1, new-2 …"""
    findings = dict(held)
    for index, change in enumerate(changes, 1):
        findings[change.key] = _after(findings.get(change.key), change, f"new-{index}")
    return findings


def _after(finding: Finding | None, change: LedgerChange, provisional_id: str) -> Finding:
    event = FindingEvent(change.at, PROGRAM, change.change.value, change.why)
    if finding is None:
        if change.verdict is None:
            raise ValueError(f"{change.change} of {change.key} without a verdict")
        return Finding(provisional_id, change.verdict, FindingState.OPEN, change.at, change.at, None, change.rectify_by, (event,))
    if change.why:
        finding = replace(finding, events=(*finding.events, event))
    match change.change:
        case Change.REOPENED:
            return replace(finding, state=change.state, last_confirmed=change.at, resolved_at=None, rectify_by=change.rectify_by)
        case Change.RESOLVED | Change.OUT_OF_FORCE:
            stays = closed(finding.stays, (StayKind.APPEAL, StayEnd.RESOLVED), change.at)
            return replace(finding, state=FindingState.RESOLVED, resolved_at=change.at, stays=stays)
        case Change.CONFIRMED:
            return replace(finding, last_confirmed=change.at)
        case Change.OPENED | Change.UNSEEN:
            return finding
