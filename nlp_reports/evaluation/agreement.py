"""Agreement of labellers: Cohen's κ a theme and on stance, Krippendorff's α over sets of themes.

References: Cohen 1960; Krippendorff 2004, with the MASI distance of Passonneau 2006 for sets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """Cohen's κ of two labellers; 1 when both always give the same single label.

    Example:
        >>> round(cohen_kappa("aabb", "aabc"), 3)
        0.6
    """
    n = len(first)
    if not n:
        return 1.0
    observed = sum(a == b for a, b in zip(first, second, strict=True)) / n
    left, right = Counter(first), Counter(second)
    expected = sum(left[x] * right[x] for x in left) / n**2
    return 1.0 if expected == 1 else (observed - expected) / (1 - expected)


def masi(first: frozenset[str], second: frozenset[str]) -> float:
    """MASI distance of two sets: 0 for equal, 1 for disjoint ones.

    Example:
        >>> masi(frozenset("ab"), frozenset("a")), masi(frozenset(), frozenset())
        (0.6666666666666667, 0.0)
    """
    if first == second:
        return 0.0
    both, either = first & second, first | second
    jaccard = len(both) / len(either)
    monotonic = 2 / 3 if first <= second or second <= first else 1 / 3 if both else 0.0
    return 1 - jaccard * monotonic


def krippendorff_alpha(pairs: Iterable[tuple[frozenset[str], frozenset[str]]]) -> float:
    """Krippendorff's α of two labellers over sets of themes, with the MASI distance."""
    units = list(pairs)
    if not units:
        return 1.0
    observed = sum(masi(a, b) for a, b in units) / len(units)
    values = Counter(v for pair in units for v in pair)
    n = sum(values.values())
    expected = sum(c * d * masi(a, b) for a, c in values.items() for b, d in values.items()) / (n * (n - 1))
    return 1.0 if expected == 0 else 1 - observed / expected


def agreement(
    first: Sequence[tuple[frozenset[str], str]], second: Sequence[tuple[frozenset[str], str]], *, themes: Sequence[str]
) -> dict[str, object]:
    """Agreement of two labellings of the same units, each a ``(themes, stance)``."""
    kappa = {t: cohen_kappa([t in a for a, _ in first], [t in b for b, _ in second]) for t in themes}
    support = {t: sum(t in a for a, _ in first) + sum(t in b for b, _ in second) for t in themes}
    return {
        "units": len(first),
        "kappa": {t: round(k, 4) for t, k in kappa.items() if support[t]},
        "alpha_masi": round(krippendorff_alpha((a, b) for (a, _), (b, _) in zip(first, second, strict=True)), 4),
        "stance_kappa": round(cohen_kappa([s for _, s in first], [s for _, s in second]), 4),
        "exact_themes": round(
            sum(a == b for (a, _), (b, _) in zip(first, second, strict=True)) / max(len(first), 1), 4
        ),
        "exact_stance": round(
            sum(a == b for (_, a), (_, b) in zip(first, second, strict=True)) / max(len(first), 1), 4
        ),
    }


def theme_agreement(first: Sequence[tuple[frozenset[str], str]], second: Sequence[tuple[frozenset[str], str]]) -> float:
    """Micro-F1 of the themes of two labellings; 1 when neither gives any.

    Example:
        >>> a, b = [(frozenset({"staffing", "training"}), "problem")], [(frozenset({"training"}), "problem")]
        >>> round(theme_agreement(a, b), 3)
        0.667
    """
    both = sum(len(a & b) for (a, _), (b, _) in zip(first, second, strict=True))
    given = sum(len(a) + len(b) for (a, _), (b, _) in zip(first, second, strict=True))
    return 2 * both / given if given else 1.0


def agreement_of_records(records: Iterable[Mapping[str, Any]]) -> dict[str, object]:
    """Agreement of first and second labels over the corpus units that have both (see ``nlp_reports.corpus.second``)."""
    pairs: list[tuple[tuple[frozenset[str], str], tuple[frozenset[str], str]]] = []
    decided = 0
    for record in records:
        for unit in record["units"]:
            given = unit.get("labels", ())
            if len(given) >= 2:
                a, b = ((frozenset(o["themes"]), str(o["stance"])) for o in given[:2])
                pairs.append((a, b))
                decided += bool(unit.get("adjudicated"))
    themes = sorted({t for a, b in pairs for t in a[0] | b[0]})
    found = agreement([a for a, _ in pairs], [b for _, b in pairs], themes=themes)
    both = sum(len(a[0] & b[0]) for a, b in pairs)
    either = sum(len(a[0]) + len(b[0]) for a, b in pairs)
    found["theme_micro_f1"] = round(2 * both / max(either, 1), 4)
    found["adjudicated"] = decided
    return found
