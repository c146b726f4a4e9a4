"""How long a big district's week takes: sites and weeks of history to every form. Prints; see docs/benchmarks.md.

    nice .venv/bin/python -m benchmarks.scorecards [--sites 1000] [--weeks 52] [--units]

Verdicts and findings are made up, with about 110 verdicts and 8 findings a site; history is kept in and read from SQLite.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from data.catalogue import Rule, RuleClause
from data.database import Database
from data.records import (
    SHANGHAI,
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
    Subject,
    SubjectKind,
    Verdict,
)  # fmt: skip
from data.registry import Profile, Registry
from data.weeks import load_weeks, save_week
from data.wire import from_wire, to_wire
from scorecards.card import build
from scorecards.model import SiteFacts, Standing, WeekFigures
from scorecards.report import write_all, write_units
from scorecards.scheme import load_scheme
from scorecards.week import Week

_WEEK = Week(2026, 47)
_AS_OF = datetime(2026, 11, 23, 8, tzinfo=SHANGHAI)
_RULES = 92  # as many as the core of the catalogue
_FAMILIES = ("columns", "timeliness", "interpretation", "metadata", "content", "participation", "finance", "availability")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sites", type=int, default=1000)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--units", action="store_true", help="also each unit's own workbook and page")
    given = parser.parse_args()
    scheme = load_scheme()
    registry, rules = _registry(given.sites), _rules()
    verdicts, findings = _verdicts(given.sites, rules), []
    findings = _findings(verdicts)
    facts = [_facts(site.id) for site in registry.sites]
    print(f"{given.sites} sites, {given.weeks} weeks, {len(verdicts)} verdicts, {len(findings)} findings")
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(f"sqlite:///{folder}/bench.sqlite")
        for back in range(given.weeks, 0, -1):
            week = str(_WEEK.shifted(-back))
            save_week(
                database, week, {site.id: to_wire(_past(week, site.id, number, scheme.key)) for number, site in enumerate(registry.sites)}
            )
        begun, busy = time.monotonic(), time.process_time()
        with _timed("history from the database"):
            history = [from_wire(WeekFigures, figures) for figures in load_weeks(database)]
        with _timed("scorecard"):
            card = build(_WEEK, registry, rules, verdicts, findings, facts, history, _AS_OF, scheme)
        with _timed("all forms"):
            paths = write_all(card, Path(folder) / "out")
        print(f"{'total':26} {time.monotonic() - begun:6.1f} s, of the processor {time.process_time() - busy:6.1f} s")
        for path in paths:
            print(f"  {path.name:36} {path.stat().st_size / 1e6:6.1f} MB")
        if given.units:
            with _timed("units' own sheets"):
                write_units(card, Path(folder) / "units")
        database.close()
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


@contextmanager
def _timed(what: str) -> Iterator[None]:
    begun, busy = time.monotonic(), time.process_time()
    yield
    print(f"{what:26} {time.monotonic() - begun:6.1f} s, of the processor {time.process_time() - busy:6.1f} s", flush=True)


def _registry(sites: int) -> Registry:
    profiles = [Profile.DISTRICT_PORTAL, *[Profile.DEPARTMENT] * 6, *[Profile.TOWN] * 3]
    rows = [
        {"id": f"s{number}", "name": f"示例单位{number}", "home": f"http://s{number}.example/", "profile": profiles[number % 10].value}
        for number in range(sites)
    ]
    return Registry.model_validate({"version": 1, "region": "示例区", "sites": rows, "supervisors": [{"role": "政务公开办"}]})


def _rules() -> dict[str, Rule]:
    severities = (Severity.MAJOR, Severity.MINOR, Severity.MINOR)
    made = [
        Rule(
            id=f"rule-{number}", title_zh=f"测评指标第{number}项", title_en="", family=_FAMILIES[number % len(_FAMILIES)],
            severity=severities[number % 3], applies_to=tuple(Profile),
            clauses=(RuleClause(source="《测试办法》", clause="第一条", quote="应当及时、准确公开有关信息", status="confirmed"),),
            logic="", wording={}, remedy="请在相应栏目补充发布有关信息，并核对发布日期。",
        )
        for number in range(_RULES)
    ]  # fmt: skip
    return {rule.id: rule for rule in made}


def _verdicts(sites: int, rules: dict[str, Rule]) -> list[Verdict]:
    made = []
    clause = (Clause("《测试办法》", "第一条", "应当及时、准确公开有关信息"),)
    for site in range(sites):
        for number, rule in enumerate(rules.values()):
            times = 3 if number < 9 else 1
            for member in range(times):
                luck = (site * 31 + number * 17 + member * 7) % 29
                status = Status.FAIL if luck < 2 else Status.INCONCLUSIVE if luck == 2 else Status.PASS
                url = f"http://s{site}.example/{rule.id}/{member}.html"
                made.append(
                    Verdict(
                        rule=rule.id, site=f"s{site}", status=status, severity=rule.severity, confidence=Confidence.CONFIRMED,
                        subject=Subject(SubjectKind.DOCUMENT, url, f"关于示例事项{number}的通知（{member}）"), reason="late",
                        message=f"“关于示例事项{number}的通知”印发日期为2026年10月12日，用时6个工作日，超过5个工作日，请核实。", as_of=_AS_OF,
                        clauses=clause, evidence=(Evidence(url, _AS_OF - timedelta(hours=4), "ab" * 32, "文件页"),), measured=Measure(6, "workday"),
                    )
                )  # fmt: skip
    return made


def _findings(verdicts: list[Verdict]) -> list[Finding]:
    failed = [verdict for verdict in verdicts if verdict.status is Status.FAIL]
    found_at = _AS_OF - timedelta(days=9)
    return [
        Finding(
            f"F{number:06d}", verdict, FindingState.NOTIFIED, found_at, _AS_OF, None, date(2026, 11, 20 + number % 9),
            (FindingEvent(found_at, "gongkai", "opened", "核查发现"), FindingEvent(found_at, "gongkai", "notified", "已通知")),
        )
        for number, verdict in enumerate(failed, 1)
    ]  # fmt: skip


def _facts(site: str) -> SiteFacts:
    at = _AS_OF - timedelta(hours=5)
    return SiteFacts(site, at, CrawlState.COMPLETE, None, at, 40, 800, 6, 2, 1, 20, 6, 3)


def _past(week: str, site: str, number: int, scheme: str) -> WeekFigures:
    score = round(70 + (number * 13 + int(week[-2:]) * 7) % 300 / 10, 1)
    return WeekFigures(week, site, scheme, Standing.GRADED, score, score, "良好", number % 100 + 1, 95.0, 12.0, 5, 6)


if __name__ == "__main__":
    main()
