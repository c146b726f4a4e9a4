"""Rules on what a government tells of its meetings and of its livelihood projects (民生实事)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from checks.bodies import Whose, bodies
from checks.clocks import add_months, end_of
from checks.registry import Outcome, check
from checks.scope import repost_of
from checks.sight import Piece, absence, blind_spot, columns_of, pieces
from checks.subjects import site_subject
from checks.terms import Term, terms, years_in
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import Measure, Status
from data.text import bare
from data.view import SiteView

# --- government-meetings-published ------------------------------------------------------------

_MEETING = re.compile(
    "常务会|政府全体(\\(扩大\\))?会|政府第?.{0,6}次(常务|全体)|(管委会|主任)办公会|区长办公会|政府党组.{0,6}会|政府专题会"
)
_CALLED = re.compile("常务会|政府会议|会议公开|全体会议")
_NO_MEETING = re.compile("人大|常委会|政协|党委|区委|县委|市委|国务院|办法|规则|制度|目录")


@check("government-meetings-published")
def government_meetings(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """娄底市2021年政务公开工作要点 三(十一): decisions of the government's standing and plenary meetings are published."""
    assert rule.threshold is not None
    subject, today, months = site_subject(view), civil(view.as_of), int(rule.threshold.value)
    meetings = [piece for piece in pieces(view) if _is_meeting(view, piece)]
    standing = [piece for piece in meetings if piece.standing]
    dated = [(day, piece) for piece in standing if (day := piece.published_on) is not None and day <= today]
    newest = max(dated, key=lambda pair: pair[0], default=None)
    last = add_months(newest[0], months) if newest is not None else None
    if newest is not None and last is not None and today <= last:
        yield _recent(rule, view, newest[1], newest[0], last)
        return
    if any(piece.published_on is None for piece in standing):
        yield Outcome(Status.INCONCLUSIVE, "undated", subject)
        return
    run = absence(view, rule, (*rule.columns, *rule.params["places"]), "新的政府会议信息", (), last, newest[0] if newest else None, _CALLED)
    if isinstance(run, str):
        yield Outcome(Status.INCONCLUSIVE, run, subject)
    elif newest is None or last is None:
        yield Outcome(Status.FAIL, "absent", subject, {"seen": zh_day(run.readings[-1].at)}, run.evidence, confidence=run.confidence)
    else:
        day, piece = newest
        facts = {"newest": zh_day(day), "title": piece.title, "days": (today - day).days}
        evidence = (piece.evidence(f"最近一次{zh_day(day)}"), *run.evidence)
        measured = Measure((today - day).days, "day")
        yield Outcome(Status.FAIL, "stale", subject, facts, evidence, measured, end_of(last), confidence=run.confidence)


def _recent(rule: Rule, view: SiteView, piece: Piece, day: date, last: date) -> Outcome:
    today = civil(view.as_of)
    facts = {"newest": zh_day(day), "title": piece.title, "left": (last - today).days}
    evidence, measured = (piece.evidence(f"最近一次{zh_day(day)}"),), Measure((today - day).days, "day")
    if (last - today).days <= rule.params["due_soon_days"]:
        return Outcome(Status.DUE_SOON, "ages", site_subject(view), facts, evidence, measured, end_of(last))
    reason = "published" if "cwhy" in piece.columns else "in-news"
    return Outcome(Status.PASS, reason, site_subject(view), facts, evidence, measured, end_of(last))


def _is_meeting(view: SiteView, piece: Piece) -> bool:
    title, shelved = piece.key, "cwhy" in piece.columns
    if not shelved and ("会" not in title or not _MEETING.search(title) or _NO_MEETING.search(title)):
        return False
    if piece.document is not None and repost_of(piece.document, bodies(view)):
        return False
    return not _of_upper(view, title)


def _of_upper(view: SiteView, title: str) -> bool:
    """Whether a title speaks of an upper government's meeting: 国务院, 省政府, or 市政府 where the unit is no city."""
    who = bodies(view)
    head = re.split("(政府)?(常务|全体|党组|专题|第)", title, maxsplit=1)[0]
    if "国务院" in title or re.search("(?<![\\u4e00-\\u9fff])(省|自治区)(人民)?政府", title) or who.whose(head) is Whose.UPPER:
        return True
    city = any(place.endswith("市") for place in who.own_places)
    return not city and re.search("(^|[,:、 ])市(人民)?政府", title) is not None


# --- livelihood-projects-progress -------------------------------------------------------------


class Part(StrEnum):
    """What a piece on livelihood projects is."""

    LIST = "list"
    PROGRESS = "progress"
    OTHER = "other"


