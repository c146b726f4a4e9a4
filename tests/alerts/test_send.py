"""Delivery to real receivers, what counts as delivered, and that no secret leaves."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
from datetime import UTC, datetime
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from alerts import senders
from alerts.send import deliver, mask, parts_of, validate_channel
from data.findings import OutgoingMessage
from tests.alerts.receivers import Answer, http_hook, smtp_server

BODY = "您好：\n\n1. 未见该文件公开，请核实\n   网址：http://127.0.0.11/a.html?x=1&y=2\n"
SUBJECT = "【政务公开监测】示例区住建局：新发现问题3项、即将到期1项"


def message(channel: str, body: str = BODY) -> OutgoingMessage:
    return OutgoingMessage("k", "示例区住建局 网站管理员", channel, "administrator", SUBJECT, body)


def test_http_hook_gets_subject_and_body_as_written() -> None:
    with http_hook() as hook:
        assert deliver(message(hook.url("/hook"))).delivered
    (said,) = hook.bodies("/hook")
    assert (said["title"], said["message"].strip()) == (SUBJECT, BODY.strip())


def test_mail_is_parsed_back() -> None:
    with smtp_server() as box:
        result = deliver(message(f"mailto://127.0.0.1:{box.port}?from=jiance@example.cn&to=wang@example.cn"))
        assert result.delivered, result.error
        (mail,) = box.mails
        assert (mail["Subject"], mail["To"]) == (SUBJECT, "wang@example.cn")
        plain = mail.get_body(("plain",))
        assert plain is not None
        assert plain.get_content().split() == BODY.split()


def test_refused_mail_is_a_failure() -> None:
    with smtp_server() as box:
        box.refuse = True
        result = deliver(message(f"mailto://127.0.0.1:{box.port}?from=jiance@example.cn&to=wang@example.cn"))
    assert not result.delivered
    assert result.error is not None


REFUSALS: list[tuple[str, Answer]] = [("server error", (500, {})), ("redirect", (302, {})), ("not found", (404, {}))]


@pytest.mark.parametrize("answer", [case[1] for case in REFUSALS], ids=[case[0] for case in REFUSALS])
def test_http_refusals_are_failures(answer: Answer) -> None:
    with http_hook(lambda path: answer) as hook:
        assert not deliver(message(hook.url("/hook"))).delivered


TOKEN = "Abc123XyZ789-def"
# Channel after the scheme, the path it posts to, the answer that means yes, the one that means no, words of the error.
ROBOTS: list[tuple[str, str, str, object, object, str]] = [
    ("wecombot", TOKEN, f"/cgi-bin/webhook/send?key={TOKEN}", {"errcode": 0}, {"errcode": 93000, "errmsg": "invalid webhook url"}, "93000"),
    ("dingtalk", "Abc123", "/robot/send?access_token=Abc123", {"errcode": 0}, {"errcode": 310000, "errmsg": "sign not match"}, "310000"),
    ("feishu", TOKEN, f"/open-apis/bot/v2/hook/{TOKEN}", {"code": 0}, {"code": 9499, "msg": "Bad Request"}, "9499"),
    ("schan", TOKEN, f"/{TOKEN}.send", {"code": 0}, {"code": 40001, "message": "bad key"}, "40001"),
]


@pytest.mark.parametrize(("scheme", "token", "path", "yes", "no", "words"), ROBOTS, ids=[case[0] for case in ROBOTS])
def test_robots_say_no_with_http_200(scheme: str, token: str, path: str, yes: object, no: object, words: str) -> None:
    for answer, delivered in [(yes, True), (no, False), ({}, False), ([], False)]:
        with http_hook(lambda where, answer=answer: (200, answer)) as hook:  # type: ignore[misc]
            result = deliver(message(f"{scheme}://{token}/?base=http://127.0.0.1:{hook.port}"))
            assert hook.received[0][0] == path
        assert result.delivered is delivered, result
        if answer == no:
            assert result.error is not None
            assert words in result.error
            assert token not in result.error


def test_wecom_limit_counts_bytes() -> None:
    body = "\n".join(f"{number}. 未见该文件公开，请核实该栏目的更新情况" for number in range(200))
    with http_hook(lambda path: (200, {"errcode": 0})) as hook:
        whole = message(f"wecombot://{TOKEN}/?base=http://127.0.0.1:{hook.port}", body)
        count = len(parts_of(whole))
        assert all(deliver(whole, part=part, repeated=True).delivered for part in range(count))
    texts = [said["text"]["content"] for said in hook.bodies()]
    assert len(texts) == count > 1
    assert all(len(text.encode()) <= 2048 for text in texts)
    assert [line for text in texts for line in text.splitlines()[1:] if line and "现再次发送" not in line] == body.splitlines()


@pytest.mark.parametrize("body", ["字" * 5000, "行\n" * 20000, "", "a\n\n\nb"])
def test_parts_keep_the_limit(body: str) -> None:
    parts = list(senders.parts(body, 300))
    assert len(parts) <= 15
    assert all(len(part.encode()) <= 300 for part in parts)


def test_dingtalk_signature_is_encoded_once() -> None:
    robot = senders.robot_of("dingtalk://")
    assert robot is not None
    target = senders.parse_target(robot, "dingtalk://SECsecret@Abc123/13800000000/")
    assert target is not None
    assert target.phones == ("13800000000",)
    for second in range(50):  # until a + or / is in the signature
        now = datetime(2026, 11, 22, 12, 0, second, tzinfo=UTC)
        request = robot.request(target, robot.base, "t", "b", now)
        query = parse_qs(urlsplit(request.full_url).query)
        stamp = query["timestamp"][0]
        digest = hmac.new(b"SECsecret", f"{stamp}\nSECsecret".encode(), hashlib.sha256).digest()
        assert base64.b64decode(query["sign"][0]) == digest


def test_feishu_signature() -> None:
    robot = senders.robot_of("feishu://")
    assert robot is not None
    target = senders.parse_target(robot, f"feishu://secret@{TOKEN}/")
    assert target is not None
    request = robot.request(target, robot.base, "t", "b", datetime(2026, 11, 22, tzinfo=UTC))
    assert isinstance(request.data, bytes)
    payload = json.loads(request.data)
    digest = hmac.new(f"{payload['timestamp']}\nsecret".encode(), b"", hashlib.sha256).digest()
    assert base64.b64decode(payload["sign"]) == digest


VALID = [
    "json://127.0.0.1:9000/hook",
    "mailto://user:pw@example.cn?to=a@example.cn",
    f"wecombot://{TOKEN}",
    f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={TOKEN}",
    "json://127.0.0.1:9000/${HOOK}",
    "mailto://${USER}:${PASSWORD}@example.cn:465?to=a@example.cn",
    "wecombot://${KEY}",
    "${CHANNEL}",
]
INVALID = [
    ("nosuch://secretA1", "scheme"),
    ("127.0.0.1:9000/hook", "scheme"),
    ("", "scheme"),
    ("json://", "json"),
    ("json://127.0.0.1:99999/x", "json"),
    ("mailto://example.cn?to=secretA1", "mailto"),
    ("wecombot://", "wecombot"),
    ("dingtalk://secretA1-with/dash", "dingtalk"),
]


@pytest.mark.parametrize("url", VALID)
def test_valid_channels(url: str) -> None:
    assert validate_channel(url, {}) is None


@pytest.mark.parametrize(("url", "word"), INVALID)
def test_invalid_channels_get_one_masked_line(url: str, word: str) -> None:
    said = validate_channel(url, {})
    assert said is not None
    assert word in said
    assert "\n" not in said
    assert "secretA1" not in said.replace("to=secretA1", "")


MASKED = [
    ("json://127.0.0.1:9000/hook", "json://127.0.0.1:9000/hook"),
    ("json://user:secret@127.0.0.1:9000/hook?token=secret", "json://***@127.0.0.1:9000/hook?***"),
    ("json://127.0.0.1/hook/8f3a9c", "json://127.0.0.1/hook/***"),
    ("json://127.0.0.1/hook/${TOKEN}", "json://127.0.0.1/hook/${TOKEN}"),
    ("mailto://user:secret@smtp.example.cn?to=a@example.cn&pass=secret", "mailto://***@smtp.example.cn?to=a@example.cn"),
    ("wecombot://secret", "wecombot://***"),
    ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=secret", "https://***"),
    ("secret", "***"),
    ("${CHANNEL}", "${CHANNEL}"),
]


@pytest.mark.parametrize(("channel", "shown"), MASKED)
def test_mask(channel: str, shown: str) -> None:
    assert mask(channel) == shown


def test_no_secret_in_logs_or_errors(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "S3cretT0ken"
    environ = {"KEY": secret}
    with http_hook(lambda path: (500, {"errcode": 1, "errmsg": f"no such key {secret}"})) as hook:
        port = hook.port
        channels = [
            f"json://u:${{KEY}}@127.0.0.1:{port}/hook/${{KEY}}?:token=${{KEY}}",
            f"wecombot://${{KEY}}/?base=http://127.0.0.1:{port}",
            f"dingtalk://${{KEY}}@${{KEY}}/?base=http://127.0.0.1:{port}",
            f"json://u:{secret}@127.0.0.1:9/hook",
            f"mailto://u:{secret}@127.0.0.1:9?from=a@b.cn&to=c@d.cn",
            "nosuch://${KEY}",
            "schan://${KEY}_!",
        ]
        results = [deliver(message(channel), environ) for channel in channels]
        hook.answer = lambda path: (200, {"errcode": 1, "errmsg": f"no such key {secret}"})
        results.append(deliver(message(channels[1]), environ))
    assert not any(result.delivered for result in results)
    out, err = capfd.readouterr()
    for text in [caplog.text, out, err, *(str(result.error) for result in results)]:
        assert secret not in text


def test_unset_variable_is_named() -> None:
    result = deliver(message("wecombot://${NO_SUCH_KEY}"), {})
    assert not result.delivered
    assert "NO_SUCH_KEY" in str(result.error)


def test_serverchan_title_and_lines() -> None:
    with http_hook(lambda path: (200, {"code": 0})) as hook:
        assert deliver(message(f"schan://{TOKEN}/?base=http://127.0.0.1:{hook.port}")).delivered
    form = dict(parse_qsl(hook.received[0][1].decode()))
    assert len(form["title"]) <= 32
    assert SUBJECT in form["desp"]
