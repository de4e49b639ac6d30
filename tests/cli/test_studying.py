"""shares, retag, lint-rules, learning-curve, corpus split and sheets, tag --explain and --certainty: from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nlp_reports.cli import app

ROOT = Path(__file__).parent.parent.parent
SAMPLES = ROOT / "corpus" / "samples"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small corpus: two reports of each of ten writers, three writers of them in `test`."""
    found: dict[str, list[dict[str, object]]] = {}
    for line in (ROOT / "corpus" / "reports.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if len(found.setdefault(record["writer"], [])) < 2 and len(found) <= 10:
            found[record["writer"]].append(record)
    path = tmp_path_factory.mktemp("corpus") / "reports.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for i, records in enumerate(r for r in found.values() if r):
            for record in records:
                file.write(
                    json.dumps({**record, "split": "test" if i % 3 == 2 else "train"}, ensure_ascii=False) + "\n"
                )
    return path


def run(*args: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(args))
    assert result.exit_code == code, result.output
    return result.stdout


def test_shares_are_corrected_and_have_intervals(corpus: Path) -> None:
    rows = json.loads(
        run("shares", str(SAMPLES), "--corpus", str(corpus), "--split", "test", "--model", "rules", "--format", "json")
    )
    kinds = {row["kind"] for row in rows}
    assert kinds == {"theme", "stance"}
    told = [r for r in rows if r["share"]["corrected"] is not None]
    assert len(told) > 5
    assert all(r["share"]["low"] <= r["share"]["corrected"] + 1e-9 and r["share"]["high"] <= 1 for r in told)
    assert any(abs(r["share"]["corrected"] - r["share"]["raw"]) > 0.001 for r in told)
    assert "95 % interval" in run(
        "shares", str(SAMPLES), "--corpus", str(corpus), "--split", "test", "--model", "rules"
    )


def test_retag_lists_only_what_differs(corpus: Path) -> None:
    assert run("retag", str(SAMPLES), "--first", "rules", "--second", "rules") == ""
    rows = [
        json.loads(line) for line in run("retag", str(SAMPLES), "--first", "rules", "--second", "default").splitlines()
    ]
    assert rows and all(r["gained"] or r["lost"] or r["stance"] for r in rows)
    assert not any(set(r["gained"]) & set(r["lost"]) for r in rows)


def test_lint_rules_names_a_dead_and_a_contradicting_cue(corpus: Path, tmp_path: Path) -> None:
    cues = tmp_path / "cues.yaml"
    cues.write_text("training:\n  strong: [培训, 绝无此词]\nfees:\n  strong: [公开]\n", encoding="utf-8")
    found = json.loads(run("lint-rules", "--corpus", str(corpus), "--cues", str(cues), "--format", "json", "--all"))
    verdicts = {row["cue"]: row["verdict"] for row in found["cues"]}
    assert verdicts == {"培训": "ok", "绝无此词": "dead", "公开": "contradicting"}
    assert {f["theme"] for f in found["functions"]} >= {"training", "fees"}
    assert "contradicting" in run("lint-rules", "--corpus", str(corpus), "--cues", str(cues))


def test_a_learning_curve_grows_by_writers_and_by_reports(corpus: Path) -> None:
    points = [
        json.loads(line) for line in run("learning-curve", "--corpus", str(corpus), "--on", str(corpus)).splitlines()
    ]
    by_writers = [p for p in points if p["by"] == "writers"]
    assert [p["units"] for p in by_writers] == sorted(p["units"] for p in by_writers)
    assert by_writers[-1]["figures"]["micro_f1"] > by_writers[0]["figures"]["micro_f1"]
    assert {p["by"] for p in points} == {"writers", "reports"}


def test_split_and_sheets(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "split.jsonl"
    run("corpus", "split", str(corpus), "--out", str(out), "--test", "0.3")
    run("corpus", "validate", str(out))
    assert {json.loads(line)["split"] for line in out.read_text("utf-8").splitlines()} == {"train", "dev", "test"}
    run("corpus", "split", str(corpus), "--out", str(out), "--test", "0.6", "--dev", "0.6", code=2)
    run("corpus", "sheets", str(ROOT / "corpus" / "src" / "samples"), "--out", str(tmp_path / "sheets"))
    sheets = sorted((tmp_path / "sheets").glob("*.sheet"))
    assert len(sheets) == 6 and "achievement" not in sheets[0].read_text(encoding="utf-8")


def test_stats_tell_agreement_and_likeness() -> None:
    found = json.loads(run("corpus", "stats", str(ROOT / "corpus")))
    assert found["agreement"]["units"] >= 800 and found["agreement"]["stance_kappa"] > 0.9
    assert found["likeness"]["near_duplicate_rate"] < 0.03
    assert min(row["units"] for row in found["themes"].values()) >= 120
    assert sum(found["hard_cases"].values()) >= 600 and found["units"] >= 5000 and found["reports"] >= 150


@pytest.mark.parametrize("format", ["jsonl", "csv", "parquet"])
def test_explanations_are_a_table_beside_the_contract(tmp_path: Path, format: str) -> None:
    run("tag", str(SAMPLES / "sample-01.txt"), "--out", str(tmp_path), "--format", format, "--explain")
    plain = tmp_path / "plain"
    run("tag", str(SAMPLES / "sample-01.txt"), "--out", str(plain), "--format", format)
    assert (tmp_path / ("explanations" if format == "parquet" else f"explanations.{format}")).exists()
    assert not list(plain.glob("explanations*"))
    if format == "jsonl":
        text = json.loads((tmp_path / "reports.jsonl").read_text("utf-8"))["text"]
        tags = {
            (s["sentence_id"], t)
            for s in map(json.loads, (tmp_path / "sentences.jsonl").read_text("utf-8").splitlines())
            for t in (*s["themes"], s["stance"])
        }
        rows = [json.loads(line) for line in (tmp_path / "explanations.jsonl").read_text("utf-8").splitlines()]
        assert rows and {(r["sentence_id"], r["tag"]) for r in rows} <= tags
        assert all(len(text[r["start"] : r["end"]]) == r["end"] - r["start"] for r in rows)


def test_certainty_abstains_and_keeps_the_scores(tmp_path: Path) -> None:
    def sentences(*options: str) -> list[dict[str, object]]:
        run("tag", str(SAMPLES), "--out", str(tmp_path), "--format", "jsonl", *options)
        return [json.loads(line) for line in (tmp_path / "sentences.jsonl").read_text("utf-8").splitlines()]

    plain, sure = sentences(), sentences("--certainty", "0.9")
    assert sum(len(s["themes"]) for s in sure) < sum(len(s["themes"]) for s in plain)  # type: ignore[arg-type]
    assert all(s["theme_scores"][t] >= 0.9 for s in sure for t in s["themes"])  # type: ignore[index, attr-defined]
    assert [s["theme_scores"] for s in sure] == [s["theme_scores"] for s in plain]
    assert json.loads((tmp_path / "run.json").read_text("utf-8"))["configuration"]["certainty"] == 0.9
    run("tag", str(SAMPLES), "--out", str(tmp_path), "--certainty", "2", code=2)
