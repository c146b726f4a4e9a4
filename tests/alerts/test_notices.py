"""What is told whom, and when: cases in tests/alerts/cases, and what takes more than one site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from alerts.items import Audience, Heading, Plan, Untold
from alerts.notices import Known, plan
from data.findings import FindingKey, Told
from data.records import SHANGHAI, Finding, FindingEvent, FindingState, Severity, Stay, StayEnd, StayKind, Verdict
from data.registry import Registry
from tests.alerts.builders import RULES, at, make_registry, make_site, make_verdict

CASES = Path(__file__).parent / "cases"
OPENED = "2026-11-02"
NEW = (("opened", OPENED), ("told-new", OPENED))
QUIET = Told(last_summary_at=at("2027-12-31"))


def load(name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = yaml.load((CASES / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return cases


def make_finding(events: Sequence[tuple[str, str]] = (("opened", OPENED),), state: str = "open", **more: Any) -> Finding:
    opened = next((day for what, day in events if what == "opened"), OPENED)
    resolved = [day for what, day in events if what in ("resolved", "out-of-force")]
    stays = more.pop("stays", ())
    return Finding(
        id=more.pop("finding_id", "F000001"),
        verdict=make_verdict(opened, **more),
        state=FindingState(state),
        first_found=at(opened),
        last_confirmed=at(opened),
        resolved_at=at(resolved[-1]) if state == "resolved" else None,
        rectify_by=at("2026-11-16").date(),
        events=tuple(FindingEvent(at(day), "gongkai", what, "") for what, day in events),
        stays=stays,
    )


def planned(
    now: str,
    findings: Sequence[Finding],
    verdicts: Sequence[Verdict],
    told: Told = QUIET,
    registry: Registry | None = None,
    first_seen: dict[str, datetime] | None = None,
) -> Plan:
    held = {FindingKey.of(finding.verdict): finding for finding in findings}
    return plan(registry or make_registry(), Known(RULES, held, verdicts, told, first_seen or {}), at(now))


def told(found: Plan) -> list[str]:
    """ "audience heading" of everything told."""
    return [f"{notice.audience} {item.heading}" for notice in found.notices for item in notice.items]


def options(case: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(yaml.safe_dump(case.get("notices", {})).replace("'", ""))
    return found


def stay(text: str) -> Stay:
    kind, since, ended, end = text.split()
    return Stay(StayKind(kind), "张三", "…", at(since), None, ended_at=at(ended), end=StayEnd(end))


@pytest.mark.parametrize("case", load("findings.yml"), ids=lambda case: case["case"])
def test_findings(case: dict[str, Any]) -> None:
    more = dict(case.get("verdict", {}))
    day, observed = more.pop("day", case["now"]), more.pop("observed", None)
    pairs = [tuple(event.split()) for event in case["events"]]
    finding = make_finding(pairs, case["state"], stays=tuple(stay(text) for text in case.get("stays", ())), **more)
    verdicts = [] if case["latest"] == "none" else [make_verdict(day, case["latest"], **more)]
    if observed:
        verdicts = [
            replace(verdict, evidence=tuple(replace(one, observed_at=at(observed)) for one in verdict.evidence)) for verdict in verdicts
        ]
    site = make_site() if case.get("reachable", "true") == "true" else make_site(channels=())
    first_seen = {"district": at(case["first_seen"])} if "first_seen" in case else {}
    found = planned(case["now"], [finding], verdicts, QUIET, make_registry(site, **options(case)), first_seen)
    assert told(found) == case["told"]
    assert found.waiting == int(case.get("waiting", 0))
    assert found.opens_at == (at(case["opens"]) if "opens" in case else None)
    assert [f"{one.audience} {one.site} {one.items}" for one in found.untold] == case.get("untold", [])


@pytest.mark.parametrize("case", load("deadlines.yml"), ids=lambda case: case["case"])
def test_deadlines(case: dict[str, Any]) -> None:
    def verdict(due: str | None) -> Verdict:
        more = {key: case[key] for key in ("rule", "kind", "column", "confidence") if key in case}
        return make_verdict(case["now"], "due-soon", due=due, **more)

    before = verdict(case.get("said_of", case.get("due")))
    said = frozenset(f"{FindingKey.of(before).digest}@{before.due.isoformat()}@{stage}" for stage in case.get("said", ()) if before.due)
    first_seen = {"district": at(case["first_seen"])} if "first_seen" in case else {}
    registry = make_registry(**options(case))
    found = planned(case["now"], [], [verdict(case.get("due"))], replace(QUIET, due_marks=said), registry, first_seen)
    items = [item for notice in found.notices for item in notice.items]
    assert [(notice.audience, item.heading, str(item.stage)) for notice in found.notices for item in notice.items] == (
        [] if case["told"] == "none" else [(Audience.ADMINISTRATOR, Heading.DUE_SOON, case["told"])]
    )
    again = replace(QUIET, due_marks=said | {item.due_mark for item in items if item.due_mark})
    assert told(planned(case["now"], [], [verdict(case.get("due"))], again, registry, first_seen)) == []


@pytest.mark.parametrize(
    ("status", "confidence"), [("fail", "suspected"), ("fail", "confirmed"), ("inconclusive", "confirmed"), ("pass", "confirmed")]
)
def test_a_verdict_that_the_ledger_does_not_hold_tells_nobody(status: str, confidence: str) -> None:
    assert told(planned(OPENED, [], [make_verdict(OPENED, status, confidence=confidence)])) == []


def test_a_standing_reminder_is_said_once_in_its_turn() -> None:
    climbed = (*NEW, ("told-overdue", "2026-11-17"), ("told-urged", "2026-11-23"), ("told-escalated", "2026-11-30"))
    finding = make_finding(climbed, "notified")
    (notice,) = planned("2026-12-14", [finding], [make_verdict("2026-12-14")]).notices
    assert notice.marks == ()
    said = replace(QUIET, due_marks=frozenset(notice.due_marks))
    assert told(planned("2026-12-15", [finding], [make_verdict("2026-12-15")], said)) == []
    assert told(planned("2026-12-28", [finding], [make_verdict("2026-12-28")], said)) == ["administrator standing"]


def test_one_digest_a_channel_over_all_sites_and_persons() -> None:
    sites = (
        make_site("a", ("json://h/same", "json://h/mine")),
        make_site("b", ("json://h/same",), person="李四"),
        make_site("c", ("json://h/other",)),
    )
    findings = [make_finding(finding_id=f"F00000{n}", site=name) for n, name in enumerate("abc", 1)]
    found = planned(OPENED, findings, [make_verdict(OPENED, site=name) for name in "abc"], QUIET, make_registry(*sites))
    digests = {notice.channels: [section.site.id for section in notice.sections] for notice in found.notices}
    assert digests == {("json://h/same",): ["a", "b"], ("json://h/mine",): ["a"], ("json://h/other",): ["c"]}
    assert [contact.name for contact in found.notices[0].contacts] == [None, "李四"]


def test_one_person_s_channels_share_a_digest() -> None:
    (notice,) = planned(
        OPENED, [make_finding()], [make_verdict(OPENED)], QUIET, make_registry(make_site(channels=("json://a", "json://b", "json://a")))
    ).notices
    assert notice.channels == ("json://a", "json://b")


def test_out_of_hours_a_message_holds_only_what_cannot_wait() -> None:
    grave, plain = make_finding(severity="veto"), make_finding(finding_id="F000002", url="http://127.0.0.11/b.html")
    verdicts = [make_verdict("2026-11-07", severity="veto"), make_verdict("2026-11-07", url="http://127.0.0.11/b.html")]
    found = planned("2026-11-07", [grave, plain], verdicts, Told())
    (notice,) = found.notices
    assert notice.urgent
    assert [item.verdict.severity for item in notice.items] == [Severity.VETO]
    assert (found.waiting, found.opens_at) == (1, datetime(2026, 11, 9, 8, 30, tzinfo=SHANGHAI))


def test_nobody_to_tell_and_the_supervisor_hears_of_it() -> None:
    found = planned(OPENED, [make_finding()], [make_verdict(OPENED)], Told(), make_registry(make_site(channels=())))
    (notice,) = found.notices
    assert notice.audience is Audience.SUPERVISOR
    assert [site.id for site in notice.unreachable] == ["district"]
    assert notice.marks == ()  # it stays new until somebody is told


def test_no_supervisor_either() -> None:
    registry = make_registry(make_site(channels=()), supervisor=None)
    found = planned("2026-11-17", [make_finding()], [make_verdict("2026-11-17")], QUIET, registry)
    assert found.notices == ()
    assert found.untold == (Untold(Audience.ADMINISTRATOR, "district", 1), Untold(Audience.SUPERVISOR, None, 1))


def test_summary_once_a_day_and_only_if_something_happened() -> None:
    finding, verdict = make_finding(severity="veto"), make_verdict(OPENED, severity="veto")
    resting = make_finding(finding_id="F000009", state="explained", url="http://127.0.0.11/z.html")
    first = planned(OPENED, [finding, resting], [verdict], Told()).notices[-1]
    (line,) = first.summary
    assert (first.kind, line.new, line.veto, line.resolved, line.open, line.overdue, line.resting) == (
        "supervisor-summary",
        1,
        1,
        0,
        1,
        0,
        1,
    )
    informed = make_finding(NEW, "notified")
    assert planned(OPENED + "T16:00", [informed], [verdict], Told(last_summary_at=at(OPENED))).notices == ()
    assert planned("2026-11-03", [informed], [make_verdict("2026-11-03")], Told(last_summary_at=at(OPENED))).notices == ()


def test_an_escalation_does_not_wait_for_the_next_day() -> None:
    finding = make_finding((*NEW, ("told-overdue", "2026-11-17"), ("told-urged", "2026-11-23")), "notified")
    found = planned("2026-11-30", [finding], [make_verdict("2026-11-30")], Told(last_summary_at=at("2026-11-30T08:40")))
    assert [notice.kind for notice in found.notices] == ["administrator", "supervisor"]


def test_nothing_at_all() -> None:
    assert planned(OPENED, [], [make_verdict(OPENED, "pass")], Told()) == Plan(())


def test_key_tells_rounds_apart_and_repeats_itself() -> None:
    (notice,) = planned(OPENED, [make_finding()], [make_verdict(OPENED)]).notices
    (again,) = planned(OPENED + "T15:00", [make_finding()], [make_verdict(OPENED)]).notices
    back = (*NEW, ("resolved", "2026-11-10"), ("reopened", "2026-11-12"))
    (third,) = planned("2026-11-12", [make_finding(back)], [make_verdict("2026-11-12")]).notices
    day = at(OPENED).date()
    assert notice.key("json://h", day) == again.key("json://h", day) != third.key("json://h", day)
    assert notice.key("json://h", day) != notice.key("json://other", day)
    assert [item.times for item in third.items] == [2]
    assert notice.count(Heading.NEW) == 1


def test_a_deadline_told_today_is_not_told_tomorrow_at_the_same_distance() -> None:
    verdict = make_verdict(OPENED, "due-soon", due="2026-11-09T23:59:59")
    (notice,) = planned(OPENED, [], [verdict]).notices
    again = replace(verdict, as_of=verdict.as_of + timedelta(days=1))
    assert told(planned("2026-11-03", [], [again], replace(QUIET, due_marks=frozenset(notice.due_marks)))) == []


@pytest.mark.parametrize(
    "status", ["pass", "due-soon", "not-applicable", "inconclusive", "suspected", "waived", "explained", "appealed", "baseline"]
)
def test_on_no_day_is_anybody_told_of_what_is_in_doubt_or_rests(status: str) -> None:
    """Every step of the ladder, every day of three months, every hour that matters, a veto among them."""
    steps = ["told-new", "told-reminder", "told-overdue", "told-urged", "told-escalated"]
    confidence = "suspected" if status == "suspected" else "confirmed"
    latest = status if status in ("pass", "due-soon", "not-applicable", "inconclusive") else "fail"
    state = status if status in ("waived", "explained", "appealed") else "notified"
    for told_steps in range(len(steps) + 1):
        events = [("opened", OPENED), *((step, OPENED) for step in steps[:told_steps])]
        finding = make_finding(events, state if told_steps or state != "notified" else "open", severity="veto")
        for day in range(0, 90, 3):
            for hour in (7, 12, 23):
                now = (at(OPENED) + timedelta(days=day)).strftime(f"%Y-%m-%dT{hour:02d}:00")
                first_seen = {"district": at(now) - timedelta(days=6)} if status == "baseline" else {}
                found = planned(
                    now, [finding], [make_verdict(now, latest, confidence=confidence, severity="veto")], QUIET, None, first_seen
                )
                assert (told(found), found.waiting) == ([], 0), (now, told_steps)
