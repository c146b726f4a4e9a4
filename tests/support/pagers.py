"""The pagers of known systems, as their pages write them: the table of dialects that the tests of walks go through."""

from __future__ import annotations

import base64
from string import Template
from urllib.parse import quote

from tests.support.dialects import Address, Dialect, Pager, files, links, query, script
from tests.support.plugins import PLUGINS


def _code(code: str, **values: int) -> str:
    """A script with numbers in the places of $names; $( and $. are the script's own."""
    return script(Template(code).safe_substitute(values))


# --- TRS and its kin: a call, no links --------------------------------------------------------------


def _trs(code: str, *, base: int = 0) -> Pager:
    return lambda number, pages, records: (
        f'<div class="page">{script(code.format(pages=pages, current=number - 1 + base, records=records))}</div>'
    )


_TRS_VARIABLES = """
var currentPage = {current};//所在页从0开始
var prevPage = currentPage-1//上一页
var nextPage = currentPage+1//下一页
var countPage = {pages}//共多少页
document.write("共"+countPage+"页&nbsp;&nbsp;");
//循环
var num = 17;
for(var i=0+(currentPage-1-(currentPage-1)%num) ; i<=(num+(currentPage-1-(currentPage-1)%num))&&(i<countPage) ; i++){{
  if(countPage >1){{
    if(currentPage==i) document.write("<span style='color:#FF0000;'>"+(i+1)+"</span>&nbsp;");
    else if(i==0) document.write("<a href=\\"index.htm\\">"+(i+1)+"</a>&nbsp;");
    else document.write("<a href=\\"index"+"_" + i + "."+"htm\\">"+(i+1)+"</a>&nbsp;");
  }}
}}
//设置下一页代码
if(countPage>1&&currentPage!=(countPage-1))
  document.write("<a href=\\"index"+"_" + nextPage + "."+"htm\\">下一页</a>&nbsp;");
else document.write("下一页&nbsp;");
"""
_PAGER_OPTIONS = """
var currentPage={current}; var countPage={pages};
var pager_options={{countPage:parseInt('{pages}}}'),currentPage:{current},pageName:'index',pageExt:'html'}};
"""


# --- site builder ------------------------------------------------------------------------------------


def _downwards(stem: str) -> Address:
    """name.htm, then name/N.htm from the highest number down to 1."""
    return lambda number, pages: f"{stem}.htm" if number == 1 else f"{stem}/{pages - number + 1}.htm"


def _vsb(address: Address, *, records: bool = True) -> Pager:
    """The pager of pb_sys_common, twice: for screens and for phones."""

    def pager(number: int, pages: int, count: int) -> str:
        spans = ["<span class='p_first_d p_fun_d'>首页</span><span class='p_prev_d p_fun_d'>上页</span>"]
        if number > 1:
            spans = [
                f'<span class="p_first p_fun"><a href="{address(1, pages)}">首页</a></span><span class="p_prev p_fun"><a href="{address(number - 1, pages)}">上页</a></span>'
            ]
        for n in range(1, pages + 1):
            spans.append(
                f'<span class="p_no_d">{n}</span>' if n == number else f'<span class="p_no"><a href="{address(n, pages)}">{n}</a></span>'
            )
        if number < pages:
            spans.append(
                f'<span class="p_next p_fun"><a href="{address(number + 1, pages)}">下页</a></span><span class="p_last p_fun"><a href="{address(pages, pages)}">尾页</a></span>'
            )
        else:
            spans.append('<span class="p_next_d p_fun_d">下页</span><span class="p_last_d p_fun_d">尾页</span>')
        told = f'<span class="p_t">共{count}条</span> ' if records else ""
        go = (
            f'<span class="p_t">到第</span><span class="p_goto"><input type="text" class="p_goto_input" maxlength="10" id="u13_goto" onkeydown="if(event.keyCode==13){{_simple_list_gotopage_fun({pages},&quot;u13_goto&quot;,2)}}"></span>'
            f'<span class="p_t">页</span> <span class="p_goto"><a href="javascript:;" onclick="_simple_list_gotopage_fun({pages},&quot;u13_goto&quot;,2)">跳转</a></span>'
        )
        inner = f'<span class="p_pages">{"".join(spans)}</span>'
        return (
            f'<div class="page_pc"><div class="pb_sys_common pb_sys_full pb_sys_style1">{told}{inner} {go}</div></div>'
            f'<div class="page_mob"><div class="pb_sys_common pb_sys_short pb_sys_style1">{inner}</div></div>'
        )

    return pager


