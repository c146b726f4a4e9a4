"""Policy packs (data/catalog/packs/*.yml): what each document asks, duty by duty, and which rules judge it.

`core` takes every rule of the catalogue with its default threshold. The pack of a document lists every numbered duty of it in its
order; the rules that its duties name are those that the pack brings into force.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from data.errors import CatalogueError

_PACKS = Path(__file__).parent / "catalog" / "packs"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DutyRule(_Strict):
    """A rule that judges a duty, with the figures that this document sets for it."""

    rule: str
    threshold: float | None = Field(default=None, ge=0)  # in the unit of the rule
    params: Mapping[str, Any] = Field(default_factory=dict)


class Duty(_Strict):
    """One duty: judged by rules, or not, with the reason. Texts are Simplified Chinese."""

    clause: str  # the number as printed, with those of the headings above it: 二(一)13
    quote: str  # exact, short
    duty: str  # in one line
    source: str | None = None  # the document, where the pack has several
    rules: tuple[DutyRule, ...] = ()
    observes: str | None = None  # what a crawl sees of it
    not_covered: str | None = None  # visible, and no rule judges it yet: why
    not_visible: str | None = None  # why a crawl cannot see it

    @model_validator(mode="after")
    def _one_answer(self) -> Self:
        if sum([bool(self.rules), self.not_covered is not None, self.not_visible is not None]) != 1:
            raise ValueError(f"{self.clause}: give exactly one of rules, not_covered, not_visible")
        if self.rules and not self.observes:
            raise ValueError(f"{self.clause}: say what is observed")
        return self


class Pack(_Strict):
    """One pack."""

    id: str
    title: str  # Simplified Chinese
    describes: str  # what it is for, in English
    document: str | None = None  # of a document's pack: its name as clauses cite it
    sources: tuple[str, ...] = ()  # of a pack of several documents: what their names contain
    since: date | None = None  # from when on its document asks: the day it was issued
    every_rule: bool = False
    duties: tuple[Duty, ...] = ()

    def owns(self, source: str) -> bool:
        """Whether a clause's source is a document of this pack."""
        return source == self.document or any(part in source for part in self.sources)

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that its duties name, each once, in their order."""
        return tuple(dict.fromkeys(named.rule for named, _ in self.named()))

    def named(self) -> Iterator[tuple[DutyRule, Duty]]:
        """Every naming of a rule, with its duty."""
        return ((named, duty) for duty in self.duties for named in duty.rules)

    def source_of(self, duty: Duty) -> str:
        return duty.source or self.document or self.title


@cache
def load_packs(folder: Path = _PACKS) -> Mapping[str, Pack]:
    """Every pack by id: core, national, then the others by name. Raises CatalogueError naming file and key."""
    packs: dict[str, Pack] = {}
    for path in sorted(folder.glob("*.yml"), key=lambda path: (path.stem != "core", path.stem != "national", path.stem)):
        try:
            pack = Pack.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except (OSError, yaml.YAMLError, ValidationError) as error:
            raise CatalogueError(f"{path}: {' '.join(str(error).split())}") from None
        if pack.id != path.stem:
            raise CatalogueError(f"{path}: id {pack.id!r} differs from the file's name; name the file {pack.id}.yml")
        packs[pack.id] = pack
    return packs


def is_national(source: str) -> bool:
    """Whether a clause's source is a national document."""
    return load_packs()["national"].owns(source)
