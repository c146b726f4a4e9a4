from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from simgov.district import District
from simgov.server import Running, serve

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def demo() -> District:
    return District.build(TODAY)


@pytest.fixture
def running(demo: District) -> Iterator[Running]:
    """The demo district as at the second crawl."""
    with serve(demo, demo.second_crawl) as it:
        yield it
