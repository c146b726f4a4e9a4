"""落款 and 附注: who signed the text, when, and whether it says that it is public."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import html

from crawler.extract.dates import parse_date
from crawler.extract.outline import Block
from data.records import DateRole, ShownDate
from data.text import bare

_ORG = re.compile(
    r"(?:政府|办公厅|办公室|厅|局|委员会|委|部|院|中心|会|处|署|公司|党组|领导小组|指挥部|站|大学|学院|学校|医院|银行|所|队|集团|镇|街道|街道办事处|办事处|总局|法院|检察院|联社|乡|村民委员会|办|科|社|馆|网|司|联席会议|专班|支队|大队|[省市县区州旗])"
    r"(?:[（(][^（()）]{1,20}[)）])?$"
)
_DATE = r"(?:(?:19|20)\d{2}|[一二][〇○零ＯOo◯Ο０0九][〇○零ＯOo◯Ο０0一二三四五六七八九]{2}|[１２][０-９]{3})\s*年\s*[\d０-９一二三四五六七八九十元]{1,3}\s*月\s*[\d０-９一二三四五六七八九十廿]{1,3}\s*日"
_ALONE = re.compile(rf"[（(]?\s*({_DATE})\s*[)）]?")
_SIGNED = re.compile(rf"(\S.{{1,60}}?)[\s　]*({_DATE})")
_NUMERIC = re.compile(r"((?:19|20)\d{2}[-./]\d{1,2}[-./]\d{1,2})")
_PRINTED = re.compile(rf"(.{{0,60}}?)[\s　]*({_DATE})\s*印发[。\s]*")
_NOTE = re.compile(
    r"[（(【\[]\s*(?:此件|本件|此文)\s*(?:经审核)?[，,]?\s*((?:主动|依法|依申请|面向社会|向社会)?(?:予以)?公开(?:发布)?|不予公开|删减后公开|公开属性[:：]主动公开)\s*[。]?\s*[)）】\]]|"
    r"^[（(【\[]?(?:信息公开选项|公开方式|公开属性|信息公开属性|公开类别|政务公开选项|信息公开类别|信息公开形式|公开选项|公开范围)\s*[:：]\s*(主动公开|依申请公开|不予公开|不公开|此件公开发布|公开发布)\s*[)）】\]]?[。]?$|"
    r"^[（(]?\s*(?:此件|本件)(主动公开|公开发布|依申请公开|不予公开)\s*[)）]?[。]?$"
)
_SEAL = re.compile(r"[（(]?\s*(?:盖章|公章|印章|章|印|代章|此处盖章)\s*[)）]?")
_PROMULGATED = re.compile(r"^[\s　]*([\u4e00-\u9fff]{3,30})发布$")


@dataclass(frozen=True, slots=True)
class Signature:
    """A dated 落款: signers as printed, one space between them (None where none stands above the date)."""

    signer: str | None
    date: ShownDate


def read_signature(blocks: list[Block], container: html.HtmlElement | None) -> Signature | None:
    """The first date line under a signer; where there is none, a date line that closes the text."""
    closing: Signature | None = None
    solid = [index for index, block in enumerate(blocks) if block.chars]
    for position, index in enumerate(solid):
        block = blocks[index]
        if block.chars > 80 or ("年" not in block.text and not _NUMERIC.fullmatch(block.text)):
            continue
        alone = _ALONE.fullmatch(block.text) or _NUMERIC.fullmatch(block.text)
        if alone:
            if in_data_row(block.element, container):
                continue
            signers = _signers(blocks, [solid[at] for at in range(max(0, position - 8), position)])
            date = parse_date(alone.group(1), DateRole.SIGNED, "signature")
            if date is None:
                continue
            if signers or _person(blocks, solid, position):
                return Signature(" ".join(signers) or None, date)
            if len(solid) - position <= 4 and not block.text.startswith(("（", "(")):
                closing = Signature(None, date)
            continue
        both = _SIGNED.fullmatch(block.text)
        if both and _is_org(both.group(1)) and not in_data_row(block.element, container):
            date = parse_date(both.group(2), DateRole.SIGNED, "signature")
            if date is not None:
                above = _signers(blocks, [solid[at] for at in range(max(0, position - 8), position)])
                return Signature(" ".join([*above, *_split(both.group(1))]), date)
    return closing


def _signers(blocks: list[Block], before: list[int]) -> list[str]:
    names: list[str] = []
    for index in reversed(before):
        text = blocks[index].text
        if _SEAL.fullmatch(text):
            continue
        parts = _split(text)
        if not all(_is_org(part) for part in parts) or blocks[index].linked > 0.5:
            break
        names = parts + names
    return names


def _split(text: str) -> list[str]:
    """Names of one line: separate words where each is a name by itself, one name where its letters are spaced."""
    words = text.split()
    if len(words) > 1 and all(len(word) >= 3 and _ORG.search(word) for word in words):
        return words
    return [re.sub(r"\s+", "", text)]


def _is_org(text: str) -> bool:
    name = bare(text)
    return (
        3 <= len(name) <= 40 and bool(_ORG.search(name)) and not re.search(r"[，。；：、！？:;《》\d]|^(?:各|附件|关于|抄送|联系)|的", name)
    )


def _person(blocks: list[Block], solid: list[int], position: int) -> bool:
    """Whether a person's office and name stand right above: 部 长 阴和俊, 区长：张三."""
    if not position:
        return False
    above = bare(blocks[solid[position - 1]].text)
    return bool(
        re.match(
            r"^[\u4e00-\u9fff]{0,18}?代?(?:主席|总理|部长|主任|省长|市长|县长|区长|局长|厅长|镇长|州长|旗长|署长|委员长|院长|行长|会长|书记)[:：]?[\u4e00-\u9fff·]{2,5}$",
            above,
        )
    )


def in_data_row(element: html.HtmlElement, container: html.HtmlElement | None) -> bool:
    """Whether a line stands in a table of data, not in the frame of the page."""
    at: html.HtmlElement | None = element
    while at is not None and at is not container:
        if at.tag == "tr":
            return sum(1 for cell in at if isinstance(cell.tag, str) and (cell.text_content() or "").strip()) > 1
        at = at.getparent()
    return False


def read_issued(blocks: list[Block]) -> ShownDate | None:
    """版记: 示例区人民政府办公室 2026年11月3日印发."""
    for block in reversed(blocks):
        if 8 <= block.chars <= 80 and "印发" in block.text:
            found = _PRINTED.fullmatch(block.text)
            if found:
                return parse_date(found.group(2), DateRole.ISSUED, "imprint")
    return None


def read_openness(blocks: list[Block]) -> str | None:
    """附注: （此件公开发布） -> 公开发布; 公开方式：主动公开 as a line of the text -> 主动公开."""
    for block in blocks:
        if block.chars <= 60 and "公开" in block.text:
            found = _NOTE.search(block.text)
            if found:
                return next(group for group in found.groups() if group)
    return None


def read_promulgator(blocks: list[Block]) -> str | None:
    """A closing line such as 中国证券监督管理委员会发布."""
    for block in blocks:
        found = _PROMULGATED.match(block.text)
        if found and _is_org(found.group(1)):
            return found.group(1)
    return None
