"""Files read in a process of their own: one that hangs, unfolds without end or breaks its reader stops no crawl."""

from __future__ import annotations

import asyncio
import logging
import signal
import subprocess
import sys
import threading
from pathlib import Path

import msgspec

from data.files import FileText

logger = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 60.0  # by the clock: a busy machine gives less than the whole processor
_ROOM = threading.BoundedSemaphore(2)
_SPENT = (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT)  # PDFium aborts where it is given no more memory


def read_apart(body: bytes, named: str | None = None, *, seconds: float = _SECONDS) -> FileText:
    """Read a file in a child process. Never raises for what the file is."""
    command = [sys.executable, "-m", "crawler.files.child", *([named] if named else [])]
    environment = {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(
            command, input=body, capture_output=True, timeout=seconds, check=False, env=environment, cwd=_ROOT, close_fds=True
        )
    except subprocess.TimeoutExpired:
        return FileText(named or "other", "file-too-heavy")
    if done.returncode > 0:
        # No fault of the file: the child tells what it found in whatever bytes, or is ended by a signal.
        logger.error("our reader of files broke: %s", done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2])
        return FileText(named or "other", "file-reader-failed")
    if done.returncode < 0:
        return FileText(named or "other", "file-too-heavy" if done.returncode in _SPENT else "file-broken")
    return msgspec.json.decode(done.stdout, type=FileText)


async def read_beside(body: bytes, named: str | None = None) -> FileText:
    """The same beside a running event loop, which goes on meanwhile; at most two at a time, however many sites are crawled."""
    return await asyncio.to_thread(_in_turn, body, named)


def _in_turn(body: bytes, named: str | None) -> FileText:
    with _ROOM:
        return read_apart(body, named)
