"""Verdicts as a scorecard tells them, the veto gauges, and what could not be observed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from data.catalogue import Rule
from data.records import CrawlState, Evidence, Finding, Status, SubjectKind, Verdict
from data.registry import Site
from scorecards.model import BlindSpot, Gauge, Item, SiteFacts, Standing
from scorecards.scheme import Meter, Scheme
from scorecards.score import Line, SiteScore
from scorecards.verdicts import is_pending, members_or_summary, order
from scorecards.wording import clean, day, minute, reason_text

SubjectKey = tuple[str, str, str, str | None, str]


def subject_key(verdict: Verdict) -> SubjectKey:
    """What a verdict and its finding have in common."""
    subject = verdict.subject
    return (verdict.rule, verdict.site, subject.kind.value, subject.column, subject.url or subject.title)


class Itemizer:
    """Turns one site's verdicts into items, each with its rule's words and the life of its finding."""

    def __init__(self, site: Site, rules: Mapping[str, Rule], scheme: Scheme, findings: Mapping[SubjectKey, Finding]) -> None:
        self._site, self._rules, self._scheme, self._findings = site, rules, scheme, findings

    def item(self, verdict: Verdict, *, points: float = 0.0, cost: float = 0.0, note: str | None = None) -> Item:
        rule, subject = self._rules[verdict.rule], verdict.subject
        group = self._scheme.group_of(rule.id)
        finding = self._findings.get(subject_key(verdict))
        return Item(
            site=self._site.id,
            site_name=clean(self._site.name, 100),
            group=self._scheme.unlisted.name if group is None else group.name,
            rule=rule.id,
            title=rule.title_zh,
            severity=verdict.severity,
            points=points,
            cost=cost,
            worth=self._scheme.points(rule),
            message=clean(verdict.message),
            subject=clean(subject.title, 300),
            column=subject.column,
            url=None if subject.url is None else clean(subject.url, 2000),
            clauses=verdict.clauses,
            remedy=rule.remedy,
            evidence=tuple(
                Evidence(clean(shown.url, 2000), shown.observed_at, shown.sha256, clean(shown.note)) for shown in verdict.evidence
            ),
            note=note,
            due=verdict.due,
            finding=None if finding is None else finding.id,
            state=None if finding is None else finding.state,
            first_found=None if finding is None else finding.first_found,
            rectify_by=None if finding is None else finding.rectify_by,
        )

    def deductions(self, score: SiteScore) -> tuple[Item, ...]:
        return tuple(self.item(line.verdict, points=line.points, cost=line.cost, note=_note(line)) for line in score.lines)

    def pending(self, verdicts: Sequence[Verdict]) -> tuple[Item, ...]:
        chosen = self._by_rule([verdict for verdict in verdicts if is_pending(verdict, self._scheme)])
        return tuple(
            self.item(verdict, note="须人工核定后认定" if verdict.rule in self._scheme.review_first else "疑似，尚待再次观测确认")
            for verdict in chosen
        )

    def due_soon(self, verdicts: Sequence[Verdict]) -> tuple[Item, ...]:
        near = self._by_rule([verdict for verdict in verdicts if verdict.status is Status.DUE_SOON])
        return tuple(self.item(verdict) for verdict in sorted(near, key=lambda verdict: (day(verdict.due), order(verdict))))

    def _by_rule(self, verdicts: Sequence[Verdict]) -> list[Verdict]:
        mine: dict[str, list[Verdict]] = {rule: [] for rule in self._rules}
        for verdict in verdicts:
            mine[verdict.rule].append(verdict)
        return [verdict for same in mine.values() for verdict in sorted(members_or_summary(same), key=order)]


def _note(line: Line) -> str | None:
    if line.waived:
        return "已豁免，不扣分"
    return "本项或本类扣分已达上限" if line.points < line.cost else None


def gauge(meter: Meter, verdicts: Mapping[str, Sequence[Verdict]], scheme: Scheme) -> Gauge | None:
    """How far the site is from this veto. None where the meter's rules do not apply to it."""
    mine = [verdict for rule in meter.rules for verdict in verdicts.get(rule, ()) if verdict.status is not Status.NOT_APPLICABLE]
    if not mine and any(verdicts.get(rule) for rule in meter.rules):
        return None
    members = [verdict for verdict in mine if verdict.subject.kind is not SubjectKind.SITE]
    summaries = [verdict for verdict in mine if verdict.subject.kind is SubjectKind.SITE]
    judged = [verdict for verdict in mine if verdict.status is not Status.INCONCLUSIVE and not is_pending(verdict, scheme)]
    used: float | None = None
    if meter.counts == "measured":
        used = max((float(verdict.measured.value) for verdict in summaries if verdict in judged and verdict.measured), default=None)
    elif judged:
        used = float(len({subject_key(verdict)[1:] for verdict in members if verdict in judged and verdict.status is Status.FAIL}))
    limits = [verdict.threshold.value for verdict in summaries if verdict.threshold and verdict.threshold.unit in ("column", "percent")]
    return Gauge(
        id=meter.id,
        name=meter.name,
        used=used,
        limit=float(min(limits)) if limits else meter.limit,
        unit=meter.unit,
        pending=sum(is_pending(verdict, scheme) for verdict in members),
        unknown=sum(verdict.status is Status.INCONCLUSIVE for verdict in members),
    )


def blind_spots(
    site: Site,
    facts: SiteFacts | None,
    standing_text: str,
    standing: Standing,
    rules: Sequence[Rule],
    verdicts: Mapping[str, Sequence[Verdict]],
) -> tuple[BlindSpot, ...]:
    """What of a site could not be observed: the site as a whole first, then rule by rule and reason by reason."""
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
    return tuple(spots)


def freshest_evidence(verdict: Verdict) -> datetime | None:
    return max((evidence.observed_at for evidence in verdict.evidence), default=None)
