"""What persons do to findings, and what the end of a term does: which state allows what. Pure; data/ledger.py stores it.

    open (review first) ── release ─> open, and its unit is told
    open, notified, acknowledged ── appeal ──> appealed ── upheld ──> waived
                                 ── waive ───> waived              ── dismissed, withdrawn ──> where it was
                                 ── explain ─> explained
    waived, explained ── withdrawn, expired ──> where it was; resolved only by an observation (alerts/ledger.py)

A finding that rests is told to nobody and climbs no ladder. The working days that it rested are added to its day to mend.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from data.calendar import WorkCalendar
from data.catalogue import Rule
from data.days import civil
from data.errors import FindingStateError
from data.findings import OPEN_STATES, PROGRAM, RELEASED, Act, awaits_review, closed, resting_state
from data.records import Finding, FindingEvent, FindingState, Stay, StayEnd, StayKind
from data.registry_notices import FindingOptions

_RESTING = (FindingState.WAIVED, FindingState.EXPLAINED, FindingState.APPEALED)
_NAMES = {StayKind.WAIVER: "waiver", StayKind.EXPLANATION: "explanation", StayKind.APPEAL: "appeal"}


def acknowledge(finding: Finding, who: str, why: str, at: datetime) -> Act:
    """签收: somebody has taken the finding in hand."""
    _require(finding, (FindingState.OPEN, FindingState.NOTIFIED), "acknowledged")
    return _act(finding, FindingState.ACKNOWLEDGED, at, who, "acknowledged", why)


def release(finding: Finding, rule: Rule | None, who: str, why: str, at: datetime, calendar: WorkCalendar) -> Act:
    """转办: a person has looked at it, and the unit is to be told; its days to mend begin now."""
    _require(finding, OPEN_STATES, "released")
    if rule is None or not awaits_review(finding, rule):
        reason = "is only reported" if rule is not None and rule.alert == "report-only" else "its unit is or was told"
        raise FindingStateError(f"{finding.id}: waits for no review ({reason}); `gongkai findings --to-review` lists those that do")
    act = _act(finding, finding.state, at, who, RELEASED, why)
    return replace(act, rectify_by=calendar.add_workdays(civil(at), rule.rectify_workdays))


def appeal(finding: Finding, who: str, why: str, at: datetime) -> Act:
    """申诉: the unit says that the finding is wrong; it rests until somebody decides."""
    _require(finding, OPEN_STATES, "appealed")
    stay = Stay(StayKind.APPEAL, who, why, at, None)
    return _act(finding, FindingState.APPEALED, at, who, "appealed", why, opens=stay)


def waive(finding: Finding, who: str, why: str, at: datetime, until: date, options: FindingOptions) -> Act:
    """豁免: an approver lets it rest on a stated basis until a day."""
    _require(finding, OPEN_STATES, "waived")
    _require_until(finding, at, until, options.waiver_days, "findings.waiver_days")
    stay = Stay(StayKind.WAIVER, who, why, at, until)
    return _act(finding, FindingState.WAIVED, at, who, "waived", f"{why}（批准：{who}，至{until.isoformat()}）", opens=stay)


def explain(
    finding: Finding,
    who: str,
    why: str,
    at: datetime,
    period: tuple[date, date],
    until: date,
    options: FindingOptions,
    coefficient: float | None = None,
) -> Act:
    """情况说明: the gap is explained for a period; it earns a share of its points until a day, and not without end."""
    _require(finding, OPEN_STATES, "explained")
    first, last = period
    if first > last:
        raise FindingStateError(f"{finding.id}: the explanation speaks for {first} to {last}; give the earlier day first")
    _require_until(finding, at, until, options.explanation_days, "findings.explanation_days")
    times = sum(stay.kind is StayKind.EXPLANATION for stay in finding.stays)
    if times >= options.explanation_times:
        raise FindingStateError(
            f"{finding.id}: was explained {times} times, and findings.explanation_times allows {options.explanation_times}; it is to be mended"
        )
    share = options.explanation_coefficient if coefficient is None else coefficient
    if not 0 <= share <= 1:
        raise FindingStateError(f"{finding.id}: coefficient {share:g}: expected a share from 0 to 1")
    stay = Stay(StayKind.EXPLANATION, who, why, at, until, share, period)
    said = f"{why}（第{times + 1}次情况说明，所述期间{first.isoformat()}至{last.isoformat()}，系数{share:g}，至{until.isoformat()}）"
    return _act(finding, FindingState.EXPLAINED, at, who, "explained", said, opens=stay)


def decide(
    finding: Finding, who: str, why: str, at: datetime, *, upheld: bool, until: date | None, options: FindingOptions, calendar: WorkCalendar
) -> Act:
    """Decide an appeal. Upheld, the finding rests as waived until a day; dismissed, it is where it was before."""
    _require(finding, (FindingState.APPEALED,), "decided upon")
    if not upheld:
        return _ended(finding, StayKind.APPEAL, StayEnd.DISMISSED, at, who, why, calendar)
    if until is None:
        raise FindingStateError(f"{finding.id}: an appeal that is upheld rests as a waiver; give its last day with --until DATE")
    _require_until(finding, at, until, options.waiver_days, "findings.waiver_days")
    stay = Stay(StayKind.WAIVER, who, f"申诉成立：{why}", at, until)
    said = f"{why}（复核：{who}，至{until.isoformat()}）"
    return _act(finding, FindingState.WAIVED, at, who, "appeal-upheld", said, opens=stay, closes=(StayKind.APPEAL, StayEnd.UPHELD))


def withdraw(finding: Finding, who: str, why: str, at: datetime, calendar: WorkCalendar) -> Act:
    """End a waiver, an explanation or an appeal before its time."""
    _require(finding, _RESTING, "withdrawn from")
    kind = finding.stay.kind if finding.stay is not None else StayKind.WAIVER
    return _ended(finding, kind, StayEnd.WITHDRAWN, at, who, why, calendar)


def expired(findings: Iterable[Finding], at: datetime, calendar: WorkCalendar) -> tuple[Act, ...]:
    """What the end of their terms does to findings: a waiver or an explanation holds through its last day."""
    day = civil(at)
    acts = []
    for finding in findings:
        for stay in finding.stays:
            if stay.end is None and stay.until is not None and day > stay.until:
                why = f"期限{stay.until.isoformat()}已过（{stay.by}：{stay.basis}）"
                acts.append(_ended(finding, stay.kind, StayEnd.EXPIRED, at, PROGRAM, why, calendar))
    return tuple(acts)


def after(finding: Finding, act: Act) -> Finding:
    """The finding as it stands with the act done."""
    stays = closed(finding.stays, act.closes, act.at) if act.closes is not None else finding.stays
    return replace(
        finding,
        state=act.state,
        rectify_by=act.rectify_by,
        events=(*finding.events, FindingEvent(act.at, act.who, act.what, act.why)),
        stays=(*stays, act.opens) if act.opens is not None else stays,
    )


def rested_workdays(finding: Finding, calendar: WorkCalendar, since: datetime) -> int:
    """Working days that the finding rested after a moment, in stays that have ended."""
    spans = [
        (civil(max(stay.since, since)), civil(stay.ended_at))
        for stay in finding.stays
        if stay.ended_at is not None and stay.ended_at > since
    ]
    return sum(calendar.workdays_between(first, last).days for first, last in spans if last > first)


def _ended(finding: Finding, kind: StayKind, end: StayEnd, at: datetime, who: str, why: str, calendar: WorkCalendar) -> Act:
    stay = next((one for one in reversed(finding.stays) if one.kind is kind and one.end is None), None)
    resolved = finding.state is FindingState.RESOLVED
    rectify_by = finding.rectify_by
    if stay is not None and rectify_by is not None and not resolved:
        rested = calendar.workdays_between(civil(stay.since), civil(at)).days
        rectify_by = calendar.add_workdays(rectify_by, max(rested, 0))
    act = _act(finding, finding.state if resolved else resting_state(finding), at, who, f"{_NAMES[kind]}-{end}", why, closes=(kind, end))
    return replace(act, rectify_by=rectify_by)


def _act(
    finding: Finding,
    state: FindingState,
    at: datetime,
    who: str,
    what: str,
    why: str,
    *,
    opens: Stay | None = None,
    closes: tuple[StayKind, StayEnd] | None = None,
) -> Act:
    if not who.strip() or not why.strip():
        raise FindingStateError(f"{finding.id}: say who does this and why; both are kept in its log")
    return Act(finding.id, finding.state, state, at, who.strip(), what, why.strip(), finding.rectify_by, opens, closes)


def _require(finding: Finding, states: Iterable[FindingState], done: str) -> None:
    allowed = tuple(states)
    if finding.state not in allowed:
        raise FindingStateError(f"{finding.id}: is {finding.state}, and only {' or '.join(allowed)} can be {done}{_mend(finding.state)}")


def _mend(state: FindingState) -> str:
    if state is FindingState.APPEALED:
        return "; decide the appeal first: gongkai findings decide"
    if state in _RESTING:
        return "; end that first: gongkai findings withdraw"
    return "; an observation that shows it mended has closed it" if state is FindingState.RESOLVED else ""


def _require_until(finding: Finding, at: datetime, until: date, longest: int, key: str) -> None:
    days = (until - civil(at)).days
    if days < 0:
        raise FindingStateError(f"{finding.id}: {until} is past; give a last day that is still to come")
    if days > longest:
        raise FindingStateError(f"{finding.id}: {until} is {days} days ahead, and {key} allows {longest}; nothing rests for ever")
