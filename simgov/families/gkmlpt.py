"""D, directory platform (gkmlpt) beside NFCMS pages: a tree in _CONFIG, lists behind /gkmlpt/api/all, table M10 with its JSON twin."""

from __future__ import annotations

from math import ceil

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
from simgov.families.gkmlpt_api import API, answer, article, as_json, config, file_path, service_id, single_path
from simgov.truth import Column, ColumnKind, Document, Genre, Pager, Site
from simgov.wording import NOTE


class Gkmlpt:
    """News and notices as NFCMS lists, everything of the disclosure section in the directory platform."""

    def column_path(self, column: Column) -> str:
        if column.canonical == "zfxxgk":
            return "/gkmlpt/index"
        if column.kind is ColumnKind.PAGE and column.canonical == "zfxxgkzn":
            return "/gkmlpt/guide"
        if column.kind is ColumnKind.FORM:
            return "/ysqgk/index.html"
        return f"/gkmlpt/index#{column.serial}" if _in_tree(column) else f"/{column.slug}/index.html"

    def document_path(self, document: Document, column: Column) -> str:
        if _in_tree(column):
            return f"/gkmlpt/content/{document.serial // 1000000}/{document.serial // 1000}/post_{document.serial}.html"
        return f"/{column.slug}/content/post_{document.serial}.html"

    def routes(self, world: World, site: Site) -> dict[str, Route]:
        pages: dict[str, Route] = {
            "/": lambda _: _home(world, site),
            "/gkmlpt/index": lambda _: _platform(world, site),
            "/gkmlpt/guide": lambda _: _guide(world, site),
            "/ysqgk/index.html": lambda _: _form(world, site),
        }
        pages["/index.html"] = pages["/"]
        for column in world.now.columns.values():
            if column.site != site.id:
                continue
            if _in_tree(column) and column.kind in (ColumnKind.LIST, ColumnKind.PAGE):
                pages[f"{API}{column.serial}"] = _api_route(world, site, column)
            elif column.kind is ColumnKind.LIST:
                total = max(1, ceil(len(world.now.listed(column.id)) / column.page_size))
                for number in range(1, total + 1):
                    pages[f"/{column.slug}/index{'' if number == 1 else f'_{number}'}.html"] = _list_route(
                        world, site, column, number, total
                    )
                pages[f"/{column.slug}/"] = pages[f"/{column.slug}/index.html"]
        for document in world.now.documents.values():
            if document.site == site.id:
                column = world.now.columns[document.columns[0]]
                path = self.document_path(document, column)
                pages[path] = _document_route(world, site, column, document)
                if not _in_tree(column):
                    pages[path.replace("post_", "mpost_")] = pages[path]
                for file in document.attachments:
                    pages[file_path(document, file.type)] = file_route(document, file)
        for column in _single_pages(world, site):
            pages[single_path(column)] = _single_route(world, site, column)
        return pages


def _in_tree(column: Column) -> bool:
    return column.pager is Pager.P15 or (
        column.parent is not None and column.kind in (ColumnKind.SECTION, ColumnKind.PAGE) and column.canonical != "zfxxgkzn"
    )


def _single_pages(world: World, site: Site) -> list[Column]:
    return [one for one in world.now.columns.values() if one.site == site.id and _in_tree(one) and one.kind is ColumnKind.PAGE]


def _api_route(world: World, site: Site, column: Column) -> Route:
    return lambda request: answer(world, site, column, request)


def _list_route(world: World, site: Site, column: Column, number: int, total: int) -> Route:
    return lambda _: _list(world, site, column, number, total)


def _document_route(world: World, site: Site, column: Column, document: Document) -> Route:
    return lambda _: _document(world, site, column, document)


def _single_route(world: World, site: Site, column: Column) -> Route:
    return lambda _: _single(world, site, column)


def _shell(world: World, site: Site, title: str, head: str, body: str) -> Reply:
    nav = "".join(
        f'<a href="{world.column_href(column, site)}">{column.label_html or e(column.name)}</a>' for column in world.now.nav(site.id)
    )
    return html(
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{e(title)}</title>\n{head}\n'
        f"<script>var NFCMS_SITE_ID = '{service_id(site)}';</script>\n</head>\n<body>\n<!-- {NOTE} -->\n"
        f'<div class="header"><h2 class="sitename">{e(site.name)}</h2><div class="nav">'
        f'<a href="/">首页</a>{nav}</div></div>\n{body}\n{footer(site)}\n</body>\n</html>\n'
    )


def _crumbs(world: World, site: Site, column: Column) -> str:
    links = " &gt; ".join(f'<a href="{world.column_href(one, site)}">{e(one.name)}</a>' for one in world.now.trail(column))
    return f'<div class="crumbs">您的位置： <a href="/">首页</a> &gt; {links}</div>'


def _home(world: World, site: Site) -> Reply:
    blocks = []
    for column in landing_lists(world, site):
        rows = "".join(
            f'<li><a href="{world.href(document, site)}" title="{e(document.title)}">{e(document.title)}'
            f"</a><i>{document.published_at:%Y-%m-%d}</i></li>"
            for document in world.now.listed(column.id)[:6]
        )
        blocks.append(f'<div class="mod"><h3><a href="{world.column_href(column, site)}">{e(column.name)}</a></h3><ul>{rows}</ul></div>')
    return _shell(world, site, site.name, metas(site), "".join(blocks))


