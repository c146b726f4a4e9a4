"""A round of alerting over many sites: `python -m benchmarks.alert [sites] [findings a site]`.

Nothing is sent: what is measured is the ledger brought up to date, the notices planned and rendered, and the outbox filled, on SQLite
in a temporary folder. Four rounds: every finding is new; a day later; a third of them fall due at once; half are mended.
"""

from __future__ import annotations

import platform
import resource
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from alerts.round import run_round
from data.catalogue import load_rules
from data.database import Database
from data.records import SHANGHAI, Clause, Confidence, Evidence, Severity, Status, Subject, SubjectKind, Verdict
from data.registry import Contact, Level, Profile, Registry, Site

_FIRST = datetime(2026, 11, 2, 10, 0, tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class Row:
    round: str
    wall_seconds: float
    cpu_seconds: float
    messages: int
    characters: int


def main() -> None:
    sites, each = (int(word) for word in [*sys.argv[1:], "1000", "20"][:2])
    rules = load_rules()
    registry = _registry(sites)
    verdicts = _verdicts(registry, each)
    folder = Path(tempfile.mkdtemp(prefix="gongkai-bench-"))
    rows = []
    try:
        database = Database.open(f"sqlite:///{folder / 'gongkai.sqlite'}")
        mended = {id(verdict) for verdict in verdicts[::2]}
        for name, day, status in (
            ("all new", 0, Status.FAIL),
            ("a day later", 1, Status.FAIL),
            ("a third overdue", 8, Status.FAIL),
            ("half of them mended", 9, Status.PASS),
        ):
            now = _FIRST + timedelta(days=day)
            judged = [_on(verdict, now, status if id(verdict) in mended else Status.FAIL) for verdict in verdicts]
            wall, cpu = time.perf_counter(), time.process_time()
            report = run_round(database, registry, rules, judged, now, send=False)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            fresh = report.messages[-report.enqueued :] if report.enqueued else ()
            rows.append(Row(name, wall, cpu, report.enqueued, sum(len(message.body) for message in fresh)))
        database.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{platform.machine()}, Python {platform.python_version()}, {date.today().isoformat()}; {sites} sites, {len(verdicts)} findings")  # noqa: DTZ011 - the date of the measurement
    print("| round | wall s | CPU s | messages | characters |\n| --- | ---: | ---: | ---: | ---: |")
    for row in rows:
        print(f"| {row.round} | {row.wall_seconds:.1f} | {row.cpu_seconds:.1f} | {row.messages} | {row.characters} |")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def _registry(sites: int) -> Registry:
    """Every third site shares its administrator with the next one."""
    return Registry(
        version=1,
        region="示例市",
        sites=tuple(
            Site(
                id=f"unit-{number}",
                name=f"示例区第{number}局",
                level=Level.COUNTY,
                profile=Profile.DEPARTMENT,
                home=f"http://unit-{number}.example.gov.cn/",
                administrators=(Contact(role="网站管理员", channels=(f"json://127.0.0.1:9/{number - number % 3 // 2}",)),),
            )
            for number in range(sites)
        ),
        supervisors=(Contact(role="政务公开办", channels=("json://127.0.0.1:9/supervisor",)),),
    )


def _verdicts(registry: Registry, each: int) -> list[Verdict]:
    known = sorted(load_rules())
    found = []
    for site in registry.sites:
        for number in range(each):
            rule = load_rules()[known[number % len(known)]]
            url = f"{site.home}zwgk/{number}.html"
            found.append(
                Verdict(
                    rule=rule.id,
                    site=site.id,
                    status=Status.FAIL,
                    severity=Severity.MAJOR,
                    confidence=Confidence.CONFIRMED,
                    subject=Subject(SubjectKind.DOCUMENT, url, f"{site.name}关于第{number}号事项的通知"),
                    reason="missing",
                    message=f"“{site.name}关于第{number}号事项的通知”截至目前未见公开，请核实。",
                    as_of=_FIRST,
                    clauses=tuple(Clause(clause.source, clause.clause, clause.quote or "") for clause in rule.clauses if clause.citable),
                    evidence=(Evidence(f"{site.home}zwgk/", _FIRST, "ab" * 32, "读完整个栏目，共3页60条"),),
                )
            )
    return found


def _on(verdict: Verdict, now: datetime, status: Status) -> Verdict:
    evidence = tuple(replace(one, observed_at=now) for one in verdict.evidence)
    return replace(verdict, as_of=now, status=status, evidence=evidence)


if __name__ == "__main__":
    main()
