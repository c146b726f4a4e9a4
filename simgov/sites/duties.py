"""What a site owes beside its news and its documents: lists, catalogues, plans, a channel for letters, and a portal's many columns."""

from __future__ import annotations

from dataclasses import dataclass

from simgov import wording
from simgov.builder import Builder
from simgov.truth import ColumnKind, Genre, Pager, Site


@dataclass(frozen=True, slots=True)
class Owed:
    """A column: key and canonical id, its name, the titles of its items (`{place}`, `{year}`, `{last}`), the newest item's age in days."""

    key: str
    canonical: str | None
    name: str
    titles: tuple[str, ...] = ()
    newest: int = 12
    parent: str = "fdzdgknr"
    text: tuple[str, ...] = ()
    in_nav: bool = False


def owe(b: Builder, site: Site, columns: tuple[Owed, ...], *, pager: Pager = Pager.P1, base: str) -> None:
    """Add columns with their items; one with neither items nor text holds other columns."""
    for owed in columns:
        kind = ColumnKind.PAGE if owed.text else ColumnKind.LIST if owed.titles else ColumnKind.SECTION
        b.column(
            site, owed.key, owed.name, owed.canonical, f"{base}/{owed.key}", kind, parent=owed.parent, pager=pager, text=owed.text,
            in_nav=owed.in_nav,
        )  # fmt: skip
        for n, title in enumerate(owed.titles):
            words = title.format(place=site.name, year=b.today.year, last=b.today.year - 1)
            b.item(
                site, owed.key, Genre.OTHER, words, b.moment(b.workday(owed.newest + 9 * n)), source="本网", body=wording.duty_body(words)
            )


def common_duties(b: Builder, site: Site, *, base: str, pager: Pager = Pager.P1, rules: str | None = "zfxxgkzd") -> None:
    """What every site of the district has: catalogue, plan of the year, training, letters. `rules`: the column of plans and regulations."""
    catalogue = Owed("zdgkml", "zdgkml", "主动公开基本目录", ("{place}政府信息主动公开基本目录（{year}年版）",), 120, "zfxxgk")
    owe(b, site, (catalogue,), base=base, pager=pager)
    shelf = rules or "tzgg"
    plan = f"{site.name}{b.today.year}年政务公开工作要点"
    b.item(site, shelf, Genre.OTHER, plan, b.moment(b.workday(45)), source="本网", body=wording.duty_body(plan))
    for year in (b.today.year, b.today.year - 1):
        title = f"{site.name}举办{year}年政务公开业务培训"
        ago = 50 if year == b.today.year else 50 + b.today.timetuple().tm_yday
        b.item(site, "ywdt", Genre.NEWS, title, b.moment(b.workday(ago)), source="本网")
    b.column(site, "ly", "领导信箱", "ly", f"{base}/ly" if pager is not Pager.P1 else "hdjl/ly", ColumnKind.FORM, in_nav=True, pager=pager)


def unit_duties(b: Builder, site: Site, *, base: str, pager: Pager = Pager.P1) -> None:
    """What a department and a portal have: powers and responsibilities, the yearly table of the website."""
    columns = (
        Owed("qzqd", "qzqd", "权责清单", ("{place}权责清单（{year}年版）",), 90),
        Owed(
            "wznb", "wznb", "政府网站工作年度报表", ("{place}政府网站工作年度报表（{last}年度）",), _since_january(b), "zfxxgk", in_nav=True
        ),
    )
    owe(b, site, columns, base=base, pager=pager)


def _since_january(b: Builder) -> int:
    """Days since the twentieth of January, or since New Year's where it is not over yet."""
    return max(b.today.timetuple().tm_yday - 20, 0)


def portal_duties(b: Builder, site: Site, base: str) -> None:
    """The columns that only a district's portal has."""
    owe(b, site, _STATUTORY, base=base)
    owe(b, site, _PARTS, base=base)
    stages = tuple(f"“示例区公共停车场管理办法”重大行政决策事项：{stage}" for stage in wording.STAGES)
    owe(
        b, site,
        (
            Owed("zdxzjc", "zdxzjc", "重大行政决策", ("示例区{year}年度重大行政决策事项目录", *stages), 30, "zfxxgk"),
            Owed("cwhy", "cwhy", "政府常务会议", tuple(f"示例区政府召开第{60 - n}次常务会议" for n in range(3)), 9, "zfxxgk"),
            Owed("jczwgk", "jczwgk", "基层政务公开", tuple(f"{domain}领域基层政务公开标准目录" for domain in wording.DOMAINS), 14, "zfxxgk"),
            Owed("zfxxgkml", "zfxxgkml", "各单位指南和目录", wording.UNIT_GUIDES, 60, "zfxxgk"),
        ),
        base="zwgk/zfxxgk",
    )  # fmt: skip


