"""Whole reports, from the file to the findings: what is wrong in them is found, and nothing else is accused."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp_reports.pipeline import Pipeline
from nlp_reports.read import read_bytes
from nlp_reports.schema import Finding, Report


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline.default()


def check(pipeline: Pipeline, folder: Path, name: str) -> tuple[Report, list[Finding]]:
    path = folder / "reports" / name
    report = pipeline(read_bytes(path.read_bytes(), path=name)[0])
    roots = [f for f in report.findings if f.status == "mismatch" and f.root == f.finding_id and f.severity != "info"]
    return report, roots


def test_seed_has_four_causes_and_no_fifth(pipeline: Pipeline, shared: Path) -> None:
    report, roots = check(pipeline, shared, "seed.txt")
    assert sorted(f.rule for f in roots) == ["M-AGENCY", "NN-SAME", "T2-STOCK0", "T3-DISP"]
    assert [f.rule for f in report.findings if f.status == "mismatch" and f.severity == "error"] == ["T3-DISP"]
    by_rule = {f.rule: f for f in roots}
    assert (by_rule["T3-DISP"].expected, by_rule["T3-DISP"].found) == ("3 3 0 0 0 0 6", "0 6 0 0 0 0 0")
    assert {by_rule["NN-SAME"].expected, by_rule["NN-SAME"].found} == {"319", "315"}
    assert by_rule["T2-STOCK0"].found == "-1"
    dependents = [f for f in report.findings if f.root == by_rule["T3-DISP"].finding_id]
    assert len(dependents) == 8
    assert {f.fault for f in roots} == {"author"}


def test_review_total_left_at_nought(pipeline: Pipeline, shared: Path) -> None:
    _, roots = check(pipeline, shared, "hongze_2023.pdf")
    assert [(f.rule, f.expected, f.found) for f in roots] == [("T4-SUM", "11", "0"), ("T4-SUM", "5", "0")]


def test_new_and_carried_over_are_understood(pipeline: Pipeline, shared: Path) -> None:
    report, roots = check(pipeline, shared, "suqian_2023.html")
    assert roots == []
    said = [f.explanation for f in report.findings if f.status == "match"]
    assert any("3607" in s and "本年新收加上年结转" in s for s in said)
    assert sum(f.rule == "F-SUM" for f in report.findings) == 2


def test_parts_that_exceed_their_whole(pipeline: Pipeline, shared: Path) -> None:
    report, roots = check(pipeline, shared, "kewei_2024.md")
    assert [(f.rule, f.expected, f.found) for f in roots] == [("NN-SUM", "2160", "2139")]
    assert any(f.rule == "NN-SAME" and f.status == "match" and f.found == "393" for f in report.findings)


def test_one_column_and_one_sub_row_given_for_the_whole(pipeline: Pipeline, shared: Path) -> None:
    _, roots = check(pipeline, shared, "shanghai_2019.html")
    assert [(f.rule, f.expected, f.found) for f in roots] == [
        ("NT-GRANT", "275", "258"),
        ("NT-GRANT", "337", "265"),
        ("NN-PCT", "32.0%", "33.9%"),
    ]
    assert "只是其中一列" in roots[0].explanation
    assert "一个子项" in roots[1].explanation
