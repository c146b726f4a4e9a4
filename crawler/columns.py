"""The columns of one crawl, by address: what the pages that come say of them goes in here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from crawler.column_facts import column_fact
from crawler.column_state import ColumnState, page_kind
from crawler.discover import Match, match_column
from crawler.faults import ELSEWHERE, MISSING
from crawler.observed import Lead, Observed, Told
from crawler.settling import place, settle
from data.catalogue import load_columns
from data.compact import Days
from data.known import KnownColumn
from data.records import Column, ColumnKind, Link, PageReading
from data.store import ColumnFact
from data.urls import url_key


class ColumnTree:
    """Every column of one crawl, by address.

    Pages only add what they show (`Observed`), and which addresses are columns at all, which a page's words alone decide. What each is
    called, what it is, where it hangs and how deep is decided by `settle`, from everything, by rules that know no order of arrival.
    """

    def __init__(self, site: str, home: str, own: tuple[str, ...] = ()) -> None:
        self._site = site
        self._own = own  # what the site calls itself and its place
        self.seen = Observed(url_key(home), home.partition(":")[0], own)
        self.states: dict[str, ColumnState] = {}
        self._faults: dict[str, str] = {}  # of pages that did not come

    def get(self, url: str) -> ColumnState | None:
        return self.states.get(url_key(url))

    # --- while the pages come -------------------------------------------------------------------

    def register(self, url: str, canonical: str) -> ColumnState:
        """A column that the registry names."""
        column = load_columns().get(canonical)
        name = column.name if column else ""
        match = Match(canonical, "registry")
        self.seen.start(url, 1)
        return self.states.setdefault(url_key(url), ColumnState(url, name, match, path=(name,), registered=True))

    def note(self, reading: PageReading, sha256: str | None = None) -> None:
        """A page was read; whether it is a column may show later."""
        self.seen.read(reading, sha256)

    def lead(self, on: str, link: Link, hosted_by: str | None, *, region: str | None = None, out: bool = False) -> Lead:
        """A page leads somewhere, maybe by the name of a column. `out`: off the site."""
        lead = self.seen.lead(on, link, hosted_by, region or link.region)
        state = self.states.get(lead.key)
        if state is not None:
            state.linked_at = None
        if lead.match is not None:
            self._name(lead, out=out)
        return lead

    def _name(self, lead: Lead, *, out: bool) -> None:
        """A lead names a column."""
        state = self.states.get(lead.key)
        if state is None:
            state = self._add(lead.key, ColumnState(lead.url, lead.text, lead.match, hosted_by=lead.hosted_by))
        state.hosted_by = lead.hosted_by
        if out and not state.registered and lead.key not in self.seen.pages:
            state.kind, state.leads_out = ColumnKind.LINK_OUT, True

    def _add(self, key: str, state: ColumnState) -> ColumnState:
        """A new column, with what was seen of its address before anything named it."""
        self.states[key] = state
        if key in self._faults:
            self._failed(state, self._faults[key])
        return state

    def tell(self, told: Told, hosted_by: str | None) -> ColumnState:
        """Data name a column, by whatever name."""
        self.seen.tell(told)
        key = url_key(told.url)
        if key in self.states:
            return self.states[key]
        match = match_column([told.name], told.url, own=self._own)
        return self._add(key, ColumnState(told.url, told.name, match, told.kind, hosted_by=hosted_by))

    def arrived(self, url: str) -> ColumnState:
        """The column that a fetched page is."""
        page = self.seen.pages[url_key(url)]
        state = self.states.setdefault(url_key(url), ColumnState(url, page.heading))
        state.reachable, state.fault = True, None
        state.kind = page_kind(page.page, state.match.canonical if state.match else None)
        return state

    def forwards(self, url: str, to: Link, hosted_by: str | None) -> None:
        """A column has no page of its own: its address leads on to one of those below it."""
        state = self.states[url_key(url)]
        state.kind, state.reachable, state.fault = ColumnKind.SECTION, True, None
        self.lead(url, to, hosted_by, region="menu")

    def missed(self, url: str, fault: str) -> None:
        """A page did not come; whether it is a column's may show later."""
        self._faults[url_key(url)] = fault
        state = self.get(url)
        if state is not None:
            self._failed(state, fault)

    @staticmethod
    def _failed(state: ColumnState, fault: str) -> None:
        state.reachable = False if fault in MISSING else None
        state.fault = None if fault == ELSEWHERE else fault
        if fault == ELSEWHERE:
            state.kind, state.leads_out = ColumnKind.LINK_OUT, True

    def adopt(self, url: str) -> None:
        """What seemed to lead off the site is a host of its own."""
        state = self.get(url)
        if state is not None and state.leads_out:
            state.kind, state.leads_out = ColumnKind.UNKNOWN, False

    def taken_for(self, state: ColumnState, kind: ColumnKind) -> None:
        """Its family knows what a column is, whatever kind of page it has."""
        state.kind = self.seen.pages[url_key(state.url)].kind = kind

    def recall(self, known: KnownColumn) -> ColumnState:
        """A column of the last crawl to which no page of this one has led."""
        state = self.hold(known.column)
        state.linked_at = known.linked_at
        state.reachable = known.column.reachable if known.column.kind is ColumnKind.SECTION else None
        return state

    def hold(self, column: Column) -> ColumnState:
        """A column as an earlier crawl left it."""
        self.seen.start(column.url, column.depth)
        state = ColumnState(
            column.url, column.name, Match(column.canonical, column.match or "known") if column.canonical else None, column.kind,
            column.parent_url, column.depth, column.path, column.hosted_by, known=column,
        )  # fmt: skip
        return self.states.setdefault(url_key(column.url), state)

    def forget(self, state: ColumnState) -> None:
        self.states.pop(url_key(state.url), None)

    # --- when all have come ---------------------------------------------------------------------

    def place(self) -> None:
        """Decide of every column what it is and where it hangs by what was seen so far; the end may know better."""
        place(self.states, self.seen)

    def settle(self) -> None:
        """Decide it by everything, and what only then can be judged: sections, empty lists, aliases."""
        settle(self.states, self.seen)

    def led_to(self, urls: Collection[str]) -> Mapping[str, tuple[str, str]]:
        """Addresses to which menus or texts of the site lead -> the label and the page of the link nearest to home."""
        found: dict[str, tuple[str, str]] = {}
        for lead, on in self.seen.labels(self.seen.depths(), map(url_key, urls)):
            page = self.seen.pages.get(on)
            found.setdefault(lead.key, (lead.text, page.url if page is not None else on))
        return {url: found[url_key(url)] for url in urls if url_key(url) in found}

    def fact(self, state: ColumnState, now: datetime, crawl_id: int, hosts: frozenset[str], published: Days) -> ColumnFact:
        """A settled column as the store takes it."""
        return column_fact(state, self._site, now, crawl_id, hosts, published)
