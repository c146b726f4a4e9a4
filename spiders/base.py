"""What a CMS family is: how it is recognised, where its rows are, how the next ones are asked for."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol
from urllib.parse import urljoin

from data.records import Choice, ListEntry, PageReading

_SCRIPT = re.compile(r"<script\b[^>]*?\bsrc\s*=\s*[\"']?([^\"'\s>]+)", re.I)


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer: its bytes as text, and its reading where it is a page."""

    url: str
    text: str
    reading: PageReading | None

    def scripts(self) -> tuple[str, ...]:
        """Addresses of the scripts that the page names, once each, in page order; what is no address is left out."""
        found: dict[str, None] = {}
        for source in _SCRIPT.findall(self.text):
            with suppress(ValueError):
                found[urljoin(self.url, source)] = None
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Ask:
    """A request for the next rows."""

    url: str
    method: str = "GET"
    body: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    kept: bool = False  # a script that every column of the site names: one answer serves the whole crawl


@dataclass(frozen=True, slots=True)
class Step:
    """What one answer of a walk gave, and how it goes on.

    Exactly one of `ask`, `end` and `fault` is set: the next request, the evidence that this was the last page,
    or the reason key why the walk cannot be finished.
    """

    entries: tuple[ListEntry, ...]
    declared: int | None = None  # records the list says it has
    declared_pages: int | None = None
    ask: Ask | None = None
    end: str | None = None
    fault: str | None = None
    choice: Choice | None = None  # what else of the list the page offers, for all it shows


@dataclass(slots=True)
class Progress:
    """How far a walk has come."""

    pages: int = 0
    rows: int = 0  # rows read, repeated ones included
    declared: int | None = None  # the most that a page of the list has said
    declared_pages: int | None = None
    memory: dict[str, str] = field(default_factory=dict)  # what a family has to carry from page to page
    own: Step | None = None  # what the column's own page shows, where an interface is asked first
    seen: set[str] = field(default_factory=set)  # keys of the addresses that the interface has given
    fresh: int = 0  # rows that no earlier page of the walk has shown
    held: dict[str, int] = field(default_factory=dict)  # address of a row -> the first page that shows it
    twice: dict[str, list[int]] = field(default_factory=dict)  # of a row that several pages show: which
    tail: str | None = None  # address of the last row of the page before
    choice: Choice | None = None  # what the list's first page offers beside what it shows
    slid: bool = False  # a page began with the row that the one before ended with

    def note(self, step: Step) -> None:
        """Take in what a step has read."""
        if step.entries or self.pages or step.ask is None:
            self.pages += 1
        self.choice = self.choice or step.choice
        self.rows += len(step.entries)
        if len(step.entries) > 1:
            self.slid = self.slid or (self.tail is not None and step.entries[0].url == self.tail)
            self.tail = step.entries[-1].url
        for entry in step.entries:
            if entry.url is None or entry.pinned:
                continue
            first = self.held.setdefault(entry.url, self.pages)
            on = self.twice.setdefault(entry.url, [first]) if first != self.pages else None
            if on is not None and on[-1] != self.pages:
                on.append(self.pages)
        if step.declared is not None:
            self.declared = max(step.declared, self.declared or 0)
        if step.declared_pages is not None:
            self.declared_pages = max(step.declared_pages, self.declared_pages or 0)

    @property
    def moved(self) -> bool:
        """Whether rows slid from one page to the next while they were read: then others slid past unseen.

        What nearly every page shows is furniture of the template.
        """
        return self.slid or any(
            any(later - earlier == 1 for earlier, later in pairwise(on)) for on in self.twice.values() if len(on) < self.pages - 1
        )


@dataclass(frozen=True, slots=True)
class ColumnLink:
    """A column that a page names in its data rather than in an anchor."""

    name: str
    url: str
    parent_url: str | None
    ask: Ask | None  # how its rows are asked for; None: the address is a page to read, or it only holds other columns
    holds_columns: bool = False


def ended(entries: tuple[ListEntry, ...], total: int | None, pages: int | None, progress: Progress) -> Step | None:
    """The end that a count of rows, or an answer without any, puts to the walk of an interface; None where it goes on."""
    if total is not None and progress.rows + len(entries) >= total:
        return Step(entries, total, pages, end="declared-total-read")
    if not entries:
        return Step((), total, pages, fault="declared-more-than-read" if total else "page-empty" if progress.rows else "api-empty")
    return None


class Family(Protocol):
    """One CMS family. A site is data, a family is code."""

    name: str

    @property
    def by_script(self) -> bool:
        """Whether a script fills its lists from an interface that the family asks itself: no browser is needed."""
        ...

    def recognises(self, page: Fetched) -> bool:
        """Whether the page bears this family's marks."""
        ...

    def entry(self, page: Fetched) -> Ask | None:
        """What tells the columns, where a page only names it; its answer goes to `columns`."""
        ...

    def columns(self, page: Fetched) -> tuple[ColumnLink, ...]:
        """Columns that the page holds as data."""
        ...

    def first(self, page: Fetched, column_url: str, progress: Progress) -> Step:
        """The rows of a column's own page."""
        ...

    def following(self, answer: Fetched, column_url: str, progress: Progress) -> Step:
        """The rows of the answer to an Ask."""
        ...

    def instead(self, fault: str, column_url: str, progress: Progress) -> Step | None:
        """How a walk goes on where an answer did not come; None where it ends with that fault."""
        ...


class BaseFamily:
    """What most families are content with."""

    by_script = False

    def entry(self, page: Fetched) -> Ask | None:
        """Nothing but the page itself."""
        return None

    def columns(self, page: Fetched) -> tuple[ColumnLink, ...]:
        """None that an anchor does not name as well."""
        return ()

    def instead(self, fault: str, column_url: str, progress: Progress) -> Step | None:
        """Nothing takes the place of what did not come."""
        return None
