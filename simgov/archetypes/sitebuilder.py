"""F, site builder: page files numbered downwards, an encoding for each column, dates before titles, two kinds of 404."""

from __future__ import annotations

import re
from datetime import datetime

from simgov.archetypes import pieces
from simgov.archetypes.truth import Column, Document, Interpreted, Metas, Oddity
from simgov.archetypes.view import Row, View, cut, relative
from simgov.families.base import Reply, Request, e
from simgov.truth import ColumnKind, Genre
from simgov.wording import NOTE

_DETAIL = re.compile(r"^/info/(?P<serial>\d+)/(?P<id>\d+)\.htm$")
_LIST = re.compile(r"^/(?P<slug>.+?)(?:/(?P<page>\d+))?\.htm$")
_OWNER = 1493862711
_APPLICATION_404 = (
    '<html><head><title>系统提示</title></head><body><div class="vsb-tip"><h3>系统提示：您访问的页面不存在或已被删除！</h3>'
    '<a href="javascript:history.go(-1)">返回上一页</a></div></body></html>'
)
# encoding of a column -> bytes, what the page declares, byte-order mark
_ENCODINGS = {
    None: ("utf-8", "UTF-8", b""),
    "gb18030": ("gb18030", "gb2312", b""),
    "gbk-undeclared": ("gb18030", None, b""),
    "gbk-as-utf8": ("gb18030", "UTF-8", b""),
    "utf-8-bom": ("utf-8", "gb2312", b"\xef\xbb\xbf"),
}


