"""Lists as real systems page them: one dialect for each way that is known, served page by page from rows that a test counts.

The markup is that of real sites, cut to the list and its pager. `number` is the page from 1, `pages` and `records` are what the
pager says there is: a site that lies says more than it has.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from tests.support.pages import crumbs, page

Address = Callable[[int, int], str]
Pager = Callable[[int, int, int], str]
Rows = Callable[[Sequence[tuple[str, str, str]]], str]


def _rows(entries: Sequence[tuple[str, str, str]]) -> str:
    inside = "".join(f'<li><a href="{url}" title="{title}">{title}</a><span>{day}</span></li>' for url, title, day in entries)
    return f'<ul class="list">{inside}</ul>'


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way of paging. `says_pages` and `says_records`: what its pager prints, so that a lie of it can be seen through."""

    name: str
    contract: str
    address: Address
    pager: Pager
    says_pages: bool = True
    says_records: bool = False
    rows: Rows = _rows
    family: str = "generic"


def _files(folder: str, stem: str = "index", extension: str = "html", *, base: int = 0, joint: str = "_") -> Address:
    """stem.html, stem_1.html …; `base` 1: the second page is stem_2."""

    def address(number: int, pages: int) -> str:
        return f"{folder}{stem}.{extension}" if number == 1 else f"{folder}{stem}{joint}{number - 1 + base}.{extension}"

    return address


def _query(path: str, name: str, *, base: int = 0, bare: bool = True) -> Address:
    """path&name=N; `bare`: the first page goes without."""

    def address(number: int, pages: int) -> str:
        return path if number == 1 and bare else f"{path}{'&' if '?' in path else '?'}{name}={number - 1 + base}"

    return address


def _script(code: str) -> str:
    return f"<script>{code}</script>"


def _links(address: Address, *, text: str = "", last_to_itself: bool = False, tail: bool = True, numbers: bool = True) -> Pager:
    """首页 上一页 1 2 3 下一页 尾页 as plain links."""

    def pager(number: int, pages: int, records: int) -> str:
        at = [f'<a href="{address(max(number - 1, 1), pages)}">上一页</a>'] if number > 1 else ["<span>上一页</span>"]
        if numbers:
            at += [f"<span class='cur'>{n}</span>" if n == number else f'<a href="{address(n, pages)}">{n}</a>' for n in range(1, pages + 1)]
        if number < pages or last_to_itself:
            at.append(f'<a href="{address(min(number + 1, pages), pages)}">下一页</a>')
            if tail:
                at.append(f'<a href="{address(pages, pages)}">尾页</a>')
        else:
            at.append("<span>下一页</span>")
        told = text.format(number=number, pages=pages, records=records)
        return f'<div class="page">{told}{" ".join(at)}</div>'

    return pager


# --- TRS and its kin: a call, no links --------------------------------------------------------------


def _trs(code: str, *, base: int = 0) -> Pager:
    return lambda number, pages, records: (
        f'<div class="page">{_script(code.format(pages=pages, current=number - 1 + base, records=records))}</div>'
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
            f"共{records}条&nbsp;&nbsp;{number}/{pages}&nbsp;</td><td nowrap align=\"left\"><div>{back}&nbsp;{on}&nbsp;"
            '<input align="absmiddle" type="button" name="a134388Find" value="转到" class="defaultButtonStyle" onclick="a134388_gopage_fun()">'
            '<input size="2" align="absmiddle" type="text" name="a134388GOPAGE" id="a134388GOPAGE" value="" class="defaultInputStyle">页</div></td></tr></table>'
        )

    return pager


_VSB_TREE = "/zfxxgk/list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1034"


def _vsb_dynamic(number: int, pages: int) -> str:
    return _VSB_TREE if number == 1 else f"/zfxxgk/list.jsp?a9t={pages}&a9p={number}&a9c=4&urltype=tree.TreeTempUrl&wbtreeid=1034"


def _vsb_numbered(number: int, pages: int) -> str:
    return _VSB_TREE if number == 1 else f"/zfxxgk/list.jsp?totalpage={pages}&PAGENUM={number}&urltype=tree.TreeTempUrl&wbtreeid=1034"


def _escaped(address: Address) -> Address:
    return lambda number, pages: address(number, pages).replace("&", "&amp;")


# --- others ------------------------------------------------------------------------------------------


