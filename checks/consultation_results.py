"""The rule on what became of the opinions: told within ten working days of the decision, and where none is known, some time after the deadline."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from checks.clocks import add_months, end_of, near_unknown
from checks.consultations import Consultation, Pairs, Result, consultations
from checks.observing import Held, complete_rounds, document_evidence, held, latest_crawl, too_old
from checks.registry import Outcome, check
from checks.scope import publication_is_weak, withdrawn
from checks.shared import per_view
from checks.subjects import document_subject
from checks.tree import is_archive, site_tree
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import Column, ColumnKind, Confidence, CrawlState, Document, Evidence, Measure, Severity, Status
from data.text import bare
from data.urls import url_key
from data.view import SiteView

# What a notice's own page says once the result was added to it.
_ON_PAGE = re.compile(
    "(采纳|反馈|吸收)(情况|结果)(如下|说明如下|[:：])|结果反馈[:：]|(征集|征求意见)(的)?(结果|情况)(如下|[:：])"
    "|(期间|截至|共|未|没有|均未|无)[^。；]{0,12}(收到|征集到)[^。；]{0,20}(意见|建议|反馈)"
)


@dataclass(frozen=True, slots=True)
class _Decision:
    """The document that a consultation led to, and the days from which the term may run, the earliest first."""

    document: Document
    starts: tuple[date, ...]


@check("consultation-result-10-working-days")
def consultation_result_10_working_days(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山区2020年政务公开工作要点 二(三)22: what was collected and adopted, within 10 working days after the policy came out."""
    pairs, gone = Pairs(view, rule), withdrawn(view)
    since = date.fromisoformat(str(rule.params["duty_since"]))
    for item in consultations(view):
        if (item.published or civil(item.document.first_seen)) < since:
            continue
        if _is_past(view, rule, item):
            yield _outcome(item, Status.NOT_APPLICABLE, "past", {})
            continue
        if url_key(item.document.url) in gone:
            yield Outcome(Status.NOT_APPLICABLE, "withdrawn", document_subject(item.document))
            continue
        answers, final = pairs.answers(item), pairs.final(item)
        decision = _decision(final) if final is not None else None
        if answers.certain:
            yield _told(view, rule, item, answers.certain, decision)
        elif _told_on_page(item):
            yield _outcome(item, Status.PASS, "on-page", {})
        elif answers.uncertain:
            yield _outcome(item, Status.INCONCLUSIVE, "match-uncertain", {"result": answers.uncertain[0].title}, _of(answers.uncertain[0]))
        elif decision is not None:
            yield _awaited_after_decision(view, rule, item, decision)
        else:
            yield _awaited_after_deadline(view, rule, item)


def _is_past(view: SiteView, rule: Rule, item: Consultation) -> bool:
    """Whether a consultation lies so far back that its result is no longer asked for."""
    last = item.term.closes if item.term is not None else item.published or civil(item.document.first_seen)
    return last < add_months(civil(view.as_of), -int(rule.params["months"]))


def _decision(document: Document) -> _Decision | None:
    reading = document.reading
    published = civil(reading.published_at) if reading.published_at and not publication_is_weak(document) else None
    days = [reading.issued_on] if reading.issued_on is not None else [reading.made_on, published]
    starts = sorted(day for day in days if day is not None)
    return _Decision(document, tuple(starts)) if starts else None


def _told_on_page(item: Consultation) -> bool:
    """Whether the result was added to the notice's own page."""
    return bool(_ON_PAGE.search(bare(item.document.reading.body)))


def _outcome(item: Consultation, status: Status, reason: str, facts: dict[str, object], evidence: tuple[Evidence, ...] = ()) -> Outcome:
    own = document_evidence(item.document, f"征求意见页，截止日期{zh_day(item.term.closes)}" if item.term else "征求意见页")
    return Outcome(status, reason, document_subject(item.document), facts, (own, *evidence))


def _of(result: Result) -> tuple[Evidence, ...]:
    shown = f"，日期为{zh_day(result.published)}" if result.published else "，未见日期"
    return (replace(result.evidence, note=result.evidence.note + shown),)


# --- a result is there ------------------------------------------------------------------------


def _told(view: SiteView, rule: Rule, item: Consultation, found: tuple[Result, ...], decision: _Decision | None) -> Outcome:
    """Compare the earliest result with the day the decision came out."""
    assert rule.threshold is not None
    dated = [result for result in found if result.known_by is not None]
    result = min(dated, key=lambda one: one.known_by or date.max) if dated else found[0]
    facts: dict[str, object] = {"result": result.title}
    if decision is None:
        return _outcome(item, Status.PASS, "told", facts, _of(result))
    out = document_evidence(decision.document, "决策文件，" + "、".join(zh_day(day) for day in decision.starts))
    evidence, day = (*_of(result), out), result.known_by
    if day is None:
        # Our first sighting is the latest moment it can have been there.
        day = civil(result.first_seen)
        if view.calendar.workdays_between(decision.starts[0], day).days > rule.threshold.value:
            return _outcome(item, Status.INCONCLUSIVE, "date-unknown", facts, evidence)
    counts = [view.calendar.workdays_between(start, day) for start in decision.starts]
    days, limit = [max(count.days, 0) for count in counts], int(rule.threshold.value)
    start, taken = decision.starts[-1], days[-1]
    due = end_of(view.calendar.add_workdays(start, limit))
    facts.update({"out": zh_day(start), "told": zh_day(day), "policy": decision.document.reading.title or ""})
    if max(days) <= limit:
        return replace(_outcome(item, Status.PASS, "in-time", facts, evidence), measured=Measure(taken, "workday"), due=due)
    if any(near_unknown(count, limit, rule.params["provisional_margin_workdays"]) for count in counts):
        return _outcome(item, Status.INCONCLUSIVE, "calendar-provisional", facts, evidence)
    if min(days) <= limit:
        return _outcome(item, Status.INCONCLUSIVE, "start-unsure", facts, evidence)
    if any(one.weak or one.known_by is None for one in found):
        return _outcome(item, Status.INCONCLUSIVE, "date-unknown", facts, evidence)
    whole = _absence_after(view, rule, None)
    confidence = Confidence.SUSPECTED if isinstance(whole, str) else Confidence.CONFIRMED
    late = _outcome(item, Status.FAIL, "late", facts, evidence)
    return replace(late, measured=Measure(taken, "workday"), due=due, confidence=confidence)


