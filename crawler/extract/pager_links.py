"""Pagers of rendered links: the box, the links onward and back, the numbers, and what stands beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml import html

from crawler.extract.marks import link_url
from crawler.extract.page import Page
from crawler.extract.pager_acts import is_posted
from crawler.extract.pager_numbers import file_number, same_page, stem_of
from crawler.extract.pager_words import LAST, NEXT, PAGE_OPTION, PREVIOUS, TRIM, label_of
from crawler.extract.regions import names
from data.text import bare, squeeze

_BOX = re.compile(
    r"(?<![a-z])(?:page(?!-?(?:header|title|body|content|wrap|con|main|top|head|bg|box-?wrap))|e?pages|pager|pagination|paging|fenye|fanye|aspnetpager|page_?(?:div|nav|num|box|bar|list|code)|pagebar|(?:turn|change|list|show)_?page|jpage|kkpager|tcdpagecode|m-box\d?|pagen?ation|pages?-?div|pg|digg|manu|laypage|layui-laypage|fy|pageinfo|pageturn|yema|pb_sys_(?:common|normal))(?![a-z])"
)
_COUNT_OF_PAGES = re.compile(r"[共分第]\d{1,4}页|(?<!\d)\d{1,4}/\d{1,4}(?![\d/])|page\d+of\d", re.I)
_TOTAL = re.compile(r"total\s*record|总数|总记录|记录总|共.*条", re.I)
_PAGER_CALL = re.compile(r"createPage|\bjpage\s*\(|[Pp]agination\s*\(|laypage|countPage|pageCount|kkpager")
_WEEKDAYS = re.compile(r"星期|周[一二三四五六日]|一二三四五六")
_YEARS = (1990, 2060)
_FRAME_LINKS = 30
_OWN_CHARS = 240  # a longer text is that of a list whose element is called like a pager


@dataclass(slots=True)
class RenderedPager:
    """Links and texts of a rendered pager."""

    boxes: list[html.HtmlElement]
    following: html.HtmlElement | None
    last: html.HtmlElement | None
    previous: html.HtmlElement | None
    numbered: dict[int, html.HtmlElement]
    text: str
    own: str = ""  # what its boxes say by themselves, no row of a list among it


def find_rendered(page: Page) -> RenderedPager:
    """Find the pager's box, its next link and its numbers."""
    found, candidates = _labelled(page)
    following, last = found.get("next"), found.get("last")
    if following is not None and len(label_of(following)) <= 2 and not re.search("页|頁|ext", label_of(following)):
        # A bare arrow is a pager's only among page numbers or in a pager's box.
        holders = [*candidates, *(above for name in ("last", "previous") if (above := _beside(found.get(name))) is not None)]
        among = in_box(following) or any(_near(following, holder) for holder in holders) or _beside_number(following)
        among = among or _is_pair(page, found.get("previous"), following)
        following = following if among else None
    numbered: dict[int, html.HtmlElement] = {}
    anchor = following if following is not None else last
    for holder, numbers in candidates.items():
        if all(_YEARS[0] <= number <= _YEARS[1] for number in numbers):
            continue
        close = anchor is not None and _near(anchor, holder)
        if (close or in_box(holder) or is_posted(numbers) or _are_pages(page, numbers)) and len(numbers) > len(numbered):
            numbered = numbers
    boxes = [element for element in page.tree.iter("div", "ul", "nav", "p", "span", "td", "table", "section", "form") if _is_box(element)]
    boxes = [box for box in boxes if not _is_of_years(box) and not _is_frame(page, box)]
    told = [squeeze("".join(_texts(box))) for box in boxes[:6]]
    told += [f"共{label_of(one)}条" for box in boxes[:6] for one in box.iter("a") if is_count(one)][:1]
    text = " ".join(told)
    text += "".join(
        " " + _around(element)
        for element in (following, last, found.get("previous") if following is None and last is None else None)
        if element is not None
    )
    own = " ".join(one for one in told if len(one) <= _OWN_CHARS and "页" in one)
    return RenderedPager(boxes, following, last, found.get("previous"), numbered, text, own)


def _beside(element: html.HtmlElement | None) -> html.HtmlElement | None:
    """What holds 尾页 or 上一页, where it is called so in words: an arrow beside it is a pager's."""
    return holder_of(element) if element is not None and re.search("页|頁", label_of(element)) else None


def _is_pair(page: Page, back: html.HtmlElement | None, following: html.HtmlElement) -> bool:
    """Whether two bare arrows stand side by side and one leads to another page: those of a show of pictures lead nowhere."""
    if back is None or back.getparent() is not following.getparent():
        return False
    urls = [link_url(page, next(arrow.iter("a"), arrow)) for arrow in (back, following)]
    return any(url is not None and not same_page(url, page.url) for url in urls)


def _are_pages(page: Page, numbers: dict[int, html.HtmlElement]) -> bool:
    """Whether numbers lead to files or queries that bear just them: a pager without a box."""
    urls = {number: url for number, element in numbers.items() if number > 1 and (url := link_url(page, element)) is not None}
    shifts = {told - number for number, url in urls.items() if (told := file_number(url)) is not None}
    return (
        len(numbers) > 1
        and len(urls) >= len(numbers) - 1
        and len({stem_of(url) for url in urls.values()}) == 1
        and shifts in ({0}, {-1})
        and not any(map(in_calendar, numbers.values()))
    )


def in_calendar(element: html.HtmlElement) -> bool:
    """Whether a number is a day of a month's table."""
    table = next(element.iterancestors("table"), None)
    return table is not None and bool(_WEEKDAYS.search(bare("".join(table.itertext()))[:200]))


