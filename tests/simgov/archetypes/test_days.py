"""The clock: what is new, edited, withdrawn, backdated or empty on a day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from simgov.archetypes.government import Standing
from simgov.archetypes.observer import known
from simgov.archetypes.truth import Extra
from tests.simgov.archetypes.conftest import Ask

PLAIN = tuple("abcdefghi")


@pytest.mark.parametrize("host", PLAIN[:-1])  # the old county sleeps
def test_the_second_day_differs_from_the_first(standing: Standing, host: str) -> None:
    first, second = standing.government.first_crawl, standing.government.second_crawl
    before = {one.urls[0]: one for one in known(standing, host, first).documents}
    after = {one.urls[0]: one for one in known(standing, host, second).documents}
    new = [after[url] for url in after.keys() - before.keys()]
    today = str(standing.government.today)
    assert any(one.fields["published_on"] == today for one in new)
    assert any(one.fields["published_on"] < str(standing.government.today - timedelta(days=15)) and "zcwj" in one.columns for one in new), (
        "backdated"
    )
    gone = before.keys() - after.keys()
    assert [before[url].columns for url in gone].count(("tzgg",)) == 1


def test_an_edited_document_keeps_its_address(standing: Standing, ask: Ask) -> None:
    store, first, second = standing.government.store, standing.government.first_crawl, standing.government.second_crawl
    edited = [
        entry
        for entry in store.entries("a", "tzgg", second)
        if isinstance(entry, int) and (before := store.live("a", entry, first)) is not None and before != store.live("a", entry, second)
    ]
    assert len(edited) == 1
    url = next(one.urls[0] for one in known(standing, "a").documents if str(edited[0]) in one.urls[0])
    now = ask("a", url).body
    standing.set_moment(first)
    assert ask("a", url).body != now


def test_a_withdrawn_document_is_not_found(standing: Standing, ask: Ask) -> None:
    before, after = (
        known(standing, "g", moment).documents for moment in (standing.government.first_crawl, standing.government.second_crawl)
    )
    gone = {one.urls[0] for one in before} - {one.urls[0] for one in after}
    assert [ask("g", url).status for url in gone] == [404] * len(gone)


@pytest.mark.parametrize("host", PLAIN)
def test_a_column_flaps_by_days(standing: Standing, host: str) -> None:
    store, noon = standing.government.store, standing.government.second_crawl
    found = [len(store.entries(host, "ghjh", noon + timedelta(days=day))) for day in range(-1, 3)]
    assert found == [0, 6, 0, 6]


def test_news_go_on_for_weeks(standing: Standing) -> None:
    store, noon = standing.government.store, standing.government.second_crawl
    counts = [len(store.entries("a", "ywdt", noon + timedelta(days=day))) for day in range(0, 40, 10)]
    assert counts == [counts[0], counts[0] + 10, counts[0] + 20, counts[0] + 30]
    assert len(store.entries("b", "ywdt", noon)) == len(store.entries("b", "ywdt", noon + timedelta(days=40))), "a stale one sleeps on"


def test_rows_of_a_column_are_newest_first_but_for_the_pinned(standing: Standing) -> None:
    view = standing.view("a")
    column = view.column("zcwj")
    assert column is not None
    rows = view.slice(column, 0, 100)
    assert [row.pinned for row in rows] == [True] + [False] * (len(rows) - 1)
    assert list(rows[1:]) == sorted(rows[1:], key=lambda row: row.published_at, reverse=True)
    assert rows[0].published_at < rows[-2].published_at
    assert {row.kind for row in rows} == {"document", "file"}


def test_reposts_are_right_late_or_links(standing: Standing) -> None:
    view = standing.view("c")
    column = view.column("sjwj")
    assert column is not None
    entries = view.entries(column)
    assert any(isinstance(one, Extra) and one.kind == "upper" for one in entries)
    for entry in entries:
        document = view.live(entry) if isinstance(entry, int) else None
        if document is None:
            continue
        upper = view.of("parent").live(document.copy_of)
        assert upper is not None
        hours = (document.appeared_at - upper.appeared_at).total_seconds() / 3600
        assert (hours > 72) == (document.ordinal % 5 == 2)


def test_external_rows_fill_the_last_page_of_an_aggregating_column(standing: Standing) -> None:
    view = standing.view("g")
    column = view.column("zklyk")
    assert column is not None
    first, last = view.page(column, 1), view.page(column, view.pages(column))
    assert {row.kind for row in last} == {"external"}
    assert {row.kind for row in first} == {"external", "document"}
