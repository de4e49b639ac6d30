"""Scoring classifiers on a labelled corpus, end to end: the report is segmented, so a unit cut wrongly is missed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..classify import Backend, Tags, load_backend
from ..classify.taxonomy import Taxonomy, load_taxonomy
from ..corpus.dataset import Labels, Record, iter_records, labelled
from ..errors import DataFileError


@dataclass(frozen=True, slots=True)
class Outcome:
    """One labelled unit and what a backend said of it; ``tags`` is empty for a unit that was cut wrongly."""

    record: Record
    text: str
    gold: Labels
    tags: Tags

    @property
    def themes(self) -> frozenset[str]:
        """The predicted themes, optional ones that are not required left out (they are neither right nor wrong)."""
        return frozenset(self.tags.themes) - (self.gold.themes_optional - self.gold.themes)

    @property
    def stance_right(self) -> bool:
        return self.tags.stance in self.gold.stances


def prf(tp: int, fp: int, fn: int) -> dict[str, float]:
    """Precision, recall and F1 of counts; 0 where nothing is to divide."""
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    return {"precision": precision, "recall": recall, "f1": 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 0.0}


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
        raise DataFileError("NR301", path=str(corpus), detail=f"no labelled units in split {split!r}")
    return found


def score(found: Sequence[Outcome], *, taxonomy: Taxonomy | None = None) -> dict[str, Any]:
    """Scores of outcomes: ``themes`` (precision, recall, f1, support), ``micro``, ``macro_f1`` over the themes present,
    ``stance_accuracy``, ``stances`` (recall a stance), ``units``.
    """
    tax = taxonomy or load_taxonomy()
    themes: dict[str, Any] = {}
    total = [0, 0, 0]
    # Themes of a user's own taxonomy come after ours.
    own = {t for o in found for t in (*o.themes, *o.gold.themes)} - set(tax.theme_ids)
    for theme in (*tax.theme_ids, *sorted(own)):
        tp = sum(theme in o.themes and theme in o.gold.themes for o in found)
        fp = sum(theme in o.themes and theme not in o.gold.themes for o in found)
        fn = sum(theme not in o.themes and theme in o.gold.themes for o in found)
        if tp + fp + fn:
            themes[theme] = prf(tp, fp, fn) | {"support": tp + fn}
            total = [a + b for a, b in zip(total, (tp, fp, fn), strict=True)]
    present = [row["f1"] for row in themes.values() if row["support"]]
    stances = {}
    for stance in tax.stances:
        of = [o for o in found if stance in o.gold.stances]
        if of:
            stances[stance] = {"accuracy": sum(o.stance_right for o in of) / len(of), "support": len(of)}
    return {
        "units": len(found),
        "themes": themes,
        "micro": prf(*total),
        "macro_f1": sum(present) / len(present) if present else 0.0,
        "stance_accuracy": sum(o.stance_right for o in found) / len(found) if found else 0.0,
        "stances": stances,
    }


def slices(found: Sequence[Outcome]) -> dict[str, dict[str, Any]]:
    """Micro-F1 and stance accuracy by level, year, script, writer and hard-case phenomenon."""
    groups: dict[str, list[Outcome]] = {}
    for o in found:
        for key in ("level", "year", "script", "writer"):
            if o.record.get(key) is not None:
                groups.setdefault(f"{key}:{o.record[key]}", []).append(o)
        for tag in o.gold.tags:
            groups.setdefault(f"hard:{tag}", []).append(o)
        if o.gold.tags:
            groups.setdefault("hard:any", []).append(o)
    result = {}
    for name, members in sorted(groups.items()):
        whole = score(members)
        result[name] = {
            "units": len(members),
            "micro_f1": whole["micro"]["f1"],
            "stance_accuracy": whole["stance_accuracy"],
        }
    return result


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
        by_slice: also score by level, year, script, writer and phenomenon.

    Returns:
        What :func:`score` gives, with ``model``, ``reports`` and, when asked for, ``intervals`` and ``slices``.

    Raises:
        DataFileError: NR301 or NR302.
    """
    from .significance import bootstrap

    backend = load_backend(model) if model is None or isinstance(model, (str, Path)) else model
    found = outcomes(corpus, backend=backend, split=split)
    result: dict[str, Any] = {"model": backend.name, "reports": len({o.record["id"] for o in found})}
    result |= score(found)
    if intervals:
        result["intervals"] = bootstrap(found, statistics=STATISTICS, resamples=intervals)
    if by_slice:
        result["slices"] = slices(found)
    return result


#: The figures that intervals and comparisons are made of.
STATISTICS: dict[str, Callable[[Sequence[Outcome]], float]] = {
    "micro_f1": lambda found: float(score(found)["micro"]["f1"]),
    "macro_f1": lambda found: float(score(found)["macro_f1"]),
    "stance_accuracy": lambda found: float(score(found)["stance_accuracy"]),
}
