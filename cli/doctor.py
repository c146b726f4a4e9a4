"""What is missing on this machine or in this configuration, and how to mend it."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from packaging.requirements import Requirement

from alerts.send import validate_channel
from crawler.context import user_agent
from data.calendar import WorkCalendar
from data.calendar_tables import work_calendar
from data.config import RunConfig, fill_env
from data.database import schema_state
from data.errors import ConfigurationError, DatabaseError
from data.machine import find_browser, find_cjk_font
from data.records import SHANGHAI
from data.registry import Registry

_LOCK = Path(__file__).resolve().parents[1] / "requirements.lock"
_MINIMUM_PYTHON = (3, 11, 2)
_LOW_SPACE_BYTES = 2 * 1024**3
_NO_SPACE_BYTES = 200 * 1024**2
# The State Council publishes next year's holidays in November.
_HOLIDAY_NOTICE_MONTH = 11


class Health(StrEnum):
    OK = "ok"
    WARN = "warn"  # works, but less than it could
    BAD = "bad"  # something that was asked for does not work


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at: how it is, what was found, and the mend where one is needed."""

    health: Health
    what: str
    mend: str | None = None


def diagnose(config: RunConfig, registry: Registry | None) -> tuple[Diagnosis, ...]:
    """Look at everything a run needs; changes nothing but a probe file in the state folder.

    `registry` is the one in use; None where none was named, or where the named one is not valid, which the caller tells.
    """
    clock = datetime.now(SHANGHAI)
    return (
        _python(),
        *_packages(_LOCK),
        _browser(),
        _font(),
        _state_folder(config.state),
        _database(config.database),
        _clock(clock, _LOCK),
        *_calendar((config.now or clock).date(), registry),
        *_registry(config, registry),
    )


def _ok(what: str) -> Diagnosis:
    return Diagnosis(Health.OK, what)


def _python() -> Diagnosis:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info >= _MINIMUM_PYTHON:
        return _ok(f"Python {version}")
    return Diagnosis(Health.BAD, f"Python {version} is too old", "install Python 3.11.2 or newer, remove .venv, and run ./gongkai again")


