"""Themes and stances: one protocol, several backends.

``load_backend("rules")`` needs nothing; ``load_backend()`` takes the bundled linear model when there is one. Folders of
models are described in :mod:`nlp_reports.classify.persistence`.
"""

from __future__ import annotations

from pathlib import Path

from .base import Backend, Tagger, Tags

__all__ = ["Backend", "Tagger", "Tags", "load_backend"]


def load_backend(model: str | Path | None = None) -> Backend:
    """Load a backend.

    Args:
        model: ``rules``, the name of a bundled model, the path of a model folder, or ``None`` for the default: the
            bundled linear model when it is there, else the rules.

    Raises:
        DataFileError: NR302, when the model cannot be used.
    """
    from .persistence import bundled, load_folder
    from .rules import RulesBackend

    if model is None:
        folder = bundled("default")
        return load_folder(folder) if folder is not None else RulesBackend()
    if str(model) == "rules":
        return RulesBackend()
    folder = bundled(str(model))
    return load_folder(folder if folder is not None else Path(model))
