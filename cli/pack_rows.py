"""A policy pack as rows: one for each duty and rule that judges it; the same for the terminal and for docs/packs.md."""

from __future__ import annotations

from collections.abc import Iterator

from data.catalogue import Rule, load_rules
from data.packs import Duty, DutyRule, Pack

PACK_COLUMNS = (
    ("clause", "条款"), ("duty", "要求"), ("rule", "规则"), ("threshold", "标准"), ("observes", "观测内容（或不能观测的原因）"),
)  # fmt: skip
UNITS_ZH = {
    "workday": "个工作日", "day": "日", "month": "个月", "hour": "小时", "year": "年", "percent": "%", "column": "个栏目", "part": "个部分",
    "field": "个字段", "item": "项", "element": "个要素", "link": "个链接", "domain": "个领域", "topic": "个领域", "stage": "个环节",
    "kind": "类", "class": "类", "section": "个部分", "mention": "项", "channel": "个渠道", "direction": "个方向", "tag": "个标签",
    "address": "个地址", "host": "个域名", "reason": "项", "source": "处", "note": "处", "mark": "处", "mismatch": "处", "contradiction": "处",
    "defect": "处", "number": "个号码", "list": "份名单", "table": "份名单", "character": "位", "date": "个日期", "document": "个页面", "page": "个页面",
    "probe": "次",
}  # fmt: skip


def pack_rows(pack: Pack) -> list[dict[str, object]]:
    """Every duty in the document's order; of `core`, every rule that ships switched on."""
    if pack.every_rule:
        return [_row_of_rule(rule) for rule in load_rules().values() if rule.enabled]
    return [row for duty in pack.duties for row in _rows(pack, duty)]


def counts_line(pack: Pack) -> str:
    """How many duties are judged, wait for a rule, or cannot be seen."""
    if pack.every_rule:
        return f"{pack.title}：{sum(rule.enabled for rule in load_rules().values())} 条规则启用，{sum(not rule.enabled for rule in load_rules().values())} 条默认停用"
    judged, waiting = sum(bool(duty.rules) for duty in pack.duties), sum(duty.not_covered is not None for duty in pack.duties)
    hidden = sum(duty.not_visible is not None for duty in pack.duties)
    return f"{pack.title}：{len(pack.duties)} 项要求，其中 {judged} 项由 {len(pack.rules)} 条规则核查，{waiting} 项可见但尚无规则，{hidden} 项采集不可见"


def _rows(pack: Pack, duty: Duty) -> Iterator[dict[str, object]]:
    base = {"clause": f"{duty.source} {duty.clause}" if duty.source else duty.clause, "duty": duty.duty, "quote": duty.quote}
    if duty.not_visible is not None:
        yield {**base, "status": "not-visible", "rule": "采集不可见", "threshold": "", "observes": duty.not_visible}
    elif duty.not_covered is not None:
        yield {**base, "status": "not-covered", "rule": "尚无规则", "threshold": "", "observes": duty.not_covered}
    for named in duty.rules:
        rule = load_rules().get(named.rule)
        shown = named.rule if rule is None or rule.enabled else f"{named.rule}（默认停用）"
        yield {**base, "status": "judged", "rule": shown, "threshold": _figure(named, rule), "observes": duty.observes}


def _figure(named: DutyRule, rule: Rule | None) -> str:
    """The figure that holds under this pack; one that the document does not set is the rule's own."""
    if rule is None or rule.threshold is None:
        return "" if named.threshold is None else f"{named.threshold:g}"
    unit = UNITS_ZH[rule.threshold.unit]
    if named.threshold is not None:
        return f"{named.threshold:g}{unit}"
    return f"{rule.threshold.value:g}{unit}（{'产品默认' if rule.threshold.basis == 'product default' else '规则默认'}）"


def _row_of_rule(rule: Rule) -> dict[str, object]:
    clause = next((f"{clause.source} {clause.clause}" for clause in rule.clauses if clause.citable), "")
    return {
        "clause": clause, "duty": rule.title_zh, "quote": None, "status": "judged", "rule": rule.id,
        "threshold": _figure(DutyRule(rule=rule.id), rule), "observes": "见规则说明",
    }  # fmt: skip
