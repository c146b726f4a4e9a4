"""The text of a Word document (.docx), paragraph by paragraph, tables cell by cell."""

from __future__ import annotations

from crawler.files.packed import Packed, local
from crawler.files.words import bounded, clean
from data.files import FileText

_PICTURE = 20_000  # bytes: smaller ones are seals' shadows, lines and logos
_BREAKS = {"p": "\n", "br": "\n", "cr": "\n", "tab": "\t"}


def read_docx(packed: Packed) -> FileText:
    pieces: list[str] = []
    for name in ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml"):
        if name in packed.sizes:
            _words(packed, name, pieces)
    text = clean("".join(pieces))
    pictures = sum(size >= _PICTURE for name, size in packed.sizes.items() if name.startswith("word/media/"))
    if not text:
        return FileText("docx", "no-text-layer" if pictures else None, "", 1, pictures)
    kept, cut = bounded(text)
    return FileText("docx", None, kept, 1, pictures, cut)


def _words(packed: Packed, name: str, pieces: list[str]) -> None:
    older = 0  # depth within what programs of old are shown in the place of a text box: the same words again
    for event, element in packed.elements(name):
        tag = local(element)
        if tag == "Fallback":
            older += 1 if event == "start" else -1
        elif event == "end" and not older:
            if tag == "t":
                pieces.append(element.text or "")
            elif tag in _BREAKS:
                pieces.append(_BREAKS[tag])
