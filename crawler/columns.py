"""The column tree of one crawl as it grows: what each address is called, where it hangs, what its list held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from itertools import pairwise
from urllib.parse import urlsplit

from crawler.discover import Match, is_period_column, match_column
from data.catalogue import load_columns
from data.known import KnownColumn, KnownWalk
from data.records import Column, ColumnKind, EmptyBecause, Link, ListEntry, PageKind, PageReading, Walk, WalkState
from data.store import ColumnFact, WalkEnds, row_hash
from data.text import is_utility, squeeze, title_key
from data.urls import folder, netloc, url_hash, url_key

_SAME_ROWS = 3  # rows from which on two lists that hold the same ones are one list

_GENERIC = frozenset(title_key(name) for name in ("首页", "正文", "列表", "更多", "当前位置", "详情", "文章内容", "hide"))


def rows_hash(entries: Iterable[ListEntry]) -> bytes:
    """What one page of a list is known by: its rows in their order."""
    return blake2b(b"".join(row_hash(entry) for entry in entries), digest_size=16).digest()


@dataclass(slots=True)
class WalkNotes:
    """What a walk of one column's list has read so far."""

    entries: dict[tuple[str | None, str], ListEntry] = field(default_factory=dict)
    pages: list[int] = field(default_factory=list)  # rows of each page
    declared: int | None = None
    state: WalkState | None = None
    reason: str = ""
    empty: EmptyBecause | None = None
    empty_text: str | None = None
    container: str | None = None
    last_url: str | None = None  # of the page read last, where a plain request gets it
    known: KnownWalk | None = None  # an earlier walk, where this one found the list's ends as that one left them
    _read: set[bytes] = field(default_factory=set)  # addresses of each page's rows, to see a page repeated
    _first: bytes | None = None
    _last: bytes | None = None

    def add(self, entries: Iterable[ListEntry]) -> bool:
        """Take in one page's rows. False where the same page has been read before."""
        rows = tuple(entries)
        addresses = blake2b("\n".join(entry.url or entry.title for entry in rows).encode(), digest_size=16).digest()
        if rows and addresses in self._read:
            return False
        self._read.add(addresses)
        self.pages.append(len(rows))
        self._last = rows_hash(rows) if rows else None
        self._first = self._first or self._last
        for entry in rows:
            self.entries.setdefault((entry.url, entry.title), entry)
        return True

    def recall(self, walk: KnownWalk, rows: Iterable[ListEntry], by: str) -> None:
        """Take the list as an earlier walk read it, by what shows that it stands as it did."""
        self.entries = {(entry.url, entry.title): entry for entry in rows}
        self.known, self.declared = walk, walk.declared
        self.end(WalkState.COMPLETE, by)

    def end(self, state: WalkState, reason: str) -> None:
        self.state, self.reason = state, reason

    def ends(self) -> WalkEnds | None:
        """What the next crawl may know the list by. The last page counts where pages are of one size: then any row between moves it."""
        if self.known is not None:
            return WalkEnds(self.known.first_rows, self.known.last_rows, self.known.last_url)
        sizes = [size for size in self.pages if size]
        if self.state is not WalkState.COMPLETE or self._first is None or len(sizes) < 2:
            return None
        full = sizes[1:-1] or sizes[:1]
        even = len(set(full)) == 1 and (sizes[0] == full[0] >= sizes[-1] or sizes[0] >= full[0] == sizes[-1])
        return WalkEnds(self._first, self._last, self.last_url) if even else WalkEnds(self._first, None, None)


@dataclass(slots=True)
class ColumnState:
    """One column while the crawl runs."""

    url: str
    name: str = ""
    match: Match | None = None
    kind: ColumnKind = ColumnKind.UNKNOWN
    parent_url: str | None = None
    depth: int = 1
    path: tuple[str, ...] = ()
    hosted_by: str | None = None
    reachable: bool | None = None
    fault: str | None = None
    text_chars: int = 0
    sha256: str | None = None
    walk: WalkNotes | None = None
    alias_of: str | None = None
    linked_at: datetime | None = None  # None: a page of this crawl led here; else when one last did
    framed: bool = False  # a part of its page stands in a frame
    beside: frozenset[str] = frozenset()  # url_key of its siblings in a menu on its page
    shows: set[str] = field(default_factory=set)  # url_key of what its page leads to outside of menus and lists


