"""A district's week: verdicts, findings and facts to a Scorecard. Pure: no clock, store, network or file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from data.catalogue import Rule
from data.findings import RELEASED
from data.records import SHANGHAI, CrawlState, Finding, Verdict
from data.registry import Profile, Registry, Site
from data.tasks import Task
from scorecards import frames
from scorecards.history import change, own_trend, past_weeks, quarter_before, week_figures, weeks_below
from scorecards.items import Itemizer, blind_spots, freshest_evidence, gauge
from scorecards.ledger import figures, kept_share, known, ledger_rows
from scorecards.model import RuleLine, Scorecard, SiteCard, SiteFacts, Standing, Totals, WeekFigures
from scorecards.scheme import Scheme
from scorecards.score import RuleScore, Sheet, SiteScore, tenth
from scorecards.sentences import sentences
from scorecards.verdicts import Bench, SubjectKey, subject_key
from scorecards.week import Week, closed
from scorecards.whatif import fixes
from scorecards.wording import PEER_GROUPS, STANDINGS, clean, day, percent

__all__ = ["build", "week_figures"]


@dataclass(frozen=True, slots=True)
class _Input:
    """What every site's card is made from."""

    week: Week
    rules: Mapping[str, Rule]
    scheme: Scheme
    as_of: datetime
    history: Mapping[str, Mapping[str, WeekFigures]]  # site -> week -> figures, of the same scheme, earlier weeks only
    in_force: Mapping[str, Collection[str]] | None  # site -> rules; None: all rules everywhere

    def judges(self, site: Site, rule: Rule) -> bool:
        """Whether a site is judged by a rule at all."""
        here = self.in_force is None or rule.id in self.in_force.get(site.id, ())
        return here and site.profile in rule.applies_to


def build(
    week: Week,
    registry: Registry,
    rules: Mapping[str, Rule],
    verdicts: Sequence[Verdict],
    findings: Sequence[Finding],
    facts: Sequence[SiteFacts],
    history: Sequence[WeekFigures],
    as_of: datetime,
    scheme: Scheme,
    tasks: Mapping[str, Task] | None = None,
    in_force: Mapping[str, Collection[str]] | None = None,
) -> Scorecard:
    """Make the week's scorecard of every scored site.

    `verdicts` are the latest ones, judged as of `as_of` or the week's end; those of rules not in force, or of sites that are not
    scored, are left out. `history` may hold any weeks: only earlier ones of the same scheme are used. `tasks` are by finding;
    `in_force` names the rules that each site is judged by, where not by all of them.
    """
    sites = {site.id: site for site in registry.sites if site.scored}
    ordered = scheme.in_order(rules)
    by_site: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.site in sites and verdict.rule in rules:
            by_site[verdict.site].append(verdict)
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in known(findings, as_of):
        found[finding.verdict.site].append(finding)
    fact = {entry.site: entry for entry in facts}
    past = past_weeks(history, week, scheme)
    given = _Input(week, rules, scheme, as_of, past, in_force)
    cards, live = [], []
    for site in sites.values():
        card, judged = _card(given, site, ordered, by_site[site.id], found[site.id], fact.get(site.id))
        cards.append(card)
        live += judged
    ranked = _ranked(cards, past, week)
    names = {profile.value: name for profile, name in PEER_GROUPS.items()}
    before = {site: weeks[str(week.shifted(-1))] for site, weeks in past.items() if str(week.shifted(-1)) in weeks}
    quarter = {site: entry for site, weeks in past.items() if (entry := quarter_before(weeks, week)) is not None}
    groups = frames.peer_groups(ranked, names, before, quarter, scheme)
    stats = frames.rule_stats(ordered, live, ranked, scheme)
    totals = _totals(ranked)
    return Scorecard(
        week=str(week),
        first_day=week.first_day,
        last_day=week.last_day,
        closed=closed(week, as_of),
        as_of=as_of.astimezone(SHANGHAI),
        region=clean(registry.region, 100),
        basis=scheme.basis,
        issuer=clean(f"{registry.region}{registry.supervisors[0].role}", 100) if registry.supervisors else None,
        scheme=scheme.key,
        scheme_name=scheme.name,
        scheme_note=scheme.note,
        coverage_floor=scheme.coverage_floor,
        stale_after_days=scheme.stale_after_days,
        totals=totals,
        groups=groups,
        sentences=sentences(totals, groups, ranked, stats, scheme),
        sites=ranked,
        rules=stats,
        ledger=ledger_rows([finding for mine in found.values() for finding in mine], sites, rules, tasks or {}, week, as_of),
        trend=frames.trend(ranked, [entry for weeks in past.values() for entry in weeks.values()], str(week), names),
    )


