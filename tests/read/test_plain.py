"""Plain text and Markdown: encodings, hard wraps, furniture, tables left or made into grids."""

from __future__ import annotations

import textwrap

import pytest

from nlp_reports.errors import ReportError
from nlp_reports.read import read_bytes
from nlp_reports.read.encoding import decode, plausibility
from nlp_reports.read.plain import split_run_on
from nlp_reports.read.wrap import Line, rewrap, wrap_width

PARAGRAPHS = [
    "一、总体情况",
    "青禾县围绕群众关心的事项更新门户网站，全年刊登各类消息1263条，制作图文材料28篇，组织座谈6场，收到留言447件并逐一回复，网站访问次数比上年增加两成。",
    "（一）栏目维护情况。县里安排专人每月巡查栏目，发现的错别字当天改正，过期的链接两天内撤下，半年汇总一次巡查结果并发给各乡镇。",
    "（二）留言办理情况。留言由值班人员登记，三个工作日内转给承办单位，七个工作日内答复留言人，办理结果在网站上公布。",
    "二、存在的主要问题及改进情况",
    "部分乡镇栏目更新偏慢，个别材料写得过于专业，群众读起来吃力。下一步将请有经验的同志分批上门辅导，并把好懂作为检查的一项内容。",
]


def one(text: str | bytes, name: str = "a.txt"):
    [report] = read_bytes(text if isinstance(text, bytes) else text.encode(), path=name)
    assert all(report.text[b.start : b.end] == report.text[b.start : b.end].strip("\n") for b in report.blocks)
    return report


def lines_of(report) -> list[str]:
    return [report.text[b.start : b.end] for b in report.blocks]


def hard_wrap(paragraph: str, columns: int, indent: str = "") -> list[str]:
    """Break as an office program does: full lines, no closing mark at a line start, numbers kept whole."""
    import re

    words = re.findall(r"[0-9A-Za-z.]+|.", indent + paragraph)
    out, line, used = [], "", 0
    for word in words:
        size = sum(2 if ord(c) > 255 else 1 for c in word)
        if used + size > columns and word not in "，。、；：）”》":
            out.append(line)
            line, used = "", 0
        line += word
        used += size
    return [*out, line]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_simplified_text_in_every_encoding(encoding: str) -> None:
    assert lines_of(one("\n".join(PARAGRAPHS).encode(encoding))) == PARAGRAPHS


@pytest.mark.parametrize("encoding", ["big5", "big5hkscs", "gb18030", "utf-16"])
def test_traditional_text_in_every_encoding(encoding: str) -> None:
    text = "一、總體情況\n全縣各單位依規定辦理資訊公開業務，全年受理民眾申請十二件，均於期限內答復申請人。\n"
    report = one(text.encode(encoding))
    assert lines_of(report) == text.split("\n")[:2]
    assert report.script == "hant"


def test_paragraph_a_line_stays_byte_for_byte() -> None:
    assert one("\n".join(PARAGRAPHS)).text == "\n".join(PARAGRAPHS)
    assert one("\r\n".join(PARAGRAPHS) + "\r\n").text == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize("columns", [40, 48, 56, 60, 76])
@pytest.mark.parametrize("indent", ["", "　　"])
@pytest.mark.parametrize("dumped", [False, True])
def test_hard_wraps_are_undone(columns: int, indent: str, dumped: bool) -> None:
    lines = [line for p in PARAGRAPHS for line in hard_wrap(p, columns, indent)]
    if dumped:  # an extractor that drops the indentation
        lines = [line.strip("　") for line in lines]
    report = one("\n".join(lines))
    assert lines_of(report) == PARAGRAPHS
    assert [n.code for n in report.notes] == ["hard_wrap"]


def test_page_furniture_inside_a_paragraph() -> None:
    lines = [line for p in PARAGRAPHS for line in hard_wrap(p, 48)]
    lines[2:2] = ["", "- 3 -", ""]
    lines[6:6] = ["第 4 页 共 9 页"]
    report = one("\n".join(lines))
    assert lines_of(report) == PARAGRAPHS
    assert {n.code for n in report.notes} == {"hard_wrap", "page_furniture"}


