"""`gongkai crawl` and `gongkai probe`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from cli.options import SiteOption
from cli.session import Session, verb
from crawler.archive import ArchiveReader
from crawler.run import AT_ONCE, Report, SiteProgress, crawl_sites
from data.reading import last_crawls, last_probes
from data.records import Crawl, CrawlState
from data.registry import Site

_BARS = 20  # as many as a terminal has room for


@verb
def crawl(
    session: Session,
    site: SiteOption = None,
    replay: Annotated[
        Path | None,
        typer.Option("--replay", metavar="WARC", help="Answer every request from this archive, or folder of archives; no network."),
    ] = None,
    at_once: Annotated[int, typer.Option("--sites-at-once", min=1, max=200, help="Sites crawled side by side.")] = AT_ONCE,
) -> int:
    """Crawl every site (or those named); takes up what an interrupted crawl left."""
    return crawl_round(session, session.sites(site), replay=replay, at_once=at_once)


def crawl_round(session: Session, sites: Sequence[Site], *, replay: Path | None = None, at_once: int = AT_ONCE) -> int:
    """Crawl, say how it went, and give the exit status."""
    archive = ArchiveReader(replay, session.config.now) if replay is not None else None
    for file in archive.cut if archive is not None else ():
        session.errors.print(f"{file}: ends in the middle of a record; read up to there")
    with site_bars(session, sites) as report:
        errors = crawl_sites(session.config, session.registry, sites, session.database, replay=archive, at_once=at_once, report=report)
    crawls = last_crawls(session.database, [one.id for one in sites])
    for one in sites:
        session.console.print(_line(one, crawls.get(one.id), errors.get(one.id)))
    for error in errors.values():
        session.errors.print(error)
    unseen = [one for one in sites if one.id in errors or one.id not in crawls or crawls[one.id].state is CrawlState.BLOCKED]
    return 3 if unseen else 0


def _line(site: Site, crawl: Crawl | None, error: str | None) -> str:
    if error is not None or crawl is None:
        return f"{site.id}: not crawled"
    why = f" ({crawl.reason})" if crawl.reason else ""
    faults = ", ".join(f"{key} {count}" for key, count in sorted(crawl.faults.items(), key=lambda pair: -pair[1])[:4])
    return f"{site.id}: {crawl.state}{why}, {crawl.requests} requests{f'; not read: {faults}' if faults else ''}"


@contextmanager
def site_bars(session: Session, sites: Sequence[Site]) -> Iterator[Report]:
    """One bar for the sites together and one for each that is being read; quiet where the output is no terminal."""
    bars = Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=28), MofNCompleteColumn(), TextColumn("{task.fields[note]}"), TimeElapsedColumn(),
        console=session.errors, disable=not session.errors.is_terminal, transient=True,
    )  # fmt: skip
    with bars:
        whole = bars.add_task("sites", total=len(sites), note="")
        running: dict[str, TaskID] = {}

        def report(progress: SiteProgress) -> None:
            if progress.ended:
                bars.advance(whole)
                if progress.site in running:
                    bars.remove_task(running.pop(progress.site))
                return
            if progress.site not in running and len(running) < _BARS:
                running[progress.site] = bars.add_task(progress.site, total=None, note="")
            if progress.site in running:
                total = max(progress.asked, progress.answered)
                bars.update(
                    running[progress.site], completed=progress.answered, total=total or None, note=f"{progress.documents} documents"
                )

        yield report


@verb
def probe(session: Session, site: SiteOption = None) -> int:
    """Visit each home page once, to see whether it opens (site-reachable needs 20 spaced visits a day)."""
    sites = session.sites(site)
    with site_bars(session, sites) as report:
        errors = crawl_sites(session.config, session.registry, sites, session.database, spider="availability", at_once=50, report=report)
    for site_id, last in last_probes(session.database, [one.id for one in sites]).items():
        session.console.print(f"{site_id}: {'opens' if last.ok else last.reason} after {last.elapsed_seconds:.2f} s")
    for error in errors.values():
        session.errors.print(error)
    return 3 if errors else 0
