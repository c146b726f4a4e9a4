"""Whether a column that a rule demands is there: present, empty, dead, provably absent, or not seen well enough to say.

What is sought is named by the column catalogue's ids and by words of its name; both are broad, because any sign of it speaks for the
site. Absence is claimed only where the home page and whatever could hold the column were read, confirmed by two crawls.

A rule that demands a column names it in `params.column` (`{name, columns, words}`), and the figures of checks/standing.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from checks.observing import GONE, Reading, column_evidence, held, hides_what_it_holds, latest_crawl, too_old, unread_reason
from checks.registry import Outcome
from checks.shared import per_view
from checks.standing import Found, State, best, state_of
from checks.subjects import site_subject
from checks.tree import columns_behind_the_door, current_columns, current_listings, lives_on_parent, site_tree
from data.catalogue import Rule, load_columns
from data.days import zh_day
from data.records import Column, ColumnKind, Crawl, CrawlState, Evidence, Home, Link, Listing, Status
from data.text import bare, title_key
from data.urls import url_key
from data.view import SiteView

# Columns under which a site may hang any other one: the proof that something is nowhere needs them read.
_HOLDERS = frozenset({"zfxxgk", "fdzdgknr", "zdly", "ztzl"})
_CUT_SHORT = frozenset({"cap-reached", "page-cap", "daily-budget", "not-finished", "interrupted", "lease-lost"})
_NAME_CHARS = 24  # a column may bear the name of its place and unit in front
_REST_CHARS = 9  # what a label says beside the name: its place, 专栏, 领域政府信息
_EVENT = re.compile("召开|会议|座谈|调研|部署|督[查导]|活动|培训|宣传|仪式|推进会|通知|印发|我[省市区县]|[的到为将再]|助力")


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: a name for the reader, ids of the column catalogue, words that name it."""

    name: str
    ids: frozenset[str] = frozenset()
    words: re.Pattern[str] | None = None

    def names(self, text: str) -> bool:
        """Whether a text, however long, speaks of it."""
        return self.words is not None and self.words.search(bare(text)) is not None

    def labels(self, text: str) -> bool:
        """Whether a text is a label that names it, and no headline that speaks of it."""
        key = title_key(text)
        if self.words is None or len(key) > _NAME_CHARS or self.words.search(key) is None:
            return False
        rest = self.words.sub("", key)
        return len(rest) <= _REST_CHARS and not _EVENT.search(rest)

    def is_column(self, column: Column) -> bool:
        return column.canonical in self.ids or (len(bare(column.name)) <= _NAME_CHARS and self.names(column.name))


@cache
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words)


def sought(spec: Mapping[str, Any]) -> Sought:
    """Read what a rule's params name: `{name, columns: [ids], words: regular expression}`."""
    return Sought(spec["name"], frozenset(spec.get("columns", ())), _pattern(spec["words"]) if "words" in spec else None)


def sought_by(rule: Rule) -> Sought:
    """The column that a rule demands: `params.column`, its ids those of the rule where it names none."""
    wanted = sought(rule.params["column"])
    return wanted if "columns" in rule.params["column"] else Sought(wanted.name, frozenset(rule.columns), wanted.words)


# --- anywhere on the site ---------------------------------------------------------------------


def columns_of(view: SiteView, wanted: Sought) -> tuple[Column, ...]:
    """The columns that are what is sought, the nearest to home first."""
    return tuple(sorted(filter(wanted.is_column, current_columns(view)), key=lambda column: (column.depth, url_key(column.url))))


def anywhere(view: SiteView, rule: Rule, wanted: Sought) -> Found:
    """Look for a column on the whole site; where there is none, say whether that is proved."""
    found = best(state_of(view, rule, column, wanted.name) for column in columns_of(view, wanted))
    return (
        found or mentioned(view, wanted) or _unfollowed(view, wanted) or _behind_the_door(view, rule, wanted) or absence(view, rule, wanted)
    )