def _card(
    given: _Input, site: Site, ordered: Sequence[Rule], verdicts: Sequence[Verdict], findings: Sequence[Finding], facts: SiteFacts | None
) -> tuple[SiteCard, list[Verdict]]:
    """One site's card, not yet ranked, and the verdicts it rests on."""
    scheme = given.scheme
    lives = {subject_key(finding.verdict): finding for finding in findings}
    fresh_at = _fresh_at(facts, scheme)
    judged_at = max((verdict.as_of for verdict in verdicts), default=None)
    freshness = _freshness(fresh_at, judged_at, given)
    bench = _bench(given, lives)
    live = list(verdicts) if freshness is Standing.GRADED else [verdict for verdict in verdicts if _stands_alone(verdict, bench, given)]
    mine: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in live:
        mine[verdict.rule].append(verdict)
    applying = [rule for rule in ordered if given.judges(site, rule) or rule.id in mine]
    sheet = Sheet(applying, mine, bench, site.profile)
    score = sheet.add_up()
    standing = _standing(freshness, score, scheme)
    value = score.score if freshness is Standing.GRADED else None
    grade = _grade(standing, value, scheme)
    items = Itemizer(site, bench, lives)
    gauges = [gauge(meter, mine, bench, given.as_of) for meter in scheme.meters if any(rule.id in meter.rules for rule in applying)]
    freshness_text = _standing_text(freshness, score, fresh_at, judged_at, scheme)
    card = SiteCard(
        site=site.id,
        name=clean(site.name, 100),
        unit=clean(site.unit, 100) if site.unit else None,
        home=site.home,
        peer_group=(site.profile or Profile.DEPARTMENT).value,
        standing=standing,
        standing_text=_standing_text(standing, score, fresh_at, judged_at, scheme),
        score=value if standing is Standing.GRADED else None,
        deduction_score=value,
        grade=grade,
        rank=None,
        ranked=0,
        points_applicable=score.applicable,
        points_judged=score.judged,
        deducted=score.deducted,
        bonus=score.bonus,
        coverage=score.coverage,
        fresh_at=fresh_at,
        judged_at=judged_at,
        facts=facts,
        findings=figures(findings, given.week, given.as_of),
        change=None,
        quarter=None,
        weeks_below=weeks_below(grade, given.history.get(site.id, {}), given.week, scheme),
        rules=tuple(_rule_line(line, given) for line in score.rules),
        vetoes=tuple(items.item(verdict) for verdict in score.vetoes),
        deductions=items.deductions(score),
        pending=items.pending(live),
        due_soon=items.due_soon(live),
        gauges=tuple(entry for entry in gauges if entry is not None),
        blind_spots=blind_spots(site, facts, freshness_text, freshness, applying, mine, score.unwatched),
        fixes=fixes(sheet, items, given.rules, scheme) if standing in (Standing.GRADED, Standing.VETOED) and value is not None else (),
        history=own_trend(given.history.get(site.id, {}), str(given.week), value if standing is Standing.GRADED else None, site.profile),
    )
    return card, live


def _bench(given: _Input, lives: Mapping[SubjectKey, Finding]) -> Bench:
    """What persons decided of this site's findings up to the moment: released by hand, waived, explained."""
    shares = {key: share for key, finding in lives.items() if (share := kept_share(finding, given.as_of)) is not None}
    released = {
        key for key, finding in lives.items() if any(event.what == RELEASED and event.at <= given.as_of for event in finding.events)
    }
    return Bench(given.scheme, given.rules, released, shares)


def _stands_alone(verdict: Verdict, bench: Bench, given: _Input) -> bool:
    """A veto whose own proof is recent, such as a site that does not open: it holds although no crawl gives data."""
    return bench.veto(verdict) and _is_recent(freshest_evidence(verdict), given)


