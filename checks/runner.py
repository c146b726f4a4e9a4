"""Judging a site: every rule's check, worded from the catalogue. A check that breaks is our error, never the site's."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

import checks
from checks.clocks import zh_figure
from checks.registry import CHECKS, Outcome
from checks.tally import tally
from data.catalogue import Rule, RuleClause, gloss
from data.days import zh_day
from data.errors import CatalogueError
from data.records import Clause, Confidence, Measure, Status, Subject, SubjectKind, Verdict
from data.view import SiteView

for _module in pkgutil.iter_modules(checks.__path__):
    if _module.name != "runner":
        importlib.import_module(f"checks.{_module.name}")


@dataclass(frozen=True, slots=True)
class CheckError:
    """A check of ours that broke on a site."""

    rule: str
    site: str
    error: str  # "KeyError: 'newest'"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What all rules say of one site, and what broke on our side."""

    verdicts: tuple[Verdict, ...]
    errors: tuple[CheckError, ...]


def judge(view: SiteView, rules: Mapping[str, Rule], only: Collection[str] | None = None) -> Judgement:
    """Judge a site by the rules that apply to it, in the order of `rules`.

    `only` names the rules whose verdicts are wanted; counts that several rules share are still taken over all of `rules`.
    """
    profile = view.site.profile
    if not view.site.scored or profile is None:
        return Judgement((), ())
    applying = {rule.id: rule for rule in rules.values() if profile in rule.applies_to}
    outcomes: dict[str, tuple[Outcome, ...]] = {}
    errors: list[CheckError] = []
    for rule in applying.values():
        outcomes[rule.id] = _guarded(view, rule, errors)
    verdicts: list[Verdict] = []
    for rule in applying.values():
        if only is not None and rule.id not in only:
            continue
        broken = {error.rule for error in errors}
        found = outcomes[rule.id] if rule.id in broken else (*outcomes[rule.id], *tally(view, rule, outcomes))
        verdicts.extend(_worded(view, rule, outcome, errors) for outcome in found)
    return Judgement(tuple(verdicts), tuple(errors))


def _guarded(view: SiteView, rule: Rule, errors: list[CheckError]) -> tuple[Outcome, ...]:
    try:
        if rule.id not in CHECKS:
            raise CatalogueError(f"rule {rule.id!r} has no check; add a function with @check({rule.id!r})")
        return tuple(CHECKS[rule.id](view, rule))
    except Exception as error:  # noqa: BLE001 - whatever broke, it is our error and no verdict on the site
        errors.append(CheckError(rule.id, view.site.id, f"{type(error).__name__}: {error}"))
        return (check_error(view),)


def check_error(view: SiteView) -> Outcome:
    """The verdict that stands where a check of ours broke."""
    return Outcome(Status.INCONCLUSIVE, "check-error", Subject(SubjectKind.SITE, view.site.home, view.site.name))


def _worded(view: SiteView, rule: Rule, outcome: Outcome, errors: list[CheckError]) -> Verdict:
    try:
        return verdict(view, rule, outcome, message(view, rule, outcome))
    except CatalogueError as error:
        errors.append(CheckError(rule.id, view.site.id, f"CatalogueError: {error}"))
        broken = check_error(view)
        return verdict(view, rule, broken, message(view, rule, broken))


def verdict(view: SiteView, rule: Rule, outcome: Outcome, text: str) -> Verdict:
    """An outcome with the rule's clauses, severity and threshold."""
    return Verdict(
        rule=rule.id,
        site=view.site.id,
        status=outcome.status,
        severity=outcome.severity or rule.severity,
        confidence=outcome.confidence if outcome.status is Status.FAIL else Confidence.CONFIRMED,
        subject=outcome.subject,
        reason=outcome.reason,
        message=text,
        as_of=view.as_of,
        clauses=cited(rule),
        evidence=outcome.evidence,
        measured=outcome.measured,
        threshold=_threshold(rule, outcome),
        due=outcome.due,
    )


def cited(rule: Rule) -> tuple[Clause, ...]:
    """The clauses that a verdict by a rule cites."""
    return _cited(rule.clauses)


@lru_cache(maxsize=1000)
def _cited(clauses: tuple[RuleClause, ...]) -> tuple[Clause, ...]:
    return tuple(Clause(clause.source, clause.clause, clause.quote) for clause in clauses if clause.citable and clause.quote)


def _threshold(rule: Rule, outcome: Outcome) -> Measure | None:
    if outcome.threshold is not None or rule.threshold is None:
        return outcome.threshold
    return Measure(_whole(rule.threshold.value), rule.threshold.unit)


def message(view: SiteView, rule: Rule, outcome: Outcome) -> str:
    """One Chinese sentence from the rule's wording.

    An inconclusive reason without wording of its own is one of observation, and takes "inconclusive.unobserved" with
    the gloss of its reason key. Raises CatalogueError where the wording lacks the key, or a fact that it names.
    """
    key = f"{outcome.status}.{outcome.reason}"
    template = rule.wording.get(key)
    if template is None and outcome.status is Status.INCONCLUSIVE:
        key = "inconclusive.unobserved"
        template = rule.wording.get(key)
    if template is None:
        raise CatalogueError(
            f"rule {rule.id}: wording has no key {outcome.status}.{outcome.reason}; add it to data/catalog/rules/{rule.id}.yml"
        )
    threshold = _threshold(rule, outcome)
    facts: dict[str, object] = {
        "title": outcome.subject.title,
        "site": view.site.name,
        "as_of": zh_day(view.as_of),
        "why": gloss(outcome.reason) if outcome.status is Status.INCONCLUSIVE else "",
        "measured": zh_figure(outcome.measured.value) if outcome.measured else "",
        "limit": zh_figure(threshold.value) if threshold else "",
        "due": zh_day(outcome.due) if outcome.due else "",
        **outcome.facts,
    }
    try:
        return template.format_map(facts)
    except (KeyError, IndexError, ValueError) as error:
        raise CatalogueError(f"rule {rule.id}: wording {key} names a fact that its check does not give ({error!r})") from None


def _whole(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value
