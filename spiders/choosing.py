"""What a crawl asks for first where it cannot ask for everything: by what an address is worth, never by when it was seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from scrapy import Request

from spiders.visits import Visit


class Worth(IntEnum):
    """What goes first: the columns and the ways to them, then the rest of their lists, then documents."""

    WAY_ON = 0
    LATER_PAGE = 1
    DOCUMENT = 2


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """An address that waits until everything of more worth has been read."""

    key: str
    visit: Visit
    ask: Callable[[Visit], Request]
    in_row: bool = False  # a row of a list leads there
    drop: Callable[[], None] | None = None  # what has to be said where there is no room for it


class Turns:
    """The addresses that wait. They are let out in groups, when nothing is under way: what a group leads to joins the next."""

    def __init__(self) -> None:
        self._wanted: dict[str, Wanted] = {}

    def __len__(self) -> int:
        return len(self._wanted)

    def put(self, wanted: Wanted) -> None:
        self._wanted.setdefault(wanted.key, wanted)

    def group(self, rank: Callable[[Wanted], tuple[int, int, int]]) -> list[Wanted]:
        """Take out those of the first rank, in the order of their addresses."""
        ranked = {key: rank(wanted) for key, wanted in self._wanted.items()}
        first = min(ranked.values(), default=None)
        return [self._wanted.pop(key) for key in sorted(ranked) if ranked[key] == first]
