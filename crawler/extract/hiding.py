"""Why no visitor sees an element: what its own markup or that of the elements around it says. A fact, no judgement: panels that a
click opens are hidden just so."""

from __future__ import annotations

import re

from lxml import html

_FAR = 500  # pixels off the screen, or characters of indent, beyond which nothing comes back by scrolling
_PLACES = ("left", "top", "right", "bottom", "margin-left", "margin-top", "margin")
_INLINE = frozenset({"a", "span", "font", "b", "i", "em", "strong", "u", "small", "label"})
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_NOTHING = re.compile(r"0*[01]?(?:\.0*)?(?:px|pt)?|0(?:\.0*)?(?:em|rem|%|vh|vw)?")
_COLOURS = {"white": "#ffffff", "black": "#000000", "red": "#ff0000", "transparent": ""}


class Hiding:
    """What hides the elements of one page, remembered on the way up."""

    def __init__(self) -> None:
        self._known: dict[html.HtmlElement, str | None] = {}

    def of(self, element: html.HtmlElement) -> str | None:
        """ "display-none", "visibility-hidden", "hidden-attribute", "off-screen", "zero-size", "transparent", "clipped", "same-colour"; None: seen."""
        way: list[html.HtmlElement] = []
        current: html.HtmlElement | None = element
        reason: str | None = None
        while current is not None:
            if current in self._known:
                reason = self._known[current]
                break
            way.append(current)
            current = current.getparent()
        for step in reversed(way):
            reason = reason or _own(step)
            self._known[step] = reason
        return reason or _unreadable(element)


def _own(element: html.HtmlElement) -> str | None:
    """How an element hides itself and all that it holds."""
    if not isinstance(element.tag, str):
        return None
    attributes = element.attrib
    if "hidden" in attributes:
        return "hidden-attribute"
    if element.tag == "marquee" and any(_is_nothing(attributes.get(name, "")) for name in ("width", "height")):
        return "zero-size"
    style = attributes.get("style")
    return _by_style(declarations(style)) if style else None


def declarations(style: str) -> dict[str, str]:
    """An inline style as its properties, in lower case."""
    found: dict[str, str] = {}
    for part in style.lower().split(";"):
        name, colon, value = part.partition(":")
        if colon:
            found[name.strip()] = value.replace("!important", "").strip()
    return found


def _by_style(style: dict[str, str]) -> str | None:
    if style.get("display") == "none":
        return "display-none"
    if style.get("visibility") in ("hidden", "collapse"):
        return "visibility-hidden"
    if "opacity" in style and _NUMBER.fullmatch(style["opacity"]) and float(style["opacity"]) < 0.05:
        return "transparent"
    if _is_far(style):
        return "off-screen"
    cut = "hidden" in (style.get("overflow"), style.get("overflow-x"), style.get("overflow-y"))
    if cut and any(_is_nothing(style.get(name, "")) for name in ("width", "height", "max-height", "max-width")):
        return "zero-size"
    if re.search(r"rect\(\s*(?:0|1px)\D", style.get("clip", "")) and style.get("position") in ("absolute", "fixed"):
        return "clipped"
    return None


def _is_far(style: dict[str, str]) -> bool:
    moved = style.get("position") in ("absolute", "fixed", "relative")
    places = [style[name] for name in _PLACES if name in style and (moved or name.startswith("margin"))]
    if any(float(number) <= -_FAR for place in places for number in _NUMBER.findall(place)):
        return True
    # A logo's words are put out of the way of the picture behind them just so.
    behind = any(name.startswith("background") for name in style)
    indent = _NUMBER.match(style.get("text-indent", ""))
    return not behind and indent is not None and float(indent.group()) <= -_FAR


def _is_nothing(size: str) -> bool:
    size = size.strip()
    return bool(size) and _NOTHING.fullmatch(size) is not None


def _unreadable(element: html.HtmlElement) -> str | None:
    """Whether the words of a link are too small to read, or of the colour that lies behind them. Size and colour may be set anew further
    in, so that of the elements around the link only inline ones count."""
    colour: str | None = None
    inline = True
    current: html.HtmlElement | None = element
    while current is not None and isinstance(current.tag, str):
        inline = inline and current.tag in _INLINE
        style = declarations(current.get("style") or "")
        if inline and _is_nothing(style.get("font-size", "")):
            return "zero-size"
        if colour is None:
            colour = _colour(style.get("color") or (current.get("color") if current.tag == "font" else None))
            if colour is None and not inline:
                return None
        behind = _colour(style.get("background-color") or style.get("background") or current.get("bgcolor"))
        if behind is not None or any(name.startswith("background") for name in style):
            return "same-colour" if colour is not None and colour == behind else None
        current = current.getparent()
    return None


def _colour(value: str | None) -> str | None:
    """A colour in six digits; None where it is none that is written plainly."""
    if not value:
        return None
    value = _COLOURS.get(value.strip().lower(), value.strip().lower())
    short = re.fullmatch(r"#?([\da-f])([\da-f])([\da-f])", value)
    if short:
        return "#" + "".join(digit * 2 for digit in short.groups())
    return value if re.fullmatch(r"#[\da-f]{6}", value) else None
