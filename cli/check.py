"""`gongkai check`: judge what is stored; needs no network."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer

from checks.runner import CheckError
from cli.judging import check_round
from cli.options import FailOption, SiteOption
from cli.session import Session, verb

RuleOption = Annotated[list[str] | None, typer.Option("--rule", metavar="ID", help="Only this rule; may be given several times.")]


@verb
def check(session: Session, site: SiteOption = None, rule: RuleOption = None, fail_on_violation: FailOption = False) -> int:
    """Judge what is stored and bring the findings up to date."""
    judged = check_round(session, session.scored(site), rule)
    session.console.print(judged.summary)
    tell_errors(session, judged.errors)
    if judged.errors:
        return 4
    return 1 if fail_on_violation and judged.violations else 0


def tell_errors(session: Session, errors: Iterable[CheckError]) -> None:
    """Say what broke on our side, each in a line."""
    for error in errors:
        session.errors.print(f"our own check broke: rule {error.rule}, site {error.site}: {error.error}; report it")
