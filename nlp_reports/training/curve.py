"""Learning curves of the linear backend: scores against the number of units, and of writers, it was trained on."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..classify import load_backend
from ..classify.base import Backend
from ..corpus.dataset import Record, iter_records
from ..errors import DataFileError
from ..evaluation import outcomes, score
from .linear import train_linear


@dataclass(frozen=True, slots=True)
class Point:
    """One model of the curve: what it was trained on and its figures."""

    by: str
    reports: int
    writers: int
    units: int
    figures: dict[str, float]


def figures_on(corpus: Path, split: str | None) -> Callable[[Backend], dict[str, float]]:
    """A judge that scores a backend on a split of a corpus."""

    def judge(backend: Backend) -> dict[str, float]:
        found = score(outcomes(corpus, backend=backend, split=split))
        return {
            "micro_f1": float(found["micro"]["f1"]),
            "macro_f1": float(found["macro_f1"]),
            "stance_accuracy": float(found["stance_accuracy"]),
        }

    return judge


def learning_curve(
    corpora: Sequence[Path], *, judge: Callable[[Backend], dict[str, float]], split: str | None = "train", seed: int = 0,
    shares: Sequence[float] = (0.1, 0.2, 0.4, 0.7, 1.0),
) -> list[Point]:  # fmt: skip
    """Train on growing parts of the corpora and score each model.

    ``by="writers"`` adds whole writers, ``by="reports"`` takes about the same share of the reports of every writer, one at least: the gap
    between the two says whether more text of the same writers helps as much as new ones.

    Args:
        corpora: corpus files or folders.
        judge: gives the figures of a trained backend, on text that is in none of the corpora's splits used here.
        split: what to train on.
        seed: the order in which writers and reports are added.
        shares: parts of the whole, in (0, 1].

    Raises:
        DataFileError: NR301.
    """
    records = [r for corpus in corpora for r in iter_records(corpus, split=split)]
    if not records:
        where = ", ".join(map(str, corpora))
        raise DataFileError("NR301", path=where, detail=f"no labelled reports in split {split!r}")
    chance = random.Random(seed)  # noqa: S311 - an order that can be repeated
    writers = sorted({str(r["writer"]) for r in records})
    chance.shuffle(writers)
    of = {w: [r for r in records if str(r["writer"]) == w] for w in writers}
    for mine in of.values():
        chance.shuffle(mine)
    points = []
    for by in ("writers", "reports"):
        for share in shares:
            if by == "writers":
                chosen = [r for w in writers[: max(1, round(share * len(writers)))] for r in of[w]]
            else:
                chosen = [r for w in writers for r in of[w][: max(1, round(share * len(of[w])))]]
            points.append(_point(by, chosen, judge, seed))
    return points


def _point(by: str, records: list[Record], judge: Callable[[Backend], dict[str, float]], seed: int) -> Point:
    with tempfile.TemporaryDirectory() as scratch:
        part = Path(scratch) / "part.jsonl"
        part.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
        metrics: dict[str, Any] = train_linear([part], out=Path(scratch) / "model", split="all", seed=seed)
        figures = judge(load_backend(Path(scratch) / "model"))
    rounded = {key: round(value, 4) for key, value in figures.items()}
    return Point(by, len(records), len({r["writer"] for r in records}), int(metrics["units"]), rounded)
