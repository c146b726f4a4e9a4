"""Rules on how soon a document is on line after it was issued (5 working days) or made (20 working days; 20 days by a local plan)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from checks.bodies import bodies
from checks.clocks import end_of, near_unknown
from checks.observing import document_evidence
from checks.registry import Outcome, check
from checks.scope import (
    Desk,
    converted,
    desk,
    is_policy_document,
    not_public,
    policy_documents,
    publication_is_weak,
    repost_of,
    without_rights,
)
from checks.subjects import document_subject
from data.catalogue import Rule, load_columns
from data.days import civil, zh_day
from data.records import DateRole, Document, Evidence, Measure, Precision, Severity, Status
from data.urls import url_key
from data.view import SiteView


@dataclass(frozen=True, slots=True)
class Clock:
    """The day a term begins, and what that day is: "印发" or "成文"."""

    start: date
    role: str


@check("policy-published-5-working-days")
def policy_published_5_working_days(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """利通区实施方案 一(一): policy documents on line within 5 working days of issue."""
    at_desk = desk(view, rule, bodies(view))
    for document in policy_documents(view):
        exempt = _exempt(document, at_desk) or ("no-rights-and-duties" if without_rights(document) else None)
        if exempt is not None:
            yield Outcome(Status.NOT_APPLICABLE, exempt, document_subject(document))
            continue
        reading = document.reading
        clocks = [(reading.issued_on, DateRole.ISSUED, "印发"), (reading.made_on, DateRole.MADE, "成文")]
        shown = [(Clock(day, name), _auto_filled(document, role)) for day, role, name in clocks if day is not None]
        clock = next((clock for clock, filled in shown if not filled), None)
        if clock is None:
            yield Outcome(
                Status.INCONCLUSIVE, "auto-filled" if shown else "no-issue-date", document_subject(document), evidence=_evidence(document)
            )
        else:
            yield _timed(view, rule, document, clock, at_desk)


@check("info-published-20-working-days")
def info_published_20_working_days(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """政府信息公开条例 第二十六条: within 20 working days of being made."""
    at_desk = desk(view, rule, bodies(view))
    for document in view.documents:
        policy = is_policy_document(document)
        if not policy and not any(load_columns().is_within(column, "fdzdgknr") for column in document.columns):
            continue
        start = document.reading.made_on or document.reading.issued_on
        if start is None and not policy:
            continue
        subject = document_subject(document)
        special = any(load_columns().is_within(column, other) for column in document.columns for other in rule.params["other_law_columns"])
        exempt = "other-law" if special else _exempt(document, at_desk)
        if exempt is not None:
            yield Outcome(Status.NOT_APPLICABLE, exempt, subject)
        elif start is None:
            yield Outcome(Status.INCONCLUSIVE, "no-made-date", subject, evidence=_evidence(document))
        elif _auto_filled(document, DateRole.MADE if document.reading.made_on else DateRole.ISSUED):
            yield Outcome(Status.INCONCLUSIVE, "auto-filled", subject, evidence=_evidence(document))
        else:
            yield _timed(view, rule, document, Clock(start, "成文" if document.reading.made_on else "印发"), at_desk)


@check("info-published-20-days-local")
def info_published_20_days_local(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """吉林高新区2018年任务分工 一(二): key-area information within 20 calendar days of being made, stricter than the 条例."""
    assert rule.threshold is not None
    at_desk, limit = desk(view, rule, bodies(view)), int(rule.threshold.value)
    for document in view.documents:
        start = document.reading.made_on or document.reading.issued_on
        if start is None or not any(load_columns().is_within(column, area) for column in document.columns for area in rule.columns):
            continue
        subject, role = document_subject(document), DateRole.MADE if document.reading.made_on else DateRole.ISSUED
        special = any(load_columns().is_within(column, other) for column in document.columns for other in rule.params["other_law_columns"])
        exempt = "other-law" if special else _exempt(document, at_desk)
        if exempt is not None:
            yield Outcome(Status.NOT_APPLICABLE, exempt, subject)
        elif _auto_filled(document, role):
            yield Outcome(Status.INCONCLUSIVE, "auto-filled", subject, evidence=_evidence(document))
        elif start < date.fromisoformat(str(rule.params["duty_since"])):
            yield Outcome(Status.NOT_APPLICABLE, "before-duty", subject)
        else:
            yield _within_days(document, Clock(start, "成文" if role is DateRole.MADE else "印发"), at_desk, limit)


def _within_days(document: Document, clock: Clock, at_desk: Desk, limit: int) -> Outcome:
    """Compare the first day with the day of publication, in calendar days."""
    shown = document.reading.published_at
    published = civil(shown) if shown else civil(document.first_seen)
    days = (published - clock.start).days
    facts = {"role": clock.role, "start": zh_day(clock.start), "published": zh_day(published)}
    due = end_of(clock.start + timedelta(days=limit))
    found = Outcome(
        Status.PASS, "in-time", document_subject(document), facts, _evidence(document, clock), Measure(max(days, 0), "day"), due
    )
    others = [civil(date.value) for date in document.reading.dates if date.role is DateRole.PUBLISHED]
    if shown is None and (days < 0 or days > limit):
        return replace(found, status=Status.INCONCLUSIVE, reason="no-published-date", measured=None)
    if days < 0:
        return replace(found, status=Status.INCONCLUSIVE, reason="dates-contradict", measured=None)
    if days <= limit:
        return found
    if publication_is_weak(document) or any(0 <= (day - clock.start).days <= limit for day in others):
        return replace(found, status=Status.INCONCLUSIVE, reason="published-unsure", measured=None)
    if published in at_desk.bulk_days:
        return replace(found, status=Status.INCONCLUSIVE, reason="bulk-published")
    return replace(found, status=Status.FAIL, reason="late")


def _exempt(document: Document, at_desk: Desk) -> str | None:
    """Why the dates of a document say nothing of the unit's diligence, as a reason key."""
    if repost_of(document, at_desk.bodies):
        return "repost"
    if not_public(document):
        return "not-public"
    if converted(document):
        return "converted"
    if url_key(document.url) in at_desk.withdrawn:
        return "withdrawn"
    return None


