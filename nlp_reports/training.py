"""Training the linear backend: features → logistic models → Platt scaling and thresholds, all by seed.

The steps are plain functions on arrays; scikit-learn is imported here and nowhere on the tagging path.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from . import __version__
from .classify.context import units_of
from .classify.features import FeatureExtractor
from .classify.linear import ARRAYS, Vectorizer
from .classify.persistence import FORMAT, digest_of
from .classify.taxonomy import load_taxonomy
from .corpus.dataset import Labels, Record, corpus_digest, iter_records, labelled
from .errors import DataFileError


@dataclass(frozen=True, slots=True)
class Examples:
    """Units ready to learn from: feature names, labels, and the group (agency) that keeps folds apart."""

    names: list[list[str]]
    labels: list[Labels]
    groups: list[str]
    records: list[Record]


def examples(corpus: Path, *, split: str | None, rules: bool = True) -> Examples:
    """Segment the reports of a corpus and collect the features and labels of their units.

    Raises:
        DataFileError: NR301 when the corpus is broken or the split is empty.
    """
    extractor = FeatureExtractor(rules=rules)
    found = Examples([], [], [], [])
    for record in iter_records(corpus, split=split):
        item = labelled(record)
        found.records.append(record)
        names = extractor.report(units_of(item.report.sentences))
        for features, gold in zip(names, item.labels, strict=True):
            if gold is not None:
                found.names.append(features)
                found.labels.append(gold)
                found.groups.append(str(record.get("agency", record["id"])))
    if not found.labels:
        raise DataFileError("NR301", path=str(corpus), detail=f"no labelled units in split {split!r}")
    return found


def build_vocabulary(
    names: Sequence[Sequence[str]], *, minimum: int = 2, most: int = 60_000
) -> tuple[list[str], np.ndarray]:
    """Features that occur at least ``minimum`` times (context and rule features always), and their idf."""
    counts = Counter(n for row in names for n in row)
    kept = [n for n, c in counts.items() if c >= minimum or n[0] in "xr"]
    kept = sorted(sorted(kept, key=lambda n: (-counts[n], n))[:most])
    idf = np.array([np.log((1 + len(names)) / (1 + counts[n])) + 1 for n in kept], dtype=np.float32)
    return kept, idf


def matrix(vectorizer: Vectorizer, names: Sequence[Sequence[str]]) -> sparse.csr_matrix:
    """All units as one sparse matrix, units × features."""
    columns, values, ends = [], [], [0]
    for row in names:
        c, v = vectorizer(row)
        columns.append(c)
        values.append(v)
        ends.append(ends[-1] + len(c))
    return sparse.csr_matrix(
        (np.concatenate(values), np.concatenate(columns), np.array(ends)),
        shape=(len(names), len(vectorizer.vocabulary)),
    )


def targets(labels: Sequence[Labels], themes: Sequence[str], stances: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Labels as a 0/1 matrix of themes and a vector of stance indices."""
    y = np.zeros((len(labels), len(themes)), dtype=np.int8)
    column = {theme: i for i, theme in enumerate(themes)}
    for i, gold in enumerate(labels):
        for theme in gold.themes:
            if theme not in column:
                raise DataFileError("NR301", path="corpus", detail=f"unknown theme {theme!r}: give its taxonomy")
            y[i, column[theme]] = 1
    return y, np.array([list(stances).index(gold.stances[0]) for gold in labels])


def _fit(
    x: sparse.csr_matrix, y: np.ndarray, stance: np.ndarray, n_stances: int, c: float
) -> tuple[np.ndarray, np.ndarray]:
    """Weights (features × outputs) and biases: one-vs-rest for themes, softmax for stances."""
    from sklearn.linear_model import LogisticRegression

    weights, bias = np.zeros((x.shape[1], y.shape[1] + n_stances)), np.full(y.shape[1] + n_stances, -8.0)
    for k in range(y.shape[1]):
        if 0 < y[:, k].sum() < len(y):
            model = LogisticRegression(C=c, solver="liblinear", random_state=0).fit(x, y[:, k])
            weights[:, k], bias[k] = model.coef_[0], model.intercept_[0]
    present = np.unique(stance)
    if len(present) > 1:
        model = LogisticRegression(C=c, solver="lbfgs", max_iter=500).fit(x, stance)
        coef, intercept = model.coef_, model.intercept_
        if len(present) == 2:
            coef, intercept = np.vstack([-coef[0] / 2, coef[0] / 2]), np.array([-intercept[0] / 2, intercept[0] / 2])
        for row, s in enumerate(present):
            weights[:, y.shape[1] + s], bias[y.shape[1] + s] = coef[row], intercept[row]
    else:
        bias[y.shape[1] + present[0]] = 8.0
    return weights, bias


