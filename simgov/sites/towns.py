"""Two towns with sites of their own: Qinghe, where nothing is wrong, and Liuxi, an old GBK site where much is."""

from __future__ import annotations

from datetime import timedelta

from simgov import wording
from simgov.builder import Builder
from simgov.sites.city import KeyItems, carry
from simgov.sites.duties import common_duties
from simgov.sites.scaffold import Disclosure, disclosure, living, news_and_notices, plain_documents
from simgov.truth import ColumnKind, FamilyName, Genre, Outcome, Pager, Site

QINGHE = Site(
    "qinghe-town",
    "青禾镇人民政府",
    "青禾镇人民政府",
    "青禾镇",
    FamilyName.TRS,
    "127.0.0.14",
    "9900000014",
    "town",
    "town",
    parent="district-portal",
    upper=("city-portal",),
    commented_nav=(("旧版网站", "/old/"),),
)
LIUXI = Site(
    "liuxi-town",
    "柳溪镇人民政府",
    "柳溪镇人民政府",
    "柳溪镇",
    FamilyName.VSB,
    "127.0.0.15",
    "9900000015",
    "town",
    "town",
    parent="district-portal",
    upper=("city-portal",),
    commented_nav=(("政府信息公开", "/zfxxgk.htm"),),
    encoding="gb18030",
    date_only=True,
)
ARCHIVES = Site(
    "archives-bureau",
    "示例区档案馆",
    "示例区档案馆",
    "示例区档案馆",
    FamilyName.TRS,
    "127.0.0.18",
    "9900000018",
    "county",
    "department",
    parent="district-portal",
)
FAIL, NEVER, EITHER = Outcome.FAIL, Outcome.NEVER_FAIL, Outcome.EITHER


def build_qinghe(b: Builder, key: KeyItems) -> None:
    site = b.site(QINGHE)
    p3 = Pager.P3
    b.column(
        site,
        "gkxx",
        "镇情概况",
        "gkxx",
        "zqgk",
        ColumnKind.PAGE,
        in_nav=True,
        text=("青禾镇位于示例区南部，辖十二个行政村、两个社区。",) * 3,
    )
    b.column(site, "ywdt", "镇街动态", "ywdt", "zjdt", in_nav=True, pager=p3)
    b.column(site, "tzgg", "通知公告", "tzgg", "tzgg", in_nav=True, pager=p3)
    disclosure(
        b,
        site,
        Disclosure(name="政务公开", guide="公开指南", rules="配套制度", statutory="主动公开", annual="年度报告", pager=p3, base="zwgk"),
    )
    b.column(site, "zcwj", "政策文件", "zcwj", "zwgk/zcwj", parent="fdzdgknr", pager=p3)
    b.column(site, "sjwj", "上级政策", "sjwj", "zwgk/sjzc", parent="fdzdgknr", pager=p3)
    b.column(site, "zcjd", "政策解读", "zcjd", "zwgk/zcjd", parent="fdzdgknr", pager=p3)
    b.column(site, "shjz", "社会救助", "shjz", "zwgk/shjz", parent="fdzdgknr", pager=p3)
    b.stream(
        site,
        "shjz",
        Genre.NOTICE,
        ("{place}城乡低保资金发放公示", "{place}临时救助对象公示", "{place}特困供养人员公示"),
        newest_days=10,
        step=30,
        count=6,
    )
    common_duties(b, site, base="zwgk", pager=p3)
    news_and_notices(b, site, head="镇主要负责人", news=24, notices=11)
    living(b, site, "青禾镇召开冬季森林防火工作部署会")
    for n, topic in enumerate(wording.QINGHE_POLICIES):
        b.policy(
            site,
            topic,
            b.moment(b.workday(17 + 24 * n)),
            "青政发",
            issued_back=n % 4,
            made_back=n % 4 + 1,
            interpreted="earlier" if n == 3 else "same-day",
        )
    plain_documents(b, site, "青政发", ("关于成立防汛抗旱工作领导小组的通知", "关于孙某等同志任免的通知"), start=15)
    items = (*key.settled, key.friday, *key.three, key.fresh)
    for n, item in enumerate(items):
        hours = 63.5 if item is key.friday else 24.5 if item is key.fresh else 6 + 5 * n
        carry(b, site, "sjwj", item, hours, prefix=("", "【转载】", "转发：")[n % 3], links_out=n == 4)
        b.seed("repost-upper-72h", site, "upstream-item", item.id, NEVER, f"carried after {hours} hours")
    for rule in ("disclosure-column-on-home", "four-part-disclosure-column", "empty-columns"):
        b.seed(rule, site, "site", None, NEVER, "nothing is wrong; the section is called 政务公开, the parts go by short names")


