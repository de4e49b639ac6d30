"""What stands around a unit: heading path, lead-in, the head of its item, its neighbours.

A unit under the lead-in ``2022年存在问题改进情况：`` may hold no cue word at all; its context carries the stance, and a
generic unit under a themed heading takes the heading's theme (codebook 2, 3, 6).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..schema import Sentence
from ..text.normalize import fold

# No number of a report has more digits; a longer run is noise on which cues would search for ever. Offsets stay.
_RUN = re.compile(r"\d{25,}")


def _shorten(match: re.Match[str]) -> str:
    return match.group()[:20].ljust(len(match.group()))


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit with its context; all texts folded (simplified, half-width, same length as the surface).

    ``head`` is the first unit of the list item (or short first sentence of the paragraph) that this unit continues;
    ``lead_in`` the colon sentence that governs it; ``headings`` the headings above, outermost first, the section's own
    heading included.
    """

    text: str
    section: str
    kind: str
    start: int
    marker: str = ""
    level: int = 0
    headings: tuple[str, ...] = ()
    lead_in: str = ""
    head: str = ""
    previous: str = ""
    following: str = ""
    first: bool = True


def units_of(sentences: Sequence[Sentence]) -> list[Unit]:
    """Build the context of every sentence of a report, in order."""
    folded = [_RUN.sub(_shorten, fold(s.text)) for s in sentences]
    by_id = {s.sentence_id: i for i, s in enumerate(sentences)}
    units: list[Unit] = []
    head = -1
    title = ""
    for i, s in enumerate(sentences):
        before = sentences[i - 1] if i else None
        if before is None or before.section != s.section:
            title = folded[i] if s.kind == "heading" else ""
        same = before is not None and before.paragraph == s.paragraph and before.kind == "sentence"
        if s.kind == "heading" or s.marker or not same:
            head = i
        headings = tuple(fold(h) for h in s.heading_path)
        if title and (not headings or headings[0] != title) and s.kind != "heading":
            headings = (title, *headings)
        units.append(
            Unit(
                text=folded[i],
                section=s.section,
                kind=s.kind,
                start=s.start,
                marker=s.marker,
                level=s.level,
                headings=headings,
                lead_in=folded[by_id[s.lead_in]] if s.lead_in in by_id else "",
                head=folded[head] if head != i and _is_head(sentences[head]) else "",
                previous=folded[i - 1] if same else "",
                following=folded[i + 1]
                if i + 1 < len(sentences) and sentences[i + 1].paragraph == s.paragraph and s.kind == "sentence"
                else "",
                first=head == i,
            )
        )
    return units


def _is_head(sentence: Sentence) -> bool:
    """A unit speaks for what follows it in its paragraph when it is enumerated or as short as a title."""
    return bool(sentence.marker) or len(sentence.text) <= 25
