"""What earlier crawls know of a site, and what of it this crawl asks for again.

A list whose first page stands as it was is taken as read where the rows cannot have come to be more or fewer: it declares how many
it has, or its last page stands as it was too (a row that came or went between would have moved it). What remains possible, as many
rows gone as come on the pages between within one week, shows when the list is read whole again, within seven days.

The last page has a turn of its own, within four days, where nothing new can stand on it: the rows run newest first, and the first page
says that there are as many pages as there were. While anything of the site is suspected it is asked for daily: what is about to be held
against a unit rests on what was read today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from crawler.context import CrawlContext
from crawler.freshness import OLD_EVERY, TAIL_EVERY, WHOLE_EVERY, due, in_turn
from crawler.walk_notes import rows_hash
from data.known import KnownColumn, KnownPage, KnownWalk
from data.records import ENDS_UNCHANGED, START_UNCHANGED, ListEntry
from data.registry import Role
from data.store import row_hash
from data.urls import url_hash
from spiders.base import Step


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A list that its first page vouches for, or will with its last one (`tail`, its address)."""

    walk: KnownWalk
    rows: tuple[ListEntry, ...]
    tail: str | None
    by: str  # what shows it, as the reason of the walk


class Again:
    """Day two of one site; on a first crawl it knows nothing and leaves nothing out."""

    def __init__(self, context: CrawlContext) -> None:
        self._context = context
        self._known = context.known
        self._pages = context.known.pages()
        self._settled_at = context.known.settled_at()
        self._walks = context.known.walks() if context.replay is None else {}
        self._watched = context.known.watched(everywhere=context.site.role is Role.UPSTREAM) if self._pages else frozenset()
        self._suspects = bool(self._walks) and context.known.suspects(self._judged_by_it())
        self._partial = context.ticket.partial
        self._rows: tuple[str, frozenset[bytes]] = ("", frozenset())
        self.left = 0  # pages not asked for that could lead somewhere

    def _judged_by_it(self) -> frozenset[str] | None:
        """The sites whose verdicts can rest on what this one shows; None: any."""
        site = self._context.site
        if site.role is Role.UPSTREAM:
            return None
        return frozenset({site.id, *(unit.id for unit in self._context.registry.sites if unit.parent == site.id)})

    @property
    def pages(self) -> Mapping[bytes, KnownPage]:
        """By url_hash: every page that is no list."""
        return self._pages

    @property
    def published(self) -> Iterator[tuple[bytes, date]]:
        return ((key, page.published_at.date()) for key, page in self._pages.items() if page.published_at)

    def wants(self, url: str) -> bool:
        """Whether a page that a list's row leads to has to be fetched; by a recheck, where no crawl has read it."""
        key = url_hash(url)
        if self._partial:
            return key not in self._pages
        if key in self._context.ticket.done:
            return False
        return key in self._watched or due(key, self._pages.get(key), self._context.clock())

    def leaves(self, url: str) -> bool:
        """Whether a page that some link leads to need not be followed: an earlier crawl read it and settled the columns it led to."""
        key = url_hash(url)
        known = self._pages.get(key)
        if known is None or self._settled_at is None or known.fetched_at > self._settled_at or self.wants(url):
            return False
        self.left += 1
        return True

    def is_new_row(self, column_url: str, entry: ListEntry) -> bool:
        """Whether a list that is known shows a row it never had: a new entry, or one with another title or date."""
        if not self._pages or self._context.replay is not None:
            return False
        if self._rows[0] != column_url:
            self._rows = (column_url, self._known.row_hashes(column_url))
        return bool(self._rows[1]) and row_hash(entry) not in self._rows[1]

    def held_rows(self, column_url: str) -> bool:
        """Whether an earlier crawl read rows in a list."""
        return self._context.replay is None and bool(self._known.row_hashes(column_url))

    def unchanged(self, column_url: str, first: Step) -> Unchanged | None:
        """What a list's first page says of the rest, where that need not be read today. A recheck was sent to read it."""
        if self._partial:
            return None
        key = url_hash(column_url)
        walk = self._walks.get(key)
        if walk is None or first.ask is None or first.declared != walk.declared or rows_hash(first.entries) != walk.first_rows:
            return None
        if key in self._watched or in_turn(key, walk.whole_at, self._context.clock(), WHOLE_EVERY):
            return None
        counted = walk.declared is not None and walk.declared == walk.entries
        if not counted and (walk.last_url is None or walk.last_rows is None):
            return None
        rests = not counted and self._tail_rests(key, walk, first)
        rows = self._known.rows_of(walk)
        if len(rows) != walk.entries:
            return None
        return Unchanged(walk, rows, None if counted or rests else walk.last_url, START_UNCHANGED if rests else ENDS_UNCHANGED)

    def _tail_rests(self, key: bytes, walk: KnownWalk, first: Step) -> bool:
        """Whether the last page of a list need not be asked for today."""
        if not walk.newest_first or first.declared_pages != walk.pages or self._suspects:
            return False
        return not in_turn(key, walk.tail_at, self._context.clock(), TAIL_EVERY)

    def columns(self) -> tuple[KnownColumn, ...]:
        """The columns that may have been linked from pages that were left out."""
        if not self.left or self._partial or self._context.replay is not None:
            return ()
        return self._known.columns(self._context.clock(), OLD_EVERY)