def build_liuxi(b: Builder, key: KeyItems) -> None:
    site = b.site(LIUXI)
    p16 = Pager.P16
    b.column(
        site,
        "gkxx",
        "镇情概况",
        "gkxx",
        "zqgk",
        ColumnKind.PAGE,
        in_nav=True,
        text=("柳溪镇位于示例区西北部山区，辖九个行政村，森林覆盖率百分之七十。",) * 3,
    )
    b.column(site, "ywdt", "工作动态", "ywdt", "gzdt", in_nav=True, pager=p16, page_size=8)
    b.column(site, "tzgg", "通知公告", "tzgg", "tzgg", in_nav=True, pager=p16)
    b.column(site, "zcwj", "政策文件", "zcwj", "zcwj", in_nav=True, pager=p16)
    b.column(site, "gfxwj", "规范性文件", "gfxwj", "zcwj/gfxwj", parent="zcwj", pager=p16, statement="本年度未制定规范性文件")
    b.column(site, "zcjd", "政策解读", "zcjd", "zcjd", in_nav=True, pager=p16)
    b.column(site, "sjwj", "上级文件", "sjwj", "sjwj", in_nav=True, pager=p16)
    news_and_notices(b, site, head="镇领导", news=30, notices=9, notice_newest=215)
    living(b, site, "柳溪镇开展文明实践志愿服务活动")
    for n, topic in enumerate(wording.LIUXI_POLICIES):
        b.policy(site, topic, b.moment(b.workday(22 + 27 * n)), "柳政发", made_back=2)
    b.seed("disclosure-column-on-home", site, "site", None, FAIL, "no entry; only a deleted one in an HTML comment", severity="major")
    b.seed("four-part-disclosure-column", site, "site", None, EITHER, "there is no section that could hold the parts")
    b.seed("notice-policy-columns-6-months", site, "column", f"{site.id}/tzgg", FAIL, "newest notice seven months old")
    for rule in ("application-channel-present", "disclosure-rules-nonempty", "message-response-veto"):
        b.seed(rule, site, "site", None, EITHER, "an old site that has none of it")
    b.seed("empty-columns", site, "column", f"{site.id}/gfxwj", NEVER, "a row says that none was made this year")
    b.seed("empty-columns", site, "site", None, NEVER, "no empty column")
    rule = "repost-upper-72h"
    days = (1, 0, 2, 3, 4, None, 1, None)
    for item, gap in zip((*key.settled, key.friday, *key.three, key.fresh), days, strict=True):
        if gap is None:
            young = item is key.fresh
            why = "yesterday's item: its 72 hours still run" if young else "not carried"
            b.seed(rule, site, "upstream-item", item.id, NEVER if young else FAIL, why)
            continue
        carry(b, site, "sjwj", item, 24.0 * gap)
        outcome = FAIL if gap >= 4 else NEVER
        b.seed(
            rule, site, "upstream-item", item.id, outcome, f"date-only stamps, {gap} days apart", measured=gap * 24 if gap >= 4 else None
        )


def build_archives(b: Builder) -> None:
    """A site that answers 503 to everything: nothing but its reachability may be said of it."""
    site = b.site(ARCHIVES)
    b.column(site, "ywdt", "工作动态", "ywdt", "gzdt", in_nav=True)
    b.item(site, "ywdt", Genre.NEWS, "示例区档案馆举办国际档案日活动", b.moment(b.today - timedelta(days=3)), source="本网")
    b.seed(
        "site-reachable", site, "site", None, EITHER, "down at every visit: a fail needs the week's 140 probes, before that inconclusive"
    )
