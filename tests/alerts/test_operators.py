"""What the operator is told: many sites at once as one incident, each thing once, and how our watching is read from the crawls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from alerts.items import Audience, Untold
from alerts.operators import OperatorKind, OperatorNotice, from_watches, unsaid, untold
from data.database import Database
from data.records import CrawlState
from data.registry import Registry
from data.store import Store
from data.watch import Watch, watches
from tests.alerts.builders import at, make_registry, make_site

NOW = at("2026-11-10")
HOMES = {
    "a1": "http://www.a.gov.cn/", "a2": "http://edu.a.gov.cn/", "b": "http://www.b.gov.cn/", "c": "http://10.0.0.1/c/", "d": "http://10.0.0.1/d/",
    "e": "http://e.gov.cn/", "f": "http://f.gov.cn/", "g": "http://g.gov.cn/",
}  # fmt: skip


def registry(**notices: Any) -> Registry:
    sites = [make_site(name, name=f"单位{name}").model_copy(update={"home": home}) for name, home in HOMES.items()]
    return make_registry(*sites, operator="json://127.0.0.1/op", **notices)


def failing(reason: str = "timeout", since: str = "2026-11-10T01:30") -> Watch:
    return Watch(at("2026-10-01"), at("2026-11-09"), at(since), reason)


FINE = Watch(at("2026-10-01"), at("2026-11-10"))

# (case, watches, sites of each incident)
INCIDENTS: list[tuple[str, dict[str, Watch], list[list[str]]]] = [
    ("all is well", {"a1": FINE, "b": FINE}, []),
    ("one site", {"a1": failing(), "b": FINE}, [["a1"]]),
    ("two sites apart", {"a1": failing(), "b": failing()}, [["a1"], ["b"]]),
    ("two sites of one domain", {"a1": failing(), "a2": failing()}, [["a1", "a2"]]),
    ("two sites at one address", {"c": failing(), "d": failing()}, [["c", "d"]]),
    ("one domain, two reasons", {"a1": failing(), "a2": failing("http-503")}, [["a1"], ["a2"]]),
    ("three at once, wherever", {"a1": failing(), "b": failing(), "c": failing()}, [["a1", "b", "c"]]),
    ("never crawled", {}, []),
]


@pytest.mark.parametrize(("found", "expected"), [case[1:] for case in INCIDENTS], ids=[case[0] for case in INCIDENTS])
def test_incidents(found: dict[str, Watch], expected: list[list[str]]) -> None:
    notices = from_watches(registry(), found, NOW)
    assert [sorted(mark.split(":")[1] for mark in notice.marks) for notice in notices] == expected
    assert {notice.kind for notice in notices} <= {OperatorKind.UNREAD}


def test_half_of_all_sites_at_once_is_looked_for_at_home_first() -> None:
    (ours,) = from_watches(registry(), {name: failing() for name in list(HOMES)[:4]}, NOW)
    assert "请先检查本机网络" in ours.remedy
    (theirs,) = from_watches(registry(), {name: failing() for name in list(HOMES)[:3]}, NOW)
    assert "本机网络" not in theirs.remedy


def test_how_many_make_an_incident_is_the_registry_s() -> None:
    found = {"a1": failing(), "b": failing()}
    assert len(from_watches(registry(incident_sites=2), found, NOW)) == 1


def test_stale_data() -> None:
    found = {
        "a1": Watch(at("2026-10-01"), at("2026-11-03T11:59")),
        "b": Watch(at("2026-10-01"), at("2026-11-03T12:00")),
        "e": Watch(at("2026-11-01"), None),
    }
    (notice,) = from_watches(registry(), found, NOW)
    assert notice.kind is OperatorKind.STALE
    assert [mark.split(":")[1] for mark in notice.marks] == ["a1", "e"]
    assert notice.details[1].endswith("尚未读到过")


def test_a_thing_is_said_once_and_again_where_it_grew() -> None:
    first = from_watches(registry(), {"a1": failing(), "a2": failing()}, NOW)
    said = {mark for notice in first for mark in notice.marks}
    assert unsaid(first, said) == ()
    grown = from_watches(registry(), {"a1": failing(), "a2": failing(), "b": failing()}, NOW)
    assert unsaid(grown, said) == grown
    again = from_watches(registry(), {"a1": failing(since="2026-11-12T01:30")}, at("2026-11-12"))
    assert unsaid(again, said) == again


def test_no_operator_is_said() -> None:
    notice = OperatorNotice(OperatorKind.MISSED, ("missed:crawl",), "…", NOW)
    assert untold(make_registry(), [notice]) == (Untold(Audience.OPERATOR, None, 1),)
    assert untold(make_registry(), []) == untold(registry(), [notice]) == ()


# --- the crawls -----------------------------------------------------------------------------------


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    database = Database.open(database_url)
    yield Store(database)
    database.close()


def crawled(store: Store, day: str, state: CrawlState, reason: str | None = None, *, partial: bool = False) -> None:
    ticket = store.begin("unit", "host:1", at(day), replayed=False, partial=partial)
    store.finish(ticket, at(day), state, reason, requests=1, pages=1, faults={})


def test_watches(store: Store) -> None:
    assert watches(store.database, ["unit"], NOW) == {}
    crawled(store, "2026-11-01", CrawlState.BLOCKED, "dns")
    assert watches(store.database, ["unit"], NOW)["unit"] == Watch(at("2026-11-01"), None, at("2026-11-01"), "dns")
    crawled(store, "2026-11-02", CrawlState.INCOMPLETE, "timeout")
    assert watches(store.database, ["unit"], NOW)["unit"] == Watch(at("2026-11-01"), at("2026-11-02"))
    crawled(store, "2026-11-03", CrawlState.BLOCKED, "timeout")
    crawled(store, "2026-11-04", CrawlState.BLOCKED, "http-503")
    crawled(store, "2026-11-04T13:00", CrawlState.INCOMPLETE, "recheck", partial=True)
    assert watches(store.database, ["unit"], NOW)["unit"] == Watch(at("2026-11-01"), at("2026-11-02"), at("2026-11-03"), "http-503")
    assert watches(store.database, ["unit"], at("2026-11-02T13:00"))["unit"].failing_since is None


def test_a_crawl_that_died_is_ours_to_look_at_after_a_day(store: Store) -> None:
    crawled(store, "2026-11-01", CrawlState.COMPLETE)
    store.begin("unit", "host:1", at("2026-11-02"), replayed=False)
    assert watches(store.database, ["unit"], at("2026-11-02T20:00"))["unit"].failing_since is None
    assert watches(store.database, ["unit"], at("2026-11-04"))["unit"] == Watch(
        at("2026-11-01"), at("2026-11-01"), at("2026-11-02"), "interrupted"
    )
