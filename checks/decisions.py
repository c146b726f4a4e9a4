"""Major decisions: which stages of each matter a site's column of decisions shows.

A matter is a column of its own below the column of decisions, with its stages in it; or the rows of one name that stand in columns of stages
or in one list. What a page only mentions (专家论证 in the explanation of a draft) counts as shown.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from checks.blemishes import nothing_found
from checks.clocks import end_of, near_unknown
from checks.consultations import came_out, matter_of
from checks.genres import is_policy
from checks.matching import TitleIndex, content
from checks.observing import complete_rounds, held, listing_evidence, too_old
from checks.registry import Outcome, check
from checks.required import page_links, rows_of
from checks.scope import policy_documents, title_of
from checks.subjects import column_subject, site_subject
from checks.tree import Tree, is_period, site_tree
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import Column, ColumnKind, Document, EmptyBecause, Evidence, Link, Listing, Measure, Status, Subject, SubjectKind
from data.text import bare, title_core
from data.urls import netloc, url_key
from data.view import SiteView

_PUBLISHED, _ASSESSED, _READ = "文件发布", "效果评估", "政策解读"
_IN_FILES = frozenset({"专家论证", "风险评估"})  # often told only in the explanation of the draft
_LABELS = {
    "效果评估": re.compile("后评估|效果评估|实施效果|执行情况|实施情况|决策执行|落实情况"),
    "风险评估": re.compile("风险"),
    "专家论证": re.compile("专家|论证"),
    "意见征集": re.compile("征求|征集|意见稿|公众参与|听证|采纳|民意|草案|预公开"),
    "会议审议": re.compile("审议|集体讨论|集体决定|常务会|会议研究|会议决定|会议公开|会议纪要|会议讨论"),
    "政策解读": re.compile("解读|图解|一图|问答|读懂"),
    "文件发布": re.compile(
        "文件发布|决策公布|决定公布|决策发布|决策结果|政策文件|正式文件|文件公布|公布实施|印发|发布实施|决策文件|决策公开"
    ),
}
_MENTIONS = {
    "意见征集": re.compile("(征求|征集|听取).{0,20}意见|公众意见|听证"),
    "专家论证": re.compile("专家.{0,10}(论证|评审|咨询|意见|评估)|论证会"),
    "风险评估": re.compile("风险评估|社会稳定风险|稳评"),
    "会议审议": re.compile("常务会|集体讨论|审议通过|会议审议|会议研究|审议"),
    "效果评估": re.compile("后评估|效果评估"),
    "政策解读": re.compile(
        "政策解读[:：](?!暂?无|待|尚?未|[一二三四五六七八九十]、)"
    ),  # a page that gathers a matter's stages under their names
}
_OTHER = re.compile(
    "目录|公告栏|合法性审查|流程图|归集|汇总|一览|决策.{0,4}(制度|程序|规定|条例|机制)"
)  # columns and rows that are about decisions at large
_STRIP = re.compile(
    r"(的)?(社会稳定)?(专家|专家组)?(论证|咨询)(会|意见|报告|情况)*|(社会稳定|社会)?风险评估(报告|情况|结果)*|合法性审查(意见|情况)*|(政府)?(集体讨论|常务会议?|会议)?(审议|讨论)(情况|决定|通过|结果)*|(政策|文字|图文)?(解读|图解|问答)|(决策)?(后评估|效果评估)(报告|情况)*|(执行|实施|落实)情况"
)


_MATTER = re.compile(r"^(重大)?(行政)?决策(事项)?[:：]")  # 决策事项：某某方案


@dataclass(slots=True)
class Matter:
    """One matter of decision as found: its name, what stands there for each stage, its pages."""

    name: str
    subject: Subject
    stages: set[str] = field(default_factory=set)
    rows: list[Listing] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    out: date | None = None  # when the document came out


def stage_of(label: str) -> str | None:
    """The stage that a label names."""
    text = bare(label)
    return next((stage for stage, words in _LABELS.items() if words.search(text)), None)


@check("decision-seven-stages")
def decision_seven_stages(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """东昌府区2023年政务公开工作要点 三(一): each matter of decision with its seven stages in one place."""
    forest = site_tree(view)
    roots = [column for column in forest.columns if column.canonical == "zdxzjc" and column.kind is not ColumnKind.LINK_OUT]
    if not roots:
        yield nothing_found(view, "no-column")
        return
    below = list({url_key(column.url): column for root in roots for column in (root, *forest.descendants(root))}.values())
    lists = [column for column in below if column.walks or column.kind in (ColumnKind.LIST, ColumnKind.UNKNOWN)]
    found = list(_matters(view, rule, forest, below))
    for matter in found:
        yield _judge(view, rule, matter, lists)
    if not found:
        broken = complete_rounds(lists, rule).broken if lists else "not-walked"
        yield Outcome(Status.INCONCLUSIVE if broken else Status.NOT_APPLICABLE, broken or "no-matters", site_subject(view))


# --- what the matters are ---------------------------------------------------------------------


def _matters(view: SiteView, rule: Rule, forest: Tree, below: list[Column]) -> Iterator[Matter]:
    stored = {url_key(document.url): document for document in view.documents}
    finals: dict[str, list[Document]] = defaultdict(list)
    for document in policy_documents(view):
        finals[content(title_core(title_of(document)))].append(document)
    taken: set[str] = set()
    for column in below:
        if url_key(column.url) in taken or column.canonical == "zdxzjc" or is_period(column) or _OTHER.search(bare(column.name)):
            continue
        inside = (column, *forest.descendants(column))
        if stage_of(column.name) is not None or len(_stages_in(view, column, forest)) < 2:
            continue
        matter = Matter(bare(column.name), column_subject(column))
        for part in inside:
            taken.add(url_key(part.url))
            _add_column(view, matter, part, stored, own=part is column)
        _finish(matter, finals.get(content(title_core(column.name)), []), rule)
        yield matter
    yield from _by_rows(view, rule, below, taken, stored, finals)


def _stages_in(view: SiteView, column: Column, forest: Tree) -> set[str]:
    labels = [child.name for child in forest.children(column)]
    labels += [row.title for row in rows_of(view, column)] + [link.text for link in _links_of(column, forest)]
    return {stage for label in labels if (stage := stage_of(label)) is not None}


def _links_of(column: Column, forest: Tree) -> Iterator[Link]:
    """The links of a column's page; those to the columns beside it are its menu and show no stage of a matter."""
    below = {url_key(child.url) for child in forest.descendants(column)}
    for link in page_links(column):
        at = forest.by_key.get(url_key(link.url)) if link.url is not None else None
        if at is None or at is column or url_key(at.url) in below or at.parent_url != column.parent_url:
            yield link


