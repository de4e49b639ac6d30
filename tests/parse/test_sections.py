"""Headings in all the ways they are printed, lost, repeated and imitated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from nlp_reports.parse import parse
from nlp_reports.schema import Report
from nlp_reports.synth.layouts import convert, flatten

from .documents import HEADINGS, OTHER, OVERVIEW, PREAMBLE, PROBLEMS, TITLE, matrix, parsed, report_lines, tables

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "golden" / "sections.yaml").read_text("utf-8"))


def lines_of_case(case: dict[str, Any]) -> list[str]:
    flat = {key: flatten(rows, "C") for key, rows in tables(matrix(seed=4)).items()}
    groups = {"@O": OVERVIEW, "@Q": PROBLEMS, "@E": OTHER, **{f"@{k}": v for k, v in flat.items()}}
    lines: list[str] = []
    for line in case["lines"]:
        for number, heading in enumerate(HEADINGS, 1):
            line = line.replace(f"@H{number}", heading)
        lines += groups.get(line, [line.replace("@T", TITLE).replace("@P", PREAMBLE)])
    return lines


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
@pytest.mark.parametrize("script", ["hans", "s2t", "s2twp"])
def test_golden(case: dict[str, Any], script: str) -> None:
    lines = [convert(line, script) for line in lines_of_case(case)]
    report = parsed(lines)
    assert [[s.section, s.numeral, len(s.paragraphs)] for s in report.sections] == case["sections"]


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_spans_are_in_order_and_hold_their_text(case: dict[str, Any]) -> None:
    report = parsed(lines_of_case(case))
    end = 0
    for number, section in enumerate(report.sections, 1):
        assert section.ordinal == number
        assert end <= section.start <= section.body_start <= section.end <= len(report.text)
        assert section.title == report.text[section.start : section.body_start].strip().replace("\n", "")
        at = section.body_start
        for a, b in section.paragraphs:
            assert at <= a < b <= section.end
            assert report.text[a:b] == report.text[a:b].strip()
            at = b
        end = section.end


def test_headings_of_table_three_are_no_sections() -> None:
    report = parsed(report_lines(matrix(seed=4), layout="F"))
    assert [s.numeral for s in report.sections] == [None, 1, 2, 3, 4, 5, 6]


def test_lost_headings_name_their_rule() -> None:
    report = parsed(lines_of_case(next(c for c in CASES if c["name"] == "all headings lost")))
    rules = [
        "before_first_heading",
        "text_after_preamble",
        *["table_without_heading"] * 3,
        "text_after_table_4",
        "fee_statement",
    ]
    assert [s.rule for s in report.sections] == rules
    assert {s.title for s in report.sections} == {""}


def test_prose_of_a_layout_table_page_loses_its_bars() -> None:
    lines = [line if "|" in line else f"{line} {'|' * 300}" for line in report_lines(matrix(seed=4), layout="L")]
    report = parsed(lines)
    assert [report.slice(p) for p in report.section("overview")[0].paragraphs] == list(OVERVIEW)
    assert [s.title for s in report.sections[1:]] == list(HEADINGS)


def test_empty_text() -> None:
    report = parse(Report("", "", "", ""))
    assert (report.sections, report.cells, report.template, report.title) == ((), (), "unknown", "")
