"""Composed files and their truth: the same seed gives the same bytes, and what is printed can be read back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from nlp_reports.errors import DataFileError
from nlp_reports.parse import parse
from nlp_reports.pipeline import Pipeline
from nlp_reports.read import read_bytes
from nlp_reports.schema import Report
from nlp_reports.synth import SLIPS, generate
from nlp_reports.synth.layouts import READABLE

ENDINGS = {"text": "txt", "html": "html", "docx": "docx", "pdf": "pdf"}


def read_back(data: bytes, fmt: str) -> Report:
    return parse(read_bytes(data, path=f"composed.{ENDINGS[fmt]}")[0])


def right_cells(report: Report, truth: dict[str, Any]) -> float:
    got = {c.cell_id: c.value for c in report.cells}
    want = {cell: Decimal(value) for cell, value in truth["cells"].items() if value is not None}
    return sum(got.get(cell) == value for cell, value in want.items()) / len(want)


def test_same_seed_same_bytes_other_seed_other_report() -> None:
    one, two, three = (generate({"size": "small"}, seed=s)[0] for s in (5, 5, 6))
    assert one == two != three


@pytest.mark.parametrize("layout", READABLE)
@pytest.mark.parametrize("template", ["f2021", "f2019"])
def test_text_layouts_read_back(layout: str, template: str) -> None:
    data, truth = generate({"template": template}, layout=layout, seed=11)
    report = read_back(data, "text")
    assert (report.agency, report.year, report.template) == (truth["agency"], truth["year"], template)
    assert right_cells(report, truth) == 1.0


def test_deduplicated_lines_lose_numbers_and_are_not_guessed() -> None:
    data, truth = generate({}, layout="K", seed=11)
    report = read_back(data, "text")
    want = {cell: value for cell, value in truth["cells"].items() if value is not None}
    wrong = [c for c in report.cells if c.table == "t3" and c.value is not None and c.value != Decimal(want[c.cell_id])]
    assert wrong == []


def test_traditional_letters_keep_every_offset() -> None:
    data, truth = generate({"script": "hant", "agency": "青禾縣教育局"}, layout="B", seed=7)
    report = read_back(data, "text")
    assert report.script == "hant"
    assert right_cells(report, truth) == 1.0
    assert all(s["text"] in data.decode() for s in truth["sentences"])


@pytest.mark.parametrize("fmt", ["html", "docx"])
def test_merged_cells_read_back(fmt: str) -> None:
    data, truth = generate({"size": "large"}, fmt=fmt, seed=3)
    assert right_cells(read_back(data, fmt), truth) == 1.0


@pytest.mark.office
def test_pdf_reads_back() -> None:
    if which("soffice") is None and which("libreoffice") is None:
        pytest.skip("LibreOffice is not installed")
    data, truth = generate({"size": "small"}, fmt="pdf", seed=3)
    assert data.startswith(b"%PDF")
    assert right_cells(read_back(data, "pdf"), truth) > 0.9


def test_truth_slices_its_numbers() -> None:
    _, truth = generate({"size": "medium"}, seed=2)
    texts = {s["id"]: s["text"] for s in truth["sentences"]}
    counts = [c for c in truth["counts"] if not c["negated_zero"]]
    assert len(counts) > 5
    for count in counts:
        assert Decimal(texts[count["sentence"]][count["start"] : count["end"]]) == Decimal(count["value"])


def test_a_described_report_says_what_was_described() -> None:
    cells = {"t2.administrative_license.decisions": 4321}
    data, truth = generate({"agency": "青禾县教育局", "self": "我局", "year": 2022, "cells": cells}, seed=1)
    assert truth["cells"]["t2.administrative_license.decisions"] == "4321"
    assert "青禾县教育局2022年" in data.decode()


@pytest.mark.parametrize("name", sorted(SLIPS))
def test_planted_errors_stand_in_the_truth(name: str) -> None:
    planted = [
        generate({"template": t}, errors=[name], seed=s)[1]["errors"] for s in range(8) for t in ("f2021", "f2019")
    ]
    assert next(e[0]["slip"] for e in planted if e) == name


@pytest.mark.parametrize(
    ("spec", "errors", "says"),
    [
        ({"agancy": "x"}, [], "agancy"),
        ({"template": "f1999"}, [], "template"),
        ({"size": "huge"}, [], "size"),
        ({"cells": {"t9.a.b": 1}}, [], "t9.a.b"),
        ({}, ["gremlins"], "gremlins"),
    ],
)
def test_what_cannot_be_composed_is_named(spec: dict[str, Any], errors: list[str], says: str) -> None:
    with pytest.raises(DataFileError, match=says):
        generate(spec, errors=errors)
    with pytest.raises(ValueError, match="layout"):
        generate({}, layout="Z")


def test_whole_way_from_bytes_to_findings_is_silent_on_clean_reports(tmp_path: Path) -> None:
    pipeline = Pipeline.default()
    for seed, layout in enumerate("ABDFI"):
        data, _ = generate({"size": ("small", "medium")[seed % 2]}, layout=layout, seed=seed)
        report = pipeline(read_bytes(data, path="composed.txt")[0])
        assert [f.explanation for f in report.findings if f.status == "mismatch"] == []
