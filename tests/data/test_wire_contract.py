"""Verdicts and findings as the contract prints them."""

from __future__ import annotations

import json
from datetime import date

from data.records import Finding, FindingEvent, FindingState, Stay, StayKind
from data.wire_contract import finding_to_json, verdict_to_json
from tests.alerts.builders import at, make_verdict

VERDICT_KEYS = [
    "rule",
    "site",
    "status",
    "reason",
    "severity",
    "confidence",
    "subject",
    "measured",
    "threshold",
    "due",
    "as_of",
    "message",
    "clauses",
    "evidence",
]
FINDING_KEYS = [*VERDICT_KEYS, *["id", "state", "first_found", "last_confirmed", "resolved_at", "rectify_by", "events", "times", "stay"]]


def test_verdict() -> None:
    line = verdict_to_json(make_verdict(kind="column", url="http://127.0.0.11/zcwj/", column="zcwj", due="2026-11-13T23:59:59"))
    assert list(line) == VERDICT_KEYS
    assert line["subject"] == {"kind": "column", "url": "http://127.0.0.11/zcwj/", "title": "关于停车管理的通知", "column": "zcwj"}
    assert (line["due"], line["as_of"], line["measured"]) == ("2026-11-13T23:59:59+08:00", "2026-11-02T12:00:00+08:00", None)
    assert list(line["clauses"][0]) == ["source", "clause", "quote"]
    assert list(line["evidence"][0]) == ["url", "observed_at", "sha256", "note"]
    assert "column" not in verdict_to_json(make_verdict())["subject"]


def test_finding() -> None:
    event = FindingEvent(at("2026-11-02"), "gongkai", "opened", "…")
    finding = Finding("F000001", make_verdict(), FindingState.OPEN, at("2026-11-02"), at("2026-11-03"), None, date(2026, 11, 16), (event,))
    line = finding_to_json(finding)
    assert list(line) == FINDING_KEYS
    assert (line["id"], line["state"], line["rectify_by"], line["resolved_at"]) == ("F000001", "open", "2026-11-16", None)
    assert line["events"] == [{"at": "2026-11-02T12:00:00+08:00", "who": "gongkai", "what": "opened", "why": "…"}]
    assert (line["times"], line["stay"]) == (1, None)
    json.dumps(line)


def test_what_stays_a_finding_is_shown_with_it() -> None:
    stay = Stay(
        StayKind.EXPLANATION,
        "张三",
        "本年度未制定规范性文件",
        at("2026-11-03"),
        date(2027, 1, 31),
        0.8,
        (date(2026, 1, 1), date(2026, 12, 31)),
    )
    finding = Finding("F000001", make_verdict(), FindingState.EXPLAINED, at("2026-11-02"), at("2026-11-03"), None, None, (), (stay,))
    assert finding_to_json(finding)["stay"] == {
        "kind": "explanation",
        "by": "张三",
        "basis": "本年度未制定规范性文件",
        "since": "2026-11-03T12:00:00+08:00",
        "until": "2027-01-31",
        "coefficient": 0.8,
        "period": ["2026-01-01", "2026-12-31"],
    }
