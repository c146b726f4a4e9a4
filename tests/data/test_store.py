"""What a crawl writes: leases and resumption, page versions, columns with their walks and rows."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from socket import gethostname

import pytest
from sqlalchemy import func, select, update

from data.known import Known
from data.models import ColumnRow, FetchRow, HomeRow, ListingRow, PageRow, PageVersionRow, SiteRow, WalkRow
from data.reading import last_crawls, last_probes
from data.records import CrawlState, PageKind, Probe
from data.store import CrawlTicket, LeaseLostError, SiteBusyError, Store
from data.urls import url_hash
from tests.support.facts import HOME, column_fact, document_page, entry, fetch, home_of
from tests.support.sites import moment

DAY_1, DAY_2, DAY_3 = moment("2026-11-20"), moment("2026-11-21"), moment("2026-11-22")
ELSEWHERE = "another-machine:1"


def begin(store: Store, at: object = DAY_1, owner: str = ELSEWHERE, *, replayed: bool = False) -> CrawlTicket:
    return store.begin("unit", owner, at, replayed=replayed)  # type: ignore[arg-type]


def finish(store: Store, ticket: CrawlTicket, state: CrawlState = CrawlState.COMPLETE) -> None:
    store.finish(ticket, ticket.started_at, state, None, requests=1, pages=1, faults={})


def count(store: Store, model: type) -> int:
    with store.database.session() as session:
        return session.execute(select(func.count()).select_from(model)).scalar_one()


# --- leases and resumption ------------------------------------------------------------------------


def test_one_crawl_at_a_time(store: Store) -> None:
    begin(store)
    with pytest.raises(SiteBusyError, match="site unit: another crawl \\(another-machine:1\\) runs on it until"):
        begin(store, owner="third-machine:1")


def test_a_lease_that_ran_out_is_taken_over_and_the_first_stores_nothing_more(store: Store) -> None:
    first = begin(store)
    with store.database.session() as session:
        session.execute(update(SiteRow).values(lease_until=DAY_1 - timedelta(days=999)))
    second = begin(store, owner="third-machine:1")
    assert second.crawl_id == first.crawl_id
    assert second.fence > first.fence
    acts: tuple[Callable[[], None], ...] = (
        lambda: store.renew(first),
        lambda: store.save(first, [fetch("/")], []),
        lambda: store.save_home(first, home_of(DAY_1)),
        lambda: store.save_columns(first, [column_fact()]),
        lambda: finish(store, first),
    )
    for late in acts:
        with pytest.raises(LeaseLostError, match="site unit: another crawl took it over"):
            late()
    store.release(first)  # and gives nobody else's lease back
    store.renew(second)
    with pytest.raises(SiteBusyError):
        begin(store, owner="fourth-machine:1")
    assert (count(store, FetchRow), count(store, HomeRow)) == (0, 0)


def test_a_killed_process_of_this_machine_does_not_block_the_next(store: Store) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    first = begin(store, owner=f"{gethostname()}:{gone.pid}")
    assert begin(store).crawl_id == first.crawl_id


def test_an_interrupted_crawl_is_taken_up(store: Store) -> None:
    first = begin(store)
    store.save(first, [fetch("/a.html")], [document_page("/a.html", DAY_1)])
    store.save(first, [], [replace(document_page("/list/", DAY_1), kind=PageKind.LIST, reading=None)])
    store.release(first)
    again = begin(store, DAY_1 + timedelta(hours=3))
    assert (again.crawl_id, again.resumed, again.started_at) == (first.crawl_id, True, DAY_1)
    assert again.done == {url_hash(f"{HOME}a.html")}  # lists are read again, documents are not
    store.finish(again, DAY_1, CrawlState.COMPLETE, None, requests=3, pages=2, faults={"http-404": 1})
    crawl = last_crawls(store.database, ["unit"])["unit"]
    assert (crawl.state, crawl.requests, crawl.pages, crawl.faults) == (CrawlState.COMPLETE, 3, 2, {"http-404": 1})
    assert begin(store, DAY_1 + timedelta(hours=4)).crawl_id != first.crawl_id


def test_an_old_crawl_is_not_taken_up_but_closed(store: Store) -> None:
    store.release(begin(store))
    later = begin(store, DAY_2 + timedelta(hours=1))
    assert (later.resumed, later.done) == (False, frozenset())
    assert last_crawls(store.database, ["unit"]) == {}  # the interrupted one never counts as a visit
    finish(store, later)
    assert last_crawls(store.database, ["unit"])["unit"].id == later.crawl_id


def test_a_crawl_of_the_future_is_not_taken_up(store: Store) -> None:
    """--now may lie before what is stored."""
    store.release(begin(store, DAY_3))
    assert not begin(store, DAY_1).resumed


def test_replay_and_live_do_not_take_up_each_other(store: Store) -> None:
    live = begin(store)
    store.release(live)
    assert begin(store, replayed=True).crawl_id != live.crawl_id


# --- pages ----------------------------------------------------------------------------------------


def versions(store: Store) -> list[tuple[str | None, str, str, str]]:
    with store.database.session() as session:
        rows = session.execute(select(PageVersionRow).order_by(PageVersionRow.id)).scalars()
        return [(row.title, row.sha256, f"{row.observed_from:%d}", f"{row.observed_to:%d}") for row in rows]


def seen(store: Store) -> tuple[str, str]:
    with store.database.session() as session:
        row = session.execute(select(PageRow)).scalar_one()
        return f"{row.first_seen:%d}", f"{row.last_seen:%d}"


def test_a_page_that_says_the_same_stays_one_version(store: Store) -> None:
    for number, day in enumerate((DAY_1, DAY_2), 1):
        ticket = begin(store, day)
        # Other bytes, the same reading: a counter or a timestamp in the page is no edit.
        store.save(ticket, [], [replace(document_page("/a.html", day), sha256=f"{number:064d}")])
        finish(store, ticket)
    assert versions(store) == [("题", f"{1:064d}", "20", "21")]
    assert seen(store) == ("20", "21")


def test_an_edit_is_a_new_version_and_so_is_its_undoing(store: Store) -> None:
    for day, title in ((DAY_1, "甲"), (DAY_2, "乙"), (DAY_3, "甲")):
        ticket = begin(store, day)
        store.save(ticket, [], [document_page("/a.html", day, title=title)])
        finish(store, ticket)
    assert [(title, first, last) for title, _, first, last in versions(store)] == [
        ("甲", "20", "20"),
        ("乙", "21", "21"),
        ("甲", "22", "22"),
    ]
    assert seen(store) == ("20", "22")


def test_one_page_twice_in_a_batch(store: Store) -> None:
    ticket = begin(store)
    store.save(ticket, [fetch("/a/"), fetch("/a/index.html")], [document_page("/a/", DAY_1), document_page("/a/index.html", DAY_1)])
    assert (count(store, PageRow), count(store, FetchRow)) == (1, 2)


def test_shown_dates_are_kept_with_role_and_raw_text(store: Store) -> None:
    store.save(begin(store), [], [document_page("/a.html", DAY_1, published="2026-11-13")])
    with store.database.session() as session:
        (shown,) = session.execute(select(PageVersionRow.shown_dates)).scalar_one()
    assert (shown["role"], shown["raw"], shown["value"], shown["where"]) == (
        "published",
        "2026-11-13",
        "2026-11-13T00:00:00+08:00",
        "field:发布日期",
    )


def test_known_pages(store: Store) -> None:
    ticket = begin(store)
    store.save(ticket, [], [document_page("/a.html", DAY_1, published="2026-11-13"), document_page("/b.html", DAY_1)])
    store.save(ticket, [], [replace(document_page("/list/", DAY_1), kind=PageKind.LIST, reading=None)])
    known = Known(store.database, "unit").pages()
    assert set(known) == {url_hash(f"{HOME}a.html"), url_hash(f"{HOME}b.html")}
    assert known[url_hash(f"{HOME}a.html")].published_at == moment("2026-11-13T00:00:00")
    assert known[url_hash(f"{HOME}b.html")].published_at is None
    store.save(ticket, [], [document_page("/a.html", DAY_2, published="2026-11-14")])
    assert Known(store.database, "unit").pages()[url_hash(f"{HOME}a.html")].published_at == moment("2026-11-14T00:00:00")
    assert Known(store.database, "other").pages() == {}


def test_one_address_of_two_sites_is_two_pages(store: Store) -> None:
    store.save(begin(store), [], [document_page("/a.html", DAY_1)])
    other = store.begin("other", ELSEWHERE, DAY_1, replayed=False)
    store.save(other, [], [document_page("/a.html", DAY_1)])
    assert count(store, PageRow) == 2


# --- home, probes ---------------------------------------------------------------------------------


def test_the_home_page_of_a_crawl_is_kept_once(store: Store) -> None:
    ticket = begin(store)
    store.save_home(ticket, home_of(DAY_1, readable=False))
    store.save_home(ticket, home_of(DAY_1))
    assert count(store, HomeRow) == 1


def test_probes_need_no_lease(store: Store) -> None:
    begin(store)
    store.save_probe("unit", Probe(DAY_1, False, 15.0, "timeout"))
    store.save_probe("new-site", Probe(DAY_1, True, 0.2, None))
    assert last_probes(store.database, ["unit", "new-site", "nowhere"]) == {
        "unit": Probe(DAY_1, False, 15.0, "timeout"),
        "new-site": Probe(DAY_1, True, 0.2, None),
    }


# --- columns, walks, rows -------------------------------------------------------------------------


def listings(store: Store) -> dict[str, tuple[str, str, str | None]]:
    with store.database.session() as session:
        rows = session.execute(select(ListingRow).order_by(ListingRow.id)).scalars()
        return {
            row.title: (f"{row.first_seen:%d}", f"{row.last_seen:%d}", f"{row.absent_at:%d}" if row.absent_at else None) for row in rows
        }


def visit(store: Store, day: object, *facts: object, state: CrawlState = CrawlState.COMPLETE) -> None:
    ticket = begin(store, day)
    store.save_columns(ticket, facts)  # type: ignore[arg-type]
    finish(store, ticket, state)


def test_rows_keep_when_they_came_and_when_they_were_not_there_yet(store: Store) -> None:
    visit(store, DAY_1, column_fact(DAY_1, entries=[entry("甲")]))
    visit(store, DAY_2, column_fact(DAY_2, entries=[entry("乙"), entry("甲")]))
    visit(store, DAY_3, column_fact(DAY_3, entries=[entry("乙")]))
    assert listings(store) == {"甲": ("20", "21", None), "乙": ("21", "22", "20")}


def test_an_incomplete_walk_proves_no_absence(store: Store) -> None:
    visit(store, DAY_1, column_fact(DAY_1, entries=[entry("甲")], complete=False))
    visit(store, DAY_2, column_fact(DAY_2, entries=[entry("乙"), entry("甲")]))
    assert listings(store)["乙"] == ("21", "21", None)


def test_a_changed_title_or_date_is_a_new_row(store: Store) -> None:
    visit(store, DAY_1, column_fact(DAY_1, entries=[entry("甲", day="2026-11-10")]))
    visit(store, DAY_2, column_fact(DAY_2, entries=[entry("甲", day="2026-11-11"), entry("乙", path="甲.html")]))
    assert count(store, ListingRow) == 3


def test_a_column_saved_twice_in_one_crawl_has_one_walk(store: Store) -> None:
    ticket = begin(store)
    store.save_columns(ticket, [column_fact(DAY_1, entries=[entry("甲")], complete=False)])
    store.save_columns(ticket, [column_fact(DAY_1, entries=[entry("甲"), entry("乙")])])
    assert (count(store, WalkRow), count(store, ListingRow)) == (1, 2)


def test_rows_on_other_hosts_are_external(store: Store) -> None:
    away = replace(entry("外"), url="http://www.elsewhere.gov.cn/a.html")
    visit(store, DAY_1, column_fact(DAY_1, entries=[entry("甲"), away, replace(entry("无"), url=None)]))
    with store.database.session() as session:
        external = {row.title: row.external for row in session.execute(select(ListingRow)).scalars()}
    assert external == {"甲": False, "外": True, "无": False}


def test_a_listed_page_is_a_page_that_is_there(store: Store) -> None:
    ticket = begin(store)
    store.save(ticket, [], [document_page("/甲.html", DAY_1)])
    finish(store, ticket)
    visit(store, DAY_2, column_fact(DAY_2, entries=[entry("甲")]))
    assert seen(store) == ("20", "21")


def test_a_column_is_new_only_after_a_complete_crawl_that_lacked_it(store: Store) -> None:
    visit(store, DAY_1, column_fact(DAY_1, name="甲"), state=CrawlState.INCOMPLETE)
    visit(store, DAY_2, column_fact(DAY_2, name="甲"), column_fact(DAY_2, name="乙"))
    visit(store, DAY_3, column_fact(DAY_3, name="丙"))
    with store.database.session() as session:
        appeared = {row.url.rsplit("/", 2)[1]: row.appeared_after for row in session.execute(select(ColumnRow)).scalars()}
    assert appeared == {"甲": None, "乙": None, "丙": DAY_2}


# --- rechecks -------------------------------------------------------------------------------------


def test_a_recheck_takes_nothing_up_and_leaves_an_interrupted_crawl_to_the_next_whole_one(store: Store) -> None:
    whole = store.begin("unit", "host:1", DAY_1, replayed=False)
    store.release(whole)
    recheck = store.begin("unit", "host:1", DAY_1 + timedelta(hours=1), replayed=False, partial=True)
    assert (recheck.resumed, recheck.partial, recheck.crawl_id != whole.crawl_id) == (False, True, True)
    store.finish(recheck, DAY_1 + timedelta(hours=1), CrawlState.INCOMPLETE, "recheck", requests=1, pages=1, faults={})
    assert last_crawls(store.database, ["unit"]) == {}  # it is no visit to the site
    again = store.begin("unit", "host:1", DAY_1 + timedelta(hours=2), replayed=False)
    assert (again.crawl_id, again.resumed, again.partial) == (whole.crawl_id, True, False)


def test_a_recheck_waits_for_nobody(store: Store) -> None:
    store.begin("unit", "otherhost:1", DAY_1, replayed=False)
    with pytest.raises(SiteBusyError):
        store.begin("unit", "host:2", DAY_1, replayed=False, partial=True)


def test_a_recheck_that_died_is_never_taken_up(store: Store) -> None:
    died = store.begin("unit", "host:1", DAY_1, replayed=False, partial=True)
    store.release(died)
    whole = store.begin("unit", "host:1", DAY_1 + timedelta(hours=1), replayed=False)
    assert (whole.resumed, whole.crawl_id != died.crawl_id) == (False, True)