def _is_of_years(box: html.HtmlElement) -> bool:
    """Whether what looks like a pager holds years: an archive by year is none."""
    labels = [label for element in box.iter("a", "option", "span", "li") if (label := label_of(element))]
    return len(labels) > 1 and all(label.isdigit() and _YEARS[0] <= int(label) <= _YEARS[1] for label in labels)


def _is_frame(page: Page, box: html.HtmlElement) -> bool:
    """Whether what is called like a pager holds nearly the whole page."""
    held = sum(1 for link in box.iter("a") if not label_of(link).isdigit())
    return held >= _FRAME_LINKS and held * 5 >= 4 * sum(1 for _ in page.tree.iter("a"))


def _labelled(page: Page) -> tuple[dict[str, html.HtmlElement], dict[html.HtmlElement, dict[int, html.HtmlElement]]]:
    """Elements named next, last and previous, and page numbers by the element that holds them."""
    found: dict[str, html.HtmlElement] = {}
    numbers: dict[html.HtmlElement, dict[int, html.HtmlElement]] = {}
    for element in page.tree.iter("a", "span", "li", "button", "div", "em", "i", "input", "option"):
        if element.tag in ("div", "li", "span") and len(element) > 1:
            continue
        label = label_of(element)
        if not label or len(label) > 12:
            continue
        if element.tag == "option" and (page_of := PAGE_OPTION.fullmatch(label)):
            label = page_of.group(1)
        if label.isdigit() and not is_count(element):
            holder = holder_of(element) if element.tag in ("a", "option", "button") and 0 < int(label) < 10_000 else None
            if holder is not None:
                numbers.setdefault(holder, {}).setdefault(int(label), element)
        elif element.tag != "option" and not label.isdigit():
            name = _way_of(label)
            if name is not None and (name not in found or _better(found[name], element, label)):
                found[name] = element
    return found, numbers


@lru_cache(2048)  # the entries of menus stand on every page of a site
def _way_of(label: str) -> str | None:
    """Where in a list a link that is called so leads, if to any of its pages."""
    core = label.strip(TRIM) or label
    ways = (("next", NEXT), ("last", LAST), ("previous", PREVIOUS))
    return next((name for name, pattern in ways if pattern.match(core)), None)


def _better(known: html.HtmlElement, element: html.HtmlElement, label: str) -> bool:
    """Words before arrows, links before plain text."""
    rank = (("页" in label or "頁" in label), element.tag == "a")
    return rank > (("页" in label_of(known) or "頁" in label_of(known)), known.tag == "a")


def is_count(element: html.HtmlElement) -> bool:
    """Whether a number in a link that leads nowhere is how many rows there are: <a title="Total record"><b>43</b></a>."""
    return element.tag == "a" and element.get("href") is None and bool(_TOTAL.search(element.get("title") or ""))


def holder_of(element: html.HtmlElement) -> html.HtmlElement | None:
    """What holds a pager's link together with the others."""
    parent = element.getparent()
    while parent is not None and parent.tag in ("li", "span", "em", "b", "strong", "td", "tr", "select", "font"):
        parent = parent.getparent()
    return parent


def _beside_number(element: html.HtmlElement) -> bool:
    """Whether an arrow stands behind the number of the page with nothing else (< 1 >), or beside a count of pages."""
    parent = element.getparent()
    text = bare("".join(parent.itertext())) if parent is not None else ""
    return bool(re.fullmatch(r"[<＜‹«]*\d{1,4}[>＞›»]+", text)) or (len(text) <= 40 and bool(_COUNT_OF_PAGES.search(text)))


def _near(element: html.HtmlElement, holder: html.HtmlElement) -> bool:
    current: html.HtmlElement | None = element
    for _ in range(4):
        if current is None:
            return False
        if current is holder:
            return True
        current = current.getparent()
    return False


def _is_box(element: html.HtmlElement) -> bool:
    attributes = element.attrib
    return ("class" in attributes or "id" in attributes) and bool(_BOX.search(names(element)))


def in_box(element: html.HtmlElement) -> bool:
    current: html.HtmlElement | None = element
    for _ in range(5):
        if current is None or current.tag == "body":
            return False
        if _is_box(current):
            return True
        current = current.getparent()
    return False


def _texts(box: html.HtmlElement) -> list[str]:
    parts: list[str] = []
    for element in box.iter():
        if isinstance(element.tag, str) and element.tag not in ("script", "style", "option") and element.text:
            parts.append(element.text)
        if element is not box and element.tail:
            parts.append(element.tail)
        if len(parts) > 200:
            break
    return [" " + part for part in parts]


def _around(element: html.HtmlElement) -> str:
    parent = element.getparent()
    for _ in range(3):
        if parent is None or parent.tag == "body":
            return ""
        text = squeeze("".join(_texts(parent)))
        if len(text) > 300:
            return ""
        if re.search(r"共|/|第", text):
            return text
        parent = parent.getparent()
    return ""


def pager_follows(container: html.HtmlElement) -> bool:
    """Whether a pager stands right behind a list: its box, its next link, or the script that writes it."""
    current = container
    for _ in range(2):
        for following in islice((at for at in current.itersiblings() if isinstance(at.tag, str)), 4):
            if following.tag in ("ul", "ol", "table") and not _is_box(following):
                break
            if _is_box(following) or (following.tag == "script" and _PAGER_CALL.search(following.text or "")):
                return True
            inner = [following, *following.iter("a", "div", "span", "ul", "script")]
            if len(inner) < 80 and any(
                _is_box(at) or NEXT.match(label_of(at)) or (at.tag == "script" and _PAGER_CALL.search(at.text or "")) for at in inner
            ):
                return True
        parent = current.getparent()
        if parent is None or parent.tag in ("body", "html") or any(at.tag in ("ul", "ol", "table") for at in current.itersiblings()):
            return False
        current = parent
    return False
