"""The yearly report on disclosure (政府信息公开工作年度报告): which pieces are one, of which year and whose, and when it has to be out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from checks.bodies import Whose
from checks.clocks import end_of
from checks.registry import Outcome, check
from checks.shared import per_view
from checks.sight import Piece, absence, every_piece
from checks.subjects import site_subject
from checks.terms import Term, lead_of, terms, whose_lead, years_in
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import Measure, Status
from data.text import bare
from data.view import SiteView

_KIND = re.compile("((政府|政务)?信息公开|政务公开)(工作)?(情况)?(的)?(年度)?(工作)?(报告|年报)")
_SHORT = re.compile("^(20\\d{2}年?度?)?(年度|工作)?(年度)?(工作)?(年报|报告)(20\\d{2}年?度?)?$")
_NOT = re.compile(
    "报表|法治|通知|格式|解读|图解|一图|图说|问答|预算|决算|财务|统计|培训|审议|执法|督查|说明|编制|要求|征求|目录|模板|汇总|提案|建议|考核|"
    "评估|网站|审计|内部控制|内控|普法|党|复议"
)
_CALLED = re.compile("年报|年度报告")  # what a column of reports is called where the column catalogue does not know it
_LEAD_END = re.compile("(政府|政务)?信息公开|政务公开|年度|年报|(工作)?报告")


# Whose report it is says nothing of what it is: 审计局, 统计局, 综合执法局 bear words of other papers in their names.
_AUTHOR = re.compile(
    "^[\u4e00-\u9fff]{2,30}?(局|委|委员会|政府|管委会|办公室|办事处|中心|院|厅|馆|总?队|支队|大队|所|处|会|镇|乡|街道)"
    "(?=关于|(政府|政务)?信息公开|政务公开|[（(〔\\[]?20\\d{2})"
)


@dataclass(frozen=True, slots=True)
class Report:
    """A piece that is a yearly report: of which year, and whose."""

    piece: Piece
    year: int
    whose: Whose


@per_view
def reports(view: SiteView) -> tuple[Report, ...]:
    """The unit's yearly reports, those that are gone and those of unclear ownership included; other bodies' are left out."""
    return tuple(_reports(view))


def _reports(view: SiteView) -> Iterator[Report]:
    for piece in every_piece(view, lambda piece: _is_report(piece) and _named(view, piece)):
        if not _is_report(piece):
            continue
        year, whose = _year(piece), whose_lead(view, lead_of(piece.key, _LEAD_END))
        if year is not None and whose is not Whose.UPPER:
            yield Report(piece, year, whose)


def _is_report(piece: Piece) -> bool:
    title = re.sub(r"[（(〔\[][^）)〕\]]*[）)〕\]]$", "", piece.key) or piece.key
    if ("报" not in title) or _NOT.search(_AUTHOR.sub("", title)):
        return False
    return _KIND.search(_without_year(title)) is not None or ("zfxxgknb" in piece.columns and _SHORT.match(title) is not None)


def _without_year(title: str) -> str:
    return re.sub(r"[（(〔\[]?20\d{2}(年度|年)?[）)〕\]]?", "", title)


def _named(view: SiteView, piece: Piece) -> bool:
    """Whether a paper on the parent's portal names the unit in front of what it is."""
    lead = lead_of(piece.key, _LEAD_END)
    return bool(lead) and whose_lead(view, lead) is Whose.OWN


_OPENING_YEAR = re.compile(r"(20\d{2})年(1月1日|度|政府信息|，|,)")


def _year(piece: Piece) -> int | None:
    named = years_in(piece.title)
    if named:
        return named[-1]
    opening = _OPENING_YEAR.search(bare(piece.text[:800]))
    if opening is not None:
        return int(opening.group(1))
    published = piece.published_on
    return published.year - 1 if published is not None else None


# --- annual-report-deadline-department, annual-report-deadline-government ------------------------------------------------


