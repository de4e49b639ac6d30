"""The corpus is what its sources say, valid, and nothing in it is generated text or a template."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path

import pytest

from nlp_reports.corpus.build import build_folder
from nlp_reports.corpus.validate import corpus_stats, validate_corpus
from nlp_reports.errors import DataFileError


def test_the_built_corpus_is_that_of_its_sources(root: Path) -> None:
    built = [json.dumps(r, ensure_ascii=False) for r in build_folder(root / "corpus" / "src")]
    assert (root / "corpus" / "reports.jsonl").read_text("utf-8").splitlines() == built, "run `make corpus`"


def test_every_record_is_valid_and_sizes_are_told(root: Path) -> None:
    totals = validate_corpus(root / "corpus")
    stats = corpus_stats(root / "corpus")
    assert totals["reports"] == stats["reports"] >= 60 and len(stats["writers"]) >= 9
    assert all(stats["themes"][t]["units"] >= 50 for t in stats["themes"])


def test_writers_do_not_share_their_sentences(root: Path) -> None:
    """No run of 20 Han characters stands in the units of two writers, law titles left out; what is left are the set phrases of the form."""
    seen: dict[str, set[str]] = defaultdict(set)
    for line in (root / "corpus" / "reports.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        for unit in record["units"]:
            if unit["kind"] == "sentence" and unit["section"] != "preamble":
                text = re.sub(r"《[^》]*》|〈[^〉]*〉", "", unit["text"])
                han = re.sub(r"[^\u4e00-\u9fff]", "", text)
                for i in range(len(han) - 19):
                    seen[han[i : i + 20]].add(record["writer"])
    shared = [gram for gram, writers in seen.items() if len(writers) > 1]
    assert len(shared) <= len(seen) * 0.01, shared[:5]


def sentence(record: dict) -> dict:
    return next(u for u in record["units"] if u["kind"] == "sentence")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: sentence(r).update(themes=["nothing"]), "unknown theme 'nothing'"),
        (lambda r: sentence(r).update(stance="maybe"), "unknown stance 'maybe'"),
        (lambda r: r["units"][3].update(start=0), "overlaps"),
        (lambda r: r["units"][3].update(text="another"), "not what stands at its span"),
        (lambda r: r.pop("title"), "'title' is a required property"),
        (lambda r: r["counts"][0].update(unit=999), "there is no unit 999"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(root: Path, tmp_path: Path, change, message: str) -> None:  # type: ignore[no-untyped-def]
    lines = (root / "corpus" / "reports.jsonl").read_text("utf-8").splitlines()[:2]
    record = json.loads(lines[1])
    change(record)
    (tmp_path / "reports.jsonl").write_text(
        lines[0] + "\n" + json.dumps(record, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    with pytest.raises(DataFileError, match="line 2") as caught:
        validate_corpus(tmp_path)
    assert message in str(caught.value)


def test_a_leak_between_splits_is_found(root: Path, tmp_path: Path) -> None:
    lines = (root / "corpus" / "reports.jsonl").read_text("utf-8").splitlines()[:2]
    records = [json.loads(line) | {"split": split} for line, split in zip(lines, ("train", "test"), strict=True)]
    (tmp_path / "reports.jsonl").write_text(
        "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8"
    )
    with pytest.raises(DataFileError, match="splits must keep it apart"):
        validate_corpus(tmp_path)
    (tmp_path / "reports.jsonl").write_text("{broken\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="line 1: broken JSON"):
        validate_corpus(tmp_path)
