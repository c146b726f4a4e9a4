"""How a scorecard reads verdicts: what is held against a unit, what fails the whole site, in what order they are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from data.catalogue import Rule
from data.records import Confidence, Severity, Status, SubjectKind, Verdict
from scorecards.scheme import Scheme

SEVERITIES = (Severity.VETO, Severity.MAJOR, Severity.MINOR)
SubjectKey = tuple[str, str, str, str | None, str]


def subject_key(verdict: Verdict) -> SubjectKey:
    """What a verdict and its finding have in common."""
    subject = verdict.subject
    return (verdict.rule, verdict.site, subject.kind.value, subject.column, subject.url or subject.title)


@dataclass(frozen=True, slots=True)
class Bench:
    """What decides whether a fail is held against the unit: the scheme, the rules, and what a person has released.

    A rule that a person looks at first (of the catalogue, or named by the scheme) costs nothing before its finding is released; one that
    is only reported never does. `relief` is the share of a fail's points that the unit keeps: 1 where it is waived, the coefficient of an
    explanation.
    """

    scheme: Scheme
    rules: Mapping[str, Rule]
    released: AbstractSet[SubjectKey] = frozenset()
    relief: Mapping[SubjectKey, float] | None = None

    def reported_only(self, rule: str) -> bool:
        return self.rules[rule].alert == "report-only"

    def reviewed_first(self, rule: str) -> bool:
        return self.rules[rule].alert == "human-review-first" or rule in self.scheme.review_first

    def pending(self, verdict: Verdict) -> bool:
        """A fail that is not, or not yet, held against the unit."""
        if verdict.status is not Status.FAIL:
            return False
        if verdict.confidence is not Confidence.CONFIRMED or self.reported_only(verdict.rule):
            return True
        return self.reviewed_first(verdict.rule) and subject_key(verdict) not in self.released

    def held(self, verdict: Verdict) -> bool:
        return verdict.status is Status.FAIL and not self.pending(verdict)

    def kept(self, verdict: Verdict) -> float | None:
        """The share of its points that the unit keeps; None where nothing relieves it."""
        return self.relief.get(subject_key(verdict)) if self.relief else None

    def veto(self, verdict: Verdict) -> bool:
        """A held fail that fails the whole site (单项否决), waivers aside."""
        return verdict.severity is Severity.VETO and verdict.rule in self.scheme.veto and self.held(verdict)


def order(verdict: Verdict) -> tuple[object, ...]:
    """Worst first, the site's own verdict before its members', then by address."""
    subject = verdict.subject
    return (SEVERITIES.index(verdict.severity), subject.kind is not SubjectKind.SITE, subject.url or "", subject.title, verdict.message)


def members_or_summary(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """One rule's verdicts without the site's summary, where members are among them."""
    return [verdict for verdict in verdicts if verdict.subject.kind is not SubjectKind.SITE] or list(verdicts)
