"""Where the text of a document lies: its container, and what is cut off at head and tail."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from lxml import html

from crawler.extract.attachments import is_file_line
from crawler.extract.container import (
    FOOT,
    PUNCTUATED,
    TOOL,
    find_container,
    find_foot,
    find_zone,
    is_running,
    is_text,
    until_links,
    weigh_blocks,
)
from crawler.extract.dates import find_dates
from crawler.extract.labels import Meaning, find_labels
from crawler.extract.numbers import is_number_line
from crawler.extract.outline import Block, Outline, outline
from crawler.extract.page import Page, once
from crawler.extract.pairs import Pair, read_pairs
from crawler.extract.signature import in_data_row
from crawler.extract.split_dates import split_date
from crawler.extract.title import Heading, References, find_heading, references
from data.text import bare

_RELATED = re.compile(
    r"^[\s【\[>»■◆●]*(?:相关(?:文章|链接|新闻|阅读|解读|文档|政策|信息|稿件|报道|推荐|附件|内容|文件|专题|资料|政策与解读|政策解读|解读材料|下载|图解|资讯)|关联(?:阅读|文件|稿件|信息)|政策解读|解读文件|延伸阅读|推荐阅读|热点推荐|"
    r"政策原文|文件原文|原文链接|图解|媒体解读|专家解读|政策图解|上级政策|附件下载|文件下载|附件列表|您可能感兴趣)[\s】\]：:]*$"
)
_CREDIT = re.compile(r"^[\s【\[（(]*(?:责任编辑|责编|编辑|审核|校对|初审|复审|终审)\s*[:：]?[^。]{0,30}$")
_TRAIL = re.compile(r"^(?:当前|所在|您的|您现在的|您当前)[^，。]{0,6}位置")
_STOP = re.compile(r"[。；，]")
_CLOCK = re.compile(r"今天|今日|当前时间|现在时间|现在是|系统时间|北京时间|服务器时间|农历|欢迎|打印时间|打印日期|登录时间")
_OTHER_TIME = re.compile(
    r"(?:报名|截止|截至|开始|结束|会议|活动|考试|申报|征集|开标|投标|招标|评标|面试|笔试|培训|举办|办理|服务|营业|上班|生效|实施|施行|废止|公示|听证|采购|中标|成交|打印|访问|浏览)(?:时间|日期|期限|期间|至)"
)
_TIME = re.compile(r"^(?:活动|会议|举办|开会|集合|考试|报名|听证会?)?(?:时\s*间|日\s*期)\s*[:：]")
_PLACE = re.compile(r"^(?:(?:活动|会议|举办|开会|集合|考试|报名|听证会?)?(?:地\s*点|会\s*场)|主\s*讲\s*人?|参加人员|参会人员)\s*[:：]")
_FILES = re.compile(r"^(?:相关)?附\s*件(?:下载|列表)?\s*[:：]?$")


@dataclass(frozen=True, slots=True)
class Place:
    """Blocks of a document page: heading, text `start` to `stop` (half open), and the container they were found in."""

    pairs: tuple[Pair, ...]
    refs: References
    heading: Heading | None
    element: html.HtmlElement | None
    named: bool
    start: int
    stop: int
    zone: tuple[int, int]  # blocks around the text that belong to the document: files, related links, metadata


@once
def place(page: Page) -> Place:
    """Find the text of a page."""
    view = outline(page)
    pairs = [pair for pair in read_pairs(view) if not _is_event(view, pair)]
    refs = references(page, pairs)
    foot = find_foot(view)
    weights = weigh_blocks(view, pairs, foot)
    element, named = find_container(view, weights)
    start, stop = view.span(element) if element is not None else (0, 0)
    lined = Counter(pair.first for pair in pairs if pair.meaning is not Meaning.TOOL)
    first_text = next((index for index in range(start, stop) if is_running(view.blocks[index]) and lined[index] < 2), stop)
    heading = find_heading(view, pairs, refs, *((start, max(first_text, start + 1)) if element is not None else (max(0, foot - 1), foot)))
    if heading is not None and not named:
        # Without a named container the text can only follow the heading.
        tail = [0 if index <= heading.last else weight for index, weight in enumerate(weights)]
        element, _ = find_container(view, tail, names=False)
    if (
        element is not None
        and not named
        and not any(weights[index] and is_text(view.blocks[index]) for index in range(*view.span(element)))
    ):
        element = None
    if element is not None:
        start, stop = view.span(element)
    elif heading is not None:
        start, stop = heading.last + 1, until_links(page, view, heading.last + 1, foot)
    else:
        start = stop = max((pair.last + 1 for pair in pairs if pair.apart and pair.last < foot), default=0)
    start = max(start, view.markers.get("contentstart", 0))
    stop = min(stop, view.markers.get("contentend", stop)) if view.markers.get("contentend", 0) > start else stop
    outer = stop
    if heading is not None and start <= heading.first < stop and not _is_letterhead(view, pairs, refs, heading, start):
        start = heading.last + 1
    start = _trim_head(page, view, pairs, start, stop)
    stop = _trim_tail(page, view, start, stop)
    head = min(
        [
            heading.first if heading else start,
            *(pair.first for pair in pairs if pair.apart and pair.first < start and pair.meaning is not Meaning.TOOL),
            start,
        ]
    )
    zone = find_zone(view, element, max(0, head - 6), max(foot, outer))
    return Place(tuple(pairs), refs, heading, element, named, start, stop, zone)


def _is_event(view: Outline, pair: Pair) -> bool:
    """Whether 时间：… says when something takes place."""
    return pair.label in ("时间", "日期") and beside_place(view, pair.first, pair.last)


def beside_place(view: Outline, first: int, last: int) -> bool:
    """Whether a line 时间：… has the place of an event next to it: its time is that of the event."""
    return bool(_TIME.match(view.blocks[first].text)) and any(
        _PLACE.match(block.text) for block in view.blocks[max(0, first - 2) : last + 4]
    )


def _is_letterhead(view: Outline, pairs: list[Pair], refs: References, heading: Heading, start: int) -> bool:
    """Whether the title in the text area is the text's own: the metadata block has given it before, and no header line follows it."""
    own = bool(refs.field) and view.blocks[heading.first].element.tag == "p"
    return own and not any(start <= pair.first <= heading.last + 4 for pair in pairs)


