"""Walking a column's list: taking in one page's rows, and telling a list read to its end from one that was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from crawler.column_state import ColumnState
from crawler.extract.page import CUTS, TORN, UNFILLED
from crawler.faults import RENDER_PARTIAL, SHOWN
from crawler.spans import spans
from crawler.walk_notes import WalkNotes
from data.records import CrawlState, EmptyBecause, Home, PageReading, WalkState
from spiders.base import Ask, Progress, Step

_NOT_WHOLE = {**dict.fromkeys(CUTS, "too-large"), TORN: "page-cut", UNFILLED: RENDER_PARTIAL}
_WALK_PAGES = 5000  # more than any list has: a walk that goes on beyond it goes in circles


def take(notes: WalkNotes, step: Step, progress: Progress) -> Ask | None:
    """Take in a step; gives the request for the next page, or None where the walk has ended (notes say how)."""
    fresh = sum((entry.url, entry.title) not in notes.entries for entry in step.entries)
    again = not notes.add(step.entries) or (bool(step.entries) and not fresh)
    progress.note(step)
    progress.fresh += fresh
    notes.declared = progress.declared
    if again:
        notes.end(WalkState.INCOMPLETE, "page-repeated")
    elif step.fault is not None:
        notes.end(WalkState.INCOMPLETE, step.fault)
    elif progress.pages >= _WALK_PAGES:
        notes.end(WalkState.INCOMPLETE, "cap-reached")
    elif step.ask is not None:
        return step.ask
    else:
        _ended(notes, step, progress)
    return None


def whole(step: Step, reading: PageReading | None) -> Step:
    """The step with what its page offers beside its rows; one that ends the walk where the page was too large to be read, or did not come, whole."""
    if reading is None:
        return step
    if reading.listing is not None and reading.listing.choice is not None:
        step = replace(step, choice=reading.listing.choice)
    fault = next((_NOT_WHOLE[mark] for mark in reading.marks if mark in _NOT_WHOLE), None)
    return step if fault is None else replace(step, ask=None, end=None, fault=fault)


def _ended(notes: WalkNotes, step: Step, progress: Progress) -> None:
    """The last page was read: is what was read what the list says it has?"""
    if progress.choice is not None and not spans(progress.choice, notes.entries):
        notes.end(WalkState.INCOMPLETE, "slice-only")  # what was read is one slice, and its pager counts that alone
    elif notes.entries:
        if progress.declared is not None and progress.fresh < progress.declared:
            notes.end(WalkState.INCOMPLETE, "declared-more-than-read")
        elif progress.declared is None and progress.moved:
            notes.end(WalkState.INCOMPLETE, "rows-moved")
        else:
            assert step.end is not None  # a step has an ask, an end or a fault
            notes.end(WalkState.COMPLETE, step.end)
    elif progress.declared:
        notes.end(WalkState.INCOMPLETE, "declared-more-than-read")  # it says that it has rows, and shows none
    elif notes.empty in (EmptyBecause.PLACEHOLDER, EmptyBecause.STATEMENT):
        notes.end(WalkState.COMPLETE, notes.empty.value)
    elif progress.declared == 0:
        notes.empty = EmptyBecause.CONTAINER
        notes.end(WalkState.COMPLETE, "declared-zero")
    elif notes.empty is EmptyBecause.CONTAINER:
        notes.end(WalkState.INCOMPLETE, "maybe-empty")  # the tree settles it when every column is read
    else:
        notes.end(WalkState.INCOMPLETE, "script-only" if notes.empty is EmptyBecause.SCRIPT else "layout-unknown")


def outcome(
    home: Home | None, columns: Iterable[ColumnState], faults: Counter[str], *, documents: int, stopped: str
) -> tuple[CrawlState, str | None]:
    """Whether a crawl saw everything that could be seen, and if not the first reason why."""
    states = list(columns)
    observed = documents > 0 or any(state.reachable for state in states)
    if home is not None and home.reason == "identity-mismatch":
        return CrawlState.BLOCKED, home.reason
    if home is not None and not home.readable and not observed:
        return CrawlState.BLOCKED, home.reason
    if home is None and not observed:
        return CrawlState.BLOCKED, stopped or "nothing-observed"
    unread = [state.walk.reason for state in states if state.walk is not None and state.walk.state is WalkState.INCOMPLETE]
    unseen = [fault for fault in faults if fault not in SHOWN]
    shut = [home.reason or "not-observed"] if home is not None and not home.readable else []
    why = next(iter([stopped] if stopped else shut or unseen or unread), None)
    return (CrawlState.COMPLETE, None) if why is None else (CrawlState.INCOMPLETE, why)
