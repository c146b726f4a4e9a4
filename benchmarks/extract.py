"""Our extraction beside htmldate, GNE and trafilatura on the same labelled pages: `python -m benchmarks.extract`.

Prints accuracy per field, speed side by side, our cost by kind of page, endurance and memory. The three come with the `bench`
extra, which no lock file holds. `--write` puts the same tables into docs/benchmarks.md; `--profile` shows where our time goes.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.extraction import tools as extractors
from benchmarks.extraction.corpus import load
from benchmarks.extraction.judging import Accuracy, judge
from benchmarks.extraction.measuring import costs, endure, memory, profile, race
from benchmarks.extraction.report import Figures, put, section
from data.errors import GongkaiError
from tests.crawler.extract.score import SAMPLES


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    folders = [options.samples, *options.pages]
    try:
        loaded = [load(folder) for folder in folders]
    except GongkaiError as error:
        print(error, file=sys.stderr)
        return 2
    everything = [sample for samples in loaded for sample in samples]
    documents = [sample for sample in everything if sample.kind == "document"]
    if not documents:
        print(f"{', '.join(map(str, folders))}: no document among the labelled pages; name a folder that has some", file=sys.stderr)
        return 2
    if options.profile:
        for kind in sorted({sample.kind for sample in everything}):
            print(f"\n# {kind}")
            print("\n".join(profile([sample for sample in everything if sample.kind == kind], options.rounds)))
        return 0
    if lacking := extractors.missing():
        print(f"missing: {' '.join(lacking)}; install with: {install_line(extractors.pins())}", file=sys.stderr)
        return 2
    tools = extractors.all_tools()
    accuracies: dict[str, dict[str, Accuracy]] = {}
    for folder, samples in zip(folders, loaded, strict=True):
        name = folder.resolve().name
        accuracies[name if name not in accuracies else f"{name} {len(accuracies) + 1}"] = {
            tool.name: judge(tool, samples) for tool in tools
        }
    if options.misses:
        _print_misses(accuracies)
    lists = [sample for sample in everything if sample.kind in ("list", "index")]
    figures = Figures(
        tools,
        accuracies,
        race(tools, documents, options.rounds),
        race([tool for tool in tools if tool.read_list is not None], lists, options.rounds, lists=True) if lists else {},
        memory([tool.name for tool in tools], folders),
        costs(everything, options.rounds),
        endure(everything, options.copies),
        options.rounds,
        Counter(sample.kind for sample in everything),
    )
    text = section(figures)
    print(text)
    if options.write:
        put(extractors.ROOT / "docs" / "benchmarks.md", text)
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.extract", description="Our extraction beside htmldate, GNE and trafilatura."
    )
    parser.add_argument("--samples", type=Path, default=SAMPLES, metavar="DIR", help="labels.jsonl and pages/ (else GONGKAI_SAMPLES)")
    parser.add_argument("--pages", type=Path, action="append", default=[], metavar="DIR", help="a further folder of the same form")
    parser.add_argument("--rounds", type=_count, default=7, help="rounds that count, after one to warm up (default 7)")
    parser.add_argument("--copies", type=_count, default=30, help="copies of the pages in the long run (default 30)")
    parser.add_argument("--misses", action="store_true", help="print every answer that is not right")
    parser.add_argument("--profile", action="store_true", help="only show where our time goes; needs none of the three")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/benchmarks.md")
    return parser.parse_args(arguments)


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"a number from 1, not {text!r}")
    return int(text)


def install_line(pins: Sequence[str]) -> str:
    """How to install them into the environment that runs this; `.venv` has no pip of its own, its set-up keeps one beside it."""
    wheel = next(iter(sorted(Path(sys.prefix).glob("pip-*.whl"))), None)
    pip = [sys.executable, f"{wheel}/pip"] if wheel else ["python3", "-m", "pip", "--python", sys.executable]
    return shlex.join([*pip, "install", *pins])


def _print_misses(accuracies: dict[str, dict[str, Accuracy]]) -> None:
    for folder, by_tool in accuracies.items():
        for tool, accuracy in by_tool.items():
            for name, tally in accuracy.fields.items():
                for miss in tally.misses:
                    print(f"{folder} {tool} {name} {miss}")


if __name__ == "__main__":
    sys.exit(main())
