"""One column of a crawl."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawler.discover import Match
from crawler.walk_notes import WalkNotes
from data.catalogue import load_columns
from data.records import Column, ColumnKind, PageKind


@dataclass(slots=True, eq=False)
class ColumnState:
    """One column. While the crawl runs `name`, `match` and `kind` are what the first word of it said; `settle` has the last."""

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
    registered: bool = False  # the registry names it
    known: Column | None = None  # as an earlier crawl left it
    leads_out: bool = False  # off the site

    @property
    def rests(self) -> bool:
        """Whether it is known from an earlier crawl alone: no page of this one has led to it."""
        return self.known is not None and self.linked_at is not None


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
