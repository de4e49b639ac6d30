"""What every backend trains on: units with context and labels, folds that keep agencies apart, thresholds, scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..classify.context import Unit, units_of
from ..corpus.dataset import Labels, Record, iter_records, labelled
from ..errors import DataFileError

#: Takes a line on how far a training is.
Progress = Callable[[str], None]

#: From so many writers on, folds keep writers apart; below, agencies.
MANY_WRITERS = 5


@dataclass(frozen=True, slots=True)
class Examples:
    """Units ready to learn from: the unit in its report (``units[i]`` of ``reports[report[i]]``), labels, and what folds keep apart.

    ``contexts`` holds the units of every report in full, since features look at neighbours; ``place[i]`` is the
    ``(report, position)`` of example ``i``.
    """

    contexts: list[list[Unit]]
    place: list[tuple[int, int]]
    labels: list[Labels]
    groups: list[str]
    records: list[Record]

    @property
    def units(self) -> list[Unit]:
        """The labelled units themselves."""
        return [self.contexts[r][i] for r, i in self.place]


def silent(_: str) -> None:
    """Nobody is told."""


def examples(corpora: Sequence[Path], *, split: str | None) -> Examples:
    """Segment the reports of one or more corpora and collect their labelled units.

    Raises:
        DataFileError: NR301 when a corpus is broken or nothing is labelled in the split.
    """
    found = Examples([], [], [], [], [])
    for corpus in corpora:
        for record in iter_records(corpus, split=split):
            item = labelled(record)
            found.contexts.append(units_of(item.report.sentences))
            found.records.append(record)
            for i, gold in enumerate(item.labels):
                if gold is not None:
                    found.place.append((len(found.contexts) - 1, i))
                    found.labels.append(gold)
                    found.groups.append(str(record.get("agency", record["id"])))
    writers = [str(record["writer"]) for record in found.records]
    if len(set(writers)) >= MANY_WRITERS:
        # What counts is how a model does on a writer whom it has not read.
        found.groups[:] = [writers[r] for r, _ in found.place]
    if not found.labels:
        where = ", ".join(map(str, corpora))
        raise DataFileError("NR301", path=where, detail=f"no labelled units in split {split!r}")
    return found


def targets(labels: Sequence[Labels], themes: Sequence[str], stances: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Labels as a 0/1 matrix of themes and a vector of stance indices."""
    y = np.zeros((len(labels), len(themes)), dtype=np.int8)
    column = {theme: i for i, theme in enumerate(themes)}
    for i, gold in enumerate(labels):
        for theme in gold.themes:
            if theme not in column:
                detail = f"unknown theme {theme!r}: add it with --taxonomy"
                raise DataFileError("NR301", path="corpus", detail=detail)
            y[i, column[theme]] = 1
    return y, np.array([list(stances).index(gold.stances[0]) for gold in labels])


def optional(labels: Sequence[Labels], themes: Sequence[str]) -> np.ndarray:
    """Where a theme is neither right nor wrong: a mask, units × themes, of what only one of three labellers gave."""
    return np.array([[t in g.themes_optional and t not in g.themes for t in themes] for g in labels], dtype=bool)


def agency_folds(groups: Sequence[str], folds: int, seed: int) -> list[np.ndarray]:
    """Indices of each fold; a group (agency) is never split."""
    names = sorted(set(groups))
    order = np.random.default_rng(seed).permutation(len(names))
    fold_of = {names[j]: i % max(min(folds, len(names)), 1) for i, j in enumerate(order)}
    which = np.array([fold_of[g] for g in groups])
    return [np.flatnonzero(which == k) for k in range(which.max() + 1)]


_CUTS = np.linspace(0.15, 0.7, 56)
# F1 is flat around its best cut. Of cuts this near to it the lowest is taken: a wrong tag is seen by its reader, a
# missing one is not.
_PLATEAU = 0.005


def best_thresholds(p: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The cut of each theme on held-out probabilities, drawn towards the one that is best for all themes together.

    The best cut of a single theme is a noisy figure: with ``n`` positive units it counts for ``n / (n + 100)``.

    Args:
        p: held-out probabilities, units × themes.
        y: 0/1 labels of the same shape.
    """

    def f1(cut: float, p: np.ndarray, y: np.ndarray) -> float:
        return float(2 * ((p >= cut) & (y == 1)).sum() / max((p >= cut).sum() + y.sum(), 1))

    def lowest_good(p: np.ndarray, y: np.ndarray) -> float:
        scores = np.array([f1(c, p, y) for c in _CUTS])
        return float(_CUTS[int(np.argmax(scores >= scores.max() - _PLATEAU))])

    common = lowest_good(p, y) if y.sum() >= 5 else 0.5
    cuts = np.full(y.shape[1], common)
    for k in range(y.shape[1]):
        n = int(y[:, k].sum())
        if n >= 5:
            cuts[k] = (n * lowest_good(p[:, k], y[:, k]) + 100 * common) / (n + 100)
    return np.round(cuts, 3)


def fold_metrics(predicted: np.ndarray, y: np.ndarray, stance_ok: np.ndarray, themes: Sequence[str]) -> dict[str, Any]:
    tp, both = ((predicted == 1) & (y == 1)).sum(0), predicted.sum(0) + y.sum(0)
    f1 = np.divide(2 * tp, both, out=np.zeros(len(themes)), where=both > 0)
    support = y.sum(0)
    return {
        "cross_validation": {
            "micro_f1": round(float(2 * tp.sum() / max(both.sum(), 1)), 4),
            "macro_f1": round(float(f1[support > 0].mean()), 4) if (support > 0).any() else 0.0,
            "stance_accuracy": round(float(stance_ok.mean()), 4) if len(stance_ok) else 0.0,
            "themes": {
                t: {"f1": round(float(v), 4), "support": int(s)} for t, v, s in zip(themes, f1, support, strict=True)
            },
        }
    }
