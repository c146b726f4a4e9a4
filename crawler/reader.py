"""Which reader this is: pages and files that are byte for byte the same are read again only where the code that reads them has changed."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path
from types import ModuleType

from crawler import extract, files


def reader_version() -> str:
    """A hash of the code that reads pages."""
    return _version(extract)


def file_reader_version() -> str:
    """A hash of the code that reads files."""
    return _version(files)


@cache
def _version(package: ModuleType) -> str:
    hashed = blake2b(digest_size=16)
    for source in sorted(Path(package.__file__ or "").parent.glob("*.py")):
        hashed.update(source.read_bytes())
    return hashed.hexdigest()
