"""Anything at all goes through the whole pipeline: no exception, every span slices, rows can be written, pages rendered."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp_reports import Pipeline, export
from nlp_reports.read import read_bytes
from nlp_reports.render import report_page

PIPELINE = Pipeline.default(model="rules", debug=True)
PIECES = [
    "云岭市水务局2023年政府信息公开工作年度报告", "一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项", "一、本年新收政府信息公开申请数量", "（七）总计",
    "第二十条第（一）项", "规章", "规范性文件", "0", "12", "1,204", "/", "—", "|", " | ", "||||", "\n", "\n\n", "　", " ", "。", "；", "：", "，", "（", "）", "“", "”", "《", "》",
    "一是", "（二）", "3.", "①", "其中", "分别为", "未收到", "收到申请12件", "其中自然人3件", "1.2万余条", "百分之三十", "同比增长12.5%", "〔2021〕30号", "三审三校",
    "⺠", "⻓", "\u200b", "\ufeff", "𠮷", "é", "\x00", "\x1b", "<td>", "&nbsp;", "a", "Z", "熱點新聞", "行政復議", "十二", "两",
]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=60))
def test_fragments_of_reports_in_any_order(pieces: list[str]) -> None:
    check("".join(pieces))


def check(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    try:
        reports = read_bytes(data, path="a.txt")
    except Exception as error:
        assert str(error).startswith("NR"), error
        return
    for report in map(PIPELINE, reports):
        for s in report.sentences:
            assert report.text[s.start : s.end] == s.text
        for c in report.counts:
            assert report.text[c.start : c.end] == c.text and c.value.is_finite()
            assert c.label_start < 0 or report.text[c.label_start : c.label_end] == c.label
        for cell in report.cells:
            assert cell.start < 0 or report.text[cell.start : cell.end] == cell.raw
            assert (cell.value is None) == (cell.status != "ok")
        ids = {f.finding_id for f in report.findings}
        assert all(f.root in ids for f in report.findings)
        json.dumps(export.rows(report), ensure_ascii=False)
        assert report_page(report).startswith("<!doctype html>")


@pytest.mark.parametrize(
    "text",
    [
        "一、总体情况\n" + "（" * 20_000 + "公开3件" + "“" * 20_000,
        "一、总体情况\n" + "公开信息" * 25_000,
        "一、总体情况\n共" + "9" * 200_000 + "件。",
        "一、总体情况\n" + "其中" * 20_000 + "3件，" * 5_000,
        "三、收到和处理政府信息公开申请情况\n" + "0 | " * 40_000,
        "\n".join(["一、总体情况"] * 5_000),
        "一、总体情况\n" + "一是。" * 10_000,
        "五、存在的主要问题\n" + "未发生没有" * 10_000,
        "一、总体情况\n" + "\x00\x01\x1b" * 10_000 + "公开3件。",
        "表" * 10 + "\n|" * 20_000,
    ],
    ids=["brackets", "no stop", "digits", "parts", "bars", "headings", "markers", "negations", "controls", "bar lines"],
)
def test_hostile_texts_end(text: str) -> None:
    check(text)
