"""Metamorphic: a text converted between scripts has the same units, counts and tags."""

from __future__ import annotations

import json
from pathlib import Path

import opencc
import pytest

from nlp_reports.classify import load_backend
from nlp_reports.corpus.dataset import report_of
from nlp_reports.counts import Extractor
from nlp_reports.counts.lexicon import load_lexicon
from nlp_reports.schema import Report
from nlp_reports.text.normalize import fold

CORPUS = Path(__file__).parent.parent.parent / "corpus" / "reports.jsonl"
RECORDS = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
HANS = [record for record in RECORDS if record["script"] == "hans"]


@pytest.mark.parametrize("config", ["s2t", "s2tw", "s2hk"])
def test_folding_undoes_every_conversion(config: str) -> None:
    convert = opencc.OpenCC(config).convert
    for record in HANS:
        assert fold(convert(record["text"])) == fold(record["text"]), record["id"]


def seen(report: Report) -> tuple[list[tuple[int, int, str, str]], list[tuple[object, ...]]]:
    units = [(s.start, s.end, s.kind, fold(s.marker)) for s in report.sentences]
    counts = [
        (c.number_start, c.value, fold(c.unit), fold(c.label), c.kind, c.bound, c.item, c.part_of, fold(c.scope))
        for c in Extractor(load_lexicon(None)).counts(report.text, report.sentences)
    ]
    return units, counts


def test_units_counts_and_tags_do_not_depend_on_the_script() -> None:
    convert = opencc.OpenCC("s2t").convert
    backend = load_backend("default")
    same = units = 0
    for record in HANS[::2]:
        before, after = report_of(record), report_of({**record, "text": convert(record["text"])})
        assert seen(before) == seen(after), record["id"]
        for sentence, a, b in zip(before.sentences, backend.classify(before), backend.classify(after), strict=True):
            if sentence.kind == "sentence":
                units += 1
                same += (a.themes, a.stance) == (b.themes, b.stance)
    assert units > 1000 and same / units >= 0.995
