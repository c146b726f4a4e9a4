"""I, old county: GBK, pagers by query and by postback, dates without a year, the home page in place of a 404."""

from __future__ import annotations

import base64
import re
from datetime import datetime

from simgov.archetypes import pieces
from simgov.archetypes.truth import Column, Document, Interpreted, Oddity, Way
from simgov.archetypes.view import Row, View, cut
from simgov.families.base import Reply, Request, e
from simgov.truth import ColumnKind, Genre
from simgov.wording import NOTE

_PHP = frozenset({"tzgg", "czyjs"})
_OTHER_CODE = "9900000999"  # of the site that the template was copied from
_ASSET = re.compile(r"\.(css|js|png|jpg|gif|ico)$")


class OldCounty:
    """Columns and articles by number in the query."""

    policy_fields = frozenset({"title", "published_on", "made_on", "doc_number", "index_number"})
    plain_fields = frozenset({"title", "published_on", "source"})

    def column_path(self, view: View, column: Column) -> str:
        if column.key in _PHP:
            return f"/index.php?m=content&c=index&a=lists&catid={column.serial}"
        if column.kind is ColumnKind.LIST:
            return f"/xxgk/List.aspx?lmid={column.serial}"
        return f"/xxgk/Default.aspx?lmid={column.serial}"

    def document_path(self, view: View, document: Document, column: Column) -> str:
        if column.key in _PHP:
            return f"/index.php?m=content&c=index&a=show&catid={column.serial}&id={document.id}"
        return f"/xxgk/NewsView.aspx?NewsID={document.id}&ClassID={column.serial}"

    def file_path(self, view: View, column: Column, name: str, moment: datetime) -> str:
        return f"/UploadFiles/{moment:%Y%m}/{name}"

    def answer(self, view: View, request: Request) -> Reply | None:
        """Every page of the host; what is not there is the home page, with 200."""
        query = request.query
        if request.path == "/xxgk/List.aspx":
            found = self._list_at(view, query.get("lmid"), self._asked(view, request))
        elif request.path == "/xxgk/Default.aspx":
            found = self._list_at(view, query.get("lmid"), 1)
        elif request.path == "/xxgk/NewsView.aspx":
            found = self._detail_at(view, query.get("ClassID"), query.get("NewsID"))
        elif request.path == "/index.php" and query.get("a") == "lists":
            found = self._list_at(view, query.get("catid"), pieces.number(query.get("page", "1")) or 1)
        elif request.path == "/index.php" and query.get("a") == "show":
            found = self._detail_at(view, query.get("catid"), query.get("id"))
        elif request.path.startswith("/old/"):
            found = '<html><head><meta http-equiv="refresh" content="0;url=/"></head><body></body></html>'
        elif _ASSET.search(request.path) or pieces.file_reply(request.path) is not None:
            return None
        else:
            found = None
        return _reply(found or self._home(view))

    def _asked(self, view: View, request: Request) -> int:
        """The page of a list, from the query or from the state that a form sent back."""
        if request.method == "POST" and request.form.get("__VIEWSTATE") == _state(request.query.get("lmid", "")):
            return pieces.number(request.form.get("__EVENTARGUMENT")) or 1
        serial = pieces.number(request.query.get("lmid"))
        column = None if serial is None else view.store.by_serial(view.host.id, serial)
        if column is not None and column.way is Way.POSTBACK:
            return 1  # whatever the query says
        return pieces.number(request.query.get("page", "1")) or 1

    def _list_at(self, view: View, serial: str | None, page: int) -> str | None:
        number = pieces.number(serial)
        column = None if number is None else view.store.by_serial(view.host.id, number)
        if column is None or column.kind is ColumnKind.LINK_OUT:
            return None
        return self._column(view, column, min(max(1, page), view.pages(column)))  # past the end stands the last page again

    def _detail_at(self, view: View, serial: str | None, number: str | None) -> str | None:
        place, article = pieces.number(serial), pieces.number(number)
        column = None if place is None else view.store.by_serial(view.host.id, place)
        document = view.live(article)
        if column is None or document is None or column.key not in (document.column, *document.also):
            return None
        return self._detail(view, document, column)

    # --- pages

    def _home(self, view: View) -> str:
        boxes = ""
        for one in view.nav():
            if one.kind is ColumnKind.LIST:
                rows = "".join(
                    f'<tr><td height=24>·<a href="{e(view.href(row.url))}">{e(cut(row.title, 18))}</a></td><td>{row.published_at:%m-%d}</td></tr>'
                    for row in view.slice(one, 0, 6)
                )
                boxes += f'<table width=300><tr><td bgcolor=#cc0000><a href="{e(view.href(view.column_url(one)))}"><font color=white>{e(one.name)}</font></a></td></tr>{rows}</table>'
        return _page(view, view.host.name, f"<marquee>欢迎访问{e(view.host.name)}网站</marquee>{boxes}")

    def _column(self, view: View, column: Column, number: int) -> str:
        if column.kind is ColumnKind.LIST:
            inner = self._list(view, column, number)
        elif column.kind is ColumnKind.FORM:
            inner = '<form action="/xxgk/Apply.aspx" method=post>姓名<input name=xm>内容<textarea name=nr></textarea><input type=submit value=提交></form>'
        else:
            inner = "".join(f"<p>　　{e(line)}</p>" for line in column.text)
        menu = _menu(view, view.trail(column)[0])
        body = f'<table width=980 align=center><tr><td colspan=2>{_crumbs(view, column)}</td></tr><tr><td width=180 valign=top><table>{menu}</table></td><td valign=top class="nr"><b>{e(column.name)}</b><br>{inner}</td></tr></table>'
        return _page(view, f"{view.host.name}-{column.name}", body)

    def _list(self, view: View, column: Column, number: int) -> str:
        if column.placeholder:
            return "<table width=100%><tr><td>暂无</td></tr></table>"
        rows = "\n".join(
            f'<tr><td><img src="/images/dot.gif">{"[顶]" if row.pinned else ""}<a href="{e(view.href(row.url))}" target=_blank>{e(cut(row.title, 26))}</a></td><td width=80>{_day(row, column)}</td></tr>'
            for row in view.page(column, number)
        )
        name = "tb_list" if view.on("drift") else "newslist"
        table = f'<table width=100% class="{name}">\n{rows}\n</table>'
        pages, total = view.declared_pages(column), view.declared_total(column)
        if column.key in _PHP:
            return (
                f'{table}<div id="pages" class="text-c"><a class="a1">{total}条</a>{_php_links(column, number, view.pages(column))}</div>'
            )
        address = f"/xxgk/List.aspx?lmid={column.serial}&amp;page="
        postback = column.way is Way.POSTBACK
        links = [
            (text, f"javascript:__doPostBack('Body$AspNetPager1','{page}')" if postback else f"{address}{page}")
            for text, page in (("首页", 1), ("上一页", number - 1), ("下一页", number + 1), ("尾页", pages))
            if 1 <= page <= pages and page != number
        ]
        anchors = "&nbsp;".join(f'<a href="{href}">{text}</a>' for text, href in links)
        return (
            f'<form method="post" action="List.aspx?lmid={column.serial}" id="form1"><input type="hidden" name="__VIEWSTATE" value="{_state(str(column.serial))}" /><input type="hidden" name="__EVENTTARGET" value="" />'
            f'<input type="hidden" name="__EVENTARGUMENT" value="" />{table}<div id="Body_AspNetPager1">第{number}页 共 {pages}页 {total}条记录 {anchors}</div></form>'
        )

    def _detail(self, view: View, document: Document, column: Column) -> str:
        number = f"<p align=center>{e(document.number)}</p>" if document.number and document.genre in (Genre.POLICY, Genre.PLAIN) else ""
        index = f"<td>索 引 号：{e(document.index_number)}</td><td>文 号：{e(document.number)}</td>" if document.index_number else ""
        block = f"<table width=100% border=1><tr>{index}</tr></table>" if index else ""
        files = "".join(
            f'<p><a href="{view.href(view.file_url(document, one))}">点击下载：{e(one.name)}.{one.type}</a></p>' for one in document.files
        )
        source = "" if index else f"　来源：{e(document.source)}"
        copied = document.column == "gfxwj" and document.ordinal in (3, 4)
        body = (
            f'<table width=980 align=center><tr><td>{_crumbs(view, column)}</td></tr><tr><td>{block}</td></tr><tr><td align=center class="bt"><font size=5><b>{e(document.title)}</b></font></td></tr>'
            f'<tr><td align=center>发布时间：{document.published_at:%Y-%m-%d}{source}　点击数：<script src="/Hits.aspx?id={document.id}"></script></td></tr><tr><td class="wenZhang">{number}'
            f"{pieces.paragraphs(document, 'margin:0cm;mso-layout-grid-align:none')}{pieces.signature(document)}{files}{_related(view, document)}</td></tr></table>"
        )
        return _page(view, f"{document.title}-{view.host.name}", body, code=_OTHER_CODE if copied else None)


