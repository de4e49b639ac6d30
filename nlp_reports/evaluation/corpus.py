"""Running a classifier over a labelled corpus, end to end: the report is segmented, so a unit cut wrongly is missed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..classify import Backend, Tags, load_backend
from ..corpus.dataset import corpus_digest, iter_records, labelled
from ..errors import DataFileError
from .scores import STATISTICS, Outcome, score, slices
from .significance import bootstrap


def outcomes(corpus: Path, *, backend: Backend, split: str | None = "test") -> list[Outcome]:
    """Run a backend over a split of a corpus.

    Raises:
        DataFileError: NR301, when the corpus is broken or nothing is labelled in the split.
    """
    found: list[Outcome] = []
    for record in iter_records(corpus, split=split):
        item = labelled(record)
        tags = backend.classify(item.report)
        for sentence, gold, tag in zip(item.report.sentences, item.labels, tags, strict=True):
            if gold is not None:
                found.append(Outcome(record, sentence.text, gold, tag))
        found += [Outcome(record, "", gold, Tags()) for gold in item.missed]
    if not found:
        raise DataFileError(
            "NR301",
            path=str(corpus),
            detail=f"no labelled units in split {split!r}; a corpus without splits is scored with --split all",
        )
    return found


def evaluate_corpus(
    corpus: Path, *, model: str | Path | Backend | None = None, split: str | None = "test", intervals: int = 0,
    by_slice: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Score a backend on a split of a corpus.

    Args:
        corpus: a corpus file or folder.
        model: a backend, a name, a model folder, or ``None`` for the default.
        split: which split; ``all`` for every record.
        intervals: bootstrap resamples for 95 % intervals; 0 for none.
        by_slice: also score by level, year, script, sampling, writer and phenomenon.

    Returns:
        What :func:`score` gives, with ``model``, ``reports`` and, when asked for, ``intervals`` and ``slices``.

    Raises:
        DataFileError: NR301 or NR302.
    """
    backend = load_backend(model) if model is None or isinstance(model, (str, Path)) else model
    found = outcomes(corpus, backend=backend, split=split)
    trained_on = getattr(backend, "corpus_digest", "")
    result: dict[str, Any] = {"model": backend.name, "reports": len({o.record["id"] for o in found})}
    result |= score(found)
    records = list(iter_records(corpus, split=split))
    # Scores on what a model has learned by heart say nothing; the reader is told.
    result["trained_on_these"] = bool(trained_on) and trained_on == corpus_digest(records)
    if intervals:
        result["intervals"] = bootstrap(found, statistics=STATISTICS, resamples=intervals)
    if by_slice:
        result["slices"] = slices(found)
    return result
