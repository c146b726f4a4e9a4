"""Two departments: education (Hanweb recordsets; empty and stale columns, a part missing) and market supervision (gkmlpt)."""

from __future__ import annotations

from simgov import wording
from simgov.builder import Builder
from simgov.sites.duties import common_duties, unit_duties
from simgov.sites.scaffold import Disclosure, disclosure, living, news_and_notices, plain_documents
from simgov.truth import Attachment, FamilyName, FileForm, Genre, Outcome, Pager, Site

EDUCATION = Site(
    "education-bureau",
    "示例区教育局",
    "示例区教育局",
    "示例区教育局",
    FamilyName.HANWEB,
    "127.0.0.12",
    "9900000012",
    "county",
    "department",
    parent="district-portal",
    disclosure_as_image=True,
)
MARKET = Site(
    "market-bureau",
    "示例区市场监督管理局",
    "示例区市场监督管理局",
    "示例区市场监管局",
    FamilyName.GKMLPT,
    "127.0.0.13",
    "9900000013",
    "county",
    "department",
    parent="district-portal",
)
FAIL, NEVER = Outcome.FAIL, Outcome.NEVER_FAIL

_EMPTY = (
    ("jytabl", "建议提案办理", "jytabl", "暂无数据"),
    ("ssj", "双随机一公开", "ssj", "栏目建设中，敬请期待！"),
    ("zkly", "招考录用", "zkly", None),
    ("ghjh", "规划计划", "ghjh", "暂无相关信息"),
    ("xzxk", "行政许可", "xzxk", None),
)


def build_education(b: Builder) -> None:
    site = b.site(EDUCATION)
    p11 = Pager.P11
    b.column(site, "ywdt", "工作动态", "ywdt", "gzdt", in_nav=True, pager=p11)
    b.column(site, "tzgg", "公示公告", "tzgg", "tzgg", in_nav=True, pager=p11)
    disclosure(b, site, Disclosure(rules=None, guide="信息公开指南", annual="信息公开年报", pager=p11))
    b.column(site, "zcwj", "政策文件", "zcwj", "zcwj", parent="fdzdgknr", in_nav=True, pager=p11)
    b.column(site, "zcjd", "政策解读", "zcjd", "zcjd", parent="fdzdgknr", in_nav=True, pager=p11)
    b.column(site, "zsks", "招生考试", None, "zsks", in_nav=True, pager=p11, page_size=6)
    for key, name, canonical, text in _EMPTY:
        column = b.column(site, key, name, canonical, key, parent="fdzdgknr", pager=p11, empty_text=text)
        b.seed("empty-columns", site, "column", column, FAIL, f"no item; the page says {text or 'nothing'}", severity="minor")
    b.seed("empty-columns", site, "site", None, FAIL, "five empty columns", severity="veto", measured=5)
    b.seed("four-part-disclosure-column", site, "site", None, FAIL, "no 政府信息公开制度")
    b.seed("disclosure-column-on-home", site, "site", None, NEVER, "the entry is an image with alt text")
    common_duties(b, site, base="zwgk", pager=p11, rules=None)
    unit_duties(b, site, base="zwgk", pager=p11)
    news_and_notices(b, site, head="区教育局负责人", news_newest=20, news=70, notices=12)
    b.seed("news-columns-2-weeks", site, "column", f"{site.id}/ywdt", FAIL, "newest item 20 days old", measured=20)
    living(b, site, f"示例区{b.today.year + 1}年春季学期教材选用结果公示", "tzgg")
    for n in range(9):
        b.item(site, "zsks", Genre.OTHER, f"{b.today.year - n}年示例区中小学招生工作问答", b.moment(b.workday(30 + 170 * n)), source="本网")
    for n, topic in enumerate(wording.EDUCATION_POLICIES):
        made_back = 3 if n != 4 else 23
        document = b.policy(
            site,
            topic,
            b.moment(b.workday(19 + 23 * n)),
            "示教发",
            place="示例区",
            made_back=made_back,
            issued_back=made_back,
        )
        if n == 4:
            b.seed(
                "policy-published-5-working-days",
                site,
                "document",
                document.id,
                FAIL,
                "issued 23 working days before",
                severity="major",
                measured=23,
            )
            b.seed("info-published-20-working-days", site, "document", document.id, FAIL, "made 23 working days before", measured=23)
        else:
            b.seed(
                "interpretation-exists",
                site,
                "document",
                document.id,
                NEVER,
                "interpreted; linked from the document or named in the interpretation",
            )
    plain_documents(
        b,
        site,
        "示教发",
        (
            "关于表彰优秀教师的决定",
            "关于张某等同志职务任免的通知",
            "关于同意示例区实验幼儿园变更举办者的批复",
            "关于公布教师资格认定结果的公告",
            "关于召开秋季开学工作会议的通知",
        ),
        start=9,
    )
    _files(b, site)
    _consequences(b, site)


