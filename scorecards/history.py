"""Weeks before: what of them is compared, and what is stored of this one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from data.registry import Profile
from scorecards.model import Change, Scorecard, SiteCard, Standing, TrendPoint, WeekFigures
from scorecards.scheme import Scheme
from scorecards.week import Week


def past_weeks(history: Sequence[WeekFigures], week: Week, scheme: Scheme) -> dict[str, dict[str, WeekFigures]]:
    """Figures by site and week, oldest first: only earlier weeks on the same scale."""
    past: dict[str, dict[str, WeekFigures]] = defaultdict(dict)
    for entry in sorted(history, key=lambda entry: entry.week):
        if Week.parse(entry.week) < week and entry.scheme == scheme.key:
            past[entry.site][entry.week] = entry
    return past


def weeks_below(grade: str | None, past: Mapping[str, WeekFigures], week: Week, scheme: Scheme) -> int:
    """Consecutive weeks with the failing grade, this one included; a week without figures ends the row."""
    weeks = 0
    while grade == scheme.veto_grade:
        weeks, week = weeks + 1, week.shifted(-1)
        before = past.get(str(week))
        grade = None if before is None else before.grade
    return weeks


def quarter_before(past: Mapping[str, WeekFigures], week: Week) -> WeekFigures | None:
    """The figures of the last kept week that ended in the calendar quarter before the week's."""
    year, quarter = week.last_day.year, (week.last_day.month - 1) // 3
    wanted = (year - 1, 3) if quarter == 0 else (year, quarter - 1)
    mine = [entry for entry in past.values() if _quarter(Week.parse(entry.week)) == wanted]
    return max(mine, key=lambda entry: entry.week, default=None)


def _quarter(week: Week) -> tuple[int, int]:
    return (week.last_day.year, (week.last_day.month - 1) // 3)


def change(card: SiteCard, before: WeekFigures | None) -> Change | None:
    """A ranked card against an earlier week; None where that has no figures."""
    if before is None:
        return None
    comparable = card.rank is not None and before.rank is not None
    now, then = card.deduction_score, before.deduction_score
    return Change(
        week=before.week,
        score=round(now - then, 1) if comparable and now is not None and then is not None else None,
        rank=before.rank - card.rank if card.rank is not None and before.rank is not None else None,
        open_findings=card.findings.open - before.open_findings,
    )


def own_trend(past: Mapping[str, WeekFigures], week: str, score: float | None, profile: Profile | None) -> tuple[TrendPoint, ...]:
    """A unit's own scores, oldest week first."""
    peer = (profile or Profile.DEPARTMENT).value
    points = [(entry.week, entry.score if entry.standing is Standing.GRADED else None) for entry in past.values()]
    return tuple(TrendPoint(when, peer, value, int(value is not None)) for when, value in (*sorted(points), (week, score)))


def week_figures(card: Scorecard) -> tuple[WeekFigures, ...]:
    """What to store of a closed week, one entry a site."""
    return tuple(
        WeekFigures(
            week=card.week,
            site=site.site,
            scheme=card.scheme,
            standing=site.standing,
            score=site.score,
            deduction_score=site.deduction_score,
            grade=site.grade,
            rank=site.rank,
            coverage=site.coverage,
            deducted=site.deducted,
            open_findings=site.findings.open,
            new_documents=site.facts.new_documents_week if site.facts is not None else None,
        )
        for site in card.sites
    )
