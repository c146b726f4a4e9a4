"""The day's requests to a site: taken before they are made, by whoever makes them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from crawler.budget import BudgetSpentError, DayBudget
from data.database import Database
from data.fetches import requests_on
from tests.support.sites import moment

DAY = moment("2026-11-21").date()


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database.open(f"sqlite:///{tmp_path / 'gongkai.sqlite'}")


def spend(budget: DayBudget) -> int:
    """Ask until nothing is left; gives how often."""
    count = 0
    while True:
        try:
            budget.spend()
        except BudgetSpentError:
            return count
        count += 1


def test_two_processes_share_one_day(database: Database) -> None:
    one, other = (DayBudget(database, "unit", 3000, lambda: moment("2026-11-21")) for _ in range(2))
    for _ in range(100):
        one.spend()
        other.spend()
    assert 200 <= requests_on(database, "unit", DAY) <= 200 + 14
    one.close()
    other.close()
    assert requests_on(database, "unit", DAY) == 200
    assert spend(one) + spend(other) == 2800
    assert requests_on(database, "unit", DAY) == 3000


def test_a_killed_one_makes_the_day_shorter_never_longer(database: Database) -> None:
    killed = DayBudget(database, "unit", 3000, lambda: moment("2026-11-21"))
    killed.spend()
    assert 2990 < spend(DayBudget(database, "unit", 3000, lambda: moment("2026-11-21"))) < 3000


def test_a_crawl_over_midnight_asks_at_the_cost_of_each_day(database: Database) -> None:
    now: list[datetime] = [moment("2026-11-21T23:59:59")]
    budget = DayBudget(database, "unit", 1000, lambda: now[0])
    for _ in range(4):
        budget.spend()
    now[0] = moment("2026-11-22T00:00:00")
    budget.spend()
    budget.close()
    assert (requests_on(database, "unit", DAY), requests_on(database, "unit", now[0].date())) == (4, 1)


def test_a_budget_of_one(database: Database) -> None:
    budget = DayBudget(database, "unit", 1, lambda: moment("2026-11-21"))
    budget.check()
    budget.check()
    assert spend(budget) == 1
    assert spend(DayBudget(database, "other", 1, lambda: moment("2026-11-21"))) == 1