def _platt(raw: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Slope and shift that turn held-out scores into probabilities (Platt 1999)."""
    from sklearn.linear_model import LogisticRegression

    if not 3 <= y.sum() <= len(y) - 3:
        return 1.0, 0.0
    model = LogisticRegression(C=10.0).fit(raw.reshape(-1, 1), y)
    slope = float(model.coef_[0, 0])
    return (slope, float(model.intercept_[0])) if slope > 0 else (1.0, 0.0)


def _threshold(p: np.ndarray, y: np.ndarray) -> float:
    """The cut that maximises F1 on held-out probabilities, drawn towards 0.5 where there is little to learn from."""
    if y.sum() < 5:
        return 0.5
    cuts = np.linspace(0.2, 0.7, 26)
    f1 = [2 * ((p >= c) & (y == 1)).sum() / max((p >= c).sum() + y.sum(), 1) for c in cuts]
    best = float(cuts[int(np.argmax(f1))])
    trust = y.sum() / (y.sum() + 20)
    return float(round(trust * best + (1 - trust) * 0.45, 3))


def train_linear(
    corpus: Path, *, out: Path, split: str | None = "train", seed: int = 0, c: float = 4.0, folds: int = 5,
    taxonomy: Path | None = None, rules: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """Fit the linear backend on a corpus and write its model folder.

    Folds keep agencies apart; calibration and thresholds come from held-out folds, the final weights from all units.
    The same corpus, seed and library versions give the same bytes.

    Args:
        corpus: a corpus file or folder.
        out: the folder to write; replaced as a whole when everything is fitted.
        split: which split to use.
        seed: orders the folds.
        c: inverse regularisation.
        folds: number of folds.
        taxonomy: YAML that adds themes.
        rules: use what the rules say as features.

    Returns:
        The metrics that are written to ``metrics.json``.

    Raises:
        DataFileError: NR301 with file and line.
    """
    tax = load_taxonomy(taxonomy)
    data = examples(corpus, split=split, rules=rules)
    vocabulary, idf = build_vocabulary(data.names)
    vectorizer = Vectorizer({name: i for i, name in enumerate(vocabulary)}, idf)
    x = matrix(vectorizer, data.names)
    y, stance = targets(data.labels, tax.theme_ids, tax.stances)
    n, outputs = len(tax.theme_ids), len(tax.theme_ids) + len(tax.stances)
    held = np.full((len(y), outputs), np.nan)
    for fold in _folds(data.groups, folds, seed):
        rest = np.setdiff1d(np.arange(len(y)), fold)
        if len(rest) and len(fold):
            w, b = _fit(x[rest], y[rest], stance[rest], len(tax.stances), c)
            held[fold] = x[fold] @ w + b
    weights, bias = _fit(x, y, stance, len(tax.stances), c)
    slope, shift, threshold = np.ones(outputs), np.zeros(outputs), np.full(n, 0.5)
    seen = ~np.isnan(held[:, 0])
    for k in range(n):
        slope[k], shift[k] = _platt(held[seen, k], y[seen, k])
        threshold[k] = _threshold(1 / (1 + np.exp(-(held[seen, k] * slope[k] + shift[k]))), y[seen, k])
    arrays = {
        "weights": weights.astype(np.float16), "idf": idf, "bias": bias.astype(np.float32),
        "slope": slope.astype(np.float32), "shift": shift.astype(np.float32), "threshold": threshold.astype(np.float32),
    }  # fmt: skip
    probability = 1 / (1 + np.exp(-(held[seen][:, :n] * slope[:n] + shift[:n])))
    metrics = _metrics(probability >= threshold, y[seen], held[seen][:, n:].argmax(1) == stance[seen], tax.theme_ids)
    metrics |= {"units": len(y), "reports": len(data.records), "features": len(vocabulary)}
    config = {
        "format": FORMAT, "backend": "linear", "version": __version__, "themes": list(tax.theme_ids),
        "stances": list(tax.stances), "taxonomy_version": tax.version, "rules": rules,
        "corpus": {"digest": corpus_digest(data.records), "split": split, "units": len(y), "reports": len(data.records)},
        "training": {"seed": seed, "c": c, "folds": folds},
    }  # fmt: skip
    _write(out, config, vocabulary, arrays, metrics)
    return metrics


def _folds(groups: Sequence[str], folds: int, seed: int) -> list[np.ndarray]:
    """Indices of each fold; a group (agency) is never split."""
    names = sorted(set(groups))
    order = np.random.default_rng(seed).permutation(len(names))
    fold_of = {names[j]: i % max(min(folds, len(names)), 1) for i, j in enumerate(order)}
    which = np.array([fold_of[g] for g in groups])
    return [np.flatnonzero(which == k) for k in range(which.max() + 1)]


def _metrics(predicted: np.ndarray, y: np.ndarray, stance_ok: np.ndarray, themes: Sequence[str]) -> dict[str, Any]:
    tp, both = ((predicted == 1) & (y == 1)).sum(0), predicted.sum(0) + y.sum(0)
    f1 = np.divide(2 * tp, both, out=np.zeros(len(themes)), where=both > 0)
    support = y.sum(0)
    return {
        "cross_validation": {
            "micro_f1": round(float(2 * tp.sum() / max(both.sum(), 1)), 4),
            "macro_f1": round(float(f1[support > 0].mean()), 4) if (support > 0).any() else 0.0,
            "stance_accuracy": round(float(stance_ok.mean()), 4),
            "themes": {
                t: {"f1": round(float(v), 4), "support": int(s)} for t, v, s in zip(themes, f1, support, strict=True)
            },
        }
    }


def _write(
    out: Path, config: dict[str, Any], vocabulary: list[str], arrays: dict[str, np.ndarray], metrics: dict[str, Any]
) -> None:
    """Write the folder beside its place and move it there, so that no half model is ever found."""
    partial = out.with_name(out.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    (partial / "vocabulary.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    for key in ARRAYS:
        np.save(partial / f"{key}.npy", arrays[key], allow_pickle=False)
    config["files"] = sorted(["vocabulary.json", *(f"{key}.npy" for key in ARRAYS)])
    config["digest"] = digest_of(partial, dict.fromkeys(config["files"], ""))
    for name, value in (("config.json", config), ("metrics.json", metrics)):
        (partial / name).write_text(
            json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
        )
    if out.exists():
        card = out / "MODEL_CARD.md"
        if card.exists():
            shutil.copy2(card, partial / card.name)
        shutil.rmtree(out)
    partial.rename(out)
