"""Where on a page an element stands: told by tags, class names and ids of its ancestors."""

from __future__ import annotations

import re

from lxml import html

_FOOTER = re.compile(
    r"foot(?!note)|(?<![a-z])(?:copyright|banquan|bqxx|yqlj|yqlink|friend\w*|blogroll|links?|bottom|websites?|wzlj)(?![a-z])"
)
_FOOTER_ANCHOR = re.compile(
    r"foot(?!note)|copyright|banquan|yqlj|friend"
)  # <a class="bt_link"> is any link: where it stands its parents say
_CRUMB = re.compile(
    r"crumb|(?<![a-z])(?:bread|position|location|curpos|dqwz|wz|weizhi|local|path|where|mianbao|mbx|place)(?![a-z])|currchnlcls|skinobject"
)
_MENU = re.compile(
    r"menu|(?<![a-z])(?:side|sider|aside|tree|erji|lanmu|lmlist|leftpart|leftbox|leftcon|sx-uls)(?![a-z])|sidebar|sidenav|leftnav|left_nav|subnav|sub_nav"
    r"|nav_?left|nav_?list|lm_?list|ztree"
)
_LEFT = re.compile(r"(?<![a-z])(?:left|right|fr)(?![a-z])")
_NAV = re.compile(
    r"(?<![a-z])(?:nav|navs|navi|navbar|navigation|dh|daohang|dhlm|topbar|toolbar|top|head|header|logo|banner|search|sosuo)(?![a-z])|mainnav|topnav|navbox"
)
_TAGS = {"footer": "footer", "nav": "nav", "header": "nav", "aside": "menu"}


def names(element: html.HtmlElement) -> str:
    """Class and id of an element, lower case."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower().strip()


class Regions:
    """Regions of one page's elements, remembered on the way up."""

    def __init__(self) -> None:
        self._known: dict[html.HtmlElement, str] = {}

    def of(self, element: html.HtmlElement) -> str:
        """ "footer", "crumb", "nav", "menu", "side" (a left or right part of unknown use) or "body"."""
        way: list[html.HtmlElement] = []
        current: html.HtmlElement | None = element
        region = "body"
        while current is not None:
            known = self._known.get(current)
            if known is not None:
                region = known
                break
            way.append(current)
            current = current.getparent()
        for step in reversed(way):
            region = _inner(region, _own(step))
            self._known[step] = region
        return region


def _own(element: html.HtmlElement) -> str:
    tag = element.tag
    if not isinstance(tag, str) or tag in ("body", "html", "form"):
        return "body"
    if tag in _TAGS:
        # <header> inside a list or a card is a heading.
        return _TAGS[tag]
    attributes = element.attrib
    if "class" not in attributes and "id" not in attributes:
        return "body"
    text = names(element)
    if tag in ("tbody", "tr", "td") and not _CRUMB.search(text) and not _FOOTER.search(text):
        return "body"
    if (_FOOTER_ANCHOR if tag == "a" else _FOOTER).search(text):
        return "footer"
    if _CRUMB.search(text):
        return "crumb"
    if _MENU.search(text):
        return "menu"
    if tag not in ("li", "dd") and _NAV.search(text):  # <li class="top"> is a pinned row
        return "nav"
    if tag != "table" and _LEFT.search(text):
        return "side"
    return "body"


_RANK = {"body": 0, "side": 1, "nav": 2, "menu": 3, "crumb": 4, "footer": 5}


def _inner(outer: str, own: str) -> str:
    return own if _RANK[own] > _RANK[outer] else outer