class Sitebuilder:
    """Columns by folder, articles by tree number and number."""

    policy_fields = frozenset({"title", "published_on", "made_on", "doc_number", "source"})
    plain_fields = frozenset({"title", "published_on", "source"})

    def column_path(self, view: View, column: Column) -> str:
        return f"/{column.slug}.htm"

    def document_path(self, view: View, document: Document, column: Column) -> str:
        return f"/info/{column.serial}/{document.id}.htm"

    def file_path(self, view: View, column: Column, name: str, moment: datetime) -> str:
        return f"/__local/{name[0]}/{name[1:3]}/{name}" if column.serial % 2 else f"/system/_content/download/{name}"

    def answer(self, view: View, request: Request) -> Reply | None:
        if request.path in ("/", "/index.htm", "/index.jsp"):
            return _reply(self._home(view), None)
        if request.path.startswith("/system/resource/code/news/click/"):
            return pieces.text_reply("128", "text/plain")
        match = _DETAIL.match(request.path)
        if match is not None:
            column, document = view.store.by_serial(view.host.id, int(match["serial"])), view.live(int(match["id"]))
            if column is None or document is None or column.key not in (document.column, *document.also):
                return Reply(_APPLICATION_404.encode(), 404)
            return _reply(self._detail(view, document, column), column.encoding)
        match = _LIST.match(request.path)
        column = None if match is None else next((one for one in view.host.columns if one.slug == match["slug"]), None)
        if match is None or column is None or column.kind is ColumnKind.LINK_OUT:
            return None
        pages = view.pages(column)
        # The newest page is the column's own file; 1 is the oldest.
        number = 1 if match["page"] is None else pages - int(match["page"]) + 1
        if match["page"] is not None and not 2 <= number <= pages:
            return None
        return _reply(self._column(view, column, number, request.path), column.encoding)

    # --- pages

    def _home(self, view: View) -> str:
        boxes = ""
        for one in view.nav():
            if one.kind is ColumnKind.LIST:
                rows = "".join(_item(view, "/index.htm", row, one, place) for place, row in enumerate(view.slice(one, 0, 6)))
                boxes += f'<div class="box"><h2><a href="{_href(view, "/index.htm", view.column_url(one))}">{e(one.name)}</a></h2><ul>{rows}</ul></div>'
        return _page(view, "/index.htm", view.host.name, "", boxes, None)

    def _column(self, view: View, column: Column, number: int, here: str) -> str:
        if column.kind is ColumnKind.LIST:
            inner = self._list(view, column, number, here)
        elif column.kind is ColumnKind.FORM:
            inner = '<form action="/system/apply.jsp" method="post">姓名：<input name="n"><br>内容：<textarea name="c"></textarea><input type="submit" value="提交"></form>'
        else:
            inner = f'<div class="v_news_content">{"".join(f"<p>{e(line)}</p>" for line in column.text)}</div>'
        menu = "".join(
            f'<li><a href="{_href(view, here, view.column_url(one))}" title="{e(one.name)}">{e(one.name)}</a>{_submenu(view, here, one)}</li>'
            for one in view.children(view.trail(column)[0])
        )
        body = f'<div class="wz">{_crumbs(view, here, column)}</div><div class="left"><ul>{menu}</ul></div><div class="right"><h3>{e(column.name)}</h3>{inner}</div>'
        return _page(view, here, f"{column.name}-{view.host.name}", self._metas(view, column, None), body, column.encoding)

    def _list(self, view: View, column: Column, number: int, here: str) -> str:
        if column.placeholder:
            return f'<ul class="lb"><li>{column.placeholder}</li></ul>'
        rows = "\n".join(_item(view, here, row, column, place) for place, row in enumerate(view.page(column, number)))
        name = "lb_new" if view.on("drift") else "lb"
        # A drifting pager leads on from the oldest page, to a file that was never made.
        pages, total = view.pages(column), view.declared_total(column)
        older = pages - number if number < pages else 0
        stem = column.slug.rsplit("/", 1)[-1]
        prefix = f"{stem}/" if number == 1 else ""
        nexts = f'<span class="p_next"><a href="{prefix}{older}.htm">下页</a></span>' if older else '<span class="p_next_d">下页</span>'
        if not older and column.has(Oddity.DRIFT) and total:
            nexts = f'<span class="p_next"><a href="{prefix}0.htm">下页</a></span>'
        last = f'<span class="p_last"><a href="{prefix}1.htm">尾页</a></span>' if pages > 1 and older else ""
        return f'<ul class="{name}">\n{rows}\n</ul><div class="pb_sys_common"><span class="p_t">共{total}条</span><span class="p_t">{number}/{view.declared_pages(column)}</span>{nexts}{last}</div>'

    def _detail(self, view: View, document: Document, column: Column) -> str:
        here = self.document_path(view, document, column)
        files = "".join(
            f'<p>附件【<a href="{_href(view, here, view.file_url(document, one))}" target="_blank">{e(one.name)}.{one.type}</a>】已下载<span id="nattach{one.serial}"></span>次</p>'
            for one in document.files
        )
        number = (
            f'<p style="text-align:center">{e(document.number)}</p>'
            if document.genre in (Genre.POLICY, Genre.PLAIN) and document.number
            else ""
        )
        click = f'<script>_showDynClicks("wbnews", {_OWNER}, {document.id})</script>'
        body = (
            f'<div class="wz">{_crumbs(view, here, column)} &gt;&gt; 正文</div><form name="_newscontent_fromname"><div class="content-title"><h3>{e(document.title)}</h3>'
            f'<i>发布日期：{document.published_at:%Y年%m月%d日}&nbsp;&nbsp;&nbsp;来源：{e(document.source)}&nbsp;&nbsp;&nbsp;点击：[{click}]</i></div><div id="vsb_content">'
            f'<div class="v_news_content">{number}{pieces.paragraphs(document)}{pieces.signature(document)}</div></div>{files}{_related(view, here, document)}</form>'
        )
        return _page(view, here, f"{document.title}-{view.host.name}", self._metas(view, column, document), body, column.encoding)

    def _metas(self, view: View, column: Column, document: Document | None) -> str:
        """One column alone has the national tags, in lower case; the rest have keywords."""
        if column.key != "tzgg" or (document is not None and document.metas is Metas.SCRIPT):
            return f'<meta name="keywords" content="{e(view.host.name)}">'
        tags = [("sitename", view.host.name), ("columnname", column.name), ("columntype", "")]
        if document is not None:
            tags += [("articletitle", document.title), ("pubdate", f"{document.published_at:%Y-%m-%d}"), ("contentsource", document.source)]
        return "".join(f'<meta name="{name}" content="{e(value)}">' for name, value in tags)