def _vsb_old(address: Address) -> Pager:
    """The pager of older releases: a table with a count, 首页 上页 下页 尾页, no numbers."""

    def pager(number: int, pages: int, records: int) -> str:
        back = (
            f'<a class="fPage" href="{address(1, pages)}">首页</a><a class="fPage" href="{address(number - 1, pages)}">上页</a>'
            if number > 1
            else '<span class="fPage">首页</span><span class="fPage">上页</span>'
        )
        on = (
            f'<a class="Next" href="{address(number + 1, pages)}">下页</a><a class="Next" href="{address(pages, pages)}">尾页</a>'
            if number < pages
            else '<span class="Next">下页</span><span class="Next">尾页</span>'
        )
        return (
            f"<script>function a134388_gopage_fun(){{_simple_list_gotopage_fun({pages},'a134388GOPAGE',2)}}</script>"
            f'<table cellspacing="0" class="headStyle20m3gy1kdc" width="100%"><tr valign="middle"><td nowrap align="left" width="1%" id="fanye134388">'
            f'共{records}条&nbsp;&nbsp;{number}/{pages}&nbsp;</td><td nowrap align="left"><div>{back}&nbsp;{on}&nbsp;'
            '<input align="absmiddle" type="button" name="a134388Find" value="转到" class="defaultButtonStyle" onclick="a134388_gopage_fun()">'
            '<input size="2" align="absmiddle" type="text" name="a134388GOPAGE" id="a134388GOPAGE" value="" class="defaultInputStyle">页</div></td></tr></table>'
        )

    return pager


_VSB_TREE = "/vsb/list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1034"


def _vsb_dynamic(number: int, pages: int) -> str:
    return _VSB_TREE if number == 1 else f"/vsb/list.jsp?a9t={pages}&a9p={number}&a9c=4&urltype=tree.TreeTempUrl&wbtreeid=1034"


def _vsb_numbered(number: int, pages: int) -> str:
    tree = "urltype=tree.TreeTempUrl&wbtreeid=1035"
    return f"/vsb/tree.jsp?{tree}" if number == 1 else f"/vsb/tree.jsp?totalpage={pages}&PAGENUM={number}&{tree}"


def _escaped(address: Address) -> Address:
    return lambda number, pages: address(number, pages).replace("&", "&amp;")


# --- others ------------------------------------------------------------------------------------------


def _setpage(number: int, pages: int, records: int) -> str:
    return '<div class="pagination"></div>' + _code(
        "$(document).ready(function(){$('.pagination').pagination({totalPage:$pages,showPage:5,upPage:'上一页',callBack:function(curr){"
        "location.href = curr==1 ? 'index.html' : 'index_'+curr+'.html';}});$('.pagination').pagination(\"setPage\", $number, $pages);});",
        pages=pages,
        number=number,
    )


def _longxun(number: int, pages: int, records: int) -> str:
    return '<div id="page_6791573" class="pagination"></div>' + _code(
        'Ls.pagination("#page_6791573",function(page){location.href="/content/column/6791573?pageIndex="+page;},'
        "{currPage:$number,pageCount:$pages,pageSize:4});",
        number=number,
        pages=pages,
    )


def _longxun_address(number: int, pages: int) -> str:
    return "/public/column/6791573?type=4&action=list&nav=3&catId=7003431" if number == 1 else f"/content/column/6791573?pageIndex={number}"


def _aspnet(number: int, pages: int, records: int) -> str:
    address = _escaped(query("/aspx/NewsLsit.aspx?ClassID=602", "page", base=1))

    def to(text: str, n: int, on: bool) -> str:
        return f'<a href="{address(n, pages)}">{text}</a>' if on else f'<a disabled="disabled">{text}</a>'

    inner = (
        to("首页", 1, number > 1)
        + to("上一页", number - 1, number > 1)
        + to("下一页", number + 1, number < pages)
        + to("尾页", pages, number < pages)
    )
    return f'<div id="Body_AspNetPager1" class="anpager">第{number}页 共 {pages}页 {inner}</div>'


