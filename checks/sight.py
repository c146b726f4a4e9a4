"""What a site is seen to hold, piece by piece, and the visits at which all that could hold a thing was read, so that it is not there.

A piece is a page of the site or a row that leads to one. That a piece is nowhere is said only where the home page, the first-level
pages and every list that could hold it were read to the end; of a unit that leans on its parent's portal, there as well.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from checks.disclosure import unread_on_the_way
from checks.observing import GONE, Held, Reading, held, is_complete, latest_crawl, shows_everything_new, too_old, unread_reason
from checks.papers import file_evidence, whole_body, words_of
from checks.scope import publication_is_weak, title_of, withdrawn
from checks.shared import per_view
from checks.tree import columns_behind_the_door, site_tree
from data.catalogue import Rule
from data.days import civil, zh_day
from data.files import FileSeen
from data.records import Column, ColumnKind, Crawl, CrawlState, Document, Evidence, Listing, Subject, SubjectKind
from data.text import bare
from data.urls import netloc, url_key
from data.view import SiteView

_NAME_CHARS = 20  # a longer label is a headline


@dataclass(frozen=True, slots=True)
class Piece:
    """A page of a site, with the rows that lead to it, or a row whose page was not read."""

    title: str
    key: str  # the title without white space, for patterns
    url: str | None
    document: Document | None
    rows: tuple[Listing, ...]
    columns: tuple[str, ...]  # canonical ids of the columns it stands in
    standing: bool  # whether it still stood there at the last reading

    @property
    def first_seen(self) -> datetime:
        seen = [row.first_seen for row in self.rows]
        return min([*seen, self.document.first_seen] if self.document is not None else seen)

    @property
    def published_on(self) -> date | None:
        """The earliest day that its page or a row shows as its publication; an earlier version's counts."""
        days = [row.date.value for row in self.rows if row.date is not None]
        if self.document is not None:
            readings = [self.document.reading, *(version.reading for version in self.document.earlier)]
            days += [reading.published_at for reading in readings if reading.published_at is not None]
            days += [self.document.list_date.value] if self.document.list_date is not None else []
        return min((civil(day) for day in days), default=None)

    @property
    def unsure(self) -> bool:
        """Whether the day of publication may be that of a later change, or the page contradicts itself."""
        if self.document is None:
            return False
        return publication_is_weak(self.document) or any(mark.startswith("published-disagrees") for mark in self.document.reading.marks)

    @property
    def file(self) -> FileSeen | None:
        """The file itself, where its rows lead to one that was read, and to no page."""
        if self.document is not None:
            return None
        return next((row.file for row in reversed(self.rows) if row.file is not None), None)

    @property
    def text(self) -> str:
        """What its page and the files on it say, or the file that it is."""
        if self.document is not None:
            return whole_body(self.document)
        return words_of((self.file,)) if self.file is not None else ""

    @property
    def subject(self) -> Subject:
        return Subject(SubjectKind.DOCUMENT, self.url, self.title)

    def evidence(self, note: str) -> Evidence:
        if self.document is not None:
            return Evidence(self.document.url, self.document.observed_at, self.document.sha256, note)
        if self.file is not None:
            return file_evidence(self.file, note)
        row = self.rows[-1]
        return Evidence(row.url or row.column_url, row.last_seen, None, note)

    def there_at(self, crawl: Crawl) -> bool:
        """Whether it stood on the site when a crawl passed."""
        assert crawl.finished_at is not None
        if self.first_seen > crawl.finished_at:
            return False
        return self.standing or any(row.last_seen >= crawl.started_at for row in self.rows)


@per_view
def pieces(view: SiteView) -> tuple[Piece, ...]:
    """Every page and row of a site, those that are gone included."""
    return tuple(_pieces(view))


