"""The spaCy backend: one ``textcat_multilabel`` over characters, for themes and stances, from one config.

spaCy's exclusive ``textcat`` reads every category of a doc as its own and cannot stand beside a second set of labels; so the
stances are labels like the themes, their scores are made to add to 1, and the highest one counts.

spaCy is imported here, when a model is loaded or trained, and nowhere else but in ``spacy_components``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import DataFileError, MissingExtra
from ..schema import Report
from .base import Tags
from .context import units_of
from .prompt import contextual

CONFIG = Path(__file__).parent / "data" / "spacy.cfg"


def require_spacy() -> Any:
    """Import spaCy, or say which command installs it."""
    try:
        import spacy
    except ImportError as error:
        raise MissingExtra("spacy", "spacy") from error
    return spacy


class SpacyBackend:
    """Tags with a trained spaCy pipeline; load one with :func:`nlp_reports.classify.load_backend`."""

    def __init__(self, *, nlp: Any, name: str, digest: str, themes: Sequence[str], stances: Sequence[str],
                 threshold: Mapping[str, float]) -> None:  # fmt: skip
        self.name, self.digest = name, digest
        self._nlp, self._themes, self._stances, self._threshold = nlp, tuple(themes), tuple(stances), dict(threshold)

    @classmethod
    def load(cls, folder: Path, config: Mapping[str, Any]) -> SpacyBackend:
        """Build the backend from a folder whose digest has been checked.

        Raises:
            DataFileError: NR302, when spaCy cannot load it.
        """
        spacy = require_spacy()
        try:
            nlp = spacy.load(folder / "nlp")
        except (OSError, ValueError) as error:
            raise DataFileError("NR302", path=str(folder), detail=str(error).splitlines()[0]) from error
        return cls(
            nlp=nlp, name=f"spacy-{config['digest'][:8]}", digest=config["digest"], themes=config["themes"],
            stances=config["stances"], threshold=config["threshold"],
        )  # fmt: skip

    def classify(self, report: Report) -> list[Tags]:
        """One :class:`Tags` a sentence, in order; headings get empty ones."""
        units = units_of(report.sentences)
        texts = [contextual(u) for u in units if u.kind == "sentence"]
        docs = iter(self._nlp.pipe(texts, batch_size=64))
        return [Tags() if u.kind == "heading" else self._tags(next(docs).cats) for u in units]

    def _tags(self, cats: Mapping[str, float]) -> Tags:
        themes = {t: float(cats.get(t, 0.0)) for t in self._themes}
        stances = {s: float(cats.get(s, 0.0)) for s in self._stances}
        total = sum(stances.values()) or 1.0
        stances = {s: p / total for s, p in stances.items()}
        stance = max(self._stances, key=lambda s: stances[s])
        chosen = tuple(t for t, p in themes.items() if p >= self._threshold.get(t, 0.5))
        return Tags(chosen, {t: p for t, p in themes.items() if p >= 0.01}, stance, stances)
