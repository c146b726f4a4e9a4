"""The column tree of one crawl: what is merged, what is named, what an empty list proves."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.column_state import page_kind
from crawler.columns import ColumnTree
from crawler.walk_notes import WalkNotes
from data.compact import Days
from data.records import ColumnKind, EmptyBecause, ListEntry, WalkState
from data.store import ColumnFact
from data.urls import url_hash
from tests.support.columns import came, named, parent, reading
from tests.support.facts import HOME, entry
from tests.support.pages import crumbs, listing, page, titles
from tests.support.sites import moment

NOW = moment("2026-11-21")


@pytest.fixture
def tree() -> ColumnTree:
    return ColumnTree("unit", HOME)


def fact(tree: ColumnTree, path: str, published: dict[bytes, date] | None = None) -> ColumnFact:
    state = tree.get(HOME + path.lstrip("/"))
    assert state is not None
    return tree.fact(state, NOW, 1, frozenset({"www.example.gov.cn"}), Days((published or {}).items()))


def walked(
    tree: ColumnTree, path: str, entries: list[ListEntry], state: WalkState = WalkState.COMPLETE, reason: str = "no-pager"
) -> WalkNotes:
    held = named(tree, path, "政策文件")
    assert held is not None
    held.walk = WalkNotes()
    if entries:
        held.walk.add(entries)
    held.walk.end(state, reason)
    return held.walk


def test_a_link_names_a_column_only_by_a_name_of_the_catalogue(tree: ColumnTree) -> None:
    assert named(tree, "/zcwj/", "政策文件") is not None
    assert named(tree, "/zwgk/zcwj2/", "某某天地") is None
    assert named(tree, "/zwgk/zcjd/", "") is None, "an address alone names nothing before its page was read"
    assert named(tree, "/x/", "政策文件" + "很长" * 20) is None
    assert list(tree.states) == ["www.example.gov.cn/zcwj/"]


def test_one_column_under_two_spellings_of_its_address(tree: ColumnTree) -> None:
    first = named(tree, "/zcwj/index.html", "更多信息公开")
    second = named(tree, "/zcwj/", "政策文件")
    assert first is None
    assert second is not None
    assert named(tree, "/zcwj/index.html", "更多") is second
    tree.settle()
    assert second.url == f"{HOME}zcwj/"


def test_a_page_s_own_words_name_it(tree: ColumnTree) -> None:
    named(tree, "/zcwj/", "政策文件")
    text = page("x", crumbs(("/", "首页"), ("/zwgk/", "政府信息公开"), ("/zcwj/", "规范性文件")) + "<p>文</p>")
    state = came(tree, "/zcwj/", text)
    tree.settle()
    assert state is not None
    assert state.name == "规范性文件"
    assert (state.parent_url, state.path, state.reachable) == (f"{HOME}zwgk/", ("政府信息公开", "规范性文件"), True)


def test_of_many_labels_the_one_nearest_to_home_names_a_column(tree: ColumnTree) -> None:
    came(tree, "/zwgk/", page("政务公开", '<h1>政务公开</h1><a href="/zcwj/">文件选登</a>'))
    named(tree, "/zwgk/", "政务公开")
    named(tree, "/zcwj/", "更多")
    named(tree, "/zcwj/", "政策文件")
    came(tree, "/zcwj/", page("规范性文件", "<h1>规范性文件</h1>"))
    tree.settle()
    state = tree.get(f"{HOME}zcwj/")
    assert state is not None
    assert (state.name, state.depth) == ("政策文件", 1)


def test_a_page_that_was_read_before_anything_named_it_is_read_all_the_same(tree: ColumnTree) -> None:
    text = page("x", crumbs(("/", "首页"), ("/zwgk/", "政府信息公开"), ("/jg/", "机构职能")) + "<p>办公室。</p>")
    came(tree, "/jg/", text, column=False)
    state = named(tree, "/jg/", "机构设置")
    tree.settle()
    assert state is not None
    assert (state.name, state.parent_url, state.reachable, state.kind) == ("机构职能", f"{HOME}zwgk/", True, ColumnKind.SECTION)


def test_a_page_that_did_not_come_before_anything_named_it_is_missing_all_the_same(tree: ColumnTree) -> None:
    tree.missed(f"{HOME}jg/", "http-404")
    state = named(tree, "/jg/", "机构职能")
    assert state is not None
    assert (state.reachable, state.fault) == (False, "http-404")


MENU = (
    '<div class="leftnav"><ul><li><a href="/gk/">政府信息公开</a><ul><li><a href="/zn/">政府信息公开指南</a></li>'
    '<li><a href="/zd/">政府信息公开制度</a></li></ul></li><li><a href="/jd/">政策解读</a></li></ul></div>'
)


def test_a_menu_s_nesting_hangs_a_column_wherever_the_menu_was_seen(tree: ColumnTree) -> None:
    came(tree, "/jd/", page("政策解读", MENU + "<h2>政策解读</h2>"))
    came(tree, "/zd/", page("政府信息公开制度", MENU + "<p>文</p>"))
    tree.settle()
    assert (parent(tree, "/zd/"), parent(tree, "/zn/"), parent(tree, "/gk/")) == ("/gk/", "/gk/", None)


def test_the_menu_on_a_column_s_own_page_places_it_before_the_menu_of_the_whole_site(tree: ColumnTree) -> None:
    mega = '<div class="top"><ul><li><a href="/gk/">政府信息公开</a><ul><li><a href="/zd/">政府信息公开制度</a></li><li><a href="/fd/">法定主动公开内容</a></li></ul></li></ul></div>'
    left = '<div class="leftnav"><ul><li><a href="/fd/">法定主动公开内容</a><ul><li><a href="/zd/">政府信息公开制度</a></li></ul></li></ul></div>'
    for path in ("/", "/gk/", "/fd/", "/jd/"):
        came(tree, path, page("x", mega + "<p>文</p>"), column=path != "/")
    came(tree, "/zd/", page("政府信息公开制度", mega + left + "<p>文</p>"))
    tree.settle()
    assert (parent(tree, "/zd/"), parent(tree, "/fd/")) == ("/fd/", "/gk/")


def test_menus_that_contradict_each_other_make_no_circle(tree: ColumnTree) -> None:
    one = '<div class="leftnav"><ul><li><a href="/gk/">政府信息公开</a><ul><li><a href="/jd/">政策解读</a></li></ul></li></ul></div>'
    two = '<div class="leftnav"><ul><li><a href="/jd/">政策解读</a><ul><li><a href="/gk/">政府信息公开</a></li></ul></li></ul></div>'
    came(tree, "/gk/", page("政府信息公开", two + "<p>文</p>"))
    came(tree, "/jd/", page("政策解读", one + "<p>文</p>"))
    tree.settle()
    assert (parent(tree, "/gk/"), parent(tree, "/jd/")) == ("/jd/", None)


def test_an_entry_beside_its_siblings_hangs_under_none_of_them(tree: ColumnTree) -> None:
    flat = '<div class="leftnav"><ul><li><a href="/jd/">政策解读</a></li><li><a href="/zd/">政府信息公开制度</a></li></ul></div>'
    came(tree, "/jd/", listing("政策解读", titles(3), below=flat))
    came(tree, "/zd/", page("政府信息公开制度", flat + "<p>文</p>"))
    tree.settle()
    assert parent(tree, "/zd/") is None


def test_an_entry_hangs_where_its_siblings_hang(tree: ColumnTree) -> None:
    flat = '<div class="leftnav"><ul><li><a href="/jd/">政策解读</a></li><li><a href="/zd/">政府信息公开制度</a></li></ul></div>'
    trail = crumbs(("/", "首页"), ("/gk/", "政府信息公开"), ("/jd/", "政策解读"))
    came(tree, "/jd/", page("政策解读", trail + flat + "<h2>政策解读</h2>"))
    came(tree, "/zd/", page("政府信息公开制度", flat + "<p>文</p>"))
    tree.settle()
    assert (parent(tree, "/jd/"), parent(tree, "/zd/")) == ("/gk/", "/gk/")


def test_a_trail_made_as_a_list_makes_no_siblings(tree: ColumnTree) -> None:
    def trail(*steps: tuple[str, str]) -> str:
        return '<ul class="crumb">当前位置：' + "".join(f'<li><a href="{url}">{name}</a> &gt;</li>' for url, name in steps) + "</ul>"

    came(tree, "/", page("示例区", '<div class="nav"><a href="/fd/">法定主动公开内容</a></div>'), column=False)
    came(
        tree,
        "/fd/",
        page(
            "法定主动公开内容",
            trail(("/", "首页"), ("/fd/", "法定主动公开内容")) + '<a href="/zd/">公开制度</a><a href="/jg/">机构职能</a>',
        ),
    )
    came(tree, "/zd/", page("公开制度", trail(("/", "首页"), ("/fd/", "法定主动公开内容"), ("/zd/", "公开制度"))))
    tree.settle()
    assert (parent(tree, "/zd/"), parent(tree, "/jg/"), parent(tree, "/fd/")) == ("/fd/", "/fd/", None)


def test_what_stands_beside_a_section_in_its_menu_is_not_below_it(tree: ColumnTree) -> None:
    came(tree, "/jd/", page("政策解读", MENU + "<h2>政策解读</h2>"))
    came(tree, "/gk/", page("政府信息公开", MENU + "<p>文</p>"))
    tree.settle()
    assert (parent(tree, "/gk/"), parent(tree, "/jd/")) == (None, None)


TABLE = "<table><tr>" + "".join(
    f'<td><a href="{url}">{name}</a></td>' for url, name in (("/dt/", "工作动态"), ("/gk/", "政府信息公开"), ("/gg/", "通知公告"))
) + "</tr></table>"  # fmt: skip


def test_a_menu_without_form_that_stands_on_every_page_holds_nothing(tree: ColumnTree) -> None:
    came(tree, "/", page("示例区", TABLE), column=False)
    came(tree, "/dt/", page("工作动态", TABLE + "<h2>工作动态</h2>"))
    came(tree, "/gk/", page("政府信息公开", TABLE + '<h2>政府信息公开</h2><a href="/zn/">政府信息公开指南</a><a href="/zd/">公开制度</a>'))
    came(tree, "/gg/", listing("通知公告", titles(3), below=TABLE))
    came(tree, "/zn/", page("公开指南", TABLE + "<h2>公开指南</h2>"))
    tree.settle()
    assert [parent(tree, path) for path in ("/dt/", "/gk/", "/gg/", "/zn/", "/zd/")] == [None, None, None, "/gk/", "/gk/"]


def test_a_box_of_news_beside_a_section_s_parts_is_no_part_of_it(tree: ColumnTree) -> None:
    box = '<div class="box"><a href="/dt/">工作动态</a></div>'
    menu = '<div class="nav"><a href="/dt/">工作动态</a><a href="/gk/">政府信息公开</a></div>'
    came(tree, "/", page("示例区", menu), column=False)
    came(tree, "/gk/", page("政府信息公开", menu + '<h2>政府信息公开</h2><a href="/zn/">政府信息公开指南</a>' + box))
    came(tree, "/dt/", listing("工作动态", titles(3), below=menu))
    tree.settle()
    assert (parent(tree, "/dt/"), parent(tree, "/zn/")) == (None, "/gk/")


def test_a_column_that_two_sections_show_hangs_under_the_one_whose_kind_holds_it(tree: ColumnTree) -> None:
    came(tree, "/", page("示例区", '<div class="nav"><a href="/hd/">互动交流</a><a href="/gk/">政府信息公开</a></div>'), column=False)
    came(tree, "/hd/", page("互动交流", '<h2>互动交流</h2><a href="/zd/">公开制度</a>'))
    came(tree, "/gk/", page("政府信息公开", '<h2>政府信息公开</h2><a href="/zd/">公开制度</a>'))
    tree.settle()
    assert parent(tree, "/zd/") == "/gk/"


def test_a_map_of_the_site_holds_no_column(tree: ColumnTree) -> None:
    came(tree, "/wzdt/", page("网站地图", '<h1>网站地图</h1><a href="/zd/">公开制度</a>'))
    came(tree, "/zd/", page("公开制度", "<p>文</p>"))
    tree.settle()
    assert parent(tree, "/zd/") is None


@pytest.mark.parametrize(
    ("holder", "column", "above"),
    [
        ("/zwgk/", "/zwgk/a/", "/zwgk/"),
        ("/zwgk/index.html", "/zwgk/a.html", "/zwgk/index.html"),
        ("/zwgk.htm", "/zwgk/a.htm", "/zwgk.htm"),
        ("/zwgk/list.shtml", "/zwgk/a/list.shtml", "/zwgk/list.shtml"),
        ("/zwgk/gk.html", "/zwgk/a/", "/zwgk/gk.html"),  # the only section there
        ("/zwgk/gk.html", "/zwgk/a.html", None),
        ("/", "/a/", None),
    ],
)
def test_a_folder_is_its_own_page_s(tree: ColumnTree, holder: str, column: str, above: str | None) -> None:
    came(tree, holder, page("政府信息公开", "<h2>政府信息公开</h2>"), column=holder != "/")
    came(tree, column, page("公开制度", "<h2>公开制度</h2>"))
    tree.settle()
    assert parent(tree, column) == above


def test_an_empty_list_s_place_beside_a_column_is_a_section_s(tree: ColumnTree) -> None:
    section = tree.register(f"{HOME}fd/", "fdzdgknr")
    section.kind, section.walk = ColumnKind.LIST, WalkNotes(empty=EmptyBecause.CONTAINER, container="ul")
    section.walk.end(WalkState.INCOMPLETE, "maybe-empty")
    came(tree, "/fd/", page("法定主动公开内容", '<h2>法定主动公开内容</h2><a href="/jg/">机构职能</a>'))
    tree.settle()
    settled = tree.get(section.url)
    assert settled is not None
    assert (settled.kind, settled.walk) == (ColumnKind.SECTION, None)
    assert parent(tree, "/jg/") == "/fd/"


def test_a_registry_s_word_stands(tree: ColumnTree) -> None:
    state = tree.register(f"{HOME}a/", "zcwj")
    came(tree, "/a/", listing("政策解读", titles(3)))
    tree.settle()
    assert state.match is not None
    assert (state.match.canonical, state.match.reason, state.name) == ("zcwj", "registry", "政策解读")


def test_a_year_hangs_below_its_column_and_is_none_itself(tree: ColumnTree) -> None:
    named(tree, "/zcwj/", "政策文件")
    state = came(tree, "/zcwj/2025/", page("2025年", "<h1>2025年</h1>"))
    tree.settle()
    assert state is not None
    assert (state.match, state.parent_url) == (None, f"{HOME}zcwj/")


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
    held = named(tree, "/zcwj/", "政策文件")
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
    below = named(tree, "/zcwj/a/", "政策解读", on="/zcwj/")
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
