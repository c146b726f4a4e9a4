"""Every check of this tree, one summary, one exit status. Runs in the .venv; ./run-tests calls it.

Without arguments: ruff, mypy, import contracts, the fast tests on all cores, then the slow ones.
With arguments: pytest alone, with these arguments.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_BIN = Path(sys.executable).parent
_NO_TESTS_COLLECTED = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One command of the round; `fine` are the exit statuses that count as passed."""

    name: str
    command: tuple[str, ...]
    fine: tuple[int, ...] = (0,)


def checks(arguments: Sequence[str]) -> tuple[Check, ...]:
    """What to run for the given arguments."""
    pytest = (sys.executable, "-m", "pytest")
    if arguments:
        return (Check("pytest", (*pytest, *arguments)),)
    workers = str(min(4, os.cpu_count() or 1))
    return (
        Check("ruff check", (str(_BIN / "ruff"), "check", "--output-format", "concise", ".")),
        Check("ruff format", (str(_BIN / "ruff"), "format", "--check", "--output-format", "concise", ".")),
        Check("mypy --strict", (sys.executable, "-m", "mypy")),
        Check("import contracts", (str(_BIN / "lint-imports"),)),
        Check("tests", (*pytest, "-q", "-m", "not slow", "-n", workers, "--dist", "loadfile")),
        Check("slow tests", (*pytest, "-q", "-m", "slow"), fine=(0, _NO_TESTS_COLLECTED)),
    )


def main(arguments: Sequence[str]) -> int:
    """Run the checks, all of them even where one fails; returns 0 or 1."""
    results: list[tuple[Check, int, float]] = []
    for check in checks(arguments):
        print(f"\n== {check.name}", flush=True)
        started = time.monotonic()
        status = subprocess.run(check.command, cwd=_ROOT, check=False).returncode
        results.append((check, status, time.monotonic() - started))
    print("\n== summary")
    for check, status, seconds in results:
        print(f"{'passed' if status in check.fine else 'FAILED':8}{check.name:20}{seconds:7.1f} s")
    failed = any(status not in check.fine for check, status, _ in results)
    print("some checks failed" if failed else "all passed", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
