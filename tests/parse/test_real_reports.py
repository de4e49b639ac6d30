"""Real reports beside the checkout: every labelled cell and the metadata, as far as the document determines them."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from nlp_reports.parse import parse
from nlp_reports.read import read
from nlp_reports.text.normalize import compact

NAMES = ["seed.txt", "hongze_2023.pdf", "suqian_2023.html", "shanghai_2019.html", "kewei_2024.md"]


@pytest.mark.parametrize("name", NAMES)
def test_cells_and_metadata_equal_the_labels(name: str, shared: Path) -> None:
    gold = json.loads((shared / "gold" / f"{Path(name).stem}.json").read_text("utf-8"))
    report = parse(read(shared / "reports" / name))
    found = {c.cell_id: c for c in report.cells}
    for cell_id, value in gold["cells"].items():
        want = None if value is None else Decimal(str(value))
        assert found[cell_id].value == want, cell_id
        assert found[cell_id].status == ("missing" if want is None else "ok"), cell_id
    assert {c.status for i, c in found.items() if i not in gold["cells"]} <= {"missing", "unreadable"}
    assert (report.year, report.template) == (gold["year"], gold["template"])
    if gold["agency"] is not None:
        assert compact(report.agency) == compact(gold["agency"])


@pytest.mark.parametrize("name", NAMES)
def test_six_sections(name: str, shared: Path) -> None:
    report = parse(read(shared / "reports" / name))
    ids = {s.section for s in report.sections}
    assert ids == {
        "preamble",
        "overview",
        "proactive_disclosure",
        "requests",
        "review_litigation",
        "problems_improvements",
        "other_matters",
    }
