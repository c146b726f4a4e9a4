"""Folders of labelled pages: labels.jsonl beside pages/, one line a page."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from lxml import etree, html

from data.errors import InputError

_LENGTH_OFF = 0.02  # a slice of the page whose length is further from the label's is not taken for its text


@dataclass(frozen=True)
class Sample:
    """One page, its bytes and its label."""

    label: dict[str, Any]
    body: bytes

    @property
    def url(self) -> str:
        return str(self.label["url"])

    @property
    def kind(self) -> str:
        return str(self.label["page"])

    @cached_property
    def text(self) -> str | None:
        """The document's text, cut out of the page by the label alone; None where the label has none or it is not found there."""
        start, end, chars = (self.label.get(key) for key in ("body_start", "body_end", "body_chars"))
        if not (start and end and chars):
            return None
        return cut(visible(self.body), str(start), str(end), int(chars))


def load(folder: Path) -> list[Sample]:
    """Every labelled page of a folder. Raises InputError where it is no such folder."""
    labels = folder / "labels.jsonl"
    if not labels.is_file():
        raise InputError(f"{folder}: no labelled pages (no labels.jsonl in it); name their folder with --pages or GONGKAI_SAMPLES")
    rows = [json.loads(line) for line in labels.read_text("utf-8").splitlines() if line.strip()]
    return [Sample(row, (folder / "pages" / row["file"]).read_bytes()) for row in rows]


def visible(body: bytes) -> str:
    """All text of a page without white space, scripts, styles and comments; UTF-8, as the labelled pages are."""
    tree = html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True))
    etree.strip_elements(tree, "script", "style", "noscript", with_tail=False)
    return re.sub(r"\s+", "", "".join(str(text) for text in tree.itertext()))


def cut(text: str, start: str, end: str, chars: int) -> str | None:
    """The slice that begins and ends as given and is nearest to a length; None where none is near."""
    starts = [match.start() for match in re.finditer(re.escape(start), text)]
    ends = [match.end() for match in re.finditer(re.escape(end), text)]
    slices = [(abs(last - first - chars), first, last) for first in starts for last in ends if last > first]
    if not slices:
        return None
    off, first, last = min(slices)
    return text[first:last] if off <= _LENGTH_OFF * chars else None
