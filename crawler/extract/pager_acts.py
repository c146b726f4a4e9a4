"""What a link of a pager does: it leads on, sends a form, runs a script, or is dead."""

from __future__ import annotations

import re

from lxml import html

from crawler.extract.marks import link_url
from crawler.extract.page import Page
from crawler.extract.regions import names

_DISABLED = re.compile(r"disabl|(?<![a-z])(?:no|none|unable|gray|grey)(?![a-z])", re.I)
_POSTBACK = re.compile(r"__doPostBack", re.I)


def next_target(page: Page, element: html.HtmlElement | None) -> tuple[str | None, str, bool]:
    """(address, contract, postback) of a next link."""
    if element is None:
        return None, "links", False
    link = next(element.iter("a"), None)
    if link is None:
        bearing = (one for one in element.iter() if one.get("onclick") or link_url(page, one) is not None)
        link = next(element.iterancestors("a"), None)
        link = link if link is not None else next(bearing, element)
    href, handler = link.get("href") or "", link.get("onclick") or ""
    if _POSTBACK.search(href) or _POSTBACK.search(handler):
        return None, "P18", True
    if is_disabled(link) or is_disabled(element):
        return None, "links", False
    url = page.absolute(href)
    if url is not None:
        return url, "links", False
    url = link_url(page, link)
    return (url, "P19", False) if url is not None else (None, "links", False)


def is_posted(numbers: dict[int, html.HtmlElement]) -> bool:
    """Whether page numbers send a form: those under a grid of ASP.NET stand in a table without any word or class."""
    return any(_POSTBACK.search(element.get("href") or element.get("onclick") or "") for element in numbers.values())


def is_scripted(element: html.HtmlElement | None) -> bool:
    if element is None:
        return False
    link = next(element.iter("a"), element)
    href = (link.get("href") or "").strip().lower()
    acts = href.startswith("javascript:") and not re.match(r"javascript:\s*(?:void\s*\(?\s*0?\s*\)?)?\s*;?\s*(?://)?$", href)
    return acts or bool(link.get("onclick")) or (href in ("", "#") and link.tag == "button")


def is_disabled(element: html.HtmlElement) -> bool:
    if element.get("disabled") is not None:
        return True
    parent = element.getparent()
    own = names(element)
    above = names(parent) if parent is not None and parent.tag in ("li", "span") else ""
    return bool(_DISABLED.search(own) or _DISABLED.search(above))
