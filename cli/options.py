"""Options that every verb takes, before the verb or after it."""

from __future__ import annotations

from typing import Annotated

import typer

RegistryOption = Annotated[str | None, typer.Option("--registry", metavar="FILE", help="Registry file (env GONGKAI_REGISTRY).")]
DatabaseOption = Annotated[
    str | None,
    typer.Option("--database", metavar="URL", help="SQLAlchemy URL (env GONGKAI_DATABASE; default: SQLite in the state folder)."),
]
NowOption = Annotated[str | None, typer.Option("--now", metavar="TIME", help="The clock of this run, ISO 8601 (env GONGKAI_NOW).")]
StateOption = Annotated[
    str | None, typer.Option("--state", metavar="DIR", help="Archives, logs, reports (env GONGKAI_STATE; default: var).")
]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show tracebacks and debug logs.")]
SiteOption = Annotated[list[str] | None, typer.Option("--site", metavar="ID", help="Only this site; may be given several times.")]
FailOption = Annotated[bool, typer.Option("--fail-on-violation", help="Exit with 1 where open violations exist.")]
