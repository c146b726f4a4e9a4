"""The portal's list of the disclosure guides and catalogues of its units."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from checks.bodies import places
from checks.observing import GONE, column_evidence, held, is_complete, unread_reason, weakest
from checks.registry import Outcome, check
from checks.required import Sought, anywhere, columns_of, lacking, not_seen, page_links, rows_of, sought, unproved, unread_among
from checks.standing import Found, State, best, state_of, target_of, tries
from checks.subjects import site_subject
from checks.tree import site_tree
from data.catalogue import Rule
from data.records import Column, Measure, Status
from data.registry import Site
from data.text import bare, title_key
from data.urls import netloc, url_key
from data.view import SiteView

_KIND = re.compile("政府信息公开|信息公开|政务公开|公开|指南|目录|指引|主动|工作|政府信息|的|及|和|与")
_END = re.compile("(人民政府|街道办事处|办事处|委员会办公室|管理委员会|委员会|管委会|办公室|分局|[局委办])$")
_PLACE = re.compile("^.{0,8}?[市区县]")
_SEVERAL = 3  # as many links of one kind on a page are a list of units' guides or catalogues
_LABEL_CHARS = 10  # a link that is called by its kind alone: 目录, 主动公开目录
_JOINTS = re.compile("[和与及]")


@dataclass(frozen=True, slots=True)
class _Label:
    """A label in a list, with where it leads."""

    text: str
    url: str | None
    column: Column


@check("unit-guides-and-catalogues-listed")
def unit_guides_listed(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山区2020年政务公开工作要点 一(一)3: guides and catalogues of every unit, listed on the portal."""
    subject = site_subject(view)
    others = re.compile(rule.params["elsewhere"])
    roster = [unit for unit in view.roster if not others.search(unit.name)]
    if not roster:
        yield Outcome(Status.NOT_APPLICABLE, "no-roster", subject)
        return
    judged: list[tuple[Site, Found]] = []
    for spec in rule.params["lists"]:
        wanted = sought(spec)
        found = anywhere(view, rule, wanted)
        missing = lacking(view, found)
        if missing is not None:
            yield missing
            return
        judged += [(unit, found) for unit, found in _listed(view, rule, wanted, roster)]
    yield _verdict(view, rule, roster, judged)


def _verdict(view: SiteView, rule: Rule, roster: Sequence[Site], judged: Sequence[tuple[Site, Found]]) -> Outcome:
    assert rule.threshold is not None
    subject = site_subject(view)
    faults = [(unit, found) for unit, found in judged if found.is_fault]
    unread = [found for _, found in judged if found.state is State.UNREAD]
    lacking_units = {unit.id for unit, _ in faults}
    share = round(100 * (len(roster) - len(lacking_units)) / len(roster), 1)
    facts = {"column": judged[0][1].name, "units": len(roster)}
    if faults and share < rule.threshold.value:
        sure = [(unit, found) for unit, found in faults if found.confidence == weakest(())]
        named = sure or faults
        words = [f"{unit.name}（{found.words}）" for unit, found in named]
        proof = tuple(dict.fromkeys(piece for _, found in named for piece in found.evidence))[: rule.params["evidence"]]
        facts["missing"] = "、".join(words[: rule.params["named"]]) + (f"等{len(words)}项" if len(words) > rule.params["named"] else "")
        confidence = weakest(found.confidence for _, found in named)
        return Outcome(Status.FAIL, "units", subject, facts, proof, Measure(share, rule.threshold.unit), confidence=confidence)
    if unread:
        return Outcome(Status.INCONCLUSIVE, unread[0].reason or "not-read", subject, facts)
    return Outcome(Status.PASS, "complete", subject, facts, (), Measure(share, rule.threshold.unit))


def _listed(view: SiteView, rule: Rule, wanted: Sought, roster: Sequence[Site]) -> Iterator[tuple[Site, Found]]:
    """Each unit of the roster, and what the lists of one kind say of it."""
    forest = site_tree(view)
    roots = columns_of(view, wanted)
    columns = list({column.url: column for root in roots for column in (root, *forest.descendants(root))}.values())
    labels = list(_labels(view, wanted, columns))
    bare_labels = [_Label(link.text, link.url, table) for table in _tables(view, wanted) for link in page_links(table)]
    shown = [bare(column.page.text) for column in (*columns, *_tables(view, wanted)) if column.page is not None]
    texts = [_JOINTS.sub("", text) for text in (*shown, *_pages_of_units(view))]  # as the names are: 发展和改革, 发展改革
    places_of = {url_key(column.url) for column in columns}
    rows = [row for row in view.listings if url_key(row.column_url) in places_of]  # those that went included
    unsure = unproved(view, rule) or _unread(columns)
    for unit in roster:
        names = _names(view, unit)
        named = [label for label in labels if _is_of(names, label.text)]
        named = named or [label for label in bare_labels if _leads_to(wanted, label.text) and _lies_with(unit, label.url)]
        if named:
            yield unit, best([_answer(view, rule, label, wanted.name) for label in named]) or Found(wanted.name, State.UNREAD, "not-read")
        elif any(name in text for text in texts for name in names):
            yield unit, Found(wanted.name, State.PRESENT)  # in a table whose links bear no name of a unit
        elif unsure is not None:
            yield unit, Found(wanted.name, State.UNREAD, unsure)
        else:
            gone = [row for row in rows if _is_of(names, row.title)]
            yield unit, not_seen(view, rule, wanted.name, roots[0].url if roots else view.site.home, gone)


