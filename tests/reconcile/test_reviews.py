from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlp_reports.errors import DataFileError
from nlp_reports.reconcile import Reconciler
from nlp_reports.reviews import Reviews, load_baseline, save_baseline
from nlp_reports.schema import Finding, Report

from .helpers import build

WRONG = "全年收到政府信息公开申请⟦53件|requests_received|政府信息公开申请⟧。"


def checked(text: str = WRONG, **changes: object) -> Report:
    return Reconciler()(build(text, **changes))  # type: ignore[arg-type]


def wrong(report: Report) -> Finding:
    return next(f for f in report.findings if f.status == "mismatch" and f.root == f.finding_id)


@pytest.mark.parametrize("name", ["reviews.yaml", "reviews.json"])
def test_decision_survives_a_rerun_and_unrelated_changes(tmp_path: Path, name: str) -> None:
    report = checked()
    Reviews().decide(wrong(report), "dismissed", note="电话核实：另有未入库申请", report=report).save(tmp_path / name)
    again = checked("本段是后来加写的。\n" + WRONG, cells={"t2.administrative_license.decisions": 999})
    reviews = Reviews.load(tmp_path / name)
    decision = reviews.of(wrong(again))
    assert decision is not None
    assert (decision.verdict, decision.note, decision.agency) == (
        "dismissed",
        "电话核实：另有未入库申请",
        "青禾县人民政府",
    )
    assert wrong(again) not in reviews.undecided(again.findings)


def test_other_agency_or_year_is_another_finding() -> None:
    prints = {
        wrong(checked(agency=a, year=y)).fingerprint for a in ("青禾县人民政府", "白沙镇人民政府") for y in (2022, 2023)
    }
    assert len(prints) == 4


def test_dismissing_a_root_takes_its_dependents_along() -> None:
    report = checked("各项工作有序开展。", cells={"t3.new_received.total": 53})
    root = wrong(report)
    dependents = [f for f in report.findings if f.root == root.finding_id]
    assert len(dependents) >= 3
    left = Reviews().decide(root, "dismissed").undecided(report.findings)
    assert not [f for f in left if f.status == "mismatch"]


def test_missing_file_is_empty_and_bad_one_is_named(tmp_path: Path) -> None:
    assert len(Reviews.load(tmp_path / "none.yaml")) == 0
    bad = tmp_path / "bad.yaml"
    bad.write_text("reviews:\n  abcd: {verdict: maybe}\n", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"abcd.*confirmed, dismissed, open"):
        Reviews.load(bad)


def test_baseline_round_trip_and_from_tables(tmp_path: Path) -> None:
    report = checked()
    assert save_baseline(tmp_path / "known.json", [report]) == 1
    known = load_baseline(tmp_path / "known.json")
    assert wrong(report).fingerprint in known
    rows = [{"fingerprint": f.fingerprint, "status": f.status} for f in report.findings]
    table = tmp_path / "findings.jsonl"
    table.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert load_baseline(table) == known
    with pytest.raises(DataFileError, match="NR301"):
        load_baseline(_write(tmp_path / "x.yaml", "a: 1"))


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
