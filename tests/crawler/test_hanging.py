"""Where columns hang where menus are flat, trails leave levels out, and one page stands under two addresses."""

from __future__ import annotations

import pytest

from crawler.columns import ColumnTree
from crawler.walk_notes import WalkNotes
from data.records import ColumnKind, Link, WalkState
from tests.support.columns import came, named, parent
from tests.support.facts import HOME, entry
from tests.support.pages import crumbs, nav, page

PARTS = [("/a1/l.shtml", "政策文件"), ("/a2/l.shtml", "公开制度"), ("/a3/l.shtml", "政府信息公开年报")]
FLAT = nav([("/x/", "新闻中心"), *PARTS, ("/gk/g.shtml", "政府信息公开")])


@pytest.fixture
def tree() -> ColumnTree:
    return ColumnTree("unit", HOME)


def entries(*columns: tuple[str, str]) -> str:
    return "<ul>" + "".join(f'<li><a href="{url}">{name}</a></li>' for url, name in columns) + "</ul>"


def flat_site(tree: ColumnTree, shown: str) -> None:
    """A site whose one menu holds sections and their parts side by side; `shown` is what the disclosure section shows beside it."""
    came(tree, "/", page("首页", FLAT), column=False)
    for url, name in PARTS:
        came(tree, url, page(name, FLAT + crumbs(("/", "首页"), (url, name)) + f"<h2>{name}</h2>"))
    came(tree, "/gk/g.shtml", page("政府信息公开", FLAT + shown))
    came(tree, "/x/", page("新闻中心", FLAT))


@pytest.mark.parametrize(
    "shown",
    [
        f'<div class="side"><ul><li><a href="javascript:void(0)">法定主动公开内容</a>{entries(*PARTS)}</li></ul></div>',
        f'<div class="portlet">{entries(*PARTS, ("/gk/g.shtml", "政府信息公开"))}</div>',
    ],
    ids=["a tree of its own", "a list that holds the section too"],
)
def test_a_section_holds_what_it_shows_beside_the_menu_of_all_pages(tree: ColumnTree, shown: str) -> None:
    flat_site(tree, shown)
    tree.settle()
    assert {parent(tree, url) for url, _ in PARTS} == {"/gk/g.shtml"}
    assert parent(tree, "/x/") is None


def test_a_flat_menu_alone_hangs_nothing(tree: ColumnTree) -> None:
    flat_site(tree, "<p>请选择栏目</p>")
    tree.settle()
    assert {parent(tree, url) for url, _ in PARTS} == {None}


def test_of_many_lists_in_a_folder_none_is_the_folder_s_own_page(tree: ColumnTree) -> None:
    lists = [("/xxgk/list_1.html", "政府信息公开制度"), ("/xxgk/list_2.html", "政策文件"), ("/xxgk/list_3.html", "财政预决算")]
    for url, name in lists:
        came(tree, url, page(name, entries(*lists) + f"<h2>{name}</h2>"))
    tree.settle()
    assert {parent(tree, url) for url, _ in lists} == {None}


def test_the_folder_of_a_script_says_nothing(tree: ColumnTree) -> None:
    came(tree, "/", page("首页", '<a href="/xxgk/Index.aspx">信息公开</a><a href="/xxgk/List.aspx?lmid=1">民生实事</a>'), column=False)
    came(tree, "/xxgk/Index.aspx", page("信息公开", "<h1>信息公开</h1>"))
    trail = crumbs(("/", "首页"), ("/xxgk/List.aspx?lmid=1", "民生实事"))
    came(tree, "/xxgk/List.aspx?lmid=1", page("民生实事", trail + "<h2>民生实事</h2>"))
    tree.settle()
    assert parent(tree, "/xxgk/List.aspx?lmid=1") is None


def test_a_trail_that_leaves_a_level_out_is_filled_in_by_folder_and_catalogue(tree: ColumnTree) -> None:
    above = (("/", "首页"), ("/zwgk/", "政府信息公开"))
    came(tree, "/zwgk/", page("政府信息公开", crumbs(*above)))
    came(tree, "/zwgk/fdzdgknr/", page("法定主动公开内容", crumbs(*above, ("/zwgk/fdzdgknr/", "法定主动公开内容"))))
    came(tree, "/zwgk/fdzdgknr/ghjh/", page("规划计划", crumbs(*above, ("/zwgk/fdzdgknr/ghjh/", "规划计划"))))
    came(tree, "/zwgk/fdzdgknr/sy/", page("某某天地", crumbs(*above, ("/zwgk/fdzdgknr/sy/", "某某天地"))))
    tree.settle()
    assert parent(tree, "/zwgk/fdzdgknr/ghjh/") == "/zwgk/fdzdgknr/"
    assert parent(tree, "/zwgk/fdzdgknr/sy/") == "/zwgk/", "the catalogue does not know it: the trail stands"


