"""E, c-channels: shtml lists whose pager names another file, a JSON twin that is ahead of them, metas that drift."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from simgov.archetypes import pieces
from simgov.archetypes.truth import Column, Document, Interpreted, Metas, Oddity, Way
from simgov.archetypes.view import Row, View, cut
from simgov.families.base import Reply, Request, e, html
from simgov.truth import ColumnKind, Genre
from simgov.wording import NOTE

LAG = timedelta(hours=4)  # the pages are this far behind the interface
LEGACY_DAYS = 300
_SITE = "wuxian"
_LIST = re.compile(rf"^/{_SITE}/c(?P<code>\d{{6}})/(?P<name>[a-z_]+?)(?:_(?P<page>\d+))?\.shtml$")
_DETAIL = re.compile(rf"^/{_SITE}/c(?P<code>\d{{6}})/\d{{6}}/(?P<hash>[0-9a-f]{{32}})\.shtml$")
_LEGACY = re.compile(rf"^/{_SITE}/c(?P<code>\d{{6}})/c00_(?P<id>\d+)\.shtml$")
_SEARCH = re.compile(r"^/common/search/(?P<uuid>[0-9a-f]{32})$")
_FILE = "/common/js/listPage.js"
_SEARCHES = (
    "function search(p){$.get('/common/search/'+channelId+'?page='+p+'&_pageSize=15&_isAgg=true&_isJson=true&_template=index',"
    "function(r){render(r.data.results)})}"
)
_BLANKS = "\xa0\xa0"


class Channel:
    """Columns by channel code, articles by month and hash, older ones by a number."""

    policy_fields = frozenset({"title", "published_on", "made_on", "doc_number", "index_number", "issuer", "validity"})
    plain_fields = frozenset({"title", "published_on", "source"})

    def column_path(self, view: View, column: Column) -> str:
        return f"/{_SITE}/c{_code(column)}/{_entry(column)}.shtml"

    def document_path(self, view: View, document: Document, column: Column) -> str:
        if document.published_at.date() < view.store.today - timedelta(days=LEGACY_DAYS):
            return f"/{_SITE}/c{_code(column)}/c00_{document.id}.shtml"
        return f"/{_SITE}/c{_code(column)}/{document.published_at:%Y%m}/{view.store.hash(view.host.id, document.id)}.shtml"

    def file_path(self, view: View, column: Column, name: str, moment: datetime) -> str:
        return f"/{_SITE}/c{_code(column)}/{moment:%Y%m}/files/{name}"

    def answer(self, view: View, request: Request) -> Reply | None:
        if request.path in ("/", "/index.shtml", "/index.html"):
            return html(self._home(view))
        if request.path == _FILE:
            return pieces.text_reply(_SEARCHES, "application/javascript; charset=utf-8")
        if (match := _SEARCH.match(request.path)) is not None:
            return self._search(view, match["uuid"], request)
        for pattern, group in ((_DETAIL, "hash"), (_LEGACY, "id")):
            if (match := pattern.match(request.path)) is not None:
                number = view.store.unhash(view.host.id, match[group]) if group == "hash" else int(match[group])
                return self._detail_at(view, match["code"], number, request.path)
        match = _LIST.match(request.path)
        column = None if match is None else next((one for one in view.host.columns if _code(one) == match["code"]), None)
        if match is None or column is None:
            return None
        if match["name"] == _entry(column) and match["page"] is None:
            return html(self._column(view, column, 1))
        number = int(match["page"] or 1)
        if match["name"] != _prefix(column) or not 2 <= number <= self._pages_view(view, column).pages(column):
            return None
        return html(self._column(view, column, number))

    def _detail_at(self, view: View, code: str, number: int | None, path: str) -> Reply | None:
        document = view.live(number)
        column = next((one for one in view.host.columns if _code(one) == code), None)
        if document is None or column is None or column.key not in (document.column, *document.also):
            return None
        return html(self._detail(view, document, column)) if self.document_path(view, document, column) == path else None

    def _pages_view(self, view: View, column: Column) -> View:
        """The pages of a column with an interface are made some hours late."""
        if column.way is Way.ENDPOINT and (view.moment - LAG).date() == view.moment.date():
            return replace(view, moment=view.moment - LAG)
        return view

    def _search(self, view: View, uuid: str, request: Request) -> Reply:
        serial = view.store.unhash(view.host.id, uuid)
        column = None if serial is None else view.store.by_serial(view.host.id, serial)
        page, size = pieces.number(request.query.get("page", "1")), pieces.number(request.query.get("_pageSize", "15"))
        if column is None or not page or not size or request.query.get("_isJson") != "true":
            return pieces.text_reply('{"code":500,"msg":"error","data":null}')
        rows = view.slice(column, (page - 1) * size, size)
        data = {"total": view.total(column), "rows": size, "page": page, "results": [_result(view, row, column) for row in rows]}
        return pieces.text_reply(json.dumps({"code": 200, "data": data}, ensure_ascii=False))

    # --- pages

    def _home(self, view: View) -> str:
        tabs = ""
        for one in view.nav():
            if one.kind is ColumnKind.LIST:
                rows = "".join(
                    f'<li><span class="fr">{row.published_at:%m-%d}</span><a href="{view.href(row.url)}" title="{e(row.title)}">{e(cut(row.title))}</a></li>'
                    for row in view.slice(one, 0, 6)
                )
                tabs += f'<div class="tab-pane"><h3><a href="{view.href(view.column_url(one))}">{e(one.name)}</a></h3><ul>{rows}</ul></div>'
        return _page(view, view.host.name, pieces.meta_tags(view, None), f'<div class="index">{tabs}</div>')

    def _column(self, view: View, column: Column, number: int) -> str:
        if column.kind is ColumnKind.LIST:
            inner = self._list(view, column, number)
        elif column.kind is ColumnKind.SECTION:
            inner = '<div class="zfxxgk_gknr">请点击左侧目录</div>'
        elif column.kind is ColumnKind.FORM:
            inner = (
                '<form action="/ysq/apply"><input name="sqr"><textarea name="ms"></textarea><input type="submit" value="提交申请"></form>'
            )
        else:
            inner = f'<div class="zfxxgk_text">{"".join(f"<p>{e(line)}</p>" for line in column.text)}</div>'
        top = view.trail(column)[0]
        body = f'{_crumbs(view, column)}<div class="zfxxgk_box"><dl class="zfxxgk_tree">{_tree(view, top)}</dl><div class="zfxxgk_main"><div class="zfxxgk_title">{e(column.name)}</div>{inner}</div></div>'
        return _page(view, f"{column.name}-{view.host.name}", pieces.meta_tags(view, column), body)

    def _list(self, view: View, column: Column, number: int) -> str:
        if column.placeholder:
            return f'<dl class="zfxxgk_zdgkc"><dd class="empty">{column.placeholder}</dd></dl>'
        shown = self._pages_view(view, column)
        rows = "\n".join(
            f'<dd><a href="{view.href(row.url)}" target="_blank" title="{e(row.title)}">{"<b>[置顶]</b>" if row.pinned else ""}{e(cut(row.title))}</a><b class="date">{_day(row, column)}</b></dd>'
            for row in shown.page(column, number)
        )
        name = "zfxxgk_zdgkn" if view.on("drift") else "zfxxgk_zdgkc"
        twin = ""
        if column.way is Way.ENDPOINT:
            uuid = view.store.hash(view.host.id, column.serial)
            code = f"<script>var channelId='{uuid}';{{}}</script>"
            twin = code.format("") + f'<script src="{_FILE}"></script>' if column.key == "gfxwj" else code.format(_SEARCHES)
        call = f"createPageHTML('page_div',{shown.declared_pages(column)}, {number},'{_prefix(column)}','shtml',{shown.declared_total(column)});"
        return f'<dl class="{name}">\n{rows}\n</dl><div id="page_div"></div><script>{call}</script>{twin}'

    def _detail(self, view: View, document: Document, column: Column) -> str:
        metas = self._metas(view, document, column)
        policy = document.genre in (Genre.POLICY, Genre.PLAIN)
        made = document.made_on
        block = ""
        if policy:
            pairs = (
                ("索引号", document.index_number),
                ("发文机构", document.issuer),
                ("发文字号", document.number),
                ("成文日期", str(made)),
                ("有效性", document.validity),
            )
            block = "".join(f"<li><label>{label}：</label><span>{e(value)}</span></li>" for label, value in pairs)
            block = f'<ul class="zfxxgk_xl clearfix">{block}</ul>'
        source = "" if policy else f"<span>来源：{e(document.source)}</span>"
        files = "".join(
            f'<p><a href="{view.href(view.file_url(document, one))}" title="{e(one.name)}.{one.type}">{e(one.name)}</a></p>'
            for one in document.files
        )
        body = (
            f'{_crumbs(view, column)}<div class="content" ergodic="article">{block}<UCAPTITLE><h2 class="title">{e(document.title)}</h2></UCAPTITLE><div class="info"><span>'
            f'发布时间：<PUBLISHTIME>{pieces.clock_text(view.host, document.published_at)}</PUBLISHTIME></span>{source}<span>字号：<a href="javascript:;">大</a></span></div>'
            f'<div id="UCAP-CONTENT"><UCAPCONTENT>{pieces.paragraphs(document)}{pieces.signature(document)}{files}</UCAPCONTENT></div>{_related(view, document)}</div>'
        )
        return _page(view, f"{document.title}-{view.host.name}", metas, body)

    def _metas(self, view: View, document: Document, column: Column) -> str:
        if column.has(Oddity.UNRENDERED):
            return (
                f'<meta name="SiteName" content="{e(view.host.name)}"><meta name="ColumnName" content="<CMSPRO_CHANNEL field=\'name\'/>">'
                '<meta name="ArticleTitle" content="<CMSPRO_DOCUMENT field=\'title\'/>"><meta name="PubDate" content="<CMSPRO_DOCUMENT field=\'pubDate\'/>">'
            )
        drift = timedelta(days=190) if document.ordinal % 10 < 3 else None
        day = "%Y-%m-%d %I:%M" if document.ordinal % 10 == 5 else "%Y-%m-%d %H:%M"
        shown = replace(document, metas=Metas.COMPLETE) if drift else document
        return pieces.meta_tags(view, column, shown, drift=drift, day=day)


def _code(column: Column) -> str:
    return f"1{column.serial:05d}"


def _entry(column: Column) -> str:
    return {"zcwj": "zfxxgk", "zcjd": "zfxxgk_gknrz", "ywdt": "list", "tzgg": "list"}.get(column.key, "zfxxgk_list")


def _prefix(column: Column) -> str:
    """What the pages after the first are called; on one column not what the first is called."""
    return "zfxxgk_list" if column.key == "zcwj" else _entry(column)


def _day(row: Row, column: Column) -> str:
    day = row.published_at.date()
    if column.has(Oddity.MADE_IN_ROW) and row.document is not None and row.document.made_on is not None:
        day = row.document.made_on
    return f"{day:%Y-%m-%d}"


def _result(view: View, row: Row, column: Column) -> dict[str, Any]:
    document = row.document
    pairs: list[tuple[str, str]] = []
    if document is not None and document.made_on is not None:
        pairs = [("refno", document.number or ""), ("writedate", str(document.made_on)), ("indexnumber", document.index_number or "")]
    return {
        "title": row.title, "url": view.href(row.url), "content": "".join(document.body)[:80] if document is not None else "",
        "publishedTimeStr": f"{row.published_at:%Y-%m-%d %H:%M:%S}", "channelName": column.name,
        "domainMetaList": [{"domainMetaId": "1", "resultList": [{"key": key, "value": value} for key, value in pairs]}],
    }  # fmt: skip


def _tree(view: View, column: Column) -> str:
    return "".join(
        f'<dt><a href="{view.href(view.column_url(one))}">{e(one.name)}</a></dt>{_tree(view, one)}' for one in view.children(column)
    )


def _crumbs(view: View, column: Column) -> str:
    links = "".join(f"{_BLANKS}>{_BLANKS}<a href='{view.href(view.column_url(one))}'>{e(one.name)}</a>" for one in view.trail(column))
    return f"<div class='BreadcrumbNav'><a href='/'>首页</a>{links}</div>"


def _related(view: View, document: Document) -> str:
    """Rows that begin with an internal number which the template should not print."""
    link, back = view.interpretation_link(document), view.original_link(document)
    found = link or back
    if found is None:
        return ""
    hidden = ' style="display:none;"' if document.interpreted is Interpreted.HIDDEN else ""
    heading = "相关解读" if link else "相关文件"
    return (
        f'<table class="xgwd"{hidden}><tr><td>{heading}</td></tr><tr><td><span class="xgid">{view.store.hash(view.host.id, document.id)}:</span>'
        f'<a href="{view.href(found[1])}">{e(found[0])}</a></td></tr></table>'
    )


def _page(view: View, title: str, head: str, body: str) -> str:
    host = view.host
    nav = "".join(f'<li><a href="{view.href(view.column_url(one))}">{e(one.name)}</a></li>' for one in view.nav())
    return (
        f'<!DOCTYPE HTML>\n<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8"/>\n<title>{e(title)}</title>\n{head}\n'
        f'<script src="/{_SITE}/xhtml/js/createPage.js"></script>\n</head>\n<body>\n<div class="header"><div class="logo"><a href="/">{e(host.name)}</a></div><ul class="nav"><li><a href="/index.shtml">首页</a></li>{nav}</ul></div>\n'
        f'{body}\n<div class="footer"><p>主办：{e(host.unit)}　承办：{e(host.short)}电子政务中心</p><p>网站标识码：{host.site_code}　<script>document.write("今日访问");</script></p><p>{NOTE}</p></div>\n</body>\n</html>\n'
    )