def _packages(lock: Path) -> Iterator[Diagnosis]:
    if not lock.is_file():
        return
    wrong: list[str] = []
    for line in re.findall(r"^[A-Za-z0-9][^\n\\]*", lock.read_text(encoding="utf-8"), re.MULTILINE):
        wanted = Requirement(line.strip())
        if wanted.marker is not None and not wanted.marker.evaluate():
            continue
        try:
            found = importlib.metadata.version(wanted.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{wanted.name} is missing")
            continue
        if not wanted.specifier.contains(found, prereleases=True):
            wrong.append(f"{wanted.name} is {found}, not {str(wanted.specifier).removeprefix('==')}")
    if wrong:
        rest = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        yield Diagnosis(Health.WARN, f"packages differ from the lock: {', '.join(wrong[:3])}{rest}", "remove .venv and run ./gongkai again")
    else:
        yield _ok("packages are those of the lock")


def _browser() -> Diagnosis:
    path = find_browser()
    if path is None:
        what = "no browser: pages that need JavaScript stay unobserved"
        return Diagnosis(Health.WARN, what, "./gongkai setup, or as root: apt-get install chromium-headless-shell")
    try:
        answer = subprocess.run([str(path), "--version"], capture_output=True, text=True, errors="replace", timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Diagnosis(Health.WARN, f"browser {path} does not start ({type(error).__name__})", "./gongkai setup")
    if answer.returncode:
        last = (answer.stderr.strip() or f"exit status {answer.returncode}").splitlines()[-1]
        return Diagnosis(Health.WARN, f"browser {path} does not start ({last})", "./gongkai setup")
    return _ok(f"browser {path}, {answer.stdout.strip()}")


def _font() -> Diagnosis:
    font = find_cjk_font()
    if font is None:
        return Diagnosis(Health.WARN, "no Chinese font: screenshots may show boxes", "as root: apt-get install fonts-noto-cjk")
    return _ok(f"Chinese font {font}")


def _state_folder(folder: Path) -> Diagnosis:
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    mend = "name a folder of your own with --state DIR or GONGKAI_STATE"
    if not there.is_dir():
        return Diagnosis(Health.BAD, f"state folder {folder}: {there} is no folder", mend)
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        return Diagnosis(Health.BAD, f"state folder {folder}: cannot write in {there} ({error.strerror})", mend)
    free = shutil.disk_usage(there).free
    size = f"{free / 1024**3:.1f} GiB free"
    if free < _LOW_SPACE_BYTES:
        health = Health.BAD if free < _NO_SPACE_BYTES else Health.WARN
        return Diagnosis(health, f"state folder {folder}: only {size}", f"free some space, or {mend}")
    return _ok(f"state folder {folder} is writable, {size}")


def _database(url: str) -> Diagnosis:
    try:
        state = schema_state(url)
    except DatabaseError as error:
        return Diagnosis(Health.BAD, str(error).partition("; ")[0], str(error).partition("; ")[2] or "check --database")
    if state.current is None:
        return _ok("database: new, made at the first run")
    if state.current == state.newest:
        return _ok(f"database: schema {state.current}")
    older = state.newest is not None and state.current < state.newest
    return Diagnosis(
        Health.WARN if older else Health.BAD,
        f"database: schema {state.current}, this gongkai has {state.newest}",
        "any command that opens it migrates an older one; a newer one needs the gongkai that made it",
    )


def _clock(now: datetime, made: Path) -> Diagnosis:
    """A clock behind the files it wrote falsifies every deadline."""
    if made.is_file() and now.timestamp() < made.stat().st_mtime - 86400:
        return Diagnosis(
            Health.BAD,
            f"the clock says {now:%Y-%m-%d %H:%M}, which is before this program was installed",
            "set the clock (timedatectl set-ntp true)",
        )
    return _ok(f"clock: {now:%Y-%m-%d %H:%M} in Asia/Shanghai")


def _calendar(today: date, registry: Registry | None) -> Iterator[Diagnosis]:
    try:
        calendar = work_calendar(registry.holidays) if registry is not None else WorkCalendar()
    except ConfigurationError as error:
        what, _, mend = str(error).rpartition("; ")
        yield Diagnosis(Health.BAD, what or str(error), mend)
        return
    yield from _holidays(today, calendar)


def _holidays(today: date, calendar: WorkCalendar) -> Iterator[Diagnosis]:
    years = [today.year] + ([today.year + 1] if today.month >= _HOLIDAY_NOTICE_MONTH else [])
    unknown = [year for year in years if not calendar.known(date(year, 1, 4))]
    if unknown:
        what = f"working days of {', '.join(map(str, unknown))} are not known: deadlines that reach there are provisional"
        yield Diagnosis(
            Health.WARN, what, "once the State Council's holiday notice is out, save its text and run gongkai calendar import FILE --apply"
        )
    else:
        yield _ok(f"working days are known up to {years[-1]}")


def _registry(config: RunConfig, registry: Registry | None) -> Iterator[Diagnosis]:
    if registry is None and config.registry is not None:
        return
    if registry is None:
        yield Diagnosis(Health.WARN, "no registry named", "--registry FILE or GONGKAI_REGISTRY; ./gongkai demo needs none")
        return
    scored = sum(site.scored for site in registry.sites)
    yield _ok(f"registry {config.registry}: {len(registry.sites)} sites, {scored} of them scored")
    yield _contact(config, registry)
    channels = list(_channels(registry))
    bad = 0
    for key, channel in channels:
        for fault in _channel_faults(key, channel):
            bad += 1
            yield fault
    if not channels:
        yield Diagnosis(
            Health.WARN, "no alert channels: nobody is told of findings", "add administrators and supervisors with channels to the registry"
        )
    elif not bad:
        yield _ok(f"alert channels: {len(channels)}, all well formed")


def _contact(config: RunConfig, registry: Registry) -> Diagnosis:
    contact = config.contact or registry.contact
    if contact is None:
        return Diagnosis(
            Health.WARN,
            "no contact: the sites that are crawled cannot tell whom to ask about it",
            "write contact: with an e-mail address or a URL into the registry, or set GONGKAI_CONTACT",
        )
    return _ok(f"the agent names itself {user_agent(contact)}")


def _channels(registry: Registry) -> Iterator[tuple[str, str]]:
    for site in registry.sites:
        for contact in site.administrators:
            for channel in (*contact.channels, *contact.fallback):
                yield f"site {site.id}, {contact.role}", channel
    for key, contacts in (("supervisor", registry.supervisors), ("operator", registry.operators)):
        for contact in contacts:
            for channel in (*contact.channels, *contact.fallback):
                yield f"{key} {contact.role}", channel


def _channel_faults(key: str, channel: str) -> Iterator[Diagnosis]:
    try:
        fill_env(channel, key)
    except ConfigurationError as error:
        what, _, mend = str(error).partition("; ")
        yield Diagnosis(Health.BAD, what, mend)
    fault = validate_channel(channel)
    if fault is not None:
        what, _, mend = fault.partition("; ")
        yield Diagnosis(Health.BAD, f"{key}: {what}", mend or "write an Apprise URL")
