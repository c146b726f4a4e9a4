"""A, static press (TRS-like): directories, tYYYYMMDD_id pages, the pager a script call (P1, or P3 counted from one), table M1."""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from posixpath import relpath

from simgov.families.base import (
    Reply,
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
from simgov.truth import Column, ColumnKind, Document, Genre, Pager, Site
from simgov.wording import NOTE

_SPACED = {"索引号": "索 引 号", "名称": "名　　称", "文号": "文　　号", "有效性": "有 效 性"}


class Trs:
    """Static pages in folders named after the columns' path."""

    def column_path(self, column: Column) -> str:
        return f"/{column.slug}/"

    def document_path(self, document: Document, column: Column) -> str:
        day = document.published_at + timedelta(days=document.serial % 10 == 0)
        return f"/{column.slug}/{document.published_at:%Y%m}/t{day:%Y%m%d}_{document.serial}.{_suffix(column)}"

    def routes(self, world: World, site: Site) -> dict[str, Route]:
        pages: dict[str, Route] = {"/": lambda _: _home(world, site)}
        pages["/index.html"] = pages["/"]
        for column in world.now.columns.values():
            if column.site == site.id and column.kind is not ColumnKind.LINK_OUT:
                pages.update(_column_routes(self, world, site, column))
        for document in world.now.documents.values():
            if document.site != site.id or document.links_out:
                continue
            for column_id in document.columns:
                column = world.now.columns[column_id]
                path = self.document_path(document, column)
                pages[path] = _document_route(world, site, column, document)
                for file in document.attachments:
                    pages[f"{path.rsplit('/', 1)[0]}/{_file_name(document, file.type)}"] = file_route(document, file)
        return pages


def _suffix(column: Column) -> str:
    return "shtml" if column.pager is Pager.P3 else "html"


def _file_name(document: Document, kind: str) -> str:
    return f"P0{document.published_at:%Y%m%d}{document.serial:012d}.{kind}"


def _document_route(world: World, site: Site, column: Column, document: Document) -> Route:
    return lambda _: _document(world, site, column, document)


def _column_routes(family: Trs, world: World, site: Site, column: Column) -> dict[str, Route]:
    base = family.column_path(column)
    if column.kind is not ColumnKind.LIST:
        single: Route = lambda _: _single(world, site, column)  # noqa: E731
        return {base: single, f"{base}index.html": single}
    rows = world.now.listed(column.id)
    pages = max(1, ceil(len(rows) / column.page_size))
    first = 2 if column.pager is Pager.P3 else 1
    suffix = _suffix(column)
    routes: dict[str, Route] = {}
    for number in range(pages):
        name = f"index.{suffix}" if number == 0 else f"index_{number - 1 + first}.{suffix}"
        routes[base + name] = _list_route(world, site, column, number, pages)
    routes[base] = routes[f"{base}index.{suffix}"]
    return routes


def _list_route(world: World, site: Site, column: Column, number: int, pages: int) -> Route:
    return lambda _: _list(world, site, column, number, pages)


def _shell(world: World, site: Site, title: str, head: str, body: str) -> Reply:
    nav = "".join(
        f'<li><a href="{world.column_href(column, site)}">{column.label_html or e(column.name)}</a></li>'
        for column in world.now.nav(site.id)
    )
    gone = "".join(f'<!--<li><a href="{path}">{e(name)}</a></li>-->\n' for name, path in site.commented_nav)
    return html(
        f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8" />\n<title>{e(title)}</title>\n{head}\n'
        f'<link rel="stylesheet" href="/images/style.css" />\n</head>\n<body>\n<!-- {NOTE} -->\n'
        '<div class="top"><script>document.write("今天是" + new Date().toLocaleDateString());'
        '</script> <a href="javascript:void(0)">无障碍阅读</a> '
        f'<form class="search" action="/so/" method="get"><input name="q" /><button>搜索</button></form></div>\n'
        f'<div class="header"><a href="/" class="logo"><img src="/images/logo.png" alt="{e(site.name)}" /></a>\n'
        f'<ul class="nav"><li><a href="/">首页</a></li>{nav}\n{gone}</ul></div>\n{body}\n'
        f'<div class="links"><a href="http://www.gov.cn/" target="_blank">中国政府网</a></div>\n{footer(site)}\n'
        f'<script src="/images/ta.trs.js"></script>\n</body>\n</html>\n'
    )


def _crumbs(world: World, site: Site, column: Column) -> str:
    links = "&nbsp;&gt;&nbsp;".join(
        f'<a href="{world.column_href(one, site)}" title="{e(one.name)}" class="CurrChnlCls">{e(one.name)}</a>'
        for one in world.now.trail(column)
    )
    return f'<div class="path">当前位置：<a href="/" class="CurrChnlCls">首页</a>&nbsp;&gt;&nbsp;{links}</div>'


def _menu(world: World, site: Site, column: Column) -> str:
    """The side menu: the top section's columns, and the children of those on the way."""
    trail = world.now.trail(column)
    open_ids = {one.id for one in trail}

    def level(column_id: str) -> str:
        rows = "".join(
            f'<li><a href="{world.column_href(child, site)}">{child.label_html or e(child.name)}'
            f"</a>{level(child.id) if child.id in open_ids else ''}</li>"
            for child in world.now.children(column_id)
        )
        return f"<ul>{rows}</ul>" if rows else ""

    menu = level(trail[0].id)
    return f'<div class="side"><h3>{e(trail[0].name)}</h3>{menu}</div>' if menu else ""


def _home(world: World, site: Site) -> Reply:
    blocks = []
    for column in landing_lists(world, site):
        rows = "".join(_row(world, site, document, "/") for document in world.now.listed(column.id)[:7])
        href = world.column_href(column, site)
        blocks.append(
            f'<div class="block"><h2><a href="{href}">{e(column.name)}</a>'
            f'<a class="more" href="{href}">更多&gt;&gt;</a></h2><ul>{rows}</ul></div>'
        )
    head = metas(site)
    return _shell(world, site, site.name, head, f'<div class="main">{"".join(blocks)}</div>')


def _row(world: World, site: Site, document: Document, base: str, column_id: str | None = None) -> str:
    if document.links_out:
        href = world.document_url(document)
    else:
        path = world.document_path(document, column_id)
        href = relpath(path, base)
        href = href if href.startswith("..") else f"./{href}"
    text = document.title if len(document.title) <= 38 else f"{document.title[:36]}…"
    top = "<em>[置顶]</em>" if document.pinned else ""
    return (
        f'<li>{top}<a href="{href}" title="{e(document.title)}" target="_blank">{e(text)}'
        f"</a><span>{document.published_at:%Y-%m-%d}</span></li>\n"
    )


def _list(world: World, site: Site, column: Column, number: int, pages: int) -> Reply:
    rows = world.now.listed(column.id)[number * column.page_size : (number + 1) * column.page_size]
    base = f"/{column.slug}"
    items = "".join(_row(world, site, document, base, column.id) for document in rows)
    if column.statement and not rows:
        items = f"<li>{e(column.statement)}</li>"
    note = f'<p class="nodata">{e(column.empty_text)}</p>' if column.empty_text and not rows else ""
    suffix = _suffix(column)
    total = len(world.now.listed(column.id))
    call = (
        f"createPageHTML('paging',{pages},{number + 1},'index','{suffix}',{total});"
        if column.pager is Pager.P3
        else f'createPageHTML({pages}, {number}, "index", "{suffix}");'
    )
    pager = f'<div class="page" id="paging"><script type="text/javascript">{call}</script></div>' if rows else ""
    body = (
        f'<div class="main">{_crumbs(world, site, column)}{_menu(world, site, column)}\n'
        f'<div class="content"><h2 class="lmmc">{e(column.name)}</h2>\n'
        f'<ul class="list">\n{items}</ul>{note}\n{pager}</div></div>'
    )
    return _shell(world, site, f"{column.name}_{site.name}", metas(site, column), body)


def _single(world: World, site: Site, column: Column) -> Reply:
    """A section, a single text or a form."""
    if column.kind is ColumnKind.SECTION:
        inner = "".join(
            f'<li><a href="{world.column_href(child, site)}">{child.label_html or e(child.name)}</a></li>'
            for child in world.now.children(column.id)
        )
        inner = f'<ul class="columns">{inner}</ul>'
    elif column.kind is ColumnKind.FORM:
        inner = (
            '<form method="post" action="/ysqgk/submit"><label>申请人姓名'
            '<input name="name" /></label><label>联系电话<input name="tel" /></label>'
            '<label>所需信息内容描述<textarea name="need"></textarea></label><button type="submit">提交申请</button></form>'
        )
    else:
        inner = f'<div class="view TRS_UEDITOR">{paragraphs(column.text)}</div>'
    body = (
        f'<div class="main">{_crumbs(world, site, column)}{_menu(world, site, column)}\n'
        f'<div class="content"><h2 class="lmmc">{e(column.name)}</h2>'
        f"{inner}</div></div>"
    )
    return _shell(world, site, f"{column.name}_{site.name}", metas(site, column), body)


def _table(document: Document, site: Site) -> str:
    """M1: four cells a row, labels spaced with blanks and U+3000."""
    cells = [f"<td><b>{_SPACED.get(label, label)}：</b></td><td>{e(value)}</td>" for label, value in fields(document, site)]
    rows = "".join(f"<tr>{''.join(cells[n : n + 2])}</tr>" for n in range(0, len(cells), 2))
    return f'<table class="xxgk" width="100%">{rows}</table>'


def _document(world: World, site: Site, column: Column, document: Document) -> Reply:
    official = document.genre in (Genre.POLICY, Genre.PLAIN) or (document.genre is Genre.REPOST and document.number)
    source = source_line(document, site)
    heading = document.title
    if document.serial % 4 == 0 and "关于" in heading:
        heading = heading.replace("关于", "\n关于", 1)
    under = f'<p class="wenhao" style="text-align: center;">{e(document.number)}</p>' if document.number_under_title else ""
    signature = (
        f'<p style="text-align: right;">{e(document.issuer)}</p>' if official and dict(document.shown_as).get("发布机构") != "" else ""
    )
    names = [(file, _file_name(document, file.type)) for file in document.attachments]
    files = "".join(
        f'<p><a href="./{name}" OLDSRC="/protect/{name}" appendix="true">{e(file.name)}.{file.type}</a></p>' for file, name in names
    )
    related = "".join(
        f'<div class="xgwz"{" style=" + chr(34) + "display:none" + chr(34) if hidden else ""}><h3>{e(title)}</h3><ul><li>'
        f'<a href="{world.href(target, site)}" title="{e(target.title)}">{e(target.title)}</a></li></ul></div>'
        for title, hidden, target in world.related(document)
    )
    body = (
        f'<div class="main">{_crumbs(world, site, column)}<div class="article">\n{_table(document, site) if official else ""}\n'
        f"<h1>{e(heading).replace(chr(10), '<br />')}</h1>\n"
        f'<div class="info"><span>发布时间：{stamp(document, site).replace("-", "/")}</span>'
        f'{f"<span>来源：{e(source)}</span>" if source else ""}<span>浏览量：<em id="hits"></em></span>'
        f'<span class="share">分享到：<a href="javascript:;">微信</a> <a href="javascript:;">微博</a></span></div>\n'
        f'<div class="view TRS_UEDITOR trs_paper_default trs_web">{under}{paragraphs(document.body)}{signature}{files}</div>\n{related}\n'
        '<div class="tools"><a href="javascript:window.print()">打印本页</a> '
        '<a href="javascript:window.close()">关闭窗口</a></div></div></div>'
    )
    head = metas(site, column, document)
    return _shell(world, site, f"{document.title}_{column.name}_{site.name}", head, body)
