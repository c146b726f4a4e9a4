"""What the families share: requests and replies, absolute addresses, and the pieces of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from html import escape
from typing import Protocol

from simgov.files import made
from simgov.truth import Attachment, Column, ColumnKind, Document, Site, Snapshot
from simgov.wording import NOTE


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    scheme: str = "http"


@dataclass(frozen=True, slots=True)
class Reply:
    body: bytes
    status: int = 200
    content_type: str = "text/html"
    headers: tuple[tuple[str, str], ...] = ()


Route = Callable[[Request], Reply]


def file_route(document: Document, file: Attachment) -> Route:
    """What the address of a document's file answers."""

    def answer(_: Request) -> Reply:
        found = made(document, file)
        return (
            Reply(found[0], content_type=found[1]) if found is not None else Reply(b"<html><body><h1>404 Not Found</h1></body></html>", 404)
        )

    return answer


class Family(Protocol):
    """One CMS: where it puts things, and what it answers."""

    def column_path(self, column: Column) -> str: ...

    def document_path(self, document: Document, column: Column) -> str: ...

    def routes(self, world: World, site: Site) -> dict[str, Route]: ...


@dataclass(frozen=True, slots=True)
class World:
    """The district at a moment, with the base URL of every host."""

    now: Snapshot
    bases: Mapping[str, str]  # site id -> http://127.0.0.11:8100
    families: Mapping[str, Family] = field(repr=False)

    def column_path(self, column: Column) -> str:
        return self.families[column.site].column_path(column)

    def column_url(self, column_id: str) -> str:
        column = self.now.columns[column_id]
        if column.kind is ColumnKind.LINK_OUT and column.target is not None:
            return self.column_url(column.target)
        return self.bases[column.site] + self.column_path(column)

    def document_path(self, document: Document, column_id: str | None = None) -> str:
        column = self.now.columns[column_id or document.columns[0]]
        return self.families[document.site].document_path(document, column)

    def document_url(self, document: Document) -> str:
        if document.links_out and document.copy_of is not None:
            return self.document_url(self.now.documents[document.copy_of])
        return self.bases[document.site] + self.document_path(document)

    def href(self, document: Document, site: Site) -> str:
        """A root-relative address on the document's own site, an absolute one elsewhere."""
        url = self.document_url(document)
        return url.removeprefix(self.bases[site.id]) if url.startswith(self.bases[site.id]) else url

    def column_href(self, column: Column, site: Site) -> str:
        url = self.column_url(column.id)
        return url.removeprefix(self.bases[site.id]) if url.startswith(self.bases[site.id]) else url

    def related(self, document: Document) -> tuple[tuple[str, bool, Document], ...]:
        """Heading, hidden and target of the related links that are on line."""
        found = [
            (link.heading, link.hidden, self.now.documents[link.document])
            for link in document.related
            if link.document in self.now.documents
        ]
        found += [
            ("相关文件", False, self.now.documents[key])
            for key in document.interprets
            if key in self.now.documents and self.now.documents[key].site == document.site
        ]
        return tuple(found)


def html(text: str, encoding: str = "utf-8", status: int = 200, *, declared: bool = True) -> Reply:
    """An HTML answer; `declared`: the header names the charset."""
    kind = f"text/html; charset={encoding.upper()}" if declared else "text/html"
    return Reply(text.encode(encoding, "xmlcharrefreplace"), status, kind)


def e(text: str | None) -> str:
    return escape(text or "", quote=True)


def paragraphs(lines: Iterable[str], style: str = "text-indent: 2em;") -> str:
    return "\n".join(f'<p style="{style}">{e(line)}</p>' for line in lines)


def zh_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def stamp(document: Document, site: Site, seconds: bool = False) -> str:
    """The visible publication time, as fine as the site shows it."""
    if site.date_only:
        return document.published_at.strftime("%Y-%m-%d")
    return document.published_at.strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def fields(document: Document, site: Site) -> tuple[tuple[str, str], ...]:
    """Label and value of the metadata block, in its usual order; what a seed withholds is left out or replaced."""
    made, issued = document.made_on, document.issued_on
    rows = (
        ("索引号", document.index_number or ""),
        ("主题分类", document.topic or ""),
        ("发布机构", document.issuer or ""),
        ("成文日期", zh_date(made) if made else ""),
        ("印发日期", zh_date(issued) if issued else ""),
        ("名称", document.title),
        ("文号", document.number or ""),
        ("发布日期", document.published_at.strftime("%Y-%m-%d")),
        ("有效性", document.validity or ""),
        ("公开方式", "主动公开"),
    )
    shown = dict(document.shown_as)
    kept = [(label, shown.get(label, value)) for label, value in rows]
    return tuple((label, value) for label, value in kept if value and not (label == "印发日期" and issued is None))


def source_line(document: Document, site: Site) -> str:
    """The value behind 来源：, empty where the page shows none."""
    shown = dict(document.shown_as)
    return shown.get("来源", document.source or site.name)


def footer(site: Site) -> str:
    code = site.site_code
    return (
        f'<div class="footer"><p>主办单位：{e(site.unit)}　承办单位：{e(site.short)}信息中心　联系电话：0000-00000000</p>'
        f'<p>网站标识码：{code}　<a href="https://beian.miit.gov.cn/" rel="nofollow">京ICP备00000000号-1</a>　'
        '<a href="https://beian.mps.gov.cn/" rel="nofollow">京公网安备11000000000000号</a></p>'
        "<p><script>document.write(unescape(\"%3Cspan id='_ideConac'%3E%3C/span%3E%3Cscript src='http://dcs.conac.cn/js/00/000/0000/00000000/"
        f"CA{code}.js' type='text/javascript'%3E%3C/script%3E\"));</script>"
        f'<a href="https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code={code}" rel="nofollow">政府网站找错</a></p>'
        f"<p>{NOTE}</p></div>"
    )


def metas(site: Site, column: Column | None = None, document: Document | None = None, generated_at: datetime | None = None) -> str:
    """The tags of the national meta standard; article pages carry the third group.

    `generated_at`: a template that writes the time of generation where the publication date belongs.
    """
    domain = f"http://{site.address}/" if site.level == "town" else site.address
    tags = [("SiteName", site.name), ("SiteDomain", domain), ("SiteIDCode", site.site_code)]
    if column is not None:
        tags += [
            ("ColumnName", column.name),
            ("ColumnDescription", f"{site.name}{column.name}栏目"),
            ("ColumnKeywords", column.name),
            ("ColumnType", column.name),
        ]
    if document is None and column is not None and column.kind is ColumnKind.PAGE:
        updated = column.text[-1].removeprefix("更新日期：") if column.text else ""
        tags += [("ArticleTitle", column.name), ("PubDate", updated), ("ContentSource", site.name)]
    if document is not None:
        tags += [
            ("ArticleTitle", document.title),
            ("PubDate", f"{generated_at:%Y-%m-%d %H:%M:%S}" if generated_at else stamp(document, site)),
            ("ContentSource", source_line(document, site)),
            ("Keywords", document.topic or ""),
            ("Author", ""),
        ]
    return "\n".join(f'<meta name="{name}" content="{e(value)}" />' for name, value in tags)


def landing_lists(world: World, site: Site) -> tuple[Column, ...]:
    """The list columns whose newest rows the home page shows."""
    return tuple(column for column in world.now.nav(site.id) if column.kind is ColumnKind.LIST)
