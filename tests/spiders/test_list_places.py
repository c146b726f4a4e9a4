"""Lists that are not where a page's rows stand: in a frame, by year, behind a script; crawled whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

import pytest

from data.records import ColumnKind, WalkState
from spiders.base import Ask
from tests.spiders.test_script_lists import BUTTON, FILL, MORE, column, items, label, label_page
from tests.support.dialects import rows, script, site
from tests.support.pagers import DIALECTS
from tests.support.pages import article, crumbs, listing, menu, page
from tests.support.sites import Answer, Asked, Crawls, Page, served

FORM = "<form action='/apply/save' method='post'><input name='xm'><input name='dh'><input name='dz'><textarea name='nr'></textarea><button>提交申请</button></form>"


def government(columns: Mapping[str, str], pages: Mapping[str, Page], count: int = 11) -> dict[str, Page]:
    """A site with these columns; every row of `rows(count)` leads to a document."""
    home = page("示例区人民政府", menu(**{url.replace("/", "__"): name for url, name in columns.items()}))
    return {"/": home, **{url: article(title, day) for url, title, day in rows(count)}, **pages}


def framed(name: str, source: str) -> str:
    return page(
        f"{name}_示例区人民政府",
        crumbs(("/", "首页"), ("", name)) + f'<h2>{name}</h2><div class="right"><iframe src="{source}"></iframe></div>',
    )


def test_a_list_in_a_frame_is_its_column_s(crawl: Crawls) -> None:
    dialect = next(one for one in DIALECTS if one.name == "p18-aspnet")
    pages: dict[str, Page] = {
        "/zwgk/zcwj/": framed("政策文件", dialect.address(1, 3)),
        "/ysqgk/": framed("依申请公开", "/apply/index.html"),
        "/apply/index.html": page("依申请公开", f"<h2>依申请公开</h2>{FORM}"),
        **site(dialect),
    }
    with served(government({"/zwgk/zcwj/": "政策文件", "/ysqgk/": "依申请公开"}, pages)) as running:
        one = crawl(running.base + "/")
        (walk,) = one.column("政策文件").walks
        assert (walk.state, walk.reason, walk.entries) == (WalkState.COMPLETE, "last-page", 11)
        assert one.column("政策文件").canonical == "zcwj"
        assert one.column("依申请公开").kind is not ColumnKind.LIST
        assert len(one.documents()) == 11
        assert len(running.targets) == len(set(running.targets))


YEARS = {
    "links": '<div class="years"><a class="cur" href="/zwgk/zcwj/">2026年</a><a href="/zwgk/zcwj/2025.html">2025年</a></div>',
    "digits": '<div class="page"><a class="cur" href="/zwgk/zcwj/">2026</a><a href="/zwgk/zcwj/2025.html">2025</a></div>',
    "select": '<select onchange="location.href=this.value"><option value="/zwgk/zcwj/" selected>2026年</option><option value="/zwgk/zcwj/2025.html">2025年</option></select>',
    "query": "<select onchange=\"location.href='/zwgk/zcwj/?year='+this.value\"><option value='2026' selected>2026年</option><option value='2025'>2025年</option></select>",
}  # fmt: skip


@pytest.mark.parametrize("by", YEARS)
def test_archives_by_year_are_read(by: str, crawl: Crawls) -> None:
    recent = rows(6)
    old = [(url.replace("/t2026", "/t2025"), title.replace("通知", "旧通知"), day.replace("2026", "2025")) for url, title, day in rows(4)]
    pages: dict[str, Page] = {
        "/zwgk/zcwj/": listing("政策文件", recent, url="/zwgk/zcwj/", below=YEARS[by]),
        **{url: article(title, day) for url, title, day in old},
        "/zwgk/zcwj/2025.html": listing("2025年", old, url="/zwgk/zcwj/", below=YEARS[by]),
    }
    pages["/zwgk/zcwj/?year=2025"], pages["/zwgk/zcwj/?year=2026"] = pages["/zwgk/zcwj/2025.html"], pages["/zwgk/zcwj/"]
    with served(government({"/zwgk/zcwj/": "政策文件"}, pages, 6)) as running:
        one = crawl(running.base + "/")
        assert one.column("政策文件").walks[-1].state is WalkState.COMPLETE
        assert len(one.documents()) == 10


def test_years_that_a_script_shows_leave_the_list_unproved(crawl: Crawls) -> None:
    tabs = '<ul class="tab"><li class="on" onclick="show(2026)">2026年</li><li onclick="show(2025)">2025年</li></ul>'
    with served(government({"/zwgk/zcwj/": "政策文件"}, {"/zwgk/zcwj/": listing("政策文件", rows(6), below=tabs)}, 6)) as running:
        (walk,) = crawl(running.base + "/").column("政策文件").walks
        assert (walk.state, walk.reason, walk.entries) == (WalkState.INCOMPLETE, "slice-only", 6)


def jsonp(asked: Asked) -> Answer:
    number = int(parse_qs(urlsplit(asked.target).query)["page"][0])
    body = f"jsonp({json.dumps({'total': 11, 'rows': items(number, 11)})})"
    return Answer(body.encode(), 200, "application/javascript; charset=utf-8")


def more(asked: Asked) -> Answer:
    number = int(parse_qs(urlsplit(asked.target).query)["page"][0])
    return Answer(json.dumps({"total": 11, "list": items(number, 11)}).encode(), 200, "application/json; charset=utf-8")


SLICED = script("var totalCount=11;var perSize=4;var startPage=1;var endPage=3;var logicTotalPage=3;$('.pagedContent').hide();")


def labelled(asked: Asked) -> str:
    return label(Ask(asked.target), 11)


@pytest.mark.parametrize(
    ("pages", "evidence"),
    [
        ({"/zwgk/zcwj/": column(FILL), "/api/list": jsonp}, "declared-total-read"),
        ({"/zwgk/zcwj/": label_page(4, 3), "/site/label/8888": labelled}, "last-page"),
        ({"/zwgk/zcwj/": column(MORE + BUTTON, 4), "/api/list": more}, "declared-total-read"),
        ({"/zwgk/zcwj/": listing("政策文件", rows(11), url="/zwgk/zcwj/", below=SLICED)}, "declared-total-read"),
    ],
    ids=["jsonp", "label", "more", "sliced"],
)
def test_lists_behind_a_script_are_read_whole(pages: dict[str, Page], evidence: str, crawl: Crawls) -> None:
    with served(government({"/zwgk/zcwj/": "政策文件"}, pages)) as running:
        one = crawl(running.base + "/")
        (walk,) = one.column("政策文件").walks
        assert (walk.state, walk.reason, walk.entries) == (WalkState.COMPLETE, evidence, 11)
        assert len(one.documents()) == 11


MADE = (
    '<select id="nf" onchange="go(this.value)"><option value="2026" selected>2026年</option><option value="2025">2025年</option></select>'
)


@pytest.mark.parametrize("second", ["gone", "the-same"])
def test_years_whose_address_a_script_makes_and_that_do_not_come_leave_the_list_unproved(second: str, crawl: Crawls) -> None:
    """The scheme was read out of a script: where it leads nowhere, that is our fault and no dead link of the site's."""
    made = MADE + script("function go(y){ location.href = '/zwgk/zcwj/list_' + y + '.html'; }")
    column = listing("政策文件", rows(6), url="/zwgk/zcwj/", below=made)
    pages: dict[str, Page] = {"/zwgk/zcwj/": column, "/zwgk/zcwj/list_2026.html": column}
    if second == "the-same":
        pages["/zwgk/zcwj/list_2025.html"] = column
    with served(government({"/zwgk/zcwj/": "政策文件"}, pages, 6)) as running:
        one = crawl(running.base + "/")
        assert "/zwgk/zcwj/list_2025.html" in running.targets
        walk = next(walk for walk in one.column("政策文件").walks)
        assert (walk.state, walk.reason, walk.entries) == (WalkState.INCOMPLETE, "slice-only", 6)
        assert not any("list_2025" in str(link) for link in one.view.links)
