"""Lists whose rows a script asks for: what is read of its request, what is asked, and how the walk ends."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from spiders.base import Ask
from spiders.list_calls import list_calls
from tests.support.dialects import rows, script
from tests.support.pages import crumbs, page
from tests.support.walks import Walked, fetched, walk

HOST = "http://www.example.gov.cn"
COLUMN = f"{HOST}/zwgk/zcwj/index.html"
LABEL = (
    'Ls.ajax({url: "/site/label/8888?IsAjax=1&dataType=html&_="+Math.random(), data : {labelName:"publicInfoList",siteId : "6786551",'
    'pageSize:"15",pageIndex: page,action:"list",isDate:true,length:50,organId: "6596221",type:4,catId: "7065111",cId:"",'
    'result:"暂无相关信息",file:"/c3/hs/publicInfoList_newest"},success:function(html){$("#list").html(html);}});'
)


@pytest.mark.parametrize(
    ("code", "second"),
    [
        ('$.ajax({url:"/gk/list.do",dataType:"jsonp",jsonp:"jsoncallback",data:{channelId:"33",page:page,_:Math.random()}})', "/gk/list.do?channelId=33&page=2&jsoncallback=jsonp"),
        ('$.getJSON("/gk/list.do?channelId=33&page="+p+"&callback=?",show)', "/gk/list.do?channelId=33&page=2&callback=jsonp"),
        ('$.get("/gk/list.do",{channelId:33,pageNo:1,size:15},show)', "/gk/list.do?channelId=33&pageNo=2&size=15"),
        ("var cid='abc'; $.ajax({type:'GET',url:'/api/list',data:{cid:cid,pageIndex:pageNo,rows:20}})", "/api/list?cid=abc&pageIndex=2&rows=20"),
        ("fetch('/api/news?cid=3&page=' + page).then(show)", "/api/news?cid=3&page=2"),
        ("axios.get('/api/gk?cid=9&pageNum='+this.pageNum)", "/api/gk?cid=9&pageNum=2"),
        ("this.$axios.get(`/api/gk?cid=3&page=${this.currentPage}`)", "/api/gk?cid=3&page=2"),
        ("$.get('/api/gk?cid=3&page='+(page+1),show)", "/api/gk?cid=3&page=2"),
        ("$.get('/api/gk?cid=3&page='+(++page),show)", "/api/gk?cid=3&page=2"),
        ("$.ajax({url:'/api/gk',data:{'cid':7,'current':curr,'size':10}})", "/api/gk?cid=7&current=2&size=10"),
        ("axios.get('/api/gk',{params:{cid:9,pageNum:this.page,size:15}}).then(show)", "/api/gk?cid=9&pageNum=2&size=15"),
        ("this.$http.get('/api/gk',{ params : { cid : 9, page : this.page } })", "/api/gk?cid=9&page=2"),
        ("axios({ url: '/api/gk', method: 'get', params: { cid: 9, page: this.page } })", "/api/gk?cid=9&page=2"),
        ("$.getJSON('/data/list_'+pageNo+'.json',show)", "/data/list_2.json"),
        ('var url="/api/gk"; $.getJSON(url,{"cid":9,"page":1},show)', "/api/gk?cid=9&page=2"),
    ],
)  # fmt: skip
def test_a_request_is_read_as_it_is_written(code: str, second: str) -> None:
    (call,) = list_calls(script(code), COLUMN)
    assert call.ask(2) == Ask(HOST + second)


@pytest.mark.parametrize(
    "code",
    [
        "$.ajax({url:base+'/list',data:{page:1}})",  # nobody says what base is
        "$.getJSON('/list?cid='+findId()+'&page='+page)",
        "$.getJSON('/list',{cid:$('#cid').val(),page:1})",
        "$.ajax({url:'/list',data:params,success:show})",
        "$.get('/list?cid=3&page='+(page*10-9),show)",
        "$.get(`/list?cid=${find(3)}&page=1`)",
        "$.post('/list',params,function(d){})",
        "$.getJSON('/list/'+page+'?page='+page)",
        "$.get('http://other.example/list',{page:1})",
        "$.get('/visit/count',{id:3,page:1})",
        "$.ajax({url:'/list',data:{page:1",
    ],
)
def test_a_request_that_holds_more_than_literals_is_not_read(code: str) -> None:
    assert list_calls(script(code), COLUMN) == ()


def test_a_form_is_told_apart_by_what_it_asks() -> None:
    (call,) = list_calls(script("$.post('/api/list',{cid:7,page:1},show)"), COLUMN)
    assert call.ask(3) == Ask(
        f"{HOST}/api/list#cid=7&page=3", "POST", "cid=7&page=3", (("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),)
    )


@pytest.mark.parametrize(
    "code",
    ["axios.post('/api/list',{cid:'7',page:this.page})", "$.ajax({url:'/api/list',method:'POST',data:JSON.stringify({cid:'7',page:1})})"],
)
def test_a_request_of_json_is_sent_as_json(code: str) -> None:
    (call,) = list_calls(script(code), COLUMN)
    assert (call.ask(2).body, call.ask(2).method) == ('{"cid": "7", "page": 2}', "POST")


# --- walks -------------------------------------------------------------------------------------------


def column(code: str, shown: int = 0) -> str:
    entries = "".join(f'<li><a href="{url}" title="{title}">{title}</a><span>{day}</span></li>' for url, title, day in rows(shown))
    body = f'<h2>政策文件</h2><div class="right"><ul class="list" id="list">{entries}</ul></div>{script(code)}'
    return page("政策文件_示例区人民政府", crumbs(("/", "首页"), ("", "政策文件")) + body)


def items(number: int, count: int, size: int = 4) -> list[dict[str, str]]:
    part = rows(count)[(number - 1) * size : number * size]
    return [{"title": title, "url": url, "pubDate": day} for url, title, day in part]


def asked(ask: Ask, key: str = "page") -> int:
    return int(parse_qs(ask.body or urlsplit(ask.url).query)[key][0])


def filled(answer: Callable[[Ask], str | None], code: str, shown: int = 0) -> Walked:
    return walk(fetched(column(code, shown), COLUMN), answer)


FILL = "$.ajax({url:'/api/list',dataType:'jsonp',data:{cid:7,page:page},success:function(d){$('#list').html(render(d));}});var page=1;"


def test_rows_of_an_interface_that_counts() -> None:
    found = filled(lambda ask: f"jsonp({json.dumps({'total': 11, 'rows': items(asked(ask), 11)})})", FILL)
    assert (found.family, found.end, len(found.titles)) == ("script-list", ("complete", "declared-total-read"), 11)
    assert [asked(ask) for ask in found.asked] == [1, 2, 3]


def as_xml(number: int, count: int) -> str:
    inside = "".join(
        f"<item><title><![CDATA[{one['title']}]]></title><link>{one['url']}</link><pubDate>{one['pubDate']}</pubDate></item>"
        for one in items(number, count)
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n<data><total>{count}</total><items>{inside}</items></data>'


@pytest.mark.parametrize("count", [9, 11])
def test_rows_of_an_interface_in_xml(count: int) -> None:
    found = filled(lambda ask: as_xml(asked(ask), count), MORE + BUTTON, shown=4)
    assert (found.family, found.end, len(found.titles)) == ("script-list", ("complete", "declared-total-read"), count)


def test_xml_that_is_broken_is_no_end() -> None:
    assert filled(lambda ask: as_xml(asked(ask), 11)[:-20], MORE + BUTTON, shown=4).end == ("incomplete", "api-failed")


def test_rows_of_an_interface_that_counts_its_pages() -> None:
    found = filled(lambda ask: json.dumps({"data": {"pages": 3, "list": items(asked(ask), 11)}}), FILL)
    assert (found.end, len(found.titles)) == (("complete", "last-page"), 11)


@pytest.mark.parametrize(
    ("answer", "end"),
    [
        (lambda ask: json.dumps({"rows": items(asked(ask), 11)}), ("incomplete", "page-empty")),  # all are read, nothing says so
        (lambda ask: json.dumps({"rows": items(1, 11)}), ("incomplete", "page-repeated")),
        (lambda ask: json.dumps({"total": 30, "rows": items(asked(ask), 11)}), ("incomplete", "declared-more-than-read")),
        (lambda ask: json.dumps({"total": 11, "rows": items(asked(ask), 11)}) if asked(ask) != 2 else None, ("incomplete", "http-404")),
        (lambda ask: "{broken", ("incomplete", "api-failed")),
        (lambda ask: json.dumps({"code": 500}), ("incomplete", "api-empty")),
        (lambda ask: json.dumps({"total": 12, "rows": []}), ("incomplete", "declared-more-than-read")),
        (lambda ask: json.dumps({"total": 0, "rows": []}), ("complete", "declared-zero")),
        (lambda ask: "<html><body><p>请登录</p></body></html>", ("incomplete", "api-failed")),
    ],
    ids=["uncounted", "repeats", "counts-more", "gone", "broken", "failed", "empty-of-twelve", "empty", "a-page"],
)
def test_an_interface_that_does_not_tell(answer: Callable[[Ask], str | None], end: tuple[str, str]) -> None:
    assert filled(answer, FILL).end == end


def test_one_request_without_pages_holds_what_visitors_see() -> None:
    found = filled(lambda ask: json.dumps(items(1, 9, 9)), "$.getJSON('/api/all',{cid:7},function(d){$('#list').html(render(d));});")
    assert (found.end, len(found.titles)) == (("complete", "no-pager"), 9)


def test_the_newest_rows_alone_are_no_whole_list() -> None:
    found = filled(lambda ask: json.dumps(items(1, 9, 9)), "$.getJSON('/api/new',{cid:7,size:9},function(d){$('#list').html(render(d));});")
    assert (found.end, len(found.titles)) == (("incomplete", "unknown-pager"), 9)


def test_of_several_requests_none_is_guessed() -> None:
    code = FILL + "$.ajax({url:'/api/hot',data:{page:1},success:function(d){$('#hot').html(d);}});"
    assert filled(lambda ask: None, code).family == "generic"


MORE = "var page=1;$('.more').click(function(){page++;$.get('/api/list?cid=7&page='+page,function(d){$('#list').append(render(d));});});"
BUTTON = "</script><a class='loadmore' href='javascript:;'>点击加载更多</a><script>"


def test_more_rows_are_loaded_from_the_second_page_on() -> None:
    found = filled(lambda ask: json.dumps({"total": 11, "list": items(asked(ask), 11)}), MORE + BUTTON, shown=4)
    assert (found.family, found.end, len(found.titles)) == ("script-list", ("complete", "declared-total-read"), 11)
    assert [asked(ask) for ask in found.asked] == [2, 3]


def test_more_rows_as_html_until_none_comes_prove_nothing() -> None:
    def answer(ask: Ask) -> str:
        part = rows(11)[(asked(ask) - 1) * 4 : asked(ask) * 4]
        return "".join(f'<li><a href="{url}" title="{title}">{title}</a><span>{day}</span></li>' for url, title, day in part) or "<ul></ul>"

    found = filled(answer, MORE + BUTTON, shown=4)
    assert (found.end[0], len(found.titles)) == ("incomplete", 11)


def test_a_pager_whose_clicks_a_script_answers_is_turned_by_its_request() -> None:
    """The plugin counts the pages, and its callback asks for the rows of one."""
    code = (
        "$('.M-box').pagination({pageCount:3,current:1,callback:function(api){var page=api.getCurrent();"
        "$.get('/api/list',{cid:7,page:page},function(d){$('#list').html(d);});}});"
    )

    def answer(ask: Ask) -> str:
        part = rows(11)[(asked(ask) - 1) * 4 : asked(ask) * 4]
        inside = "".join(f'<li><a href="{url}" title="{title}">{title}</a><span>{day}</span></li>' for url, title, day in part)
        return f'<ul class="list">{inside}</ul>'

    found = filled(answer, code, shown=4)
    assert (found.family, found.end, len(found.titles)) == ("script-list", ("complete", "last-page"), 11)


# --- the label interface of Longxun ------------------------------------------------------------------


def label_page(shown: int, pages: int) -> str:
    return column(f'Ls.pagination("#page",function(page){{{LABEL}}},{{currPage:1,pageCount:{pages}}});', shown)


def label(ask: Ask, count: int, size: int = 4) -> str:
    query = parse_qs(urlsplit(ask.url).query)
    assert (query["labelName"], query["organId"], query["catId"], query["type"]) == (["publicInfoList"], ["6596221"], ["7065111"], ["4"])
    assert query["file"] == ["/c3/hs/publicInfoList_newest"]
    number = int(query["pageIndex"][0])
    part = rows(count)[(number - 1) * size : number * size]
    inside = "".join(f'<li><a href="{url}" title="{title}">{title}</a><span class="date">{day}</span></li>' for url, title, day in part)
    return f'<ul class="clearfix xxgk_nav_list">{inside or "<li>暂无相关信息</li>"}</ul>'


@pytest.mark.parametrize(("count", "pages"), [(3, 1), (11, 3), (12, 3)])
def test_longxun_reads_on_from_its_label(count: int, pages: int) -> None:
    found = walk(fetched(label_page(min(count, 4), pages), COLUMN), lambda ask: label(ask, count))
    assert (found.family, found.end, len(found.titles)) == ("longxun", ("complete", "last-page"), count)
    assert [asked(ask, "pageIndex") for ask in found.asked] == list(range(2, pages + 1))


def test_longxun_whose_first_rows_come_from_the_label_too() -> None:
    found = walk(fetched(label_page(0, 3), COLUMN), lambda ask: label(ask, 11))
    assert (found.end, len(found.titles), len(found.asked)) == (("complete", "last-page"), 11, 3)


def test_longxun_category_that_holds_nothing_says_so_in_its_own_words() -> None:
    found = walk(fetched(label_page(0, 0), COLUMN), lambda ask: label(ask, 0))
    assert (found.end, found.notes.declared) == (("complete", "declared-zero"), 0)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda ask: None, "http-404"),
        (lambda ask: label(ask, 4), "api-failed"),
        (lambda ask: re.sub(r"<li>.*?</li>", "", label(ask, 4)), "api-failed"),
        (lambda ask: label(Ask(ask.url.replace("pageIndex=2", "pageIndex=1")), 11), "page-repeated"),
    ],
    ids=["gone", "says-nothing", "bare", "repeats"],
)
def test_longxun_label_that_fails_is_no_end(answer: Callable[[Ask], str | None], reason: str) -> None:
    assert walk(fetched(label_page(4, 3), COLUMN), answer).end == ("incomplete", reason)
