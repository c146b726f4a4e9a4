"""Pagers of rendered links: the next link, the numbers, what is current, how many there are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from lxml import html

from crawler.extract.marks import link_url
from crawler.extract.page import Page
from crawler.extract.pager_numbers import file_number, same_page, stem_of
from crawler.extract.regions import names
from data.text import bare, squeeze

_NEXT = re.compile(
    r"^[\[【<(（]?(?:下一?页|下一頁|后一?页|次页|往后|next(?:page)?|[«←]?(?:较早|较旧|更早)的?(?:文章|内容|信息)[→»]?|[«←]?older(?:posts)?[→»]?|>|＞|›|»|>>|下页[>》»]*|下一页[>》»›]*|后页)[\]】>)）]?$",
    re.I,
)
_LAST = re.compile(r"^[\[【<(（]?(?:尾页|末页|最后一?页|最末页|last|>>|»|>\|)[\]】>)）]?$", re.I)
_PREVIOUS = re.compile(r"^[\[【<(（]?(?:上一?页|前一?页|上一頁|prev(?:ious)?(?:page)?|<|＜|‹|«)[\]】>)）]?$", re.I)
_BOX = re.compile(
    r"(?<![a-z])(?:page(?!-?(?:header|title|body|content|wrap|con|main|top|head|bg|box-?wrap))|e?pages|pager|pagination|paging|fenye|fanye|aspnetpager|page_?(?:div|nav|num|box|bar|list|code)|pagebar|(?:turn|change|list|show)_?page|jpage|digg|manu|laypage|layui-laypage|fy|pageinfo|pageturn|yema|pb_sys_(?:common|normal))(?![a-z])"
)
_COUNT_OF_PAGES = re.compile(r"[共分第]\d{1,4}页|(?<!\d)\d{1,4}/\d{1,4}(?![\d/])|page\d+of\d", re.I)
_TOTAL = re.compile(r"total\s*record|总数|总记录|记录总|共.*条", re.I)
_TRIM = "→←>›»＞<‹«＜[]【】()（）《》"  # what a label of a page is dressed in
_PAGE_OPTION = re.compile(r"第?(\d{1,4})页?")
_PAGER_CALL = re.compile(r"createPage|\bjpage\s*\(|[Pp]agination\s*\(|laypage|countPage|pageCount|kkpager")
_DISABLED = re.compile(r"disabl|(?<![a-z])(?:no|none|unable|gray|grey)(?![a-z])", re.I)
_POSTBACK = re.compile(r"__doPostBack", re.I)
_ARROW = re.compile(r"(?<![a-z])(next|prev)(?![a-z])")
_WEEKDAYS = re.compile(r"星期|周[一二三四五六日]|一二三四五六")
_YEARS = (1990, 2060)
_OWN_CHARS = 240  # a longer text is that of a list whose element is called like a pager
_MARKED = re.compile(
    r"(?<![a-z])(?:cur|curr|current|active|on|now|sel|selected|hover|this|thisclass|xz|dq|pagecurr|page_on|p_no_d)(?![a-z])"
)


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
    boxes = [box for box in boxes if not _is_of_years(box)]
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
    return _holder(element) if element is not None and re.search("页|頁", label_of(element)) else None


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
        if element.tag == "option" and (page_of := _PAGE_OPTION.fullmatch(label)):
            label = page_of.group(1)
        if label.isdigit() and not is_count(element):
            holder = _holder(element) if element.tag in ("a", "option", "button") and 0 < int(label) < 10_000 else None
            if holder is not None:
                numbers.setdefault(holder, {}).setdefault(int(label), element)
        elif element.tag != "option" and not label.isdigit():
            core = label.strip(_TRIM) or label
            for name, pattern in (("next", _NEXT), ("last", _LAST), ("previous", _PREVIOUS)):
                if pattern.match(core):
                    if name not in found or _better(found[name], element, label):
                        found[name] = element
                    break
    return found, numbers


def _better(known: html.HtmlElement, element: html.HtmlElement, label: str) -> bool:
    """Words before arrows, links before plain text."""
    rank = (("页" in label or "頁" in label), element.tag == "a")
    return rank > (("页" in label_of(known) or "頁" in label_of(known)), known.tag == "a")


def label_of(element: html.HtmlElement) -> str:
    if element.tag == "input":
        return bare(element.get("value") or "") if (element.get("type") or "") in ("button", "submit") else ""
    text = "".join(element.itertext())
    if len(text) > 60:
        return ""
    label = bare(text)
    if not label and element.tag in ("a", "button"):
        label = bare(element.get("title") or element.get("aria-label") or "")
        if not label:
            image = element.find(".//img")
            label = bare(image.get("alt") or "") if image is not None else ""
        if not label and (named := _ARROW.search(names(element))):
            return ">" if named[1] == "next" else "<"  # an icon: as good as a bare arrow
    return label


def is_count(element: html.HtmlElement) -> bool:
    """Whether a number in a link that leads nowhere is how many rows there are: <a title="Total record"><b>43</b></a>."""
    return element.tag == "a" and element.get("href") is None and bool(_TOTAL.search(element.get("title") or ""))


def _holder(element: html.HtmlElement) -> html.HtmlElement | None:
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


def next_target(page: Page, element: html.HtmlElement | None) -> tuple[str | None, str, bool]:
    """(address, contract, postback) of a next link."""
    if element is None:
        return None, "links", False
    link = next(element.iter("a"), None)
    if link is None:
        link = next((above for above in element.iterancestors("a")), element)
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


def current_page(page: Page, seen: RenderedPager, urls: dict[int, str | None]) -> int:
    """The number that is marked or not linked, else what the address says, else 1."""
    holders = {id(holder): holder for element in seen.numbered.values() if (holder := _holder(element)) is not None}
    shown = next((number for holder in holders.values() if (number := _set_apart(holder, seen)) is not None), None)
    if shown is not None:
        return shown
    for number, url in urls.items():
        if url is not None and same_page(url, page.url):
            return number
    gaps = [number for number in range(min(urls), max(urls)) if number not in urls] if urls else []
    if len(gaps) == 1:
        return gaps[0]  # the one number that is not linked
    told = file_number(page.url)
    if told is not None:
        zero = any(url is not None and file_number(url) == number - 1 for number, url in urls.items() if number > 1)
        return told + 1 if zero else max(told, 1)
    return 1


def _set_apart(holder: html.HtmlElement, seen: RenderedPager) -> int | None:
    """The page number that a pager sets apart: by a class, by not linking it, or as what its select stands on."""
    for element in holder.iter("span", "b", "strong", "em", "font", "a", "li", "i", "td"):
        label = label_of(element)
        if not label.isdigit():
            continue
        if _MARKED.search(names(element)) or (
            element.tag in ("b", "strong", "em") and element.find(".//a") is None and not _linked_above(element)
        ):
            return int(label)
    for element in holder.iter("span", "font", "i", "td", "li"):
        label = label_of(element)
        if label.isdigit() and next(element.iter("a"), None) is None and not _linked_above(element) and int(label) not in seen.numbered:
            return int(label)
    for option in holder.iter("option"):
        chosen = _PAGE_OPTION.fullmatch(label_of(option)) if option.get("selected") is not None else None
        if chosen is not None:
            return int(chosen.group(1))
    return None


def _linked_above(element: html.HtmlElement) -> bool:
    return next(element.iterancestors("a"), None) is not None


def pages_by_links(page: Page, seen: RenderedPager, urls: dict[int, str | None], current: int, target: str | None) -> int | None:
    """Number of pages told by the last link or the highest number; None where more may hide behind an ellipsis."""
    highest = max(urls, default=0)
    if seen.last is not None:
        link = next(seen.last.iter("a"), None)
        url = page.absolute(link.get("href")) if link is not None else None
        if url is not None:
            for number, known in urls.items():
                if known == url:
                    return max(number, current)
            told, step = file_number(url), file_number(target) if target else None
            if told is not None and step is not None and stem_of(url) == stem_of(target or ""):
                if told < step and file_number(page.url) == step + 1:
                    return None  # numbered downwards: which page this is only the first one can tell
                pages = told + (current + 1 - step) if told >= step else current + 1 + step - told
                return pages if pages >= current else None
            if same_page(url, page.url):
                return current
        return highest if highest and highest >= current and target is None else None
    if highest and (target is None or highest > current):
        return max(highest, current) if not re.search(r"…|\.\.\.", seen.text) or highest > current + 5 else None
    return None


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
                _is_box(at) or _NEXT.match(label_of(at)) or (at.tag == "script" and _PAGER_CALL.search(at.text or "")) for at in inner
            ):
                return True
        parent = current.getparent()
        if parent is None or parent.tag in ("body", "html") or any(at.tag in ("ul", "ol", "table") for at in current.itersiblings()):
            return False
        current = parent
    return False
