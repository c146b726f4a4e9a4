"""Links: labels, regions, handlers; identity; rows as a fuzz target."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.extract import read
from crawler.extract.identity import read_identity
from crawler.extract.links import MAX_LINKS, read_links, read_nesting
from crawler.extract.page import Page
from data.errors import InputError
from data.records import Link

URL = "http://a.example/zwgk/index.html"


def links(body: str) -> list[tuple[str | None, str, str, str]]:
    page = Page(f"<html><body>{body}</body></html>".encode(), URL)
    return [(link.url, link.text, link.source, link.region) for link in read_links(page)]


def test_nested_menus_tell_what_hangs_under_what() -> None:
    body = (
        '<ul class="menu"><li><a href="/gk/">公开</a><ul><li><a href="/zn/">指南</a></li><li><a href="/fd/">法定</a>'
        '<div><ol><li><a href="/jg/">机构</a></li></ol></div></li></ul></li><li><span>没有链接</span><ul><li><a href="/x/">其他</a></li></ul></li></ul>'
        '<div class="footer"><ul><li><a href="/a/">甲</a><ul><li><a href="/b/">乙</a></li></ul></li></ul></div>'
    )
    host = "http://a.example"
    nesting = read_nesting(Page(f"<html><body>{body}</body></html>".encode(), URL))
    assert nesting == ((f"{host}/zn/", f"{host}/gk/"), (f"{host}/fd/", f"{host}/gk/"), (f"{host}/jg/", f"{host}/fd/"))


@pytest.mark.parametrize(
    ("body", "want"),
    [
        ('<a href="x.html">政府信息<br>公开指南</a>', ("http://a.example/zwgk/x.html", "政府信息公开指南", "text", "body")),
        (
            '<a href="x.html" title="公开指南"><img src="a.png" alt="图标"></a>',
            ("http://a.example/zwgk/x.html", "公开指南", "title", "body"),
        ),
        ('<a href="x.html"><img src="a.png" alt="公开年报"></a>', ("http://a.example/zwgk/x.html", "公开年报", "alt", "body")),
        ('<a href="x.html"><img src="a.png"></a>', ("http://a.example/zwgk/x.html", "", "none", "body")),
        ('<div class="nav"><a href="/">首页</a></div>', ("http://a.example/", "首页", "text", "nav")),
        ('<ul id="leftmenu"><li><a href="../zn/">指南</a></li></ul>', ("http://a.example/zn/", "指南", "text", "menu")),
        (
            '<table><tr><td><a class="bt_link" href="x.html">指南</a></td></tr></table>',
            ("http://a.example/zwgk/x.html", "指南", "text", "body"),
        ),
        ('<p><a class="footer-link" href="/wzdt/">网站地图</a></p>', ("http://a.example/wzdt/", "网站地图", "text", "footer")),
        ('<footer><a href="/wzdt/">网站地图</a></footer>', ("http://a.example/wzdt/", "网站地图", "text", "footer")),
        (
            '<ul><li><a href="1.html">关于停水的通知公告</a><span>2026-09-10</span></li></ul>',
            ("http://a.example/zwgk/1.html", "关于停水的通知公告", "text", "list"),
        ),
        ('<iframe src="menu.html"></iframe>', ("http://a.example/zwgk/menu.html", "", "title", "frame")),
        ("<div onclick=\"location.href='/gknr/'\">法定公开内容</div>", ("http://a.example/gknr/", "法定公开内容", "text", "body")),
        ('<select><option value="http://b.example/">某部</option></select>', ("http://b.example/", "某部", "text", "body")),
        ("<input type='button' value='公开指南' onclick=\"location.href='/zn/'\">", ("http://a.example/zn/", "公开指南", "text", "body")),
        ('<ul><li data-url="/gk/zn/">公开指南</li></ul>', ("http://a.example/gk/zn/", "公开指南", "text", "body")),
        ('<dl><dd data-href="nb.html">公开年报</dd></dl>', ("http://a.example/zwgk/nb.html", "公开年报", "text", "body")),
        ('<a href="/x.jsp;jsessionid=4F2A?id=1">指南</a>', ("http://a.example/x.jsp?id=1", "指南", "text", "body")),
        ('<a href="javascript:;">关闭</a>', (None, "关闭", "text", "body")),
        ('<map><area href="x.html" alt="地图"></map>', ("http://a.example/zwgk/x.html", "地图", "title", "body")),
        ('<a href="\\zwgk\\x y.html ">带空格</a>', ("http://a.example/zwgk/x y.html", "带空格", "text", "body")),
    ],
)
def test_one_link(body: str, want: tuple[str | None, str, str, str]) -> None:
    assert links(body) == [want]


@pytest.mark.parametrize(
    "body",
    [
        '<div class="more" data-url="/api/news/list" data-page="1">加载更多</div>',  # data, and no page of its own
        '<div data-url="/hot.json">热点</div>',
        '<div data-url="/gk/"><a href="javascript:;">展开</a>公开</div>',
        '<span data-url="/gk/">这一块区域的内容由脚本从别处取来再放到页面上</span>',
    ],
)
def test_addresses_that_a_script_loads_are_no_tabs(body: str) -> None:
    assert [url for url, *_ in links(body) if url is not None] == []


def test_links_in_comments_do_not_count() -> None:
    assert links('<!-- <a href="old.html">旧栏目</a> --><a href="new.html">新栏目</a>') == [
        ("http://a.example/zwgk/new.html", "新栏目", "text", "body")
    ]


def test_links_are_bounded() -> None:
    assert len(links("".join(f'<a href="{n}.html">第{n}条</a>' for n in range(MAX_LINKS + 100)))) == MAX_LINKS


def test_rows_that_were_cut_off_are_marked() -> None:
    rows = ",".join(f'{{title:"关于第{n}号事项的通知",url:"/{n}.html",date:"2026-09-10"}}' for n in range(3100))
    assert "truncated-rows" in read(f"<html><body><script>var dataList=[{rows}];</script></body></html>".encode(), URL).marks
    assert "truncated-rows" not in read(b"<html><body><ul><li><a href='1.html'>x</a></li></ul></body></html>", URL).marks


def test_image_only_navigation_is_marked() -> None:
    menu = "".join(f'<a href="/{n}/"><img src="{n}.png"></a>' for n in range(6))
    assert "image-only-navigation" in read(f'<html><body><div class="nav">{menu}</div><p>欢迎</p></body></html>'.encode(), URL).marks


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ('<meta name="SiteIDCode" content="9900000011">', "9900000011"),
        ('<META NAME="siteidcode" CONTENT="BM05000001">', "bm05000001"),
        ('<meta name="SiteIDCode" content="12"><p>网站标识码：9900000012</p>', "9900000012"),
        ("<p>政府网站标识码<span>9900000013</span></p>", "9900000013"),
        ("<p>网站标识码bm27000004&nbsp;</p>", "bm27000004"),
        ('<a href="http://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=9900000014&url=x">找错</a>', "9900000014"),
        ("<script id='_jiucuo_' sitecode='bm27000004' src='x.js'></script>", "bm27000004"),
        ("<p>网站标识码：990000001122</p>", None),
        ("<p>电话 9900000011</p>", None),
    ],
)
def test_identity(html: str, code: str | None) -> None:
    assert read_identity(Page(f"<html><body>{html}</body></html>".encode(), URL)).site_code == code


CASES = sorted((Path(__file__).parent / "cases_lists").glob("*.yaml"))
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in CASES)
PIECES = st.sampled_from(
    [
        "<ul>",
        "</ul>",
        "<li>",
        "</li>",
        "<table><tr>",
        "</td>",
        "<a href='",
        "<a>",
        "</a>",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "createPageHTML(",
        "jpage({totalRecord:",
        "document.write('<a ",
        "2026-13-45",
        "[09-10]",
        "{{",
        "<recordset><record><![CDATA[",
        "]]></record>",
        "var dataList=[{title:",
        "下一页",
        "共99999999页",
        "<div>" * 60,
        "\x00",
        "&#x1f;",
        "\ud7ff",
        "(" * 200,
        " " * 500,
        "更多",
        "\\u12",
    ]
)


def quick(body: bytes) -> None:
    started = time.process_time()
    try:
        got = read(body, "http://a.example/zwgk/index_2.html?page=2")
    except InputError:
        return
    assert time.process_time() - started < 15.0  # no measure of speed: a reading that blows up would take minutes
    assert all(isinstance(link, Link) for link in got.links)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(TEXT) - 1), st.integers(100, 4000), st.lists(st.tuples(st.floats(0, 1), PIECES), max_size=8))
def test_mutilated_lists_are_read(start: int, length: int, pieces: list[tuple[float, str]]) -> None:
    text = TEXT[start : start + length]
    for at, piece in pieces:
        place = int(at * len(text))
        text = text[:place] + piece + text[place:]
    quick(f"<html><body>{text}".encode("utf-8", "replace"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=120))
def test_heaps_of_fragments_are_read(pieces: list[str]) -> None:
    quick(("<html><body>" + "".join(pieces)).encode("utf-8", "replace"))
