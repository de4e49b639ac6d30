"""Intervals and comparisons: bootstrap over reports, approximate randomisation, McNemar's test.

Units of one report are not independent, so reports are what is drawn. References: Efron 1979 (bootstrap); Noreen 1989
(approximate randomisation); McNemar 1947, exact binomial form.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from .scores import Outcome

Statistic = Callable[[Sequence[Outcome]], float]


def _by_report(found: Sequence[Outcome]) -> list[list[Outcome]]:
    groups: dict[str, list[Outcome]] = {}
    for o in found:
        groups.setdefault(str(o.record["id"]), []).append(o)
    return list(groups.values())


def bootstrap(
    found: Sequence[Outcome], *, statistics: Mapping[str, Statistic], resamples: int = 1000, seed: int = 0
) -> dict[str, tuple[float, float]]:
    """95 % percentile intervals of statistics, by drawing whole reports with replacement."""
    groups = _by_report(found)
    rng = np.random.default_rng(seed)
    draws: dict[str, list[float]] = {name: [] for name in statistics}
    for _ in range(resamples):
        sample = [o for i in rng.integers(0, len(groups), len(groups)) for o in groups[i]]
        for name, statistic in statistics.items():
            draws[name].append(statistic(sample))
    return {
        name: (round(float(np.percentile(values, 2.5)), 4), round(float(np.percentile(values, 97.5)), 4))
        for name, values in draws.items()
    }


def randomisation(
    first: Sequence[Outcome], second: Sequence[Outcome], *, statistic: Statistic, rounds: int = 2000, seed: int = 0
) -> float:
    """Two-sided p-value that two backends differ this much by chance: reports swap their backends at random.

    Args:
        first, second: outcomes of two backends on the same units in the same order.
        statistic: the figure that is compared.
        rounds: random assignments.
        seed: for the assignments.
    """
    a, b = _by_report(first), _by_report(second)
    observed = abs(statistic(first) - statistic(second))
    rng = np.random.default_rng(seed)
    as_far = 0
    for _ in range(rounds):
        swap = rng.integers(0, 2, len(a))
        left = [o for s, x, y in zip(swap, a, b, strict=True) for o in (y if s else x)]
        right = [o for s, x, y in zip(swap, a, b, strict=True) for o in (x if s else y)]
        as_far += abs(statistic(left) - statistic(right)) >= observed - 1e-12
    return (as_far + 1) / (rounds + 1)


def mcnemar(right_first: Sequence[bool], right_second: Sequence[bool]) -> tuple[int, int, float]:
    """Units that only the first, and only the second got right, and the exact two-sided p-value.

    Example:
        >>> mcnemar([True] * 9 + [False], [False] * 9 + [True])
        (9, 1, 0.021484375)
    """
    only_first = sum(a and not b for a, b in zip(right_first, right_second, strict=True))
    only_second = sum(b and not a for a, b in zip(right_first, right_second, strict=True))
    n, k = only_first + only_second, min(only_first, only_second)
    if not n:
        return 0, 0, 1.0
    tail = sum(math.comb(n, i) for i in range(k + 1)) / 2**n
    return only_first, only_second, min(1.0, 2 * tail)


def compare(
    first: Sequence[Outcome], second: Sequence[Outcome], *, statistics: Mapping[str, Statistic]
) -> dict[str, object]:
    """Both backends' figures, p-values of the differences, McNemar on stance and on exact theme sets."""
    table = {
        name: {
            "first": round(statistic(first), 4),
            "second": round(statistic(second), 4),
            "p": round(randomisation(first, second, statistic=statistic, rounds=500), 4),
        }
        for name, statistic in statistics.items()
    }
    exact = [[o.themes == o.gold.themes for o in found] for found in (first, second)]
    stance = [[o.stance_right for o in found] for found in (first, second)]
    return {
        "figures": table,
        "mcnemar_themes": dict(zip(("only_first", "only_second", "p"), mcnemar(*exact), strict=True)),
        "mcnemar_stance": dict(zip(("only_first", "only_second", "p"), mcnemar(*stance), strict=True)),
        "units": len(first),
    }
