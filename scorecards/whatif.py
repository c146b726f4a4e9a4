"""What-if: which few fixes gain a unit most. Every figure is the scorer's own, caps and vetoes included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from data.catalogue import Rule
from scorecards.items import Itemizer
from scorecards.model import Fix
from scorecards.scheme import Scheme
from scorecards.score import Sheet, SiteScore
from scorecards.wording import clean

_MOST = 3  # fixes shown
_NAMED = 5  # places named of one fix


@dataclass(frozen=True, slots=True)
class _Try:
    charges: frozenset[int]
    score: SiteScore
    gain: float
    lifts: bool

    @property
    def merit(self) -> tuple[float, ...]:
        """A veto lifted by the fewest faults first, then points for each fault mended, then points; the first one of a tie."""
        fewest = -len(self.charges) if self.lifts else 0
        return (self.lifts, fewest, round(self.gain / len(self.charges), 6), self.gain, -min(self.charges))


def fixes(sheet: Sheet, items: Itemizer, rules: Mapping[str, Rule], scheme: Scheme) -> tuple[Fix, ...]:
    """The fixes in the order in which they gain most, each on top of those before it; ranks are not known here."""
    mended: frozenset[int] = frozenset()
    now = sheet.add_up()
    made: list[Fix] = []
    while len(made) < _MOST and now.score is not None:
        tries = [_tried(sheet, now, mended, charges) for charges in _candidates(sheet, mended, now)]
        tries = [tried for tried in tries if tried.lifts or tried.gain > 0]
        if not tries:
            break
        best = max(tries, key=lambda tried: tried.merit)
        mended, now = mended | best.charges, best.score
        made.append(_fix(sheet, best, items, rules, scheme))
    return tuple(made)


def _tried(sheet: Sheet, now: SiteScore, mended: frozenset[int], charges: frozenset[int]) -> _Try:
    score = sheet.add_up(mended | charges)
    gain = round((score.score or 0.0) - (now.score or 0.0), 1)
    return _Try(charges, score, gain, len(score.vetoes) < len(now.vetoes))


def _candidates(sheet: Sheet, mended: frozenset[int], now: SiteScore) -> Iterator[frozenset[int]]:
    """One fault of each cost, all faults of a rule, and the fewest faults that lift a veto."""
    by_rule: dict[str, list[int]] = defaultdict(list)
    costs: dict[tuple[str, float, float | None], int] = {}
    for charge in sheet.charges:
        if charge.number in mended or charge.kept == 1:
            continue
        by_rule[charge.verdict.rule].append(charge.number)
        costs.setdefault((charge.verdict.rule, charge.cost, charge.kept), charge.number)
    singles = {frozenset((number,)) for number in costs.values()}
    wholes = {frozenset(numbers) for numbers in by_rule.values()}
    standing = {id(verdict) for verdict in now.vetoes}  # the sheet's own objects
    lifting = {
        frozenset(sorted(veto.members - mended)[: max(1, len(veto.members - mended) - int(veto.limit) + 1)] if veto.limit else veto.members)
        for veto in sheet.vetoes
        if id(veto.verdict) in standing and veto.members - mended
    }
    yield from sorted(singles | wholes | lifting, key=sorted)


def _fix(sheet: Sheet, best: _Try, items: Itemizer, rules: Mapping[str, Rule], scheme: Scheme) -> Fix:
    verdicts = [sheet.charges[number].verdict for number in sorted(best.charges)]
    rule = rules[verdicts[0].rule]
    lives = [finding.id for verdict in verdicts if (finding := items.finding(verdict)) is not None]
    score = best.score.score or 0.0
    covered = best.score.coverage is not None and best.score.coverage >= scheme.coverage_floor
    places = [clean(verdict.subject.title, 80) for verdict in verdicts if verdict.subject.title]
    return Fix(
        rule=rule.id,
        title=rule.title_zh,
        places=tuple(dict.fromkeys(places[:_NAMED])),
        findings=tuple(lives[:_NAMED]),
        count=len(verdicts),
        gain=best.gain,
        score=score,
        grade=scheme.veto_grade if best.score.vetoes else scheme.grade(score) if covered else None,
        rank=None,
        lifts_veto=best.lifts,
        vetoed=bool(best.score.vetoes),
        remedy=rule.remedy,
    )
