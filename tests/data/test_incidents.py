"""One outage behind many sites is one incident; sites that fail apart are none."""

from __future__ import annotations

from typing import Any

from data.incidents import incidents
from data.records import Crawl, CrawlState, Home
from data.registry import Registry
from tests.support.sites import moment

HOMES = {
    "portal": "http://www.shili.gov.cn/",
    "bureau": "http://jyj.shili.gov.cn/",
    "town": "http://www.shili.gov.cn/xz/",
    "county": "http://www.linxian.gov.cn/",
    "stranger": "http://www.waidi.gov.cn/",
}
SITES = Registry.model_validate(
    {
        "version": 1,
        "sites": [
            {"id": name, "name": name, "profile": "town", "home": home, **({"parent": "portal"} if name == "town" else {})}
            for name, home in HOMES.items()
        ],
    }
).sites


def crawl(number: int, site: str, reason: str | None, day: str = "2026-11-21", state: CrawlState = CrawlState.BLOCKED) -> Crawl:
    return Crawl(number, site, moment(day), moment(day), state, reason)


def home(site: str, address: str) -> Home:
    return Home(HOMES[site], moment("2026-11-21"), None, False, "blocked-challenge", (), 0, (f"address:{address}",))


def found(*crawls: Crawl, **addresses: str) -> list[tuple[Any, ...]]:
    homes = {site: home(site, address) for site, address in addresses.items()}
    return [(one.reason, one.shared, one.sites, one.crawls) for one in incidents(crawls, SITES, homes)]


def test_sites_of_one_domain_turned_away_alike_are_one_incident() -> None:
    assert found(
        crawl(1, "portal", "blocked-challenge"), crawl(2, "bureau", "blocked-challenge"), crawl(3, "town", "blocked-challenge")
    ) == [("blocked-challenge", ("domain:shili.gov.cn", "portal:portal"), ("portal", "bureau", "town"), (1, 2, 3))]


def test_one_front_end_joins_sites_of_different_domains() -> None:
    crawls = (crawl(1, "portal", "blocked-challenge"), crawl(2, "county", "blocked-challenge"), crawl(3, "stranger", "blocked-challenge"))
    assert found(*crawls, portal="1.2.3.4", county="1.2.3.4", stranger="5.6.7.8") == [
        ("blocked-challenge", ("address:1.2.3.4",), ("portal", "county"), (1, 2))
    ]


def test_what_joins_two_groups_makes_one() -> None:
    crawls = (crawl(1, "bureau", "timeout"), crawl(2, "county", "timeout"), crawl(3, "portal", "timeout"))
    ((_, shared, sites, _),) = found(*crawls, portal="1.2.3.4", county="1.2.3.4")
    assert (shared, sites) == (("address:1.2.3.4", "domain:shili.gov.cn"), ("portal", "bureau", "county"))


def test_other_reasons_and_other_days_stand_apart() -> None:
    assert found(crawl(1, "portal", "blocked-challenge"), crawl(2, "bureau", "timeout")) == []
    assert found(crawl(1, "portal", "timeout"), crawl(2, "bureau", "timeout", "2026-11-22")) == []
    assert found(crawl(1, "portal", "timeout"), crawl(2, "stranger", "timeout")) == []


def test_what_a_site_does_by_itself_is_no_incident() -> None:
    assert found(crawl(1, "portal", "identity-mismatch"), crawl(2, "bureau", "identity-mismatch")) == []
    assert found(crawl(1, "portal", "robots-disallowed"), crawl(2, "bureau", "robots-disallowed")) == []
    assert found(crawl(1, "portal", "timeout", state=CrawlState.INCOMPLETE), crawl(2, "bureau", "timeout")) == []
    assert found(crawl(1, "portal", None, state=CrawlState.COMPLETE), crawl(2, "bureau", None, state=CrawlState.COMPLETE)) == []


def test_a_crawl_that_was_broken_off_by_blocks_belongs_to_it() -> None:
    crawls = (crawl(1, "portal", "blocked-challenge", state=CrawlState.INCOMPLETE), crawl(2, "bureau", "blocked-challenge"))
    assert [one[2] for one in found(*crawls)] == [("portal", "bureau")]


def test_one_site_tried_twice_is_no_incident() -> None:
    assert found(crawl(1, "portal", "timeout"), crawl(2, "portal", "timeout")) == []
    ((_, _, sites, crawls),) = found(crawl(1, "portal", "timeout"), crawl(2, "portal", "timeout"), crawl(3, "bureau", "timeout"))
    assert (sites, crawls) == (("portal", "bureau"), (2, 3))
