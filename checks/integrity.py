"""Rules on whether pages are whole and clean: lost characters in official texts, links that somebody else put there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from checks.blemishes import Blemish, blemishes
from checks.registry import Outcome, check
from checks.scope import policy_documents
from checks.subjects import site_subject
from data.catalogue import Rule
from data.records import Document, DocumentKind, DocumentReading, Evidence, Measure, OutLink, Severity, Status, SubjectKind
from data.text import bare
from data.urls import host_of, registrable
from data.view import SiteView

# --- lost characters --------------------------------------------------------------------------

_HAN = re.compile("[\u4e00-\u9fff]")
_MARKS = "，。；：！？,;!?"
_HALF_OPEN = re.compile(r"[〔﹝]\s*(?:19|20)\d{2}\d{1,4}号")
_HALF_CLOSED = re.compile(r"(?<=[\u4e00-\u9fff])(?:19|20)\d{2}[〕﹞]\d{1,4}号")
_GLUED = re.compile(r"(?<![\d.])(?:19|20)\d{2}(?:0?[1-9]|1[0-2])月(?!\d*[票租均])")
_SIGNED = re.compile(r"(?:政府|办公室|委员会|小组|指挥部|[局厅院]|中心)\s*\n\s*(?:19|20)\d{2}\d{2,4}\s*(?=\n|$)")
_BROKEN = ("\ufffd", "锟斤拷", "烫烫烫", "屯屯屯")
# A set comes first, and not a repetition: so the search runs at the speed of a plain look.
_LATIN = re.compile(r"[ÃÂâãäåæçèéï][\u0080-\u00bf€™œ“”][ÃÂâãäåæçèéï][\u0080-\u00bf€™œ“”]")
_ASKED = re.compile(r"(?<=[\u4e00-\u9fff])\?{2,}(?=[\u4e00-\u9fff])")
_MARKUP = re.compile(
    r"</?(?:p|span|div|br|td|tr|th|table|font|strong|img|o:p|style)\b[^<>\n]{0,200}>|&(?:nbsp|lt|gt|ldquo|rdquo|mdash|ensp|emsp|middot);"
)
_SIX_DIGITS = re.compile(r"[0-9][0-9]{4,5}月")
_DATE_LINE = re.compile(r"\n\s*(?:19|20)\d{4,6}\s*(?:\n|$)")

_ROLL, _NAME_CHARS = 8, 8  # so many words of so many characters on average are names, no sentence


@check("content-integrity-lost-characters")
def lost_characters(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """东昌府 五(二) 确保表述规范、内容准确: nothing was lost of a text on its way to the page, as brackets, 年 and punctuation often are."""

    def look(document: Document, reading: DocumentReading) -> Blemish | None:
        found = list(_lost(reading.body, rule))
        if not found:
            return None
        names = "、".join(dict.fromkeys(name for name, _ in found))
        notes = "；".join(f"{name}，正文第{at}字处“{piece}”" if piece else name for name, at, piece in _located(reading.body, found[:3]))
        return Blemish("defects", notes, {"what": names, "count": len(found)}, Measure(len(found), "defect"))

    yield from blemishes(view, _official(view), look)


def _official(view: SiteView) -> Iterator[Document]:
    """Official texts: everything among the policy documents, and notices elsewhere."""
    among = {document.url for document in policy_documents(view)}
    for document in view.documents:
        if document.url in among or document.reading.kind in (DocumentKind.POLICY_DOCUMENT, DocumentKind.NOTICE):
            yield document


def _lost(body: str, rule: Rule) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Defects of a text with where they stand; a site has a million texts, so each pattern is tried only where a plain look finds its mark."""
    if "〔" in body or "﹝" in body:
        yield from (("括号缺失", match) for match in _HALF_OPEN.finditer(body))
    if body.count("〕") + body.count("﹞") > body.count("〔") + body.count("﹝"):
        yield from (("括号缺失", match) for match in _HALF_CLOSED.finditer(body))
    if _SIX_DIGITS.search(body):
        yield from (("年月之间缺字", match) for match in _GLUED.finditer(body))
    if _DATE_LINE.search(body):
        yield from (("落款日期缺字", match) for match in _SIGNED.finditer(body))
    for piece in _BROKEN:
        if piece in body:
            yield from (("乱码", match) for match in re.finditer(piece, body))
    yield from (("乱码", match) for match in _LATIN.finditer(body))
    if "??" in body:
        yield from (("乱码", match) for match in _ASKED.finditer(body))
    if "<" in body or "&" in body:
        yield from (("网页代码残留", match) for match in _MARKUP.finditer(body))
    if _unpunctuated(body, rule):
        yield "标点疑似大量缺失", None


def _located(body: str, found: Sequence[tuple[str, re.Match[str] | None]]) -> Iterator[tuple[str, int, str]]:
    for name, match in found:
        if match is None:
            yield name, 0, ""
        else:
            yield name, match.start() + 1, " ".join(body[max(0, match.start() - 8) : match.end() + 4].split())


def _is_roll(line: str) -> bool:
    """Whether a line is a roll of names with blanks between them."""
    words = line.split()
    return len(words) >= _ROLL and sum(map(len, words)) <= _NAME_CHARS * len(words)


