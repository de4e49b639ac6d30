"""Counts: golden rules, what holds for any text, and both scripts."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp_reports.counts import CountExtractor, extract, load_lexicon
from nlp_reports.schema import Count, Report, Sentence
from nlp_reports.text.normalize import fold
from nlp_reports.text.numerals import to_grouped, to_han

GOLDEN = Path(__file__).parent.parent / "golden" / "counts.jsonl"
RULES: list[dict[str, Any]] = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]


def row(count: Count, order: dict[str, int]) -> dict[str, Any]:
    """A count in the shape of the golden file, defaults left out."""
    out: dict[str, Any] = {"label": count.label, "value": count.value, "unit": count.unit}
    if count.kind != "count":
        out["kind"] = count.kind
    if count.bound != "exact":
        out["bound"] = count.bound
    if count.negated_zero:
        out["negated_zero"] = True
    if count.value_max is not None:
        out["value_max"] = count.value_max
    if count.part_of is not None:
        out["part_of"] = order[count.part_of]
    return out


def rows(counts: list[Count]) -> list[dict[str, Any]]:
    order = {c.count_id: i for i, c in enumerate(counts)}
    return [row(c, order) for c in counts]


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r["name"])
def test_golden_rule(rule: dict[str, Any]) -> None:
    counts = extract(rule["text"])
    want = [
        {k: Decimal(v) if k in ("value", "value_max") else v for k, v in c.items() if k != "item"}
        for c in rule["counts"]
    ]
    assert rows(counts) == want
    assert [c.item for c, w in zip(counts, rule["counts"], strict=True) if "item" in w] == [
        w["item"] for w in rule["counts"] if "item" in w
    ]
    for count in counts:
        assert rule["text"][count.start : count.end] == count.text
        assert count.rule


def test_there_are_enough_rules_in_both_scripts() -> None:
    names = [r["name"] for r in RULES]
    assert len(RULES) >= 400 and len(set(names)) == len(names)
    assert sum(n.startswith("traditional") for n in names) >= 40
    assert sum(n.startswith("not a count") for n in names) >= 80


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r["name"])
def test_conversion_between_scripts_changes_no_unit_value_or_item(rule: dict[str, Any]) -> None:
    from opencc import OpenCC

    text = rule["text"]
    want = [(c.value, fold(c.unit), c.kind, c.bound, c.item, c.number_start) for c in extract(text)]
    for mode in ("s2t", "t2s"):
        converted = OpenCC(mode).convert(text)
        if len(converted) == len(text):
            assert [
                (c.value, fold(c.unit), c.kind, c.bound, c.item, c.number_start) for c in extract(converted)
            ] == want


_WORDS = ["全年", "公开", "信息", "申请", "其中", "微信", "12", "3.5万", "1,024", "两", "条", "件", "元", "%", "、", "，", "。", "；", "：", "（", "）", "未收到", "没有", "零", "分别为", "同比增长", "占", "约", "余", "以上", "行政复议", "2022年", "第", "“", "”", "\n", " ", "百分之", "3—5", "X", "共", "每月", "𠀀"]  # fmt: skip
texts = st.lists(st.sampled_from(_WORDS), max_size=30).map("".join) | st.text(max_size=60)


@settings(max_examples=400, deadline=None)
@given(texts)
def test_spans_slice_the_text_and_links_point_to_counts(text: str) -> None:
    counts = extract(text)
    ids = {c.count_id for c in counts}
    assert len(ids) == len(counts)
    for count in counts:
        assert text[count.start : count.end] == count.text
        assert count.start <= count.number_start < count.number_end <= count.end
        if count.label_start >= 0:
            assert text[count.label_start : count.label_end] == count.label
        assert count.part_of is None or (count.part_of in ids and count.part_of != count.count_id)
        assert count.value >= 0 and (count.value_max is None or count.value_max > count.value)


@given(st.integers(2, 10**8), st.sampled_from(["arabic", "grouped", "wide", "han", "hant", "financial"]))
def test_values_come_back_from_any_numeral(value: int, form: str) -> None:
    written = {
        "arabic": str(value),
        "grouped": to_grouped(value),
        "wide": to_grouped(value, full_width=True),
        "han": to_han(value),
        "hant": to_han(value, script="hant"),
        "financial": to_han(value, financial=True),
    }[form]
    counts = extract(f"全年公开政府信息{written}件。")
    if written[0] in "百千万" or written == "十二":
        return
    assert [c.value for c in counts] == [value]


def test_extractor_fills_a_report_and_skips_headings() -> None:
    text = "一、公开信息12条\n收到申请6件。\n其中自然人申请4件。"
    spans = [(0, 9, "heading"), (10, 17, "sentence"), (18, 28, "sentence")]
    sentences = tuple(
        Sentence(f"s{i:04}", "overview", kind, text[a:b], a, b)  # type: ignore[arg-type]
        for i, (a, b, kind) in enumerate(spans, 1)
    )
    counts = CountExtractor()(Report("r", "r.txt", "", text, sentences=sentences)).counts
    assert [(c.count_id, c.sentence_id, c.value, c.part_of) for c in counts] == [
        ("c0001", "s0002", 6, None),
        ("c0002", "s0003", 4, "c0001"),
    ]
    assert all(text[c.start : c.end] == c.text for c in counts)


def test_scope_is_told_when_said() -> None:
    counts = extract("全市公开信息90条，其中市级30条、青禾县60条。本年度我局公开信息5条。")
    assert [c.scope for c in counts] == ["全市", "市级", "青禾县", ""]


def test_total_and_parts_never_cross_a_section() -> None:
    sentences = (
        Sentence("s0001", "overview", "sentence", "收到申请6件。", 0, 7),
        Sentence("s0002", "requests", "sentence", "其中自然人4件。", 7, 15),
    )
    counts = CountExtractor()(Report("r", "r.txt", "", "收到申请6件。其中自然人4件。", sentences=sentences)).counts
    assert [c.part_of for c in counts] == [None, None]


def test_lexicon_names_enough_items_and_every_statutory_cell_that_prose_names() -> None:
    ids = {i.id for i in load_lexicon().items}
    assert len(ids) >= 120
    assert {
        "requests_received", "requests_carried_in", "requests_carried_out", "requests_completed", "requests_natural_person",
        "requests_org", "requests_commercial", "requests_research", "requests_public_welfare", "requests_legal_service",
        "requests_other_org", "result_granted", "result_partial", "result_granted_or_partial", "result_refused",
        "result_unavailable", "result_unavailable_not_held", "result_rejected", "result_other", "reviews", "review_upheld",
        "review_corrected", "review_other", "review_pending", "lawsuits", "normative_docs_issued", "normative_docs_repealed",
        "normative_docs_in_force", "regulations_issued", "regulations_repealed", "regulations_in_force", "licenses", "penalties",
        "coercions", "admin_fees_wan", "processing_fee_cases", "processing_fee_yuan",
    } <= ids  # fmt: skip


HOSTILE = [
    "（",
    "“",
    "。",
    "1",
    "1条",
    "公开信息12条，",
    "其中1条",
    "未收到",
    "无、",
    "分别1、",
    "一二三",
    "1,234,",
    "占1%",
    "(1条",
    "1*",
    "a@",
    "《甲",
    "\x00",
    "九",
    "X条",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_long_input_of_one_kind_neither_fails_nor_hangs(piece: str) -> None:
    text = (piece * 100_000)[:20_000]
    for count in extract(text):
        assert text[count.start : count.end] == count.text


def test_a_million_digits_are_no_count() -> None:
    assert extract("公开信息" + "9" * 1_000_000 + "条。") == []