def _reply(text: str, encoding: str | None) -> Reply:
    codec, _, mark = _ENCODINGS[encoding]
    return Reply(mark + text.encode(codec, "xmlcharrefreplace"), content_type="text/html")


def _href(view: View, here: str, url: str) -> str:
    path = view.href(url)
    return relative(here, path).removeprefix("./") if path.startswith("/") else path


def _item(view: View, here: str, row: Row, column: Column, place: int) -> str:
    day = row.published_at.date()
    if column.has(Oddity.MADE_IN_ROW) and row.document is not None and row.document.made_on is not None:
        day = row.document.made_on
    text = f"{day:%m-%d}" if column.has(Oddity.SHORT_DATE) else f"{day:%Y-%m-%d}"
    top = '<font color="red">[顶]</font>' if row.pinned else ""
    return f'<li id="line_u8_{place}"><span class="date">{text}</span>{top}<a href="{_href(view, here, row.url)}" title="{e(row.title)}">{e(cut(row.title, 30))}</a></li>'


def _submenu(view: View, here: str, column: Column) -> str:
    inner = "".join(f'<dd><a href="{_href(view, here, view.column_url(one))}">{e(one.name)}</a></dd>' for one in view.children(column))
    return f"<dl>{inner}</dl>" if inner else ""


def _crumbs(view: View, here: str, column: Column) -> str:
    links = "".join(f' &gt;&gt; <a href="{_href(view, here, view.column_url(one))}">{e(one.name)}</a>' for one in view.trail(column))
    return f'您现在的位置 : <a href="{_href(view, here, view.base + "/index.htm")}">首页</a>{links}'


def _related(view: View, here: str, document: Document) -> str:
    link, back = view.interpretation_link(document), view.original_link(document)
    found = link or back
    if found is None:
        return ""
    hidden = ' style="display:none"' if document.interpreted is Interpreted.HIDDEN else ""
    text = '<img src="/images/jd.jpg">' if document.interpreted is Interpreted.IMAGE else e(found[0])
    return f'<p{hidden}>{"政策解读" if link else "相关链接"}：<a href="{_href(view, here, found[1])}">{text}</a></p>'


def _page(view: View, here: str, title: str, head: str, body: str, encoding: str | None) -> str:
    host = view.host
    declared = _ENCODINGS[encoding][1]
    charset = f'<META content="text/html; charset={declared}" http-equiv="Content-Type">' if declared else ""
    nav = "".join(f'<li><a href="{_href(view, here, view.column_url(one))}">{e(one.name)}</a></li>' for one in view.nav())
    return (
        f'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"><HTML><HEAD>{charset}<TITLE>{e(title)}</TITLE>{head}\n'
        '<LINK type="text/css" href="/style/style.css" rel="stylesheet"><!--Announced by Visual SiteBuilder 9-->\n'
        '<link rel="stylesheet" type="text/css" href="/_sitegray/_sitegray_d.css" /><script src="/_sitegray/_sitegray.js"></script>\n'
        f'<!-- CustomerNO:77656262657232303 --><script src="/system/resource/js/counter.js"></script><script>_jsq_(1001,"/index.jsp",-1,{_OWNER})</script></HEAD>\n'
        f'<BODY><div class="top"><img src="/images/top.jpg" alt="{e(host.name)}"></div><ul class="menu"><li><a href="{_href(view, here, view.base + "/index.htm")}">首页</a></li>{nav}</ul>\n{body}\n'
        f'<div class="foot">主办单位：{e(host.unit)}　网站标识码：{host.site_code}　示公网安备00000000000000号<br>{NOTE}</div></BODY></HTML>\n'
    )