def _state(serial: str) -> str:
    return base64.b64encode(f"/wEPDwUKLTg2MDk3{serial}MDRkZA==".encode()).decode()


def _reply(text: str) -> Reply:
    return Reply(text.encode("gb18030", "xmlcharrefreplace"), content_type="text/html")


def _day(row: Row, column: Column) -> str:
    day = row.published_at.date()
    if column.has(Oddity.MADE_IN_ROW) and row.document is not None and row.document.made_on is not None:
        day = row.document.made_on
    return f"{day:%m-%d}" if column.has(Oddity.SHORT_DATE) else f"{day:%Y-%m-%d}"


def _php_links(column: Column, number: int, pages: int) -> str:
    base = f"/index.php?m=content&amp;c=index&amp;a=lists&amp;catid={column.serial}&amp;page="
    middle = "".join(f"<span>{n}</span>" if n == number else f'<a href="{base}{n}">{n}</a>' for n in range(1, pages + 1))
    return (
        f'<a href="{base}{max(1, number - 1)}" class="a1">上一页</a>{middle}<a href="{base}{min(pages, number + 1)}" class="a1">下一页</a>'
    )


def _menu(view: View, column: Column) -> str:
    return "".join(
        f'<tr><td><a href="{e(view.href(view.column_url(one)))}">{e(one.name)}</a></td></tr>{_menu(view, one)}'
        for one in view.children(column)
    )


