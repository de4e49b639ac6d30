"""What trips other readers of this genre, one test a hazard; hazards of formats stand in tests/read and tests/parse."""

from __future__ import annotations

import pytest

import nlp_reports as nr
from nlp_reports.counts import extract
from nlp_reports.read import read_bytes

PIPELINE = nr.Pipeline.default(model="rules", debug=True)
HEAD = "云岭市水务局2023年政府信息公开工作年度报告\n"


def pairs(text: str) -> list[tuple[str, int, str]]:
    return [(c.label, int(c.value), c.unit) for c in extract(text)]


def report(body: str, **kind: str) -> nr.Report:
    return PIPELINE(read_bytes((HEAD + body).encode(kind.get("encoding", "utf-8")), path=kind.get("path", "a.txt"))[0])


def test_two_kinds_of_cases_across_a_comma_are_two_counts() -> None:
    assert pairs("全年行政复议134件，行政诉讼57件。") == [("行政复议", 134, "件"), ("行政诉讼", 57, "件")]


def test_received_and_answered_are_two_senses() -> None:
    found = {c.item: int(c.value) for c in extract("全年受理申请3259件，答复3278件。")}
    assert found == {"requests_received": 3259, "requests_completed": 3278}


def test_a_branch_is_not_the_total() -> None:
    counts = extract("收到申请40件，其中8件由申请人撤回，其余均已办结。")
    assert [int(c.value) for c in counts] == [40, 8] and counts[1].part_of == counts[0].count_id


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("收到申请1,234件。", 1234),
        ("收到申请十二件。", 12),
        ("收到申请1.2万件。", 12000),
        ("收到申请12 宗。", 12),
        ("收到申请１２件。", 12),
    ],
)
def test_numbers_in_every_dress(text: str, value: int) -> None:
    assert [int(c.value) for c in extract(text)] == [value]


def test_a_bracket_before_the_total_does_not_steal_its_place() -> None:
    counts = extract("收到政府信息公开申请（含网上20件）共35件。")
    assert sorted(int(c.value) for c in counts) == [20, 35]
    assert next(c for c in counts if c.value == 35).item == "requests_received"
    assert next(c for c in counts if c.value == 20).item == "requests_channel_online"


def test_fixed_phrases_keep_their_letters() -> None:
    text = "落实三审三校，办好两微一端，推进双随机、一公开。"
    assert (
        extract(text) == [] and nr.tag(report(f"一、总体情况\n{text}\n"), pipeline=PIPELINE).sentences[-1].text == text
    )


def test_gbk_is_read_as_what_it_is() -> None:
    assert report("一、总体情况\n公开信息12条。", encoding="gb18030").counts[0].label == "信息"


def test_byte_order_mark_and_invisible_letters() -> None:
    found = report("\ufeff一、总体情况\n公开\u200b信息12条。")
    assert [s.section for s in found.sections if s.section != "preamble"] == ["overview"]
    assert [int(c.value) for c in found.counts] == [12]


def test_page_marks_are_no_counts() -> None:
    found = report("一、总体情况\n公开信息12条。\n- 4 -\n培训2次。\n")
    assert [int(c.value) for c in found.counts] == [12, 2]


def test_headings_with_marks_of_markdown_and_with_either_and() -> None:
    body = "## 一、总体情况\n公开信息12条。\n## 五、存在的主要问题和改进情况\n更新不及时。\n"
    assert [s.section for s in report(body, path="a.md").sections if s.section != "preamble"] == [
        "overview",
        "problems_improvements",
    ]


def test_zero_missing_and_not_applicable_are_three_things() -> None:
    from nlp_reports.synth.layouts import table_text
    from nlp_reports.template import statute

    values = {c.cell_id: "0" for c in statute().cells("f2021")}
    values |= {"t2.regulations.issued": "", "t2.regulations.repealed": "/"}
    lines = table_text("t2", values, template="f2021", layout="I")
    found = report("\n".join(["一、总体情况", "平稳。", "二、主动公开政府信息情况", *lines]))
    issued, repealed, force = (found.cell(f"t2.regulations.{c}") for c in ("issued", "repealed", "in_force"))
    assert issued is not None and repealed is not None and force is not None
    assert (issued.value, issued.status) == (None, "missing") and (repealed.value, repealed.raw) == (None, "/")
    assert force.value == 0 and force.status == "ok" and issued.reason != repealed.reason


def test_the_year_comes_from_the_title_not_from_the_name_of_the_file() -> None:
    assert report("一、总体情况\n平稳。", path="1998-2007备份.txt").year == 2023


def test_nothing_in_section_five_is_said_not_invented() -> None:
    found = report("一、总体情况\n平稳。\n五、存在的主要问题及改进情况\n无。\n六、其他需要报告的事项\n无。\n")
    assert any(f.rule == "Q-EMPTY5" and f.severity == "info" for f in found.findings)
    assert [s.stance for s in found.sentences if s.text == "无。"] == ["neutral", "neutral"]


def test_wholly_done_and_carried_over_contradict_only_softly() -> None:
    found = report("一、总体情况\n收到申请10件，均已办结，结转下年度2件。")
    assert not [f for f in found.findings if f.status == "mismatch" and f.severity == "error"]
