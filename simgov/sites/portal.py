"""The district portal: the largest site, with most of the planted documents, and the host of a town without a site of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from simgov import wording
from simgov.builder import Builder
from simgov.sites.city import KeyItems, build_media, carry
from simgov.sites.duties import common_duties, portal_duties, unit_duties
from simgov.sites.hosted import build_hosted_town
from simgov.sites.scaffold import Disclosure, disclosure, living, news_and_notices, plain_documents
from simgov.truth import ColumnKind, FamilyName, Genre, Outcome, Related, Site
from simgov.workdays import add_workdays, at, last_long_holiday

PORTAL = Site(
    "district-portal",
    "示例区人民政府",
    "示例区人民政府办公室",
    "示例区",
    FamilyName.TRS,
    "127.0.0.11",
    "9900000011",
    "county",
    "district-portal",
    upper=("city-portal",),
    commented_nav=(("民生信箱", "/msxx/"), ("历史专题", "/zt2019/")),
)
FAIL, NEVER = Outcome.FAIL, Outcome.NEVER_FAIL


@dataclass(frozen=True, slots=True)
class Topics:
    """Hands out a site's policy topics one by one."""

    rest: list[str]

    def take(self) -> str:
        return self.rest.pop(0)


def build_portal(b: Builder, key: KeyItems) -> None:
    site = b.site(PORTAL)
    _columns(b, site)
    common_duties(b, site, base="zwgk/zfxxgk")
    unit_duties(b, site, base="zwgk/zfxxgk")
    portal_duties(b, site, "zwgk/zfxxgk/fdzdgknr")
    news_and_notices(b, site, head="区领导", news=34, notices=24)
    living(b, site, "示例区举行消防宣传月主题活动")
    b.item(site, "ywdt", Genre.NEWS, "【置顶】致全区人民的一封信", b.moment(b.workday(420)), pinned=True, source="本网")
    b.seed("news-columns-2-weeks", site, "column", "district-portal/ywdt", NEVER, "a pinned old row stands over a fresh list")
    topics = Topics(list(wording.PORTAL_POLICIES))
    for n in range(9):
        b.policy(
            site,
            topics.take(),
            b.moment(b.workday(28 + 16 * n)),
            ("示政办发", "示政规")[n % 2],
            column=("zcwj", "gfxwj")[n % 2],
        )
    plain_documents(b, site, "示政办发", wording.PORTAL_PLAIN)
    for n, title in enumerate(("关于调整区防汛抗旱指挥部成员的通知", "关于启用新印章的通知", "关于表彰先进集体和先进个人的决定")):
        day = add_workdays(b.workday(700), 20 * n)
        b.item(
            site,
            "old",
            Genre.PLAIN,
            f"{site.unit}{title}",
            b.moment(day),
            made_on=add_workdays(day, -1),
            prefix="示政办发",
            topic="综合政务",
        )
    _interpretations(b, site, topics)
    _timeliness(b, site, topics)
    _fields(b, site, topics)
    _reposts(b, site, key)
    build_hosted_town(b, site)


