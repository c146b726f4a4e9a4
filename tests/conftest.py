"""Fixtures that every room shares: databases, browser, samples, and the guard that keeps tests on this machine."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from data.machine import find_browser
from tests.support.postgres import Cluster, find_binaries

# The same examples in every run: a landing must not hang on a die. HYPOTHESIS_PROFILE=search looks for new ones.
hypothesis.settings.register_profile("same", derandomize=True, database=None)
hypothesis.settings.register_profile("search")
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


ROOT = Path(__file__).resolve().parents[1]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each reason of skipping: what this machine lacks, and how many tests that cost."""
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        reasons[report.longrepr[2].removeprefix("Skipped: ")] += 1
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"skipped {count}: {reason}", yellow=True)


class NetworkForbiddenError(Exception):
    """A test spoke to another machine."""


def _local(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every socket and every name look-up that leaves this machine."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if not _local(address):
            raise NetworkForbiddenError(f"a test tried to connect to {address!r}; tests stay on loopback")
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        if not _local(address):
            raise NetworkForbiddenError(f"a test tried to connect to {address!r}; tests stay on loopback")
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not _local((name, 0)):
            raise socket.gaierror(socket.EAI_NONAME, f"a test tried to look up {name!r}; tests stay on loopback")
        return getaddrinfo(host, *rest, **named)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the caller's GONGKAI_* settings and proxies out of the tests."""
    for name in list(os.environ):
        if name in ("GONGKAI_SAMPLES", "GONGKAI_BROWSER"):
            continue
        if name.startswith("GONGKAI_") or name.lower() in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL server of the tests' own; skips where none is installed."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL on this machine (initdb, postgres); install it with: apt-get install postgresql")
    with Cluster(binaries) as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a new, empty database: every test that asks runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'gongkai.sqlite'}"
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    with cluster.database() as url:
        yield url


@pytest.fixture(scope="session")
def browser_path() -> Path:
    """The Chromium of this machine; skips where there is none."""
    found = find_browser()
    if found is None:
        pytest.skip("no Chromium on this machine; get one with: ./gongkai setup")
    return found


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of saved real pages with their labels; skips where it is absent."""
    folder = Path(os.environ.get("GONGKAI_SAMPLES") or ROOT.parent / "shared" / "samples")
    if not (folder / "labels.jsonl").is_file():
        pytest.skip(f"no sample pages at {folder}; name their folder in GONGKAI_SAMPLES")
    return folder
