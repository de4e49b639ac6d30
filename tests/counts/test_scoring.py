"""Scores of units and counts, worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nlp_reports.errors import DataFileError
from nlp_reports.scoring import as_html, as_text, evaluate, golden_rows, prf, score_counts, score_segments

GOLDEN = Path(__file__).parent.parent / "golden"


def unit(start: int, end: int, kind: str = "sentence", report: str = "a") -> dict[str, Any]:
    return {"report_id": report, "start": start, "end": end, "kind": kind, "text": "甲" * (end - start)}


def count(cid: str, at: int, value: str, unit: str = "条", label: str = "信息", **more: Any) -> dict[str, Any]:
    base = {"report_id": "a", "count_id": cid, "number_start": at, "number_end": at + len(value), "value": value}
    return base | {"unit": unit, "label": label, "kind": "count", "bound": "exact", "part_of": None} | more


def test_prf_without_anything_is_perfect() -> None:
    assert prf(0, 0, 0) == (1.0, 1.0, 1.0) and prf(0, 3, 0) == (0.0, 0.0, 0.0)


def test_boundaries_and_spans_are_scored_apart() -> None:
    scores = score_segments([unit(0, 4), unit(4, 9), unit(9, 12)], [unit(0, 9), unit(9, 12, "heading")])
    assert scores.figures["boundary_precision"] == 1.0
    assert scores.figures["boundary_recall"] == pytest.approx(2 / 3)
    assert scores.figures["exact_f1"] == pytest.approx(2 * (1 / 2) * (1 / 3) / (1 / 2 + 1 / 3))
    assert scores.figures["kind_accuracy"] == 0.0
    assert sorted(m.kind for m in scores.mistakes) == ["kind", "missed", "missed", "spurious"]


def test_units_of_other_reports_do_not_match() -> None:
    assert score_segments([unit(0, 4)], [unit(0, 4, report="b")]).figures["exact_f1"] == 0.0


def test_counts_detection_reading_label_and_links() -> None:
    gold = [count("1", 2, "90"), count("2", 9, "30", part_of="1"), count("3", 15, "5", unit="件", label="申请")]
    found = [
        count("x", 2, "90", label="政府信息"),
        count("y", 9, "30", part_of="x", bound="about"),
        count("z", 15, "5", unit="项", label="申请"),
    ]
    scores = score_counts(gold, [*found, count("w", 30, "7")])
    assert scores.figures["detection_precision"] == 0.75 and scores.figures["detection_recall"] == 1.0
    assert scores.figures["reading_f1"] == pytest.approx(2 * (2 / 4) * (2 / 3) / (2 / 4 + 2 / 3))
    assert scores.figures["label"] == 1.0 and scores.figures["kind"] == 1.0 and scores.figures["bound"] == 0.5
    assert scores.figures["part_of_f1"] == 1.0
    assert sorted(m.kind for m in scores.mistakes) == ["bound", "spurious", "unit"]


def test_a_link_to_another_total_is_wrong() -> None:
    gold = [count("1", 2, "90"), count("2", 9, "60"), count("3", 15, "5", part_of="1")]
    found = [count("1", 2, "90"), count("2", 9, "60"), count("3", 15, "5", part_of="2")]
    scores = score_counts(gold, found)
    assert scores.figures["part_of_f1"] == 0.0 and [m.kind for m in scores.mistakes] == ["part_of"]


def test_equal_values_are_paired_by_label_without_spans() -> None:
    gold = [{**count("1", 0, "0"), "number_start": None}, {**count("2", 0, "0", label="申请"), "number_start": None}]
    scores = score_counts(gold, [count("a", 3, "0", label="申请"), count("b", 9, "0.0")])
    assert scores.figures["reading_f1"] == scores.figures["label"] == 1.0


def test_golden_files_score_full_marks_and_errors_are_listed_by_phenomenon(tmp_path: Path) -> None:
    assert evaluate("segment", GOLDEN / "segmentation.jsonl").figures["exact_f1"] == 1.0
    assert evaluate("counts", GOLDEN / "counts.jsonl").figures["part_of_f1"] == 1.0
    line = {
        "name": "a <b> phenomenon",
        "text": "公开信息12条。",
        "counts": [{"label": "信息", "value": "21", "unit": "条"}],
    }
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(line, ensure_ascii=False) + "\n", encoding="utf-8")
    scores = evaluate("counts", path)
    assert scores.by_phenomenon() == {"a <b> phenomenon": 1, "spurious": 1}
    assert "a <b> phenomenon (1)" in as_text(scores) and "21条" in as_text(scores)
    page = as_html(scores)
    assert "a &lt;b&gt; phenomenon" in page and "<b>" not in page


def test_golden_rows_carry_offsets() -> None:
    sentences, _ = golden_rows(
        [{"name": "n", "text": "甲。 乙。", "units": [["甲。", "sentence"], ["乙。", "sentence"]]}]
    )
    assert [(s["start"], s["end"]) for s in sentences] == [(0, 2), (3, 5)]


def test_wrong_files_and_tasks_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="segment or counts"):
        evaluate("themes", GOLDEN / "counts.jsonl")
    with pytest.raises(DataFileError, match="cannot be read"):
        evaluate("counts", tmp_path)
    bad = tmp_path / "bad.jsonl"
    bad.write_text("{}\n[1]\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="line 2"):
        evaluate("counts", bad)
