"""Links from a column of plans up to the columns of city and province."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from checks.bodies import places, rank
from checks.observing import GONE, Reading, held, too_old, weakest
from checks.registry import Outcome, check
from checks.required import anywhere, columns_of, lacking, rows_of, sought_by, unproved
from checks.standing import State, target_of, tries
from checks.subjects import site_subject
from checks.tree import site_tree
from data.catalogue import Rule
from data.days import zh_day
from data.records import Column, ColumnKind, Confidence, Evidence, Measure, Status
from data.text import bare
from data.urls import netloc
from data.view import SiteView

_OF_PLANS = re.compile("规划|十[三四五]五|专栏")
_BADGE = re.compile("beian|zfwzgl|conac|tousu")
_NATION = frozenset({"www.gov.cn", "gov.cn"})
_LEVELS = {"省级": 4, "市级": 3}
_MUNICIPALITY = re.compile("^(北京|天津|上海|重庆)市?")
_PROVINCE = re.compile("省|自治区|(内蒙古|广西|西藏|宁夏|新疆)(?!.{0,6}市)")
_CITY = re.compile("市(级|政府|人民政府|“|十|规划|国民|发展|$)|自治州|地区|盟|州(政府|人民政府|级|十|规划|“)")


@dataclass(frozen=True, slots=True)
class _Up:
    """A link from the column to another government's site."""

    text: str
    url: str


