"""C, unit build: the page holds a script tag with the query of its list; an interface answers with HTML inside JSON."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime, timedelta
from urllib.parse import quote

from simgov.archetypes import pieces
from simgov.archetypes.truth import Column, Document, Interpreted, Oddity, Way
from simgov.archetypes.view import Row, View, cut
from simgov.families.base import Reply, Request, e, html
from simgov.truth import ColumnKind, Genre
from simgov.wording import NOTE

UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
DOWNLOAD = "/api-gateway/jpaas-web-server/front/document/file-download"
_WEB = "9f1c2e7c60e94cd6a8a3d3c1f9d20b51"
_DETAIL = re.compile(r"^/(?P<slug>.+)/art/\d{4}/art_(?P<hash>[0-9a-f]{32})\.html$")
_COLUMN = re.compile(r"^/(?P<slug>.+?)/(index\.html)?$")


class UnitBuild:
    """Columns by folder, articles by year and hash."""

    policy_fields = frozenset({"title", "published_on", "made_on", "doc_number", "index_number", "issuer"})
    plain_fields = frozenset({"title", "published_on", "source"})

    def column_path(self, view: View, column: Column) -> str:
        return f"/{column.slug}/index.html"

    def document_path(self, view: View, document: Document, column: Column) -> str:
        return f"/{column.slug}/art/{document.published_at.year}/art_{view.store.hash(view.host.id, document.id)}.html"

    def file_path(self, view: View, column: Column, name: str, moment: datetime) -> str:
        """A signed address, new at every moment: it answers for two minutes."""
        stamp = int(view.moment.timestamp())
        return f"{DOWNLOAD}?fileUrl={_sign(name, stamp)}{stamp}&fileName={quote(name)}"

    def answer(self, view: View, request: Request) -> Reply | None:
        if request.path in ("/", "/index.html"):
            return html(self._home(view))
        if request.path == UNIT:
            return self._unit(view, request)
        if request.path == DOWNLOAD:
            return _download(view, request)
        match = _DETAIL.match(request.path)
        if match is not None:
            document = view.live(view.store.unhash(view.host.id, match["hash"]))
            column = next((one for one in view.host.columns if one.slug == match["slug"]), None)
            if document is None or column is None or column.key not in (document.column, *document.also):
                return None
            return html(self._detail(view, document, column))
        match = _COLUMN.match(request.path)
        column = None if match is None else next((one for one in view.host.columns if one.slug == match["slug"]), None)
        return None if column is None or column.kind is ColumnKind.LINK_OUT else html(self._column(view, column))

    def _unit(self, view: View, request: Request) -> Reply:
        serial = pieces.number(request.query.get("pageId"))
        column = None if serial is None else view.store.by_serial(view.host.id, serial)
        try:
            asked = json.loads(request.query.get("paramJson") or "{}")
            page, size = int(asked.get("pageNo") or 1), min(int(asked.get("pageSize") or 15), 100)
        except (ValueError, TypeError, AttributeError):
            return pieces.text_reply('{"success":false,"code":"500","message":"参数错误","data":null}')
        if column is None or request.query.get("webId") != _WEB or not request.query.get("tagId"):
            return pieces.text_reply('{"success":false,"code":"500","message":"页面不存在","data":null}')
        if view.on("ignore_pageNo"):
            page = 1
        rows = view.slice(column, (page - 1) * size, size)
        total = view.declared_total(column)
        text = (
            f'<ul class="gg_list">{"".join(_item(view, row, column) for row in rows)}</ul><div class="pagination" id="pg{column.serial}" '
            f'rows="{size}" count="{total}" pageNo="{page}"></div>'
        )
        return pieces.text_reply(
            json.dumps({"success": True, "code": "200", "message": "操作成功", "data": {"html": text}}, ensure_ascii=False)
        )

    # --- pages

    def _home(self, view: View) -> str:
        boxes = ""
        for one in view.nav():
            if one.kind is ColumnKind.LIST:
                rows = "".join(_item(view, row, one) for row in view.slice(one, 0, 5))
                boxes += f'<section class="m-box"><header><a href="{view.href(view.column_url(one))}">{e(one.name)}</a></header><ul>{rows}</ul></section>'
        return _page(view, view.host.name, pieces.meta_tags(view, None), f'<main class="wrap">{boxes}</main>')

    def _column(self, view: View, column: Column) -> str:
        if column.kind is ColumnKind.LIST:
            inner = self._list(view, column)
        elif column.kind is ColumnKind.SECTION:
            inner = '<div class="tips">请选择左侧目录查看相关信息</div>'
        elif column.kind is ColumnKind.FORM:
            inner = '<form action="/jpaas-apply/submit"><input name="applyName" placeholder="申请人"><textarea name="content"></textarea><button>提交</button></form>'
        else:
            inner = f'<div class="article-content">{"".join(f"<p>{e(line)}</p>" for line in column.text)}</div>'
        side = _side(view, view.trail(column)[0])
        body = f'{_crumbs(view, column)}<div class="wrap flex"><aside class="side">{side}</aside><div class="content"><h2>{e(column.name)}</h2>{inner}</div></div>'
        return _page(view, f"{column.name} - {view.host.name}", pieces.meta_tags(view, column), body)

    def _list(self, view: View, column: Column) -> str:
        if column.placeholder:
            return f'<ul class="gg_list"><li class="none">{column.placeholder}</li></ul>'
        if column.way is not Way.ENDPOINT:
            return f'<ul class="gg_list">{"".join(_item(view, row, column) for row in view.slice(column, 0, 200))}</ul>'
        query = (
            f"{{'parseType':'bulidstatic','webId':'{_WEB}','tplSetId':'a7b1','pageType':'column','tagId':'当前栏目列表',"
            f"'editType':'null','pageId':'{column.serial}'}}"
        )
        return f'<div class="ajaxlist" id="{column.key}_unit"><script parseType="bulidstatic" src="/script/unitbuild.js" url="{UNIT}" queryData="{query}"></script></div>'

    def _detail(self, view: View, document: Document, column: Column) -> str:
        # Everything older than the migration bears the day of the import in its metas.
        old = document.published_at < view.moment - timedelta(days=200)
        drift = timedelta(days=260) if old else None
        head = pieces.meta_tags(view, column, document, drift=drift, day="%Y-%m-%d %H:%M:%S")
        head = head.replace('name="Author" content=""', 'name="Author" content="系统管理员"')
        head += f'\n<meta name="Url" content="{self.document_path(view, document, column)}">'
        policy = document.genre in (Genre.POLICY, Genre.PLAIN)
        made = document.made_on
        block = ""
        if policy:
            pairs = (
                ("索引号", document.index_number),
                ("文号", document.number),
                ("发文机关", document.issuer),
                ("成文日期", str(made)),
                ("主题词", "-"),
            )
            block = "".join(
                f'<div class="xxgk-row"><span class="k">{label}</span><span class="v">{e(value)}</span></div>' for label, value in pairs
            )
            block = f'<div class="xxgk-info">{block}</div>'
        files = "".join(
            f'<p><a href="{e(view.href(view.file_url(document, one)))}" class="file-{one.type}">{e(one.name)}</a></p>'
            for one in document.files
        )
        source = "" if policy else f"<span>来源：{e(document.source)}</span>"
        body = (
            f'{_crumbs(view, column)}<article class="wrap"><div class="arc-title">{e(document.title)}</div><div class="arc-info"><span>发布时间：'
            f'{pieces.clock_text(view.host, document.published_at)}</span>{source}<span>访问量：<b id="pv">0</b></span></div>{block}'
            f'<div class="article-content" id="zoom">{pieces.paragraphs(document)}{pieces.signature(document)}{files}</div>{_related(view, document)}</article>'
        )
        return _page(view, f"{document.title} - {column.name} - {view.host.name}", head, body)


def _sign(name: str, stamp: int) -> str:
    return hashlib.sha256(f"{name}:{stamp}:{_WEB}".encode()).hexdigest()[:40]


def _download(view: View, request: Request) -> Reply:
    signed, name = request.query.get("fileUrl", ""), request.query.get("fileName", "")
    stamp = pieces.number(signed[40:])
    late = stamp is None or abs(view.moment.timestamp() - stamp) > 120
    if late or stamp is None or signed[:40] != _sign(name, stamp):
        return Reply(b'{"code":403,"msg":"link expired"}', 403, "application/json")
    return pieces.file_reply(name) or Reply(b"", 404)


def _item(view: View, row: Row, column: Column) -> str:
    day = row.published_at.date()
    if column.has(Oddity.MADE_IN_ROW) and row.document is not None and row.document.made_on is not None:
        day = row.document.made_on
    top = '<em class="zd">置顶</em>' if row.pinned else ""
    return f'<li class="clearfix">{top}<a target="_blank" title="{e(row.title)}" href="{e(view.href(row.url))}"><i></i>{e(cut(row.title))}<span class="date">{day:%Y-%m-%d}</span></a></li>'


def _side(view: View, column: Column) -> str:
    return "".join(
        f'<div class="side-item"><a href="{view.href(view.column_url(one))}">{e(one.name)}</a>{_side(view, one)}</div>'
        for one in view.children(column)
    )


def _crumbs(view: View, column: Column) -> str:
    links = "".join(f' / <a href="{view.href(view.column_url(one))}">{e(one.name)}</a>' for one in view.trail(column))
    return f'<div class="position wrap"><a href="/index.html">首页</a>{links}</div>'


def _related(view: View, document: Document) -> str:
    """An image-only link whose id stands twice in the page."""
    link, back = view.interpretation_link(document), view.original_link(document)
    if back is not None:
        return f'<div class="xgzc"><h4>政策原文</h4><a href="{view.href(back[1])}">{e(back[0])}</a></div>'
    if link is None:
        return '<div class="xgzc"></div>'
    if document.interpreted is Interpreted.IMAGE:
        image = f'<a id="zcjdlink" href="{view.href(link[1])}"><img src="/images/zcjd.png"></a>'
        return f'<div class="pc">{image}</div><div class="phone">{image}</div>'
    hidden = ' style="display:none"' if document.interpreted is Interpreted.HIDDEN else ""
    return f'<div class="xgzc"{hidden}><h4>相关解读</h4><a href="{view.href(link[1])}">{e(link[0])}</a></div>'


def _page(view: View, title: str, head: str, body: str) -> str:
    host = view.host
    nav = "".join(f'<a class="nav-a" href="{view.href(view.column_url(one))}">{e(one.name)}</a>' for one in view.nav())
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="UTF-8">\n<title>{e(title)}</title>\n{head}\n<link rel="stylesheet" href="/css/jpaas.css">\n'
        f'</head>\n<body class="jpaas">\n<header class="wrap"><a class="logo" href="/index.html"><img src="/images/logo.png" alt="{e(host.name)}"></a><nav>{nav}</nav></header>\n'
        f'{body}\n<footer><p>版权所有：{e(host.unit)}</p><p>网站标识码：{host.site_code}</p><p>{NOTE}</p></footer>\n<script src="/script/pv.js"></script>\n</body>\n</html>\n'
    )
