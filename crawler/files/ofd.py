"""The text of an OFD (GB/T 33190), the national format for fixed pages: a zip of XML in which every line says where it stands."""

from __future__ import annotations

import re

from crawler.files.packed import Packed, UnreadableError, local
from crawler.files.words import bounded, clean, is_garbled, is_too_little
from data.files import FileText

_PAGE = re.compile(r"(^|/)Pages/[^/]+/Content\.xml$", re.I)
_PICTURE = 0.5
_NUMBER = re.compile(r"\d+")


def read_ofd(packed: Packed) -> FileText:
    if any(name.lower().endswith("encryptions.xml") for name in packed.sizes):
        return FileText("ofd", "file-encrypted")
    names = [name for name in packed.sizes if _PAGE.search(name)]
    if not names:
        raise UnreadableError("file-broken")
    names.sort(key=lambda name: [int(number) for number in _NUMBER.findall(name)])
    texts, blind = [], 0
    for name in names:
        text, is_picture = _page(packed, name)
        texts.append(text)
        blind += is_picture
    text = clean("\n".join(texts), close_gaps=True)
    if is_too_little(text, len(names)) and blind:
        return FileText("ofd", "no-text-layer", text, len(names), blind)
    if is_garbled(text):
        return FileText("ofd", "file-garbled", "", len(names), blind)
    kept, cut = bounded(text)
    return FileText("ofd", None, kept, len(names), blind, cut)


def _page(packed: Packed, name: str) -> tuple[str, bool]:
    """The words of a page in the order in which they were set, and whether a picture fills it."""
    lines: list[str] = []
    at: float | None = None  # the height at which the last words stand
    words = 0
    pictures = 0
    for event, element in packed.elements(name):
        if event != "end":
            continue
        tag = local(element)
        if tag == "TextCode":
            lines.append(element.text or "")
            words += len(element.text or "")
        elif tag == "TextObject":
            top = _top(element.get("Boundary"))
            if at is not None and top is not None and abs(top - at) > 1:
                lines.insert(len(lines) - 1, "\n")
            at = top if top is not None else at
        elif tag == "ImageObject":
            pictures += _is_large(element.get("Boundary"))
    return "".join(lines), bool(pictures)


def _box(boundary: str | None) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in (boundary or "").split())
    except ValueError:
        return ()


def _top(boundary: str | None) -> float | None:
    box = _box(boundary)
    return box[1] if len(box) == 4 else None


def _is_large(boundary: str | None) -> bool:
    """Whether a picture covers most of a page of A4, in millimetres."""
    box = _box(boundary)
    return len(box) == 4 and box[2] * box[3] >= _PICTURE * 210 * 297
