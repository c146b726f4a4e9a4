"""What is stored, read back as of a moment: nothing that became known later is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from data.calendar import WorkCalendar
from data.page_store import PageFact
from data.reading import effective_canonicals, last_crawls, site_columns, site_documents, site_view
from data.records import Column, CrawlState, PageKind, Probe
from data.registry import Registry
from data.store import ColumnFact, Store
from data.view import SiteView
from tests.support.facts import HOME, column_fact, document_page, entry, home_of
from tests.support.sites import moment

DAY_1, DAY_2, DAY_3 = moment("2026-11-20"), moment("2026-11-21"), moment("2026-11-22")

REGISTRY = Registry.parse(
    f"""
version: 1
sites:
  - {{id: unit, name: 甲, profile: district-portal, home: "{HOME}", upper: [city]}}
  - {{id: town, name: 乙, profile: town, home: "{HOME}town/", parent: unit}}
  - {{id: city, name: 市, level: city, role: upstream, home: "{HOME}", must_repost: {{columns: ["{HOME}zyzc/"], title_any: []}}}}
""",
    "registry.yml",
)


def crawl(
    store: Store,
    day: datetime,
    columns: Sequence[ColumnFact] = (),
    pages: Sequence[PageFact] = (),
    *,
    site: str = "unit",
    readable: bool = True,
    takes: timedelta = timedelta(0),
) -> None:
    """A whole crawl of a site."""
    ticket = store.begin(site, "host:1", day, replayed=False)
    store.save_home(ticket, home_of(day, readable=readable))
    store.save(ticket, [], pages)
    store.save_columns(ticket, columns)
    store.finish(ticket, day + takes, CrawlState.COMPLETE, None, requests=1, pages=1, faults={})


def view(store: Store, as_of: datetime, site: str = "unit") -> SiteView:
    return site_view(store.database, REGISTRY, REGISTRY.site(site), as_of, WorkCalendar())


def test_an_empty_database_gives_an_empty_view(store: Store) -> None:
    empty = view(store, DAY_3)
    assert (empty.homes, empty.columns, empty.documents, empty.listings, empty.crawls, empty.probes) == ((), (), (), (), (), ())
    assert [(upper.site, upper.observed, upper.reason) for upper in empty.upstreams] == [("city", False, "not-observed")]


def test_as_of_an_earlier_day_the_view_is_what_it_was_then(store: Store) -> None:
    first = [column_fact(DAY_1, name="zcwj", canonical="zcwj", entries=[entry("甲")])]
    crawl(store, DAY_1, first, [document_page("/甲.html", DAY_1, title="甲")])
    before = view(store, DAY_1)
    later = [column_fact(DAY_2, name="zcwj", canonical="zcwj", entries=[entry("甲"), entry("乙")]), column_fact(DAY_2, name="new")]
    crawl(
        store,
        DAY_2,
        later,
        [document_page("/甲.html", DAY_2, title="甲（更正）"), document_page("/乙.html", DAY_2, title="乙")],
        readable=False,
    )
    store.save_probe("unit", Probe(DAY_2, True, 0.1, None))
    assert view(store, DAY_1) == before
    now = view(store, DAY_3)
    assert [document.reading.title for document in now.documents] == ["乙", "甲（更正）"]  # in order of address
    assert sorted(len(column.walks) for column in now.columns) == [1, 2]
    assert (len(now.crawls), len(now.homes), len(now.probes), len(now.listings)) == (2, 2, 1, 2)


def test_nothing_is_seen_after_the_moment(store: Store) -> None:
    for day in (DAY_1, DAY_2):
        crawl(store, day, [column_fact(day, entries=[entry("甲")])], [document_page("/甲.html", day)])
    evening = DAY_1 + timedelta(hours=6)
    then = view(store, evening)
    moments = [then.columns[0].last_seen, then.documents[0].last_seen, then.documents[0].observed_at, then.listings[0].last_seen]
    assert max(moments) <= evening
    assert view(store, DAY_3).listings[0].last_seen == DAY_2


def test_a_crawl_that_runs_is_not_in_the_view(store: Store) -> None:
    crawl(store, DAY_1, takes=timedelta(minutes=5))
    assert view(store, DAY_1 + timedelta(minutes=4)).crawls == ()
    assert len(view(store, DAY_1 + timedelta(minutes=5)).crawls) == 1


def test_a_document_s_columns_are_those_that_list_it_the_most_specific_first(store: Store) -> None:
    columns = [
        column_fact(DAY_1, name="zwgk", canonical="zfxxgk", entries=[entry("甲")]),
        column_fact(DAY_1, name="gfxwj", canonical="zcwj", parent="zwgk", entries=[entry("甲", day="2026-11-09")]),
        column_fact(DAY_1, name="other", entries=[entry("甲")]),
    ]
    crawl(store, DAY_1, columns, [document_page("/甲.html", DAY_1), document_page("/本.html", DAY_1)])
    alone, listed = view(store, DAY_3).documents
    assert (listed.columns, len(listed.column_urls), listed.list_title) == (("zcwj", "zfxxgk"), 3, "甲")
    assert listed.list_date is not None
    assert (alone.columns, alone.column_urls, alone.list_title, alone.list_date) == ((), (), None, None)


def test_a_year_below_a_column_is_that_column(store: Store) -> None:
    columns = [
        column_fact(DAY_1, name="zcwj", canonical="zcwj", entries=None),
        column_fact(DAY_1, name="2025", parent="zcwj", entries=[entry("旧")]),
    ]
    crawl(store, DAY_1, columns, [document_page("/旧.html", DAY_1)])
    assert view(store, DAY_3).documents[0].columns == ("zcwj",)


def test_circles_of_parents_end() -> None:
    first = column_fact(DAY_1, name="a", parent="b").column
    second = column_fact(DAY_1, name="b", parent="a").column
    assert effective_canonicals([first, second]) == {}
    orphan: Column = replace(first, parent_url=f"{HOME}nowhere/")
    assert effective_canonicals([orphan]) == {}


def test_withdrawn_documents_stay_with_their_last_day(store: Store) -> None:
    crawl(store, DAY_1, [column_fact(DAY_1, entries=[entry("甲")])], [document_page("/甲.html", DAY_1)])
    crawl(store, DAY_2, [column_fact(DAY_2, entries=[])])
    (document,) = site_documents(store.database, REGISTRY.site("unit"), DAY_3)
    assert (document.first_seen, document.last_seen) == (DAY_1, DAY_1)
    (listing,) = view(store, DAY_3).listings
    assert listing.last_seen == DAY_1


def test_a_page_that_became_a_list_is_no_document(store: Store) -> None:
    crawl(store, DAY_1, pages=[document_page("/甲.html", DAY_1)])
    crawl(store, DAY_2, pages=[replace(document_page("/甲.html", DAY_2), kind=PageKind.LIST, reading=None)])
    assert view(store, DAY_3).documents == ()
    assert len(view(store, DAY_1 + timedelta(hours=1)).documents) == 1


def test_what_the_last_visit_found_counts(store: Store) -> None:
    crawl(store, DAY_1, [column_fact(DAY_1, name="a", canonical="zcwj", entries=[entry("甲")])])
    crawl(store, DAY_2, [column_fact(DAY_2, name="a", canonical="zcjd", entries=None, fault="http-404")])
    (column,) = site_columns(store.database, REGISTRY.site("unit"), DAY_3)
    assert (column.canonical, column.reachable, column.fault, len(column.walks)) == ("zcjd", False, "http-404", 1)
    assert (column.first_seen, column.last_seen) == (DAY_1, DAY_2)


def test_probes_of_the_last_eight_days(store: Store) -> None:
    for days in (9, 8, 7, 0):
        store.save_probe("unit", Probe(DAY_3 - timedelta(days=days), True, 0.1, None))
    assert [(DAY_3 - probe.at).days for probe in view(store, DAY_3).probes] == [7, 0]


def test_upstream_items(store: Store) -> None:
    items = [entry("通知一"), replace(entry("通知二"), date=None), replace(entry("无址"), url=None)]
    columns = [column_fact(DAY_1, name="zyzc", entries=items), column_fact(DAY_1, name="other", entries=[entry("别的")])]
    crawl(
        store,
        DAY_1,
        columns,
        [document_page("/通知一.html", DAY_1, title="关于通知一的通知", published="2026-11-19", body="全文")],
        site="city",
    )
    (upper,) = view(store, DAY_3).upstreams
    assert (upper.observed, upper.reason) == (True, None)
    assert [(item.title, item.published_at, item.body) for item in upper.items] == [
        ("关于通知一的通知", moment("2026-11-19T00:00:00"), "全文"),
        ("通知二", None, ""),
    ]


def test_an_upstream_column_that_could_not_be_read_is_not_observed(store: Store) -> None:
    crawl(store, DAY_1, [column_fact(DAY_1, name="zyzc", entries=None, fault="timeout")], site="city")
    (upper,) = view(store, DAY_3).upstreams
    assert (upper.items, upper.observed, upper.reason) == ((), False, "timeout")


def test_a_unit_sees_its_parent_and_no_further(store: Store) -> None:
    crawl(store, DAY_1, [column_fact(DAY_1)])
    town = view(store, DAY_3, "town")
    assert town.parent is not None
    assert (len(town.parent.columns), town.columns, town.parent.parent, town.parent.upstreams) == (1, (), None, ())


def test_last_crawls_of_many_sites(store: Store) -> None:
    crawl(store, DAY_1)
    crawl(store, DAY_2)
    crawl(store, DAY_2, site="city")
    found = last_crawls(store.database, ["unit", "city", "town"])
    assert {site: one.started_at for site, one in found.items()} == {"unit": DAY_2, "city": DAY_2}
    assert last_crawls(store.database, ["unit"], DAY_1 + timedelta(hours=1))["unit"].started_at == DAY_1
