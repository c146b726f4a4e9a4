"""`gongkai columns`: the column tree as found, beside what the profile requires."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.findings import FormatOption, OutOption
from cli.output import Format, write_rows
from cli.session import Session, verb
from data.catalogue import load_columns
from data.errors import ConfigurationError
from data.profile import Required, compare_with_profile
from data.reading import site_columns
from data.records import Column


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
    headings = (
        ("tree", "栏目"),
        ("column", "标准栏目"),
        ("match", "依据"),
        ("kind", "类型"),
        ("read", "读取情况"),
        ("newest_on", "最新"),
        ("url", "地址"),
    )
    write_rows(session, (_column_row(column) for column in _in_tree_order(found)), headings, form, out)
    if form is Format.TABLE and out is None:
        required = compare_with_profile(one, found)
        session.console.print(_beside(required))
        session.console.print(_snippet(one.id, required))
    return 0


def _in_tree_order(columns: tuple[Column, ...]) -> list[Column]:
    return sorted(columns, key=lambda column: (column.path, column.url))


def _column_row(column: Column) -> dict[str, Any]:
    walk = column.walks[-1] if column.walks else None
    read_ = (
        f"{walk.state} ({walk.reason}), {walk.entries} items" if walk else column.fault or ("opens" if column.reachable else "not visited")
    )
    return {
        "tree": "　" * (len(column.path) - 1) + column.name, "name": column.name, "path": list(column.path), "column": column.canonical,
        "match": column.match, "kind": column.kind.value, "read": read_, "items": walk.entries if walk else None,
        "newest_on": walk.newest_on.isoformat() if walk and walk.newest_on else None, "hosted_by": column.hosted_by, "url": column.url,
    }  # fmt: skip


def _beside(required: tuple[Required, ...]) -> str:
    missing = [entry for entry in required if not entry.found and entry.level == "must"]
    present = [entry for entry in required if entry.found and entry.level == "must"]
    lines = [f"\n应设栏目 {len(present) + len(missing)} 个，找到 {len(present)} 个。"]
    if missing:
        lines.append("未见：" + "、".join(f"{entry.column.name}（{entry.column.id}）" for entry in missing))
    return "\n".join(lines)


def _snippet(site: str, required: tuple[Required, ...]) -> str:
    lines = [f"\n# 可写入登记表以确认或更正：sites → {site}", "columns:"]
    lines += [f"  {entry.column.id}: {entry.found[0].url}" for entry in required if entry.found]
    lines += [
        f"  # {entry.column.id}:   # {entry.column.name}：未见，如有请填写地址"
        for entry in required
        if not entry.found and entry.level == "must"
    ]
    return "\n".join(lines)
