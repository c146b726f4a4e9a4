"""Answers that are not what was asked for, and addresses that are called like columns."""

from __future__ import annotations

import pytest

from data.records import ColumnKind, WalkState
from tests.support.pages import article, crumbs, listing, nav, page, titles
from tests.support.sites import Answer, Crawls, Page, served

ENTRIES = titles(4)
GUARD = "<html><head><title>提示</title></head><body><div>访问验证中，请按提示完成操作</div></body></html>"
PAGES: dict[str, Page] = {
    "/": page("示例区人民政府", nav([("/zwgk/", "政务公开"), ("/zwgk/zcwj/", "政策文件")])),
    "/zwgk/": page("政务公开_示例区人民政府", nav([("/zwgk/zcwj/", "政策文件"), ("/zwgk/zcjd/", "政策解读")]) + "<h1>政务公开</h1>"),
    "/zwgk/zcwj/": listing("政策文件", ENTRIES, url="/zwgk/zcwj/"),
    "/zwgk/zcjd/": page("政策解读", '<h2>政策解读</h2><div class="list"><p>暂无信息</p></div>'),
    **{url: article(title, day) for url, title, day in ENTRIES},
}


def test_one_short_page_for_many_addresses_is_the_page_of_none(crawl: Crawls) -> None:
    with served({**PAGES, **dict.fromkeys((url for url, _, _ in ENTRIES[1:]), GUARD)}) as site:
        one = crawl(site.base + "/", crawl={"delay": 0, "cool_down": 0})
        assert one.crawl.faults == {"substituted": 2}
        assert set(one.documents()) == {ENTRIES[0][1]}


def test_a_column_that_forwards_to_one_below_it_is_a_section(crawl: Crawls) -> None:
    menu = nav([("/zwgk/fd/", "法定主动公开内容"), ("/zwgk/fd/zcwj/", "政策文件"), ("/zwgk/fd/tjxx/", "统计信息")])
    trail = crumbs(("/", "首页"), ("/zwgk/fd/", "法定主动公开内容"), ("/zwgk/fd/zcwj/", "政策文件"))
    pages: dict[str, Page] = {
        "/": page("示例区人民政府", nav([("/zwgk/fd/", "法定主动公开内容")])),
        "/zwgk/fd/": Answer(b"", 302, headers=(("Location", "/zwgk/fd/zcwj/"),)),
        "/zwgk/fd/zcwj/": str(listing("政策文件", ENTRIES, url="/zwgk/fd/zcwj/")).replace("<body>", f"<body>{menu}{trail}"),
        "/zwgk/fd/tjxx/": page("统计信息", menu + '<h2>统计信息</h2><div class="list"><p>暂无信息</p></div>'),
        **{url: article(title, day) for url, title, day in ENTRIES},
    }
    with served(pages) as site:
        one = crawl(site.base + "/")
        assert one.columns() == {"法定主动公开内容": "fdzdgknr", "政策文件": "zcwj", "统计信息": "tjxx"}
        section, policies = one.column("法定主动公开内容"), one.column("政策文件")
        assert (section.kind, section.walks, section.parent_url) == (ColumnKind.SECTION, (), None)
        assert (policies.parent_url, policies.walks[0].state, policies.walks[0].entries) == (section.url, WalkState.COMPLETE, 4)


def test_an_address_s_full_form_is_the_column_itself(crawl: Crawls) -> None:
    full = {
        "/zwgk/zcwj/": Answer(b"", 301, headers=(("Location", "/zwgk/zcwj/list.shtml"),)),
        "/zwgk/zcwj/list.shtml": PAGES["/zwgk/zcwj/"],
    }
    with served({**PAGES, **full}) as site:
        column = crawl(site.base + "/").column("政策文件")
        assert (column.kind, column.walks[0].entries) == (ColumnKind.LIST, 4)


@pytest.mark.parametrize("label", ["殡葬改革政策问答", "继续阅读"])
def test_a_dated_row_is_a_document_whatever_it_is_called(label: str, crawl: Crawls) -> None:
    url, _, day = ENTRIES[0]
    rows = [(url, "殡葬改革政策问答", day), *ENTRIES[1:]]
    front = page("示例区人民政府", nav([("/zwgk/zcwj/", "政策文件")]) + f'<div class="box"><h3>要闻</h3><a href="{url}">{label}</a></div>')
    with served(
        {**PAGES, "/": front, "/zwgk/zcwj/": listing("政策文件", rows, url="/zwgk/zcwj/"), url: article("殡葬改革政策问答", day)}
    ) as site:
        one = crawl(site.base + "/")
        assert label not in one.columns()
        assert "殡葬改革政策问答" in one.documents()


def test_a_frame_of_a_search_by_kind_is_the_column_s_list(crawl: Crawls) -> None:
    frame = "/module/xxgk/search.jsp?infotypeId=B3433&area=&divid=div3433"
    around = page("政策文件", crumbs(("/", "首页"), ("/zwgk/zcwj/", "政策文件")) + f'<h2>政策文件</h2><iframe src="{frame}"></iframe>')
    with served({**PAGES, "/zwgk/zcwj/": around, frame: listing("", ENTRIES)}) as site:
        one = crawl(site.base + "/")
        (walk,) = one.column("政策文件").walks
        assert (walk.state, walk.entries) == (WalkState.COMPLETE, 4)


def test_an_interface_that_answers_empty_lists_alike_stands_in_no_place(crawl: Crawls) -> None:
    def column(number: int, name: str) -> str:
        jpage = f"jpage({{totalRecord:30, perPage:2, groupSize:1, proxyUrl:'/module/web/jpage/dataproxy.jsp?columnid={number}&unitid=7'}});"
        record = "".join(
            f'<record><![CDATA[<li><a href="{url}">{title}</a><span>{day}</span></li>]]></record>' for url, title, day in ENTRIES[:2]
        )
        inside = f'<script type="text/xml"><datastore><recordset>{record}</recordset></datastore></script><script>{jpage}</script>'
        return page(f"{name}_示例区人民政府", crumbs(("/", "首页"), ("", name)) + f"<h2>{name}</h2>{inside}")

    nothing = Answer(b"<datastore><recordset></recordset></datastore>", content_type="text/xml")
    home = page("示例区人民政府", nav([("/col/col1/", "政策文件"), ("/col/col2/", "政策解读")]))
    pages = {**PAGES, "/": home, "/col/col1/": column(1, "政策文件"), "/col/col2/": column(2, "政策解读")}
    with served({**pages, "/module/web/jpage/dataproxy.jsp": nothing}) as site:
        one = crawl(site.base + "/")
        assert "substituted" not in one.crawl.faults
        assert {column.walks[0].state for column in one.view.columns} == {WalkState.INCOMPLETE}
