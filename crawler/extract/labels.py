"""The labels of visible metadata: what they mean, and how to find them in a line whatever spaces they are padded with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from crawler.extract.dates import SEAM


class Meaning(StrEnum):
    """What a label says its value is."""

    INDEX = "index"
    TITLE = "title"
    ISSUER = "issuer"
    PUBLISHER = "publisher"  # 发布机构, 发布单位: the issuer where no 发文机关 is shown
    NUMBER = "number"
    MADE = "made"
    ISSUED = "issued"
    PUBLISHED = "published"
    UPDATED = "updated"  # 更新时间, 录入时间: a publication time only where nothing better is shown
    VALIDITY = "validity"
    OPENNESS = "openness"
    TOPIC = "topic"
    CATEGORY = "category"
    SOURCE = "source"
    EFFECT = "effect"  # 生效, 实施, 废止: dates that are none of ours
    OTHER = "other"  # known metadata of which no field is made
    TOOL = "tool"  # counters, font sizes, printing: ends a value, is no field


_WORDS: dict[Meaning, str] = {
    Meaning.INDEX: "索引号 信息索引 信息索引号 索取号 索引码 信息编号 公开索引号",
    Meaning.TITLE: "标题 名称 信息名称 文件名称 文件标题 公文标题 文件题名 公文名称 信息标题 题名 法规标题 政策名称",
    Meaning.ISSUER: "发文机关 发文机构 发文单位 制发机关 制发单位 制文机关 制定机关 印发机关 颁布机关 颁布单位 成文单位 成文机关 发文部门 制定单位",
    Meaning.PUBLISHER: "发布机构 发布机关 发布单位 发布部门 公开责任部门 责任部门 公开机构 公开单位 公开机关 公开主体 信息提供单位 供稿单位 公布机关",
    Meaning.NUMBER: "发文字号 文号 文件编号 文件字号 公文字号 发文号 文件文号 文件号 发布文号 公文文号 发文文号",
    Meaning.MADE: "成文日期 成文时间 生成日期 生成时间 制发日期 制文日期 制定日期 签发日期 签署日期 信息生成日期 信息生成时间 制作日期 形成日期 形成时间 落款日期 成文",
    Meaning.ISSUED: "印发日期 印发时间 发文日期 发文时间 颁布日期 颁布时间 颁发日期 印发日 公布日期 公布时间",
    Meaning.PUBLISHED: "发布日期 发布时间 公开日期 公开时间 信息发布日期 信息发布时间 时间发布 日期发布 上网日期 上网时间 网站发布日期 网站发布时间 "
    "信息时间 信息日期 信息公开日期 信息公开时间 发表于 发表时间 发表日期 发稿时间 发稿日期 发布于 "
    "发布 时间 日期 首次发布时间 文章发布时间 稿件时间 发文于",
    Meaning.UPDATED: "更新时间 更新日期 上传时间 上传日期 录入时间 录入日期 添加时间 编辑时间 创建时间 创建日期 推送时间 修改时间 修改日期 最后更新 最后更新时间 最近更新 信息更新时间",
    Meaning.VALIDITY: "有效性 效力状态 时效性 时效 有效状态 是否有效 效力 时效状态 文件状态 文件有效性 文件时效 文件效力 政策状态 规范性文件有效性 法规状态",
    Meaning.OPENNESS: "公开方式 公开类别 公开属性 公开形式 信息公开选项 信息公开属性 公开类型 政务公开属性 公开选项",
    Meaning.TOPIC: "主题分类 信息分类 内容分类 信息类别 主题类别 所属主题 主题 政策主题 分类主题",
    Meaning.CATEGORY: "分类 类别 所属分类 信息分类号 类型",
    Meaning.SOURCE: "来源 信息来源 文章来源 稿件来源 新闻来源 稿源 文稿来源 内容来源 转载来源 发布来源 资讯来源 来源单位 出处",
    Meaning.EFFECT: "生效日期 生效时间 实施日期 实施时间 施行日期 施行时间 废止日期 废止时间 失效日期 失效时间 有效期 有效期限 有效期至 截止日期 截止时间 终止日期 执行日期 开始时间 结束时间 征集时间",
    Meaning.OTHER: "公开范围 公开时限 公开时效 公开程序 公开期限 主题词 关键词 关键字 词频 体裁分类 体裁 组配分类 服务对象 服务对象分类 公文种类 文种 登记号 统一编号 "
    "统一登记号 内容概述 内容概要 摘要 概述 简介 载体类型 记录形式 组配 信息格式 语种 获取方式 文件类型 文件类别 规范性文件登记号 规范性文件编号 发布层级 信息级别 "
    "公开级别 公开标识 施行范围 适用范围 有关附件 编号 所属机构 所属栏目 栏目 所属栏目分类 服务主题 行业分类 政策类型 政策级别 层级 撰稿 备注 关联稿件",
    Meaning.TOOL: "字号 浏览量 浏览次数 浏览数 浏览 点击量 点击数 点击次数 点击率 点击 阅读量 阅读次数 阅读数 阅读 访问量 访问次数 访问 人气 字体 字号大小 字体大小 文字大小 大小 "
    "作者 编辑 责任编辑 责编 审核 审核人 校对 初审 复审 终审 记者 通讯员 撰稿人 供稿 分享 分享到 分享至 保护视力色 视力保护色 背景色 打印 打印本页 收藏 录入 录入人 发布人 发布者 "
    "发布员 信息员 上传者 签发 签发人 摄影 统计 查看次数 查看 次数 语音播报 朗读",
}
MEANINGS: dict[str, Meaning] = {word: meaning for meaning, words in _WORDS.items() for word in words.split()}

_SHORT_LINE = 80
_LONGEST = max(map(len, MEANINGS))
_COLONS = re.compile(r"[:：∶︰﹕]")
_STRIP = re.compile(rf"[\s\u200b\ufeff{SEAM}:：∶︰﹕]+")
_GAP = frozenset(" \t\r\n\u3000\xa0\u200b\ufeff" + SEAM)
_EDGE = frozenset("【[(（〖［|｜;；,，。/】])）〗］>*•·■◆●日次年月时分秒0123456789：:")
_FRAME = "【】[]（）()〖〗［］〔〕「」*·•"  # what a label may stand in where it has no colon
_SHORT = frozenset({"作者", "编辑", "审核", "字体", "字号", "浏览", "点击", "阅读", "浏览量", "点击数", "点击量", "阅读量", "访问量"})
_OTHER_SOURCES = frozenset({"资料", "数据", "图片", "资金", "经费", "材料", "案件", "线索"})
_IN_BRACKETS = re.compile(r"[【\[〖［〔「]([^【】\[\]〖〗［］〔〕「」:：]{2,24})[】\]〗］〕」]")
_LOOSE = frozenset({"发布", "时间", "日期", "成文"})  # in brackets these begin a title as well
_DATED = re.compile(r"(?:19|20)\d{2}\s*[-/.年]")
_COLON_AHEAD = re.compile(rf"[\s{SEAM}]{{0,9}}[:：∶︰﹕]")
_TOKEN = re.compile(rf"[^\s{SEAM}]+")
_DATE_AHEAD = re.compile(rf"[\s{SEAM}]*[(（\[【]?\s*(?:19|20)\d{{2}}\s*[-/.年]")

# What a page prints where it has nothing to say.
_NOTHING = re.compile(
    r"^(?:无|暂无|没有|不详|未知|空|无文号|无字号|暂缺|[-—–_/\\.。*·…]+|〔〕|\[\]|（）|\(\)|［］|〔〕号|〔\s*〕\s*号|null|NULL|None|none|undefined|NaN|N/A|n/a|0|&nbsp;)$"
)


def label_key(text: str) -> str:
    """A label without white space and colons: 索 引 号： -> 索引号."""
    return _STRIP.sub("", text)


def label_word(text: str) -> str:
    """A label without white space, colons and the brackets or stars around it: 【发文字号】 -> 发文字号."""
    return label_key(text).strip(_FRAME)


def is_framed(text: str) -> bool:
    """Whether brackets around a label do what a colon does elsewhere."""
    return bool(_IN_BRACKETS.fullmatch(label_key(text)))


def meaning_of(text: str) -> Meaning | None:
    """The meaning of a text that is a label and nothing else, in brackets or not."""
    return MEANINGS.get(label_word(text))


def is_nothing(value: str) -> bool:
    """Whether a value is empty or a placeholder (无, -, 暂无, 〔〕, null …)."""
    bare = re.sub(r"\s+", "", value)
    return not bare or bool(_NOTHING.match(bare))


@dataclass(frozen=True, slots=True)
class FoundLabel:
    """A label in a line: `raw[start:end]` is the label with its colon."""

    start: int
    end: int
    label: str
    meaning: Meaning
    colon: bool


def find_labels(raw: str) -> tuple[FoundLabel, ...]:
    """Labels of one line, in order: those with a colon, and date labels that a date follows."""
    return _short_labels(raw) if len(raw) <= _SHORT_LINE else _labels(raw)


@lru_cache(4096)  # the lines of menus and foots stand on every page of a site, and several readers ask for each
def _short_labels(raw: str) -> tuple[FoundLabel, ...]:
    return _labels(raw)


def _labels(raw: str) -> tuple[FoundLabel, ...]:
    found: list[FoundLabel] = []
    for match in _COLONS.finditer(raw):
        label = _label_before(raw, match.start(), inner=bool(found))
        if label is not None:
            found.append(label)
    framed = _bracketed(raw)
    if framed:
        found = [known for known in found if not any(label.start <= known.start < label.end for label in framed)] + framed
        found.sort(key=lambda known: known.start)
    if len(raw) < 400 and _DATED.search(raw):
        for token in _TOKEN.finditer(raw):
            if not _DATE_AHEAD.match(raw, token.end()):
                continue
            label = _label_before(raw, token.end() - len(token.group()) + len(token.group().rstrip(_FRAME + "|")), inner=False)
            if (
                label is not None
                and label.meaning in _DATE_MEANINGS
                and not any(known.end > label.start and label.end > known.start for known in found)
            ):
                found.append(FoundLabel(label.start, token.end(), label.label, label.meaning, False))
        found.sort(key=lambda known: known.start)
    return tuple(found)


_DATE_MEANINGS = frozenset({Meaning.PUBLISHED, Meaning.UPDATED, Meaning.MADE, Meaning.ISSUED})


def _may_follow(word: str, raw: str, position: int) -> bool:
    """Whether a label may follow a value without a gap: long ones, and short ones that no other word ends with."""
    if len(word) >= 4 or word in _SHORT:
        return True
    return word == "来源" and raw[max(0, position - 2) : position] not in _OTHER_SOURCES


def _bracketed(raw: str) -> list[FoundLabel]:
    """Labels in brackets that stand for a colon: 【发文字号】示政发〔2026〕1号."""
    found = []
    for match in _IN_BRACKETS.finditer(raw):
        word = label_key(match.group(1))
        if word not in MEANINGS or (word in _LOOSE and not _DATE_AHEAD.match(raw, match.end())):
            continue
        colon = _COLON_AHEAD.match(raw, match.end())
        found.append(FoundLabel(match.start(), colon.end() if colon else match.end(), word, MEANINGS[word], True))
    return found


def _label_before(raw: str, colon: int, *, inner: bool) -> FoundLabel | None:
    """The longest known label that ends at the colon and begins at an edge; its letters may be spaced.

    `inner`: the line has a label already, so that one of four letters may follow a value without a gap.
    """
    word = ""
    position = colon - 1
    best: FoundLabel | None = None
    while position >= 0 and len(word) < _LONGEST and colon - position < 60:
        character = raw[position]
        if character not in _GAP:
            word = character + word
            if word in MEANINGS:
                before = raw[position - 1] if position else ""
                if not before or before in _GAP or before in _EDGE or (inner and _may_follow(word, raw, position)):
                    best = FoundLabel(position, colon + 1, word, MEANINGS[word], True)
        position -= 1
    return best
