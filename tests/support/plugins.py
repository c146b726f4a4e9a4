"""Pagers that plugins and old scripts draw, as pages call them: more dialects for the tests of walks to go through."""

from __future__ import annotations

from string import Template

from tests.support.dialects import Address, Dialect, Pager, files, query, script


def _drawn(code: str, box: str = '<div class="page" id="pager"></div>') -> Pager:
    """A box and the script that fills it, with numbers in the places of $names; $( and $. are the script's own."""
    return lambda number, pages, records: (
        Template(box).safe_substitute(number=number, pages=pages, records=records)
        + script(Template(code).safe_substitute(number=number, index=number - 1, pages=pages, records=records))
    )


def _later(first: str, later: str) -> Address:
    return lambda number, pages: first if number == 1 else later.format(n=number, before=number - 1)


_FIELDS = (
    '<div id="kkpager"></div><input type="hidden" id="pageCount" value="$pages"><input type="hidden" id="itemCount" value="$records">'
    '<input type="hidden" id="pageNo" value="$number">'
)
_SEND = '<form id="pageForm" action="/send/list.do" method="get"><input type="hidden" name="cid" value="7"><input type="hidden" name="page" id="page" value="$number"></form><div class="page"></div>'
_SHOW_PAGES = """
function showPages(name) { this.name = name; this.page = 1; this.pageCount = 1; this.argName = 'page'; this.showTimes = 1; }
showPages.prototype.getPage = function(){ var args = location.search; var reg = new RegExp('[\\?&]?' + this.argName + '=([^&]*)[&$$]?', 'gi'); }
showPages.prototype.toPage = function(page){ var turnTo = page; self.location.href = this.createUrl(turnTo); }
var pg = new showPages('pg');
pg.dispCount = $records;
pg.pageCount = $pages;
pg.argName = 'page';
pg.printHtml();
"""


def _tagged(number: int, pages: int, records: int) -> str:
    """Addresses in an attribute of their own, which a click takes them from."""

    def to(text: str, n: int) -> str:
        address = f"/eportal/ui?pageId=500000&amp;currentPage={n}&amp;moduleId=2026d&amp;staticRequest=yes"
        return f'<a class="pagingNormal" style="cursor:pointer" title="{text}" tagname="{address}" onclick="pagination(this)">{text}</a>'

    back = to("上一页", number - 1) if number > 1 else '<a title="上一页" tagname="[PREVPAGE]">上一页</a>'
    on = to("下一页", number + 1) + to("尾页", pages) if number < pages else '<a title="下一页" tagname="[NEXTPAGE]">下一页</a>'
    return f'<div class="easysite-page-wrap">{back}{on}<span class="easysite-total-page">每页<b>4</b>条 共<b>{records}</b>条 第<b>{number}</b>/<b>{pages}</b>页</span></div>'


def _chosen(number: int, pages: int, records: int) -> str:
    """Nothing but a select of pages, whose function takes the select."""
    options = "".join(f'<option value="{n}"{" selected" if n == number else ""}>{n}</option>' for n in range(1, pages + 1))
    code = "function jump(o){ location.href = o.value == 1 ? 'list.html' : 'list_' + o.value + '.html'; }"
    return f'共{pages}页 转到<select onchange="jump(this)">{options}</select>' + script(code)


def _stepped(number: int, pages: int, records: int) -> str:
    """A form whose number a function adds one to."""
    on = '<a href="javascript:nextPage()">下一页</a>' if number < pages else "下一页"
    back = '<a href="javascript:prevPage()">上一页</a>' if number > 1 else "上一页"
    fields = f'<input type="hidden" name="cid" value="7"><input type="hidden" name="page" value="{number}">'
    return (
        f'<form name="f2" action="/fon/list.do" method="get">{fields}</form><div class="page">第{number}页/共{pages}页 {back} {on}</div>'
        + script(
            "function nextPage(){ document.f2.page.value = parseInt(document.f2.page.value) + 1; document.f2.submit(); }"
            "function prevPage(){ document.f2.page.value = parseInt(document.f2.page.value) - 1; document.f2.submit(); }"
        )
    )


