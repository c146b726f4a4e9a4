"""How our watching of each site goes: when it began, when it last saw something, since when it sees nothing. The only SQL of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from data.database import Database
from data.ledger import parts
from data.models import CrawlRow
from data.records import CrawlState

_HANGING = timedelta(hours=24)  # a crawl that began so long ago and has not ended died
_READ = (CrawlState.COMPLETE.value, CrawlState.INCOMPLETE.value)


@dataclass(frozen=True, slots=True)
class Watch:
    """The crawls of one site in short; rechecks and replays left out."""

    first_at: datetime  # when its first crawl began
    last_read_at: datetime | None  # when the last crawl that saw something ended
    failing_since: datetime | None = None  # when the first of the failed crawls since then began
    reason: str | None = None  # why the last of them failed


def watches(database: Database, sites: Iterable[str], now: datetime) -> dict[str, Watch]:
    """Each site's watch by now; a site that was never crawled is left out."""
    counted = CrawlRow.partial.is_(False) & CrawlRow.replayed.is_(False) & (CrawlRow.started_at <= now)
    interrupted = func.coalesce(CrawlRow.reason, "") == "interrupted"
    found: dict[str, Watch] = {}
    with database.session() as session:
        for part in parts(list(sites)):
            mine = counted & CrawlRow.site.in_(part)
            began = select(CrawlRow.site, func.min(CrawlRow.started_at)).where(mine).group_by(CrawlRow.site)
            first = dict(session.execute(began).all())
            seen = mine & CrawlRow.state.in_(_READ) & ~interrupted & (CrawlRow.finished_at <= now)
            last = select(CrawlRow.site, func.max(CrawlRow.id)).where(seen).group_by(CrawlRow.site)
            read = dict(session.execute(last).all())
            ended = {row.site: row.finished_at for row in session.scalars(select(CrawlRow).where(CrawlRow.id.in_(list(read.values()))))}
            broken = (CrawlRow.state == CrawlState.BLOCKED.value) | interrupted | CrawlRow.finished_at.is_(None)
            failed: dict[str, list[CrawlRow]] = {}
            recent = select(CrawlRow).where(mine, broken, CrawlRow.started_at > now - timedelta(days=60)).order_by(CrawlRow.id)
            for row in session.scalars(recent):
                running = row.finished_at is None and now - row.started_at <= _HANGING
                if row.id > read.get(row.site, 0) and not running:
                    failed.setdefault(row.site, []).append(row)
            for site, first_at in first.items():
                rows = failed.get(site, [])
                reason = (rows[-1].reason or "interrupted") if rows else None
                found[site] = Watch(first_at, ended.get(site), rows[0].started_at if rows else None, reason)
    return found
