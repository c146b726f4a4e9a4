"""F, site builder (VSB-like): name.htm with older screens numbered downwards (P16), GBK bytes declared in several ways."""

from __future__ import annotations

from math import ceil
from posixpath import dirname, relpath

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
from simgov.truth import Column, ColumnKind, Document, Genre, Site
from simgov.wording import NOTE


class Vsb:
    """Columns as slug.htm, articles as info/<tree>/<number>.htm."""

    def column_path(self, column: Column) -> str:
        return f"/{column.slug}.htm"

    def document_path(self, document: Document, column: Column) -> str:
        return f"/info/{column.serial}/{document.serial}.htm"

    def routes(self, world: World, site: Site) -> dict[str, Route]:
        pages: dict[str, Route] = {"/": lambda _: _home(world, site)}
        pages["/index.htm"] = pages["/"]
        for column in world.now.columns.values():
            if column.site != site.id or column.kind is ColumnKind.LINK_OUT:
                continue
            total = max(1, ceil(len(world.now.listed(column.id)) / column.page_size))
            pages[self.column_path(column)] = _column_route(world, site, column, 1, total)
            for screen in range(2, total + 1):
                pages[f"/{column.slug}/{total - screen + 1}.htm"] = _column_route(world, site, column, screen, total)
        for document in world.now.documents.values():
            if document.site == site.id and not document.links_out:
                column = world.now.columns[document.columns[0]]
                pages[self.document_path(document, column)] = _document_route(world, site, column, document)
        for document in world.now.documents.values():
            if document.site == site.id:
                for file in document.attachments:
                    pages[_file_path(document, file.type)] = file_route(document, file)
        return pages


def _file_path(document: Document, kind: str) -> str:
    return f"/__local/{document.serial:08X}.{kind}"


def _column_route(world: World, site: Site, column: Column, screen: int, total: int) -> Route:
    return lambda _: _column(world, site, column, screen, total)


def _document_route(world: World, site: Site, column: Column, document: Document) -> Route:
    return lambda _: _document(world, site, column, document)


def _declaration(column: Column | None) -> str:
    """Case by column: gb2312 declared, nothing declared, or utf-8 declared over GBK bytes."""
    case = 0 if column is None else column.serial % 3
    return ('<meta http-equiv="Content-Type" content="text/html; charset=gb2312" />', "", '<meta charset="utf-8">')[case]


def _shell(world: World, site: Site, column: Column | None, path: str, title: str, body: str, document: Document | None = None) -> Reply:
    here = dirname(path)
    nav = "".join(f'<li><a href="{relpath(world.column_path(one), here)}">{e(one.name)}</a></li>' for one in world.now.nav(site.id))
    gone = "".join(f'<!--<li><a href="{relpath(gone_path, here)}">{e(name)}</a></li>-->' for name, gone_path in site.commented_nav)
    text = (
        f'<html><head>{_declaration(column)}<title>{e(title)}</title>\n{metas(site, column, document)}\n<meta name="keywords" content="{e(site.name)}" />\n'
        f'<link href="{relpath("/style/site.vsb.css", here)}" rel="stylesheet" />\n'
        f'<script src="{relpath("/_sitegray/_sitegray.js", here)}"></script>\n'
        f"<!--Announced by Visual SiteBuilder 9-->\n<script>_jsq_(1001,'/index.jsp',-1,{site.site_code[-6:]})"
        f"</script></head>\n<body>\n<!-- {NOTE} -->\n"
        '<div class="top">今天是：<script>showdate()</script></div><ul class="menu">'
        f'<li><a href="{relpath("/index.htm", here)}">网站首页</a></li>{nav}{gone}</ul>\n'
        f"{body}\n{footer(site)}</body></html>"
    )
    return html(text, "gb18030", declared=False)


def _home(world: World, site: Site) -> Reply:
    blocks = []
    for column in landing_lists(world, site):
        rows = "".join(_row(world, site, document, "/") for document in world.now.listed(column.id)[:6])
        blocks.append(
            f'<div class="k"><h4><a href="{world.column_path(column).lstrip("/")}">{e(column.name)}</a></h4><ul>{rows}</ul></div>'
        )
    return _shell(world, site, None, "/index.htm", site.name, "".join(blocks))


