"""A settled column as the store takes it."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise

from crawler.column_state import ColumnState
from data.compact import Days
from data.records import Column, ListEntry, Walk, WalkState
from data.store import ColumnFact
from data.urls import url_hash


def column_fact(state: ColumnState, site: str, now: datetime, crawl_id: int, hosts: frozenset[str], published: Days) -> ColumnFact:
    """What is kept of a column and of the walk of its list; `published`: days that the documents' own pages show."""
    column = Column(
        url=state.url, site=site, name=state.name or state.url, canonical=state.match.canonical if state.match else None,
        match=state.match.reason if state.match else None, kind=state.kind, parent_url=state.parent_url, depth=state.depth,
        path=state.path or (state.name,), hosted_by=state.hosted_by, reachable=state.reachable, fault=state.fault,
        text_chars=state.text_chars, first_seen=now, last_seen=now,
    )  # fmt: skip
    notes = state.walk
    if notes is None:
        return ColumnFact(column, None, (), hosts, linked_at=state.linked_at)
    entries = tuple(notes.entries)
    shown = [_days(entry, published) for entry in entries]
    days = [day for several in shown for day in several if day <= now.date()]
    walk = Walk(
        column_url=state.url, crawl_id=crawl_id, at=now, state=notes.state or WalkState.INCOMPLETE, reason=notes.reason or "not-finished",
        pages=notes.known.pages if notes.known else len(notes.pages), entries=len(entries), declared=notes.declared, newest_on=max(days, default=None),
        undated=sum(not several for several in shown), empty=notes.empty, empty_text=notes.empty_text,
        sha256=state.sha256, newest_first=notes.known.newest_first if notes.known else len(notes.pages) > 1 and _newest_first(entries),
        whole_at=notes.known.whole_at if notes.known else now if notes.state is WalkState.COMPLETE else None,
    )  # fmt: skip
    return ColumnFact(column, walk, entries, hosts, notes.ends(), state.linked_at)


def _days(entry: ListEntry, published: Days) -> list[date]:
    days = [entry.date.value.date()] if entry.date else []
    shown = published.get(url_hash(entry.url)) if entry.url else None
    return [*days, shown] if shown else days


def _newest_first(entries: tuple[ListEntry, ...]) -> bool:
    days = [entry.date.value.date() for entry in entries if entry.date and not entry.pinned]
    return len(days) > 2 and all(later >= earlier for later, earlier in pairwise(days))
