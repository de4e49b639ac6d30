"""The linear backend: a vocabulary, a weight matrix and calibrated thresholds; numpy only, nothing is unpickled.

``arrays`` of a model folder: ``weights.npy`` (features × outputs, float16), ``idf.npy`` (float32), ``bias.npy``,
``slope.npy`` and ``shift.npy`` (Platt scaling, one an output), ``threshold.npy`` (one a theme); ``vocabulary.json`` names the
features, ``config.json`` the outputs and ``rule_share``, the part that the rules'
own scores have in a theme's final score (an ensemble: the model knows the corpus, the rules know the genre), and ``lone``, the
probability from which a statement that no theme's cut admits still gets its likeliest theme. Features are weighted by idf and scaled to unit length within their group.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import DataFileError
from ..schema import Report
from .base import Tags
from .context import units_of
from .features import GROUPS, FeatureExtractor

if TYPE_CHECKING:
    import numpy as np

ARRAYS = ("weights", "idf", "bias", "slope", "shift", "threshold")
GROUP_WEIGHT = {"c": 1.3, "w": 1.2, "h": 0.6, "i": 0.7, "l": 0.7, "p": 0.4, "x": 0.7, "r": 0.3}


#: The stance of units that state nothing; they may well carry no theme.
NEUTRAL = "neutral"
_GROUP_NAMES = {"c": "字", "w": "词", "h": "标题", "i": "条目", "l": "引语", "p": "上句", "x": "位置", "r": "规则"}


def shown(name: str) -> str:
    """A feature for a person: what kind of evidence it is, and what was met.

    Example:
        >>> shown("h:培训"), shown("r:training#3")
        ('标题：培训', '规则：training')
    """
    return f"{_GROUP_NAMES[name[0]]}：{name[2:].partition('#')[0].replace('_', '')}"


class Vectorizer:
    """Feature names to ``(indices, values)``: idf-weighted, unit length within each group.

    Args:
        vocabulary: feature name → column.
        idf: one weight a column.
    """

    def __init__(self, vocabulary: Mapping[str, int], idf: np.ndarray) -> None:
        import numpy as np

        self.vocabulary, self.idf = vocabulary, idf
        self.names = list(vocabulary)
        self._group = np.zeros(len(vocabulary), dtype=np.int8)
        for name, column in vocabulary.items():
            self._group[column] = GROUPS.index(name[0])
        self._weight = np.array([GROUP_WEIGHT[g] for g in GROUPS])

    def __call__(self, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Columns and values of one unit; unknown features are left out."""
        import numpy as np

        get = self.vocabulary.get
        columns = np.array([c for c in map(get, names) if c is not None], dtype=np.int64)
        values = self.idf[columns].astype(np.float64)
        groups = self._group[columns]
        norms = np.sqrt(np.bincount(groups, weights=values * values, minlength=len(GROUPS)))
        norms[norms == 0] = 1.0
        return columns, values / norms[groups] * self._weight[groups]


def decide(p: np.ndarray, cut: np.ndarray, *, lone: float, speaks: np.ndarray) -> np.ndarray:
    """Which themes units carry: those over their cuts; where a unit has none and says something, its likeliest from ``lone`` on.

    Args:
        p: probabilities, units × themes.
        cut: one cut a theme.
        lone: the least probability of a theme that stands alone under its cut; 1 leaves such units without a theme.
        speaks: units that state something: neutral ones (lead-ins, legal basis) may well carry no theme.
    """
    import numpy as np

    chosen: np.ndarray = p >= cut
    best = p.argmax(1)
    alone = np.flatnonzero(speaks & ~chosen.any(1) & (p.max(1) >= lone) & (lone < 1))
    chosen[alone, best[alone]] = True
    return chosen