def _setpage(number: int, pages: int, records: int) -> str:
    return '<div class="pagination"></div>' + _script(
        "$(document).ready(function(){$('.pagination').pagination({totalPage:%d,showPage:5,upPage:'上一页',callBack:function(curr){"
        "location.href = curr==1 ? 'index.html' : 'index_'+curr+'.html';}});$('.pagination').pagination(\"setPage\", %d, %d);});"
        % (pages, number, pages)
    )


def _longxun(number: int, pages: int, records: int) -> str:
    return '<div id="page_6791573" class="pagination"></div>' + _script(
        'Ls.pagination("#page_6791573",function(page){location.href="/content/column/6791573?pageIndex="+page;},'
        "{currPage:%d,pageCount:%d,pageSize:4});" % (number, pages)
    )


def _longxun_address(number: int, pages: int) -> str:
    return (
        "/public/column/6791573?type=4&action=list&nav=3&catId=7003431"
        if number == 1
        else f"/content/column/6791573?pageIndex={number}"
    )


def _aspnet(number: int, pages: int, records: int) -> str:
    address = _escaped(_query("/xxgk/NewsLsit.aspx?ClassID=602", "page", base=1))
    def to(text: str, n: int, on: bool) -> str:
        return f'<a href="{address(n, pages)}">{text}</a>' if on else f'<a disabled="disabled">{text}</a>'

    inner = to("首页", 1, number > 1) + to("上一页", number - 1, number > 1) + to("下一页", number + 1, number < pages) + to("尾页", pages, number < pages)
    return f'<div id="Body_AspNetPager1" class="anpager">第{number}页 共 {pages}页 {inner}</div>'


def _phpcms(number: int, pages: int, records: int) -> str:
    base = "/index.php?m=content&amp;c=index&amp;a=lists&amp;catid=760"
    middle = "".join(f"<span>{n}</span>" if n == number else f' <a href="{base}&amp;page={n}">{n}</a>' for n in range(1, pages + 1))
    return (
        f'<div id="pages" class="text-c"><a class="a1">{records}条</a> <a href="{base}&amp;page={max(number - 1, 1)}" class="a1">上一页</a>'
        f'{middle} <a href="{base}&amp;page={min(number + 1, pages)}" class="a1">下一页</a></div>'
    )


def _dedecms(number: int, pages: int, records: int) -> str:
    """DedeCMS: list_12_2.html, the last page's 下一页 left out, a select of pages."""
    at = _files("/html/gk/", "list_12", joint="_", base=1)
    items = [f'<li><a href="{"list_12_1.html" if n == 1 else at(n, pages).rsplit("/", 1)[-1]}">{n}</a></li>' if n != number else f'<li class="thisclass">{n}</li>' for n in range(1, pages + 1)]
    if number < pages:
        items.append(f'<li><a href="list_12_{number + 1}.html">下一页</a></li><li><a href="list_12_{pages}.html">末页</a></li>')
    return f'<div class="dede_pages"><ul class="pagelist">{"".join(items)}<li><span class="pageinfo">共 <strong>{pages}</strong>页<strong>{records}</strong>条</span></li></ul></div>'


def _asp(number: int, pages: int, records: int) -> str:
    """Classic ASP: all in one cell, the words of dead links plain."""
    to = lambda text, n: f'<a href="list_wj.asp?s=188&page={n}">{text}</a>'  # noqa: E731
    back = f"{to('首页', 1)} {to('上一页', number - 1)}" if number > 1 else "首页 上一页"
    on = f"{to('下一页', number + 1)} {to('尾页', pages)}" if number < pages else "下一页 尾页"
    return f'<table width="98%" align="center"><tr><td align="right">{back} {on} 页次：<strong><font color=red>{number}</font>/{pages}</strong>页 共<b>{records}</b>条记录 4条/页</td></tr></table>'


def _onclick(number: int, pages: int, records: int) -> str:
    at = _files("/fgw/zc/zxzc/", "be842d3c", joint="-", base=1)
    back = f"<a onclick=\"queryArticleByCondition(this,'{at(number - 1, pages)}')\" tagname=\"{at(number - 1, pages)}\">上一页</a>" if number > 1 else ""
    on = f"<a onclick=\"queryArticleByCondition(this,'{at(number + 1, pages)}')\" tagname=\"{at(number + 1, pages)}\">下一页</a>" if number < pages else ""
    return f'<div class="page"><input type="hidden" id="totalpage" value="{pages}"><span class="pages" totalpage="{pages}">{back}{on}共{pages}页</span></div>'


