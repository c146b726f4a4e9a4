"""G, query tree: columns are queries, later pages lie under another address, rows are parted by decoration."""

from __future__ import annotations

import re
from datetime import datetime

from simgov.archetypes import pieces
from simgov.archetypes.truth import Column, Document, Interpreted, Oddity
from simgov.archetypes.view import Row, View, cut
from simgov.families.base import Reply, Request, e, html
from simgov.truth import ColumnKind, Genre
from simgov.wording import NOTE

_SITE = 1681
_PUBLIC = re.compile(r"^/public/column/(\d+)$")
_PAGING = re.compile(r"^/content/column/(?P<serial>\d+)$")
_DETAIL = re.compile(rf"^/(?:public/{_SITE}|xwzx/[a-z]+)/(?P<id>\d+)\.html$")
_NEWS = re.compile(r"^/xwzx/(?P<key>[a-z]+)/(index\.html)?$")
_NEWS_KEYS = frozenset({"ywdt", "tzgg"})
_LABEL = "/site/label/8888"
_BY_LABEL = frozenset({"zcjd", "rsrm"})  # columns whose later pages are rows from the label interface
_LISTED = "/c3/gx/publicInfoList_newest"


class QueryTree:
    """The disclosure tree by category number, news by folder."""

    policy_fields = frozenset({"title", "published_on", "made_on", "doc_number", "index_number", "issuer", "validity"})
    plain_fields = frozenset({"title", "published_on", "source"})

    def column_path(self, view: View, column: Column) -> str:
        if column.key in _NEWS_KEYS:
            return f"/xwzx/{column.key}/index.html"
        if column.key == "zfxxgk":
            return f"/public/column/{_SITE}?type=4&action=list"
        nav = 3 if column.kind is ColumnKind.LIST else 2
        return f"/public/column/{_SITE}?type=4&action=list&nav={nav}&catId={_cat(column)}"

    def document_path(self, view: View, document: Document, column: Column) -> str:
        if document.column in _NEWS_KEYS:
            return f"/xwzx/{document.column}/{document.id}.html"
        return f"/public/{_SITE}/{document.id}.html"

    def file_path(self, view: View, column: Column, name: str, moment: datetime) -> str:
        return f"/group{column.serial % 4}/M00/{moment:%m/%d}/{name}"

    def answer(self, view: View, request: Request) -> Reply | None:
        if request.path in ("/", "/index.html"):
            return html(self._home(view))
        match = _DETAIL.match(request.path)
        if match is not None:
            document = view.live(int(match["id"]))
            if document is None or self.document_path(view, document, view.home_column(document)) != request.path:
                return None
            return html(self._detail(view, document, view.home_column(document)))
        return self._listing(view, request)

    def _listing(self, view: View, request: Request) -> Reply | None:
        if _PUBLIC.match(request.path):
            if request.path != f"/public/column/{_SITE}":
                return None
            cat = request.query.get("catId")
            column = view.column("zfxxgk") if cat is None else next((one for one in view.host.columns if _cat(one) == cat), None)
            return None if column is None else html(self._column(view, column, 1))
        if (match := _NEWS.match(request.path)) is not None:
            column = view.column(match["key"])
            return html(self._column(view, column, 1)) if column is not None and column.key in _NEWS_KEYS else None
        if request.path == _LABEL:
            return self._label(view, request)
        match = _PAGING.match(request.path)
        column = None if match is None else view.store.by_serial(view.host.id, int(match["serial"]))
        number = pieces.number(request.query.get("pageIndex", "1"))
        if column is None or column.kind is not ColumnKind.LIST or not number:
            return None
        # Past the end the platform gives the last page again.
        return html(self._column(view, column, min(number, view.pages(column))))

    def _label(self, view: View, request: Request) -> Reply | None:
        """Rows of a category; nothing of another unit's, nor under another template."""
        asked, number = request.query, pieces.number(request.query.get("pageIndex", "1"))
        column = next((one for one in view.host.columns if _cat(one) == asked.get("catId")), None)
        known = (asked.get("labelName"), asked.get("organId"), asked.get("file")) == ("publicInfoList", str(_SITE), _LISTED)
        if column is None or column.key not in _BY_LABEL or not number or not known:
            return None
        nothing = '<ul class="doc_list"><li class="mlist">暂无相关信息</li></ul>'
        return html(self._rows(view, column, number) if view.page(column, number) else nothing)

    # --- pages

    def _home(self, view: View) -> str:
        boxes = ""
        for one in view.nav():
            if one.kind is ColumnKind.LIST:
                rows = "".join(
                    f'<li><a href="{view.href(row.url)}" title="{e(row.title)}">{e(cut(row.title))}</a><span class="right date">{row.published_at:%m-%d}</span></li>'
                    for row in view.slice(one, 0, 7)
                )
                boxes += f'<!--StartLabelHtml_nav_{one.serial}--><div class="j-box"><h3><a href="{view.href(view.column_url(one))}">{e(one.name)}</a></h3><ul>{rows}</ul></div>'
        return _page(view, view.host.name, pieces.meta_tags(view, None), boxes)

    def _column(self, view: View, column: Column, number: int) -> str:
        if column.kind is ColumnKind.LIST:
            inner = self._list(view, column, number)
        elif column.kind is ColumnKind.FORM:
            inner = '<form action="/public/applyopen/save"><input name="name"><textarea name="content"></textarea><button type="button">提交申请</button></form>'
        elif column.kind is ColumnKind.SECTION:
            inner = '<div class="xxgk_right">公开目录</div>'
        else:
            inner = f'<div class="gkwz_contnet j-fontContent">{"".join(f"<p>{e(line)}</p>" for line in column.text)}</div>'
        top = view.trail(column)[0]
        tree = f'<div class="navjz"><ul class="tree">{_tree(view, top)}</ul></div>' if view.children(top) else ""
        body = (
            f'<div class="wza-region_location">{_crumbs(view, column)}</div><div class="wza-region_navigation">{tree}</div><div class="wza-region_list" tabindex="0" '
            f'aria-label="{e(column.name)}"><h2>{e(column.name)}</h2>{inner}</div>'
        )
        return _page(view, f"{column.name}_{view.host.name}", pieces.meta_tags(view, column), body)

    def _list(self, view: View, column: Column, number: int) -> str:
        if column.placeholder:
            return f'<ul class="doc_list list-{column.serial}"><li class="mlist">{column.placeholder}</li></ul>'
        turn = f'location.href="/content/column/{column.serial}?pageIndex="+page;'
        if column.key in _BY_LABEL:
            turn = (
                f'Ls.ajax({{url: "{_LABEL}?IsAjax=1&dataType=html&_="+Math.random(), data : {{labelName:"publicInfoList",siteId : "678{_SITE}",'
                f'pageSize:"{column.per_page}",pageIndex: page,action:"list",isDate:true,dateFormat:"yyyy-MM-dd",length:"50",organId: "{_SITE}",'
                f'type:"4",catId: "{_cat(column)}",cId:"",result:"暂无相关信息",file:"{_LISTED}"}},success:function(html){{$("#list_{column.serial}").html(html);}}}});'
            )
        call = (
            f'<script>Ls.pagination("#page_{column.serial}",function(page){{{turn}}},'
            f"{{currPage:{number},pageCount:{view.declared_pages(column)},sumCount:{view.declared_total(column)}}});</script>"
        )
        return f'<!--StartLabelHtml_list_{column.serial}-->{self._rows(view, column, number)}<!--EndLabelHtml--><div id="page_{column.serial}" class="page"></div>{call}'

    def _rows(self, view: View, column: Column, number: int) -> str:
        rows = "\n".join(_item(view, row, column, place) for place, row in enumerate(view.page(column, number)))
        name = "doc_list_v3" if view.on("drift") else "doc_list"
        return f'<ul class="{name} list-{column.serial}" id="list_{column.serial}">\n{rows}\n</ul>'

    def _detail(self, view: View, document: Document, column: Column) -> str:
        head = pieces.meta_tags(view, column, document, day="%Y-%m-%d 00:00")
        policy = document.genre in (Genre.POLICY, Genre.PLAIN)
        block = ""
        if policy:
            made, gone = document.made_on, document.abolished_on
            pairs = (
                ("索引号", document.index_number), ("组配分类", column.name), ("发布机构", document.issuer), ("主题分类", document.topic), ("名称", document.title),
                ("文号", document.number), ("成文日期", str(made) if made else ""), ("发布日期", f"{document.published_at:%Y-%m-%d}"), ("有效性", document.validity),
                ("生效时间", ""), ("废止时间", str(gone) if gone else "暂无"), ("关键词", "-"),
            )  # fmt: skip
            cells = "".join(f'<li><span class="tt">{label}：</span><span class="xx">{e(value)}</span></li>' for label, value in pairs)
            block = f'<ul class="xxgk_wz_tab clearfix">{cells}</ul>'
        source = "" if policy else f'<span class="j-info-source">信息来源：{e(document.source)}</span>'
        files = "".join(
            f'<p><a class="fj {one.type}" href="{view.href(view.file_url(document, one))}">{e(one.name)}.{one.type}</a></p>'
            for one in document.files
        )
        hit = f"{{infoId:'{document.id}'}}"
        body = (
            f'<div class="wza-region_location">{_crumbs(view, column)}</div>{block}<h1 class="newstitle" tabindex="0">{e(document.title)}</h1><div class="newsinfo"><span>发布时间：'
            f'{document.published_at:%Y-%m-%d}</span>{source}<span>阅读次数：<span class="j-info-hit" data-setting="{hit}"></span></span></div><div class="j-fontContent newscontnet" '
            f'aria-label="正文">{pieces.paragraphs(document)}{pieces.signature(document)}{files}</div>{_related(view, document)}'
        )
        return _page(view, f"{document.title}_{view.host.name}", head, body)


