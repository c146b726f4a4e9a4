"""A crawl that waits long keeps its site all the same, and one that has lost it stops."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
from sqlalchemy import select, update

from data.database import Database
from data.models import SiteRow
from tests.support.pages import listing, nav, page, titles
from tests.support.sites import Asked, Crawls, served

HOME = page("示例区人民政府", nav([("/zwgk/zcwj/", "政策文件")]))


def lease(database: Database) -> datetime | None:
    with database.reading() as session:
        return session.execute(select(SiteRow.lease_until)).scalar_one()


def seized(database: Database) -> None:
    """Another process takes the site."""
    with database.session() as session:
        session.execute(update(SiteRow).values(fence=SiteRow.fence + 1))


def test_the_lease_is_renewed_while_nothing_is_stored(crawl: Crawls, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that comes only when the lease was renewed."""
    monkeypatch.setattr("crawler.lease._EVERY_SECONDS", 0.05)
    renewed: list[bool] = []

    def home(asked: Asked) -> str:
        before, patience = lease(crawl.database), threading.Event()
        for _ in range(500):
            if lease(crawl.database) != before:
                renewed.append(True)
                break
            patience.wait(0.01)
        return HOME

    with served({"/": home}) as site:
        assert crawl(site.base + "/").errors == {}
        assert renewed == [True]


@pytest.mark.parametrize("beats", [True, False], ids=["while-it-waits", "at-its-end"])
def test_a_crawl_whose_site_was_taken_stops_and_stores_nothing_more(beats: bool, crawl: Crawls, monkeypatch: pytest.MonkeyPatch) -> None:
    if beats:
        monkeypatch.setattr("crawler.lease._EVERY_SECONDS", 0.01)

    def column(asked: Asked) -> str:
        seized(crawl.database)
        return listing("政策文件", titles(3))

    with served({"/": HOME, "/zwgk/zcwj/": column}) as site:
        one = crawl(site.base + "/")
        assert one.view.columns == ()
        assert one.view.crawls == ()
