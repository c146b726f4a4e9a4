"""`gongkai`: the verbs, and how an error reaches a person: one line, never a traceback."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_command

from cli import options
from cli.session import remember
from data.errors import ConfigurationError, GongkaiError

DONE, VIOLATIONS, USAGE, IN_PART, FAILED = 0, 1, 2, 3, 4

# Verb -> module, function or sub-app, one line of help. A verb's module is imported when it is called: crawling machinery,
# office formats and messengers take seconds to load, and most verbs need few of them.
VERBS = {
    "run": ("cli.whole_round", "run", "One whole round: crawl, check, alert; writes the week's scorecard when it has closed."),
    "crawl": ("cli.crawl", "crawl", "Crawl every site (or those named); takes up what an interrupted crawl left."),
    "probe": ("cli.crawl", "probe", "Visit each home page once, to see whether it opens."),
    "check": ("cli.check", "check", "Judge what is stored and bring the findings up to date."),
    "alert": ("cli.alert", "alert", "Send what is due: new, escalated, due-soon, resolved."),
    "deliveries": ("cli.deliveries", "app", "The delivery log; with a verb: show a message whole, or give dead ones another try."),
    "schedule": ("cli.schedule", "schedule", "Run everything at its time on this machine, until stopped."),
    "scorecard": ("cli.scorecard", "scorecard", "Weekly scorecards as .xlsx, .docx, .html and .json, with charts."),
    "findings": (
        "cli.recheck",
        "app",
        "The findings ledger; with a verb: show, release, ack, appeal, decide, waive, explain, withdraw, recheck.",
    ),
    "ledger": ("cli.ledger", "app", "The rectification ledger as a workbook: write it, and load what an office corrected in it."),
    "evidence": ("cli.evidence", "app", "Prove what findings rest on, write it out, prune the archive."),
    "verdicts": ("cli.findings", "verdicts", "Every verdict of the last check."),
    "documents": ("cli.documents", "documents", "What was extracted from each stored page."),
    "extract": ("cli.extract", "extract", "Extract saved pages (bytes, any encoding), one JSON line each."),
    "columns": ("cli.columns", "columns", "The column tree as found, beside the columns that the profile requires."),
    "rules": ("cli.rules", "rules", "The rule catalogue; with an id: clause, threshold, logic, how to mend."),
    "registry": ("cli.registry", "app", "Check or import a registry."),
    "calendar": ("cli.calendar", "app", "Working days: show a year, or import the State Council's holiday notice."),
    "demo": ("cli.demo", "demo", "The whole job, offline, on a simulated district."),
    "doctor": ("cli.doctor_verb", "doctor", "What is missing on this machine or in this configuration, and how to mend it."),
}


class Verbs(TyperGroup):
    """The verbs, each loaded when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in VERBS:
            return None
        module, attribute, _ = VERBS[cmd_name]
        found: Any = getattr(import_module(module), attribute)
        if not isinstance(found, typer.Typer):
            single = typer.Typer(add_completion=False, rich_markup_mode=None)
            single.command(cmd_name)(found)
            found = single
        command = get_command(found)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in VERBS.items()])


app = typer.Typer(
    cls=Verbs,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Watch the disclosure columns of government websites and judge them against written policy.",
)


@app.callback()
def common(
    registry: options.RegistryOption = None,
    database: options.DatabaseOption = None,
    now: options.NowOption = None,
    state: options.StateOption = None,
    debug: options.DebugOption = False,
) -> None:
    remember(registry=registry, database=database, now=now, state=state, debug=debug)


def main() -> NoReturn:
    """Run a verb; exit with 0 done, 1 violations, 2 usage or configuration, 3 in part, 4 failed."""
    debug = "--debug" in sys.argv[1:]
    try:
        app()
    except GongkaiError as error:
        if debug:
            raise
        print(f"gongkai: {error}", file=sys.stderr)
        sys.exit(USAGE if isinstance(error, ConfigurationError) else FAILED)
    except (FileNotFoundError, PermissionError, NotADirectoryError, IsADirectoryError, FileExistsError) as error:
        if debug:
            raise
        print(f"gongkai: {error.filename}: {error.strerror}; give a path that can be read or written", file=sys.stderr)
        sys.exit(USAGE)
    except Exception as error:
        if debug:
            raise
        print(f"gongkai: failed: {type(error).__name__}: {' '.join(str(error).split())}; --debug shows where", file=sys.stderr)
        sys.exit(FAILED)
    sys.exit(DONE)
