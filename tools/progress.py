"""Steps shown to a person: what is being done, since when, and that it still goes on."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import Self, TextIO

# Seconds between two signs of life: on a terminal the line is redrawn, in a log a new line is written.
_TERMINAL_BEAT = 0.25
_LOG_BEAT = 2.0


class Step:
    """One step; shows its name, a changing note and the time elapsed while the `with` block runs."""

    def __init__(self, title: str, out: TextIO | None = None) -> None:
        self._title = title
        self._out = sys.stderr if out is None else out
        self._note = ""
        self._outcome = ""
        self._started = time.monotonic()
        self._over = threading.Event()
        self._terminal = self._out.isatty()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def note(self, text: str) -> None:
        """Say what goes on inside the step just now."""
        self._note = text

    def outcome(self, text: str) -> None:
        """Say what came of the step, where that is more than its being done."""
        self._outcome = text

    def __enter__(self) -> Self:
        if not self._terminal:
            self._write(f"{self._title} …\n")
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()
        outcome = "failed" if kind else self._outcome or "done"
        line = f"{self._title}: {outcome} ({self._elapsed()})"
        self._write(f"\r\x1b[K{line}\n" if self._terminal else f"{line}\n")

    def _beat(self) -> None:
        while not self._over.wait(_TERMINAL_BEAT if self._terminal else _LOG_BEAT):
            line = f"{self._title} … {self._elapsed()}  {self._note}".rstrip()
            self._write(f"\r\x1b[K{line[:100]}" if self._terminal else f"  {line}\n")

    def _elapsed(self) -> str:
        return f"{time.monotonic() - self._started:.1f} s"

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
