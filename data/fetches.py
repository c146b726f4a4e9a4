"""What was asked of a site lately: the count of each day, and the stored fetches."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select, update

from data.database import Database
from data.models import CrawlRow, FetchRow, RequestDayRow

_LONGEST_CRAWL = timedelta(days=3)  # a crawl that is taken up again goes on under its first start


def take(database: Database, site: str, day: date, wanted: int, most: int) -> int:
    """Take requests to a site from those that a day may have; gives how many were left, at most those wanted."""
    table = RequestDayRow
    with database.session() as session:
        session.execute(database.insert(table).values(site=site, day=day, taken=0).on_conflict_do_nothing())
        row = session.execute(select(table).where(table.site == site, table.day == day).with_for_update()).scalar_one()
        granted = max(0, min(wanted, most - row.taken))
        row.taken += granted
        return granted


def give_back(database: Database, site: str, day: date, unused: int) -> None:
    """Give back requests that were taken and not made."""
    with database.session() as session:
        session.execute(
            update(RequestDayRow).where(RequestDayRow.site == site, RequestDayRow.day == day).values(taken=RequestDayRow.taken - unused)
        )


def requests_on(database: Database, site: str, day: date) -> int:
    """How many requests a site had on a day: pages, robots.txt, tries of links, probes."""
    with database.session() as session:
        taken = session.execute(select(RequestDayRow.taken).where(RequestDayRow.site == site, RequestDayRow.day == day)).scalar()
    return taken or 0


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
