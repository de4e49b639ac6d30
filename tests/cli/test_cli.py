"""The command line as a person meets it: outputs, exit codes, one clear sentence for what goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def run(*args: str | Path, stdin: bytes | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "nlp_reports.cli", *map(str, args)], input=stdin, capture_output=True, cwd=cwd, check=False,
        env=os.environ | {"COLUMNS": "200", "NO_COLOR": "1"},
    )  # fmt: skip
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def rows(folder: Path, table: str) -> list[dict]:
    return [json.loads(line) for line in (folder / f"{table}.jsonl").read_text("utf-8").splitlines()]


def test_version_and_help() -> None:
    from nlp_reports import __version__

    assert run("--version").stdout.strip() == f"nlp-reports {__version__}"
    page = run("--help").stdout
    assert "nlp-reports tag reports/" in page and "Exit codes" in page
    assert "Example" in run("check", "--help").stdout


def test_tag_samples_in_order_and_alike_with_workers(samples: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    assert run("tag", samples, "--out", one, "--format", "jsonl").returncode == 0
    assert run("tag", samples, "--out", two, "--format", "jsonl", "--workers", "2").returncode == 0
    for table in ("reports", "sections", "sentences", "counts", "cells", "findings"):
        assert (one / f"{table}.jsonl").read_bytes() == (two / f"{table}.jsonl").read_bytes()
    names = [Path(r["path"]).name for r in rows(one, "reports")]
    assert names == sorted(names) and len(names) >= 6
    record = json.loads((one / "run.json").read_text("utf-8"))
    assert record["schema_version"] == "1.0" and record["totals"]["reports"] == len(names) and record["failures"] == []
    assert {r["script"] for r in rows(one, "reports")} == {"hans", "hant"}


def test_every_span_slices_its_text(samples: Path, tmp_path: Path) -> None:
    run("tag", samples, "--out", tmp_path, "--format", "jsonl")
    text = {r["report_id"]: r["text"] for r in rows(tmp_path, "reports")}
    for s in rows(tmp_path, "sentences"):
        assert text[s["report_id"]][s["start"] : s["end"]] == s["text"]
    counts = rows(tmp_path, "counts")
    assert len(counts) > 80
    for c in counts:
        assert text[c["report_id"]][c["start"] : c["end"]] == c["text"]
        if c["label_start"] >= 0:
            assert text[c["report_id"]][c["label_start"] : c["label_end"]] == c["label"]


def test_check_names_the_planted_contradictions(samples: Path) -> None:
    expected = {"sample-02.html": "T3-COL", "sample-04.html": "NT-RECV", "sample-05.html": "T4-SUM"}
    for path in sorted(samples.iterdir()):
        done = run("check", path, "--format", "json", "--min-severity", "warning")
        found = {f["rule"] for report in json.loads(done.stdout) for f in report["findings"]}
        if path.name in expected:
            assert found, path.name
            report = json.loads(done.stdout)[0]
            rules = found | {r for f in report["findings"] for r in [f["rule"]]}
            assert any(r.startswith(expected[path.name].split("-")[0]) for r in rules), (path.name, rules)
        else:
            assert not found, (path.name, found)
            assert done.returncode == 0


def test_check_prints_both_sides_and_exits_1(samples: Path) -> None:
    done = run("check", samples / "sample-02.html")
    assert done.returncode == 1
    assert "18" in done.stdout and "21" in done.stdout and "◀" in done.stdout


@pytest.mark.parametrize(
    ("name", "data", "code"), [("empty.txt", b"", "NR103"), ("film.txt", b"\x00\x01\x02\x03" * 400, "NR104")]
)
def test_a_bad_file_is_one_sentence_and_never_stops_the_others(
    samples: Path, tmp_path: Path, name: str, data: bytes, code: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(data)
    (tmp_path / "in" / "good.txt").write_bytes((samples / "sample-01.txt").read_bytes())
    done = run("tag", tmp_path / "in", "--out", tmp_path / "out", "--format", "jsonl", "--workers", "2")
    assert done.returncode == 3
    assert code in done.stderr and name in done.stderr and "Traceback" not in done.stderr
    assert [r["status"] for r in rows(tmp_path / "out", "reports")].count("ok") == 1


def test_nothing_to_read_is_usage(tmp_path: Path) -> None:
    for args, code in (((tmp_path / "nowhere.txt",), "NR101"), ((tmp_path,), "NR105")):
        done = run("tag", *args, "--out", tmp_path / "out")
        assert done.returncode == 2 and code in done.stderr and "Traceback" not in done.stderr


def test_a_missing_input_beside_a_good_one(samples: Path, tmp_path: Path) -> None:
    done = run(
        "tag", tmp_path / "nowhere.txt", samples / "sample-01.txt", "--out", tmp_path / "out", "--format", "jsonl"
    )
    assert done.returncode == 3 and "NR101" in done.stderr
    assert [r["status"] for r in rows(tmp_path / "out", "reports")] == ["error", "ok"]


def test_wrong_options_are_usage(samples: Path, tmp_path: Path) -> None:
    assert run("tag", samples, "--out", tmp_path, "--format", "xml").returncode == 2
    done = run("tag", samples, "--out", tmp_path, "--model", tmp_path / "no-model")
    assert done.returncode == 2 and "NR302" in done.stderr


def test_unwritable_output(samples: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    done = run("tag", samples, "--out", tmp_path / "file")
    assert done.returncode == 2 and "NR304" in done.stderr


def test_standard_input(samples: Path, tmp_path: Path) -> None:
    done = run("tag", "-", "--out", tmp_path, "--format", "jsonl", stdin=(samples / "sample-01.txt").read_bytes())
    assert done.returncode == 0 and rows(tmp_path, "reports")[0]["year"] == 2023


def test_train_and_evaluate_end_to_end(root: Path, samples: Path, tmp_path: Path) -> None:
    model = tmp_path / "model"
    done = run("train", "--corpus", root / "corpus", "--split", "dev", "--out", model)
    assert done.returncode == 0 and "fold 4 of 4" in done.stderr, done.stderr
    scores = json.loads(
        run("evaluate", "--corpus", root / "corpus", "--split", "test", "--model", model, "--format", "json").stdout
    )
    assert scores["units"] > 1000 and scores["micro"]["f1"] > 0.6
    assert (
        run(
            "tag", samples / "sample-01.txt", "--out", tmp_path / "out", "--format", "jsonl", "--model", model
        ).returncode
        == 0
    )
    assert {s["model"] for s in rows(tmp_path / "out", "sentences") if s["kind"] == "sentence"} == {scores["model"]}
    (model / "bias.npy").write_bytes(b"\x00" + (model / "bias.npy").read_bytes()[1:])
    done = run("tag", samples / "sample-01.txt", "--out", tmp_path / "out2", "--model", model)
    assert done.returncode == 2 and "digest" in done.stderr


def test_tagging_imports_nothing_heavy(samples: Path, tmp_path: Path) -> None:
    code = (
        "import sys\nfrom nlp_reports.cli import app\n"
        f"try:\n    app(['tag', {str(samples / 'sample-01.txt')!r}, '--out', {str(tmp_path)!r}, '--format', 'jsonl', '--model', 'rules'])\n"
        "except SystemExit as e:\n    assert not e.code, e.code\n"
        "print([m for m in ('torch', 'spacy', 'transformers', 'datasets', 'sklearn', 'pandas', 'lxml', 'pdfplumber') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"


@pytest.mark.parametrize("task", ["segment", "counts"])
def test_evaluate_golden_rules_and_tagged_folders(root: Path, samples: Path, tmp_path: Path, task: str) -> None:
    name = "segmentation" if task == "segment" else "counts"
    golden = root / "tests" / "golden" / f"{name}.jsonl"
    scores = json.loads(run("evaluate", task, golden, "--format", "json").stdout)
    assert "1.0" in json.dumps(scores)
    run("tag", samples, "--out", tmp_path / "a", "--format", "jsonl", "--model", "rules")
    done = run("evaluate", task, tmp_path / "a", tmp_path / "a")
    assert done.returncode == 0 and "1.0" in done.stdout
    assert run("evaluate", task, golden, "--format", "html", "--out", tmp_path / "e.html").returncode == 0
    assert "<table" in (tmp_path / "e.html").read_text("utf-8")
    assert run("evaluate", task).returncode == 2


def test_a_text_of_another_kind_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("root:x:0:0\nmail:x:8:8\n", encoding="utf-8")
    assert run("tag", tmp_path / "list.txt", "--out", tmp_path / "out", "--format", "jsonl").returncode == 0
    [report] = rows(tmp_path / "out", "reports")
    assert report["status"] == "partial" and "NR202" in report["error"] and "list.txt" in report["error"]