def _auto_filled(document: Document, role: DateRole) -> bool:
    """Whether a date bears the clock time of publication itself: the system filled it in, nobody stated it."""
    published = document.reading.published_at
    return any(
        shown.role is role and shown.precision is not Precision.DAY and published is not None and shown.value == published
        for shown in document.reading.dates
    )


def _evidence(document: Document, clock: Clock | None = None) -> tuple[Evidence, ...]:
    reading = document.reading
    parts = [f"{clock.role}日期{zh_day(clock.start)}"] if clock else []
    parts.append(f"发布日期{zh_day(reading.published_at)}" if reading.published_at else "未见发布日期")
    return (document_evidence(document, "文件页：" + "，".join(parts)),)


def _timed(view: SiteView, rule: Rule, document: Document, clock: Clock, at_desk: Desk) -> Outcome:
    """Compare a term's first day with the day of publication."""
    assert rule.threshold is not None
    limit, subject = int(rule.threshold.value), document_subject(document)
    evidence = _evidence(document, clock)
    if clock.start < date.fromisoformat(str(rule.params["duty_since"])):
        return Outcome(Status.NOT_APPLICABLE, "before-duty", subject)
    facts: dict[str, object] = {"role": clock.role, "start": zh_day(clock.start)}
    due = end_of(view.calendar.add_workdays(clock.start, limit))
    shown = document.reading.published_at
    # Where no date of publication shows, our first sighting is the latest moment it can have been.
    published = civil(shown) if shown else civil(document.first_seen)
    facts["published"] = zh_day(published)
    taken = view.calendar.workdays_between(clock.start, published)
    found = Outcome(Status.PASS, "in-time", subject, facts, evidence, Measure(max(taken.days, 0), "workday"), due)
    if shown is None and (published < clock.start or taken.days > limit):
        return replace(found, status=Status.INCONCLUSIVE, reason="no-published-date", measured=None)
    if published < clock.start:
        return replace(found, status=Status.INCONCLUSIVE, reason="dates-contradict", measured=None)
    if near_unknown(taken, limit, rule.params["provisional_margin_workdays"]):
        return replace(found, status=Status.INCONCLUSIVE, reason="calendar-provisional")
    if taken.days <= limit:
        return found
    if _may_be_earlier(view, document, clock, limit):
        return replace(found, status=Status.INCONCLUSIVE, reason="published-unsure", measured=None)
    if published in at_desk.bulk_days:
        return replace(found, status=Status.INCONCLUSIVE, reason="bulk-published")
    return _late(rule, found, clock, taken.days)


def _may_be_earlier(view: SiteView, document: Document, clock: Clock, limit: int) -> bool:
    """Whether the page leaves open that it was published in time: a weak date, or another date of publication beside the late one."""
    shown = [civil(date.value) for date in document.reading.dates if date.role is DateRole.PUBLISHED]
    in_time = any(clock.start <= day and view.calendar.workdays_between(clock.start, day).days <= limit for day in shown)
    return in_time or publication_is_weak(document)


def _late(rule: Rule, found: Outcome, clock: Clock, days: int) -> Outcome:
    """Grade a lateness: short overruns counted from the signature prove nothing of the issue."""
    assert rule.threshold is not None
    over = days - int(rule.threshold.value)
    if clock.role == "成文" and over <= rule.params.get("signed_margin_workdays", 0):
        return replace(found, status=Status.INCONCLUSIVE, reason="signed-not-issued")
    major_after = rule.params.get("major_after_workdays")
    if major_after is None or days > major_after:
        return replace(found, status=Status.FAIL, reason="late")
    return replace(found, status=Status.FAIL, reason="late-minor", severity=Severity.MINOR)
