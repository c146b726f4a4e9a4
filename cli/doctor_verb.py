"""`gongkai doctor`: what is missing on this machine or in this configuration, and how to mend it."""

from __future__ import annotations

from cli.doctor import Health, diagnose
from cli.session import Session, verb
from data.errors import ConfigurationError
from data.registry import Registry

_SIGNS = {Health.OK: "ok  ", Health.WARN: "warn", Health.BAD: "BAD "}


@verb
def doctor(session: Session) -> int:
    """What is missing on this machine or in this configuration, and how to mend it."""
    registry: Registry | None = None
    problem: ConfigurationError | None = None
    if session.config.registry is not None:
        try:
            registry = session.registry
        except ConfigurationError as error:
            problem = error
    diagnoses = diagnose(session.config, registry)
    for diagnosis in diagnoses:
        mend = f" → {diagnosis.mend}" if diagnosis.mend and diagnosis.health is not Health.OK else ""
        session.console.print(f"{_SIGNS[diagnosis.health]}  {diagnosis.what}{mend}")
    if problem is not None:
        session.console.print(f"BAD   {problem}")
    return 2 if problem is not None or any(diagnosis.health is Health.BAD for diagnosis in diagnoses) else 0