def _encoded(number: int, pages: int, records: int) -> str:
    inner = _links(_files("", "index", base=0))(number, pages, records)
    return (
        f'<div id="pages" class="page">{base64.b64encode(quote(inner).encode()).decode()}</div>'
        + _script('var s=document.getElementById("pages");s.innerHTML=decodeURIComponent(window.atob(s.innerHTML));')
    )


def _laypage(number: int, pages: int, records: int) -> str:
    return '<div id="pg"></div>' + _script(
        "layui.use('laypage',function(){layui.laypage.render({elem:'pg',count:%d,limit:4,curr:%d,jump:function(obj,first){"
        "if(!first){location.href='/gk/list.do?cid=3&pageNo='+obj.curr;}}});});" % (records, number)
    )


def _kkpager(number: int, pages: int, records: int) -> str:
    return '<div id="kkpager"></div>' + _script(
        "kkpager.generPageHtml({pno:%d,total:%d,totalRecords:%d,hrefFormer:'/xx/list',hrefLatter:'.html',getLink:function(n){"
        "return this.hrefFormer+'_'+n+this.hrefLatter;}});" % (number, pages, records)
    )


def _wordpress(number: int, pages: int, records: int) -> str:
    to = lambda n: "/gi_class/fgw_02" if n == 1 else f"/gi_class/fgw_02/{n}"  # noqa: E731
    inner = "".join(f'<span class="current">{n}</span>' if n == number else f'<a href="{to(n)}">{n}</a>' for n in range(1, pages + 1))
    return f'<div class="pagination">{inner}{f"""<a class="next" href="{to(number + 1)}">&gt;</a>""" if number < pages else ""}</div>'


def _padded(number: int, pages: int) -> str:
    return "/zwgk/lb/index.shtml" if number == 1 else f"/zwgk/lb/{number:08d}.shtml"


_WAS = "/was5/web/search?channelid=29&orderby=-docreltime"
_JPATH = "/zwgk/public/tzgg/pc/list.html"

