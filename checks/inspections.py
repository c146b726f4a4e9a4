"""The rule on random inspections: the list of matters, and results of the last months."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from checks.bodies import bodies
from checks.clocks import add_months, end_of
from checks.observing import complete_rounds, held, too_old, walk_evidence
from checks.registry import Outcome, check
from checks.required import anywhere, columns_of, lacking, page_links, rows_of, sought_by
from checks.scope import repost_of, title_of
from checks.subjects import site_subject
from checks.tree import is_archive, site_tree
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import Column, ColumnKind, Measure, Status
from data.registry import Profile
from data.text import bare
from data.urls import netloc, url_key
from data.view import SiteView

_ABOUT = re.compile("双随机|随机抽查|抽查检查|联合抽查")
_LIST = re.compile("清单|抽查事项|事项目录|一单两库|事项库|检查事项")
_RESULT = re.compile("结果|情况|查处|公示|通报|名单")
_PLAN = re.compile("计划|方案|要点|制度|细则|办法|清单|事项|通知$")
_PLATFORM = re.compile("企业信用信息公示|gsxt|国家企业信用")


@check("double-random-lists")
def double_random_lists(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山区2020年政务公开工作要点 四(五)41: the list of matters of random inspection, and results."""
    wanted, subject = sought_by(rule), site_subject(view)
    lack = lacking(view, anywhere(view, rule, wanted))
    if lack is not None:
        demanded = view.site.profile is Profile.DISTRICT_PORTAL
        if lack.status is Status.FAIL and lack.reason == "absent" and not demanded:
            yield Outcome(Status.NOT_APPLICABLE, "no-column", subject)
        else:
            yield lack
        return
    columns = columns_of(view, wanted)
    if not columns or all(column.kind is ColumnKind.LINK_OUT for column in columns):
        yield Outcome(Status.PASS, "link-out", subject)
        return
    yield _kinds(view, rule, columns)


@dataclass(frozen=True, slots=True)
class _Papers:
    """What stands in the columns of random inspection."""

    listed: bool  # the list of matters
    newest: date | None  # of a result
    undated: bool  # a result, or a paper of no known kind, whose day is unknown
    platform: bool  # results are told on the national platform


def _kinds(view: SiteView, rule: Rule, columns: Sequence[Column]) -> Outcome:
    subject, forest, today = site_subject(view), site_tree(view), civil(view.as_of)
    months = int(rule.params["months"])
    parts = list({url_key(part.url): part for column in columns for part in (column, *forest.descendants(column))}.values())
    papers = _papers(view, parts)
    since = add_months(today, -months)
    fresh = papers.platform or (papers.newest is not None and papers.newest >= since)
    facts: dict[str, object] = {"months": months, "newest": zh_day(papers.newest) if papers.newest else "无"}
    measured = Measure(papers.listed + fresh, "kind")
    evidence = tuple(walk_evidence(part.walks[-1]) for part in parts[:4] if part.walks)
    if papers.listed and fresh:
        return Outcome(Status.PASS, "complete", subject, facts, evidence, measured)
    missing = ([] if papers.listed else ["抽查事项清单"]) + ([] if fresh else [f"近{months}个月的抽查结果"])
    facts["missing"] = "、".join(missing)
    if papers.undated and papers.listed:
        return Outcome(Status.INCONCLUSIVE, "undated", subject, facts, evidence)
    lists = [part for part in parts if not is_archive(part) and (part.walks or part.kind in (ColumnKind.LIST, ColumnKind.UNKNOWN))]
    if not lists:
        return Outcome(Status.INCONCLUSIVE, "not-walked", subject, facts, evidence)
    rounds = complete_rounds(lists, rule)
    if rounds.broken is not None:
        return Outcome(Status.INCONCLUSIVE, rounds.broken, subject, facts, evidence)
    last = add_months(papers.newest, months) if papers.newest is not None and papers.listed else None
    run = held((reading for reading in rounds.rounds if last is None or reading.at > end_of(last)), rule)
    if run is None or too_old(run.readings[-1].at, view, rule):
        return Outcome(Status.INCONCLUSIVE, "not-observed-since", subject, facts, evidence)
    failed = Outcome(Status.FAIL, "missing", subject, facts, run.evidence, measured, end_of(last) if last else None)
    return replace(failed, confidence=run.confidence)


def _papers(view: SiteView, parts: Sequence[Column]) -> _Papers:
    """Sort what stands in some columns, and what speaks of random inspection elsewhere on the site."""
    who = bodies(view)
    labels: list[tuple[str, date | None]] = []
    files: list[str] = []
    platform = False
    for part in parts:
        heading = bare(part.name) if not _ABOUT.search(bare(part.name)) or _LIST.search(bare(part.name)) else ""
        if part.kind is ColumnKind.LINK_OUT:
            platform = platform or bool(_RESULT.search(heading) or _PLATFORM.search(part.url + heading))
            files.append(heading)
        for row in rows_of(view, part):
            label = bare(row.title) + ("" if _kind_told(row.title) else heading)
            labels.append((label, civil(row.date.value) if row.date else None))
        for link in page_links(part):
            if link.url is not None and netloc(link.url) != netloc(view.site.home):
                platform = platform or bool(_PLATFORM.search(link.url + link.text))
        files += [bare(file.name) for file in part.page.attachments] if part.page is not None else []
    keys = {url_key(part.url) for part in parts}
    for document in view.documents:
        title = bare(title_of(document))
        here = any(url_key(url) in keys for url in document.column_urls)
        if here or (_ABOUT.search(title) and not (repost_of(document, who) and not _LIST.search(title))):
            shown = document.reading.published_at
            labels.append((title, civil(shown) if shown else None))
            files += [bare(file.name) for file in document.reading.attachments]
    listed = any(_LIST.search(label) for label, _ in labels) or any(_LIST.search(name) for name in files)
    results = [day for label, day in labels if _is_result(label)]
    return _Papers(listed, max(filter(None, results), default=None), any(day is None for day in results), platform)


def _kind_told(title: str) -> bool:
    return bool(_LIST.search(bare(title)) or _RESULT.search(bare(title)) or _PLAN.search(bare(title)))


def _is_result(label: str) -> bool:
    """Whether a label may be that of a result: what is neither a list nor a plan counts for the site."""
    return not _PLAN.search(label) or bool(re.search("结果|查处|检查情况|抽查情况|完成情况", label))
