"""Rules on how a unit organises disclosure over a year: its own work plan, training, and an open day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from checks.annual_reports import reports
from checks.bodies import Whose, bodies, title_lead
from checks.clocks import end_of
from checks.registry import Outcome, check
from checks.report_contents import goes_on_elsewhere, unreadable
from checks.scope import repost_of
from checks.sight import Piece, absence, pieces
from checks.subjects import site_subject
from checks.terms import Term, lead_of, terms, whose_lead, years_in
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import Measure, Status
from data.registry import Profile
from data.text import bare
from data.view import SiteView


@dataclass(frozen=True, slots=True)
class Record:
    """A piece that shows a duty of a year done."""

    piece: Piece
    year: int
    whose: Whose


def _of_year(records: Iterable[Record], year: int) -> tuple[Record, ...]:
    return tuple(record for record in records if record.year == year)


def _done(view: SiteView, year: int, records: Iterable[Record]) -> Outcome | None:
    """The pass that a unit's own record of a year gives."""
    own = [record for record in records if record.whose is Whose.OWN and record.piece.standing]
    if not own:
        return None
    piece = min(own, key=lambda record: record.piece.published_on or date.max).piece
    facts = {"year": year, "title": piece.title}
    return Outcome(Status.PASS, "done", site_subject(view), facts, (piece.evidence(f"{year}年记录"),), Measure(len(own), "item"))


def _undone(view: SiteView, rule: Rule, term: Term, records: Iterable[Record], what: str) -> Outcome:
    """Whether a year's duty is provably not shown as done; whose a record is may be unclear."""
    records, subject, facts = tuple(records), site_subject(view), {"year": term.year, "due": zh_day(term.due)}
    if any(record.whose is Whose.UNCLEAR and record.piece.standing for record in records):
        return Outcome(Status.INCONCLUSIVE, "whose-unclear", subject, facts)
    were = [record.piece for record in records if record.whose is Whose.OWN]
    run = absence(view, rule, (*rule.columns, *rule.params["places"]), f"{term.year}年{what}", were, term.due, date(term.year, 1, 1))
    if isinstance(run, str):
        return Outcome(Status.INCONCLUSIVE, run, subject, facts)
    facts |= {"seen": zh_day(run.readings[-1].at)}
    return Outcome(
        Status.FAIL, "unseen", subject, facts, run.evidence, Measure(0, "item"), end_of(term.due), confidence=run.confidence
    )  # fmt: skip


def _awaited(view: SiteView, term: Term) -> Outcome:
    facts = {"year": term.year, "left": max(term.days_left(civil(view.as_of)), 0)}
    return Outcome(Status.DUE_SOON, "awaited", site_subject(view), facts, due=end_of(term.due))


# --- work-plan-published ----------------------------------------------------------------------

_PLAN = re.compile(
    "(政务公开|政府信息公开|信息公开)(工作)?(年度)?(重点)?(工作)?(的)?(要点|计划|实施方案|方案|任务分工|任务分解|任务清单|任务|安排|台账)"
)
_NO_PLAN = re.compile("情况|总结|通报|解读|图解|一图|培训|考核|评估|检查方案|试点|标准化|征求|问答|汇报|进展|保密")
_ISSUE = re.compile("^.*?(关于)?(转发|印发|下发|制定|公布)|^关于")
_OFFICE = re.compile(
    "^[\\u4e00-\\u9fff]{0,12}(政府办(公室)?|(政务公开|政务服务)[^局]{0,12}(领导小组|办公室|局)|行政审批.{0,6}局|大数据.{0,6}局|管委会(办公室)?)$"
)


