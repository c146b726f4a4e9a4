"""The catalogues: what the rules are (data/catalog/rules/*.yml) and what the columns are (data/catalog/columns.yml)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from data.errors import CatalogueError
from data.packs import load_packs
from data.records import Severity
from data.registry import Profile
from data.text import title_key

_CATALOG = Path(__file__).parent / "catalog"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RuleClause(_Strict):
    """Where a duty is written. Only seed and confirmed quotes are cited to users; secondary and memory never are."""

    source: str  # the document's name as users know it
    clause: str
    quote: str | None = None
    paraphrase: str | None = None
    status: Literal["seed", "confirmed", "confirmed-excerpt", "secondary", "memory"]

    @property
    def citable(self) -> bool:
        return self.quote is not None and self.status in ("seed", "confirmed", "confirmed-excerpt")


class Threshold(_Strict):
    value: float
    unit: str  # workday, day, month, hour, column, part, field, percent
    basis: str | None = None  # "product default" where no document states the figure


class Rule(_Strict):
    """One rule: clause, threshold, logic, wording, remedy. `wording` is keyed "status.reason"."""

    id: str
    title_zh: str
    title_en: str
    family: str
    severity: Severity
    applies_to: tuple[Profile, ...]
    columns: tuple[str, ...] = ()
    clauses: tuple[RuleClause, ...]
    threshold: Threshold | None = None
    params: Mapping[str, Any] = Field(default_factory=dict)  # further figures, each named with its unit
    stated: Mapping[str, str] = Field(default_factory=dict)  # figures of `params` that another document states: name -> which
    logic: str  # English prose for `gongkai rules ID`
    traps: tuple[str, ...] = ()
    wording: Mapping[str, str]  # Simplified Chinese sentence templates, str.format fields
    remedy: str  # Simplified Chinese: what to upload, where, in the unit's words
    rectify_workdays: int = 10  # product default of the time to mend
    alert: Literal["automatic", "human-review-first", "report-only"] = "automatic"  # whether a person looks before the unit is told
    enabled: bool = True
    switched_off: str | None = None  # why a rule ships disabled, in English; set where `enabled` is false


class ColumnType(_Strict):
    """One kind of column (栏目) that the field knows, with the names it goes by."""

    id: str
    name: str
    synonyms: tuple[str, ...]
    parent: str | None = None
    content_kind: str
    update_class: str
    required_of: Mapping[str, str]  # district_portal/department/town -> must/should/optional/no
    tails: tuple[str, ...] = ()  # short words that name this kind at the end of a longer name: 水利要闻, 教育动态
    tails_not: tuple[str, ...] = ()  # words before such a tail or a synonym that make it another kind: 市场动态, 会议文件, 党务公开制度
    heads: tuple[str, ...] = ()  # what names this kind at the start of a longer name: 依申请公开指南
    whole: tuple[str, ...] = ()  # of the synonyms, what is too general to name this kind at the end of a longer name: 企业年度报告
    below: tuple[str, ...] = ()  # of the synonyms, what names this kind only where its parent of the catalogue stands above: 意见反馈
    url_hints: tuple[str, ...] = ()
    note: str | None = None
    source: str | None = None


class ColumnCatalogue(_Strict):
    columns: tuple[ColumnType, ...]

    @cached_property
    def _by_id(self) -> Mapping[str, ColumnType]:
        return {column.id: column for column in self.columns}

    @cached_property
    def _above(self) -> Mapping[str, frozenset[str]]:
        return {column.id: frozenset(self._parents(column)) for column in self.columns}

    def _parents(self, column: ColumnType) -> Iterator[str]:
        while column.parent is not None and column.parent in self._by_id:
            column = self._by_id[column.parent]
            yield column.id

    def get(self, column_id: str) -> ColumnType | None:
        return self._by_id.get(column_id)

    def is_within(self, column_id: str, ancestor: str) -> bool:
        """Whether a column is `ancestor` or hangs below it in the catalogue's tree."""
        return column_id == ancestor or ancestor in self._above.get(column_id, ())


@cache
def _column_keys() -> frozenset[str]:
    return frozenset(title_key(name) for column in load_columns().columns for name in (column.name, *column.synonyms))


def is_column_name(text: str) -> bool:
    """Whether a text is what some column of the catalogue is called."""
    return len(text) <= 30 and title_key(text) in _column_keys()


@cache
def load_rules(folder: Path = _CATALOG / "rules") -> Mapping[str, Rule]:
    """Every rule by id, in file order. Raises CatalogueError naming file and key."""
    rules: dict[str, Rule] = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            rule = Rule.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except (yaml.YAMLError, ValidationError) as error:
            raise CatalogueError(f"{path}: {' '.join(str(error).split())}") from None
        if rule.id != path.stem:
            raise CatalogueError(f"{path}: id {rule.id!r} differs from the file's name; name the file {rule.id}.yml")
        rules[rule.id] = rule
    return rules


@cache
def load_columns(path: Path = _CATALOG / "columns.yml") -> ColumnCatalogue:
    """The column catalogue. Raises CatalogueError."""
    try:
        return ColumnCatalogue.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise CatalogueError(f"{path}: {' '.join(str(error).split())}") from None


@cache
def load_reasons(path: Path = _CATALOG / "reasons.yml") -> Mapping[str, str]:
    """Reason key -> what readers are told, in Simplified Chinese. Raises CatalogueError."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {str(key): str(text) for key, text in raw["reasons"].items()}
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise CatalogueError(f"{path}: expected a mapping `reasons` of key to text ({' '.join(str(error).split())})") from None


def gloss(reason: str) -> str:
    """What readers are told for a reason key; a key without a gloss is shown as it is."""
    reasons = load_reasons()
    if reason in reasons:
        return reasons[reason]
    heads = [key for key in reasons if key.endswith("*") and reason.startswith(key[:-1])]
    return reasons[max(heads, key=len)] if heads else f"未能观测（{reason}）"


def known_keys() -> Mapping[str, Iterable[str]]:
    """What a registry may name: the rules, columns and packs of the catalogues, as Registry.load and Registry.parse take them."""
    return {
        "known_rules": load_rules(),
        "known_columns": [column.id for column in load_columns().columns],
        "known_packs": list(load_packs()),
    }
