"""Finding a title again among thousands: equal cores first, then similar ones, by an index of character pairs.

Never all with all: a query looks only at the titles that share its rarer pairs of characters.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Generic, TypeVar

from rapidfuzz import fuzz

from checks.bodies import places
from data.text import doc_number_key

T = TypeVar("T")

_FIGURES = re.compile(r"\d+|第[一二三四五六七八九十百]+[批次期季轮届号]?|[一二三四五六七八九十]+季度")
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,24}〔\d{4}〕\d+号")
_COMMON = 400  # a pair of characters that stands in more titles than this tells little


@lru_cache(maxsize=50000)
def figures(core: str) -> frozenset[str]:
    """The numbers in a title: years, batches, quarters. Two titles whose numbers differ are two documents."""
    return frozenset(_FIGURES.findall(core))


def similarity(one: str, other: str, floor: float = 0.0) -> float:
    """How alike two title cores are, 0 to 1; 0 where they are less alike than `floor`.

    Titles that name different years or batches are not alike at all; titles that name different places are never surely the same.
    """
    if one == other:
        return 1.0
    score = fuzz.ratio(one, other, score_cutoff=100 * floor) / 100
    if score == 0 or (figures(one) and figures(other) and figures(one) != figures(other)):
        return 0.0
    here, there = places(one), places(other)
    if here and there and here[-1] != there[-1]:
        return min(score, 0.79)
    return float(score)


# Words that a title gains or loses without naming another document: edition, wrapping, a year, "in our district".
_WRAPPING = re.compile(
    r"(19|20)\d{2}(年度|年)?(修订版?|版)?|试行|暂行|修订[版稿]?|修正[版案]?|修改版?|实施|工作|若干|有关|相关|进一步|政策|全文|关于|的|和|与|及|^[我全本][省市区县镇]"
)


@lru_cache(maxsize=50000)
def content(core: str) -> str:
    """What is left of a title core without its place, edition and wrapping words; two cores with the same content may be one document."""
    left = _WRAPPING.sub("", core.removeprefix("".join(places(core))))
    return left or core


def pairs(core: str) -> frozenset[str]:
    return frozenset(core[index : index + 2] for index in range(len(core) - 1))


class TitleIndex(Generic[T]):
    """Things found by title core."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._cores: list[str] = []
        self._items: list[T] = []
        self._equal: dict[str, list[int]] = defaultdict(list)
        self._pairs: dict[str, list[int]] = defaultdict(list)
        for core, item in entries:
            if not core:
                continue
            position = len(self._cores)
            self._cores.append(core)
            self._items.append(item)
            self._equal[core].append(position)
            if len(self._equal[core]) == 1:
                for pair in pairs(core):
                    self._pairs[pair].append(position)

    def equal(self, core: str) -> list[T]:
        return [self._items[position] for position in self._equal.get(core, ())]

    def similar(self, core: str, floor: float) -> list[tuple[float, T]]:
        """Things whose core is at least `floor` alike but not equal, the most alike first."""
        shared: Counter[int] = Counter()
        wanted = sorted((self._pairs[pair] for pair in pairs(core) if pair in self._pairs), key=len)
        for position, postings in enumerate(wanted):
            # The rarer half always counts; beyond it, pairs that stand everywhere only cost time.
            if len(postings) > _COMMON and position > len(wanted) // 2:
                break
            shared.update(postings)
        least = max(2, (len(core) - 1) // 4)
        found: list[tuple[float, T]] = []
        for position in [position for position, count in shared.items() if count >= least]:
            other = self._cores[position]
            if other == core:
                continue
            score = similarity(core, other, floor)
            if score >= floor:
                found.extend((score, self._items[twin]) for twin in self._equal[other])
        return sorted(found, key=lambda pair: -pair[0])


def numbers_in(text: str) -> frozenset[str]:
    """Every 文号 quoted in a text, as keys; words in front of one may cling to it (see `quotes_number`)."""
    return frozenset(_NUMBER.findall(doc_number_key(text))) if "号" in text else frozenset()


def number_tail(number: str) -> str | None:
    """The part of a 文号 that an index can hold: 2026〕3号. None where year or number were lost."""
    match = re.search(r"\d{4}〕\d+号$", doc_number_key(number))
    return match.group() if match else None


def quotes_number(quoted: str, number: str) -> bool:
    """Whether a quoted 文号, with whatever clings to its front, is this one."""
    return quoted.endswith(doc_number_key(number))
