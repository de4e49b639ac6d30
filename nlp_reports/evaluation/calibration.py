"""How far probabilities can be believed: expected calibration error, reliability bins, a plot without a plotting library.

References: Guo et al. 2017 (ECE); Niculescu-Mizil & Caruana 2005 (reliability diagrams).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions with a probability in [low, high): how many, their mean probability, how often they were right."""

    low: float
    high: float
    n: int
    predicted: float
    observed: float


def reliability(probabilities: Sequence[float], outcomes: Sequence[bool], *, bins: int = 10) -> list[Bin]:
    """Equal-width bins; empty ones are left out.

    Raises:
        ValueError: the two are of different length.
    """
    groups: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for p, y in zip(probabilities, outcomes, strict=True):
        groups[min(int(p * bins), bins - 1)].append((p, y))
    return [
        Bin(i / bins, (i + 1) / bins, len(g), sum(p for p, _ in g) / len(g), sum(y for _, y in g) / len(g))
        for i, g in enumerate(groups)
        if g
    ]


def expected_calibration_error(probabilities: Sequence[float], outcomes: Sequence[bool], *, bins: int = 10) -> float:
    """The mean gap between what was predicted and what was observed, weighted by the size of the bins.

    Example:
        >>> expected_calibration_error([0.9, 0.9, 0.1, 0.1], [True, True, False, False])
        0.1
    """
    found = reliability(probabilities, outcomes, bins=bins)
    total = sum(b.n for b in found)
    return round(sum(b.n * abs(b.predicted - b.observed) for b in found) / max(total, 1), 4)


def reliability_svg(found: Sequence[Bin], *, title: str, size: int = 320) -> str:
    """A reliability diagram as SVG: predicted against observed, the area of a dot its share of the predictions."""
    total = sum(b.n for b in found) or 1
    edge, span = 44, size - 64

    def at(x: float, y: float) -> tuple[float, float]:
        return round(edge + x * span, 1), round(size - edge - y * span, 1)

    dots = []
    for b in found:
        x, y = at(b.predicted, b.observed)
        radius = round(3 + 14 * (b.n / total) ** 0.5, 1)
        dots.append(f'<circle cx="{x}" cy="{y}" r="{radius}" fill="#2b6cb0" fill-opacity="0.55"/>')
    (x0, y0), (x1, y1) = at(0, 0), at(1, 1)
    ticks = []
    for t in (0.0, 0.5, 1.0):
        (tx, ty), (_, uy) = at(t, 0), at(0, t)
        ticks.append(f'<text x="{tx}" y="{ty + 16}" text-anchor="middle">{t:g}</text>')
        ticks.append(f'<text x="{x0 - 8}" y="{uy + 4}" text-anchor="end">{t:g}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}" '
        f'font-family="sans-serif" font-size="11" role="img"><title>{title}</title>'
        f'<rect width="{size}" height="{size}" fill="#fff"/>'
        f'<path d="M{x0} {y1}V{y0}H{x1}" fill="none" stroke="#444"/>'
        f'<path d="M{x0} {y0}L{x1} {y1}" stroke="#999" stroke-dasharray="4 4"/>'
        f"{''.join(dots)}{''.join(ticks)}"
        f'<text x="{size / 2}" y="{size - 8}" text-anchor="middle">predicted probability</text>'
        f'<text x="12" y="{size / 2}" text-anchor="middle" transform="rotate(-90 12 {size / 2})">observed share</text>'
        f'<text x="{size / 2}" y="16" text-anchor="middle" font-size="12">{title}</text></svg>\n'
    )
