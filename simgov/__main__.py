"""`python -m simgov`: serve the demo district until Ctrl-C."""

from __future__ import annotations

import argparse
import threading
from datetime import date, datetime
from pathlib import Path
from tempfile import gettempdir

from simgov.district import District
from simgov.hook import receive
from simgov.registry import write_registry
from simgov.server import serve
from simgov.workdays import SHANGHAI


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m simgov", description="Serve the simulated district on loopback (模拟站点，仅用于测试)")
    parser.add_argument("--port", type=int, default=8100, help="the port on every address; 0 takes a free one")
    parser.add_argument("--hook-port", type=int, default=0, help="the port of the webhook receiver; 0 takes a free one")
    parser.add_argument(
        "--today", type=date.fromisoformat, default=datetime.now(SHANGHAI).date(), help="the day that the district is built for"
    )
    parser.add_argument("--day", type=int, choices=(1, 2), default=2, help="stand as at noon of the day before today (1) or of today (2)")
    parser.add_argument("--registry", type=Path, default=Path(gettempdir()) / "simgov-registry.yml", help="where the registry is written")
    chosen = parser.parse_args()
    district = District.build(chosen.today)
    moment = district.first_crawl if chosen.day == 1 else district.second_crawl
    try:
        with receive(chosen.hook_port) as hook, serve(district, moment, port=chosen.port) as running:
            for site in district.watched():
                print(f"{site.id:18} {running.home(site.id):48} {site.name} ({site.family})")
            print(f"registry           {write_registry(chosen.registry, running, hook.port)}")
            print(f"as of              {moment.isoformat()}; Ctrl-C ends", flush=True)
            threading.Event().wait()
    except KeyboardInterrupt:
        print()
    except OSError as error:
        parser.exit(2, f"simgov: cannot serve on port {chosen.port}: {error}; choose another with --port\n")


if __name__ == "__main__":
    main()