def _columns(b: Builder, site: Site) -> None:
    b.column(
        site,
        "gkxx",
        "走进示例",
        "gkxx",
        "zjsl",
        ColumnKind.PAGE,
        in_nav=True,
        text=(
            "示例区位于示例市东部，辖四个镇，面积三百二十平方公里，常住人口四十六万人。",
            "区内交通便利，历史悠久，是省级生态文明建设示范区。",
        ),
    )
    b.column(site, "ywdt", "要闻动态", "ywdt", "ywdt", in_nav=True, page_size=12)
    b.column(site, "tzgg", "通知公告", "tzgg", "tzgg", in_nav=True, page_size=15)
    disclosure(b, site, Disclosure(guide_html="政府信息<br>公开指南"))
    base = "zwgk/zfxxgk/fdzdgknr"
    b.column(site, "zcwj", "政策文件", "zcwj", f"{base}/zcwj", parent="fdzdgknr", in_nav=True, page_size=15)
    b.column(site, "gfxwj", "行政规范性文件", "gfxwj", f"{base}/zcwj/gfxwj", parent="zcwj")
    b.column(site, "old", f"{b.today.year - 2}年文件", None, f"{base}/zcwj/wj{b.today.year - 2}", parent="zcwj")
    b.column(site, "sjwj", "上级文件", "sjwj", f"{base}/zcwj/sjwj", parent="zcwj")
    b.column(site, "rsrm", "人事任免", "rsrm", f"{base}/rsrm", parent="fdzdgknr")
    b.column(site, "zcjd", "政策解读", "zcjd", f"{base}/zcjd", parent="fdzdgknr", in_nav=True, page_size=15)
    b.column(site, "zfcg", "政府采购", "zfcg", f"{base}/zfcg", ColumnKind.LINK_OUT, parent="fdzdgknr", target="city-portal/tzgg")
    b.column(site, "ghjh", "规划计划", "ghjh", f"{base}/ghjh", parent="fdzdgknr", opened_at=at(b.today, "08:00"), empty_text="暂无数据")
    b.column(site, "xzgk", "乡镇信息公开", None, "zwgk/xzgk", ColumnKind.SECTION, parent="zfxxgk")
    for column, why in (
        ("fdzdgknr", "a section that only holds columns"),
        ("ysqgk", "a form"),
        ("zfcg", "lives on another host"),
        ("ghjh", "opened today: ten days of grace"),
    ):
        b.seed("empty-columns", site, "column", f"{site.id}/{column}", NEVER, why)
    b.seed("empty-columns", site, "site", None, NEVER, "no column of the portal has stood empty for ten days")
    b.seed("four-part-disclosure-column", site, "site", None, NEVER, "all four parts, one label broken by <br>")
    b.seed("disclosure-column-on-home", site, "site", None, NEVER, "in the navigation bar")
    b.seed("notice-policy-columns-6-months", site, "column", f"{site.id}/old", NEVER, "a yearly sub-column is stale by nature")


def _interpretations(b: Builder, site: Site, topics: Topics) -> None:
    both = ("interpretation-exists", "interpretation-in-sync")
    missing = b.policy(site, topics.take(), b.moment(add_workdays(b.today, -6)), "示政办发", interpreted=None)
    for rule in both:
        b.seed(rule, site, "document", missing.id, FAIL, "no interpretation six working days after publication", severity="major")
    young = b.policy(site, topics.take(), b.moment(add_workdays(b.today, -1)), "示政办发", interpreted=None)
    for rule in both:
        b.seed(rule, site, "document", young.id, NEVER, "published a working day ago: its three working days still run")
    for late, severity in ((6, "major"), (2, "minor"), (3, "minor"), (4, "major")):
        document = b.policy(site, topics.take(), b.moment(b.workday(24 + 3 * late)), "示政办发", interpreted=f"+{late}")
        b.seed(
            "interpretation-in-sync",
            site,
            "document",
            document.id,
            FAIL,
            f"interpreted {late} working days later",
            severity=severity,
            measured=late,
        )
        b.seed("interpretation-exists", site, "document", document.id, NEVER, "interpreted, though late")
    early = b.policy(site, topics.take(), b.moment(b.workday(33)), "示政规", interpreted="earlier", column="gfxwj")
    for rule in both:
        b.seed(rule, site, "document", early.id, NEVER, "interpreted two days before the document")
    elsewhere = b.policy(site, topics.take(), b.moment(b.workday(47)), "示政办发", interpreted=None)
    topic = elsewhere.title.split("《")[1].split("》")[0]
    reading = build_media(b, elsewhere.published_at, elsewhere, topic)
    b.add(replace(elsewhere, related=(Related(reading.id, "政策解读"),)))
    for rule in both:
        b.seed(rule, site, "document", elsewhere.id, NEVER, "interpreted on the media centre's site, linked from the document")
    for document in [one for one in b.documents.values() if one.site == site.id and one.genre is Genre.PLAIN]:
        for rule in both:
            b.seed(rule, site, "document", document.id, NEVER, "personnel, approval, meeting or award: owes no interpretation")


