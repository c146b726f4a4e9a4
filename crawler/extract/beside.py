"""What a page shows beside its text and fields: links to other hosts, the hidden ones too, and pictures, films and sound."""

from __future__ import annotations

import re
from collections import Counter

from lxml import html

from crawler.extract.body import place
from crawler.extract.hiding import Hiding
from crawler.extract.links import label
from crawler.extract.outline import outline
from crawler.extract.page import Page
from crawler.extract.regions import Regions, names
from data.records import OutLink
from data.urls import host_of

MOST_OUTLINKS = 100
_MOST_LOOKED_AT = 2000
_TEXT = 200
_FRAME = frozenset({"nav", "crumb", "footer"})
_ICON = re.compile(
    r"ico(?:n|ns|_|-|\d|\.|/)|qr|ewm|erweima|er_wei|share|weixin|wechat|weibo|logo|print|close|arrow|blank|spacer|file_?type|loading|btn|button|(?<![a-z])bg(?![a-z])|(?<![a-z])wx(?![a-z])"
)
_ICON_ALT = re.compile(r"二维码|分享|打印|关闭|微信|微博|图标|扫一扫|扫码|logo", re.I)
_SMALL = 60  # pixels; a picture that shows something is larger
_PLAYER = re.compile(
    r"player|video|(?<![a-z])vod(?![a-z])|v\.qq\.com|youku|bilibili|iqiyi|mgtv|ixigua|douyin|cctv|(?<![a-z])live(?![a-z])|(?<![a-z])spsp(?![a-z])|\.(?:mp4|m3u8|flv|swf)(?:$|[?#&])"
)
_FILM = re.compile(r"\.(?:mp4|m3u8|flv|wmv|avi|mov|rmvb)(?=$|[?#&'\"\\])")
_SOUND = re.compile(r"\.(?:mp3|wav|m4a|aac|wma)(?=$|[?#&'\"\\])")
_DIGITS = re.compile(r"\d+")


def is_elsewhere(url: str, own: str) -> bool:
    """Whether an address lies on another host than `own`; www. makes no other one."""
    return host_of(url).removeprefix("www.") != own.removeprefix("www.")


def read_outlinks(page: Page, *, most: int = MOST_OUTLINKS, everywhere: bool = False) -> tuple[OutLink, ...]:
    """Anchors to other hosts in page order, of many the hidden ones first; those of head, navigation and foot only where hidden or `everywhere`."""
    own, own_base = host_of(page.url), not is_elsewhere(page.base, host_of(page.url))
    hiding, regions = Hiding(), Regions()
    seen: list[OutLink] = []
    hidden: list[OutLink] = []
    found: list[OutLink] = []
    for element in page.tree.iter("a", "area"):
        href = element.get("href")
        if href is None or (own_base and "//" not in href and "\\\\" not in href):
            continue
        url = page.absolute(href)
        if url is None or not is_elsewhere(url, own):
            continue
        reason = hiding.of(element)
        if reason is None and not everywhere and regions.of(element) in _FRAME:
            continue
        link = OutLink(url, label(element)[0][:_TEXT], reason)
        found.append(link)
        (seen if reason is None else hidden).append(link)
        if len(found) >= _MOST_LOOKED_AT:
            break
    if len(found) <= most:
        return tuple(found)
    hidden = hidden[:most]
    return tuple(hidden + seen[: most - len(hidden)])


def read_media(page: Page) -> dict[str, int]:
    """How many pictures, films and sound recordings the text shows; icons, codes to scan and share buttons are none."""
    lower = page.lower
    counts: Counter[str] = Counter()
    hiding, regions = Hiding(), Regions()
    if "<img" in lower:
        counts["image"] = sum(1 for image in _pictures(page, regions) if hiding.of(image) is None)
        counts["video"] = sum(1 for image in _pictures(page, regions, films=True) if hiding.of(image) is None)
    if "<video" in lower or "<audio" in lower or "<iframe" in lower or "<embed" in lower or "<object" in lower:
        for element in page.tree.iter("video", "audio", "iframe", "embed", "object"):
            kind = _player(element)
            if kind is not None and regions.of(element) not in _FRAME and hiding.of(element) is None:
                counts[kind] += 1
    if not counts["video"] and _FILM.search(lower):
        counts["video"] = sum(1 for element in _called(page, regions, _FILM) if hiding.of(element) is None)
    if not counts["audio"] and _SOUND.search(lower):
        counts["audio"] = sum(1 for element in _called(page, regions, _SOUND) if hiding.of(element) is None)
    return {kind: counts[kind] for kind in ("image", "video", "audio") if counts[kind]}


