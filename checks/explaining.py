"""What explains a policy on a site: the stored pages and the rows that are interpretations, and what each says it is about.

A draft's 起草说明 is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from checks.matching import numbers_in
from checks.scope import is_policy_document, publication_is_weak, title_of
from checks.shared import per_view
from checks.tree import current_listings, tree
from data.catalogue import load_columns
from data.days import civil
from data.records import Document, DocumentKind, Evidence, Listing
from data.text import bare, title_core, title_key
from data.urls import url_key
from data.view import SiteView

_NAMED = re.compile("解读|图解|一图(读|看)懂|一张图|读懂|答记者问|政策问答|问答|吹风会|新闻发布会|政策解答|政策明白卡")
_NO_INTERPRETATION = re.compile(
    "(通知|办法|意见|方案|规定|制度|细则|要点|汇总表?|统计表?|目录|名单|清单|制度)$|征求意见|起草说明|(开展|做好|加强|推进|规范).{0,12}解读"
)
_FRONT = re.compile(
    r"^[【\[(（]?(政策|图文|文字|视频|动漫|动画|专家|部门|媒体|负责人|领导|简明)*(解读|图解|问答|解答|新闻发布会)[】\])）]?[:：|｜丨\-—\s]+"
    r"|^[【\[(（](图文|图片|文字|视频|动漫|专家|部门|政策|一图)*(解读|图解|读懂)[】\])）]|^(政策)?(图解|解读)(?=《)|^一(张)?图(读懂|看懂|解读)[:：|｜丨]?|^政策[|｜]+"
)
_BACK = re.compile(
    r"(的)?(政策|文字|图文|图片|视频|动漫|专家|部门|简明|主要|有关|相关|热点|内容|负责人就?|问题)*(解读|图解|问答|解读材料|解读说明|政策问答|答记者问|新闻发布会(实录|文字实录)?|政策明白卡)([之(（]?[一二三四五六\d][)）]?)?$"
)
_OPEN_ENDED = re.compile(r"》\S{0,2}等|等[\d一二两三四五六七八九十]*(个|项|件|份|部)|系列(政策|文件|制度)|一揽子|配套(政策|文件|措施|制度)")
_QUOTED = re.compile(r"《([^《》]*(?:《[^《》]*》[^《》]*)*)》")


@dataclass(frozen=True, slots=True)
class Interpretation:
    """One text that explains a policy: a stored page, or a row that leads to one elsewhere."""

    key: str  # url_key, or the row's title where it has no address
    url: str | None
    title: str
    published: date | None
    weak: bool  # the date may be that of a later change
    first_seen: datetime
    observed_at: datetime
    sha256: str | None
    about: tuple[str, ...]  # cores that its own title names
    quotes: tuple[str, ...]  # cores quoted in its text
    numbers: frozenset[str]  # 文号 quoted in title or text
    originals: frozenset[str]  # url_key of the pages that it links to as its original
    open_ended: bool  # the title says that more is explained than it names (《…》等三个文件)
    related: frozenset[str]  # url_key of the pages that it links to without saying why

    @property
    def known_by(self) -> date | None:
        """The day of publication: as shown, or the day of our first sighting where that was earlier."""
        if self.published is None:
            return None
        return min(self.published, civil(self.first_seen))

    def evidence(self, note: str) -> Evidence:
        return Evidence(self.url or self.key, self.observed_at, self.sha256, note)


def subjects_of(title: str) -> tuple[str, ...]:
    """What an interpretation's title says it explains, as title cores; nothing where it says only 政策解读."""
    text = bare(title)
    quoted = [title_core(inner) for inner in _QUOTED.findall(text)]
    if quoted:
        return tuple(core for core in quoted if core)
    stripped = _BACK.sub("", _FRONT.sub("", text))
    core = title_core(stripped) if len(title_key(stripped)) >= 4 else ""
    return (core,) if core else ()


def is_interpretation(document: Document) -> bool:
    """Whether a stored page explains a policy: by its kind, its column, or its title."""
    title = bare(title_of(document))
    if document.reading.kind is DocumentKind.INTERPRETATION:
        return "起草说明" not in title
    if document.reading.kind in (DocumentKind.CONSULTATION, DocumentKind.CONSULTATION_RESULT) or _NO_INTERPRETATION.search(title):
        return False
    if _NAMED.search(title):
        return True
    return any(load_columns().is_within(column, "zcjd") for column in document.columns) and not is_policy_document(document)


@per_view
def collect(view: SiteView) -> tuple[Interpretation, ...]:
    """Every interpretation of a site, its rows included."""
    return tuple(_collect(view))


def _collect(view: SiteView) -> Iterator[Interpretation]:
    rows: dict[str, Listing] = {}
    columns = {url_key(column.url) for column in tree(view.columns).within("zcjd")}
    for row in current_listings(view):
        if url_key(row.column_url) in columns:
            rows.setdefault(url_key(row.url) if row.url else f"{row.column_url} {row.title}", row)
    stored: set[str] = set()
    for document in view.documents:
        if is_interpretation(document):
            yield _of_document(document, rows.get(url_key(document.url)))
        stored.add(url_key(document.url))
    for key, row in rows.items():
        if key not in stored and not _NO_INTERPRETATION.search(bare(row.title)):
            yield _of_row(key, row)


def _of_document(document: Document, row: Listing | None) -> Interpretation:
    reading = document.reading
    shown = reading.published_at or (row.date.value if row and row.date else document.list_date.value if document.list_date else None)
    about = subjects_of(title_of(document))
    quotes = tuple(
        dict.fromkeys(core for core in (title_core(inner) for inner in _QUOTED.findall(bare(reading.body))[:20]) if len(core) >= 4)
    )
    return Interpretation(
        key=url_key(document.url),
        url=document.url,
        title=title_of(document),
        published=civil(shown) if shown else None,
        weak=publication_is_weak(document),
        first_seen=min(document.first_seen, row.first_seen) if row else document.first_seen,
        observed_at=document.observed_at,
        sha256=document.sha256,
        about=about,
        quotes=quotes,
        numbers=numbers_in(title_of(document)) | numbers_in(reading.body),
        originals=_links(document, "original"),
        open_ended=bool(_OPEN_ENDED.search(bare(title_of(document)))),
        related=_links(document, "related"),
    )


def _links(document: Document, relation: str) -> frozenset[str]:
    return frozenset(url_key(related.url) for related in document.reading.related if related.relation == relation)


def _of_row(key: str, row: Listing) -> Interpretation:
    return Interpretation(
        key=key,
        url=row.url,
        title=row.title,
        published=civil(row.date.value) if row.date else None,
        weak=False,
        first_seen=row.first_seen,
        observed_at=row.last_seen,
        sha256=None,
        about=subjects_of(row.title),
        quotes=(),
        numbers=numbers_in(row.title),
        originals=frozenset(),
        open_ended=bool(_OPEN_ENDED.search(bare(row.title))),
        related=frozenset(),
    )
