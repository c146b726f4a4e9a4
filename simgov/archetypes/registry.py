"""Writes the registry of the served archetypes, in the format of the product's contract, and apart from it their truth."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from simgov.archetypes.government import Standing
from simgov.archetypes.observer import known
from simgov.archetypes.truth import Host


def registry_of(standing: Standing, only: Iterable[str] | None = None, **crawl: Any) -> dict[str, Any]:
    """The registry as data: home pages and nothing of their columns; `crawl` is added to every site's own."""
    chosen = None if only is None else {*only, "parent"}
    sites = [
        _site(standing, host, {"delay": 0, "concurrency": 4, "render": "auto", **crawl})
        for host in standing.government.watched()
        if chosen is None or host.id in chosen
    ]
    return {"version": 1, "region": "模拟市", "sites": sites}


def write(path: Path, standing: Standing, only: Iterable[str] | None = None) -> Path:
    """Write the registry and return where it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(registry_of(standing, only), allow_unicode=True, sort_keys=False, width=140), encoding="utf-8")
    return path


def write_truth(path: Path, standing: Standing) -> Path:
    """Write what a perfect observer knows of each watched host, one JSON line a host: never to a folder that is served."""
    hosts = standing.government.watched()
    lines = [json.dumps(asdict(known(standing, one.id)), ensure_ascii=False, default=sorted) for one in hosts]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def _site(standing: Standing, host: Host, crawl: dict[str, Any]) -> dict[str, Any]:
    entry = {"id": host.id, "name": host.name, "unit": host.unit, "level": host.level, "home": standing.home(host.id), "crawl": crawl}
    entry["site_code"] = host.site_code
    if host.role == "upstream":
        view = standing.view(host.id)
        return {
            **entry,
            "role": "upstream",
            "must_repost": {"columns": [view.column_url(one) for one in host.columns if one.key == "zcwj"]},
        }
    return {**entry, "profile": host.profile, "upper": ["parent"]}