_PUPILS = ("姓名|证件号码|金额（元）", "张某|{}|500", "王某|{}|500")
_OPEN, _MASKED = ("110105201203070011", "11010520130521002X"), ("110105********0011", "110105********002X")


def _files(b: Builder, site: Site) -> None:
    """Notices whose matter stands in files: one that shows what it should not, and innocent ones of every kind."""

    def notice(title: str, ago: int, *files: Attachment) -> str:
        words = ("现将有关名单予以公示，详见附件。如有异议，请在公示期内向我局反映。",)
        return b.item(site, "tzgg", Genre.NOTICE, title, b.moment(b.workday(ago)), source="本网", body=words, attachments=files).id

    def rows(numbers: tuple[str, str]) -> tuple[str, ...]:
        return (_PUPILS[0], *(row.format(value) for row, value in zip(_PUPILS[1:], numbers, strict=True)))

    leak = notice("示例区教育局校服采购退费名单公示", 6, Attachment("校服退费名单", "xlsx", rows(_OPEN), FileForm.HIDDEN))
    b.seed("privacy-id-numbers", site, "document", leak, FAIL, "identity numbers in a hidden column of the workbook", measured=2)
    masked = notice("示例区教育局教辅退费名单公示", 7, Attachment("教辅退费名单", "xlsx", rows(_MASKED)), Attachment("教辅退费说明", "pdf"))
    b.seed("privacy-id-numbers", site, "document", masked, NEVER, "the numbers are masked")
    b.seed("attachments-downloadable", site, "document", masked, NEVER, "both files are there")
    innocent = (
        ("示例区教育局餐费退费名单公示", Attachment("餐费退费名单", "pdf", form=FileForm.SCAN)),
        ("示例区教育局书费退费名单公示", Attachment("书费退费名单", "pdf", rows(_OPEN), FileForm.LOCKED)),
        ("示例区教育局校车退费名单公示", Attachment("校车退费名单", "pdf", form=FileForm.BROKEN)),
        ("示例区教育局住宿退费名单公示", Attachment("住宿退费名单", "doc")),
    )
    for n, (title, file) in enumerate(innocent):
        document = notice(title, 8 + n, file)
        b.seed("privacy-id-numbers", site, "document", document, NEVER, f"what stands in a file that is {file.form} nobody can say")
    for title, form in (("示例区教育局课后服务退费名单公示", FileForm.GONE), ("示例区教育局社团退费名单公示", FileForm.PAGE)):
        document = notice(title, 13, Attachment("退费名单", "pdf", form=form))
        outcome = FAIL if form is FileForm.GONE else Outcome.EITHER  # an address that names no file may well answer with a page
        b.seed("attachments-downloadable", site, "document", document, outcome, f"the file is {form}")
        b.seed("privacy-id-numbers", site, "document", document, NEVER, "there is no file")


def _consequences(b: Builder, site: Site) -> None:
    """What follows from the violations planted here, where a rule looks at it."""
    for rule, why in (
        ("disclosure-rules-nonempty", "the part is missing"),
        ("npc-cppcc-replies", "its column is empty"),
        ("double-random-lists", "its column is empty"),
    ):
        b.seed(rule, site, "site", None, Outcome.EITHER, why)
    for key in ("ywdt", "tzgg"):
        b.seed("meta-values-match-page", site, "column", f"{site.id}/{key}", Outcome.EITHER, "several of its pages were imported anew")
    for document in [one for one in b.documents.values() if one.site == site.id and one.serial % 5 == 0]:
        b.seed("meta-values-match-page", site, "document", document.id, Outcome.EITHER, "imported anew: PubDate is months late")


