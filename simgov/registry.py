"""Writes the registry of a running district, in the format of the product's contract."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from simgov.server import Running
from simgov.truth import Site


def registry_text(
    running: Running, hook_port: int, *, explicit: frozenset[str] | None = None, delay: float = 0.0, concurrency: int = 4
) -> str:
    """The registry as YAML.

    `explicit`: ids of sites whose columns are written out; by default only units hosted on their parent's portal, everywhere
    else discovery has to find them. `hook_port` receives alerts: /<site id> for administrators, /supervisor for the office.
    """
    watched = running.district.watched()
    named = frozenset(site.id for site in watched if site.hosted_at) if explicit is None else explicit
    registry = {
        "version": 1,
        "region": running.district.name,
        "sites": [
            _site(running, site, hook_port, site.id in named, {"delay": delay, "concurrency": concurrency, "render": "never"})
            for site in watched
        ],
        "supervisors": [{"role": "政务公开办", "channels": [f"json://127.0.0.1:{hook_port}/supervisor"]}],
        "operators": [{"role": "系统运维", "channels": [f"json://127.0.0.1:{hook_port}/operator"]}],
        # The district lives for two days, which may be a weekend's: nobody waits for working hours, nor for a first week.
        "notices": {"hours": "00:00-24:00", "workdays_only": False, "urgent_hours": "00:00-24:00", "baseline_days": 0},
        "rules": {},
        "holidays": "china",
    }
    return yaml.safe_dump(registry, allow_unicode=True, sort_keys=False, width=140)


def write_registry(
    path: Path, running: Running, hook_port: int, *, explicit: frozenset[str] | None = None, delay: float = 0.0, concurrency: int = 4
) -> Path:
    """Write the registry and return where it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(registry_text(running, hook_port, explicit=explicit, delay=delay, concurrency=concurrency), encoding="utf-8")
    return path


def _site(running: Running, site: Site, hook_port: int, explicit: bool, crawl: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": site.id,
        "name": site.name,
        "unit": site.unit,
        "level": site.level,
        "home": running.home(site.id),
        "role": site.role,
        "site_code": site.site_code,
    }
    if site.role == "upstream":
        entry["must_repost"] = {"columns": [running.column_url(f"{site.id}/zyzc")]}
        return {**entry, "crawl": crawl}
    entry |= {"profile": site.profile, "parent": site.parent, "upper": list(site.upper), "packs": ["core"]}
    entry["administrators"] = [{"role": "网站管理员", "channels": [f"json://127.0.0.1:{hook_port}/{site.id}"]}]
    if explicit:
        entry["columns"] = {
            column.canonical: running.column_url(column.id)
            for column in running.district.columns
            if column.owner == site.id and column.canonical and column.opened_at is None
        }
    return {**entry, "crawl": crawl}