def _pieces(view: SiteView) -> Iterator[Piece]:
    gone, forest = withdrawn(view), site_tree(view)
    kinds = {url_key(column.url): forest.canonical(column) for column in view.columns}
    rows: dict[str, list[Listing]] = defaultdict(list)
    for row in view.listings:
        rows[url_key(row.url) if row.url is not None else f"{row.column_url} {row.title}"].append(row)
    for document in view.documents:
        key = url_key(document.url)
        mine = tuple(rows.pop(key, ()))
        shelves = dict.fromkeys([*document.columns, *_kinds(mine, kinds)])
        title = title_of(document)
        yield Piece(title, bare(title), document.url, document, mine, tuple(shelves), key not in gone)
    walked = {column.url: max((walk.at for walk in column.walks if is_complete(walk)), default=None) for column in view.columns}
    for mine_too in rows.values():
        standing = any((at := walked.get(row.column_url)) is None or row.last_seen >= at for row in mine_too)
        shelves = dict.fromkeys(_kinds(mine_too, kinds))
        yield Piece(mine_too[0].title, bare(mine_too[0].title), mine_too[0].url, None, tuple(mine_too), tuple(shelves), standing)


def _kinds(rows: Iterable[Listing], kinds: dict[str, str | None]) -> Iterator[str]:
    for row in rows:
        kind = kinds.get(url_key(row.column_url))
        if kind is not None:
            yield kind


def columns_of(view: SiteView, kinds: Sequence[str]) -> tuple[Column, ...]:
    """The columns of such kinds that the site shows, unnamed ones below them included, years and months too."""
    forest = site_tree(view)
    return tuple(column for column in forest.columns if forest.canonical(column) in kinds)


def columns_below(view: SiteView, kinds: Sequence[str]) -> tuple[Column, ...]:
    """The columns of such kinds and everything below them, of whatever kind: 收费标准 below 公共企事业单位."""
    forest = site_tree(view)
    found = {url_key(column.url): column for column in columns_of(view, kinds)}
    for column in tuple(found.values()):
        found |= {url_key(below.url): below for below in forest.descendants(column)}
    return tuple(found.values())


def on_parent(view: SiteView, column: Column) -> bool:
    """Whether a column lives on the parent's portal."""
    return view.parent is not None and (column.hosted_by is not None or netloc(column.url) == netloc(view.parent.site.home))


# --- absence ----------------------------------------------------------------------------------


def blind_spot(view: SiteView, rule: Rule, kinds: Sequence[str], since: date | None = None) -> str | None:
    """Reason key of why something in columns of such kinds could have escaped us; None where nothing could.

    `since`: how far back a list has to be read that was not read to its end but ran newest first.
    """
    crawl, home = latest_crawl(view), view.homes[-1] if view.homes else None
    if crawl is None or crawl.finished_at is None:
        return "not-observed"
    if crawl.state is CrawlState.BLOCKED:
        return crawl.reason or "crawl-incomplete"
    if too_old(crawl.finished_at, view, rule):
        return "observation-too-old"
    if home is not None and not home.readable:
        return home.reason or "shell"
    if home is not None and "image-only-navigation" in home.marks:
        return "image-only-navigation"
    unread = unread_on_the_way(view)
    if unread is not None:
        return unread.fault or "not-read"
    unseen = {reason: count for reason, count in crawl.faults.items() if reason not in {*GONE, "no-html", "redirected-off-site"}}
    if sum(unseen.values()) * 20 > crawl.pages:  # as for the home page's own rule: more than one page in twenty
        return max(unseen, key=lambda reason: unseen[reason])
    return next((reason for column in columns_of(view, kinds) if (reason := hidden(view, column, since)) is not None), None)


