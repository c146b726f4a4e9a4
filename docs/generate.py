"""Write the pages of docs/ that repeat what the product holds: `python -m docs.generate`.

docs/rules.md comes from the rule catalogue, docs/packs.md from the policy packs, docs/commands.md from the command line itself. tests/test_docs.py fails
where a page is not what this gives.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import typer.main

from cli.main import app
from cli.output import markdown_table
from cli.pack_rows import PACK_COLUMNS, counts_line, pack_rows
from data.catalogue import Rule, RuleClause, load_columns, load_rules
from data.packs import Pack, load_packs

HERE = Path(__file__).parent

_BASIS = {
    "seed": "quoted from the document, which was at hand",
    "confirmed": "quoted, checked against the published text",
    "confirmed-excerpt": "quoted from an excerpt that was checked",
    "secondary": "from a second-hand source; not cited to users",
    "memory": "unchecked; not cited to users",
}
_ALERTS = {
    "automatic": "the unit is told by itself",
    "human-review-first": "the supervisors are asked to look; the unit is told once a person releases it",
    "report-only": "never told by message; it stands in scorecards and in the ledger",
}
_STATUSES = ("pass", "fail", "due-soon", "not-applicable", "inconclusive")


def rules_page(rules: Mapping[str, Rule]) -> str:
    """docs/rules.md: an overview, then every rule whole."""
    return "\n".join([*_rules_head(rules), *(line for rule in rules.values() for line in _rule(rule))]) + "\n"


def _rules_head(rules: Mapping[str, Rule]) -> Iterator[str]:
    yield from (
        "# The rules",
        "",
        "*Generated from `data/catalog/rules/` by `python -m docs.generate`; edit the catalogue, not this page.*",
        "",
        "Each rule states its clauses, its threshold, how it is judged, what must not be taken for a violation, how to mend it, and",
        "every sentence that it can say. `./gongkai rules ID` shows the same with the overrides of your registry.",
        "",
        "Where a figure is marked *product default*, no document states it: it is a choice of this product that an office may change.",
        "That goes for `rectify_workdays` of every rule too. A `params` figure that no cited quote of its rule holds is so marked as well.",
        "Policy packs choose rules and set thresholds ([packs.md](packs.md)); a registry can switch a rule off or on and change its threshold,",
        "everywhere or for a site ([registry.md](registry.md)); `params` are changed in the catalogue.",
        "",
        "Only clauses with status `seed`, `confirmed` or `confirmed-excerpt` are cited in verdicts, alerts and scorecards.",
        "",
        "| status of a clause | means |",
        "| --- | --- |",
    )
    yield from (f"| `{status}` | {meaning} |" for status, meaning in _BASIS.items())
    yield from (
        "",
        "A verdict cites national clauses and those of the site's own packs, never another district's plan; only under `core`, a rule that no",
        "national clause grounds cites the plan that does.",
        "",
        "| told | means |",
        "| --- | --- |",
        *(f"| {alert} | {meaning} |" for alert, meaning in _ALERTS.items()),
        "",
        "| rule | name | severity | threshold | told | packs |",
        "| --- | --- | --- | --- | --- | --- |",
    )
    for rule in rules.values():
        off = "" if rule.enabled else ", switched off"
        cells = (f"[`{rule.id}`](#{rule.id})", _cell(rule.title_zh), f"{rule.severity}{off}", _figure(rule), rule.alert, _packs(rule))
        yield f"| {' | '.join(cells)} |"


def _packs(rule: Rule) -> str:
    return ", ".join(f"`{pack.id}`" for pack in load_packs().values() if pack.every_rule or rule.id in pack.rules)


def _rule(rule: Rule) -> Iterator[str]:
    yield from ("", f"## {rule.id}", "", f"**{rule.title_zh}** · {rule.title_en}", "")
    yield from ("| | |", "| --- | --- |")
    yield f"| family | {rule.family} |"
    yield f"| severity | {rule.severity} |"
    yield f"| applies to | {', '.join(rule.applies_to)} |"
    if rule.columns:
        yield f"| columns | {', '.join(_column(column) for column in rule.columns)} |"
    yield f"| threshold | {_figure(rule)} |"
    yield from (f"| `{name}` | {_code(_value(value))}{_origin(rule, name, value)} |" for name, value in rule.params.items())
    yield f"| time to mend | {rule.rectify_workdays} working days (product default) |"
    yield f"| told | {rule.alert}: {_ALERTS[rule.alert]} |"
    yield f"| packs | {_packs(rule)} |"
    if not rule.enabled:
        yield f"| switched off | {_cell(rule.switched_off or 'by default')}; a registry can switch it on |"
    yield from ("", "**Clauses**", "")
    yield from (_clause(clause) for clause in rule.clauses)
    yield from ("", "**How it is judged**", "", " ".join(rule.logic.split()))
    if rule.traps:
        yield from ("", "**Never to be taken for a violation, or easily missed**", "")
        yield from (f"- {trap}" for trap in rule.traps)
    yield from (
        "",
        "**How to mend it**",
        "",
        f"> {rule.remedy}",
        "",
        "**What it says**",
        "",
        "| status | reason | sentence |",
        "| --- | --- | --- |",
    )
    for status in _STATUSES:
        for key, text in rule.wording.items():
            if key.partition(".")[0] == status:
                yield f"| {status} | `{key.partition('.')[2]}` | {_cell(text)} |"


def _figure(rule: Rule) -> str:
    if rule.threshold is None:
        return "none"
    basis = f" ({rule.threshold.basis})" if rule.threshold.basis else ""
    return f"{rule.threshold.value:g} {rule.threshold.unit}{basis}"


def _origin(rule: Rule, name: str, value: object) -> str:
    """A figure of the product's own says so; one that a citable quote of the rule states does not."""
    if name in rule.stated:
        return f" ({rule.stated[name]})"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    stated = any(re.search(rf"(?<![\d.]){value:g}(?![\d.])", clause.quote or "") for clause in rule.clauses if clause.citable)
    return "" if stated else " (product default)"


