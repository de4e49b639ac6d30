"""Training the linear backend: features → logistic models → Platt scaling and thresholds, all by seed.

scikit-learn is imported in this room and nowhere on the tagging path.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from .. import __version__
from ..classify.features import OPENING, FeatureExtractor, Seen
from ..classify.linear import ARRAYS, NEUTRAL, Vectorizer, decide
from ..classify.taxonomy import load_taxonomy
from ..corpus.dataset import corpus_digest
from .data import Examples, Progress, agency_folds, best_thresholds, examples, fold_metrics, optional, silent, targets
from .folder import write_model

#: From so many units with natural frequencies on, they alone decide cuts and probabilities …
ENOUGH = 500
#: … the probabilities of themes that so many of them carry; of rarer ones all units decide.
ENOUGH_OF_A_THEME = 20
#: Probabilities from which a statement may get a theme whose cut it misses.
_LONE = (0.4, 0.35, 0.3, 0.25, 0.2)


def features_of(data: Examples, *, rules: bool) -> list[Seen]:
    """What the model sees of every example."""
    extractor = FeatureExtractor(rules=rules)
    rows = [extractor.report(units) for units in data.contexts]
    return [rows[r][i] for r, i in data.place]


def build_vocabulary(
    names: Sequence[Sequence[str]], *, minimum: int = 2, most: int = 40_000
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


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be learnt, one row a unit: features in and out of context, themes, themes left open, stance, weight."""

    x: sparse.csr_matrix
    bare: sparse.csr_matrix
    y: np.ndarray
    skip: np.ndarray
    stance: np.ndarray
    weight: np.ndarray
    n_stances: int


def _fit(task: Task, rows: np.ndarray, *, c: float, bare_share: float) -> tuple[np.ndarray, np.ndarray]:
    """Weights (features × outputs) and biases learnt from ``rows``: one-vs-rest for themes, softmax for stances.

    A theme does not learn from the units where ``skip`` (units × themes) leaves it open. It meets each unit twice, in its
    context and without (with ``bare_share`` of the weight), so that it does not believe a heading rather than the words.
    """
    from sklearn.linear_model import LogisticRegression

    y, skip, stance = task.y[rows], task.skip[rows], task.stance[rows]
    x, bare, weight = task.x[rows], task.bare[rows], task.weight[rows]
    outputs = y.shape[1] + task.n_stances
    weights, bias = np.zeros((x.shape[1], outputs)), np.full(outputs, -8.0)

    views = sparse.vstack([x, bare]).tocsr() if bare_share else x
    shares = (1 - bare_share, bare_share) if bare_share else (1.0,)

    def learn(k: int) -> None:
        # Rows are left out, not weighted by zero: liblinear drops such rows by itself and may abort the process.
        told = np.flatnonzero(~skip[:, k])
        seen = np.concatenate([told + i * len(y) for i in range(len(shares))])
        # A hundredth of this tolerance gives held-out scores that correlate by 0.9995 with these, in twice the time.
        model = LogisticRegression(C=c, solver="liblinear", tol=0.01, random_state=0)
        model.fit(
            views[seen], np.tile(y[told, k], len(shares)),
            sample_weight=np.concatenate([weight[told] * share for share in shares]),
        )  # fmt: skip
        weights[:, k], bias[k] = model.coef_[0], model.intercept_[0]

    # liblinear works outside Python's lock, and each theme writes its own column: the result does not depend on the order.
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        list(pool.map(learn, (k for k in range(y.shape[1]) if 0 < y[~skip[:, k], k].sum() < (~skip[:, k]).sum())))
    present = np.unique(stance)
    if len(present) > 1:
        model = LogisticRegression(C=c, solver="lbfgs", max_iter=500).fit(x, stance, sample_weight=weight)
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


def _lone(p: np.ndarray, y: np.ndarray, cut: np.ndarray, speaks: np.ndarray, left_open: np.ndarray) -> float:
    """The least probability from which a unit without a theme gets its likeliest: what serves held-out F1 best, or 1."""

    def f1(lone: float) -> float:
        chosen = decide(p, cut, lone=lone, speaks=speaks) & ~left_open
        return float(2 * (chosen & (y == 1)).sum() / max(chosen.sum() + y.sum(), 1))

    return max((1.0, *_LONE), key=f1)


