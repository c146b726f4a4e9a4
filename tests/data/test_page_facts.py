"""What pages show beside their text, columns' pages, homes, cells, links: kept once a change, and read back as of any moment."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import func, select

from data.calendar import WorkCalendar
from data.known import Known
from data.link_store import Trial, known_links
from data.models import ColumnPageRow, HomePageRow, HomeRow, LinkVisitRow, PageAsideRow, PageVersionRow
from data.page_store import PageFact, content_hash
from data.reading import site_view
from data.records import (
    Attachment,
    ColumnPage,
    CrawlState,
    DateRole,
    Document,
    Field,
    Home,
    Link,
    LinkKind,
    LinkVisit,
    OutLink,
    PageKind,
    Probe,
)
from data.registry import Registry
from data.store import ColumnFact, CrawlTicket, Store
from data.urls import url_hash
from data.view import SiteView
from data.wire import to_wire
from tests.support.facts import HOME, column_fact, document_page, entry, home_of, shown
from tests.support.sites import moment

DAY_1, DAY_2, DAY_3, DAY_4 = (moment(f"2026-11-{day}") for day in (20, 21, 22, 23))
REGISTRY = Registry.parse(
    f"""
version: 1
sites:
  - {{id: unit, name: 甲, profile: district-portal, home: "{HOME}"}}
  - {{id: town, name: 乙, profile: town, home: "{HOME}town/", parent: unit}}
  - {{id: bureau, name: 丙, profile: department, home: "http://c.example.gov.cn/", parent: unit}}
  - {{id: other, name: 丁, profile: department, home: "http://d.example.gov.cn/"}}