@check("work-plan-published")
def work_plan(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山区2020年政务公开工作要点 六(三)60: each unit makes a yearly work plan of its own; an upper plan carried here is not it."""
    plans = tuple(_plans(view, pieces(view)))
    last, coming = terms(view, rule.params)
    passed = _done(view, coming.year, _of_year(plans, coming.year)) or _done(view, last.year, _of_year(plans, last.year))
    near = coming.days_left(civil(view.as_of)) <= rule.params["warn_days"] and coming.year > last.year
    if passed is not None and not (near and passed.facts["year"] == last.year):
        yield passed
        return
    owed = last if passed is None else coming
    if view.site.profile is Profile.TOWN and _under_district(view, plans, owed.year):
        yield Outcome(Status.NOT_APPLICABLE, "under-district-plan", site_subject(view), {"year": owed.year})
        return
    yield _awaited(view, coming) if passed is not None else _undone(view, rule, last, _of_year(plans, last.year), "本单位政务公开工作要点")


def _plans(view: SiteView, those: Iterable[Piece]) -> Iterator[Record]:
    for piece in those:
        title = piece.key
        if "公开" not in title or not _PLAN.search(_without_years(title)) or _NO_PLAN.search(title):
            continue
        named, published = years_in(title), piece.published_on
        year = named[-1] if named else published.year if published is not None else None
        if year is not None:
            yield Record(piece, year, _plan_whose(view, piece))


def _without_years(title: str) -> str:
    return re.sub(r"[（(〔\[]?20\d{2}年?度?[）)〕\]]?", "", title)


def _plan_whose(view: SiteView, piece: Piece) -> Whose:
    title, who = piece.key, bodies(view)
    if "转发" in title or (piece.document is not None and repost_of(piece.document, who)):
        return Whose.UPPER
    inner = re.sub("[《》]", "", lead_of(_ISSUE.sub("", title), _PLAN))
    names = [name for name in (title_lead(title), inner) if name]
    found = [_whose_plan_name(view, name) for name in names] or [Whose.OWN]
    if Whose.UPPER in found:
        return Whose.UPPER if Whose.OWN not in found or view.site.profile is Profile.DISTRICT_PORTAL else Whose.OWN
    return Whose.OWN if Whose.OWN in found else Whose.UNCLEAR


def _whose_plan_name(view: SiteView, name: str) -> Whose:
    found = whose_lead(view, name)
    if view.site.profile is not Profile.DISTRICT_PORTAL:
        return found
    who = bodies(view).whose(name)
    if who is Whose.UPPER or found is Whose.OWN:
        return who if who is Whose.UPPER else found
    return Whose.OWN if name in bodies(view).names or _OFFICE.match(name) else found


def _under_district(view: SiteView, plans: Iterable[Record], year: int) -> bool:
    """Whether a town has the district's plan of the year to go by: carried on its site, or on its parent's portal."""
    if any(record.year == year and record.whose is Whose.UPPER for record in plans):
        return True
    return view.parent is not None and any(
        record.year == year and record.whose is Whose.OWN for record in _plans(view.parent, pieces(view.parent))
    )


# --- training-yearly --------------------------------------------------------------------------

_TOPIC = re.compile("政务公开|信息公开|政府网站|政务新媒体")
_TRAINING = re.compile("培训|业务学习|轮训|专题讲座|专题辅导|业务指导会")
_INTENT = re.compile("要点|计划|方案|分工|清单|指南|制度|办法|年度报告|年报|报表|条例|意见")


@check("training-yearly")
def training_yearly(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """东昌府区2023年政务公开工作要点 五(三): each unit trains its staff at least once a year. What is not on the web may yet have been held."""
    held = tuple(_trainings(view))
    last, coming = terms(view, rule.params)
    passed = _done(view, coming.year, _of_year(held, coming.year))
    if passed is not None:
        yield passed
    elif coming.days_left(civil(view.as_of)) <= rule.params["warn_days"]:
        yield _awaited(view, coming)
    else:
        yield _done(view, last.year, _of_year(held, last.year)) or _told(view, rule, last, _of_year(held, last.year))


def _trainings(view: SiteView) -> Iterator[Record]:
    for piece in pieces(view):
        title = piece.key
        if not _TOPIC.search(title) or _INTENT.search(title):
            continue
        on = piece.published_on
        if on is None:
            continue
        if _TRAINING.search(title) or _TRAINING.search(piece.text):
            yield Record(piece, on.year, _host(view, piece))


def _told(view: SiteView, rule: Rule, term: Term, records: Iterable[Record]) -> Outcome:
    """What the yearly report says of training: a sentence suffices; only a report that is silent lets anything be said."""
    subject, facts = site_subject(view), {"year": term.year}
    own = [report.piece for report in reports(view) if report.year == term.year and report.whose is Whose.OWN and report.piece.standing]
    speaking = [piece for piece in own if _TRAINING.search(piece.text)]
    if speaking:
        evidence = (speaking[0].evidence("年报提及培训"),)
        return Outcome(Status.PASS, "in-report", subject, facts | {"title": speaking[0].title}, evidence, Measure(1, "item"))
    silent = [piece for piece in own if unreadable(piece, rule.params["min_chars"]) is None and not goes_on_elsewhere(piece)]
    if not silent:
        return Outcome(Status.INCONCLUSIVE, "no-report", subject, facts)
    return _undone(view, rule, term, records, "政务公开培训记录")


_HEAD = re.compile("(举办|开展|组织|举行|召开|启动|邀请|参加|开启|推进|扎实|积极|成功|圆满)")


def _host(view: SiteView, piece: Piece) -> Whose:
    """Whose an event is: another's where the page is a repost or its title begins with another body."""
    who = bodies(view)
    if piece.document is not None and repost_of(piece.document, who):
        return Whose.UPPER
    head = bare(_HEAD.split(piece.key, maxsplit=1)[0])
    return Whose.UPPER if who.whose(head) is Whose.UPPER else Whose.OWN


# --- open-day-yearly --------------------------------------------------------------------------

_OPEN_DAY = re.compile("开放[日周月]|公开议事日|网络问政|政务公开[日周月]|走进(政府|机关)")


@check("open-day-yearly")
def open_day_yearly(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山区2020年政务公开工作要点 二(四)25: an open day, open week or online question time at least once a year."""
    days = tuple(_open_days(view))
    last, coming = terms(view, rule.params)
    today = civil(view.as_of)
    passed = _done(view, coming.year, _of_year(days, coming.year))
    if passed is not None:
        yield passed
    elif coming.days_left(today) <= rule.params["warn_days"]:
        yield _awaited(view, coming)
    elif today <= last.due + timedelta(days=rule.params["look_back_days"]):
        yield (
            _done(view, last.year, _of_year(days, last.year))
            or _reported(view, last)
            or _undone(view, rule, last, _of_year(days, last.year), "政府开放日活动记录")
        )
    else:
        yield Outcome(Status.NOT_APPLICABLE, "not-yet", site_subject(view), {"year": coming.year})


def _open_days(view: SiteView) -> Iterator[Record]:
    for piece in pieces(view):
        if "zfkfr" in piece.columns or _OPEN_DAY.search(piece.key):
            on = piece.published_on
            if on is not None:
                yield Record(piece, on.year, _host(view, piece))


def _reported(view: SiteView, term: Term) -> Outcome | None:
    """A yearly report that tells of an open day serves as well."""
    for report in reports(view):
        if report.year == term.year and report.whose is Whose.OWN and report.piece.standing and _OPEN_DAY.search(bare(report.piece.text)):
            facts = {"year": term.year, "title": report.piece.title}
            return Outcome(Status.PASS, "done", site_subject(view), facts, (report.piece.evidence("年报提及"),), Measure(1, "item"))
    return None
