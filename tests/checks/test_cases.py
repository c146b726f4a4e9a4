"""Every rule against its cases: cases/<rule>.yml holds short sites and the verdicts that a careful reader would give.

A case lists every verdict of its rule, or says `partial: true` and lists those that matter. A new rule needs a case file and no test code.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from checks.registry import CHECKS
from checks.runner import judge
from data.catalogue import load_rules
from data.records import Verdict
from tests.checks.build import moment, view_of

CASES = Path(__file__).parent / "cases"


def _load() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.yml")):
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [pytest.param(path.stem, {**raw.get("given", {}), **case}, id=f"{path.stem}: {case['name']}") for case in raw["cases"]]
    return found


def _facts(verdict: Verdict) -> dict[str, Any]:
    return {
        "status": verdict.status.value,
        "reason": verdict.reason,
        "severity": verdict.severity.value,
        "confidence": verdict.confidence.value,
        "kind": verdict.subject.kind.value,
        "url": verdict.subject.url,
        "column": verdict.subject.column,
        "measured": verdict.measured.value if verdict.measured else None,
        "unit": verdict.measured.unit if verdict.measured else None,
        "threshold": verdict.threshold.value if verdict.threshold else None,
        "due": verdict.due,
        "evidence": len(verdict.evidence),
    }


def _agrees(verdict: Verdict, wanted: Mapping[str, Any]) -> list[str]:
    facts, faults = _facts(verdict), []
    for key, value in wanted.items():
        if key == "subject":
            continue
        if key == "says":
            faults += [
                f"message lacks {part!r}: {verdict.message}"
                for part in ([value] if isinstance(value, str) else value)
                if part not in verdict.message
            ]
        elif key == "notes":
            notes = [piece.note for piece in verdict.evidence]
            faults += [f"no evidence notes {part!r}: {notes}" for part in value if not any(part in note for note in notes)]
        elif key == "due":
            if facts["due"] != moment(value):
                faults.append(f"due {facts['due']} instead of {value}")
        elif facts[key] != value:
            faults.append(f"{key} {facts[key]!r} instead of {value!r}")
    return faults


@pytest.mark.parametrize(("rule_id", "case"), _load())
def test_case(rule_id: str, case: dict[str, Any]) -> None:
    rules = load_rules()
    rule = rules[rule_id]
    if "threshold" in case:
        assert rule.threshold is not None
        rule = rule.model_copy(update={"threshold": rule.threshold.model_copy(update={"value": case["threshold"]})})
    judgement = judge(view_of(case), {**rules, rule_id: rule}, only=(rule_id,))
    assert [error for error in judgement.errors if error.rule == rule_id] == []
    left = list(judgement.verdicts)
    told = "\n".join(f"  {verdict.subject.title}: {_facts(verdict)} {verdict.message}" for verdict in left)
    for wanted in case["expect"]:
        named = [
            verdict for verdict in left if wanted["subject"] in (verdict.subject.title, verdict.subject.url, verdict.subject.kind.value)
        ]
        faults = {verdict.subject.title: _agrees(verdict, wanted) for verdict in named}
        match = next((verdict for verdict in named if not _agrees(verdict, wanted)), None)
        assert match is not None, f"no verdict agrees with {wanted}\n{faults}\nall:\n{told}"
        left.remove(match)
    assert case.get("partial") or not left, (
        f"verdicts that the case does not list: {[(verdict.subject.title, verdict.reason) for verdict in left]}"
    )


def test_every_rule_has_a_check_and_cases_and_every_check_a_rule() -> None:
    assert set(load_rules()) == set(CHECKS)
    assert set(load_rules()) == {path.stem for path in CASES.glob("*.yml")}


def test_every_wording_is_reached_by_a_case() -> None:
    reached = {rule: set() for rule in load_rules()}  # type: dict[str, set[str]]
    for parameter in _load():
        rule_id, case = parameter.values
        rules = load_rules()
        if "threshold" in case:
            continue
        for verdict in judge(view_of(case), rules, only=(rule_id,)).verdicts:
            reached[rule_id].add(f"{verdict.status}.{verdict.reason}")
    general = {"inconclusive.unobserved", "inconclusive.check-error"}
    missing = {rule.id: sorted(set(rule.wording) - reached[rule.id] - general) for rule in load_rules().values()}
    assert {rule: keys for rule, keys in missing.items() if keys} == {}
