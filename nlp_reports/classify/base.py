"""The one protocol that all backends follow, and the stage that applies a backend to a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from ..schema import Report


@dataclass(frozen=True, slots=True)
class Tags:
    """What a backend says of one unit.

    ``theme_scores`` and ``stance_scores`` hold probabilities (0 to 1) by id; ``themes`` those over their thresholds, in
    taxonomy order; ``explanation`` the cues, as ``(tag, cue, start, end)`` with offsets into ``Report.text``.
    """

    themes: tuple[str, ...] = ()
    theme_scores: Mapping[str, float] = field(default_factory=dict)
    stance: str = ""
    stance_scores: Mapping[str, float] = field(default_factory=dict)
    explanation: tuple[tuple[str, str, int, int], ...] = ()


class Backend(Protocol):
    """Tags the units of a report; one :class:`Tags` a sentence, in order, empty ones for headings."""

    name: str
    digest: str

    def classify(self, report: Report) -> list[Tags]: ...


class Tagger:
    """The classify stage: fills themes, stance, scores and explanation of every sentence."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend

    def __call__(self, report: Report) -> Report:
        tags = self.backend.classify(report)
        sentences = tuple(
            replace(
                sentence,
                themes=tag.themes,
                theme_scores={k: round(v, 4) for k, v in tag.theme_scores.items()},
                stance=tag.stance,
                stance_scores={k: round(v, 4) for k, v in tag.stance_scores.items()},
                model=self.backend.name if sentence.kind == "sentence" else "",
                explanation=tag.explanation,
            )
            for sentence, tag in zip(report.sentences, tags, strict=True)
        )
        return report.replace(sentences=sentences)
