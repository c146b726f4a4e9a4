"""Findings as an office keeps them: counts for a unit, and the lines of the rectification ledger (整改台账)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from data.catalogue import Rule
from data.days import civil
from data.records import STAYED, Finding, FindingState, Stay, StayKind
from data.registry import Site
from data.tasks import Task, mark
from scorecards.model import FindingFigures, LedgerRow
from scorecards.score import tenth
from scorecards.week import Week
from scorecards.wording import clean, day

_WAITING = (FindingState.OPEN, FindingState.NOTIFIED, FindingState.ACKNOWLEDGED)


def known(findings: Sequence[Finding], as_of: datetime) -> tuple[Finding, ...]:
    """The findings that existed at the moment, oldest first."""
    return tuple(
        sorted((finding for finding in findings if finding.first_found <= as_of), key=lambda finding: (finding.first_found, finding.id))
    )


def state_at(finding: Finding, as_of: datetime) -> FindingState:
    """The finding's state; one that was resolved only later was still open then, one that rests only later did not rest yet."""
    later = finding.resolved_at is not None and finding.resolved_at > as_of
    if finding.state is FindingState.RESOLVED and later:
        resting = stay_at(finding, as_of)
        return FindingState.OPEN if resting is None else STAYED[resting.kind]
    if finding.state in STAYED.values() or finding.state in _WAITING:
        resting = stay_at(finding, as_of)
        if resting is not None:
            return STAYED[resting.kind]
        if finding.state in STAYED.values():
            told = any(event.what == FindingState.NOTIFIED.value and event.at <= as_of for event in finding.events)
            return FindingState.NOTIFIED if told else FindingState.OPEN
        return finding.state
    return finding.state


def stay_at(finding: Finding, as_of: datetime) -> Stay | None:
    """The waiver, explanation or appeal in force at the moment; an appeal before what it may end in."""
    day = civil(as_of)
    held = [
        stay
        for stay in finding.stays
        if stay.since <= as_of and (stay.ended_at is None or stay.ended_at > as_of) and (stay.until is None or day <= stay.until)
    ]
    return max(held, key=lambda stay: (stay.kind is StayKind.APPEAL, stay.since), default=None)


def kept_share(finding: Finding, as_of: datetime) -> float | None:
    """The share of its points that a finding keeps at the moment: all where it is waived, the coefficient where it is explained."""
    stay = stay_at(finding, as_of)
    if stay is None or stay.kind is StayKind.APPEAL:
        return None
    return 1.0 if stay.kind is StayKind.WAIVER else stay.coefficient


def overdue(finding: Finding, as_of: datetime) -> bool:
    """Past its date to mend; never while under appeal."""
    waits = state_at(finding, as_of) in _WAITING
    return waits and finding.rectify_by is not None and finding.rectify_by < civil(as_of)


def _mended_in(finding: Finding, week: Week, as_of: datetime) -> bool:
    mended = finding.resolved_at
    return state_at(finding, as_of) is FindingState.RESOLVED and mended is not None and week.starts_at <= mended < week.ends_at


def figures(findings: Sequence[Finding], week: Week, as_of: datetime) -> FindingFigures:
    """Counts of one site's known findings."""
    states = [state_at(finding, as_of) for finding in findings]
    spans = [
        (finding.resolved_at - finding.first_found).total_seconds() / 86400
        for finding, state in zip(findings, states, strict=True)
        if state is FindingState.RESOLVED and finding.resolved_at is not None
    ]
    return FindingFigures(
        open=sum(state in (*_WAITING, FindingState.APPEALED) for state in states),
        overdue=sum(overdue(finding, as_of) for finding in findings),
        new_week=sum(week.starts_at <= finding.first_found < week.ends_at for finding in findings),
        mended_week=sum(_mended_in(finding, week, as_of) for finding in findings),
        waived=sum(state is FindingState.WAIVED for state in states),
        mean_days_to_mend=tenth(sum(spans) / len(spans)) if spans else None,
    )


def ledger_rows(
    findings: Sequence[Finding],
    sites: Mapping[str, Site],
    rules: Mapping[str, Rule],
    tasks: Mapping[str, Task],
    week: Week,
    as_of: datetime,
) -> tuple[LedgerRow, ...]:
    """What is not mended yet, and what was mended in the week; by unit in registry order."""
    places = {site: index for index, site in enumerate(sites)}
    rows = [finding for finding in findings if finding.verdict.site in sites]
    rows = [finding for finding in rows if state_at(finding, as_of) is not FindingState.RESOLVED or _mended_in(finding, week, as_of)]
    rows.sort(key=lambda finding: (places[finding.verdict.site], finding.rectify_by or as_of.date(), finding.id))
    return tuple(_row(number, finding, sites, rules, tasks.get(finding.id), as_of) for number, finding in enumerate(rows, 1))


def _row(
    number: int, finding: Finding, sites: Mapping[str, Site], rules: Mapping[str, Rule], task: Task | None, as_of: datetime
) -> LedgerRow:
    verdict, site = finding.verdict, sites[finding.verdict.site]
    state = state_at(finding, as_of)
    rule = rules.get(verdict.rule)
    title = rule.title_zh if rule is not None else verdict.rule
    stay = stay_at(finding, as_of)
    first, last = stay.period if stay is not None and stay.period else (None, None)
    return LedgerRow(
        number=number,
        finding=finding.id,
        site=site.id,
        unit=clean(site.unit or site.name, 100),
        problem=clean(f"【{title}】{verdict.message}"),
        basis="；".join(f"{clause.source}{clause.clause}" for clause in verdict.clauses),
        place=clean(verdict.subject.title, 300),
        url=None if verdict.subject.url is None else clean(verdict.subject.url, 2000),
        first_found=civil(finding.first_found),
        rectify_by=finding.rectify_by,
        state=state,
        overdue=overdue(finding, as_of),
        outcome=_outcome(finding, state, as_of),
        rule=verdict.rule,
        title=title,
        remedy=rule.remedy if rule is not None else "",
        owner=None if task is None or task.owner is None else clean(task.owner, 100),
        due_on=None if task is None else task.due_on,
        stay=None if stay is None else stay.kind,
        stay_basis=None if stay is None else clean(stay.basis),
        stay_from=first,
        stay_to=last,
        coefficient=None if stay is None else stay.coefficient,
        stay_until=None if stay is None else stay.until,
        mark=mark(finding, task),
    )


def _outcome(finding: Finding, state: FindingState, as_of: datetime) -> str:
    relapses = sum(event.what == "reopened" and event.at <= as_of for event in finding.events)
    parts = [f"曾整改后再次出现 {relapses} 次"] if relapses else []
    if state is FindingState.RESOLVED:
        parts.insert(0, f"{day(finding.resolved_at)} 复查已整改到位")
    elif overdue(finding, as_of):
        parts.insert(0, f"截至 {day(as_of)} 尚未整改，已超过整改期限")
    return "；".join(parts)
