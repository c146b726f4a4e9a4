"""The one reader of the environment, and what a run is told: registry, database, clock, state folder."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data.errors import ConfigurationError
from data.records import SHANGHAI


@dataclass(frozen=True, slots=True)
class Retention:
    """How long and how much is archived; None: without end. The evidence of a finding stays so many days after it was closed."""

    days: int | None = None
    bytes: int | None = None
    closed_days: int = 365

    @property
    def limited(self) -> bool:
        return self.days is not None or self.bytes is not None


@dataclass(frozen=True, slots=True)
class RunConfig:
    """What one run is told. `now` is the clock of the run; None means the real clock."""

    state: Path
    database: str
    registry: Path | None
    now: datetime | None
    debug: bool = False
    retention: Retention = Retention()
    contact: str | None = None  # whom the agent names to the sites it visits, where the registry is not to say so

    @property
    def archive(self) -> Path:
        return self.state / "archive"

    @property
    def reports(self) -> Path:
        return self.state / "reports"

    @property
    def logs(self) -> Path:
        return self.state / "logs"


def parse_moment(text: str, key: str) -> datetime:
    """Parse an ISO 8601 time; without an offset it is Asia/Shanghai. Raises ConfigurationError."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ConfigurationError(f"{key}: {text!r} is no time; write ISO 8601, such as 2026-11-22T12:00:00+08:00") from None
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)


def contact_line(text: str, key: str) -> str:
    """A contact as it can stand in a header: printable ASCII, no brackets. Raises ConfigurationError."""
    line = text.strip()
    if not re.fullmatch(r"[!-'*-:<-~ ]{3,200}", line):
        raise ConfigurationError(
            f"{key}: {text!r} cannot stand in a header; write an e-mail address, a URL or a telephone number in plain ASCII, "
            "such as gongkai@example.gov.cn"
        )
    return line


def run_config(
    *,
    registry: str | None = None,
    database: str | None = None,
    now: str | None = None,
    state: str | None = None,
    debug: bool = False,
    environ: Mapping[str, str] | None = None,
) -> RunConfig:
    """Options first, then GONGKAI_* of the environment, then the defaults (state folder: ./var)."""
    env = os.environ if environ is None else environ
    folder = Path(state or env.get("GONGKAI_STATE") or "var").expanduser()
    moment = now or env.get("GONGKAI_NOW")
    file = registry or env.get("GONGKAI_REGISTRY")
    return RunConfig(
        state=folder,
        database=database or env.get("GONGKAI_DATABASE") or f"sqlite:///{folder / 'gongkai.sqlite'}",
        registry=Path(file).expanduser() if file else None,
        now=parse_moment(moment, "--now" if now else "GONGKAI_NOW") if moment else None,
        debug=debug,
        retention=_retention(env),
        contact=contact_line(env["GONGKAI_CONTACT"], "GONGKAI_CONTACT") if env.get("GONGKAI_CONTACT") else None,
    )


def _retention(env: Mapping[str, str]) -> Retention:
    days = _whole_number(env, "GONGKAI_ARCHIVE_DAYS")
    size = _whole_number(env, "GONGKAI_ARCHIVE_BYTES")
    closed = _whole_number(env, "GONGKAI_ARCHIVE_CLOSED_DAYS")
    return Retention(days, size, Retention().closed_days if closed is None else closed)


_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


def _whole_number(env: Mapping[str, str], name: str) -> int | None:
    """A number of the environment; 20G and 500M are bytes. Raises ConfigurationError."""
    text = env.get(name, "").strip()
    if not text:
        return None
    found = re.fullmatch(r"(\d{1,15})([kmgt]?)", text, re.I)
    if found is None or (found.group(2) and not name.endswith("BYTES")):
        form = "a whole number of bytes, or 500M, 20G" if name.endswith("BYTES") else "a whole number of days"
        raise ConfigurationError(f"{name}: {text!r} is no limit; write {form}, or leave it out to keep everything")
    return int(found.group(1)) * _UNITS[found.group(2).lower()]


def child_environment(config: RunConfig, environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a process that runs a verb for this run: a database URL may bear a password, which no command line shows."""
    env = dict(os.environ if environ is None else environ)
    env |= {"GONGKAI_STATE": str(config.state), "GONGKAI_DATABASE": config.database}
    if config.registry is not None:
        env["GONGKAI_REGISTRY"] = str(config.registry)
    if config.now is not None:
        env["GONGKAI_NOW"] = config.now.isoformat()
    return env


_ENV = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def unset_env(text: str, environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The ${NAME}s of a text that the environment lacks."""
    env = os.environ if environ is None else environ
    return tuple(name for name in _ENV.findall(text) if name not in env)


def fill_env(text: str, key: str, environ: Mapping[str, str] | None = None) -> str:
    """Fill ${NAME} from the environment. Raises ConfigurationError naming the variable that is not set."""
    env = os.environ if environ is None else environ

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in env:
            raise ConfigurationError(f"{key}: environment variable {name} is not set; export it, or write the channel without ${{{name}}}")
        return env[name]

    return _ENV.sub(value, text)
