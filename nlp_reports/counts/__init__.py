"""Units into counts: numbers that say how many of something, with label, unit, kind, bound, total and item.

``scan`` finds numerals with units, ``labels`` what is counted, ``meaning`` kind and bound, ``zero`` zero in words,
``links`` parts and totals; ``lexicon`` reads the data files. Rules are codebook sections 4 and 6.
"""

from __future__ import annotations

from pathlib import Path

from ..schema import Report
from .extract import Extractor, extract
from .lexicon import load_lexicon

__all__ = ["CountExtractor", "extract", "load_lexicon"]


class CountExtractor:
    """Fill ``report.counts`` from ``report.sentences``.

    Offsets are code points into ``report.text``; ids are ``c0001`` … in document order. Headings hold no counts.

    Args:
        lexicon: a YAML file of the user's own items, units and look-alikes, read before the bundled ones.

    Raises:
        DataFileError: (NR301) the file is not a lexicon; names the line.
    """

    def __init__(self, *, lexicon: Path | None = None) -> None:
        self._extractor = Extractor(load_lexicon(Path(lexicon) if lexicon is not None else None))

    def __call__(self, report: Report) -> Report:
        """Return ``report`` with its counts."""
        return report.replace(counts=tuple(self._extractor.counts(report.text, report.sentences)))