@check("five-year-plan-links-upper")
def plan_links_upper(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """娄底市2021年政务公开工作要点 一(二): the plan column links to the columns of province and city."""
    wanted, subject = sought_by(rule), site_subject(view)
    found = anywhere(view, rule, wanted)
    if found.is_fault:  # the column's own rule speaks of it
        yield Outcome(Status.NOT_APPLICABLE, "no-column", subject)
        return
    roots = [column for column in columns_of(view, wanted) if column.kind is not ColumnKind.LINK_OUT]
    if found.state is State.UNREAD or not roots:
        yield lacking(view, found) or Outcome(Status.INCONCLUSIVE, "link-out", subject, {"column": found.name})
        return
    forest = site_tree(view)
    columns = list({column.url: column for root in roots for column in (root, *forest.descendants(root))}.values())
    yield _judge(view, rule, roots, columns)


def _judge(view: SiteView, rule: Rule, roots: list[Column], columns: list[Column]) -> Outcome:
    assert rule.threshold is not None
    subject, label = site_subject(view), roots[0].name
    asked = _asked(view)
    links = list(dict.fromkeys(_links(view, columns)))
    by_level = {level: [link for link in links if _speaks_of(view, link, level)] for level in asked}
    alive = {level: [link for link in found if not _gone(view, link)] for level, found in by_level.items()}
    limit = min(int(rule.threshold.value), len(asked))
    linked = [level for level, found in alive.items() if found]
    facts = {"column": label, "present": "、".join(linked) or "无"}
    measured, threshold = Measure(len(linked), rule.threshold.unit), Measure(limit, rule.threshold.unit)
    if len(linked) >= limit:
        return Outcome(Status.PASS, "linked", subject, facts, (), measured, threshold=threshold)
    lost = [level for level in asked if not alive[level]]
    facts["missing"] = "、".join(lost)
    placed = {link for found in by_level.values() for link in found}
    unplaced = [link for link in links if link not in placed and "规划" in link.text]
    if unplaced:
        return Outcome(Status.INCONCLUSIVE, "level-unclear", subject, facts, (), measured, threshold=threshold)
    unsure = _unsure(view, rule, roots, columns, lost)
    if unsure is not None:
        return Outcome(Status.INCONCLUSIVE, unsure, subject, facts, (), measured, threshold=threshold)
    dead = {level: by_level[level] for level in lost if by_level[level]}
    pieces, confidences = _proof(view, rule, roots, dead)
    if len(dead) < len(lost):
        run = held(_pages(roots), rule)
        pieces += run.evidence if run is not None else ()
        confidences.append(run.confidence if run is not None else Confidence.SUSPECTED)
    reason = "dead" if len(dead) == len(lost) else "missing"
    return Outcome(Status.FAIL, reason, subject, facts, pieces, measured, confidence=weakest(confidences), threshold=threshold)


def _asked(view: SiteView) -> tuple[str, ...]:
    """The levels above this site: a district of a municipality has one."""
    names = [bare(view.site.name), *(bare(upstream.name) for upstream in view.upstreams)]
    return ("市级",) if any(_MUNICIPALITY.match(name) for name in names) else tuple(_LEVELS)


def _links(view: SiteView, columns: Iterable[Column]) -> Iterator[_Up]:
    """Links of the columns' pages, side and foot included, and rows, that lead to other governments' sites."""
    home = netloc(view.site.home)
    for column in columns:
        if column.kind is ColumnKind.LINK_OUT and column.fault not in GONE:
            yield _Up(column.name, column.url)
        for link in column.page.links if column.page is not None else ():
            if link.url is not None and link.region != "nav" and _is_upward(link.text, link.url, home):
                yield _Up(link.text, link.url)
        for row in rows_of(view, column):
            if row.url is not None and row.external and _is_upward(row.title, row.url, home):
                yield _Up(row.title, row.url)


def _is_upward(text: str, url: str, home: str) -> bool:
    """Whether a link may lead to another government's column of plans; neighbours, record numbers and badges in the foot do not."""
    host = netloc(url)
    return host != home and ".gov." in host and not _BADGE.search(host) and (not text or _OF_PLANS.search(text) is not None)


def _speaks_of(view: SiteView, link: _Up, level: str) -> bool:
    text = bare(link.text)
    for upstream in view.upstreams:
        place = next(iter(places(bare(upstream.name))[-1:]), None)
        if place is None or rank(place) != _LEVELS[level]:
            continue
        if place in text or any(netloc(item.url) == netloc(link.url) for item in upstream.items[:1]):
            return True
    return (_PROVINCE if level == "省级" else _CITY).search(text) is not None


def _gone(view: SiteView, link: _Up) -> bool:
    target = target_of(view, link.url)
    told = [visit for visit in target.visits if visit.ok is not None] if target is not None else []
    return bool(told) and told[-1].ok is False and told[-1].reason in GONE


def _elsewhere(view: SiteView, url: str, lost: Sequence[str]) -> bool:
    """Whether a picture's address alone says that it leads to none of the levels that are missed: to the nation's portal, or to another level."""
    host = netloc(url)
    ranks = {_LEVELS[level] for level in lost}
    for upstream in view.upstreams:
        place = next(iter(places(bare(upstream.name))[-1:]), None)
        if any(netloc(item.url) == host for item in upstream.items[:1]):
            return place is None or rank(place) not in ranks
    return host in _NATION


def _unsure(view: SiteView, rule: Rule, roots: Iterable[Column], columns: Iterable[Column], lost: Sequence[str]) -> str | None:
    """Reason key of why a link may be there that we did not see."""
    home = netloc(view.site.home)
    for column in columns:
        if column.kind is not ColumnKind.LINK_OUT and (column.kind is ColumnKind.UNKNOWN or column.reachable is False):
            return column.fault or "not-read"
    for root in roots:
        if root.page is None:
            return "not-read"
        unread = [link.url for link in root.page.links if not link.text and link.url and link.region != "nav"]
        if any(_is_upward("", url, home) and not _elsewhere(view, url, lost) for url in unread):
            return "image-only-navigation"
        if too_old(root.page.observed_at, view, rule):
            return "observation-too-old"
    return unproved(view, rule)


def _pages(roots: Iterable[Column]) -> Iterator[Reading]:
    """The readings at which the columns' pages showed what they show now."""
    pages = [(root.url, root.page) for root in roots if root.page is not None]
    for url, page in pages[:1]:
        first = max((one.since or one.observed_at for _, one in pages), default=page.observed_at)
        for at in dict.fromkeys((min(first, page.observed_at), page.observed_at)):
            yield Reading(at, True, (Evidence(url, at, page.sha256, f"{zh_day(at)}读栏目页，未见上级规划专栏链接"),))


def _proof(
    view: SiteView, rule: Rule, roots: Iterable[Column], dead: Mapping[str, Iterable[_Up]]
) -> tuple[tuple[Evidence, ...], list[Confidence]]:
    pieces: tuple[Evidence, ...] = ()
    confidences: list[Confidence] = []
    for links in dead.values():
        for link in links:
            run = held(tries(target_of(view, link.url)), rule)
            if run is not None:
                pieces, confidences = pieces + run.evidence, [*confidences, run.confidence]
    return pieces, confidences
