"""Which hosts there are, and what columns each has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from simgov.archetypes import vocabulary
from simgov.archetypes.guards import GUARDS
from simgov.archetypes.truth import Column, Host, Oddity, Way
from simgov.truth import ColumnKind, Genre
from simgov.web import Tls

LIST, SECTION, PAGE, FORM, OUT = ColumnKind.LIST, ColumnKind.SECTION, ColumnKind.PAGE, ColumnKind.FORM, ColumnKind.LINK_OUT
_TREE = "zwgk/zfxxgk"
_STATUTORY = f"{_TREE}/fdzdgknr"
_BASIS = (
    Column("zfxxgk", "政府信息公开", "zfxxgk", SECTION, None, 0, _TREE, in_nav=True),
    Column("zfxxgkzn", "政府信息公开指南", "zfxxgkzn", PAGE, "zfxxgk", 0, f"{_TREE}/zfxxgkzn", text=vocabulary.GUIDE),
    Column("zfxxgkzd", "政府信息公开制度", "zfxxgkzd", LIST, "zfxxgk", 0, f"{_TREE}/zfxxgkzd", Genre.OTHER, 4, 260, 900),
    Column("fdzdgknr", "法定主动公开内容", "fdzdgknr", SECTION, "zfxxgk", 0, _STATUTORY),
    Column("zfxxgknb", "政府信息公开年报", "zfxxgknb", LIST, "zfxxgk", 0, f"{_TREE}/zfxxgknb", Genre.OTHER, 5, 300, 1830),
    Column("ysqgk", "依申请公开", "ysqgk", FORM, "zfxxgk", 0, f"{_TREE}/ysqgk"),
    Column("jgzn", "机构职能", "jgzn", PAGE, "fdzdgknr", 0, f"{_STATUTORY}/jgzn", text=vocabulary.DUTIES),
    Column("ldxx", "领导信息", "ldxx", PAGE, "fdzdgknr", 0, f"{_STATUTORY}/ldxx", text=vocabulary.LEADERS),
    Column(
        "zcwj", "政策文件", "zcwj", LIST, "fdzdgknr", 0, f"{_STATUTORY}/zcwj", Genre.POLICY, 48, 2, 500,
        oddities=frozenset({Oddity.PINNED}),
    ),
    Column("zcjd", "政策解读", "zcjd", LIST, "fdzdgknr", 0, f"{_STATUTORY}/zcjd", Genre.INTERPRETATION, in_nav=True),
    Column(
        "gfxwj", "行政规范性文件", "gfxwj", LIST, "fdzdgknr", 0, f"{_STATUTORY}/gfxwj", Genre.POLICY, 12, 30, 900,
        oddities=frozenset({Oddity.MADE_IN_ROW}),
    ),
    Column(
        "fzwj", "废止失效文件", "fzwj", LIST, "fdzdgknr", 0, f"{_STATUTORY}/fzwj", placeholder="本年度未废止、失效文件",
    ),
    Column("sjwj", "上级文件", "sjwj", LIST, "fdzdgknr", 0, f"{_STATUTORY}/sjwj", Genre.REPOST, 10),
    Column(
        "rsrm", "人事任免", "rsrm", LIST, "fdzdgknr", 0, f"{_STATUTORY}/rsrm", Genre.PLAIN, 35, 12, 600,
        oddities=frozenset({Oddity.DRIFT}), way=Way.BROKEN,
    ),
    Column("czyjs", "财政预决算", "czyjs", LIST, "fdzdgknr", 0, f"{_STATUTORY}/czyjs", Genre.OTHER, 9, 60, 1500),
    Column("zfcg", "政府采购", "zfcg", OUT, "fdzdgknr", 0, f"{_STATUTORY}/zfcg", target="parent"),
    Column(
        "ghjh", "规划计划", "ghjh", LIST, "fdzdgknr", 0, f"{_STATUTORY}/ghjh", Genre.OTHER, 6, 100, 800,
        oddities=frozenset({Oddity.FLAP}),
    ),
    Column("ywdt", "工作动态", "ywdt", LIST, None, 0, "ywdt", Genre.NEWS, 42, 1, 150, in_nav=True),
    Column("tzgg", "通知公告", "tzgg", LIST, None, 0, "tzgg", Genre.NOTICE, 22, 4, 300, in_nav=True),
)  # fmt: skip


def _columns(
    first: int, changes: Mapping[str, Mapping[str, Any]], *, more: Iterable[Column] = (), less: Iterable[str] = ()
) -> tuple[Column, ...]:
    """The common columns with a host's own names, numbers and nastiness; `first` is the serial of the first one."""
    left_out = frozenset(less)
    kept = [replace(one, **changes.get(one.key, {})) for one in (*_BASIS, *more) if one.key not in left_out]
    return tuple(replace(one, serial=first + n) for n, one in enumerate(kept))


