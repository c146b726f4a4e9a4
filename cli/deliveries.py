"""`gongkai deliveries`: what became of each message, and another try for those that were given up."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from alerts.send import mask
from cli.findings import FormatOption, OutOption
from cli.output import Format, write_rows
from cli.session import Session, default_verb, verb
from data.delivery_log import DeliveryLog, Logged
from data.errors import ConfigurationError
from data.findings import MessageState, OutboxMessage
from data.outbox import Outbox

app = typer.Typer(
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    help="The delivery log; with a verb: show a message whole, or give dead ones another try.",
)

_COLUMNS = (
    ("id", "编号"), ("state", "状态"), ("audience", "接收人"), ("channel", "渠道"), ("kind", "类别"), ("subject", "标题"), ("attempts", "次数"),
    ("created_at", "生成时间"), ("sent_at", "送达时间"), ("next_at", "下次发送"), ("fallback_of", "替代"), ("error", "最后一次错误"),
)  # fmt: skip
_ZH = {
    MessageState.QUEUED: "待发", MessageState.SENDING: "发送中", MessageState.SENT: "已送达", MessageState.DEAD: "已停止重试",
    MessageState.DIVERTED: "已转备用渠道",
}  # fmt: skip
IdsArgument = Annotated[list[int] | None, typer.Argument(metavar="ID", help="Numbers of messages, as the log shows them.")]


@app.callback()
@default_verb
def deliveries(
    session: Session,
    status: Annotated[
        list[str] | None, typer.Option("--status", metavar="STATE", help="queued, sending, sent, dead or diverted; repeatable.")
    ] = None,
    last: Annotated[int, typer.Option("--last", min=1, help="How many of the newest messages.")] = 200,
    form: FormatOption = Format.TABLE,
    out: OutOption = None,
) -> int:
    """The delivery log: every message, newest first, with what came of it. Secrets are masked."""
    found = Outbox(session.database).messages([_state(text) for text in status or ()], limit=last)
    events = DeliveryLog(session.database).events([row.id for row in found])
    write_rows(session, (_row(row, events.get(row.id, ())) for row in found), _COLUMNS, form, out)
    return 0


@app.command("show")
@verb
def show(session: Session, number: Annotated[int, typer.Argument(metavar="ID", help="A message's number.")]) -> int:
    """One message whole, and every attempt to deliver it."""
    (row,) = _messages(session, [number])
    say = session.console.print
    say(f"{row.id}　{_ZH[row.state]}（{row.state}）　{row.message.kind}")
    say(f"接收人　{row.message.audience}")
    say(f"渠道　　{mask(row.message.channel)}" + (f"　替代消息 {row.fallback_of} 的备用渠道" if row.fallback_of else ""))
    say(f"生成　　{row.created_at:%Y-%m-%d %H:%M}" + (f"　送达　{row.sent_at:%Y-%m-%d %H:%M}" if row.sent_at else ""))
    for event in DeliveryLog(session.database).events([row.id]).get(row.id, ()):
        say(f"  {event.at:%Y-%m-%d %H:%M:%S}　{event.what}" + (f"　{event.note}" if event.note else ""))
    say(f"\n{row.message.subject}\n\n{row.message.body}")
    return 0


@app.command("retry")
@verb
def retry(
    session: Session,
    numbers: IdsArgument = None,
    dead: Annotated[bool, typer.Option("--dead", help="Every message that was given up.")] = False,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides it; stands in the log.")] = "operator",
) -> int:
    """Give messages that were given up all their attempts anew; the next `gongkai alert` sends them."""
    if bool(numbers) == dead:
        raise ConfigurationError("which messages? give their numbers, or --dead for all that were given up")
    outbox = Outbox(session.database)
    rows = outbox.messages([MessageState.DEAD]) if dead else _messages(session, numbers or [])
    alive = [str(row.id) for row in rows if row.state is not MessageState.DEAD]
    if alive:
        raise ConfigurationError(f"{', '.join(alive)}: not given up; `gongkai deliveries --status dead` lists those that are")
    count = outbox.retry([row.id for row in rows], session.now, by)
    session.console.print(f"{count} messages are queued again; `gongkai alert` sends them")
    return 0


def _messages(session: Session, numbers: list[int]) -> tuple[OutboxMessage, ...]:
    found = Outbox(session.database).messages(ids=numbers)
    missing = sorted(set(numbers) - {row.id for row in found})
    if missing:
        raise ConfigurationError(f"{', '.join(map(str, missing))}: no such message; `gongkai deliveries` lists them")
    return found


def _row(row: OutboxMessage, events: tuple[Logged, ...]) -> dict[str, Any]:
    return {
        "id": row.id,
        "state": row.state.value,
        "kind": row.message.kind,
        "audience": row.message.audience,
        "channel": mask(row.message.channel),
        "subject": row.message.subject,
        "body": row.message.body,
        "attempts": row.attempts,
        "uncertain": row.uncertain,
        "created_at": row.created_at.isoformat(),
        "next_at": row.next_at.isoformat() if row.state is MessageState.QUEUED else None,
        "sent_at": row.sent_at.isoformat() if row.sent_at else None,
        "fallback_of": row.fallback_of,
        "error": row.last_error,
        "events": [{"at": event.at.isoformat(), "what": event.what.value, "note": event.note} for event in events],
    }


def _state(text: str) -> MessageState:
    try:
        return MessageState(text)
    except ValueError:
        raise ConfigurationError(f"--status {text}: no such state; known: {', '.join(state.value for state in MessageState)}") from None
