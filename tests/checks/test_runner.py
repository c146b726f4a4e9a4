"""The runner: wording, clauses, our own errors, order."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from checks import registry
from checks.registry import Outcome, check
from checks.runner import judge
from checks.subjects import site_subject
from data.catalogue import Rule, load_rules
from data.records import Confidence, Severity, Status
from data.view import SiteView
from tests.checks.build import view_of

SITE = {"homes": [{"at": "2026-11-22T10:00", "links": ["政府信息公开"]}]}


def rule(**changes: object) -> Rule:
    return load_rules()["disclosure-column-on-home"].model_copy(update=changes)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(view: SiteView, rule: Rule) -> Iterable[Outcome]:
        yield Outcome(Status.FAIL, "absent", site_subject(view), {"seen": "今天"})
        raise KeyError("newest")

    monkeypatch.setitem(registry.CHECKS, "disclosure-column-on-home", breaks)


def test_a_broken_check_is_our_error_and_accuses_nobody(broken: None) -> None:
    judgement = judge(view_of(SITE), load_rules())
    (error,) = judgement.errors
    assert (error.rule, error.site, error.error) == ("disclosure-column-on-home", "example-portal", "KeyError: 'newest'")
    (verdict,) = [verdict for verdict in judgement.verdicts if verdict.rule == "disclosure-column-on-home"]
    assert (verdict.status, verdict.reason) == (Status.INCONCLUSIVE, "check-error")


def test_the_other_rules_are_judged_all_the_same(broken: None) -> None:
    assert {verdict.rule for verdict in judge(view_of(SITE), load_rules()).verdicts} >= {"site-reachable", "empty-columns"}


def test_a_rule_without_a_check_is_our_error() -> None:
    judgement = judge(view_of(SITE), {"new-rule": rule(id="new-rule")})
    assert [error.rule for error in judgement.errors] == ["new-rule"]
    assert [verdict.status for verdict in judgement.verdicts] == [Status.INCONCLUSIVE]


def test_a_missing_wording_is_our_error() -> None:
    without = rule(wording={"inconclusive.check-error": "核查程序出错。"})
    judgement = judge(view_of(SITE), {without.id: without})
    assert "wording has no key pass.on-home" in judgement.errors[0].error
    assert judgement.verdicts[0].reason == "check-error"


def test_a_wording_with_an_unknown_fact_is_our_error() -> None:
    odd = rule(wording={"pass.on-home": "{nothing}", "inconclusive.check-error": "核查程序出错。"})
    assert "names a fact that its check does not give" in judge(view_of(SITE), {odd.id: odd}).errors[0].error


def test_titles_of_pages_stay_text() -> None:
    spec = {"documents": [{"title": "关于{site.__class__}的{0}办法", "issued": "2026-11-12", "published": "2026-11-13"}]}
    judgement = judge(view_of(spec), load_rules(), only=("policy-published-5-working-days",))
    assert judgement.errors == ()
    assert "关于{site.__class__}的{0}办法" in judgement.verdicts[0].message


def test_only_citable_clauses_are_cited() -> None:
    (verdict,) = judge(view_of({}), load_rules(), only=("site-reachable",)).verdicts
    assert [clause.clause for clause in verdict.clauses] == ["单项否决 站点无法访问"]


def test_a_rule_for_another_profile_says_nothing() -> None:
    portals = rule(applies_to=("district-portal",))
    town = view_of({**SITE, "site": {"profile": "town", "name": "示例镇人民政府"}})
    assert judge(town, {portals.id: portals}).verdicts == ()
    assert len(judge(view_of(SITE), {portals.id: portals}).verdicts) == 1


def test_verdicts_come_in_the_order_of_the_rules_and_are_the_same_twice() -> None:
    rules = load_rules()
    first, second = judge(view_of(SITE), rules), judge(view_of(SITE), rules)
    assert first == second
    seen = list(dict.fromkeys(verdict.rule for verdict in first.verdicts))
    assert seen == [rule_id for rule_id in rules if rule_id in seen]


def test_only_a_fail_can_be_suspected() -> None:
    verdicts = judge(view_of({"columns": [{"name": "甲", "walks": [{"crawl": 2}]}]}), load_rules()).verdicts
    assert {verdict.confidence for verdict in verdicts if verdict.status is not Status.FAIL} == {Confidence.CONFIRMED}
    assert any(verdict.confidence is Confidence.SUSPECTED for verdict in verdicts)


def test_a_rule_that_is_not_in_force_counts_nothing_in_a_shared_count() -> None:
    stale = [{"name": str(index), "canonical": "ywdt", "rows": [{"date": "2026-10-01"}]} for index in range(4)]
    view = view_of({"columns": [*stale, {"name": "通知公告", "canonical": "tzgg", "rows": [{"date": "2026-01-01"}]}]})
    rules = load_rules()
    news = [verdict for verdict in judge(view, rules, only=("news-columns-2-weeks",)).verdicts if verdict.subject.kind == "site"]
    assert [(verdict.status, verdict.severity) for verdict in news] == [(Status.FAIL, Severity.VETO)]
    alone = judge(view, {"news-columns-2-weeks": rules["news-columns-2-weeks"]}).verdicts
    assert alone[-1].status is Status.PASS
    assert alone[-1].measured is not None
    assert alone[-1].measured.value == 4


def test_two_checks_for_one_rule_are_refused() -> None:
    with pytest.raises(ValueError, match="two checks for rule 'site-reachable'"):
        check("site-reachable")(lambda view, rule: ())
