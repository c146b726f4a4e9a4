"""The registry: what is valid, and the one line that says what is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from data.errors import ConfigurationError, RegistryError
from data.registry import Profile, Registry, Render, Role
from data.registry_notices import opens_at, within

KNOWN: dict[str, Any] = {"known_rules": ["empty-columns"], "known_columns": ["zcwj", "zfxxgk"], "known_packs": ["core"]}

WHOLE = """
version: 1
region: 示例区
sites:
  - id: example-portal
    name: 示例区人民政府
    unit: 示例区人民政府办公室
    level: county
    profile: district-portal
    home: http://127.0.0.11:8080/
    parent: null
    upper: [city-portal]
    site_code: "9900000011"
    columns:
      zcwj: http://127.0.0.11:8080/zwgk/zcwj/
    packs: [core]
    administrators:
      - role: 网站管理员
        channels: ["json://127.0.0.1:9000/${HOOK}"]
    crawl: {delay: 0.5, concurrency: 2, render: auto, obey_robots: true, max_pages: 20000}
  - id: city-portal
    name: 示例市人民政府
    level: city
    home: http://127.0.0.10:8080/
    role: upstream
    must_repost:
      columns: [http://127.0.0.10:8080/zyzc/]
      title_any: []
supervisors:
  - role: 政务公开办
    channels: [json://127.0.0.1:9000/supervisor]
rules: {empty-columns: {enabled: false, threshold: 5}}
holidays: china
"""


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    registry = yaml.safe_load(WHOLE)
    change(registry)
    return yaml.safe_dump(registry, allow_unicode=True)


def test_the_contract_s_example_is_valid() -> None:
    registry = Registry.parse(WHOLE, "registry.yml", **KNOWN)
    portal, city = registry.sites
    assert (portal.profile, portal.crawl.render, portal.crawl.delay, portal.scored) == (Profile.DISTRICT_PORTAL, Render.AUTO, 0.5, True)
    assert (city.role, city.scored, city.profile) == (Role.UPSTREAM, False, None)
    assert portal.administrators[0].channels == ("json://127.0.0.1:9000/${HOOK}",)  # filled in at run time, not here
    assert registry.rules["empty-columns"].threshold == 5


def test_what_may_be_left_out() -> None:
    text = "version: 1\nsites: [{id: a, name: 甲, profile: town, home: 'http://a.example/', site_code: 9900000011}]"
    (site,) = Registry.parse(text, "registry.yml", **KNOWN).sites
    assert (site.packs, site.crawl.obey_robots, site.crawl.concurrency, site.crawl.delay, site.site_code) == (
        ("core",),
        True,
        1,
        1.5,
        "9900000011",
    )


def portal(**keys: Any) -> Callable[[dict[str, Any]], object]:
    return lambda registry: registry["sites"][0].update(keys)


def without(key: str) -> Callable[[dict[str, Any]], object]:
    return lambda registry: registry["sites"][0].pop(key)


def top(**keys: Any) -> Callable[[dict[str, Any]], object]:
    return lambda registry: registry.update(keys)


FAULTS = {
    "unknown-key": (portal(hmoe="x"), "sites[0].hmoe (site example-portal): unknown key"),
    "unknown-top-key": (top(site=[]), "site: unknown key"),
    "missing-home": (without("home"), "sites[0].home (site example-portal): is missing"),
    "missing-profile": (without("profile"), "sites[0] (site example-portal).profile: is missing; write district-portal, department or town"),
    "wrong-profile": (portal(profile="county"), "sites[0].profile (site example-portal): Input should be 'district-portal', 'department' or 'town', found 'county'"),
    "wrong-id": (portal(id="Example_Portal"), "sites[0].id (site Example_Portal): 'Example_Portal' is no id"),
    "duplicate-id": (portal(id="city-portal", upper=[]), "sites[1].id: 'city-portal' stands at sites[0] already"),
    "unknown-parent": (portal(parent="nowhere"), ".parent: unknown site 'nowhere'"),
    "own-parent": (portal(parent="example-portal"), ".parent: example-portal cannot be its own parent"),
    "unknown-upper": (portal(upper=["nowhere"]), ".upper: unknown site 'nowhere'"),
    "upper-without-items": (lambda registry: registry["sites"][1].pop("must_repost"), ".upper: site 'city-portal' has no must_repost"),
    "empty-must-repost": (lambda registry: registry["sites"][1].update(must_repost={"columns": []}), "sites[1].must_repost.columns (site city-portal)"),
    "url-without-scheme": (portal(home="www.example.gov.cn"), "sites[0].home (site example-portal): 'www.example.gov.cn' is no URL; write http://"),
    "url-of-a-file": (portal(home="file:///etc/passwd"), "is no URL"),
    "url-with-a-space": (portal(home="http://www.example.gov.cn/a b"), "is no URL"),
    "url-with-a-wrong-port": (portal(home="http://www.example.gov.cn:99999/"), "is no URL"),
    "url-without-host": (portal(home="http:///zwgk/"), "is no URL"),
    "url-is-no-text": (portal(home=["http://a.example/"]), "expected a URL"),
    "url-of-a-wrong-bracket": (portal(home="http://[::1/"), "is no URL"),
    "column-url": (portal(columns={"zcwj": "/zwgk/zcwj/"}), "sites[0].columns.zcwj (site example-portal): '/zwgk/zcwj/' is no URL"),
    "unknown-column": (portal(columns={"zcxx": "http://a.example/"}), ".columns.zcxx: unknown column"),
    "unknown-pack": (portal(packs=["extra"]), ".packs: unknown pack 'extra'; known: core"),
    "unknown-rule": (top(rules={"no-such-rule": {"enabled": False}}), "rules.no-such-rule: unknown rule"),
    "wrong-threshold": (top(rules={"empty-columns": {"threshold": "five"}}), "rules.empty-columns.threshold"),
    "wrong-delay": (portal(crawl={"delay": -1}), "sites[0].crawl.delay (site example-portal)"),
    "wrong-render": (portal(crawl={"render": "often"}), "sites[0].crawl.render (site example-portal)"),
    "wrong-version": (top(version=2), "version: Input should be 1, found 2"),
    "no-site": (top(sites=[]), "sites:"),
    "wrong-holidays": (top(holidays="mars"), "holidays:"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "said"), FAULTS.values(), ids=FAULTS)
def test_fault(change: Callable[[dict[str, Any]], object], said: str) -> None:
    with pytest.raises(RegistryError) as caught:
        Registry.parse(changed(change), "registry.yml", **KNOWN)
    lines = str(caught.value).splitlines()
    assert all(line.startswith("registry.yml: ") for line in lines)
    assert [line for line in lines if said in line], lines
    assert len(lines) == 1, lines
    assert isinstance(caught.value, ConfigurationError)


def test_every_fault_is_told_at_once() -> None:
    def spoil(registry: dict[str, Any]) -> None:
        registry["sites"][0]["parent"], registry["sites"][0]["packs"] = "nowhere", ["extra"]

    with pytest.raises(RegistryError) as caught:
        Registry.parse(changed(spoil), "registry.yml", **KNOWN)
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected a mapping"),
        ("- a\n- b\n", "expected a mapping"),
        ("version: [1\n", "not valid YAML"),
        ("version: 1\nsites: [a]\n", r"sites\[0\]: Input should be"),
        ("version: 1\nversion: 1\nsites: []\n", "key 'version' is written twice"),
        ("? [a, b]\n: 1\n", "not valid YAML"),
        ("version: !!python/object/apply:os.system ['true']\n", "not valid YAML"),
    ],
)
def test_text_that_is_no_registry(text: str, said: str) -> None:
    with pytest.raises(RegistryError, match=said) as caught:
        Registry.parse(text, "registry.yml")
    assert all(line.startswith("registry.yml: ") for line in str(caught.value).splitlines())


def test_circle_of_parents() -> None:
    text = "version: 1\nsites:\n" + "".join(
        f"  - {{id: {own}, name: 甲, profile: town, home: 'http://{own}.example/', parent: {parent}}}\n"
        for own, parent in ("ab", "bc", "ca")
    )
    with pytest.raises(RegistryError, match="is its own ancestor; break the circle"):
        Registry.parse(text, "registry.yml")


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "registry.yml"
    with pytest.raises(RegistryError, match=r"registry\.yml: no such file; give the registry with --registry"):
        Registry.load(path)
    path.write_bytes(WHOLE.encode("gb18030"))
    with pytest.raises(RegistryError, match="save the registry as UTF-8"):
        Registry.load(path)
    path.write_text(WHOLE, encoding="utf-8-sig")
    assert Registry.load(path, **KNOWN).region == "示例区"
    with pytest.raises(RegistryError, match="cannot be read"):
        Registry.load(tmp_path)


def test_select() -> None:
    registry = Registry.parse(WHOLE, "registry.yml")
    assert [site.id for site in registry.select([])] == ["example-portal", "city-portal"]
    assert [site.id for site in registry.select(["city-portal"])] == ["city-portal"]
    with pytest.raises(RegistryError, match=r"unknown site 'nowhere'; the registry has: example-portal, city-portal$"):
        registry.select(["nowhere"])


# --- notices and findings -------------------------------------------------------------------------

NOTICES: list[tuple[dict[str, Any], str]] = [
    ({"notices": {"hours": "8-17"}}, "notices.hours: '8-17' are no hours of a day; write e.g. 08:30-17:30, or 00:00-24:00 for all of it"),
    ({"notices": {"hours": "17:30-08:30"}}, "notices.hours: '17:30-08:30' are no hours of a day"),
    ({"notices": {"urgent_hours": "08:61-24:00"}}, "notices.urgent_hours: '08:61-24:00' are no hours"),
    ({"notices": {"ladder": {"urge": 1}}}, "notices.ladder: reminder 1, urge 1, supervisor 10: each step comes later than the one before"),
    ({"notices": {"ladder": {"supervise": 3}}}, "notices.ladder.supervise: unknown key"),
    (
        {"notices": {"due_soon": [0, 5]}},
        "notices.due_soon: [0, 5]: expected working days before a deadline, the longest first, such as [5, 2, 0]",
    ),
    ({"notices": {"due_soon": [-1]}}, "notices.due_soon: [-1]"),
    ({"notices": {"baseline_days": -1}}, "notices.baseline_days: "),
    ({"notices": {"baseline": 7}}, "notices.baseline: unknown key; see docs/registry.md"),
    ({"findings": {"explanation_coefficient": 1.5}}, "findings.explanation_coefficient: "),
    ({"operators": [{"name": "张三"}]}, "operators[0].role: is missing"),
]


@pytest.mark.parametrize(("block", "said"), NOTICES, ids=[said[:40] for _, said in NOTICES])
def test_what_is_wrong_with_notices_is_said_in_one_line(block: dict[str, Any], said: str) -> None:
    with pytest.raises(RegistryError) as caught:
        Registry.parse(changed(lambda registry: registry.update(block)), "registry.yml", **KNOWN)
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_hours_of_a_day() -> None:
    assert [within("08:30-17:30", time(*clock)) for clock in ((8, 29), (8, 30), (17, 29), (17, 30))] == [False, True, True, False]
    assert within("00:00-24:00", time(23, 59))
    assert opens_at("07:05-22:00") == time(7, 5)
