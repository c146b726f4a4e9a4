"""The figures as Markdown: what is printed is what docs/benchmarks.md gets."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.extraction.judging import Accuracy, Tally
from benchmarks.extraction.measuring import Cost, Endurance, Speed
from benchmarks.extraction.tools import OURS, ROOT, Tool
from tests.crawler.extract.score import FIELDS, Outcome

TITLE = "## Reading pages, beside htmldate, GNE and trafilatura"
GNE_TIMES = 3.0  # all our fields at three times GNE's speed, or more


@dataclass(frozen=True, slots=True)
class Figures:
    """One run."""

    tools: Sequence[Tool]
    accuracies: Mapping[str, Mapping[str, Accuracy]]  # by folder's name, by tool
    documents: Mapping[str, Speed]
    lists: Mapping[str, Speed]
    memory: Mapping[str, tuple[float, float]]
    costs: Sequence[Cost]
    endurance: Endurance
    rounds: int
    pages: Mapping[str, int]  # by kind


def section(figures: Figures) -> str:
    """The whole section, heading first."""
    return "\n".join(_lines(figures)) + "\n"


def _lines(figures: Figures) -> Iterator[str]:
    yield TITLE
    yield ""
    pages = ", ".join(f"{count} {kind}" for kind, count in sorted(figures.pages.items()))
    yield f"`.venv/bin/python -m benchmarks.extract --write` on labelled pages ({pages}). {machine()}"
    yield ""
    yield from (f"- {tool.name} {tool.version} ({tool.standing}): `{tool.call}`" for tool in figures.tools if tool.name != OURS)
    yield from (
        "",
        "Right, and in brackets right/wrong/missed/a value where the label is null. What a label calls doubtful and a tool has otherwise is",
        "left out. Dates count by the day; `published_at` with its time. The text is measured by start and end as labelled, and by the F1 of its",
        "pairs of characters. A list's rows count by title and address; GNE is given the first row, ours nothing. GNE's author and",
        "trafilatura's site name or author stand for the source, which is the nearest that they give.",
    )
    for folder, by_tool in figures.accuracies.items():
        yield from ("", *_accuracy(folder, by_tool))
    yield ""
    yield from _speed("documents", figures.documents, figures.memory)
    yield ""
    if figures.lists:
        yield from _speed("list pages", figures.lists, {})
        yield ""
    yield from (
        f"Page by page in turn, {figures.rounds} rounds after one to warm up, medians; caches emptied before each round. Ours reads all fields, links,",
        "the kind of page and the list with its pager in that time. Peak memory: a process of its own, before and after all documents.",
        "",
        "| our CPU ms by kind of page | pages | p50 | p95 | most |",
        "| --- | ---: | ---: | ---: | ---: |",
    )
    yield from (f"| {cost.kind} | {cost.pages} | {cost.p50:.1f} | {cost.p95:.1f} | {cost.most:.1f} |" for cost in figures.costs)
    run = figures.endurance
    yield from (
        "",
        f"{run.pages} pages in one go (copies of the above): {run.pages_per_second:.0f} a second, CPU p50 {run.p50:.1f} ms, p95 {run.p95:.1f} ms,",
        f"most {run.most:.0f} ms; the last third took {run.last_over_first:.2f} times the first; memory grew by {run.grown_mib:.0f} MiB after the first copy.",
        "",
    )
    yield from verdicts(figures)


def _accuracy(folder: str, by_tool: Mapping[str, Accuracy]) -> Iterator[str]:
    yield f"| {folder} | " + " | ".join(by_tool) + " |"
    yield "| --- |" + " ---: |" * len(by_tool)
    for name in ("published_on", *FIELDS):
        yield f"| {name} | " + " | ".join(cell(accuracy.fields.get(name)) for accuracy in by_tool.values()) + " |"
    yield "| text, F1 | " + " | ".join(_share(accuracy.text_f1) for accuracy in by_tool.values()) + " |"
    yield "| list rows, F1 | " + " | ".join(_share(accuracy.list_f1) for accuracy in by_tool.values()) + " |"


def _speed(what: str, speeds: Mapping[str, Speed], memory: Mapping[str, tuple[float, float]]) -> Iterator[str]:
    more = " peak MiB before, after |" if memory else ""
    yield f"| {what} | pages/s | CPU ms a page | its time / ours, wall | CPU |{more}"
    yield "| --- | ---: | ---: | ---: | ---: |" + (" ---: |" if memory else "")
    for name, speed in speeds.items():
        before, after = memory.get(name, (0.0, 0.0))
        line = f"| {name} | {speed.pages_per_second:.0f} | {speed.cpu_ms:.1f} | {speed.times_ours:.2f} | {speed.times_ours_cpu:.2f} |"
        yield line + (f" {before:.0f}, {after:.0f} |" if memory else "")


def verdicts(figures: Figures) -> Iterator[str]:
    """One line a bar: whether it holds in this run."""
    behind = [f"{folder}: {text}" for folder, by_tool in figures.accuracies.items() for text in behind_of(by_tool)]
    yield f"No tool beats ours on any field it gives: {'holds' if not behind else 'does not hold: ' + '; '.join(behind)}."
    times = figures.documents["GNE"].times_ours
    yield f"At least {GNE_TIMES:.0f} times GNE's speed on documents: {'holds' if times >= GNE_TIMES else 'does not hold'} ({times:.2f})."


def behind_of(by_tool: Mapping[str, Accuracy]) -> list[str]:
    """Where another tool is more often right than ours."""
    own, found = by_tool[OURS], []
    for name, other in by_tool.items():
        pairs = [(field, own.fields[field].accuracy, tally.accuracy) for field, tally in other.fields.items()]
        pairs += [("text", own.text_f1, other.text_f1), ("list rows", own.list_f1, other.list_f1)]
        found += [
            f"{field}: {name} {_share(theirs)}, ours {_share(ours)}"
            for field, ours, theirs in pairs
            if theirs is not None and (ours is None or theirs > ours)
        ]
    return found


def cell(tally: Tally | None) -> str:
    if tally is None:
        return "–"
    parts = (Outcome.RIGHT, Outcome.WRONG, Outcome.MISSED, Outcome.FALSE)
    return f"{_share(tally.accuracy)} ({'/'.join(str(tally.counts[part]) for part in parts)})"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value * 100:.1f} %"


def machine() -> str:
    """Machine, system, Python, state of the tree and date."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    try:
        release = platform.freedesktop_os_release()
        system = f"{release['NAME'].removesuffix(' GNU/Linux')} {release.get('VERSION_ID', '')}".strip()
    except OSError:
        system = platform.system()
    told = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False)
    tree = f", tree {told.stdout.strip()}" if told.returncode == 0 else ""
    today = date.today().isoformat()  # noqa: DTZ011 - the date of the measurement
    return f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, {system}, Python {platform.python_version()}{tree}, {today}."


def put(page: Path, text: str) -> None:
    """Write the section into the page, in place of its like or at the end; other sections stay."""
    page.write_text(replaced(page.read_text("utf-8"), text), "utf-8")


def replaced(page: str, text: str) -> str:
    parts = re.split(r"(?m)^(?=## )", page)
    kept = [part for part in parts if part.split("\n", 1)[0] != TITLE]
    at = next((number for number, part in enumerate(parts) if part not in kept), len(kept))
    kept.insert(at, text.rstrip("\n") + "\n")
    return "\n\n".join(part.strip("\n") for part in kept) + "\n"
