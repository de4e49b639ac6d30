"""Every layout in which tables are published is read back to the same cells, or refused."""

from __future__ import annotations

import pytest

from nlp_reports.parse import parse
from nlp_reports.read import read_bytes
from nlp_reports.synth.layouts import LAYOUTS, READABLE, convert, flatten, printed, table_html
from nlp_reports.template import statute

from .documents import HEADINGS, OVERVIEW, SECTIONS, TITLE, cells, matrix, parsed, report_lines, tables, unread, wrong

SCRIPTS = ("hans", "s2t", "s2tw", "s2hk")
#: Layouts that keep the place of a blank cell.
POSITIONAL = "ABCDEIJ"


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("layout", READABLE)
@pytest.mark.parametrize("template", ["f2021", "f2019"])
def test_full_tables_come_back_identical(template: str, layout: str, script: str) -> None:
    values = matrix(template, seed=7)
    report = parsed(report_lines(values, template=template, layout=layout, script=script))
    assert report.template == template
    assert [c.cell_id for c in report.cells] == [c.cell_id for c in statute().cells(template)]
    assert {c.cell_id: c.value for c in report.cells} == values
    assert [s.section for s in report.sections] == ["preamble", *SECTIONS]
    assert [len(s.paragraphs) for s in report.sections] == [1, 2, 0, 0, 0, 2, 1]


@pytest.mark.parametrize("layout", READABLE)
@pytest.mark.parametrize("template", ["f2021", "f2019"])
def test_through_the_reader_as_well(template: str, layout: str) -> None:
    values = matrix(template, seed=8)
    data = "\n".join(report_lines(values, template=template, layout=layout, script="s2t")).encode()
    (report,) = (parse(r) for r in read_bytes(data, path="report.txt"))
    assert {c.cell_id: c.value for c in report.cells} == values


@pytest.mark.parametrize("layout", POSITIONAL)
@pytest.mark.parametrize("template", ["f2021", "f2019"])
def test_blanks_that_keep_their_place_are_missing(template: str, layout: str) -> None:
    values = matrix(template, seed=7, blank=0.3)
    report = parsed(report_lines(values, template=template, layout=layout))
    assert {c.cell_id: c.value for c in report.cells} == values
    assert {c.reason for c in report.cells if c.value is None} == {"blank"}
    assert {c.fault for c in report.cells if c.value is None} == {"author"}


@pytest.mark.parametrize("layout", ["A", "B", "F", "G", "H"])
@pytest.mark.parametrize("seed", range(4))
def test_blanks_that_lost_their_place_are_never_guessed(layout: str, seed: int) -> None:
    values = matrix(seed=seed, blank=0.3, balanced=False)
    report = parsed(report_lines(values, layout=layout, drop_blanks=True))
    assert wrong(report, values) == []
    assert {c.reason for c in report.cells if c.status == "unreadable"} <= {
        "blank_position_lost",
        "torn_table",
        "too_many_values",
    }


@pytest.mark.parametrize(("layout", "reason"), [("K", "lines_deduplicated"), ("L", "layout_table_pads")])
@pytest.mark.parametrize("template", ["f2021", "f2019"])
def test_lost_tables_are_unreadable(template: str, layout: str, reason: str) -> None:
    values = matrix(template, seed=3)
    report = parsed(report_lines(values, template=template, layout=layout))
    assert {(c.status, c.reason, c.fault) for c in report.cells} == {("unreadable", reason, "reader")}
    assert ("table_unreadable", reason) in [(n.code, n.message) for n in report.notes]


def test_a_page_deduplicated_as_a_whole_is_unreadable() -> None:
    lines = list(dict.fromkeys(report_lines(matrix(seed=3), layout="F")))
    report = parsed(lines)
    assert all(c.value is None for c in report.cells if c.table == "t3")


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("template", ["f2021", "f2019"])
@pytest.mark.parametrize("blank", [0.0, 0.4])
def test_html_tables_with_merged_cells(template: str, script: str, blank: float) -> None:
    values = matrix(template, seed=11, blank=blank)
    parts = [f"<h1>{convert(TITLE, script)}</h1>"]
    names = {1: "t2" if template == "f2021" else "t2_2019", 2: "t3", 3: "t4"}
    for number, heading in enumerate(HEADINGS):
        parts.append(f"<p>{convert(heading, script)}</p>")
        if number in names:
            parts.append(table_html(names[number], values, template=template, script=script))
        else:
            parts.append(f"<p>{convert(OVERVIEW[0], script)}</p>")
    page = f'<html><body><div class="article">{"".join(parts)}</div></body></html>'
    (report,) = (parse(r) for r in read_bytes(page.encode(), path="report.html"))
    assert {c.cell_id: c.value for c in report.cells} == values


def test_one_paragraph_page() -> None:
    values = matrix(seed=5)
    for layout in ("A", "F"):
        report = parsed([" ".join(report_lines(values, layout=layout))])
        assert {c.cell_id: c.value for c in report.cells} == values
        assert [s.section for s in report.sections] == ["preamble", *SECTIONS]
        assert report.slice(report.sections[-1].paragraphs[0]) == "本年度未收取信息处理费。"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_renderers_print_every_value_once(layout: str) -> None:
    values = {c.cell_id: 100000 + i for i, c in enumerate(statute().cells("f2021"))}
    text = "\n".join("\n".join(flatten(rows, layout)) for rows in tables(values).values())
    assert all(text.count(str(v)) == 1 for v in values.values())


def test_unknown_layout_and_table() -> None:
    with pytest.raises(ValueError, match="no such layout"):
        flatten(printed("t4", {}, template="f2021"), "Z")
    with pytest.raises(ValueError, match="no such table"):
        printed("t9", {}, template="f2021")


def test_phrase_conversion_of_labels() -> None:
    values = matrix(seed=2)
    report = parsed(report_lines(values, script="s2twp"))
    assert unread(report, values) == []
    assert wrong(report, values) == []
    assert cells(report)["t2.normative_documents.issued"].status == "ok"
