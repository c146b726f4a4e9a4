"""The rule on catalogues of disclosure (目录): the running list of what was published, and the catalogue of what has to be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from checks.clocks import add_months, end_of
from checks.elements import column_text, document_text
from checks.guides import stated_day
from checks.observing import Reading, held, proves_empty, shows_everything_new, too_old, unread_reason, walk_evidence
from checks.registry import Outcome, check
from checks.sight import Piece, absence, pieces
from checks.subjects import column_subject, site_subject
from checks.terms import years_in
from checks.tree import Tree, is_archive, is_period, site_tree
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import Column, ColumnKind, Evidence, Measure, Status, Walk
from data.registry import Profile
from data.text import bare
from data.urls import url_key
from data.view import SiteView

_CATALOGUE = re.compile("(主动公开|信息公开|政务公开).{0,8}目录|公开.{0,6}(事项)?(清单|全清单)$")


_OF_A_UNIT = re.compile(
    "^(?!.{0,14}政府办)[\u4e00-\u9fff]{2,16}?(局|委员会|[办委]|中心|镇|乡|街道)(人民政府|办事处|办公室)?(主动公开|政府信息|信息公开|政务公开)"
)
_UNIT = re.compile("^[\u4e00-\u9fff]{1,14}(局|委员会|中心|镇|乡|街道|镇人民政府|乡人民政府|街道办事处)$")
_HEAD_CHARS = 60  # of a page, within which its heading stands


_FEW = 50  # pieces of a catalogue of items; a running list has more, and its rows are dated


@check("disclosure-catalogue-updated")
def catalogue_updated(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """吉林高新区2018年分工方案 三(七), 东昌府 二(一), 利通 一(三): catalogues are adjusted as duties change; a year is the product's default."""
    forest = site_tree(view)
    kinds = [column for column in forest.columns if column.canonical in rule.columns and not is_period(column) and not is_archive(column)]
    topmost = [
        column for column in kinds if not any(above.canonical == column.canonical and above in kinds for above in forest.ancestors(column))
    ]
    own = [column for column in topmost if not _is_of_a_unit(view, column)]
    for column in own:
        yield _judge(view, rule, forest, column)
    if topmost and not own:
        yield Outcome(Status.NOT_APPLICABLE, "elsewhere", site_subject(view))
    if not topmost:
        yield _without_column(view, rule)


def _is_of_a_unit(view: SiteView, column: Column) -> bool:
    """Whether a catalogue on a portal is one of its units', as the portal lists them: 示例区财政局信息公开目录."""
    if view.site.profile is not Profile.DISTRICT_PORTAL:
        return False
    heads = (column.name, column.page.text[:_HEAD_CHARS] if column.page is not None else "")
    return any(_OF_A_UNIT.match(bare(head)) for head in heads) or any(_UNIT.match(bare(crumb)) for crumb in column.path[:-1])


@dataclass(frozen=True, slots=True)
class _Newest:
    """The newest day that a catalogue shows, and whether something undated could be newer."""

    on: date | None
    this_year: bool  # a title names this year
    undated: bool


def _judge(view: SiteView, rule: Rule, forest: Tree, column: Column) -> Outcome:
    assert rule.threshold is not None
    subject, today = column_subject(column), civil(view.as_of)
    if column.kind in (ColumnKind.LINK_OUT, ColumnKind.FORM):
        return Outcome(Status.NOT_APPLICABLE, "link-out", subject)
    parts = [column, *forest.descendants(column)]
    lists = [part for part in parts if part.walks or part.kind is ColumnKind.LIST]
    newest = _newest(view, parts, lists)
    last = add_months(newest.on, int(rule.threshold.value)) if newest.on is not None else None
    evidence = tuple(walk_evidence(part.walks[-1]) for part in lists[:2] if part.walks)
    if newest.this_year or (last is not None and today <= last):
        facts = {"newest": zh_day(newest.on) if newest.on is not None else f"{today.year}年"}
        return Outcome(Status.PASS, "updated", subject, facts, evidence, due=end_of(last) if last is not None else None)
    unread = next((part for part in parts if part.kind is ColumnKind.UNKNOWN or part.reachable is False), None)
    if unread is not None:
        return Outcome(Status.INCONCLUSIVE, unread.fault or "not-read", subject)
    blind = next((part for part in lists if not part.walks or not shows_everything_new(part.walks[-1])), None)
    if blind is not None and not (blind.walks and proves_empty(blind.walks[-1])):
        return Outcome(Status.INCONCLUSIVE, unread_reason(blind), subject, evidence=evidence)
    if lists and not newest.on and all(part.walks[-1].entries == 0 for part in lists):
        return Outcome(Status.NOT_APPLICABLE, "empty", subject, evidence=evidence)
    if newest.on is None or last is None or newest.undated:
        return Outcome(Status.INCONCLUSIVE, "undated", subject, evidence=evidence)
    return _stale(view, rule, column, lists, newest, last)


