"""Crawling: our whole pipeline beside a bare Scrapy spider on the same sites: `python -m benchmarks.crawl [--documents N] [--sizes N …] [--days N]`.

The sites are served by a process of their own, each crawl is a process of its own, the two kinds take turns. The bare spider follows
the same links: lxml, links told apart before a Request is made, CONCURRENT_ITEMS 4; it reads nothing, archives nothing, stores nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urljoin, urlsplit

_FIRST = datetime.fromisoformat("2026-11-20T09:00:00+08:00")
_CONCURRENCY = 8


@dataclass(frozen=True, slots=True)
class Measured:
    """One process: pages answered, seconds it took to crawl, its CPU seconds, its peak memory."""

    pages: int
    seconds: float
    cpu_seconds: float
    peak_mib: float

    @property
    def rate(self) -> float:
        return self.pages / self.seconds


# --- what is measured, each in a process of its own -------------------------------------------------


def crawl_fully(homes: Sequence[str], state: Path, day: int) -> int:
    """Our crawl of the sites at once; gives the requests it made."""
    from crawler.run import crawl_sites
    from data.config import RunConfig
    from data.database import Database
    from data.reading import last_crawls
    from data.registry import Registry

    sites = [
        {
            "id": f"site-{urlsplit(home).hostname}".replace(".", "-"), "name": "示例区人民政府", "profile": "district-portal", "home": home,
            "crawl": {"delay": 0, "concurrency": _CONCURRENCY, "render": "never", "max_pages": 200_000, "daily_budget": 1_000_000},
        }
        for home in homes
    ]  # fmt: skip
    registry = Registry.model_validate({"version": 1, "sites": sites})
    database = Database.open(f"sqlite:///{state / 'gongkai.sqlite'}")
    config = RunConfig(state, "", None, _FIRST + timedelta(days=day - 1))
    errors = crawl_sites(config, registry, registry.sites, database, at_once=len(homes))
    assert errors == {}, errors
    crawls = last_crawls(database, [site.id for site in registry.sites])
    assert all(crawl.state == "complete" for crawl in crawls.values()), crawls
    database.close()
    return sum(crawl.requests for crawl in crawls.values())


def crawl_barely(homes: Sequence[str]) -> int:
    """The bare spider on the sites at once; gives the requests it made."""
    import asyncio

    import lxml.html
    import scrapy
    from scrapy.crawler import AsyncCrawlerRunner
    from scrapy.utils.reactor import install_reactor

    class Bare(scrapy.Spider):
        name = "bare"

        def __init__(self, home: str) -> None:
            super().__init__()
            self.home, self.host, self.known = home, urlsplit(home).netloc, {home}

        async def start(self) -> AsyncIterator[scrapy.Request]:
            yield scrapy.Request(self.home, dont_filter=True)

        def parse(self, response: Any, **_kwargs: Any) -> Iterator[scrapy.Request]:
            for element in lxml.html.fromstring(response.body).iter("a"):
                url = urljoin(response.url, element.get("href") or "")
                if url not in self.known and urlsplit(url).netloc == self.host:
                    self.known.add(url)
                    yield scrapy.Request(url, dont_filter=True)

    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    settings = {
        "LOG_ENABLED": False, "CONCURRENT_ITEMS": 4, "CONCURRENT_REQUESTS": _CONCURRENCY + 1, "CONCURRENT_REQUESTS_PER_DOMAIN": _CONCURRENCY,
        "REMOTE_CONTROL_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "ROBOTSTXT_OBEY": True, "DOWNLOAD_DELAY": 0,
    }  # fmt: skip
    runner = AsyncCrawlerRunner(settings)

    async def every() -> int:
        crawlers = [runner.create_crawler(Bare) for _ in homes]
        await asyncio.gather(*(runner.crawl(crawler, home=home) for crawler, home in zip(crawlers, homes, strict=True)))
        return sum(int(crawler.stats.get_value("response_received_count", 0)) for crawler in crawlers if crawler.stats is not None)

    from twisted.internet import reactor

    reactor.startRunning(installSignalHandlers=False)
    return asyncio.get_event_loop().run_until_complete(every())


def child(arguments: argparse.Namespace) -> None:
    """Measure one crawl and print it."""
    import scrapy.crawler  # noqa: F401 - loading is not crawling

    import spiders.disclosure  # noqa: F401

    started, cpu = time.perf_counter(), time.process_time()
    bare = arguments.child == "bare"
    pages = crawl_barely(arguments.home) if bare else crawl_fully(arguments.home, Path(arguments.state), arguments.day)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps([pages, time.perf_counter() - started, time.process_time() - cpu, usage.ru_maxrss / 1024]), flush=True)
    os._exit(0)  # the reactor's threads would hold the process


# --- the measuring ----------------------------------------------------------------------------------


@contextmanager
def sites(documents: int, count: int) -> Iterator[list[str]]:
    """Sites served by a process of their own."""
    command = [sys.executable, "-m", "benchmarks.static_site", str(documents), str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield [server.stdout.readline().strip() for _ in range(count)]
        finally:
            server.terminate()


def start(kind: str, homes: Sequence[str], state: Path, day: int = 1) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.crawl", "--child", kind, "--state", str(state), "--day", str(day)]
    return subprocess.Popen([*command, *(f"--home={home}" for home in homes)], stdout=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> Measured:
    out, _ = process.communicate()
    assert process.returncode == 0, "the crawl broke"
    return Measured(*json.loads(out.splitlines()[-1]))


def together(measured: Sequence[Measured]) -> Measured:
    """Several processes side by side as one."""
    return Measured(
        sum(one.pages for one in measured), max(one.seconds for one in measured), sum(one.cpu_seconds for one in measured),
        sum(one.peak_mib for one in measured),
    )  # fmt: skip


def middle(rounds: Sequence[Measured]) -> Measured:
    return next(one for one in sorted(rounds, key=lambda one: one.rate) if one.rate >= median(other.rate for other in rounds))


def compare(folder: Path, documents: int, rounds: int) -> None:
    """Full and bare in turn, on one, two and four sites at once, in one process and in one for each core."""
    rates: dict[tuple[str, int, bool], float] = {}
    print(f"\n| sites of {documents} documents | full pages/s | bare pages/s | full / bare | by CPU | full MiB | bare MiB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for count, split in ((1, False), (2, False), (4, False), (2, True)):
        with sites(documents, count) as homes:
            taken: dict[str, list[Measured]] = {"full": [], "bare": []}
            for number in range(rounds):
                for kind, results in taken.items():
                    groups = [[home] for home in homes] if split else [homes]
                    states = [folder / f"{kind}-{count}-{split}-{number}-{group}" for group in range(len(groups))]
                    results.append(together([ended(one) for one in [start(kind, *pair) for pair in zip(groups, states, strict=True)]]))
                    for state in states:
                        shutil.rmtree(state, ignore_errors=True)
        full, bare = middle(taken["full"]), middle(taken["bare"])
        rates["full", count, split], rates["bare", count, split] = full.rate, bare.rate
        name = f"{count} in {count} processes" if split else f"{count} in one process"
        by_cpu = (full.pages / full.cpu_seconds) / (bare.pages / bare.cpu_seconds)
        print(
            f"| {name} | {full.rate:.0f} | {bare.rate:.0f} | {full.rate / bare.rate:.2f} | {by_cpu:.2f} | {full.peak_mib:.0f} | {bare.peak_mib:.0f} |",
            flush=True,
        )
    print(f"two sites, full in 2 processes over bare in one: {rates['full', 2, True] / rates['bare', 2, False]:.2f}", flush=True)


def second_day(folder: Path, sizes: Sequence[int], days: int) -> None:
    """What the next day costs where nothing changed, and how memory grows with a site."""
    print("\n| documents | requests, day 1 | day 2 | share | day 2 s | day 1 pages/s | peak MiB, day 1 | day 2 |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for documents in sizes:
        state = folder / f"day-{documents}"
        with sites(documents, 1) as homes:
            first, second = (ended(start("full", homes, state, day)) for day in (1, 2))
            later = [ended(start("full", homes, state, day)).pages for day in range(3, days + 1)]
        shutil.rmtree(state, ignore_errors=True)
        print(
            f"| {documents} | {first.pages} | {second.pages} | {second.pages / first.pages:.1%} | {second.seconds:.1f} | {first.rate:.0f} |"
            f" {first.peak_mib:.0f} | {second.peak_mib:.0f} |",
            flush=True,
        )
        if later:
            print(f"days 3 to {days}, requests: {', '.join(map(str, later))}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=600, help="of each site that both kinds crawl")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="*", default=[600, 2000, 20000], help="documents of the sites of the second day")
    parser.add_argument("--days", type=int, default=2)
    parser.add_argument("--child", choices=("full", "bare"), help=argparse.SUPPRESS)
    parser.add_argument("--home", action="append", default=[], help=argparse.SUPPRESS)
    parser.add_argument("--state", help=argparse.SUPPRESS)
    parser.add_argument("--day", type=int, default=1, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        child(arguments)
        return
    print(f"{platform.machine()}, Python {platform.python_version()}, {date.today().isoformat()}")  # noqa: DTZ011 - the date of the measurement
    folder = Path(tempfile.mkdtemp(prefix="gongkai-bench-"))
    try:
        if arguments.rounds:
            compare(folder, arguments.documents, arguments.rounds)
        second_day(folder, arguments.sizes, arguments.days)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