def train_linear(
    corpora: Sequence[Path], *, out: Path, split: str | None = "train", seed: int = 0, c: float = 20.0, folds: int = 4,
    taxonomy: Path | None = None, rules: bool = True, rule_share: float = 0.2, natural_weight: float = 2.0,
    bare_share: float = 0.3, progress: Progress = silent,
) -> dict[str, Any]:  # fmt: skip
    """Fit the linear backend on a corpus and write its model folder.

    Folds keep agencies apart; calibration and thresholds come from held-out folds, the final weights from all units.
    The same corpus, seed and library versions give the same bytes.

    Args:
        corpora: corpus files or folders; several are joined (your own beside ours).
        out: the folder to write; replaced as a whole when everything is fitted.
        split: which split to use.
        seed: orders the folds.
        c: inverse regularisation.
        folds: number of folds.
        taxonomy: YAML that adds themes.
        rules: use what the rules say as features.
        rule_share: the part that the rules' own scores have in a theme's final score.
        natural_weight: how much a unit of a report counts whose themes fall as in real ones (``sampling: natural``). Where
            there are 500 such units, probabilities and cuts are fitted on them alone: in text that was written for rare
            themes these are several times too frequent.
        bare_share: the part of its weight with which a unit is learnt without heading, item, lead-in and neighbour. In
            published reports a third of the sentences may be about something else than the heading above them.
        progress: is told how far the training is.

    Returns:
        The metrics that are written to ``metrics.json``.

    Raises:
        DataFileError: NR301 with file and line.
        ValueError: ``bare_share`` is not in [0, 1), or ``natural_weight`` not above 0.
    """
    if not 0 <= bare_share < 1 or natural_weight <= 0:
        raise ValueError(f"bare_share {bare_share} must lie in [0, 1) and natural_weight {natural_weight} above 0")
    tax = load_taxonomy(taxonomy)
    data = examples(corpora, split=split)
    seen_units = features_of(data, rules=rules)
    names = [unit.names for unit in seen_units]
    by_rules = np.array([[unit.rules.get(theme, 0.0) for theme in tax.theme_ids] for unit in seen_units])
    vocabulary, idf = build_vocabulary(names)
    vectorizer = Vectorizer({name: i for i, name in enumerate(vocabulary)}, idf)
    x = matrix(vectorizer, names)
    y, stance = targets(data.labels, tax.theme_ids, tax.stances)
    n, outputs = len(tax.theme_ids), len(tax.theme_ids) + len(tax.stances)
    skip = optional(data.labels, tax.theme_ids)
    natural = np.array([data.records[r].get("sampling") == "natural" for r, _ in data.place])
    weight = np.where(natural, natural_weight, 1.0)
    extractor = FeatureExtractor(rules=rules)
    bare = matrix(
        vectorizer,
        [extractor.alone(u, opening=OPENING in row) for u, row in zip(data.units, names, strict=True)]
        if bare_share
        else names,
    )
    task = Task(x, bare, y, skip, stance, weight, len(tax.stances))
    held = np.full((len(y), outputs), np.nan)
    progress(f"{len(y)} units of {len(data.records)} reports, {len(vocabulary)} features")
    parts = agency_folds(data.groups, folds, seed)
    for number, fold in enumerate(parts, 1):
        rest = np.setdiff1d(np.arange(len(y)), fold)
        if len(rest) and len(fold):
            w, b = _fit(task, rest, c=c, bare_share=bare_share)
            held[fold] = x[fold] @ w + b
            progress(f"fold {number} of {len(parts)} held out")
    weights, bias = _fit(task, np.arange(len(y)), c=c, bare_share=bare_share)
    slope, shift = np.ones(outputs), np.zeros(outputs)
    seen = ~np.isnan(held[:, 0])
    # Where themes are as frequent as in real reports, probabilities and cuts mean what they say.
    like_real = seen & natural if (seen & natural).sum() >= ENOUGH else seen
    for k in range(n):
        judged = (like_real if y[like_real, k].sum() >= ENOUGH_OF_A_THEME else seen) & ~skip[:, k]
        slope[k], shift[k] = _platt(held[judged, k], y[judged, k])
    calibrated = 1 / (1 + np.exp(-(held[seen][:, :n] * slope[:n] + shift[:n])))
    share = rule_share if rules else 0.0
    mixed = (1 - share) * calibrated + share * by_rules[seen]
    left_open = skip[seen]  # neither right nor wrong
    threshold = best_thresholds(np.where(left_open, 0.0, mixed)[like_real[seen]], y[like_real])
    speaks = held[seen][:, n:].argmax(1) != (tax.stances.index(NEUTRAL) if NEUTRAL in tax.stances else -1)
    rows = like_real[seen]
    lone = _lone(mixed[rows], y[like_real], threshold, speaks[rows], left_open[rows])
    chosen = decide(mixed, threshold, lone=lone, speaks=speaks) & ~left_open
    arrays = {
        "weights": weights.astype(np.float16), "idf": idf, "bias": bias.astype(np.float32),
        "slope": slope.astype(np.float32), "shift": shift.astype(np.float32), "threshold": threshold.astype(np.float32),
    }  # fmt: skip
    metrics = fold_metrics(chosen, y[seen], held[seen][:, n:].argmax(1) == stance[seen], tax.theme_ids)
    if like_real.sum() < seen.sum():
        metrics["cross_validation_natural"] = fold_metrics(
            chosen[rows], y[like_real], held[like_real][:, n:].argmax(1) == stance[like_real], tax.theme_ids
        )["cross_validation"]
    metrics |= {"units": len(y), "reports": len(data.records), "features": len(vocabulary)}
    config = {
        "backend": "linear", "version": __version__, "themes": list(tax.theme_ids),
        "stances": list(tax.stances), "taxonomy_version": tax.version, "rules": rules, "rule_share": share, "lone": lone,
        "corpus": {"digest": corpus_digest(data.records), "split": split, "units": len(y), "reports": len(data.records)},
        "training": {"seed": seed, "c": c, "folds": folds, "natural_weight": natural_weight, "bare_share": bare_share},
    }  # fmt: skip

    def fill(folder: Path) -> None:
        (folder / "vocabulary.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
        for key in ARRAYS:
            np.save(folder / f"{key}.npy", arrays[key], allow_pickle=False)

    write_model(out, config=config, metrics=metrics, fill=fill)
    return metrics
