"""Rules on how often columns are updated (19号 栏目不更新)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from checks.clocks import add_months, end_of
from checks.observing import Reading, held, proves_empty, shows_everything_new, too_old, unread_reason, walk_evidence
from checks.registry import Outcome, check
from checks.shared import per_view
from checks.subjects import column_subject
from checks.tree import Tree, current_listings, is_archive, is_period, site_tree
from data.catalogue import Rule, load_columns
from data.days import civil, zh_day
from data.records import Column, ColumnKind, EmptyBecause, Evidence, Listing, Measure, Severity, Status, Walk
from data.urls import url_key
from data.view import SiteView

LastDay = Callable[[date], date]  # newest item -> last day on which the column still counts as updated


@check("news-columns-2-weeks")
def news_columns(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """国办秘函〔2019〕19号 单项否决 栏目不更新: news columns within two weeks, calendar days."""
    assert rule.threshold is not None
    days = int(rule.threshold.value)
    forest = site_tree(view)
    members = [column for column in forest.columns if column.canonical in rule.columns]
    for column in members:
        below = [child for child in forest.descendants(column) if child in members]
        if column.kind is ColumnKind.SECTION and below:
            continue  # its parts are judged one by one
        lists = lists_of(forest, column, skip=below)
        yield judge_column(view, rule, column, lists, lambda newest: newest + timedelta(days=days))


@check("notice-policy-columns-6-months")
def notice_policy_columns(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """国办秘函〔2019〕19号 单项否决 栏目不更新: first-level notice and policy columns within six calendar months."""
    assert rule.threshold is not None
    months = int(rule.threshold.value)
    forest = site_tree(view)
    for family in rule.columns:
        members = [column for column in forest.columns if column.canonical in _family(family)]
        first = _first_level(forest, members, family)
        for column in members:
            if column in first:
                yield judge_column(view, rule, column, lists_of(forest, column), lambda newest: add_months(newest, months))
            elif column.canonical == family and not is_period(column):
                yield Outcome(Status.NOT_APPLICABLE, "second-level", column_subject(column), severity=Severity.MINOR)


def _family(family: str) -> frozenset[str]:
    """Kinds that stand in for a first-level column: itself, and kinds below it that are updated on the same terms."""
    head = load_columns().get(family)
    assert head is not None
    return frozenset(
        column.id
        for column in load_columns().columns
        if column.id == family
        or (column.parent == family and column.update_class == head.update_class and column.id in ("gfxwj", "qtwj", "wjk"))
    )


def _first_level(forest: Tree, members: Sequence[Column], family: str) -> list[Column]:
    """The topmost columns of a family: none of its kind above it, none nearer to home; the kinds below only where the head is absent."""
    heads = [column for column in members if column.canonical == family] or list(members)
    topmost = [column for column in heads if not is_period(column) and not any(above in heads for above in forest.ancestors(column))]
    if not topmost:
        return []
    depth = min(column.depth for column in topmost)
    return [column for column in topmost if column.depth == depth]


@dataclass(frozen=True, slots=True)
class _Newest:
    """The newest dated entry of some lists, and whether an undated one could be newer."""

    on: date | None
    undated: bool


def judge_column(view: SiteView, rule: Rule, column: Column, lists: Sequence[Column], last_day: LastDay) -> Outcome:
    """Whether the newest entry of a column's lists is recent enough; `last_day` tells the last day it serves.

    The rule has due_soon_days, confirm_hours and fresh_days in its params, and words updated, ages, stale, undated and the exemptions.
    """
    subject = column_subject(column)
    exempt = _exempt(column, lists)
    if exempt is not None:
        return Outcome(Status.NOT_APPLICABLE, exempt, subject, severity=Severity.MINOR)
    newest = _newest(view, lists, last_day)
    latest = [part.walks[-1] for part in lists if part.walks]
    evidence = tuple(walk_evidence(walk) for walk in latest[:4])
    if newest.on is not None and civil(view.as_of) <= last_day(newest.on):
        return _fresh(view, rule, column, newest.on, last_day, evidence)
    unread = next((part for part in lists if not part.walks or not shows_everything_new(part.walks[-1])), None)
    if not latest and not lists:
        return Outcome(Status.INCONCLUSIVE, column.fault or "not-walked", subject, severity=Severity.MINOR)
    if unread is not None:
        return Outcome(Status.INCONCLUSIVE, unread_reason(unread), subject, severity=Severity.MINOR)
    if all(walk.entries == 0 for walk in latest):
        return _without_entries(lists, latest, column)
    if newest.on is None or newest.undated:
        return Outcome(Status.INCONCLUSIVE, "undated", subject, evidence=evidence, severity=Severity.MINOR)
    return _stale(view, rule, column, lists, newest.on, last_day)


def _fresh(view: SiteView, rule: Rule, column: Column, newest: date, last_day: LastDay, evidence: tuple[Evidence, ...]) -> Outcome:
    last = last_day(newest)
    facts = {"newest": zh_day(newest), "left": (last - civil(view.as_of)).days}
    measured = Measure((civil(view.as_of) - newest).days, "day")
    soon = (last - civil(view.as_of)).days <= rule.params["due_soon_days"]
    status, reason = (Status.DUE_SOON, "ages") if soon else (Status.PASS, "updated")
    return Outcome(status, reason, column_subject(column), facts, evidence, measured, end_of(last), Severity.MINOR)


def _stale(view: SiteView, rule: Rule, column: Column, lists: Sequence[Column], newest: date, last_day: LastDay) -> Outcome:
    subject, last = column_subject(column), last_day(newest)
    run = held(_rounds(lists, last), rule)
    if run is None:
        return Outcome(Status.INCONCLUSIVE, "not-observed-since", subject, severity=Severity.MINOR)
    if too_old(run.readings[-1].at, view, rule):
        return Outcome(Status.INCONCLUSIVE, "observation-too-old", subject, severity=Severity.MINOR)
    days = (civil(view.as_of) - newest).days
    facts = {"newest": zh_day(newest), "days": days, "seen": zh_day(run.readings[-1].at), "path": "＞".join(column.path)}
    return Outcome(Status.FAIL, "stale", subject, facts, run.evidence, Measure(days, "day"), end_of(last), Severity.MINOR, run.confidence)


def _rounds(lists: Sequence[Column], last: date) -> Iterable[Reading]:
    """Readings by crawl in which every list was seen: whether the column was out of date already when it was read."""
    by_crawl: dict[int, list[Walk]] = {}
    for part in lists:
        for walk in part.walks:
            by_crawl.setdefault(walk.crawl_id, []).append(walk)
    for walks in by_crawl.values():
        at = min(walk.at for walk in walks)
        whole = len({walk.column_url for walk in walks}) == len(lists) and all(shows_everything_new(walk) for walk in walks)
        yield Reading(
            at,
            civil(at) > last if whole and any(walk.entries for walk in walks) else None,
            tuple(walk_evidence(walk) for walk in walks[:4]),
        )


def lists_of(forest: Tree, column: Column, skip: Sequence[Column] = ()) -> list[Column]:
    """The lists whose entries are a column's: its own, and those of everything below it but what is judged by itself (`skip`)."""
    own = [column] if column.walks or column.kind is ColumnKind.LIST else []
    below = [
        child
        for child in forest.descendants(column)
        if child not in skip and (child.walks or child.kind in (ColumnKind.LIST, ColumnKind.UNKNOWN))
    ]
    if below and own and (not column.walks or column.walks[-1].entries == 0):
        own = []
    return own + below


