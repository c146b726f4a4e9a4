"""Lists of one row: whatever the markup and whatever stands beside them; and single links of documents, which are no lists."""

from __future__ import annotations

import pytest

from crawler.extract import read
from data.records import EmptyBecause, PageReading

TITLE = "关于做好春灌工作的通知"
LINK = f'<a href="/a/1.html">{TITLE}</a>'
ROWS = {
    "div": f'<div class="gl-list"><div class="gl-list-item">{LINK}<div class="date">2024.05.01</div></div></div>',
    "div without a name": f"<div><div>{LINK}<div>2024.05.01</div></div></div>",
    "ul": f"<ul><li>{LINK}<span>2024-05-01</span></li></ul>",
    "table": f"<table><tr><td>{LINK}</td><td>2024-05-01</td></tr></table>",
    "table with a head": f"<table><tr><th>标题</th><th>发布日期</th></tr><tr><td>{LINK}</td><td>2024-05-01</td></tr></table>",
    "dl": f"<dl><dt>{LINK}</dt><dd>2024-05-01</dd></dl>",
    "paragraph": f'<div class="con"><p>{LINK}<span>2024年5月1日</span></p></div>',
    "whole row a link": f'<div class="con"><a class="item" href="/a/1.html"><span>{TITLE}</span><em>2024-05-01</em></a></div>',
    "card": f'<div class="cards"><div class="it"><h3>{LINK}</h3><p>为做好春灌工作，现通知如下……</p><span>发布时间：2024-05-01</span></div></div>',
    "date in two parts": f'<div class="rows"><div class="it"><div class="d"><b>05-01</b><i>2024</i></div><div class="t">{LINK}</div></div></div>',
}
NAV = '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li><li><a href="/xw/">新闻中心</a></li></ul></div>'
CRUMB = '<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="/zwgk/tz/">通知公告</a></div>'
SIDE = '<div class="side"><a href="/zn/">公开指南</a></div>'
MENU = '<div class="left"><ul><li><a href="/zn/">公开指南</a></li><li><a href="/zd/">公开制度</a></li><li><a href="/nb/">公开年报</a></li></ul></div>'
FOOT = '<div class="footer"><a href="http://b.example/">省政府</a><p>主办：示例区人民政府</p></div>'
PLACES = {
    "alone": "{}",
    "beside one link": SIDE + "{}",
    "before one link": "{}" + SIDE,
    "beside a menu": NAV + '<div class="wrap">' + MENU + '<div class="right">{}</div></div>' + FOOT,
    "under a trail": NAV + CRUMB + '<div class="wrap">' + SIDE + '<div class="r"><h2>通知公告</h2>{}</div></div>' + FOOT,
    "no names at all": '<div><a href="/zn/">公开指南</a></div><div>{}</div><div><a href="/x/">联系我们</a></div>',
    "with a pager's line": NAV + CRUMB + '<div class="con">{}<div class="page">共1条记录 1/1页</div></div>' + FOOT,
}


def page(body: str, url: str = "http://a.example/zwgk/tz/", title: str = "通知公告_示例区人民政府") -> PageReading:
    return read(f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode(), url)


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_one_dated_row_is_a_list(row: str, place: str) -> None:
    got = page(place.format(row))
    assert got.page.value == "list"
    assert got.listing is not None
    assert [(entry.title, entry.url, str(entry.date.value.date()) if entry.date else None) for entry in got.listing.entries] == [
        (TITLE, "http://a.example/a/1.html", "2024-05-01")
    ]


@pytest.mark.parametrize("row", ["ul", "table", "dl"])
def test_one_undated_row_under_a_trail_is_a_list(row: str) -> None:
    got = page(PLACES["under a trail"].format(ROWS[row].replace("2024-05-01", "")))
    assert got.page.value == "list"
    assert got.listing is not None
    assert [entry.title for entry in got.listing.entries] == [TITLE]


H1 = "<h1>关于做好冬季供暖工作的通知</h1>"
LINE = '<div class="info"><span>发布时间：2026-05-01</span><span>来源：示例局</span></div>'
TEXTS = {
    "long": "<p>为做好今冬供暖工作，现将有关事项通知如下，请各单位结合实际认真贯彻执行，并及时报送有关情况。</p>" * 2,
    "short": "<p>现将供暖工作方案予以公布。</p>",
    "none": "",
}
LINKED = {
    "a file": LINE + '<div class="content">{}<p><a href="/a/x.pdf">冬季供暖工作方案.pdf</a></p></div>',
    "a related text": LINE
    + '<div class="content">{}</div><div class="xg"><h3>相关解读</h3><div><a href="/a/j.html">关于冬季供暖工作的解读</a><span>2026-05-02</span></div></div>',
    "the text before": LINE
    + '<div class="content">{}</div><div class="pn"><div>上一篇：<a href="/a/j.html">关于春季供水工作的通知</a><span>2026-04-02</span></div></div>',
    "the source": '<div class="info"><div>2026-05-01 <a href="http://x.example/">来源：示例区住房和城乡建设局</a></div></div><div class="content">{}</div>',
    "the signer": LINE
    + '<div class="content">{}<div><p><a href="/a/b.html">示例区住房和城乡建设局办公室</a></p><p>2026年5月1日</p></div></div>',
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("linked", LINKED.values(), ids=LINKED)
def test_a_dated_link_on_a_document_is_no_list(linked: str, text: str) -> None:
    got = page(
        NAV + CRUMB + H1 + linked.format(text) + FOOT, "http://a.example/zwgk/tz/202605/t20260501_12.html", "关于做好冬季供暖工作的通知"
    )
    assert got.page.value == "document"
    assert got.document is not None
    assert got.document.title == "关于做好冬季供暖工作的通知"
    assert str(got.document.published_at)[:10] == "2026-05-01"


CALLS = {
    "a callback of its own": '$.ajax({url:"/common/search/abc?_isAgg=true&_pageSize=20&_page=1",success:function(d){render(d)}});',
    "a loop over results": '$.ajax({url:"/api/rows",data:{page:p},success:function(res){$.each(res.results,function(i,v){add(v)});createPage(res.total)}});',
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize(
    "box", ['<ul id="list"></ul>', '<div class="gl-list"></div>', '<div class="list"><ul></ul></div><div class="page" id="pages"></div>']
)
def test_a_list_that_a_script_fills_says_so_and_has_no_pager_to_misread(box: str, call: str) -> None:
    got = page(f"{NAV}{CRUMB}{MENU}{box}<script>{call}</script>{FOOT}")
    assert got.listing is not None
    assert got.listing.empty is EmptyBecause.SCRIPT
    assert got.listing.pager is None


def test_a_counter_does_not_make_an_empty_list_a_scripts() -> None:
    got = page(
        f'{NAV}{CRUMB}{MENU}<ul class="list"></ul><script>$.ajax({{url:"/hits?id=1",success:function(d){{$("#hits").text(d)}}}});</script>{FOOT}'
    )
    assert got.listing is not None
    assert got.listing.empty is EmptyBecause.CONTAINER


SEARCH = "<script>function go(){location.href='/common/search/?q='+encodeURIComponent(q.value)}</script>"


def test_a_search_box_neither_fills_an_empty_list_nor_pages_a_full_one() -> None:
    empty = page(f'{NAV}{CRUMB}{MENU}{SEARCH}<ul class="list"></ul>{FOOT}').listing
    full = page(f"{NAV}{CRUMB}{MENU}{SEARCH}{ROWS['ul']}{FOOT}").listing
    assert empty is not None
    assert empty.empty is EmptyBecause.CONTAINER
    assert full is not None
    assert full.pager is None
