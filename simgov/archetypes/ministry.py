"""J, guarded ministry: plain pages in good order, behind whatever guard its host has; one host's entry is filled by script."""

from __future__ import annotations

import json
import re
from datetime import datetime

from simgov.archetypes import pieces
from simgov.archetypes.guards import GUARDS
from simgov.archetypes.truth import Column, Document
from simgov.archetypes.view import Row, View, relative
from simgov.families.base import Reply, Request, e, html
from simgov.truth import ColumnKind, Genre
from simgov.wording import NOTE

_LISTING = re.compile(r"^/(?P<slug>.+?)/(?:index(?:_(?P<page>\d+))?\.html)?$")
_DETAIL = re.compile(r"^/(?P<slug>.+)/\d{6}/t\d{8}_(?P<id>\d+)\.html$")
_MESSAGE = (
    '<form action="/wyly/submit"><label>姓名<input name="name"></label><label>联系电话<input name="phone"></label>'
    '<label>咨询建议<textarea name="text"></textarea></label><button type="submit">提交留言</button></form>'
)
_GK = ("zfxxgkzn", "zfxxgkzd", "fdzdgknr", "zfxxgknb")


class Ministry:
    """Folders by column, articles by month and day."""

    policy_fields = frozenset({"title", "published_on", "made_on", "doc_number", "index_number", "issuer", "validity"})
    plain_fields = frozenset({"title", "published_on", "source"})

    def column_path(self, view: View, column: Column) -> str:
        return f"/{column.slug}/"

    def document_path(self, view: View, document: Document, column: Column) -> str:
        return f"/{column.slug}/{document.published_at:%Y%m}/t{document.published_at:%Y%m%d}_{document.id}.html"

    def file_path(self, view: View, column: Column, name: str, moment: datetime) -> str:
        serial, kind = name.rsplit(".", 1)
        return f"/{column.slug}/{moment:%Y%m}/W0{moment:%Y%m%d}{int(serial):012d}.{kind}"

    def answer(self, view: View, request: Request) -> Reply | None:
        script = view.host.guard is not None and GUARDS[view.host.guard].by_script
        if request.path == "/api/gk" and script:
            return self._gk(view, request)
        if request.path in ("/", "/index.html"):
            return html(_vue(view)) if script else html(self._home(view))
        match = _DETAIL.match(request.path)
        if match is not None:
            document = view.live(int(match["id"]))
            column = next((one for one in view.host.columns if one.slug == match["slug"]), None)
            if document is None or column is None or self.document_path(view, document, column) != request.path:
                return None
            return html(self._detail(view, document, column)) if column.key in (document.column, *document.also) else None
        match = _LISTING.match(request.path)
        column = None if match is None else next((one for one in view.host.columns if one.slug == match["slug"]), None)
        if match is None or column is None:
            return None
        if script and column.kind is not ColumnKind.PAGE:
            return html(_vue(view))
        number = int(match["page"] or 0) + 1
        if match["page"] == "0" or number > view.pages(column):
            return None
        return html(self._column(view, column, number))

    def _gk(self, view: View, request: Request) -> Reply:
        """What stands behind ?gk=N: the columns without a key, a column's rows with one."""
        column = view.column(request.query.get("key", ""))
        if column is None:
            data = [
                {"key": one.key, "name": one.name, "gk": place + 1}
                for place, key in enumerate(_GK)
                if (one := view.column(key)) is not None
            ]
            data += [{"key": one.key, "name": one.name, "gk": 3} for one in view.host.columns if one.parent == "fdzdgknr"]
            return pieces.text_reply(json.dumps({"code": 200, "columns": data}, ensure_ascii=False))
        page = pieces.number(request.query.get("page", "1")) or 1
        rows = [{"title": row.title, "url": row.url, "time": int(row.published_at.timestamp() * 1000)} for row in view.page(column, page)]
        return pieces.text_reply(json.dumps({"code": 200, "total": view.total(column), "list": rows}, ensure_ascii=False))

    # --- pages

    def _home(self, view: View) -> str:
        boxes = "".join(
            f'<div class="m-news"><p class="hd"><a href="{view.column_url(one)}">{e(one.name)}</a></p><ul>{"".join(_item(view, "/", row) for row in view.slice(one, 0, 6))}</ul></div>'
            for one in view.nav()
            if one.kind is ColumnKind.LIST
        )
        return _page(view, view.host.name, pieces.meta_tags(view, None), boxes)

    def _column(self, view: View, column: Column, number: int) -> str:
        here = f"/{column.slug}/"
        if column.kind is ColumnKind.LIST:
            rows = "\n".join(_item(view, here, row) for row in view.page(column, number))
            name = "u-list2" if view.on("drift") else "u-list"
            inner = (
                f'<ul class="{name}" id="content">\n{rows}\n</ul><div class="pager" id="pages"></div><script>var currentPage = {number - 1};//所在页从0开始\nvar countPage = {view.pages(column)};//共多少页\n'
                "var nextPage = currentPage + 1;\nfor(var i=0;i<countPage;i++){document.write('<a href=\"'+(i?'index_'+i:'index')+'.html\">'+(i+1)+'</a>');}</script>"
            )
        elif column.kind is ColumnKind.FORM:
            inner = (
                _MESSAGE
                if column.key == "ly"
                else '<form action="/ysqgk/submit"><label>申请人<input name="applicant"></label><label>内容<textarea name="content"></textarea></label><button type="submit">提交申请</button></form>'
            )
        elif column.kind is ColumnKind.SECTION:
            found = next((one for one in view.host.columns if one.key == "zcwj"), None)
            rows = "" if found is None else "".join(_item(view, here, row) for row in view.slice(found, 0, 5))
            inner = f'<p class="gk-t">最新信息公开</p><ul class="u-list">{rows}</ul>'
        else:
            inner = f'<div class="TRS_Editor">{"".join(f"<p>{e(line)}</p>" for line in column.text)}</div>'
        tree = "".join(
            f'<li><a href="{view.href(view.column_url(one))}">{e(one.name)}</a>{_sub(view, one)}</li>'
            for one in view.children(view.trail(column)[0])
        )
        body = f'<nav aria-label="Breadcrumb" class="crumb">{_crumbs(view, column)}</nav><div class="g-sd"><ul>{tree}</ul></div><div class="g-mn"><h2>{e(column.name)}</h2>{inner}</div>'
        return _page(view, f"{column.name}_{view.host.name}", pieces.meta_tags(view, column), body)

    def _detail(self, view: View, document: Document, column: Column) -> str:
        here = self.document_path(view, document, column)
        policy = document.genre in (Genre.POLICY, Genre.PLAIN)
        block = ""
        if policy:
            cells = [
                f'<td class="policy-item-title">{label}：</td><td class="policy-item-cont">{e(value)}</td>'
                for label, value in pieces.policy_pairs(document)
            ]
            block = (
                '<table id="policy-table">' + "".join(f"<tr>{''.join(cells[n : n + 2])}</tr>" for n in range(0, len(cells), 2)) + "</table>"
            )
        files = "".join(
            f'<p><a href="{_href(view, here, view.file_url(document, one))}">附件：{e(one.name)}.{one.type}</a></p>'
            for one in document.files
        )
        link, back = view.interpretation_link(document), view.original_link(document)
        related = f'<div class="rel"><h3>相关解读</h3><a href="{view.href(link[1])}">{e(link[0])}</a></div>' if link else ""
        related += f'<div class="rel"><h3>相关文件</h3><a href="{view.href(back[1])}">{e(back[0])}</a></div>' if back else ""
        source = "" if policy else f"<span>来源：{e(document.source)}</span>"
        body = (
            f'<nav aria-label="Breadcrumb" class="crumb">{_crumbs(view, column)}</nav>{block}<div class="g-article"><h1>{e(document.title)}</h1><p class="sub"><span>发布时间：'
            f'{pieces.clock_text(view.host, document.published_at)}</span>{source}</p><div class="TRS_Editor">{pieces.paragraphs(document)}{pieces.signature(document)}</div>{files}{related}</div>'
        )
        return _page(view, f"{document.title}_{view.host.name}", pieces.meta_tags(view, column, document, day="%Y-%m-%d %H:%M:%S"), body)


