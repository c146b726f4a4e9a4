"""What one site's crawl needs to know, built once: the site, its scope, the clock, the store, the archive."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crawler.archive import ArchiveReader, ArchiveWriter, Bodies
from crawler.budget import DayBudget
from crawler.clock import Clock, clock_of
from crawler.focus import Focus
from crawler.manners import Manners, Traffic
from crawler.scope import Scope
from crawler.settings import USER_AGENT
from data.catalogue import known_keys
from data.config import RunConfig, run_config
from data.database import Database
from data.errors import ConfigurationError
from data.fetches import failed_since
from data.known import Known
from data.records import SHANGHAI
from data.registry import Registry, Render, Site
from data.store import CrawlTicket, Store

if TYPE_CHECKING:
    from scrapy.settings import Settings


@dataclass(frozen=True, slots=True)
class RunParts:
    """What every crawl of a run shares. Scrapy copies its settings deeply; these are handed on as they are."""

    config: RunConfig
    registry: Registry
    database: Database
    replay: ArchiveReader | None
    focus: Mapping[str, Focus] = field(default_factory=dict)  # site -> what a recheck of it reads
    traffic: Traffic = field(default_factory=Traffic)

    @property
    def contact(self) -> str | None:
        """Whom the agent names: the environment's word, else the registry's."""
        return self.config.contact or self.registry.contact

    def manners(self, site: Site, clock: Clock) -> Manners:
        """How this site is to be treated, given what was asked of it today already."""
        return Manners(site, self.registry, self.traffic, DayBudget(self.database, site.id, site.crawl.daily_budget, clock))

    def __deepcopy__(self, memo: object) -> RunParts:
        return self


@dataclass(slots=True)
class CrawlContext:
    """One crawl of one site."""

    site: Site
    registry: Registry
    scope: Scope
    clock: Clock
    store: Store
    ticket: CrawlTicket
    known: Known
    bodies: Bodies
    has_copies: bool  # an earlier crawl left bytes to ask about, and this one may ask so
    archive: ArchiveWriter | None
    archive_file: str  # below the archive folder
    replay: ArchiveReader | None
    manners: Manners
    contact: str | None
    focus: Focus | None = None

    def silent_today(self, url: str) -> bool:
        """Whether an address, with its scheme, gave no answer on this day of the run's clock."""
        return failed_since(self.store.database, self.site.id, url, midnight(self.clock()))


def midnight(now: datetime) -> datetime:
    """When the day of a moment began in Asia/Shanghai."""
    return now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)


def load_registry(config: RunConfig) -> Registry:
    """The registry of this run. Raises ConfigurationError where none is named."""
    if config.registry is None:
        raise ConfigurationError("no registry: give --registry FILE or set GONGKAI_REGISTRY; `gongkai demo` shows one")
    return Registry.load(config.registry, **known_keys())


def open_context(settings: Settings, site_id: str, *, partial: bool = False) -> CrawlContext:
    """Begin a crawl of a site with what the settings hold, or the environment where Scrapy was called by itself.

    Raises ConfigurationError, SiteBusyError.
    """
    parts = run_parts(settings)
    config, registry, replay = parts.config, parts.registry, parts.replay
    site = registry.site(site_id)
    scope = Scope(site, registry)
    # What a replay sees was seen when it was archived: replaying it again is no second observation.
    clock = clock_of((replay.newest(scope.hosts) if replay else None) or config.now)
    store = Store(parts.database)
    ticket = store.begin(site.id, f"{socket.gethostname()}:{os.getpid()}", clock(), replayed=replay is not None, partial=partial)
    known = Known(parts.database, site.id)
    bodies = Bodies(config.archive, known.body, some=known.has_bodies())
    file = archive_file(ticket)
    archive = None
    if replay is None:
        archive = ArchiveWriter(config.archive / file, bodies.find)
        store.note_archive(ticket, file)
    return CrawlContext(
        site, registry, scope, clock, store, ticket, known, bodies, replay is None and not partial and known.has_copies(), archive, file,
        replay, parts.manners(site, clock), parts.contact, parts.focus.get(site.id),
    )  # fmt: skip


def run_parts(settings: Settings) -> RunParts:
    """What the run shares: from the settings, or from the environment where Scrapy was called by itself."""
    given: RunParts | None = settings.get("GONGKAI_RUN")
    if given is not None:
        return given
    config = run_config()
    return RunParts(config, load_registry(config), Database.open(config.database), None)


def archive_file(ticket: CrawlTicket) -> str:
    """The WARC file of a crawl, below the archive folder."""
    return f"{ticket.site}/{ticket.started_at:%Y%m%d-%H%M%S}-{ticket.crawl_id}.warc.gz"


def user_agent(contact: str | None) -> str:
    """How the agent names itself, with whom to ask about it."""
    return f"{USER_AGENT[:-1]}; {contact})" if contact else USER_AGENT


def site_settings(site: Site, *, replay: bool, browser: str | None, contact: str | None = None) -> dict[str, Any]:
    """Scrapy settings of one site's crawl, from its registry row."""
    settings: dict[str, Any] = {
        "CONCURRENT_REQUESTS_PER_DOMAIN": site.crawl.concurrency,
        # What the downloader holds already is asked for even where the site has turned us away: hold no more than is needed.
        "CONCURRENT_REQUESTS": site.crawl.concurrency + 1,
        "ROBOTSTXT_OBEY": site.crawl.obey_robots and not replay,
        "DOWNLOAD_TIMEOUT": site.crawl.timeout,
        "DOWNLOAD_MAXSIZE": site.crawl.max_bytes,
        "USER_AGENT": user_agent(contact),
    }
    if replay:
        handler = "crawler.replay.ReplayDownloadHandler"
        settings["DOWNLOAD_HANDLERS"] = {"http": handler, "https": handler}
        settings["RETRY_ENABLED"] = False
    elif browser is not None and site.crawl.render is not Render.NEVER:
        handler = "crawler.render.RenderingDownloadHandler"
        settings["DOWNLOAD_HANDLERS"] = {"http": handler, "https": handler}
        settings["PLAYWRIGHT_LAUNCH_OPTIONS"] = {"executable_path": browser}
        settings["PLAYWRIGHT_BROWSER_PROVIDER"] = "crawler.browser.SharedBrowserProvider"
        settings["PLAYWRIGHT_MAX_PAGES_PER_CONTEXT"] = 2
        settings["PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT"] = SHOWN_WITHIN
    return settings


SHOWN_WITHIN = 30_000  # ms: a page whose scripts take longer is taken as it came
