"""Findings in every form that leaves the house, baselines, reviewers' decisions, composed reports."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def run(*args: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nlp_reports.cli", *map(str, args)], capture_output=True, text=True, encoding="utf-8", check=False,
        env=os.environ | {"NO_COLOR": "1"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def broken(samples: Path) -> Path:
    return samples / "sample-02.html"


def test_sarif_regions_slice_the_text_and_keep_fingerprints(broken: Path) -> None:
    import nlp_reports as nr

    done = run("check", broken, "--format", "sarif")
    assert done.returncode == 1
    [result_run] = json.loads(done.stdout)["runs"]
    report = nr.tag(broken, pipeline=nr.Pipeline.default(model="rules")).report
    prints = {f.fingerprint for f in report.findings}
    rules = [r["id"] for r in result_run["tool"]["driver"]["rules"]]
    assert result_run["results"]
    for result in result_run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["partialFingerprints"]["finding/v1"] in prints
        for place in result["locations"]:
            region = place["physicalLocation"]["region"]
            start = region["charOffset"]
            assert report.text[start : start + region["charLength"]] == region["snippet"]["text"]


def test_csv_opens_in_a_spreadsheet(broken: Path, tmp_path: Path) -> None:
    target = tmp_path / "q.csv"
    assert run("check", broken, "--format", "csv", "--out", target).returncode == 1
    raw = target.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert rows and rows[0]["机关"] == "云岭市人民政府办公室" and "总计" in rows[0]["原文"]
    assert not any(value.startswith(("=", "+", "-", "@")) for row in rows for value in row.values())


def test_workbook_of_questions(broken: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    target = tmp_path / "q.xlsx"
    assert run("check", broken, "--format", "xlsx", "--out", target).returncode == 1
    sheet = load_workbook(target).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][4:9] == ("位置", "原文", "规则", "应为", "实为") and len(rows) >= 2
    assert all(cell.data_type in ("s", "n") for row in sheet.iter_rows(min_row=2) for cell in row)


def test_document_of_questions(broken: Path, tmp_path: Path) -> None:
    from docx import Document

    target = tmp_path / "q.docx"
    assert run("check", broken, "--format", "docx", "--out", target).returncode == 1
    table = Document(str(target)).tables[0]
    assert [c.text for c in table.rows[0].cells] == ["位置", "原文", "规则", "应为", "实为"] and len(table.rows) >= 2


def test_questions_need_a_file(broken: Path) -> None:
    assert run("check", broken, "--format", "xlsx").returncode == 2


def test_html_and_text_into_files(broken: Path, samples: Path, tmp_path: Path) -> None:
    run("check", broken, "--format", "html", "--out", tmp_path / "one.html")
    run("check", samples, "--format", "html", "--out", tmp_path / "many.html")
    run("check", broken, "--format", "text", "--out", tmp_path / "one.txt")
    assert "Content-Security-Policy" in (tmp_path / "one.html").read_text("utf-8")
    assert "<svg" in (tmp_path / "many.html").read_text("utf-8")
    assert "T3-" in (tmp_path / "one.txt").read_text("utf-8")


def test_a_baseline_accepts_what_is_known_and_nothing_else(broken: Path, samples: Path, tmp_path: Path) -> None:
    known = tmp_path / "known.yaml"
    assert run("check", broken, "--save-baseline", known).returncode == 1
    assert run("check", broken, "--baseline", known).returncode == 0
    assert run("check", broken, samples / "sample-05.html", "--baseline", known).returncode == 1


def test_a_decision_survives_another_run(broken: Path, tmp_path: Path) -> None:
    record = json.loads(run("check", broken, "--format", "json", "--min-severity", "error").stdout)[0]
    reviews = tmp_path / "reviews.yaml"
    for finding in record["findings"]:
        done = run(
            "review",
            broken,
            "--reviews",
            reviews,
            "--finding",
            finding["fingerprint"][:10],
            "--verdict",
            "dismissed",
            "--note",
            "电话核实",
        )
        assert done.returncode == 0, done.stderr
    assert "电话核实" in reviews.read_text("utf-8")
    assert run("check", broken, "--reviews", reviews).returncode == 0
    assert run("review", broken, "--reviews", reviews, "--finding", "zzz", "--verdict", "open").returncode == 2


def test_synth_plants_what_check_finds(tmp_path: Path) -> None:
    clean, planted = tmp_path / "clean.html", tmp_path / "planted.html"
    assert run("synth", "--out", clean, "--format", "html", "--seed", "5").returncode == 0
    assert run("check", clean).returncode == 0
    assert (
        run("synth", "--out", planted, "--format", "html", "--seed", "5", "--error", "total_displaced").returncode == 0
    )
    truth = json.loads((tmp_path / "planted.gold.json").read_text("utf-8"))
    assert [e["slip"] for e in truth["errors"]] == ["total_displaced"]
    assert run("check", planted).returncode == 1
    assert "total_displaced" in run("synth", "--out", clean, "--list-errors").stdout
    assert run("synth", "--out", clean, "--error", "nothing-like-it").returncode == 2