def test_blanks_of_a_text_layer_go_but_those_of_table_rows_stay() -> None:
    lines = hard_wrap(
        "2024 年全县共收到留言 447 件，办结 440 件，其中网站 300 件、电话 140 件，另有 7 件转到下年办理，" * 3, 56
    )
    lines += ["行政许可 97", "规章 0 0 0", "信息内容 本年制发件数 本年废止件数"]
    got = lines_of(one("\n".join(lines)))
    assert got[-3:] == ["行政许可 97", "规章 0 0 0", "信息内容 本年制发件数 本年废止件数"]
    assert "2024年全县共收到留言447件" in got[0] and len(got) == 4


def test_flattened_table_lines_are_left_alone() -> None:
    text = "二、主动公开政府信息情况\n第二十条第（一）项 |\n|||\n规章 |\n0 |\n2 |\n|\n行政许可 | 12 | ||\n（七）总计 3 0 0 0 0 0 3"
    assert one(text).text == text


def test_markdown_tables_become_grids_and_marks_go() -> None:
    text = "## 表一：**数量**\n| 信息内容 | 件数 |\n|---|---|\n| 规章 | 0 |\n| 许可 \\| 处罚 |  |\n| 3 | 4 |\n|:--|--:|\n| 5 | 6 |\n文字"
    report = one(text, "a.md")
    kinds = [b.kind for b in report.blocks]
    assert kinds == ["paragraph", "grid", "grid", "paragraph"]
    assert report.text == "表一：数量\n信息内容 | 件数\n规章 | 0\n许可 | 处罚 | \n3 | 4\n5 | 6\n文字"
    first = report.blocks[1].grid
    assert [(c.row, c.col, c.text) for c in first.cells][-2:] == [(2, 0, "许可 | 处罚"), (2, 1, "")]


def test_run_on_page_is_cut_at_its_indents() -> None:
    text = "　　".join(p + ("。" if not p.endswith("。") else "") for p in PARAGRAPHS)
    assert len(split_run_on(text)) == len(PARAGRAPHS)
    assert split_run_on("短　　句") == ["短　　句"]


def test_mojibake_is_undone() -> None:
    text = "\n".join(PARAGRAPHS)
    report = one(text.encode().decode("latin-1").encode())
    assert report.text == text and [n.code for n in report.notes] == ["mojibake"]


def test_mixed_encodings_are_refused_by_line() -> None:
    data = "\n".join(PARAGRAPHS).encode() + "\n根据政府信息公开条例编制本报告，请向办公室索取。\n".encode("gb18030")
    with pytest.raises(ReportError, match=r"NR106 a\.txt: .*line 7"):
        one(data)


def test_a_cut_letter_is_said_not_fatal() -> None:
    report = one("\n".join(PARAGRAPHS).encode()[:-1])
    assert [n.code for n in report.notes] == ["undecodable_bytes"]


def test_plausibility_of_wrong_tables() -> None:
    text = "".join(PARAGRAPHS)
    assert plausibility(text) > 0.3
    assert plausibility(text.encode("gb18030").decode("big5", "replace")) < 0.12
    assert decode(text.encode("gb18030"), declared="big5").encoding == "gb18030"


def test_paragraph_lists_are_no_hard_wraps() -> None:
    lines = [f"{i}、青禾县第{i}项工作按期完成，已在门户网站公布。" for i in range(1, 30)]
    assert wrap_width(lines) is None


def test_headings_are_not_glued() -> None:
    lines = [
        Line(t, i)
        for i, t in enumerate(["一、总体情况", "（一）基本情况", "青禾县全年刊登消息一千二百条，", "其中部门八百条。"])
    ]
    assert [p.text for p in rewrap(lines, 30)] == [
        "一、总体情况",
        "（一）基本情况",
        "青禾县全年刊登消息一千二百条，其中部门八百条。",
    ]


def test_radicals_and_invisible_characters() -> None:
    report = one(textwrap.dedent("⼀、总体情况\n青禾县全年公开信息\u200b3条，⺠生类\ue0051条。"))
    assert report.text == "一、总体情况\n青禾县全年公开信息3条，民生类1条。"
    assert {n.code for n in report.notes} == {"radical_characters", "invisible_characters", "private_use_characters"}
    assert {n.fault for n in report.notes} == {"author"}