@check("annual-report-deadline-department")
def department_deadline(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """政府信息公开条例 第四十九条: a department's report of the year before is out by 31 January."""
    yield yearly_paper(view, rule, reports(view), "政府信息公开工作年度报告")


@check("annual-report-deadline-government")
def government_deadline(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """政府信息公开条例 第四十九条: the government's report of the year before is out by 31 March."""
    yield yearly_paper(view, rule, reports(view), "本级政府信息公开工作年度报告")


def yearly_paper(view: SiteView, rule: Rule, papers: Iterable[Report], what: str, words: re.Pattern[str] = _CALLED) -> Outcome:
    """Judge a paper that is owed each year by a day: the term that ran out last, then the one that runs."""
    assert rule.threshold is not None
    papers, today = tuple(papers), civil(view.as_of)
    last, coming = terms(view, rule.params, int(rule.threshold.value))
    judged = _term(view, rule, papers, last, what, words)
    if judged.status is Status.FAIL:
        return judged
    early = [paper for paper in papers if paper.year == coming.year and paper.piece.standing]
    if early:
        return _term(view, rule, papers, coming, what, words)
    if coming.days_left(today) <= rule.params["warn_days"]:
        facts = {"year": coming.year, "left": max(coming.days_left(today), 0)}
        return Outcome(Status.DUE_SOON, "awaited", site_subject(view), facts, due=end_of(coming.due))
    return judged


def _term(view: SiteView, rule: Rule, papers: tuple[Report, ...], term: Term, what: str, words: re.Pattern[str]) -> Outcome:
    assert rule.threshold is not None
    subject, facts = site_subject(view), {"year": term.year, "due": zh_day(term.due)}
    of_year = [paper for paper in papers if paper.year == term.year]
    own = [paper.piece for paper in of_year if paper.whose is Whose.OWN and paper.piece.standing]
    if own:
        return _timely(view, rule, term, own, papers)
    if any(paper.piece.standing for paper in of_year):
        return Outcome(Status.INCONCLUSIVE, "whose-unclear", subject, facts)
    run = absence(
        view, rule, (*rule.columns, *rule.params["places"]), f"{term.year}年度{what}", [paper.piece for paper in of_year], term.due,
        date(term.year, 1, 1), words,
    )  # fmt: skip
    if isinstance(run, str):
        return Outcome(Status.INCONCLUSIVE, run, subject, facts, due=end_of(term.due))
    days = (civil(view.as_of) - term.due).days
    facts |= {"seen": zh_day(run.readings[-1].at)}
    return Outcome(
        Status.FAIL, "missing", subject, facts, run.evidence, Measure(days, "day"), end_of(term.due), confidence=run.confidence
    )  # fmt: skip


def _timely(view: SiteView, rule: Rule, term: Term, own: list[Piece], papers: tuple[Report, ...]) -> Outcome:
    """Judge the day on which a paper came out: the earliest that any version of it shows, or on which we saw it."""
    assert rule.threshold is not None
    subject, limit = site_subject(view), rule.threshold.value
    shown = [(day, piece) for piece in own if (day := piece.published_on) is not None]
    seen, seen_piece = min(((civil(piece.first_seen), piece) for piece in own), key=lambda pair: pair[0])
    published, piece = min(shown, key=lambda pair: pair[0]) if shown else (seen, seen_piece)
    on, piece = (published, piece) if published <= seen else (seen, seen_piece)
    facts = {"year": term.year, "title": piece.title, "published": zh_day(on), "due": zh_day(term.due)}
    evidence, late = (piece.evidence(f"{zh_day(on)}发布"),), (on - term.due).days
    if late <= limit:
        return Outcome(Status.PASS, "in-time", subject, facts, evidence, Measure(max(late, 0), "day"), end_of(term.due))
    if not shown:
        return Outcome(Status.INCONCLUSIVE, "undated", subject, facts, evidence, due=end_of(term.due))
    if any(each.unsure for each in own):
        return Outcome(Status.INCONCLUSIVE, "published-unsure", subject, facts, evidence, due=end_of(term.due))
    if _moved_that_day(papers, rule, on):
        return Outcome(Status.INCONCLUSIVE, "bulk-published", subject, facts, evidence, due=end_of(term.due))
    return Outcome(Status.FAIL, "late", subject, facts | {"days": late}, evidence, Measure(late, "day"), end_of(term.due))


def _moved_that_day(papers: Iterable[Report], rule: Rule, day: date) -> bool:
    """Whether papers of several years bear one day as their publication: the mark of a site's migration."""
    years = {paper.year for paper in papers if paper.piece.published_on == day}
    return len(years) >= int(rule.params["bulk_years"])
