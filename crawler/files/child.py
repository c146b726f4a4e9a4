"""The process in which one file is read: bytes in, a FileText as JSON out, little memory, little time, nothing else.

It is given no environment and may write no file; whatever hostile bytes make of the libraries that read them ends with it.
"""

from __future__ import annotations

import resource
import sys

import msgspec

from crawler.files.read import read_file
from data.files import FileText

MEMORY = 1 << 30
SECONDS = 30  # of processor time


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    named = sys.argv[1] if len(sys.argv) > 1 else None
    try:
        told = read_file(sys.stdin.buffer.read(), named)
    except (MemoryError, RecursionError):
        told = FileText(named or "other", "file-too-heavy")
    sys.stdout.buffer.write(msgspec.json.encode(told))


if __name__ == "__main__":
    main()
