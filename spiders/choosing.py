"""What a crawl asks for first where it cannot ask for everything: by what an address is worth, never by when it was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
        self._first: dict[str, Wanted] = {}
        self._last: dict[str, Wanted] = {}  # documents, which are many: they are looked through only when nothing else waits

    def __len__(self) -> int:
        return len(self._first) + len(self._last)

    def put(self, wanted: Wanted) -> None:
        if wanted.key not in self._first:
            (self._last if wanted.in_row else self._first).setdefault(wanted.key, wanted)

    def group(self, rank: Callable[[Wanted], tuple[int, int, int]], called: Iterable[str]) -> list[Wanted]:
        """Take out those of the first rank, in the order of their addresses; `called`: what is more than a document by now."""
        for key in called:
            if key in self._last:
                self._first[key] = self._last.pop(key)
        waiting = self._first or self._last
        ranked = {key: rank(wanted) for key, wanted in waiting.items()}
        first = min(ranked.values(), default=None)
        return [waiting.pop(key) for key in sorted(ranked) if ranked[key] == first]