_STATUTORY = (
    Owed("tjxx", "tjxx", "统计信息", ("示例区{last}年国民经济和社会发展统计公报", "示例区{year}年前三季度经济运行情况"), 25),
    Owed("sgs", "sgs", "行政许可和行政处罚双公示", ("行政许可信息公示（{year}年第20批）", "行政处罚信息公示（{year}年第18批）"), 6),
    Owed("ssj", "ssj", "双随机一公开",
         ("示例区{year}年度“双随机、一公开”抽查结果公示", "示例区{year}年度“双随机、一公开”抽查计划", "示例区随机抽查事项清单（{year}年版）"), 20),
    Owed("jdjc", "jdjc", "监督检查", ("示例区{year}年食品安全监督抽检情况", "示例区{year}年生态环境监督检查情况", "示例区{year}年安全生产执法检查情况"), 15),
    Owed("yjgl", "yjgl", "应急管理", ("示例区突发公共事件总体应急预案公开", "示例区森林火险预警信息"), 18),
    Owed("zkly", "zkly", "招考录用", ("示例区{year}年公务员招考拟录用人员公示", "示例区{year}年事业单位招聘公告"), 28),
    Owed("jytabl", "jytabl", "建议提案办理",
         ("关于区人大第12号建议（{year}年）办理情况的答复", "关于区政协第7号提案（{year}年）办理情况的答复",
          "关于区人大第31号建议（{last}年）办理情况的答复"), 100),
    Owed("sfxm", "sfxm", "行政事业性收费", ("示例区行政事业性收费目录清单（{year}年）",), 130),
    Owed("mssx", "mssx", "民生实事", ("示例区{year}年民生实事项目三季度进展情况", "示例区{year}年民生实事项目清单"), 30),
    Owed("yshj", "yshj", "优化营商环境", ("示例区开展营商环境问卷调查", "示例区推出企业开办一日办结"), 8),
    Owed("zdly", "zdly", "重点领域信息公开", parent="zfxxgk"),
)  # fmt: skip
_PARTS = (
    Owed("zdxm", "zdxm", "重大建设项目",
         ("城东水厂项目竣工信息", "城东水厂项目质量安全监督信息", "城东水厂项目施工信息", "城东水厂项目征收土地信息", "城东水厂项目招标投标信息",
          "城东水厂项目批准结果信息", "重大建设项目批准服务信息（办事指南）"), 10, "zdly"),
    Owed("ggzy", "ggzy", "公共资源配置",
         ("示例区{year}年住房保障分配结果", "示例区国有土地使用权出让结果", "示例区{year}年政府采购意向", "示例区工程建设项目招标投标情况",
          "示例区国有产权交易情况"), 10, "zdly"),
    Owed("shgy", "shgy", "社会公益事业",
         ("示例区{year}年城乡低保和社会救助情况", "示例区{year}年义务教育招生情况", "示例区{year}年基本医疗卫生服务情况", "示例区{year}年环境保护情况",
          "示例区{year}年灾害事故救援情况", "示例区{year}年公共文化体育服务情况", "示例区{year}年乡村振兴帮扶情况"), 10, "zdly"),
    Owed("ggqsy", "ggqsy", "公共企事业单位信息公开", text=wording.UTILITIES, parent="zdly"),
    Owed("sqzc", "sqzc", "涉企政策", parent="zfxxgk"),
    Owed("sqfb", None, "惠企政策汇编", text=wording.ENTERPRISE_POLICIES, parent="sqzc"),
    Owed("sqjd", None, "惠企政策解读", ("图解：示例区惠企政策清单",), 20, "sqzc"),
    Owed("sqhd", None, "政企互动", text=wording.ENTERPRISE_TALK, parent="sqzc"),
    Owed("sqbs", None, "企业办事", text=wording.ENTERPRISE_SERVICE, parent="sqzc"),
)  # fmt: skip