def _column(column_id: str) -> str:
    column = load_columns().get(column_id)
    return f"{column.name} (`{column_id}`)" if column else f"`{column_id}`"


def _clause(clause: RuleClause) -> str:
    text = f"“{clause.quote}”" if clause.quote else clause.paraphrase or ""
    return f"- {clause.source} {clause.clause}: {text} (`{clause.status}`)"


def _code(value: str) -> str:
    """A value in a table's cell; as code where it holds a pattern, which would read as markup."""
    return f"`{_cell(value)}`" if re.search(r"[\[\](){}*^$|]", value) else _cell(value)


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_value(item)}" for key, item in value.items())
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def packs_page(packs: Mapping[str, Pack]) -> str:
    """docs/packs.md: every pack as a table."""
    return "\n".join([*_packs_head(packs), *(line for pack in packs.values() for line in _pack(pack))]) + "\n"


def _packs_head(packs: Mapping[str, Pack]) -> Iterator[str]:
    yield from (
        "# Policy packs",
        "",
        "*Generated from `data/catalog/packs/` by `python -m docs.generate`; edit the packs, not this page.*",
        "",
        "A pack is a document as a list of its duties, each numbered as printed, with the rules that judge it and the thresholds it sets. A",
        "duty that a crawl sees and no rule judges yet says so (尚无规则), and so does one that no crawl can see (采集不可见), with the reason.",
        "`packs` of a site chooses ([registry.md](registry.md)); `./gongkai rules --pack NAME` prints the same table, `--format jsonl` with the",
        "exact quotes.",
        "",
        "| pack | 名称 | what it is | duties | rules |",
        "| --- | --- | --- | ---: | ---: |",
    )
    for pack in packs.values():
        judging = sum(rule.enabled for rule in load_rules().values()) if pack.every_rule else len(pack.rules)
        yield f"| [`{pack.id}`](#{pack.id}) | {_cell(pack.title)} | {_cell(pack.describes)} | {len(pack.duties) or ''} | {judging} |"


