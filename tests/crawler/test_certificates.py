"""What a certificate is worth, over real TLS."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.certificates import certificate
from tests.support.certs import Authority
from tests.support.sites import served


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("certificates"))


def seen(server: ssl.SSLContext, trust: ssl.SSLContext | None) -> str | None:
    with served({}, tls=server) as site:
        port = urlsplit(site.base).port
        assert port is not None
        return asyncio.run(certificate("127.0.0.1", port, "127.0.0.1", trust=trust))


def test_a_good_one_tells_its_last_day(authority: Authority) -> None:
    assert seen(authority.server(), authority.trust) == f"ok:{datetime.now(UTC) + timedelta(days=30):%Y-%m-%d}"


def test_each_fault_has_a_name(authority: Authority) -> None:
    trust = authority.trust
    assert seen(authority.server("www.example.gov.cn"), trust) == "wrong-host"
    assert seen(authority.server(days=(-30, -1)), trust) == "expired"
    assert seen(authority.server(days=(1, 30)), trust) == "not-yet-valid"
    assert seen(authority.server(self_signed=True), trust) == "self-signed"
    assert seen(authority.server(), None) == "untrusted"


def test_no_handshake_is_no_fact_about_the_certificate(authority: Authority, tmp_path: Path) -> None:
    with served({}) as plain:
        port = urlsplit(plain.base).port
        assert port is not None
        assert asyncio.run(certificate("127.0.0.1", port, "127.0.0.1")) is None
    assert asyncio.run(certificate("127.0.0.1", port, "127.0.0.1")) is None
