"""The tree of a site's columns: which are there now, what hangs below what, and which are only a year or a month of another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from checks.shared import per_view
from data.catalogue import load_columns
from data.records import Column, ColumnKind, CrawlState, Listing, WalkState
from data.text import bare
from data.urls import netloc, url_key
from data.view import SiteView

_PERIOD = re.compile(
    r"^((19|20)\d{2}(年|年度)?(政策)?(文件|公文|规范性文件|年报|公报|预算|决算)?|\d{1,2}月(份)?|(19|20)\d{2}[-—年./]\d{1,2}月?(份)?)$"
)
_ARCHIVE = re.compile("历史|归档|存档|往期|旧版")


def is_period(column: Column) -> bool:
    """Whether a column holds only a year or a month of its parent (2023年, 2026年11月, 2025年文件)."""
    return bool(_PERIOD.match(bare(column.name)))


def is_archive(column: Column) -> bool:
    """Whether a column is kept for what is over and need not be updated."""
    return bool(_ARCHIVE.search(column.name))


@per_view
def last_whole_visit(view: SiteView) -> datetime | None:
    """When the last complete crawl began; a column not seen since is gone."""
    whole = [crawl.started_at for crawl in view.crawls if crawl.state is CrawlState.COMPLETE]
    return max(whole) if whole else None


@per_view
def current_columns(view: SiteView) -> tuple[Column, ...]:
    """The columns that the site still shows."""
    since = last_whole_visit(view)
    return tuple(column for column in view.columns if since is None or column.last_seen >= since)


@per_view
def current_listings(view: SiteView) -> tuple[Listing, ...]:
    """The rows that stood in their lists when these were last walked to the end."""
    return tuple(_standing(view))


def _standing(view: SiteView) -> Iterator[Listing]:
    walked = {
        column.url: max((walk.at for walk in column.walks if walk.state is WalkState.COMPLETE), default=None) for column in view.columns
    }
    for listing in view.listings:
        at = walked.get(listing.column_url)
        if at is None or listing.last_seen >= at:
            yield listing


@per_view
def listed_titles(view: SiteView) -> Mapping[str, str]:
    """url_key of each page that stands in a list -> what the list calls it."""
    return {url_key(row.url): row.title for row in current_listings(view) if row.url is not None}


@dataclass(frozen=True, slots=True)
class Tree:
    """Columns with their parents and children."""

    columns: tuple[Column, ...]
    by_key: Mapping[str, Column]
    below: Mapping[str, tuple[Column, ...]]  # url_key of a column -> its children

    def children(self, column: Column) -> tuple[Column, ...]:
        return self.below.get(url_key(column.url), ())

    def descendants(self, column: Column) -> Iterator[Column]:
        """Everything below a column, itself left out."""
        seen = {url_key(column.url)}
        waiting = list(self.children(column))
        while waiting:
            child = waiting.pop(0)
            if url_key(child.url) not in seen:
                seen.add(url_key(child.url))
                yield child
                waiting.extend(self.children(child))

    def ancestors(self, column: Column) -> Iterator[Column]:
        """The columns above, the nearest first."""
        seen = {url_key(column.url)}
        current = column
        while current.parent_url is not None and url_key(current.parent_url) not in seen:
            seen.add(url_key(current.parent_url))
            parent = self.by_key.get(url_key(current.parent_url))
            if parent is None:
                return
            yield parent
            current = parent

    def canonical(self, column: Column) -> str | None:
        """The column's canonical id, else that of the nearest column above that has one."""
        if column.canonical is not None:
            return column.canonical
        return next((above.canonical for above in self.ancestors(column) if above.canonical is not None), None)

    def within(self, ancestor: str) -> tuple[Column, ...]:
        """Columns whose kind is `ancestor` or hangs below it in the catalogue, years and months of such columns included."""
        found = []
        for column in self.columns:
            canonical = self.canonical(column)
            if canonical is not None and load_columns().is_within(canonical, ancestor):
                found.append(column)
        return tuple(found)


def tree(columns: Iterable[Column]) -> Tree:
    columns = tuple(columns)
    below: dict[str, list[Column]] = {}
    for column in columns:
        if column.parent_url is not None:
            below.setdefault(url_key(column.parent_url), []).append(column)
    return Tree(columns, {url_key(column.url): column for column in columns}, {key: tuple(children) for key, children in below.items()})


@per_view
def site_tree(view: SiteView) -> Tree:
    """The tree of the columns that the site still shows."""
    return tree(current_columns(view))


_DOORS = frozenset({"zfxxgk", "fdzdgknr"})


@per_view
def columns_behind_the_door(view: SiteView) -> tuple[Column, ...] | None:
    """The portal's columns at and below the pages there that a unit calls its disclosure column; None where it has none there.

    Empty where its disclosure column leads to a page of the portal that is no column that we know.
    """
    if view.parent is None:
        return None
    host = netloc(view.parent.site.home)
    doors = [
        column
        for column in current_columns(view)
        if column.canonical in _DOORS and column.kind is ColumnKind.LINK_OUT and netloc(column.url) == host
    ]
    if not doors:
        return None
    forest = site_tree(view.parent)
    rooms = [room for door in doors if (room := forest.by_key.get(url_key(door.url))) is not None]
    return tuple({column.url: column for room in rooms for column in (room, *forest.descendants(room))}.values())


@per_view
def lives_on_parent(view: SiteView) -> bool:
    """Whether a unit has no site of its own: its home is on the parent portal's host, or all of its columns are."""
    if view.parent is None:
        return False
    if netloc(view.site.home) == netloc(view.parent.site.home):
        return True
    shown = current_columns(view)
    return bool(shown) and all(column.hosted_by is not None for column in shown)
