"""A crawl that is killed in the middle: what was stored is kept, and the next run goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.archive import ArchiveReader
from data.database import Database
from data.link_store import known_links
from tests.cli.conftest import REGISTRY
from tests.support.pages import article, listing, nav, page, titles
from tests.support.sites import Answer, Asked, Page, Served, served

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
ENTRIES = titles(120)
NOW = "2026-11-21T12:00:00+08:00"


class Killed:
    """One small site, and the command that crawls it."""

    def __init__(self, site: Served, folder: Path) -> None:
        self.site = site
        self.state = folder / "var"
        self._registry = folder / "registry.yml"
        self._registry.write_text(REGISTRY.replace("http://127.0.0.1:1", site.base).replace("delay: 0,", "delay: 0.02,"), encoding="utf-8")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        common = ["--registry", str(self._registry), "--state", str(self.state), "--now", NOW]
        environ = {name: value for name, value in os.environ.items() if not name.startswith("GONGKAI_")} | {"PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", "from cli.main import main; main()", *arguments, *common]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ)

    def finish(self, *arguments: str) -> str:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, (out, err)
        return out

    def documents(self) -> set[str]:
        return {json.loads(line)["title"] for line in self.finish("documents", "--format", "jsonl").splitlines()}

    def files(self) -> list[str]:
        return [target for target in self.site.targets if target.startswith("/files/")]

    def tried(self) -> set[str]:
        database = Database.open(f"sqlite:///{self.state / 'gongkai.sqlite'}")
        found = {link.url.removeprefix(self.site.base) for link in known_links(database, "unit").values()}
        database.close()
        return found

    def asked(self) -> list[str]:
        return [target for target in self.site.targets if "/t0" in target]


@pytest.fixture
def killed(tmp_path: Path) -> Iterator[Killed]:
    def document(asked: Asked) -> str:
        _, title, day = next(entry for entry in ENTRIES if entry[0] == asked.target)
        return article(title, day, extra=f'<p>附件：<a href="/files/{asked.target[-8:-5]}.pdf">名单.pdf</a></p>')

    pages: dict[str, Page] = {
        "/": page("示例区人民政府", nav([("/zwgk/zcwj/", "政策文件")])),
        "/zwgk/zcwj/": listing("政策文件", ENTRIES),
        **{url: document for url, _, _ in ENTRIES},
        **{f"/files/{url[-8:-5]}.pdf": Answer(b"%PDF" + b"x" * 4996, content_type="application/pdf") for url, _, _ in ENTRIES},
    }
    with served(pages) as site:
        yield Killed(site, tmp_path)


def stop_in_the_middle(killed: Killed, how: signal.Signals) -> tuple[int, int]:
    """Start a crawl, stop it after some seventy documents; gives its status and how many it had asked for."""
    process = killed.start("crawl")
    until = time.monotonic() + 60
    while len(killed.asked()) < 70 and time.monotonic() < until:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    process.send_signal(how)
    process.communicate(timeout=30)
    return process.returncode, len(killed.asked())


@pytest.mark.parametrize(("how", "status"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, 130), (signal.SIGINT, 130)])
def test_the_next_run_goes_on(how: signal.Signals, status: int, killed: Killed) -> None:
    returned, asked = stop_in_the_middle(killed, how)
    assert returned == status
    assert asked < len(ENTRIES)
    kept = killed.documents()
    assert kept, "what was committed is kept"
    assert len(kept) >= asked - 60, "a kill loses one batch at most"
    assert "unit: complete" in killed.finish("crawl")
    assert killed.documents() == {title for _, title, _ in ENTRIES}
    again = killed.asked()[asked:]
    assert len(again) <= len(ENTRIES) - len(kept), "what was stored is not asked for again"
    archives = sorted((killed.state / "archive").rglob("*.warc.gz"))
    held = {url for archive in archives for url in ArchiveReader(archive).urls()}
    assert {killed.site.base + url for url, _, _ in ENTRIES} <= held, "every stored page has its bytes in the archive"


def test_links_that_were_tried_are_not_tried_again_and_the_others_are(killed: Killed) -> None:
    process = killed.start("crawl")
    until = time.monotonic() + 60
    while len(killed.files()) < 70 and time.monotonic() < until:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    process.kill()
    process.communicate(timeout=30)
    asked = len(killed.files())
    assert asked < len(ENTRIES)
    kept = killed.tried()
    assert len(kept) >= asked - 60, "a kill loses one batch at most"
    assert "unit: complete" in killed.finish("crawl")
    again = set(killed.files()[asked:])
    assert not again & kept, "what was stored is not tried again"
    assert len(killed.tried()) == len(ENTRIES), "what the documents of the first run offer is tried, though they are not read again"


def test_a_second_crawl_beside_a_running_one_is_refused(killed: Killed) -> None:
    process = killed.start("crawl")
    until = time.monotonic() + 60
    while len(killed.asked()) < 5 and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGSTOP)  # it stands still and holds its lease, however slow the second one starts
    try:
        other = killed.start("crawl")
        _, err = other.communicate(timeout=60)
    finally:
        process.send_signal(signal.SIGCONT)
    assert other.returncode == 3
    assert "another crawl" in err
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert killed.documents() == {title for _, title, _ in ENTRIES}
