"""Findings, events and outbox in a real database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from alerts.ledger import apply, preview
from data.calendar import WorkCalendar
from data.database import Database
from data.findings import FindingKey
from data.ledger import Ledger
from data.records import Finding, FindingState, Verdict
from tests.alerts.builders import RULES, at, make_verdict

NOW = at("2026-11-02")


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    database = Database.open(database_url)
    yield Ledger(database)
    database.close()


def judge(ledger: Ledger, day: str, verdicts: Sequence[Verdict]) -> dict[FindingKey, Finding]:
    changes = apply(verdicts, ledger.held(["district", "other"]), at(day), WorkCalendar(), RULES)
    ledger.apply_changes(changes)
    return ledger.held(["district", "other"])


def test_a_life_as_stored_is_the_life_as_computed(ledger: Ledger) -> None:
    held: dict[FindingKey, Finding] = {}
    for day, status in [("2026-11-02", "fail"), ("2026-11-03", "fail"), ("2026-11-04", "pass"), ("2026-11-09", "fail")]:
        verdicts = [make_verdict(day, status), make_verdict(day, url="http://127.0.0.11/b.html", site="other")]
        held = preview(held, apply(verdicts, held, at(day), WorkCalendar(), RULES))
        stored = judge(ledger, day, verdicts)
        assert {key: replace(finding, id="") for key, finding in stored.items()} == {key: replace(f, id="") for key, f in held.items()}
    assert [finding.id for finding in ledger.findings()] == ["F000001", "F000002"]
    assert [event.what for event in ledger.findings()[0].events] == ["opened", "resolved", "reopened"]


def test_changes_stored_twice_change_nothing(ledger: Ledger) -> None:
    changes = apply([make_verdict()], {}, NOW, WorkCalendar(), RULES)
    ledger.apply_changes(changes)
    ledger.apply_changes(changes)
    (finding,) = ledger.findings()
    assert len(finding.events) == 1


def test_filters(ledger: Ledger) -> None:
    judge(ledger, "2026-11-02", [make_verdict(), make_verdict(site="other")])
    judge(ledger, "2026-11-03", [make_verdict("2026-11-03", "pass", site="other")])
    assert [finding.id for finding in ledger.findings(status=[FindingState.OPEN])] == ["F000001"]
    assert [finding.id for finding in ledger.findings(site=["other"])] == ["F000002"]
    assert [finding.id for finding in ledger.findings(ids=["F000002", "F9x", ""])] == ["F000002"]
    assert set(ledger.held([])) == set()