def hidden(view: SiteView, column: Column, since: date | None = None) -> str | None:
    """Reason key of why a column may hold more than was read of it."""
    if column.kind is ColumnKind.LINK_OUT:
        # 省规划信息: what stands on an upper government's own site is no column of this one's.
        return None if on_parent(view, column) or column.hosted_by in view.site.upper else "link-out"
    if column.reachable is False:
        return None if column.fault in GONE else column.fault or "not-read"
    if column.kind is ColumnKind.UNKNOWN:
        return "not-read"
    if not column.walks:
        return "not-walked" if column.kind is ColumnKind.LIST else None
    walk = column.walks[-1]
    if is_complete(walk):
        return None if walk.entries or walk.empty is None or walk.empty.value not in ("script", "none") else unread_reason(column)
    if walk.newest_first and shows_everything_new(walk) and since is not None:
        oldest = _oldest(view).get(url_key(column.url))
        if oldest is not None and oldest < since:
            return None
    return unread_reason(column)


@per_view
def _oldest(view: SiteView) -> dict[str, date]:
    """Column -> day of the oldest row that was seen in it."""
    found: dict[str, date] = {}
    for row in view.listings:
        if row.date is not None:
            key, day = url_key(row.column_url), civil(row.date.value)
            found[key] = min(day, found.get(key, day))
    return found


def _so_named(view: SiteView, words: re.Pattern[str], since: date | None) -> str | None:
    """Reason key of why a column or a link of the home page with such a name was not read."""
    for column in site_tree(view).columns:
        if words.search(bare(column.name)) and (reason := hidden(view, column, since)) is not None:
            return reason
    known = {url_key(column.url) for column in view.columns} | {url_key(document.url) for document in view.documents}
    for link in view.homes[-1].links if view.homes else ():
        if link.url is not None and len(link.text) <= _NAME_CHARS and words.search(bare(link.text)) and url_key(link.url) not in known:
            return "not-read"
    return None


def leans_on_parent(view: SiteView, kinds: Sequence[str]) -> bool:
    """Whether what a unit has of such kinds may stand on its parent's portal: its column is there, or it has none of its own."""
    if view.parent is None:
        return False
    mine = columns_of(view, kinds)
    return not mine or any(on_parent(view, column) for column in mine)


def absence(
    view: SiteView, rule: Rule, kinds: Sequence[str], what: str, were: Iterable[Piece] = (), after: date | None = None,
    since: date | None = None, words: re.Pattern[str] | None = None,
) -> Held | str:  # fmt: skip
    """The run of visits at which a thing was provably nowhere, or the reason key of why that cannot be said.

    `were`: pieces that are the thing and may have stood there once. A visit up to the day `after` says nothing. `words`: names of
    columns or links of the home page that may lead to it though the column catalogue does not know them.
    """
    blind = blind_spot(view, rule, kinds, since) or (_so_named(view, words, since) if words is not None else None)
    if blind is None and view.parent is not None and leans_on_parent(view, kinds):
        blind = blind_spot(view.parent, rule, kinds, since)
    behind = columns_behind_the_door(view)
    if blind is None and behind is not None and (not behind or any(column.canonical in kinds for column in behind)):
        blind = "link-out"  # it stands in the unit's part of the portal, where its own crawl does not read
    if blind is not None:
        return blind
    latest, were = latest_crawl(view), tuple(were)
    shelf = next(iter(columns_of(view, kinds)), None)
    readings = [
        Reading(
            crawl.finished_at,
            not any(piece.there_at(crawl) for piece in were),
            (Evidence(shelf.url if shelf else view.site.home, crawl.finished_at, None, _note(crawl, what)),),
        )
        for crawl in view.crawls
        if crawl.finished_at is not None
        and (crawl.state is CrawlState.COMPLETE or crawl is latest)
        and (after is None or civil(crawl.started_at) > after)
    ]
    return held(readings, rule) or "not-observed-since"


def _note(crawl: Crawl, what: str) -> str:
    return f"{zh_day(crawl.started_at)}全站抓取共{crawl.pages}页，未见{what}"


def every_piece(view: SiteView, names_unit: Callable[[Piece], bool]) -> Iterator[Piece]:
    """A unit's own pieces, and those of its parent's portal that name it."""
    yield from pieces(view)
    if view.parent is not None:
        yield from (piece for piece in pieces(view.parent) if names_unit(piece))
