"""A linter for the cues of the rules backend: which are dead, shadowed, contradicting, and how precise each is on labelled text.

Each strong cue is looked at as a labelling function of its own (Ratner et al. 2017).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..classify.context import units_of
from ..classify.rules import blank, load_theme_cues
from ..classify.taxonomy import DATA
from ..corpus.dataset import LabelledReport
from ..template.yamlfile import load_yaml

#: Fewer hits than this say nothing about precision.
MINIMUM = 5
#: Below this precision a cue argues against itself.
POOR = 0.5


@dataclass(frozen=True, slots=True)
class CueReport:
    """What one strong cue does on labelled text.

    ``verdict``: ``dead`` (never met), ``shadowed`` (wherever it is met, another cue of its theme is met too), ``contradicting``
    (more often wrong than right), ``rare`` (met fewer than five times) or ``ok``.
    """

    theme: str
    cue: str
    hits: int
    precision: float | None
    alone: int
    verdict: str


def lint_rules(reports: Sequence[LabelledReport], *, cues: Path | None = None) -> list[CueReport]:
    """Judge every strong theme cue on labelled reports.

    Args:
        reports: labelled reports; a theme that is optional for a unit counts as right.
        cues: a cue file of your own; the bundled one without.
    """
    masks = {entry.theme: entry.mask for entry in load_theme_cues(cues)}
    written: Mapping[str, Mapping[str, Sequence[str]]] = load_yaml(cues or DATA / "themes.yaml")
    patterns = {(theme, cue): re.compile(cue) for theme, entry in written.items() for cue in entry.get("strong", ())}
    hits: Counter[tuple[str, str]] = Counter()
    right: Counter[tuple[str, str]] = Counter()
    alone: Counter[tuple[str, str]] = Counter()
    for item in reports:
        for unit, label in zip(units_of(item.report.sentences), item.labels, strict=True):
            if label is None:
                continue
            met: dict[str, list[tuple[str, str]]] = defaultdict(list)
            texts = {theme: blank(unit.text, mask) for theme, mask in masks.items()}
            for key, pattern in patterns.items():
                if pattern.search(texts[key[0]]):
                    met[key[0]].append(key)
            for theme, keys in met.items():
                for key in keys:
                    hits[key] += 1
                    right[key] += theme in label.themes or theme in label.themes_optional
                    alone[key] += len(keys) == 1
    found = []
    for key in patterns:
        n = hits[key]
        precision = round(right[key] / n, 4) if n else None
        if not n:
            verdict = "dead"
        elif precision is not None and n >= MINIMUM and precision < POOR:
            verdict = "contradicting"
        elif not alone[key]:
            verdict = "shadowed"
        else:
            verdict = "ok" if n >= MINIMUM else "rare"
        found.append(CueReport(key[0], key[1], n, precision, alone[key], verdict))
    return found
