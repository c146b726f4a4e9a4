"""`gongkai rules`: the rule catalogue."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.findings import FormatOption, OutOption
from cli.output import Format, write_rows
from cli.session import Session, verb
from data.catalogue import Rule, load_rules, rules_in_force
from data.errors import ConfigurationError

_COLUMNS = (
    ("id", "规则"),
    ("title", "名称"),
    ("family", "类别"),
    ("severity", "程度"),
    ("threshold", "标准"),
    ("source", "依据"),
    ("enabled", "启用"),
)


@verb
def rules(
    session: Session,
    rule_id: Annotated[str | None, typer.Argument(metavar="ID", help="Show one rule whole.")] = None,
    form: FormatOption = Format.TABLE,
    out: OutOption = None,
) -> int:
    """The rule catalogue; with an id: clause, threshold, logic, how to mend."""
    known = load_rules()
    in_force = (
        rules_in_force(session.registry)
        if session.config.registry is not None
        else {key: rule for key, rule in known.items() if rule.enabled}
    )
    if rule_id is None:
        write_rows(session, (_row(in_force.get(key, rule), key in in_force) for key, rule in known.items()), _COLUMNS, form, out)
        return 0
    if rule_id not in known:
        raise ConfigurationError(f"rules: no rule {rule_id!r}; `gongkai rules` lists them")
    if form is Format.TABLE:
        session.console.print(_whole(in_force.get(rule_id, known[rule_id]), rule_id in in_force))
    else:
        write_rows(session, [known[rule_id].model_dump(mode="json")], _COLUMNS, form, out)
    return 0


def _threshold(rule: Rule) -> str:
    return f"{rule.threshold.value:g} {rule.threshold.unit}" if rule.threshold else ""


def _row(rule: Rule, enabled: bool) -> dict[str, object]:
    source = next((f"{clause.source} {clause.clause}" for clause in rule.clauses if clause.citable), "")
    return {
        "id": rule.id, "title": rule.title_zh, "family": rule.family, "severity": rule.severity.value, "threshold": _threshold(rule),
        "source": source, "enabled": enabled,
    }  # fmt: skip


def _whole(rule: Rule, enabled: bool) -> str:
    lines = [
        f"{rule.id}　{rule.title_zh}（{rule.title_en}）",
        f"程度：{rule.severity}　启用：{'是' if enabled else '否'}　适用：{'、'.join(rule.applies_to)}",
    ]
    if rule.threshold:
        lines.append(f"标准：{_threshold(rule)}" + (f"（{rule.threshold.basis}）" if rule.threshold.basis else ""))
    lines += [f"{name}：{value}" for name, value in rule.params.items()]
    lines.append("依据：")
    for clause in rule.clauses:
        text = f"“{clause.quote}”" if clause.quote else clause.paraphrase or ""
        lines.append(f"  {clause.source} {clause.clause}　{text}" + ("" if clause.citable else "　（未经核实，不对外引用）"))
    lines += [
        "判断：",
        f"  {' '.join(rule.logic.split())}",
        "不得误判：",
        *(f"  {trap}" for trap in rule.traps),
        "整改：",
        f"  {rule.remedy}",
    ]
    return "\n".join(lines)
