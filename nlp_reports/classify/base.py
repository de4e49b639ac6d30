"""The one protocol that all backends follow, and the stage that applies a backend to a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from ..schema import Report


@dataclass(frozen=True, slots=True)
class Tags:
    """What a backend says of one unit.

    ``theme_scores`` and ``stance_scores`` hold probabilities (0 to 1) by id; ``themes`` those that the
    backend gives (over their thresholds, or the likeliest of a statement that reaches none), in taxonomy order; ``explanation`` the cues, as ``(tag, cue, start, end)`` with offsets into ``Report.text``.
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
    """The classify stage: fills themes, stance, scores and explanation of every sentence.

    Args:
        backend: what tags.
        certainty: abstain where the backend is less sure than this probability: such themes are left out, such a stance
            stays empty. The scores are kept, so that nothing is lost. 0 abstains from nothing.

    Raises:
        ValueError: ``certainty`` is no probability.
    """

    def __init__(self, backend: Backend, *, certainty: float = 0.0) -> None:
        if not 0 <= certainty <= 1:
            raise ValueError(f"certainty must lie between 0 and 1, not {certainty}")
        self.backend, self.certainty = backend, certainty

    def __call__(self, report: Report) -> Report:
        tags = self.backend.classify(report)
        if self.certainty:
            tags = [abstain(tag, self.certainty) for tag in tags]
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


def abstain(tags: Tags, certainty: float) -> Tags:
    """``tags`` without what is less probable than ``certainty``.

    Example:
        >>> tags = Tags(("training", "staffing"), {"training": 0.9, "staffing": 0.5}, "problem", {"problem": 0.6})
        >>> abstain(tags, 0.8).themes, abstain(tags, 0.8).stance
        (('training',), '')
    """
    themes = tuple(t for t in tags.themes if tags.theme_scores.get(t, 0.0) >= certainty)
    stance = tags.stance if tags.stance_scores.get(tags.stance, 0.0) >= certainty else ""
    kept = {*themes, stance}
    explanation = tuple(line for line in tags.explanation if line[0] in kept)
    return replace(tags, themes=themes, stance=stance, explanation=explanation)