def _href(view: View, here: str, url: str) -> str:
    path = view.href(url)
    return relative(here, path) if path.startswith("/") else path


def _item(view: View, here: str, row: Row) -> str:
    return (
        f'<li><a href="{_href(view, here, row.url)}" title="{e(row.title)}">{e(row.title)}</a><span>{row.published_at:%Y-%m-%d}</span></li>'
    )


def _sub(view: View, column: Column) -> str:
    inner = "".join(f'<li><a href="{view.href(view.column_url(one))}">{e(one.name)}</a></li>' for one in view.children(column))
    return f"<ul>{inner}</ul>" if inner else ""


def _crumbs(view: View, column: Column) -> str:
    return '<a href="/">首页</a>' + "".join(
        f' &gt; <a href="{view.href(view.column_url(one))}">{e(one.name)}</a>' for one in view.trail(column)
    )


def _vue(view: View) -> str:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{e(view.host.name)}</title><link href="/static/css/app.css" rel="stylesheet"></head><body><div id="app"></div>'
        "<script>var gk=(location.search.match(/gk=(\\d)/)||[0,1])[1];axios.get('/api/gk?gk='+gk)</script><script src=\"/static/js/app.js\"></script></body></html>"
    )


def _page(view: View, title: str, head: str, body: str) -> str:
    host = view.host
    nav = "".join(f'<li><a href="{view.href(view.column_url(one))}">{e(one.name)}</a></li>' for one in view.nav())
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n<title>{e(title)}</title>\n{head}\n<link rel="stylesheet" href="/static/moe.css">\n</head>\n<body>\n<header><a href="/" class="logo">{e(host.name)}</a><ul>'
        f'<li><a href="/">首页</a></li>{nav}</ul></header>\n<main>{body}</main>\n<footer><p>主办：{e(host.unit)}　网站标识码：{host.site_code}　京ICP备00000000号　京公网安备00000000000000号</p><p>联系电话：0000-00000000</p>'
        f'<p><a href="https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code={host.site_code}">我为政府网站找错</a><img src="/static/conac.png" alt="党政机关"></p><p>{NOTE}</p></footer>\n</body>\n</html>\n'
    )
