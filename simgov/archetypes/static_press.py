"""A, static press: pages written ahead as files, relative hrefs, pagers by script (P1 to P3, P5 to P9), head and foot from a script."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from simgov.archetypes import pieces
from simgov.archetypes.truth import Column, Document, Interpreted, Oddity
from simgov.archetypes.view import Row, View, cut, relative
from simgov.families.base import Reply, Request, e, html
from simgov.truth import ColumnKind, Genre
from simgov.wording import NOTE

_LISTING = re.compile(r"^(?P<slug>/.+)/(?:index(?:_(?P<id>18\d{3}))?(?:_(?P<page>\d+))?\.html)?$")
_DETAIL = re.compile(r"^(?P<slug>/.+)/\d{6}/t\d{8}_(?P<id>\d+)\.html$")
_ONE_BASED = frozenset({"tzgg", "ywdt"})
_PAGE_ID = "18036"  # of the columns whose files bear the id of the page in their names
# Templates of other offices: what each gives its pager to know. `current` counts as the files do.
_CALLS: Mapping[str, str] = {
    "ywdt": "createPageHTML('paging',{pages}, {current},'index','html',{records});",
    "tzgg": "$('.page').pagination({{totalPage:{pages},callBack:function(c){{location.href=c==1?'index.html':'index_'+c+'.html';}}}});"
    "$('.page').pagination(\"setPage\", {current}, {pages});",
    "zcjd": 'createPageHTML({pages}, {current}, "index_18036", "html");',
    "sjwj": 'createPageHTML({pages}, {current}, "index", "html", "black2", {records});',
    "czyjs": 'createPageHTML({records}, {pages}, {current}, "index", "html");',
    "gfxwj": 'createPage({pages}, {current}, "index", "html");',
    "rsrm": "var currentPage = {current};//所在页从0开始\nvar nextPage = currentPage+1//下一页\nvar countPage = {pages}//共多少页\n"
    'if(countPage>1&&currentPage!=(countPage-1)) document.write("<a href=\\"index"+"_" + nextPage + "."+"html\\">下一页</a>");',
}
_PLAIN_CALL = 'createPageHTML({pages}, {current}, "index", "html");'


class StaticPress:
    """Folders by column, articles by month and day."""

    policy_fields = frozenset({"title", "published_on", "made_on", "doc_number", "index_number", "issuer", "source", "validity"})
    plain_fields = frozenset({"title", "published_on", "source"})

    def column_path(self, view: View, column: Column) -> str:
        return f"/{column.slug}/"

    def document_path(self, view: View, document: Document, column: Column) -> str:
        # One file in ten is named by the day after: it was pressed past midnight.
        day = document.published_at + timedelta(days=1 if document.ordinal % 10 == 3 else 0)
        return f"/{column.slug}/{document.published_at:%Y%m}/t{day:%Y%m%d}_{document.id}.html"

    def file_path(self, view: View, column: Column, name: str, moment: datetime) -> str:
        serial, kind = name.rsplit(".", 1)
        return f"/{column.slug}/{moment:%Y%m}/P0{moment:%Y%m%d}{int(serial):012d}.{kind}"

    def answer(self, view: View, request: Request) -> Reply | None:
        if request.path in ("/", "/index.html"):
            return html(self._home(view))
        if request.path == "/images/header.js":
            return pieces.text_reply(_head_script(view), "application/javascript; charset=utf-8")
        if request.path == "/images/footer.js":
            return pieces.text_reply(_foot_script(view), "application/javascript; charset=utf-8")
        match = _DETAIL.match(request.path)
        if match is not None:
            return self._detail_at(view, match["slug"], int(match["id"]), request.path)
        match = _LISTING.match(request.path)
        column = None if match is None else next((one for one in view.host.columns if f"/{one.slug}" == match["slug"]), None)
        if match is None or column is None or (match["id"] or "") != (_PAGE_ID if column.key == "zcjd" and match["page"] else ""):
            return None
        return self._column(view, column, int(match["page"] or 0))

    def _detail_at(self, view: View, slug: str, number: int, path: str) -> Reply | None:
        document = view.live(number)
        column = next((one for one in view.host.columns if f"/{one.slug}" == slug), None)
        if document is None or column is None or column.key not in (document.column, *document.also):
            return None
        return html(self._detail(view, document, column)) if self.document_path(view, document, column) == path else None

    def _column(self, view: View, column: Column, place: int) -> Reply | None:
        base = 1 if column.key in _ONE_BASED else 0
        number = 1 if place == 0 else place + 1 - base
        if place and (number < 2 or number > view.pages(column)):
            return None
        match column.kind:
            case ColumnKind.LIST:
                return html(self._list(view, column, number))
            case ColumnKind.SECTION:
                return html(self._section(view, column))
            case ColumnKind.PAGE | ColumnKind.FORM:
                return html(self._single(view, column))
        return None

    # --- pages

    def _home(self, view: View) -> str:
        drop = "".join(
            f'<li class="navli"><a href="{_href(view, "/", view.column_url(one))}" target="_self">{e(one.name)}</a>'
            + (f"<div class='subnav'>{_anchors(view, '/', view.children(one))}</div>" if view.children(one) else "")
            + "</li>"
            for one in view.nav()
        )
        boxes = "".join(
            f'<div class="tabBox"><div class="hd"><h3><a href="{_href(view, "/", view.column_url(one))}">{e(one.name)}</a></h3>'
            f'<a class="more" href="{_href(view, "/", view.column_url(one))}">更多&gt;&gt;</a></div><ul class="bd">'
            + "".join(_item(view, "/", row, short=True) for row in view.slice(one, 0, 7))
            + "</ul></div>"
            for one in view.nav()
            if one.kind is ColumnKind.LIST
        )
        body = (
            f'<div class="top"><h1 class="logo"><a href="./">{e(view.host.name)}</a></h1><form action="/so/s" method="get">'
            '<input name="qt" placeholder="请输入关键字"><button>搜索</button></form></div>'
            f'<ul class="nav clearfix"><li class="navli on"><a href="./">首页</a></li>{drop}<li class="navli"><a href="javascript:void(0)">'
            f'专题专栏</a></li></ul>\n<div class="banner"><img src="./images/b1.jpg" alt=""></div>\n<div class="main">{boxes}</div>'
            f'<div class="links"><select onchange="window.open(this.value)"><option>上级网站</option><option value="{view.bases["parent"]}/">'
            "模拟市人民政府</option></select></div>"
        )
        return _page(view, view.host.name, pieces.meta_tags(view, None), body)

    def _section(self, view: View, column: Column) -> str:
        here = f"/{column.slug}/"
        newest = next((one for one in (*view.children(column), *view.host.columns) if one.key == "zcwj"), None)
        rows = "" if newest is None else "".join(_item(view, here, row) for row in view.slice(newest, 0, 6))
        body = (
            f'<div class="path">{_crumbs(view, here, column)}</div><div class="zfxxgk_left"><h2>{e(column.name)}</h2>{_tree(view, here, column)}</div>'
            f'<div class="zfxxgk_right"><div class="gkhead">最新公开</div><ul class="list">{rows}</ul></div>'
        )
        return _page(view, f"{column.name}_{view.host.name}", pieces.meta_tags(view, column), body)

    def _single(self, view: View, column: Column) -> str:
        here = f"/{column.slug}/"
        text = "".join(f"<p>{e(line)}</p>" for line in column.text)
        if column.kind is ColumnKind.FORM:
            text = (
                '<form action="/ysqgk/submit" method="post"><table><tr><td>申请人姓名</td><td><input name="xm"></td></tr><tr><td>所需信息内容'
                '</td><td><textarea name="nr"></textarea></td></tr></table><button type="submit">提交申请</button></form>'
            )
        body = (
            f'<div class="path">{_crumbs(view, here, column)}</div><div class="article"><h1>{e(column.name)}</h1>'
            f'<div class="view TRS_UEDITOR trs_paper_default trs_web">{text}</div></div>'
        )
        return _page(view, f"{column.name}_{view.host.name}", pieces.meta_tags(view, column), body)

    def _list(self, view: View, column: Column, number: int) -> str:
        here = f"/{column.slug}/"
        rows = "\n".join(_item(view, here, row, made=column.has(Oddity.MADE_IN_ROW)) for row in view.page(column, number))
        if column.placeholder:
            rows = f'<li><a href="javascript:;">{column.placeholder}</a></li>'
        pages, total = view.declared_pages(column), view.declared_total(column)
        current = number if column.key in _ONE_BASED else number - 1
        call = _CALLS.get(column.key, _PLAIN_CALL).format(pages=pages, current=current, records=total)
        name = "gl_list_new" if view.on("drift") else "list"
        body = (
            f'<div class="path">{_crumbs(view, here, column)}</div><div class="zfxxgk_left">{_tree(view, here, view.trail(column)[0])}</div>'
            f'<div class="right"><div class="tit">{e(column.name)}</div><ul class="{name}">\n{rows}\n</ul>\n<div class="page" id="paging">'
            f"<script>{call}</script></div></div>"
        )
        return _page(view, f"{column.name}_{view.host.name}", pieces.meta_tags(view, column), body)

    def _detail(self, view: View, document: Document, column: Column) -> str:
        here = self.document_path(view, document, column)
        head = pieces.meta_tags(view, column, document, day="%Y-%m-%d %H:%M:%S")
        policy = document.genre in (Genre.POLICY, Genre.PLAIN)
        title = e(document.title)
        if len(document.title) > 26 and document.ordinal % 2:
            title = f"{e(document.title[:15])}<br>{e(document.title[15:])}"
        source = f"　来源：{e(document.source)}"
        body = (
            f'<div class="path">您的位置：{_crumbs(view, here, column)}</div>\n{_block(document) if policy else ""}\n<div class="xl_con"><h1>{title}</h1>'
            f'<div class="info"><span>发布时间：{pieces.clock_text(view.host, document.published_at, "%Y/%m/%d")}{source}</span>'
            '<span>浏览次数：<i id="hits"></i></span><span>字体：[<a href="javascript:doZoom(18)">大</a> <a href="javascript:doZoom(16)">中</a>]</span></div>'
            f'<div class="view TRS_UEDITOR trs_paper_default trs_web">{pieces.paragraphs(document)}{pieces.signature(document)}</div>'
            f"{_files(view, here, document)}{_related(view, here, document)}</div>"
        )
        return _page(view, f"{document.title}_{column.name}_{view.host.name}", head, body, article=True)


def _href(view: View, here: str, url: str) -> str:
    path = view.href(url)
    return relative(here, path) if path.startswith("/") else path


def _anchors(view: View, here: str, columns: tuple[Column, ...]) -> str:
    return "".join(f'<a href="{_href(view, here, view.column_url(one))}">{e(one.name)}</a>' for one in columns)


def _tree(view: View, here: str, column: Column) -> str:
    """The nested menu of a section."""
    inner = "".join(
        f'<li chnlid="{one.serial}"><a href="{_href(view, here, view.column_url(one))}">{e(one.name)}</a>{_tree(view, here, one)}</li>'
        for one in view.children(column)
    )
    return f'<ul class="menu">{inner}</ul>' if inner else ""


def _crumbs(view: View, here: str, column: Column) -> str:
    links = "".join(
        f'&nbsp;&gt;&nbsp;<a href="{_href(view, here, view.column_url(one))}" title="{e(one.name)}" class="CurrChnlCls">{e(one.name)}</a>'
        for one in view.trail(column)
    )
    return f'<a href="{relative(here, "/")}" class="CurrChnlCls">首页</a>{links}'


def _item(view: View, here: str, row: Row, *, short: bool = False, made: bool = False) -> str:
    href = _href(view, here, row.url)
    document = row.document
    if document is not None and document.ordinal % 17 == 4:
        href = row.url.replace("https://", "http://")  # an editor pasted the whole address, with the other scheme
    day = row.published_at
    if made and document is not None and document.made_on is not None:
        text = f"{document.made_on:%Y-%m-%d}"
    else:
        text = f"{day:%m-%d}" if short else f"{day:%Y-%m-%d}"
    mark = '<img src="/images/top.gif" alt="置顶">' if row.pinned else ""
    return f'<li>{mark}<a href="{href}" title="{e(row.title)}" target="_blank">{e(cut(row.title))}</a><span>{text}</span></li>'


def _block(document: Document) -> str:
    """Label cells with inner blanks, padded by full-width spaces, four cells a row (M1)."""
    spaced = {"索引号": "索 引 号：", "名称": "标　　题：", "文号": "发文字号：", "发布机构": "发文机关："}
    cells = [
        f'<td class="lab"><b>{spaced.get(label, label + "：")}</b></td><td>{e(value)}　</td>'
        for label, value in pieces.policy_pairs(document)
    ]
    rows = "".join(f"<tr>{''.join(cells[n : n + 2])}</tr>" for n in range(0, len(cells), 2))
    return f'<table class="zcwj_table" border="0" width="100%"><tbody>{rows}</tbody></table>'


def _files(view: View, here: str, document: Document) -> str:
    if not document.files:
        return ""
    lines = ""
    for file in document.files:
        href = _href(view, here, view.file_url(document, file))
        lines += f'<p class="fj"><a href="{href}" OLDSRC="/protect/{href.rsplit("/", 1)[-1]}" appendix="true" needdownload="true">{e(file.name)}.{file.type}</a></p>'
        if file.type == "pdf":
            lines += f'<p class="fj"><a href="{href[:-3]}ofd" appendix="true">{e(file.name)}.ofd</a></p>'
    return f'<div class="fujian">附件：{lines}</div>'


def _related(view: View, here: str, document: Document) -> str:
    link = view.interpretation_link(document)
    back = view.original_link(document)
    if link is not None:
        hidden = ' style="display:none"' if document.interpreted is Interpreted.HIDDEN else ""
        return f'<div class="xgjd"{hidden}><h3>相关解读</h3><ul><li><a href="{_href(view, here, link[1])}" target="_blank">{e(link[0])}</a></li></ul></div>'
    if back is not None:
        return f'<div class="xgwj"><h3>相关文件</h3><ul><li><a href="{_href(view, here, back[1])}">{e(back[0])}</a></li></ul></div>'
    return '<div class="xgjd" style="display:none"><h3>相关解读</h3><ul></ul></div>'


def _head_script(view: View) -> str:
    links = "".join(f'<a href="{view.href(view.column_url(one))}">{e(one.name)}</a>' for one in view.nav())
    return f'document.writeln(\'<div class="top-nav"><a href="/">首页</a>{links}</div>\');'


def _foot_script(view: View) -> str:
    host = view.host
    return (
        f"document.writeln('<p>主办单位：{host.unit} 网站标识码：{host.site_code}</p>');\n"
        f"document.writeln('<p><a href=\"https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code={host.site_code}\">找错</a></p>');"
    )


def _page(view: View, title: str, head: str, body: str, *, article: bool = False) -> str:
    top = '<script src="/images/header.js"></script>' if article else ""
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<meta http-equiv="X-UA-Compatible" content="IE=edge">\n<title>{e(title)}</title>\n'
        f'{head}\n<link rel="stylesheet" href="/images/style.css">\n<script src="/images/jquery.min.js"></script>\n'
        "<script>function createPageHTML(){var a=arguments;/* pager.js */}</script>\n"
        f'<script src="//ta.trs.cn/c/js/ta.js" async></script>\n</head>\n<body>\n<!-- {NOTE} -->\n{top}{body}\n'
        '<div class="footer"><script src="/images/footer.js"></script></div>\n<div class="note" style="display:none">'
        f"{NOTE}</div>\n</body>\n</html>\n"
    )
