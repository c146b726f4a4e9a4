"""In what form an interpretation is given: as a text, or drawn, filmed, played, told on stage. Read from title, columns and media."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from data.catalogue import Rule
from data.records import DocumentReading
from data.text import bare

_DIVERSE = re.compile(
    "图解|图示|图说|图读|图懂|图表|图文|图片|一图|一张图|长图|海报|漫画|漫说|动漫|动画|视频|微课|音频|广播|听政策|H5|流程图|流程演示|访谈|直播"
    "|发布会|吹风会|情景剧|快板|说唱|VR|短片|微电影",
    re.I,
)
_ASKED = re.compile("答记者问|问答|百问|你问我答|政策解答|热点问题")
_TEXT = re.compile("文字解读|文字版|文字稿|专家解读|负责人解读|媒体解读|解读说明|起草说明|编制说明")
_PART = re.compile(r"([(（][一二三四五六七八九十\d]+[)）]|之[一二三四五六七八九十])$|系列")


class Form(StrEnum):
    TEXT = "text"
    DIVERSE = "diverse"
    UNKNOWN = "unknown"


def form_of(title: str, columns: Iterable[str], reading: DocumentReading | None, rule: Rule) -> Form:
    """The form of an interpretation; UNKNOWN where only a row is known, or a page that shows neither text nor media.

    Of the rule: `text_chars` of text make a page a text, `questions_are_diverse` says whether questions and answers count as another form.
    """
    name = bare(title)
    if _DIVERSE.search(name) or any(_DIVERSE.search(bare(column)) for column in columns):
        return Form.DIVERSE
    if _ASKED.search(name):
        return Form.DIVERSE if rule.params["questions_are_diverse"] else Form.TEXT
    if reading is None:
        return Form.TEXT if _TEXT.search(name) else Form.UNKNOWN
    if reading.media.get("video") or reading.media.get("audio"):
        return Form.DIVERSE
    if len(reading.body) >= rule.params["text_chars"]:
        return Form.TEXT
    return Form.DIVERSE if reading.media.get("image") else Form.UNKNOWN


def is_part(title: str) -> bool:
    """Whether an interpretation is one of a series, so that it need not say everything."""
    return bool(_PART.search(bare(title)))
