"""Retry-After: how long a server asks us to wait, in seconds or until a date."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def retry_after(value: bytes | None, date: bytes | None = None) -> float | None:
    """Seconds to wait; None where the header is absent or no wait at all can be read from it.

    `date` is the answer's own Date, so that a server whose clock is wrong is still understood.
    """
    text = (value or b"").decode("latin-1").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", text):
        return float(text)
    until = _moment(text)
    if until is None:
        return None
    now = _moment((date or b"").decode("latin-1").strip()) or datetime.now(UTC)
    return max(0.0, (until - now).total_seconds())


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
