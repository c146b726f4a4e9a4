"""`gongkai schedule` as a process: killed or stopped in the middle of a crawl, and beside another one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta

import pytest

from data.database import Database
from data.records import SHANGHAI
from data.registry import Registry
from data.schedule import Schedule, What
from data.timetable import tasks
from tests.cli.conftest import REGISTRY
from tests.test_kill import ENTRIES, ROOT, Killed
from tests.test_kill import killed as killed  # a fixture

pytestmark = pytest.mark.slow


class Scheduled:
    """A schedule on which nothing is due but the crawl."""

    def __init__(self, site: Killed) -> None:
        self.killed = killed = site
        self.url = f"sqlite:///{killed.state / 'gongkai.sqlite'}"
        killed.state.mkdir(exist_ok=True)
        database, now = Database.open(self.url), datetime.now(SHANGHAI)
        Schedule(database).sync(tasks(Registry.parse(REGISTRY, "registry.yml"), now))
        Schedule(database).set_next({name: now + timedelta(hours=9) for name in ("probe", "check", "alert", "scorecard")})
        database.close()
        self.make_due()

    def make_due(self) -> None:
        database = Database.open(self.url)
        Schedule(database).set_next({"crawl:unit": datetime.now(SHANGHAI)})
        database.close()

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        common = ["--registry", str(self.killed.state.parent / "registry.yml"), "--state", str(self.killed.state)]
        environ = {name: value for name, value in os.environ.items() if not name.startswith("GONGKAI_")} | {"PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", "from cli.main import main; main()", *arguments, *common]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environ)

    def finish(self, *arguments: str) -> tuple[int, str]:
        process = self.start("schedule", *arguments)
        out, _ = process.communicate(timeout=120)
        return process.returncode, out

    def documents(self) -> set[str]:
        out, _ = self.start("documents", "--format", "jsonl").communicate(timeout=60)
        return {json.loads(line)["title"] for line in out.splitlines()}

    def wait_for_documents(self, process: subprocess.Popen[str], count: int) -> None:
        until = time.monotonic() + 90
        while len(self.killed.asked()) < count and time.monotonic() < until:
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_crawl_that_was_cut_off_goes_on(how: signal.Signals, killed: Killed) -> None:
    scheduled = Scheduled(killed)
    process = scheduled.start("schedule")
    scheduled.wait_for_documents(process, 60)
    process.send_signal(how)
    out, _ = process.communicate(timeout=60)  # its crawl ends with it, else the pipe would stay open
    assert process.returncode == (0 if how is signal.SIGTERM else -signal.SIGKILL)
    asked = len(killed.asked())
    assert asked < len(ENTRIES)
    kept = scheduled.documents()
    if how is signal.SIGKILL:
        assert scheduled.finish("--once")[0] == 0  # takes the run up, and gives what was left running a minute to stop
        scheduled.make_due()
    else:
        assert "crawl: ended with 130" in out
    status, out = scheduled.finish("--once")
    assert status == 0, out
    assert "unit: complete" in out
    for verb in ("crawl", "check", "alert"):
        assert f"{verb}: ended with 0" in out
    assert scheduled.documents() == {title for _, title, _ in ENTRIES}
    assert len(killed.asked()) - asked <= len(ENTRIES) - len(kept), "what was stored is not asked for again"
    database = Database.open(scheduled.url)
    events = [event.what for event in Schedule(database).events(datetime.now(SHANGHAI) - timedelta(hours=1))]
    (crawl,) = [task for task in Schedule(database).tasks() if task.kind == "crawl"]
    database.close()
    assert events == ([What.INTERRUPTED] if how is signal.SIGKILL else [])
    assert (crawl.running_since, crawl.status) == (None, 0)
