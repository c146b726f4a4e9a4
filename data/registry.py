"""The registry: which sites are watched, for whom, and by what rules. Read from YAML, validated whole."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from data.config import contact_line
from data.errors import ConfigurationError, RegistryError
from data.registry_delivery import DeliveryOptions
from data.registry_notices import FindingOptions, NoticeOptions
from data.registry_rules import HolidayOptions, Holidays, RuleOverride
from data.registry_schedule import ScheduleOptions, Window
from data.registry_scorecard import ScorecardOptions

ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_ID_MEND = "ids are short lower-case kebab-case keys such as example-portal"


class Level(StrEnum):
    STATE = "state"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"


class Profile(StrEnum):
    DISTRICT_PORTAL = "district-portal"
    DEPARTMENT = "department"
    TOWN = "town"


class Role(StrEnum):
    SCORED = "scored"
    UPSTREAM = "upstream"


class Render(StrEnum):
    AUTO = "auto"
    NEVER = "never"
    ALWAYS = "always"


def _http_url(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("expected a URL such as http://www.example.gov.cn/")
    try:
        parts = urlsplit(value.strip())
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or re.search(r"\s", value.strip()):
        raise ValueError(f"{value!r} is no URL; write http:// or https:// and a host, such as http://www.example.gov.cn/")
    return value.strip()


def http_url(text: str, key: str) -> str:
    """An http(s) URL as it stands, checked. Raises ConfigurationError naming the key."""
    try:
        return str(_http_url(text))
    except ValueError as error:
        raise ConfigurationError(f"{key}: {error}") from None


HttpUrl = Annotated[str, BeforeValidator(_http_url)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Contact(_Strict):
    """A person who is told: a role and the Apprise URLs that reach it; ${ENV} is filled in at run time.

    `fallback` are the ones that are used where one of `channels` fails.
    """

    role: str
    name: str | None = None
    channels: tuple[str, ...] = ()
    fallback: tuple[str, ...] = ()


class CrawlOptions(_Strict):
    """How a site is crawled. Times are in seconds; delay is that between two requests to one address; window: when the schedule may crawl it.

    Of the files that its pages offer so many are read in a crawl, of documents no older than so many days, each of at most so many bytes.
    """

    delay: float = Field(default=1.5, ge=0, le=600)
    concurrency: int = Field(default=1, ge=1, le=16)
    render: Render = Render.AUTO
    obey_robots: bool = True
    max_pages: int = Field(default=20000, ge=1)
    timeout: float = Field(default=45, ge=0.1, le=600)
    max_bytes: int = Field(default=10 * 1024 * 1024, ge=1024)
    daily_budget: int = Field(default=30000, ge=1)
    cool_down: float = Field(default=60, ge=0, le=3600)
    max_wait: float = Field(default=600, ge=0, le=86400)
    max_crawl_delay: float = Field(default=30, ge=0, le=600)
    window: Window | None = None
    files_per_crawl: int = Field(default=200, ge=0)
    file_days: int = Field(default=730, ge=1)
    max_file_bytes: int = Field(default=10 * 1024 * 1024, ge=1024)


class MustRepost(_Strict):
    """Which items of an upper site lower sites have to carry."""

    columns: tuple[HttpUrl, ...] = Field(min_length=1)
    title_any: tuple[str, ...] = ()


class Site(_Strict):
    """One watched site, or a unit whose columns live on its parent's portal."""

    id: str
    name: str
    unit: str | None = None
    level: Level = Level.COUNTY
    profile: Profile | None = None
    home: HttpUrl
    role: Role = Role.SCORED
    parent: str | None = None
    upper: tuple[str, ...] = ()
    site_code: str | None = None
    columns: Mapping[str, HttpUrl] = Field(default_factory=dict)
    packs: tuple[str, ...] = Field(default=("core",), min_length=1)
    rules: Mapping[str, RuleOverride] = Field(default_factory=dict)
    administrators: tuple[Contact, ...] = ()
    crawl: CrawlOptions = CrawlOptions()
    must_repost: MustRepost | None = None

    @field_validator("id")
    @classmethod
    def _kebab(cls, value: str) -> str:
        if not re.match(ID, value):
            raise ValueError(f"{value!r} is no id; {_ID_MEND}")
        return value

    @field_validator("site_code", mode="before")
    @classmethod
    def _code_as_text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value

    @property
    def scored(self) -> bool:
        return self.role is Role.SCORED


