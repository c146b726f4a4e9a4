"""The foot of a home page (页脚): the six elements that mark a government site, and whether the filing numbers are whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from checks.identity import addresses, foot_may_be_elsewhere, home_evidence, site_rule, unread_home
from checks.observing import Held, Reading, held
from checks.registry import Outcome, check
from checks.sitecodes import names_code
from checks.subjects import site_subject
from data.catalogue import Rule
from data.records import Confidence, Home, Measure, Status
from data.text import bare
from data.view import SiteView

_ICP = re.compile("ICP", re.I)
_ICP_WELL = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤川青藏琼宁蜀黔滇陇秦]ICP备?(?:案|证)?[^\d\u4e00-\u9fff]{0,3}\d{6,12}", re.I
)
_POLICE = re.compile("公网安备|公安网备|公安备案|公安机关备案|联网备案")
_POLICE_WELL = re.compile(r"(公网安备|公安网备|公安备案|公安机关备案|联网备案)[^\d\u4e00-\u9fff]{0,3}(编?号)?[^\d]{0,3}\d{11,14}")
_HOST = re.compile("主办|版权所有|主管|承办|copyright|©", re.I)
_CONTACT = re.compile(r"联系|电话|热线|邮箱|e-?mail|@|\d{3,4}[-－—]\d{7,8}|\(\d{3,4}\)\d{7,8}|12345", re.I)
_BADGE = re.compile("党政机关|conac", re.I)


@check("footer-identity-elements")
def footer_identity_elements(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """利通 page foot (主办单位, 联系方式, 网站标识码, ICP备, 公网安备) and 47号 附件: six elements at the foot of the home page."""
    return site_rule(view, lambda: _foot(view, rule))


def _foot(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    assert rule.threshold is not None
    subject, wanted = site_subject(view), int(rule.threshold.value)
    lacking = held([_foot_reading(home, lambda home: _lacking(home)) for home in view.homes], rule)
    malformed = held([_foot_reading(home, lambda home: _malformed(home)) for home in view.homes], rule)
    if lacking is None and malformed is None:
        seen = next((home for home in reversed(view.homes) if home.readable and home.footer), None)
        if seen is None or _lacking(seen) is None:
            yield unread_home(view)
        else:
            yield Outcome(Status.PASS, "complete", subject, {}, (home_evidence(seen, "首页页脚标识要素齐全"),), Measure(wanted, "element"))
        return
    home = next(home for home in reversed(view.homes) if home.readable and home.footer)
    missing, wrong = _lacking(home) or (), _malformed(home) or ()
    what = "；".join(filter(None, ("未见" + "、".join(missing) if missing else "", "、".join(wrong) + "格式疑似不完整" if wrong else "")))
    confidence = _of(lacking, malformed)
    evidence = (*(lacking.evidence if lacking else ()), *(malformed.evidence if malformed else ()))
    yield Outcome(
        Status.FAIL, "missing" if missing else "malformed", subject, {"what": what}, evidence, Measure(wanted - len(missing), "element"),
        confidence=confidence,
    )  # fmt: skip


def _of(*runs: Held | None) -> Confidence:
    """Confirmed where any of the faults is."""
    return Confidence.CONFIRMED if any(run is not None and run.confidence is Confidence.CONFIRMED for run in runs) else Confidence.SUSPECTED


def _foot_reading(home: Home, look: Callable[[Home], Sequence[str] | None]) -> Reading:
    found = look(home) if home.readable else None
    if found is None:
        return Reading(home.observed_at, None)
    return Reading(home.observed_at, bool(found), (home_evidence(home, f"首页页脚：{'、'.join(found)}"),) if found else ())


def _lacking(home: Home) -> tuple[str, ...] | None:
    """The elements that a foot lacks; None where the foot was not seen."""
    if not home.footer or foot_may_be_elsewhere(home):
        return None
    text, urls = bare(home.footer), [url.lower() for url in addresses(home)]
    shown = {
        "党政机关网站标识": bool(_BADGE.search(text)) or any("conac" in url for url in urls) or not home.resources,
        "网站标识码": names_code(text),
        "ICP备案号": bool(_ICP.search(text)),
        "公安机关备案号": bool(_POLICE.search(text)) or any("beian.gov.cn" in url or "beian.mps.gov.cn" in url for url in urls),
        "主办单位": bool(_HOST.search(text)),
        "联系方式": bool(_CONTACT.search(text)) or any(link.text and re.search("联系(我们|方式)", bare(link.text)) for link in home.links),
    }
    return tuple(name for name, there in shown.items() if not there)


def _malformed(home: Home) -> tuple[str, ...] | None:
    """The filing numbers of a foot that are cut or empty; None where the foot was not seen."""
    if not home.footer or foot_may_be_elsewhere(home):
        return None
    text = bare(home.footer)
    found = []
    if _ICP.search(text) and not _ICP_WELL.search(text):
        found.append("ICP备案号")
    if "公网安备" in text and not _POLICE_WELL.search(text):
        found.append("公安机关备案号")
    return tuple(found)