def _crumbs(view: View, column: Column) -> str:
    links = "".join(f' > <a href="{e(view.href(view.column_url(one)))}">{e(one.name)}</a>' for one in view.trail(column))
    return f'所在位置: <a href="/">首页</a>{links}'


def _related(view: View, document: Document) -> str:
    link, back = view.interpretation_link(document), view.original_link(document)
    found = link or back
    if found is None:
        return ""
    hidden = ' style="display:none"' if document.interpreted is Interpreted.HIDDEN else ""
    return f'<p{hidden}>{"政策解读" if link else "政策原文"}：<a href="{e(view.href(found[1]))}">{e(found[0])}</a></p>'


def _page(view: View, title: str, body: str, *, code: str | None = None) -> str:
    host = view.host
    nav = "".join(f'<td><a href="{e(view.href(view.column_url(one)))}">{e(one.name)}</a></td>' for one in view.nav())
    return (
        f'<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html; charset=gb2312">\n<title>{e(title)}</title>\n<link href="/css/css.css" rel="stylesheet" type="text/css">\n</head>\n<body topmargin=0>\n'
        f'<table width=980 align=center><tr><td colspan=9><img src="/images/top.jpg" width=980></td></tr><tr bgcolor=#eeeeee><td><a href="/">首页</a></td>{nav}<td><a href="/old/bbs/">论坛</a></td></tr></table>\n{body}\n'
        f"<table width=980 align=center><tr><td align=center>主办单位：{e(host.unit)} 网站标识码：{code or host.site_code}<br>{NOTE}</td></tr></table>\n</body>\n</html>\n"
    )
