from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sites import Crawls


@pytest.fixture
def crawl(tmp_path: Path) -> Iterator[Crawls]:
    """Crawls into a new database."""
    crawls = Crawls(tmp_path)
    yield crawls
    crawls.close()


@pytest.fixture(autouse=True)
def quiet_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No crawl leaves a traceback in the log, or an error: what a site does wrong is told in words of ours."""
    yield
    records = caplog.get_records("call")
    assert [(record.name, record.getMessage()) for record in records if record.exc_info or record.levelno >= logging.ERROR] == []
