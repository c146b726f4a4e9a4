"""A process that has everything loaded and forks a round of alerting at each order, and kills it where it is told to.

Started by test_kill.py, so that no thread of the tests is forked. Orders come as JSON lines, answers go the same way.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from typing import Any

from alerts.round import run_round
from alerts.send import validate_channel
from data.database import Database
from data.findings import FindingKey
from data.registry import Registry
from data.registry_delivery import DeliveryOptions
from tests.alerts.builders import RULES, at, make_registry, make_site, make_verdict


def registry_of(channels: list[str]) -> Registry:
    sites = make_site(channels=tuple(channels))
    registry = make_registry(sites, supervisor=None, baseline_days=0, hours="00:00-24:00", workdays_only=False)
    return registry.model_copy(update={"delivery": DeliveryOptions(per_minute={"wecombot": 100_000})})


def one_round(order: dict[str, Any], registry: Registry, *, send: bool = True) -> None:
    verdicts = [
        make_verdict(url=f"http://127.0.0.11/{number}.html", title=f"第{number}号文件" + "长" * 300) for number in range(order["findings"])
    ]
    assert len({FindingKey.of(verdict) for verdict in verdicts}) == len(verdicts)
    database = Database.open(order["database"])
    run_round(database, registry, RULES, verdicts, at(order["now"]), send=send)
    database.close()


def killed(order: dict[str, Any], registry: Registry) -> dict[str, Any]:
    """Fork a round; kill it after some seconds unless it has ended before. Says how it ended and how long it took."""
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            one_round(order, registry)
        except BaseException as error:  # noqa: BLE001 - the parent must hear of anything
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    if order["after"] is not None:
        signal.sigtimedwait([signal.SIGCHLD], order["after"])
        os.kill(child, signal.SIGKILL)  # no-one has waited for it yet: the number is still its own
    _, status = os.waitpid(child, 0)
    return {"killed": os.WIFSIGNALED(status), "failed": status == 256, "seconds": time.monotonic() - began}


def main() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    registry = registry_of(sys.argv[1:])
    for channel in sys.argv[1:]:
        assert validate_channel(channel) is None
    with tempfile.TemporaryDirectory() as folder:
        # Load everything before anything is forked; but send nothing: Apprise keeps threads, and no fork inherits those.
        order = {"database": f"sqlite:///{folder}/warm.sqlite", "now": "2026-11-02T00:00", "findings": 1}
        one_round(order, registry, send=False)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        while signal.sigtimedwait([signal.SIGCHLD], 0):
            pass
        print(json.dumps(killed(json.loads(line), registry)), flush=True)


if __name__ == "__main__":
    main()
