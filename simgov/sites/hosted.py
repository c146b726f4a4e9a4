"""A town without a site of its own: its columns live in a section of the district portal, its duties are its own."""

from __future__ import annotations

from simgov import wording
from simgov.builder import Builder
from simgov.truth import ColumnKind, Document, FamilyName, Genre, Outcome, Site

YUNLING = Site(
    "yunling-town",
    "云岭镇人民政府",
    "云岭镇人民政府",
    "云岭镇",
    FamilyName.TRS,
    "127.0.0.11",
    "9900000016",
    "town",
    "town",
    parent="district-portal",
    upper=("city-portal",),
    hosted_at="district-portal/yunling",
)


def build_hosted_town(b: Builder, portal: Site) -> None:
    town = b.site(YUNLING)
    _columns(b, portal, town)
    b.stream(portal, "yl-gzdt", Genre.NEWS, wording.NEWS, newest_days=3, step=4, count=9, owner=town, head="镇主要负责人")
    for n, topic in enumerate(wording.YUNLING_POLICIES):
        late = n == 1
        document = _policy(b, portal, town, topic, 26 + 21 * n, 8 if late else 2)
        if late:
            b.seed(
                "policy-published-5-working-days",
                town,
                "document",
                document.id,
                Outcome.FAIL,
                "the town owes it, though the portal hosts it",
                severity="minor",
                measured=8,
            )
    for rule, why in (
        ("repost-upper-72h", "no site of its own"),
        ("disclosure-column-on-home", "publishes on the parent portal"),
        ("four-part-disclosure-column", "the four parts stand in its section of the portal"),
    ):
        b.seed(rule, town, "site", None, Outcome.NEVER_FAIL, why)


def _columns(b: Builder, portal: Site, town: Site) -> None:
    base = "zwgk/xzgk/yunling"
    lists = (("yl-zd", "信息公开制度", "zfxxgkzd"), ("yl-nb", "信息公开年报", "zfxxgknb"), ("yl-gzdt", "工作动态", "ywdt"))
    statutory = (("yl-zcwj", "政策文件", "zcwj"), ("yl-zcjd", "政策解读", "zcjd"))
    b.column(portal, "yunling", "云岭镇", None, base, ColumnKind.SECTION, parent="xzgk", owner=town.id)
    b.column(
        portal,
        "yl-zn",
        "信息公开指南",
        "zfxxgkzn",
        f"{base}/zfxxgkzn",
        ColumnKind.PAGE,
        parent="yunling",
        owner=town.id,
        text=wording.GUIDE,
    )
    for key, name, canonical in lists:
        b.column(portal, key, name, canonical, f"{base}/{key[3:]}", parent="yunling", owner=town.id)
    b.column(portal, "yl-fd", "法定主动公开内容", "fdzdgknr", f"{base}/fd", ColumnKind.SECTION, parent="yunling", owner=town.id)
    b.column(
        portal, "yl-jgzn", "机构职能", "jgzn", f"{base}/fd/jgzn", ColumnKind.PAGE, parent="yl-fd", owner=town.id, text=wording.DUTIES,
    )  # fmt: skip
    b.column(portal, "yl-czyjs", "财政预决算", "czyjs", f"{base}/fd/czyjs", parent="yl-fd", owner=town.id)
    b.item(portal, "yl-czyjs", Genre.OTHER, f"云岭镇{b.today.year}年部门预算公开", b.moment(b.workday(70)), owner=town, source="本网")
    for key, name, canonical in statutory:
        b.column(portal, key, name, canonical, f"{base}/fd/{key[3:]}", parent="yl-fd", owner=town.id)
    b.item(portal, "yl-zd", Genre.OTHER, "云岭镇政府信息公开审查制度", b.moment(b.workday(300)), owner=town, source="本网")
    year = b.workday(310).year
    b.item(
        portal,
        "yl-nb",
        Genre.OTHER,
        f"云岭镇{year - 1}年政府信息公开工作年度报告",
        b.moment(b.workday(310)),
        owner=town,
        source="本网",
        body=wording.REPORT,
    )


def _policy(b: Builder, portal: Site, town: Site, topic: str, days_ago: int, back: int) -> Document:
    """A document of the town on the portal, `back` working days after its issue."""
    return b.policy(
        portal,
        topic,
        b.moment(b.workday(days_ago)),
        "云政发",
        owner=town,
        column="yl-zcwj",
        interpretation_column="yl-zcjd",
        issued_back=back,
        made_back=back,
        place="云岭镇",
    )
