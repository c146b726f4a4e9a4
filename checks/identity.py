"""Rules on what marks a site as the government's: its domain, its code, the error reporting entry, IPv6."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from checks.metatags import meta
from checks.observing import Reading, held
from checks.registry import Outcome, check
from checks.sitecodes import code_in_link, footer_code, is_code
from checks.subjects import site_subject
from checks.tree import lives_on_parent
from data.catalogue import Rule
from data.records import Evidence, Home, Measure, Probe, Status
from data.text import bare
from data.urls import host_of
from data.view import SiteView

_FIGURES = re.compile(r"[\d.]+|.*:.*")
_ENTRY_TEXT = re.compile("(政府网站|网站)?(我来?)?(为政府网站)?(找错|纠错|挑错)|网站纠错")
_FOOT_WORDS = re.compile("主办|承办|标识码|ICP|网安备|技术支持", re.I)
_MOST_RESOURCES = 300  # of a page with more, those that a script writes into its foot are not kept
_FOOT_SCRIPT = re.compile(r"foot|bottom|copyright|ending|dibu|yejiao|/foot\.|page_?end", re.I)


def addresses(home: Home) -> Iterator[str]:
    """Every address that a home page leads to or loads."""
    yield from home.resources
    yield from (link.url for link in home.outlinks)
    yield from (link.url for link in home.links if link.url is not None)


def _texts(home: Home) -> Iterator[str]:
    yield from (link.text for link in home.links)
    yield from (link.text for link in home.outlinks)


def foot_may_be_elsewhere(home: Home) -> bool:
    """Whether the foot of a page may be put there by a script or a frame, where we did not see it, or lies beyond what is kept of the page."""
    if home.footer is None or len(home.resources) >= _MOST_RESOURCES:
        return True
    return not _FOOT_WORDS.search(bare(home.footer)) and any(_FOOT_SCRIPT.search(url) for url in home.resources)


def site_rule(view: SiteView, outcomes: Callable[[], Iterable[Outcome]]) -> Iterable[Outcome]:
    """A rule on the site's own home page: a unit without one is judged at its portal."""
    if lives_on_parent(view):
        return (Outcome(Status.NOT_APPLICABLE, "hosted-by-parent", site_subject(view)),)
    return outcomes()


def unread_home(view: SiteView) -> Outcome:
    """Why the last home page tells nothing, as an outcome."""
    last = view.homes[-1] if view.homes else None
    if last is None:
        return Outcome(Status.INCONCLUSIVE, "not-observed", site_subject(view))
    if not last.readable:
        return Outcome(Status.INCONCLUSIVE, last.reason or "not-observed", site_subject(view))
    return Outcome(Status.INCONCLUSIVE, "foot-not-seen", site_subject(view))


def home_evidence(home: Home, note: str) -> Evidence:
    return Evidence(home.url, home.observed_at, home.sha256, note)


# --- the domain -------------------------------------------------------------------------------


