"""Rules that ask for a column and that something in it is recent enough: business environment, interpretation, responsibility lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from checks.bodies import bodies
from checks.clocks import add_months
from checks.observing import GONE, Held, Reading, held, latest_crawl, shows_everything_new, too_old, unread_reason, walk_evidence
from checks.registry import Outcome, check
from checks.required import anywhere, columns_of, lacking, rows_of, sought_by
from checks.scope import Scope, interpretation_scope, policy_documents, repost_of, withdrawn
from checks.standing import State
from checks.subjects import site_subject
from checks.tree import is_archive, lives_on_parent, site_tree
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import Column, ColumnKind, CrawlState, Measure, Status, Walk
from data.registry import Profile
from data.urls import url_key
from data.view import SiteView


@dataclass(frozen=True, slots=True)
class Freshness:
    """How recent the newest entry of some lists is."""

    newest: date | None  # None where no entry is dated, or nothing could be read
    fresh: bool
    unsure: str | None = None  # reason key of why an entry newer than `newest` may be there
    stale: Held | None = None  # the readings that prove it stale


def freshness(view: SiteView, rule: Rule, roots: Iterable[Column], months: int) -> Freshness:
    """Hold the newest entry in some columns and below them against a number of calendar months."""
    forest, today = site_tree(view), civil(view.as_of)
    every = {column.url: column for root in roots for column in (root, *forest.descendants(root))}
    lists = [column for column in every.values() if column.kind is not ColumnKind.LINK_OUT and column.walks]
    days = [row.date.value.date() for column in lists for row in rows_of(view, column) if row.date is not None]
    days += [day for column in lists if (day := column.walks[-1].newest_on) is not None]
    newest = max((day for day in days if day <= today), default=None)
    if newest is not None and today <= add_months(newest, months):
        return Freshness(newest, True)
    unread = next((column for column in every.values() if _may_hold_newer(column)), None)
    if unread is not None:
        return Freshness(newest, False, unread_reason(unread))
    if newest is None or any(column.walks[-1].undated for column in lists):
        return Freshness(newest, False, "undated")
    if any(too_old(column.walks[-1].at, view, rule) for column in lists):
        return Freshness(newest, False, "observation-too-old")
    return Freshness(newest, False, None, held(_rounds(rule, lists, months), rule))


def _may_hold_newer(column: Column) -> bool:
    if column.kind is ColumnKind.LINK_OUT or column.fault in GONE:
        return False
    if column.kind is ColumnKind.UNKNOWN or column.reachable is False:
        return True
    latest = column.walks[-1] if column.walks else None
    return (column.kind is ColumnKind.LIST and latest is None) or (latest is not None and not shows_everything_new(latest))


def _rounds(rule: Rule, lists: Sequence[Column], months: int) -> Iterator[Reading]:
    """The crawls in which every list showed all that is new, as readings of `it is stale`."""
    by_crawl: dict[int, list[Walk]] = {}
    for column in lists:
        for walk in column.walks:
            if shows_everything_new(walk):
                by_crawl.setdefault(walk.crawl_id, []).append(walk)
    for walks in by_crawl.values():
        at, newest = min(walk.at for walk in walks), max((walk.newest_on for walk in walks if walk.newest_on is not None), default=None)
        stale = newest is not None and civil(at) > add_months(newest, months)
        whole = len({walk.column_url for walk in walks}) == len(lists)
        yield Reading(at, stale if whole or not stale else None, tuple(walk_evidence(walk) for walk in walks[: rule.params["evidence"]]))


def _months(rule: Rule) -> int:
    assert rule.threshold is not None
    return int(rule.threshold.value)


def _aged(view: SiteView, label: str, seen: Freshness) -> Outcome:
    """The verdict on a column that is there and not fresh."""
    facts = {"column": label, "seen": zh_day(view.as_of), "newest": zh_day(seen.newest) if seen.newest else "未知"}
    if seen.stale is None or seen.newest is None:
        return Outcome(Status.INCONCLUSIVE, seen.unsure or "not-observed", site_subject(view), facts)
    measured = Measure((civil(view.as_of) - seen.newest).days, "day")
    return Outcome(Status.FAIL, "stale", site_subject(view), facts, seen.stale.evidence, measured, confidence=seen.stale.confidence)


def _fresh(view: SiteView, label: str, seen: Freshness) -> Outcome:
    assert seen.newest is not None
    measured = Measure((civil(view.as_of) - seen.newest).days, "day")
    return Outcome(Status.PASS, "updated", site_subject(view), {"column": label, "newest": zh_day(seen.newest)}, measured=measured)


@check("business-environment-column")
def business_environment(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """2023年东昌府区政务公开工作要点 二(一): the column on the business environment is kept up."""
    wanted = sought_by(rule)
    found = anywhere(view, rule, wanted)
    missing = lacking(view, found)
    if missing is not None:
        yield missing
        return
    roots = columns_of(view, wanted)
    label, subject = found.column.name if found.column is not None else found.name, site_subject(view)
    if not roots or all(column.kind is ColumnKind.LINK_OUT for column in roots):
        yield Outcome(Status.PASS, "present", subject, {"column": label}, found.evidence)
    elif all(is_archive(column) or any(is_archive(above) for above in site_tree(view).ancestors(column)) for column in roots):
        yield Outcome(Status.NOT_APPLICABLE, "closed", subject, {"column": label})
    else:
        seen = freshness(view, rule, roots, _months(rule))
        yield _fresh(view, label, seen) if seen.fresh else _aged(view, label, seen)


@check("interpretation-column-present")
def interpretation_column(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """娄底市2021年政务公开工作要点 五(十八): a column of interpretations that goes on while the unit issues policies."""
    wanted = sought_by(rule)
    found = anywhere(view, rule, wanted)
    issued = _issued(view, add_months(civil(view.as_of), -_months(rule)))
    label = found.column.name if found.column is not None else found.name
    if found.is_fault and not issued and not lives_on_parent(view):
        crawl = latest_crawl(view)
        seen_all = crawl is not None and crawl.state is CrawlState.COMPLETE
        reason = "no-documents" if seen_all else (crawl.reason if crawl else None) or "crawl-incomplete"
        yield Outcome(Status.NOT_APPLICABLE if seen_all else Status.INCONCLUSIVE, reason, site_subject(view), {"column": label})
        return
    missing = lacking(view, found)
    roots = columns_of(view, wanted)
    if missing is not None:
        yield missing
        return
    if not roots or all(column.kind is ColumnKind.LINK_OUT for column in roots):
        yield Outcome(Status.PASS, "present", site_subject(view), {"column": label}, found.evidence)
        return
    seen = freshness(view, rule, roots, _months(rule))
    if seen.fresh:
        yield _fresh(view, label, seen)
    elif issued:
        yield _aged(view, label, seen)
    else:
        yield Outcome(Status.PASS, "nothing-to-explain", site_subject(view), {"column": label}, found.evidence)


def _issued(view: SiteView, since: date) -> bool:
    """Whether the unit published a policy of its own since a day that has to be explained."""
    who = bodies(view)
    for document in policy_documents(view):
        published = document.reading.published_at
        if published is None or not since <= civil(published) <= civil(view.as_of) or url_key(document.url) in withdrawn(view):
            continue
        if interpretation_scope(document)[0] is Scope.IN and not repost_of(document, who):
            return True
    return False


@check("responsibility-list-published")
def responsibility_list(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """吉林高新区 2018 一(一): lists of powers and duties are adjusted and published; 娄底 2021 二(九)."""
    wanted = sought_by(rule)
    found = anywhere(view, rule, wanted)
    if found.state is State.ABSENT and view.site.profile is Profile.TOWN:
        yield Outcome(Status.NOT_APPLICABLE, "district-list", site_subject(view))
        return
    missing = lacking(view, found)
    if missing is not None:
        yield missing
        return
    roots = columns_of(view, wanted)
    label = found.column.name if found.column is not None else found.name
    if not roots or any(column.kind is ColumnKind.LINK_OUT for column in roots):
        yield Outcome(Status.PASS, "present", site_subject(view), {"column": label}, found.evidence)
        return
    seen = freshness(view, rule, roots, _months(rule))
    if seen.fresh:
        yield _fresh(view, label, seen)
    elif seen.newest is not None:
        # Where nothing was adjusted, an old list is the list in force: whether it was, only the unit can say.
        yield Outcome(Status.INCONCLUSIVE, "older", site_subject(view), {"column": label, "newest": zh_day(seen.newest)}, found.evidence)
    else:
        yield Outcome(Status.INCONCLUSIVE, "undated", site_subject(view), {"column": label}, found.evidence)