def _standing(freshness: Standing, score: SiteScore, scheme: Scheme) -> Standing:
    if score.vetoes:
        return Standing.VETOED
    if freshness is not Standing.GRADED:
        return freshness
    covered = score.score is not None and score.coverage is not None and score.coverage >= scheme.coverage_floor
    return Standing.GRADED if covered else Standing.LOW_COVERAGE


def _grade(standing: Standing, value: float | None, scheme: Scheme) -> str | None:
    if standing is Standing.VETOED:
        return scheme.veto_grade
    return scheme.grade(value) if standing is Standing.GRADED and value is not None else None


def _rule_line(line: RuleScore, given: _Input) -> RuleLine:
    rule = given.rules[line.rule]
    share = None if line.share is None else tenth(line.share)
    return RuleLine(line.rule, rule.title_zh, given.scheme.group_name(rule), line.points, share, line.deducted)


def _fresh_at(facts: SiteFacts | None, scheme: Scheme) -> datetime | None:
    if facts is None:
        return None
    moments = [facts.last_complete_at] if CrawlState.COMPLETE in scheme.fresh_states else []
    if facts.last_crawl_state in scheme.fresh_states:
        moments.append(facts.last_crawl_at)
    return max((moment for moment in moments if moment is not None), default=None)


def _is_recent(moment: datetime | None, given: _Input) -> bool:
    return moment is not None and given.as_of - moment <= timedelta(days=given.scheme.stale_after_days)


def _freshness(fresh_at: datetime | None, judged_at: datetime | None, given: _Input) -> Standing:
    if fresh_at is None:
        return Standing.UNOBSERVED
    if not _is_recent(fresh_at, given) or (judged_at is not None and not _is_recent(judged_at, given)):
        return Standing.STALE
    return Standing.GRADED


def _standing_text(standing: Standing, score: SiteScore, fresh_at: datetime | None, judged_at: datetime | None, scheme: Scheme) -> str:
    if standing is Standing.LOW_COVERAGE:
        return f"可判定覆盖率 {percent(score.coverage)}，低于 {scheme.coverage_floor:g}%，不评级、不排名"
    if standing is Standing.STALE:
        return f"有效采集截至 {day(fresh_at)}、判定截至 {day(judged_at)}，已超过 {scheme.stale_after_days} 天，不沿用旧成绩，不评级、不排名"
    if standing is Standing.UNOBSERVED:
        return "尚无有效采集数据，不评级、不排名"
    return STANDINGS[standing]


def _ranked(cards: Sequence[SiteCard], past: Mapping[str, Mapping[str, WeekFigures]], week: Week) -> tuple[SiteCard, ...]:
    places, keys = frames.ranks(cards), frames.rank_keys(cards)
    last_week = str(week.shifted(-1))
    sizes: dict[str, int] = defaultdict(int)
    for card in cards:
        sizes[card.peer_group] += card.site in places
    done = [
        replace(
            card,
            rank=places.get(card.site),
            ranked=sizes[card.peer_group],
            fixes=tuple(replace(fix, rank=frames.rank_with(card, fix, keys)) for fix in card.fixes),
        )
        for card in cards
    ]
    return tuple(
        replace(
            card,
            change=change(card, past.get(card.site, {}).get(last_week)),
            quarter=change(card, quarter_before(past.get(card.site, {}), week)),
        )
        for card in done
    )


def _totals(cards: Sequence[SiteCard]) -> Totals:
    standings = [card.standing for card in cards]
    documents = [card.facts.new_documents_week for card in cards if card.facts is not None and card.facts.new_documents_week is not None]
    applicable = sum(card.points_applicable for card in cards)
    covered = sum(card.points_applicable * card.coverage / 100 for card in cards if card.coverage is not None)
    graded, vetoed = standings.count(Standing.GRADED), standings.count(Standing.VETOED)
    return Totals(
        units=len(cards),
        graded=graded,
        vetoed=vetoed,
        ungraded=len(cards) - graded - vetoed,
        violations=sum(item.kept != 1 for card in cards for item in card.deductions),
        pending=sum(len(card.pending) for card in cards),
        due_soon=sum(len(card.due_soon) for card in cards),
        open_findings=sum(card.findings.open for card in cards),
        overdue_findings=sum(card.findings.overdue for card in cards),
        mended_week=sum(card.findings.mended_week for card in cards),
        new_documents=sum(documents) if documents else None,
        coverage=tenth(covered / applicable * 100) if applicable else None,
    )
