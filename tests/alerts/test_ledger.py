"""The life of a finding, judging by judging."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from alerts.ledger import apply, preview
from data.calendar import WorkCalendar
from data.findings import FindingKey, times_found
from data.records import Finding, FindingState, Verdict
from tests.alerts.builders import RULE, RULES, at, make_verdict

Step = tuple[str, str, dict[str, Any]]

# (case, judgings as (day, status, more), what each changes, the state at the end)
LIVES: list[tuple[str, list[Step], list[str], str | None]] = [
    ("a confirmed fail opens", [("2026-11-02", "fail", {})], ["opened"], "open"),
    ("a suspected fail opens nothing", [("2026-11-02", "fail", {"confidence": "suspected"})], [""], None),
    ("doubt opens nothing", [("2026-11-02", "inconclusive", {})], [""], None),
    ("seen again", [("2026-11-02", "fail", {}), ("2026-11-03", "fail", {})], ["opened", "confirmed"], "open"),
    ("the same judging again", [("2026-11-02", "fail", {}), ("2026-11-02", "fail", {})], ["opened", ""], "open"),
    ("a pass resolves", [("2026-11-02", "fail", {}), ("2026-11-03", "pass", {})], ["opened", "resolved"], "resolved"),
    ("not applicable any more", [("2026-11-02", "fail", {}), ("2026-11-03", "not-applicable", {})], ["opened", "resolved"], "resolved"),
    ("updated, and near its next limit", [("2026-11-02", "fail", {}), ("2026-11-03", "due-soon", {})], ["opened", "resolved"], "resolved"),
    ("doubt resolves nothing", [("2026-11-02", "fail", {}), ("2026-11-03", "inconclusive", {})], ["opened", ""], "open"),
    (
        "suspicion neither confirms nor resolves",
        [("2026-11-02", "fail", {}), ("2026-11-03", "fail", {"confidence": "suspected"})],
        ["opened", ""],
        "open",
    ),
    (
        "it comes back",
        [("2026-11-02", "fail", {}), ("2026-11-03", "pass", {}), ("2026-11-09", "fail", {}), ("2026-11-10", "pass", {})],
        ["opened", "resolved", "reopened", "resolved"],
        "resolved",
    ),
    (
        "suspicion does not reopen",
        [("2026-11-02", "fail", {}), ("2026-11-03", "pass", {}), ("2026-11-09", "fail", {"confidence": "suspected"})],
        ["opened", "resolved", ""],
        "resolved",
    ),
    ("an older judging changes nothing", [("2026-11-05", "fail", {}), ("2026-11-02", "pass", {})], ["opened", ""], "open"),
    (
        "the site moves to https",
        [("2026-11-02", "fail", {}), ("2026-11-03", "pass", {"url": "https://127.0.0.11/a.html"})],
        ["opened", "resolved"],
        "resolved",
    ),
    (
        "withdrawn: another document is judged, this one is not",
        [("2026-11-02", "fail", {}), ("2026-11-03", "pass", {"url": "http://127.0.0.11/b.html"}), ("2026-11-04", "fail", {})],
        ["opened", "unseen", "confirmed"],
        "open",
    ),
    (
        "absence is told once",
        [
            ("2026-11-02", "fail", {}),
            ("2026-11-03", "pass", {"url": "http://127.0.0.11/b.html"}),
            ("2026-11-04", "pass", {"url": "http://127.0.0.11/b.html"}),
        ],
        ["opened", "unseen", ""],
        "open",
    ),
    (
        "absent where the judging had its doubts",
        [("2026-11-02", "fail", {}), ("2026-11-03", "inconclusive", {"url": "http://127.0.0.11/b.html"})],
        ["opened", ""],
        "open",
    ),
    (
        "the rule did not judge this site",
        [("2026-11-02", "fail", {}), ("2026-11-03", "pass", {"rule": "empty-columns", "url": "http://127.0.0.11/b.html"})],
        ["opened", ""],
        "open",
    ),
    (
        "a missing column appears",
        [
            ("2026-11-02", "fail", {"kind": "column", "url": None, "column": "zcwj"}),
            ("2026-11-03", "pass", {"kind": "column", "url": "http://127.0.0.11/zcwj/", "column": "zcwj"}),
        ],
        ["opened", "resolved"],
        "resolved",
    ),
    (
        "a missing column appears and still fails",
        [
            ("2026-11-02", "fail", {"kind": "column", "url": None, "column": "zcwj"}),
            ("2026-11-03", "fail", {"kind": "column", "url": "http://127.0.0.11/zcwj/", "column": "zcwj"}),
        ],
        ["opened", "confirmed"],
        "open",
    ),
    (
        "the home page's address changes; the site is the same subject",
        [
            ("2026-11-02", "fail", {"kind": "site", "url": "http://127.0.0.11/"}),
            ("2026-11-03", "pass", {"kind": "site", "url": "http://127.0.0.11/index.html"}),
        ],
        ["opened", "resolved"],
        "resolved",
    ),
]


@pytest.mark.parametrize(("steps", "changes", "state"), [case[1:] for case in LIVES], ids=[case[0] for case in LIVES])
def test_life(steps: list[Step], changes: list[str], state: str | None) -> None:
    held: dict[FindingKey, Finding] = {}
    seen = []
    for day, status, more in steps:
        found = apply([make_verdict(day, status, **more)], held, at(day), WorkCalendar(), RULES)
        assert len(found) <= 1 or {change.change.value for change in found} == {"unseen", "opened"}
        seen.append(found[0].change.value if found else "")
        held = preview(held, found)
    assert seen == changes
    assert [finding.state for finding in held.values()][:1] == ([FindingState(state)] if state else [])


def test_reopened_under_the_same_finding_with_a_count() -> None:
    held: dict[FindingKey, Finding] = {}
    for day, status in [("2026-11-02", "fail"), ("2026-11-03", "pass"), ("2026-11-09", "fail")]:
        held = preview(held, apply([make_verdict(day, status)], held, at(day), WorkCalendar(), RULES))
    (finding,) = held.values()
    assert times_found(finding) == 2
    assert finding.events[-1].why.startswith("第2次发现")
    assert (finding.first_found, finding.resolved_at) == (at("2026-11-02"), None)


RECTIFY = [
    ("2026-11-02", RULE, date(2026, 11, 16)),  # ten working days of plain weeks
    ("2026-11-01", RULE, date(2026, 11, 13)),  # found on a Sunday
    ("2026-09-18", "empty-columns", date(2026, 9, 24)),  # Sunday 20 September is a make-up day
    ("2026-09-30", "empty-columns", date(2026, 10, 13)),  # over the National Day week, with its make-up Saturday
]


@pytest.mark.parametrize(("day", "rule", "expected"), RECTIFY)
def test_rectify_by(day: str, rule: str, expected: date) -> None:
    (change,) = apply([make_verdict(day, rule=rule)], {}, at(day), WorkCalendar(), RULES)
    assert change.rectify_by == expected


def test_two_columns_of_one_kind_are_two_findings() -> None:
    verdicts: list[Verdict] = [
        make_verdict(kind="column", url=f"http://127.0.0.11/{name}/", column="tzgg", rule="empty-columns") for name in ("a", "b")
    ]
    assert len(apply(verdicts, {}, at("2026-11-02"), WorkCalendar(), RULES)) == 2


def test_of_two_verdicts_on_one_subject_the_graver_speaks() -> None:
    verdicts = [make_verdict(status="pass"), make_verdict(), make_verdict(status="pass")]
    assert [change.change.value for change in apply(verdicts, {}, at("2026-11-02"), WorkCalendar(), RULES)] == ["opened"]


def test_waived_stays_waived_until_mended() -> None:
    first = apply([make_verdict()], {}, at("2026-11-02"), WorkCalendar(), RULES)
    held = {key: replace(finding, state=FindingState.WAIVED) for key, finding in preview({}, first).items()}
    again = preview(held, apply([make_verdict("2026-11-03")], held, at("2026-11-03"), WorkCalendar(), RULES))
    assert [finding.state for finding in again.values()] == [FindingState.WAIVED]
    (change,) = apply([make_verdict("2026-11-04", "pass")], again, at("2026-11-04"), WorkCalendar(), RULES)
    assert change.change.value == "resolved"
