"""The visible metadata of a document: blocks above (or below) the text and the line under its title, never the text itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.extract.body import Place, place
from crawler.extract.dates import SEAM, parse_date
from crawler.extract.labels import Meaning, is_nothing
from crawler.extract.numbers import is_complete
from crawler.extract.page import Page, once
from crawler.extract.pairs import Pair
from crawler.extract.row_dates import join_parts
from data.records import DateRole, Field

_CORE = frozenset(
    {
        Meaning.INDEX,
        Meaning.NUMBER,
        Meaning.ISSUER,
        Meaning.MADE,
        Meaning.ISSUED,
        Meaning.TITLE,
        Meaning.OPENNESS,
        Meaning.VALIDITY,
        Meaning.TOPIC,
        Meaning.PUBLISHER,
    }
)
_GAP = 3  # blocks between two pairs of one group
_BELOW = 12  # how far under the text a metadata block may begin
_CLOSE = 4  # how far under the text a single line may stand


@dataclass(frozen=True, slots=True)
class Shown:
    """A pair that counts, and whether it stands in a metadata block or in a header line."""

    pair: Pair
    block: bool

    @property
    def where(self) -> str:
        return f"field:{self.pair.label}" if self.block else "header"


@once
def shown_pairs(page: Page) -> list[Shown]:
    """The pairs that are metadata of this page, in reading order; copies of a pair (mobile twins) once."""
    found = place(page)
    outside = _outside(found)
    groups: list[list[Pair]] = []
    for pair in outside:
        if (
            groups
            and pair.first - groups[-1][-1].last <= _GAP
            and not _parted(groups[-1], pair, found.heading.first if found.heading else -1)
        ):
            groups[-1].append(pair)
        else:
            groups.append([pair])
    shown: list[Shown] = []
    seen: set[tuple[str, str]] = set()
    for group in groups:
        core = {pair.meaning for pair in group} & _CORE
        is_block = len(core) >= 2 or (
            len(core) == 1 and len({pair.label for pair in group if pair.apart and pair.meaning is not Meaning.TOOL}) >= 3
        )
        kept = [pair for pair in group if pair.meaning is not Meaning.TOOL]
        if group[0].first >= found.stop > found.start and not _is_own(kept, found.stop, is_block=is_block):
            continue
        metadata = _is_metadata(kept)
        for pair in kept:
            if pair.apart and not pair.colon and not metadata and not _proves(pair):
                continue  # a word alone in its cell is a heading of a table as well
            key = (pair.label, pair.value)
            if key not in seen:
                seen.add(key)
                shown.append(Shown(pair, is_block))
    return shown


def _is_metadata(group: list[Pair]) -> bool:
    """Whether labels that stand apart without colons are a metadata block: three of them, filled or not, or two whose values prove them."""
    apart = [pair for pair in group if pair.apart]
    if sum(pair.colon for pair in apart) + sum(bool(pair.value) for pair in apart) >= 3:
        return True
    return len({pair.meaning for pair in apart} & _CORE) >= 3 or len({pair.meaning for pair in apart if _proves(pair)}) >= 2


def _proves(pair: Pair) -> bool:
    """Whether a value is of the very form that its label promises."""
    if pair.meaning is Meaning.NUMBER:
        return is_complete(pair.value)
    if pair.meaning is Meaning.INDEX:
        return bool(re.fullmatch(r"[0-9A-Za-z][\w/.\-]{2,60}", pair.value, re.ASCII))
    if pair.meaning in (Meaning.MADE, Meaning.ISSUED, Meaning.PUBLISHED):
        return (
            len(pair.value) <= 30
            and (parse_date(pair.value, DateRole.MADE, "field") or join_parts(re.sub(r"\s+", SEAM, pair.value))) is not None
        )
    return False


def _parted(group: list[Pair], pair: Pair, heading: int) -> bool:
    """Whether a pair begins another group: the title lies between, or a line under a table says again when it was published."""
    if group[-1].last < heading <= pair.first:
        return True
    return group[-1].apart and not pair.apart and any(known.meaning is pair.meaning for known in group)


def _outside(found: Place) -> list[Pair]:
    """Pairs above the text, and those that follow it closely or follow such a one; all of them where there is no text."""
    counted: list[Pair] = []
    reach = found.stop + _BELOW
    for pair in found.pairs:
        if pair.last < found.start:
            counted.append(pair)
        elif found.start == found.stop and pair.first < found.zone[1]:
            counted.append(pair)
        elif found.stop <= pair.first < min(found.zone[1], reach):
            counted.append(pair)
            reach = max(reach, pair.last + _GAP)
    return counted


def _is_own(group: list[Pair], stop: int, *, is_block: bool) -> bool:
    """Whether labels under the text speak of this document: a list of others repeats its labels, or stands farther off."""
    values: dict[str, str] = {}
    if any(values.setdefault(pair.label, pair.value) != pair.value for pair in group):
        return False
    return is_block or (bool(group) and group[0].first - stop <= _CLOSE)


def read_fields(page: Page) -> tuple[Field, ...]:
    """Labels (without white space and colons) and values as printed, placeholders and empty values included."""
    return tuple(Field(shown.pair.label, shown.pair.value) for shown in shown_pairs(page))


def first_value(shown: list[Shown], *meanings: Meaning) -> str | None:
    """The first value that says something, the meanings in order of preference, blocks before header lines."""
    for meaning in meanings:
        for block in (True, False):
            for item in shown:
                if item.pair.meaning is meaning and item.block is block and not is_nothing(item.pair.value):
                    return item.pair.value
    return None
