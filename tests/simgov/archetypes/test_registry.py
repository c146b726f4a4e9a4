"""The registry of the archetypes, and their truth as a file."""

from __future__ import annotations

import json
from pathlib import Path

from data.registry import Registry
from simgov.archetypes.government import Standing
from simgov.archetypes.registry import registry_of, write, write_truth


def test_the_registry_is_valid(standing: Standing, tmp_path: Path) -> None:
    registry = Registry.load(write(tmp_path / "registry.yml", standing))
    assert {site.id for site in registry.sites} == {host.id for host in standing.government.watched()}
    assert registry.site("a").home.startswith("https://127.0.0.31:")
    assert not registry.site("a").columns, "discovery has to find them"
    assert {site["id"] for site in registry_of(standing, ["a"])["sites"]} == {"a", "parent"}


def test_the_truth_is_a_line_a_host(standing: Standing, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in write_truth(tmp_path / "truth.jsonl", standing).read_text(encoding="utf-8").splitlines()]
    by_host = {one["id"]: one for one in lines}
    assert by_host["j1"]["may_fail"] == []
    assert by_host["j1"]["reasons"] == ["blocked-challenge"]
    assert any(not one["provable"] and one["why_not"] for one in by_host["h"]["columns"])
    assert {"title", "published_on"} <= by_host["i"]["documents"][0]["fields"].keys()
