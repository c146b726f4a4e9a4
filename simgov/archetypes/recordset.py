"""B, recordset: rows in a script's XML, the rest behind a proxy that answers GET by group and POST by range; a stale copy for phones."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import quote

from simgov.archetypes import pieces
from simgov.archetypes.truth import Column, Document, Interpreted, Oddity
from simgov.archetypes.view import Row, View, cut
from simgov.families.base import Reply, Request, e, html
from simgov.truth import ColumnKind, Genre
from simgov.wording import NOTE

GROUP = 3  # displayed pages in one group
PROXY = "/module/web/jpage/dataproxy.jsp"
NOTHING = Reply(b'<?xml version="1.0" encoding="UTF-8"?><datastore/>\r\n', content_type="text/xml; charset=UTF-8")
_WEB = 32
_DETAIL = re.compile(r"^/art/(\d{4})/(\d{1,2})/(\d{1,2})/art_(?P<serial>\d+)_(?P<id>\d+)\.html$")
_COLUMN = re.compile(r"^/col/col(?P<serial>\d+)/(index\.html)?$")


class Recordset:
    """Columns by number, articles by day, column and number."""

    policy_fields = frozenset({"title", "published_on", "made_on", "doc_number", "index_number", "issuer"})
    plain_fields = frozenset({"title", "published_on", "source"})

    def column_path(self, view: View, column: Column) -> str:
        return f"/col/col{column.serial}/index.html" + (f"?number={_code(column)}" if column.key in ("gfxwj", "sjwj") else "")

    def document_path(self, view: View, document: Document, column: Column) -> str:
        day = document.published_at
        return f"/art/{day.year}/{day.month}/{day.day}/art_{column.serial}_{document.id}.html"

    def file_path(self, view: View, column: Column, name: str, moment: datetime) -> str:
        return f"/attach/0/{moment:%y%m%d}{name}"

    def answer(self, view: View, request: Request) -> Reply | None:
        if request.path in ("/", "/index.html"):
            return html(self._home(view))
        if request.path == PROXY:
            return self._proxy(view, request)
        if request.path == "/module/visitcount/visit.jsp":
            return pieces.text_reply("document.write('138');", "text/javascript")
        match = _DETAIL.match(request.path)
        if match is not None:
            column, document = view.store.by_serial(view.host.id, int(match["serial"])), view.live(int(match["id"]))
            if column is None or document is None or self.document_path(view, document, column) != request.path:
                return None
            return html(self._detail(view, document, column)) if column.key in (document.column, *document.also) else None
        match = _COLUMN.match(request.path)
        column = None if match is None else view.store.by_serial(view.host.id, int(match["serial"]))
        return None if column is None or column.kind is ColumnKind.LINK_OUT else html(self._column(view, column))

    def _proxy(self, view: View, request: Request) -> Reply:
        """A group (GET page=N, the first is 0) or a range (POST startrecord, endrecord); a wrong unit gets 54 bytes with 200."""
        values = {**request.form, **request.query}
        serial = pieces.number(values.get("columnid") or values.get("col"))
        column = None if serial is None else view.store.by_serial(view.host.id, serial)
        if column is None or values.get("unitid") != str(_unit(column)) or not values.get("webname"):
            return NOTHING
        size = column.per_page * GROUP
        first = pieces.number(values.get("startrecord"))
        last = pieces.number(values.get("endrecord"))
        page = pieces.number(values.get("page", "0"))
        if request.method == "POST" and first is not None and last is not None:
            start, count = first - 1, min(last - first + 1, 500)
        elif page is not None:
            start, count = page * size, size
        else:
            return NOTHING
        xml = _store(view, column, start, count, _unit(column))
        return Reply(f'<?xml version="1.0" encoding="UTF-8"?>{xml}'.encode(), content_type="text/xml; charset=UTF-8")

    # --- pages

    def _home(self, view: View) -> str:
        cells = ""
        for one in view.nav():
            if one.kind is not ColumnKind.LIST:
                continue
            rows = "".join(
                f'<tr><td width="10"><img src="/picture/0/dot.gif"></td><td><a href="{view.href(row.url)}" target="_blank" title="{e(row.title)}">'
                f'{e(cut(row.title))}</a></td><td class="bt_time">[{row.published_at:%m-%d}]</td></tr>'
                for row in view.slice(one, 0, 6)
            )
            cells += (
                f'<td valign="top"><table class="box"><tr><td colspan="3"><a href="{view.href(view.column_url(one))}"><b>{e(one.name)}</b></a>'
                f"</td></tr>{rows}</table></td>"
            )
        return _page(view, view.host.name, pieces.meta_tags(view, None), f'<table width="1000" align="center"><tr>{cells}</tr></table>')

    def _column(self, view: View, column: Column) -> str:
        head = pieces.meta_tags(view, column)
        if column.key == "tzgg":
            head = head.replace(f'name="SiteIDCode" content="{view.host.site_code}"', 'name="SiteIDCode" content=""')
        if column.kind is ColumnKind.LIST:
            inner = self._list(view, column)
        elif column.kind is ColumnKind.SECTION:
            inner = "<p>请从左侧选择栏目。</p>"
        elif column.kind is ColumnKind.FORM:
            inner = '<form method="post" action="/module/xxgk/apply.jsp">姓名<input name="name">内容<textarea name="c"></textarea><input type="submit" value="提交"></form>'
        else:
            inner = f'<div id="zoom">{"".join(f"<p>{e(line)}</p>" for line in column.text)}</div>'
        top = view.trail(column)[0]
        menu = _menu(view, top, 0) if view.children(top) else ""
        body = (
            f'{_crumbs(view, column)}<table width="1000" align="center"><tr><td width="220" valign="top">{menu}</td><td valign="top"><table width="100%"><tr>'
            f'<td class="bt_title">{e(column.name)}</td></tr></table>{inner}</td></tr></table>'
        )
        return _page(view, f"{view.host.name} {column.name}", head, body)

    def _list(self, view: View, column: Column) -> str:
        if column.placeholder:
            return f'<table width="100%"><tr><td>{column.placeholder}</td></tr></table>'
        total, size = view.total(column), column.per_page
        unit = _unit(column)
        xml = _store(view, column, 0, size * GROUP, unit)
        stale = "\n".join(_record(view, column, row, place) for place, row in enumerate(view.slice(column, total // 2, size)))
        phone = unit + 9000
        name = "default_pgContainer2" if view.on("drift") else "default_pgContainer"
        return (
            f'<div id="{unit}" class="{name}"><script type="text/xml">{xml}</script></div>\n<script>jpage({{bodyid:\'{unit}\',totalRecord:{view.declared_total(column)},'
            f"perPage:{size},groupSize:{GROUP},proxyUrl:'{PROXY}',barPosition:'bottom'}});</script>\n"
            f'<div class="mobile" id="{phone}" style="display:none"><script type="text/xml"><datastore><recordset>\n{stale}\n</recordset></datastore></script>'
            f"</div><script>jpage({{bodyid:'{phone}',totalRecord:{min(size, total)},perPage:{size},groupSize:1,proxyUrl:'{PROXY}'}});</script>"
        )

    def _detail(self, view: View, document: Document, column: Column) -> str:
        metas = pieces.meta_tags(view, column, document, day="%Y-%m-%d %H:%M")
        day = document.published_at
        head = (
            f'{metas}\n<meta name="Maketime" content="{day:%Y-%m-%d %H:%M:%S}"><meta name="guid" content="{view.store.hash(view.host.id, document.id)}">'
            f'<meta name="ColId" content="{column.serial}"><meta name="Url" content="http://{view.host.address}{self.document_path(view, document, column)}">'
        )
        policy = document.genre in (Genre.POLICY, Genre.PLAIN)
        source = "" if policy else f"&nbsp;&nbsp;信息来源：{e(document.source)}"
        files = "".join(
            f'<p><a href="{view.href(view.file_url(document, one))}">{e(one.name)}.{one.type}</a></p>' for one in document.files
        )
        body = (
            f'{_crumbs(view, column)}{_fields(document) if policy else ""}<table width="1000" align="center" id="article"><tr><td class="title" align="center">'
            f'<!--<$[标题名称(html)]>begin-->{e(document.title)}<!--<$[标题名称(html)]>end--></td></tr><tr><td align="center">发布日期：{day:%Y-%m-%d}{source}'
            '&nbsp;&nbsp;浏览次数：<script src="/module/visitcount/visit.jsp?type=3"></script></td></tr>'
            f'<tr><td class="bt_content"><div id="zoom"><!--ZJEG_RSS.content.begin-->{pieces.paragraphs(document)}{pieces.signature(document)}{files}'
            f"<!--ZJEG_RSS.content.end--></div>{_related(view, document)}</td></tr></table>"
        )
        return _page(view, f"{view.host.name} {column.name} {document.title}", head, body)


def _code(column: Column) -> str:
    return f"D{column.serial % 1000:03d}"


def _unit(column: Column) -> int:
    return 420000 + column.serial


def _store(view: View, column: Column, start: int, count: int, unit: int) -> str:
    rows = view.slice(column, max(0, start), count)
    records = "\n".join(_record(view, column, row, place) for place, row in enumerate(rows))
    more = ""
    if start + count < view.total(column):
        name = quote(quote(view.host.name))
        more = (
            f'<nextgroup><![CDATA[<a href="{PROXY}?page={(start + count) // (column.per_page * GROUP)}&appid=1&appid=1&webid={_WEB}&path=/'
            f'&columnid={column.serial}&unitid={unit}&webname={name}&permissiontype=0"></a>]]></nextgroup>'
        )
    return f"<datastore>\n{more}<recordset>\n{records}\n</recordset></datastore>"


def _record(view: View, column: Column, row: Row, place: int) -> str:
    href, title = view.href(row.url), e(row.title)
    day = row.published_at.date()
    if column.has(Oddity.MADE_IN_ROW) and row.document is not None and row.document.made_on is not None:
        day = row.document.made_on
    if column.serial % 2:
        text = f'<tr><td align="left"><a href="{href}" title="{title}" target="_blank">{title}</a></td><td class="bt_time">[{day:%Y-%m-%d}]</td></tr>'
    else:
        broken = " style=<br/" if place == 4 else ""
        text = f'<li{broken}><a href="{href}" target="_blank" title="{title}">{e(cut(row.title))}</a><span class="bt_time">{day:%Y-%m-%d}</span></li>'
    return f"<record><![CDATA[{text}]]></record>"


def _menu(view: View, column: Column, depth: int) -> str:
    rows = "".join(
        f'<tr><td style="padding-left:{depth * 16}px"><a class="bt_link" href="{view.href(view.column_url(one))}">{e(one.name)}</a></td></tr>{_menu(view, one, depth + 1)}'
        for one in view.children(column)
    )
    return rows if depth else f'<table class="lm">{rows}</table>'


def _crumbs(view: View, column: Column) -> str:
    nested = ""
    for one in reversed(view.trail(column)):
        nested = f'<td><table cellpadding="0"><tr><td> &gt; <a href="{view.href(view.column_url(one))}" class="bt_link">{e(one.name)}</a></td>{nested}</tr></table></td>'
    return f'<table class="dqwz" width="1000" align="center"><tr><td>当前位置：</td><td><a href="/index.html" class="bt_link">首页</a></td>{nested}</tr></table>'


def _fields(document: Document) -> str:
    """Label and value in one cell, some of them empty (M3)."""
    made = document.made_on
    cells = (
        f"索引号: {document.index_number}", "公开方式: 主动公开", f"文件编号: {document.number}", f"发布机构: {document.issuer}", "统一编号: ",
        f"公开日期: {document.published_at:%Y-%m-%d}", "主题分类: ", f"成文日期: {made}" if made else "成文日期: ", "内容概述: ",
    )  # fmt: skip
    rows = "".join("<tr>" + "".join(f"<td>{e(cell)}</td>" for cell in cells[n : n + 3]) + "</tr>" for n in range(0, 9, 3))
    return f'<table class="xxgk" width="1000" align="center">{rows}</table>'


def _related(view: View, document: Document) -> str:
    link, back = view.interpretation_link(document), view.original_link(document)
    if link is not None:
        text = '<img src="/picture/0/jd.png" border="0">' if document.interpreted is Interpreted.IMAGE else e(link[0])
        hidden = ' style="display:none"' if document.interpreted is Interpreted.HIDDEN else ""
        return f'<div class="xgjd"{hidden}>解读文件：<a href="{view.href(link[1])}">{text}</a></div>'
    return f'<div class="xgwj">政策原文：<a href="{view.href(back[1])}">{e(back[0])}</a></div>' if back is not None else ""


def _page(view: View, title: str, head: str, body: str) -> str:
    host = view.host
    nav = "".join(f'<td><a href="{view.href(view.column_url(one))}">{e(one.name)}</a></td>' for one in view.nav())
    return (
        f"<!doctype html>\n<html>\n<head>\n<meta http-equiv='content-type' content='text/html; charset=UTF-8' />\n<title>{e(title)}</title>\n{head}\n"
        "<link href='/script/0/hanweb.css' rel='stylesheet' /><script src='/script/0/jpage.js'></script>\n</head>\n<body>\n"
        f'<div id="head"><img src="/cms_files/banner.jpg" alt="" /><table class="dh"><tr><td><a href="/index.html">网站首页</a></td>{nav}</tr></table></div>\n'
        f'{body}\n<table class="foot" width="100%"><tr><td align="center">主办：{e(host.unit)}　政府网站标识码 {host.site_code}　示ICP备00000000号<br>{NOTE}</td></tr></table>\n'
        "</body>\n</html>\n"
    )
