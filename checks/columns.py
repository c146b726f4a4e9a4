"""Rules on the column tree: the disclosure column, its four parts, empty columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from checks.clocks import end_of
from checks.disclosure import disclosure_columns, home_anchors, is_exact_name, near_home, unread_on_the_way
from checks.observing import (
    GONE,
    Held,
    Reading,
    column_evidence,
    held,
    hides_what_it_holds,
    latest_crawl,
    proves_empty,
    too_old,
    unread_reason,
    walk_evidence,
    weakest,
)
from checks.registry import Outcome, check
from checks.required import mostly_unseen
from checks.subjects import column_subject, site_subject
from checks.tree import Tree, current_columns, is_period, lives_on_parent, site_tree
from data.catalogue import Rule, load_columns
from data.days import civil, zh_day
from data.records import Column, ColumnKind, Confidence, CrawlState, EmptyBecause, Evidence, Home, Measure, Severity, Status, Subject
from data.text import bare
from data.urls import netloc, url_key
from data.view import SiteView

# --- disclosure-column-on-home ----------------------------------------------------------------


@check("disclosure-column-on-home")
def disclosure_column_on_home(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """政府信息公开条例 第二十四条: one platform for disclosure, reachable from the home page."""
    subject = site_subject(view)
    if lives_on_parent(view):
        yield Outcome(Status.NOT_APPLICABLE, "hosted-by-parent", subject)
        return
    home = view.homes[-1] if view.homes else None
    if home is None or not home.readable:
        yield Outcome(Status.INCONCLUSIVE, (home.reason if home else None) or "not-observed", subject)
        return
    links = list(home_anchors(home))
    dead = [column for link in links if (column := _column_at(view, link.url)) is not None and column.reachable is False]
    alive = [link for link in links if (column := _column_at(view, link.url)) is None or column.reachable is not False]
    near = [column for column in near_home(view, rule.params["max_clicks"]) if column.reachable is not False]
    evidence = (_home_evidence(home, "首页"),)
    if alive:
        reason = "on-home" if is_exact_name(alive[0].text) else "on-home-other-name"
        yield Outcome(Status.PASS, reason, subject, {"label": alive[0].text}, evidence)
    elif near:
        yield Outcome(Status.PASS, "one-click-below", subject, {"label": near[0].name}, (column_evidence(near[0], "政府信息公开专栏"),))
    elif dead:
        yield _dead_disclosure(subject, dead[0])
    else:
        yield _absent_from_home(view, rule, subject, home)


def _column_at(view: SiteView, url: str | None) -> Column | None:
    return next((column for column in current_columns(view) if url is not None and url_key(column.url) == url_key(url)), None)


def _dead_disclosure(subject: Subject, column: Column) -> Outcome:
    """The link is there and leads nowhere; one visit is not enough to confirm it."""
    if column.fault not in GONE:
        return Outcome(Status.INCONCLUSIVE, column.fault or "not-observed", subject)
    return Outcome(
        Status.FAIL, "dead", subject, {"label": column.name, "url": column.url}, (column_evidence(column, "专栏链接打不开"),),
        confidence=Confidence.SUSPECTED,
    )  # fmt: skip


def _absent_from_home(view: SiteView, rule: Rule, subject: Subject, home: Home) -> Outcome:
    if not home.links or "image-only-navigation" in home.marks or home.image_only_links > len([link for link in home.links if link.text]):
        return Outcome(Status.INCONCLUSIVE, "image-only-navigation" if home.links or home.image_only_links else "shell", subject)
    if too_old(home.observed_at, view, rule):
        return Outcome(Status.INCONCLUSIVE, "observation-too-old", subject)
    crawl, unread = latest_crawl(view), unread_on_the_way(view)
    if crawl is None or crawl.state is CrawlState.BLOCKED:
        return Outcome(Status.INCONCLUSIVE, (crawl.reason if crawl else None) or "crawl-incomplete", subject)
    if unread is not None:
        return Outcome(Status.INCONCLUSIVE, unread.fault or "not-read", subject)
    blind = mostly_unseen(crawl)
    if blind is not None:
        return Outcome(Status.INCONCLUSIVE, blind, subject)
    readings = [
        Reading(seen.observed_at, not list(home_anchors(seen)) if seen.readable else None, (_home_evidence(seen, "首页未见专栏链接"),))
        for seen in view.homes
    ]
    run = held(readings, rule)
    assert run is not None  # the last home is readable and lacks the link
    return Outcome(Status.FAIL, "absent", subject, {"seen": zh_day(home.observed_at)}, run.evidence, confidence=run.confidence)


def _home_evidence(home: Home, note: str) -> Evidence:
    return Evidence(home.url, home.observed_at, home.sha256, f"{zh_day(home.observed_at)}{note}，共{len(home.links)}个链接")


# --- four-part-disclosure-column --------------------------------------------------------------


class Part(StrEnum):
    PRESENT = "present"
    MISSING = "missing"
    EMPTY = "empty"
    DEAD = "dead"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class PartState:
    """What is known of one of the four parts."""

    name: str
    state: Part
    reason: str | None = None  # reason key, where unread
    run: Held | None = None  # the readings that prove the fault

    @property
    def words(self) -> str:
        return {Part.MISSING: f"“{self.name}”未见", Part.EMPTY: f"“{self.name}”为空", Part.DEAD: f"“{self.name}”打不开"}[self.state]


@check("four-part-disclosure-column")
def four_part_disclosure_column(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山区2020年政务公开工作要点 一(二)4: guide, rules, statutory contents and yearly reports, in one column."""
    disclosure = next(iter(disclosure_columns(view)), None)
    if disclosure is None:
        seen = bool(view.homes) and view.homes[-1].readable and unread_on_the_way(view) is None and not lives_on_parent(view)
        yield Outcome(Status.NOT_APPLICABLE if seen else Status.INCONCLUSIVE, "no-disclosure-column", site_subject(view))
        return
    forest = site_tree(view)
    states = [_part(view, rule, forest, disclosure, part) for part in rule.columns if part != "zfxxgk"]
    present = [state for state in states if state.state is Part.PRESENT]
    faults = [state for state in states if state.state in (Part.MISSING, Part.EMPTY, Part.DEAD)]
    unread = [state for state in states if state.state is Part.UNREAD]
    subject, measured = site_subject(view), Measure(len(present), "part")
    evidence = (column_evidence(disclosure, f"政府信息公开专栏，见到{len(present)}个部分"),)
    facts = {"column": disclosure.name, "present": "、".join(state.name for state in present) or "无", "parts": len(states)}
    if faults:
        sure = [state for state in faults if state.run is not None and state.run.confidence is Confidence.CONFIRMED]
        named = sure or faults
        proof = tuple(piece for state in named if state.run is not None for piece in state.run.evidence)
        others = [state for state in [*faults, *unread] if state not in named]
        facts |= {
            "missing": "、".join(state.words for state in named),
            "others": f"（{'、'.join(state.name for state in others)}待复核）" if others else "",
        }
        confidence = weakest(state.run.confidence if state.run else Confidence.SUSPECTED for state in named)
        yield Outcome(Status.FAIL, "missing", subject, facts, evidence + proof, measured, confidence=confidence)
    elif unread:
        facts |= {"missing": "、".join(state.name for state in unread)}
        yield Outcome(Status.INCONCLUSIVE, unread[0].reason or "not-read", subject, facts, evidence, measured)
    else:
        yield Outcome(Status.PASS, "complete", subject, facts, evidence, measured)


