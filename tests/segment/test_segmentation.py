"""Units, their outline, and what holds for any text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp_reports.schema import Report, Section
from nlp_reports.segment import Segmenter, segment_text

GOLDEN = Path(__file__).parent.parent / "golden" / "segmentation.jsonl"
RULES = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r["name"])
def test_golden_rule(rule: dict[str, object]) -> None:
    assert [[u.text, u.kind] for u in segment_text(str(rule["text"]))] == rule["units"]


def test_there_are_enough_rules_in_both_scripts() -> None:
    assert len(RULES) >= 150
    assert len({r["name"] for r in RULES}) == len(RULES)
    assert sum(str(r["name"]).startswith("traditional") or "traditional" in str(r["name"]) for r in RULES) >= 12


_CHARS = (
    '甲乙公开信息条一二三是第首先其次（）()“”「」《》"。；;：:，,、.!?！？12１ \n\t\u3000①⑴㈠-•…在\U00020000a\u200b'
)
texts = st.text(st.sampled_from(_CHARS), max_size=160) | st.text(max_size=80)


@settings(max_examples=300, deadline=None)
@given(texts, st.sampled_from(["item", "sentence", "clause"]))
def test_units_tile_the_text(text: str, granularity: str) -> None:
    end = 0
    for unit in segment_text(text, granularity=granularity):  # type: ignore[arg-type]
        assert text[unit.start : unit.end] == unit.text
        assert not text[end : unit.start].strip()
        assert unit.text.strip() == unit.text != ""
        assert unit.lead_in < len(text) and unit.level >= 0
        end = unit.end
    assert not text[end:].strip()


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r["name"])
def test_conversion_between_scripts_changes_no_unit(rule: dict[str, object]) -> None:
    from opencc import OpenCC

    text = str(rule["text"])
    for mode in ("s2t", "t2s"):
        converted = OpenCC(mode).convert(text)
        if len(converted) != len(text):
            continue
        want = [(u.start, u.end, u.kind, u.level) for u in segment_text(text)]
        assert [(u.start, u.end, u.kind, u.level) for u in segment_text(converted)] == want


def test_sentence_granularity_follows_the_standard() -> None:
    text = "存在问题：一是更新慢；二是人手少。下一步，补齐人员。"
    assert [u.text for u in segment_text(text, granularity="sentence")] == [
        "存在问题：一是更新慢；二是人手少。",
        "下一步，补齐人员。",
    ]


def test_clause_granularity_cuts_at_commas_but_not_in_numbers_and_brackets() -> None:
    text = "公开信息2,261条，答复申请（网上，信函）3件。"
    assert [u.text for u in segment_text(text, granularity="clause")] == [
        "公开信息2,261条，",
        "答复申请（网上，信函）3件。",
    ]


def test_outline_levels_paths_and_lead_ins() -> None:
    text = "（一）监督保障情况。\n一是抓考核。每季度通报。\n二是抓评议，做法是：\n1.发放问卷，听取意见；\n2.召开座谈会。\n以上工作均已完成。"
    units = segment_text(text)
    assert [(u.level, u.marker) for u in units] == [
        (1, "（一）"), (2, "一是"), (2, ""), (2, "二是"), (3, "1."), (3, "2."), (1, ""),
    ]  # fmt: skip
    assert all(u.heading_path == ("（一）监督保障情况",) for u in units[1:])
    assert [u.lead_in for u in units] == [-1, -1, -1, -1, 3, 3, -1]


def test_markers_are_written_as_in_the_text() -> None:
    text = "问题：①更新慢；②人手少。第一，补人；首先，培训。"
    assert [u.marker for u in segment_text(text)] == ["", "①", "②", "第一", "首先"]


@pytest.mark.parametrize("granularity", ["word", "", "ITEM"])
def test_unknown_granularity_is_refused(granularity: str) -> None:
    with pytest.raises(ValueError, match="item, sentence, clause"):
        segment_text("甲。", granularity=granularity)  # type: ignore[arg-type]


def _report(text: str, sections: list[tuple[str, int, int, list[tuple[int, int]]]]) -> Report:
    return Report(
        "r", "r.txt", "", text,
        sections=tuple(
            Section(s, i + 1, text[a:b], a, max([b, *(e for _, e in p)]), b, paragraphs=tuple(p))  # type: ignore[arg-type]
            for i, (s, a, b, p) in enumerate(sections)
        ),
    )  # fmt: skip


def test_sections_give_headings_and_units_with_running_ids() -> None:
    text = "根据条例编制。\n一、总体情况\n一是公开。\n公开信息。\n二、主动公开政府信息情况\n规章 | 0\n六、其他需要报告的事项\n"
    at = text.index
    report = _report(
        text,
        [
            ("preamble", 0, 0, [(0, 7)]),
            (
                "overview",
                at("一、总"),
                at("一是") - 1,
                [(at("一是"), at("一是") + 5), (at("公开信"), at("公开信") + 5)],
            ),
            ("proactive_disclosure", at("二、"), at("规章"), []),
            ("other_matters", at("六、"), len(text), []),
        ],
    )
    sentences = Segmenter()(report).sentences
    assert [(s.sentence_id, s.section, s.kind, s.text) for s in sentences] == [
        ("s0001", "preamble", "sentence", "根据条例编制。"),
        ("s0002", "overview", "heading", "一、总体情况"),
        ("s0003", "overview", "sentence", "一是公开。"),
        ("s0004", "overview", "sentence", "公开信息。"),
        ("s0005", "other_matters", "heading", "六、其他需要报告的事项"),
    ]
    assert [s.level for s in sentences] == [0, 1, 2, 1, 1]
    assert sentences[1].marker == "一、" and sentences[2].heading_path == ("一、总体情况",)
    for s in sentences:
        assert report.text[s.start : s.end] == s.text


def test_wraps_inside_a_paragraph_are_no_boundaries() -> None:
    text = "全年公开信\n息12条，答\n复3件。继续\n推进。"
    report = _report(text, [("overview", 0, 0, [(0, len(text))])])
    assert [s.text for s in Segmenter()(report).sentences] == ["全年公开信\n息12条，答\n复3件。", "继续\n推进。"]


HOSTILE = [
    "（",
    "“",
    "”",
    "。",
    "；",
    "1.",
    "一是",
    "（一）甲",
    "甲",
    " ",
    "\n",
    "((",
    '"',
    "“甲。",
    "甲，",
    "⑴",
    "\x00\x07",
    "?",
    "-",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_long_input_of_one_kind_is_cut_without_loss(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    units = segment_text(text)
    assert sum(len(u.text) for u in units) >= len(text.replace(" ", "").replace("\n", ""))


def test_text_without_a_stop_is_one_unit() -> None:
    assert len(segment_text("公开" * 50_000)) == 1


def test_empty_and_blank_text_have_no_units() -> None:
    assert segment_text("") == segment_text(" \n\u3000\n") == []