def _phpcms(number: int, pages: int, records: int) -> str:
    base = "/php/index.php?m=content&amp;c=index&amp;a=lists&amp;catid=760"
    middle = "".join(f"<span>{n}</span>" if n == number else f' <a href="{base}&amp;page={n}">{n}</a>' for n in range(1, pages + 1))
    return (
        f'<div id="pages" class="text-c"><a class="a1">{records}条</a> <a href="{base}&amp;page={max(number - 1, 1)}" class="a1">上一页</a>'
        f'{middle} <a href="{base}&amp;page={min(number + 1, pages)}" class="a1">下一页</a></div>'
    )


def _dedecms(number: int, pages: int, records: int) -> str:
    """DedeCMS: list_12_2.html, the last page's 下一页 left out, a select of pages."""
    at = files("/dede/", "list_12", base=1)
    items = [
        f'<li><a href="{"list_12_1.html" if n == 1 else at(n, pages).rsplit("/", 1)[-1]}">{n}</a></li>'
        if n != number
        else f'<li class="thisclass">{n}</li>'
        for n in range(1, pages + 1)
    ]
    if number < pages:
        items.append(f'<li><a href="list_12_{number + 1}.html">下一页</a></li><li><a href="list_12_{pages}.html">末页</a></li>')
    return f'<div class="dede_pages"><ul class="pagelist">{"".join(items)}<li><span class="pageinfo">共 <strong>{pages}</strong>页<strong>{records}</strong>条</span></li></ul></div>'


def _asp(number: int, pages: int, records: int) -> str:
    """Classic ASP: all in one cell, the words of dead links plain."""

    def to(text: str, n: int) -> str:
        return f'<a href="list_wj.asp?s=188&page={n}">{text}</a>'

    back = f"{to('首页', 1)} {to('上一页', number - 1)}" if number > 1 else "首页 上一页"
    on = f"{to('下一页', number + 1)} {to('尾页', pages)}" if number < pages else "下一页 尾页"
    return f'<table width="98%" align="center"><tr><td align="right">{back} {on} 页次：<strong><font color=red>{number}</font>/{pages}</strong>页 共<b>{records}</b>条记录 4条/页</td></tr></table>'


def _onclick(number: int, pages: int, records: int) -> str:
    at = files("/fgw/zc/zxzc/", "be842d3c", joint="-", base=1)
    back = (
        f'<a onclick="queryArticleByCondition(this,\'{at(number - 1, pages)}\')" tagname="{at(number - 1, pages)}">上一页</a>'
        if number > 1
        else ""
    )
    on = (
        f'<a onclick="queryArticleByCondition(this,\'{at(number + 1, pages)}\')" tagname="{at(number + 1, pages)}">下一页</a>'
        if number < pages
        else ""
    )
    return f'<div class="page"><input type="hidden" id="totalpage" value="{pages}"><span class="pages" totalpage="{pages}">{back}{on}共{pages}页</span></div>'


def _encoded(number: int, pages: int, records: int) -> str:
    inner = links(files("", "index", base=0))(number, pages, records)
    return f'<div id="pages" class="page">{base64.b64encode(quote(inner).encode()).decode()}</div>' + script(
        'var s=document.getElementById("pages");s.innerHTML=decodeURIComponent(window.atob(s.innerHTML));'
    )


def _laypage(number: int, pages: int, records: int) -> str:
    return '<div id="pg"></div>' + _code(
        "layui.use('laypage',function(){layui.laypage.render({elem:'pg',count:$records,limit:4,curr:$number,jump:function(obj,first){"
        "if(!first){location.href='/lay/list.do?cid=3&pageNo='+obj.curr;}}});});",
        records=records,
        number=number,
    )


def _kkpager(number: int, pages: int, records: int) -> str:
    return '<div id="kkpager"></div>' + _code(
        "kkpager.generPageHtml({pno:$number,total:$pages,totalRecords:$records,hrefFormer:'/kk/list',hrefLatter:'.html',getLink:function(n){"
        "return this.hrefFormer+'_'+n+this.hrefLatter;}});",
        number=number,
        pages=pages,
        records=records,
    )