def _add_column(view: SiteView, matter: Matter, column: Column, stored: dict[str, Document], *, own: bool) -> None:
    """What one column of a matter shows: its name where it holds something, its rows, its links."""
    rows, stage = rows_of(view, column), None if own else stage_of(column.name)
    latest = column.walks[-1] if column.walks else None
    said = latest is not None and latest.empty is EmptyBecause.STATEMENT
    holds = (
        bool(rows) or said or column.kind in (ColumnKind.LINK_OUT, ColumnKind.FORM) or (latest is None and column.reachable is not False)
    )
    if stage is not None and holds:
        matter.stages.add(stage)
    for link in _links_of(column, site_tree(view)):
        if (named := stage_of(link.text)) is not None and url_key(link.url or "") not in {url_key(column.url)}:
            matter.stages.add(named) if not _is_empty_child(view, link.url) else None
    if column.page is not None:
        matter.stages |= {mentioned for mentioned, words in _MENTIONS.items() if own and words.search(bare(column.page.text))}
    for row in rows:
        _add_row(matter, row, stage, stored)


def _is_empty_child(view: SiteView, url: str | None) -> bool:
    """Whether a link leads to a column that holds nothing: its name alone shows no stage."""
    column = site_tree(view).by_key.get(url_key(url)) if url is not None else None
    return column is not None and (column.reachable is False or bool(column.walks and column.walks[-1].entries == 0))


def _add_row(matter: Matter, row: Listing, stage: str | None, stored: dict[str, Document]) -> None:
    matter.rows.append(row)
    document = stored.get(url_key(row.url)) if row.url is not None else None
    title = bare(row.title)
    named = stage_of(title) or stage or (_PUBLISHED if is_policy(title_core(title), title) else None)
    if named is not None:
        matter.stages.add(named)
    if stage is not None:
        matter.stages.add(stage)
    if document is not None:
        matter.documents.append(document)
        text = bare(document.reading.body)
        matter.stages |= {mentioned for mentioned, words in _MENTIONS.items() if words.search(text)}
        matter.stages |= {found for file in document.reading.attachments if (found := stage_of(file.name)) is not None}
        if any(link.relation == "interpretation" for link in document.reading.related):
            matter.stages.add(_READ)
    if _PUBLISHED in (named, stage):
        day = came_out(document) if document is not None else civil(row.date.value) if row.date else None
        matter.out = min(filter(None, (matter.out, day)), default=None)


