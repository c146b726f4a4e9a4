"""The judge of the extraction benchmark; the packages it compares with are not needed."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks import extract
from benchmarks.extraction import tools as extractors
from benchmarks.extraction.corpus import Sample, cut, load, visible
from benchmarks.extraction.judging import Accuracy, Tally, day_label, f1, judge, text_f1
from benchmarks.extraction.measuring import race, spread
from benchmarks.extraction.report import TITLE, behind_of, cell, replaced
from benchmarks.extraction.tools import OURS, Tool, day, ends, moment, ours, row_path, unmarked, with_day
from data.errors import InputError
from data.records import SHANGHAI
from tests.crawler.extract.score import FIELDS, Outcome, outcome
from tests.support.pages import article, listing

NOTHING: dict[str, Any] = {**dict.fromkeys(FIELDS), "attachments": [], "also": {}, "doubtful": []}


def sample(html: str, **label: Any) -> Sample:
    return Sample({**NOTHING, "file": "1.html", "url": "http://www.example.gov.cn/zwgk/1.html", "page": "document", **label}, html.encode())


def tool(name: str, fields: tuple[str, ...], answers: dict[str, Any]) -> Tool:
    return Tool(name, "1", "", "", fields, lambda _: answers, lambda result: result, lambda _: "", lambda: None)


@pytest.mark.parametrize(
    ("label", "got", "expected"),
    [
        ({"title": "关于 停车的通知"}, "关于停车的通知", Outcome.RIGHT),
        ({"title": "通知"}, "公告", Outcome.WRONG),
        ({"title": "通知"}, None, Outcome.MISSED),
        ({"title": "通知", "also": {"title": [None]}}, None, Outcome.RIGHT),
        ({}, None, Outcome.RIGHT),
        ({}, "公告", Outcome.FALSE),
        ({"doubtful": ["title"]}, "公告", Outcome.DOUBTFUL),
        ({"title": "通知", "doubtful": ["title"]}, "通知", Outcome.RIGHT),
    ],
)
def test_outcome(label: dict[str, Any], got: str | None, expected: Outcome) -> None:
    assert outcome("title", got, {**NOTHING, **label}) is expected


def test_a_day_is_judged_by_the_label_of_its_time() -> None:
    at = "2026-11-02T10:30:00+08:00"
    label = day_label({**NOTHING, "published_at": at, "also": {"published_at": [None]}, "doubtful": ["published_at"]})
    assert (label["published_on"], label["also"]["published_on"]) == ("2026-11-02", [None])
    assert outcome("published_on", "2026-11-02", label) is Outcome.RIGHT
    assert outcome("published_on", None, label) is Outcome.RIGHT
    assert outcome("published_on", "2026-11-03", label) is Outcome.DOUBTFUL
    assert day_label(NOTHING)["published_on"] is None


def test_judge_counts_each_answer_once_and_lets_alone_what_a_tool_does_not_give() -> None:
    pages = [
        sample("<p>一</p>", title="通知", source="财政局"),
        sample("<p>二</p>", title="公告"),
        sample("<p>三</p>", doubtful=["title"]),
        sample("<p>四</p>", page="home", title=None),
    ]
    found = judge(tool("other", ("title",), {"title": "通知"}), pages)
    assert found.fields["title"].counts == {Outcome.RIGHT: 1, Outcome.WRONG: 1, Outcome.DOUBTFUL: 1}
    assert found.fields["title"].accuracy == 0.5
    assert cell(found.fields["title"]) == "50.0 % (1/1/0/0)"
    assert list(found.fields) == ["title"]
    assert (found.list_f1, found.text_f1) == (None, None)


def test_ours_is_judged_on_documents_and_lists() -> None:
    title, text = "示例区停车管理办法", "<p>第一条 为了加强停车管理，制定本办法。</p>" * 8
    body = visible(text.encode())
    document = sample(
        article(title, "2026-11-02", body=text),
        title=title,
        published_at="2026-11-02T10:30:00+08:00",
        published_precision="minute",
        body_chars=len(body),
        **ends(body),
    )
    entries = [(f"/zwgk/{number}.html", f"关于第{number}号事项的通知", f"2026-11-{number:02d}") for number in range(1, 9)]
    items = [{"title": name, "href": f"http://www.example.gov.cn{path}", "date": at} for path, name, at in entries]
    found = judge(ours(), [document, sample(listing("通知公告", entries), page="list", items=items[1:])])
    assert {
        name: found.fields[name].accuracy for name in ("title", "published_on", "published_at", "body_start", "body_end")
    } == dict.fromkeys(("title", "published_on", "published_at", "body_start", "body_end"), 1.0)
    assert found.text_f1 == 1
    assert found.list_f1 == pytest.approx(14 / 15)  # the row that the label was robbed of


def test_text_is_the_slice_nearest_to_the_labelled_length() -> None:
    text = "首页甲乙丙丁戊甲乙己庚丁戊尾"
    assert cut(text, "甲乙", "丁戊", 6) == "甲乙己庚丁戊"
    assert cut(text, "甲乙", "丁戊", 5) == "甲乙丙丁戊"
    assert cut(text, "甲乙", "丁戊", 40) is None
    assert cut(text, "壬", "丁戊", 5) is None
    assert visible("<title>x</title><!-- 甲 --><script>乙</script><style>丙</style><p>丁 戊\u3000己</p>".encode()) == "x丁戊己"


@pytest.mark.parametrize(
    ("got", "wanted", "expected"),
    [("甲乙丙。", "甲 乙，丙", 1.0), ("甲乙丙", "甲乙丙丁戊", 2 / 3), ("", "甲乙", 0.0), ("甲乙甲乙", "甲乙", 0.5)],
)
def test_text_f1(got: str, wanted: str, expected: float) -> None:
    assert text_f1(got, wanted) == pytest.approx(expected)


def test_f1_counts_a_row_given_twice_against_it() -> None:
    assert f1(Counter("aab"), Counter("ab")) == pytest.approx(0.8)
    assert f1(Counter(), Counter()) == 1


def test_a_tools_forms_are_put_into_the_labels_terms() -> None:
    assert day("2026年11月2日") == day("2026-11-02 10:30") == "2026-11-02"
    assert (day(None), day(""), day("昨天")) == (None, None, None)
    assert moment("2026-11-02 10:30:05") == datetime(2026, 11, 2, 10, 30, 5, tzinfo=SHANGHAI)
    assert with_day({"published_at": None}) == {"published_at": None, "published_on": None}
    assert "".join(unmarked("- 甲\n| 乙 | 丙 |\n").split()) == "甲乙丙"
    assert ends("甲 " * 30) == {"body_start": "甲" * 20, "body_end": "甲" * 20}
    assert ends(" ") == {"body_start": None, "body_end": None}


def test_the_hint_for_a_list_is_its_first_labelled_link() -> None:
    page = '<a href="/a.html">甲</a><ul><li><a href="b.html">乙</a></ul>'
    items = [{"title": "脚本", "href": None}, {"title": "乙", "href": "http://www.example.gov.cn/zwgk/b.html"}]
    assert row_path(sample(page, page="list", items=items)) == '//a[@href="b.html"]'
    assert row_path(sample(page, page="list", items=[])) is None


def test_who_is_ahead_of_ours_is_named() -> None:
    def accuracy(right: int, wrong: int, text: float | None) -> Accuracy:
        return Accuracy({"title": Tally(Counter({Outcome.RIGHT: right, Outcome.WRONG: wrong}))}, text, None, [])

    by_tool = {OURS: accuracy(9, 1, 0.9), "even": accuracy(9, 1, None), "ahead": accuracy(10, 0, 0.95)}
    assert behind_of(by_tool) == ["title: ahead 100.0 %, ours 90.0 %", "text: ahead 95.0 %, ours 90.0 %"]


def test_tools_take_turns_on_every_page() -> None:
    read: list[tuple[str, str]] = []

    def recorder(name: str) -> Tool:
        def whole(page: Sample) -> None:
            read.append((name, page.body.decode()))
            sum(range(200))

        return Tool(name, "1", "", "", (), whole, lambda _: {}, None, lambda: None)

    race([recorder(OURS), recorder("other")], [sample("a"), sample("b")], rounds=1)
    assert read == [
        *[(OURS, "a"), ("other", "a"), ("other", "b"), (OURS, "b")],
        *[("other", "a"), (OURS, "a"), (OURS, "b"), ("other", "b")],
    ]


def test_spread_takes_the_nearest_rank() -> None:
    assert spread([float(value) for value in range(1, 21)]) == (10.5, 19.0, 20.0)
    assert spread([3.0]) == (3.0, 3.0, 3.0)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("# B\n\n## A\n\na\n", f"# B\n\n## A\n\na\n\n{TITLE}\n\nnew\n"),
        (f"# B\n\n{TITLE}\n\nold\n\n## A\n\na\n", f"# B\n\n{TITLE}\n\nnew\n\n## A\n\na\n"),
    ],
)
def test_writing_leaves_other_sections_alone(page: str, expected: str) -> None:
    once = replaced(page, f"{TITLE}\n\nnew\n")
    assert once == expected
    assert replaced(once, f"{TITLE}\n\nnew\n") == once


def test_what_is_missing_is_said_with_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert extract.main(["--samples", str(tmp_path)]) == 2
    assert "no labelled pages" in capsys.readouterr().err
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "1.html").write_text(article("通知", "2026-11-02"), encoding="utf-8")
    label = {**NOTHING, "file": "1.html", "url": "http://www.example.gov.cn/1.html", "page": "document"}
    (tmp_path / "labels.jsonl").write_text(json.dumps(label), encoding="utf-8")
    monkeypatch.setattr(extractors, "missing", lambda: ["gne==0"])
    assert extract.main(["--samples", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("missing: gne==0; install with: ")
    assert all(pin in said for pin in extractors.pins())
    assert said.count("\n") == 1
    with pytest.raises(InputError):
        load(tmp_path / "pages")


def test_profile_needs_none_of_the_three(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "1.html").write_text(article("通知", "2026-11-02"), encoding="utf-8")
    label = {**NOTHING, "file": "1.html", "url": "http://www.example.gov.cn/1.html", "page": "document"}
    (tmp_path / "labels.jsonl").write_text(json.dumps(label), encoding="utf-8")
    assert extract.main(["--samples", str(tmp_path), "--profile", "--rounds", "1"]) == 0
    assert "crawler/extract/read.py" in capsys.readouterr().out
