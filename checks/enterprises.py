"""The rule on what public enterprises and institutions (公共企事业单位) have to tell: who they are, services, charges, places, contacts, complaints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from checks.elements import ANY_CONTACT, PHONE, Shelf, Text, found_in, hidden_reason, shelf
from checks.registry import Outcome, check
from checks.sight import absence, columns_of, on_parent
from checks.subjects import site_subject
from data.catalogue import Rule
from data.records import ColumnKind, Measure, Status
from data.registry import Profile
from data.text import bare
from data.view import SiteView

_UNIT = (
    "(?:公司|医院|学校|中学|小学|幼儿园|学院|中心校|水厂|卫生院|保健院|集团|服务中心|疾控中心|供电所|燃气站|客运站|汽车站|图书馆|文化馆|养老院|福利院|处理厂|"
    "自来水厂|供热站|公交公司|急救中心|血站)"
)
_ELEMENTS = {
    "单位名单": re.compile(f"[\\u4e00-\\u9fff]{{2,}}{_UNIT}|名单|单位名称|一览表"),
    "服务内容": re.compile(
        "服务(内容|事项|项目|范围|指南|流程|承诺|信息|对象|职责)|业务(范围|内容|办理)|办事(指南|流程)|办理(流程|事项)|主营|经营范围|招生|诊疗|就诊|科室"
    ),
    "收费标准": re.compile("收费|价格|资费|[水电气热票]价|费用|免费|学费"),
    "服务网点地址": re.compile("网点|地址|地点|位于|营业厅|校址|院址|坐落"),
    "联系方式": re.compile(
        f"{ANY_CONTACT.pattern}|(联系|咨询|服务|客服|报修|营业|值班)[^\\d]{{0,20}}{PHONE}"
        f"|(联系方式|(联系|咨询|服务|办公)电话).*?{PHONE}"  # the head of a table, with its numbers further down
    ),
    "投诉举报渠道": re.compile("投诉|举报|监督(电话|热线|渠道|方式|邮箱)|意见箱"),
}
_OF_UNIT = tuple(name for name in _ELEMENTS if name != "单位名单")
_UNIT_PAGE = re.compile(
    f"^([\\u4e00-\\u9fff\\d（）()]{{2,30}}{_UNIT})(（[^）]*）)?(的)?(信息公开|基本信息|公开信息|服务信息|基本情况|信息|概况|简介|介绍|公开事项)*$"
)
_CALLED = re.compile("企事业|公用事业|公共服务企业|供水|供电|供气|供热")
_SECTOR = re.compile("教育|教体|卫生健康|卫健")


@check("public-enterprise-six-elements")
def six_elements(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山区2020年政务公开工作要点 四(五)44: list of units, services, charges, places, contacts, ways to complain, in the department's column."""
    own, subject = _titled(shelf(view, rule.columns)), site_subject(view)
    if not own.columns and not own.texts:
        yield _without_column(view, rule)
        return
    if all(column.kind is ColumnKind.LINK_OUT and on_parent(view, column) for column in own.columns) and not own.texts:
        yield Outcome(Status.NOT_APPLICABLE, "on-parent", subject)
        return
    found = set(found_in(own.texts, _ELEMENTS))
    if _names_units(own):
        found.add("单位名单")
    missing, measured = [name for name in _ELEMENTS if name not in found], Measure(len(found), "element")
    evidence = tuple(text.evidence("公共企事业单位信息") for text in own.texts[: rule.params["evidence"]])
    lacking = () if missing else tuple(_lacking(own))
    if not missing and not lacking:
        yield Outcome(Status.PASS, "complete", subject, {}, evidence, measured)
        return
    # What is read of a unit's page is on that page; what is nowhere in the column needs the whole column to be read.
    blind = hidden_reason(view, own, rule.params["min_chars"]) or (None if own.texts else "link-out" if _leads_out(own) else "blank-page")
    run = blind or absence(view, rule, rule.columns, "、".join(missing) or "部分单位的要素")
    if isinstance(run, str):
        yield Outcome(Status.INCONCLUSIVE, run, subject, {}, evidence, measured)
    elif missing:
        facts: dict[str, object] = {"missing": "、".join(missing)}
        yield Outcome(Status.FAIL, "missing", subject, facts, (*evidence, *run.evidence), measured, confidence=run.confidence)
    else:
        words = "；".join(f"{name}未见{'、'.join(elements)}" for name, elements, _ in lacking[: rule.params["named"]])
        more = f"等{len(lacking)}家" if len(lacking) > rule.params["named"] else ""
        proof = tuple(text.evidence("单位信息页面") for _, _, text in lacking[: rule.params["evidence"]])
        least = Measure(min(len(_ELEMENTS) - len(elements) for _, elements, _ in lacking), "element")
        facts = {"units": words + more, "count": len(lacking)}
        yield Outcome(Status.FAIL, "unit-missing", subject, facts, (*proof, *run.evidence), least, confidence=run.confidence)


def _titled(own: Shelf) -> Shelf:
    """A shelf whose texts begin with their titles: 某医院收费标准 says by its title what the page tells."""
    return replace(own, texts=tuple(replace(text, body=bare(text.title) + text.body) for text in own.texts))


def _without_column(view: SiteView, rule: Rule) -> Outcome:
    """No column: a portal owes one, a department of schools or hospitals too unless the portal has it; of others we cannot tell."""
    subject = site_subject(view)
    if view.site.profile is not Profile.DISTRICT_PORTAL:
        if view.parent is not None and columns_of(view.parent, rule.columns):
            return Outcome(Status.NOT_APPLICABLE, "on-parent", subject)
        if not _SECTOR.search(f"{view.site.name}{view.site.unit or ''}"):
            return Outcome(Status.NOT_APPLICABLE, "no-enterprises", subject)
    run = absence(view, rule, (*rule.columns, *rule.params["places"]), "公共企事业单位信息公开栏目", words=_CALLED)
    if isinstance(run, str):
        return Outcome(Status.INCONCLUSIVE, run, subject)
    return Outcome(Status.FAIL, "absent", subject, {}, run.evidence, Measure(0, "element"), confidence=run.confidence)


def _leads_out(own: Shelf) -> bool:
    return any(column.kind is ColumnKind.LINK_OUT for column in own.columns)


def _names_units(own: Shelf) -> bool:
    """Whether a title, a sub-column or a link of the column names a unit: that is its list."""
    names = [column.name for column in own.columns] + [text.title for text in own.texts] + [piece.title for piece in own.unread]
    names += [link.text for column in own.columns if column.page is not None for link in column.page.links]
    return any(re.search(f"[\\u4e00-\\u9fff]{{2,}}{_UNIT}", bare(name)) for name in names)


def _lacking(own: Shelf) -> Iterator[tuple[str, Sequence[str], Text]]:
    """Units whose own page tells most of the elements but not all, and of which no other page tells the rest."""
    for text in own.texts:
        named = _UNIT_PAGE.match(bare(text.title))
        if named is None or text.document is None or text.beside is not None:
            continue
        shown = set(found_in((text,), {name: _ELEMENTS[name] for name in _OF_UNIT}))
        if len(shown) * 2 <= len(_OF_UNIT):
            continue  # a page on something else of the unit
        unit = named.group(1)
        others = [other for other in own.texts if other is not text and other.document is not None and unit in other.body]
        shown |= set(found_in(others, {name: _ELEMENTS[name] for name in _OF_UNIT}))
        missing = [name for name in _OF_UNIT if name not in shown]
        if missing:
            yield unit, missing, text