def _wordpress(number: int, pages: int, records: int) -> str:
    to = _stem("/gi_class/fgw_02", "/gi_class/fgw_02/{n}")
    inner = "".join(
        f'<span class="current">{n}</span>' if n == number else f'<a href="{to(n, pages)}">{n}</a>' for n in range(1, pages + 1)
    )
    on = f'<a class="next" href="{to(number + 1, pages)}">&gt;</a>' if number < pages else ""
    return f'<div class="pagination">{inner}{on}</div>'


def _padded(number: int, pages: int) -> str:
    return "/zwgk/lb/index.shtml" if number == 1 else f"/zwgk/lb/{number:08d}.shtml"


def _numbered(address: Address, href: str, *, said: str = "第{number}页/共{pages}页") -> Pager:
    """上一页 and 下一页 whose href or handler bears a number alone."""

    def pager(number: int, pages: int, records: int) -> str:
        back = f"<a {href.format(n=number - 1)}>上一页</a>" if number > 1 else "上一页"
        on = f"<a {href.format(n=number + 1)}>下一页</a>" if number < pages else "下一页"
        return f'<div class="page">{said.format(number=number, pages=pages, records=records)} {back} {on}</div>'

    return pager


def _with(code: str, pager: Pager) -> Pager:
    return lambda number, pages, records: pager(number, pages, records) + script(code)


def _form(number: int, pages: int, records: int) -> str:
    return (
        '<form name="f1" action="/form/list.do" method="get"><input type="hidden" name="cid" value="7">'
        f'<input type="hidden" name="page" value="{number}"><div class="page">第{number}页/共{pages}页 '
        f'<a href="javascript:turn({number - 1})">上一页</a> <a href="javascript:turn({number + 1})">下一页</a></div></form>'
    ) + script("function turn(n){document.f1.page.value=n;document.f1.submit();}")


def _icons(number: int, pages: int, records: int) -> str:
    back = f'<a class="prev" href="index{f"_{number - 2}" if number > 2 else ""}.html"><i class="icon-left"></i></a>'
    on = f'<a class="next" href="index_{number}.html"><i class="icon-right"></i></a>'
    return f'<div class="page">{back if number > 1 else ""}<span>{number}/{pages}</span>{on if number < pages else ""}</div>'


def _buttons(number: int, pages: int, records: int) -> str:
    def button(text: str, to: int) -> str:
        live = f"onclick=\"location.href='news.asp?page={to}'\"" if 1 <= to <= pages else "disabled"
        return f'<input type="button" value="{text}" {live}>'

    return f'<div class="page">第{number}页/共{pages}页{button("上一页", number - 1)}{button("下一页", number + 1)}</div>'


def _select(number: int, pages: int, records: int) -> str:
    options = "".join(f'<option value="{n}"{" selected" if n == number else ""}>{n}</option>' for n in range(1, pages + 1))
    return f'<div class="page">共{records}条 第{number}/{pages}页 转到<select onchange="location.href=\'choice.aspx?page=\'+this.value">{options}</select></div>'


def _clicked(number: int, pages: int, records: int) -> str:
    inner = "".join(f'<a href="javascript:;" data-page="{n}"{" class=active" if n == number else ""}>{n}</a>' for n in range(1, pages + 1))
    on = f'<a href="javascript:;" class="next" data-page="{number + 1}">下一页</a>' if number < pages else "<span>下一页</span>"
    return f'<div class="pagination">{inner}{on}</div>' + script(
        "$('.pagination a').click(function(){var p=$(this).data('page');location.href='list_'+p+'.html';});"
    )


def _object(number: int, pages: int, records: int) -> str:
    return (
        '<div class="page">'
        + _code("Pager({size:$pages,current:$index,prefix:'default',suffix:'htm'});", pages=pages, index=number - 1)
        + "</div>"
    )


def _plugin(number: int, pages: int, records: int) -> str:
    return '<div class="tcdPageCode"></div>' + _code(
        "$('.tcdPageCode').createPage({pageCount:$pages,current:$number,backFn:function(p){if(p==1){window.location.href='index.html'}"
        "else{window.location.href='index_'+(p-1)+'.html'}}});",
        pages=pages,
        number=number,
    )