def _trim_head(page: Page, view: Outline, pairs: list[Pair], start: int, stop: int) -> int:
    held = {index for pair in pairs for index in range(pair.first, pair.last + 1)}
    begins = {pair.first for pair in pairs if pair.apart}
    while start < stop:
        split = split_date(view, start) if view.blocks[start].chars <= 12 else None
        if split is not None and split[0] < stop:
            start = split[0]
        elif is_number_line(view.blocks[start].text) and {start + 1, start + 2} & held:
            start += 1  # the 发文字号 above the header line
        elif beside_place(view, start, start):
            break  # the time of an event is the text's own
        elif _is_head(page, view.blocks[start], start in held, bool(begins & {start + 1, start + 2, start + 3})):
            start += 1
        else:
            break
    return start


def _is_head(page: Page, block: Block, in_pair: bool, more_below: bool) -> bool:
    """Whether a block in front of the text is metadata, a tool, a trail or a file; `more_below`: a metadata block goes on under it."""
    if block.chars > 200:
        return in_pair and block.linked > 0.5
    if in_pair or not block.chars or is_header_date(block) or _RELATED.match(block.text) or _TRAIL.match(block.text):
        return True
    if block.chars >= 60:
        return block.linked > 0.6 and is_file_line(page, block)
    return bool(TOOL.match(block.text)) or block.linked > 0.6 or (more_below and not _STOP.search(block.text))


def is_header_date(block: Block) -> bool:
    """Whether a line beside the title is a date with a source or a counter, and nothing that reads like text."""
    if block.chars > 120:
        return False
    found = find_dates(block.raw)
    if len(found) != 1:
        return False
    if _CLOCK.search(block.text) or _OTHER_TIME.search(bare(block.text[:60])):
        return False  # the clock of the page, or when something else takes place
    if re.fullmatch(r"\s*[（(]\s*\d{4}\s*年[^（）()]{4,10}[)）]\s*", block.text):
        return False  # （2023年4月12日） under the authors' names is a date line of the text
    labels = find_labels(block.raw)
    holder = next((label for label in reversed(labels) if label.end <= found[0].start), None)
    if holder is not None and holder.meaning not in (Meaning.SOURCE, Meaning.TOOL, Meaning.PUBLISHER, Meaning.PUBLISHED, Meaning.UPDATED):
        return False
    lead = block.raw[: labels[0].start] if labels else block.raw
    rest = lead[: found[0].start] + " " + lead[found[0].end :]
    rest = re.sub(r"(?:来源|时间|日期|浏览|点击|阅读|发布|字体|字号|作者|编辑|次数|打印|分享|[:：\[\]【】()（）|\d\s大中小])", "", rest)
    return len(rest) <= 16 and not PUNCTUATED.search(rest) and not re.search(r"通过|公布|施行|修[订正]|批准|第.+号|令", rest)


def _trim_tail(page: Page, view: Outline, start: int, stop: int) -> int:
    texts = view.blocks
    total = sum(block.chars for block in texts[start:stop])
    rest = 0
    cut = stop
    for index in range(stop - 1, start - 1, -1):
        block = texts[index]
        if (
            (_RELATED.match(block.text) and _leads_to_links(view, index, stop))
            or (block.chars < 60 and TOOL.match(block.text))
            or (block.chars < 200 and FOOT.search(block.text))
        ):
            cut, rest = index, 0
            continue
        rest += block.chars - block.link_chars
        if rest > max(120, 0.25 * total):
            break
    stop = cut
    while stop > start:
        block = texts[stop - 1]
        small = block.chars < 200
        if (
            not block.chars
            or block.linked > 0.8
            or (small and (_CREDIT.match(block.text) or _FILES.match(block.text) or TOOL.match(block.text) or FOOT.search(block.text)))
        ):
            stop -= 1
        else:
            break
    return stop


def _leads_to_links(view: Outline, index: int, stop: int) -> bool:
    """Whether a heading such as 政策解读 has links or nothing under it; over more of the text it is the text's own, in a row of data a cell."""
    if in_data_row(view.blocks[index].element, view.root):
        return False
    below = [block for block in view.blocks[index:stop] if block.chars][1:3]
    return not below or any(block.anchors for block in (view.blocks[index], *below))


def body_text(page: Page) -> str:
    """The text, one line per block, links to files left out."""
    found = place(page)
    view = outline(page)
    return "\n".join(block.text for block in view.blocks[found.start : found.stop] if block.text and not is_file_line(page, block))
