"""B, recordsets (Hanweb classic): rows in a script's XML, later groups behind dataproxy.jsp, nested breadcrumb tables, metadata M3."""

from __future__ import annotations

from datetime import timedelta
from hashlib import md5
from urllib.parse import quote

from simgov.families.base import (
    Reply,
    Request,
    Route,
    World,
    e,
    fields,
    file_route,
    footer,
    html,
    landing_lists,
    metas,
    paragraphs,
    source_line,
    stamp,
)
from simgov.truth import Column, ColumnKind, Document, Genre, Site
from simgov.wording import NOTE

GROUPS = 3  # displayed pages that one group holds
PROXY = "/module/web/jpage/dataproxy.jsp"
_NOTHING = Reply(b'<?xml version="1.0" encoding="UTF-8"?><datastore/>\r\n', content_type="text/xml")
_FILE = "/module/download/downfile.jsp"


class Hanweb:
    """Columns by number, articles by date and number."""

    def column_path(self, column: Column) -> str:
        return f"/col/col{column.serial}/index.html"

    def document_path(self, document: Document, column: Column) -> str:
        day = document.published_at
        return f"/art/{day.year}/{day.month}/{day.day}/art_{column.serial}_{document.serial}.html"

    def routes(self, world: World, site: Site) -> dict[str, Route]:
        pages: dict[str, Route] = {"/": lambda _: _home(world, site), PROXY: lambda request: _proxy(world, site, request)}
        pages[_FILE] = _files_route(world, site)
        pages["/index.html"] = pages["/"]
        for column in world.now.columns.values():
            if column.site == site.id and column.kind is not ColumnKind.LINK_OUT:
                path = self.column_path(column)
                pages[path] = pages[path.removesuffix("index.html")] = _column_route(world, site, column)
        for document in world.now.documents.values():
            if document.site == site.id and not document.links_out:
                column = world.now.columns[document.columns[0]]
                pages[self.document_path(document, column)] = _document_route(world, site, column, document)
        return pages


def _column_route(world: World, site: Site, column: Column) -> Route:
    return lambda _: _column(world, site, column)


def _document_route(world: World, site: Site, column: Column, document: Document) -> Route:
    return lambda _: _document(world, site, column, document)


def _files_route(world: World, site: Site) -> Route:
    """One address hands out every file, by the name that it is asked for."""
    routes = {
        f"{_guid(document)}.{file.type}": file_route(document, file)
        for document in world.now.documents.values()
        if document.site == site.id
        for file in document.attachments
    }
    return lambda request: routes[name](request) if (name := request.query.get("filename", "")) in routes else Reply(b"", 404)


def _guid(document: Document) -> str:
    return md5(document.id.encode(), usedforsecurity=False).hexdigest()


def _web_id(site: Site) -> int:
    return int(site.site_code[-3:])


def _unit(column: Column) -> int:
    return 400000 + column.serial


def _proxy_url(site: Site, column: Column, page: int, unit: int) -> str:
    name = quote(quote(site.name))
    return (
        f"{PROXY}?page={page}&appid=1&appid=1&webid={_web_id(site)}&path=/&columnid={column.serial}&unitid={unit}"
        f"&webname={name}&permissiontype=0"
    )


def _record(world: World, site: Site, column: Column, document: Document, place: int) -> str:
    href, title = world.href(document, site), e(document.title)
    if column.serial % 2:
        row = (
            f'<tr><td><a href="{href}" title="{title}" target="_blank">{title}</a>'
            f'</td><td class="bt_time">[{document.published_at:%Y-%m-%d}]</td></tr>'
        )
    else:
        broken = " style=<br/" if place == 4 else ""
        row = (
            f'<li{broken}><a href="{href}" target="_blank" title="{title}">{title}'
            f'</a><span class="bt_time">{document.published_at:%Y-%m-%d}</span></li>'
        )
    return f"<record><![CDATA[{row}]]></record>"


def _store(world: World, site: Site, column: Column, rows: tuple[Document, ...], start: int, count: int, unit: int, next_page: int) -> str:
    """The XML of `count` records from `start`, naming the next group where there is one."""
    records = "\n".join(_record(world, site, column, document, place) for place, document in enumerate(rows[start : start + count]))
    more = (
        f'<nextgroup><![CDATA[<a href="{_proxy_url(site, column, next_page, unit)}"></a>]]></nextgroup>'
        if start + count < len(rows)
        else ""
    )
    return f"<datastore>{more}<recordset>\n{records}\n</recordset></datastore>"


