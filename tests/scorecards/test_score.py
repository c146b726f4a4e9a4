"""The scorer and its scheme: caps, denominators, vetoes, edges."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml

from data.records import SHANGHAI, CrawlState, Severity, Verdict
from scorecards.card import build
from scorecards.model import Scorecard, SiteFacts, Standing
from scorecards.scheme import SchemeError, load_scheme
from scorecards.score import score_site, tenth
from scorecards.week import Week
from tests.scorecards.cases import HERE, RULES, SCHEME, bench, make_registry, make_rule, make_verdict

NOW = datetime(2026, 11, 23, 8, tzinfo=SHANGHAI)


def verdicts(rule: str, *entries: str) -> dict[str, list[Verdict]]:
    return {rule: [make_verdict("s", rule, entry.split(), number, NOW) for number, entry in enumerate(entries)]}


def one(rule: str, *entries: str) -> tuple[float, float | None, float | None]:
    """Deducted, score and coverage of one rule alone."""
    score = score_site([RULES[rule]], verdicts(rule, *entries), bench(RULES))
    return score.deducted, score.score, score.coverage


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (["pass"], (0, 100.0, 100.0)),
        (["fail minor"], (2, 90.0, 100.0)),
        (["fail major"] * 4, (20, 0.0, 100.0)),
        (["fail major"] * 5, (20, 0.0, 100.0)),  # the rule's own points are its cap
        (["fail minor", "fail major site"], (2, 90.0, 100.0)),  # the site's summary costs nothing beside its members
        (["fail major site"], (5, 75.0, 100.0)),
        (["fail minor suspected", "fail major site"], (5, 75.0, 50.0)),
        (["fail minor suspected"], (0, None, 0.0)),
        (["inconclusive"], (0, None, 0.0)),
        (["inconclusive", "pass", "pass", "pass"], (0, 100.0, 75.0)),
        (["due-soon"], (0, 100.0, 100.0)),
        (["not-applicable"], (0, None, None)),
        (["not-applicable", "pass"], (0, 100.0, 100.0)),
        ([], (0, None, 0.0)),  # a rule that was not judged is not a pass
    ],
)
def test_one_rule(entries: list[str], expected: tuple[float, float | None, float | None]) -> None:
    assert one("interpretation-in-sync", *entries) == expected


def test_a_rule_that_a_person_decides_first_neither_costs_nor_fails_the_site() -> None:
    rule = make_rule("backdated-publication", "疑似倒填发布日期", Severity.VETO)
    score = score_site([rule], verdicts(rule.id, "fail veto"), bench({rule.id: rule}))
    assert (score.deducted, score.score, score.vetoes) == (0, None, ())


def test_a_veto_counts_only_for_the_schemes_veto_rules_and_only_if_confirmed() -> None:
    for rule, entry, vetoes in (
        ("empty-columns", "fail veto site", 1),
        ("empty-columns", "fail veto site suspected", 0),
        ("empty-columns", "fail minor", 0),
        ("news-columns-2-weeks", "fail veto site", 0),  # not in this scheme's list
        ("site-reachable", "fail veto site", 1),
    ):
        assert len(score_site([RULES[rule]], verdicts(rule, entry), bench(RULES)).vetoes) == vetoes, (rule, entry)


def test_rules_that_no_group_names_are_scored_as_others() -> None:
    rule = make_rule("new-rule", "新指标", Severity.MAJOR)
    score = score_site([rule], verdicts("new-rule", "fail minor"), bench({rule.id: rule}))
    assert (score.applicable, score.deducted, score.score) == (4, 2, 50.0)


@pytest.mark.parametrize(("value", "shown"), [(89.95, 90.0), (89.949, 89.9), (0.05, 0.1), (72.25, 72.3), (-8.75, -8.8), (100.0, 100.0)])
def test_rounding_is_half_up(value: float, shown: float) -> None:
    assert tenth(value) == shown


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"coverage_floor": 101}, "coverage_floor"),
        ({"surprise": 1}, "surprise"),
        ({"veto_grade": "差"}, "veto_grade"),
        ({"each": {"major": 1, "minor": 1}}, "veto is missing"),
        ({"grades": [{"name": "不合格", "from": 0}, {"name": "优秀", "from": 90}]}, "from high to low"),
        ({"veto": ["backdated-publication"]}, "review_first"),
    ],
)
def test_a_faulty_scheme_is_refused_with_file_and_key(tmp_path: Path, change: dict[str, object], word: str) -> None:
    raw = yaml.safe_load((HERE / "scheme.yml").read_text(encoding="utf-8"))
    path = tmp_path / "mine.yml"
    path.write_text(yaml.safe_dump({**raw, **change}, allow_unicode=True), encoding="utf-8")
    with pytest.raises(SchemeError, match=word) as error:
        load_scheme(path)
    assert "mine.yml" in str(error.value)


def test_an_unknown_scheme_names_those_that_exist() -> None:
    with pytest.raises(SchemeError, match="default"):
        load_scheme("beijing")


def district(scores: dict[str, list[str]], *, at: datetime = NOW, state: CrawlState = CrawlState.COMPLETE) -> Scorecard:
    """A district of departments judged by one rule alone."""
    registry = make_registry({site: {"profile": "department", "name": site} for site in scores} or {"x": {"profile": "town", "name": "x"}})
    rule = "interpretation-in-sync"
    judged = [
        make_verdict(site, rule, entry.split(), number, NOW) for site, entries in scores.items() for number, entry in enumerate(entries)
    ]
    facts = [SiteFacts(site, at, state, None, at if state is CrawlState.COMPLETE else None, 1, 1, 1, 1, 1) for site in scores]
    return build(Week.parse("2026-W47"), registry, {rule: RULES[rule]}, judged, [], facts, [], NOW, SCHEME)


def test_ties_share_a_rank_and_the_next_one_is_skipped() -> None:
    card = district({"a": ["fail minor"], "b": ["pass"], "c": ["pass"], "d": ["fail minor"], "e": ["fail major"], "f": ["inconclusive"]})
    assert {site.site: site.rank for site in card.sites} == {"a": 3, "b": 1, "c": 1, "d": 3, "e": 5, "f": None}
    assert {site.ranked for site in card.sites} == {5}


@pytest.mark.parametrize(
    ("age", "state", "standing"),
    [
        (timedelta(days=7), CrawlState.COMPLETE, Standing.GRADED),
        (timedelta(days=7, seconds=1), CrawlState.COMPLETE, Standing.STALE),
        (timedelta(hours=1), CrawlState.INCOMPLETE, Standing.GRADED),
        (timedelta(hours=1), CrawlState.BLOCKED, Standing.UNOBSERVED),
        (timedelta(hours=1), CrawlState.RUNNING, Standing.UNOBSERVED),
    ],
)
def test_old_or_missing_data_blank_the_score(age: timedelta, state: CrawlState, standing: Standing) -> None:
    (site,) = district({"a": ["fail minor"]}, at=NOW - age, state=state).sites
    assert site.standing is standing
    if standing is not Standing.GRADED:
        assert (site.score, site.deduction_score, site.grade, site.rank, site.deductions) == (None, None, None, None, ())


@pytest.mark.parametrize(("passes", "unknown", "standing"), [(7, 3, Standing.GRADED), (69, 31, Standing.LOW_COVERAGE)])
def test_the_coverage_floor(passes: int, unknown: int, standing: Standing) -> None:
    (site,) = district({"a": ["pass"] * passes + ["inconclusive"] * unknown}).sites
    assert site.standing is standing
    assert (site.score is None) is (standing is Standing.LOW_COVERAGE)
