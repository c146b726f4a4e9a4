"""Verdicts as a scorecard tells them, the veto gauges, and what could not be observed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from data.catalogue import Rule
from data.days import civil
from data.records import CrawlState, Evidence, Finding, Status, SubjectKind, Verdict
from data.registry import Site
from scorecards.model import BlindSpot, Gauge, Item, SiteFacts, Standing
from scorecards.scheme import Group, Meter
from scorecards.score import Line, SiteScore
from scorecards.verdicts import Bench, SubjectKey, members_or_summary, order, subject_key
from scorecards.wording import clean, day, minute, points, reason_text


class Itemizer:
    """Turns one site's verdicts into items, each with its rule's words and the life of its finding."""

    def __init__(self, site: Site, bench: Bench, findings: Mapping[SubjectKey, Finding]) -> None:
        self._site, self._bench, self._findings = site, bench, findings
        self._name = clean(site.name, 100)

    def finding(self, verdict: Verdict) -> Finding | None:
        return self._findings.get(subject_key(verdict))

    def item(
        self,
        verdict: Verdict,
        *,
        points: float = 0.0,
        cost: float = 0.0,
        worth: float | None = None,
        kept: float | None = None,
        note: str | None = None,
    ) -> Item:
        rule, subject = self._bench.rules[verdict.rule], verdict.subject
        scheme = self._bench.scheme
        finding = self.finding(verdict)
        return Item(
            site=self._site.id,
            site_name=self._name,
            group=scheme.group_name(rule),
            rule=rule.id,
            title=rule.title_zh,
            severity=verdict.severity,
            points=points,
            cost=cost,
            worth=scheme.points(rule) if worth is None else worth,
            message=clean(verdict.message),
            subject=clean(subject.title, 300),
            column=subject.column,
            url=None if subject.url is None else clean(subject.url, 2000),
            clauses=verdict.clauses,
            remedy=rule.remedy,
            evidence=tuple(
                Evidence(clean(shown.url, 2000), shown.observed_at, shown.sha256, clean(shown.note)) for shown in verdict.evidence
            ),
            kept=kept,
            note=note,
            due=verdict.due,
            finding=None if finding is None else finding.id,
            state=None if finding is None else finding.state,
            first_found=None if finding is None else finding.first_found,
            rectify_by=None if finding is None else finding.rectify_by,
        )

    def deductions(self, score: SiteScore) -> tuple[Item, ...]:
        worths = {rule.rule: rule.points for rule in score.rules}
        return tuple(
            self.item(line.verdict, points=line.points, cost=line.cost, worth=worths[line.verdict.rule], kept=line.kept, note=_note(line))
            for line in score.lines
        )

    def pending(self, verdicts: Sequence[Verdict]) -> tuple[Item, ...]:
        chosen = self._by_rule([verdict for verdict in verdicts if self._bench.pending(verdict)])
        return tuple(self.item(verdict, note=self._why_pending(verdict)) for verdict in chosen)

    def _why_pending(self, verdict: Verdict) -> str:
        if self._bench.reported_only(verdict.rule):
            return "仅作参考，不计分"
        return "须人工核定后认定" if self._bench.reviewed_first(verdict.rule) else "疑似，尚待再次观测确认"

    def due_soon(self, verdicts: Sequence[Verdict]) -> tuple[Item, ...]:
        near = self._by_rule([verdict for verdict in verdicts if verdict.status is Status.DUE_SOON])
        return tuple(self.item(verdict) for verdict in sorted(near, key=lambda verdict: (day(verdict.due), order(verdict))))

    def _by_rule(self, verdicts: Sequence[Verdict]) -> list[Verdict]:
        mine: dict[str, list[Verdict]] = {rule: [] for rule in self._bench.rules}
        for verdict in verdicts:
            mine[verdict.rule].append(verdict)
        return [verdict for same in mine.values() for verdict in sorted(members_or_summary(same), key=order)]


def _note(line: Line) -> str | None:
    if line.kept == 1:
        return "已豁免，不扣分"
    full = line.cost * (1 - (line.kept or 0.0))
    capped = "本项或本类扣分已达上限" if line.points < round(full, 6) else None
    if line.kept is None:
        return capped
    said = f"已提交情况说明，保留 {line.kept:.0%} 分值"
    return f"{said}；{capped}" if capped else said


def gauge(meter: Meter, verdicts: Mapping[str, Sequence[Verdict]], bench: Bench, as_of: datetime) -> Gauge | None:
    """How far the site is from this veto, and when the next column goes over. None where the meter's rules do not apply to it."""
    mine = [verdict for rule in meter.rules for verdict in verdicts.get(rule, ()) if verdict.status is not Status.NOT_APPLICABLE]
    if not mine and any(verdicts.get(rule) for rule in meter.rules):
        return None
    members = [verdict for verdict in mine if verdict.subject.kind is not SubjectKind.SITE]
    summaries = [verdict for verdict in mine if verdict.subject.kind is SubjectKind.SITE]
    judged = [verdict for verdict in mine if verdict.status is not Status.INCONCLUSIVE and not bench.pending(verdict)]
    used: float | None = None
    if meter.counts == "measured":
        used = max((float(verdict.measured.value) for verdict in summaries if verdict in judged and verdict.measured), default=None)
    elif judged:
        held = [verdict for verdict in members if bench.held(verdict) and bench.kept(verdict) is None]
        used = float(len({subject_key(verdict)[1:] for verdict in held}))
    limits = [verdict.threshold.value for verdict in summaries if verdict.threshold and verdict.threshold.unit in ("column", "percent")]
    limit = float(min(limits)) if limits else meter.limit
    ahead = _ahead(members, as_of) if meter.counts == "members" else []
    left = None if used is None else int(limit - used)
    return Gauge(
        id=meter.id,
        name=meter.name,
        used=used,
        limit=limit,
        unit=meter.unit,
        rules=meter.rules,
        pending=sum(bench.pending(verdict) for verdict in members),
        unknown=sum(verdict.status is Status.INCONCLUSIVE for verdict in members),
        next_on=ahead[0][0] if ahead else None,
        next_name=clean(ahead[0][1], 60) if ahead else None,
        tips_on=ahead[left - 1][0] if left is not None and 0 < left <= len(ahead) else None,
    )