class LinearBackend:
    """One-vs-rest logistic models for themes and stances over characters, words, context and rules.

    Load one with :func:`nlp_reports.classify.load_backend`; train one with ``nlp-reports train``.
    """

    def __init__(self, *, name: str, digest: str, themes: Sequence[str], stances: Sequence[str],
                 vectorizer: Vectorizer, arrays: Mapping[str, np.ndarray], rules: bool = True, rule_share: float = 0.0,
                 lone: float = 1.0) -> None:  # fmt: skip
        import numpy as np

        self.name, self.digest = name, digest
        self.themes, self.stances = tuple(themes), tuple(stances)
        self.vectorizer = vectorizer
        self._arrays = {key: value.astype(np.float64) for key, value in arrays.items() if key != "weights"}
        self._weights = arrays["weights"].astype(np.float32)
        self._features = FeatureExtractor(rules=rules)
        self._rule_share, self._lone = rule_share, lone
        #: Digest of the records that it was trained on, so that an evaluation can tell.
        self.corpus_digest = ""

    @classmethod
    def load(cls, folder: Path, config: Mapping[str, Any]) -> LinearBackend:
        """Build the backend from a folder whose config and digest have been checked.

        Raises:
            DataFileError: NR302, when arrays and vocabulary do not fit together.
        """
        import numpy as np

        try:
            names = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
            arrays = {key: np.load(folder / f"{key}.npy", allow_pickle=False) for key in ARRAYS}
        except (OSError, ValueError) as error:
            raise DataFileError("NR302", path=str(folder), detail=str(error)) from error
        outputs = len(config["themes"]) + len(config["stances"])
        if arrays["weights"].shape != (len(names), outputs) or arrays["idf"].shape != (len(names),):
            raise DataFileError("NR302", path=str(folder), detail="arrays and vocabulary are of different sizes")
        vectorizer = Vectorizer({name: i for i, name in enumerate(names)}, arrays["idf"])
        backend = cls(
            name=f"linear-{config['digest'][:8]}", digest=config["digest"], themes=config["themes"],
            stances=config["stances"], vectorizer=vectorizer, arrays=arrays, rules=bool(config.get("rules", True)), rule_share=float(config.get("rule_share", 0.0)), lone=float(config.get("lone", 1.0)),
        )  # fmt: skip
        backend.corpus_digest = str(config.get("corpus", {}).get("digest", ""))
        return backend

    def scores(self, columns: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Calibrated probabilities of one vectorised unit: one a theme, then one a stance (these add to 1)."""
        import numpy as np

        raw = values @ self._weights[columns] + self._arrays["bias"]
        raw = raw * self._arrays["slope"] + self._arrays["shift"]
        n = len(self.themes)
        themes = 1.0 / (1.0 + np.exp(-np.clip(raw[:n], -30, 30)))
        stances = np.exp(raw[n:] - raw[n:].max())
        return np.concatenate([themes, stances / stances.sum()])

    def classify(self, report: Report) -> list[Tags]:
        """One :class:`Tags` a sentence, in order; headings get empty ones."""
        import numpy as np

        units = units_of(report.sentences)
        tags = []
        for unit, seen in zip(units, self._features.report(units), strict=True):
            if unit.kind == "heading":
                tags.append(Tags())
                continue
            columns, values = self.vectorizer(seen.names)
            scores = self.scores(columns, values)
            n = len(self.themes)
            if self._rule_share:
                by_rules = [seen.rules.get(theme, 0.0) for theme in self.themes]
                scores[:n] = (1 - self._rule_share) * scores[:n] + self._rule_share * np.array(by_rules)
            stance = self.stances[int(scores[n:].argmax())]
            carried = decide(
                scores[None, :n], self._arrays["threshold"], lone=self._lone, speaks=np.array([stance != NEUTRAL])
            )[0]
            chosen = tuple(theme for theme, yes in zip(self.themes, carried, strict=True) if yes)
            tags.append(
                Tags(
                    chosen,
                    {t: float(p) for t, p in zip(self.themes, scores, strict=False) if p >= 0.01},
                    stance,
                    {s: float(p) for s, p in zip(self.stances, scores[n:], strict=True) if p >= 0.001},
                    self._explain(unit.start, unit.text, columns, values, chosen, stance),
                )
            )
        return tags

    def _explain(
        self, start: int, text: str, columns: np.ndarray, values: np.ndarray, themes: Sequence[str], stance: str
    ) -> tuple[tuple[str, str, int, int], ...]:
        """For each tag the three features that spoke most for it; words and characters with their place."""
        outputs = [(t, self.themes.index(t)) for t in themes] + [
            (stance, len(self.themes) + self.stances.index(stance))
        ]
        lines = []
        for tag, output in outputs:
            gains = values * self._weights[columns, output]
            for k in gains.argsort()[::-1][:3]:
                if gains[k] <= 0:
                    break
                name = self.vectorizer.names[columns[k]]
                surface = name[2:].replace("_", "").strip("^$") if name[0] in "cw" else ""
                at = text.find(surface) if surface else -1
                place = (start + at, start + at + len(surface)) if at >= 0 else (start, start)
                lines.append((tag, surface if at >= 0 else shown(name), *place))
        return tuple(lines)
