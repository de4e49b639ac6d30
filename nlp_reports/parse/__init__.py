"""From blocks to structure: metadata, sections with their paragraphs, statutory cells.

Reading order: :mod:`.lines` (blocks as lines), :mod:`.split`, :mod:`.headings`, :mod:`.zones` (which lines are tables),
:mod:`.rows` and :mod:`.fit` (labelled rows), :mod:`.tables` (cells), :mod:`.sections`, :mod:`.metadata`, :mod:`.annex` (2008–2018),
:mod:`.stage` (the order of all).
"""

from __future__ import annotations

from .annex import series_values
from .stage import parse

__all__ = ["parse", "series_values"]
