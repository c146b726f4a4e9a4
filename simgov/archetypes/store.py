"""Documents made on demand: each follows from host, column, ordinal and day alone, so that a site of 50,000 pages costs nothing."""

from __future__ import annotations

import hashlib
from bisect import insort
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from simgov.archetypes import vocabulary
from simgov.archetypes.truth import Column, Document, Entry, Extra, File, Host, Interpreted, Metas, Oddity
from simgov.truth import ColumnKind, Genre
from simgov.workdays import add_workdays, at, workday_on_or_before

SPAN = 100_000  # ids of one column: serial * SPAN + ordinal
_CLOCKS = ("09:12", "10:05", "10:48", "11:20", "14:36", "15:10", "16:22", "17:05")
_TURN = (
    Interpreted.LINKED, Interpreted.UNLINKED, Interpreted.HIDDEN, Interpreted.EXTERNAL,
    Interpreted.MISSING, Interpreted.LINKED, Interpreted.NOT_OWED, Interpreted.IMAGE,
)  # fmt: skip
_CLEAN_TURN = (
    Interpreted.LINKED, Interpreted.LINKED, Interpreted.LINKED, Interpreted.LINKED,
    Interpreted.LINKED, Interpreted.LINKED, Interpreted.NOT_OWED, Interpreted.LINKED,
)  # fmt: skip
_WITH_PAGE = (Interpreted.LINKED, Interpreted.UNLINKED, Interpreted.HIDDEN, Interpreted.IMAGE)
_METAS = (Metas.COMPLETE, Metas.COMPLETE, Metas.WRONG, Metas.COMPLETE, Metas.SCRIPT)
_DELAYS = (6, 30, 200, 10, 50)  # hours after the upper government; the third is late, the fourth links out
_TYPES = ("pdf", "docx", "wps", "xls", "ofd")
LATE_WORKDAYS = 9
SCALED = frozenset({"zcwj", "gfxwj", "ywdt", "tzgg", "rsrm"})


def scaled(columns: Iterable[Column], per_column: int | None) -> tuple[Column, ...]:
    """The columns of a host with so many documents in each that grows."""
    if per_column is None:
        return tuple(columns)
    return tuple(replace(one, count=per_column, span_days=max(one.span_days, 2500)) if one.key in SCALED else one for one in columns)


