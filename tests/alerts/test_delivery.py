"""The road of a message: parts, rates, patience, fallback channels, dead letters, and what the operator hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts.delivery import Delivered, send_due
from alerts.pace import BACKOFF, Pace, free_at, next_attempt
from alerts.round import run_round
from alerts.weekly import weekly_messages
from data.database import Database
from data.delivery_log import DeliveryEvent, DeliveryLog
from data.findings import MessageState, OutgoingMessage
from data.ledger import Ledger
from data.outbox import Outbox
from data.records import FindingState
from data.registry import Contact, Registry
from data.registry_delivery import DeliveryOptions
from tests.alerts.builders import RULES, at, make_registry, make_site, make_verdict
from tests.alerts.receivers import Answer, Hook, Post, Robots, http_hook, smtp_server

NOW = at("2026-11-02")
LONG = "\n".join(f"{number}. 未见该文件公开，请核实该栏目的更新情况" for number in range(120))


@dataclass
class Clock:
    """A clock that only sleeping moves."""

    at: datetime = datetime(2026, 11, 2, 4, tzinfo=UTC)
    slept: float = 0.0

    @property
    def pace(self) -> Pace:
        return Pace(lambda: self.at, self.sleep)

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database.open(database_url)
    yield database
    database.close()


@pytest.fixture
def hook() -> Iterator[Hook]:
    with http_hook() as hook:
        yield hook


@pytest.fixture
def robots(hook: Hook) -> Robots:
    robots = Robots()
    hook.reply = robots.reply
    return robots


def message(channel: str, key: str = "k", body: str = "您好：\n请核实\n", attachments: tuple[str, ...] = ()) -> OutgoingMessage:
    return replace(
        OutgoingMessage(key, "示例区人民政府 网站管理员", channel, "administrator", "【政务公开监测】题", body), attachments=attachments
    )


def send(
    database: Database, *messages: OutgoingMessage, now: datetime = NOW, registry: Registry | None = None, clock: Clock | None = None
) -> Delivered:
    Outbox(database).enqueue(messages, now)
    return send_due(database, registry or make_registry(), now, environ={}, pace=(clock or Clock()).pace)


def whats(database: Database, message_id: int = 1) -> list[str]:
    return [event.what.value for event in DeliveryLog(database).events([message_id]).get(message_id, ())]


def test_every_robot_takes_a_long_message_in_numbered_parts(database: Database, hook: Hook, robots: Robots) -> None:
    channels = robots.channels(hook.port)
    report = send(database, *(message(channel, key=name, body=LONG) for name, channel in channels.items()))
    assert [one.error for one in report.messages] == [None] * 4
    parts = robots.taken["wecom"]
    assert len(parts) > 2
    assert [part.splitlines()[0] for part in parts] == [f"【政务公开监测】题（{n}/{len(parts)}）" for n in range(1, len(parts) + 1)]
    assert [line for part in parts for line in part.splitlines()[1:]] == LONG.splitlines()
    assert {name: len(texts) for name, texts in robots.taken.items() if name != "wecom"} == {"dingtalk": 1, "feishu": 1, "serverchan": 1}


WRONG = [
    ("wecom", "wecombot://wrongkey/", "93000"),
    ("dingtalk", "dingtalk://SECother@Abc123/", "310000"),
    ("feishu", "feishu://SECother@Abc123XyZ789-def/", "19021"),
    ("serverchan", "schan://wrongkey/", "40001"),
]


@pytest.mark.parametrize(("name", "channel", "code"), WRONG, ids=[case[0] for case in WRONG])
def test_a_robot_that_says_no_has_failed(name: str, channel: str, code: str, database: Database, hook: Hook, robots: Robots) -> None:
    (said,) = send(database, message(f"{channel}?base=http://127.0.0.1:{hook.port}")).messages
    assert (said.state, said.attempts) == ("queued", 1)
    assert code in str(said.error)
    assert robots.taken == {}
    assert whats(database) == ["failed"]


def test_a_rate_is_kept_across_rounds_and_waited_for(database: Database, hook: Hook, robots: Robots) -> None:
    clock, channel = Clock(), robots.channels(hook.port)["wecom"]
    robots.per_minute = 1000
    first = send(database, *(message(channel, key=f"a{n}") for n in range(12)), clock=clock)
    assert (len(first.messages), clock.slept) == (12, 0)
    send(database, *(message(channel, key=f"b{n}") for n in range(12)), clock=clock)
    assert len(robots.taken["wecom"]) == 24
    assert 59 <= clock.slept <= 60
    assert {one.state for one in Outbox(database).messages()} == {MessageState.SENT}


def test_what_a_round_will_not_wait_for_is_left_to_a_later_one(database: Database, hook: Hook, robots: Robots) -> None:
    clock, channel = Clock(), robots.channels(hook.port)["wecom"]
    registry = make_registry().model_copy(update={"delivery": DeliveryOptions(per_minute={"wecombot": 2}, wait_seconds=10)})
    report = send(database, *(message(channel, key=f"{n}") for n in range(4)), registry=registry, clock=clock)
    assert [one.state for one in report.messages] == ["sent", "sent", "queued", "queued"]
    assert "limit" in str(report.messages[2].error)
    clock.at += timedelta(minutes=1)
    later = send(database, now=NOW + timedelta(minutes=1), registry=registry, clock=clock)
    assert [(one.state, one.attempts) for one in later.messages] == [("sent", 1), ("sent", 1)]


def test_a_robot_that_is_busy_is_no_failure(database: Database, hook: Hook, robots: Robots) -> None:
    robots.per_minute, clock = 2, Clock()
    channels = robots.channels(hook.port)
    messages = [message(channels["dingtalk"], key=f"d{n}") for n in range(4)] + [
        message(channels["serverchan"], key=f"s{n}") for n in range(6)
    ]
    report = send(database, *messages, clock=clock)
    assert sum(one.state == "sent" for one in report.messages) == 7
    busy = [row for row in Outbox(database).messages([MessageState.QUEUED]) if row.last_error]
    assert sorted((row.attempts, row.next_at - NOW) for row in busy) == [(0, timedelta(minutes=10)), (0, timedelta(hours=1))]
    assert DeliveryLog(database).failing() == ()
    assert whats(database, busy[0].id) == ["throttled"]
    robots.per_minute = 1000
    again = send(database, now=NOW + timedelta(minutes=10), clock=clock)
    assert [one.state for one in again.messages] == ["sent", "sent"]


def test_a_short_pause_is_waited_for_in_the_same_round(database: Database, hook: Hook) -> None:
    answers: list[Answer] = [(429, {}), (200, {"errcode": 0})]
    hook.also["Retry-After"] = "7"
    hook.reply = lambda post: answers.pop(0)
    clock = Clock()
    (said,) = send(database, message(f"wecombot://key/?base=http://127.0.0.1:{hook.port}"), clock=clock).messages
    assert (said.state, clock.slept) == ("sent", 7)
    assert whats(database) == ["throttled", "sent"]


def test_http_429_of_a_hook_is_patience(database: Database, hook: Hook) -> None:
    answers: list[Answer] = [(429, {}), (200, {})]
    hook.reply = lambda post: answers.pop(0)
    clock = Clock()
    (said,) = send(database, message(hook.url("/hook")), clock=clock).messages
    assert (said.state, clock.slept) == ("sent", 60)


def test_parts_that_were_taken_are_not_sent_again(database: Database, hook: Hook, robots: Robots) -> None:
    channel, broken = robots.channels(hook.port)["wecom"], [True]

    def reply(post: Post) -> Answer:
        if broken[0] and len(robots.taken.get("wecom", [])) == 2:
            return 500, {}
        return robots.reply(post)

    hook.reply = reply
    (first,) = send(database, message(channel, body=LONG)).messages
    assert first.state == "queued"
    assert Outbox(database).messages()[0].parts_done == 2
    broken[0] = False
    (second,) = send(database, now=NOW + BACKOFF[0]).messages
    assert (second.state, second.attempts) == ("sent", 2)
    lines = [line for part in robots.taken["wecom"] for line in part.splitlines()[1:]]
    assert lines == LONG.splitlines()


def test_a_hook_knows_a_repetition_by_its_key_and_a_person_by_a_line(database: Database, hook: Hook, robots: Robots) -> None:
    hook.reply = lambda post: (200, {}) if post.path == "/hook" else robots.reply(post)
    outbox = Outbox(database)
    outbox.enqueue([message(hook.url("/hook"), key="one"), message(robots.channels(hook.port)["wecom"], key="two")], NOW)
    for row in outbox.due(NOW):
        outbox.begin(row.id, NOW)  # and then the process was killed
    report = send(database)
    assert report.uncertain == 2
    (post,) = [post for post in hook.posts if post.path == "/hook"]
    assert post.headers["Idempotency-Key"] == "one"
    assert "再次发送" not in hook.bodies("/hook")[0]["message"]
    assert "现再次发送；如已收到请忽略" in robots.taken["wecom"][0]
    assert whats(database) == ["uncertain", "sent"]


@pytest.mark.parametrize("attempts", range(1, len(BACKOFF) + 1))
def test_pauses_grow_and_are_spread(attempts: int) -> None:
    waits = {next_attempt(f"key {n}", attempts, NOW) for n in range(50)}
    assert len(waits) > 40
    for moment in waits:
        assert moment is not None
        assert BACKOFF[attempts - 1] * 0.75 <= moment - NOW <= BACKOFF[attempts - 1]
    assert next_attempt("key", len(BACKOFF) + 1, NOW) is None


def test_free_at() -> None:
    posts = [NOW + timedelta(seconds=n) for n in (0, 10, 20)]
    assert free_at(posts, 4, NOW + timedelta(seconds=30)) == NOW + timedelta(seconds=30)
    assert free_at(posts, 3, NOW + timedelta(seconds=30)) == NOW + timedelta(seconds=60)
    assert free_at(posts, 2, NOW + timedelta(seconds=30)) == NOW + timedelta(seconds=70)
    assert free_at(posts, 3, NOW + timedelta(seconds=60)) == NOW + timedelta(seconds=60)


def of(hook: Hook, fallback: tuple[str, ...] = (), hours: float = 4, path: str = "/bad") -> Registry:
    site = make_site(channels=(hook.url(path),))
    person = site.administrators[0].model_copy(update={"fallback": fallback})
    registry = make_registry(site.model_copy(update={"administrators": (person,)}), supervisor=None, operator=hook.url("/operator"))
    return registry.model_copy(update={"delivery": DeliveryOptions(fallback_after_hours=hours)})


def test_a_channel_that_fails_too_long_gives_way_to_the_fallback(database: Database, hook: Hook) -> None:
    hook.answer = lambda path: (500, {}) if path == "/bad" else (200, {})
    registry, now = of(hook, (hook.url("/second"),)), NOW
    run_round(database, registry, RULES, [make_verdict()], now)
    for _ in range(3):
        now += timedelta(hours=1)
        run_round(database, registry, RULES, [make_verdict()], now)
    assert hook.bodies("/second") == []
    now = NOW + timedelta(hours=5)
    report = run_round(database, registry, RULES, [make_verdict()], now)
    assert sorted(one.state for one in report.messages) == ["diverted", "sent", "sent"]
    (said,) = hook.bodies("/second")
    assert said["message"].startswith("【备用渠道】")
    assert "未见该文件公开，请核实" in said["message"]
    (told,) = hook.bodies("/operator")
    assert "持续无法送达" in told["message"]
    (finding,) = Ledger(database).findings()
    assert finding.state is FindingState.NOTIFIED
    diverted = next(row for row in Outbox(database).messages([MessageState.DIVERTED]))
    assert whats(database, diverted.id)[-1] == "diverted"
    assert run_round(database, registry, RULES, [make_verdict()], now + timedelta(days=1)).messages == ()


def test_a_new_message_tries_the_channel_first_and_gives_way_at_once(database: Database, hook: Hook) -> None:
    hook.answer = lambda path: (500, {}) if path == "/bad" else (200, {})
    registry = of(hook, (hook.url("/second"),))
    send(database, message(hook.url("/bad"), key="one"), registry=registry)
    later = NOW + timedelta(hours=6)
    send(database, *(message(hook.url("/bad"), key=key) for key in ("two", "three")), registry=registry, now=later)
    assert len(hook.bodies("/second")) == 3
    hook.answer = lambda path: (200, {})
    send(database, message(hook.url("/bad"), key="four"), registry=registry, now=later)
    assert DeliveryLog(database).failing() == ()
    assert len(hook.bodies("/second")) == 3


def test_a_dead_message_goes_to_the_fallback_and_a_dead_fallback_to_the_operator(database: Database, hook: Hook) -> None:
    hook.answer = lambda path: (200, {}) if path == "/operator" else (500, {})
    registry, now, states = of(hook, (hook.url("/second"),), hours=240), NOW, []
    for _ in range(20):
        report = run_round(database, registry, RULES, [make_verdict(now.date().isoformat())], now)
        states += [one.state for one in report.messages if one.kind == "administrator" and one.state != "queued"]
        now += timedelta(days=1)
    assert states[0] == "diverted"
    assert "dead" in states
    told = "\n".join(said["message"] for said in hook.bodies("/operator"))
    assert "已停止重试" in told
    assert "gongkai deliveries retry --dead" in told
    assert whats(database, 1)[-1] == "diverted"


def test_a_dead_letter_is_told_once_and_gets_another_try(database: Database, hook: Hook) -> None:
    hook.answer = lambda path: (500, {}) if path == "/bad" else (200, {})
    registry, now = of(hook, hours=240), NOW
    for wait in (*BACKOFF, timedelta(hours=4), timedelta(hours=4)):  # given up at night: told in the morning
        run_round(database, registry, RULES, [make_verdict()], now)
        now += wait
    (told,) = [said for said in hook.bodies("/operator") if "已停止重试" in said["message"]]
    assert told["title"] == "【监测运维】示例区：消息未送达1项"
    (dead,) = Outbox(database).messages([MessageState.DEAD])
    (finding,) = Ledger(database).findings()
    assert finding.events[-1].what == "undelivered"
    hook.answer = lambda path: (200, {})
    assert Outbox(database).retry([dead.id, 99], now, "王五") == 1
    assert [one.state for one in run_round(database, registry, RULES, [make_verdict()], now).messages] == ["sent"]
    assert whats(database, dead.id)[-2:] == ["retried", "sent"]
    (finding,) = Ledger(database).findings()
    assert finding.state is FindingState.NOTIFIED


def test_a_missing_variable_waits_and_loses_nothing(database: Database, hook: Hook) -> None:
    channel, registry = f"json://127.0.0.1:{hook.port}/${{HOOK_PATH}}", make_registry(supervisor=None)
    Outbox(database).enqueue([message(channel)], NOW)
    for hours in range(0, 24 * 30, 24):
        (said,) = send_due(database, registry, NOW + timedelta(hours=hours), environ={}).messages
        assert (said.state, said.attempts) == ("queued", 0)
        assert "HOOK_PATH is not set" in str(said.error)
        assert "\n" not in str(said.error)
    assert whats(database) == [DeliveryEvent.WAITING.value], "said once in the log, not once a round"
    (sent,) = send_due(database, registry, NOW + timedelta(days=30), environ={"HOOK_PATH": "hook"}).messages
    assert (sent.state, sent.attempts) == ("sent", 1)


def test_the_operator_hears_of_a_missing_variable_at_once(database: Database, hook: Hook) -> None:
    channel = f"json://127.0.0.1:{hook.port}/${{HOOK_PATH}}"
    registry = make_registry(make_site(channels=(channel,)), supervisor=None, operator=hook.url("/operator"))
    for _ in range(3):
        run_round(database, registry, RULES, [make_verdict()], NOW, environ={})
    (told,) = hook.bodies("/operator")
    assert "环境变量 HOOK＿PATH 未设置" in told["message"]


def test_attachments_travel_by_mail_and_are_named_where_they_cannot(database: Database, hook: Hook, robots: Robots, tmp_path: Path) -> None:
    file = tmp_path / "评分表-2026-W47.xlsx"
    file.write_bytes(b"PK\x03\x04 not really a workbook")
    with smtp_server() as box:
        mail = message(f"mailto://127.0.0.1:{box.port}?from=jiance@example.cn&to=wang@example.cn", key="m", attachments=(str(file),))
        gone = message(mail.channel, key="g", attachments=(str(tmp_path / "gone.pdf"),))
        robot = message(robots.channels(hook.port)["wecom"], key="r", attachments=(str(file),))
        assert {one.state for one in send(database, mail, gone, robot).messages} == {"sent"}
        carried, without = box.mails
    (attachment,) = carried.iter_attachments()
    assert attachment.get_filename() == file.name
    assert attachment.get_content() == file.read_bytes()
    assert carried["Subject"] == mail.subject
    assert carried["X-Gongkai-Key"] == "m"
    assert list(without.iter_attachments()) == []
    text = without.get_body(("plain",))
    assert text is not None
    assert "gone.pdf" in text.get_content()
    assert "另有附件未能随本消息发送，请向发送单位索取：评分表-2026-W47.xlsx" in robots.taken["wecom"][0]


def test_a_fallback_that_is_no_other_way_is_refused() -> None:
    text = """