def _timeliness(b: Builder, site: Site, topics: Topics) -> None:
    """Lateness around the last long holiday, where calendar days mislead; the two clocks of the two rules."""
    first, last = last_long_holiday(b.today - timedelta(days=12))
    before = add_workdays(first, -1)
    issued = add_workdays(before, -2)
    for days, outcome in ((5, NEVER), (6, FAIL)):
        day = add_workdays(issued, days)
        document = b.policy(site, topics.take(), b.moment(day), "示政办发", issued_back=days, made_back=days)
        why = f"issued {issued}, on line {day}: {days} working days over the holiday {first} to {last}"
        b.seed(
            "policy-published-5-working-days",
            site,
            "document",
            document.id,
            outcome,
            why,
            severity="minor" if outcome is FAIL else None,
            measured=days,
        )
        b.seed("info-published-20-working-days", site, "document", document.id, NEVER, "well within twenty working days")
    long = b.policy(site, topics.take(), b.moment(b.workday(62)), "示政办发", issued_back=25, made_back=25)
    b.seed(
        "policy-published-5-working-days", site, "document", long.id, FAIL, "issued 25 working days before", severity="major", measured=25
    )
    b.seed("info-published-20-working-days", site, "document", long.id, FAIL, "made 25 working days before", measured=25)
    edge = b.policy(site, topics.take(), b.moment(b.workday(88)), "示政办发", issued_back=20, made_back=20)
    b.seed(
        "policy-published-5-working-days", site, "document", edge.id, FAIL, "issued 20 working days before", severity="minor", measured=20
    )
    b.seed("info-published-20-working-days", site, "document", edge.id, NEVER, "exactly twenty working days")
    signed = b.policy(site, topics.take(), b.moment(b.workday(54)), "示政办发", issued_back=4, made_back=9)
    b.seed(
        "policy-published-5-working-days",
        site,
        "document",
        signed.id,
        NEVER,
        "signed nine working days before, issued four: the issue counts",
    )


def _fields(b: Builder, site: Site, topics: Topics) -> None:
    rule = "document-info-fields"
    nameless = b.policy(site, topics.take(), b.moment(b.workday(37)), "示政办发", shown_as=(("发布机构", ""), ("来源", "")))
    b.seed(rule, site, "document", nameless.id, FAIL, "no 发布机构 anywhere on the page")
    blank = b.policy(site, topics.take(), b.moment(b.workday(51)), "示政办发", shown_as=(("文号", "〔〕"),))
    b.seed(rule, site, "document", blank.id, FAIL, "文号 holds a placeholder only")
    inside = b.policy(site, topics.take(), b.moment(b.workday(66)), "示政办发", shown_as=(("文号", ""),), number_under_title=True)
    b.seed(rule, site, "document", inside.id, NEVER, "文号 stands as a line under the title")
    for document in [
        one for one in b.documents.values() if one.site == site.id and one.title.endswith("公告") and one.genre is Genre.PLAIN
    ]:
        b.seed(rule, site, "document", document.id, NEVER, "a 公告 bears no 文号")


def _reposts(b: Builder, site: Site, key: KeyItems) -> None:
    rule = "repost-upper-72h"
    thirty, twenty, twelve = key.three
    carry(b, site, "sjwj", key.settled[0], 5)
    carry(b, site, "sjwj", key.settled[1], 23)
    out = carry(b, site, "sjwj", key.settled[2], 4, links_out=True)
    weekend = carry(b, site, "sjwj", key.friday, 63.5)
    late = carry(b, site, "sjwj", thirty, 110)
    edge = carry(b, site, "sjwj", twenty, 71, prefix="转发：")
    carry(b, site, "sjwj", key.fresh, 23.5)
    for item, outcome, why in (
        (key.settled[2], NEVER, "the row links to the city's own page"),
        (key.friday, NEVER, "Friday 17:30 to Monday 09:00: 63.5 hours"),
        (thirty, FAIL, "carried after 110 hours"),
        (twenty, NEVER, "carried after 71 hours under 转发："),
        (twelve, FAIL, "not carried"),
        (key.fresh, NEVER, "carried on the second day, within a day"),
    ):
        b.seed(rule, site, "upstream-item", item.id, outcome, why, measured=110 if item is thirty else None)
    for document in (out, weekend, late, edge):
        for other in ("interpretation-exists", "interpretation-in-sync", "policy-published-5-working-days"):
            b.seed(other, site, "document", document.id, NEVER, "the city's document, carried here")