class Store:
    """The ground truth of all hosts, relative to `today`, the civil date of the second crawl."""

    def __init__(self, hosts: Iterable[Host], today: date, seed: int) -> None:
        self.hosts: Mapping[str, Host] = {host.id: host for host in hosts}
        self.today = today
        self.seed = seed
        self._columns = {host.id: {column.key: column for column in host.columns} for host in self.hosts.values()}
        self._serials = {host.id: {column.serial: column for column in host.columns} for host in self.hosts.values()}
        self.document = lru_cache(maxsize=20_000)(self._document)
        self.entries = lru_cache(maxsize=400)(self._entries)

    def column(self, host_id: str, key: str) -> Column | None:
        return self._columns[host_id].get(key)

    def by_serial(self, host_id: str, serial: int) -> Column | None:
        return self._serials[host_id].get(serial)

    def hash(self, host_id: str, number: int, size: int = 32) -> str:
        """A hexadecimal name that ends with its number, so that a document can be found by it."""
        digest = hashlib.md5(f"{self.seed}:{host_id}:{number}".encode(), usedforsecurity=False).hexdigest()
        return digest[: size - 8] + f"{number:08x}"

    def unhash(self, host_id: str, text: str) -> int | None:
        try:
            number = int(text[-8:], 16)
        except ValueError:
            return None
        return number if self.hash(host_id, number, len(text)) == text else None

    def live(self, host_id: str, number: int, moment: datetime) -> Document | None:
        """A document as it stands at a moment, None where it is not on line."""
        document = self.document(host_id, number)
        if document is None or document.appeared_at > moment or (document.withdrawn_at is not None and document.withdrawn_at <= moment):
            return None
        if document.edited_at is not None and document.edited_at <= moment:
            return replace(document, body=(*document.body, "（本文已更新，办理时间调整为工作日9:00至17:00。）"))
        return document

    def policies(self, host_id: str) -> int:
        column = self.column(host_id, "zcwj")
        return column.count if column is not None else 0

    def _turn(self, host: Host, ordinal: int) -> Interpreted:
        if host.role != "scored":
            return Interpreted.MISSING
        if ordinal >= self.policies(host.id):  # what comes later: personnel, or a policy that nobody has interpreted yet
            return Interpreted.NOT_OWED if host.compliant else Interpreted.MISSING
        return (_CLEAN_TURN if host.compliant else _TURN)[ordinal % 8]

    def _slots(self, host: Host) -> tuple[int, ...]:
        return tuple(n for n, turn in enumerate(_CLEAN_TURN if host.compliant else _TURN) if turn in _WITH_PAGE)

    def size(self, host_id: str, column: Column) -> int:
        """How many documents of its own a column ever has, the later ones included."""
        if column.key == "zcjd":
            host, slots = self.hosts[host_id], self._slots(self.hosts[host_id])
            whole, rest = divmod(self.policies(host.id), 8)
            return whole * len(slots) + sum(slot < rest for slot in slots)
        later = {"ywdt": 60, "zcwj": 2 if self.hosts[host_id].role == "scored" else 0}.get(column.key, 0)
        return 0 if column.genre is None else column.count + (0 if column.has(Oddity.STALE) else later)

    def _when(self, column: Column, ordinal: int) -> tuple[datetime, datetime]:
        """When a document of a column is dated and when it comes on line."""
        later = ordinal - column.count
        if later >= 0:
            if column.key == "ywdt":
                moment = at(self.today + timedelta(days=later), "08:40")
                return moment, moment
            appears = at(self.today, "09:10")
            return (appears if later == 0 else at(workday_on_or_before(self.today - timedelta(days=20)), "10:00")), appears
        age = column.count - 1 - ordinal
        day = self.today - timedelta(days=column.newest_days + age * column.span_days // max(1, column.count))
        moment = at(workday_on_or_before(day) if age or column.newest_days > 2 else day, _CLOCKS[(ordinal * 5 + column.serial) % 8])
        return moment, moment

    def _document(self, host_id: str, number: int) -> Document | None:
        serial, ordinal = divmod(number, SPAN)
        column = self.by_serial(host_id, serial)
        if column is None or column.genre is None or ordinal >= self.size(host_id, column):
            return None
        host = self.hosts[host_id]
        made = self._make(host, column, ordinal)
        if host.clock == "day":
            made = replace(made, published_at=made.published_at.replace(hour=0, minute=0))
        return made

    def _make(self, host: Host, column: Column, ordinal: int) -> Document:
        published, appeared = self._when(column, ordinal)
        if host.compliant:
            published = max(published, appeared)
        mix = (ordinal * 7 + column.serial) % 1000
        base = Document(
            column.serial * SPAN + ordinal, host.id, column.key, ordinal, (), column.genre or Genre.OTHER, "", published, appeared,
            None, None, None, host.unit, "本网" if mix % 3 else host.name, None, None, None, (), (), Interpreted.NOT_OWED, None, None,
            None, False, Metas.COMPLETE if host.compliant else _METAS[ordinal % 5],
        )  # fmt: skip
        match column.genre:
            case Genre.POLICY | Genre.PLAIN:
                return self._policy(host, column, base)
            case Genre.INTERPRETATION:
                return self._interpretation(host, column, base)
            case Genre.REPOST:
                return self._repost(host, base)
            case Genre.NEWS:
                title = vocabulary.news_title(host.short, ordinal)
                return replace(base, title=title, body=vocabulary.story_body(title, published.date(), ordinal))
            case Genre.NOTICE:
                return self._notice(host, column, base)
        return self._other(host, column, base)

    def _policy(self, host: Host, column: Column, base: Document) -> Document:
        n, day = base.ordinal, base.published_at.date()
        main = column.key == "zcwj"
        turn = self._turn(host, n) if main else Interpreted.NOT_OWED
        personnel = (main and turn is Interpreted.NOT_OWED) or column.genre is Genre.PLAIN
        if personnel:
            title = vocabulary.personnel_title(host.unit, n + (0 if main else 7_000))
            body = vocabulary.personnel_body(title)
        else:
            title = vocabulary.policy_title(host.unit, host.short, n if main else n + 5 * 360)
            body = vocabulary.policy_body(title, n)
        if host.compliant:
            body = (*body, "（此件公开发布）")
        late = main and not host.compliant and n % 16 == 9
        made = add_workdays(day, -(LATE_WORKDAYS if late else 1 + n % 3))
        left, right = host.brackets[0], host.brackets[1]
        abolished = not host.compliant and main and n % 11 == 7
        interpretation = None
        if turn in _WITH_PAGE:
            slots = self._slots(host)
            interpretation = self._serial(host, "zcjd") * SPAN + n // 8 * len(slots) + slots.index(n % 8)
        kinds = _TYPES[n % 5 : n % 5 + 1 + (n % 4 == 0)] if n % 3 == 0 and not personnel else ()
        return replace(
            base,
            title=title,
            body=body,
            made_on=made,
            number=f"{host.short[0]}{host.number_prefix if main else host.number_prefix.replace('发', '规')}{'任' if personnel else ''}{left}{made.year}{right}{n % 400 + 1}号",
            index_number=f"{host.site_code}/{base.published_at.year}-{base.id % 1_000_000:06d}",
            topic="人事任免" if personnel else vocabulary.topic(n),
            validity="废止" if abolished else "有效",
            abolished_on=day + timedelta(days=5) if abolished else None,
            files=tuple(File(f"{vocabulary.area(n)}附件{place + 1}", kind, base.id * 10 + place) for place, kind in enumerate(kinds)),
            also=("rsrm",) if main and personnel and self.column(host.id, "rsrm") is not None else (),
            interpreted=turn,
            interpretation=interpretation,
            pinned=column.has(Oddity.PINNED) and n == 1,
        )

    def _serial(self, host: Host, key: str) -> int:
        column = self.column(host.id, key)
        if column is None:
            raise LookupError(f"host {host.id} has no column {key}")
        return column.serial

    def _interpretation(self, host: Host, column: Column, base: Document) -> Document:
        slots = self._slots(host)
        block, place = divmod(base.ordinal, len(slots))
        n = block * 8 + slots[place]
        policy = self.document(host.id, self._serial(host, "zcwj") * SPAN + n)
        if policy is None:
            raise LookupError(f"host {host.id}: no policy document {n}")
        moment = policy.appeared_at
        if not host.compliant and n % 5 == 3:
            moment = at(add_workdays(moment.date(), 4), "15:10")
        elif not host.compliant and n % 5 == 1:
            moment -= timedelta(days=2)
        return replace(
            base,
            title=vocabulary.interpretation_title(host.short, n, pictured=host.compliant),
            published_at=moment,
            appeared_at=moment,
            body=vocabulary.reading_body(policy.issuer, policy.title, policy.number, n),
            interprets=policy.id,
            topic=policy.topic,
        )

    def _repost(self, host: Host, base: Document) -> Document:
        upper = self.document("parent", self._serial(self.hosts["parent"], "zcwj") * SPAN + base.ordinal)
        if upper is None:
            raise LookupError(f"the upper government has no document {base.ordinal}")
        moment = upper.appeared_at + timedelta(hours=6 if host.compliant else _DELAYS[base.ordinal % 5])
        return replace(
            base,
            title=upper.title if base.ordinal % 3 or host.compliant else f"【转载】{upper.title}",
            published_at=moment,
            appeared_at=moment,
            source=self.hosts["parent"].name,
            issuer=upper.issuer,
            number=upper.number,
            made_on=upper.made_on,
            body=upper.body,
            copy_of=upper.id,
        )

    def links_out(self, host: Host, document: Document) -> bool:
        """Whether a repost is only a row that leads to the upper government's own page."""
        return document.copy_of is not None and not host.compliant and document.ordinal % 5 == 3

    def _notice(self, host: Host, column: Column, base: Document) -> Document:
        title = vocabulary.notice_title(host.short, base.ordinal)
        age = column.count - 1 - base.ordinal
        return replace(
            base,
            title=title,
            body=vocabulary.notice_body(title),
            edited_at=at(self.today, "08:00") if age == 3 else None,
            withdrawn_at=at(self.today, "06:00") if age == 5 else None,
        )

    def _other(self, host: Host, column: Column, base: Document) -> Document:
        n, year = base.ordinal, base.published_at.year
        if column.key == "zfxxgknb":
            title = f"{host.short}{year - 1}年政府信息公开工作年度报告"
        elif column.key == "wznb":
            title = f"{host.short}{year - 1}年政府网站工作年度报表"
        elif column.key == "zfxxgkzd" and host.compliant and n == column.count - 1:
            title = f"{host.short}{year}年政务公开工作要点"
        elif column.key == "czyjs":
            title = vocabulary.budget_title(host.short, n, year)
        elif column.key == "ghjh":
            title = f"{host.short}{vocabulary.area(n)}专项规划（{year}—{year + 5}年）"
        else:
            title = f"{host.short}政府信息{('主动公开工作', '保密审查', '依申请公开办理', '公开责任追究', '公开社会评议')[n % 5]}制度"
        stub = column.key == "czyjs"
        body = (f"现将{title}，详见附件。",) if stub else vocabulary.notice_body(title)
        files = (File(title, "xls" if n % 2 else "pdf", base.id * 10, elsewhere=n % 2 == 0),) if stub else ()
        return replace(base, title=title, body=body, files=files)

    def _entries(self, host_id: str, key: str, moment: datetime) -> tuple[Entry, ...]:
        """The rows of a column at a moment: pinned first, then newest first, with rows that lead to no page of this host."""
        host, column = self.hosts[host_id], self._columns[host_id][key]
        if column.kind is not ColumnKind.LIST or (column.has(Oddity.FLAP) and (moment.date() - self.today).days % 2):
            return ()
        keyed: list[tuple[bool, datetime, int, Entry]] = []
        for number in self._numbers(host, column):
            document = self.live(host_id, number, moment)
            if document is None:
                continue
            entry: Entry = number
            if self.links_out(host, document):
                entry = Extra("upper", document.title, str(document.copy_of), "parent", document.published_at)
            elif column.has(Oddity.EXTERNAL) and (document.ordinal < column.count // 2 or document.ordinal % 2):
                entry = Extra("external", document.title, str(document.id), "parent", document.published_at)
            keyed.append((document.pinned and document.column == key, document.published_at, number, entry))
        for extra in self._extras(host, column):
            if extra.published_at <= moment:
                insort(keyed, (False, extra.published_at, 0, extra), key=lambda one: one[1])
        keyed.sort(key=lambda one: one[:3], reverse=True)
        return tuple(one[3] for one in keyed)

    def _numbers(self, host: Host, column: Column) -> Iterable[int]:
        yield from (column.serial * SPAN + n for n in range(self.size(host.id, column)))
        if column.key == "rsrm":
            main, total = self._serial(host, "zcwj"), self.size(host.id, self._columns[host.id]["zcwj"])
            yield from (main * SPAN + n for n in range(total) if self._turn(host, n) is Interpreted.NOT_OWED)

    def _extras(self, host: Host, column: Column) -> tuple[Extra, ...]:
        if host.compliant or host.role != "scored":
            return ()
        if column.key == "zcwj" and column.count > 8:
            moment, _ = self._when(column, column.count - 8)
            return (Extra("file", f"{host.short}政策文件汇编", f"{column.serial}9001.pdf", host.id, moment),)
        if column.key == "tzgg" and column.count > 4:
            moment, _ = self._when(column, column.count - 4)
            return (Extra("wechat", f"【图文】{host.short}便民服务一览", self.hash(host.id, 7, 22), "wx", moment),)
        return ()
