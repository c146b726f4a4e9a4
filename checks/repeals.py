"""Which documents of a site say that others are repealed (废止, 失效) or live on (延期, 继续有效)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from checks.scope import title_of
from checks.shared import per_view
from data.days import civil
from data.records import Document
from data.text import bare, title_core
from data.view import SiteView

_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,16}[〔\[(【﹝]?\d{4}[〕\])】﹞]?第?\d{1,4}号")
_QUOTED = re.compile(r"《([^《》]{6,80})》")
_ENDS = re.compile("同时废止|即行废止|同步废止|予以废止|同时失效|自行废止|自动失效|予以失效|宣布失效|停止执行|停止施行|不再执行|现予废止")
_NOT = re.compile("继续有效|不予?废止|拟废止|是否废止|未废止|部分条款|个别条款")
_CLEARING = re.compile("(废止|失效)")
_KEPT = re.compile("继续有效|保留|修改|修订|现行有效|拟")
_LONGER = re.compile(
    "延长.{0,12}(有效期|期限|执行|试行)|有效期.{0,4}(延长|延续|顺延)|延期(执行|实施|施行)|(继续|延续)(有效|执行|施行|实施|生效)|重新公布|重新发布"
)
_STARTS = re.compile(r"自(\d{4})年(\d{1,2})月(\d{1,2})日起(?:正式)?(?:施行|实施|执行|生效)")
_BEGIN = re.compile("如下|附件|目录|清单")


@dataclass(frozen=True, slots=True)
class Repeal:
    """A document that repeals another, and from when on."""

    by: Document
    on: date
    numbered: bool  # the passage names its documents by their numbers


@dataclass(frozen=True, slots=True)
class RepealIndex:
    """What repeals what, by number and by title core."""

    numbers: Mapping[str, tuple[Repeal, ...]]
    titles: Mapping[str, tuple[Repeal, ...]]

    def of(self, document: Document) -> Repeal | None:
        """The earliest repeal of a document by a later one."""
        since = day_of(document)
        key = number_key(document.reading.doc_number)
        by_title = self.titles.get(title_core(title_of(document)), ())
        found = [*self.numbers.get(key, ()), *(repeal for repeal in by_title if not (key and repeal.numbered) and since is not None)]
        # A title alone may be that of the new edition: only what is older than the repeal is meant.
        later = [repeal for repeal in found if repeal.by.url != document.url and (since is None or repeal.on > since)]
        return min(later, key=lambda repeal: repeal.on, default=None)


def day_of(document: Document) -> date | None:
    """The day from which a document speaks: issued, made, else published."""
    reading = document.reading
    return reading.issued_on or reading.made_on or (civil(reading.published_at) if reading.published_at else None)


def number_key(number: str | None) -> str:
    """A 文号 as letters, year and count alone, so that lost or other brackets do not matter."""
    return re.sub(r"[^\u4e00-\u9fff\d]|号|第", "", bare(number)) if number else ""


@per_view
def repeal_index(view: SiteView) -> RepealIndex:
    """Read every document of the site that speaks of repeal."""
    numbers: dict[str, list[Repeal]] = defaultdict(list)
    titles: dict[str, list[Repeal]] = defaultdict(list)
    for document in view.documents:
        since = day_of(document)
        if since is None or (not _CLEARING.search(document.reading.body) and not _ENDS.search(document.reading.body)):
            continue
        for passage in _passages(document):
            begun = _STARTS.search(passage) or _STARTS.search(bare(document.reading.body))
            named = [number_key(found) for found in _NUMBER.findall(passage)]
            repeal = Repeal(document, max(since, _date(begun) or since), bool(named))
            for key in named:
                numbers[_lead(key, passage)].append(repeal)
            for quoted in _QUOTED.findall(passage):
                titles[title_core(quoted)].append(repeal)
    return RepealIndex({key: tuple(value) for key, value in numbers.items()}, {key: tuple(value) for key, value in titles.items()})


def _speaks(text: str) -> bool:
    """Whether a text has a word of repeal at all: a plain look, for most have none."""
    return "废止" in text or "失效" in text or "停止" in text or "不再执行" in text


def _lead(key: str, passage: str) -> str:
    """A number's key without words that run into it (原区政府印发的示区政发〔2019〕3号)."""
    return re.sub("^.*(?:印发的|发布的|制定的|文件|以及|[和及与])(?=[\u4e00-\u9fff]{2,})", "", key)


def _passages(document: Document) -> Iterator[str]:
    """The passages of a text that repeal what they name."""
    body = document.reading.body
    for sentence in re.split(r"[。；\n]", body):
        if not _speaks(sentence):
            continue
        text = bare(sentence)
        if _ENDS.search(text) and not _NOT.search(text):
            yield text
    title = bare(title_of(document))
    if not _CLEARING.search(title) or re.search("征求|拟|意见稿|解读", title):
        return
    begin = _BEGIN.search(body)
    ended = None if _KEPT.search(title) else True
    for line in body[begin.end() if begin else 0 :].split("\n"):
        text = bare(line)
        if len(text) <= 40 and not _NUMBER.search(text) and not _QUOTED.search(text):
            if _KEPT.search(text):
                ended = False
            elif _CLEARING.search(text):
                ended = True
        elif ended and begin:
            yield text


def extended(view: SiteView, document: Document) -> bool:
    """Whether some document of the site prolongs another: a notice of 延期 or 继续有效 that names its number or title."""
    key = number_key(document.reading.doc_number)
    keys, cores = _extensions(view)
    return (bool(key) and key in keys) or title_core(title_of(document)) in cores


@per_view
def _extensions(view: SiteView) -> tuple[frozenset[str], frozenset[str]]:
    keys: set[str] = set()
    cores: set[str] = set()
    for document in view.documents:
        title = bare(title_of(document))
        named = _LONGER.search(title)
        if (
            not named
            and "继续有效" not in document.reading.body
            and "延长" not in document.reading.body
            and "延续" not in document.reading.body
        ):
            continue
        kept = bool(named) and not _CLEARING.search(title)
        texts = [title, *document.reading.body.split("\n")] if kept else [bare(part) for part in _kept_passages(document)]
        for text in texts:
            packed = bare(text)
            keys.update(_lead(number_key(found), packed) for found in _NUMBER.findall(packed))
            cores.update(title_core(quoted) for quoted in _QUOTED.findall(packed))
        if kept:
            cores.add(re.sub("^(延长|继续执行|继续实施|延续)|(有效期.*|期限.*)$", "", title_core(title_of(document))))
    return frozenset(keys), frozenset(cores)


def _kept_passages(document: Document) -> Iterator[str]:
    """Of a list of cleared documents the part that lives on, and sentences that prolong something."""
    kept = False
    for line in document.reading.body.split("\n"):
        text = bare(line)
        if _LONGER.search(text):
            yield text
        if len(text) <= 40 and not _NUMBER.search(text):
            kept = bool(re.search("继续有效|保留", text)) or (kept and not _CLEARING.search(text))
        elif kept:
            yield text


def _date(found: re.Match[str] | None) -> date | None:
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
