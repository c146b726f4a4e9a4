"""Accuracy of a tool's answers: fields by the tests' own measure, texts by their bigrams, lists by their rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import mean
from typing import Any

from benchmarks.extraction.corpus import Sample
from benchmarks.extraction.tools import Entry, Tool
from data.text import bare
from tests.crawler.extract.score import Outcome, outcome


@dataclass
class Tally:
    """How often one field of one tool came out how."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    @property
    def judged(self) -> int:
        return sum(self.counts.values()) - self.counts[Outcome.DOUBTFUL]

    @property
    def accuracy(self) -> float | None:
        """None where every page was left out as doubtful."""
        return self.counts[Outcome.RIGHT] / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """What one tool got right on one folder of pages."""

    fields: dict[str, Tally]
    text_f1: float | None  # mean over the documents whose text the label gives
    list_f1: float | None  # over all rows of all list pages
    list_pages: list[tuple[str, float]]


def judge(tool: Tool, samples: Sequence[Sample]) -> Accuracy:
    """Read every page once and hold the answers against the labels."""
    tallies = {name: Tally() for name in tool.fields}
    texts: list[float] = []
    for sample in samples:
        if sample.kind != "document":
            continue
        result = tool.read(sample)
        label = day_label(sample.label)
        got = tool.answers(result)
        for name, tally in tallies.items():
            found = outcome(name, got.get(name), label)
            tally.counts[found] += 1
            if found is not Outcome.RIGHT:
                tally.misses.append(f"{label['file']} ({found}): {got.get(name)!r}, label {label[name]!r}")
        if tool.text is not None and sample.text is not None:
            texts.append(text_f1(tool.text(result), sample.text))
    return Accuracy(tallies, mean(texts) if texts else None, *_lists(tool, samples))


def _lists(tool: Tool, samples: Sequence[Sample]) -> tuple[float | None, list[tuple[str, float]]]:
    pages: list[tuple[str, float]] = []
    common = total = 0
    for sample in samples:
        if tool.read_list is None or tool.entries is None or sample.kind not in ("list", "index"):
            continue
        got = rows(tool.entries(tool.read_list(sample), sample))
        wanted = rows([(item["title"], item["href"]) for item in sample.label["items"]])
        common += 2 * (got & wanted).total()
        total += got.total() + wanted.total()
        pages.append((str(sample.label["file"]), f1(got, wanted)))
    return (common / total if total else None), pages


def day_label(label: Mapping[str, Any]) -> dict[str, Any]:
    """A label with `published_on`, the day alone: what every tool gives, and what the bar asks for."""

    def day(at: str | None) -> str | None:
        return at[:10] if at else None

    return {
        **label,
        "published_on": day(label["published_at"]),
        "also": {**label["also"], "published_on": [day(at) for at in label["also"].get("published_at", [])]},
        "doubtful": [*label["doubtful"], *(["published_on"] if "published_at" in label["doubtful"] else [])],
    }


def rows(entries: Sequence[Entry]) -> Counter[Entry]:
    return Counter((bare(title), url) for title, url in entries)


def text_f1(got: str, wanted: str) -> float:
    """F1 over pairs of neighbouring letters, digits and characters; white space, punctuation and marks do not count."""
    return f1(_bigrams(got), _bigrams(wanted))


def f1(got: Counter[Any], wanted: Counter[Any]) -> float:
    """The harmonic mean of precision and recall over two multisets; 1 where both are empty."""
    total = got.total() + wanted.total()
    return 2 * (got & wanted).total() / total if total else 1.0


def _bigrams(text: str) -> Counter[str]:
    plain = re.sub(r"[\W_]+", "", text)
    return Counter(plain[at : at + 2] for at in range(len(plain) - 1))
