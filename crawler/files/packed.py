"""Files that are archives of XML: opened within bounds, so that what is packed small cannot unfold without end."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree

_MOST_ENTRIES = 20_000
_MOST_BYTES = 64 << 20  # of one piece, unpacked


class UnreadableError(Exception):
    """A file that cannot be read; its reason key."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Packed:
    """A zip file whose pieces are read one at a time."""

    def __init__(self, body: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(body))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            raise UnreadableError("file-broken") from None
        self.sizes = {info.filename: info.file_size for info in self._zip.infolist()}
        if len(self.sizes) > _MOST_ENTRIES:
            raise UnreadableError("file-too-heavy")

    def read(self, name: str) -> bytes:
        try:
            with self._zip.open(name) as piece:
                data = piece.read(_MOST_BYTES + 1)
        except RuntimeError:
            raise UnreadableError("file-encrypted") from None  # what zipfile says of a piece under a password
        except (KeyError, zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError):
            raise UnreadableError("file-broken") from None
        except Exception as error:
            if type(error).__name__ != "error":  # zlib's own
                raise
            raise UnreadableError("file-broken") from None
        if len(data) > _MOST_BYTES:
            raise UnreadableError("file-too-heavy")
        return data

    def elements(self, name: str) -> Iterator[tuple[str, Any]]:
        """Start and end of each element of a piece, as (event, element); entities and outside documents are left alone."""
        events = etree.iterparse(
            BytesIO(self.read(name)), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            for event, element in events:
                yield event, element
                if event == "end":
                    element.clear(keep_tail=False)
        except etree.XMLSyntaxError:
            raise UnreadableError("file-broken") from None


def local(element: Any) -> str:
    """The name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