def _proxy(world: World, site: Site, request: Request) -> Reply:
    """Answer a group (GET page=N) or a range (POST startrecord, endrecord); a wrong unit gets an empty document with 200."""
    values = {**request.form, **request.query}
    column = next(
        (
            one
            for one in world.now.columns.values()
            if one.site == site.id and str(one.serial) == values.get("columnid", values.get("col", ""))
        ),
        None,
    )
    if column is None or values.get("unitid") != str(_unit(column)) or values.get("webid") != str(_web_id(site)):
        return _NOTHING
    rows = world.now.listed(column.id)
    size = column.page_size * GROUPS
    try:
        if "startrecord" in values:
            start, end = int(values["startrecord"]) - 1, int(values["endrecord"])
            xml = _store(world, site, column, rows, start, max(0, end - start), _unit(column), end // size + 1)
        else:
            page = int(values.get("page", "0"))
            xml = _store(world, site, column, rows, page * size, size, _unit(column), page + 1)
    except (KeyError, ValueError):
        return _NOTHING
    return Reply(f'<?xml version="1.0" encoding="UTF-8"?>{xml}'.encode(), content_type="text/xml; charset=UTF-8")


def _shell(world: World, site: Site, title: str, head: str, body: str) -> Reply:
    nav = "".join(
        f'<td><a href="{world.column_href(column, site)}" target="_blank">'
        + (
            f'<img src="/picture/0/zfxxgk.png" alt="{e(column.name)}" border="0" />'
            if site.disclosure_as_image and column.canonical == "zfxxgk"
            else e(column.name)
        )
        + "</a></td>"
        for column in world.now.nav(site.id)
    )
    return html(
        "<!doctype html>\n<html>\n<head>\n<meta http-equiv='content-type' content='text/html; charset=UTF-8' />\n"
        f"<title>{e(title)}</title>\n{head}\n"
        "<link href='/script/0/hanweb.css' rel='stylesheet' />\n"
        f"<script src='/script/0/jpage.js'></script>\n</head>\n<body>\n<!-- {NOTE} -->\n"
        '<div id="head"><img src="/cms_files/banner.jpg" alt="" />'
        '<script>document.write("今天是" + new Date().getFullYear() + "年");</script></div>\n'
        f'<table class="nav"><tr><td><a href="/index.html">首页</a></td>{nav}</tr></table>\n{body}\n{footer(site)}\n</body>\n</html>\n'
    )


def _crumbs(world: World, site: Site, column: Column) -> str:
    nested = ""
    for one in reversed(world.now.trail(column)):
        nested = (
            f'<table cellpadding="0"><tr><td> &gt; <a href="{world.column_href(one, site)}" class="bt_link">{e(one.name)}</a></td>'
            f"<td>{nested}</td></tr></table>"
        )
    return (
        f'<table class="dqwz"><tr><td>当前位置：</td><td><table><tr><td><a href="/index.html" class="bt_link">首页</a></td>'
        f"<td>{nested}</td></tr></table></td></tr></table>"
    )


def _tree(world: World, site: Site, column: Column) -> str:
    """The left-hand tree of the disclosure section."""

    def level(parent: str) -> str:
        rows = "".join(
            f'<li><a href="{world.column_href(child, site)}">{child.label_html or e(child.name)}</a>{level(child.id)}</li>'
            for child in world.now.children(parent)
        )
        return f"<ul>{rows}</ul>" if rows else ""

    tree = level(world.now.trail(column)[0].id)
    return f'<div class="zcy_lmdh">{tree}</div>' if tree else ""


def _short(title: str) -> str:
    return title if len(title) <= 26 else f"{title[:26]}..."


def _home(world: World, site: Site) -> Reply:
    blocks = []
    for column in landing_lists(world, site):
        rows = "".join(
            "<li>"
            f'<a href="{world.href(document, site)}" title="{e(document.title)}">{e(_short(document.title))}'
            "</a>"
            f"<span>{document.published_at:%m-%d}</span></li>"
            for document in world.now.listed(column.id)[:6]
        )
        blocks.append(
            f'<div class="box"><div class="tit"><a href="{world.column_href(column, site)}">{e(column.name)}</a></div><ul>{rows}</ul></div>'
        )
    return _shell(world, site, site.name, metas(site), f'<div id="main">{"".join(blocks)}</div>')


def _list(world: World, site: Site, column: Column) -> str:
    rows = world.now.listed(column.id)
    if not rows and column.empty_text:
        return f'<div class="nodata">{e(column.empty_text)}</div>'
    unit, size = _unit(column), column.page_size
    wrap = "table" if column.serial % 2 else "ul"
    call = (
        f"jpage({{totalRecord:{len(rows)},perPage:{size},groupSize:{GROUPS},barPosition:'bottom',proxyUrl:'{PROXY}',"
        f"proxyParam:{{'columnid':{column.serial},'unitid':{unit},'webid':{_web_id(site)}}},openCookies:false}});"
    )
    mobile = ""
    if column.canonical == "tzgg" and len(rows) > 4:
        old = _store(world, site, column, rows[2:8], 0, 6, unit + 1, 1)
        mobile = f'<div class="visible-xs" style="display:none"><div id="{unit + 1}"><script type="text/xml">{old}</script></div></div>'
    return (
        f'<div id="{unit}" class="default_pgContainer"><{wrap} class="list"></{wrap}><script type="text/xml">'
        f"{_store(world, site, column, rows, 0, size * GROUPS, unit, 1)}</script>\n<script>{call}</script></div>{mobile}"
    )


def _column(world: World, site: Site, column: Column) -> Reply:
    match column.kind:
        case ColumnKind.LIST:
            inner = _list(world, site, column)
        case ColumnKind.PAGE:
            inner = f'<div id="zoom">{paragraphs(column.text)}</div>'
        case ColumnKind.FORM:
            inner = (
                '<form action="/module/xxgk/apply.jsp" method="post">申请人：<input name="sqr" />联系方式：'
                '<input name="lxfs" /><input type="submit" value="提交" /></form>'
            )
        case ColumnKind.SECTION | ColumnKind.LINK_OUT:
            inner = "".join(
                f'<div class="lm"><a href="{world.column_href(child, site)}">{child.label_html or e(child.name)}</a></div>'
                for child in world.now.children(column.id)
            )
    body = f'<div id="main">{_crumbs(world, site, column)}{_tree(world, site, column)}<div class="right">{inner}</div></div>'
    return _shell(world, site, f"{site.name} {column.name}", _metas(site, column, None), body)


def _metas(site: Site, column: Column, document: Document | None) -> str:
    """The usual tags; one column's template lost the site code, and every fifth page was imported anew long after it was published."""
    imported = None if document is None or document.serial % 5 else document.published_at + timedelta(days=200)
    text = metas(site, column, document, imported)
    return (
        text.replace(f'name="SiteIDCode" content="{site.site_code}"', 'name="SiteIDCode" content=""')
        if column.canonical == "tzgg"
        else text
    )


def _table(document: Document, site: Site) -> str:
    """M3: label and value in one cell, three cells a row, some values empty."""
    cells = [f"<td>{label}: {e(value)}</td>" for label, value in fields(document, site)] + ["<td>组配分类: </td>"]
    rows = "".join(f"<tr>{''.join(cells[n : n + 3])}</tr>" for n in range(0, len(cells), 3))
    return f'<table class="xxgk">{rows}</table>'


def _document(world: World, site: Site, column: Column, document: Document) -> Reply:
    official = document.genre in (Genre.POLICY, Genre.PLAIN)
    guid = _guid(document)
    files = "".join(
        f'<p><a href="{_FILE}?classid=0&amp;filename={guid}.{file.type}">附件：{e(file.name)}.{file.type}</a></p>'
        for file in document.attachments
    )
    related = "".join(
        f'<div class="xgjd"><span>{e(heading)}：</span><a href="{world.href(target, site)}">{e(target.title)}</a></div>'
        for heading, _, target in world.related(document)
    )
    signature = f'<p style="text-align:right">{e(document.issuer)}</p>' if official else ""
    body = (
        f'<div id="main">{_crumbs(world, site, column)}{_table(document, site) if official else ""}\n'
        f'<table id="article" width="100%"><tr><td class="title" align="center">{e(document.title)}</td></tr>\n'
        f'<tr><td align="center">发布日期：{stamp(document, site)}　'
        f'　来源：{e(source_line(document, site))}　　浏览次数：<script src="/module/count.js"></script>'
        f'　　字号：[<a href="javascript:doZoom(18)">大</a> <a href="javascript:doZoom(14)">小</a>]</td></tr>\n'
        f'<tr><td class="bt_content"><!--ZJEG_RSS.content.begin--><div id="zoom">{paragraphs(document.body)}{signature}{files}</div>'
        f"<!--ZJEG_RSS.content.end--></td></tr></table>\n{related}</div>"
    )
    head = _metas(site, column, document) + (
        f"\n<meta name='Maketime' content='{stamp(document, site, seconds=True)}'>\n<meta name='guid' content='{guid}'>\n"
        f"<meta name='ColId' content='{column.serial}'>\n<meta name='Url' content='{world.bases[site.id]}{world.document_path(document)}'>"
    )
    return _shell(world, site, f"{site.name} {column.name} {document.title}", head, body)
