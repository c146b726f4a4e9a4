"""How fast channels are posted to: the rate that a service allows, and the pauses between attempts. Pure but for the clock it is given."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
_MINUTE = timedelta(minutes=1)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Pace:
    """The real clock, whatever moment a round is run for: services count by theirs."""

    now: Callable[[], datetime] = _now
    sleep: Callable[[float], None] = time.sleep


def free_at(posts: Iterable[datetime], per_minute: int, now: datetime) -> datetime:
    """When the next post is allowed: now, or when the oldest of the last `per_minute` posts is a minute old."""
    recent = sorted(post for post in posts if now - post < _MINUTE)
    return now if len(recent) < per_minute else recent[-per_minute] + _MINUTE


def next_attempt(key: str, attempts: int, now: datetime) -> datetime | None:
    """When a message that failed `attempts` times is tried again; None where it is given up.

    Up to a quarter of each pause is left out, by the message: what failed together does not come back together.
    """
    if attempts > len(BACKOFF):
        return None
    digest = hashlib.blake2b(f"{key}\x1f{attempts}".encode(), digest_size=4).digest()
    return now + BACKOFF[attempts - 1] * (1 - int.from_bytes(digest) / 2**32 / 4)
