"""Grouping and ranking over all units: the only place where pandas is spoken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from data.catalogue import Rule
from data.records import Verdict
from scorecards.model import Fix, GradeCount, PeerGroup, RuleStat, SiteCard, Standing, TrendPoint, WeekFigures
from scorecards.scheme import Scheme
from scorecards.score import tenth

_BELOW_ALL = -1000.0  # lifts every vetoed unit's key below the lowest score


def ranks(cards: Sequence[SiteCard]) -> Mapping[str, int]:
    """Rank of every graded or vetoed unit within its peer group; equal scores share a rank, vetoed units come after all others."""
    frame = pd.DataFrame(
        [(card.site, card.peer_group, key) for card in cards if (key := _rank_key(card)) is not None], columns=["site", "peer", "key"]
    )
    if frame.empty:
        return {}
    places = frame.groupby("peer")["key"].rank(method="min", ascending=False).astype(int)
    return {str(site): int(place) for site, place in zip(frame["site"], places, strict=True)}


def _rank_key(card: SiteCard) -> float | None:
    if card.standing is Standing.GRADED:
        return card.score
    if card.standing is Standing.VETOED:
        return _BELOW_ALL + (card.deduction_score if card.deduction_score is not None else _BELOW_ALL)
    return None


def rank_keys(cards: Sequence[SiteCard]) -> Mapping[str, Sequence[tuple[str, float]]]:
    """What each peer group is ranked by: site and key."""
    keys: dict[str, list[tuple[str, float]]] = {}
    for card in cards:
        if (key := _rank_key(card)) is not None:
            keys.setdefault(card.peer_group, []).append((card.site, key))
    return keys


def rank_with(card: SiteCard, fix: Fix, keys: Mapping[str, Sequence[tuple[str, float]]]) -> int | None:
    """The rank that a unit would have with a fix, all others as they are; None where it has none now."""
    if card.standing not in (Standing.GRADED, Standing.VETOED):
        return None
    own = fix.score + (_BELOW_ALL if fix.vetoed else 0.0)
    return 1 + sum(key > own for site, key in keys.get(card.peer_group, ()) if site != card.site)


def peer_groups(
    cards: Sequence[SiteCard],
    names: Mapping[str, str],
    before: Mapping[str, WeekFigures],
    quarter: Mapping[str, WeekFigures],
    scheme: Scheme,
) -> tuple[PeerGroup, ...]:
    """Figures of each peer group that has units, in the order of `names`. `before` and `quarter` hold earlier figures by site."""
    frame = pd.DataFrame(
        [
            (
                card.site, card.peer_group, card.standing.value, card.score, card.grade, _mean_part(before.get(card.site)),
                _mean_part(quarter.get(card.site)), card.rank,
            )
            for card in cards
        ],
        columns=["site", "peer", "standing", "score", "grade", "before", "quarter", "rank"],
    ).astype({"score": float, "before": float, "quarter": float, "rank": float})  # fmt: skip
    groups: list[PeerGroup] = []
    for peer, name in names.items():
        part = frame[frame["peer"] == peer]
        if part.empty:
            continue
        scores, standings = part["score"].dropna(), part["standing"].value_counts()
        graded, vetoed = int(standings.get(Standing.GRADED.value, 0)), int(standings.get(Standing.VETOED.value, 0))
        grades, moved = part["grade"].value_counts(), (part["score"] - part["before"]).dropna()
        since = (part["score"] - part["quarter"]).dropna()
        groups.append(
            PeerGroup(
                id=peer,
                name=name,
                units=len(part),
                graded=graded,
                vetoed=vetoed,
                ungraded=len(part) - graded - vetoed,
                mean=_mean(scores),
                highest=None if scores.empty else float(scores.max()),
                lowest=None if scores.empty else float(scores.min()),
                mean_change=_mean(moved),
                compared=len(moved),
                quarter_change=_mean(since),
                quarter_compared=len(since),
                grades=tuple(GradeCount(grade.name, int(grades.get(grade.name, 0))) for grade in scheme.grades),
                ranking=tuple(str(site) for site in part.sort_values(["rank", "site"], na_position="last", kind="stable")["site"]),
            )
        )
    return tuple(groups)


def _mean_part(figures: WeekFigures | None) -> float | None:
    return figures.score if figures is not None and figures.standing is Standing.GRADED else None


def _mean(values: pd.Series[float]) -> float | None:
    return None if values.empty else tenth(float(values.mean()))


_STATES = ("pass", "due-soon", "inconclusive", "not-applicable")


def rule_stats(rules: Sequence[Rule], verdicts: Sequence[Verdict], cards: Sequence[SiteCard], scheme: Scheme) -> tuple[RuleStat, ...]:
    """Counts by rule over the district, in the order of `rules`."""
    ids = [rule.id for rule in rules]
    frame = pd.DataFrame([(verdict.rule, verdict.status.value) for verdict in verdicts], columns=["rule", "state"])
    counts = pd.crosstab(frame["rule"], frame["state"]).reindex(index=ids, columns=list(_STATES), fill_value=0).astype(int)
    tally = {state: {str(rule): int(value) for rule, value in counts[state].to_dict().items()} for state in _STATES}
    held = [(item.rule, item.site) for card in cards for item in card.deductions if item.kept != 1]
    confirmed, failed = _counted(held, ids)
    suspected, _ = _counted([(item.rule, item.site) for card in cards for item in card.pending], ids)
    lines = pd.DataFrame([(line.rule, line.deducted) for card in cards for line in card.rules], columns=["rule", "deducted"])
    taken = lines.astype({"deducted": float}).groupby("rule")["deducted"].sum().reindex(ids, fill_value=0.0)
    stats: list[RuleStat] = []
    for rule in rules:
        stats.append(
            RuleStat(
                rule=rule.id,
                title=rule.title_zh,
                group=scheme.group_name(rule),
                basis="；".join(f"{clause.source}{clause.clause}：“{clause.quote}”" for clause in rule.clauses if clause.citable),
                veto=rule.id in scheme.veto,
                sites_failed=failed[rule.id],
                confirmed=confirmed[rule.id],
                suspected=suspected[rule.id],
                passed=tally["pass"][rule.id],
                due_soon=tally["due-soon"][rule.id],
                inconclusive=tally["inconclusive"][rule.id],
                not_applicable=tally["not-applicable"][rule.id],
                deducted=round(float(taken[rule.id]), 2),
            )
        )
    return tuple(stats)


def _counted(pairs: Sequence[tuple[str, str]], rules: Sequence[str]) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Entries, and different sites, by rule."""
    grouped = pd.DataFrame(pairs, columns=["rule", "site"]).groupby("rule")["site"]
    entries, sites = grouped.count().to_dict(), grouped.nunique().to_dict()
    return {rule: int(entries.get(rule, 0)) for rule in rules}, {rule: int(sites.get(rule, 0)) for rule in rules}


def trend(cards: Sequence[SiteCard], history: Sequence[WeekFigures], week: str, names: Mapping[str, str]) -> tuple[TrendPoint, ...]:
    """Mean score of each peer group's graded units, week by week, this one last."""
    peers = {card.site: card.peer_group for card in cards}
    rows = [(entry.week, peers[entry.site], _mean_part(entry)) for entry in history if entry.site in peers]
    rows += [(week, card.peer_group, card.score) for card in cards]
    frame = pd.DataFrame(rows, columns=["week", "peer", "score"]).astype({"score": float})
    if frame.empty:
        return ()
    grouped = frame.groupby(["week", "peer"])["score"]
    table = pd.DataFrame({"mean": grouped.mean(), "graded": grouped.count()}).reset_index()
    order = {peer: index for index, peer in enumerate(names)}
    points = [
        TrendPoint(str(week), str(peer), tenth(float(mean)) if graded else None, int(graded))
        for week, peer, mean, graded in table.itertuples(index=False, name=None)
    ]
    return tuple(sorted(points, key=lambda point: (point.week, order[point.peer_group])))
