"""What every site's disclosure section has, before anything is planted in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from simgov import wording
from simgov.builder import Builder
from simgov.truth import ColumnKind, Genre, Pager, Site
from simgov.workdays import at


@dataclass(frozen=True, slots=True)
class Disclosure:
    """How a site lays out its disclosure section; the names are its own words."""

    name: str = "政府信息公开"
    guide: str = "政府信息公开指南"
    guide_html: str | None = None
    rules: str | None = "政府信息公开制度"
    statutory: str = "法定主动公开内容"
    annual: str = "政府信息公开年报"
    apply: bool = True
    pager: Pager = Pager.P1
    base: str = "zwgk/zfxxgk"


def disclosure(b: Builder, site: Site, plan: Disclosure) -> None:
    """Add the section with its four parts; the keys are the canonical ids."""
    base, pager = plan.base, plan.pager
    b.column(site, "zfxxgk", plan.name, "zfxxgk", base, ColumnKind.SECTION, in_nav=True)
    b.column(
        site,
        "zfxxgkzn",
        plan.guide,
        "zfxxgkzn",
        f"{base}/zfxxgkzn",
        ColumnKind.PAGE,
        parent="zfxxgk",
        label_html=plan.guide_html,
        text=wording.GUIDE,
    )
    if plan.rules:
        b.column(site, "zfxxgkzd", plan.rules, "zfxxgkzd", f"{base}/zfxxgkzd", parent="zfxxgk", pager=pager)
        law = "中华人民共和国政府信息公开条例（国务院令第711号）"
        b.item(site, "zfxxgkzd", Genre.OTHER, law, b.moment(b.workday(900)), source="中国政府网")
        for n, title in enumerate(("政府信息主动公开办法", "政府信息公开保密审查制度", "政府信息依申请公开办理规程")):
            b.item(site, "zfxxgkzd", Genre.OTHER, f"{site.short}{title}", b.moment(b.workday(260 + 190 * n)), source="本网")
    b.column(site, "fdzdgknr", plan.statutory, "fdzdgknr", f"{base}/fdzdgknr", ColumnKind.SECTION, parent="zfxxgk")
    b.column(site, "zfxxgknb", plan.annual, "zfxxgknb", f"{base}/zfxxgknb", parent="zfxxgk", pager=pager)
    for year in range(b.today.year - 4, b.today.year):
        day = b.today.replace(year=year + 1, month=1, day=20) if b.today.month > 1 else b.today.replace(year=year, month=1, day=20)
        title = f"{site.name}{day.year - 1}年政府信息公开工作年度报告"
        b.item(site, "zfxxgknb", Genre.OTHER, title, b.moment(day), source="本网", body=wording.REPORT)
    if plan.apply:
        b.column(site, "ysqgk", "依申请公开", "ysqgk", f"{base}/ysqgk", ColumnKind.FORM, parent="zfxxgk")
    b.column(site, "jgzn", "机构职能", "jgzn", f"{base}/fdzdgknr/jgzn", ColumnKind.PAGE, parent="fdzdgknr", text=wording.DUTIES)
    b.column(
        site,
        "ldxx",
        "领导信息",
        "ldxx",
        f"{base}/fdzdgknr/ldxx",
        ColumnKind.PAGE,
        parent="fdzdgknr",
        text=(
            "主要负责人：周某某，主持全面工作，负责财政、审计方面工作。",
            "分管负责人：郑某某，负责政务公开、政务服务、信访方面工作，协助分管办公室。",
        ),
    )
    b.column(site, "czyjs", "财政预决算", "czyjs", f"{base}/fdzdgknr/czyjs", parent="fdzdgknr", pager=pager)
    for n, kind in enumerate(("部门预算", "部门决算")):
        b.item(
            site, "czyjs", Genre.OTHER, f"{site.short}{b.today.year - n}年度{kind}公开", b.moment(b.workday(70 + 200 * n)), source="本网"
        )


def plain_documents(
    b: Builder,
    site: Site,
    prefix: str,
    titles: tuple[str, ...],
    *,
    column: str = "zcwj",
    start: int = 4,
    step: int = 17,
    owner: Site | None = None,
) -> None:
    """Documents that owe no interpretation: personnel, approvals, meetings, awards."""
    unit = owner or site
    for n, title in enumerate(titles):
        day = b.workday(start + step * n)
        bare = title.endswith("公告")
        also = ("rsrm",) if "任" in title and f"{site.id}/rsrm" in b.columns and owner is None else ()
        b.item(
            site,
            column,
            Genre.PLAIN,
            f"{unit.unit}{title}",
            b.moment(day),
            owner=owner,
            made_on=day - timedelta(days=1),
            topic="综合政务",
            also=also,
            prefix=None if bare else prefix,
        )


def news_and_notices(
    b: Builder,
    site: Site,
    *,
    head: str,
    news_newest: int = 1,
    notice_newest: int = 6,
    news: int = 26,
    notices: int = 14,
    news_key: str = "ywdt",
    notice_key: str = "tzgg",
) -> None:
    b.stream(site, news_key, Genre.NEWS, wording.NEWS, newest_days=news_newest, step=3, count=news, head=head)
    b.stream(site, notice_key, Genre.NOTICE, wording.NOTICES, newest_days=notice_newest, step=11, count=notices, head=head)


def living(b: Builder, site: Site, title: str, column: str = "ywdt") -> None:
    """One news item that is there at the second crawl only."""
    b.item(site, column, Genre.NEWS, title, at(b.today, "08:40"), source="本网")
