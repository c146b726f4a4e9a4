"""Whom the week's scorecard goes to, and with what."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from alerts.weekly import unit_messages, weekly_messages
from data.registry import Registry

REGISTRY = """
version: 1
region: 示例区
sites:
  - {id: a, name: 甲局, profile: department, home: "http://127.0.0.1/a", administrators: [{role: 管理员, name: 张三, channels: ["json://one/x"]}]}
  - {id: b, name: 乙局, profile: department, home: "http://127.0.0.1/b", administrators: [{role: 管理员, channels: ["json://one/x", "json://two/x"]}]}
  - {id: c, name: 丙局, profile: department, home: "http://127.0.0.1/c"}
  - {id: d, name: 丁局, profile: department, home: "http://127.0.0.1/d", administrators: [{role: 管理员, channels: ["json://four/x"]}]}
supervisors: [{role: 政务公开办, channels: ["json://boss/x"]}]
"""
DAYS = (date(2026, 11, 16), date(2026, 11, 22))
MADE = Registry.parse(REGISTRY, "registry.yml")
SHEETS = {site: (Path(f"/tmp/units/{site}.xlsx"), Path(f"/tmp/units/{site}.html")) for site in "abc"}
TOLD = {"a": "甲局本周得分 90.0。", "b": "乙局本周得分 80.0。", "d": "丁局本周得分 70.0。"}


def test_each_channel_gets_the_sheets_of_its_own_units_alone() -> None:
    made = {message.channel: message for message in unit_messages(MADE, "2026-W47", DAYS, SHEETS, TOLD)}
    assert set(made) == {"json://one/x", "json://two/x"}  # nobody is named for c, and d has no sheet
    assert made["json://one/x"].attachments == tuple(f"/tmp/units/{name}" for name in ("a.xlsx", "a.html", "b.xlsx", "b.html"))
    assert made["json://two/x"].attachments == ("/tmp/units/b.xlsx", "/tmp/units/b.html")
    other = made["json://two/x"]
    assert (other.subject, other.audience) == ("【政务公开监测】乙局2026-W47评分表", "管理员")
    assert "乙局本周得分 80.0。" in other.body
    assert "甲局" not in other.subject + other.body
    assert made["json://one/x"].subject == "【政务公开监测】甲局等 2 家单位2026-W47评分表"


def test_a_week_is_told_once_to_whomever_it_goes() -> None:
    again = [unit_messages(MADE, "2026-W47", DAYS, SHEETS, TOLD) for _ in range(2)]
    assert [message.key for message in again[0]] == [message.key for message in again[1]]
    boss = weekly_messages(MADE, "2026-W47", DAYS, [Path("/tmp/x.xlsx")])
    later = unit_messages(MADE, "2026-W48", DAYS, SHEETS, TOLD)
    keys = [message.key for message in (*again[0], *boss, *later)]
    assert len(set(keys)) == len(keys)


def test_sentences_stand_in_the_supervisors_message_as_text() -> None:
    (message,) = weekly_messages(
        MADE, "2026-W47", DAYS, [], ["平均 80.0 分。", "<b>甲局</b>\u202e[点击](http://evil.example)"] + ["多"] * 20
    )
    assert "平均 80.0 分。" in message.body
    assert "\u202e" not in message.body
    assert message.body.count("多") <= 11
