"""What a perfect observer would know of each host: columns, documents with their fields, faults, and where a duty is really missed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from simgov.archetypes.government import Standing
from simgov.archetypes.owed import dead, owed_by_document, owed_by_site
from simgov.archetypes.truth import Column, Document, Interpreted, Oddity, Way
from simgov.archetypes.view import View
from simgov.truth import ColumnKind, Genre

_POLICIES = (Genre.POLICY, Genre.PLAIN)
_NEWS_DAYS, _QUIET_DAYS, _LONG_QUIET_DAYS = 14, 183, 365
_UNPROVABLE = {
    Oddity.DRIFT: "the pager names more than there is",
    Oddity.DEAD_ENDPOINT: "the interface for the later rows is gone",
    Oddity.FAILING_ENDPOINT: "the interface fails after the first page",
}


@dataclass(frozen=True, slots=True)
class KnownColumn:
    key: str
    canonical: str | None
    name: str
    url: str
    kind: ColumnKind
    rows: int  # that the column has, whether or not they can be had
    provable: bool  # a careful crawl can prove that it has read every row
    why_not: str | None
    way: Way
    oddities: frozenset[Oddity]
    texts: tuple[str, ...] = ()  # further addresses of a column that is one text
    above: str | None = None  # address of the column that it hangs under


@dataclass(frozen=True, slots=True)
class KnownDocument:
    urls: tuple[str, ...]  # its own first, then those in further columns and its copies
    columns: tuple[str, ...]  # canonical ids
    fields: Mapping[str, str]  # what its page shows, by the names of the product's contract
    genre: Genre
    interpreted: Interpreted
    way: Way  # of the easiest column that lists it


@dataclass(frozen=True, slots=True)
class MayFail:
    """A duty that is really missed, or whose miss the rules leave open. `url` None: the site as a whole."""

    rule: str
    url: str | None
    why: str


@dataclass(frozen=True, slots=True)
class KnownHost:
    id: str
    columns: tuple[KnownColumn, ...]
    documents: tuple[KnownDocument, ...]
    may_fail: tuple[MayFail, ...]  # empty: whatever is reported is false
    reasons: frozenset[str]  # reason keys that observing the host may give


def known(standing: Standing, host_id: str, moment: datetime | None = None) -> KnownHost:
    """The truth of a host as it stands at a moment, the server's where none is given."""
    view = standing.view(host_id, moment)
    columns = tuple(_column(view, one) for one in view.host.columns)
    return KnownHost(host_id, columns, tuple(_documents(view)), tuple(_may_fail(view)), view.host.guarded)


def _column(view: View, column: Column) -> KnownColumn:
    why = next((text for oddity, text in _UNPROVABLE.items() if column.has(oddity) and view.total(column)), None)
    if column.way is Way.POSTBACK:
        why = "later pages come only for the page's own state sent back"
    elif view.on("ignore_pageNo") and column.way is Way.ENDPOINT and view.total(column) > column.per_page:
        why = "the interface repeats its first page"
    elif view.on("drift") and column.kind is ColumnKind.LIST:
        why = "the template has changed"
    return KnownColumn(
        column.key, column.canonical, column.name, view.column_url(column), column.kind, view.total(column), why is None, why, column.way,
        column.oddities, _texts(view, column), _above(view, column),
    )  # fmt: skip


def _above(view: View, column: Column) -> str | None:
    trail = view.trail(column)
    return view.column_url(trail[-2]) if len(trail) > 1 else None


def _texts(view: View, column: Column) -> tuple[str, ...]:
    if view.host.archetype != "D" or column.kind is not ColumnKind.PAGE:
        return ()
    return (f"{view.base}/gkmlpt/content/9/{column.serial}/post_{column.serial}.html",)


def _documents(view: View) -> Iterable[KnownDocument]:
    """Every document that some column really gives, once."""
    places: dict[int, list[Column]] = {}
    for column in view.host.columns:
        for entry in view.entries(column)[: column.limit]:
            if isinstance(entry, int):
                places.setdefault(entry, []).append(column)
    for number, found in places.items():
        document = view.live(number)
        if document is None:
            continue
        own = sorted(found, key=lambda one: one.key != document.column)
        urls = tuple(dict.fromkeys((*(view.document_url(document, one) for one in own), *_copies(view, document))))
        ways = [way for way in Way if any(one.way is way for one in own)]
        yield KnownDocument(
            urls, tuple(one.canonical for one in own if one.canonical), shown(view, document), document.genre, document.interpreted, ways[0]
        )  # fmt: skip


