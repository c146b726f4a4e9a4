"""Pieces of pages that are alike wherever they stand: dates, metas with real mistakes, files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache

from simgov import files
from simgov.archetypes.truth import Column, Document, Host, Metas
from simgov.archetypes.view import View
from simgov.families.base import Reply, e
from simgov.wording import NOTE

_FILE = re.compile(r"\.(pdf|docx?|wps|xlsx?|ofd|zip|jpg)$")
_KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
}


def file_reply(path: str) -> Reply | None:
    """A file, where the path is one."""
    match = _FILE.search(path)
    if match is None:
        return None
    return Reply(_bytes(match[1]), content_type=_KINDS.get(match[1], "application/octet-stream"))


@cache
def _bytes(kind: str) -> bytes:
    """A file of a type, the same for every document: a note on the simulation, or a binary that nobody reads."""
    note = f"{NOTE}。本附件为模拟站点所附，内容与正文一致，不含任何个人信息，请以正文为准。"
    match kind:
        case "pdf":
            return files.text_pdf(note)
        case "docx":
            return files.docx([note])
        case "ofd":
            return files.ofd([note])
        case _:
            return files.doc()


def text_reply(text: str, kind: str = "application/json; charset=utf-8") -> Reply:
    return Reply(text.encode(), content_type=kind)


def number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() and len(text) < 16 else None


def clock_text(host: Host, moment: datetime, day: str = "%Y-%m-%d") -> str:
    """The publication as fine as the host shows it."""
    return moment.strftime({"day": day, "minute": f"{day} %H:%M", "second": f"{day} %H:%M:%S"}[host.clock])


def zh(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.year}年{moment.month}月{moment.day}日"


def meta_tags(
    view: View, column: Column | None, document: Document | None = None, *, drift: timedelta | None = None, day: str = "%Y-%m-%d %H:%M"
) -> str:
    """The tags of the national standard, with the mistakes that real pages make.

    `drift`: the publication date in the metas is later by so much than the visible one; `day`: its format.
    """
    host = view.host
    pairs = [("SiteName", host.name), ("SiteDomain", host.address), ("SiteIDCode", host.site_code)]
    if column is not None:
        pairs += [("ColumnName", column.name), ("ColumnDescription", f"{host.name}{column.name}栏目"), ("ColumnKeywords", column.name)]
        pairs += [("ColumnType", column.name)]
    if document is None:
        return _tags(pairs)
    moment = document.published_at + (drift or timedelta())
    pairs += [("ArticleTitle", document.title), ("PubDate", moment.strftime(day)), ("ContentSource", document.source)]
    pairs += [("Keywords", document.topic or ""), ("Author", ""), ("Description", "".join(document.body)[:120])]
    match document.metas:
        case Metas.COMPLETE:
            return _tags(pairs)
        case Metas.WRONG:
            return _wrong(host, pairs, document.ordinal)
        case Metas.SCRIPT:
            lines = "".join(f"m('{name}',{value!r});" for name, value in pairs)
            return (
                "<script>function m(n,c){var t=document.createElement('meta');t.name=n;t.content=c;"
                f"document.head.appendChild(t)}}{lines}</script>"
            )
        case Metas.NONE:
            return ""


def _tags(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f'<meta name="{name}" content="{e(value)}">' for name, value in pairs)


def _wrong(host: Host, pairs: list[tuple[str, str]], n: int) -> str:
    """Swapped attributes, lower case, a missing blank, a domain with scheme, a name of the parent, a tag twice."""
    lines: list[str] = []
    for place, (name, value) in enumerate(pairs):
        shown = value
        if name == "SiteDomain":
            shown = f"{host.scheme}://{host.address}/,{host.address}"
        elif name == "SiteIDCode" and n % 2:
            shown = ""
        elif name == "ColumnType":
            shown = "10"
        elif name == "Description":
            shown = f"{value}&nbsp;\n  {value}"
        if place % 3 == 1:
            lines.append(f'<META content="{e(shown)}" NAME="{name}" />')
        elif place % 3 == 2:
            lines.append(f'<meta name="{name.lower()}"content="{e(shown)}">')
        else:
            lines.append(f'<meta name="{name}" content="{e(shown)}"/>')
    lines.append('<meta name="keywords" content="政务公开,政府网站">')
    return "\n".join(lines)


def paragraphs(document: Document, style: str = "text-indent:2em") -> str:
    return "\n".join(f'<p style="{style}">{e(line)}</p>' for line in document.body)


def signature(document: Document) -> str:
    """The closing lines of a policy document."""
    if document.made_on is None:
        return ""
    day = document.made_on
    return f'<p style="text-align:right">{e(document.issuer)}</p><p style="text-align:right">{day.year}年{day.month}月{day.day}日</p>'


def policy_pairs(document: Document) -> tuple[tuple[str, str], ...]:
    """Label and value of a policy document's block, in the usual order."""
    made = document.made_on
    return (
        ("索引号", document.index_number or ""),
        ("主题分类", document.topic or ""),
        ("发布机构", document.issuer),
        ("成文日期", f"{made.year}年{made.month}月{made.day}日" if made else ""),
        ("名称", document.title),
        ("文号", document.number or ""),
        ("发布日期", document.published_at.strftime("%Y-%m-%d")),
        ("有效性", document.validity or ""),
    )
