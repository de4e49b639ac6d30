"""For any matrix the cells come back; for any text nothing raises and every span is sound."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp_reports.parse import parse
from nlp_reports.parse.values import read_value
from nlp_reports.parse.vocabulary import explained
from nlp_reports.schema import Block, Grid, GridCell, Report
from nlp_reports.synth.layouts import LAYOUTS, READABLE

from .documents import matrix, parsed, report_lines, wrong

PIECES = st.sampled_from(
    ["一、总体情况", "二、主动公开政府信息情况", "三、本年度办理结果", "1.属于国家秘密", "规章", "第二十条第（一）项", "结果维持", "总计", "3.其他",
     "（七）总计", "公开信息12条。", "0", "12", "1,234", "/", "—", "无", "|", "||", "\n", " ", "　", "⻓", "二〇二三年", "2023年", "政府信息公开", "年度报告", "##", "𠮷"]
)  # fmt: skip
TEXT = st.lists(PIECES | st.text(max_size=4), max_size=60).map("".join)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(0, 3_000_000),
    st.sampled_from(READABLE),
    st.sampled_from(["f2021", "f2019"]),
    st.sampled_from(["hans", "s2t", "s2hk"]),
)
def test_any_matrix_comes_back(seed: int, number: int, layout: str, template: str, script: str) -> None:
    values = matrix(template, seed=seed)
    values |= {cell_id: number + i for i, cell_id in enumerate(sorted(values)) if (seed + i) % 7 == 0}
    report = parsed(report_lines(values, template=template, layout=layout, script=script))
    assert {c.cell_id: c.value for c in report.cells} == values


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10**6),
    st.floats(0, 0.95),
    st.sampled_from(LAYOUTS),
    st.sampled_from(["f2021", "f2019"]),
    st.booleans(),
)
def test_no_blank_makes_a_wrong_cell(seed: int, blank: float, layout: str, template: str, drop: bool) -> None:
    values = matrix(template, seed=seed, blank=blank, balanced=True)
    report = parsed(report_lines(values, template=template, layout=layout, drop_blanks=drop))
    assert wrong(report, values) == []


def _sound(report: Report) -> None:
    size, end = len(report.text), 0
    for section in report.sections:
        assert 0 <= end <= section.start <= section.body_start <= section.end <= size
        end = section.end
        for a, b in section.paragraphs:
            assert section.body_start <= a < b <= section.end
    for cell in report.cells:
        assert (cell.value is None) == (cell.status != "ok")
        assert cell.status == "ok" or cell.reason
        assert cell.start == cell.end == -1 or cell.raw == report.text[cell.start : cell.end]
    for evidence in report.evidence:
        assert 0 <= evidence.start <= evidence.end <= size


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_any_text(text: str) -> None:
    report = parse(Report("", "", "", text))
    assert report.text == text
    _sound(report)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.lists(PIECES.filter(lambda p: p != "\n") | st.just(""), min_size=1, max_size=9), min_size=1, max_size=12
    )
)
def test_any_grid(rows: list[list[str]]) -> None:
    text, cells = "", []
    for r, row in enumerate(rows):
        text += "\n" if r else ""
        for c, content in enumerate(row):
            text += " | " if c else ""
            cells.append(GridCell(r, c, content, len(text), len(text) + len(content)))
            text += content
    block = Block("grid", 0, len(text), Grid(len(rows), 9, tuple(cells)))
    _sound(parse(Report("", "", "", text, (block,))))


@given(st.integers(0, 10**12), st.sampled_from(["", "件", "条", "万元"]))
def test_numbers_are_read_back(number: int, unit: str) -> None:
    assert read_value(f"{number}{unit}").number == number
    assert read_value(f"{number:,}{unit}").number == number
    assert read_value(f"-{number}").number == -number


@given(st.text(max_size=60))
def test_values_and_pieces_are_total(text: str) -> None:
    value = read_value(text)
    assert (value.number is None) == (value.kind != "number")
    assert value.number is None or isinstance(value.number, Decimal)
    pieces = explained(text)
    assert pieces is None or "".join(pieces) == text
