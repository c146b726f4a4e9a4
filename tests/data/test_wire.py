"""Records survive the way to JSON and back."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from msgspec import ValidationError

from data.records import (
    Attachment,
    DateRole,
    DocumentKind,
    DocumentReading,
    Field,
    Link,
    Precision,
    RelatedLink,
    ShownDate,
    Verdict,
)
from data.wire import from_wire, to_wire
from tests.alerts.builders import at, make_verdict

SHOWN = ShownDate(DateRole.LIST, "2026-11-13", at("2026-11-13T00:00"), Precision.DAY, "row", repaired=True)
READING = DocumentReading(
    kind=DocumentKind.POLICY_DOCUMENT,
    title="关于印发《示例办法》的通知 <b>&amp;</b>",
    published_at=at("2026-11-13T16:36"),
    published_precision=Precision.MINUTE,
    made_on=date(2026, 11, 11),
    breadcrumb=("首页", "政策文件"),
    attachments=(Attachment("http://a.example/a.pdf", "附件", "pdf"), Attachment("http://a.example/b", "附件", None)),
    related=(RelatedLink("http://a.example/c.html", "解读", "interpretation"),),
    body="第一条\n第二条\u3000",
    dates=(SHOWN,),
    fields=(Field("索引号", "0001"),),
    marks=("date-repaired:made",),
)


@pytest.mark.parametrize(
    "record", [READING, DocumentReading(DocumentKind.OTHER, None), SHOWN, Link(None, "更多", "text", "nav"), make_verdict()]
)
def test_there_and_back(record: object) -> None:
    through = json.loads(json.dumps(to_wire(record), ensure_ascii=False))
    assert from_wire(type(record), through) == record


def test_instants_keep_their_moment_and_zone() -> None:
    wire = to_wire(READING)
    assert (wire["published_at"], wire["made_on"], wire["kind"]) == ("2026-11-13T16:36:00+08:00", "2026-11-11", "policy-document")
    assert from_wire(DocumentReading, wire).published_at == at("2026-11-13T16:36")
    moment = from_wire(ShownDate, to_wire(SHOWN)).value
    assert moment.utcoffset() == timedelta(hours=8)


def test_rows_of_other_versions() -> None:
    wire = to_wire(READING)
    older = {key: value for key, value in wire.items() if key != "marks"} | {"gone": 1}
    assert from_wire(DocumentReading, older).marks == ()
    with pytest.raises(ValidationError, match="title"):
        from_wire(DocumentReading, {"kind": "other"})
    with pytest.raises(ValidationError, match="no-such-kind"):
        from_wire(DocumentReading, wire | {"kind": "no-such-kind"})


def test_a_verdict_of_every_field() -> None:
    verdict = make_verdict(due="2026-11-13T23:59:59", column="zcwj", kind="column")
    assert from_wire(Verdict, to_wire(verdict)) == verdict