def _behind_the_door(view: SiteView, rule: Rule, wanted: Sought) -> Found | None:
    """What is sought on the portal, for a unit whose disclosure column stands there; never said to be missing, for no crawl of its own reads it."""
    columns = columns_behind_the_door(view)
    if columns is None or view.parent is None:
        return None
    found = best(state_of(view.parent, rule, column, wanted.name) for column in columns if wanted.is_column(column))
    return found if found is not None and found.state is State.PRESENT else Found(wanted.name, State.UNREAD, "link-out")


def mentioned(view: SiteView, wanted: Sought) -> Found | None:
    """A link or a row that bears the name, though no column of ours was made of it."""
    home = view.homes[-1] if view.homes and view.homes[-1].readable else None
    link = next((link for link in home.links if link.url is not None and wanted.labels(link.text)), None) if home else None
    if home is not None and link is not None:
        note = f"{zh_day(home.observed_at)}首页有“{link.text}”链接"
        return Found(wanted.name, State.PRESENT, None, None, (Evidence(home.url, home.observed_at, home.sha256, note),))
    for column in _holders(view, wanted):
        for label in (*(link.text for link in page_links(column)), *(row.title for row in rows_of(view, column))):
            if wanted.labels(label):
                evidence = (column_evidence(column, f"栏目“{column.name}”中有“{label}”"),)
                return Found(wanted.name, State.PRESENT, None, None, evidence)
    return None


def _unfollowed(view: SiteView, wanted: Sought) -> Found | None:
    """A link that bears the name and that a script alone opens: what is there we could not see, and that it is nowhere cannot be said."""
    home = view.homes[-1] if view.homes and view.homes[-1].readable else None
    pages = (column.page.links for column in _holders(view, wanted) if column.page is not None)
    links = chain(home.links if home is not None else (), *pages)
    shut = any(link.url is None and wanted.labels(link.text) for link in links)
    return Found(wanted.name, State.UNREAD, "link-by-script") if shut else None


def page_links(column: Column) -> tuple[Link, ...]:
    """The links of a column's own page, those of the site's navigation and foot left out."""
    links = column.page.links if column.page is not None else ()
    return tuple(link for link in links if link.region not in ("nav", "footer") and link.url is not None)


@per_view
def _rows(view: SiteView) -> Mapping[str, tuple[Listing, ...]]:
    rows: dict[str, list[Listing]] = {}
    for row in current_listings(view):
        rows.setdefault(url_key(row.column_url), []).append(row)
    return {key: tuple(found) for key, found in rows.items()}


def rows_of(view: SiteView, column: Column) -> tuple[Listing, ...]:
    """The rows that a column's list shows now."""
    return _rows(view).get(url_key(column.url), ())


@per_view
def _every_holder(view: SiteView) -> Mapping[str, tuple[Column, ...]]:
    holders: dict[str, list[Column]] = {}
    for column in current_columns(view):
        if column.canonical is not None:
            holders.setdefault(column.canonical, []).append(column)
    return {canonical: tuple(columns) for canonical, columns in holders.items()}


def _holders(view: SiteView, wanted: Sought) -> Iterator[Column]:
    """Columns under which the one that is sought could hang."""
    kinds = set(_HOLDERS)
    for canonical in wanted.ids:
        known = load_columns().get(canonical)
        while known is not None and known.parent is not None:
            kinds.add(known.parent)
            known = load_columns().get(known.parent)
    for kind in sorted(kinds):
        yield from _every_holder(view).get(kind, ())


def unproved(view: SiteView, rule: Rule) -> str | None:
    """Reason key of why nothing can be said to be nowhere on this site; None where it can."""
    home, crawl = (view.homes[-1] if view.homes else None), latest_crawl(view)
    if home is None or not home.readable:
        return (home.reason if home else None) or "not-observed"
    if _blind(home):
        return "image-only-navigation" if home.links or home.image_only_links else "shell"
    if crawl is None or crawl.state is CrawlState.BLOCKED or crawl.finished_at is None:
        return (crawl.reason if crawl else None) or "crawl-incomplete"
    if crawl.reason in _CUT_SHORT:
        return crawl.reason
    if too_old(min(crawl.finished_at, home.observed_at), view, rule):
        return "observation-too-old"
    unread = next((column for column in current_columns(view) if column.depth <= 1 and _unknown(column)), None)
    return (unread.fault or "not-read") if unread is not None else mostly_unseen(crawl)