def _exempt(column: Column, lists: Sequence[Column]) -> str | None:
    """Why a column owes no updates, as a reason key."""
    if column.kind is ColumnKind.LINK_OUT:
        return "link-out"
    if is_archive(column):
        return "archive"
    if is_period(column):
        return "period"
    if column.kind in (ColumnKind.FORM, ColumnKind.SINGLE_PAGE) and not lists:
        return "no-list"
    return None


def _without_entries(lists: Sequence[Column], latest: Sequence[Walk], column: Column) -> Outcome:
    """A column that holds nothing is the empty-columns rule's matter, not this one's."""
    subject = column_subject(column)
    if any(walk.empty is EmptyBecause.STATEMENT for walk in latest):
        text = next((walk.empty_text for walk in latest if walk.empty_text), None) or ""
        return Outcome(Status.NOT_APPLICABLE, "explained", subject, {"statement": text}, severity=Severity.MINOR)
    if all(proves_empty(walk) for walk in latest):
        return Outcome(Status.NOT_APPLICABLE, "empty", subject, severity=Severity.MINOR)
    return Outcome(Status.INCONCLUSIVE, unread_reason(lists[0]), subject, severity=Severity.MINOR)


def _newest(view: SiteView, lists: Sequence[Column], last_day: LastDay) -> _Newest:
    """The newest entry by walks, rows and documents; dates after the moment of judging are left out."""
    today = civil(view.as_of)
    published = published_days(view)
    found = [part.walks[-1].newest_on for part in lists if part.walks]
    dates = [day for day in found if day is not None and day <= today]
    undated = False
    rows = [row for key in dict.fromkeys(url_key(part.url) for part in lists) for row in rows_by_list(view).get(key, ())]
    for row in rows:
        seen = [day for day in (_shown(row, today), published.get(url_key(row.url)) if row.url else None) if day is not None]
        dates.extend(seen)
        if not seen and row.date is None:
            undated = undated or _may_be_new(row, today, last_day)
    if not rows:
        undated = any(part.walks[-1].undated > 0 for part in lists if part.walks)
    return _Newest(max(dates, default=None), undated)


@per_view
def published_days(view: SiteView) -> Mapping[str, date]:
    """The day of publication that each document shows, by url_key; days after the moment of judging are left out."""
    today = civil(view.as_of)
    return {
        url_key(document.url): civil(document.reading.published_at)
        for document in view.documents
        if document.reading.published_at is not None and civil(document.reading.published_at) <= today
    }


@per_view
def rows_by_list(view: SiteView) -> Mapping[str, Sequence[Listing]]:
    """The rows that stand in each list now, by url_key of the list."""
    found: dict[str, list[Listing]] = {}
    for row in current_listings(view):
        found.setdefault(url_key(row.column_url), []).append(row)
    return found


def _shown(row: Listing, today: date) -> date | None:
    day = civil(row.date.value) if row.date else None
    return day if day is not None and day <= today else None


def _may_be_new(row: Listing, today: date, last_day: LastDay) -> bool:
    """Whether an undated row could be newer than the limit: it was not yet there, or we had not yet looked, when the term began."""
    return last_day(civil(row.first_seen)) >= today
