"""What a file that a site offers says: its text and where that came from, as every room reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Hidden:
    """A part that whoever opens the file does not see: a hidden sheet, column or row."""

    name: str  # in Chinese, as a reader finds it: 工作表“名单”的C列
    spans: tuple[tuple[int, int], ...]  # where its words stand in the text


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of one file, or why it was not read."""

    kind: str  # by its bytes, whatever it is called: "pdf", "docx", "xlsx", "xls", "ofd", "txt", "html", "zip", "rtf", "ole", "other"
    why: str | None = None  # reason key: "no-text-layer", "file-encrypted", "file-broken" …; None where the text was read
    text: str = ""
    pages: int = 0  # of a table: sheets
    blind: int = 0  # pages that are a picture, with or without words laid over it; of a text document, pictures of some size
    cut: bool = False  # there is more than was read
    hidden: tuple[Hidden, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether all that the file shows is in its text: only then does a word's absence say anything."""
        return self.why is None and not self.blind and not self.cut


@dataclass(frozen=True, slots=True)
class FileSeen:
    """A file as it was last read."""

    url: str
    observed_at: datetime  # when these bytes were fetched
    sha256: str | None  # None: nothing came
    file: FileText
    earlier: tuple[FileText, ...] = ()  # what it said before, oldest first