def _by_rows(
    view: SiteView, rule: Rule, columns: list[Column], taken: set[str], stored: dict[str, Document], finals: dict[str, list[Document]]
) -> Iterator[Matter]:
    """Matters told by the names of rows, in columns of stages or in one list; what stands in a matter's own column (`taken`) only helps them."""
    groups: dict[str, list[tuple[Listing, str | None]]] = defaultdict(list)
    for column in columns:
        stage = stage_of(column.name) if column.canonical != "zdxzjc" else None
        for row in rows_of(view, column):
            core = _core(row.title)
            if core and not _OTHER.search(bare(row.title)):
                groups[content(core)].append((row, stage))
    names = TitleIndex((key, key) for key in groups)
    for key, rows in groups.items():
        alike = [pair for _, other in names.similar(key, rule.params["uncertain_from"]) for pair in groups[other]]
        matter = Matter(_core(rows[0][0].title), Subject(SubjectKind.DOCUMENT, rows[0][0].url, rows[0][0].title))
        for row, stage in rows:
            _add_row(matter, row, stage, stored)
        own = set(matter.stages)
        for row, stage in alike:  # what may be of this matter is no proof that the matter lacks it
            perhaps = Matter(matter.name, matter.subject)
            _add_row(perhaps, row, stage, stored)
            matter.stages |= perhaps.stages
        _finish(matter, finals.get(key, []), rule)
        if len(own) >= 2 and any(url_key(row.column_url) not in taken for row, _ in rows):
            yield matter


def _core(title: str) -> str:
    text = _STRIP.sub("", _MATTER.sub("", bare(title)))
    return matter_of(text) or title_core(text)


def _finish(matter: Matter, finals: list[Document], rule: Rule) -> None:
    """The day the document came out, from the site's own documents where the column does not hold it."""
    if matter.out is None:
        days = [day for document in finals if (day := came_out(document)) is not None]
        matter.out = min(days, default=None)


# --- the verdict ------------------------------------------------------------------------------


def _judge(view: SiteView, rule: Rule, matter: Matter, lists: list[Column]) -> Outcome:
    stages = [stage for stage in _LABELS if stage in matter.stages]
    facts: dict[str, object] = {"name": matter.name, "shown": "、".join(sorted(stages, key=rule.params["stages"].index))}
    evidence = tuple(listing_evidence(row, f"“{row.title}”") for row in matter.rows[:4])
    measured = Measure(len(stages), "stage")
    missing = [stage for stage in rule.params["stages"] if stage not in matter.stages and stage != _ASSESSED]
    if not missing:
        return Outcome(Status.PASS, "complete", matter.subject, facts, evidence, measured)
    facts["missing"] = "、".join(missing)
    if matter.out is None:
        return Outcome(Status.NOT_APPLICABLE, "in-progress", matter.subject, facts, evidence)
    grace = int(rule.params["grace_workdays"])
    last, passed = view.calendar.add_workdays(matter.out, grace), view.calendar.workdays_between(matter.out, civil(view.as_of))
    facts.update({"out": zh_day(matter.out), "last": zh_day(last)})
    if civil(view.as_of) <= last:
        return Outcome(Status.DUE_SOON, "awaited", matter.subject, facts, evidence, measured, end_of(last))
    if near_unknown(passed, grace, rule.params["provisional_margin_workdays"]):
        return Outcome(Status.INCONCLUSIVE, "calendar-provisional", matter.subject, facts, evidence)
    doubt = _doubt(view, matter, set(missing))
    if doubt is not None:
        return Outcome(Status.INCONCLUSIVE, doubt, matter.subject, facts, evidence)
    return _absent(view, rule, lists, last, Outcome(Status.FAIL, "missing", matter.subject, facts, evidence, measured, end_of(last)))


def _absent(view: SiteView, rule: Rule, lists: list[Column], last: date, found: Outcome) -> Outcome:
    """A stage that is missing: proved where all lists of the column were read to the end after the last day."""
    rounds = complete_rounds(lists, rule) if lists else None
    if rounds is None or rounds.broken is not None:
        return replace(found, status=Status.INCONCLUSIVE, reason=(rounds.broken if rounds else None) or "not-walked")
    run = held((reading for reading in rounds.rounds if reading.at > end_of(last)), rule)
    if run is None:
        return replace(found, status=Status.INCONCLUSIVE, reason="not-observed-since")
    if too_old(run.readings[-1].at, view, rule):
        return replace(found, status=Status.INCONCLUSIVE, reason="observation-too-old")
    pieces: tuple[Evidence, ...] = found.evidence + run.evidence
    return replace(found, evidence=pieces, confidence=run.confidence)


def _doubt(view: SiteView, matter: Matter, missing: set[str]) -> str | None:
    """Why a missing stage may be told where we have not read."""
    read = {url_key(document.url) for document in matter.documents}
    here = netloc(view.site.home)
    unread = [row for row in matter.rows if row.url is None or (netloc(row.url) == here and url_key(row.url) not in read)]
    if unread or any(row.external for row in matter.rows):
        return "pages-unread"
    files = [file.name for document in matter.documents for file in document.reading.attachments]
    return "in-attachment" if missing <= _IN_FILES and any(re.search("说明|报告", name) for name in files) else None
