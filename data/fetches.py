"""What was asked of a site lately, from the stored fetches."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from data.database import Database
from data.models import CrawlRow, FetchRow

_LONGEST_CRAWL = timedelta(days=3)  # a crawl that is taken up again goes on under its first start


def requests_since(database: Database, site: str, since: datetime, until: datetime) -> int:
    """How many requests of live crawls of a site are stored between two moments."""
    with database.session() as session:
        return session.execute(
            select(func.count())
            .select_from(FetchRow)
            .join(CrawlRow, CrawlRow.id == FetchRow.crawl_id)
            .where(
                CrawlRow.site == site,
                CrawlRow.replayed.is_(False),
                CrawlRow.started_at > since - _LONGEST_CRAWL,
                FetchRow.at >= since,
                FetchRow.at <= until,
            )
        ).scalar_one()


def failed_since(database: Database, site: str, url: str, since: datetime) -> bool:
    """Whether an address, exactly as written, was asked for since a moment and gave no answer the last time."""
    with database.session() as session:
        last = session.execute(
            select(FetchRow.status)
            .join(CrawlRow, CrawlRow.id == FetchRow.crawl_id)
            .where(CrawlRow.site == site, CrawlRow.started_at > since - _LONGEST_CRAWL, FetchRow.at >= since, FetchRow.url == url)
            .order_by(FetchRow.id.desc())
            .limit(1)
        ).first()
    return last is not None and last[0] is None
