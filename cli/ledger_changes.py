"""What a loaded rectification ledger changes: each row against the finding as it stands, all or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from alerts import acts
from data.calendar import WorkCalendar
from data.catalogue import load_rules
from data.days import civil
from data.errors import GongkaiError
from data.findings import Act
from data.records import Finding
from data.registry_notices import FindingOptions
from data.tasks import Assignment, Task
from scorecards.ledger_sheet import ACTIONS, RELEASE, Entry, LedgerFileError

_NONE = "（无）"
_CORRECTED = "经整改台账更正"


@dataclass(frozen=True, slots=True)
class RowChange:
    """One finding's changes: what is said of them, and what is to be stored."""

    finding: str
    unit: str
    lines: tuple[str, ...]
    acts: tuple[Act, ...]
    assignment: Assignment | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a load is held against: findings and their ledger rows as they stand now."""

    findings: Mapping[str, Finding]
    rows: Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who loads the ledger, when, and what the registry allows."""

    who: str
    at: datetime
    options: FindingOptions
    calendar: WorkCalendar


def changes(where: str, entries: Sequence[Entry], standing: Standing, actor: Actor) -> tuple[RowChange, ...]:
    """The changes row by row; rows that say what stands are left out. Raises LedgerFileError with one line a fault."""
    times = Counter(entry.finding for entry in entries)
    faults: list[str] = []
    made: list[RowChange] = []
    for entry in entries:
        try:
            _identified(entry, standing, times)
            change = _change(entry, standing.rows[entry.finding], standing.findings[entry.finding], actor)
        except GongkaiError as error:
            faults.append(f"{where}: row {entry.row}: {error}")
            continue
        if change is not None:
            made.append(change)
    if faults:
        raise LedgerFileError("\n".join(faults))
    return tuple(made)


def _identified(entry: Entry, standing: Standing, times: Mapping[str, int]) -> None:
    now = standing.rows.get(entry.finding)
    if now is None:
        raise LedgerFileError(f"编号 {entry.finding or _NONE}: no such finding in the ledger; leave the numbers as they were exported")
    if times[entry.finding] > 1:
        raise LedgerFileError(f"{entry.finding}: stands in {times[entry.finding]} rows; keep one of them")
    if entry.mark != now.mark:
        raise LedgerFileError(f"{entry.finding}: has changed since this ledger was exported; export it anew and enter this row again")
    for head, text in now.fixed.items():
        if entry.fixed[head] != text:
            raise LedgerFileError(f"{entry.finding}: {head} was changed; it comes from observation, put back “{text[:60]}”")


def _change(entry: Entry, now: Entry, finding: Finding, actor: Actor) -> RowChange | None:
    lines: list[str] = []
    assignment = _assignment(entry, now, finding, actor, lines)
    done = _acts(entry, now, finding, actor, lines)
    if not lines:
        return None
    return RowChange(entry.finding, entry.fixed["单位"], tuple(lines), done, assignment)


def _assignment(entry: Entry, now: Entry, finding: Finding, actor: Actor, lines: list[str]) -> Assignment | None:
    if (entry.owner, entry.due_on) == (now.owner, now.due_on):
        return None
    found_on = civil(finding.first_found)
    if entry.due_on is not None and entry.due_on < found_on:
        raise LedgerFileError(f"{finding.id}: 办结期限 {entry.due_on} is before it was found ({found_on}); give a later day")
    said = [
        f"{head} {old or _NONE} → {new or _NONE}"
        for head, old, new in (("责任人", now.owner, entry.owner), ("办结期限", now.due_on, entry.due_on))
        if old != new
    ]
    lines += said
    return Assignment(Task(finding.id, entry.owner, entry.due_on), actor.who, actor.at, f"{_CORRECTED}：{'；'.join(said)}")


def _acts(entry: Entry, now: Entry, finding: Finding, actor: Actor, lines: list[str]) -> tuple[Act, ...]:
    """What is done about a finding: a stay begins, ends, or ends and begins anew with other words."""
    if _stay(entry) == _stay(now):
        return ()
    if entry.action == ACTIONS_APPEAL or (now.action == ACTIONS_APPEAL and entry.action != now.action):
        raise LedgerFileError(f"{finding.id}: an appeal is filed and decided by `gongkai findings appeal` and `decide`, not in the ledger")
    if entry.action is None and any(_stay(entry)[2:]) and now.action is None:
        raise LedgerFileError(
            f"{finding.id}: gives a period, a coefficient or a term, and no 处理; write 豁免 or 情况说明, or empty the cells"
        )
    done: list[Act] = []
    held = finding
    if now.action is not None:
        reason = entry.basis if entry.action is None and entry.basis and entry.basis != now.basis else _CORRECTED
        done.append(acts.withdraw(held, actor.who, reason, actor.at, actor.calendar))
        held = acts.after(held, done[-1])
    begin = _BEGIN.get(entry.action or "")
    if begin is not None:
        done.append(begin(entry, held, actor))
    if done:
        lines.append(f"处理 {_told(now)} → {_told(entry)}")
    return tuple(done)


def _waive(entry: Entry, held: Finding, actor: Actor) -> Act:
    basis, until = _needed(held, entry, "豁免")
    return acts.waive(held, actor.who, basis, actor.at, until, actor.options)


def _explain(entry: Entry, held: Finding, actor: Actor) -> Act:
    basis, until = _needed(held, entry, "情况说明")
    if entry.first is None or entry.last is None:
        raise LedgerFileError(f"{held.id}: 情况说明 needs 说明期间起 and 说明期间止")
    return acts.explain(held, actor.who, basis, actor.at, (entry.first, entry.last), until, actor.options, entry.coefficient)


def _release(entry: Entry, held: Finding, actor: Actor) -> Act:
    if entry.basis is None:
        raise LedgerFileError(f"{held.id}: 核定 needs 处理依据: on what it was found to be so")
    return acts.release(held, load_rules().get(held.verdict.rule), actor.who, entry.basis, actor.at, actor.calendar)


_BEGIN: Mapping[str, Callable[[Entry, Finding, Actor], Act]] = {"豁免": _waive, "情况说明": _explain, RELEASE: _release}
ACTIONS_APPEAL = next(name for kind, name in ACTIONS.items() if kind.value == "appeal")


def _needed(held: Finding, entry: Entry, action: str) -> tuple[str, date]:
    if entry.basis is None or entry.until is None:
        raise LedgerFileError(f"{held.id}: {action} needs 处理依据 and 有效期至; nothing rests without a ground or without end")
    return entry.basis, entry.until


def _stay(entry: Entry) -> tuple[object, ...]:
    if entry.action == ACTIONS_APPEAL:
        return (entry.action,)
    return (entry.action, entry.basis, entry.first, entry.last, entry.coefficient, entry.until)


def _told(entry: Entry) -> str:
    if entry.action is None:
        return _NONE
    parts = [
        "" if entry.coefficient is None else f"系数 {entry.coefficient:g}",
        "" if entry.first is None else f"所述期间 {entry.first} 至 {entry.last}",
        "" if entry.until is None else f"有效期至 {entry.until}",
        entry.basis or "",
    ]
    said = "，".join(part for part in parts if part)
    return f"{entry.action}（{said}）" if said else entry.action