version: 1
sites: [{id: a, name: 甲, profile: town, home: "http://127.0.0.1/", administrators: [{role: 管理员, channels: ["json://a/x"], fallback: ["json://a/x"]}]}]
supervisors: [{role: 公开办, fallback: ["json://b/x"]}]
"""
    with pytest.raises(Exception, match="another way") as caught:
        Registry.parse(text, "registry.yml")
    assert "supervisors (公开办).fallback: has no channels" in str(caught.value)
    assert Contact(role="x", channels=("json://a",), fallback=("json://b",)).fallback == ("json://b",)


def test_the_week_goes_to_the_supervisors_once(database: Database, tmp_path: Path) -> None:
    book = tmp_path / "scorecard-2026-W47.xlsx"
    book.write_bytes(b"PK\x03\x04")
    with smtp_server() as box:
        registry = make_registry(supervisor=f"mailto://127.0.0.1:{box.port}?from=jiance@example.cn&to=li@example.cn")
        days = (NOW.date(), NOW.date() + timedelta(days=6))
        for _ in range(2):
            send(database, *weekly_messages(registry, "2026-W45", days, [book]), registry=registry)
        (mail,) = box.mails
    assert mail["Subject"] == "【政务公开监测】示例区：2026-W45评分表"
    assert [one.get_filename() for one in mail.iter_attachments()] == [book.name]
    text = mail.get_body(("plain",))
    assert text is not None
    assert "示例区2026年11月2日至2026年11月8日" in text.get_content()