def _ahead(members: Sequence[Verdict], as_of: datetime) -> list[tuple[date, str]]:
    """The columns that are still in time, by the first day on which they no longer are: their verdicts bear the last one that is."""
    kept = (verdict for verdict in members if verdict.status in (Status.PASS, Status.DUE_SOON) and verdict.due is not None)
    today = civil(as_of)
    days = {
        subject_key(verdict)[1:]: (civil(verdict.due) + timedelta(days=1), verdict.subject.title)
        for verdict in kept
        if verdict.due is not None
    }
    return sorted(pair for pair in days.values() if pair[0] > today)


def blind_spots(
    site: Site,
    facts: SiteFacts | None,
    standing_text: str,
    standing: Standing,
    rules: Sequence[Rule],
    verdicts: Mapping[str, Sequence[Verdict]],
    unwatched: Sequence[Group] = (),
) -> tuple[BlindSpot, ...]:
    """What of a site could not be observed: the site as a whole first, then rule by rule and reason by reason, then what no rule watches."""
    spots: list[BlindSpot] = []
    name = clean(site.name, 100)
    if facts is not None and facts.last_crawl_state not in (None, CrawlState.COMPLETE):
        text = f"最近一次采集（{minute(facts.last_crawl_at)}）未能完整读取：{reason_text(facts.reason)}"
        spots.append(BlindSpot(site.id, name, None, "整站", facts.reason or "unknown", text, 1, site.home))
    if standing in (Standing.STALE, Standing.UNOBSERVED):
        return (*spots, BlindSpot(site.id, name, None, "整站", standing.value, standing_text, 1, site.home))
    for rule in rules:
        mine = verdicts.get(rule.id, ())
        if not mine:
            spots.append(BlindSpot(site.id, name, rule.id, rule.title_zh, "not-judged", "本次未对该项作出判定", 1, None))
        unknown = sorted(
            (verdict for verdict in mine if verdict.status is Status.INCONCLUSIVE), key=lambda verdict: (verdict.reason, order(verdict))
        )
        for reason in dict.fromkeys(verdict.reason for verdict in unknown):
            same = [verdict for verdict in unknown if verdict.reason == reason]
            url = same[0].subject.url
            spots.append(
                BlindSpot(
                    site.id, name, rule.id, rule.title_zh, reason, clean(same[0].message), len(same), clean(url, 2000) if url else None
                )
            )
    for group in unwatched:
        text = f"本指标（{points(group.points or 0.0)} 分）暂无可自动判定的规则，须人工检查，未计入得分"
        spots.append(BlindSpot(site.id, name, None, group.name, "no-rule", text, 1, None))
    return tuple(spots)


def freshest_evidence(verdict: Verdict) -> datetime | None:
    return max((evidence.observed_at for evidence in verdict.evidence), default=None)
