"""The annex of reports on 2008–2018, and one series over all generations of the form."""

from __future__ import annotations

from decimal import Decimal

import pytest

from nlp_reports.parse import series_values
from nlp_reports.template import crosswalk, statute

from .documents import matrix, parsed, report_lines

HEAD = [
    "青禾县民政局2016年政府信息公开工作年度报告",
    "一、概述",
    "推进公开。",
    "二、依申请公开政府信息情况",
    "受理申请3件。",
    "三、存在的主要问题及改进措施",
    "人员不足。",
]
ROWS = [
    ("一、主动公开情况", "", None),
    ("（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）", "条", "120"),
    ("其中：主动公开规范性文件数", "条", "4"),
    ("三、依申请公开情况", "", None),
    ("（一）收到申请数", "件", "3"),
    ("1.当面申请数", "件", "1"),
    ("（三）申请答复数", "件", "3"),
    ("2.同意公开答复数", "件", "2"),
    ("3.同意部分公开答复数", "件", "0"),
    ("4.不同意公开答复数", "件", "1"),
    ("四、行政复议数量", "件", "2"),
    ("（一）维持具体行政行为数", "件", "1"),
    ("（二）被依法纠错数", "件", "1"),
    ("五、行政诉讼数量", "件", "5"),
    ("（一）维持具体行政行为或者驳回原告诉讼请求数", "件", "4"),
    ("（二）被依法纠错数", "件", "0"),
    ("（四）政府信息公开专项经费", "万元", "1.5"),
]
WANT = {
    "disclosed_info": "120", "normative_docs_disclosed": "4", "requests_received": "3", "requests_in_person": "1", "requests_answered": "3",
    "result_granted": "2", "result_partial": "0", "result_refused": "1", "reviews": "2", "review_upheld": "1", "review_corrected": "1",
    "lawsuits": "5", "lawsuit_upheld": "4", "lawsuit_corrected": "0", "budget": "1.5",
}  # fmt: skip


@pytest.mark.parametrize(
    "form",
    [
        lambda label, unit, value: [" ".join(x for x in (label, unit, value) if x)],
        lambda label, unit, value: [" | ".join(x for x in (label, unit, value) if x) + " |"],
        lambda label, unit, value: [x for x in (label, unit, value) if x],
        lambda label, unit, value: [f"{label}{value or ''}"],
    ],
    ids=["line", "bars", "cell by line", "glued"],
)
def test_indicators(form) -> None:  # type: ignore[no-untyped-def]
    rows = [line for label, unit, value in ROWS for line in form(label, unit, value)]
    report = parsed([*HEAD, "政府信息公开情况统计表", *rows])
    assert report.template == "pre2019"
    assert {k: str(v) for k, v in series_values(report).items()} == WANT
    for evidence in report.evidence:
        if evidence.name.startswith("annex."):
            assert Decimal(report.text[evidence.start : evidence.end]) == Decimal(evidence.value)
    assert [s.section for s in report.sections] == ["preamble", "overview", "requests", "problems_improvements"]
    assert [report.slice(p) for p in report.sections[-1].paragraphs] == ["人员不足。"]


def test_an_indicator_met_twice_with_two_values_is_left_out() -> None:
    rows = [
        "（一）收到申请数 件 3",
        "（一）收到申请数 件 4",
        "1.当面申请数 件 1",
        "2.传真申请数 件 0",
        "3.网络申请数 件 2",
    ]
    values = series_values(parsed([*HEAD, "政府信息公开情况统计表", *rows]))
    assert "requests_received" not in values and values["requests_in_person"] == 1


def test_a_mention_of_the_annex_is_no_annex() -> None:
    report = parsed([*HEAD[:5], "附：政府信息公开情况统计表", *HEAD[5:]])
    assert not any(e.name.startswith("annex.") for e in report.evidence)
    assert report.sections[-1].section == "problems_improvements"


def test_series_over_the_forms() -> None:
    values = matrix(seed=3)
    series = series_values(parsed(report_lines(values)))
    assert series["requests_received"] == values["t3.new_received.total"]
    assert series["lawsuits"] == values["t4.litigation_direct.total"] + values["t4.litigation_after_review.total"]  # type: ignore[operator]
    assert "result_granted" not in series, "the old indicator is narrower than the cell"
    old = matrix("f2019", seed=3)
    assert (
        series_values(parsed(report_lines(old, template="f2019")))["normative_docs_issued"]
        == old["t2_2019.normative_documents.newly_made"]
    )


def test_crosswalk_cells_exist() -> None:
    known = {c.cell_id for t in ("f2021", "f2019") for c in statute().cells(t)}
    assert all(set(i.cells) <= known for i in crosswalk().indicators)
    ids = [i.indicator_id for i in crosswalk().indicators]
    assert len(ids) == len(set(ids))
