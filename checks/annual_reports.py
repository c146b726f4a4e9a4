"""Rules on the yearly report on disclosure (政府信息公开工作年度报告): when it is out, its six sections, what it has to mention."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from checks.bodies import Whose
from checks.clocks import civil, end_of, zh_day
from checks.registry import Outcome, check
from checks.shared import per_view
from checks.sight import Piece, absence, every_piece
from checks.subjects import site_subject
from checks.terms import Term, lead_of, terms, whose_lead, years_in
from data.catalogue import Rule
from data.records import DocumentReading, Measure, Severity, Status
from data.text import bare
from data.view import SiteView

_KIND = re.compile("((政府|政务)?信息公开|政务公开)(工作)?(情况)?(的)?(年度)?(工作)?(报告|年报)")
_SHORT = re.compile("^(20\\d{2}年?度?)?(年度|工作)?(年度)?(工作)?(年报|报告)(20\\d{2}年?度?)?$")
_NOT = re.compile(
    "报表|法治|通知|格式|解读|图解|一图|图说|问答|预算|决算|财务|统计|培训|审议|执法|督查|说明|编制|要求|征求|目录|模板|汇总|提案|建议|考核|"
    "评估|网站|审计|内部控制|内控|普法|党|复议"
)
_LEAD_END = re.compile("(政府|政务)?信息公开|政务公开|年度|年报|(工作)?报告")


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
    if ("报" not in title) or _NOT.search(title):
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


def yearly_paper(view: SiteView, rule: Rule, papers: Iterable[Report], what: str) -> Outcome:
    """Judge a paper that is owed each year by a day: the term that ran out last, then the one that runs."""
    assert rule.threshold is not None
    papers, today = tuple(papers), civil(view.as_of)
    last, coming = terms(view, rule.params, int(rule.threshold.value))
    judged = _term(view, rule, papers, last, what)
    if judged.status is Status.FAIL:
        return judged
    early = [paper for paper in papers if paper.year == coming.year and paper.piece.standing]
    if early:
        return _term(view, rule, papers, coming, what)
    if coming.days_left(today) <= rule.params["warn_days"]:
        facts = {"year": coming.year, "left": max(coming.days_left(today), 0)}
        return Outcome(Status.DUE_SOON, "awaited", site_subject(view), facts, due=end_of(coming.due))
    return judged


def _term(view: SiteView, rule: Rule, papers: tuple[Report, ...], term: Term, what: str) -> Outcome:
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
        date(term.year, 1, 1),
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


# --- annual-report-six-sections ---------------------------------------------------------------

_NUMERAL = (
    r"(?:^|[\n。；;\s]|(?<=[^一二三四五六七八九十\d]))"
    r"(?:[（(][一二三四五六七八九十\d]{1,2}[)）]|第?[一二三四五六七八九十\d]{1,2}(?:部分)?[、.．，,：:\s]+)\s*"
)
_SECTIONS = {
    "总体情况": "(总体|基本|概述)(情况)?",
    "主动公开政府信息情况": "主动公开(政府)?(信息)?(的)?情况",
    "收到和处理政府信息公开申请情况": "((收到|接受|受理)[和及与、]?)?(处理|办理|答复)?(的)?(政府)?信息公开(工作)?申请(的)?(收到)?[和及与]?(处理|办理|答复)?(的)?情况"
    "|依申请公开(政府信息)?(办理|处理|的)?情况",
    "政府信息公开行政复议、行政诉讼情况": "(因)?(政府)?(信息公开)?(工作)?(被)?(申请)?(提起)?行政复议[、和及与,，]?(提起)?行政诉讼(的)?情况",
    "存在的主要问题及改进情况": "(工作)?(中)?(存在)?(的)?(主要)?问题(和|及|与|以及|、)?(其)?(改进|整改|解决)(情况|措施|办法|打算)?",
    "其他需要报告的事项": "(其他|其它)(需要|需)?(报告|说明)?(的)?(有关)?(情况|事项)",
}
_HEADINGS = {
    name: re.compile(rf"(?:^|\n)\s*(?:{_NUMERAL})?(?:{words})[^\n]{{0,12}}(?:\n|$)|{_NUMERAL}(?:{words})")
    for name, words in _SECTIONS.items()
}
_TABLES = {
    "主动公开情况表": re.compile("(第二十条第|规章|规范性文件).{0,400}(行政许可|行政处罚|行政强制|行政事业性收费)"),
    "申请办理情况表": re.compile("(本年新收|新收政府信息公开申请|结转下年度|上年结转)"),
    "复议诉讼情况表": re.compile("(结果维持|维持).{0,60}(结果纠正|纠正).{0,60}(尚未审结|其他结果)"),
}


@check("annual-report-six-sections")
def six_sections(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """政府信息公开条例 第五十条 and 国办公开办函〔2021〕30号: the six sections and three tables of the uniform format."""
    own = [report for report in reports(view) if report.whose is Whose.OWN and report.piece.standing]
    for report in own:
        if report.year < rule.params["first_year"]:
            yield Outcome(Status.NOT_APPLICABLE, "old-format", report.piece.subject, {"year": report.year})
        else:
            yield _sections(rule, report)
    if not own:
        yield Outcome(Status.NOT_APPLICABLE, "no-report", site_subject(view))


def unreadable(piece: Piece, least: int) -> str | None:
    """Why the text of a piece cannot be judged, as a reason key."""
    if piece.document is None:
        return "not-read"
    reading = piece.document.reading
    if any(mark.startswith("script") for mark in reading.marks):
        return "script-shell"
    if len(bare(reading.body)) < least:
        return "attachment-only" if reading.attachments else "image-only" if reading.media.get("image") else "blank-page"
    return None


def _sections(rule: Rule, report: Report) -> Outcome:
    piece, facts = report.piece, {"year": report.year}
    unread = unreadable(piece, rule.params["min_chars"])
    if unread is not None or piece.document is None:
        return Outcome(Status.INCONCLUSIVE, unread or "not-read", piece.subject, facts)
    reading = piece.document.reading
    found = [name for name, pattern in _HEADINGS.items() if pattern.search(reading.body)]
    missing, measured = [name for name in _SECTIONS if name not in found], Measure(len(found), "section")
    evidence = (piece.evidence(f"年报正文见到{len(found)}个部分：{'、'.join(found) or '无'}"),)
    if missing:
        # A report whose headings are of another kind, or that goes on in a file, is not read well enough to say what it lacks.
        whole = len(found) * 2 >= len(_SECTIONS) and not (_goes_on_elsewhere(reading) and len(missing) > 1)
        if whole:
            return Outcome(Status.FAIL, "missing", piece.subject, facts | {"missing": "、".join(missing)}, evidence, measured)
        return Outcome(Status.INCONCLUSIVE, "layout-unknown", piece.subject, facts, evidence, measured)
    tables = [name for name, pattern in _TABLES.items() if not pattern.search(bare(reading.body))]
    if tables and _goes_on_elsewhere(reading):
        return Outcome(Status.INCONCLUSIVE, "tables-unread", piece.subject, facts | {"missing": "、".join(tables)}, evidence, measured)
    if tables:
        return Outcome(Status.FAIL, "tables-missing", piece.subject, facts | {"missing": "、".join(tables)}, evidence, measured)
    return Outcome(Status.PASS, "complete", piece.subject, facts, evidence, measured)


def _goes_on_elsewhere(reading: DocumentReading) -> bool:
    return bool(reading.attachments or reading.media.get("image"))


# --- annual-report-required-mentions ----------------------------------------------------------

_MENTIONS = {
    "plan": ("政务公开工作要点落实情况", re.compile("工作要点|公开要点|年度要点|重点任务分工|政务公开.{0,8}(工作计划|任务清单|实施方案|工作安排|工作方案)")),
    "key-areas": ("重点领域信息公开情况", re.compile("重点领域|重点信息公开|重大建设项目|公共资源配置|社会公益事业")),
    "assessment": ("评估结果", re.compile("第三方评估|评估结果|评估得分|测评结果|考核评估|绩效评估|社会评议")),
}  # fmt: skip


@check("annual-report-required-mentions")
def required_mentions(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山区2020年政务公开工作要点 一(二)6, 东昌府 五(四): the report tells how the year's plan was carried out."""
    own = [report for report in reports(view) if report.whose is Whose.OWN and report.piece.standing]
    if not own:
        yield Outcome(Status.NOT_APPLICABLE, "no-report", site_subject(view))
        return
    newest = max(own, key=lambda report: (report.year, report.piece.document is not None))
    piece, facts = newest.piece, {"year": str(newest.year)}
    unread = unreadable(piece, rule.params["min_chars"])
    if unread is not None:
        yield Outcome(Status.INCONCLUSIVE, unread, piece.subject, facts)
        return
    text = bare(piece.text)
    wanted = [key for key in _MENTIONS if key in rule.params["required"]]
    missing = [_MENTIONS[key][0] for key in wanted if not _MENTIONS[key][1].search(text)]
    measured, evidence = Measure(len(wanted) - len(missing), "mention"), (piece.evidence("年报正文"),)
    limit = Measure(len(wanted), "mention")
    if missing and piece.document is not None and _goes_on_elsewhere(piece.document.reading):
        headings = sum(1 for pattern in _HEADINGS.values() if pattern.search(piece.text))
        if headings < len(_HEADINGS):
            yield Outcome(Status.INCONCLUSIVE, "attachment-only", piece.subject, facts, evidence)
            return
    if missing:
        facts |= {"missing": "、".join(missing)}
        yield Outcome(Status.FAIL, "missing", piece.subject, facts, evidence, measured, threshold=limit, severity=Severity.MINOR)
    else:
        yield Outcome(Status.PASS, "mentioned", piece.subject, facts, evidence, measured, threshold=limit)
