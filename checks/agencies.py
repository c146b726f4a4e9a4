"""The rule on what a unit says of itself: functions, inner units, address, hours, contact, head."""

from __future__ import annotations

import re
from collections.abc import Iterable

from checks.elements import ADDRESS, ANY_CONTACT, HOURS, Shelf, found_in, hidden_reason, shelf
from checks.registry import Outcome, check
from checks.sight import absence, leans_on_parent, on_parent
from checks.subjects import site_subject
from checks.tree import lives_on_parent
from data.catalogue import Rule
from data.records import Measure, Status
from data.registry import Profile
from data.text import bare
from data.view import SiteView

_POST = "(?:局长|主任|区长|县长|市长|镇长|乡长|旗长|州长|部长|厅长|处长|科长|书记|院长|行长|站长|所长|队长|会长|馆长|理事长|主要领导|主要负责人|负责人)"
_NAME = (
    "(?:[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆"
    "郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文某][\\u4e00-\\u9fff某×*xX]{1,2})"
)
_ELEMENTS = {
    "机关职能": re.compile("职责|职能[:为是,(]|主要负责(?!人)|贯彻(执行|落实)|工作任务|(?<!主要)负责(?!人)[\\u4e00-\\u9fff]{4,}"),
    "机构设置": re.compile(
        "内设|机构设置[:为是,(]|[科股处]室|下设|(办公室|综合科|党政办)、|、(办公室|[\\u4e00-\\u9fff]{2,6}[科股])|(所属|直属|下属)(事业)?(单位|机构)"
    ),
    "办公地址": ADDRESS,
    "办公时间": HOURS,
    "联系方式": ANY_CONTACT,
    "负责人姓名": re.compile(
        f"(?:负责人|领导)(?:姓名)?[:](?:[\\u4e00-\\u9fff]{{2,4}})|{_POST}[:、,(]?{_NAME}|{_NAME}[:,、(]?(?:男|女)[,、]|{_NAME}[:,、(同志任现]{{0,4}}[\\u4e00-\\u9fff、]{{0,16}}?{_POST}"
        f"|{_POST}[:、,][\\u4e00-\\u9fff·]{{2,4}}"
    ),
}


_TITLED = re.compile(
    "机构职能|主要职[责能]|职能配置|机构简介|单位简介|单位概况|部门概况|内设机构|机构设置|领导(班子|分工|信息|成员)|^(局|镇|单位)?领导"
)


_CALLED = re.compile("机构(职能|设置|职责|概况|信息|简介)|领导(信息|之窗|分工|介绍|简介|班子)|职能|单位(简介|概况|职能)|关于我们|联系我们")


@check("agency-profile-complete")
def agency_profile(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """政府信息公开条例 第二十条(二): functions, inner units, address, office hours, contact and name of the head."""
    subject, own = site_subject(view), shelf(view, rule.columns, _TITLED)
    columns = [column for column in own.columns if not on_parent(view, column) or lives_on_parent(view)]
    if not columns and view.site.profile is Profile.TOWN and leans_on_parent(view, rule.columns):
        yield Outcome(Status.NOT_APPLICABLE, "on-parent", subject)
        return
    found = set(found_in(own.texts, _ELEMENTS))
    if _leaders(own):
        found.add("负责人姓名")
    missing = [name for name in _ELEMENTS if name not in found]
    measured = Measure(len(found), "element")
    evidence = tuple(text.evidence("机构信息页面") for text in own.texts[: rule.params["evidence"]])
    if not missing:
        yield Outcome(Status.PASS, "complete", subject, {}, evidence, measured)
        return
    blind = hidden_reason(view, own, rule.params["min_chars"]) or (None if own.texts or not columns else "blank-page")
    run = blind or absence(view, rule, rule.columns, "、".join(missing), words=_CALLED)
    if isinstance(run, str):
        yield Outcome(Status.INCONCLUSIVE, run, subject, {}, evidence, measured)
    elif not own.texts:
        yield Outcome(Status.FAIL, "absent", subject, {}, run.evidence, measured, confidence=run.confidence)
    else:
        facts = {"missing": "、".join(missing)}
        yield Outcome(Status.FAIL, "missing", subject, facts, evidence + run.evidence, measured, confidence=run.confidence)


def _leaders(own: Shelf) -> bool:
    """Whether a page of leaders names somebody: rows or pages of two to four characters are names."""
    ids = {column.url for column in own.columns if column.canonical == "ldxx"}
    titles = [bare(text.title) for text in own.texts] + [bare(piece.title) for piece in own.unread]
    titles += [bare(link.text) for column in own.columns if column.url in ids and column.page for link in column.page.links]
    return any(re.fullmatch(_NAME, title) for title in titles)
