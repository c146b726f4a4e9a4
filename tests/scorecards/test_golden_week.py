"""Every figure of one week, derived by hand in golden_week.yml."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from scorecards.history import week_figures
from scorecards.model import SiteCard
from scorecards.tables import gauge_text
from scorecards.wire import scorecard_json
from tests.scorecards.cases import golden_week

GOLDEN = golden_week()
CARD = GOLDEN.build()
SITES = {site.site: site for site in CARD.sites}


def figures(site: SiteCard) -> dict[str, object]:
    change = site.change
    return {
        "standing": site.standing.value, "score": site.score, "deduction_score": site.deduction_score, "grade": site.grade, "rank": site.rank,
        "ranked": site.ranked, "applicable": site.points_applicable, "judged": site.points_judged, "deducted": site.deducted,
        "coverage": site.coverage, "change": change.score if change else None, "rank_change": change.rank if change else None,
        "below": site.weeks_below, "deductions": len(site.deductions), "pending": len(site.pending), "vetoes": len(site.vetoes),
        "blind": len(site.blind_spots), "gauges": [gauge_text(gauge) for gauge in site.gauges],
    }  # fmt: skip


@pytest.mark.parametrize("site", list(GOLDEN.expected["sites"]))
def test_a_site_has_the_figures_derived_by_hand(site: str) -> None:
    expected = dict(GOLDEN.expected["sites"][site])
    findings = expected.pop("findings", None)
    assert figures(SITES[site]) == expected
    if findings is not None:
        mine = SITES[site].findings
        assert [mine.open, mine.overdue, mine.new_week, mine.mended_week, mine.waived, mine.mean_days_to_mend] == findings


def test_every_scored_site_is_expected_and_no_upstream_one() -> None:
    assert set(SITES) == set(GOLDEN.expected["sites"])


def test_groups() -> None:
    made = {
        group.id: [
            group.units, group.graded, group.vetoed, group.ungraded, group.mean, group.highest, group.lowest, group.mean_change, group.compared,
            [entry.units for entry in group.grades], list(group.ranking),
        ]
        for group in CARD.groups
    }  # fmt: skip
    assert made == GOLDEN.expected["groups"]


def test_rules() -> None:
    made = {
        rule.rule: [
            rule.sites_failed, rule.confirmed, rule.suspected, rule.passed, rule.due_soon, rule.inconclusive, rule.not_applicable, rule.deducted
        ]
        for rule in CARD.rules
    }  # fmt: skip
    assert made == GOLDEN.expected["rules"]


def test_totals() -> None:
    assert {key: getattr(CARD.totals, key) for key in GOLDEN.expected["totals"]} == GOLDEN.expected["totals"]


def test_sentences_are_built_from_the_figures() -> None:
    assert [sentence.text for sentence in CARD.sentences] == GOLDEN.expected["sentences"]


def test_ledger_and_trend() -> None:
    assert [row.finding for row in CARD.ledger] == GOLDEN.expected["ledger"]
    assert [row.finding for row in CARD.ledger if row.overdue] == ["F000001"]
    assert [[point.week, point.peer_group, point.mean] for point in CARD.trend] == GOLDEN.expected["trend"]


def test_deductions_add_up_and_each_explains_itself() -> None:
    for site in CARD.sites:
        assert sum(item.points for item in site.deductions) == site.deducted
        for item in (*site.deductions, *site.vetoes):
            assert all((item.clauses, item.message, item.url, item.remedy, item.evidence))
    capped = [item.points for item in SITES["portal"].deductions if item.rule == "news-columns-2-weeks"]
    assert capped == [6, 6, 3]
    waived = next(item for item in SITES["portal"].deductions if item.finding == "F000002")
    assert (waived.points, waived.note) == (0, "已豁免，不扣分")


def test_same_facts_in_any_order_give_the_same_bytes() -> None:
    luck = random.Random(7)
    again = replace(
        GOLDEN,
        verdicts=tuple(luck.sample(GOLDEN.verdicts, len(GOLDEN.verdicts))),
        findings=tuple(luck.sample(GOLDEN.findings, len(GOLDEN.findings))),
        facts=tuple(luck.sample(GOLDEN.facts, len(GOLDEN.facts))),
        history=tuple(luck.sample(GOLDEN.history, len(GOLDEN.history))),
    ).build()
    assert scorecard_json(again) == scorecard_json(CARD)


def test_week_figures_carry_what_the_next_week_compares_with() -> None:
    stored = {entry.site: entry for entry in week_figures(CARD)}
    assert set(stored) == set(SITES)
    assert (stored["town-1"].score, stored["town-1"].deduction_score, stored["town-1"].grade) == (None, 80.0, "不合格")
    assert (stored["portal"].week, stored["portal"].scheme, stored["portal"].open_findings) == ("2026-W47", "golden@1", 2)