def _odd(*oddities: Oddity) -> frozenset[Oddity]:
    return frozenset(oddities)


_STALE = {"newest_days": 250, "oddities": _odd(Oddity.STALE)}
_ENDPOINT: Mapping[str, Mapping[str, Any]] = {key: {"way": Way.ENDPOINT} for key in ("zcwj", "zcjd", "gfxwj", "ywdt", "tzgg")}


def _with(base: Mapping[str, Mapping[str, Any]], **changes: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {key: {**base.get(key, {}), **changes.get(key, {})} for key in {*base, *changes}}


PARENT = Host(
    "parent", "parent", "模拟市人民政府", "模拟市人民政府", "模拟市", "127.0.0.30", "9900000030", "city", None, role="upstream",
    number_prefix="市政发",
    columns=(
        Column("zcwj", "重要政策", "zcwj", LIST, None, 101, "zyzc", Genre.POLICY, 10, 3, 330, in_nav=True),
        Column("ywdt", "要闻动态", "ywdt", LIST, None, 102, "ywdt", Genre.NEWS, 20, 1, 60, in_nav=True),
        Column("zfcg", "政府采购", "zfcg", LIST, None, 103, "zfcg", Genre.NOTICE, 14, 2, 120, in_nav=True),
    ),
)  # fmt: skip
WECHAT = Host("wx", "wechat", "公众号平台", "公众号平台", "公众号", "127.0.0.28", "", "city", None, watched=False)
FILES = Host("files", "files", "文件服务器", "文件服务器", "文件", "127.0.0.29", "", "city", None, watched=False)


def _county(host_id: str, archetype: str, short: str, number: int, columns: tuple[Column, ...], **more: Any) -> Host:
    name = f"{short}人民政府"
    settings: dict[str, Any] = {"level": "county", "profile": "district-portal", **more}
    return Host(host_id, archetype, name, name, short, f"127.0.0.{30 + number}", f"99000001{number:02d}", columns=columns, **settings)


def _bureau(host_id: str, archetype: str, name: str, number: int, columns: tuple[Column, ...], **more: Any) -> Host:
    settings: dict[str, Any] = {"level": "county", "profile": "department", **more}
    return Host(host_id, archetype, name, name, name, f"127.0.0.{30 + number}", f"99000001{number:02d}", columns=columns, **settings)


# What the common columns lack of a site in good order.
_IN_ORDER = (
    Column("zdgkml", "主动公开基本目录", "zdgkml", PAGE, "zfxxgk", 0, f"{_TREE}/zdgkml", text=vocabulary.CATALOGUE),
    Column("qzqd", "权责清单", "qzqd", PAGE, "fdzdgknr", 0, f"{_STATUTORY}/qzqd", text=vocabulary.POWERS),
    Column("wznb", "政府网站工作年度报表", "wznb", LIST, None, 0, "wznb", Genre.OTHER, 3, 300, 1095, in_nav=True),
    Column("ly", "我要留言", "ly", FORM, None, 0, "wyly", in_nav=True),
)


def _guarded() -> Iterable[Host]:
    for number, guard in enumerate(GUARDS.values()):
        kept = frozenset(
            {
                "zfxxgk",
                "zfxxgkzn",
                "zfxxgkzd",
                "fdzdgknr",
                "zfxxgknb",
                "ysqgk",
                "jgzn",
                "ldxx",
                "zcwj",
                "zcjd",
                "sjwj",
                "czyjs",
                "ywdt",
                "tzgg",
            }
        )
        changes: dict[str, dict[str, Any]] = {
            "zcwj": {"count": 16, "span_days": 300, "oddities": frozenset()},
            "ywdt": {"count": 22, "span_days": 60},
            "tzgg": {"count": 12, "span_days": 200},
        }
        yield Host(
            guard.id, "J", "模拟部", "模拟部", "模拟部", f"127.0.0.{41 + number}", "bm99000000", "state", "department",
            _columns(101, changes, more=_IN_ORDER, less=(one.key for one in _BASIS if one.key not in kept)), guard.scheme,
            Tls.OTHER if guard.scheme == "https" else Tls.NONE, number_prefix="部发", clock="second", compliant=True, guard=guard.id,
            guarded=frozenset(guard.reasons),
        )  # fmt: skip


def hosts() -> tuple[Host, ...]:
    """All hosts, the upper government first."""
    legacy = Column(
        "zkly", "招考录用", "zkly", LIST, "fdzdgknr", 0, f"{_STATUTORY}/zkly", Genre.NOTICE, 32, 9, 500, way=Way.POSTBACK, limit=20
    )  # fmt: skip
    shared = Column(
        "zklyk", "招考录用", "zkly", LIST, "fdzdgknr", 0, f"{_STATUTORY}/zkly", Genre.NOTICE, 40, 5, 300, oddities=_odd(Oddity.EXTERNAL)
    )  # fmt: skip
    onclick = Column(
        "zkly", "招考录用", "zkly", LIST, "fdzdgknr", 0, f"{_STATUTORY}/zkly", Genre.NOTICE, 45, 6, 400, way=Way.BROKEN, limit=20,
        oddities=_odd(Oddity.DEAD_ENDPOINT),
    )  # fmt: skip
    failing = Column(
        "zdxm", "重大建设项目", "zdxm", LIST, "fdzdgknr", 0, f"{_STATUTORY}/zdxm", Genre.NOTICE, 120, 6, 400, way=Way.BROKEN, limit=20,
        oddities=_odd(Oddity.FAILING_ENDPOINT),
    )  # fmt: skip
    wide = Column(
        "qzqd", "权责清单", "qzqd", LIST, "fdzdgknr", 0, f"{_STATUTORY}/qzqd", Genre.OTHER, 12, 40, 700, oddities=_odd(Oddity.SECOND_DIALECT)
    )  # fmt: skip
    made_and_pinned = _odd(Oddity.PINNED)
    recordsets = {key: {"per_page": 20} for key in ("zcjd", "gfxwj", "ywdt", "tzgg", "rsrm")}
    return (
        PARENT, WECHAT, FILES,
        _county("a", "A", "甲县", 1, _columns(1301, {"tzgg": _STALE}), scheme="https", tls=Tls.OWN),
        _county(
            "b", "B", "乙县", 2, _columns(101, _with(recordsets, zcwj={"count": 137, "name": "政府文件", "way": Way.ENDPOINT},
            ywdt={"newest_days": 33, "oddities": _odd(Oddity.STALE)})), tls=Tls.OWN, brackets="[]", clock="day",
        ),
        _bureau(
            "c", "C", "丙县发展和改革局", 3, _columns(5101, _with(_ENDPOINT, tzgg=_STALE, rsrm={"way": Way.ENDPOINT}, ywdt={"per_page": 15},
            zcwj={"per_page": 15}, zcjd={"per_page": 15}, gfxwj={"per_page": 15})), scheme="https", tls=Tls.OWN, clock="second",
        ),
        _bureau(
            "d", "D", "丁市教育局", 4, _columns(1071, _with(_ENDPOINT, ywdt={"way": Way.PAGES}, tzgg={**_STALE, "way": Way.PAGES},
            zcwj={"count": 108}, sjwj={"way": Way.ENDPOINT}, rsrm={"way": Way.ENDPOINT, "oddities": frozenset()})), clock="second",
        ),
        _county(
            "e", "E", "戊县", 5, _columns(101, {
                "tzgg": _STALE, "zcwj": {"name": "政府文件", "way": Way.ENDPOINT}, "czyjs": {"oddities": _odd(Oddity.UNRENDERED)},
                "gfxwj": {"way": Way.ENDPOINT, "oddities": _odd(Oddity.MADE_IN_ROW)},
            }), scheme="https", tls=Tls.OWN, clock="minute",
        ),
        _county(
            "f", "F", "己县", 6, _columns(1021, {
                "zcwj": {"encoding": "gb18030"}, "zcjd": {"encoding": "gbk-undeclared"}, "gfxwj": {"encoding": "gbk-as-utf8"},
                "tzgg": {"encoding": "utf-8-bom", **_STALE}, "ywdt": {"oddities": _odd(Oddity.SHORT_DATE)},
            }), clock="day",
        ),
        _county(
            "g", "G", "庚县", 7, _columns(6791, {"ywdt": {"newest_days": 40, "oddities": _odd(Oddity.STALE)}}, more=(shared,)), scheme="https",
            tls=Tls.OWN, brackets="（）", clock="day",
        ),
        _bureau(
            "h", "H", "辛县住房和城乡建设局", 8, _columns(1001, _with(_ENDPOINT, tzgg={**_STALE, "way": Way.ENDPOINT}, rsrm={"way": Way.ENDPOINT}),
            more=(onclick, failing, wide)), scheme="https", tls=Tls.OWN, clock="minute",
        ),
        _county(
            "i", "I", "壬县", 9, _columns(9041, {
                "zcwj": {"newest_days": 425, "oddities": made_and_pinned | {Oddity.STALE, Oddity.SHORT_DATE}},
                "gfxwj": {"newest_days": 430, "oddities": _odd(Oddity.STALE, Oddity.SHORT_DATE)},
                "rsrm": {"newest_days": 430, "oddities": _odd(Oddity.STALE, Oddity.DRIFT)},
                "ywdt": {"newest_days": 426, "oddities": _odd(Oddity.STALE, Oddity.SHORT_DATE)},
                "tzgg": {"newest_days": 440, "oddities": _odd(Oddity.STALE)}, "czyjs": {"newest_days": 430}, "sjwj": {"count": 2},
            }, more=(legacy,)), tls=Tls.OLD, encoding="gb18030", clock="day",
        ),
        *_guarded(),
    )  # fmt: skip
