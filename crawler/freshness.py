"""What known of a site is asked for again: new documents daily, old ones in turn, spread evenly over the days."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from data.known import KnownPage

# Product defaults. A document of the last days still gains its interpretation link or a correction. Old ones hardly change;
# what a verdict rests on is asked for daily whatever its age (spiders/again.py).
_YOUNG = timedelta(days=7)
_RECENT = timedelta(days=90)
_RECENT_EVERY = timedelta(days=7)
OLD_EVERY = timedelta(days=28)
WHOLE_EVERY = timedelta(days=7)  # a list whose ends did not change
TAIL_EVERY = timedelta(days=4)  # the last page of one on which nothing new can stand
SENT_EVERY = timedelta(days=7)  # a page of which its server says that it did not change


def in_turn(key: bytes, last: datetime, now: datetime, every: timedelta) -> bool:
    """Whether something seen last at `last` has its turn again.

    Each address has turns of its own, two thirds of `every` apart; the next one counts that is at least a third of `every` away.
    So nothing is due on the days after it was seen, nothing waits longer than `every`, and no day has more turns than another.
    """
    period = every.total_seconds() * 2 / 3
    offset = int.from_bytes(key[:4], "big") / 2**32 * period
    earliest = last.timestamp() + period / 2
    return now.timestamp() >= math.ceil((earliest - offset) / period) * period + offset


def due(key: bytes, known: KnownPage | None, now: datetime) -> bool:
    """Whether a page that is no list has to be fetched in this crawl; `key` is its url_hash."""
    if known is None:
        return True
    if known.published_at is None:
        return in_turn(key, known.fetched_at, now, _RECENT_EVERY)
    age = now - known.published_at
    if age <= _YOUNG:
        return True
    return in_turn(key, known.fetched_at, now, _RECENT_EVERY if age <= _RECENT else OLD_EVERY)
