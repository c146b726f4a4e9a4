"""H, portal interface: lists by POST of JSON, a column of the older builder whose interface is gone, an interface that fails."""

from __future__ import annotations

import json
import re
from datetime import datetime

from simgov.archetypes import pieces
from simgov.archetypes.truth import Column, Document, Interpreted, Oddity, Way
from simgov.archetypes.view import Row, View, cut
from simgov.families.base import Reply, Request, e, html
from simgov.truth import ColumnKind, Genre
from simgov.wording import NOTE

LIST = "/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
RETIRED = "/truecms/messageController/getMessage.do"
_SITE_GUID = "7eb5f7f1-9041-43ad-8e13-8fcb82ea831a"
_COLUMN = re.compile(r"^/(?:xxgk|zwdt)/003/(?P<code>003\d{3})/(?:list|subpage)\.html$")
_DETAIL = re.compile(r"^/(?:xxgk|zwdt)/003/(?P<code>003\d{3})/\d{8}/(?P<uuid>[0-9a-f-]{36})\.html$")
_CELLS = 22


class PortalApi:
    """Columns by category number, articles by day and uuid."""

    policy_fields = frozenset({"title", "published_on", "made_on", "doc_number", "index_number", "issuer"})
    plain_fields = frozenset({"title", "published_on", "source"})

    def column_path(self, view: View, column: Column) -> str:
        return f"/{_folder(column)}/003/{_code(column)}/{'list' if column.kind is ColumnKind.LIST else 'subpage'}.html"

    def document_path(self, view: View, document: Document, column: Column) -> str:
        text = view.store.hash(view.host.id, document.id)
        uuid = f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
        return f"/{_folder(column)}/003/{_code(column)}/{document.published_at:%Y%m%d}/{uuid}.html"

    def file_path(self, view: View, column: Column, name: str, moment: datetime) -> str:
        return f"/uploadfile/{moment:%Y%m%d}/{name}"

    def answer(self, view: View, request: Request) -> Reply | None:
        if request.path in ("/", "/index.html"):
            return html(self._home(view))
        if request.path == LIST:
            return self._rows(view, request)
        if request.path == RETIRED:
            return Reply(b"<html><body>HTTP Status 404</body></html>", 404)
        if request.path == "/js/webBuilderCommon.js":
            return pieces.text_reply(f'var siteInfo={{"siteGuid":"{_SITE_GUID}","projectName":"/EWB-FRONT"}};', "application/javascript")
        if request.path == "/js/govlist.js":
            return pieces.text_reply(_SCRIPT, "application/javascript")
        match = _DETAIL.match(request.path)
        if match is not None:
            document = view.live(view.store.unhash(view.host.id, match["uuid"].replace("-", "")))
            column = next((one for one in view.host.columns if _code(one) == match["code"]), None)
            if document is None or column is None or column.key not in (document.column, *document.also):
                return None
            return html(self._detail(view, document, column))
        match = _COLUMN.match(request.path)
        column = None if match is None else next((one for one in view.host.columns if _code(one) == match["code"]), None)
        return None if column is None or column.kind is ColumnKind.LINK_OUT else html(self._column(view, column))

    def _rows(self, view: View, request: Request) -> Reply:
        """One page, 0-based; the failing column answers its first page alone."""
        try:
            asked = json.loads(request.body or b"{}")
            code, page, size = str(asked["categorynum"]), int(asked["pageIndex"]), min(int(asked["pageSize"]), 100)
            known = asked["siteGuid"] == _SITE_GUID and request.method == "POST" and page >= 0 and size > 0
        except (ValueError, KeyError, TypeError):
            known, code, page, size = False, "", 0, 20
        column = next((one for one in view.host.columns if _code(one) == code), None)
        if not known or column is None:
            return pieces.text_reply('{"custom":null,"status":{"code":500,"text":"参数错误"}}')
        total = view.total(column)
        if column.has(Oddity.FAILING_ENDPOINT) and page:
            if page % 2:
                return pieces.text_reply('{"code":500,"msg":"系统繁忙"}')
            return pieces.text_reply(json.dumps({"custom": {"total": total, "data": []}, "status": {"code": 200}}))
        data = [_json(view, row, column) for row in view.slice(column, page * size, size)]
        return pieces.text_reply(
            json.dumps(
                {"custom": {"total": view.declared_total(column), "data": data}, "status": {"code": 200, "text": ""}}, ensure_ascii=False
            )
        )

    # --- pages

    def _home(self, view: View) -> str:
        boxes = ""
        for one in view.nav():
            if one.kind is ColumnKind.LIST:
                rows = "".join(
                    f'<li class="wb-data-item"><a href="{view.href(row.url)}" title="{e(row.title)}"><span class="wb-data-infor">{e(cut(row.title))}</span></a><span class="wb-data-date">{row.published_at:%m-%d}</span></li>'
                    for row in view.slice(one, 0, 6)
                )
                boxes += f'<div class="ewb-tab"><a class="tab-tt" href="{view.href(view.column_url(one))}">{e(one.name)}</a><ul class="wb-data-item-list">{rows}</ul></div>'
        return _page(view, view.host.name, pieces.meta_tags(view, None), boxes)

    def _column(self, view: View, column: Column) -> str:
        if column.kind is ColumnKind.LIST:
            inner = self._list(view, column)
        elif column.kind is ColumnKind.FORM:
            inner = '<form action="/EWB-FRONT/apply"><input name="applyname"><textarea name="applycontent"></textarea><input type="button" value="提交"></form>'
        elif column.kind is ColumnKind.SECTION:
            inner = '<p class="ewb-tip">请选择目录</p>'
        else:
            inner = f'<div class="ewb-article-content">{"".join(f"<p>{e(line)}</p>" for line in column.text)}</div>'
        top = view.trail(column)[0]
        tree = "".join(
            f'<li class="wb-tree-item"><a class="wb-tree-tt" href="{view.href(view.column_url(one))}">{e(one.name)}</a>{_subtree(view, one)}</li>'
            for one in view.children(top)
        )
        body = f'{_crumbs(view, column)}<div class="ewb-main clearfix"><ul class="wb-tree l">{tree}</ul><div class="r"><h2 class="ewb-tt">{e(column.name)}</h2>{inner}</div></div>'
        return _page(view, f"{column.name}-{view.host.name}", pieces.meta_tags(view, column), body)

    def _list(self, view: View, column: Column) -> str:
        if column.placeholder:
            return f'<ul class="wb-data-item-list"><li>{column.placeholder}</li></ul>'
        if column.has(Oddity.DEAD_ENDPOINT):
            return _old_list(view, column)
        if column.has(Oddity.SECOND_DIALECT):
            return _wide_table(view, column)
        if column.way is Way.ENDPOINT or column.has(Oddity.FAILING_ENDPOINT):
            name = "govlist2" if view.on("drift") else "govlist"
            return (
                f'<input type="hidden" id="categorynum" value="{_code(column)}"><table class="ewb-table"><thead><tr><th>索引号</th><th>标题</th><th>日期</th></tr></thead>'
                f'<tbody id="{name}"></tbody></table><div id="page" class="m-pagination"></div><script src="/js/govlist.js"></script>'
            )
        rows = "".join(
            f'<tr><td>{_index(view, row)}</td><td><a href="{view.href(row.url)}" title="{e(row.title)}">{e(cut(row.title, 28))}</a></td><td>{row.published_at:%Y-%m-%d}</td></tr>'
            for row in view.slice(column, 0, 200)
        )
        return f'<table class="ewb-table"><thead><tr><th>索引号</th><th>标题</th><th>日期</th></tr></thead><tbody>{rows}</tbody></table>'

    def _detail(self, view: View, document: Document, column: Column) -> str:
        head = pieces.meta_tags(view, column, document)
        policy = document.genre in (Genre.POLICY, Genre.PLAIN)
        made = document.made_on
        block = ""
        if policy:
            pairs = (
                ("索引号", document.index_number),
                ("发布机构", document.issuer),
                ("文号", document.number),
                ("生成日期", str(made) if made else ""),
            )
            cells = "".join(
                f'<td class="info-tt">{" ".join(label) if len(label) == 2 else label}</td><td class="info-con">{e(value)}</td>'
                for label, value in pairs
            )
            block = f'<table class="ewb-info-table"><tr>{cells}</tr></table>'
        source = "" if policy else f"&nbsp;&nbsp;信息来源：{e(document.source)}"
        files = "".join(
            f"<p><a href=\"javascript:void(0)\" onclick=\"downloadFj('{e(one.name)}','{view.file_url(document, one)}')\">{e(one.name)}</a></p>"
            for one in document.files
        )
        body = (
            f'{_crumbs(view, column)}<div class="ewb-article"><h1 class="ewb-article-tt">{e(document.title)}</h1>{block}<p class="ewb-article-info">时间发布：'
            f'{pieces.clock_text(view.host, document.published_at)}{source}&nbsp;&nbsp;阅读次数：<span id="viewGuid" value="cms_002">0</span></p><div class="ewb-article-content" '
            f'id="zoom">{pieces.paragraphs(document)}{pieces.signature(document)}{files}</div>{_related(view, document)}</div>'
        )
        return _page(view, f"{document.title}-{view.host.name}", head, body)


