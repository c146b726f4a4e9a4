"""Rules on what has long not been updated: the home page (19号 首页不更新), columns without a term of their own (应更新但长期未更新)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from checks.clocks import add_months, end_of
from checks.observing import Reading, held, too_old
from checks.registry import Outcome, check
from checks.shared import per_view
from checks.subjects import column_subject, site_subject
from checks.timeliness import judge_column, lists_of, published_days
from checks.tree import Tree, current_columns, current_listings, is_archive, is_period, lives_on_parent, site_tree
from data.catalogue import Rule, load_columns
from data.days import civil, zh_day
from data.records import Column, ColumnKind, Evidence, Home, Link, Measure, Severity, Status
from data.text import bare
from data.urls import url_key
from data.view import SiteView

# --- home-page-updated-2-weeks ----------------------------------------------------------------


@check("home-page-updated-2-weeks")
def home_page_updated(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """国办秘函〔2019〕19号 单项否决 首页不更新: something new on the home page within two weeks, calendar days."""
    assert rule.threshold is not None
    subject, term = site_subject(view), timedelta(days=int(rule.threshold.value))
    if lives_on_parent(view):
        yield Outcome(Status.NOT_APPLICABLE, "hosted-by-parent", subject)
        return
    home = view.homes[-1] if view.homes else None
    if home is None or not home.readable:
        yield Outcome(Status.INCONCLUSIVE, (home.reason if home else None) or "not-observed", subject)
        return
    today, newest = civil(view.as_of), _newest_on(view, home)
    if newest is None:
        yield _by_second_level(view, rule, home, term)
        return
    last = newest + term
    measured = Measure((today - newest).days, "day")
    facts: dict[str, object] = {"newest": zh_day(newest), "days": measured.value}
    if today <= last:
        soon = (last - today).days <= rule.params["due_soon_days"]
        status, reason = (Status.DUE_SOON, "ages") if soon else (Status.PASS, "updated")
        yield Outcome(status, reason, subject, facts, (_seen(home, newest),), measured, end_of(last))
    elif not home.dated and _undated(view, home):
        yield Outcome(Status.INCONCLUSIVE, "undated", subject, facts, (_seen(home, newest),), measured)
    else:
        yield _stale_home(view, rule, facts, newest, last, measured)


def _stale_home(view: SiteView, rule: Rule, facts: Mapping[str, object], newest: date, last: date, measured: Measure) -> Outcome:
    subject = site_subject(view)
    readings = [
        Reading(home.observed_at, civil(home.observed_at) > shown + (last - newest), (_seen(home, shown),))
        for home in view.homes
        if home.readable and (shown := _newest_on(view, home)) is not None
    ]
    run = held(readings, rule)
    if run is None:
        return Outcome(Status.INCONCLUSIVE, "not-observed-since", subject, facts, measured=measured)
    if too_old(run.readings[-1].at, view, rule):
        return Outcome(Status.INCONCLUSIVE, "observation-too-old", subject, facts, measured=measured)
    return Outcome(Status.FAIL, "stale", subject, facts, run.evidence, measured, end_of(last), confidence=run.confidence)


def _seen(home: Home, newest: date) -> Evidence:
    return Evidence(home.url, home.observed_at, home.sha256, f"{zh_day(home.observed_at)}首页所见最新信息日期为{zh_day(newest)}")


def _newest_on(view: SiteView, home: Home) -> date | None:
    """The newest day that a home page shows, or that what it leads to bears; nothing later than the visit."""
    seen_on, known = civil(home.observed_at), _known_days(view)
    days = [home.newest_on] if home.newest_on is not None else []
    days += [known[url_key(link.url)] for link in home.links if link.url is not None and url_key(link.url) in known]
    return max((day for day in days if day <= seen_on), default=None)


@per_view
def _known_days(view: SiteView) -> Mapping[str, date]:
    """The day of each document and dated row, by url_key: the later one where both are shown."""
    days, today = dict(published_days(view)), civil(view.as_of)
    for row in current_listings(view):
        if row.url is not None and row.date is not None and (day := civil(row.date.value)) <= today:
            key = url_key(row.url)
            days[key] = max(day, days.get(key, day))
    return days


_ITEM_CHARS = 12  # a home page's link with a label this long is an item, not the way to a column


def _undated(view: SiteView, home: Home) -> bool:
    """Whether the home page shows items whose day is not known, so that one of them may be new."""
    columns, known = {url_key(column.url) for column in current_columns(view)}, _known_days(view)
    return any(_is_item(link) and url_key(link.url or "") not in columns and url_key(link.url or "") not in known for link in home.links)


def _is_item(link: Link) -> bool:
    return link.url is not None and link.region not in ("nav", "menu", "footer") and len(link.text) >= _ITEM_CHARS


def _by_second_level(view: SiteView, rule: Rule, home: Home, term: timedelta) -> Outcome:
    """Judge a home page that is navigation alone by the lists it leads to: one fresh entry suffices, its lack proves nothing."""
    today, subject = civil(view.as_of), site_subject(view)
    if _undated(view, home):
        return Outcome(Status.INCONCLUSIVE, "undated", subject)
    near = [column for column in current_columns(view) if column.depth <= rule.params["second_level_depth"] and column.walks]
    days = [day for column in near if (day := column.walks[-1].newest_on) is not None and day <= today]
    newest = max(days, default=None)
    if newest is None or today > newest + term:
        return Outcome(Status.INCONCLUSIVE, "navigation-only", subject)
    facts = {"newest": zh_day(newest)}
    return Outcome(Status.PASS, "second-level", subject, facts, (_seen(home, newest),), Measure((today - newest).days, "day"))


# --- long-stale-columns -----------------------------------------------------------------------


@check("long-stale-columns")
def long_stale_columns(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """国办秘函〔2019〕19号 单项否决 栏目不更新: ten columns or more that should be updated and long were not."""
    forest = site_tree(view)
    members = {url_key(column.url): column for column in forest.columns if _owes_updates(rule, column)}
    for column in members.values():
        below = [child for child in forest.descendants(column) if url_key(child.url) in members]
        if column.kind is ColumnKind.SECTION and below:
            continue  # its parts are judged one by one
        yield _long_stale(view, rule, column, lists_of(forest, column, skip=below), _months(rule, column))
    for column in forest.columns:
        if _of_unknown_kind(forest, column):
            yield from _unknown(view, rule, column, lists_of(forest, column))


# Plans that hold for years: a column of one such kind gets the next when the time comes.
_STANDING = re.compile("国土空间规划|总体规划|区域规划|规划纲要|十[一二三四五六]五规划|五年规划")


def _owes_updates(rule: Rule, column: Column) -> bool:
    """Whether a column is of a kind that is updated now and then, and that no rule of its own judges."""
    known = load_columns().get(column.canonical) if column.canonical is not None else None
    if known is None or known.id in rule.params["own_rules"]:
        return False
    return known.update_class in rule.params["months"] and not is_period(column) and not _STANDING.search(bare(column.name))


def _months(rule: Rule, column: Column) -> int:
    known = load_columns().get(column.canonical or "")
    assert known is not None  # it owes updates, so its kind is known
    return int(rule.params["column_months"].get(known.id, rule.params["months"][known.update_class]))


def _long_stale(view: SiteView, rule: Rule, column: Column, lists: list[Column], months: int) -> Outcome:
    found = judge_column(view, rule, column, lists, lambda newest: add_months(newest, months))
    return replace(found, facts={**found.facts, "months": months}, threshold=Measure(months, "month"))


_HOLDERS = frozenset({"zfxxgk", "fdzdgknr", "zdly", "shgy", "hdjl", "zdxm", "jczwgk", "ggqsy"})


def _of_unknown_kind(forest: Tree, column: Column) -> bool:
    """Whether a list stands in the disclosure part of a site and the catalogue does not know its kind."""
    if column.canonical is not None or column.kind is not ColumnKind.LIST or is_period(column) or is_archive(column):
        return False
    return forest.canonical(column) in _HOLDERS


def _unknown(view: SiteView, rule: Rule, column: Column, lists: list[Column]) -> Iterator[Outcome]:
    """A list of no known kind passes where it is fresh; where it is old nobody can say whether it should be updated."""
    months = int(rule.params["unknown_months"])
    found = _long_stale(view, rule, column, lists, months)
    if found.status in (Status.PASS, Status.DUE_SOON):
        yield replace(found, status=Status.PASS, reason="updated", due=None)
    elif found.status is Status.FAIL:
        yield Outcome(
            Status.NOT_APPLICABLE, "kind-unknown", column_subject(column), found.facts, found.evidence, found.measured,
            severity=Severity.MINOR, threshold=found.threshold,
        )  # fmt: skip
