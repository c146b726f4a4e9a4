"""`gongkai columns`: the column tree as found, beside what the profile requires."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.column_words import how_read, observed, what, why
from cli.findings import FormatOption, OutOption
from cli.output import Format, write_rows
from cli.session import Session, verb
from data.catalogue import load_columns
from data.errors import ConfigurationError
from data.profile import Required, compare_with_profile
from data.reading import last_crawls, last_home, site_columns
from data.records import Column

_HEADINGS = (
    ("tree", "栏目"),
    ("canonical", "标准栏目"),
    ("why", "依据"),
    ("what", "类型"),
    ("how_read", "读取情况"),
    ("newest_on", "最新"),
    ("url", "地址"),
)


@verb
def columns(
    session: Session,
    site: Annotated[str | None, typer.Argument(metavar="SITE", help="Site id of the registry.")] = None,
    catalogue: Annotated[bool, typer.Option("--catalogue", help="List the column catalogue instead.")] = False,
    form: FormatOption = Format.TABLE,
    out: OutOption = None,
) -> int:
    """The column tree as found, beside the columns that the site's profile requires."""
    if catalogue:
        rows = (
            {"id": column.id, "name": column.name, "parent": column.parent, "synonyms": "、".join(column.synonyms)}
            for column in load_columns().columns
        )
        write_rows(session, rows, (("id", "id"), ("name", "名称"), ("parent", "上级"), ("synonyms", "别名")), form, out)
        return 0
    if site is None:
        raise ConfigurationError("columns: which site? write: gongkai columns SITE")
    one = session.registry.site(site)
    found = site_columns(session.database, one, session.now)
    beside = form is Format.TABLE and out is None
    if beside:
        crawl = last_crawls(session.database, [one.id], session.now).get(one.id)
        session.console.print(f"{one.name}（{one.id}）")
        session.console.print("\n".join(observed(crawl, last_home(session.database, one, session.now))) + "\n")
    write_rows(session, (_column_row(session, column) for column in _in_tree_order(found)), _HEADINGS, form, out)
    if beside:
        required = compare_with_profile(one, found)
        session.console.print(_beside(required))
        session.console.print(_snippet(one.id, required))
    return 0


def _in_tree_order(columns: tuple[Column, ...]) -> list[Column]:
    return sorted(columns, key=lambda column: (column.path, column.url))


def _column_row(session: Session, column: Column) -> dict[str, Any]:
    walk = column.walks[-1] if column.walks else None
    kind = load_columns().get(column.canonical) if column.canonical else None
    return {
        "tree": "　" * (len(column.path) - 1) + column.name, "name": column.name, "path": list(column.path), "column": column.canonical,
        "canonical": f"{kind.name} {kind.id}" if kind else "", "match": column.match, "why": why(column.match), "kind": column.kind.value,
        "what": what(column, session.registry), "reachable": column.reachable, "fault": column.fault,
        "walk": {"state": walk.state.value, "reason": walk.reason, "items": walk.entries, "declared": walk.declared} if walk else None,
        "how_read": how_read(column), "newest_on": walk.newest_on.isoformat() if walk and walk.newest_on else None,
        "hosted_by": column.hosted_by, "url": column.url,
    }  # fmt: skip


def _beside(required: tuple[Required, ...]) -> str:
    missing = [entry for entry in required if not entry.found and entry.level == "must"]
    present = [entry for entry in required if entry.found and entry.level == "must"]
    lines = [f"\n应设栏目 {len(present) + len(missing)} 个，找到 {len(present)} 个。"]
    if missing:
        lines.append("未见：" + "、".join(f"{entry.column.name}（{entry.column.id}）" for entry in missing))
    return "\n".join(lines)


def _snippet(site: str, required: tuple[Required, ...]) -> str:
    """A block for the registry: what was recognised and why, other candidates, and what waits to be filled in."""
    lines = [f"\n# 可写入登记表以确认或更正：sites → {site}", "columns:"]
    for entry in required:
        for place, column in enumerate(entry.found):
            mark = "  " if place == 0 else "  # 另有 "
            lines.append(f"{mark}{entry.column.id}: {column.url}  # {' > '.join(column.path)}，{why(column.match)}")
        if not entry.found and entry.level == "must":
            lines.append(f"  # {entry.column.id}:   # {entry.column.name}：未见，如有请填写地址")
    return "\n".join(lines)
