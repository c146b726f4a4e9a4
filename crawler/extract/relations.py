"""Links between a document and its interpretation, its original, its result: shown ones only."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from crawler.extract.attachments import file_of
from crawler.extract.outline import Anchor, Block, Outline
from crawler.extract.page import Page
from data.records import Attachment, RelatedLink
from data.text import squeeze, title_key
from data.urls import on_platform

_INTERPRETS = re.compile(r"解读|图解|一图读懂|一图看懂|答记者问|政策问答|问答|处长讲政策|动漫|访谈|说明会")
_ORIGINAL = re.compile(r"政策原文|文件原文|原文链接|原文件|相关政策|相关文件|政策文件|原文")
_RESULT = re.compile(r"结果反馈|反馈结果|采纳情况|意见反馈|征集结果|结果公开|结果公示|听证结果|反馈情况")
_HEADING = re.compile(
    r"^[\s【\[>»■◆●]*(?P<name>政策解读(?:详见)?|解读文件|解读材料|解读链接|相关解读|文字解读|图文解读|图片解读|图表解读|媒体解读|专家解读|视频解读|音频解读|动漫解读|政策图解|图解|一图读懂|在线访谈|政策问答|解读|相关政策与解读|"
    r"相关(?:阅读|链接|文件|文档|文章|政策|信息|内容|新闻|稿件|推荐|报道|资料)|关联(?:阅读|文件|稿件|信息)|延伸阅读|推荐阅读|政策原文|文件原文|原文链接|原文件|原文|结果反馈|反馈结果|意见反馈|征集结果|采纳情况|关联政策|关联解读|政策文件)"
    r"\s*(?:[】\]]|\s)*(?P<colon>[:：]?)"
)
_LABEL = re.compile(
    r"[【\[〔（(《<>点击查看：: ]*(?P<name>(?:政策|文件|文字|图文|图片|图表|媒体|专家|视频|音频|动漫|相关)?(?:解读|图解)|一图(?:读|看)懂|政策问答|答记者问|(?:政策|文件)?原文(?:链接)?|原文件|相关文件)[】\]〕）)》<>： :]*"
)
_MIXED = 0.9  # share of link text up to which a block is a sentence that holds links
_TITLE_CHARS = 8  # a link in a sentence that names an interpretation is no shorter
_AFTER = re.compile(r"(?:政策|文件|的|相关|有关|内容|部门|图文)+$")
_HASH = re.compile(r"^[0-9a-f]{16,40}\s*[:：]?\s*")
_MORE = re.compile(r"^(?:更多|more|>>|\[?(?:打印|关闭|返回|首页)).{0,4}$", re.I)


def read_related(page: Page, outline: Outline, start: int, stop: int, *, title: str | None) -> tuple[RelatedLink, ...]:
    """Links under or beside a heading of relation between two blocks, each address once."""
    found: dict[str, RelatedLink] = {}
    heading: str | None = None
    since = end = 0
    own = title_key(title or "")
    for index in range(start, stop):
        block = outline.blocks[index]
        if heading is not None and index >= end:
            heading = None
        match = _HEADING.match(block.text) if block.chars < 200 else None
        if match and (block.linked < 0.9 or match["colon"] or _is_image_only(block.anchors)):
            heading, since, end = match["name"], 0, _section_end(outline, index)
        elif not block.anchors or heading is None or _linked(block) <= 0.5:
            for anchor in block.anchors:
                name = _named_by_itself(anchor, block, own)
                if name is not None:
                    _add(page, found, anchor, name, own)
            since += block.chars
            if block.chars > 30 or since > 60:
                heading = None
            continue
        for anchor in block.anchors:
            _add(page, found, anchor, heading or "", own)
    return tuple(found.values())


def _named_by_itself(anchor: Anchor, block: Block, own: str) -> str | None:
    """The relation that a link of the running text tells without a heading; None where it tells none.

    【一图读懂】 and 【原文】 in brackets, as clerks set them under a text, and in a sentence the title of an interpretation or, in an
    interpretation, of what it explains. A bare name without brackets may be a column's, a title on a line of its own a row of any list.
    """
    if _image_interpretation(anchor) or on_platform(anchor.element.get("href") or ""):
        return "解读"
    text = squeeze(anchor.text)
    label = _LABEL.fullmatch(text)
    if label is not None:
        return label["name"] if text[:1] in "【[〔（(" or text[-2:] == "链接" else None
    if _linked(block) > _MIXED:
        return None
    tells = len(title_key(text)) >= _TITLE_CHARS and (_INTERPRETS.search(text) or (_INTERPRETS.search(own) and _explained(own, text)))
    return "" if tells else None


def _linked(block: Block) -> float:
    """Share of a block's text that is link text, without the internal number that some templates print before a link."""
    number = _HASH.match(block.text)
    plain = block.chars - (len(number.group(0).strip()) if number else 0)
    return block.link_chars / plain if plain > 0 else block.linked


