from __future__ import annotations

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
