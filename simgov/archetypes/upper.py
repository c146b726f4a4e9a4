"""The upper government, a messaging platform with articles, and a second host that only holds files."""

from __future__ import annotations

import json
import re
from datetime import datetime

from simgov.archetypes import pieces
from simgov.archetypes.truth import Column, Document
from simgov.archetypes.view import Row, View
from simgov.families.base import Reply, Request, e, html
from simgov.wording import NOTE

_LISTING = re.compile(r"^/(?P<slug>[a-z]+)/(?:index(?:_(?P<page>\d+))?\.html)?$")
_DETAIL = re.compile(r"^/(?P<slug>[a-z]+)/(?P<id>\d+)/index\.html$")


class Upper:
    """Folders by column, articles by number; breadcrumb without a label."""

    policy_fields = frozenset({"title", "published_on", "made_on", "doc_number", "index_number", "issuer"})
    plain_fields = frozenset({"title", "published_on", "source"})

    def column_path(self, view: View, column: Column) -> str:
        return f"/{column.slug}/index.html"

    def document_path(self, view: View, document: Document, column: Column) -> str:
        return f"/{column.slug}/{document.id}/index.html"

    def file_path(self, view: View, column: Column, name: str, moment: datetime) -> str:
        return f"/attachDir/{moment:%Y/%m}/{name}"

    def answer(self, view: View, request: Request) -> Reply | None:
        if request.path in ("/", "/index.html"):
            return html(self._home(view))
        if request.path == "/api/home/article":
            return _article(view, request)
        match = _DETAIL.match(request.path)
        if match is not None:
            return self._detail_at(view, match["slug"], int(match["id"]))
        match = _LISTING.match(request.path)
        column = None if match is None else next((one for one in view.host.columns if one.slug == match["slug"]), None)
        number = int(match["page"] or 1) if match is not None else 0
        if column is None or not 1 <= number <= view.pages(column):
            return None
        return html(self._list(view, column, number))

    def _detail_at(self, view: View, slug: str, number: int) -> Reply | None:
        if slug == "zpxx":
            text = f'<div class="easysite-news"><h2 class="easysite-news-title">公开招聘公告</h2><p>{number}</p></div>'
            return html(_page(view, f"招聘信息-{view.host.name}", "", text))
        document = view.live(number)
        if document is None or view.home_column(document).slug != slug:
            return None
        return html(self._detail(view, document))

    def _home(self, view: View) -> str:
        boxes = "".join(
            f'<div class="easysite-box"><a href="{view.href(view.column_url(one))}">{e(one.name)}</a><ul>{"".join(_item(view, row) for row in view.slice(one, 0, 6))}</ul></div>'
            for one in view.nav()
        )
        return _page(view, view.host.name, pieces.meta_tags(view, None), boxes)

    def _list(self, view: View, column: Column, number: int) -> str:
        rows = "".join(_item(view, row) for row in view.page(column, number))
        pages = view.pages(column)
        after = f'<a href="index_{number + 1}.html">下一页</a>' if number < pages else "<span>下一页</span>"
        body = f'{_crumbs(view, column)}<ul class="easysite-list">{rows}</ul><div class="easysite-page">第{number}/{pages}页 {after}</div>'
        return _page(view, f"{column.name}-{view.host.name}", pieces.meta_tags(view, column), body)

    def _detail(self, view: View, document: Document) -> str:
        column = view.home_column(document)
        head = f'{pieces.meta_tags(view, column, document)}<meta name="createDate" content="{document.published_at:%Y-%m-%d %H:%M:%S}">'
        made = document.made_on
        block = ""
        if made is not None:
            pairs = (
                ("索引号", document.index_number),
                ("发文机关", document.issuer),
                ("成文日期", str(made)),
                ("发文字号", document.number),
            )
            block = "<table>" + "".join(f"<tr><th>{label}</th><td>{e(value)}</td></tr>" for label, value in pairs) + "</table>"
        body = (
            f'{_crumbs(view, column)}{block}<div class="easysite-news"><h2 class="easysite-news-title">{e(document.title)}</h2><p class="easysite-news-describe">发布时间：{document.published_at:%Y-%m-%d %H:%M}'
            f'　来源：{e(document.source)}</p><div class="easysite-news-content">{pieces.paragraphs(document)}{pieces.signature(document)}</div></div>'
        )
        return _page(view, f"{document.title}-{view.host.name}", head, body)


class Wechat:
    """Articles of an official account: any article that is asked for is there."""

    policy_fields: frozenset[str] = frozenset()
    plain_fields: frozenset[str] = frozenset()

    def column_path(self, view: View, column: Column) -> str:
        return "/"

    def document_path(self, view: View, document: Document, column: Column) -> str:
        return "/"

    def file_path(self, view: View, column: Column, name: str, moment: datetime) -> str:
        return f"/{name}"

    def answer(self, view: View, request: Request) -> Reply | None:
        if not re.fullmatch(r"/s/[0-9a-f]{22}", request.path):
            return None
        return html(
            '<!DOCTYPE html><html><head><meta charset="utf-8"><title></title></head><body id="activity-detail"><div id="js_article"><h1 class="rich_media_title" id="activity-name">一图读懂</h1>'
            f'<span id="js_name">{e(view.host.name)}</span><div class="rich_media_content" id="js_content" style="visibility: hidden;"><img data-src="/mmbiz_png/0/640"></div></div><!-- {NOTE} --></body></html>'
        )


class Files(Wechat):
    """Nothing but files, which are served before any template is asked."""

    def answer(self, view: View, request: Request) -> Reply | None:
        return None


def _article(view: View, request: Request) -> Reply:
    """The interpretation platform of the province: its articles belong to documents of other hosts."""
    number = pieces.number(request.query.get("id"))
    owner = next((host for host in view.store.hosts.values() if host.archetype == "D"), None)
    document = None if number is None or owner is None else view.of(owner.id).live(number)
    if document is None:
        return pieces.text_reply('{"code":404,"data":null}')
    data = {
        "id": document.id,
        "title": f"一图读懂：{document.title}",
        "publish_time": f"{document.published_at:%Y-%m-%d %H:%M:%S}",
        "content": "".join(document.body),
    }
    return pieces.text_reply(json.dumps({"code": 0, "data": data}, ensure_ascii=False))


def _item(view: View, row: Row) -> str:
    return f'<li><a href="{view.href(row.url)}" title="{e(row.title)}">{e(row.title)}</a><span>{row.published_at:%Y-%m-%d}</span></li>'


def _crumbs(view: View, column: Column) -> str:
    return f'<div class="SkinObject"><a href="/">首页</a><span>&gt;</span><a href="{view.href(view.column_url(column))}">{e(column.name)}</a></div>'


def _page(view: View, title: str, head: str, body: str) -> str:
    nav = "".join(f'<a href="{view.href(view.column_url(one))}">{e(one.name)}</a>' for one in view.nav())
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8"><title>{e(title)}</title>{head}</head>\n<body>\n<div class="easysite-header"><a href="/">{e(view.host.name)}</a>{nav}</div>\n{body}\n'
        f'<div class="easysite-footer">主办：{e(view.host.unit)} 网站标识码 {view.host.site_code}<p>{NOTE}</p></div>\n</body>\n</html>\n'
    )
