"""Whether a column that was stale or empty, and was mended, is stale or empty again (回潮)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from checks.clocks import add_months
from checks.observing import Held, Reading, held, is_complete, proves_empty, shows_everything_new, too_old, walk_evidence
from checks.registry import Outcome, check
from checks.subjects import column_subject, site_subject
from checks.tree import current_columns, is_archive, is_period
from data.catalogue import Rule, load_columns
from data.days import civil, zh_day
from data.records import Column, ColumnKind, Confidence, Evidence, Measure, Status, Walk
from data.view import SiteView


@dataclass(frozen=True, slots=True)
class _Look:
    """One conclusive reading of a list: whether it was at fault then."""

    at: datetime
    fault: bool
    empty: bool
    words: str  # "未见内容", "最新一条为…"
    evidence: Evidence


@check("column-relapse")
def column_relapse(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """娄底市2021年工作要点 五(十六): what was put right does not lapse again (信息不更新)."""
    relapsed = followed = 0
    for column in current_columns(view):
        if column.kind is not ColumnKind.LIST or is_period(column) or is_archive(column):
            continue
        runs = _runs([look for walk in column.walks if (look := _look(rule, column, walk)) is not None])
        followed += bool(runs)
        outcome = _relapse(view, rule, column, runs)
        if outcome is not None:
            relapsed += outcome.status is Status.FAIL
            yield outcome
    if not followed:
        yield Outcome(Status.INCONCLUSIVE, "no-columns" if not view.columns else "not-walked", site_subject(view))
    elif not relapsed:
        yield Outcome(Status.PASS, "none", site_subject(view), {"examined": followed}, measured=Measure(0, "column"))


def _look(rule: Rule, column: Column, walk: Walk) -> _Look | None:
    """What a walk shows of its list; None where it shows too little."""
    if proves_empty(walk):
        return _Look(walk.at, True, True, "未见内容", walk_evidence(walk))
    if not walk.entries:
        return None
    last = _last_day(rule, column, walk.newest_on) if walk.newest_on is not None else None
    if last is not None and civil(walk.at) <= last:
        return _Look(walk.at, False, False, "已有更新", walk_evidence(walk))
    if last is None and _term(rule, column) is None:
        return _Look(walk.at, False, False, "已有内容", walk_evidence(walk)) if is_complete(walk) else None
    if last is None or walk.undated or not shows_everything_new(walk) or walk.newest_on is None:
        return None
    return _Look(walk.at, True, False, f"最新一条为{zh_day(walk.newest_on)}", walk_evidence(walk))


def _term(rule: Rule, column: Column) -> dict[str, int] | None:
    """How long an entry keeps the column up to date, as {days} or {months}; None for kinds that owe no updates."""
    known = load_columns().get(column.canonical) if column.canonical is not None else None
    term: dict[str, int] | None = rule.params["terms"].get(known.update_class) if known is not None else None
    return term


def _last_day(rule: Rule, column: Column, newest: date) -> date | None:
    term = _term(rule, column)
    if term is None:
        return None
    return newest + timedelta(days=term["days"]) if "days" in term else add_months(newest, term["months"])


def _runs(looks: Sequence[_Look]) -> list[list[_Look]]:
    """Readings that follow each other and show the same, as runs, oldest first."""
    runs: list[list[_Look]] = []
    for look in sorted(looks, key=lambda look: look.at):
        if runs and runs[-1][-1].fault is look.fault:
            runs[-1].append(look)
        else:
            runs.append([look])
    return runs


def _relapse(view: SiteView, rule: Rule, column: Column, runs: Sequence[Sequence[_Look]]) -> Outcome | None:
    """Judge a column whose history holds a fault and its mending; None for any other."""
    assert rule.threshold is not None
    if len(runs) < 2 or not any(run[0].fault for run in runs[:-1]):
        return None
    if not runs[-1][0].fault:
        return Outcome(Status.PASS, "holds", column_subject(column), {"since": zh_day(runs[-1][0].at)}, (runs[-1][-1].evidence,))
    first, mended, again = runs[-3], runs[-2], runs[-1]
    days = (civil(again[0].at) - civil(mended[0].at)).days
    facts = {
        "first": first[0].words,
        "first_on": zh_day(first[-1].at),
        "mended": zh_day(mended[0].at),
        "again": again[-1].words,
        "days": days,
    }
    subject, measured = column_subject(column), Measure(days, "day")
    if days > rule.threshold.value:
        return Outcome(Status.NOT_APPLICABLE, "long-apart", subject, facts, measured=measured)
    before, now = _held(first, rule), _held(again, rule)
    if too_old(again[-1].at, view, rule):
        return Outcome(Status.INCONCLUSIVE, "observation-too-old", subject, facts, measured=measured)
    if first[-1].empty and before.confidence is Confidence.SUSPECTED:
        # Seen once, it may have been a passing trouble of the page; a stale list bears its dates.
        return Outcome(Status.INCONCLUSIVE, "first-unsure", subject, facts, measured=measured)
    evidence = (first[-1].evidence, mended[0].evidence, *now.evidence)
    return Outcome(Status.FAIL, "relapsed", subject, facts, evidence, measured, confidence=now.confidence)


def _held(run: Sequence[_Look], rule: Rule) -> Held:
    found = held((Reading(look.at, True, (look.evidence,)) for look in run), rule)
    assert found is not None  # a run is never empty
    return found
