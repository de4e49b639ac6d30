"""What the real report beside the checkout must give: the seed's cells, counts, tags and contradictions."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import nlp_reports as nr
from nlp_reports.evidence import roots

# Value and unit of the counts of the seed's narrative, percent and zero phrases included.
SEED_COUNTS = [
    (4, "件"), (15, "件"), (20, "件"), (319, "條"), (18, "次"), (4, "次"), (6, "件"), (3, "件"), (3, "件"), (0, "件"), (0, "件"),
    (0, "件"), (315, "條"), (5, "個"), (1, "次"), (100, "%"), (0, ""),
]  # fmt: skip


@pytest.fixture(scope="module")
def seed(shared: Path) -> nr.Doc:
    return nr.tag(shared / "reports" / "seed.txt", pipeline=nr.Pipeline.default(model="rules"))


def test_metadata(seed: nr.Doc) -> None:
    report = seed.report
    assert (report.agency, report.year, report.template, report.script) == (
        "盤錦市雙臺子區人民政府辦公室",
        2023,
        "f2021",
        "hant",
    )
    assert [s.section for s in report.sections if s.section != "preamble"] == [
        "overview", "proactive_disclosure", "requests", "review_litigation", "problems_improvements", "other_matters",
    ]  # fmt: skip


def test_all_200_cells(seed: nr.Doc, shared: Path) -> None:
    schema = json.loads((shared / "domain_schema.json").read_text("utf-8"))
    oracle, cells = schema["seed_oracle"], {c.cell_id: c for c in seed.cells}
    expected: dict[str, int] = {}
    for row in schema["t2_2021"]:
        expected |= {c["id"]: v for c, v in zip(row["cells"], oracle["t2"][row["row"]], strict=True)}
    for row, values in oracle["t3"].items():
        expected |= {f"t3.{row}.{c['id']}": v for c, v in zip(schema["t3"]["columns"], values, strict=True)}
    expected |= {c["id"]: v for c, v in zip(schema["t4"], oracle["t4"], strict=True)}
    assert len(expected) == 200 == len(cells)
    assert {k: cells[k].value for k in expected} == expected
    assert all(seed.text[c.start : c.end] == c.raw for c in cells.values())


def test_counts_with_offsets(seed: nr.Doc) -> None:
    found = [(int(c.value), c.unit) for c in seed.counts]
    for count in SEED_COUNTS:
        assert count in found
        found.remove(count)
    news = next(c for c in seed.counts if c.value == 319)
    assert (news.label, news.unit, news.item) == ("熱點新聞", "條", "hot_news")
    assert seed.text[news.label_start : news.label_end] == "熱點新聞"
    assert seed.text[news.number_start : news.number_end] == "319"


def test_problem_items_and_last_years_measures(seed: nr.Doc) -> None:
    item = next(s for s in seed.sentences if s.marker and "隊伍" in s.text)
    assert set(item.themes) == {"staffing", "training"} and item.stance == "problem"
    lead = next(s for s in seed.sentences if s.text.startswith("2022年"))
    after = [s for s in seed.sentences if s.paragraph == lead.paragraph and s.start > lead.start]
    assert len(after) == 5 and {s.stance for s in after} == {"rectification"}


def test_four_contradictions_and_no_fifth(seed: nr.Doc) -> None:
    found = roots(seed.report, minimum="warning")
    assert len(found) == 4
    texts = " ".join(f.explanation + f.rule for f in found)
    for cue in ("T3-", "T2-STOCK0", "NN-SAME", "M-AGENCY"):
        assert cue in texts
    assert {f.root for f in seed.findings if f.status == "mismatch" and f.severity == "error"} <= {
        f.finding_id for f in found
    }


def test_check_prints_both_sides_of_each(shared: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nlp_reports.cli", "check", str(shared / "reports" / "seed.txt")],
        capture_output=True,
        check=False,
    )
    out = done.stdout.decode()
    assert done.returncode == 1
    for text in ("319條", "315條", "0 6 0 0 0 0 0", "-1", "人民政府辦公室"):
        assert text in out
    assert out.count("◀") >= 4 and out.count("▶") >= 3


@pytest.mark.parametrize("name", ["seed", "hongze_2023", "suqian_2023", "kewei_2024", "shanghai_2019"])
def test_cells_of_every_real_report(name: str, shared: Path) -> None:
    gold = json.loads((shared / "gold" / f"{name}.json").read_text("utf-8"))
    [path] = (shared / "reports").glob(f"{name}.*")
    doc = nr.tag(path, pipeline=nr.Pipeline.default(model="rules"))
    cells = {c.cell_id: c for c in doc.cells}
    wrong = {
        k: cells[k].value
        for k, v in gold["cells"].items()
        if cells[k].value != (None if v is None else Decimal(str(v)))
    }
    assert not wrong
    # What the document does not determine is never guessed.
    assert all(c.status != "ok" for k, c in cells.items() if k not in gold["cells"])


@pytest.mark.parametrize(
    ("name", "errors"), [("hongze_2023", 2), ("suqian_2023", 0), ("kewei_2024", 0), ("shanghai_2019", 0)]
)
def test_nothing_right_is_accused(name: str, errors: int, shared: Path) -> None:
    [path] = (shared / "reports").glob(f"{name}.*")
    doc = nr.tag(path, pipeline=nr.Pipeline.default(model="rules"))
    found = [f for f in roots(doc.report, minimum="error")]
    assert len(found) == errors
    assert all(f.rule == "T4-SUM" for f in found)


def test_score_against_gold(shared: Path, tmp_path: Path) -> None:
    from nlp_reports.cli import app

    with pytest.raises(SystemExit) as done:
        app(["tag", str(shared / "reports"), "--out", str(tmp_path), "--format", "jsonl", "--model", "rules"])
    assert done.value.code == 0
    text = subprocess.run(
        [sys.executable, str(shared / "tools" / "score.py"), str(shared / "gold"), str(tmp_path)],
        capture_output=True,
        check=True,
    ).stdout
    score = json.loads(text)
    assert score["unit_f1"] >= 0.99 and score["cell_accuracy"] == 1.0 and score["metadata"] == 1.0
    assert score["count_f1"] >= 0.98 and score["count_label"] >= 0.95 and score["count_part_of_recall"] >= 0.90
    assert score["count_kind"] >= 0.97 and score["count_bound"] >= 0.97