def _cat(column: Column) -> str:
    return str(6_990_000 + column.serial)


def _item(view: View, row: Row, column: Column, place: int) -> str:
    day = row.published_at.date()
    if column.has(Oddity.MADE_IN_ROW) and row.document is not None and row.document.made_on is not None:
        day = row.document.made_on
    line = '<li class="lm_line"></li>' if place and place % 5 == 0 else ""
    top = '<span class="top">[置顶]</span>' if row.pinned else ""
    return f'{line}<li class="odd clearfix"><a href="{view.href(row.url)}" target="_blank" class="left title" title="{e(row.title)}">{top}{e(cut(row.title))}</a><span class="right date">{day:%Y-%m-%d}</span></li>'


def _tree(view: View, column: Column) -> str:
    found = ""
    for one in view.children(column):
        inner = _tree(view, one)
        found += f'<li id="cat_{_cat(one)}"><a href="{e(view.href(view.column_url(one)))}">{e(one.name)}</a>{f"<ul>{inner}</ul>" if inner else ""}</li>'
    return found


def _crumbs(view: View, column: Column) -> str:
    links = "".join(f'&nbsp;»&nbsp;<a href="{e(view.href(view.column_url(one)))}">{e(one.name)}</a>' for one in view.trail(column))
    return f'<i></i>当前位置：<a href="/">首页</a>{links}'


