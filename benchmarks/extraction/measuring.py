"""Time and memory, side by side: every page is read by each tool in turn, so that a noisy machine is noisy for all alike."""

from __future__ import annotations

import cProfile
import gc
import multiprocessing
import pstats
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.extraction.corpus import Sample, load
from benchmarks.extraction.tools import OURS, ROOT, Tool, all_tools, ours


@dataclass(frozen=True, slots=True)
class Speed:
    """One tool over the same pages: medians over the rounds."""

    pages_per_second: float
    cpu_ms: float  # a page
    times_ours: float  # its wall time over ours in the same round
    times_ours_cpu: float


@dataclass(frozen=True, slots=True)
class Cost:
    """Our CPU milliseconds a page of one kind: each page's median over the rounds."""

    kind: str
    pages: int
    p50: float
    p95: float
    most: float


@dataclass(frozen=True, slots=True)
class Endurance:
    """Our reader over many copies of the pages; CPU milliseconds a page."""

    pages: int
    pages_per_second: float  # by the clock
    p50: float
    p95: float
    most: float
    last_over_first: float  # CPU time of the last third of the copies over the first third's
    grown_mib: float  # resident memory, from after the first copy to the end


def race(tools: Sequence[Tool], samples: Sequence[Sample], rounds: int, *, lists: bool = False) -> dict[str, Speed]:
    """Read every page with every tool, page by page, in turning order; one round to warm up. `lists`: their calls for list pages."""
    wall: dict[str, list[float]] = defaultdict(list)
    cpu: dict[str, list[float]] = defaultdict(list)
    gc.freeze()  # a collection that falls into one tool's time shall not walk what all the others have loaded
    for turn in range(rounds + 1):
        for tool in tools:
            tool.forget()
        gc.collect()
        spent = {tool.name: [0.0, 0.0] for tool in tools}
        for at, sample in enumerate(samples):
            for step in range(len(tools)):
                tool = tools[(turn + at + step) % len(tools)]
                call = tool.read_list if lists else tool.read
                assert call is not None
                began, began_cpu = time.perf_counter(), time.process_time()
                call(sample)
                spent[tool.name][1] += time.process_time() - began_cpu
                spent[tool.name][0] += time.perf_counter() - began
        if turn:  # the first warms up
            for name, (seconds, cpu_seconds) in spent.items():
                wall[name].append(seconds)
                cpu[name].append(cpu_seconds)
    gc.unfreeze()
    pages = len(samples)
    return {
        name: Speed(
            pages / median(times),
            median(cpu[name]) / pages * 1000,
            median(other / own for other, own in zip(times, wall[OURS], strict=True)),
            median(other / own for other, own in zip(cpu[name], cpu[OURS], strict=True)),
        )
        for name, times in wall.items()
    }


def costs(samples: Sequence[Sample], rounds: int) -> list[Cost]:
    """Our CPU milliseconds by kind of page: what neighbours on the machine take is not ours."""
    tool, spent = ours(), defaultdict[int, list[float]](list)
    for turn in range(rounds + 1):
        tool.forget()
        for at, sample in enumerate(samples):
            took = _milliseconds(tool, sample)
            if turn:
                spent[at].append(took)
    by_kind: dict[str, list[float]] = defaultdict(list)
    for at, sample in enumerate(samples):
        by_kind[sample.kind].append(median(spent[at]))
    return [Cost(kind, len(times), *spread(times)) for kind, times in sorted(by_kind.items())]


def endure(samples: Sequence[Sample], copies: int) -> Endurance:
    """Read `copies` times all pages, without forgetting between them, and see whether time or memory grows."""
    tool = ours()
    times: list[float] = []
    resident = 0.0
    began = time.perf_counter()
    for copy in range(copies):
        times += [_milliseconds(tool, sample) for sample in samples]
        if copy == 0:
            gc.collect()
            resident = _status("VmRSS")
    took = time.perf_counter() - began
    gc.collect()
    third = max(1, copies // 3) * len(samples)
    return Endurance(
        len(times),
        len(times) / took,
        *spread(times),
        sum(times[-third:]) / sum(times[:third]),
        _status("VmRSS") - resident,
    )


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Median, 95th percentile (nearest rank) and the greatest."""
    ordered = sorted(values)
    return median(ordered), ordered[max(0, -(-len(ordered) * 95 // 100) - 1)], ordered[-1]


def memory(names: Sequence[str], folders: Sequence[Path]) -> dict[str, tuple[float, float]]:
    """MiB at their peak before and after reading all documents once, each tool in a process of its own (Linux)."""
    found = {}
    for name in names:
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            found[name] = pool.submit(_peak, name, list(folders)).result()
    return found


def _peak(name: str, folders: list[Path]) -> tuple[float, float]:
    samples = [sample for folder in folders for sample in load(folder) if sample.kind == "document"]
    tool = ours() if name == OURS else next(tool for tool in all_tools() if tool.name == name)
    before = _status("VmHWM")
    for sample in samples:
        tool.read(sample)
    return before, _status("VmHWM")


def _status(key: str) -> float:
    """MiB from /proc/self/status; ru_maxrss would count the parent's."""
    lines = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{key}:"))


def _milliseconds(tool: Tool, sample: Sample) -> float:
    began = time.process_time()
    tool.read(sample)
    return (time.process_time() - began) * 1000


def profile(samples: Sequence[Sample], rounds: int, top: int = 25) -> list[str]:
    """Where our time goes: the functions of crawler/extract by cumulative time, and everything by its own time. Milliseconds a page."""
    tool = ours()
    pages = len(samples) * rounds

    def run() -> float:
        tool.forget()
        began = time.process_time()
        for _ in range(rounds):
            for sample in samples:
                tool.read(sample)
        return (time.process_time() - began) / pages * 1000

    run()
    plain = run()
    profiler = cProfile.Profile()  # by the wall's clock: asking for CPU time at every call costs more than the calls
    profiler.enable()
    run()
    profiler.disable()
    stats: dict[tuple[str, int, str], tuple[int, int, float, float, Any]] = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    inside = {key: row for key, row in stats.items() if "/crawler/extract/" in key[0]}
    stretched = sum(row[2] for row in stats.values()) / pages * 1000 / plain  # by the profiler and by neighbours
    lines = [f"{plain:.1f} CPU ms a page; the figures below were {stretched:.1f} times as much under the profiler, and are scaled back", ""]
    lines += [f"{'ms/page':>9} {'own':>7} {'calls/page':>10}  cumulative, crawler/extract alone"]
    lines += _ranked(inside, 3, pages, stretched, top)
    lines += ["", f"{'ms/page':>9} {'own':>7} {'calls/page':>10}  by own time, libraries and built-ins too"]
    return lines + _ranked(stats, 2, pages, stretched, top)


def _ranked(
    stats: dict[tuple[str, int, str], tuple[int, int, float, float, Any]], by: int, pages: int, stretched: float, top: int
) -> list[str]:
    def name(key: tuple[str, int, str]) -> str:
        file, line, function = key
        if not line:
            return function
        path = Path(file)
        shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) and ".venv" not in path.parts else Path(*path.parts[-2:])
        return f"{shown}:{line} {function}"

    ranked = sorted(stats.items(), key=lambda item: -float(item[1][by]))[:top]
    scale = 1000 / pages / stretched
    return [f"{row[3] * scale:9.2f} {row[2] * scale:7.2f} {row[1] / pages:10.1f}  {name(key)}" for key, row in ranked]
