"""One unit's own scorecard: nothing in it is of other units but their number and its rank among them."""

from __future__ import annotations

from dataclasses import replace

from scorecards.model import RuleStat, Scorecard, Sentence, SiteCard, Standing
from scorecards.wording import PEER_GROUPS, score, signed

_PEERS = {profile.value: name for profile, name in PEER_GROUPS.items()}


def unit_card(card: Scorecard, site: SiteCard) -> Scorecard:
    """The week's scorecard cut down to one unit."""
    groups = tuple(
        replace(
            group, units=1, graded=int(site.standing is Standing.GRADED), vetoed=int(site.standing is Standing.VETOED),
            ungraded=int(site.grade is None), mean=None, highest=None, lowest=None, mean_change=None, compared=0, quarter_change=None,
            quarter_compared=0, grades=tuple(replace(entry, units=int(entry.grade == site.grade)) for entry in group.grades),
            ranking=(site.site,),
        )
        for group in card.groups
        if group.id == site.peer_group
    )  # fmt: skip
    graded, vetoed = int(site.standing is Standing.GRADED), int(site.standing is Standing.VETOED)
    totals = replace(
        card.totals, units=1, graded=graded, vetoed=vetoed, ungraded=1 - graded - vetoed,
        violations=sum(item.kept != 1 for item in site.deductions), pending=len(site.pending), due_soon=len(site.due_soon),
        open_findings=site.findings.open, overdue_findings=site.findings.overdue, mended_week=site.findings.mended_week,
        new_documents=site.facts.new_documents_week if site.facts is not None else None, coverage=site.coverage,
    )  # fmt: skip
    return replace(
        card,
        totals=totals,
        groups=groups,
        sentences=(Sentence(unit_sentence(site), (), (site.site,)),),
        sites=(site,),
        rules=tuple(_own(stat, site) for stat in card.rules if stat.rule in {line.rule for line in site.rules}),
        ledger=tuple(replace(row, number=number) for number, row in enumerate((row for row in card.ledger if row.site == site.site), 1)),
        trend=site.history,
        own=site.name,
    )


def _own(stat: RuleStat, site: SiteCard) -> RuleStat:
    """A rule's counts at this unit alone; what only the whole district counts is nought."""
    held = sum(item.rule == stat.rule and item.kept != 1 for item in site.deductions)
    return replace(
        stat, sites_failed=int(held > 0), confirmed=held, suspected=sum(item.rule == stat.rule for item in site.pending), passed=0,
        due_soon=sum(item.rule == stat.rule for item in site.due_soon), not_applicable=0,
        inconclusive=sum(spot.count for spot in site.blind_spots if spot.rule == stat.rule),
        deducted=next((line.deducted for line in site.rules if line.rule == stat.rule), 0.0),
    )  # fmt: skip


def unit_sentence(site: SiteCard) -> str:
    """How the week went for a unit, in one sentence."""
    if site.standing is Standing.GRADED:
        text = f"{site.name}本周得分 {score(site.score)}，等级{site.grade}"
    else:
        text = f"{site.name}本周触及{site.standing_text}指标" if site.vetoes else f"{site.name}本周{site.standing_text}"
    if site.rank is not None:
        text += f"，在{_PEERS[site.peer_group]}中排名第 {site.rank}（共 {site.ranked} 家）"
    if site.change is not None and site.change.rank is not None and site.change.rank != 0:
        text += f"，名次较上周 {signed(site.change.rank)}"
    text += f"；待整改 {site.findings.open} 项，其中逾期 {site.findings.overdue} 项。"
    return text