@check("domain-gov-cn")
def domain_gov_cn(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """东昌府 五(二) 规范政府网站域名管理: a government site is named under .gov.cn, or .政务 in Chinese."""
    return site_rule(view, lambda: _domain(view, rule))


def _domain(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    host = host_of(view.site.home)
    try:
        shown = host.encode("ascii").decode("idna") if "xn--" in host else host
    except UnicodeError:
        shown = host
    subject, facts = site_subject(view), {"host": shown}
    if _FIGURES.fullmatch(shown) or "." not in shown:
        yield Outcome(Status.INCONCLUSIVE, "no-name", subject, facts)
    elif any(shown.endswith(suffix) for suffix in rule.params["suffixes"]):
        yield Outcome(Status.PASS, "government", subject, facts)
    else:
        at = view.homes[-1].observed_at if view.homes else view.as_of
        sha = view.homes[-1].sha256 if view.homes else None
        yield Outcome(Status.FAIL, "other-suffix", subject, facts, (Evidence(view.site.home, at, sha, f"网站域名为{shown}"),))


# --- IPv6 -------------------------------------------------------------------------------------


@check("ipv6-access")
def ipv6_access(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山 五(一)45 全面支持IPv6访问接入: the site's name has an IPv6 address."""
    return site_rule(view, lambda: _ipv6(view, rule))


def _ipv6(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    since = view.as_of - timedelta(days=rule.params["days"])
    probes = [probe for probe in view.probes if since < probe.at <= view.as_of]
    subject = site_subject(view)
    lacking = held(
        [Reading(probe.at, None if probe.ipv6 is None else not probe.ipv6, (_probe_evidence(view, probe),)) for probe in probes], rule
    )
    if lacking is not None:
        if view.homes and view.homes[-1].footer and re.search("ipv6", view.homes[-1].footer, re.I):
            yield Outcome(Status.INCONCLUSIVE, "said-to-support", subject, {}, lacking.evidence)
        else:
            yield Outcome(
                Status.FAIL, "no-address", subject, {"host": host_of(view.site.home)}, lacking.evidence, confidence=lacking.confidence
            )
    elif any(probe.ipv6 for probe in probes):
        last = next(probe for probe in reversed(probes) if probe.ipv6)
        yield Outcome(Status.PASS, "address", subject, {"host": host_of(view.site.home)}, (_probe_evidence(view, last),))
    else:
        yield Outcome(Status.INCONCLUSIVE, "resolver-silent", subject)


def _probe_evidence(view: SiteView, probe: Probe) -> Evidence:
    return Evidence(view.site.home, probe.at, None, "域名有IPv6地址" if probe.ipv6 else "域名未见IPv6地址（AAAA记录）")


# --- the error reporting entry ----------------------------------------------------------------


@check("find-error-entry")
def find_error_entry(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """东昌府 五(二) “我为政府网站找错”平台: its entry is on the home page and carries the site's code."""
    return site_rule(view, lambda: _entry(view, rule))


def _entry(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    subject = site_subject(view)
    absent = held([_no_entry(home, rule) for home in view.homes], rule)
    if absent is not None:
        yield Outcome(Status.FAIL, "absent", subject, {}, absent.evidence, Measure(0, "link"), confidence=absent.confidence)
        return
    shown = [home for home in view.homes if home.readable and _entries(home, rule)]
    if not shown:
        yield unread_home(view)
        return
    other = held([_other_code(view, home, rule) for home in view.homes], rule)
    home = shown[-1]
    if other is not None:
        yield Outcome(Status.FAIL, "other-code", subject, {}, other.evidence, Measure(1, "link"), confidence=other.confidence)
    else:
        yield Outcome(Status.PASS, "present", subject, {}, (home_evidence(home, "首页见找错入口"),), Measure(1, "link"))


def _entries(home: Home, rule: Rule) -> tuple[str, ...]:
    """Addresses, or the words where no address is known, that show the entry."""
    found = [url for url in addresses(home) if any(part in url.lower() for part in rule.params["addresses"])]
    words = [text for text in _texts(home) if len(text) <= 20 and _ENTRY_TEXT.search(bare(text))]
    if home.footer and "找错" in home.footer:
        words.append("找错")
    return tuple(found or words)


def _no_entry(home: Home, rule: Rule) -> Reading:
    if not home.readable or _entries(home, rule):
        return Reading(home.observed_at, False if home.readable else None)
    if foot_may_be_elsewhere(home):
        return Reading(home.observed_at, None)
    return Reading(home.observed_at, True, (home_evidence(home, "首页未见“我为政府网站找错”入口"),))


def _other_code(view: SiteView, home: Home, rule: Rule) -> Reading:
    """Whether the entry carries a code that is none of those by which the site goes."""
    codes = {code.lower() for url in _entries(home, rule) if "/" in url and (code := code_in_link(url)) is not None}
    own = {code.lower() for code in (view.site.site_code, footer_code(home.footer), meta(home.metas, "SiteIDCode")) if code}
    if not home.readable or not codes or not own:
        return Reading(home.observed_at, None if not home.readable else False)
    if codes & own:
        return Reading(home.observed_at, False)
    return Reading(
        home.observed_at,
        True,
        (home_evidence(home, f"找错入口所带标识码{'、'.join(sorted(codes))}与本网站标识码{'、'.join(sorted(own))}不同"),),
    )


# --- the code ---------------------------------------------------------------------------------


@check("site-id-code-valid")
def site_id_code_valid(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """利通 page foot 网站标识码, 宝山 五(一)45 标识: ten digits or bm and eight, the same in foot, tag and error reporting entry."""
    return site_rule(view, lambda: _code(view, rule))


def _code(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    subject = site_subject(view)
    wrong = held([_code_reading(view, home) for home in view.homes], rule)
    if wrong is not None:
        home = next(home for home in reversed(view.homes) if _code_fault(view, home))
        reason, what = _code_fault(view, home) or ("", "")
        yield Outcome(Status.FAIL, reason, subject, {"what": what}, wrong.evidence, confidence=wrong.confidence)
        return
    seen = next((home for home in reversed(view.homes) if home.readable and _codes(home)), None)
    if seen is None:
        yield unread_home(view)
    else:
        code = next(iter(_codes(seen).values()))
        yield Outcome(
            Status.PASS, "valid", subject, {"code": code}, (home_evidence(seen, f"网站标识码{code}"),), Measure(len(code), "character")
        )


_UNFILLED = re.compile("标识码[^0-9A-Za-z\u4e00-\u9fff]{0,3}(政府)?网站标识码")  # what a template is delivered with


def _codes(home: Home) -> dict[str, str]:
    """The codes that a home page shows, by where."""
    shown = {"页脚": footer_code(home.footer), "标签SiteIDCode": meta(home.metas, "SiteIDCode") or None}
    linked = next((code for url in addresses(home) if (code := code_in_link(url)) is not None), None)
    return {where: code for where, code in {**shown, "找错入口": linked}.items() if code}


def _code_fault(view: SiteView, home: Home) -> tuple[str, str] | None:
    """Reason key and what is wrong with the codes of a home page; None where nothing is, or nothing was seen."""
    codes = _codes(home)
    if not codes:
        if home.footer and _UNFILLED.search(bare(home.footer)):
            return ("missing", "页脚“网站标识码”后为模板文字，网页标签中也未见标识码")
        if not (home.metas or home.links) or foot_may_be_elsewhere(home):
            return None
        return ("missing", "页脚和网页标签均未见网站标识码")
    bad = {where: code for where, code in codes.items() if not is_code(code)}
    if bad:
        return ("malformed", "、".join(f"{where}为“{code}”" for where, code in bad.items()))
    shared = view.parent.site.site_code if view.parent else None  # a platform shows its own code on the sites that it carries
    if len({code.lower() for code in codes.values() if code != shared}) > 1:
        return ("inconsistent", "、".join(f"{where}为{code}" for where, code in codes.items()))
    return None


def _code_reading(view: SiteView, home: Home) -> Reading:
    if not home.readable:
        return Reading(home.observed_at, None)
    fault = _code_fault(view, home)
    if fault is None:
        return Reading(home.observed_at, False if _codes(home) else None)
    return Reading(home.observed_at, True, (home_evidence(home, fault[1]),))
