"""The column tree of one crawl: what is merged, what is named, what an empty list proves."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.columns import ColumnTree, WalkNotes, page_kind
from crawler.extract import read
from data.records import ColumnKind, EmptyBecause, Link, ListEntry, PageReading, WalkState
from data.store import ColumnFact
from data.urls import url_hash
from tests.support.facts import HOME, entry
from tests.support.pages import crumbs, listing, page, titles
from tests.support.sites import moment

NOW = moment("2026-11-21")


def reading(path: str, text: str) -> PageReading:
    return read(text.encode(), HOME + path.lstrip("/"))


def link(path: str, text: str) -> Link:
    return Link(HOME + path.lstrip("/"), text, "text", "nav")


@pytest.fixture
def tree() -> ColumnTree:
    return ColumnTree("unit", HOME)


def fact(tree: ColumnTree, path: str, published: dict[bytes, date] | None = None) -> ColumnFact:
    state = tree.get(HOME + path.lstrip("/"))
    assert state is not None
    return tree.fact(state, NOW, 1, frozenset({"www.example.gov.cn"}), published or {})


def walked(
    tree: ColumnTree, path: str, entries: list[ListEntry], state: WalkState = WalkState.COMPLETE, reason: str = "no-pager"
) -> WalkNotes:
    held = tree.linked(link(path, "政策文件"), None, 1, None)
    assert held is not None
    held.walk = WalkNotes()
    if entries:
        held.walk.add(entries)
    held.walk.end(state, reason)
    return held.walk


def test_a_link_names_a_column_only_by_a_name_of_the_catalogue(tree: ColumnTree) -> None:
    assert tree.linked(link("/zcwj/", "政策文件"), None, 1, None) is not None
    assert tree.linked(link("/zwgk/zcwj2/", "某某天地"), None, 1, None) is None
    assert tree.linked(link("/zwgk/zcjd/", ""), None, 1, None) is None, "an address alone names nothing before its page was read"
    assert tree.linked(link("/x/", "政策文件" + "很长" * 20), None, 1, None) is None
    assert list(tree.states) == ["www.example.gov.cn/zcwj/"]


def test_one_column_under_two_spellings_of_its_address(tree: ColumnTree) -> None:
    first = tree.linked(link("/zcwj/", "政策文件"), None, 1, None)
    second = tree.linked(link("/zcwj/index.html", "更多"), None, 3, None)
    assert first is second


def test_a_page_s_own_words_name_it(tree: ColumnTree) -> None:
    tree.linked(link("/zcwj/", "政策文件"), None, 1, None)
    text = page("x", crumbs(("/", "首页"), ("/zwgk/", "政府信息公开"), ("/zcwj/", "规范性文件")) + "<p>文</p>")
    state = tree.arrived(f"{HOME}zcwj/", reading("/zcwj/", text), "政策文件", HOME, 1)
    assert state.name == "规范性文件"
    assert (state.parent_url, state.path[-1], state.reachable) == (f"{HOME}zwgk/", "规范性文件", True)


MENU = (
    '<div class="leftnav"><ul><li><a href="/gk/">政府信息公开</a><ul><li><a href="/zn/">政府信息公开指南</a></li>'
    '<li><a href="/zd/">政府信息公开制度</a></li></ul></li><li><a href="/jd/">政策解读</a></li></ul></div>'
)


def test_a_menu_s_nesting_hangs_a_column_wherever_the_menu_was_seen(tree: ColumnTree) -> None:
    explained = reading("/jd/", page("政策解读", MENU + "<h2>政策解读</h2>"))
    tree.note(explained)
    state = tree.arrived(f"{HOME}jd/", explained, "政策解读", None, 1)
    for anchor in explained.links:
        tree.hang(anchor, state)
    rules = tree.arrived(f"{HOME}zd/", reading("/zd/", page("政府信息公开制度", MENU + "<p>文</p>")), "政府信息公开制度", f"{HOME}jd/", 2)
    assert rules.parent_url == f"{HOME}gk/"


def test_an_entry_beside_its_siblings_hangs_under_none_of_them(tree: ColumnTree) -> None:
    flat = '<div class="leftnav"><ul><li><a href="/jd/">政策解读</a></li><li><a href="/zd/">政府信息公开制度</a></li></ul></div>'
    explained = reading("/jd/", listing("政策解读", titles(3), below=flat))
    tree.note(explained)
    state = tree.arrived(f"{HOME}jd/", explained, "政策解读", None, 1)
    state.kind = ColumnKind.LIST
    for anchor in explained.links:
        tree.hang(anchor, state)
    rules = tree.arrived(f"{HOME}zd/", reading("/zd/", page("政府信息公开制度", flat + "<p>文</p>")), "政府信息公开制度", f"{HOME}jd/", 2)
    assert rules.parent_url is None


def test_what_stands_beside_a_section_in_its_menu_is_not_below_it(tree: ColumnTree) -> None:
    section = reading("/jd/", page("政策解读", MENU + "<h2>政策解读</h2>"))
    tree.note(section)
    state = tree.arrived(f"{HOME}jd/", section, "政策解读", None, 1)
    state.kind = ColumnKind.SECTION
    for anchor in section.links:
        tree.hang(anchor, state)
    disclosure = tree.arrived(f"{HOME}gk/", reading("/gk/", page("政府信息公开", MENU + "<p>文</p>")), "政府信息公开", f"{HOME}jd/", 2)
    assert disclosure.parent_url is None


def test_a_map_of_the_site_holds_no_column(tree: ColumnTree) -> None:
    state = tree.arrived(
        f"{HOME}wzdt/", reading("/wzdt/", page("网站地图", '<h1>网站地图</h1><a href="/zd/">公开制度</a>')), "网站地图", None, 1
    )
    state.kind = ColumnKind.SECTION
    tree.hang(Link(f"{HOME}zd/", "公开制度", "text", "body"), state)
    rules = tree.arrived(f"{HOME}zd/", reading("/zd/", page("公开制度", "<p>文</p>")), "公开制度", f"{HOME}wzdt/", 2)
    assert rules.parent_url is None


def test_an_empty_list_s_place_beside_a_column_is_a_section_s(tree: ColumnTree) -> None:
    section = tree.named(f"{HOME}fd/", "fdzdgknr")
    section.kind, section.walk = ColumnKind.LIST, WalkNotes(empty=EmptyBecause.CONTAINER, container="ul")
    section.walk.end(WalkState.INCOMPLETE, "maybe-empty")
    tree.hang(Link(f"{HOME}jg/", "机构职能", "text", "body"), section)
    profile = tree.linked(link("/jg/", "机构职能"), None, 2, None)
    assert profile is not None
    tree.settle()
    settled = tree.get(section.url)
    assert settled is not None
    assert settled.kind is ColumnKind.SECTION
    assert settled.walk is None
    assert profile.parent_url == section.url


def test_a_registry_s_word_stands(tree: ColumnTree) -> None:
    tree.named(f"{HOME}a/", "zcwj")
    state = tree.arrived(f"{HOME}a/", reading("/a/", listing("政策解读", titles(3))), "政策解读", None, 1)
    assert state.match is not None
    assert (state.match.canonical, state.match.reason) == ("zcwj", "registry")


def test_a_year_hangs_below_its_column_and_is_none_itself(tree: ColumnTree) -> None:
    tree.linked(link("/zcwj/", "政策文件"), None, 1, None)
    state = tree.arrived(f"{HOME}zcwj/2025/", reading("/zcwj/2025/", page("2025年", "<h1>2025年</h1>")), "2025年", None, 2)
    assert (state.match, state.parent_url) == (None, f"{HOME}zcwj/")


def test_parents_in_a_circle_end(tree: ColumnTree) -> None:
    first, second = tree.named(f"{HOME}a/", "zcwj"), tree.named(f"{HOME}b/", "zcjd")
    first.parent_url, second.parent_url = second.url, first.url
    assert tree.above(first) == ("zcwj", "zcjd")


def test_notes_tell_a_repeated_page() -> None:
    notes = WalkNotes()
    assert notes.add([entry("甲"), entry("乙")])
    assert notes.add([entry("乙"), entry("丙")])
    assert not notes.add([entry("甲"), entry("乙")])
    assert notes.add([])
    assert notes.add([]), "two pages without rows are not one page repeated"
    assert len(notes.entries) == 3


@pytest.mark.parametrize(
    ("entries", "published", "newest", "undated"),
    [
        (["2026-11-10", "2026-11-12", "2026-11-11"], {}, "2026-11-12", 0),
        (["2026-11-10", "2026-11-21"], {}, "2026-11-21", 0),  # today
        (["2026-11-10", "2026-11-22", "2036-11-10"], {}, "2026-11-10", 0),  # dated ahead: never the newest
        ([None, "2026-11-10"], {}, "2026-11-10", 1),
        ([None], {"0": "2026-11-13"}, "2026-11-13", 0),  # the document's own date
        (["2026-11-10"], {"0": "2026-11-13"}, "2026-11-13", 0),
        ([None], {}, None, 1),
        ([], {}, None, 0),
    ],
)
def test_newest(tree: ColumnTree, entries: list[str | None], published: dict[str, str], newest: str | None, undated: int) -> None:
    walked(tree, "/zcwj/", [entry(str(number), day=day) for number, day in enumerate(entries)])
    days = {url_hash(f"{HOME}{number}.html"): date.fromisoformat(day) for number, day in published.items()}
    walk = fact(tree, "/zcwj/", days).walk
    assert walk is not None
    assert (walk.newest_on.isoformat() if walk.newest_on else None, walk.undated, walk.entries) == (newest, undated, len(entries))


@pytest.mark.parametrize(
    ("pages", "first"),
    [
        ([["2026-11-12", "2026-11-11"], ["2026-11-10"]], True),
        ([["2026-11-12", "2026-11-12"], ["2026-11-12"]], True),
        ([["2026-11-10", "2026-11-11"], ["2026-11-12"]], False),
        ([["2026-11-12", "2026-11-11", "2026-11-10"]], False),  # one page alone does not tell
    ],
)
def test_newest_first(tree: ColumnTree, pages: list[list[str]], first: bool) -> None:
    notes = walked(tree, "/zcwj/", [])
    for number, days in enumerate(pages):
        notes.add([entry(f"{number}-{row}", day=day) for row, day in enumerate(days)])
    walk = fact(tree, "/zcwj/").walk
    assert walk is not None
    assert walk.newest_first is first


def test_an_unfinished_walk_is_incomplete(tree: ColumnTree) -> None:
    held = tree.linked(link("/zcwj/", "政策文件"), None, 1, None)
    assert held is not None
    held.walk = WalkNotes()
    walk = fact(tree, "/zcwj/").walk
    assert walk is not None
    assert (walk.state, walk.reason) == (WalkState.INCOMPLETE, "not-finished")


@pytest.mark.parametrize(
    ("empty", "container", "state", "reason"),
    [
        (EmptyBecause.CONTAINER, "div.list>ul.news", WalkState.COMPLETE, "sibling-template"),
        (EmptyBecause.CONTAINER, "div.other", WalkState.INCOMPLETE, "layout-unknown"),
        (EmptyBecause.CONTAINER, None, WalkState.INCOMPLETE, "layout-unknown"),
        (EmptyBecause.NONE, "div.list>ul.news", WalkState.INCOMPLETE, "layout-unknown"),
    ],
)
def test_an_empty_container_is_an_empty_list_only_where_a_sibling_shows_rows_in_it(
    tree: ColumnTree, empty: EmptyBecause, container: str | None, state: WalkState, reason: str
) -> None:
    full = walked(tree, "/tzgg/", [entry("甲")])
    full.container = "div.list>ul.news"
    bare = walked(tree, "/zcwj/", [], WalkState.INCOMPLETE, "maybe-empty")
    bare.empty, bare.container = empty, container
    tree.settle()
    assert (bare.state, bare.reason) == (state, reason)


def test_a_list_without_rows_that_holds_columns_is_a_section(tree: ColumnTree) -> None:
    walked(tree, "/zcwj/", [], WalkState.INCOMPLETE, "layout-unknown")
    held = tree.get(f"{HOME}zcwj/")
    below = tree.linked(link("/zcwj/a/", "政策解读"), held, 2, None)
    assert held is not None
    assert below is not None
    held.kind = ColumnKind.LIST
    tree.settle()
    assert held.kind is ColumnKind.SECTION


@pytest.mark.parametrize(
    ("text", "canonical", "kind"),
    [
        (listing("政策文件", titles(3)), "zcwj", ColumnKind.LIST),
        (page("机构", "<h1>机构职能</h1><p>办公室。</p>"), None, ColumnKind.SECTION),
    ],
)
def test_kinds(text: str, canonical: str | None, kind: ColumnKind) -> None:
    assert page_kind(reading("/a/", text).page, canonical) is kind