_SCRIPT = """$(function(){var p=0;function load(){$.ajax({url:siteInfo.projectName+'/rest/lightfrontaction/getgovinfolist',type:'post',dataType:'json',
contentType:'application/json;charset=utf-8',data:JSON.stringify({categorynum:$('#categorynum').val(),pageIndex:p,pageSize:20,siteGuid:siteInfo.siteGuid}),
success:function(r){$('#govlist').html(Mustache.render(tpl,r.custom));$('#page').pagination({total:r.custom.total,pageSize:20});}});}load();});"""


def _code(column: Column) -> str:
    return f"003{column.serial % 1000:03d}"


def _folder(column: Column) -> str:
    return "zwdt" if column.key in ("ywdt", "tzgg") else "xxgk"


def _json(view: View, row: Row, column: Column) -> dict[str, str]:
    day = row.published_at.date()
    if column.has(Oddity.MADE_IN_ROW) and row.document is not None and row.document.made_on is not None:
        day = row.document.made_on
    return {
        "title": row.title,
        "infourl": view.href(row.url),
        "infodate": str(day),
        "indexno": _index(view, row),
        "infoid": view.store.hash(view.host.id, column.serial),
    }


def _index(view: View, row: Row) -> str:
    document = row.document
    return f"{view.host.site_code[:3]}A12-07-{row.published_at.year}-{document.id % 10000:04d}-1" if document is not None else ""