def _related(view: View, document: Document) -> str:
    link, back = view.interpretation_link(document), view.original_link(document)
    found = link or back
    if found is None:
        return '<div class="xgwd" style="display:none"><ul></ul></div>'
    hidden = ' style="display:none"' if document.interpreted is Interpreted.HIDDEN else ""
    text = '<img src="/images/zcjd.png">' if document.interpreted is Interpreted.IMAGE else e(found[0])
    return f'<div class="xgwd"{hidden}><h4>{"相关解读" if link else "相关文件"}</h4><ul><li><a href="{view.href(found[1])}">{text}</a></li></ul></div>'


def _page(view: View, title: str, head: str, body: str) -> str:
    host = view.host
    nav = "".join(f'<li><a href="{e(view.href(view.column_url(one)))}">{e(one.name)}</a></li>' for one in view.nav())
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />\n<title>{e(title)}</title>\n{head}\n<link href="/assets/ls.css" rel="stylesheet">\n'
        f'<script src="/assets/ls.pagination.js"></script>\n</head>\n<body>\n<div class="wza-region_header"><a href="/"><img alt="{e(host.name)}" src="/images/logo.png"></a><ul class="nav"><li><a href="/">首页</a></li>{nav}</ul></div>\n'
        f'<div class="main">{body}</div>\n<div class="wza-region_footer"><p>主办单位：{e(host.unit)}　网站标识码：{host.site_code}</p><p>{NOTE}</p></div>\n</body>\n</html>\n'
    )
