"""`gongkai demo`: the whole job, offline, on a simulated district."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from alerts.round import RoundReport
from cli.alert import send_round
from cli.crawl import crawl_round
from cli.judging import STATUS_ZH, check_round
from cli.scorecard import write_week
from cli.session import Session, verb
from data.catalogue import Rule
from data.config import RunConfig
from data.errors import ConfigurationError
from data.reading import site_columns, site_documents
from data.records import SHANGHAI, Confidence, Severity, Status, Verdict
from data.verdicts import latest_verdicts
from scorecards.week import Week
from simgov.district import District
from simgov.hook import Hook, receive
from simgov.registry import write_registry
from simgov.server import serve

_SEVERITY_ZH = {Severity.VETO: "否决", Severity.MAJOR: "主要", Severity.MINOR: "一般"}


@verb
def demo(
    session: Session,
    today: Annotated[
        str | None, typer.Option("--today", metavar="DATE", help="The day that the district is built for; default: today.")
    ] = None,
    keep_serving: Annotated[bool, typer.Option("--serve", help="Keep the district served until Ctrl-C, to look at it.")] = False,
) -> int:
    """The whole job, offline: a simulated district is crawled on two days, judged, alerted and scored."""
    began = time.monotonic()
    day = _day(today) or session.now.date()
    folder = session.config.state / "demo"
    _clear(folder)
    district = District.build(day)
    with receive(0) as hook, serve(district, district.first_crawl) as running:
        registry = write_registry(folder / "registry.yml", running, hook.port)
        session.console.print(f"模拟示例区已在本机 {len(district.served())} 个地址上运行；登记表：{registry}")
        for moment in (district.first_crawl, district.second_crawl):
            running.set_moment(moment)
            days = _on(session, folder, registry, moment)
            session.console.print(f"\n{moment:%Y-%m-%d %H:%M} 采集")
            crawl_round(days, days.sites(None), at_once=8)
            judged = check_round(days, days.scored(None))
            report = send_round(days)
            days.close()
        last = _on(session, folder, registry, district.second_crawl)
        _, paths = write_week(last, Week.of(last.now))
        _summarise(last, latest_verdicts(last.database), report, hook, paths)
        last.close()
        session.console.print(
            f"\n用时 {time.monotonic() - began:.0f} 秒。再看：./gongkai --registry {registry} --state {folder} --now {last.now.isoformat()} findings"
        )
        if keep_serving:
            session.console.print("模拟区仍在运行，按 Ctrl-C 结束")
            while True:
                time.sleep(3600)
    return 4 if judged.errors else 0


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ConfigurationError(f"--today {text}: no date; write e.g. 2026-11-22") from None


def _clear(folder: Path) -> None:
    """Begin afresh; only a folder that a demo made is ever removed."""
    marker = folder / ".demo"
    if folder.exists() and not marker.exists():
        raise ConfigurationError(f"{folder}: exists and was not made by a demo; give another state folder with --state DIR")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    marker.touch()


def _on(session: Session, folder: Path, registry: Path, moment: datetime) -> Session:
    """The session of one simulated day."""
    config = RunConfig(folder, f"sqlite:///{folder / 'gongkai.sqlite'}", registry, moment.astimezone(SHANGHAI), session.config.debug)
    return replace(session, config=config)


def _summarise(session: Session, verdicts: Sequence[Verdict], report: RoundReport, hook: Hook, paths: Sequence[Path]) -> None:
    say = session.console.print
    columns = sum(len(site_columns(session.database, site, session.now)) for site in session.registry.sites)
    documents = sum(len(site_documents(session.database, site, session.now)) for site in session.registry.sites)
    counts = Counter(verdict.status for verdict in verdicts)
    confirmed = [verdict for verdict in verdicts if verdict.status is Status.FAIL and verdict.confidence is Confidence.CONFIRMED]
    suspected = sum(verdict.status is Status.FAIL for verdict in verdicts) - len(confirmed)
    say(f"\n站点 {len(session.registry.sites)}　栏目 {columns}　文件和信息 {documents}　结论 {len(verdicts)}")
    say("　".join(f"{STATUS_ZH[status]} {counts[status]}" for status in Status))
    say(f"确认的问题 {len(confirmed)} 项" + (f"，待再次观测确认 {suspected} 项（不通知）" if suspected else ""))
    say(_table(session, confirmed))
    say(f"\n通知：本机接收端收到 {len(hook.received)} 条；最近一轮送达 {report.count('sent')} 条，失败 {len(report.failed)} 条")
    for path in paths:
        say(f"报告：{path}")


def _table(session: Session, confirmed: Sequence[Verdict]) -> Table:
    names = {site.id: site.name for site in session.registry.sites}
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading, width in (("单位", 14), ("程度", 4), ("问题", None), ("依据", 30)):
        table.add_column(heading, width=width, overflow="fold")
    for verdict in confirmed:
        table.add_row(
            Text(names[verdict.site]),
            _SEVERITY_ZH[verdict.severity],
            Text(verdict.message),
            Text(_clause(session.rules[verdict.rule], verdict)),
        )
    return table


def _clause(rule: Rule, verdict: Verdict) -> str:
    return f"{rule.title_zh}：{verdict.clauses[0].source} {verdict.clauses[0].clause}" if verdict.clauses else rule.title_zh
