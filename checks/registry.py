"""Which function judges which rule. A check is a pure function of what is known of a site; it registers itself by the rule's id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from data.catalogue import Rule
from data.records import Confidence, Evidence, Measure, Severity, Status, Subject
from data.view import SiteView


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found of one subject; the runner words it and makes it a Verdict.

    `reason` is a key into the rule's wording ("status.reason"); `facts` fill that wording.
    `severity` and `threshold` default to the rule's.
    """

    status: Status
    reason: str
    subject: Subject
    facts: Mapping[str, object] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    measured: Measure | None = None
    due: datetime | None = None
    severity: Severity | None = None
    confidence: Confidence = Confidence.CONFIRMED
    threshold: Measure | None = None


Check = Callable[[SiteView, Rule], Iterable[Outcome]]

CHECKS: dict[str, Check] = {}


def check(rule_id: str) -> Callable[[Check], Check]:
    """Register a function as the check of a rule."""

    def register(function: Check) -> Check:
        if rule_id in CHECKS:
            raise ValueError(f"two checks for rule {rule_id!r}: {CHECKS[rule_id].__module__} and {function.__module__}; keep one")
        CHECKS[rule_id] = function
        return function

    return register