def build_market(b: Builder) -> None:
    site = b.site(MARKET)
    p15 = Pager.P15
    b.column(site, "ywdt", "部门动态", "ywdt", "bmdt", in_nav=True, pager=Pager.P3)
    b.column(site, "tzgg", "通知公告", "tzgg", "tzgg", in_nav=True, pager=Pager.P3)
    disclosure(b, site, Disclosure(pager=p15))
    b.column(site, "zcwj", "政策文件", "zcwj", "zcwj", parent="fdzdgknr", pager=p15)
    b.column(site, "gfxwj", "规范性文件", "gfxwj", "gfxwj", parent="fdzdgknr", pager=p15)
    b.column(site, "zcjd", "政策解读", "zcjd", "zcjd", parent="fdzdgknr", pager=p15)
    empty = b.column(site, "xyxx", "信用信息", "xyxx", "xyxx", parent="fdzdgknr", pager=p15)
    b.column(site, "xzcf", "行政处罚", "sgs", "xzcf", parent="fdzdgknr", pager=p15)
    b.seed("empty-columns", site, "column", empty, FAIL, "the list interface declares and holds nothing", severity="minor")
    b.seed("empty-columns", site, "site", None, NEVER, "one empty column is below the five of the clause")
    b.seed("four-part-disclosure-column", site, "site", None, NEVER, "all four parts in the directory platform")
    b.seed("disclosure-column-on-home", site, "site", None, NEVER, "the entry leads to the directory platform")
    common_duties(b, site, base="zwgk", pager=p15)
    unit_duties(b, site, base="zwgk", pager=p15)
    news_and_notices(b, site, head="区市场监管局负责人", news_newest=14, news=28, notices=12)
    b.seed("news-columns-2-weeks", site, "column", f"{site.id}/ywdt", NEVER, "newest item exactly fourteen days old")
    living(b, site, "示例区市场监督管理局关于计量器具免费检定的公告", "tzgg")
    for n in range(105):
        day = b.workday(8 + 3 * n)
        b.item(site, "xzcf", Genre.OTHER, f"行政处罚决定信息公示（{day.year}年第{105 - n}批）", b.moment(day), made_on=day, source="本网")
    for n, topic in enumerate(wording.MARKET_POLICIES):
        late = "+5" if n == 2 else "same-day"
        document = b.policy(
            site,
            topic,
            b.moment(b.workday(24 + 26 * n)),
            "示市监规" if n % 2 else "示市监发",
            place="示例区",
            issued_back=2,
            made_back=3,
            column="gfxwj" if n % 2 else "zcwj",
            interpreted=late,
        )
        if n == 2:
            b.seed(
                "interpretation-in-sync",
                site,
                "document",
                document.id,
                FAIL,
                "interpreted five working days later",
                severity="major",
                measured=5,
            )
            b.seed("interpretation-exists", site, "document", document.id, NEVER, "interpreted, though late")
    missing = b.policy(site, "直播电商合规经营指导意见", b.moment(b.workday(44)), "示市监发", place="示例区", interpreted=None)
    for rule in ("interpretation-exists", "interpretation-in-sync"):
        b.seed(rule, site, "document", missing.id, FAIL, "no interpretation", severity="major")
    plain_documents(
        b, site, "示市监发", ("关于调整食品安全委员会成员的通知", "关于注销部分食品经营许可证的公告", "关于赵某同志任职的通知"), start=12
    )
    _historic(b, site)


def _historic(b: Builder, site: Site) -> None:
    """A document of years ago that was put on line when old files were sorted out."""
    text = (
        "第一条　为规范商品条码管理，制定本办法。",
        "第二条　本办法适用于本区行政区域内的有关单位。",
        "附注：本文件系历史文件集中清理后，由依申请公开转为主动公开。",
    )
    document = b.policy(
        site, "商品条码管理办法", b.moment(b.workday(99)), "示市监发", place="示例区", made_back=700, issued_back=699, body=text
    )
    for rule in ("policy-published-5-working-days", "info-published-20-working-days"):
        b.seed(rule, site, "document", document.id, NEVER, "an old document, turned public later as its page says")
