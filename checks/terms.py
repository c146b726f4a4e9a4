"""Duties that come round each year: which term ran out last, which comes next, and whose a yearly paper is by its title."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from checks.bodies import Bodies, Whose, bodies, places, rank
from data.days import civil
from data.registry import Profile
from data.text import bare
from data.view import SiteView


@dataclass(frozen=True, slots=True)
class Term:
    """A year's duty and its last day."""

    year: int  # the year that the paper speaks of
    due: date

    def days_left(self, today: date) -> int:
        return (self.due - today).days


def terms(view: SiteView, params: Mapping[str, Any], tolerance_days: int = 0) -> tuple[Term, Term]:
    """The term that ran out last and the one that runs. `params`: due_month, due_day, and years_after of the year spoken of."""
    today, after = civil(view.as_of), int(params.get("years_after", 0))
    this = date(today.year, params["due_month"], params["due_day"])
    over = (today - this).days > tolerance_days
    last, coming = (today.year, today.year + 1) if over else (today.year - 1, today.year)
    return Term(last - after, this.replace(year=last)), Term(coming - after, this.replace(year=coming))


_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)(?:年?度?)")
_HAN = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_HAN_YEAR = re.compile(r"二[〇○零][〇○零一二三四五六七八九]{2}(?=年)")


def years_in(title: str) -> tuple[int, ...]:
    """The years that a title names, in figures or in 二〇二五年."""
    text = _HAN_YEAR.sub(lambda found: found.group().translate(_HAN), bare(title))
    return tuple(int(year) for year in _YEAR.findall(text))


_LEAD = re.compile("^(关于)?(发布|公布|公开)?|^(【[^】]*】)")
_YEARS = re.compile(r"[（(〔\[]?(20\d{2}|二[〇○零][〇○零一二三四五六七八九]{2})年?度?[）)〕\]]?")
_GENERAL = re.compile("^(本级|本[区县市镇乡街]|[区县市旗])?(人民)?(政府|管委会)?$")
_BODY = re.compile(
    "(局|委|委员会|办|办公室|处|中心|院|所|站|队|公司|学校|医院|馆|会|镇|乡|街道|办事处|政府|管委会|开发区|园区|分局|厅|部)$"
)


def lead_of(title: str, until: re.Pattern[str]) -> str:
    """Whom a title names in front of what it is: 示例区教育局 of 示例区教育局2025年政府信息公开工作年度报告; "" where nobody."""
    text = _YEARS.sub("", bare(title))
    match = until.search(text)
    lead = _LEAD.sub("", text[: match.start()] if match else text).rstrip("的—-：:_ ")
    return lead + "政府" if lead.endswith("人民") else lead


def whose_lead(view: SiteView, lead: str) -> Whose:
    """Whose a yearly paper is by the name in front of it: OWN also where it names nobody, UPPER for any other body's."""
    who = bodies(view)
    if not lead:
        return Whose.OWN
    if view.site.profile is Profile.DISTRICT_PORTAL:
        return _government(lead, who)
    if any(name in lead for name in who.names):
        return Whose.OWN
    if view.site.profile is Profile.TOWN:
        found = who.whose(lead)
        if found is Whose.OWN or (_GENERAL.match(lead.removesuffix("政府")) and lead[:1] in ("本", "镇", "乡")):
            return Whose.OWN
        return Whose.UPPER if found is Whose.UPPER or _BODY.search(lead) else Whose.UNCLEAR
    if lead == "".join(places(lead)):
        return Whose.UPPER  # 示例区2025年…: the government's
    tail = re.sub("^[区县市州旗](?=.{2})", "", lead.removeprefix("".join(places(lead))))
    if who.stem is not None and (who.stem in lead or _short_for(tail, who.stem)):
        return Whose.OWN if who.whose(lead) is not Whose.UPPER else Whose.UPPER
    if lead in ("本机关", "本单位", "本局", "本部门", "我局", "局机关"):
        return Whose.OWN
    return Whose.UPPER if _BODY.search(lead) else Whose.UNCLEAR


def _government(lead: str, who: Bodies) -> Whose:
    """A portal's own paper is the government's: its office's and its departments' are papers of theirs."""
    chain = places(lead)
    rest = lead.removeprefix("".join(chain))
    if re.fullmatch("(本级|全?[区县市旗])?(人民)?(政府)?(管委会|管理委员会)?", rest):
        if not chain or chain[-1] in who.own_places:
            return Whose.OWN
        # 吉林高新区 may be short for the unit's own name; another rank is another government.
        return Whose.UNCLEAR if rank(chain[-1]) == who.own_rank else Whose.UPPER
    return Whose.UPPER if _BODY.search(lead) else Whose.UNCLEAR


def _short_for(short: str, name: str) -> bool:
    """Whether a name is another one's short form: 教体局 of 教育和体育局."""
    letters = iter(name)
    return len(short) >= 2 and short[-1] == name[-1] and short[0] == name[0] and all(letter in letters for letter in short)
