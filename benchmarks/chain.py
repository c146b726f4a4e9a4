"""The whole chain on the simulated district, step by step: `python -m benchmarks.chain`.

Prints wall and CPU seconds of each step, requests and their second-day share, and the process's peak memory.
The district is served by the same process, so its work is in the figures.
"""

from __future__ import annotations

import platform
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from alerts.round import run_round
from cli.judging import act_on, check_round
from cli.scorecard import write_week
from cli.session import Session
from crawler.run import crawl_sites
from data.catalogue import load_rules
from data.config import RunConfig
from data.reading import last_crawls
from scorecards.week import Week
from simgov.district import District
from simgov.hook import receive
from simgov.registry import write_registry
from simgov.server import serve


@dataclass(frozen=True, slots=True)
class Timing:
    step: str
    wall_seconds: float
    cpu_seconds: float
    note: str


def main() -> None:
    timings: list[Timing] = []
    folder = Path(tempfile.mkdtemp(prefix="gongkai-bench-"))
    try:
        district = District.build(date(2026, 11, 22))
        with receive(0) as hook, serve(district, district.first_crawl) as running:
            registry = write_registry(folder / "registry.yml", running, hook.port)
            requests = []
            for day, moment in enumerate((district.first_crawl, district.second_crawl), 1):
                running.set_moment(moment)
                config = RunConfig(folder, f"sqlite:///{folder / 'gongkai.sqlite'}", registry, moment)
                session = Session(config)
                with _timed(timings, f"crawl, day {day}") as note:
                    crawl_sites(config, session.registry, session.registry.sites, session.database, at_once=8)
                    crawls = last_crawls(session.database, [site.id for site in session.registry.sites])
                    requests.append(sum(crawl.requests for crawl in crawls.values()))
                    note.append(f"{requests[-1]} requests")
                with _timed(timings, f"check, day {day}") as note:
                    note.append(f"{check_round(session, session.scored(None)).verdicts} verdicts")
                with _timed(timings, f"alert, day {day}") as note:
                    report = run_round(session.database, session.registry, load_rules(), act_on(session), session.now)
                    note.append(f"{report.count('sent')} messages")
            with _timed(timings, "scorecard") as note:
                note.append(f"{len(write_week(session, Week.of(session.now))[1])} files")
            session.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{platform.machine()}, Python {platform.python_version()}, {date.today().isoformat()}")  # noqa: DTZ011 - the date of the measurement
    print("| step | wall s | CPU s | |\n| --- | ---: | ---: | --- |")
    for timing in timings:
        print(f"| {timing.step} | {timing.wall_seconds:.1f} | {timing.cpu_seconds:.1f} | {timing.note} |")
    print(f"second-day requests: {requests[1] / requests[0]:.0%} of the first day's")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


@contextmanager
def _timed(timings: list[Timing], step: str) -> Iterator[list[str]]:
    note: list[str] = []
    wall, cpu = time.perf_counter(), time.process_time()
    yield note
    timings.append(Timing(step, time.perf_counter() - wall, time.process_time() - cpu, ", ".join(note)))


if __name__ == "__main__":
    main()
