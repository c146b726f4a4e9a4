"""One run of one verb: its configuration, and what it opens on demand."""

from __future__ import annotations

import inspect
import logging
import os
import sys
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, wraps
from logging.handlers import RotatingFileHandler
from typing import Any

import typer
from rich.console import Console

from data.calendar import WorkCalendar
from data.calendar_tables import work_calendar
from data.catalogue import Rule, known_keys
from data.config import RunConfig, run_config
from data.database import Database
from data.errors import ConfigurationError
from data.in_force import rules_anywhere, rules_for
from data.records import SHANGHAI
from data.registry import Registry, Site

INTERRUPTED = 130  # as shells count a Ctrl-C

COMMON = ("registry", "database", "now", "state", "debug")


@dataclass
class Session:
    """What a verb works with. Opens nothing before it is asked for."""

    config: RunConfig
    console: Console = field(default_factory=lambda: _console(stderr=False))
    errors: Console = field(default_factory=lambda: _console(stderr=True))

    @cached_property
    def now(self) -> datetime:
        """The clock of this run; read once, so that a run has one moment."""
        return self.config.now or datetime.now(SHANGHAI)

    @cached_property
    def registry(self) -> Registry:
        if self.config.registry is None:
            raise ConfigurationError("no registry: give --registry FILE or set GONGKAI_REGISTRY; `gongkai demo` writes one to look at")
        return Registry.load(self.config.registry, **known_keys())

    @cached_property
    def database(self) -> Database:
        return Database.open(self.config.database)

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """Every rule that some site has in force."""
        return rules_anywhere(self.registry)

    def rules_of(self, site: Site) -> Mapping[str, Rule]:
        """The rules in force for a site, by the thresholds and clauses that hold there."""
        return rules_for(self.registry, site)

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The working days of the registry; chinesecalendar's where no registry is named."""
        return work_calendar(self.registry.holidays) if self.config.registry is not None else WorkCalendar()

    def sites(self, ids: list[str] | None) -> tuple[Site, ...]:
        return self.registry.select(ids or ())

    def scored(self, ids: list[str] | None) -> tuple[Site, ...]:
        """The sites that are judged: upper sites are watched, not scored."""
        return tuple(site for site in self.sites(ids) if site.scored)

    def close(self) -> None:
        if "database" in self.__dict__:
            self.database.close()


def _console(*, stderr: bool) -> Console:
    """A terminal tells its width; a file or a pipe has room for whole lines."""
    console = Console(stderr=stderr, highlight=False, markup=False, soft_wrap=True)
    if not console.is_terminal:
        console.width = 200
    return console


_before_verb: ContextVar[dict[str, Any] | None] = ContextVar("common options given before the verb", default=None)


def remember(**common: Any) -> None:
    """Keep the common options that stood before the verb."""
    _before_verb.set(common)


def open_session(**common: Any) -> Session:
    """A session from the options after the verb, then those before it, then the environment."""
    before = _before_verb.get() or {}
    merged = {name: common.get(name) or before.get(name) for name in COMMON}
    config = run_config(
        registry=merged["registry"], database=merged["database"], now=merged["now"], state=merged["state"], debug=bool(merged["debug"])
    )
    configure_logging(config)
    return Session(config)


def verb(function: Callable[..., int | None]) -> Callable[..., None]:
    """A verb: takes a Session first, gives an exit status. The common options become options of its own."""
    from cli import options

    kinds = {
        "registry": options.RegistryOption, "database": options.DatabaseOption, "now": options.NowOption,
        "state": options.StateOption, "debug": options.DebugOption,
    }  # fmt: skip

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        common = {name: kwargs.pop(name) for name in COMMON}
        session = open_session(**common)
        try:
            status = function(session, *args, **kwargs)
        except BrokenPipeError:
            # Whoever reads us has seen enough; the interpreter must not complain while it closes.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            status = 0
        except KeyboardInterrupt:
            session.errors.print("stopped; what was stored is kept, and the next run goes on")
            status = INTERRUPTED
        finally:
            session.close()
        sys.exit(status or 0)

    own = inspect.signature(function, eval_str=True)
    parameters = [parameter for name, parameter in own.parameters.items() if name != "session"]
    parameters += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=False if name == "debug" else None, annotation=kind)
        for name, kind in kinds.items()
    ]
    run.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def default_verb(function: Callable[..., int | None]) -> Callable[..., None]:
    """A verb that a group of verbs runs where none of them is named; options before the named one are remembered for it."""
    inner = verb(function)

    @wraps(inner)
    def run(ctx: typer.Context, *args: Any, **kwargs: Any) -> None:
        if ctx.invoked_subcommand is None:
            inner(*args, **kwargs)
            return
        before = _before_verb.get() or {}
        remember(**{name: kwargs.get(name) or before.get(name) for name in COMMON})

    own = inspect.signature(inner)
    parameters = [inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context), *own.parameters.values()]
    run.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def configure_logging(config: RunConfig) -> None:
    """Logs go to a file under the state folder; the terminal is for people."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
        if isinstance(handler, logging.FileHandler):
            handler.close()
    try:
        config.logs.mkdir(parents=True, exist_ok=True)
        target: logging.Handler = RotatingFileHandler(config.logs / "gongkai.log", maxBytes=20 * 1024**2, backupCount=5, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"--state {config.state}: cannot be written ({error.strerror}); give a folder that can, with --state DIR or GONGKAI_STATE"
        ) from None
    target.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(target)
    root.setLevel(logging.DEBUG if config.debug else logging.INFO)
    for noisy in ("asyncio", "matplotlib", "fontTools", "PIL", "urllib3", "apprise", "alembic", "scrapy.core.engine"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
