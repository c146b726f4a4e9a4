"""Which addresses are public, and whom a crawl may follow there."""

from __future__ import annotations

import asyncio

import pytest
from scrapy.exceptions import CannotResolveHostError

from crawler.addresses import AddressBook, PrivateAddressError, is_public
from crawler.budget import DayBudget
from crawler.manners import Manners, Traffic, other_scheme
from crawler.pacing import Pacer
from data.database import Database
from data.registry import Registry
from data.urls import registrable
from tests.support.sites import moment


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("202.106.0.20", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::808:808", True),
        ("2002:7f00:1::", False),
    ],
)
def test_public(address: str, public: bool) -> None:
    assert is_public(address) is public


NAMES = {
    "www.example.gov.cn": ("202.106.0.20",),
    "zwgk.example.gov.cn": ("202.106.0.20", "10.0.0.5"),
    "rebound.example.gov.cn": ("127.0.0.1",),
    "www.inside.gov.cn": ("10.0.0.7",),
    "zwgk.inside.gov.cn": ("10.0.0.8",),
    "elsewhere.example.com": ("10.0.0.9",),
}


async def look_up(host: str) -> tuple[str, ...]:
    if host not in NAMES:
        raise CannotResolveHostError(host)
    return NAMES[host]


def manners(home: str) -> Manners:
    registry = Registry.model_validate({"version": 1, "sites": [{"id": "unit", "name": "区", "profile": "town", "home": home}]})
    budget = DayBudget(Database.open("sqlite:///:memory:"), "unit", 1, lambda: moment("2026-11-21"))
    return Manners(registry.sites[0], registry, Traffic(Pacer(), AddressBook(look_up)), budget)


def where(home: str, *urls: str) -> list[tuple[str, ...] | str]:
    async def ask() -> list[tuple[str, ...] | str]:
        crawl, found = manners(home), list[tuple[str, ...] | str]()
        for url in urls:
            try:
                found.append(await crawl.addresses(url))
            except PrivateAddressError:
                found.append("refused")
        return found

    return asyncio.run(ask())


def test_a_public_site_leads_to_no_private_address() -> None:
    home = "http://www.example.gov.cn/"
    private = (
        "http://127.0.0.1/",
        "http://[::1]:8080/",
        "http://169.254.169.254/latest/",
        "http://10.0.0.1/",
        "http://rebound.example.gov.cn/",
    )
    assert where(home, home, *private) == [("202.106.0.20",)] + ["refused"] * len(private)


def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    assert where("http://www.example.gov.cn/", "http://zwgk.example.gov.cn/") == ["refused"]


def test_a_site_within_the_office_s_own_network_has_its_own_names_there() -> None:
    home = "http://www.inside.gov.cn/"
    found = where(home, home, "http://zwgk.inside.gov.cn/", "http://elsewhere.example.com/", "http://10.0.0.8/")
    assert found == [("10.0.0.7",), ("10.0.0.8",), "refused", "refused"]


def test_the_registry_vouches_for_a_host_and_its_port() -> None:
    home = "http://127.0.0.11:8080/"
    assert where(home, home, "http://127.0.0.11:6379/", "http://127.0.0.12:8080/") == [("127.0.0.11",), "refused", "refused"]


def test_a_connection_is_held_against_what_was_looked_up() -> None:
    crawl = manners("http://127.0.0.11:8080/")
    asyncio.run(crawl.addresses("http://127.0.0.11:8080/"))
    assert [crawl.connects(address) for address in ("127.0.0.11", "127.0.0.12", "10.0.0.1", "8.8.8.8")] == [True, False, False, True]


def test_a_name_is_looked_up_once_for_a_while() -> None:
    asked, now = list[str](), 0.0

    async def counted(host: str) -> tuple[str, ...]:
        asked.append(host)
        return ("8.8.8.8",)

    async def ask() -> None:
        nonlocal now
        book = AddressBook(counted, lambda: now)
        for second in (0.0, 299.0, 301.0):
            now = second
            assert await book.of("www.example.gov.cn") == ("8.8.8.8",)

    asyncio.run(ask())
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("host", "part"),
    [
        ("www.example.gov.cn", "example.gov.cn"),
        ("a.b.example.gov.cn", "example.gov.cn"),
        ("www.gov.cn", "www.gov.cn"),
        ("www.example.cn", "example.cn"),
        ("example.com", "example.com"),
        ("10.1.2.3", "10.1.2.3"),
        ("::1", "::1"),
        ("localhost", "localhost"),
    ],
)
def test_registrable(host: str, part: str) -> None:
    assert registrable(host) == part


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("http://www.example.gov.cn/zwgk/", "https://www.example.gov.cn/zwgk/"),
        ("https://www.example.gov.cn/", "http://www.example.gov.cn/"),
        ("https://www.example.gov.cn:443/", "http://www.example.gov.cn/"),
        ("http://www.example.gov.cn:8080/", "https://www.example.gov.cn:8080/"),
    ],
)
def test_other_scheme(url: str, other: str) -> None:
    assert other_scheme(url) == other
