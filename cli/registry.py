"""`gongkai registry check` and `gongkai registry import`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.session import Session, verb
from data.calendar_tables import work_calendar
from data.catalogue import known_keys
from data.config import unset_env
from data.errors import ConfigurationError
from data.in_force import rules_by_site
from data.registry import Registry
from data.registry_sheet import read_sheet

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, help="Check or import a registry.")


@app.command("check")
@verb
def check(session: Session, file: Annotated[Path, typer.Argument(metavar="FILE")]) -> int:
    """Validate a registry, or a sheet to import; every fault in one line: file, key, mend."""
    registry = load(file)
    rules_by_site(registry)
    work_calendar(registry.holidays)
    check_channels(registry, str(file))
    scored = sum(site.scored for site in registry.sites)
    session.console.print(f"{file}: valid: {len(registry.sites)} sites ({scored} scored), {len(registry.supervisors)} supervisors")
    unset = sorted({name for channel in _channels(registry) for name in unset_env(channel)})
    if unset:
        session.console.print(
            f"not set in this environment: {', '.join(unset)}; the channels that name them cannot be reached until they are"
        )
    untold = [site.id for site in registry.sites if site.scored and not any(contact.channels for contact in site.administrators)]
    if untold:
        session.console.print(f"no administrator with a channel: {', '.join(untold)}; their findings reach supervisors only")
    return 0


@app.command("import")
@verb
def import_(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=".xlsx or .csv with the registry's columns.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.yml", help="Where the registry is written.")] = Path("registry.yml"),
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
) -> int:
    """Import a registry from .xlsx or .csv and write it as YAML."""
    text = read_sheet(file)
    Registry.parse(text, str(file), **known_keys())
    if out.exists() and not force:
        raise ConfigurationError(f"--out {out}: exists already; give another name, or --force to overwrite it")
    out.write_text(text, encoding="utf-8")
    session.console.print(f"written: {out}")
    return 0


def _channels(registry: Registry) -> list[str]:
    contacts = [contact for site in registry.sites for contact in site.administrators] + [*registry.supervisors, *registry.operators]
    return [channel for contact in contacts for channel in (*contact.channels, *contact.fallback)]


def check_channels(registry: Registry, where: str) -> None:
    """Every Apprise URL has to parse before anything is sent. Raises ConfigurationError; ${ENV} that is not set here is left to the run."""
    from alerts.send import validate_channel

    contacts = [(f"site {site.id}: administrators", contact) for site in registry.sites for contact in site.administrators]
    contacts += [("supervisors", contact) for contact in registry.supervisors] + [("operators", contact) for contact in registry.operators]
    faults = [
        f"{where}: {key}: {fault}"
        for key, contact in contacts
        for channel in (*contact.channels, *contact.fallback)
        if "${" not in channel and (fault := validate_channel(channel))
    ]
    if faults:
        raise ConfigurationError("\n".join(faults))


def load(file: Path) -> Registry:
    """A registry from YAML, or from a sheet."""
    known = known_keys()
    if file.suffix.lower() in (".xlsx", ".csv"):
        return Registry.parse(read_sheet(file), str(file), **known)
    return Registry.load(file, **known)
