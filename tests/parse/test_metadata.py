"""Title, agency, year and period, each with the text it was taken from."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlp_reports.schema import Report

from .documents import matrix, parsed, report_lines

CASES = yaml.safe_load((Path(__file__).parent / "golden" / "titles.yaml").read_text("utf-8"))


def _value(report: Report, name: str) -> str:
    (found,) = [e for e in report.evidence if e.name == name]
    return "".join(report.text[found.start : found.end].split())


@pytest.mark.parametrize(("lines", "title", "agency", "year"), CASES, ids=[c[0][0] for c in CASES])
def test_titles(lines: list[str], title: str, agency: str, year: int | None) -> None:
    report = parsed([*lines, "按照有关规定编制本报告。", "一、总体情况", "公开信息9条。"])
    assert (report.title, report.agency, report.year) == (title, agency, year)
    if title:
        assert _value(report, "title") == title
    if agency:
        assert _value(report, "agency") == agency
    assert title == "" or not any(report.slice(p) in lines for s in report.sections for p in s.paragraphs)


@pytest.mark.parametrize(
    ("sentence", "period"),
    [
        ("统计期限自2023年1月1日起至12月31日。", "2023-01-01/2023-12-31"),
        ("数据的统计期限为2023年1月1日至2023年12月31日。", "2023-01-01/2023-12-31"),
        ("统计时间从1月1日到12月31日止。", "2022-01-01/2022-12-31"),
        ("統計週期為 2023 年 1 月 1 日 — 2023 年 12 月 31 日。", "2023-01-01/2023-12-31"),
        ("统计时限自2023年1月1日开始至2023年12月31日止。", "2023-01-01/2023-12-31"),
        ("本报告按年编制。", ""),
    ],
)
def test_period(sentence: str, period: str) -> None:
    report = parsed(["云岭市2022年政府信息公开工作年度报告", sentence, "一、总体情况", "公开信息9条。"])
    assert report.period == period
    assert report.year == 2022, "the title comes before the period"
    noted = [n.code for n in report.notes if n.code == "period_of_another_year"]
    assert bool(noted) == bool(period and not period.startswith("2022"))


def test_year_falls_back_in_order() -> None:
    body = ["一、总体情况", "2021年公开信息9条，2021年办理2件，2020年没有。"]
    by_period = parsed(["政府信息公开工作年度报告", "统计期限自2023年1月1日起至12月31日。", *body])
    assert (by_period.year, [e.rule for e in by_period.evidence if e.name == "year"]) == (2023, ["period"])
    by_preamble = parsed(["政府信息公开工作年度报告", "现公布青禾县民政局2022年报告。", *body])
    assert (by_preamble.year, by_preamble.agency) == (2022, "青禾县民政局")
    by_body = parsed(["政府信息公开工作年度报告", *body])
    assert (by_body.year, by_body.agency) == (2021, "")
    assert parsed(["一、总体情况", "2021年公开信息，2020年没有。"]).year is None


@pytest.mark.parametrize(
    ("script", "expected"), [("hans", "hans"), ("s2t", "hant"), ("s2hk", "hant"), ("s2tw", "hant")]
)
def test_script(script: str, expected: str) -> None:
    assert parsed(report_lines(matrix(), script=script)).script == expected


def test_template_is_proved_by_headers_not_by_the_year() -> None:
    lines = [line.replace("2023", "2024") for line in report_lines(matrix("f2019"), template="f2019")]
    report = parsed(lines)
    assert (report.template, report.year) == ("f2019", 2024)
    (proof,) = [e for e in report.evidence if e.name == "template"]
    assert (proof.rule, report.text[proof.start : proof.end]) == (
        "table_headers",
        "信息内容 | 本年新制作数量 | 本年新公开数量 | 对外公开总数量 |",
    )