def _stale(view: SiteView, rule: Rule, column: Column, lists: Sequence[Column], newest: _Newest, last: date) -> Outcome:
    assert newest.on is not None
    subject, days = column_subject(column), (civil(view.as_of) - newest.on).days
    facts, measured = {"newest": zh_day(newest.on), "days": days}, Measure(days, "day")
    if not lists:  # a page that states its day shows at one look that it is old
        proof = (Evidence(column.url, column.last_seen, column.page.sha256 if column.page else None, f"标注日期{zh_day(newest.on)}"),)
        return Outcome(Status.FAIL, "stale", subject, facts, proof, measured, end_of(last))
    run = held(_rounds(lists, last), rule)
    if run is None:
        return Outcome(Status.INCONCLUSIVE, "not-observed-since", subject)
    if too_old(run.readings[-1].at, view, rule):
        return Outcome(Status.INCONCLUSIVE, "observation-too-old", subject)
    return Outcome(Status.FAIL, "stale", subject, facts, run.evidence, measured, end_of(last), confidence=run.confidence)


def _rounds(lists: Sequence[Column], last: date) -> Iterable[Reading]:
    """Readings by crawl in which every list was seen: whether the catalogue was out of date when it was read."""
    by_crawl: dict[int, list[Walk]] = {}
    for part in lists:
        for walk in part.walks:
            by_crawl.setdefault(walk.crawl_id, []).append(walk)
    for walks in by_crawl.values():
        at, whole = min(walk.at for walk in walks), len({walk.column_url for walk in walks}) == len(lists)
        yield Reading(at, civil(at) > last if whole else None, tuple(walk_evidence(walk) for walk in walks[:2]))


def _newest(view: SiteView, parts: Sequence[Column], lists: Sequence[Column]) -> _Newest:
    """The newest day by walks, rows, pages and the days that texts state; what lies ahead is left out."""
    today = civil(view.as_of)
    keys = {url_key(part.url) for part in parts}
    inside = [piece for piece in pieces(view) if piece.standing and _stands_in(piece, keys)]
    days = [part.walks[-1].newest_on for part in lists if part.walks]
    days += [piece.published_on for piece in inside]
    texts = [text for part in parts if (text := column_text(part)) is not None]
    if len(inside) <= _FEW:
        texts += [document_text(piece.document, piece.title) for piece in inside if piece.document is not None]
    stated = [stated_day(text) for text in texts]
    known = [day for day in (*days, *stated) if day is not None and day <= today]
    titles = [piece.title for piece in inside] + [part.name for part in parts]
    undated = any(piece.published_on is None for piece in inside)
    return _Newest(max(known, default=None), any(today.year in years_in(title) for title in titles), undated)


def _stands_in(piece: Piece, keys: set[str]) -> bool:
    if any(url_key(row.column_url) in keys for row in piece.rows):
        return True
    return piece.document is not None and any(url_key(url) in keys for url in (piece.document.url, *piece.document.column_urls))


def _without_column(view: SiteView, rule: Rule) -> Outcome:
    """No column of either kind: a catalogue that stands elsewhere, the district's for a town, or none."""
    subject = site_subject(view)
    if view.site.profile is Profile.TOWN:
        return Outcome(Status.NOT_APPLICABLE, "issued-above", subject)
    if any(_CATALOGUE.search(piece.key) for piece in pieces(view) if piece.standing):
        return Outcome(Status.NOT_APPLICABLE, "elsewhere", subject)
    run = absence(view, rule, (*rule.columns, *rule.params["places"]), "政府信息公开目录", words=_CATALOGUE)
    if isinstance(run, str):
        return Outcome(Status.INCONCLUSIVE, run, subject)
    return Outcome(Status.FAIL, "absent", subject, {}, run.evidence, Measure(0, "column"), confidence=run.confidence)