def _root(page: Page) -> tuple[html.HtmlElement, html.HtmlElement | None]:
    """The element that holds the text, and what the text comes after: a page of pictures alone has no text to be found by."""
    found, view = place(page), outline(page)
    if found.element is not None:
        return found.element, None
    return view.root, view.blocks[found.heading.last].element if found.heading is not None else None


def _pictures(page: Page, regions: Regions, *, films: bool = False) -> list[html.HtmlElement]:
    """Pictures of the text; with `films` the pictures by which editors mark the place of a film."""
    root, after = _root(page)
    found: list[html.HtmlElement] = []
    begun = after is None
    for element in root.iter() if after is not None else root.iter("img"):
        begun = begun or element is after
        if element.tag != "img" or not begun or films is not _marks_film(element):
            continue
        if films or (_is_picture(element) and regions.of(element) not in _FRAME | {"menu"} and not _leads_on(page, element)):
            found.append(element)
    return found


def _marks_film(element: html.HtmlElement) -> bool:
    return "faked-video" in (element.get("class") or "") or bool(_FILM.search((element.get("_url") or "").lower()))


def _is_picture(element: html.HtmlElement) -> bool:
    source = (element.get("src") or element.get("data-src") or element.get("data-original") or "").lower()
    if not source or _ICON.search(source.rpartition("/")[2]) or "filetypeimages" in source or "/icon" in source:
        return False
    if _ICON_ALT.search(element.get("alt") or "") or _ICON_ALT.search(element.get("title") or ""):
        return False
    if any(_ICON.search(names(at)) for at in (element, element.getparent()) if at is not None):
        return False
    return not any(0 < size < _SMALL for size in _sizes(element))


def _sizes(element: html.HtmlElement) -> list[int]:
    sizes = [int(found.group()) for name in ("width", "height") if (found := _DIGITS.match(element.get(name) or ""))]
    style = (element.get("style") or "").lower()
    return sizes + [int(number) for number in re.findall(r"(?<![\w-])(?:width|height)\s*:\s*(\d+)(?:\.\d+)?px", style)]


def _leads_on(page: Page, element: html.HtmlElement) -> bool:
    """Whether a picture is the way to another page: a banner, not a part of the text."""
    anchor = next(element.iterancestors("a"), None)
    url = page.absolute(anchor.get("href")) if anchor is not None else None
    return url is not None and url != page.url and not re.search(r"\.(?:jpe?g|png|gif|bmp|webp)$", url, re.I)


def _player(element: html.HtmlElement) -> str | None:
    """What an element plays; None where it plays nothing, or what another one counts already."""
    tag = element.tag
    if tag == "video":
        return "video"
    if tag == "audio":  # one without a source is there to read the page aloud
        return "audio" if element.get("src") or element.find(".//source") is not None else None
    source = " ".join(filter(None, (element.get("src"), element.get("data"), element.get("flashvars"), element.get("type")))).lower()
    if tag == "object":
        source += " ".join(param.get("value") or "" for param in element.iter("param")).lower()
    elif tag == "embed" and next(element.iterancestors("object"), None) is not None:
        return None
    if _SOUND.search(source):
        return "audio"
    return "video" if _PLAYER.search(source) or (tag == "iframe" and "video" in names(element)) else None


def _called(page: Page, regions: Regions, pattern: re.Pattern[str]) -> list[html.HtmlElement]:
    """Scripts and links of the text that name a film or a recording: players that a script sets up."""
    root, _ = _root(page)
    found = [
        element for element in root.iter("script", "a", "param", "div", "p")
        if pattern.search(_said(element)) and regions.of(element) not in _FRAME
    ]  # fmt: skip
    return found[:20]


def _said(element: html.HtmlElement) -> str:
    if element.tag == "script":
        return (element.text or "").lower()
    return " ".join(str(value) for name, value in element.attrib.items() if name not in ("class", "id", "style")).lower()
