"""Which rules hold where: packs united, thresholds, overrides, the clauses that are cited."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from data.catalogue import known_keys, load_rules
from data.errors import CatalogueError, RegistryError
from data.in_force import rules_anywhere, rules_by_site, rules_for
from data.packs import is_national, load_packs
from data.registry import Registry


def registry(*sites: dict[str, Any], **more: Any) -> Registry:
    rows = [{"name": f"示例{number}局", "profile": "department", "home": "http://127.0.0.1/", **site} for number, site in enumerate(sites)]
    return Registry.model_validate({"version": 1, "sites": rows, **more})


def rules(packs: list[str], own: dict[str, Any] | None = None, **more: Any) -> Any:
    made = registry({"id": "one", "packs": packs, "rules": own or {}}, **more)
    return rules_for(made, made.sites[0])


def test_core_is_every_rule_that_ships_switched_on_as_it_is() -> None:
    core = rules(["core"])
    assert list(core) == [rule.id for rule in load_rules().values() if rule.enabled]
    assert all(
        rule.threshold == load_rules()[rule_id].threshold and rule.params == load_rules()[rule_id].params for rule_id, rule in core.items()
    )


def test_a_pack_brings_the_rules_that_its_duties_name() -> None:
    loudi = rules(["loudi-2021"])
    assert set(loudi) == {rule for rule in load_packs()["loudi-2021"].rules if rule in load_rules() and load_rules()[rule].enabled}
    assert "repost-upper-72h" not in loudi


def test_packs_are_united_in_the_order_of_the_catalogue() -> None:
    both = rules(["litong-2017", "national"])
    assert set(both) == set(rules(["litong-2017"])) | set(rules(["national"]))
    assert list(both) == [rule_id for rule_id in load_rules() if rule_id in both]


def test_thresholds_that_a_document_sets_say_so() -> None:
    threshold = rules(["core", "litong-2017"])["repost-upper-72h"].threshold
    assert (threshold.value, threshold.basis) == (72, "litong-2017")


@pytest.mark.parametrize("order", [["one", "two"], ["two", "one"]])
def test_the_pack_named_later_wins(order: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from data import in_force
    from data.packs import Duty, DutyRule, Pack

    def pack(name: str, value: float) -> Pack:
        duty = Duty(
            clause="一", quote="引文", duty="要求", rules=(DutyRule(rule="repost-upper-72h", threshold=value),), observes="发布时间"
        )
        return Pack(id=name, title=name, describes=name, document=f"《{name}》", duties=(duty,))

    packs = {**load_packs(), "one": pack("one", 24), "two": pack("two", 48)}
    monkeypatch.setattr(in_force, "load_packs", lambda: packs)
    assert rules(order)["repost-upper-72h"].threshold.value == {"one": 24, "two": 48}[order[-1]]


def test_the_registry_overrides_packs_and_a_site_the_registry() -> None:
    wide = {"interpretation-in-sync": {"threshold": 3}, "site-reachable": {"enabled": False}}
    assert rules(["core"], rules=wide)["interpretation-in-sync"].threshold.value == 3
    assert rules(["core"], {"interpretation-in-sync": {"threshold": 7}}, rules=wide)["interpretation-in-sync"].threshold.value == 7
    assert "site-reachable" not in rules(["core"], rules=wide)
    assert "site-reachable" in rules(["core"], {"site-reachable": {"enabled": True}}, rules=wide)


def test_an_exemption_holds_for_its_site_alone() -> None:
    made = registry({"id": "one", "rules": {"empty-columns": {"enabled": False, "why": "该单位无独立栏目"}}}, {"id": "two"})
    in_force = rules_by_site(made)
    assert "empty-columns" not in in_force["one"]
    assert "empty-columns" in in_force["two"]
    assert "empty-columns" in rules_anywhere(made)


def test_a_threshold_where_there_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from data import in_force

    bare = {"empty-columns": load_rules()["empty-columns"].model_copy(update={"threshold": None})}
    monkeypatch.setattr(in_force, "load_rules", lambda: bare)
    with pytest.raises(CatalogueError, match=r"site one: rules\.empty-columns\.threshold: this rule has no threshold"):
        rules(["core"], {"empty-columns": {"threshold": 4}})


def test_unknown_rules_and_packs_are_named() -> None:
    text = "version: 1\nsites:\n- {id: a, name: 甲, profile: town, home: 'http://127.0.0.1/', packs: [nowhere], rules: {nothing: {enabled: false}}}\n"
    with pytest.raises(RegistryError) as raised:
        Registry.parse(text, "registry.yml", **known_keys())
    assert "unknown pack 'nowhere'; known: baoshan-2020, core" in str(raised.value)
    assert "sites[0] (site a).rules.nothing: unknown rule" in str(raised.value)


@pytest.mark.parametrize("pack", load_packs())
def test_no_other_places_plan_is_cited(pack: str) -> None:
    for rule in rules([pack]).values():
        cited = [clause for clause in rule.clauses if clause.citable]
        assert cited
        places = {name for name, other in load_packs().items() if other.document and any(other.owns(clause.source) for clause in cited)}
        if pack != "core":
            assert places <= {pack}
            assert all(is_national(clause.source) or load_packs()[pack].owns(clause.source) for clause in cited)
        elif any(is_national(clause.source) for clause in cited):
            assert not places


def test_national_clauses_come_first() -> None:
    sources = [is_national(clause.source) for clause in rules(["loudi-2021"])["empty-columns"].clauses]
    assert sources == sorted(sources, reverse=True)
    assert sources[0]
    assert not sources[-1]


def test_a_plans_duty_begins_with_the_plan() -> None:
    since = "duty_since"
    assert rules(["core"])["interpretation-exists"].params[since] == date(2017, 6, 1)
    assert rules(["dongchangfu-2023"])["interpretation-exists"].params[since] == date(2023, 9, 19)
    assert rules(["dongchangfu-2023", "litong-2017"])["interpretation-exists"].params[since] == date(2017, 6, 1)
    assert rules(["national"])["info-published-20-working-days"].params[since] == date(2008, 5, 1)


def test_a_rule_that_nothing_of_the_sites_asks_for_is_refused() -> None:
    with pytest.raises(CatalogueError, match=r"site one: rules\.repost-upper-72h: neither a national document nor a pack"):
        rules(["national"], {"repost-upper-72h": {"enabled": True}})


def test_a_rule_that_ships_switched_off_is_brought_by_no_pack(monkeypatch: pytest.MonkeyPatch) -> None:
    from data import in_force

    off = {"empty-columns": load_rules()["empty-columns"].model_copy(update={"enabled": False, "switched_off": "unchecked"})}
    monkeypatch.setattr(in_force, "load_rules", lambda: off)
    assert rules(["core", "national"]) == {}
    assert list(rules(["core"], {"empty-columns": {"enabled": True}})) == ["empty-columns"]


def test_a_thousand_sites_share_their_rules() -> None:
    made = registry(*({"id": f"site-{number}", "packs": ["national", "loudi-2021"]} for number in range(1000)))
    assert len({id(found) for found in rules_by_site(made).values()}) == 1


def test_a_thousand_exemptions_cost_no_settling_anew() -> None:
    made = registry(*({"id": f"site-{number}", "rules": {"empty-columns": {"threshold": number}}} for number in range(1000)))
    found = rules_by_site(made)
    assert [found[f"site-{number}"]["empty-columns"].threshold.value for number in (0, 999)] == [0, 999]  # type: ignore[union-attr]
    assert len({id(rules["site-reachable"]) for rules in found.values()}) == 1


@pytest.fixture(autouse=True)
def _fresh() -> Any:
    from data import in_force

    for cache in (in_force._in_force, in_force._by_packs):
        cache.cache_clear()
    yield
    for cache in (in_force._in_force, in_force._by_packs):
        cache.cache_clear()