def _pack(pack: Pack) -> Iterator[str]:
    yield from ("", f"## {pack.id}", "", f"{pack.document or pack.title}", "", f"{counts_line(pack)}。", "")
    if pack.every_rule:
        yield "See [rules.md](rules.md)."
        return
    yield from (line.rstrip("\n") for line in markdown_table(PACK_COLUMNS, pack_rows(pack)))


def commands_page() -> str:
    """docs/commands.md: every verb with its arguments and options."""
    return "\n".join(_commands()) + "\n"


def verbs() -> dict[str, Any]:
    """Every verb by its words ("registry check"), with its parsed form."""
    return dict(_below(typer.main.get_command(app), ""))


def _below(group: Any, words: str) -> Iterator[tuple[str, Any]]:
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "list_commands"):
            if command.invoke_without_command:
                yield f"{words}{name}", command
            yield from _below(command, f"{words}{name} ")
        else:
            yield f"{words}{name}", command


def common_options() -> frozenset[str]:
    """The options that every verb takes, before it or after it."""
    root: Any = typer.main.get_command(app)
    return frozenset(option for parameter in root.params for option in parameter.opts) | {"--help"}


def _commands() -> Iterator[str]:
    root: Any = typer.main.get_command(app)
    yield from (
        "# Commands",
        "",
        "*Generated from the command line by `python -m docs.generate`.*",
        "",
        "In a clone, `./gongkai VERB` sets itself up first where that is needed; `.venv/bin/gongkai VERB` is the bare command.",
        "`./gongkai setup` only sets up, browser and font included. What the formats hold is in [contract.md](contract.md).",
        "",
        "## Options of every verb",
        "",
        "Given before the verb or after it. An option wins over its environment variable, that over the default.",
        "",
        *_table(root.params),
    )
    common = common_options()
    for name, command in verbs().items():
        own = [parameter for parameter in command.params if not common & set(parameter.opts)]
        arguments = [parameter for parameter in own if parameter.param_type_name == "argument"]
        yield from ("", f"## gongkai {name}", "")
        if arguments:
            yield from (f"`gongkai {' '.join([name, *(_argument(argument) for argument in arguments)])}`", "")
        yield str(command.help).strip()
        if own:
            yield from ("", *_table(own))


def _argument(parameter: Any) -> str:
    name = f"{_metavar(parameter)}{' …' if parameter.nargs == -1 else ''}"
    return name if parameter.required else f"[{name}]"


def _metavar(parameter: Any) -> str:
    return str(parameter.metavar or parameter.name.upper())


def _table(parameters: list[Any]) -> Iterator[str]:
    yield from ("| option | means |", "| --- | --- |")
    for parameter in parameters:
        if parameter.param_type_name == "argument":
            yield f"| {_argument(parameter)} | {_cell(parameter.help or '')} |"
            continue
        if "--help" in parameter.opts:
            continue
        value = "" if parameter.is_flag else f" {_value_name(parameter)}"
        yield f"| `{', '.join([*parameter.opts, *parameter.secondary_opts])}{_cell(value)}` | {_cell(parameter.help or '')}{_default(parameter)} |"


def _value_name(option: Any) -> str:
    return str(option.metavar or ("N" if isinstance(option.default, int) else option.opts[0].lstrip("-").upper()))


def _default(parameter: Any) -> str:
    value = parameter.default
    if parameter.is_flag or value is None or value in ((), []) or "default" in (parameter.help or ""):
        return ""
    return f" Default: `{value}`."


PAGES: dict[str, Callable[[], str]] = {
    "rules.md": lambda: rules_page(load_rules()),
    "packs.md": lambda: packs_page(load_packs()),
    "commands.md": commands_page,
}


def main() -> int:
    """Write every generated page."""
    for name, make in PAGES.items():
        (HERE / name).write_text(make(), encoding="utf-8")
        print(HERE / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
