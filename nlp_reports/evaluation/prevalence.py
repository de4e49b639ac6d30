"""Shares of themes and stances over a corpus, corrected for what the classifier gets wrong, with intervals.

The raw share of units that a classifier tags is biased: it tags some wrongly and misses others. With sensitivity and
specificity measured on labelled units, ``(raw + specificity - 1) / (sensitivity + specificity - 1)`` is the corrected
share (Rogan & Gladen 1978); its uncertainty is that of the raw share and of both rates, propagated by resampling.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Share:
    """A share in [0, 1] with a 95 % interval. ``raw`` is what was tagged; ``corrected`` is ``None`` when it cannot be told."""

    raw: float
    corrected: float | None
    low: float | None
    high: float | None


def rogan_gladen(raw: float, *, sensitivity: float, specificity: float) -> float | None:
    """The corrected share, clipped to [0, 1]; ``None`` when the classifier is no better than chance.

    Example:
        >>> round(rogan_gladen(0.3, sensitivity=0.9, specificity=0.95), 4)
        0.2941
    """
    power = sensitivity + specificity - 1
    return float(min(max((raw + specificity - 1) / power, 0.0), 1.0)) if power > 0.05 else None


def corrected_share(
    *, tagged: int, units: int, tp: int, fn: int, fp: int, tn: int, draws: int = 4000, seed: int = 0
) -> Share:
    """Correct the share ``tagged / units`` with the confusion counts of an evaluation set.

    Args:
        tagged, units: how many of how many units of the corpus carry the tag.
        tp, fn, fp, tn: counts of the evaluation set.
        draws, seed: of the resampling (Beta posteriors with Jeffreys' prior).
    """
    raw = tagged / units if units else 0.0
    if not units or tp + fn < 5 or fp + tn < 5:
        return Share(raw, None, None, None)
    point = rogan_gladen(raw, sensitivity=tp / (tp + fn), specificity=tn / (fp + tn))
    rng = np.random.default_rng(seed)
    sensitivity = rng.beta(tp + 0.5, fn + 0.5, draws)
    specificity = rng.beta(tn + 0.5, fp + 0.5, draws)
    observed = rng.beta(tagged + 0.5, units - tagged + 0.5, draws)
    power = sensitivity + specificity - 1
    if point is None or np.mean(power > 0.05) < 0.95:
        return Share(raw, None, None, None)
    values = np.clip((observed + specificity - 1) / np.maximum(power, 0.05), 0, 1)
    low, high = np.percentile(values, [2.5, 97.5])
    return Share(raw, point, float(low), float(high))