# --- none is there ----------------------------------------------------------------------------


def _awaited_after_decision(view: SiteView, rule: Rule, item: Consultation, decision: _Decision) -> Outcome:
    assert rule.threshold is not None
    start, limit = decision.starts[-1], int(rule.threshold.value)
    last, passed = view.calendar.add_workdays(start, limit), view.calendar.workdays_between(start, civil(view.as_of))
    facts: dict[str, object] = {"out": zh_day(start), "last": zh_day(last), "policy": decision.document.reading.title or ""}
    evidence = (document_evidence(decision.document, f"决策文件，{zh_day(start)}"),)
    if civil(view.as_of) <= last:
        return replace(_outcome(item, Status.DUE_SOON, "after-decision", facts, evidence), due=end_of(last))
    if near_unknown(passed, limit, rule.params["provisional_margin_workdays"]):
        return _outcome(item, Status.INCONCLUSIVE, "calendar-provisional", facts, evidence)
    return _missing(view, rule, item, "missing", facts, last, Measure(passed.days, "workday"), evidence)


def _awaited_after_deadline(view: SiteView, rule: Rule, item: Consultation) -> Outcome:
    """No result and no decision that we know of: the notice's own deadline is what is left."""
    if item.term is None:
        return _outcome(item, Status.INCONCLUSIVE, "deadline-unknown", {})
    closes, today = item.term.closes, civil(view.as_of)
    facts: dict[str, object] = {"closes": zh_day(closes)}
    if today <= closes:
        return _outcome(item, Status.NOT_APPLICABLE, "running", facts)
    last = closes + timedelta(days=rule.params["without_decision_days"])
    facts["last"] = zh_day(last)
    if today <= last:
        return replace(_outcome(item, Status.DUE_SOON, "after-deadline", facts), due=end_of(last))
    found = _missing(view, rule, item, "no-feedback", facts, last, Measure((today - closes).days, "day"), ())
    return replace(found, severity=Severity.MINOR, threshold=Measure(rule.params["without_decision_days"], "day"))


def _missing(
    view: SiteView, rule: Rule, item: Consultation, reason: str, facts: dict[str, object], last: date, measured: Measure,
    evidence: tuple[Evidence, ...],
) -> Outcome:  # fmt: skip
    """Nothing found after the last day: proved where the lists, and the notice's own page, were read since."""
    proof = _absence_after(view, rule, last)
    if not isinstance(proof, str) and item.document.observed_at <= end_of(last):
        proof = "not-observed-since"
    if isinstance(proof, str):
        return _outcome(item, Status.INCONCLUSIVE, proof, facts, evidence)
    found = _outcome(item, Status.FAIL, reason, facts, evidence + proof.evidence)
    return replace(found, measured=measured, due=end_of(last), confidence=proof.confidence)


@per_view
def _lists(view: SiteView) -> tuple[Column, ...]:
    """The lists in which a site tells results: consultations, results, decisions."""
    forest = site_tree(view)
    found = {url_key(column.url): column for column in (*forest.within("yjzj"), *forest.within("zdxzjc"))}
    return tuple(
        column
        for column in found.values()
        if (column.walks or column.kind in (ColumnKind.LIST, ColumnKind.UNKNOWN)) and not is_archive(column)
    )


def _absence_after(view: SiteView, rule: Rule, day: date | None) -> Held | str:
    """The rounds, begun after a day was over, in which these lists were read to the end, or the reason key of why nothing is proved."""
    crawl, groups = latest_crawl(view), [_lists(view)]
    if view.parent is not None and _lists(view.parent):
        groups.append(_lists(view.parent))
    if crawl is None or crawl.state is CrawlState.BLOCKED:
        return (crawl.reason if crawl else None) or "crawl-incomplete"
    if not any(groups):
        return "no-result-column"
    runs = []
    for group in filter(None, groups):
        rounds = complete_rounds(group, rule)
        if rounds.broken is not None:
            return rounds.broken
        run = held((reading for reading in rounds.rounds if day is None or reading.at > end_of(day)), rule)
        if run is None:
            return "not-observed-since"
        if too_old(run.readings[-1].at, view, rule):
            return "observation-too-old"
        runs.append(run)
    confident = all(run.confidence is Confidence.CONFIRMED for run in runs)
    return Held(runs[0].readings, Confidence.CONFIRMED if confident else Confidence.SUSPECTED)
