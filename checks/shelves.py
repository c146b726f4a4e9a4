"""Where on a site a repost could stand, and at which crawls all of that was read.

Required: upper and own policy documents, the State Council's items, notices, columns of the disclosure column that are of no known kind,
and columns of unknown kind whose name speaks of policies or upper bodies. News lists can hold reposts as well: one that was not read past
the upper item's day makes an absence suspected at most. What serves other matters (resources, procurement, recruiting, budgets, permits)
is not asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from checks.observing import GONE, is_complete, unread_reason
from checks.tree import Tree, is_archive, is_period, site_tree
from data.catalogue import Rule, load_columns
from data.days import civil
from data.records import Column, ColumnKind, Crawl, CrawlState, Listing, Walk
from data.text import bare
from data.urls import url_key
from data.view import SiteView

_ROOMS = frozenset(
    {"zfxxgk", "fdzdgknr", "zfxxgkml", "zdgkml"}
)  # hold columns of every kind; without a kind of its own one may hold reposts
_SHELVES = ("zcwj", "gwyxx", "tzgg", "sqzc")
_MIXED = frozenset({"ztzl", "zdly", "yshj", "jczwgk", "hdjl", "bszn", "xwfb"})  # what hangs there is told by its own name
_UPPER = re.compile("上级|国务院|省|(?<!城)市(?!场|民|容|政|监)|自治区|中央|转载|转发")
_POLICIES = re.compile("政策|文件|要闻")
_STOPPED = re.compile("cap|budget|shutdown|cancel|closespider|not-finished|interrupted|lease")  # the crawl ended early
_YEAR = re.compile(r"(19|20)\d{2}")
_MAYBE_ROOM = re.compile("公开|政务|信息|公告|通知|新闻|动态")  # a page never read may lead to all that


@dataclass(frozen=True, slots=True)
class Shelves:
    """The lists of a site that were to be read before a repost can be said to be missing."""

    required: tuple[Column, ...]
    news: tuple[Column, ...]
    known: bool  # the site has columns at all
    unread: bool  # a column was never read, so that it may lead to more
    past_rows: int  # so many rows older than a day show that a list was read past it, and not only a pinned one
    rows: dict[str, list[Listing]]  # url_key of a news list -> its rows

    def whole(self, crawl: Crawl) -> bool:
        """Whether a crawl read every required list to its end."""
        if not self.known or crawl.state not in (CrawlState.COMPLETE, CrawlState.INCOMPLETE):
            return False
        read = [column for column in self.required if any(is_complete(walk) for walk in _walks(column, crawl))]
        if crawl.state is CrawlState.COMPLETE:
            return all(column in read or not _walks(column, crawl) for column in self.required)
        ended_early = self.unread and bool(_STOPPED.search(crawl.reason or ""))
        return bool(read) and len(read) == len(self.required) and not ended_early

    def blocking(self, crawl: Crawl) -> str | None:
        """Reason key of why a crawl does not show that there is no repost."""
        if not self.known:
            return "no-columns"
        unread = (column for column in self.required if not any(is_complete(walk) for walk in _walks(column, crawl)))
        return crawl.reason or next((unread_reason(column) for column in unread), None)

    def news_read(self, crawl: Crawl, since: date) -> bool:
        """Whether every news list was read at a crawl as far back as a day."""
        return all(any(self._past(column, walk, since) for walk in _walks(column, crawl)) for column in self.news)

    def _past(self, column: Column, walk: Walk, since: date) -> bool:
        if is_complete(walk):
            return True
        if not walk.newest_first or not walk.entries or walk.undated:
            return False
        stood = [row for row in self.rows.get(url_key(column.url), ()) if row.first_seen <= walk.at <= row.last_seen]
        return sum(row.date is not None and civil(row.date.value) < since for row in stood) >= self.past_rows


def shelves(view: SiteView, rule: Rule) -> Shelves:
    """Sort a site's lists into those that a repost is looked for in, and the news lists."""
    forest = site_tree(view)
    recent = civil(view.as_of).year - 1
    lists = [column for column in forest.columns if _is_list(column) and not _of_old(column, recent)]
    news = tuple(column for column in lists if _within(forest, column, "ywdt") and not _UPPER.search(bare(column.name)))
    keys = {url_key(column.url) for column in news}
    rows: dict[str, list[Listing]] = {}
    for row in view.listings:
        if url_key(row.column_url) in keys:
            rows.setdefault(url_key(row.column_url), []).append(row)
    return Shelves(
        required=tuple(column for column in lists if column not in news and _may_hold(forest, column)),
        news=news,
        known=bool(forest.columns),
        unread=any(column.kind is ColumnKind.UNKNOWN and column.fault not in GONE for column in forest.columns),
        past_rows=int(rule.params["past_rows"]),
        rows=rows,
    )


def _is_list(column: Column) -> bool:
    if is_archive(column) or (column.reachable is False and column.fault in GONE):
        return False
    return bool(column.walks) or column.kind in (ColumnKind.LIST, ColumnKind.UNKNOWN)


def _of_old(column: Column, recent: int) -> bool:
    """Whether a column holds only a year that is over and done with."""
    year = _YEAR.match(bare(column.name))
    return is_period(column) and year is not None and int(year.group()) < recent


def _may_hold(forest: Tree, column: Column) -> bool:
    """Whether a repost may stand in a list, or below a page that was never read."""
    if any(_within(forest, column, shelf) for shelf in (*_SHELVES, "ywdt")) or column.canonical in _ROOMS:
        return True
    nearest = forest.canonical(column)
    if nearest in _ROOMS:
        return True
    if nearest is not None and nearest not in _MIXED:
        return False
    name = bare(column.name)
    maybe_room = column.kind is ColumnKind.UNKNOWN and nearest is None and _MAYBE_ROOM.search(name)
    return bool(_UPPER.search(name) or _POLICIES.search(name) or maybe_room)


def _within(forest: Tree, column: Column, kind: str) -> bool:
    canonical = forest.canonical(column)
    return canonical is not None and load_columns().is_within(canonical, kind)


def _walks(column: Column, crawl: Crawl) -> tuple[Walk, ...]:
    return tuple(walk for walk in column.walks if walk.crawl_id == crawl.id)