def _sliced(number: int, pages: int, records: int) -> str:
    return '<div class="M-box"></div>' + _code(
        "$('.M-box').pagination({totalData:$records,showData:4,current:$number,jump:true,callback:function(api){location.href='/mbox/list.do?cid=7&page='+api.getCurrent();}});",
        records=records,
        number=number,
    )


def _fragments(number: int, pages: int, records: int) -> str:
    """A list whose later pages are rows alone, fetched by script, numbered downwards."""
    if number > 1:
        return ""
    hidden = "".join(f'<a href="index_26_{n}.html"></a>' for n in range(pages - 1, 0, -1))
    return f'<div style="display:none">{hidden}</div>' + script(f"var maxPageNum = {pages}; var purl='index_26'; function goPub(n){{}}")


_WAS = "/was5/web/search?channelid=29&orderby=-docreltime"
_OLD_QUERY = "/asp/list_wj.asp?s=188"
_GROUP = "/szf/zfxxgk/pc/list.html"


def _stem(first: str, later: str) -> Address:
    """One address for the first page, a pattern with {n} for the others."""
    return lambda number, pages: first if number == 1 else later.format(n=number, before=number - 1)


DIALECTS: tuple[Dialect, ...] = (
    Dialect("p1-trs", "P1", files("/trs/"), _trs('createPageHTML({pages}, {current}, "index", "html");')),
    Dialect("p1-htm", "P1", files("/htm/", extension="htm"), _trs('createPageHTML({pages},{current},"index","htm");')),
    Dialect("p1-by-variables", "P1", files("/args/"), _trs("var nPageCount={pages};var nCurrIndex={current};createPageHTML(nPageCount, nCurrIndex, 'index', 'html');")),
    Dialect("p1-another-name", "P1", files("/name/"), _trs("turnPageHtml({pages},{current},'index','html');")),
    Dialect("p1-options", "P1", files("/object/", "default", "htm"), _object),
    Dialect("p2-hubei", "P2", files("/hubei/", extension="shtml"), _trs('createPageHTML({pages}, {current}, "index", "shtml", "black2", {records});'), says_records=True),
    Dialect("p2-another-name", "P2", files("/fenye/"), _trs("fenye({pages},{current},'index','html',{records});"), says_records=True),
    Dialect("p3-hunan", "P3", files("/hunan/", base=1), _trs("createPageHTML('paging',{pages},{current},'index','html',{records});", base=1), says_records=True),
    Dialect("p4-ucap", "P4", _stem("/qu/c10/zfxxgk.shtml", "/qu/c10/zfxxgk_list3_1_{n}.shtml"), _trs("createPageHTML('page_div',{pages},{current},'zfxxgk_list3_1','shtml',{records});", base=1), says_records=True),
    Dialect("p5-beijing", "P5", files("/beijing/"), _trs("createPageHTML({records}, {pages}, {current}, 'index', 'html');"), says_records=True),
    Dialect("p6-chongqing", "P6", files("/cq/"), _trs('createPage({pages}, {current}, "index", "html");')),
    Dialect("p7-variables", "P7", files("/jilin/", extension="htm"), _trs(_TRS_VARIABLES)),
    Dialect("p7-options", "P7", files("/tj/"), _trs(_PAGER_OPTIONS)),
    Dialect("p8-page-id", "P8", _stem("/mee/index.shtml", "/mee/index_18036_{before}.shtml"), _trs('createPageHTML({pages}, {current}, "index_18036", "shtml");')),
    Dialect("p9-shanghai", "P9", files("/nw2319/", base=1), _setpage),
    Dialect("p9-laypage", "P9", query("/lay/list.do?cid=3", "pageNo", base=1), _laypage, says_pages=False, says_records=True),
    Dialect("p9-kkpager", "P9", files("/kk/", "list", base=1), _kkpager, says_records=True),
    Dialect("p9-plugin", "P9", files("/tcd/"), _plugin),
    Dialect("p9-plugin-by-rows", "P9", query("/mbox/list.do?cid=7", "page", base=1), _sliced, says_pages=False, says_records=True),
    Dialect("p10-longxun", "P10", _longxun_address, _longxun),
    Dialect("p16-vsb", "P16", _downwards("/zfxxgk/zc/zfwj"), _vsb(_downwards("/zfxxgk/zc/zfwj")), says_records=True),
    Dialect("p16-vsb-uncounted", "P16", _downwards("/zfxxgk/zc/jd"), _vsb(_downwards("/zfxxgk/zc/jd"), records=False)),
    Dialect("p16-vsb-old", "P16", _downwards("/zfxxgk/zc/tzgg"), _vsb_old(_downwards("/zfxxgk/zc/tzgg")), says_records=True),
    Dialect("p16-fragments", "P16", lambda n, p: "/frag/index.html" if n == 1 else f"/frag/index_26_{p - n + 1}.html", _fragments, bare=True),
    Dialect("p18-aspnet", "P18", query("/aspx/NewsLsit.aspx?ClassID=602", "page", base=1), _aspnet),
    Dialect("p18-asp", "links", query(_OLD_QUERY, "page", base=1), _asp, says_records=True),
    Dialect("p18-asp-buttons", "P19", query("/news/news.asp", "page", base=1), _buttons),
    Dialect("p18-select", "links", query("/choice/choice.aspx", "page", base=1), _select, says_records=True),
    Dialect("p18-phpcms", "links", query("/php/index.php?m=content&c=index&a=lists&catid=760", "page", base=1), _phpcms, says_records=True),
    Dialect("p18-dedecms", "links", _stem("/dede/index.html", "/dede/list_12_{n}.html"), _dedecms, says_records=True),
    Dialect("p18-vsb-dynamic", "links", _vsb_dynamic, _vsb_old(_escaped(_vsb_dynamic)), says_records=True),
    Dialect("p18-vsb-pagenum", "links", _vsb_numbered, _vsb(_escaped(_vsb_numbered)), says_records=True),
    Dialect("p19-onclick", "P19", files("/fgw/zc/zxzc/", "be842d3c", joint="-", base=1), _onclick),
    Dialect("p19-base64", "links", files("/drc/"), _encoded),
    Dialect("p19-function", "P19", files("/fun/"), _with("function toPage(n){ if(n==1){location.href='index.html';}else{ location.href='index_'+(n-1)+'.html'; } }", _numbered(files("/fun/"), 'href="javascript:toPage({n})"'))),
    Dialect("p19-function-query", "P19", query("/go/list.do?cid=7", "page", base=1), _with("function goPage(p){ window.location.href='/go/list.do?cid=7&page='+p; }", _numbered(files("/go/"), 'href="#" onclick="goPage({n});return false;"'))),
    Dialect("p19-form", "P19", query("/form/list.do?cid=7", "page", base=1), _form),
    Dialect("p19-clicked", "P19", files("/click/", "list", base=1), _clicked),
    Dialect("p20-code", "links", files("/code/", "80", base=1), links(files("", "80", base=1))),
    Dialect("p20-column-index", "links", lambda n, p: f"/col/column-index-{n}.shtml", links(lambda n, p: f"column-index-{n}.shtml", numbers=False, text="共{pages}页")),
    Dialect("p20-index-pc", "links", _stem("/pc/index.html", "/pc/index_pc_{n}.html"), links(_stem("index.html", "index_pc_{n}.html"))),
    Dialect("p20-padded", "links", _padded, links(_padded)),
    Dialect("p20-path", "links", _stem("/gi_class/fgw_02", "/gi_class/fgw_02/{n}"), _wordpress),
    Dialect("p20-was", "links", query(_WAS, "page", base=1), links(_escaped(query(_WAS, "page", base=1)), text="共{records}条"), says_records=True),
    Dialect("p20-last-to-itself", "links", _stem(_GROUP, "/szf/zfxxgk/pc/list_{n}.html"), links(_stem(_GROUP, "/szf/zfxxgk/pc/list_{n}.html"), last_to_itself=True)),
    Dialect("p20-from-zero", "links", query("/zero/list", "pageNo", base=0), links(query("/zero/list", "pageNo", base=0))),
    Dialect("p20-icons", "links", files("/icons/"), _icons),
    *PLUGINS,
)  # fmt: skip
