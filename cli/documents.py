"""`gongkai documents`: what was extracted from each stored page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cli.findings import FormatOption, OutOption
from cli.options import SiteOption
from cli.output import Format, write_rows
from cli.session import Session, verb
from data.reading import site_documents
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
