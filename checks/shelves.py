"""Where on a site a repost could stand, and at which crawls all of that was read.

Required: upper and own policy documents, the State Council's items, notices, columns of the disclosure column that are of no known kind,
and columns of unknown kind whose name speaks of policies or upper bodies. News lists can hold reposts as well: one that was not read past
the upper item's day makes an absence suspected at most. What serves other matters (resources, procurement, recruiting, budgets, permits)
is not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from checks.clocks import civil
from checks.observing import GONE, is_complete, unread_reason
from checks.tree import Tree, current_columns, is_archive, tree
from data.catalogue import load_columns
from data.records import Column, ColumnKind, Crawl, CrawlState, Listing, Walk
from data.text import bare
from data.urls import url_key
from data.view import SiteView

_ROOMS = frozenset({"zfxxgk", "fdzdgknr", "zfxxgkml", "zdgkml"})  # hold columns of every kind; without a kind of its own one may hold reposts
_SHELVES = ("zcwj", "gwyxx", "tzgg")
_UPPER = re.compile("上级|国务院|省|(?<!城)市(?!场|民|容|政|监)|自治区|中央|转载|转发")
_POLICIES = re.compile("政策|文件|要闻")
_MAYBE_ROOM = re.compile("公开|政务|信息|公告|通知|新闻|动态")  # a page never read may lead to all that


@dataclass(frozen=True, slots=True)
class Shelves:
    """The lists of a site that were to be read before a repost can be said to be missing."""

    required: tuple[Column, ...]
    news: tuple[Column, ...]
    rooms_unread: bool  # a column was never read, so that it may lead to more
    rows: dict[str, list[Listing]]  # url_key of a news list -> its rows

    def whole(self, crawl: Crawl) -> bool:
        """Whether a crawl read every required list to its end."""
        if crawl.state is CrawlState.BLOCKED or crawl.state is CrawlState.RUNNING:
            return False
        read = [column for column in self.required if any(is_complete(walk) for walk in _walks(column, crawl))]
        if crawl.state is CrawlState.COMPLETE:
            return all(column in read or not _walks(column, crawl) for column in self.required)
        stopped = crawl.reason is not None and self.rooms_unread
        return bool(read) and len(read) == len(self.required) and not stopped

    def blocking(self, crawl: Crawl) -> str | None:
        """Reason key of the first required list that a crawl did not read."""
        unread = (column for column in self.required if not any(is_complete(walk) for walk in _walks(column, crawl)))
        return next((unread_reason(column) for column in unread), None)

    def news_read(self, crawl: Crawl, since: date) -> bool:
        """Whether every news list was read at a crawl as far back as a day."""
        return all(any(self._past(column, walk, since) for walk in _walks(column, crawl)) for column in self.news)

    def _past(self, column: Column, walk: Walk, since: date) -> bool:
        if is_complete(walk):
            return True
        if not walk.newest_first or not walk.entries or walk.undated:
            return False
        stood = [row for row in self.rows.get(url_key(column.url), ()) if row.first_seen <= walk.at <= row.last_seen and row.date is not None]
        return any(civil(row.date.value) < since for row in stood if row.date is not None)


def shelves(view: SiteView) -> Shelves:
    """Sort a site's lists into those that a repost is looked for in, and the news lists."""
    forest = tree(current_columns(view))
    lists = [column for column in forest.columns if _is_list(column)]
    news = tuple(column for column in lists if _within(forest, column, "ywdt") and not _UPPER.search(bare(column.name)))
    keys = {url_key(column.url) for column in news}
    rows: dict[str, list[Listing]] = {}
    for row in view.listings:
        if url_key(row.column_url) in keys:
            rows.setdefault(url_key(row.column_url), []).append(row)
    return Shelves(
        required=tuple(column for column in lists if column not in news and _may_hold(forest, column)),
        news=news,
        rooms_unread=any(column.kind is ColumnKind.UNKNOWN and column.fault not in GONE for column in forest.columns),
        rows=rows,
    )


def _is_list(column: Column) -> bool:
    if is_archive(column) or (column.reachable is False and column.fault in GONE):
        return False
    return bool(column.walks) or column.kind in (ColumnKind.LIST, ColumnKind.UNKNOWN)


def _may_hold(forest: Tree, column: Column) -> bool:
    """Whether a repost may stand in a list, or below a page that was never read."""
    unread = column.kind is ColumnKind.UNKNOWN
    if any(_within(forest, column, shelf) for shelf in _SHELVES) or _within(forest, column, "ywdt"):
        return True
    nearest = forest.canonical(column)
    if column.canonical is not None:
        return unread and column.canonical in _ROOMS
    if nearest in _ROOMS:
        return True
    name = bare(column.name)
    return bool(_UPPER.search(name) or _POLICIES.search(name) or (unread and nearest is None and _MAYBE_ROOM.search(name)))


def _within(forest: Tree, column: Column, kind: str) -> bool:
    canonical = forest.canonical(column)
    return canonical is not None and load_columns().is_within(canonical, kind)


def _walks(column: Column, crawl: Crawl) -> Iterator[Walk]:
    return (walk for walk in column.walks if walk.crawl_id == crawl.id)
