"""Personal data in running text and tables: numbers by their form and check digit, names by their surname. Nothing found is ever handed on.

Only kinds, counts and positions leave this module: what a page leaks must not be leaked again by what is told of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

_GAP = "[ \u00a0\u3000]"
_RUN = re.compile(
    rf"(?<![\dA-Za-z.*＊×●])(?:\d{{17}}[\dXx][1-7][1-4]|\d{{11,19}}[Xx]?|\d{{6}}{_GAP}\d{{8}}{_GAP}\d{{3}}[\dXx]|1[3-9]\d[ \-]\d{{4}}[ \-]\d{{4}}"
    rf"|\d{{4}}(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{1,3}})?)(?![\dA-Za-z*＊×●])"
)
# Whatever is looked for holds eight digits. A set comes first, and not a repetition: so the search runs at the speed of a plain look.
_EIGHT = re.compile(r"[0-9０-９][0-9０-９]{3}[ \-\u00a0\u3000]?[0-9０-９]{4}")
_HALF_MASKED = re.compile(
    r"(?<![\dA-Za-z*＊×●])(?=[\d]{0,5}[*＊×●xX])[\d*＊×●xX]{6}((?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))\d{3}[\dXx](?![\dA-Za-z*＊×●])"
)
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_OTHER_NUMBER = re.compile(
    r"(信用代码|项目代码|(项目|合同|采购|订单|交易|流水|档案|受理|备案|许可|案件|公告|文件|登记)编?号|条形?码|索引号|机构代码)[^\n]{0,6}$"
)
_ID_WORDS = re.compile("身份证|身份号码|证件号")

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫"
    "段雷龙史陶黎贺毛郝顾龚邵万覃武钱戴严莫孔向常汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝封谈匡鞠惠荆乐冀胥郁南班储原栗燕楚鄢"
)
_COMPOUND = "欧阳|上官|司马|诸葛|夏侯|皇甫|尉迟|公孙|慕容|司徒|东方|令狐"
_NAME = re.compile(f"(?:{_COMPOUND})[\u4e00-\u9fff]{{1,2}}|[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}")
_NO_NAME = re.compile(
    "[村镇乡街区县市省州旗社组校班级病症癌压额元部局所路类残力言体号式型家户人员员工位名司店厂院站会处科室年月日数量别址码分卡证项]$|^(高中|高职|高龄|高级|安置|农业|农村|农户|和平|全日|全额|成人|成绩|时间|连续|单位|单亲|应届|方式|温饱|房屋|华侨|商业|关于|以上|管理|明细|文化|原因|常住|全部|向上|应发|实发|程度)"
)
_MASKED_NAME = re.compile(f"^(?:{_COMPOUND}|[{_SURNAMES}])(?:[\u4e00-\u9fff]?[*＊○×●Xx某]{{1,2}}[\u4e00-\u9fff]?)$")
_TOKENS = re.compile(r"[^\s|,，;；、\t]+")


@dataclass(frozen=True, slots=True)
class Spot:
    """A number of one kind, by where it stands."""

    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass over a text found."""

    ids: tuple[Spot, ...] = ()
    half_masked: tuple[Spot, ...] = ()
    mobiles: tuple[Spot, ...] = ()
    cards: tuple[Spot, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ids or self.half_masked or self.mobiles or self.cards)


NOTHING = Scan()


def scan(text: str, latest: date) -> Scan:
    """Find identity numbers (birth no later than `latest`), mobile numbers and card numbers in one pass."""
    if not _EIGHT.search(text):
        return NOTHING
    ids: list[Spot] = []
    mobiles: list[Spot] = []
    cards: list[Spot] = []
    for match in _RUN.finditer(text):
        digits = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", match.group())).upper()
        spot = Spot(match.start(), match.end())
        before = text[max(0, spot.at - 24) : spot.at]
        if is_identity(digits, latest) and (_ID_WORDS.search(before) or not _OTHER_NUMBER.search(before)):
            ids.append(spot)
        elif (
            len(digits) == 15
            and _born(f"19{digits[6:12]}", latest)
            and digits[:2] in _PROVINCES
            and _ID_WORDS.search(text[: spot.at][-400:])
        ):
            ids.append(spot)
        elif len(digits) == 11 and re.fullmatch(r"1[3-9]\d{9}", digits):
            mobiles.append(spot)
        elif digits.isdigit() and 16 <= len(digits) <= 19 and digits[0] in "34569" and luhn(digits) and not _OTHER_NUMBER.search(before):
            cards.append(spot)
    half: tuple[Spot, ...] = ()
    if any(mark in text for mark in ("*", "＊", "×", "●", "xx", "XX")):
        half = tuple(Spot(match.start(), match.end()) for match in _HALF_MASKED.finditer(text) if _born(match.group(1), latest))
    return Scan(tuple(ids), half, tuple(mobiles), tuple(cards)) if ids or half or mobiles or cards else NOTHING


def is_identity(digits: str, latest: date) -> bool:
    """Whether a number is a citizen's identity number: province, date of birth, check digit (GB 11643). A disability card's two more are let pass."""
    if len(digits) == 20:
        digits = digits[:18]
    if len(digits) != 18 or not digits[:17].isdigit() or digits[:2] not in _PROVINCES or not _born(digits[6:14], latest):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == digits[17]


def _born(text: str, latest: date) -> bool:
    try:
        born = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return False
    return date(1900, 1, 1) <= born <= latest


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of a payment card."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and len(set(digits)) > 3


# --- names and tables -------------------------------------------------------------------------


def is_name(token: str) -> bool:
    """Whether a token is a full name of a person by its surname and length."""
    return 2 <= len(token) <= 4 and bool(_NAME.fullmatch(token)) and not _NO_NAME.search(token)


def is_masked_name(token: str) -> bool:
    return 2 <= len(token) <= 4 and bool(_MASKED_NAME.match(token))


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    at: int


def tokens(text: str, start: int = 0, stop: int | None = None) -> tuple[Token, ...]:
    """The cells and words of a text, in order: a table stands in it cell by cell."""
    return tuple(Token(match.group(), match.start()) for match in _TOKENS.finditer(text, start, len(text) if stop is None else stop))


def cells_before(text: str, spot: Spot, since: int, most: int = 10) -> Sequence[Token]:
    """The cells of a number's row that stand before it: at most so many, none before `since`."""
    return tokens(text, max(since, spot.at - 200), spot.at)[-most:]


def names_by(text: str, spots: Sequence[Spot]) -> Iterator[tuple[Spot, bool]]:
    """For each number whether a person's name, masked or not, stands in its row."""
    since = 0
    for index, spot in enumerate(spots):
        before = [token.text for token in cells_before(text, spot, since)]
        until = spots[index + 1].at if index + 1 < len(spots) else len(text)
        after = [token.text for token in tokens(text, spot.end, min(until, spot.end + 30))[:1]]
        glued = re.search(rf"({_NAME.pattern})[：:（(\s]*$", text[max(0, spot.at - 8) : spot.at])
        named = any(is_name(word) or is_masked_name(word) for word in (*before, *after))
        yield spot, named or (glued is not None and not _NO_NAME.search(glued.group(1)))
        since = spot.end
