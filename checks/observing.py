"""What counts as having observed something: rounds of reading, how long a state held, and the evidence of it.

Only a complete reading proves an absence. A fault that may pass is confirmed where the violation itself held at two readings at
least `confirm_hours` apart with nothing between them that speaks against it; a reading made before the term ran out does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.catalogue import Rule
from data.days import zh_day
from data.records import START_UNCHANGED, Column, Confidence, Crawl, CrawlState, Document, EmptyBecause, Evidence, Listing, Walk, WalkState
from data.view import SiteView

GONE = frozenset({"http-404", "http-410", "soft-404"})  # the site itself says that there is nothing


@dataclass(frozen=True, slots=True)
class Reading:
    """One conclusive look at a state: when, and whether the state held. `holds` None: nothing can be said."""

    at: datetime
    holds: bool | None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """The unbroken run of readings, up to the last one, at which a state held."""

    readings: tuple[Reading, ...]
    confidence: Confidence

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What the first and the last reading of the run saw."""
        if len(self.readings) < 2:
            return tuple(piece for reading in self.readings for piece in reading.evidence)
        return self.readings[0].evidence + self.readings[-1].evidence


def held(readings: Iterable[Reading], rule: Rule) -> Held | None:
    """The run of readings (given oldest first) that ends with the last conclusive one; None where that one does not hold the state."""
    run: list[Reading] = []
    for reading in sorted(readings, key=lambda reading: reading.at, reverse=True):
        if reading.holds is None:
            continue
        if not reading.holds:
            break
        run.append(reading)
    if not run:
        return None
    run.reverse()
    apart = run[-1].at - run[0].at >= timedelta(hours=rule.params["confirm_hours"])
    return Held(tuple(run), Confidence.CONFIRMED if apart else Confidence.SUSPECTED)


def weakest(confidences: Iterable[Confidence]) -> Confidence:
    return Confidence.SUSPECTED if Confidence.SUSPECTED in set(confidences) else Confidence.CONFIRMED


def too_old(at: datetime, view: SiteView, rule: Rule) -> bool:
    """Whether a reading lies too far back to speak for the moment of judging."""
    return view.as_of - at > timedelta(days=rule.params["fresh_days"])


# --- walks of lists ---------------------------------------------------------------------------


def is_complete(walk: Walk) -> bool:
    return walk.state is WalkState.COMPLETE


def shows_everything_new(walk: Walk) -> bool:
    """Whether no newer entry can be missing from a walk: it was complete, or its rows ran newest first."""
    return is_complete(walk) or (walk.newest_first and walk.entries > 0)


def proves_empty(walk: Walk) -> bool:
    """Whether a walk shows a list that is there and holds nothing."""
    return is_complete(walk) and walk.entries == 0 and walk.empty in (EmptyBecause.PLACEHOLDER, EmptyBecause.CONTAINER)


def hides_what_it_holds(column: Column) -> bool:
    """Whether the last reading of a column's page showed no rows and could not tell why: a script or a frame may hold its links."""
    return bool(column.walks) and column.walks[-1].entries == 0 and not is_complete(column.walks[-1])


def unread_reason(column: Column) -> str:
    """Reason key of why a column's list is not conclusively known."""
    if column.walks and not is_complete(column.walks[-1]):
        return column.walks[-1].reason
    if column.walks and column.walks[-1].empty is EmptyBecause.SCRIPT:
        return "script"
    if column.walks:
        return "layout-unknown"
    return column.fault or "not-walked"


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds in which every one of some columns was walked to its end, oldest first, or why the last round was not."""

    rounds: tuple[Reading, ...]  # `holds` is True throughout
    broken: str | None  # reason key where the last walk of a column was not complete


def complete_rounds(columns: Sequence[Column], rule: Rule) -> Rounds:
    """Rounds (by crawl) in which all of the columns were read completely; `columns` is not empty."""
    broken = next((unread_reason(column) for column in columns if not column.walks or not is_complete(column.walks[-1])), None)
    by_crawl: dict[int, list[Walk]] = {}
    for column in columns:
        for walk in column.walks:
            if is_complete(walk):
                by_crawl.setdefault(walk.crawl_id, []).append(walk)
    whole = [walks for walks in by_crawl.values() if len({walk.column_url for walk in walks}) == len(columns)]
    rounds = [
        Reading(min(walk.at for walk in walks), True, tuple(walk_evidence(walk) for walk in walks[: rule.params.get("evidence", 4)]))
        for walks in whole
    ]
    return Rounds(tuple(sorted(rounds, key=lambda reading: reading.at)), broken)


# --- crawls of the whole site -----------------------------------------------------------------


def latest_crawl(view: SiteView) -> Crawl | None:
    """The last finished crawl, interrupted ones aside."""
    ended = [crawl for crawl in view.crawls if crawl.reason != "interrupted"]
    return ended[-1] if ended else None


def unseen(view: SiteView) -> str | None:
    """Reason key of why what we did not find may be there all the same; None where the last crawl saw the whole site."""
    crawl = latest_crawl(view)
    if crawl is not None and crawl.state is CrawlState.COMPLETE:
        return None
    return (crawl.reason if crawl is not None else None) or "not-observed"


# --- evidence ---------------------------------------------------------------------------------


def walk_evidence(walk: Walk, note: str | None = None) -> Evidence:
    if note is None:
        newest = f"，最新一条日期为{zh_day(walk.newest_on)}" if walk.newest_on else ""
        text = f"，页面文字：{walk.empty_text}" if walk.entries == 0 and walk.empty_text else ""
        whole = _how_far(walk)
        note = f"{zh_day(walk.at)}{whole}，共{walk.pages}页{walk.entries}条{newest}{text}"
    return Evidence(walk.column_url, walk.at, walk.sha256, note)


def _how_far(walk: Walk) -> str:
    """What a walk rests on: all its pages, or those read again and an earlier reading of the rest."""
    if not is_complete(walk):
        return "读到部分栏目"
    if walk.whole_at is not None and walk.whole_at < walk.at:
        what = "首页和页数" if walk.reason == START_UNCHANGED else "首尾"
        return f"复查栏目，{what}与{zh_day(walk.whole_at)}读完整个栏目时一致"
    return "读完整个栏目"


def document_evidence(document: Document, note: str) -> Evidence:
    return Evidence(document.url, document.observed_at, document.sha256, note)


def listing_evidence(listing: Listing, note: str) -> Evidence:
    return Evidence(listing.url or listing.column_url, listing.last_seen, None, note)


def column_evidence(column: Column, note: str) -> Evidence:
    return Evidence(column.url, column.last_seen, column.walks[-1].sha256 if column.walks else None, note)