def _part(view: SiteView, rule: Rule, forest: Tree, disclosure: Column, part: str) -> PartState:
    known = load_columns().get(part)
    assert known is not None  # the catalogue's tests hold rules and columns together
    candidates = [column for column in forest.columns if column.canonical == part]
    states = [_candidate(view, rule, forest, column, known.name) for column in candidates]
    for wanted in (Part.PRESENT, Part.UNREAD, Part.EMPTY, Part.DEAD):
        found = next((state for state in states if state.state is wanted), None)
        if found is not None:
            return found
    if _as_document(view, rule, disclosure, known.synonyms) or _is_itself(forest, disclosure, known.synonyms):
        return PartState(known.name, Part.PRESENT)
    return _on_portal(view, disclosure, known.name, known.synonyms) or _missing(view, rule, forest, disclosure, part, known.name)


def _on_portal(view: SiteView, disclosure: Column, name: str, synonyms: Iterable[str]) -> PartState | None:
    """A part that the disclosure page links to on the parent's portal, where the reports of all units may stand together."""
    if view.parent is None or disclosure.page is None:
        return None
    host, labels = netloc(view.parent.site.home), {bare(synonym) for synonym in synonyms}
    for link in disclosure.page.links:
        if link.url is None or netloc(link.url) != host or bare(link.text) not in labels:
            continue
        column = site_tree(view.parent).by_key.get(url_key(link.url))
        there = column is not None and column.reachable is not False
        return PartState(name, Part.PRESENT) if there else PartState(name, Part.UNREAD, "link-out-untried")
    return None


