"""Which known pages are fetched again."""

from __future__ import annotations

from datetime import timedelta
from hashlib import blake2b

import pytest

from crawler.freshness import due
from data.known import KnownPage
from data.records import PageKind
from tests.support.sites import moment

NOW = moment("2026-11-21")
KEY = b"\x00" * 16


@pytest.mark.parametrize(
    ("fetched_days_ago", "published_days_ago", "wanted"),
    [
        (0.1, 0, True),  # young ones in every crawl
        (1, 7, True),
        (0.1, -2, True),  # dated ahead
        (2.3, 7.01, False),  # those of the last months within a week
        (7, 90, True),
        (2.3, None, False),  # as are those without a date
        (7, None, True),
        (9.3, 91, False),  # old ones within four weeks
        (28, 9999, True),
    ],
)
def test_due(fetched_days_ago: float, published_days_ago: float | None, wanted: bool) -> None:
    published = None if published_days_ago is None else NOW - timedelta(days=published_days_ago)
    assert due(KEY, KnownPage(NOW - timedelta(days=fetched_days_ago), PageKind.DOCUMENT, published), NOW) is wanted


def test_unknown_ones_are_due() -> None:
    assert due(KEY, None, NOW)


def test_old_ones_come_in_turn_and_never_all_at_once() -> None:
    first = NOW - timedelta(days=100)
    fetched = {blake2b(str(number).encode(), digest_size=16).digest(): first for number in range(2000)}
    asked = []
    for day in range(1, 85):
        now = first + timedelta(days=day)
        again = [key for key, at in fetched.items() if due(key, KnownPage(at, PageKind.DOCUMENT, first - timedelta(days=900)), now)]
        asked.append(len(again))
        fetched.update(dict.fromkeys(again, now))
    assert asked[:9] == [0] * 9
    assert max(asked) < 2000 * 0.07
    assert max(now - at for at in fetched.values()) <= timedelta(days=28)
