"""What is told whom, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alerts.notices import Audience, Heading, Plan, Untold, plan
from data.calendar import WorkCalendar
from data.findings import FindingKey, Told
from data.records import Finding, FindingEvent, FindingState, Verdict
from data.registry import Registry
from tests.alerts.builders import RULES, at, make_registry, make_site, make_verdict

OPENED = "2026-11-02"  # Monday; ten working days later is Monday 16 November


def make_finding(events: Sequence[tuple[str, str]] = (("opened", OPENED),), state: str = "open", **more: Any) -> Finding:
    return Finding(
        id=more.pop("finding_id", "F000001"),
        verdict=make_verdict(OPENED, **more),
        state=FindingState(state),
        first_found=at(OPENED),
        last_confirmed=at(OPENED),
        resolved_at=at("2026-11-10") if state == "resolved" else None,
        rectify_by=at("2026-11-16").date(),
        events=tuple(FindingEvent(at(day), "gongkai", what, "") for what, day in events),
    )


def planned(now: str, findings: Sequence[Finding], verdicts: Sequence[Verdict], told: Told, registry: Registry | None = None) -> Plan:
    held = {FindingKey.of(finding.verdict): finding for finding in findings}
    return plan(registry or make_registry(), RULES, held, verdicts, told, at(now), WorkCalendar())


def told(found: Plan) -> list[tuple[str, str]]:
    """(audience, heading) of everything told."""
    return [(n.audience.value, item.heading.value) for n in found.notices for section in n.sections for item in section.items]


NEW = (("opened", OPENED), ("told-new", OPENED))
QUIET = Told(last_summary_at=at("2026-12-31"))
ADMIN_NEW, ADMIN_OVERDUE, ADMIN_RESOLVED = ("administrator", "new"), ("administrator", "overdue"), ("administrator", "resolved")
OVERDUE = [ADMIN_OVERDUE, ("supervisor", "overdue")]

# case, now, events and state of the finding, status of its latest verdict (None: not judged), what is told
CASES: list[tuple[str, str, Sequence[tuple[str, str]], str, str | None, list[tuple[str, str]]]] = [
    ("new", OPENED, (("opened", OPENED),), "open", "fail", [ADMIN_NEW]),
    ("told once", "2026-11-03", NEW, "notified", "fail", []),
    ("doubt holds a new one back", OPENED, (("opened", OPENED),), "open", "inconclusive", []),
    ("a rule that judges no more", OPENED, (("opened", OPENED),), "open", None, []),
    ("waived", OPENED, (("opened", OPENED),), "waived", "fail", []),
    ("appealed", "2026-11-17", NEW, "appealed", "fail", []),
    ("the last day to mend", "2026-11-16", NEW, "notified", "fail", []),
    ("the day after", "2026-11-17", NEW, "notified", "fail", OVERDUE),
    ("acknowledged is still owed", "2026-11-17", NEW, "acknowledged", "fail", OVERDUE),
    ("escalated once", "2026-11-18", (*NEW, ("told-overdue", "2026-11-17")), "notified", "fail", []),
    ("never escalated in doubt", "2026-11-17", NEW, "notified", "inconclusive", []),
    ("told late: new first, whatever the date", "2026-11-30", (("opened", OPENED),), "open", "fail", [ADMIN_NEW]),
    ("told late: ten days from the telling", "2026-12-01", (("opened", OPENED), ("told-new", "2026-11-18")), "notified", "fail", []),
    ("told late: and a day", "2026-12-03", (("opened", OPENED), ("told-new", "2026-11-18")), "notified", "fail", OVERDUE),
    ("resolved", "2026-11-10", (*NEW, ("resolved", "2026-11-10")), "resolved", "pass", [ADMIN_RESOLVED]),
    ("resolved, told once", "2026-11-11", (*NEW, ("resolved", "2026-11-10"), ("told-resolved", "2026-11-10")), "resolved", "pass", []),
    ("opened and resolved unheard", "2026-11-10", (("opened", OPENED), ("resolved", "2026-11-10")), "resolved", "pass", []),
    (
        "back again",
        "2026-11-12",
        (*NEW, ("resolved", "2026-11-10"), ("told-resolved", "2026-11-10"), ("reopened", "2026-11-12")),
        "open",
        "fail",
        [ADMIN_NEW],
    ),
]


@pytest.mark.parametrize(("now", "events", "state", "status", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_findings(now: str, events: Sequence[tuple[str, str]], state: str, status: str | None, expected: list[tuple[str, str]]) -> None:
    verdicts = [make_verdict(now, status)] if status else []
    assert told(planned(now, [make_finding(events, state)], verdicts, QUIET)) == expected


def test_stale_judgements_escalate_nothing() -> None:
    assert told(planned("2026-11-25", [make_finding(NEW, "notified")], [make_verdict("2026-11-17")], QUIET)) == []


def test_what_was_done_late_is_never_overdue() -> None:
    finding = make_finding(NEW, "notified", reason="late")
    assert told(planned("2026-11-30", [finding], [make_verdict("2026-11-30", reason="late")], QUIET)) == []


DUE_SOON = [
    ("confirmed", "due-soon", "confirmed", [("administrator", "due-soon")]),
    ("suspected", "due-soon", "suspected", []),
    ("a suspected fail", "fail", "suspected", []),
    ("a fail that the ledger does not hold", "fail", "confirmed", []),
]


@pytest.mark.parametrize(("status", "confidence", "expected"), [case[1:] for case in DUE_SOON], ids=[case[0] for case in DUE_SOON])
def test_verdicts(status: str, confidence: str, expected: list[tuple[str, str]]) -> None:
    verdict = make_verdict(OPENED, status, confidence=confidence, due="2026-11-05T23:59:59")
    assert told(planned(OPENED, [], [verdict], QUIET)) == expected


def test_a_deadline_is_warned_of_once() -> None:
    verdict = make_verdict(OPENED, "due-soon", due="2026-11-05T23:59:59")
    (notice,) = planned(OPENED, [], [verdict], QUIET).notices
    again = replace(verdict, as_of=verdict.as_of + timedelta(days=1))
    assert told(planned("2026-11-03", [], [again], replace(QUIET, due_marks=frozenset(notice.due_marks)))) == []
    later = replace(again, due=at("2026-11-09T23:59:59"))
    assert told(planned("2026-11-03", [], [later], replace(QUIET, due_marks=frozenset(notice.due_marks)))) == [
        ("administrator", "due-soon")
    ]


def test_one_digest_a_person_over_all_sites_of_theirs() -> None:
    sites = make_site("a", ("json://h/same",)), make_site("b", ("json://h/same",)), make_site("c", ("json://h/other",))
    findings = [make_finding(finding_id=f"F00000{n}", site=name) for n, name in enumerate("abc", 1)]
    found = planned(OPENED, findings, [make_verdict(OPENED, site=name) for name in "abc"], QUIET, make_registry(*sites))
    assert [[section.site.id for section in notice.sections] for notice in found.notices] == [["a", "b"], ["c"]]


def test_nobody_to_tell_is_reported_and_the_supervisor_hears_of_it() -> None:
    registry = make_registry(make_site(channels=()))
    found = planned(OPENED, [make_finding()], [make_verdict(OPENED)], Told(), registry)
    assert found.untold == (Untold("district", 1),)
    (notice,) = found.notices
    assert notice.audience is Audience.SUPERVISOR
    assert [site.id for site in notice.unreachable] == ["district"]
    assert notice.marks == ()  # it stays new until somebody is told


def test_what_nobody_could_be_told_of_is_escalated_all_the_same() -> None:
    registry = make_registry(make_site(channels=()))
    found = planned("2026-11-17", [make_finding()], [make_verdict("2026-11-17")], QUIET, registry)
    assert told(found) == [("supervisor", "overdue")]


def test_no_supervisor_either() -> None:
    found = planned(
        "2026-11-17", [make_finding()], [make_verdict("2026-11-17")], QUIET, make_registry(make_site(channels=()), supervisor=None)
    )
    assert (found.notices, found.untold) == ((), (Untold("district", 1), Untold(None, 1)))


def test_summary_once_a_day_and_only_if_something_happened() -> None:
    finding, verdict = make_finding(), make_verdict(OPENED, severity="veto")
    first = planned(OPENED, [finding], [verdict], Told()).notices[-1]
    (line,) = first.summary
    assert (first.kind, line.new, line.resolved, line.open) == ("supervisor-summary", 1, 0, 1)
    informed = make_finding(NEW, "notified")
    assert planned(OPENED + "T18:00", [informed], [verdict], Told(last_summary_at=at(OPENED))).notices == ()
    assert planned("2026-11-03", [informed], [make_verdict("2026-11-03")], Told(last_summary_at=at(OPENED))).notices == ()


def test_an_escalation_does_not_wait_for_the_next_day() -> None:
    found = planned(
        "2026-11-17", [make_finding(NEW, "notified")], [make_verdict("2026-11-17")], Told(last_summary_at=at("2026-11-17T08:00"))
    )
    assert [notice.kind for notice in found.notices] == ["administrator", "supervisor"]


def test_nothing_at_all() -> None:
    assert planned(OPENED, [], [make_verdict(OPENED, "pass")], Told()) == Plan((), ())


def test_key_tells_rounds_apart_and_repeats_itself() -> None:
    (notice,) = planned(OPENED, [make_finding()], [make_verdict(OPENED)], QUIET).notices
    (again,) = planned(OPENED + "T15:00", [make_finding()], [make_verdict(OPENED)], QUIET).notices
    back = (*NEW, ("resolved", "2026-11-10"), ("reopened", "2026-11-12"))
    (third,) = planned("2026-11-12", [make_finding(back)], [make_verdict("2026-11-12")], QUIET).notices
    day = at(OPENED).date()
    assert notice.key("json://h", day) == again.key("json://h", day) != third.key("json://h", day)
    assert notice.key("json://h", day) != notice.key("json://other", day)
    assert [item.times for section in third.sections for item in section.items] == [2]
    assert notice.count(Heading.NEW) == 1
