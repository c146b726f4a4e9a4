"""How much of one text is copied out of others: pieces found in them word by word, by runs of characters. Linear in the length of the texts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from data.text import bare, title_key

# What stands in quotation marks is quoted openly; a title in 《》 names and copies nothing. Both part a text as a full stop does.
_QUOTED = re.compile(r"《[^》]{1,120}》|“[^”]{1,400}”|「[^」]{1,400}」")
_ENDS = re.compile(r"[。；;！!？?\n\r]+")


@dataclass(frozen=True, slots=True)
class Overlap:
    """What of a text stands in the originals."""

    chars: int  # of the pieces that are long enough to compare
    copied: int  # of those found in an original
    own: tuple[str, ...]  # pieces that no original holds, short ones (headings) included

    @property
    def ratio(self) -> float:
        return self.copied / self.chars if self.chars else 0.0


def overlap(text: str, originals: Iterable[str], *, piece_chars: int, run_chars: int, run_share: float) -> Overlap:
    """Compare a text, piece by piece, with its originals; a piece is copied where `run_share` of its runs stand in one of them."""
    whole = [title_key(original) for original in originals]
    runs = {run for original in whole for run in _runs(original, run_chars)}
    chars = copied = 0
    own: list[str] = []
    for piece in _ENDS.split(_QUOTED.sub("。", text)):
        key = title_key(piece)
        if not key:
            continue
        found = list(_runs(key, run_chars))
        if len(key) >= piece_chars:
            known = sum(run in runs for run in found) >= run_share * len(found)
            chars += len(key)
            copied += len(key) if known else 0
        else:
            known = any(run in runs for run in found) if found else any(key in original for original in whole)
        if not known:
            own.append(bare(piece))
    return Overlap(chars, copied, tuple(own))


def _runs(key: str, length: int) -> Iterable[str]:
    return (key[index : index + length] for index in range(len(key) - length + 1))
