"""The shared fixtures do what they promise."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from data.database import Database, schema_state
from tests.conftest import NetworkForbiddenError


def test_each_test_has_its_own_empty_database(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE mine (id INTEGER)"))
        assert connection.execute(text("SELECT count(*) FROM mine")).scalar_one() == 0
    engine.dispose()


def test_schema_is_made_once_and_found_again(database_url: str) -> None:
    assert schema_state(database_url).current is None
    for _ in range(2):
        Database.open(database_url).close()
        state = schema_state(database_url)
        assert state.current == state.newest


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80)])
def test_other_machines_are_out_of_reach(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as client, pytest.raises(NetworkForbiddenError):
        client.connect(address)


def test_names_are_not_looked_up() -> None:
    with pytest.raises(socket.gaierror, match="loopback"):
        socket.getaddrinfo("www.example.com", 80)


@pytest.mark.browser
def test_browser_starts(browser_path: Path) -> None:
    run = subprocess.run([str(browser_path), "--version"], capture_output=True, text=True, check=False)
    assert run.returncode == 0


def test_samples_have_labels(samples: Path) -> None:
    assert (samples / "pages").is_dir()
