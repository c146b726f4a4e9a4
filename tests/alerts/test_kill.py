"""Senders that are killed (SIGKILL, real processes) at random: nothing is lost, and nothing comes twice but what nobody could know.

A part is told again only where the process died between handing it over and recording that it was taken; the outbox counts
these as uncertain. More repetitions than that are wrong. A receiver that reads the Idempotency-Key shows none at all.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from alerts.send import parts_of
from data.database import Database
from data.findings import MessageState, OutboxMessage
from data.outbox import Outbox
from tests.alerts.receivers import Answer, Post, Robots, http_hook, smtp_server

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
_REFUSED = 0.08  # how often the hook and the robot say no


@dataclass
class Forker:
    """The warmed process that forks rounds and kills them."""

    process: subprocess.Popen[str]

    def order(self, **order: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said


@contextmanager
def forker(channels: list[str]) -> Iterator[Forker]:
    command = [sys.executable, "-m", "tests.alerts.killing", *channels]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        forker = Forker(process)
        forker.answer()
        yield forker
        assert process.stdin is not None
        process.stdin.close()


class Counting:
    """Receivers that say no at random, and count what they took: Idempotency-Key, or key and part of a message."""

    def __init__(self, chance: random.Random) -> None:
        self.robots, self.chance = Robots(per_minute=1_000_000), chance
        self.hooked: Counter[str] = Counter()

    def reply(self, post: Post) -> Answer:
        if self.chance.random() < _REFUSED:
            return (500, {}) if post.path == "/hook" else (200, {"errcode": -1, "errmsg": "system busy"})
        if post.path == "/hook":
            self.hooked[post.headers["Idempotency-Key"]] += 1
            return 200, {}
        return self.robots.reply(post)


def clean(text: str) -> str:
    """A part without the line that says it is a repetition."""
    return "\n".join(line for line in text.splitlines() if line.strip() and "现再次发送" not in line)


@pytest.mark.parametrize("kills", [200])
def test_killed_at_random(kills: int, database_url: str, capsys: pytest.CaptureFixture[str], record_property: Any) -> None:
    kills = kills if database_url.startswith("sqlite") else 40
    seed = 20261102
    chance = random.Random(seed)
    counting, done, rounds, findings = Counting(random.Random(seed + 1)), 0, 0, 0
    Database.open(database_url).close()
    with http_hook() as hook, smtp_server() as box:
        hook.reply = counting.reply
        mail = f"mailto://127.0.0.1:{box.port}?from=jiance@example.cn&to=wang@example.cn"
        channels = [hook.url("/hook"), counting.robots.channels(hook.port)["wecom"], mail]
        with forker(channels) as warmed:
            # How long a round takes is measured as we go, on this machine as busy as it is.
            seconds = warmed.order(database=database_url, now="2026-11-02T00:00", findings=1, after=None)["seconds"]
            findings = 1
            while done < kills:
                rounds += 1
                findings += rounds % 3 == 1
                minutes = rounds  # later rounds are due for what was refused in earlier ones
                now = f"2026-11-02T{minutes // 60:02}:{minutes % 60:02}"
                end = warmed.order(database=database_url, now=now, findings=findings, after=chance.uniform(0, seconds * 1.2))
                assert not end["failed"]
                done += end["killed"]
                if not end["killed"]:
                    seconds = 0.7 * seconds + 0.3 * end["seconds"]
                print(rounds, done, round(seconds, 2), end, flush=True)
                assert rounds < kills * 4, "the kills come too late"
            for day in range(3, 12):
                assert not warmed.order(database=database_url, now=f"2026-11-{day:02}T12:00", findings=findings, after=None)["failed"]
    database = Database.open(database_url)
    rows = Outbox(database).messages()
    database.close()
    undone = [(row.state, row.attempts, row.last_error) for row in rows if row.state is not MessageState.SENT]
    assert undone == []
    told = {mark.finding_id for row in rows for mark in row.message.marks}
    assert len(told) == findings
    mails = Counter(str(mail["X-Gongkai-Key"]) for mail in box.mails)
    taken = Counter(clean(text) for text in counting.robots.taken["wecom"])
    expected, doubtful = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for row in rows:
        for part in parts_told(row):
            expected[part] += 1
            doubtful[part] += row.uncertain
    arrived = {part: {"json": counting.hooked, "mailto": mails}.get(part[0], taken)[part[1]] for part in expected}
    lost = sum(max(expected[part] - arrived[part], 0) for part in expected)
    again = {part: max(arrived[part] - expected[part], 0) for part in expected}
    repeated, uncertain = sum(again.values()), sum(row.uncertain for row in rows)
    wrong = sum(max(again[part] - doubtful[part], 0) for part in expected)
    figures = {
        "kills": done, "rounds": rounds, "findings": findings, "messages": len(rows), "parts": expected.total(),
        "lost": lost, "uncertain": uncertain, "repeated": repeated, "wrongly repeated": wrong,
    }  # fmt: skip
    record_property("killed at random", figures)
    with capsys.disabled():
        print(f"\n{database_url.partition(':')[0]}: {figures}")
    assert (lost, wrong) == (0, 0), again
    assert repeated <= uncertain
    assert uncertain > 0, "no kill struck between sending and recording: the test shows nothing"
    assert len(counting.hooked) == sum(row.message.channel == channels[0] for row in rows), "by its key every message came once"


def parts_told(row: OutboxMessage) -> list[tuple[str, str]]:
    """The parts of a message, as the receivers count them: scheme, and key or text."""
    scheme = row.message.channel.partition(":")[0]
    if scheme != "wecombot":
        return [(scheme, row.message.key)]
    texts = parts_of(row.message)
    heads = [row.message.subject if len(texts) == 1 else f"{row.message.subject}（{n}/{len(texts)}）" for n in range(1, len(texts) + 1)]
    return [(scheme, clean(f"{head}\n{text}")) for head, text in zip(heads, texts, strict=True)]