def _blind(home: Home) -> bool:
    named = [link for link in home.links if link.text]
    return not named or "image-only-navigation" in home.marks or home.image_only_links > len(named)


def _unknown(column: Column) -> bool:
    """Whether we could not read a column on the site's own hosts, so that what hangs below it is unknown."""
    return (
        column.kind is not ColumnKind.LINK_OUT
        and column.fault not in GONE
        and (column.kind is ColumnKind.UNKNOWN or column.reachable is False)
    )


def mostly_unseen(crawl: Crawl) -> str | None:
    """The commonest reason, where more than one page in twenty of a crawl could not be seen: too many to speak of what is nowhere."""
    unseen = {
        reason: count for reason, count in crawl.faults.items() if reason not in GONE and reason not in ("no-html", "redirected-off-site")
    }
    return max(unseen, key=lambda reason: unseen[reason]) if sum(unseen.values()) * 20 > crawl.pages else None


def unread_among(columns: Iterable[Column]) -> str | None:
    """Reason key where one of some columns could not be read, so that it may hold anything; a dead one holds nothing."""
    for column in columns:
        if _unknown(column):
            return column.fault or "not-read"
        if hides_what_it_holds(column):
            return unread_reason(column)
    return None


def _places(view: SiteView, wanted: Sought) -> Iterator[Column]:
    """The columns under which the one that is sought could hang, and what hangs below them but lists of another known kind."""
    forest = site_tree(view)
    for holder in _holders(view, wanted):
        yield holder
        for column in forest.descendants(holder):
            if column.canonical is None or column.canonical in _HOLDERS:
                yield column


def absence(view: SiteView, rule: Rule, wanted: Sought) -> Found:
    """Whether what no column, link or row names is provably nowhere."""
    reason = unproved(view, rule)
    if reason is None:
        reason = unread_among(_places(view, wanted))
    if reason is not None:
        return Found(wanted.name, State.UNREAD, reason)
    return not_seen(view, rule, wanted.name, view.site.home, [column for column in view.columns if wanted.is_column(column)])


def not_seen(view: SiteView, rule: Rule, name: str, url: str, once: Iterable[Column | Listing]) -> Found:
    """The crawls at which nothing of the name was seen; `once` are the columns or rows of that name that stood there at some time."""
    crawl, before = latest_crawl(view), list(once)
    assert crawl is not None  # `unproved` asked for it
    readings = [
        Reading(
            seen.finished_at,
            not any(one.first_seen <= seen.finished_at and one.last_seen >= seen.started_at for one in before),
            (Evidence(url, seen.finished_at, None, f"{zh_day(seen.finished_at)}全站抓取共{seen.pages}页，未见“{name}”"),),
        )
        for seen in view.crawls
        if seen.finished_at is not None and (seen.id == crawl.id or seen.state is CrawlState.COMPLETE)
    ]
    run = held(readings, rule)
    if run is None:
        return Found(name, State.UNREAD, "crawl-incomplete")
    return Found(name, State.ABSENT, None, None, run.evidence, run.confidence)


# --- the verdict ------------------------------------------------------------------------------


def lacking(view: SiteView, found: Found) -> Outcome | None:
    """The site's verdict where a demanded column is not there to be looked into; None where it is present.

    Words that the rule has to have: fail.absent, fail.empty and fail.dead (facts: column, seen), inconclusive.unobserved (facts: column),
    and not-applicable.hosted-by-parent where it applies to units.
    """
    if found.state is State.PRESENT:
        return None
    facts = {"column": found.column.name if found.column is not None else found.name, "seen": zh_day(view.as_of)}
    subject = site_subject(view)
    if found.column is None and lives_on_parent(view):
        return Outcome(Status.NOT_APPLICABLE, "hosted-by-parent", subject, facts)
    if found.state is State.UNREAD:
        return Outcome(Status.INCONCLUSIVE, found.reason or "not-read", subject, facts)
    return Outcome(Status.FAIL, found.state.value, subject, facts, found.evidence, confidence=found.confidence)
