"""Which known documents are fetched again: new ones daily, old ones in turn, so that an edit is seen within a week."""

from __future__ import annotations

from datetime import datetime, timedelta

from data.store import KnownPage

# Product defaults. A document of the last days still gains its interpretation link or a correction.
_YOUNG = timedelta(days=7)
_EVERY = timedelta(days=7)


def due(known: KnownPage | None, now: datetime) -> bool:
    """Whether a listed document has to be fetched in this crawl."""
    if known is None or known.published_at is None:
        return known is None or now - known.fetched_at >= timedelta(days=1)
    return now - known.published_at <= _YOUNG or now - known.fetched_at >= _EVERY
