"""Scoring a classifier on a labelled corpus, end to end: the report is segmented, so a unit cut wrongly is missed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from .classify import Backend, load_backend
from .classify.taxonomy import load_taxonomy
from .corpus.dataset import iter_records, labelled
from .errors import DataFileError


def _prf(tp: int, fp: int, fn: int) -> dict[str, float]:
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    total = precision + recall
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / total if total else 0.0}


def evaluate_corpus(
    corpus: Path, *, model: str | Path | Backend | None = None, split: str | None = "test"
) -> dict[str, Any]:
    """Score a backend on a split of a corpus.

    Args:
        corpus: a corpus file or folder.
        model: a backend, a name, a model folder, or ``None`` for the default.
        split: which split; ``all`` for every record.

    Returns:
        ``themes`` (precision, recall, f1, support a theme), ``micro``, ``macro_f1`` over the themes present,
        ``stance_accuracy``, ``units``, ``reports``, ``model``.

    Raises:
        DataFileError: NR301 or NR302.
    """
    backend = load_backend(model) if model is None or isinstance(model, (str, Path)) else model
    tp: Counter[str] = Counter()
    fp: Counter[str] = Counter()
    fn: Counter[str] = Counter()
    units = reports = right = 0
    for record in iter_records(corpus, split=split):
        reports += 1
        item = labelled(record)
        tags = backend.classify(item.report)
        for gold, tag in zip(item.labels, tags, strict=True):
            if gold is None:
                continue
            units += 1
            predicted = set(tag.themes) - (gold.themes_optional - gold.themes)
            tp.update(predicted & gold.themes)
            fp.update(predicted - gold.themes)
            fn.update(gold.themes - predicted)
            right += tag.stance in gold.stances
        for gold in item.missed:
            units += 1
            fn.update(gold.themes)
    if not units:
        raise DataFileError("NR301", path=str(corpus), detail=f"no labelled units in split {split!r}")
    themes = {
        t: _prf(tp[t], fp[t], fn[t]) | {"support": tp[t] + fn[t]}
        for t in load_taxonomy().theme_ids
        if tp[t] + fp[t] + fn[t]
    }
    present = [row["f1"] for row in themes.values() if row["support"]]
    return {
        "model": backend.name,
        "reports": reports,
        "units": units,
        "themes": themes,
        "micro": _prf(sum(tp.values()), sum(fp.values()), sum(fn.values())),
        "macro_f1": sum(present) / len(present) if present else 0.0,
        "stance_accuracy": right / units,
    }