def _spans(number: int, pages: int, records: int) -> str:
    """Spans that bear their address."""
    on = f'<span data-href="index_{number + 1}.html">下一页</span>' if number < pages else "<span>下一页</span>"
    back = f'<span data-href="index{f"_{number - 1}" if number > 2 else ""}.html">上一页</span>' if number > 1 else "<span>上一页</span>"
    return f'<div class="page">{back}{on}</div>'


def _counted(number: int, pages: int, records: int) -> str:
    """The count of rows stands among the numbers, in a link that leads nowhere."""
    at = files("/ec/", base=1)
    inside = "&nbsp;".join(f"<b>{n}</b>" if n == number else f'<a href="{at(n, pages)}">{n}</a>' for n in range(1, pages + 1))
    on = f'&nbsp;<a href="{at(number + 1, pages)}">下一页</a>&nbsp;<a href="{at(pages, pages)}">尾页</a>' if number < pages else ""
    return f'<div class="epages"><a title="Total record">&nbsp;<b>{records}</b> </a>&nbsp;&nbsp;&nbsp;{inside}{on}</div>'


PLUGINS: tuple[Dialect, ...] = (
    Dialect("p9-kkpager-click", "P9", _later("/kkc/list.do?cid=3", "/kkc/list.do?cid=3&currentPage={n}&showCount=4"), _drawn(
        "kkpager.generPageHtml({pno : $number || 1, total : $pages || 1, totalRecords : $records || 0, mode : 'click', click : function(n){"
        "window.location.href = \"/kkc/list.do?cid=3&currentPage=\"+n+\"&showCount=4\"; return false; }});",
    ), says_records=True),
    Dialect("p9-kkpager-fields", "P9", _later("/kkf/cate", "/kkf/cate/p/{n}"), _drawn(
        'var totalPage = $("#pageCount").val(); var totalRecords = $("#itemCount").val(); var pageNo = $("#pageNo").val(); if(!pageNo){ pageNo = 1; }'
        "kkpager.generPageHtml({ pno : pageNo, total : totalPage, totalRecords : totalRecords, lang : { firstPageText : '首页', totalPageBeforeText : '共' },"
        'mode : \'click\', click : function(n){ this.selectPage(n); window.location="/kkf/cate/p/"+n; return false; } });', _FIELDS,
    ), says_records=True),
    Dialect("p9-kkpager-link", "P9", query("/kkl/list.jspx?cid=3", "page", base=1), _drawn(
        "kkpager.generPageHtml({pno:'$number', mode:'link', total:'$pages', totalRecords:'$records', hrefFormer:'/kkl/list.jspx?cid=3&page=', hrefLatter:'',"
        "getLink:function(num){ return this.hrefFormer + num; }});",
    ), says_records=True),
    Dialect("p9-kkpager-form", "P9", query("/send/list.do?cid=7", "page", base=1), _drawn(
        "kkpager.generPageHtml({pno:'$number', total:'$pages', totalRecords:'$records', mode:'click', click:function(n){ this.selectPage(n); "
        "$('#page').val(n); $('#pageForm').submit(); return false; }});", _SEND,
    ), says_records=True),
    Dialect("p9-jqpaginator", "P9", query("/jqp/list.html", "cur", base=1), _drawn(
        "var totalPage=$pages; var currentPage=$number; $('#pager').jqPaginator({ totalPages:totalPage, visiblePages: 5, currentPage: currentPage,"
        "first: '<li class=\"first\"><a href=\"javascript:void(0);\">首页</a></li>', page: '<li class=\"page\"><a href=\"javascript:void(0);\">{{page}}</a></li>',"
        "onPageChange: function (num, type) { if(currentPage!=num){ location.href=\"/jqp/list.html?cur=\"+num; } } });",
    )),
    Dialect("p9-jqpaginator-by-rows", "P9", query("/jqr/list.html", "page", base=1), _drawn(
        "$('#pager').jqPaginator({ totalCounts: $records, pageSize: 4, currentPage: $number, onPageChange: function (page, type) { if (type != 'init') "
        "{ window.location.href = '/jqr/list.html?page=' + page; } } });",
    ), says_pages=False, says_records=True),
    Dialect("p9-laypage-old", "P9", query("/lpo/list.html", "page", base=1), _drawn(
        "laypage({ cont: 'pager', pages: $pages, curr: function(){ var page = location.search.match(/page=(\\d+)/); return page ? page[1] : 1; }(),"
        "jump: function(e, first){ if(!first){ location.href = '?page='+e.curr; } } });",
    )),
    Dialect("p9-layui-template", "P9", query("/lpt/list.html", "page", base=1), _drawn(
        "layui.use(['laypage'], function(){ var laypage = layui.laypage; laypage.render({ elem: 'pager', count: $records, limit: 4, curr: $number,"
        "jump: (obj, first) => { if(!first){ location.href = `/lpt/list.html?page=${obj.curr}`; } } }); });",
    ), says_pages=False, says_records=True),
    Dialect("p9-twbs", "P9", query("/twbs/list", "page", base=1), _drawn(
        "$('#pager').twbsPagination({ totalPages: $pages, visiblePages: 7, href: '?page={{number}}', first: '首页', last: '尾页' });",
    )),
    Dialect("p9-pagenav", "P9", query("/pnv/list", "page", base=1), _drawn(
        "var pager = new PageNav({ currentPage: $number, totalPage: $pages, wrapId: '#pager', callback: function (curPage) { var url = '?page=' + curPage; location.href = url; } });",
    )),
    Dialect("p9-pagenav-go", "P9", _later("/png/index.html", "/png/list_{n}.html"), _drawn(
        "pageNav.pre='上一页'; pageNav.next='下一页'; pageNav.fn = function(p,pn){ if(p!=$number){ window.location.href = '/png/list_'+p+'.html'; } }; pageNav.go($number,$pages);",
    )),
    Dialect("p9-named", "P9", query("/nmd/list.asp?cid=3", "pageindex", base=1), _drawn(
        "PageClick = function(pageclickednumber) { window.location.href = '/nmd/list.asp?cid=3&pageindex=' + pageclickednumber; };"
        "$('#pager').pager({ pagenumber: $number, pagecount: $pages, buttonClickCallback: PageClick });",
    )),
    Dialect("p9-oldest", "P9", query("/old/list.do", "page", base=1), _drawn(
        "function pageselectCallback(page_index, jq){ if(page_index != $index){ location.href = '/old/list.do?page=' + (page_index + 1); } }"
        "$('#pager').pagination($records, { callback: pageselectCallback, prev_text: '上一页', next_text: '下一页', items_per_page: 4, current_page: $index, num_edge_entries: 2 });",
    ), says_pages=False, says_records=True),
    Dialect("p9-oldest-link", "P9", query("/olk/list.do", "page", base=0), _drawn(
        "$('#pager').pagination($records, { link_to: '/olk/list.do?page=__id__', items_per_page: 4, current_page: $index });",
    ), says_pages=False, says_records=True),
    Dialect("p9-object", "P9", query("/obj/news_list.asp?s=9001", "page", base=1), _drawn(_SHOW_PAGES)),
    Dialect("p1-reversed", "P1", files("/rev/", "list", base=1), _drawn("showpage($number,$pages,'list','html');", "<div class='page'></div>")),
    Dialect("p18-select-function", "links", files("/sel/", "list", base=1), _chosen),
    Dialect("p19-form-onward", "P19", query("/fon/list.do?cid=7", "page", base=1), _stepped),
    Dialect("p19-span", "P19", files("/spn/", base=1), _spans, says_pages=False),
    Dialect("p19-tagname", "P19", _later("/tag/100/index.html", "/eportal/ui?pageId=500000&currentPage={n}&moduleId=2026d&staticRequest=yes"), _tagged, says_records=True),
    Dialect("p20-counted", "links", files("/ec/", base=1), _counted, says_records=True),
)  # fmt: skip