def _old_list(view: View, column: Column) -> str:
    """Twenty rows in a hidden list, opened by script; the interface for the rest is retired."""
    rows = "".join(
        f'<li><span onclick="name2(\'{view.href(row.url)}\')" title="{e(row.title)}">{e(cut(row.title))}</span><em>{row.published_at:%Y-%m-%d}</em></li>'
        for row in view.slice(column, 0, column.limit or 20)
    )
    total, size = view.total(column), column.per_page
    return (
        f'<ul id="initData" style="display:none">{rows}</ul><div id="list"></div><div id="pageBar"></div><script>var totalRecord={total},pageSize={size};function name2(u){{window.open(u)}}'
        f"function getData(s,n){{$.ajax({{url:'{RETIRED}?startrecord='+s+'&endrecord='+n+'&columnId={column.serial}&callback=?',dataType:'jsonp'}})}}"
        "$('#list').html($('#initData').html());</script>"
    )


def _wide_table(view: View, column: Column) -> str:
    """Twenty-two cells a row, most of them blank, anchors without a target among them."""
    rows = ""
    for number, row in enumerate(view.slice(column, 0, 200), 1):
        cells = [
            f"<td>{number}</td>",
            f"<td>{_index(view, row)}</td>",
            '<td><a href=""></a></td>',
            f'<td><a href="{view.href(row.url)}">{e(row.title)}</a></td>',
        ]
        cells += [f"<td>{row.published_at:%Y-%m-%d}</td>", '<td><a href="">办理依据</a></td>']
        rows += f"<tr>{''.join(cells)}{'<td>&nbsp;</td>' * (_CELLS - len(cells))}</tr>"
    return f'<div class="scroll"><table class="wide" border="1">{rows}</table></div>'


def _subtree(view: View, column: Column) -> str:
    inner = "".join(f'<li><a href="{view.href(view.column_url(one))}">{e(one.name)}</a></li>' for one in view.children(column))
    return f'<ul class="wb-tree-sub">{inner}</ul>' if inner else ""


def _crumbs(view: View, column: Column) -> str:
    links = "".join(f'<li><a href="{view.href(view.column_url(one))}">{e(one.name)}</a></li>' for one in view.trail(column))
    return f'<ol class="ewb-location"><li>您的位置：</li><li><a href="/">首页</a></li>{links}</ol>'


def _related(view: View, document: Document) -> str:
    link, back = view.interpretation_link(document), view.original_link(document)
    found = link or back
    if found is None:
        return ""
    hidden = ' style="display:none"' if document.interpreted is Interpreted.HIDDEN else ""
    text = '<img src="/images/jd.png">' if document.interpreted is Interpreted.IMAGE else e(found[0])
    return f'<div class="ewb-related"{hidden}><p>{"相关解读" if link else "相关文件"}</p><a href="{view.href(found[1])}">{text}</a></div>'


def _page(view: View, title: str, head: str, body: str) -> str:
    host = view.host
    nav = "".join(f'<li><a href="{view.href(view.column_url(one))}">{e(one.name)}</a></li>' for one in view.nav())
    return (
        f'<!DOCTYPE html>\n<html lang="zh-cn">\n<head>\n<meta charset="utf-8">\n<title>{e(title)}</title>\n{head}\n<link rel="stylesheet" href="/css/ewb.css">\n<script src="/js/jquery.min.js"></script>\n'
        f'<script src="/js/webBuilderCommon.js"></script>\n</head>\n<body>\n<div class="ewb-header"><a href="/">{e(host.name)}</a><ul class="ewb-nav"><li><a href="/index.html">首页</a></li>{nav}<li><a href="http://{host.address}.:80/">无障碍</a></li></ul></div>\n'
        f'<div class="ewb-container">{body}</div>\n<div class="ewb-footer"><p>主办单位：{e(host.unit)}</p><p>政府网站标识码：{host.site_code}</p><p>{NOTE}</p></div>\n</body>\n</html>\n'
    )
