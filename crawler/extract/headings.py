"""Headings: of a list on an index page, and of the page itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import html

from crawler.extract.breadcrumb import read_trail
from crawler.extract.outline import outline
from crawler.extract.page import Page
from crawler.extract.regions import names
from data.text import bare, squeeze

_MORE = re.compile(r"^[\[【(（<《>\s+]*(?:查看|点击|浏览)?(?:更多|more|全部)\w{0,4}[\]】)）>》»›.…\s+]*$", re.I)
_TITLE_CLASS = re.compile(r"tit|hd(?![a-z])|head|caption|(?<![a-z])(?:bt|lm|tab|tabs|name|h\d)(?![a-z])|column|lanmu|bar(?![a-z])", re.I)
ASIDE = re.compile(r"热点|热门|最新|推荐|排行|相关|图片|点击|专题|关注")  # headings of boxes that stand beside a page's own content
_DATE = re.compile(r"\d{4}\D\d{1,2}\D\d{1,2}")
_MAX_HEADING = 30


@dataclass(frozen=True, slots=True)
class Heading:
    """Heading of a list; `more` where a 更多 link stands with it; `parts` are its tabs."""

    text: str
    more: bool
    parts: tuple[str, ...]
    element: html.HtmlElement


def heading_of(container: html.HtmlElement, *, near: bool = False) -> Heading | None:
    """The heading before a list: the nearest short text above it in its box, or in the boxes around it."""
    own = own_head(container)
    if own is not None:
        return own
    current = container
    more = False
    for level in range(1 if near else 4):
        more = more or _more_after(current)
        previous = current.getprevious()
        steps = 0
        while previous is not None and steps < 4:
            if isinstance(previous.tag, str) and previous.tag not in ("script", "style", "link", "br", "hr", "img"):
                if level == 0 and _is_twin(previous, current):
                    previous = previous.getprevious()
                    continue
                found = _as_heading(previous, strict=level > 0)
                if found is not None:
                    return Heading(found.text, found.more or more, found.parts, previous)
                texts = squeeze("".join(previous.itertext()))
                other = bool(texts) and not (_looks_like_list(previous) and _same_class(previous, current))
                if other and (level > 0 or len(texts) > _MAX_HEADING * 3):
                    return None
                steps += 1
            previous = previous.getprevious()
        parent = current.getparent()
        if parent is None or parent.tag in ("body", "html", "td", "tr"):
            return None
        current = parent
    return None


def own_head(container: html.HtmlElement) -> Heading | None:
    """The name and the 更多 that a list itself begins with: <dl><dt>政策解读 <a>更多</a></dt><dd>…"""
    first = next((child for child in container if isinstance(child.tag, str)), None)
    if first is None or first.tag not in ("dt", "caption", "h2", "h3", "h4"):
        return None
    head = _as_heading(first, strict=False)
    return head if head is not None and head.more else None


def _is_twin(one: html.HtmlElement, other: html.HtmlElement) -> bool:
    """Whether two neighbours are halves of one list: the title of a lone row in the first is no heading of the second."""
    return bool(one.get("class")) and _same_class(one, other) and one.tag in ("ul", "ol", "dl", "table")


def _same_class(one: html.HtmlElement, other: html.HtmlElement) -> bool:
    return one.tag == other.tag and (one.get("class") or "") == (other.get("class") or "")


def _looks_like_list(element: html.HtmlElement) -> bool:
    return next(element.iter("li", "tr", "dd"), None) is not None or element.tag in ("ul", "ol", "table", "dl")


def _more_after(container: html.HtmlElement) -> bool:
    """Whether a 更多 link stands behind the list, before the next one."""
    following = container.getnext()
    for _ in range(3):
        if following is None:
            return False
        if isinstance(following.tag, str):
            links = [following] if following.tag == "a" else list(following.iter("a"))
            if len(links) == 1 and _MORE.match(squeeze("".join(links[0].itertext()) or links[0].get("title") or "")):
                return True
            if squeeze("".join(following.itertext())):
                return False
        following = following.getnext()
    return False


def _as_heading(element: html.HtmlElement, *, strict: bool) -> Heading | None:
    whole = squeeze("".join(element.itertext()))
    if not whole or len(whole) > _MAX_HEADING * 4 or _DATE.search(whole):
        return None
    links = [element] if element.tag == "a" else list(element.iter("a"))
    texts = [squeeze("".join(link.itertext()) or link.get("title") or "") for link in links]
    more = any(_MORE.match(text) for text in texts if text)
    parts = tuple(text for text in texts if text and not _MORE.match(text))
    if len(parts) < 2:
        tabs = [squeeze("".join(tab.itertext())) for tab in element.iter("li")]
        parts = tuple(text for text in tabs if text and not _MORE.match(text)) if len(tabs) >= 2 else parts
    titled = element.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "dt", "legend", "caption") or bool(_TITLE_CLASS.search(names(element)))
    heading = next((child for child in element.iter("h1", "h2", "h3", "h4", "h5", "h6") if squeeze("".join(child.itertext()))), None)
    if strict and not (titled or more or heading is not None):
        return None
    if heading is not None and len(parts) < 3:
        text = squeeze("".join(heading.itertext()))
    elif len(parts) >= 2:
        text = parts[0]
    else:
        text = _without_more(element)
    text = _MORE.sub("", text).strip(" :：|>›»·")
    if not text or len(text) > _MAX_HEADING or re.fullmatch(r"[\d\W]+", text):
        return None
    return Heading(text, more, parts, element)


def _without_more(element: html.HtmlElement) -> str:
    parts = [element.text or ""]
    for child in element:
        text = squeeze("".join(child.itertext())) if isinstance(child.tag, str) else ""
        if not _MORE.match(text):
            parts.append(_without_more(child) if len(child) else text)
        parts.append(child.tail or "")
    return squeeze("".join(parts))


def tab_headings(containers: list[html.HtmlElement]) -> list[str | None]:
    """Headings of several lists; the tabs of a head that several lists share are dealt out, the first tab to the first list."""
    found = [heading_of(container) for container in containers]
    result: list[str | None] = [heading.text if heading is not None else None for heading in found]
    number = 0
    while number < len(found):
        heading = found[number]
        run = number + 1
        while heading is not None and run < len(found) and (other := found[run]) is not None and other.element is heading.element:
            run += 1
        if heading is not None and run - number > 1 and len(heading.parts) >= run - number:
            result[number:run] = heading.parts[: run - number]
        number = run
    return result


def list_title(page: Page) -> str | None:
    """Name of the column a list page shows: the trail's last word, the head's title or meta where the page shows it, a heading."""
    view = outline(page)
    site = bare(page.meta("sitename") or "")
    trail = [link.text for link in read_trail(page)]
    if any(_MORE.match(text) for text in trail):
        trail = []
    while trail and re.fullmatch(r"正文|首页|网站首页|列表|[\x00-\x7f]+|.*位置.*", trail[-1]):
        trail.pop()
    if len(trail) >= 2 and bare(trail[-1]) != site:
        return trail[-1]
    shown = {bare(text) for text in view.texts if len(text) <= 60}
    head, column = page_title(page, site), page.meta("columnname")
    if column and (bare(column) == site or "<" in column or "{" in column):
        column = None
    if head and column and bare(head) == bare(column):
        return column
    for candidate in (head, column):
        if candidate and bare(candidate) in shown and bare(candidate) != site:
            return candidate
    for tag in ("h1", "h2"):
        for element in page.tree.iter(tag):
            text = squeeze("".join(element.itertext()))
            if text and len(text) <= 60 and bare(text) != site:
                return text
    return column or head


def page_title(page: Page, site: str = "") -> str | None:
    """First part of <title> that is not the site's name."""
    element = page.tree.find(".//title")
    text = squeeze("".join(element.itertext())) if element is not None else ""
    if not text:
        return None
    parts = [part.strip() for part in re.split(r"\s*[_|｜－—]\s*|\s+-+\s*|\s*-{2,}\s*", text) if part.strip()]
    for part in parts:
        if bare(part) != site:
            return part
    return text