_PROJECTS = re.compile("民生实事|实事项目|为民办?实事|实事工程|[十百]?[件大]实事|民生工程")
_PROGRESS = re.compile(
    "进展|进度|完成|落实情况|推进|竣工|[一二三四1-4]季度|\\d{1,2}月份?(工作|项目|推进|情况|$)|半年|截至|办结|建成|投用|投入使用|启用|开工|交付|验收|兑现|总结"
)
_LIST = re.compile("清单|项目表|项目名单|任务|分工|实施方案|公布|确定|[十百\\d]+[件项个大]|计划|安排|项目$|实事$")
_ASKED = re.compile("征集|征求|票选|投票|候选|建议|意见")  # what is to be done next year
_TOLD = re.compile(
    "(工作|项目)?(进展|进度|完成|落实)(情况)?[:：]|(目前|截至|已)[^。；]{0,40}(完成|建成|开工|竣工|投入使用)|完成率|工程进度|形象进度"
)


@dataclass(frozen=True, slots=True)
class Entry:
    piece: Piece
    year: int | None
    part: Part


@check("livelihood-projects-progress")
def livelihood_projects(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """娄底市2021年政务公开工作要点 一(三): the year's livelihood projects are published with how far they have come."""
    entries, (last, coming) = tuple(_entries(view)), terms(view, rule.params)
    past = _projects(view, rule, entries, last)
    if past is not None and past.status is Status.FAIL:
        yield past
        return
    now = _projects(view, rule, entries, coming)
    kinds = (*rule.columns, *rule.params["places"])
    if now is not None:
        yield now
    elif past is not None:
        yield past
    elif columns_of(view, rule.columns) and (blind := blind_spot(view, rule, kinds)) is not None:
        yield Outcome(Status.INCONCLUSIVE, blind, site_subject(view))
    else:
        yield Outcome(Status.NOT_APPLICABLE, "no-list", site_subject(view))


def _entries(view: SiteView) -> Iterator[Entry]:
    for piece in pieces(view):
        title = piece.key
        if not piece.standing or _ASKED.search(title) or ("mssx" not in piece.columns and not _PROJECTS.search(title)):
            continue
        if piece.document is not None and repost_of(piece.document, bodies(view)):
            continue
        named, published = years_in(title), piece.published_on
        year = named[-1] if named else published.year if published is not None else None
        if _PROGRESS.search(title) or _TOLD.search(bare(piece.text)):
            part = Part.PROGRESS
        else:
            part = Part.LIST if _LIST.search(re.sub("20\\d{2}年?度?", "", title)) else Part.OTHER
        yield Entry(piece, year, part)


def _projects(view: SiteView, rule: Rule, entries: Sequence[Entry], term: Term) -> Outcome | None:
    """What a year's entries say; None where the year has no list."""
    of_year = [entry for entry in entries if entry.year == term.year]
    progress = [entry.piece for entry in of_year if entry.part is Part.PROGRESS]
    lists = [entry.piece for entry in of_year if entry.part is Part.LIST]
    subject = site_subject(view)
    facts: dict[str, object] = {"year": term.year, "count": len(progress)}
    if progress:
        evidence = (progress[-1].evidence("进展信息"),)
        return Outcome(Status.PASS, "progress", subject, facts, evidence, Measure(len(progress), "item"), end_of(term.due))
    if not lists:
        return None
    facts |= {"title": lists[0].title}
    evidence, left = (lists[0].evidence("项目清单"),), term.days_left(civil(view.as_of))
    if left >= 0:
        if left > rule.params["warn_days"]:
            return Outcome(Status.NOT_APPLICABLE, "not-yet", subject, facts, evidence, due=end_of(term.due))
        return Outcome(Status.DUE_SOON, "awaited", subject, facts | {"left": left}, evidence, due=end_of(term.due))
    if any(entry.part is Part.OTHER and entry.year in (term.year, None) for entry in entries):
        return Outcome(Status.INCONCLUSIVE, "unclear-entries", subject, facts, evidence)
    if any(piece.document is not None and _pictured(piece) for piece in lists):
        return Outcome(Status.INCONCLUSIVE, "image-only", subject, facts, evidence)
    run = absence(
        view, rule, (*rule.columns, *rule.params["places"]), f"{term.year}年民生实事进展", (), term.due, date(term.year, 1, 1), _PROJECTS
    )
    if isinstance(run, str):
        return Outcome(Status.INCONCLUSIVE, run, subject, facts, evidence)
    return Outcome(
        Status.FAIL, "no-progress", subject, facts, (*evidence, *run.evidence), Measure(0, "item"), end_of(term.due),
        confidence=run.confidence,
    )  # fmt: skip


def _pictured(piece: Piece) -> bool:
    return piece.document is not None and bool(piece.document.reading.media.get("image")) and len(bare(piece.text)) < 100
