"""Crawl many sites in one process: a few at a time, each with its own Scrapy crawler, and say how far they are."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings
from scrapy.utils.reactor import install_reactor

from crawler import settings as project_settings
from crawler.archive import ArchiveReader
from crawler.context import RunParts
from crawler.focus import Focus
from crawler.manners import Traffic
from data.config import RunConfig
from data.database import Database
from data.errors import GongkaiError
from data.registry import Registry, Site

logger = logging.getLogger(__name__)

# At a request in a second and a half each, sixty sites are a third of what one process reads.
AT_ONCE = 60
_COLLECT_AFTER = 50_000  # objects
_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"


@dataclass(frozen=True, slots=True)
class SiteProgress:
    """How far one site's crawl is."""

    site: str
    asked: int
    answered: int
    documents: int
    ended: bool
    error: str | None = None


Report = Callable[[SiteProgress], None]


def crawl_sites(
    config: RunConfig,
    registry: Registry,
    sites: Sequence[Site],
    database: Database,
    *,
    replay: ArchiveReader | None = None,
    spider: str = "disclosure",
    at_once: int = AT_ONCE,
    focus: Mapping[str, Focus] | None = None,
    report: Report = lambda progress: None,
    traffic: Traffic | None = None,
) -> dict[str, str]:
    """Crawl the sites; gives site id -> error line for those that could not be begun or broke; `focus` is what rechecks read. Ctrl-C stops cleanly; the next run goes on."""
    loop = _loop()
    settings = _settings(RunParts(config, registry, database, replay, focus or {}, traffic or Traffic()))
    with _rarely_collecting():
        return loop.run_until_complete(_crawl_all(settings, spider, sites, at_once, report))


@contextmanager
def _rarely_collecting() -> Iterator[None]:
    """Leave what is loaded out of garbage collection, and collect seldom: reading pages makes many objects and hardly a cycle."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, before[1], before[2])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


async def _crawl_all(settings: Settings, spider: str, sites: Sequence[Site], at_once: int, report: Report) -> dict[str, str]:
    runner = AsyncCrawlerRunner(settings)
    gate = asyncio.Semaphore(at_once)
    errors: dict[str, str] = {}
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    stops: list[asyncio.Task[None]] = []

    def stop() -> None:
        stopping.set()
        stops.extend(loop.create_task(_stop(crawler)) for crawler in runner.crawlers)

    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop)
    try:
        await asyncio.gather(*(_crawl_one(runner, spider, site, gate, stopping, errors, report) for site in sites))
    finally:
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(name)
    if stopping.is_set():
        raise KeyboardInterrupt
    return errors


async def _stop(crawler: Crawler) -> None:
    await crawler.engine.close_spider_async(reason="shutdown")


async def _crawl_one(
    runner: AsyncCrawlerRunner,
    spider: str,
    site: Site,
    gate: asyncio.Semaphore,
    stopping: asyncio.Event,
    errors: dict[str, str],
    report: Report,
) -> None:
    async with gate:
        if stopping.is_set():
            return
        crawler = runner.create_crawler(spider)
        watcher = asyncio.get_running_loop().create_task(_watch(crawler, site.id, report))
        try:
            await runner.crawl(crawler, site=site.id)
        except GongkaiError as error:
            errors[site.id] = str(error)
        except Exception as error:  # one broken crawl must not end the others; it is reported, never swallowed
            logger.exception("crawl of %s broke", site.id)
            errors[site.id] = f"site {site.id}: our crawl broke ({type(error).__name__}: {error}); see the log, and report it"
        finally:
            watcher.cancel()
            report(_progress(crawler, site.id, ended=True, error=errors.get(site.id)))


async def _watch(crawler: Crawler, site: str, report: Report) -> None:
    while True:
        report(_progress(crawler, site, ended=False))
        await asyncio.sleep(0.2)


def _progress(crawler: Crawler, site: str, *, ended: bool, error: str | None = None) -> SiteProgress:
    spider: Any = crawler.spider
    if spider is None:
        return SiteProgress(site, 0, 0, 0, ended, error)
    return SiteProgress(site, spider.asked, spider.answered, spider.documents, ended, error)


def _settings(parts: RunParts) -> Settings:
    settings = Settings()
    settings.setmodule(project_settings, priority="project")
    settings.setdict({"GONGKAI_RUN": parts, "LOG_ENABLED": False}, priority="cmdline")
    return settings


_ready: list[asyncio.AbstractEventLoop] = []


def _loop() -> asyncio.AbstractEventLoop:
    """The event loop with Twisted's reactor on it, started once: a reactor cannot run twice, its loop can."""
    if not _ready:
        install_reactor(_REACTOR)
        from twisted.internet import reactor
        from twisted.python import log

        # What Twisted has to say goes where our logs go, not to the terminal.
        log.PythonLoggingObserver("twisted").start()  # type: ignore[no-untyped-call]
        # Twisted's name-resolving threads would otherwise hold the process at its end.
        reactor.getThreadPool().threadFactory = partial(threading.Thread, daemon=True)
        reactor.startRunning(installSignalHandlers=False)
        _ready.append(asyncio.get_event_loop())
    return _ready[0]
