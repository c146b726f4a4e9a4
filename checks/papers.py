"""What the files that a page offers add to what it says, and what of them was not read.

A word that stands in a file stands on the site. That a word is missing is said only where every file of the page was read whole: no scan
among its pages, no characters lost, nothing left unread. A file beside another of the same name in another format is the same paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from data.files import FileSeen
from data.records import Attachment, Document, Evidence
from data.text import bare
from data.urls import url_key

NOT_YET = "attachment-only"  # the words stand in a file that nobody has read
# Types that are not asked for: binaries of old, archives. Their names say so.
_NEVER_READ = frozenset({"doc", "wps", "ppt", "pptx", "dps", "rtf", "ceb", "cebx", "zip", "rar", "7z"})
_ENDING = re.compile(r"\.\w{2,5}$")


def words_of(files: Iterable[FileSeen]) -> str:
    """The texts of files, one after the other."""
    return "\n".join(seen.file.text for seen in files if seen.file.why is None and seen.file.text)


def unread(offered: Iterable[Attachment], files: Sequence[FileSeen]) -> str | None:
    """Reason key of why files may say more than what was read of them; None where all of them were read whole, or there are none."""
    offered = tuple(offered)
    seen = {url_key(file.url): file for file in files}
    whole = {_paper(file) for file in offered if (read := seen.get(url_key(file.url))) is not None and read.file.is_whole}
    reasons = [_why(file, seen.get(url_key(file.url))) for file in offered if _paper(file) not in whole]
    return next((reason for reason in reasons if reason is not None), None)


def _paper(file: Attachment) -> str:
    return _ENDING.sub("", bare(file.name)) or file.url


def _why(file: Attachment, seen: FileSeen | None) -> str | None:
    if seen is None:
        return "file-type-unread" if file.type in _NEVER_READ else NOT_YET
    if seen.file.why is not None:
        return seen.file.why
    if seen.file.is_whole:
        return None
    return "no-text-layer" if seen.file.blind else "too-large"


def whole_body(document: Document) -> str:
    """The text of a page and of its files."""
    more = words_of(document.files)
    return f"{document.reading.body}\n{more}" if more else document.reading.body


def files_unread(document: Document) -> str | None:
    """The same of a document's files as `unread`."""
    return unread(document.reading.attachments, document.files)


def may_say_more(document: Document) -> str | None:
    """Reason key of why a document may say more than was read of it: its files, or the pictures of its page."""
    return files_unread(document) or ("image-only" if document.reading.media.get("image") else None)


def name_of(offered: Iterable[Attachment], seen: FileSeen) -> str:
    """What a file is called where it stands."""
    return next((bare(file.name) for file in offered if url_key(file.url) == url_key(seen.url)), "")


def file_evidence(seen: FileSeen, note: str) -> Evidence:
    return Evidence(seen.url, seen.observed_at, seen.sha256, note)


def files_evidence(document: Document, note: str, most: int = 3) -> tuple[Evidence, ...]:
    """Of the files that were read what shows that they were, beside the page's own evidence."""
    return tuple(file_evidence(seen, note) for seen in document.files if seen.file.why is None)[:most]