class Registry(_Strict):
    """The whole registry file."""

    version: Literal[1]
    region: str = ""
    contact: str | None = None
    sites: tuple[Site, ...] = Field(min_length=1)
    supervisors: tuple[Contact, ...] = ()
    operators: tuple[Contact, ...] = ()
    notices: NoticeOptions = NoticeOptions()
    findings: FindingOptions = FindingOptions()
    delivery: DeliveryOptions = DeliveryOptions()
    schedule: ScheduleOptions = ScheduleOptions()
    scorecard: ScorecardOptions = ScorecardOptions()
    rules: Mapping[str, RuleOverride] = Field(default_factory=dict)
    holidays: Holidays = HolidayOptions()

    @field_validator("contact")
    @classmethod
    def _in_a_header(cls, value: str | None) -> str | None:
        try:
            return contact_line(value, "contact") if value is not None else None
        except ConfigurationError as error:
            raise ValueError(str(error).partition(": ")[2]) from None

    def site(self, site_id: str) -> Site:
        for site in self.sites:
            if site.id == site_id:
                return site
        known = ", ".join(site.id for site in self.sites[:8])
        raise RegistryError(f"unknown site {site_id!r}; the registry has: {known}{' …' if len(self.sites) > 8 else ''}")

    def select(self, site_ids: Iterable[str]) -> tuple[Site, ...]:
        """The named sites, or all of them where none is named."""
        ids = list(site_ids)
        return tuple(self.site(site_id) for site_id in ids) if ids else self.sites

    @classmethod
    def load(
        cls, path: Path, *, known_rules: Iterable[str] = (), known_columns: Iterable[str] = (), known_packs: Iterable[str] = ()
    ) -> Self:
        """Read and validate a registry file.

        Raises RegistryError with one line a fault: file, key, what is wrong, the mend.
        """
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise RegistryError(f"{path}: no such file; give the registry with --registry FILE or GONGKAI_REGISTRY") from None
        except (OSError, UnicodeDecodeError) as error:
            raise RegistryError(f"{path}: cannot be read as UTF-8 text ({error}); save the registry as UTF-8") from None
        registry = cls.parse(text, str(path), known_rules=known_rules, known_columns=known_columns, known_packs=known_packs)
        return registry.model_copy(update={"holidays": registry.holidays.beside(path)})

    @classmethod
    def parse(
        cls, text: str, where: str, *, known_rules: Iterable[str] = (), known_columns: Iterable[str] = (), known_packs: Iterable[str] = ()
    ) -> Self:
        """Validate registry text; `where` names it in errors."""
        try:
            raw = yaml.load(text, Loader=_UniqueKeyLoader)  # noqa: S506 - a SafeLoader that also refuses repeated keys
        except yaml.YAMLError as error:
            raise RegistryError(f"{where}: not valid YAML: {_one_line(error)}") from None
        if not isinstance(raw, dict):
            raise RegistryError(f"{where}: expected a mapping with version, region and sites; see docs/registry.md")
        try:
            registry = cls.model_validate(raw)
        except ValidationError as error:
            raise RegistryError("\n".join(f"{where}: {line}" for line in _faults(error, raw))) from None
        faults = list(_cross_faults(registry, set(known_rules), set(known_columns), set(known_packs)))
        if faults:
            raise RegistryError("\n".join(f"{where}: {fault}" for fault in faults))
        return registry


class _UniqueKeyLoader(yaml.SafeLoader):
    """A key written twice in one mapping is an error, not a silent overwrite."""


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable):
            continue  # construct_mapping says what is wrong with it
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"key {key!r} is written twice", key_node.start_mark)
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


_UniqueKeyLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _faults(error: ValidationError, raw: Mapping[str, Any]) -> Iterable[str]:
    for fault in error.errors():
        if fault["type"] == "too_short" and isinstance(fault["input"], list) and fault["input"]:
            continue  # its members are at fault, each with a line of its own
        key = ""
        for part in fault["loc"]:
            key += f"[{part}]" if isinstance(part, int) else (f".{part}" if key else str(part))
        site = _site_named(fault["loc"], raw)
        message = str(fault["msg"]).removeprefix("Value error, ").replace("a valid tuple", "a list, such as [a, b]")
        if fault["type"] == "extra_forbidden":
            message = "unknown key; see docs/registry.md for the keys that exist"
        elif fault["type"] == "missing":
            message = "is missing"
        elif fault["type"] in ("enum", "literal_error", "int_parsing", "float_parsing", "bool_parsing"):
            message = f"{message}, found {fault['input']!r}"
        yield f"{key}{site}: {message}"


def _site_named(loc: tuple[int | str, ...], raw: Mapping[str, Any]) -> str:
    if len(loc) >= 2 and loc[0] == "sites" and isinstance(loc[1], int):
        sites = raw.get("sites")
        if isinstance(sites, list) and loc[1] < len(sites) and isinstance(sites[loc[1]], dict):
            return f" (site {sites[loc[1]].get('id')})"
    return ""


def _cross_faults(registry: Registry, rules: set[str], columns: set[str], packs: set[str]) -> Iterable[str]:
    """What only shows when the sites are held against each other and against the catalogues."""
    ids: dict[str, int] = {}
    for index, site in enumerate(registry.sites):
        if site.id in ids:
            yield f"sites[{index}].id: {site.id!r} stands at sites[{ids[site.id]}] already; give every site its own id"
        ids.setdefault(site.id, index)
    for index, site in enumerate(registry.sites):
        key = f"sites[{index}] (site {site.id})"
        yield from _relation_faults(registry, ids, site, key)
        if site.scored and site.profile is None:
            yield f"{key}.profile: is missing; write district-portal, department or town"
        for column in site.columns:
            if columns and column not in columns:
                yield f"{key}.columns.{column}: unknown column; see `gongkai columns --catalogue` for the ids"
        for pack in site.packs:
            if packs and pack not in packs:
                yield f"{key}.packs: unknown pack {pack!r}; known: {', '.join(sorted(packs))}"
    yield from _fallback_faults(registry)
    named = [("rules", rule) for rule in registry.rules]
    named += [(f"sites[{index}] (site {site.id}).rules", rule) for index, site in enumerate(registry.sites) for rule in site.rules]
    for key, rule in named:
        if rules and rule not in rules:
            yield f"{key}.{rule}: unknown rule; `gongkai rules` lists them"


def _fallback_faults(registry: Registry) -> Iterable[str]:
    people = [(f"site {site.id}: administrators", contact) for site in registry.sites for contact in site.administrators]
    people += [("supervisors", contact) for contact in registry.supervisors] + [("operators", contact) for contact in registry.operators]
    for key, contact in people:
        if contact.fallback and not contact.channels:
            yield f"{key} ({contact.role}).fallback: has no channels to stand in for; write them under channels"
        if set(contact.fallback) & set(contact.channels):
            yield f"{key} ({contact.role}).fallback: names one of the contact's own channels; name another way to reach the person"


def _relation_faults(registry: Registry, ids: Mapping[str, int], site: Site, key: str) -> Iterable[str]:
    if site.parent == site.id:
        yield f"{key}.parent: {site.id} cannot be its own parent; name another site, or null"
    elif site.parent is not None and site.parent not in ids:
        yield f"{key}.parent: unknown site {site.parent!r}; name the id of another site of this registry, or null"
    for upper in site.upper:
        if upper == site.id:
            yield f"{key}.upper: {site.id} cannot be its own upper site; name other sites of this registry"
        elif upper not in ids:
            yield f"{key}.upper: unknown site {upper!r}; name ids of other sites of this registry"
        elif registry.sites[ids[upper]].must_repost is None:
            yield f"{key}.upper: site {upper!r} has no must_repost; add must_repost.columns to it"
    seen = {site.id}
    parent = site.parent if site.parent != site.id else None
    while parent is not None and parent in ids:
        if parent in seen:
            yield f"{key}.parent: {site.id} is its own ancestor; break the circle"
            return
        seen.add(parent)
        parent = registry.sites[ids[parent]].parent
