"""Scores of outcomes: F1 a theme, micro and macro, stance accuracy, whole and by slice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..classify import Tags
from ..classify.taxonomy import Taxonomy, load_taxonomy
from ..corpus.dataset import Labels, Record


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
    """Micro-F1 and stance accuracy by level, year, script, sampling, writer and hard-case phenomenon."""
    groups: dict[str, list[Outcome]] = {}
    for o in found:
        for key in ("level", "year", "script", "sampling", "writer"):
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


#: The figures that intervals and comparisons are made of.
STATISTICS: dict[str, Callable[[Sequence[Outcome]], float]] = {
    "micro_f1": lambda found: float(score(found)["micro"]["f1"]),
    "macro_f1": lambda found: float(score(found)["macro_f1"]),
    "stance_accuracy": lambda found: float(score(found)["stance_accuracy"]),
}
