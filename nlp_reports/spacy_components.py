"""Thin spaCy factories, no logic: sections, units, counts and themes on a ``Doc`` of any ``zh`` pipeline.

``spacy.blank("zh").add_pipe("nlp_reports_themes")`` works once the package is installed (entry points). Results are span groups
(``doc.spans``), whose labels name section, stance or item, and plain values in ``doc.user_data["nlp_reports"]``, so that a doc can be
sent between processes and stored in a DocBin. A span that does not fall on token borders is widened to them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from . import export
from .classify import Tagger, load_backend
from .counts import CountExtractor
from .parse import parse
from .schema import Block, Report
from .segment import Segmenter

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

SECTIONS, UNITS, COUNTS = "nlp_reports_sections", "nlp_reports_units", "nlp_reports_counts"


@lru_cache(maxsize=4)
def _segmented(text: str) -> Report:
    blocks, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Block("paragraph", at, at + len(line)))
        at += len(line) + 1
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Segmenter()(parse(Report(digest[:16], "", digest, text, tuple(blocks))))


@lru_cache(maxsize=2)
def _tagger(model: str | None) -> Tagger:
    return Tagger(load_backend(model))


def _group(doc: Doc, name: str, spans: Iterable[tuple[int, int, str]]) -> None:
    found = (
        doc.char_span(start, end, label=label, alignment_mode="expand") for start, end, label in spans if end > start
    )
    doc.spans[name] = [span for span in found if span is not None]


def _keep(doc: Doc, report: Report, table: str) -> None:
    store: dict[str, Any] = doc.user_data.setdefault("nlp_reports", {})
    store[table] = export.rows(report)[table]


def sections_component(nlp: Language, name: str) -> Any:
    """``nlp_reports_sections``: span group ``nlp_reports_sections``, labelled with the section ids."""

    def component(doc: Doc) -> Doc:
        report = _segmented(doc.text)
        _group(doc, SECTIONS, ((s.start, s.end, s.section) for s in report.sections))
        _keep(doc, report, "sections")
        return doc

    return component


def sentences_component(nlp: Language, name: str) -> Any:
    """``nlp_reports_sentences``: span group ``nlp_reports_units``, labelled ``heading`` or ``sentence``."""

    def component(doc: Doc) -> Doc:
        report = _segmented(doc.text)
        _group(doc, UNITS, ((s.start, s.end, s.kind) for s in report.sentences))
        _keep(doc, report, "sentences")
        return doc

    return component


def counts_component(nlp: Language, name: str, lexicon: str | None) -> Any:
    """``nlp_reports_counts``: span group ``nlp_reports_counts``, labelled with the item id (``count`` without one)."""
    from pathlib import Path

    extract = CountExtractor(lexicon=Path(lexicon) if lexicon else None)

    def component(doc: Doc) -> Doc:
        report = extract(_segmented(doc.text))
        _group(doc, COUNTS, ((c.start, c.end, c.item or "count") for c in report.counts))
        _keep(doc, report, "counts")
        return doc

    return component


def themes_component(nlp: Language, name: str, model: str | None) -> Any:
    """``nlp_reports_themes``: span group ``nlp_reports_units``, labelled with the stance; themes in ``user_data``."""
    tagger = _tagger(model)

    def component(doc: Doc) -> Doc:
        report = tagger(_segmented(doc.text))
        _group(doc, UNITS, ((s.start, s.end, s.stance or s.kind) for s in report.sentences))
        _keep(doc, report, "sentences")
        return doc

    return component


def register() -> None:
    """Register the factories; called by the entry points, once for each of them."""
    from spacy.language import Language

    for factory, make, config in (
        ("nlp_reports_sections", sections_component, {}),
        ("nlp_reports_sentences", sentences_component, {}),
        ("nlp_reports_counts", counts_component, {"lexicon": None}),
        ("nlp_reports_themes", themes_component, {"model": None}),
    ):
        if not Language.has_factory(factory):
            Language.factory(factory, func=make, default_config=config)


register()
