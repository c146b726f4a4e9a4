"""Every archetype, crawled on two days with the real crawler and judged; what today's crawler cannot do is marked host by host."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from data.records import CrawlState, Status
from simgov.archetypes.guards import GUARDS
from tests.scenarios.harness import Outcome, scenario, table, two_days

pytestmark = pytest.mark.slow

HOSTS = tuple("abcdefghi")
COVERAGE = 0.995
ACCURACY = 0.99
# (aspect, host) -> what falls short today and why. A mark that no longer holds is an error: take it out.
SHORT: Mapping[tuple[str, str], str] = {}


def _each(aspect: str) -> list[Any]:
    return [
        pytest.param(host, marks=pytest.mark.xfail(strict=True, reason=SHORT[aspect, host])) if (aspect, host) in SHORT else host
        for host in HOSTS
    ]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """All plain archetypes after two days; the report goes to the test's output (pytest -s shows it)."""
    found = two_days(tmp_path_factory.mktemp("archetypes"), HOSTS)
    print("\n" + table(found.values()))
    return found


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    found = two_days(tmp_path_factory.mktemp("guarded"), tuple(GUARDS))
    print("\n" + table(found.values()))
    return found


@pytest.mark.parametrize("host", _each("coverage"))
def test_visible_documents_are_found(outcomes: dict[str, Outcome], host: str) -> None:
    assert outcomes[host].coverage >= COVERAGE, outcomes[host].describe()


@pytest.mark.parametrize("host", HOSTS)
def test_what_is_found_is_read_rightly(outcomes: dict[str, Outcome], host: str) -> None:
    for name, (right, total) in outcomes[host].accuracy().items():
        assert right >= ACCURACY * total, (name, list(outcomes[host].wrong(name))[:5])
    assert not outcomes[host].invented


@pytest.mark.parametrize("host", _each("columns"))
def test_columns_are_recognised_and_walked_to_their_end(outcomes: dict[str, Outcome], host: str) -> None:
    assert (outcomes[host].lost_columns, outcomes[host].unproved) == ((), ())


@pytest.mark.parametrize("host", _each("places"))
def test_columns_hang_where_they_hang_on_the_site(outcomes: dict[str, Outcome], host: str) -> None:
    assert outcomes[host].misplaced == ()


@pytest.mark.parametrize("host", _each("proofs"))
def test_nothing_is_called_complete_that_was_not_read(outcomes: dict[str, Outcome], host: str) -> None:
    assert outcomes[host].false_proofs == ()


@pytest.mark.parametrize("host", _each("accusations"))
def test_nobody_is_accused_without_reason(outcomes: dict[str, Outcome], host: str) -> None:
    assert outcomes[host].accused == (), outcomes[host].describe()


def test_stale_columns_are_found(outcomes: dict[str, Outcome]) -> None:
    """The oldest county really sleeps; so do a news column and notice columns elsewhere."""
    said = {(one.rule, host) for host, outcome in outcomes.items() for one in outcome.fails}
    assert {("notice-policy-columns-6-months", "i"), ("news-columns-2-weeks", "b")} <= said
    assert {("notice-policy-columns-6-months", host) for host in "ac"} <= said


def test_a_stale_news_column_is_found_beside_a_menu_without_form(outcomes: dict[str, Outcome]) -> None:
    assert "news-columns-2-weeks" in {one.rule for one in outcomes["i"].fails}


@pytest.mark.parametrize("host", GUARDS)
def test_the_guarded_ministry_is_never_accused(guarded: dict[str, Outcome], host: str) -> None:
    assert [(one.rule, one.reason, one.message) for one in guarded[host].fails] == []


@pytest.mark.parametrize("host", GUARDS)
def test_a_guard_is_passed_politely_or_named(guarded: dict[str, Outcome], host: str) -> None:
    guard, outcome = GUARDS[host], guarded[host]
    assert outcome.crawl is not None
    if guard.passable:
        assert (outcome.crawl.state, outcome.coverage) == (CrawlState.COMPLETE, 1.0), outcome.describe()
        return
    assert outcome.crawl.state in (CrawlState.BLOCKED, CrawlState.INCOMPLETE)
    assert outcome.crawl.reason in guard.reasons, outcome.describe()


def test_a_template_that_changes_is_no_empty_column(tmp_path: Path) -> None:
    with scenario(tmp_path, ("j11-404",)) as made:
        made.crawl()
        made.standing.switch("j11-404", "drift")
        made.standing.set_moment(made.standing.government.second_crawl)
        made.crawl()
        outcome = made.outcome("j11-404")
    assert outcome.fails == ()
    assert {one.status for one in outcome.verdicts if one.rule == "empty-columns"} <= {
        Status.PASS,
        Status.NOT_APPLICABLE,
        Status.INCONCLUSIVE,
    }


def test_an_interface_that_repeats_its_first_page_proves_nothing(tmp_path: Path) -> None:
    with scenario(tmp_path, ("c",)) as made:
        made.standing.switch("c", "ignore_pageNo")
        made.crawl()
        outcome = made.outcome("c")
    for column in outcome.truth.columns:
        if column.why_not == "the interface repeats its first page":
            assert (outcome.walk_of(column) or ("none",))[0] != "complete", column.key
