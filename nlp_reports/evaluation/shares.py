"""Shares of themes and stances over many reports, corrected for what a classifier gets wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..schema import Report
from .prevalence import Share, corrected_share
from .scores import Outcome


@dataclass(frozen=True, slots=True)
class TagShare:
    """The share of the units that carry a tag, as tagged and corrected; ``kind`` is ``theme`` or ``stance``."""

    kind: str
    tag: str
    tagged: int
    units: int
    share: Share


def tag_shares(reports: Iterable[Report], found: Sequence[Outcome], *, seed: int = 0) -> list[TagShare]:
    """Corrected shares of every theme and stance (see :func:`~.prevalence.corrected_share`).

    Args:
        reports: tagged reports.
        found: outcomes of the same classifier on labelled units, which give its sensitivity and specificity. They should be
            units of the same kind of report and not have been trained on; correction is no better than they are like.
        seed: of the resampling.
    """
    tagged: Counter[tuple[str, str]] = Counter()
    units = 0
    for report in reports:
        for sentence in report.sentences:
            if sentence.kind == "sentence":
                units += 1
                tagged.update(("theme", theme) for theme in sentence.themes)
                tagged["stance", sentence.stance] += 1
    themes = sorted({t for o in found for t in o.gold.themes} | {tag for kind, tag in tagged if kind == "theme"})
    stances = sorted({o.gold.stances[0] for o in found} | {tag for kind, tag in tagged if kind == "stance" and tag})
    result = []
    for kind, tags in (("theme", themes), ("stance", stances)):
        for tag in tags:
            # A unit that was cut wrongly was not judged, and an optional theme is neither right nor wrong.
            judged = (o for o in found if o.text and not (tag in o.gold.themes_optional and tag not in o.gold.themes))
            pairs = Counter(
                (tag in o.gold.themes, tag in o.themes)
                if kind == "theme"
                else (o.gold.stances[0] == tag, o.tags.stance == tag)
                for o in judged
            )
            share = corrected_share(
                tagged=tagged[kind, tag], units=units, tp=pairs[True, True], fn=pairs[True, False], fp=pairs[False, True],
                tn=pairs[False, False], seed=seed,
            )  # fmt: skip
            result.append(TagShare(kind, tag, tagged[kind, tag], units, share))
    return result