def _copies(view: View, document: Document) -> tuple[str, ...]:
    """Copies of a page for phones, and the same page by its other address."""
    if view.host.archetype == "D" and document.column in ("ywdt", "tzgg"):
        return (view.document_url(document).replace("/post_", "/mpost_"),)
    return ()


def shown(view: View, document: Document) -> Mapping[str, str]:
    """The fields that the page shows."""
    template = view.template
    names = template.policy_fields if document.genre in _POLICIES else template.plain_fields
    values = {
        "title": document.title,
        "published_on": f"{document.published_at:%Y-%m-%d}",
        "made_on": str(document.made_on or ""),
        "doc_number": document.number or "",
        "index_number": document.index_number or "",
        "issuer": document.issuer,
        "source": document.source,
        "validity": document.validity or "",
    }
    return {name: value for name, value in values.items() if name in names and value}


def _may_fail(view: View) -> Iterable[MayFail]:
    if view.host.compliant or view.host.role != "scored":
        return
    yield from _quiet_columns(view)
    if view.host.archetype in ("D", "I"):  # nothing, or a bare 暂无, where the others say why there is nothing
        yield from (MayFail("empty-columns", view.column_url(one), "no row and no reason") for one in view.host.columns if one.placeholder)
    if not {"made_on", "doc_number", "index_number", "issuer", "validity"} <= view.template.policy_fields:
        yield MayFail("document-info-fields", None, "pages of this template lack some of the fields")
    yield from (MayFail(rule, None, why) for rule, why in owed_by_site(view))
    yield from (MayFail("dead-links", url, "it leads nowhere") for link in dead(view) for url in (link, view.base + "/"))
    for document in _all(view):
        urls = {view.document_url(document, one) for one in view.host.columns if one.key in (document.column, *document.also)}
        for url in urls:
            yield from (MayFail(rule, url, why) for rule, why in owed_by_document(view, document))
            if document.genre is Genre.POLICY:
                yield from _document_misses(view, document, url)
    for number, url in _upper(view):
        if number % 5 == 2 or number >= _carried(view):
            yield MayFail("repost-upper-72h", url, "carried after 200 hours, or not at all")


def _document_misses(view: View, document: Document, url: str) -> Iterable[MayFail]:
    made = document.made_on
    if made is not None and (document.published_at.date() - made) > timedelta(days=8):
        yield MayFail("policy-published-5-working-days", url, "nine working days after it was made")
    if document.column == "gfxwj" or document.interpreted is Interpreted.MISSING:
        yield MayFail("interpretation-exists", url, "nobody interpreted it")
        yield MayFail("interpretation-in-sync", url, "nobody interpreted it")
    reading = view.store.document(view.host.id, document.interpretation) if document.interpretation is not None else None
    if reading is not None and reading.published_at.date() > document.published_at.date():
        yield MayFail("interpretation-in-sync", url, "interpreted four working days later")


def _quiet_columns(view: View) -> Iterable[MayFail]:
    for column in view.host.columns:
        rows = view.slice(column, 0, 3)
        if not rows:
            continue
        quiet = (view.moment - max(row.published_at for row in rows)).days
        if column.canonical == "ywdt" and quiet >= _NEWS_DAYS:
            yield MayFail("news-columns-2-weeks", view.column_url(column), "quiet")
            yield MayFail("news-columns-2-weeks", view.base + "/", "a quiet column")
        if quiet >= _LONG_QUIET_DAYS:
            yield MayFail("long-stale-columns", view.column_url(column), "quiet for over a year")
            yield MayFail("long-stale-columns", view.base + "/", "a column that is quiet for over a year")
        if column.in_nav and column.genre is Genre.NEWS and quiet >= _NEWS_DAYS:
            yield MayFail("home-page-updated-2-weeks", view.base + "/", "what the home page shows first is old")
        if column.canonical in ("tzgg", "zcwj", "gfxwj", "zcjd") and quiet >= _QUIET_DAYS:
            yield MayFail("notice-policy-columns-6-months", view.column_url(column), "quiet")
            yield MayFail("notice-policy-columns-6-months", view.base + "/", "a quiet column")


def _all(view: View) -> Iterable[Document]:
    seen: set[int] = set()
    for column in view.host.columns:
        for entry in view.entries(column):
            if isinstance(entry, int) and entry not in seen:
                seen.add(entry)
                document = view.live(entry)
                if document is not None:
                    yield document


def _upper(view: View) -> Iterable[tuple[int, str]]:
    there = view.of("parent")
    column = there.column("zcwj")
    for row in there.slice(column, 0, 1000) if column is not None else ():
        if row.document is not None:
            yield row.document.ordinal, row.url


def _carried(view: View) -> int:
    column = view.column("sjwj")
    return column.count if column is not None else 0
