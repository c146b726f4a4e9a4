"""The scorer: one site's verdicts and a scheme to points. Pure and small; the same verdicts give the same score.

score = (points that could be judged - deductions) / points that could be judged * 100. A rule without any conclusive verdict
leaves the denominator; coverage tells how much of what applies was judged. Suspected fails neither cost nor count as judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from data.catalogue import Rule
from data.records import Status, Verdict
from scorecards.scheme import Scheme
from scorecards.verdicts import is_pending, is_veto, members_or_summary, order


@dataclass(frozen=True, slots=True)
class Line:
    """A confirmed fail: its cost, and what of it is taken after the caps of its rule and group."""

    verdict: Verdict
    cost: float
    points: float
    waived: bool


@dataclass(frozen=True, slots=True)
class RuleScore:
    rule: str
    points: float
    share: float | None  # percent of its verdicts that are conclusive; None: does not apply
    deducted: float


@dataclass(frozen=True, slots=True)
class SiteScore:
    applicable: float
    judged: float
    deducted: float
    score: float | None
    coverage: float | None  # percent
    rules: tuple[RuleScore, ...]
    lines: tuple[Line, ...]
    vetoes: tuple[Verdict, ...]


def tenth(value: float) -> float:
    """Round half up to one decimal, free of binary noise."""
    return float(Decimal(repr(round(value, 6))).quantize(Decimal("0.1"), ROUND_HALF_UP))


def score_site(rules: Sequence[Rule], verdicts: Mapping[str, Sequence[Verdict]], scheme: Scheme, waived: AbstractSet[Verdict]) -> SiteScore:
    """Score one site. `rules` apply to it, in report order; `verdicts` by rule id; `waived` fails cost nothing."""
    lines: list[Line] = []
    scored: list[RuleScore] = []
    vetoes: list[Verdict] = []
    group_left = {group.id: group.cap for group in scheme.groups}
    for rule in rules:
        mine = sorted(verdicts.get(rule.id, ()), key=order)
        worth, share = scheme.points(rule), _share(mine, scheme)
        group = scheme.group_of(rule.id)
        left = worth
        taken: list[Line] = []
        for verdict in _charged(mine, scheme):
            cost = scheme.cost(rule.id, verdict.severity)
            cap = None if group is None else group_left[group.id]
            points = 0.0 if verdict in waived else min(cost, left, left if cap is None else cap)
            left -= points
            if group is not None and cap is not None:
                group_left[group.id] = cap - points
            taken.append(Line(verdict, cost, round(points, 6), verdict in waived))
        lines += taken
        vetoes += [verdict for verdict in mine if is_veto(verdict, scheme) and verdict not in waived]
        scored.append(RuleScore(rule.id, worth, share, round(worth - left, 6)))
    applicable = sum(rule.points for rule in scored if rule.share is not None)
    judged = sum(rule.points for rule in scored if rule.share)
    covered = sum(rule.points * rule.share / 100 for rule in scored if rule.share)
    deducted = round(sum(rule.deducted for rule in scored), 6)
    return SiteScore(
        applicable=applicable,
        judged=judged,
        deducted=deducted,
        score=tenth((judged - deducted) / judged * 100) if judged else None,
        coverage=tenth(covered / applicable * 100) if applicable else None,
        rules=tuple(scored),
        lines=tuple(lines),
        vetoes=tuple(vetoes),
    )


def _share(verdicts: Sequence[Verdict], scheme: Scheme) -> float | None:
    """Percent of a rule's verdicts that are conclusive; 0 where it was not judged at all, None where it does not apply."""
    if not verdicts:
        return 0.0
    bearing = [verdict for verdict in verdicts if verdict.status is not Status.NOT_APPLICABLE]
    if not bearing:
        return None
    conclusive = [verdict for verdict in bearing if verdict.status is not Status.INCONCLUSIVE and not is_pending(verdict, scheme)]
    return len(conclusive) / len(bearing) * 100


def _charged(verdicts: Sequence[Verdict], scheme: Scheme) -> list[Verdict]:
    """The confirmed fails that cost something: a site's summary costs nothing beside the members it sums up."""
    return members_or_summary([verdict for verdict in verdicts if verdict.status is Status.FAIL and not is_pending(verdict, scheme)])
