"""Reads golden_week.yml into the records that a scorecard is built from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from data.catalogue import Rule, RuleClause, Threshold
from data.records import (
    STAYED,
    Clause,
    Confidence,
    CrawlState,
    Evidence,
    Finding,
    FindingEvent,
    FindingState,
    Measure,
    Severity,
    Status,
    Stay,
    StayKind,
    Subject,
    SubjectKind,
    Verdict,
)
from data.registry import Profile, Registry
from scorecards.card import build
from scorecards.model import Scorecard, SiteFacts, Standing, WeekFigures
from scorecards.scheme import Scheme, load_scheme
from scorecards.verdicts import Bench
from scorecards.week import Week

HERE = Path(__file__).parent
SCHEME = load_scheme(HERE / "scheme.yml")
EVERYONE = tuple(Profile)

TITLES = {
    "disclosure-column-on-home": ("首页设政府信息公开专栏", Severity.MAJOR),
    "empty-columns": ("空白栏目", Severity.VETO),
    "news-columns-2-weeks": ("动态要闻类栏目两周更新", Severity.VETO),
    "document-info-fields": ("文件页信息项齐全", Severity.MINOR),
    "interpretation-in-sync": ("政策与解读同步发布", Severity.MAJOR),
    "site-reachable": ("站点可访问", Severity.VETO),
}


def make_rule(rule_id: str, title: str, severity: Severity) -> Rule:
    return Rule(
        id=rule_id,
        title_zh=title,
        title_en=rule_id,
        family="columns",
        severity=severity,
        applies_to=EVERYONE,
        clauses=(RuleClause(source="测试办法", clause="第一条", quote="应当公开", status="confirmed"),),
        threshold=Threshold(value=5, unit="column"),
        logic="test",
        wording={},
        remedy=f"请按要求整改：{title}",
    )


RULES = {rule_id: make_rule(rule_id, *title) for rule_id, title in TITLES.items()}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def make_verdict(site: str, rule: str, words: Sequence[str], number: int, as_of: datetime) -> Verdict:
    """One verdict from words such as fail, minor, suspected, site."""
    summary = "site" in words
    severity = next((Severity(word) for word in words if word in list(Severity)), Severity.MINOR)
    url = f"http://{site}.example/" if summary else f"http://{site}.example/{rule}/{number}"
    kind = SubjectKind.SITE if summary else SubjectKind.COLUMN if rule.endswith("columns") else SubjectKind.DOCUMENT
    measured = None
    if rule == "site-reachable":
        measured = Measure(6.2 if words[0] == "fail" else 0, "percent")
    return Verdict(
        rule=rule,
        site=site,
        status=Status(words[0]),
        severity=severity,
        confidence=Confidence.SUSPECTED if "suspected" in words else Confidence.CONFIRMED,
        subject=Subject(kind, url, f"{site} 的页面 {number}"),
        reason="test",
        message=f"{site} {rule} {words[0]} {number}",
        as_of=as_of,
        clauses=(Clause("测试办法", "第一条", "应当公开"),),
        evidence=(Evidence(url, as_of - timedelta(hours=5), "ab" * 32, "页面"),),
        measured=measured,
        threshold=Measure(5, "percent") if rule == "site-reachable" else None,
        due=as_of + timedelta(days=2) if words[0] == "due-soon" else None,
    )


def make_registry(sites: Mapping[str, Mapping[str, str]], region: str = "示例区") -> Registry:
    rows = [{"id": site, "home": f"http://{site}.example/", "unit": f"{facts['name']}办公室", **facts} for site, facts in sites.items()]
    rows.append({"id": "upper", "name": "示例市人民政府", "home": "http://upper.example/", "role": "upstream"})
    return Registry.model_validate({"version": 1, "region": region, "sites": rows, "supervisors": [{"role": "政务公开办"}]})


@dataclass(frozen=True, slots=True)
class GoldenWeek:
    registry: Registry
    verdicts: tuple[Verdict, ...]
    findings: tuple[Finding, ...]
    facts: tuple[SiteFacts, ...]
    history: tuple[WeekFigures, ...]
    as_of: datetime
    week: Week
    expected: Any

    def build(self, scheme: Scheme = SCHEME) -> Scorecard:
        return build(self.week, self.registry, RULES, self.verdicts, self.findings, self.facts, self.history, self.as_of, scheme)


def golden_week() -> GoldenWeek:
    raw = yaml.safe_load((HERE / "golden_week.yml").read_text(encoding="utf-8"))
    as_of = moment(raw["as_of"])
    verdicts: list[Verdict] = []
    for site, rules in raw["verdicts"].items():
        for rule, entries in rules.items():
            number = 0
            for entry in entries:
                words = entry.split()
                times = next((int(word[1:]) for word in words if word[0] == "x" and word[1:].isdigit()), 1)
                for _ in range(times):
                    verdicts.append(make_verdict(site, rule, words, number, as_of))
                    number += 1
    return GoldenWeek(
        registry=make_registry(raw["sites"], raw["region"]),
        verdicts=tuple(verdicts),
        findings=tuple(_finding(entry, as_of) for entry in raw["findings"]),
        facts=tuple(_facts(site, *entry) for site, entry in raw["facts"].items()),
        history=tuple(_figures(*entry) for entry in raw["history"]),
        as_of=as_of,
        week=Week.parse(raw["week"]),
        expected=raw["expected"],
    )


def _facts(site: str, last: str, state: str, complete: str, new: int | None) -> SiteFacts:
    return SiteFacts(
        site=site,
        last_crawl_at=moment(last),
        last_crawl_state=CrawlState(state),
        reason=None if state == "complete" else "timeout",
        last_complete_at=moment(complete),
        columns=20,
        documents=300,
        new_documents_week=new,
        documents_week=None if new is None else 1,
        interpretations_week=None if new is None else 0,
    )


def _figures(
    week: str, site: str, standing: str, score: float | None, deduction_score: float | None, grade: str, rank: int, open_findings: int
) -> WeekFigures:
    return WeekFigures(week, site, SCHEME.key, Standing(standing), score, deduction_score, grade, rank, 100.0, 0.0, open_findings, 3)


def _finding(entry: Sequence[Any], as_of: datetime) -> Finding:
    finding_id, site, rule, number, state, found, resolved, rectify_by, *share = entry
    words = ["fail", "minor"]
    opened = moment(found)
    kind = next((kind for kind, rests in STAYED.items() if rests.value == state), None)
    until = None if kind is StayKind.APPEAL else as_of.date() + timedelta(days=30)
    period = (date(2026, 10, 1), date(2026, 11, 30)) if kind is StayKind.EXPLANATION else ()
    stays = () if kind is None else (Stay(kind, "审批人", "有据可查", opened, until, share[0] if share else None, period),)
    return Finding(
        id=finding_id,
        verdict=make_verdict(site, rule, words, number, as_of),
        state=FindingState(state),
        first_found=opened,
        last_confirmed=opened,
        resolved_at=None if resolved is None else moment(resolved),
        rectify_by=date.fromisoformat(rectify_by),
        events=(FindingEvent(opened, "system", "opened", "test"),),
        stays=stays,
    )


def bench(rules: Mapping[str, Rule], scheme: Scheme = SCHEME) -> Bench:
    return Bench(scheme, rules)
