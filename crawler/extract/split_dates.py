"""A date line beside a title whose parts stand in elements or lines of their own: 11-05 over 2026."""

from __future__ import annotations

import re

from crawler.extract.dates import SEAM
from crawler.extract.outline import Outline
from crawler.extract.row_dates import date_only, join_parts
from data.text import squeeze

_MOST = 3  # lines that one date can take: year, month, day
_MONTH = re.compile(r"\s*\d{1,2}\s*月\s*")


def _is_part(text: str) -> bool:
    return bool(_MONTH.fullmatch(text)) or (date_only(text) and any(map(str.isdigit, text)))


def split_date(outline: Outline, index: int) -> tuple[int, str, str] | None:
    """(block behind the date, its day as YYYY-MM-DD, as printed) of a split date that begins at a block; None where none does."""
    parts: list[str] = []
    for at in range(index, min(index + _MOST, len(outline.blocks))):
        block = outline.blocks[at]
        if not block.chars or block.chars > 12 or block.anchors:
            return None
        own = [part for part in block.raw.split(SEAM) if part.strip(" -/.·|")]
        if not own or not all(map(_is_part, own)):
            return None
        parts += own
        day = join_parts(SEAM.join(parts))
        if day is not None:
            return at + 1, day, squeeze(" ".join(parts))
    return None


def inline_date(raw: str) -> tuple[str, str] | None:
    """(day as YYYY-MM-DD, as printed) of a split date among the inline elements of one line."""
    if raw.count(SEAM) < 2:
        return None
    parts = [part for part in raw.split(SEAM) if part.strip()]
    for first in range(len(parts) - 1):
        for stop in (first + 3, first + 2):
            some = parts[first:stop]
            if stop <= len(parts) and all(map(_is_part, some)):
                day = join_parts(SEAM.join(some))
                if day is not None:
                    return day, squeeze(" ".join(some))
    return None
