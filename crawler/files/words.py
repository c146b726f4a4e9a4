"""What is done to every file's text: cleaned, bounded, and held against what a text in Chinese looks like."""

from __future__ import annotations

import re
import unicodedata

MOST_CHARS = 200_000
_PER_PAGE = 15  # characters: a page number and a seal's name are no text layer
_HAN = re.compile("[\u3400-\u9fff]")
_JUNK = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]|\\(cid:\\d+\\)")
# Fonts of PDFs give radicals and compatibility forms in the place of the characters that they look like.
_LOOKALIKE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")
_GAP = re.compile("(?<=[\u3400-\u9fff，。、；：（）《》〔〕])[ \u00a0\u3000]+(?=[\u3400-\u9fff，。、；：（）《》〔〕])")
# A number of eighteen figures with a date in it, which a narrow cell has broken in two.
_BROKEN = re.compile(r"(?<![\dA-Za-z])(\d{6,17})[ \t]*\n[ \t]*(\d{0,11}[\dXx])(?![\dA-Za-z])")
_DATED = re.compile(r"\d{6}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")
_BLANKS = re.compile("[ \u00a0]{2,}")
# The most frequent characters of Chinese, of running texts and of official ones: two in five of any text. Of characters that a font
# without a map gives by chance it is one in two hundred.
_COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部"
    "其些主样理心本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应向"
    "政府信息示区市县省乡镇村街道局委办室号月元资金预算收支项目管理服务单位安全建设农业教育"
)
_LEAST_COMMON = 0.03
_ENOUGH_HAN = 60


def clean(text: str, *, close_gaps: bool = False) -> str:
    """Lines without the noise of files. `close_gaps`: blanks between Chinese characters are none of the text's own, as in PDFs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    text = _LOOKALIKE.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)
    if close_gaps:
        text = _BROKEN.sub(_joined, _GAP.sub("", text))
    lines = (_BLANKS.sub(" ", line).strip(" \u00a0") for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _joined(found: re.Match[str]) -> str:
    whole = found.group(1) + found.group(2)
    return whole if _DATED.fullmatch(whole) else found.group()


def bounded(text: str) -> tuple[str, bool]:
    """As much of a text as is kept, and whether that is not all."""
    return text[:MOST_CHARS], len(text) > MOST_CHARS


def visible(text: str) -> int:
    return len("".join(text.split()))


def is_too_little(text: str, pages: int) -> bool:
    """Whether so many pages bear no text to speak of."""
    return visible(text) < _PER_PAGE * max(min(pages, 20), 1)


def is_garbled(text: str) -> bool:
    """Whether characters are not those that the page shows: a font without its map, a wrong encoding."""
    size = visible(text)
    if size and len(_JUNK.findall(text)) * 20 > size:
        return True
    han = _HAN.findall(text)
    return len(han) >= _ENOUGH_HAN and sum(character in _COMMON for character in han) < _LEAST_COMMON * len(han)


def without_junk(text: str) -> str:
    return _JUNK.sub("", text)
