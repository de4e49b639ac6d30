"""Training the spaCy backend by its config file, on DocBins written for the run."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..classify.prompt import contextual
from ..classify.spacy_textcat import CONFIG, require_spacy
from ..classify.taxonomy import load_taxonomy
from ..corpus.dataset import corpus_digest
from .data import Progress, agency_folds, best_thresholds, examples, fold_metrics, optional, silent, targets
from .folder import write_model

_COLOUR = re.compile("\x1b\\[[0-9;]*m")


class _Lines(io.TextIOBase):
    """A stream that passes on what is written to it, line by line."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def write(self, text: str) -> int:
        for line in _COLOUR.sub("", text).splitlines():
            if line.strip():
                self._progress(line.rstrip())
        return len(text)


def train_spacy(
    corpora: Sequence[Path], *, out: Path, split: str | None = "train", seed: int = 0, config: Path | None = None,
    max_steps: int | None = None, taxonomy: Path | None = None, progress: Progress = silent,
) -> dict[str, Any]:  # fmt: skip
    """Train ``textcat_multilabel`` (themes and stances) by spaCy's own training loop and write the model folder.

    One fold of agencies is held out for early stopping, thresholds and metrics.

    Args:
        corpora: corpus files or folders.
        out: the folder to write.
        split: which split to use.
        seed: for the fold and for spaCy.
        config: a spaCy config of your own with the same component.
        max_steps: stop after so many steps whatever the config says.
        taxonomy: YAML that adds themes.
        progress: is told losses and scores as spaCy logs them.

    Returns:
        The metrics that are written to ``metrics.json``.

    Raises:
        MissingExtra: spaCy is not installed.
        DataFileError: NR301.
    """
    spacy = require_spacy()
    from spacy.tokens import DocBin
    from spacy.training.initialize import init_nlp
    from spacy.training.loop import train

    tax = load_taxonomy(taxonomy)
    data = examples(corpora, split=split)
    y, stance = targets(data.labels, tax.theme_ids, tax.stances)
    skip = optional(data.labels, tax.theme_ids)
    texts = [contextual(u) for u in data.units]
    folds = agency_folds(data.groups, 6, seed)
    dev = folds[0] if len(folds) > 1 else np.arange(len(texts))
    rest = np.setdiff1d(np.arange(len(texts)), dev) if len(folds) > 1 else dev
    blank = spacy.blank("zh")
    with tempfile.TemporaryDirectory() as scratch:
        paths = {}
        for name, rows in (("train", rest), ("dev", dev)):
            box = DocBin(store_user_data=False)
            for i in rows:
                doc = blank.make_doc(texts[i])
                # spaCy takes a category that is not there as unknown: a theme left open is neither right nor wrong.
                doc.cats = {t: float(y[i, k]) for k, t in enumerate(tax.theme_ids) if not skip[i, k]}
                doc.cats |= {s: float(stance[i] == k) for k, s in enumerate(tax.stances)}
                box.add(doc)
            paths[name] = str(Path(scratch) / f"{name}.spacy")
            box.to_disk(paths[name])
        settings = spacy.util.load_config(
            config or CONFIG, overrides={"paths.train": paths["train"], "paths.dev": paths["dev"], "system.seed": seed}
        )
        if max_steps is not None:
            settings["training"]["max_steps"] = max_steps
        settings["initialize"]["components"] = {
            "textcat_multilabel": {"labels": [*tax.theme_ids, *tax.stances]},
        }
        settings["training"]["logger"] = {"@loggers": "spacy.ConsoleLogger.v3", "console_output": True}
        nlp = init_nlp(settings)
        nlp, _ = train(nlp, None, use_gpu=-1, stdout=_Lines(progress))
    scores = [doc.cats for doc in nlp.pipe([texts[i] for i in dev], batch_size=128)]
    held = np.array([[c[t] for t in tax.theme_ids] for c in scores])
    stances = np.array([[c[s] for s in tax.stances] for c in scores])
    held[skip[dev]] = 0.0  # neither right nor wrong
    cut = best_thresholds(held, y[dev])
    threshold = dict(zip(tax.theme_ids, map(float, cut), strict=True))
    metrics = fold_metrics(held >= cut, y[dev], stances.argmax(1) == stance[dev], tax.theme_ids)
    metrics |= {"units": len(y), "reports": len(data.records)}
    record = {
        "backend": "spacy", "version": __version__, "themes": list(tax.theme_ids), "stances": list(tax.stances),
        "threshold": threshold, "spacy": spacy.__version__,
        "corpus": {"digest": corpus_digest(data.records), "split": split, "units": len(y), "reports": len(data.records)},
        "training": {"seed": seed},
    }  # fmt: skip
    write_model(out, config=record, metrics=metrics, fill=lambda folder: nlp.to_disk(folder / "nlp"))
    return metrics
