"""`gongkai schedule`: the scheduler of one machine."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.dispatch import Dispatcher
from cli.findings import FormatOption, OutOption
from cli.output import Format, write_rows
from cli.registry import check_channels
from cli.session import Session, verb
from data.catalogue import known_keys
from data.config import child_environment
from data.errors import ConfigurationError, RegistryError
from data.holding import Right, hold
from data.records import SHANGHAI
from data.registry import Registry
from data.schedule import Schedule, Task

_ROOT = Path(__file__).resolve().parents[1]
_COLUMNS = (
    ("task", "任务"), ("next_at", "下次运行"), ("running_since", "正在运行"), ("started_at", "最近开始"), ("finished_at", "最近结束"), ("status", "结束状态"),
)  # fmt: skip
_LOOK_SECONDS, _BUSY_SECONDS = 20.0, 0.5  # how often the table is looked at; how often a running process is
_PR_SET_PDEATHSIG = 1


@verb
def schedule(
    session: Session,
    once: Annotated[bool, typer.Option("--once", help="Run what is due now and what follows from it, then exit; for cron.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="Print when each task ran and runs next; runs nothing.")] = False,
    form: FormatOption = Format.TABLE,
    out: OutOption = None,
) -> int:
    """Run everything at its time on this machine, until stopped: crawls, probes, checks, alerts, scorecards."""
    if listed:
        write_rows(session, (_row(task) for task in Schedule(session.database).tasks()), _COLUMNS, form, out)
        return 0
    if session.config.now is not None and not once:
        raise ConfigurationError("--now: a scheduler goes by the real clock; leave --now and GONGKAI_NOW out, or add --once")
    check_channels(session.registry, str(session.config.registry))
    with hold(session.database, Right.SCHEDULE) as mine:
        if not mine:
            said = "another scheduler runs on this database"
            if once:
                session.console.print(f"{said}; it runs what is due")
                return 0
            raise ConfigurationError(f"{said}; stop it first, or give this one a database of its own with --database")
        return _serve(session, once=once)


def _serve(session: Session, *, once: bool) -> int:
    dispatcher = Dispatcher(session.database, session.registry, _launcher(session), lambda line: _say(session, line))
    stopped = threading.Event()
    before = {name: signal.signal(name, lambda *_: stopped.set()) for name in (signal.SIGTERM, signal.SIGINT)}
    clock: Callable[[], datetime] = (lambda: session.now) if session.config.now is not None else lambda: datetime.now(SHANGHAI)
    try:
        loop(dispatcher, clock, stopped, once=once, reread=_reread(session))
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
    return 3 if once and dispatcher.failures else 0


def loop(
    dispatcher: Dispatcher,
    clock: Callable[[], datetime],
    stopped: threading.Event,
    *,
    once: bool,
    reread: Callable[[], Registry | None] = lambda: None,
) -> None:
    """Tick until stopped, or, `once`, until nothing runs and nothing is due; then stop what runs and record its end."""
    dispatcher.begin(clock())
    while not stopped.is_set():
        registry = reread()
        if registry is not None:
            dispatcher.adopt(registry, clock())
        dispatcher.tick(clock())
        upcoming = dispatcher.next_at()
        left = (upcoming - clock()).total_seconds() if upcoming is not None else _LOOK_SECONDS
        if once and not dispatcher.running and left > 0:
            return
        stopped.wait(_BUSY_SECONDS if dispatcher.running else min(max(left, 0.0), _LOOK_SECONDS))
    dispatcher.stop()
    while dispatcher.running:
        if all(run.process.status() is None for run in dispatcher.running):
            threading.Event().wait(0.05)
        dispatcher.reap(clock())


def _reread(session: Session) -> Callable[[], Registry | None]:
    """The registry anew whenever its file has changed; one that is not valid is said once and the old one goes on."""
    path = session.config.registry
    assert path is not None
    known = [path.stat().st_mtime_ns]

    def reread() -> Registry | None:
        try:
            changed = path.stat().st_mtime_ns
            if changed == known[0]:
                return None
            known[0] = changed
            registry = Registry.load(path, **known_keys())
            check_channels(registry, str(path))
        except (OSError, RegistryError, ConfigurationError) as error:
            _say(session, f"{error}; the registry as it was goes on")
            return None
        _say(session, f"{path}: read again")
        return registry

    return reread


class _Child:
    """A verb in a process of its own."""

    def __init__(self, arguments: Sequence[str], environment: dict[str, str]) -> None:
        code = f"import sys; sys.path.insert(0, {str(_ROOT)!r}); from cli.main import main; main()"
        self._process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments], stdin=subprocess.DEVNULL, env=environment, preexec_fn=_die_with_parent
        )

    def status(self) -> int | None:
        return self._process.poll()

    def stop(self) -> None:
        self._process.terminate()


def _die_with_parent() -> None:
    """A child whose scheduler is killed stops too, as at SIGTERM: its crawl is left so that the next one goes on."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _launcher(session: Session) -> Callable[[Sequence[str]], _Child]:
    environment = child_environment(session.config)
    return lambda arguments: _Child(arguments, environment)


def _say(session: Session, line: str) -> None:
    session.console.print(f"{datetime.now(SHANGHAI):%Y-%m-%d %H:%M:%S} {line}")
    session.console.file.flush()


def _row(task: Task) -> dict[str, object]:
    def shown(moment: datetime | None) -> str | None:
        return moment.isoformat(timespec="seconds") if moment is not None else None

    return {
        "task": task.id,
        "kind": task.kind,
        "site": task.site,
        "next_at": shown(task.next_at),
        "running_since": shown(task.running_since),
        "started_at": shown(task.started_at),
        "finished_at": shown(task.finished_at),
        "status": task.status,
    }
