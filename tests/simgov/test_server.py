"""The server: addresses, moments, faults, validators, robots, the log, the hook, the registry."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path

import pytest

from data.registry import Registry
from simgov.district import District
from simgov.expected import compare, expectations
from simgov.faults import CHALLENGE, Fault, throttled
from simgov.hook import receive
from simgov.registry import registry_text, write_registry
from simgov.server import Running, serve
from simgov.truth import Outcome


def get(url: str, method: str = "GET", **headers: str) -> tuple[int, bytes, Message]:
    request = urllib.request.Request(url, method=method, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(), error.headers


def test_one_address_a_site_on_one_port(running: Running) -> None:
    assert len(set(running.bases.values())) == len(running.district.served())
    assert {base.rsplit(":", 1)[1] for base in running.bases.values()} == {str(running.port)}
    for site in running.district.served():
        status, body, _ = get(f"{running.bases[site.id]}/")
        assert status == (503 if site.id == "archives-bureau" else 200)
        assert site.id == "archives-bureau" or "模拟站点，仅用于测试" in body.decode(site.encoding)


def test_unknown_paths_are_404_and_assets_are_not(running: Running) -> None:
    base = running.bases["district-portal"]
    assert get(f"{base}/nowhere/")[0] == 404
    assert get(f"{base}/images/style.css")[0] == 200
    assert get(f"{base}/", method="HEAD")[1] == b""


def test_a_taken_port_is_an_error(demo: District, running: Running) -> None:
    with pytest.raises(OSError, match="in use"), serve(demo, port=running.port):
        pass


def test_the_moment_decides_what_is_there(running: Running) -> None:
    first, second = running.district.first_crawl, running.district.second_crawl
    fresh = next(
        document for document in running.district.documents if first < document.published_at <= second and document.site == "qinghe-town"
    )
    url = running.document_url(fresh.id)
    assert get(url)[0] == 200
    running.set_moment(first)
    assert get(url)[0] == 404
    assert running.moment == first


def test_validators(running: Running) -> None:
    url = f"{running.bases['district-portal']}/"
    tag = get(url)[2]["ETag"]
    assert get(url, If_None_Match=tag)[0] == 304
    running.set_moment(running.district.first_crawl)
    status, _, headers = get(url, If_None_Match=tag)
    assert (status, headers["ETag"] == tag) == (200, False)


def test_faults(running: Running) -> None:
    base = running.bases["qinghe-town"]
    running.fault("qinghe-town", throttled(7, first=2))
    answers = [get(f"{base}/") for _ in range(3)]
    assert [status for status, _, _ in answers] == [429, 429, 200]
    assert answers[0][2]["Retry-After"] == "7"
    running.plans["qinghe-town"].clear()
    running.fault("qinghe-town", Fault(path=r"^/zwgk/", status=403))
    assert (get(f"{base}/zwgk/")[0], get(f"{base}/")[0]) == (403, 200)
    running.plans["qinghe-town"].clear()
    running.fault("qinghe-town", CHALLENGE)
    assert get(f"{base}/")[0] == 412
    running.plans["qinghe-town"].clear()
    running.fault("qinghe-town", Fault(drop=True, first=1))
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        get(f"{base}/")
    assert get(f"{base}/")[0] == 200


def test_robots_and_log(running: Running) -> None:
    base = running.bases["market-bureau"]
    assert b"User-agent" in get(f"{base}/robots.txt", User_Agent="gongkai-test")[1]
    hit = running.hits_of("market-bureau")[-1]
    assert (hit.path, hit.status, hit.user_agent) == ("/robots.txt", 200, "gongkai-test")
    assert hit.ended >= hit.started


def test_hook_records_and_refuses() -> None:
    with receive() as hook:
        url = hook.channel("qinghe-town").replace("json://", "http://")
        body = json.dumps({"title": "题", "message": "文"}).encode()
        hook.refuse.append(500)
        assert get_post(url, body) == 500
        assert get_post(url, body) == 200
        assert get_post(url, b"no json") == 400
        assert [one.title for one in hook.of("qinghe-town")] == ["题"]


def get_post(url: str, body: bytes) -> int:
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"}), timeout=5
        ) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_registry_is_valid(running: Running, tmp_path: Path) -> None:
    path = write_registry(tmp_path / "registry.yml", running, 9)
    registry = Registry.load(path)
    assert {site.id for site in registry.sites} == {site.id for site in running.district.watched()}
    assert [site.id for site in registry.sites if site.columns] == ["yunling-town"]
    assert registry.site("yunling-town").home.endswith("/zwgk/xzgk/yunling/")
    everything = Registry.parse(registry_text(running, 9, explicit=frozenset(running.district.sites)), "all")
    assert registry.site("city-portal").must_repost is not None
    for site in everything.sites:
        for url in site.columns.values():
            assert site.id == "archives-bureau" or get(url)[0] == 200


def test_expectations_are_addressed(running: Running) -> None:
    for one in expectations(running):
        assert one.kind == "site" or one.urls
        for url in one.urls:
            if one.outcome is Outcome.FAIL and "/api/" not in url and "/policy" not in url:
                assert get(url)[0] == 200, (one, url)


def test_comparison(running: Running) -> None:
    wanted = expectations(running)
    said = [
        {
            "rule": one.rule,
            "site": one.site,
            "status": "fail",
            "severity": one.severity,
            "confidence": "confirmed",
            "subject": {"kind": one.kind, "url": min(one.urls, default=None)},
            "measured": None if one.measured is None else {"value": one.measured},
        }
        for one in wanted
        if one.outcome is Outcome.FAIL
    ]
    assert compare(wanted, said).perfect
    assert compare(wanted, said[1:]).missed
    late = next(one for one in wanted if one.rule == "empty-columns" and one.outcome is Outcome.NEVER_FAIL and one.urls)
    wrong = {"rule": late.rule, "site": late.site, "status": "fail", "subject": {"kind": late.kind, "url": min(late.urls)}}
    assert compare(wanted, [*said, wrong]).accused == (wrong,)
    assert not compare(wanted, [*said, {**wrong, "confidence": "suspected"}]).accused
    assert compare(wanted, [{**said[0], "severity": "veto"}, *said[1:]]).misjudged
    assert "missed" in compare(wanted, []).describe()
