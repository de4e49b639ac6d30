"""Synthetic reports with truth: a described report, in any layout and format, with contradictions planted on request.

The same description and seed give the same bytes. The truth beside them holds what a reader must find (agency, year,
cells, sentences, counts) and what a checker must find (the planted contradictions).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from ..errors import DataFileError
from ..template.load import statute
from .compose import Composition, compose
from .layouts import LAYOUTS, convert
from .ledger import Ledger, make_ledger
from .render import FORMATS, render
from .slips import SLIPS, Planted, plant

__all__ = ["FORMATS", "LAYOUTS", "SLIPS", "Composition", "Ledger", "compose", "generate", "make_ledger", "truth_of"]

_KEYS = {"agency", "self", "year", "template", "size", "cells", "title", "script"}


def generate(
    spec: Mapping[str, Any] | None = None,
    *,
    layout: str = "C",
    fmt: str = "text",
    errors: Iterable[str] = (),
    seed: int = 0,
) -> tuple[bytes, dict[str, Any]]:
    """A composed report and the truth about it.

    Args:
        spec: what is fixed; the rest is drawn. ``agency`` and what it calls itself (``self``), ``year``, ``template``
            (``f2021``, ``f2019``), ``size`` of the numbers (``none``, ``small``, ``medium``, ``large``), ``title``,
            ``cells`` (id → number, ``None`` for an empty cell), ``script`` (``hans``, ``hant``).
        layout: how tables look in plain text, ``A``–``L``.
        fmt: ``text``, ``html``, ``docx`` or ``pdf`` (the last needs LibreOffice).
        errors: contradictions to plant, keys of :data:`SLIPS`; one that finds no place in this report is left out.
        seed: the source of chance.

    Returns:
        the bytes, and a mapping with ``agency year template title cells sentences counts errors``. Cell values are
        strings as printed, ``None`` for empty ones; counts stand in ``sentences[i]["text"][start:end]``.

    Raises:
        DataFileError: NR301, an unknown key, template, size, cell or error name.
        ValueError: an unknown layout or format.

    Example:
        >>> data, truth = generate({"year": 2022, "size": "small"}, errors=["total_displaced"], seed=3)
        >>> truth["year"], [e["slip"] for e in truth["errors"]], len(truth["cells"])
        (2022, ['total_displaced'], 200)
    """
    composition, planted = described(spec or {}, errors=errors, seed=seed)
    return render(composition, layout=layout, fmt=fmt), truth_of(composition, planted)


def described(
    spec: Mapping[str, Any], *, errors: Iterable[str] = (), seed: int = 0
) -> tuple[Composition, list[Planted]]:
    """The composition that :func:`generate` renders, and what was planted in it."""
    names = list(errors)
    _check(spec, names)
    rng = random.Random(seed)  # noqa: S311 - chance that can be repeated, not secrecy
    cells = {c: None if v is None else Decimal(str(v)) for c, v in dict(spec.get("cells", {})).items()}
    ledger = make_ledger(rng, template=spec.get("template", "f2021"), size=spec.get("size", "medium"), cells=cells)
    composition = compose(
        rng,
        ledger,
        agency=spec.get("agency", ""),
        own_name=spec.get("self", ""),
        year=int(spec.get("year", 2023 if ledger.template == "f2021" else 2020)),
        title=spec.get("title", ""),
    )
    planted = plant(composition, names, rng)
    if spec.get("script", "hans") == "hant":
        composition = in_traditional(composition)
    return composition, planted


def in_traditional(composition: Composition) -> Composition:
    """The composition in traditional letters, converted one by one so that every offset stays."""

    def turn(text: str) -> str:
        return "".join(other if len(other := convert(char, "hant")) == 1 else char for char in text)

    for name, paragraphs in composition.sections.items():
        composition.sections[name] = [
            [replace(s, text=turn(s.text), told=tuple(replace(t, label=turn(t.label)) for t in s.told)) for s in p]
            for p in paragraphs
        ]
    composition.titles = {name: turn(title) for name, title in composition.titles.items()}
    composition.title, composition.preamble = turn(composition.title), turn(composition.preamble)
    composition.agency, composition.script = turn(composition.agency), "hant"
    return composition


def _check(spec: Mapping[str, Any], names: list[str]) -> None:
    def fail(what: str) -> DataFileError:
        return DataFileError("NR301", detail=f"synth: {what}")

    for key in spec:
        if key not in _KEYS:
            raise fail(f"unknown key `{key}`; known are {', '.join(sorted(_KEYS))}")
    if spec.get("template", "f2021") not in ("f2021", "f2019"):
        raise fail("template must be f2021 or f2019")
    if spec.get("size", "medium") not in ("none", "small", "medium", "large"):
        raise fail("size must be none, small, medium or large")
    if spec.get("script", "hans") not in ("hans", "hant"):
        raise fail("script must be hans or hant")
    known = {c.cell_id for c in statute().cells(spec.get("template", "f2021"))}
    for cell in dict(spec.get("cells", {})):
        if cell not in known:
            raise fail(f"there is no cell `{cell}` in this form")
    for name in names:
        if name not in SLIPS:
            raise fail(f"there is no error `{name}`; known are {', '.join(SLIPS)}")


def truth_of(composition: Composition, planted: Iterable[Planted] = ()) -> dict[str, Any]:
    """What is true of a composition, as plain values."""
    report = composition.report()
    order = {c.count_id: n for n, c in enumerate(report.counts)}
    starts = {s.sentence_id: s.start for s in report.sentences}
    counts = []
    for c in report.counts:
        offset = starts[c.sentence_id]
        entry = {
            "sentence": c.sentence_id,
            "start": c.number_start - offset,
            "end": c.number_end - offset,
            "value": str(c.value),
            "unit": c.unit,
            "label": c.label,
            "item": c.item,
            "kind": c.kind,
            "negated_zero": c.negated_zero,
            "part_of": order.get(c.part_of) if c.part_of else None,
        }
        counts.append(entry)
    return {
        "title": composition.title,
        "agency": composition.agency,
        "year": composition.year,
        "template": composition.template,
        "cells": {c.cell_id: c.raw if c.status == "ok" else None for c in report.cells},
        "sentences": [
            {"id": s.sentence_id, "section": s.section, "kind": s.kind, "text": s.text} for s in report.sentences
        ],
        "counts": counts,
        "errors": [asdict(p) for p in planted],
    }
