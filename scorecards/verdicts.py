"""How a scorecard reads verdicts: what is held against a unit, what fails the whole site, in what order they are told."""

from __future__ import annotations

from collections.abc import Sequence

from data.records import Confidence, Severity, Status, SubjectKind, Verdict
from scorecards.scheme import Scheme

SEVERITIES = (Severity.VETO, Severity.MAJOR, Severity.MINOR)


def is_pending(verdict: Verdict, scheme: Scheme) -> bool:
    """A fail that is not yet held against the unit."""
    return verdict.status is Status.FAIL and (verdict.confidence is not Confidence.CONFIRMED or verdict.rule in scheme.review_first)


def is_veto(verdict: Verdict, scheme: Scheme) -> bool:
    """A confirmed fail that fails the whole site (单项否决)."""
    held = verdict.status is Status.FAIL and not is_pending(verdict, scheme)
    return held and verdict.severity is Severity.VETO and verdict.rule in scheme.veto


def order(verdict: Verdict) -> tuple[object, ...]:
    """Worst first, the site's own verdict before its members', then by address."""
    subject = verdict.subject
    return (SEVERITIES.index(verdict.severity), subject.kind is not SubjectKind.SITE, subject.url or "", subject.title, verdict.message)


def members_or_summary(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """One rule's verdicts without the site's summary, where members are among them."""
    return [verdict for verdict in verdicts if verdict.subject.kind is not SubjectKind.SITE] or list(verdicts)
