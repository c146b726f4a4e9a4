"""What home pages showed: a row a visit, and what they held once a content."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data.models import HomePageRow, HomeRow
from data.records import Home, Link, OutLink
from data.wire import from_wire, to_wire


def save_home(session: Session, site: str, crawl_id: int, home: Home) -> None:
    """Store a visit to the home page; of one crawl the last."""
    page: dict[str, Any] = {
        "links": to_wire(home.links), "footer": home.footer, "resources": list(home.resources), "outlinks": to_wire(home.outlinks),
    }  # fmt: skip
    key = hashlib.sha256(json.dumps(page, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    held = select(HomePageRow.id).where(HomePageRow.site == site, HomePageRow.content_hash == key)
    if session.execute(held).first() is None:
        session.add(HomePageRow(site=site, content_hash=key, page=page))
    session.execute(delete(HomeRow).where(HomeRow.site == site, HomeRow.crawl_id == crawl_id))
    session.add(
        HomeRow(
            site=site, crawl_id=crawl_id, at=home.observed_at, url=home.url, sha256=home.sha256, readable=home.readable, reason=home.reason,
            page_hash=key, image_only_links=home.image_only_links, marks=list(home.marks), metas=dict(home.metas), dated=home.dated,
            newest_on=home.newest_on,
        )
    )  # fmt: skip


def read_homes(session: Session, site: str, as_of: datetime) -> tuple[Home, ...]:
    """The visits to a site's home page by then, oldest first."""
    rows = (
        session.execute(select(HomeRow).where(HomeRow.site == site, HomeRow.at <= as_of).order_by(HomeRow.at, HomeRow.id)).scalars().all()
    )
    wanted = {row.page_hash for row in rows}
    pages: dict[str | None, tuple[tuple[Link, ...], str | None, tuple[str, ...], tuple[OutLink, ...]]] = {None: ((), None, (), ())}
    for held in session.execute(select(HomePageRow).where(HomePageRow.site == site)).scalars():
        if held.content_hash in wanted:  # built once, however many visits share it
            pages[held.content_hash] = (
                tuple(from_wire(Link, link) for link in held.page["links"]), held.page["footer"], tuple(held.page["resources"]),
                tuple(from_wire(OutLink, link) for link in held.page["outlinks"]),
            )  # fmt: skip
    homes = []
    for row in rows:
        links, footer, resources, outlinks = pages[row.page_hash]
        homes.append(
            Home(
                row.url, row.at, row.sha256, row.readable, row.reason, links, row.image_only_links, tuple(row.marks), row.metas or {},
                footer, resources, outlinks, row.dated, row.newest_on,
            )
        )  # fmt: skip
    return tuple(homes)
