"""The schemes that come with the product, and what a scheme can say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from data.catalogue import Rule, load_rules
from data.records import SHANGHAI, Severity, Verdict
from data.registry import Profile
from scorecards.scheme import Scheme, SchemeError, load_scheme, shipped
from scorecards.score import SiteScore, score_site
from scorecards.verdicts import Bench, subject_key
from tests.scorecards.cases import HERE, RULES, SCHEME, make_rule, make_verdict

NOW = datetime(2026, 11, 23, 8, tzinfo=SHANGHAI)


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_scheme_is_worth_100_points_and_names_rules_that_exist(name: str) -> None:
    scheme = load_scheme(name)
    assert scheme.id == name
    assert sum(group.points or 0 for group in scheme.groups) == 100
    named = {rule for group in scheme.groups for rule in group.rules} | {*scheme.veto, *scheme.review_first}
    assert named <= set(load_rules())
    families = {family for group in scheme.groups for family in group.families}
    assert {rule.family for rule in load_rules().values()} <= families, "a family without a group would be scored as 其他指标"
    assert [scheme.grade(score) for score in (100, 90, 89.9, 80, 79.9, 60, 59.9, 0)] == [
        "优秀", "优秀", "良好", "良好", "合格", "合格", "不合格", "不合格"
    ]  # fmt: skip


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_scheme_decides_on_every_veto_rule(name: str) -> None:
    scheme = load_scheme(name)
    reviewed = {rule.id for rule in load_rules().values() if rule.alert == "human-review-first"}
    undecided = {rule.id for rule in load_rules().values() if rule.severity is Severity.VETO}
    assert not undecided - {*scheme.veto, *scheme.review_first, *reviewed}


def test_the_five_packs_the_national_yardstick_and_a_simple_one_are_there() -> None:
    assert shipped() == (
        "baoshan-2020", "default", "dongchangfu-2023", "jilin-hightech-2018", "litong-2017", "loudi-2021", "national"
    )  # fmt: skip


def test_figures_that_no_document_states_are_marked() -> None:
    marked = {group.id for group in load_scheme("national").groups if group.basis == "document"}
    assert marked == {"services"}
    for name in set(shipped()) - {"national"}:
        assert {group.basis for group in load_scheme(name).groups} == {"product default"}


def scheme_of(**change: object) -> Scheme:
    raw = yaml.safe_load((HERE / "scheme.yml").read_text(encoding="utf-8"))
    return Scheme.model_validate({**raw, **change})


def scored(
    scheme: Scheme,
    rules: Mapping[str, Rule],
    entries: Mapping[str, list[str]],
    profile: Profile = Profile.DISTRICT_PORTAL,
    *,
    kept: float | None = None,
    released: bool = False,
) -> SiteScore:
    verdicts: dict[str, list[Verdict]] = {
        rule: [make_verdict("s", rule, entry.split(), number, NOW) for number, entry in enumerate(given)] for rule, given in entries.items()
    }
    first = [subject_key(given[0]) for given in verdicts.values() if given]
    relief = {first[0]: kept} if kept is not None else {}
    return score_site(list(rules.values()), verdicts, Bench(scheme, rules, set(first) if released else set(), relief), profile)


def pair(family: str = "columns") -> dict[str, Rule]:
    rules = {name: make_rule(name, name, Severity.MAJOR) for name in ("one", "two")}
    return {name: rule.model_copy(update={"family": family}) for name, rule in rules.items()}


INDICATOR = {"id": "g", "name": "指标", "points": 12, "rules": {"one": {"points": 2}}, "families": {"columns": {"points": 1}}}


def test_an_indicators_points_are_shared_by_weight_and_used_up_by_any_of_its_rules() -> None:
    scheme = scheme_of(groups=[INDICATOR])
    # 12 points by 2 : 1 are 8 and 4; three major fails cost 5 each and are capped at the indicator's 12
    whole = scored(scheme, pair(), {"one": ["fail major"] * 3, "two": ["pass"]})
    assert ([rule.points for rule in whole.rules], whole.deducted, whole.score) == ([8, 4], 12, 0.0)
    # where `one` could not be judged, 4 points are left to judge by, and no more than these to lose
    part = scored(scheme, pair(), {"one": ["inconclusive"], "two": ["fail major"]})
    assert (part.applicable, part.judged, part.deducted, part.score, part.coverage) == (12, 4, 4, 0.0, 33.3)
    # where it does not apply, the indicator's points are all those of `two`
    alone = scored(scheme, pair(), {"one": ["not-applicable"], "two": ["fail major"]})
    assert (alone.judged, alone.deducted, alone.score) == (12, 5, 58.3)


def test_a_rules_own_cap_holds_inside_an_indicator() -> None:
    capped = {**INDICATOR, "rules": {"one": {"points": 2, "cap": 6}}}
    assert scored(scheme_of(groups=[capped]), pair(), {"one": ["fail major"] * 3, "two": ["pass"]}).deducted == 6


def test_departments_without_services_are_scored_out_of_75_times_four_thirds() -> None:
    services = {
        "id": "services",
        "name": "办事服务",
        "points": 25,
        "owed": True,
        "applies_to": ["district-portal"],
        "families": {"service": {"points": 1}},
    }
    scheme = scheme_of(groups=[{**INDICATOR, "points": 75}, services])
    entries = {"one": ["fail major"] * 3, "two": ["pass"]}
    department = scored(scheme, pair(), entries, Profile.DEPARTMENT)
    assert (department.applicable, department.judged, department.score) == (75, 75, 80.0)  # (75 - 15) x 4/3
    # a portal owes services: no rule judges them, so they lower the coverage and are named, and the score rests on the rest
    portal = scored(scheme, pair(), entries)
    assert (portal.applicable, portal.judged, portal.score, portal.coverage) == (100, 75, 80.0, 75.0)
    assert [group.name for group in portal.unwatched] == ["办事服务"]
    with_rule = {**pair(), "three": make_rule("three", "three", Severity.MINOR).model_copy(update={"family": "service"})}
    assert scored(scheme, with_rule, {**entries, "three": ["pass"]}).judged == 100
    assert scored(scheme, with_rule, {**entries, "three": ["fail major"]}, Profile.DEPARTMENT).judged == 75


@pytest.mark.parametrize(
    ("entries", "profile", "expected"),
    [
        (["pass"], Profile.DISTRICT_PORTAL, (4, 98.4)),  # base (72 - 4) / 72 * 100 = 94.44; 4 points for `two`
        (["pass"], Profile.TOWN, (0, 94.4)),
        (["fail minor"], Profile.DISTRICT_PORTAL, (0, 91.7)),
        (["inconclusive", "pass"], Profile.DISTRICT_PORTAL, (0, 94.4)),
        (["not-applicable"], Profile.DISTRICT_PORTAL, (0, 94.4)),
    ],
)
def test_a_bonus_needs_a_portal_and_a_rule_kept_throughout(entries: list[str], profile: Profile, expected: tuple[float, float]) -> None:
    bonus = {"above": 80, "profiles": ["district-portal"], "most": 10, "ceiling": 100, "rules": {"two": 4}}
    scheme = scheme_of(groups=[{**INDICATOR, "points": 72}], bonus=bonus, each={"veto": 20, "major": 4, "minor": 2})
    score = scored(scheme, pair(), {"one": ["fail major"], "two": entries}, profile)
    assert (score.bonus, score.score) == expected


def test_a_bonus_is_given_only_above_its_bound_and_up_to_the_ceiling() -> None:
    bonus = {"above": 80, "profiles": ["district-portal"], "most": 3, "ceiling": 100, "rules": {"one": 2, "two": 2}}
    scheme = scheme_of(groups=[INDICATOR], bonus=bonus)
    assert scored(scheme, pair(), {"one": ["pass"], "two": ["pass"]}).score == 100.0
    low = scheme_of(groups=[{**INDICATOR, "points": 25}], bonus=bonus)
    assert scored(low, pair(), {"one": ["fail major"], "two": ["pass"]}).score == 80.0  # exactly 80 is not above 80


@pytest.mark.parametrize(("kept", "deducted"), [(None, 10), (0.8, 6), (0.6, 7), (1.0, 5)])
def test_an_explained_fail_keeps_its_share(kept: float | None, deducted: float) -> None:
    # two major fails at 5 points each; one is explained: 5 + 5 x (1 - share)
    score = scored(SCHEME, RULES, {"interpretation-in-sync": ["fail major", "fail major"]}, kept=kept)
    assert score.deducted == deducted


def test_a_waived_member_no_longer_counts_towards_the_veto() -> None:
    five = ["fail minor"] * 5 + ["fail veto site"]
    assert len(scored(SCHEME, RULES, {"empty-columns": five}).vetoes) == 1
    for kept in (1.0, 0.8):
        assert scored(SCHEME, RULES, {"empty-columns": five}, kept=kept).vetoes == ()


def test_what_a_person_looks_at_first_counts_once_it_is_released() -> None:
    rule = make_rule("one", "one", Severity.VETO).model_copy(update={"alert": "human-review-first"})
    entries = {"one": ["fail major", "pass"]}
    assert scored(SCHEME, {"one": rule}, entries).deducted == 0
    assert scored(SCHEME, {"one": rule}, entries, released=True).deducted == 5


def test_what_is_only_reported_never_costs_nor_stands_in_the_denominator() -> None:
    rule = make_rule("one", "one", Severity.MAJOR).model_copy(update={"alert": "report-only"})
    score = scored(SCHEME, {"one": rule}, {"one": ["fail major"]}, released=True)
    assert (score.deducted, score.applicable, score.rules) == (0, 0, ())


def test_a_users_scheme_may_name_only_what_the_catalogue_has(tmp_path: Path) -> None:
    raw = yaml.safe_load((HERE / "scheme.yml").read_text(encoding="utf-8"))
    raw["groups"].append(
        {"id": "odd", "name": "其他", "rules": {"no-such-rule": {"points": 1}}, "families": {"no-such-family": {"points": 1}}}
    )
    path = tmp_path / "mine.yml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    with pytest.raises(SchemeError) as error:
        load_scheme(path, RULES)
    lines = str(error.value).splitlines()
    assert [line.removeprefix(f"{path}: ") for line in lines] == [
        "groups.odd.rules.no-such-rule: no such rule; `gongkai rules` lists them",
        "review_first: backdated-publication: no such rule; `gongkai rules` lists them",
        "groups.odd.families.no-such-family: no such family; `gongkai rules` shows them",
    ]