def _candidate(view: SiteView, rule: Rule, forest: Tree, column: Column, name: str) -> PartState:
    """Judge one column that should be the part."""
    latest = column.walks[-1] if column.walks else None
    if column.reachable is False:
        return PartState(name, Part.DEAD) if column.fault in GONE else PartState(name, Part.UNREAD, column.fault)
    on_parent = view.parent is not None and netloc(column.url) == netloc(view.parent.site.home)
    if column.kind is ColumnKind.LINK_OUT:
        live = column.reachable is True or column.hosted_by is not None or on_parent
        return PartState(name, Part.PRESENT) if live else PartState(name, Part.UNREAD, "link-out-untried")
    if (latest is not None and latest.entries > 0) or forest.children(column) or column.text_chars >= rule.params["min_chars"]:
        return PartState(name, Part.PRESENT)
    run = held(
        (Reading(walk.at, proves_empty(walk) or None if walk.entries == 0 else False, (walk_evidence(walk),)) for walk in column.walks),
        rule,
    )
    if latest is not None and proves_empty(latest) and run is not None and not too_old(latest.at, view, rule):
        return PartState(name, Part.EMPTY, run=run)
    return PartState(name, Part.UNREAD, unread_reason(column) if latest is not None or column.fault else "blank-page")


def _as_document(view: SiteView, rule: Rule, disclosure: Column, names: Iterable[str]) -> bool:
    """Whether the disclosure column leads straight to a page that is the part (a guide that is one document)."""
    wanted = [name for name in names if len(name) >= 4]
    for document in view.documents:
        title = document.reading.title or document.list_title or ""
        below = any(url_key(url) == url_key(disclosure.url) for url in document.column_urls)
        if below and len(document.reading.body) >= rule.params["min_chars"] and any(name in title for name in wanted):
            return True
    return any(url_key(row.column_url) == url_key(disclosure.url) and any(name in row.title for name in wanted) for row in view.listings)


def _is_itself(forest: Tree, disclosure: Column, names: Iterable[str]) -> bool:
    """Whether the disclosure column's page says that it is the part as well: a tab that leads to its own address, and columns below it."""
    wanted = {bare(name) for name in names}
    own = url_key(disclosure.url.partition("#")[0])
    links = disclosure.page.links if disclosure.page is not None else ()
    tabs = (link for link in links if link.url is not None and bare(link.text) in wanted)
    return any(url_key((tab.url or "").partition("#")[0]) == own for tab in tabs) and bool(forest.children(disclosure))


def _missing(view: SiteView, rule: Rule, forest: Tree, disclosure: Column, part: str, name: str) -> PartState:
    """Whether the part is provably nowhere: the disclosure column and the first-level pages were read, at two crawls if it is to be confirmed."""
    crawl = latest_crawl(view)
    if disclosure.reachable is not True or disclosure.kind is ColumnKind.UNKNOWN:
        return PartState(name, Part.UNREAD, disclosure.fault or "not-read")
    if crawl is None or crawl.state is CrawlState.BLOCKED or crawl.finished_at is None:
        return PartState(name, Part.UNREAD, "crawl-incomplete")
    if too_old(crawl.finished_at, view, rule):
        return PartState(name, Part.UNREAD, "observation-too-old")
    unread = unread_on_the_way(view) or next(
        (column for column in forest.descendants(disclosure) if column.kind is ColumnKind.UNKNOWN and column.fault not in GONE), None
    )
    if unread is not None:
        return PartState(name, Part.UNREAD, unread.fault or "not-read")
    blind = next((column for column in (disclosure, *forest.descendants(disclosure)) if hides_what_it_holds(column)), None)
    if blind is not None:
        return PartState(name, Part.UNREAD, unread_reason(blind))
    walked = {walk.crawl_id for walk in disclosure.walks}
    once = [column for column in view.columns if column.canonical == part]
    readings = [
        Reading(
            seen.finished_at,
            not any(column.first_seen <= seen.finished_at and column.last_seen >= seen.started_at for column in once),
            (Evidence(disclosure.url, seen.finished_at, None, f"{zh_day(seen.finished_at)}全站抓取共{seen.pages}页，未见“{name}”"),),
        )
        for seen in view.crawls
        if seen.finished_at is not None and (seen.id == crawl.id or seen.state is CrawlState.COMPLETE or seen.id in walked)
    ]
    return PartState(name, Part.MISSING, run=held(readings, rule))