def test_of_a_unit_on_its_portal_nothing_hangs_above_its_home() -> None:
    tree = ColumnTree("town", f"{HOME}xzjd/qsz/")
    way = (("/", "首页"), ("/xzjd/", "镇街之窗"), ("/xzjd/qsz/", "青石镇"))
    came(tree, "/xzjd/qsz/tzgg/", page("通知公告", crumbs(*way, ("/xzjd/qsz/tzgg/", "通知公告")) + "<h2>通知公告</h2>"))
    named(tree, "/xzjd/", "基层动态", on="/xzjd/qsz/tzgg/")
    tree.settle()
    state = tree.get(f"{HOME}xzjd/qsz/tzgg/")
    assert state is not None
    assert (state.parent_url, state.path) == (None, ("通知公告",))


def test_one_page_under_two_addresses_is_one_column_and_hangs_where_either_hangs(tree: ColumnTree) -> None:
    came(tree, "/", page("首页", nav([("/col/1.html", "政府信息公开")])), column=False)
    came(tree, "/col/1.html", page("政府信息公开", entries(("/col/2.html?number=D1", "公开指南"), ("/col/3.html?number=D1", "政策文件"))))
    guide, list_page = (
        page("公开指南", "<h1>公开指南</h1><p>为便于公众获取信息，编制本指南。</p>" * 9),
        page("政策文件", "<h2>政策文件</h2>"),
    )
    for path in ("/col/2.html", "/col/2.html?number=D1"):
        came(tree, path, guide)
        tree.lead(f"{HOME}x/", Link(HOME + path.lstrip("/"), "公开指南", "text", "nav"), None)
    for path in ("/col/3.html", "/col/3.html?number=D1"):
        state = came(tree, path, list_page)
        assert state is not None
        state.walk, state.sha256 = WalkNotes(), "一"
        state.walk.add([entry(f"文{number}") for number in range(3)])
        state.walk.end(WalkState.COMPLETE, "no-pager")
    tree.settle()
    kept = {state.url.removeprefix(HOME) for state in tree.states.values() if state.alias_of is None}
    assert kept == {"col/1.html", "col/2.html", "col/3.html"}
    assert (parent(tree, "/col/2.html"), parent(tree, "/col/3.html")) == ("/col/1.html", "/col/1.html")


def test_two_pages_of_a_script_that_are_bytes_alike_are_two_columns(tree: ColumnTree) -> None:
    shell = page("政策文件", "<h1>政策文件</h1><p>正在加载栏目内容，请稍候，如长时间没有显示请刷新页面。</p>" * 9)
    for path in ("/list.html?id=3", "/list.html?id=9"):
        came(tree, path, shell)
    tree.settle()
    assert {state.alias_of for state in tree.states.values()} == {None}


def test_what_a_dead_address_held_hangs_under_the_living_column_of_its_name(tree: ColumnTree) -> None:
    trail = crumbs(("/", "首页"), ("/old/", "信息公开"), ("/n/zd/", "公开制度"))
    came(tree, "/n/", page("信息公开", "<h1>信息公开</h1>"))
    came(tree, "/n/zd/", page("公开制度", trail + "<h2>公开制度</h2>"))
    named(tree, "/old/", "信息公开")
    tree.missed(f"{HOME}old/", "http-404")
    tree.settle()
    assert parent(tree, "/n/zd/") == "/n/"


def test_a_column_whose_own_crumb_is_dead_does_not_hang_under_itself(tree: ColumnTree) -> None:
    trail = crumbs(("/", "首页"), ("/a/l13/", "政策文件"))
    came(tree, "/list.php?tid=13", page("政策文件", trail + "<h2>政策文件</h2>"))
    named(tree, "/list.php?tid=13", "政策文件")
    tree.missed(f"{HOME}a/l13/", "http-404")
    tree.settle()
    assert parent(tree, "/list.php?tid=13") is None
    assert [state.url for state in tree.states.values() if state.alias_of is None] == [f"{HOME}list.php?tid=13"]


def test_a_list_in_a_frame_is_the_list_of_the_column_around_it(tree: ColumnTree) -> None:
    came(tree, "/a/l16/", page("惠民惠农补贴", '<h2>惠民惠农补贴</h2><iframe src="/frame/l16/"></iframe>'))
    held = came(tree, "/frame/l16/", page("", "<p>补贴发放公示</p>"))
    assert held is not None
    held.walk = WalkNotes()
    held.walk.add([entry(f"文{number}") for number in range(3)])
    held.walk.end(WalkState.COMPLETE, "no-pager")
    tree.settle()
    column = tree.get(f"{HOME}a/l16/")
    assert column is not None
    assert (column.kind, column.walk) == (ColumnKind.LIST, held.walk)
    assert held.alias_of == column.url
