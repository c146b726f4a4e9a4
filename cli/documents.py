"""`gongkai documents`, `gongkai extract`, `gongkai columns`: what was read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.findings import FormatOption, OutOption
from cli.options import SiteOption
from cli.output import Format, write_rows
from cli.session import Session, verb
from crawler.extract import read
from crawler.extract.to_json import reading_to_json
from data.catalogue import load_columns
from data.errors import ConfigurationError, InputError
from data.profile import Required, compare_with_profile
from data.reading import site_columns, site_documents
from data.records import Column
from data.wire_contract import document_to_json

_DOCUMENT_COLUMNS = (
    ("site", "站点"), ("column", "栏目"), ("kind", "类型"), ("published_at", "发布时间"), ("made_on", "成文日期"), ("doc_number", "发文字号"),
    ("title", "标题"), ("url", "地址"),
)  # fmt: skip


@verb
def documents(session: Session, site: SiteOption = None, form: FormatOption = Format.TABLE, out: OutOption = None) -> int:
    """What was extracted from each stored page."""

    def rows() -> Iterator[dict[str, Any]]:
        for one in session.sites(site):
            for document in site_documents(session.database, one, session.now):
                yield document_to_json(document)

    write_rows(session, rows(), _DOCUMENT_COLUMNS, form, out)
    return 0


@verb
def extract(
    session: Session,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="A saved page, or a folder of them with --urls.")],
    url: Annotated[str | None, typer.Option("--url", metavar="URL", help="Where the page came from.")] = None,
    urls: Annotated[Path | None, typer.Option("--urls", metavar="MAP.jsonl", help='Lines of {"file", "url"} for several pages.')] = None,
) -> int:
    """Extract saved pages (bytes, any encoding), one JSON line each."""
    for path, address in _inputs(files, url, urls):
        try:
            body = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror}); give a saved HTML page") from None
        try:
            reading = read(body, address)
        except InputError as error:
            raise InputError(f"{path}: {str(error).removeprefix(address + ': ')}") from None
        indent = None if len(files) > 1 or urls is not None else 2
        print(json.dumps(reading_to_json(reading), ensure_ascii=False, indent=indent))
    return 0


def _inputs(files: list[Path], url: str | None, urls: Path | None) -> Iterator[tuple[Path, str]]:
    if urls is None:
        if len(files) != 1 or files[0].is_dir():
            raise ConfigurationError("extract: several pages need --urls MAP.jsonl, lines of {\"file\", \"url\"}")
        if url is None:
            raise ConfigurationError("extract: give the page's address with --url URL; relative links hang on it")
        yield files[0], url
        return
    for number, line in enumerate(urls.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            name, address = str(entry["file"]), str(entry["url"])
        except (ValueError, KeyError, TypeError):
            raise InputError(f'{urls}: line {number}: expected {{"file": …, "url": …}}') from None
        found = next((path for base in files for path in ((base / name) if base.is_dir() else base,) if path.name == Path(name).name and path.is_file()), None)
        if found is None:
            raise InputError(f"{urls}: line {number}: no file {name!r} in {', '.join(str(path) for path in files)}")
        yield found, address


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
        rows = ({"id": column.id, "name": column.name, "parent": column.parent, "synonyms": "、".join(column.synonyms)} for column in load_columns().columns)
        write_rows(session, rows, (("id", "id"), ("name", "名称"), ("parent", "上级"), ("synonyms", "别名")), form, out)
        return 0
    if site is None:
        raise ConfigurationError("columns: which site? write: gongkai columns SITE")
    one = session.registry.site(site)
    found = site_columns(session.database, one, session.now)
    headings = (("tree", "栏目"), ("column", "标准栏目"), ("match", "依据"), ("kind", "类型"), ("read", "读取情况"), ("newest_on", "最新"), ("url", "地址"))
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
    read_ = f"{walk.state} ({walk.reason}), {walk.entries} items" if walk else column.fault or ("opens" if column.reachable else "not visited")
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
    lines += [f"  # {entry.column.id}:   # {entry.column.name}：未见，如有请填写地址" for entry in required if not entry.found and entry.level == "must"]
    return "\n".join(lines)
