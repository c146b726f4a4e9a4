"""What is known of one column, or of one link, that should hold something: present, empty, dead, or not seen well enough to say.

Rules that use this name the figures min_chars, grace_days, confirm_hours and fresh_days in their params.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from checks.observing import GONE, Reading, column_evidence, held, proves_empty, too_old, unread_reason, walk_evidence, weakest
from checks.shared import per_view
from checks.tree import site_tree
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import Column, ColumnKind, Confidence, EmptyBecause, Evidence, Link, LinkTarget
from data.urls import url_key
from data.view import SiteView


class State(StrEnum):
    PRESENT = "present"
    EMPTY = "empty"
    DEAD = "dead"
    ABSENT = "absent"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of something sought. `column` is the one that speaks for it."""

    name: str
    state: State
    reason: str | None = None  # reason key, where unread
    column: Column | None = None
    evidence: tuple[Evidence, ...] = ()
    confidence: Confidence = Confidence.SUSPECTED  # of what is empty, dead or absent

    @property
    def is_fault(self) -> bool:
        return self.state in (State.EMPTY, State.DEAD, State.ABSENT)

    @property
    def words(self) -> str:
        return {State.ABSENT: f"“{self.name}”未见", State.EMPTY: f"“{self.name}”为空", State.DEAD: f"“{self.name}”打不开"}[self.state]


_ORDER = (State.PRESENT, State.UNREAD, State.EMPTY, State.DEAD, State.ABSENT)


def best(found: Iterable[Found]) -> Found | None:
    """What speaks most for the site."""
    return min(found, key=lambda one: _ORDER.index(one.state), default=None)


# --- one column -------------------------------------------------------------------------------


def state_of(view: SiteView, rule: Rule, column: Column, name: str) -> Found:
    """Judge one column that should hold something."""
    if column.reachable is False or column.kind is ColumnKind.LINK_OUT:
        return _link(view, rule, column, name)
    latest = column.walks[-1] if column.walks else None
    shows_text = column.text_chars >= rule.params["min_chars"] and (latest is None or not proves_empty(latest))
    attached = column.page is not None and bool(column.page.attachments)
    said = latest is not None and latest.empty is EmptyBecause.STATEMENT  # the gap is explained in the column
    if (latest is not None and latest.entries > 0) or shows_text or attached or said:
        return _present(column, name)
    if column.kind is ColumnKind.FORM and column.reachable:
        return _present(column, name)
    above = {column.url, *(one.url for one in site_tree(view).ancestors(column))}  # navigation may hang two columns below each other
    below = [state_of(view, rule, child, name) for child in site_tree(view).children(column) if child.url not in above]
    if below:
        return _of_children(column, name, below)
    return _of_walks(view, rule, column, name)


def _present(column: Column, name: str) -> Found:
    return Found(name, State.PRESENT, None, column, (column_evidence(column, f"栏目“{column.name}”"),))


def _link(view: SiteView, rule: Rule, column: Column, name: str) -> Found:
    """A column elsewhere, or one that did not open: by what its link answered when it was tried."""
    target = target_of(view, column.url)
    gone = column.fault in GONE if column.reachable is False else _answers_gone(target)
    if not gone:
        if column.reachable is False:
            return Found(name, State.UNREAD, column.fault or "not-read", column)
        return _present(column, name)
    evidence = (column_evidence(column, f"栏目“{column.name}”打不开"),)
    run = held([*tries(target), Reading(column.last_seen, True, evidence)], rule)
    assert run is not None  # the last reading holds
    return Found(name, State.DEAD, None, column, evidence, run.confidence)


def _of_children(column: Column, name: str, below: list[Found]) -> Found:
    if any(child.state is State.PRESENT for child in below):
        return _present(column, name)
    unread = next((child for child in below if child.state is State.UNREAD), None)
    if unread is not None:
        return Found(name, State.UNREAD, unread.reason, column)
    evidence = tuple(piece for child in below for piece in child.evidence)[:4]
    return Found(name, State.EMPTY, None, column, evidence, weakest(child.confidence for child in below))


def _of_walks(view: SiteView, rule: Rule, column: Column, name: str) -> Found:
    latest = column.walks[-1] if column.walks else None
    if latest is None or not proves_empty(latest):
        return Found(name, State.UNREAD, unread_reason(column) if latest is not None or column.fault else "blank-page", column)
    if latest.empty is EmptyBecause.CONTAINER and column.text_chars >= rule.params["min_chars"]:
        return Found(name, State.UNREAD, "text-without-rows", column)
    if too_old(latest.at, view, rule):
        return Found(name, State.UNREAD, "observation-too-old", column)
    if column.appeared_after is not None and civil(view.as_of) <= civil(column.first_seen) + timedelta(days=rule.params["grace_days"]):
        return Found(name, State.UNREAD, "column-is-new", column)
    run = held(
        (Reading(walk.at, False if walk.entries else proves_empty(walk) or None, (walk_evidence(walk),)) for walk in column.walks), rule
    )
    assert run is not None  # the last walk proves it
    return Found(name, State.EMPTY, None, column, run.evidence, run.confidence)


# --- links that were tried --------------------------------------------------------------------


@per_view
def _targets(view: SiteView) -> Mapping[str, LinkTarget]:
    return {url_key(target.url): target for target in view.links}


def target_of(view: SiteView, url: str | None) -> LinkTarget | None:
    return _targets(view).get(url_key(url)) if url is not None else None


def _answers_gone(target: LinkTarget | None) -> bool:
    told = [visit for visit in target.visits if visit.ok is not None] if target is not None else []
    return bool(told) and told[-1].ok is False and told[-1].reason in GONE


def tries(target: LinkTarget | None) -> Iterator[Reading]:
    """The tries of a link as readings of `it is gone`."""
    for visit in target.visits if target is not None else ():
        gone = None if visit.ok is None else not visit.ok if visit.ok or visit.reason in GONE else None
        yield Reading(
            visit.at, gone, (Evidence(target.url, visit.at, None, f"{zh_day(visit.at)}访问链接“{target.label}”"),) if target else ()
        )


def state_of_link(view: SiteView, rule: Rule, link: Link, name: str, column: Column) -> Found:
    """Judge a link on a column's page that leads to what is sought."""
    target = target_of(view, link.url)
    run = held(tries(target), rule) if _answers_gone(target) else None
    if run is not None:
        return Found(name, State.DEAD, None, column, run.evidence, run.confidence)
    return Found(name, State.PRESENT, None, column, (column_evidence(column, f"栏目“{column.name}”中有“{link.text}”"),))