def _section_end(outline: Outline, index: int) -> int:
    """Where the part of the page that a heading names ends: the nearest element around it that holds more than the heading."""
    at = outline.blocks[index].element
    while at is not None and at is not outline.root:
        stop = outline.span(at)[1]
        if stop > index + 1:
            return stop
        at = at.getparent()
    return len(outline.blocks)


def twins(files: tuple[Attachment, ...]) -> tuple[RelatedLink, ...]:
    """Further files of the same text in another format: same name, other type."""
    first: dict[str, Attachment] = {}
    found: list[RelatedLink] = []
    for file in files:
        if file.type is None:
            continue
        stem = re.sub(rf"\.{file.type}$", "", unquote(urlsplit(file.url).path.rsplit("/", 1)[-1]), flags=re.I)
        known = first.setdefault(stem, file)
        if known is not file and known.type != file.type:
            found.append(RelatedLink(file.url, file.name, "attachment-twin"))
    return tuple(found)


def _add(page: Page, found: dict[str, RelatedLink], anchor: Anchor, heading: str, own: str) -> None:
    url = page.absolute(anchor.element.get("href"))
    text = _HASH.sub("", squeeze(anchor.element.get("title") or "") or anchor.label)
    if url is None or url in found or _MORE.match(text) or url == page.url:
        return
    attachment = file_of(page, anchor)
    if attachment is not None and not _INTERPRETS.search(heading + text):
        return
    found[url] = RelatedLink(url, text, _relation(heading, text, own))


def _relation(heading: str, text: str, own: str) -> str:
    if _RESULT.search(heading) or _RESULT.search(text):
        return "result"
    if (label := _LABEL.fullmatch(text)) is not None and "原" in label["name"]:
        return "original"
    if _INTERPRETS.search(text) or (_INTERPRETS.search(heading) and heading != "相关政策与解读"):
        return "interpretation"
    if "原文" in heading or (_INTERPRETS.search(own) and (_ORIGINAL.search(heading) or _explained(own, text))):
        return "original"
    return "related"


def _explained(own: str, text: str) -> bool:
    """Whether an interpretation's title names what a link's text names, or the text bears a 文号."""
    quoted = title_key(_AFTER.sub("", _INTERPRETS.split(own)[0]))
    return (len(quoted) >= 4 and quoted in title_key(text)) or bool(re.search(r"〔(?:19|20)\d{2}〕\d+号", text))


def _is_image_only(anchors: list[Anchor]) -> bool:
    return any(not anchor.text for anchor in anchors)


def _image_interpretation(anchor: Anchor) -> bool:
    """An image that opens an interpretation: told by its alt or title, or by the link's own id."""
    if anchor.text:
        return False
    names = f"{anchor.element.get('id') or ''} {anchor.element.get('class') or ''}".lower()
    return bool(_INTERPRETS.search(anchor.label)) or "zcjd" in names or "jiedu" in names