def _unpunctuated(body: str, rule: Rule) -> bool:
    """Whether running text has next to no commas and full stops; short lines are headings, lists and tables, and do not count."""
    least = rule.params["marks_per_100_chars"]
    if len(body) < rule.params["min_chars"] or 100 * (body.count("，") + body.count("。")) >= least * len(body):
        return False
    running = [line for line in body.split("\n") if len(line) >= rule.params["running_chars"] and not _is_roll(line)]
    length, marks = sum(map(len, running)), sum(line.count(mark) for line in running for mark in _MARKS)
    if length <= rule.params["min_chars"] or 100 * marks >= least * length:
        return False
    chars = sum(len(_HAN.findall(line)) for line in running)
    return bool(chars > rule.params["min_chars"] and 100 * marks < least * chars)


# --- links that somebody else put there -------------------------------------------------------

_AGAINST = re.compile("打击|禁止|严禁|整治|举报|防范|远离|拒绝|抵制|查处|取缔|扫黄|反诈|反赌|禁赌|警惕|宣传|案件|通报|治理")
_DRAWN_AWAY = frozenset(
    {"off-screen", "zero-size", "same-colour", "transparent", "clipped"}
)  # no menu of a government site hides its links so


@check("hijacked-or-dark-links")
def hijacked_links(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """19号 单项否决 发布或链接反动、暴力、色情等内容; 娄底 五(十六) 筑牢网络信息安全底线: no hidden or visible link to gambling, pornography and the like."""
    home = next((home for home in reversed(view.homes) if home.readable), None)
    blemish = _judge(home.outlinks, rule) if home is not None else None
    outcomes = blemishes(
        view, (document for document in view.documents if document.reading.outlinks or document.earlier),
        lambda document, reading: _judge(reading.outlinks, rule),
    )  # fmt: skip
    spoken = False
    for outcome in outcomes:
        # What its home page shows is the site's own verdict, and comes in place of the one over its documents.
        if outcome.subject.kind is not SubjectKind.SITE:
            spoken |= outcome.status is Status.FAIL
            yield outcome
    subject = site_subject(view)
    if home is not None and blemish is not None:
        evidence = (Evidence(home.url, home.observed_at, home.sha256, blemish.note),)
        yield Outcome(blemish.status, blemish.reason, subject, blemish.facts, evidence, blemish.measured, severity=blemish.severity)
    elif home is None or not (home.outlinks or home.resources or home.footer):  # its links outward were not read
        yield Outcome(Status.INCONCLUSIVE, (view.homes[-1].reason if view.homes else None) or "not-observed", subject)
    elif not spoken:
        examined = sum(bool(document.reading.outlinks) for document in view.documents) + 1
        yield Outcome(Status.PASS, "none", subject, {"examined": examined}, measured=Measure(0, "link"))


def _judge(links: Sequence[OutLink], rule: Rule) -> Blemish | None:
    """What of the links of one page should not be there; addresses are told so that nobody opens them by mistake."""
    foreign = [link for link in links if not _trusted(link, rule)]
    if not foreign:
        return None
    bad = [link for link in foreign if _names(link, rule.params["forbidden_words"]) or _host_names(link, rule.params["forbidden_hosts"])]
    drawn_away = [link for link in foreign if link.hidden in _DRAWN_AWAY]
    if bad or len(drawn_away) >= rule.params["hidden_links"]:
        shown = bad or drawn_away
        reason = "dark" if any(link.hidden for link in shown) else "forbidden"
        return Blemish(reason, _note(shown), {"count": len(shown)}, Measure(len(shown), "link"))
    advertised = [link for link in foreign if any(_is_at(link, host) for host in rule.params["advertising_hosts"])]
    if advertised:
        return Blemish(
            "advertising", _note(advertised), {"count": len(advertised)}, Measure(len(advertised), "link"), severity=Severity.MINOR
        )
    doubtful = drawn_away or [link for link in foreign if _names(link, rule.params["suspicious_words"])]
    if doubtful:
        return Blemish("doubtful", _note(doubtful), {"count": len(doubtful)}, status=Status.INCONCLUSIVE)
    return None


def _trusted(link: OutLink, rule: Rule) -> bool:
    host = host_of(link.url)
    return not host or any(host.endswith(suffix) for suffix in rule.params["trusted_suffixes"])


def _names(link: OutLink, words: Sequence[str]) -> bool:
    text = bare(link.text).lower()
    return any(word in text for word in words) and not _AGAINST.search(text)


def _host_names(link: OutLink, words: Sequence[str]) -> bool:
    """Whether a label of the host's registered name holds one of the words."""
    name = registrable(host_of(link.url))
    return any(word in name for word in words)


def _is_at(link: OutLink, host: str) -> bool:
    found = host_of(link.url)
    return found == host or found.endswith(f".{host}")


def _note(links: Sequence[OutLink]) -> str:
    hosts = "、".join(dict.fromkeys(host_of(link.url).replace(".", "[.]") for link in links[:5]))
    hidden = sum(link.hidden is not None for link in links)
    return f"指向站外的可疑链接{len(links)}个（其中隐藏{hidden}个），域名：{hosts}"
