"""Labelled published reports as outcomes of a backend, where such a folder is at hand (nothing of it is kept here).

A folder holds ``reports/`` and ``gold/NAME.json`` with ``match.path_contains`` and ``units`` (``text``, ``kind``, ``themes``,
``themes_optional``, ``stance``: the accepted ones). Units are matched by their folded text in order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

from nlp_reports import read
from nlp_reports.classify import Backend, Tags
from nlp_reports.corpus.dataset import Labels
from nlp_reports.evaluation import Outcome
from nlp_reports.parse import parse
from nlp_reports.schema import Report
from nlp_reports.segment import Segmenter
from nlp_reports.text.normalize import compact

Item = tuple[str, Report, list[Labels | None], list[Labels]]


def labelled_reports(folder: Path) -> Iterator[Item]:
    """Name, segmented report, labels of its sentences (``None`` where there are none) and labels that found no sentence."""
    segment = Segmenter()
    files = sorted(p for p in (folder / "reports").iterdir() if p.is_file())
    for gold_file in sorted((folder / "gold").glob("*.json")):
        gold = json.loads(gold_file.read_text(encoding="utf-8"))
        path = next(p for p in files if gold["match"]["path_contains"] in str(p))
        report = segment(parse(read(path)))
        ours = [compact(s.text) for s in report.sentences]
        theirs = [compact(u["text"]) for u in gold["units"]]
        labels: list[Labels | None] = [None] * len(ours)
        found = set()
        for block in SequenceMatcher(None, theirs, ours, autojunk=False).get_matching_blocks():
            for k in range(block.size):
                unit, at = gold["units"][block.a + k], block.b + k
                found.add(block.a + k)
                if unit["kind"] == "sentence" and report.sentences[at].kind == "sentence":
                    labels[at] = _labels(unit)
        missed = [_labels(u) for i, u in enumerate(gold["units"]) if u["kind"] == "sentence" and i not in found]
        yield gold_file.stem, report, labels, missed


def _labels(unit: dict[str, object]) -> Labels:
    stance = unit["stance"]
    accepted = tuple(stance) if isinstance(stance, list) else (str(stance),)
    return Labels(frozenset(unit["themes"]), accepted, frozenset(unit.get("themes_optional") or ()))  # type: ignore[arg-type, call-overload]


def outcomes_of(items: list[Item], backend: Backend) -> list[Outcome]:
    """What a backend says of the labelled units of published reports."""
    found = []
    for name, report, labels, missed in items:
        record = {"id": name}
        for sentence, gold, tags in zip(report.sentences, labels, backend.classify(report), strict=True):
            if gold is not None:
                found.append(Outcome(record, sentence.text, gold, tags))
        found += [Outcome(record, "", gold, Tags()) for gold in missed]
    return found
