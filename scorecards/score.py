"""The scorer: one site's verdicts and a scheme to points. Pure and small; the same verdicts give the same score.

score = (points that could be judged - deductions) / points that could be judged * 100, then the bonus. A rule without any conclusive
verdict leaves the denominator; coverage tells how much of what applies was judged. What is pending neither costs nor counts as judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from data.catalogue import Rule
from data.records import Status, SubjectKind, Verdict
from data.registry import Profile
from scorecards.scheme import Group
from scorecards.verdicts import Bench, members_or_summary, order, subject_key


@dataclass(frozen=True, slots=True)
class Line:
    """A held fail: its cost, and what of it is taken after relief and the caps of its rule and group."""

    verdict: Verdict
    cost: float
    points: float
    kept: float | None  # share that a waiver (1) or an explanation leaves the unit


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
    bonus: float
    score: float | None
    coverage: float | None  # percent
    rules: tuple[RuleScore, ...]
    lines: tuple[Line, ...]
    vetoes: tuple[Verdict, ...]
    unwatched: tuple[Group, ...]  # indicators with points for which no rule is in force


@dataclass(frozen=True, slots=True)
class _Charge:
    number: int
    verdict: Verdict
    cost: float
    kept: float | None


@dataclass(frozen=True, slots=True)
class _Entry:
    """One rule of the sheet."""

    rule: Rule
    group: Group | None
    worth: float
    share: float | None
    charges: tuple[_Charge, ...]


@dataclass(frozen=True, slots=True)
class _Veto:
    verdict: Verdict
    limit: float  # of members that fail the site; 0: it stands by its own verdict
    members: frozenset[int]  # charges that count towards it


def tenth(value: float) -> float:
    """Round half up to one decimal, free of binary noise."""
    return float(Decimal(repr(round(value, 6))).quantize(Decimal("0.1"), ROUND_HALF_UP))


class Sheet:
    """One site's verdicts, ready to be added up: as they are, or as if some of their fails were mended."""

    def __init__(self, rules: Sequence[Rule], verdicts: Mapping[str, Sequence[Verdict]], bench: Bench, profile: Profile | None) -> None:
        """`rules` apply to the site, in report order; `verdicts` are by rule id."""
        self._scheme = bench.scheme
        self._profile = profile
        scored = [rule for rule in rules if not bench.reported_only(rule.id) and self._scheme.scores(rule, profile)]
        mine = {rule.id: sorted(verdicts.get(rule.id, ()), key=order) for rule in scored}
        shares = {rule.id: _share(mine[rule.id], bench) for rule in scored}
        weights: dict[str, float] = defaultdict(float)
        for rule in scored:
            group = self._scheme.group_of(rule)
            if group is not None and shares[rule.id] is not None:
                weights[group.id] += self._scheme.points(rule)
        self._entries: list[_Entry] = []
        self._charges: list[_Charge] = []
        for rule in scored:
            group = self._scheme.group_of(rule)
            worth = self._scheme.points(rule)
            if group is not None and group.points is not None and shares[rule.id] is not None:
                worth = group.points * worth / weights[group.id]
            charges = tuple(
                _Charge(len(self._charges) + number, verdict, self._scheme.cost(rule, verdict.severity), bench.kept(verdict))
                for number, verdict in enumerate(members_or_summary([one for one in mine[rule.id] if bench.held(one)]))
            )
            self._charges += charges
            self._entries.append(_Entry(rule, group, worth, shares[rule.id], charges))
        named = {entry.group.id for entry in self._entries if entry.group is not None}
        self._unwatched = tuple(
            group for group in self._scheme.groups if group.owed and profile in group.applies_to and group.id not in named
        )
        held = [one for rule in scored for one in mine[rule.id] if bench.veto(one) and bench.kept(one) is None]
        self._vetoes = [self._veto(verdict) for verdict in held]
        self._bonus = self._earned(mine)
        self._caps = {group.id: self._cap(group) for group in self._scheme.groups}
        owed = sum(group.points or 0.0 for group in self._unwatched)
        self._applicable = round(sum(entry.worth for entry in self._entries if entry.share is not None) + owed, 6)
        self._judged = round(sum(entry.worth for entry in self._entries if entry.share), 6)
        covered = sum(entry.worth * entry.share / 100 for entry in self._entries if entry.share)
        self._coverage = tenth(covered / self._applicable * 100) if self._applicable else None

    @property
    def charges(self) -> Sequence[_Charge]:
        return self._charges

    @property
    def vetoes(self) -> Sequence[_Veto]:
        return self._vetoes

    def add_up(self, mended: AbstractSet[int] = frozenset()) -> SiteScore:
        """The score; `mended` are numbers of charges taken as mended, and then judged as kept."""
        left_of_group = dict(self._caps)
        lines: list[Line] = []
        scored: list[RuleScore] = []
        for entry in self._entries:
            if not entry.charges:
                scored.append(RuleScore(entry.rule.id, round(entry.worth, 6), entry.share, 0.0))
                continue
            shared = entry.group is not None and entry.group.points is not None
            left = min(self._scheme.most(entry.rule), float("inf") if shared else entry.worth)
            taken = 0.0
            for charge in entry.charges:
                if charge.number in mended:
                    continue
                cap = left if entry.group is None else min(left, left_of_group[entry.group.id])
                points = min(charge.cost * (1 - (charge.kept or 0.0)), cap)
                left, taken = left - points, taken + points
                if entry.group is not None:
                    left_of_group[entry.group.id] -= points
                lines.append(Line(charge.verdict, charge.cost, round(points, 6), charge.kept))
            scored.append(RuleScore(entry.rule.id, round(entry.worth, 6), entry.share, round(taken, 6)))
        judged = self._judged
        deducted = round(sum(rule.deducted for rule in scored), 6)
        base = (judged - deducted) / judged * 100 if judged else None
        bonus = self._bonus_on(base)
        return SiteScore(
            applicable=self._applicable,
            judged=judged,
            deducted=deducted,
            bonus=bonus,
            score=None if base is None else tenth(base + bonus),
            coverage=self._coverage,
            rules=tuple(scored),
            lines=tuple(lines),
            vetoes=tuple(veto.verdict for veto in self._vetoes if self._stands(veto, mended)),
            unwatched=self._unwatched,
        )

    def _cap(self, group: Group) -> float:
        """What all fails of a group cost at most: its cap, and in a group with points of its own what of them could be judged."""
        judged = sum(entry.worth for entry in self._entries if entry.group is group and entry.share)
        limits = [limit for limit in (group.cap, judged if group.points is not None else None) if limit is not None]
        return min(limits, default=float("inf"))

    def _veto(self, verdict: Verdict) -> _Veto:
        """A count rule's site verdict stands while enough members are held; any other by itself."""
        own = frozenset(charge.number for charge in self._charges if charge.verdict is verdict)
        meter = next((meter for meter in self._scheme.meters if meter.counts == "members" and verdict.rule in meter.rules), None)
        if own or meter is None or verdict.subject.kind is not SubjectKind.SITE:
            return _Veto(verdict, 0, own)
        members = {
            charge.number: subject_key(charge.verdict)[1:]
            for charge in self._charges
            if charge.verdict.rule in meter.rules and charge.verdict.subject.kind is not SubjectKind.SITE and charge.kept is None
        }
        relieved = any(charge.kept is not None for charge in self._charges if charge.verdict.rule in meter.rules)
        if not members and not relieved:
            return _Veto(verdict, 0, own)
        limit = verdict.threshold.value if verdict.threshold is not None and verdict.threshold.unit == "column" else meter.limit
        return _Veto(verdict, limit, frozenset(members))

    def _stands(self, veto: _Veto, mended: AbstractSet[int]) -> bool:
        if veto.limit == 0:
            return not veto.members or not veto.members <= mended
        return len({subject_key(self._charges[number].verdict)[1:] for number in veto.members - mended}) >= veto.limit

    def _earned(self, mine: Mapping[str, Sequence[Verdict]]) -> float:
        bonus = self._scheme.bonus
        if bonus is None or self._profile not in bonus.profiles:
            return 0.0
        kept = [points for rule, points in bonus.rules.items() if _kept_throughout(mine.get(rule, ()))]
        return min(sum(kept), bonus.most)

    def _bonus_on(self, base: float | None) -> float:
        bonus = self._scheme.bonus
        if bonus is None or base is None or base <= bonus.above:
            return 0.0
        return max(0.0, round(min(self._bonus, bonus.ceiling - base), 6))


def score_site(rules: Sequence[Rule], verdicts: Mapping[str, Sequence[Verdict]], bench: Bench, profile: Profile | None = None) -> SiteScore:
    """Score one site."""
    return Sheet(rules, verdicts, bench, profile).add_up()


def _kept_throughout(verdicts: Sequence[Verdict]) -> bool:
    """Whether a rule was judged, and nothing of it failed or stayed unknown."""
    bearing = [verdict for verdict in verdicts if verdict.status is not Status.NOT_APPLICABLE]
    return bool(bearing) and all(verdict.status in (Status.PASS, Status.DUE_SOON) for verdict in bearing)


def _share(verdicts: Sequence[Verdict], bench: Bench) -> float | None:
    """Percent of a rule's verdicts that are conclusive; 0 where it was not judged at all, None where it does not apply."""
    if not verdicts:
        return 0.0
    bearing = [verdict for verdict in verdicts if verdict.status is not Status.NOT_APPLICABLE]
    if not bearing:
        return None
    conclusive = [verdict for verdict in bearing if verdict.status is not Status.INCONCLUSIVE and not bench.pending(verdict)]
    return len(conclusive) / len(bearing) * 100
