"""D, tree interface: a catalogue platform whose lists come as JSON, beside plain news pages with copies for phones."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from simgov.archetypes import pieces
from simgov.archetypes.truth import Column, Document, Interpreted
from simgov.archetypes.view import Row, View
from simgov.families.base import Reply, Request, e, html
from simgov.truth import ColumnKind
from simgov.wording import NOTE
from simgov.workdays import at

Json = dict[str, Any]
SID = "755041"
PAGE = 100
_NEWS = frozenset({"ywdt", "tzgg"})
_API = re.compile(r"^/gkmlpt/api/all/(?P<serial>\d+)$")
_POST = re.compile(r"^/gkmlpt/content/\d+/\d+/post_(?P<id>\d+)\.html$")
_ARTICLE = re.compile(r"^/(?P<slug>[a-z]+)/content/(?P<phone>m?)post_(?P<id>\d+)\.html$")
_LIST = re.compile(r"^/(?P<slug>[a-z]+)/(?:index(?:_(?P<page>\d+))?\.html)?$")


class TreeApi:
    """The catalogue by number behind a fragment, news by folder."""

    policy_fields = frozenset({"title", "published_on", "made_on", "doc_number", "index_number", "issuer"})
    plain_fields = frozenset({"title", "published_on"})

    def column_path(self, view: View, column: Column) -> str:
        if column.key in _NEWS:
            return f"/{column.slug}/"
        if column.key in ("zfxxgk", "fdzdgknr"):
            return "/gkmlpt/index"
        fixed = {"zfxxgkzn": "/gkmlpt/guide", "ysqgk": "/gkmlpt/application"}
        return fixed.get(column.key) or f"/gkmlpt/index#{column.serial}"

    def document_path(self, view: View, document: Document, column: Column) -> str:
        if document.column in _NEWS:
            return f"/{document.column}/content/post_{document.id}.html"
        return f"/gkmlpt/content/{document.id // 1_000_000}/{document.id // 1000 % 1_000_000}/post_{document.id}.html"

    def file_path(self, view: View, column: Column, name: str, moment: datetime) -> str:
        serial, kind = name.rsplit(".", 1)
        return f"/attachment/0/{int(serial) // 1000 % 1000}/{int(serial) // 1000}/{serial}.{kind}"

    def answer(self, view: View, request: Request) -> Reply | None:
        match request.path:
            case "/" | "/index.html":
                return html(self._home(view))
            case "/gkmlpt/index" | "/gkmlpt/policy":
                return html(self._index(view))
            case "/gkmlpt/guide":
                return html(self._guide(view))
            case "/gkmlpt/application":
                return html(
                    _shell(
                        view,
                        "依申请公开",
                        "",
                        '<form action="/gkmlpt/apply"><input name="name" placeholder="姓名"><button>提交申请</button></form>',
                    )
                )
            case "/zcjdpt":
                return html(
                    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>政策解读平台</title></head><body><div id="app"></div><script src="/zcjdpt/app.js"></script></body></html>'
                )
        return self._numbered(view, request)

    def _numbered(self, view: View, request: Request) -> Reply | None:
        if (match := _API.match(request.path)) is not None:
            return self._api(view, int(match["serial"]), request)
        if (match := _POST.match(request.path)) is not None:
            return self._catalogue_page(view, int(match["id"]), request.path)
        if (match := _ARTICLE.match(request.path)) is not None:
            document = view.live(int(match["id"]))
            if document is None or document.column != match["slug"] or document.column not in _NEWS:
                return None
            return html(self._article(view, document, phone=bool(match["phone"])))
        if (match := _LIST.match(request.path)) is not None and match["slug"] in _NEWS:
            column, number = view.column(match["slug"]), int(match["page"] or 1)
            if column is not None and 1 <= number <= view.pages(column) and match["page"] != "1":
                return html(self._news(view, column, number))
        return None

    def _catalogue_page(self, view: View, number: int, path: str) -> Reply | None:
        single = view.store.by_serial(view.host.id, number)
        if single is not None and single.kind is ColumnKind.PAGE:
            return html(
                _shell(view, single.name, "", f'<div class="article-content">{"".join(f"<p>{e(line)}</p>" for line in single.text)}</div>')
            )
        document = view.live(number)
        if document is None or self.document_path(view, document, view.home_column(document)) != path:
            return None
        return html(self._post(view, document))

    def _api(self, view: View, serial: int, request: Request) -> Reply:
        column = view.store.by_serial(view.host.id, serial)
        if column is None or request.query.get("sid") != SID:
            return Reply(b'{"code":404,"message":"not found"}', 404, "application/json")
        page = max(1, pieces.number(request.query.get("page", "1")) or 1)
        if column.kind is ColumnKind.PAGE:
            rows: list[Json] = [_single(view, column)] if page == 1 else []
            total = 1
        else:
            rows = [_json(view, self, row, column) for row in view.slice(column, (page - 1) * PAGE, PAGE)]
            total = view.total(column)
        answer = {"classify": {"id": serial, "name": column.name, "post_count": total}, "articles": rows, "page": page, "total": total}
        return pieces.text_reply(json.dumps(answer, ensure_ascii=False))

    # --- pages

    def _home(self, view: View) -> str:
        boxes = ""
        for key in ("ywdt", "tzgg"):
            column = view.column(key)
            if column is not None:
                rows = "".join(_news_row(view, row) for row in view.slice(column, 0, 8))
                boxes += f'<div class="con-box"><div class="con-title"><a href="/{key}/">{e(column.name)}</a></div><ul class="news-list">{rows}</ul></div>'
        return _shell(view, view.host.name, pieces.meta_tags(view, None), boxes)

    def _index(self, view: View) -> str:
        top = view.column("fdzdgknr")
        tree = [_node(view, one) for one in view.children(top)] if top is not None else []
        above = view.column("zfxxgk")
        tree = [_node(view, one) for one in view.children(above) if one.kind in (ColumnKind.LIST,)] + tree if above is not None else tree
        config = (
            f"<script>\nwindow._CONFIG = {{\n  SID: '{SID}',\n  NAME: {json.dumps(view.host.name, ensure_ascii=False)},\n  TREE: "
            f"{json.dumps(tree, ensure_ascii=False)},\n  SERVICE_AREA_ID: 0,\n  API_ROOT: '/gkmlpt/api/',\n}};\n</script>"
        )
        tabs = "".join(
            f'<a class="tab" href="{url}">{name}</a>'
            for name, url in (
                ("政府信息公开指南", "/gkmlpt/guide"),
                ("法定主动公开内容", "/gkmlpt/index"),
                ("依申请公开", "/gkmlpt/application"),
            )
        )
        return _shell(
            view,
            "政府信息公开",
            config,
            f'<div class="tabs">{tabs}</div><div id="app"><div class="tree"></div><div class="gkml-list"></div></div><script src="/gkmlpt/static/app.js"></script>',
        )

    def _guide(self, view: View) -> str:
        column = view.column("zfxxgkzn")
        text = "".join(f"<p>{e(line)}</p>" for line in column.text) if column is not None else ""
        return _shell(view, "政府信息公开指南", "", f'<div class="guide-content"><h1>政府信息公开指南</h1>{text}</div>')

    def _news(self, view: View, column: Column, number: int) -> str:
        rows = "".join(_news_row(view, row) for row in view.page(column, number))
        pages = view.pages(column)
        links = "".join(
            f'<a href="/{column.slug}/{"index.html" if n == 1 else f"index_{n}.html"}"{" class=cur" if n == number else ""}>{n}</a>'
            for n in range(1, min(pages, 5) + 1)
        )
        after = f'<a class="next" href="/{column.slug}/index_{number + 1}.html">下一页</a>' if number < pages else ""
        name = "list-content" if view.on("drift") else "news-list"
        return _shell(
            view, f"{column.name}-{view.host.name}", pieces.meta_tags(view, column),
            f'<div class="crumbs_box"><a href="/">首页</a> &gt; <a href="/{column.slug}/">{e(column.name)}</a></div><ul class="{name}">{rows}</ul>'
            f'<div class="page">{links}{after}<a href="/{column.slug}/{"index.html" if pages == 1 else f"index_{pages}.html"}" class="last">尾页</a></div>',
        )  # fmt: skip

    def _article(self, view: View, document: Document, *, phone: bool) -> str:
        column = view.home_column(document)
        head = f'{pieces.meta_tags(view, column, document)}<meta name="ArticleId" content="{document.id}">'
        sticky = f'<div class="sticky" style="display:none"><h1>{e(document.title)}</h1></div>' if document.ordinal % 2 else ""
        body = (
            f'{sticky}<div class="crumbs_box"><a href="/">首页</a> &gt; <a href="/{column.slug}/">{e(column.name)}</a> &gt; 正文</div>'
            f'<div class="zw-content{"-m" if phone else ""}"><h1 class="info_title">{e(document.title)}</h1><div class="info_fbt"><span class="date">发布时间：'
            f'{pieces.clock_text(view.host, document.published_at)}</span><span class="view">浏览量：<i class="NFCMS-POST-VISIT"></i></span></div><div id="zoomcon">'
            f'{pieces.paragraphs(document)}</div><div class="xgfj"><h3>相关附件</h3><ul></ul></div><div class="xgxw"><h3>相关新闻</h3><ul></ul></div></div>'
            f"<script>var NFCMS_SITE_ID='{SID}';var NFCMS_POST_ID='{document.id}';$('.xgfj,.xgxw').each(function(){{if(!$(this).find('li').length)$(this).hide()}});</script>"
        )
        return _shell(view, f"{document.title}-{view.host.name}", head, body)

    def _post(self, view: View, document: Document) -> str:
        column = view.home_column(document)
        made = document.made_on
        pairs: list[tuple[str, str | None]] = [
            ("索引号", document.index_number), ("分类", column.name), ("发布机构", document.issuer), ("成文日期", str(made) if made else ""),
            ("名称", document.title), ("文号", document.number), ("发布日期", f"{document.published_at:%Y-%m-%d}"), ("主题词", ""),
        ]  # fmt: skip
        if made is not None:
            pairs.append(("有效性", "有效"))  # whatever the interface says
        rows = "".join(
            f'<tr><td class="label">{label}:</td><td class="value" colspan="3"><span>{e(value)}</span></td></tr>' for label, value in pairs
        )
        files = "".join(
            f'<li><a class="nfw-cms-attachment" href="{view.href(view.file_url(document, one))}">{e(one.name)}.{one.type}</a></li>'
            for one in document.files
        )
        detail = json.dumps({"id": document.id, "title": document.title}, ensure_ascii=False)
        body = (
            f'<div class="classify"><table><tbody>{rows}</tbody></table></div><div class="article-title">{e(document.title)}</div><div class="article-date">发布日期：'
            f'{pieces.clock_text(view.host, document.published_at)}</div><div class="article-content">{pieces.paragraphs(document)}{pieces.signature(document)}</div>'
            f"<div class=\"attachment\"><h3>相关附件</h3><ul>{files}</ul></div>{_related(view, document)}<script>window._CONFIG={{SID:'{SID}',DETAIL:{detail}}};</script>"
        )
        return _shell(view, f"{document.title}-{view.host.name}", "", body)


def _related(view: View, document: Document) -> str:
    link, back = view.interpretation_link(document), view.original_link(document)
    if document.interpreted is Interpreted.EXTERNAL:
        return f'<div class="relation"><a href="/zcjdpt?id={document.id}">政策解读</a></div>'
    if back is not None:
        return f'<div class="relation"><h3>政策原文</h3><a href="{back[1]}">{e(back[0])}</a></div>'
    if link is None:
        return '<div class="relation"><h3>相关文档</h3><ul></ul></div>'
    hidden = ' style="display:none"' if document.interpreted is Interpreted.HIDDEN else ""
    return f'<div class="relation"{hidden}><h3>政策解读</h3><ul><li><a href="{link[1]}">{e(link[0])}</a></li></ul></div>'


def _node(view: View, column: Column) -> Json:
    return {
        "id": column.serial, "name": column.name, "key": str(column.serial),
        "jump_url": view.column_url(column) if column.kind is ColumnKind.LINK_OUT else "",
        "post_count": 1 if column.kind is ColumnKind.PAGE else view.total(column), "children": [_node(view, one) for one in view.children(column)],
    }  # fmt: skip


def _json(view: View, template: TreeApi, row: Row, column: Column) -> Json:
    document = row.document
    made = document.made_on if document is not None else None
    there = view.live(document.interpretation) if document is not None else None
    relation = (
        "" if there is None else json.dumps([{"id": there.id, "title": there.title, "url": view.document_url(there)}], ensure_ascii=False)
    )
    abolished = document is not None and document.validity == "废止"
    return {
        "id": document.id if document is not None else 0, "title": row.title, "document_number": (document.number or "") if document is not None else "",
        "publisher": view.host.unit, "identifier": (document.index_number or "") if document is not None else "",
        "date": str(int(at(made, "00:00").timestamp())) if made else "0", "created_at": f"{row.published_at:%Y-%m-%d %H:%M:%S}",
        "display_publish_time": str(int(row.published_at.timestamp())), "url": row.url, "post_url": "", "attachment": [],
        "classify_main": column.serial, "classify_main_name": column.name, "relation": relation, "is_expired": 0, "is_abolished": int(abolished),
    }  # fmt: skip


def _single(view: View, column: Column) -> Json:
    url = f"{view.base}/gkmlpt/content/9/{column.serial}/post_{column.serial}.html"
    return {"id": column.serial, "title": f"{view.host.name}{column.name}", "document_number": "", "publisher": view.host.unit, "date": "0", "url": url,
            "created_at": "2025-01-15 10:00:00", "display_publish_time": "1736906400", "attachment": [], "relation": "", "is_abolished": 0}  # fmt: skip


def _news_row(view: View, row: Row) -> str:
    return f'<li><a href="{row.url}" title="{e(row.title)}">{e(row.title)}</a><span class="time">{row.published_at:%Y-%m-%d}</span></li>'


def _shell(view: View, title: str, head: str, body: str) -> str:
    host = view.host
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{e(title)}</title>\n{head}\n<link rel="stylesheet" href="/gkmlpt/static/app.css">\n</head>\n<body>\n'
        f'<div class="header"><a href="/" class="logo">{e(host.name)}</a><ul class="nav"><li><a href="/">首页</a></li><li><a href="/ywdt/">工作动态</a></li><li><a href="/tzgg/">通知公告</a></li>'
        f'<li><a href="/gkmlpt/index">政府信息公开</a></li><li><a href="#/hd">互动交流</a></li></ul></div>\n<div class="main">{body}</div>\n<div class="footer">主办：{e(host.unit)}　网站标识码：{host.site_code}'
        f"　示ICP备00000000号<p>{NOTE}</p></div>\n</body>\n</html>\n"
    )