def _row(world: World, site: Site, document: Document, here: str) -> str:
    href = world.document_url(document) if document.links_out else relpath(world.document_path(document), here)
    return (
        f'<li><span class="date">{document.published_at:%Y-%m-%d}</span>'
        f'<a href="{href}" title="{e(document.title)}">{e(document.title)}</a></li>\n'
    )


def _pager(column: Column, screen: int, total: int, here: str) -> str:
    """Links of a list whose second screen is the highest number and whose oldest is 1."""

    def href(number: int) -> str:
        path = f"/{column.slug}.htm" if number == 1 else f"/{column.slug}/{total - number + 1}.htm"
        return relpath(path, here)

    if total == 1:
        return ""
    before = f'<a href="{href(1)}">首页</a><a href="{href(screen - 1)}">上页</a>' if screen > 1 else "<span>首页</span><span>上页</span>"
    after = (
        f'<a href="{href(screen + 1)}">下页</a><a href="{href(total)}">尾页</a>' if screen < total else "<span>下页</span><span>尾页</span>"
    )
    return f'<div class="pb_sys_common">共{total}页　{screen}/{total}　{before}{after}</div>'


def _crumbs(world: World, site: Site, column: Column, here: str) -> str:
    links = "&gt;&gt;".join(f'<a href="{relpath(world.column_path(one), here)}">{e(one.name)}</a>' for one in world.now.trail(column))
    return f'<div class="dqwz">您现在的位置: <a href="{relpath("/index.htm", here)}">首页</a>&gt;&gt;{links}&gt;&gt;正文</div>'


def _column(world: World, site: Site, column: Column, screen: int, total: int) -> Reply:
    path = f"/{column.slug}.htm" if screen == 1 else f"/{column.slug}/{total - screen + 1}.htm"
    here = dirname(path)
    children = "".join(
        f'<li><a href="{relpath(world.column_path(child), here)}">{e(child.name)}</a></li>' for child in world.now.children(column.id)
    )
    menu = f'<div class="left"><ul>{children}</ul></div>' if children else ""
    if column.kind is ColumnKind.PAGE:
        inner = f'<div class="v_news_content">{paragraphs(column.text)}</div>'
    else:
        rows = world.now.listed(column.id)[(screen - 1) * column.page_size : screen * column.page_size]
        items = "".join(_row(world, site, document, here) for document in rows)
        items = items or (f"<li>{e(column.statement)}</li>" if column.statement else "")
        inner = f'<ul class="list">\n{items}</ul>{_pager(column, screen, total, here)}'
        if column.empty_text and not rows:
            inner += f"<p>{e(column.empty_text)}</p>"
    crumbs = _crumbs(world, site, column, here).replace("&gt;&gt;正文", "")
    return _shell(
        world, site, column, path, f"{column.name}-{site.name}", f'{crumbs}{menu}<div class="right"><h3>{e(column.name)}</h3>{inner}</div>'
    )


def _document(world: World, site: Site, column: Column, document: Document) -> Reply:
    path = world.document_path(document)
    here = dirname(path)
    official = document.genre in (Genre.POLICY, Genre.PLAIN) or (document.genre is Genre.REPOST and document.number is not None)
    block = ""
    if official:
        block = f'<ul class="xxgkt">{"".join(f"<li>{label}：{e(value)}</li>" for label, value in fields(document, site))}</ul>'
    links = "".join(
        f'<p>{e(heading)}：<a href="{relpath(world.document_path(target), here)}">{e(target.title)}</a></p>'
        for heading, _, target in world.related(document)
        if target.site == site.id
    )
    files = "".join(
        f'<li>附件【<a href="{_file_path(document, file.type)}">{e(file.name)}.{file.type}</a>】</li>' for file in document.attachments
    )
    signature = f'<p style="text-align:right">{e(document.issuer)}</p>' if official else ""
    body = (
        f'{_crumbs(world, site, column, here)}{block}<h2 align="center">{e(document.title)}</h2>\n'
        f'<div class="info">日期：{stamp(document, site)}'
        f'　来源：{e(source_line(document, site))}　点击：[<span id="dynclicks"></span>]</div>\n'
        f'<div id="vsb_content"><div class="v_news_content">{paragraphs(document.body)}{signature}'
        f'</div></div><ul class="files">{files}</ul>{links}'
    )
    return _shell(world, site, column, path, f"{document.title}-{site.name}", body, document)