""",
    "registry.yml",
)


def crawl(
    store: Store,
    day: datetime,
    pages: Sequence[PageFact] = (),
    *,
    columns: Sequence[ColumnFact] = (),
    home: Home | None = None,
    trials: Sequence[Trial] = (),
) -> CrawlTicket:
    ticket = store.begin("unit", "host:1", day, replayed=False)
    store.save_home(ticket, home or home_of(day))
    store.save(ticket, [], pages)
    store.save_columns(ticket, columns)
    store.save_links(ticket, trials)
    store.finish(ticket, day, CrawlState.COMPLETE, None, requests=1, pages=1, faults={})
    return ticket


def view(store: Store, as_of: datetime) -> SiteView:
    return site_view(store.database, REGISTRY, REGISTRY.site("unit"), as_of, WorkCalendar())


def count(store: Store, table: type) -> int:
    with store.database.session() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def only(store: Store, as_of: datetime) -> Document:
    (document,) = view(store, as_of).documents
    return document


def with_metas(day: datetime, metas: Mapping[str, str], *, title: str = "题", built: str | None = None) -> PageFact:
    """A document with metas, of which one may say when the page was built."""
    page = document_page("/甲.html", day, title=title, published="2026-11-02")
    assert page.reading is not None
    dates = page.reading.dates
    if built is not None:
        dates = (*dates, shown(built, DateRole.META, "meta:PubDate"))
    bytes_ = sha256(f"{title}{metas}{built}".encode()).hexdigest()
    return replace(page, sha256=bytes_, reading=replace(page.reading, metas=metas, dates=dates, marks=("m",) if built else ()))


# --- versions and what stands beside them --------------------------------------------------------------


def test_new_metas_make_no_version_and_the_newest_are_kept(store: Store) -> None:
    crawl(store, DAY_1, [with_metas(DAY_1, {"PubDate": "2026-11-20"}, built="2026-11-20")])
    crawl(store, DAY_2, [with_metas(DAY_2, {"PubDate": "2026-11-21"}, built="2026-11-21")])
    crawl(store, DAY_3, [with_metas(DAY_3, {"PubDate": "2026-11-21"}, built="2026-11-21")])
    assert (count(store, PageVersionRow), count(store, PageAsideRow)) == (1, 1)
    assert [only(store, day).reading.metas["PubDate"] for day in (DAY_1, DAY_2, DAY_3)] == ["2026-11-20", "2026-11-21", "2026-11-21"]
    now = only(store, DAY_4)
    assert [date.raw for date in now.reading.dates] == ["2026-11-02", "2026-11-21"]
    assert (now.observed_at, now.earlier) == (DAY_3, ())
    known = Known(store.database, "unit").document(HOME + "甲.html")
    assert known == now.reading


def test_a_new_version_brings_its_own_metas(store: Store) -> None:
    crawl(store, DAY_1, [with_metas(DAY_1, {"a": "1"})])
    crawl(store, DAY_2, [with_metas(DAY_2, {"a": "2"})])
    crawl(store, DAY_3, [with_metas(DAY_3, {"a": "1"}, title="新题")])
    document = only(store, DAY_4)
    assert (document.reading.metas, document.reading.title) == ({"a": "1"}, "新题")
    (before,) = document.earlier
    assert (before.reading.title, before.reading.metas, before.observed_from, before.observed_to) == ("题", {"a": "2"}, DAY_1, DAY_2)
    assert before.sha256 == with_metas(DAY_2, {"a": "2"}).sha256
    crawl(store, DAY_4, [with_metas(DAY_4, {"a": "3"}, title="新题")])
    assert only(store, DAY_4).reading.metas == {"a": "3"}
    assert only(store, DAY_2).earlier == ()


def test_a_document_that_an_earlier_release_read_gets_no_version_for_what_readers_have_learnt(store: Store) -> None:
    crawl(store, DAY_1, [with_metas(DAY_1, {})])
    with store.database.session() as session:  # as it was stored before there were metas, told apart by all that was read
        row = session.execute(select(PageVersionRow)).scalar_one()
        assert row.reading is not None
        row.reading = {name: value for name, value in row.reading.items() if name not in ("metas", "outlinks", "media")}
        row.content_hash = sha256(json.dumps([row.kind, row.title, row.reading], ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    page = with_metas(DAY_2, {"SiteName": "甲"})
    assert page.reading is not None
    learnt = replace(page.reading, outlinks=(OutLink("http://x.example.com/", "外"),), media={"image": 1})
    crawl(store, DAY_2, [replace(page, reading=learnt)])
    assert count(store, PageVersionRow) == 1
    now = only(store, DAY_3).reading
    assert (now.metas, now.outlinks, now.media) == ({"SiteName": "甲"}, learnt.outlinks, {"image": 1})
    assert only(store, DAY_1).reading.metas == {}


def test_the_same_bytes_read_anew_are_no_earlier_version(store: Store) -> None:
    crawl(store, DAY_1, [document_page("/甲.html", DAY_1, title="题")])
    crawl(store, DAY_2, [document_page("/甲.html", DAY_2, title="读得更好的题")])  # the same hash of bytes
    document = only(store, DAY_3)
    assert (document.reading.title, document.earlier) == ("读得更好的题", ())


def test_twenty_versions_are_looked_back_at_oldest_first(store: Store) -> None:
    for number in range(25):
        at = DAY_1 + timedelta(hours=number)
        page = replace(document_page("/甲.html", at, title=f"题{number}"), sha256=f"{number:064d}")
        ticket = store.begin("unit", "host:1", at, replayed=False)
        store.save(ticket, [], [page])
        store.finish(ticket, at, CrawlState.COMPLETE, None, requests=1, pages=1, faults={})
    earlier = only(store, DAY_4).earlier
    assert [version.reading.title for version in earlier] == [f"题{number}" for number in range(4, 24)]
    assert [version.reading.title for version in only(store, DAY_1 + timedelta(hours=2)).earlier] == ["题0", "题1"]


@pytest.mark.parametrize(
    ("changed", "noticed"),
    [
        ({"title": "另题"}, True),
        ({"body": "另文"}, True),
        ({"attachments": (Attachment("http://x.example/a.pdf", "附件", "pdf"),)}, True),
        ({"fields": (Field("文号", "一号"),)}, True),
        ({"dates": (shown("2026-11-03", DateRole.PUBLISHED, "header"),)}, True),
        ({"dates": (shown("2026-11-03", DateRole.META, "meta:PubDate"),)}, False),
        ({"metas": {"a": "b"}}, False),
        ({"marks": ("published-disagrees:header,meta",)}, False),
        ({"outlinks": (OutLink("http://x.example.com/", "外", "display-none"),)}, False),
        ({"media": {"image": 3}}, False),
    ],
)
def test_what_a_reader_would_notice(changed: dict[str, object], noticed: bool) -> None:
    reading = document_page("/甲.html", DAY_1).reading
    assert reading is not None
    before, after = (content_hash("document", "题", to_wire(one)) for one in (reading, replace(reading, **changed)))  # type: ignore[arg-type]
    assert (before != after) is noticed


# --- columns' pages ------------------------------------------------------------------------------------


def column_page(day: datetime, text: str, *, metas: Mapping[str, str] | None = None, at: str = "zcwj/") -> PageFact:
    whole = ColumnPage(
        day, sha256(text.encode()).hexdigest(), text, metas or {}, (Link(f"{HOME}x/", "下级", "text", "body"),),
        (Attachment(f"{HOME}a.pdf", "附件", "pdf"),),
    )  # fmt: skip
    assert whole.sha256 is not None
    return PageFact(HOME + at, day, PageKind.LIST, "政策文件", None, whole.sha256, "utf-8", None, whole)


def test_a_column_s_page_is_stored_once_a_change(store: Store) -> None:
    for day, text, built in ((DAY_1, "甲", "1"), (DAY_2, "甲", "2"), (DAY_3, "乙", "3")):
        crawl(store, day, [column_page(day, text, metas={"PubDate": built})], columns=[column_fact(day)])
    assert (count(store, ColumnPageRow), count(store, PageVersionRow), count(store, PageAsideRow)) == (2, 1, 1)
    for as_of, text, built in ((DAY_1, "甲", "1"), (DAY_2, "甲", "2"), (DAY_3, "乙", "3"), (DAY_4, "乙", "3")):
        (column,) = view(store, as_of).columns
        assert column.page is not None
        assert (column.page.text, column.page.metas, column.page.observed_at) == (text, {"PubDate": built}, min(as_of, DAY_3))
        assert column.page.since == (DAY_1 if text == "甲" else DAY_3)
        assert column.page.sha256 == sha256(text.encode()).hexdigest()
        assert (column.page.links[0].text, column.page.attachments[0].name) == ("下级", "附件")


def test_a_column_that_was_read_as_a_document_shows_what_that_says(store: Store) -> None:
    page = replace(with_metas(DAY_1, {"ColumnName": "公开指南"}), url=f"{HOME}zcwj/")
    crawl(store, DAY_1, [page], columns=[column_fact(DAY_1, entries=None), column_fact(DAY_1, name="unread", entries=None)])
    pages = {column.name: column.page for column in view(store, DAY_2).columns}
    assert pages["unread"] is None
    guide = pages["zcwj"]
    assert guide is not None
    assert (guide.text, guide.metas, guide.observed_at) == ("正文", {"ColumnName": "公开指南"}, DAY_1)


# --- homes, rows, probes -------------------------------------------------------------------------------


def test_a_home_page_that_stays_is_stored_once(store: Store) -> None:
    facts = replace(
        home_of(DAY_1), footer="主办单位：甲", resources=(f"{HOME}a.js",), outlinks=(OutLink("http://x.example.com/", "外", None),),
        dated=3, newest_on=DAY_1.date(), metas={"PubDate": "1"},
    )  # fmt: skip
    crawl(store, DAY_1, home=facts)
    crawl(store, DAY_2, home=replace(facts, observed_at=DAY_2, metas={"PubDate": "2"}))
    crawl(store, DAY_3, home=replace(facts, observed_at=DAY_3, footer=None, newest_on=DAY_3.date()))
    assert (count(store, HomeRow), count(store, HomePageRow)) == (3, 2)
    homes = view(store, DAY_4).homes
    assert homes[0] == facts
    assert [home.metas["PubDate"] for home in homes] == ["1", "2", "1"]
    assert [(home.footer, home.newest_on) for home in homes[1:]] == [("主办单位：甲", DAY_1.date()), (None, DAY_3.date())]
    assert view(store, DAY_1).homes == homes[:1]


def test_cells_change_without_making_another_row(store: Store) -> None:
    def letters(day: datetime, state: str | None) -> ColumnFact:
        cells = (Field("状态", state),) if state is not None else ()
        return column_fact(day, entries=[replace(entry("来信"), cells=cells)])

    states = ["办理中", "办理中", None, "已办结"]  # None: taken as it was read before
    for day, state in zip((DAY_1, DAY_2, DAY_3, DAY_4), states, strict=True):
        crawl(store, day, columns=[letters(day, state)])
    rows = [view(store, day).listings for day in (DAY_1, DAY_3, DAY_4)]
    assert [len(found) for found in rows] == [1, 1, 1]
    assert [found[0].cells for found in rows] == [(Field("状态", "办理中"),), (Field("状态", "办理中"),), (Field("状态", "已办结"),)]


def test_a_probe_says_whether_the_name_has_an_ipv6_address(store: Store) -> None:
    for hour, ipv6 in enumerate((None, True, False)):
        store.save_probe("unit", Probe(DAY_1 + timedelta(hours=hour), True, 0.1, None, ipv6))
    assert [probe.ipv6 for probe in view(store, DAY_2).probes] == [None, True, False]


def test_the_roster_of_a_portal_is_its_scored_units(store: Store) -> None:
    assert [site.id for site in view(store, DAY_1).roster] == ["town", "bureau"]


# --- links ---------------------------------------------------------------------------------------------


def trial(day: datetime, ok: bool | None, reason: str | None = None, *, url: str = f"{HOME}a.pdf", label: str = "附件") -> Trial:
    visit = LinkVisit(day, ok, reason, "application/pdf" if ok else None, 30 if ok else None)
    return Trial(url, LinkKind.ATTACHMENT, label, f"{HOME}甲.html", visit)


def test_tries_that_come_to_the_same_are_one_row_and_all_are_known_as_of_any_moment(store: Store) -> None:
    crawl(store, DAY_1, trials=[trial(DAY_1, False, "http-404")])
    crawl(store, DAY_2, trials=[trial(DAY_2, False, "http-404", label="别处也有")])
    crawl(store, DAY_3, trials=[trial(DAY_3, False, "http-404")])
    crawl(store, DAY_4, trials=[trial(DAY_4, True)])
    assert count(store, LinkVisitRow) == 2

    def visits(as_of: datetime) -> list[tuple[datetime, bool | None, str | None]]:
        (target,) = view(store, as_of).links
        assert (target.kind, target.label, target.on) == (LinkKind.ATTACHMENT, "附件", f"{HOME}甲.html")
        return [(visit.at, visit.ok, visit.reason) for visit in target.visits]

    assert visits(DAY_1) == [(DAY_1, False, "http-404")]
    assert visits(DAY_2 + timedelta(hours=1)) == [(DAY_1, False, "http-404"), (DAY_2, False, "http-404")]
    assert visits(DAY_3) == [(DAY_1, False, "http-404"), (DAY_3, False, "http-404")]
    assert visits(DAY_4) == [(DAY_1, False, "http-404"), (DAY_3, False, "http-404"), (DAY_4, True, None)]
    assert view(store, DAY_1 - timedelta(hours=1)).links == ()


def test_links_stand_in_order_of_address_and_what_was_missing_once_is_known(store: Store) -> None:
    urls = [f"{HOME}{name}.pdf" for name in ("b", "a", "c")]
    tries = [trial(DAY_1, False, "http-404", url=urls[0]), trial(DAY_1, True, url=urls[1]), trial(DAY_1, None, "timeout", url=urls[2])]
    crawl(store, DAY_1, trials=tries)
    crawl(store, DAY_2, trials=[trial(DAY_2, True, url=urls[0])])
    assert [target.url for target in view(store, DAY_3).links] == sorted(urls)
    known = known_links(store.database, "unit")
    assert {link.url: (link.ok, link.missed) for link in known.values()} == {
        urls[0]: (True, True), urls[1]: (True, False), urls[2]: (None, False),
    }  # fmt: skip
    assert set(known) == {url_hash(url) for url in urls}
    assert known_links(store.database, "other") == {}
