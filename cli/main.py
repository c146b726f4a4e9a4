"""`gongkai`: the verbs, and how an error reaches a person: one line, never a traceback."""

from __future__ import annotations

import sys
from typing import NoReturn

import click
import typer

from cli import alert, check, crawl, demo, documents, findings, options, registry, rules, scorecard, whole_round
from cli import doctor_verb as doctor
from cli.session import remember
from data.errors import ConfigurationError, GongkaiError

DONE, VIOLATIONS, USAGE, IN_PART, FAILED = 0, 1, 2, 3, 4

app = typer.Typer(
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


app.command("run")(whole_round.run)
app.command("crawl")(crawl.crawl)
app.command("probe")(crawl.probe)
app.command("check")(check.check)
app.command("alert")(alert.alert)
app.command("scorecard")(scorecard.scorecard)
app.command("findings")(findings.findings)
app.command("verdicts")(findings.verdicts)
app.command("documents")(documents.documents)
app.command("extract")(documents.extract)
app.command("columns")(documents.columns)
app.command("rules")(rules.rules)
app.add_typer(registry.app, name="registry")
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)


def main() -> NoReturn:
    """Run a verb; exit with 0 done, 1 violations, 2 usage or configuration, 3 in part, 4 failed."""
    debug = "--debug" in sys.argv[1:]
    try:
        app(standalone_mode=False)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE)
    except (KeyboardInterrupt, click.Abort):
        print("stopped; what was stored is kept, and the next run goes on", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(DONE)
    except GongkaiError as error:
        if debug:
            raise
        print(f"gongkai: {error}", file=sys.stderr)
        sys.exit(USAGE if isinstance(error, ConfigurationError) else FAILED)
    except Exception as error:
        if debug:
            raise
        print(f"gongkai: failed: {type(error).__name__}: {' '.join(str(error).split())}; --debug shows where", file=sys.stderr)
        sys.exit(FAILED)
    sys.exit(DONE)