def _platform(world: World, site: Site) -> Reply:
    """The platform's shell: tabs as anchors, the lists filled by script from the interface."""
    top = next(column for column in world.now.columns.values() if column.site == site.id and column.canonical == "zfxxgk")
    tabs = "".join(f'<li><a href="{world.column_href(child, site)}">{e(child.name)}</a></li>' for child in world.now.children(top.id))
    body = (
        f'<div id="gkmlpt"><ul class="tabs">{tabs}</ul><div id="app" class="content"></div>'
        f'</div>\n{config(world, site)}\n<script src="/gkmlpt/static/app.js"></script>'
    )
    return _shell(world, site, f"政府信息公开目录 - {site.name}", metas(site, top), body)


def _guide(world: World, site: Site) -> Reply:
    column = next(one for one in world.now.columns.values() if one.site == site.id and one.canonical == "zfxxgkzn")
    body = (
        f'{_crumbs(world, site, column)}<h1>{e(site.name)}{e(column.name)}</h1><div class="article-content">{paragraphs(column.text)}</div>'
    )
    return _shell(world, site, f"{column.name} - {site.name}", metas(site, column), body)


def _form(world: World, site: Site) -> Reply:
    column = next(one for one in world.now.columns.values() if one.site == site.id and one.kind is ColumnKind.FORM)
    body = (
        f'{_crumbs(world, site, column)}<form method="post" action="/ysqgk/save"><label>申请人<input name="a"></label>'
        '<label>所需信息<textarea name="b"></textarea></label><button>提交</button></form>'
    )
    return _shell(world, site, f"{column.name} - {site.name}", metas(site, column), body)


def _list(world: World, site: Site, column: Column, number: int, total: int) -> Reply:
    rows = world.now.listed(column.id)[(number - 1) * column.page_size : number * column.page_size]
    items = "".join(
        f'<li><a href="{world.document_url(document)}" title="{e(document.title)}">{e(document.title)}</a>'
        f'<span class="time">{document.published_at:%Y-%m-%d}</span></li>\n'
        for document in rows
    )

    def link(n: int, text: str) -> str:
        return f'<a href="/{column.slug}/index{"" if n == 1 else f"_{n}"}.html">{text}</a>'

    before = link(number - 1, "上一页") if number > 1 else ""
    after = link(number + 1, "下一页") + link(total, "尾页") if number < total else ""
    pager = f'<div class="page">{before}{"".join(link(n, str(n)) for n in range(1, total + 1))}{after}</div>' if total > 1 else ""
    body = f'{_crumbs(world, site, column)}<h1>{e(column.name)}</h1><ul class="news_list">\n{items}</ul>{pager}'
    return _shell(world, site, f"{column.name} - {site.name}", metas(site, column), body)


def _table(rows: tuple[tuple[str, str], ...]) -> str:
    cells = [f'<td class="label">{label}:</td><td><span>{e(value)}</span></td>' for label, value in rows]
    return (
        '<div class="classify">'
        f"<table>{''.join('<tr>' + ''.join(cells[n : n + 2]) + '</tr>' for n in range(0, len(cells), 2))}</table></div>"
    )


def _single(world: World, site: Site, column: Column) -> Reply:
    body = (
        f'{_crumbs(world, site, column)}<h1 class="title">{e(site.name)}{e(column.name)}'
        f'</h1><div class="article-content">{paragraphs(column.text)}</div>'
    )
    return _shell(world, site, f"{column.name} - {site.name}", metas(site, column), body + config(world, site))


def _document(world: World, site: Site, column: Column, document: Document) -> Reply:
    tree = _in_tree(column)
    files = "".join(f'<li><a href="{file_path(document, file.type)}">{e(file.name)}.{file.type}</a></li>' for file in document.attachments)
    links = "".join(f'<li><a href="{world.href(target, site)}">{e(target.title)}</a></li>' for _, _, target in world.related(document))
    signature = f'<p style="text-align: right;">{e(document.issuer)}</p>' if document.genre in (Genre.POLICY, Genre.PLAIN) else ""
    content = f"{paragraphs(document.body)}{signature}"
    block, twin = "", ""
    if tree:
        block = _table(fields(document, site))
        shown = article(world, site, column, document)
        assert isinstance(shown, dict)
        twin = config(world, site, f",\n  DETAIL: {as_json({**shown, 'content': content})}")
    info = (
        f'<div class="info">发布时间：{stamp(document, site, seconds=True)}'
        f'　来源：{e(source_line(document, site))}　浏览次数：<span id="NFCMS-POST-VISIT">-</span></div>'
    )
    body = (
        f'{_crumbs(world, site, column)}{block}<h1 class="title">{e(document.title)}</h1>{info}\n'
        f'<div class="article-content" id="zoomcon">{content}</div>\n<div class="fj"><h4>相关附件</h4><ul>{files}</ul></div>\n'
        f'<div class="xg"><h4>相关文档</h4><ul>{links}</ul></div>\n<script>hideEmpty(".fj,.xg");</script>{twin}'
    )
    head = f'{metas(site, column, document)}\n<meta name="ArticleId" content="{document.serial}">'
    return _shell(world, site, f"{document.title} - {site.name}", head, body)
