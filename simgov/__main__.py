"""`python -m simgov`: serve the demo district, or with --archetypes the nastier government, until Ctrl-C."""

from __future__ import annotations

import argparse
import threading
from datetime import date, datetime
from pathlib import Path
from tempfile import gettempdir

from simgov.archetypes import registry as archetypes_registry
from simgov.archetypes.government import SWITCHES, Government, serve_archetypes
from simgov.district import District
from simgov.hook import receive
from simgov.registry import write_registry
from simgov.server import serve
from simgov.workdays import SHANGHAI


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m simgov", description="Serve a simulated government on loopback (模拟站点，仅用于测试)")
    parser.add_argument("--port", type=int, default=8100, help="the port on every address; 0 takes a free one")
    parser.add_argument("--hook-port", type=int, default=0, help="the port of the webhook receiver; 0 takes a free one")
    parser.add_argument(
        "--today", type=date.fromisoformat, default=datetime.now(SHANGHAI).date(), help="the day that the sites are built for"
    )
    parser.add_argument("--day", type=int, choices=(1, 2), default=2, help="stand as at noon of the day before today (1) or of today (2)")
    parser.add_argument("--registry", type=Path, default=Path(gettempdir()) / "simgov-registry.yml", help="where the registry is written")
    parser.add_argument("--archetypes", action="store_true", help="the ten archetypes A to J in place of the demo district")
    parser.add_argument("--per-column", type=int, help="archetypes: documents in each of the five columns that grow, for large sites")
    parser.add_argument("--only", nargs="+", metavar="HOST", help="archetypes: these hosts alone, such as a b j6")
    parser.add_argument(
        "--switch", nargs=2, action="append", default=[], metavar=("HOST", "NAME"), help=f"archetypes: {', '.join(sorted(SWITCHES))}"
    )
    parser.add_argument("--truth", type=Path, help="archetypes: where to write what is true of each host, as JSON lines")
    chosen = parser.parse_args()
    try:
        if chosen.archetypes:
            _archetypes(chosen)
        else:
            _district(chosen)
    except KeyboardInterrupt:
        print()
    except ValueError as error:
        parser.exit(2, f"simgov: {error}\n")
    except OSError as error:
        parser.exit(2, f"simgov: cannot serve on port {chosen.port}: {error}; choose another with --port\n")


def _district(chosen: argparse.Namespace) -> None:
    district = District.build(chosen.today)
    moment = district.first_crawl if chosen.day == 1 else district.second_crawl
    with receive(chosen.hook_port) as hook, serve(district, moment, port=chosen.port) as running:
        for site in district.watched():
            print(f"{site.id:18} {running.home(site.id):48} {site.name} ({site.family})")
        print(f"registry           {write_registry(chosen.registry, running, hook.port)}")
        _wait(moment)


def _archetypes(chosen: argparse.Namespace) -> None:
    government = Government.build(chosen.today, per_column=chosen.per_column, only=chosen.only)
    moment = government.first_crawl if chosen.day == 1 else government.second_crawl
    with serve_archetypes(government, moment, port=chosen.port, keep_hits=False) as standing:
        for host_id, name in chosen.switch:
            standing.switch(host_id, name)
        for host in government.store.hosts.values():
            print(f"{host.id:10} {standing.home(host.id):32} {host.archetype:8} {host.name}")
        print(f"registry   {archetypes_registry.write(chosen.registry, standing)}")
        if chosen.truth:
            print(f"truth      {archetypes_registry.write_truth(chosen.truth, standing)}")
        _wait(moment)


def _wait(moment: datetime) -> None:
    print(f"as of {moment.isoformat()}; Ctrl-C ends", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