class ColumnTree:
    """Every column of one crawl, by address."""

    def __init__(self, site: str, home: str, own: tuple[str, ...] = ()) -> None:
        self._site = site
        self._home = url_key(home)
        self._own = own  # what the site calls itself and its place
        self.states: dict[str, ColumnState] = {}
        self._read: dict[str, tuple[PageKind, int]] = {}  # every page read: its kind and text length
        self._nested: dict[str, str] = {}  # url_key of a menu's entry -> address of the entry that it hangs under
        self._hung: dict[str, str | None] = {}  # url_key of what a page led to -> address of the column it hangs under there

    def note(self, reading: PageReading) -> None:
        """Remember a page that was read: it may turn out later to be a column."""
        chars = max(reading.text_chars, len(reading.document.body)) if reading.document else reading.text_chars
        self._read[url_key(reading.url)] = (reading.page, chars)
        for url, above in reading.nesting:
            self._nested.setdefault(url_key(url), above)

    def get(self, url: str) -> ColumnState | None:
        return self.states.get(url_key(url))

    def named(self, url: str, canonical: str) -> ColumnState:
        """A column that the registry names."""
        column = load_columns().get(canonical)
        name = column.name if column else ""
        return self.states.setdefault(url_key(url), ColumnState(url, name=name, match=Match(canonical, "registry"), path=(name,)))

    def linked(
        self, link: Link, parent: ColumnState | None, depth: int, hosted_by: str | None, *, kind: ColumnKind = ColumnKind.UNKNOWN
    ) -> ColumnState | None:
        """A column that a link names by a name of the catalogue; None where the name is none."""
        assert link.url is not None
        held = self.get(link.url)
        if held is not None:
            held.depth, held.linked_at = min(held.depth, depth), None
            return held
        if url_key(link.url) == self._home:
            return None
        match = match_column([link.text], link.url, parents=self.above(parent), own=self._own) if len(link.text) <= 30 else None
        if match is None or match.reason.startswith("url-hint"):
            return None
        state = ColumnState(link.url, link.text, match, kind, parent.url if parent else None, depth, hosted_by=hosted_by)
        state.path = (*(parent.path if parent else ()), link.text)
        self.states[url_key(link.url)] = state
        return state

    def holder(self, link: Link, page: ColumnState | None) -> ColumnState | None:
        """The column that a link on a page hangs under.

        What the menus nest it in; else the page itself, or what holds it where the link stands in a menu beside its siblings. A map of
        the site holds nothing.
        """
        above = self._nested.get(url_key(link.url)) if link.url is not None else None
        if above is not None and (held := self.get(above)) is not None:
            return held
        if page is None or is_utility(page.name):
            return None
        sibling = link.url is not None and url_key(link.url) in page.beside
        if link.region not in ("nav", "menu") or (page.kind is ColumnKind.SECTION and not sibling):
            return page
        return self.get(page.parent_url) if page.parent_url else None

    def hang(self, link: Link, page: ColumnState | None) -> None:
        """Remember what a link hangs under where a page leads to it."""
        if link.url is None:
            return
        key, holder = url_key(link.url), self.holder(link, page)
        if self._hung.get(key) is None:
            self._hung[key] = holder.url if holder is not None else None
        if page is not None and link.region == "body" and key != url_key(page.url):
            page.shows.add(key)

    def arrived(self, url: str, reading: PageReading, via: str, discovered_on: str | None, depth: int) -> ColumnState:
        """The column that a fetched page is, named and hung up by what the page says."""
        state = self.states.setdefault(url_key(url), ColumnState(url, depth=depth))
        crumbs = [crumb for crumb in reading.breadcrumb if title_key(crumb.text) not in _GENERIC and crumb.text]
        own = crumbs[-1] if crumbs and (crumbs[-1].url is None or url_key(crumbs[-1].url) == url_key(url)) else None
        ancestors = [crumb for crumb in crumbs if crumb is not own and not (crumb.url and url_key(crumb.url) == self._home)]
        heading = reading.listing.title if reading.listing else reading.title
        names = [
            squeeze(name)
            for name in (own.text if own else "", via, heading or "", reading.identity.column_name or "")
            if name and title_key(name) and title_key(name) not in _GENERIC  # an arrow is no name
        ]
        above_crumb: ColumnState | None = None
        for crumb in ancestors:
            if crumb.url is not None and url_key(crumb.url) != url_key(url):
                above_crumb = self.linked(crumb, above_crumb, depth + 1, None) or above_crumb
        state.parent_url = self._parent(url, ancestors, discovered_on)
        parent = self.get(state.parent_url) if state.parent_url else None
        if state.match is None or state.match.reason != "registry":
            above = [
                match.canonical for crumb in reversed(ancestors) if (match := match_column([crumb.text], crumb.url or "", own=self._own))
            ]
            period = bool(names) and is_period_column(names[0])
            state.match = None if period else match_column(names, url, parents=(*above, *self.above(parent)), own=self._own)
        if names:
            state.name = names[0]
        state.path = (
            tuple(crumb.text for crumb in ancestors) + (state.name,) if ancestors else (*(parent.path if parent else ()), state.name)
        )
        state.depth = min(state.depth, depth) if state.depth else depth
        state.reachable, state.fault, state.text_chars = True, None, reading.text_chars
        state.beside = frozenset(map(url_key, reading.beside))
        state.framed = any(link.region == "frame" for link in reading.links)
        return state

    def recall(self, known: KnownColumn) -> ColumnState:
        """A column of the last crawl to which no page of this one has led."""
        column = known.column
        match = Match(column.canonical, column.match or "") if column.canonical else None
        reachable = column.reachable if column.kind is ColumnKind.SECTION else None
        state = ColumnState(
            column.url, column.name, match, column.kind, column.parent_url, column.depth, column.path, column.hosted_by, reachable,
            linked_at=known.linked_at,
        )  # fmt: skip
        return self.states.setdefault(url_key(column.url), state)

    def forget(self, state: ColumnState) -> None:
        self.states.pop(url_key(state.url), None)

    def above(self, parent: ColumnState | None) -> tuple[str, ...]:
        """Canonical ids from a column upwards, the nearest first."""
        found, seen = [], set()
        while parent is not None and parent.url not in seen:
            seen.add(parent.url)
            if parent.match:
                found.append(parent.match.canonical)
            parent = self.get(parent.parent_url) if parent.parent_url else None
        return tuple(found)

    def _parent(self, url: str, ancestors: list[Link], discovered_on: str | None) -> str | None:
        """The crumb above, else the column whose folder holds this one, else the column page that linked here."""
        nested = self._nested.get(url_key(url))
        for above in (*(crumb.url for crumb in reversed(ancestors)), nested):
            if above and url_key(above) not in (self._home, url_key(url)):
                held = self.get(above)
                return held.url if held else above
        holders = [
            state for key, state in self.states.items()
            if key != url_key(url) and netloc(state.url) == netloc(url) and len(folder(state.url)) > 1
            and folder(url) != folder(state.url) and folder(url).startswith(folder(state.url))
        ]  # fmt: skip
        if holders:
            return max(holders, key=lambda state: len(folder(state.url))).url
        discovered_on = self._hung.get(url_key(url), discovered_on)
        if discovered_on is not None and url_key(discovered_on) not in (self._home, url_key(url)) and self.get(discovered_on):
            return discovered_on
        return None

    def settle(self) -> None:
        """Judge what could only be judged with every column read: sections, empty lists, aliases."""
        self._hang_late()
        parents = {url_key(state.parent_url) for state in self.states.values() if state.parent_url}
        self._apply_notes()
        self._find_aliases()
        filled = {state.walk.container for state in self.states.values() if state.walk and state.walk.entries and state.walk.container}
        for key, state in self.states.items():
            if state.walk is None:
                continue
            if not state.walk.entries and key in parents and state.kind in (ColumnKind.LIST, ColumnKind.SECTION):
                state.kind = ColumnKind.SECTION
                if state.walk.reason == "maybe-empty" and not state.framed:
                    state.walk = None  # what looked like the empty place of a list is a section's page: its columns are what it shows
                    continue
            if (
                state.walk.reason == "maybe-empty"
                and state.walk.empty is EmptyBecause.CONTAINER
                and not state.framed
                and self._leads_on(state)
            ):
                state.kind, state.walk = ColumnKind.SECTION, None  # it shows the columns below it, and of some of them nothing
                continue
            if state.walk.reason == "maybe-empty":
                proven = state.walk.empty is EmptyBecause.CONTAINER and state.walk.container in filled
                state.walk.end(WalkState.COMPLETE, "sibling-template") if proven else state.walk.end(WalkState.INCOMPLETE, "layout-unknown")
        self._hang_late()  # below what turned out to be a section

    def _hang_late(self) -> None:
        """Hang up what was read before the page that shows where it belongs."""
        for key, state in self.states.items():
            holder = self.get(self._hung.get(key) or "") if state.parent_url is None else None
            if holder is None or holder is state or holder.kind is not ColumnKind.SECTION or state in self._way_up(holder):
                continue
            state.parent_url, state.path = holder.url, (*(holder.path or (holder.name,)), state.name)

    def _way_up(self, state: ColumnState) -> list[ColumnState]:
        """The columns above one, itself first."""
        way = [state]
        while way[-1].parent_url and (above := self.get(way[-1].parent_url)) is not None and above not in way:
            way.append(above)
        return way

    def _leads_on(self, state: ColumnState) -> bool:
        """Whether a page's own part leads to other columns than those above it."""
        above = {url_key(column.url) for column in self._way_up(state)} | {self._home}
        return any(key in self.states and not is_utility(self.states[key].name) for key in state.shows - above)

    def _apply_notes(self) -> None:
        """A page that was read before anything named it a column is one that was visited."""
        for key, state in self.states.items():
            if state.kind is ColumnKind.UNKNOWN and state.reachable is None and state.fault is None and key in self._read:
                page, chars = self._read[key]
                state.kind = page_kind(page, state.match.canonical if state.match else None)
                state.reachable, state.text_chars = True, chars

    def _find_aliases(self) -> None:
        """One column under two addresses is judged once: the registry's address, else the shortest.

        It is one column where bytes and rows are the very same (a shell has the same bytes for every column; its rows come from elsewhere),
        or where the same rows stand under one path and are the same to the catalogue: ?order=asc and ?order=desc.
        """
        groups: dict[Hashable, list[ColumnState]] = defaultdict(list)
        for state in self.states.values():
            if state.walk is None or not state.walk.entries:
                continue
            rows = frozenset(state.walk.entries)
            if state.sha256 is not None:
                groups[state.sha256, rows].append(state)
            if len(rows) >= _SAME_ROWS and state.walk.state is WalkState.COMPLETE:
                called = state.match.canonical if state.match else title_key(state.name)
                groups[urlsplit(url_key(state.url)).path, called, rows].append(state)
        for group in groups.values():
            same = [state for state in group if state.alias_of is None]
            same.sort(key=lambda state: (not (state.match and state.match.reason == "registry"), len(state.url), state.url))
            for state in same[1:]:
                state.alias_of = same[0].url

    def fact(self, state: ColumnState, now: datetime, crawl_id: int, hosts: frozenset[str], published: Mapping[bytes, date]) -> ColumnFact:
        """A column as the store takes it."""
        column = Column(
            url=state.url, site=self._site, name=state.name or state.url, canonical=state.match.canonical if state.match else None,
            match=state.match.reason if state.match else None, kind=state.kind, parent_url=state.parent_url, depth=state.depth,
            path=state.path or (state.name,), hosted_by=state.hosted_by, reachable=state.reachable, fault=state.fault,
            text_chars=state.text_chars, first_seen=now, last_seen=now,
        )  # fmt: skip
        notes = state.walk
        if notes is None:
            return ColumnFact(column, None, (), hosts, linked_at=state.linked_at)
        entries = tuple(notes.entries.values())
        days = [day for entry in entries for day in _days(entry, published) if day <= now.date()]
        walk = Walk(
            column_url=state.url, crawl_id=crawl_id, at=now, state=notes.state or WalkState.INCOMPLETE, reason=notes.reason or "not-finished",
            pages=notes.known.pages if notes.known else len(notes.pages), entries=len(entries), declared=notes.declared, newest_on=max(days, default=None),
            undated=sum(not _days(entry, published) for entry in entries), empty=notes.empty, empty_text=notes.empty_text,
            sha256=state.sha256, newest_first=notes.known.newest_first if notes.known else len(notes.pages) > 1 and _newest_first(entries),
            whole_at=notes.known.whole_at if notes.known else now if notes.state is WalkState.COMPLETE else None,
        )  # fmt: skip
        return ColumnFact(column, walk, entries, hosts, notes.ends(), state.linked_at)


def _days(entry: ListEntry, published: Mapping[bytes, date]) -> list[date]:
    days = [entry.date.value.date()] if entry.date else []
    shown = published.get(url_hash(entry.url)) if entry.url else None
    return [*days, shown] if shown else days


def _newest_first(entries: tuple[ListEntry, ...]) -> bool:
    days = [entry.date.value.date() for entry in entries if entry.date and not entry.pinned]
    return len(days) > 2 and all(later >= earlier for later, earlier in pairwise(days))


def page_kind(page: PageKind, canonical: str | None) -> ColumnKind:
    """What a column's page is: a list, a section of lists, a form, a single page."""
    if page is PageKind.LIST:
        return ColumnKind.LIST
    if page is PageKind.INDEX:
        return ColumnKind.SECTION
    column = load_columns().get(canonical) if canonical else None
    if column and column.content_kind.startswith("form"):
        return ColumnKind.FORM
    if page is PageKind.DOCUMENT:
        return ColumnKind.SINGLE_PAGE
    return ColumnKind.SECTION


__all__ = ["ColumnState", "ColumnTree", "WalkNotes", "page_kind"]