# --- empty-columns ----------------------------------------------------------------------------


@check("empty-columns")
def empty_columns(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """国办秘函〔2019〕19号 单项否决 栏目不更新: five empty columns or more; each single one is a deduction."""
    forest = site_tree(view)
    for column in forest.columns:
        yield _emptiness(view, rule, forest, column)


def _emptiness(view: SiteView, rule: Rule, forest: Tree, column: Column) -> Outcome:
    subject = column_subject(column)
    exempt = _exempt(forest, column, rule)
    if exempt is not None:
        return Outcome(Status.NOT_APPLICABLE, exempt, subject, severity=Severity.MINOR)
    latest = column.walks[-1] if column.walks else None
    if latest is not None and latest.entries > 0:
        return Outcome(Status.PASS, "has-entries", subject, {"entries": latest.entries}, (walk_evidence(latest),), severity=Severity.MINOR)
    if latest is not None and latest.empty is EmptyBecause.STATEMENT:
        facts = {"statement": latest.empty_text or ""}
        return Outcome(Status.NOT_APPLICABLE, "explained", subject, facts, (walk_evidence(latest),), severity=Severity.MINOR)
    if latest is None or not proves_empty(latest):
        reason = "blank-page" if column.kind is ColumnKind.SINGLE_PAGE and column.fault is None else unread_reason(column)
        return Outcome(Status.INCONCLUSIVE, reason, subject, severity=Severity.MINOR)
    if latest.empty is EmptyBecause.CONTAINER and column.text_chars >= rule.params["text_chars"]:
        return Outcome(Status.INCONCLUSIVE, "text-without-rows", subject, severity=Severity.MINOR)
    if too_old(latest.at, view, rule):
        return Outcome(Status.INCONCLUSIVE, "observation-too-old", subject, severity=Severity.MINOR)
    if column.appeared_after is not None:
        last = civil(column.first_seen) + timedelta(days=rule.params["grace_days"])
        if civil(view.as_of) <= last:
            facts = {"opened": zh_day(column.first_seen)}
            return Outcome(
                Status.DUE_SOON, "new-column", subject, facts, (walk_evidence(latest),), due=end_of(last), severity=Severity.MINOR
            )
    run = held((Reading(walk.at, _empty_then(walk.entries, proves_empty(walk)), (walk_evidence(walk),)) for walk in column.walks), rule)
    assert run is not None  # the last walk proves it
    facts = {"path": "＞".join(column.path), "seen": zh_day(latest.at)}
    return Outcome(
        Status.FAIL, "empty", subject, facts, run.evidence, Measure(0, "item"), severity=Severity.MINOR, confidence=run.confidence,
        threshold=Measure(1, "item"),
    )  # fmt: skip


def _empty_then(entries: int, proven: bool) -> bool | None:
    return False if entries > 0 else (True if proven else None)


def _exempt(forest: Tree, column: Column, rule: Rule) -> str | None:
    """Why a column is none that could be empty, as a reason key."""
    if column.kind is ColumnKind.LINK_OUT:
        return "link-out"
    if column.kind is ColumnKind.FORM:
        return "form"
    if is_period(column):
        return "period"
    unlisted = not column.walks or column.walks[-1].entries == 0
    if column.kind is ColumnKind.SECTION or (unlisted and forest.children(column)):
        return "section"
    if column.kind is ColumnKind.SINGLE_PAGE and column.text_chars >= rule.params["single_page_chars"]:
        return "single-page"
    return None
