"""A page as a sequence of text blocks in reading order, each knowing its element: what every reader here works on."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from lxml import html

from crawler.extract.dates import SEAM
from crawler.extract.page import Page, hidden, once
from crawler.extract.regions import names
from crawler.extract.standing import entered, untruncated
from data.records import Attachment
from data.text import squeeze

_BLANK = " \t\r\n\u3000\xa0" + SEAM
_SKIP = frozenset(
    {"script", "style", "noscript", "template", "head", "title", "meta", "link", "option", "select", "textarea", "input", "iframe"}
)
_BLOCK = frozenset(
    [
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "table",
        "tbody",
        "thead",
        "caption",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "br",
        "hr",
        "section",
        "article",
        "header",
        "footer",
        "nav",
        "aside",
        "main",
        "form",
        "center",
        "blockquote",
        "pre",
        "body",
        "fieldset",
        "figure",
        "figcaption",
        "marquee",
        "ucapcontent",
        "ucaptitle",
    ]
)
# Elements that can hold a text area or a group of labels; their span of blocks is kept.
_HOLDERS = _BLOCK - {"br", "hr"}


@dataclass(slots=True)
class Anchor:
    """A link of a block: its element, its text, and where it lies in the block."""

    element: html.HtmlElement
    text: str
    label: str  # text, else title=, else img alt
    files: tuple[Attachment, ...] | None = None  # what it opens, once it was looked at


@dataclass(slots=True)
class Block:
    """Text between two block boundaries, blanks squeezed. `raw` keeps SEAM where an inline element begins or ends; `text` is what a person reads."""

    raw: str
    element: html.HtmlElement  # nearest block element
    anchors: list[Anchor] = field(default_factory=list)
    text: str = ""
    chars: int = 0  # without white space
    link_chars: int = 0

    @property
    def linked(self) -> float:
        """Share of the text that is link text."""
        return self.link_chars / self.chars if self.chars else (1.0 if self.anchors else 0.0)


class Outline:
    """Blocks of a page, the span of blocks of every holder element, and markers met on the way."""

    def __init__(self, tree: html.HtmlElement) -> None:
        self.blocks: list[Block] = []
        self.spans: dict[html.HtmlElement, tuple[int, int]] = {}
        self.markers: dict[str, int] = {}
        self._pieces: list[str] = []
        self._anchors: list[Anchor] = []
        body = tree if tree.tag == "body" else tree.find("body")
        self.root: html.HtmlElement = tree if body is None else body
        self._visit(self.root)
        self._flush(self.root)

    def _visit(self, element: html.HtmlElement) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIP:
            if tag == "meta":
                self._mark(element)
            elif tag in ("input", "textarea") and (value := entered(element)):
                self._pieces += [SEAM, value, SEAM]
            return
        style = element.get("style")
        if ((style is not None and _may_hide(style)) or element.get("hidden") is not None) and hidden(element) and not _is_panel(element):
            return
        if tag in _HOLDERS:
            self._flush(element.getparent())
            start = len(self.blocks)
            self._pour(element)
            self._flush(element)
            self.spans[element] = (start, len(self.blocks))
        elif tag == "br":
            self._flush(_holder(element))
        elif tag != "img":
            self._pieces.append(SEAM)
            if tag == "a":
                self._anchor(element)
            else:
                self._pour(element)
            self._pieces.append(SEAM)

    def _pour(self, element: html.HtmlElement) -> None:
        pieces = self._pieces
        whole = untruncated(element)
        if whole is not None:
            pieces.append(whole)
            return
        if element.text:
            pieces.append(element.text)
        for child in element:
            self._visit(child)
            if child.tail:
                pieces.append(child.tail)

    def _mark(self, element: html.HtmlElement) -> None:
        """Note where a <meta name="ContentStart"> stands in the body."""
        name = (element.get("name") or "").lower()
        self.markers.setdefault(name, len(self.blocks) + any(piece.strip(_BLANK) for piece in self._pieces))

    def _anchor(self, element: html.HtmlElement) -> None:
        pieces, first = self._pieces, len(self.blocks)
        before = len(pieces)
        self._pour(element)
        inside = self.blocks[first:]
        tail = squeeze("".join(pieces if inside else pieces[before:]).replace(SEAM, ""))
        text = squeeze(" ".join([*(block.text for block in inside), tail]))
        anchor = Anchor(element, text, text or _label(element))
        if not inside:
            self._anchors.append(anchor)
            return
        # The anchor holds blocks of its own: every one of them is link text.
        for block in inside:
            block.link_chars = block.chars
        inside[0].anchors.append(anchor)

    def _flush(self, element: html.HtmlElement | None) -> None:
        pieces = self._pieces
        if not pieces and not self._anchors:
            return
        raw = " ".join("".join(pieces).split())
        pieces.clear()
        text = raw if SEAM not in raw else " ".join(raw.replace(SEAM, "").split())
        if not text.isprintable() or "\u200b" in text or "\ufeff" in text:
            text = squeeze(text)
        if text or self._anchors:
            block = Block(raw, self.root if element is None else element, self._anchors or [], text)
            block.chars = len(text) - text.count(" ")
            if self._anchors:
                block.link_chars = min(block.chars, sum(len(anchor.text) - anchor.text.count(" ") for anchor in self._anchors))
                self._anchors = []
            self.blocks.append(block)

    def span(self, element: html.HtmlElement) -> tuple[int, int]:
        """Blocks of a holder as a half-open range; (0, 0) where it shows nothing."""
        return self.spans.get(element, (0, 0))

    @cached_property
    def texts(self) -> list[str]:
        return [block.text for block in self.blocks]


def _holder(element: html.HtmlElement) -> html.HtmlElement | None:
    """The nearest block element around an inline one."""
    return next((at for at in element.iterancestors() if at.tag in _HOLDERS), None)


def _is_panel(element: html.HtmlElement) -> bool:
    """Whether a hidden element is one of several panels of which a reader chooses: a sibling of its class is open, tabs stand above."""
    kind, parent = element.get("class"), element.getparent()
    if not kind or parent is None:
        return False
    open_ = any(child is not element and child.tag == element.tag and child.get("class") == kind and not hidden(child) for child in parent)
    return open_ and any("tab" in names(at) for at in (element, parent, *element.itersiblings(preceding=True)))


def _may_hide(style: str) -> bool:
    """A cheap look before the exact one: most styles hide nothing."""
    return "isplay" in style or "isib" in style or "DISPLAY" in style or "VISIB" in style


def _label(element: html.HtmlElement) -> str:
    for image in element.iter("img"):
        if image.get("alt"):
            return squeeze(element.get("title") or image.get("alt") or "")
    return squeeze(element.get("title") or "")


@once
def outline(page: Page) -> Outline:
    """The outline of a page."""
    return Outline(page.tree)
