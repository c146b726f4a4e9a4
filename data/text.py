"""Text keys for matching: what is left of a title, a number or a label when the noise is gone."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACE = re.compile(r"[\s\u3000\u00a0\u200b-\u200f\ufeff]+")
_BRACKETS = str.maketrans(
    {"[": "〔", "]": "〕", "(": "〔", ")": "〕", "【": "〔", "】": "〕", "（": "〔", "）": "〕", "［": "〔", "］": "〕"}
)
_PUNCTUATION = re.compile(r"[《》〈〉“”\"'‘’「」『』、，,。.；;：:！!？?…·\-—_~～|｜/\\〔〕\[\]()（）【】<>]+")
_WRAP_END = re.compile(r"的(通知|通告|公告|函|决定|意见)$")


def squeeze(text: str) -> str:
    """Collapse every run of white space (U+3000, U+00A0 and zero-width included) to one space, ends trimmed."""
    squeezed = " ".join(text.split())
    # Zero-width characters are what is left: not white space to split(), and not printable.
    return squeezed if squeezed.isprintable() else _SPACE.sub(" ", text).strip()


def bare(text: str) -> str:
    """NFKC with all white space removed."""
    return _bare_short(text) if len(text) <= _SHORT else _bare(text)


_SHORT = 160  # titles, labels and numbers, which many rules ask for; a text is asked for once or twice


@lru_cache(maxsize=4_096)
def _bare_short(text: str) -> str:
    return _bare(text)


def _bare(text: str) -> str:
    packed = "".join((text if text.isascii() else unicodedata.normalize("NFKC", text)).split())
    return packed if packed.isprintable() else _SPACE.sub("", packed)


def doc_number_key(number: str) -> str:
    """A 文号 with its brackets mapped to one class and white space removed: 示政办发〔2026〕3号."""
    return _number_short(number) if len(number) <= _SHORT else _number(number)


@lru_cache(maxsize=4_096)
def _number_short(number: str) -> str:
    return _number(number)


def _number(number: str) -> str:
    return bare(number).translate(_BRACKETS).replace("﹝", "〔").replace("﹞", "〕")


_UTILITY = re.compile(
    "^(网站|站点)?(地图|导航)$|^(关于|联系)(我们|本站|本网)$|^(网站|隐私|免责|版权|法律)(声明|条款|政策)$|^(使用)?帮助(中心)?$|^无障碍"
)


def is_utility(name: str) -> bool:
    """Whether a name is that of a page which serves the use of a site (网站地图, 关于我们) and is no column of it."""
    return bool(_UTILITY.search(bare(name)))


@lru_cache(maxsize=4_096)
def title_key(title: str) -> str:
    """A title without white space, punctuation and quotation marks, for equality."""
    return _PUNCTUATION.sub("", bare(title))


_MARK = re.compile(r"^[【\[(（〔]?(转载|转发|转)[】\])）〕:：]+|^(转载|转发)(?=《)")
_TAIL = re.compile(r"[(（【\[〔][^()（）【】]*(\d{4}[〕\])]第?\d+号|转载|全文|附图)[^()（）【】]*[)）】\]]$")
_ISSUED = re.compile(r"(?:印发|发布|公布|转发|批转|下发)[了]?(?:《(.+)》|(.+?)的(?:通知|通告|公告|函|决定)$)")
_ABOUT = re.compile(r"^[^《》]{0,40}?关于(?=.{4})")


@lru_cache(maxsize=4_096)
def title_core(title: str) -> str:
    """What a title is about: inside the outermost 《》 where it issues something, else without its wrapping words.

    关于印发《示例区停车管理办法》的通知, 转发…, 【转载】…, a 文号 in brackets behind it and the issuer's name in front of 关于 fall away.
    """
    text = _TAIL.sub("", _MARK.sub("", bare(title)))
    for _ in range(3):  # 转发《…关于印发《…》的通知》的通知: one wrapping after the other
        issued = _ISSUED.search(text)
        if issued is None:
            break
        text = issued.group(1) or issued.group(2)
    whole = re.fullmatch(r"《([^《》]+)》", text)
    text = whole.group(1) if whole else text
    core = title_key(_WRAP_END.sub("", _ABOUT.sub("", text)))
    return core or title_key(title)


def visible(line: str) -> str:
    """A line without what a terminal would act on: pages and persons wrote parts of it."""
    return "".join(char for char in line if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
