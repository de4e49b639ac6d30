"""The output contract: names, order and types of the columns in all three formats."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from nlp_reports import export
from nlp_reports.schema import SCHEMA_VERSION, Cell, Count, Finding, Report, Section, Sentence

# Written out on purpose: when this test fails, a column that measurements rely on has changed, and SCHEMA_VERSION must too.
COLUMNS = {
    "reports": "report_id path sha256 title agency year template script text status error n_sentences n_counts n_cells n_findings",
    "sections": "report_id section ordinal title start end",
    "sentences": "report_id sentence_id section kind text start end marker level heading_path themes theme_scores stance stance_scores model",
    "counts": "report_id count_id sentence_id section text start end number_start number_end label label_start label_end value value_max unit kind bound negated_zero part_of scope item",
    "cells": "report_id cell_id table row column value raw status",
    "findings": "report_id finding_id rule status severity expected found left right root fault fingerprint explanation",
}
TEXT = "一、总体情况\n公开信息12.5条。"


@pytest.fixture()
def report() -> Report:
    return Report(
        "0" * 16, "a.txt", "f" * 64, TEXT, title="某某局报告", agency="某某局", year=2023, template="f2021",
        sections=(Section("overview", 1, "一、总体情况", 0, len(TEXT), 7),),
        sentences=(
            Sentence("s0001", "overview", "sentence", TEXT[7:], 7, len(TEXT), "一是", 1, ("一、总体情况",), "", 1,
                     ("proactive_disclosure",), {"proactive_disclosure": 0.9}, "achievement", {"achievement": 1.0}, "rules"),
        ),
        counts=(
            Count("c0001", "s0001", "overview", "信息12.5条", 9, 16, 11, 15, "信息", 9, 11, Decimal("12.5"), None, "条"),
            Count("c0002", "s0001", "overview", "", 9, 16, 11, 15, "信息", 9, 11, Decimal(3), Decimal(5), "条", part_of="c0001"),
        ),
        cells=(
            Cell("t3.granted.total", "t3", "granted", "total", Decimal(5), "5", "ok"),
            Cell("t2.administrative_fees.amount_wan_yuan", "t2", "administrative_fees", "amount_wan_yuan", None, "/", "missing"),
        ),
        findings=(
            Finding("f001", "T3-ROW", "mismatch", "error", "5", "4", ("cell:a", "cell:b"), ("cell:c",), "f001", "author", "abcd", "…"),
        ),
    )  # fmt: skip


def test_columns_are_those_of_the_contract() -> None:
    assert {table: " ".join(columns) for table, columns in export.CONTRACT.items()} == COLUMNS
    assert SCHEMA_VERSION == "1.0"


@pytest.mark.parametrize("format", ["jsonl", "csv", "parquet"])
def test_round_trip_in_every_format(report: Report, tmp_path: Path, format: export.Format) -> None:
    writer = export.Writer(tmp_path / "out", format=format)
    writer.write(export.rows(report))
    writer.close()
    for table, columns in COLUMNS.items():
        records = list(export.read_rows(tmp_path / "out", table))
        expected = export.rows(report)[table]
        assert [" ".join(r) for r in records] == [columns] * len(expected)
        for record, want in zip(records, expected, strict=True):
            for column, value in want.items():
                kind = export.CONTRACT[table][column].rstrip("?")
                if kind == "decimal" and format == "parquet" and value is not None:
                    value = float(value)
                assert record[column] == value, (table, column)
    assert not list((tmp_path / "out").rglob("*.partial"))


def test_jsonl_decimals_are_strings_and_missing_cells_null(report: Report, tmp_path: Path) -> None:
    writer = export.Writer(tmp_path, format="jsonl")
    writer.write(export.rows(report))
    writer.close()
    count = json.loads((tmp_path / "counts.jsonl").read_text("utf-8").splitlines()[0])
    cells = [json.loads(line) for line in (tmp_path / "cells.jsonl").read_text("utf-8").splitlines()]
    assert count["value"] == "12.5" and count["value_max"] is None
    assert [c["value"] for c in cells] == [5, None]


def test_parquet_types(report: Report, tmp_path: Path) -> None:
    writer = export.Writer(tmp_path, format="parquet", rows_per_part=1)
    writer.write(export.rows(report))
    writer.write(export.rows(report))
    writer.close()
    parts = sorted((tmp_path / "counts").glob("part-*.parquet"))
    assert len(parts) == 2
    schema = pq.read_schema(parts[0])
    assert str(schema.field("value").type) == "double" and str(schema.field("negated_zero").type) == "bool"
    assert str(pq.read_schema(next((tmp_path / "sentences").glob("*.parquet"))).field("theme_scores").type).startswith(
        "map<"
    )


def test_frame_has_the_contract_columns(report: Report) -> None:
    frame = export.to_frame(report, "counts")
    assert list(frame.columns) == COLUMNS["counts"].split()
    with pytest.raises(KeyError, match="no table"):
        export.to_frame(report, "nothing")
