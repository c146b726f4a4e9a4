"""`gongkai rules`: the rule catalogue, and the policy packs that choose from it."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.findings import FormatOption, OutOption
from cli.output import Format, write_rows
from cli.pack_rows import PACK_COLUMNS, counts_line, pack_rows
from cli.session import Session, verb
from data.catalogue import Rule, load_rules
from data.errors import ConfigurationError
from data.packs import Pack, load_packs

_COLUMNS = (
    ("id", "规则"),
    ("title", "名称"),
    ("family", "类别"),
    ("severity", "程度"),
    ("threshold", "标准"),
    ("source", "依据"),
    ("packs", "规则包"),
    ("alert", "告知方式"),
    ("enabled", "启用"),
)
ALERTS_ZH = {"automatic": "自动告知", "human-review-first": "先经人工核实", "report-only": "仅列入评分表"}


@verb
def rules(
    session: Session,
    rule_id: Annotated[str | None, typer.Argument(metavar="ID", help="Show one rule whole.")] = None,
    pack: Annotated[
        str | None, typer.Option("--pack", metavar="NAME", help="Show a policy pack: every duty, and the rules that judge it.")
    ] = None,
    form: FormatOption = Format.TABLE,
    out: OutOption = None,
) -> int:
    """The rule catalogue; with an id: clause, threshold, logic, how to mend; with --pack what a document asks and what judges it."""
    known = load_rules()
    if pack is not None:
        if rule_id is not None:
            raise ConfigurationError("rules: give an ID or --pack NAME, not both")
        return _show_pack(session, _pack(pack), form, out)
    in_force = session.rules if session.config.registry is not None else {key: rule for key, rule in known.items() if rule.enabled}
    if rule_id is None:
        write_rows(session, (_row(in_force.get(key, rule), key in in_force) for key, rule in known.items()), _COLUMNS, form, out)
        return 0
    if rule_id not in known:
        raise ConfigurationError(f"rules: no rule {rule_id!r}; `gongkai rules` lists them")
    if form is Format.TABLE:
        session.console.print(_whole(known[rule_id], rule_id in in_force))
        for line in _where(session, rule_id):
            session.console.print(line)
    else:
        write_rows(session, [{**known[rule_id].model_dump(mode="json"), "packs": _packs_of(rule_id)}], _COLUMNS, form, out)
    return 0


def _pack(name: str) -> Pack:
    packs = load_packs()
    if name not in packs:
        raise ConfigurationError(f"--pack {name}: no such pack; known: {', '.join(packs)}")
    return packs[name]


def _show_pack(session: Session, pack: Pack, form: Format, out: OutOption) -> int:
    rows = pack_rows(pack)
    write_rows(session, rows, PACK_COLUMNS, form, out)
    # What is counted is no row: it goes to the other stream where the rows are read by a program.
    (session.console if form is Format.TABLE and out is None else session.errors).print(counts_line(pack))
    return 0


def _packs_of(rule_id: str) -> str:
    return "、".join(pack.id for pack in load_packs().values() if pack.every_rule or rule_id in pack.rules)


def _threshold(rule: Rule) -> str:
    return f"{rule.threshold.value:g} {rule.threshold.unit}" if rule.threshold else ""


def _row(rule: Rule, enabled: bool) -> dict[str, object]:
    source = next((f"{clause.source} {clause.clause}" for clause in rule.clauses if clause.citable), "")
    return {
        "id": rule.id, "title": rule.title_zh, "family": rule.family, "severity": rule.severity.value, "threshold": _threshold(rule),
        "source": source, "packs": _packs_of(rule.id), "alert": ALERTS_ZH[rule.alert], "enabled": enabled,
    }  # fmt: skip


def _where(session: Session, rule_id: str) -> list[str]:
    """For which sites of the registry a rule is in force, where they differ from the catalogue."""
    if session.config.registry is None:
        return []
    lines = []
    for site in session.registry.sites:
        rule = session.rules_of(site).get(rule_id) if site.scored else None
        if rule is not None and rule.threshold is not None and rule.threshold != load_rules()[rule_id].threshold:
            lines.append(f"  {site.id}：标准 {_threshold(rule)}（{rule.threshold.basis}）")
        elif site.scored and rule is None:
            why = next((said.why for said in (site.rules.get(rule_id), session.registry.rules.get(rule_id)) if said and said.why), None)
            lines.append(f"  {site.id}：未启用" + (f"（{why}）" if why else ""))
    return ["各站点：", *lines] if lines else []


def _whole(rule: Rule, enabled: bool) -> str:
    lines = [
        f"{rule.id}　{rule.title_zh}（{rule.title_en}）",
        f"程度：{rule.severity}　启用：{'是' if enabled else '否'}　告知：{ALERTS_ZH[rule.alert]}　适用：{'、'.join(rule.applies_to)}",
        f"规则包：{_packs_of(rule.id)}",
    ]
    if rule.switched_off:
        lines.append(f"默认停用：{rule.switched_off}")
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
