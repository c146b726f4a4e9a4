"""The count over a whole site that several clauses set (five stale columns, five empty ones), read from the catalogue entry.

`params.tally` of a rule: {rules: [ids whose members count together], at_least: the count that fails the site (default: the
rule's threshold), unit}. A rule without it has no site verdict of its own kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from checks.registry import Outcome
from data.catalogue import Rule
from data.days import zh_day
from data.errors import CatalogueError
from data.records import Confidence, Measure, Severity, Status, Subject, SubjectKind
from data.view import SiteView


def tally(view: SiteView, rule: Rule, outcomes: Mapping[str, Sequence[Outcome]]) -> Iterable[Outcome]:
    """Give the site's verdict of a count rule from its members' outcomes; rules that are not in force count nothing."""
    settings = rule.params.get("tally")
    if settings is None:
        return
    at_least = settings.get("at_least", rule.threshold.value if rule.threshold else None)
    if at_least is None:
        raise CatalogueError(f"rule {rule.id}: params.tally needs at_least, or the rule a threshold")
    members = [outcome for rule_id in settings["rules"] for outcome in outcomes.get(rule_id, ())]
    failing = [member for member in members if member.status is Status.FAIL]
    confirmed = [member for member in failing if member.confidence is Confidence.CONFIRMED]
    unread = [member for member in members if member.status is Status.INCONCLUSIVE]
    judged = [member for member in members if member.status in (Status.PASS, Status.DUE_SOON, Status.FAIL)]
    unit = settings["unit"]
    threshold = Measure(int(at_least), unit)
    shown = confirmed if len(confirmed) >= at_least else failing
    facts = {
        "count": len(failing),
        "confirmed": len(confirmed),
        "at_least": int(at_least),
        "left": max(int(at_least) - len(failing), 0),
        "unread": len(unread),
        "names": "、".join(f"“{member.subject.title}”" for member in shown[:8]) + ("等" if len(shown) > 8 else ""),
        "and_names": "（" + "、".join(f"“{member.subject.title}”" for member in shown[:8]) + "）" if shown else "",
    }
    soon = min((member for member in judged if member.status is Status.DUE_SOON and member.due), key=_due, default=None)
    facts["next"] = f"；“{soon.subject.title}”将于{zh_day(_due(soon))}到期" if soon is not None else ""
    if len(failing) >= at_least:
        status, reason = Status.FAIL, "tally"
    elif len(failing) + len(unread) >= at_least or not judged:
        status, reason = Status.INCONCLUSIVE, "tally"
    else:
        status, reason = Status.PASS, "tally"
    if status is Status.FAIL and rule.id != _bearer(settings["rules"], outcomes):
        status, reason = Status.NOT_APPLICABLE, "tally-counted"
    if not members and not view.columns:
        reason = "no-columns"
    elif not judged and not unread:
        status, reason = Status.NOT_APPLICABLE, "tally"
    yield Outcome(
        status,
        reason,
        Subject(SubjectKind.SITE, view.site.home, view.site.name),
        facts,
        evidence=tuple(member.evidence[-1] for member in shown if member.evidence),
        measured=Measure(len(failing), unit),
        severity=Severity(rule.severity),
        confidence=Confidence.CONFIRMED if len(confirmed) >= at_least else Confidence.SUSPECTED,
        threshold=threshold,
    )


def _due(member: Outcome) -> datetime:
    assert member.due is not None  # a member without a day is not asked for it
    return member.due


def _bearer(rules: Sequence[str], outcomes: Mapping[str, Sequence[Outcome]]) -> str | None:
    """Which of the rules that share a count fails the site, so that one veto counts once: the first with a failing member."""
    return next((rule_id for rule_id in rules if any(member.status is Status.FAIL for member in outcomes.get(rule_id, ()))), None)
