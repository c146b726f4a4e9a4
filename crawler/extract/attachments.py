"""Files that a document offers: by their name, by a download address, by the script call that opens them."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml import html

from crawler.extract.outline import Anchor, Block, Outline
from crawler.extract.page import Page
from data.records import Attachment
from data.text import squeeze

_TYPES = "pdf|docx?|xlsx?|pptx?|wps|et|dps|ofd|zip|rar|7z|txt|rtf|csv|ceb|cebx|tif|tiff|jpe?g|png|gif|bmp|mp4|mp3|dwg"
_DOCUMENT = re.compile(rf"\.({_TYPES})$", re.I)
_IN_TEXT = re.compile(rf"\.({_TYPES})(?![A-Za-z0-9])", re.I)
_PICTURES = frozenset({"jpg", "jpeg", "png", "gif", "bmp"})
_GATE = re.compile(r"download|downfile|filedown|attach|/fj/|getfile|openfile|file(?:id|name)=|annex", re.I)
_HINT = re.compile(rf"\.(?:{_TYPES})(?![A-Za-z0-9])|{_GATE.pattern}", re.I)
_CALL = re.compile(r"(?:down\w*|open\w*|show\w*|get\w*)\s*\(([^)]*)\)", re.I)
_QUOTED = re.compile(r"['\"]([^'\"]{1,400})['\"]")
_SAYS = re.compile(r"附件|附表|附图|下载|点击查看原文|原文件|PDF|OFD|WORD|文字版|图片版|电子版|扫描件", re.I)
_NUMBERING = re.compile(r"相关|附\s*件|附|下载|已下载|次|[\s\d.．、，,；;:：（）()一二三四五六七八九十]")
_LEAD = re.compile(r"^(?:附件下载|相关附件|文件下载|附\s*件)\s*[:：]\s*(?=.)")


def file_of(page: Page, anchor: Anchor) -> Attachment | None:
    """The file behind a link; None where it leads to a page, a picture of the text or nowhere."""
    if anchor.files is None:
        found = _file(page, anchor)
        anchor.files = (found,) if found else ()
    return anchor.files[0] if anchor.files else None


def _file(page: Page, anchor: Anchor) -> Attachment | None:
    element = anchor.element
    href = (element.get("href") or "").strip()
    title = squeeze(element.get("download") or "")
    shown = anchor.label or title
    if not _HINT.search(f"{href} {shown} {title} {element.get('onclick') or ''}"):
        return None
    url = page.absolute(href)
    name: str | None = None
    if url is None:
        name, url = _called(page, element)
        if url is None:
            return None
    kind = _type(url) or (_match(_IN_TEXT, name or "")) or _match(_IN_TEXT, shown) or _match(_IN_TEXT, title)
    if kind is None:
        if not (_GATE.search(urlsplit(url).path + "?" + urlsplit(url).query) and _SAYS.search(shown)):
            return None
    elif (kind in _PICTURES and not (anchor.text and _SAYS.search(anchor.text))) or (
        _type(url) is None and kind and not (_GATE.search(url) or re.search(r"\.(?:jsp|do|action|ashx|aspx|php)\b|\?", url) or name)
    ):
        return None
    label = _LEAD.sub("", shown or name or "") or unquote(urlsplit(url).path.rsplit("/", 1)[-1])
    return Attachment(url, squeeze(label), kind)


def _match(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found.group(1).lower() if found else None


def _type(url: str) -> str | None:
    """The type by the path's ending, or by a query value that is a file name."""
    parts = urlsplit(url)
    kind = _match(_DOCUMENT, unquote(parts.path).strip())
    if kind is None and parts.query:
        for _, value in parse_qsl(parts.query)[:20]:
            kind = kind or _match(_DOCUMENT, value.strip())
    return kind


def _called(page: Page, element: html.HtmlElement) -> tuple[str | None, str | None]:
    """Name and URL out of onclick="downloadFj('name','url')" and href="javascript:…"."""
    call = _CALL.search(" ".join(filter(None, (element.get("onclick"), element.get("href")))))
    values = _QUOTED.findall(call.group(1)) if call else []
    for key in ("data-url", "data-href", "data-file", "data-path", "appendixurl"):
        if element.get(key):
            values.append(element.get(key))
    name = next((value for value in values if "/" not in value and _DOCUMENT.search(value)), None)
    for value in values:
        if "/" in value or _DOCUMENT.search(value):
            if value == name:
                continue
            return name, page.absolute(value)
    return name, (page.absolute(name) if name else None)


def block_files(page: Page, block: Block) -> list[Attachment]:
    return [found for anchor in block.anchors if (found := file_of(page, anchor)) is not None]


def is_file_line(page: Page, block: Block) -> bool:
    """Whether a block holds links to files and, but for numbering and the word 附件, nothing else."""
    if not block.anchors or not block_files(page, block):
        return False
    if block.linked >= 0.5:
        return True
    rest = block.text
    for anchor in block.anchors:
        rest = rest.replace(anchor.text, "", 1)
    return len(_NUMBERING.sub("", rest)) <= 2


def read_attachments(page: Page, outline: Outline, first: int, stop: int) -> tuple[Attachment, ...]:
    """Files linked in a range of blocks, each address once, in page order."""
    found: dict[str, Attachment] = {}
    for block in outline.blocks[first:stop]:
        if not block.anchors:
            continue
        for attachment in block_files(page, block):
            known = found.get(attachment.url)
            if known is None or (not known.name and attachment.name):
                found[attachment.url] = attachment
    return tuple(found.values())
