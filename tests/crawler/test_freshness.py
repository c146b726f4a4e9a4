"""Which known documents are fetched again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler.freshness import due
from data.records import PageKind
from data.store import KnownPage
from tests.support.sites import moment

NOW = moment("2026-11-21")


@pytest.mark.parametrize(
    ("fetched_days_ago", "published_days_ago", "wanted"),
    [
        (0.1, 0, True),  # young ones daily
        (1, 7, True),
        (1, 7.01, False),  # older ones in turn
        (6.99, 30, False),
        (7, 30, True),
        (0.1, -2, True),  # dated ahead
        (0.5, None, False),  # undated ones daily
        (1, None, True),
    ],
)
def test_due(fetched_days_ago: float, published_days_ago: float | None, wanted: bool) -> None:
    published = None if published_days_ago is None else NOW - timedelta(days=published_days_ago)
    assert due(KnownPage(NOW - timedelta(days=fetched_days_ago), PageKind.DOCUMENT, published), NOW) is wanted


def test_unknown_ones_are_due() -> None:
    assert due(None, NOW)
