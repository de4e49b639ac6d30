"""Bare numbers at the edge of PDF pages: page numbers go, cells of a table without rules stay."""

from __future__ import annotations

import io

import pytest

from nlp_reports.read import read_bytes

canvas = pytest.importorskip("reportlab.pdfgen.canvas")


def pdf(pages: list[list[str]], bottoms: list[str]) -> bytes:
    """Pages of lines from the top, and one line at the bottom margin of each."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    sheet = canvas.Canvas(buffer, pagesize=(595, 842))
    for lines, bottom in zip(pages, bottoms, strict=True):
        sheet.setFont("STSong-Light", 11)
        for i, line in enumerate(lines):
            sheet.drawString(72, 770 - 20 * i, line)
        sheet.drawString(290, 30, bottom)
        sheet.showPage()
    sheet.save()
    return buffer.getvalue()


BODY = [
    ["一、总体情况", "全年公开信息若干条，办理平稳。"],
    ["二、主动公开政府信息情况", "行政许可"],
    ["三、收到和处理政府信息公开申请情况", "本年新收"],
]


def test_numbers_that_count_the_pages_are_dropped() -> None:
    [report] = read_bytes(pdf(BODY, ["1", "2", "3"]), path="a.pdf")
    assert not [b for b in report.blocks if report.text[b.start : b.end] in ("1", "2", "3")]
    assert any(n.code == "page_furniture" for n in report.notes)


def test_numbers_that_do_not_are_cells() -> None:
    [report] = read_bytes(pdf(BODY, ["0", "12", "0"]), path="a.pdf")
    lines = report.text.split("\n")
    assert lines.count("0") == 2 and "12" in lines


def test_rows_of_numbers_are_not_joined_to_the_line_before() -> None:
    rows = [
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        "3.其他0 0 2 0 10 5 2",
        "（七）总计10 12 0 0 100 12 1",
    ]
    [report] = read_bytes(pdf([[*BODY[0], *rows]], ["—"]), path="a.pdf")
    assert "3.其他0 0 2 0 10 5 2" in report.text.split("\n") and "（七）总计10 12 0 0 100 12 1" in report.text.split(
        "\n"
    )