DIALECTS: tuple[Dialect, ...] = (
    Dialect("p1-trs", "P1", _files("/zwgk/a/"), _trs('createPageHTML({pages}, {current}, "index", "html");')),
    Dialect("p1-trs-htm", "P1", _files("/zwgk/a/", extension="htm"), _trs('createPageHTML({pages},{current},"index","htm");')),
    Dialect("p2-hubei", "P2", _files("/zwgk/b/", extension="shtml"), _trs('createPageHTML({pages}, {current}, "index", "shtml", "black2", {records});'), says_records=True),
    Dialect("p3-hunan", "P3", _files("/xxgk/c/", base=1), _trs("createPageHTML('paging',{pages},{current},'index','html',{records});", base=1), says_records=True),
    Dialect("p4-ucap", "P4", lambda n, p: "/qu/c10/zfxxgk.shtml" if n == 1 else f"/qu/c10/zfxxgk_list3_1_{n}.shtml", _trs("createPageHTML('page_div',{pages},{current},'zfxxgk_list3_1','shtml',{records});", base=1), says_records=True),
    Dialect("p5-beijing-paged", "P5", _files("/gk/d/"), _trs("createPageHTML({records}, {pages}, {current}, 'index', 'html');"), says_records=True),
    Dialect("p6-chongqing", "P6", _files("/zwgk/e/"), _trs('createPage({pages}, {current}, "index", "html");')),
    Dialect("p7-variables", "P7", _files("/zwgk/f/", extension="htm"), _trs(_TRS_VARIABLES)),
    Dialect("p7-options", "P7", _files("/zwgk/f/"), _trs(_PAGER_OPTIONS)),
    Dialect("p8-page-id", "P8", lambda n, p: "/gk/g/index.shtml" if n == 1 else f"/gk/g/index_18036_{n - 1}.shtml", _trs('createPageHTML({pages}, {current}, "index_18036", "shtml");')),
    Dialect("p9-shanghai", "P9", _files("/nw2319/", base=1), _setpage),
    Dialect("p9-laypage", "P9", _query("/gk/list.do?cid=3", "pageNo", base=1), _laypage, says_records=True),
    Dialect("p9-kkpager", "P9", _files("/xx/", "list", base=1), _kkpager, says_records=True),
    Dialect("p10-longxun", "P10", _longxun_address, _longxun),
    Dialect("p16-vsb", "P16", _downwards("/zfxxgk/zc/zfwj"), _vsb(_downwards("/zfxxgk/zc/zfwj")), says_records=True),
    Dialect("p16-vsb-uncounted", "P16", _downwards("/zfxxgk/zc/zfwj"), _vsb(_downwards("/zfxxgk/zc/zfwj"), records=False)),
    Dialect("p16-vsb-old", "P16", _downwards("/zfxxgk/zc/tzgg"), _vsb_old(_downwards("/zfxxgk/zc/tzgg")), says_records=True),
    Dialect("p20-vsb-dynamic", "links", _vsb_dynamic, _vsb_old(_escaped(_vsb_dynamic)), says_records=True),
    Dialect("p20-vsb-pagenum", "links", _vsb_numbered, _vsb(_escaped(_vsb_numbered)), says_records=True),
    Dialect("p18-aspnet", "P18", _query("/xxgk/NewsLsit.aspx?ClassID=602", "page", base=1), _aspnet),
    Dialect("p18-asp", "links", _query("/gk/list_wj.asp?s=188", "page", base=1), _asp, says_records=True),
    Dialect("p18-phpcms", "links", _query("/index.php?m=content&c=index&a=lists&catid=760", "page", base=1), _phpcms, says_records=True),
    Dialect("p18-dedecms", "links", lambda n, p: "/html/gk/index.html" if n == 1 else f"/html/gk/list_12_{n}.html", _dedecms, says_records=True),
    Dialect("p19-onclick", "P19", _files("/fgw/zc/zxzc/", "be842d3c", joint="-", base=1), _onclick),
    Dialect("p19-base64", "links", _files("/drc/h/"), _encoded),
    Dialect("p20-code", "links", _files("/gk/", "80", base=1), _links(_files("", "80", base=1))),
    Dialect("p20-column-index", "links", lambda n, p: f"/gk/column-index-{n}.shtml", _links(lambda n, p: f"column-index-{n}.shtml", numbers=False, text="共{pages}页")),
    Dialect("p20-index-pc", "links", lambda n, p: "/gk/index.html" if n == 1 else f"/gk/index_pc_{n}.html", _links(lambda n, p: "index.html" if n == 1 else f"index_pc_{n}.html")),
    Dialect("p20-padded", "links", _padded, _links(_padded)),
    Dialect("p20-path", "links", lambda n, p: "/gi_class/fgw_02" if n == 1 else f"/gi_class/fgw_02/{n}", _wordpress),
    Dialect("p20-was", "links", _query(_WAS, "page", base=1), _links(_escaped(_query(_WAS, "page", base=1)), text="共{records}条")),
    Dialect("p20-group", "links", lambda n, p: _JPATH if n == 1 else _JPATH.replace("list", f"list_{n}"), _links(lambda n, p: _JPATH if n == 1 else _JPATH.replace("list", f"list_{n}"), last_to_itself=True)),
    Dialect("p20-zero-query", "links", _query("/gk/list", "pageNo", base=0), _links(_query("/gk/list", "pageNo", base=0))),
)  # fmt: skip


def rows(count: int) -> list[tuple[str, str, str]]:
    return [
        (f"/zwgk/202611/t20261101_{4000 + n}.html", f"示例区人民政府办公室关于第{n}号事项的通知", f"2026-{11 - (n - 1) // 25:02d}-{25 - (n - 1) % 25:02d}")
        for n in range(1, count + 1)
    ]


def list_page(dialect: Dialect, entries: Sequence[tuple[str, str, str]], below: str, *, name: str = "政策文件") -> str:
    return page(f"{name}_示例区人民政府", crumbs(("/", "首页"), ("", name)) + f'<h2>{name}</h2><div class="right">{dialect.rows(entries)}{below}</div>')


def site(
    dialect: Dialect, count: int = 11, size: int = 4, *, pages: int | None = None, records: int | None = None, beyond: str = "", name: str = "政策文件"
) -> Mapping[str, str]:
    """The pages of one list, by address. `pages`, `records`: what its pager says where that is not so; `beyond`: which page stands beyond the end."""
    entries = rows(count)
    real = max(1, -(-count // size))
    declared = pages or real
    made: dict[str, str] = {}
    for number in range(1, declared + 1):
        shown = number if number <= real else {"": 0, "last": real, "first": 1}[beyond]
        if not shown:
            continue
        # What stands beyond the end is another page's file: its pager says what it says there.
        below = dialect.pager(shown, declared, records if records is not None else count)
        made[dialect.address(number, declared)] = list_page(dialect, entries[(shown - 1) * size : shown * size], below, name=name)
    return made