_OF_UNITS = re.compile("(各|部门|单位|乡镇|镇街|街道).{0,12}(指南|目录|公开)|(指南|目录).{0,6}(汇总|汇编|一览|清单)")


def _pages_of_units(view: SiteView) -> Iterator[str]:
    """The texts of pages to which a label leads that speaks of the units' guides, and that are no lists."""
    led = {
        url_key(link.url)
        for column in site_tree(view).columns
        for link in page_links(column)
        if link.url is not None and _OF_UNITS.search(bare(link.text))
    }
    home = view.homes[-1] if view.homes else None
    led |= {url_key(link.url) for link in (home.links if home else ()) if link.url is not None and _OF_UNITS.search(bare(link.text))}
    yield from (bare(document.reading.body) for document in view.documents if url_key(document.url) in led)


def _tables(view: SiteView, wanted: Sought) -> Iterator[Column]:
    """Pages that lead to the guides or catalogues of several units, under whatever name: 单位 | 指南 | 目录."""
    for column in site_tree(view).columns:
        links = column.page.links if column.page is not None else ()
        alike = {link.url for link in links if link.region in ("body", "list") and _leads_to(wanted, link.text)}
        if len(alike) >= _SEVERAL:
            yield column


def _leads_to(wanted: Sought, text: str) -> bool:
    label = bare(text)
    return len(label) <= _LABEL_CHARS and label.endswith(("指南", "指引") if "指南" in wanted.name else ("目录",))


def _labels(view: SiteView, wanted: Sought, columns: Iterable[Column]) -> Iterator[_Label]:
    for column in columns:
        if not wanted.is_column(column):
            yield _Label(column.name, column.url, column)
        yield from (_Label(row.title, row.url, column) for row in rows_of(view, column))
        yield from (_Label(link.text, link.url, column) for link in (column.page.links if column.page is not None else ()))
        yield from (_Label(file.name, file.url, column) for file in (column.page.attachments if column.page is not None else ()))
    for column in columns_of(view, wanted):  # 教育局信息公开指南, as a column of its own
        yield _Label(column.name, column.url, column)


def _unread(columns: Sequence[Column]) -> str | None:
    hidden = unread_among(columns)
    if hidden is not None:
        return hidden
    partly = next((column for column in columns if column.walks and not is_complete(column.walks[-1])), None)
    return unread_reason(partly) if partly is not None else None


def _lies_with(unit: Site, url: str | None) -> bool:
    """Whether an address lies below a unit's home: 公开目录 in a table says by its address alone whose it is."""
    below = urlsplit(unit.home).path.rpartition("/")[0] + "/"
    return url is not None and netloc(url) == netloc(unit.home) and below != "/" and urlsplit(url).path.startswith(below)


def _answer(view: SiteView, rule: Rule, label: _Label, name: str) -> Found:
    """Whether what a label leads to answers."""
    own = site_tree(view).by_key.get(url_key(label.url)) if label.url is not None else None
    if own is not None and own.reachable is False:
        return state_of(view, rule, own, name)
    target = target_of(view, label.url)
    told = [visit for visit in target.visits if visit.ok is not None] if target is not None else []
    run = held(tries(target), rule) if told and told[-1].reason in GONE else None
    if run is not None:
        return Found(name, State.DEAD, None, label.column, run.evidence, run.confidence)
    return Found(name, State.PRESENT, None, label.column, (column_evidence(label.column, f"列有“{label.text}”"),))


# --- names ------------------------------------------------------------------------------------


def _core(name: str, own: Iterable[str]) -> str:
    """What tells a unit from the others: 教育 of 示例市示例区教育局."""
    key = title_key(name)
    for place in own:
        key = key.removeprefix(place)
    short = _END.sub("", key)
    return _JOINTS.sub("", short if len(short) >= 2 else key)


def _names(view: SiteView, unit: Site) -> tuple[str, ...]:
    """What a unit may be listed under, the telling part of its names."""
    own = places(bare(view.site.name))
    found = dict.fromkeys(_core(name, own) for name in (unit.name, unit.unit or unit.name) if name)
    return tuple(name for name in found if len(name) >= 2)


def _is_of(names: Iterable[str], label: str) -> bool:
    """Whether a label speaks of a unit: by its name, or by a short form of it (人社局 of 人力资源和社会保障局)."""
    text = _JOINTS.sub("", title_key(label))
    bared = _KIND.sub("", title_key(label))
    shorts = {_END.sub("", bared), _END.sub("", _PLACE.sub("", bared))}
    return any(name in text or any(_abbreviates(short, name) for short in shorts) for name in names)


def _abbreviates(short: str, name: str) -> bool:
    if len(short) < 2 or not name.startswith(short[0]):
        return False
    letters = iter(name)
    return all(letter in letters for letter in short)
