"""From blocks to structure: metadata, sections with their paragraphs, statutory cells.

Reading order: :mod:`.lines` (blocks as lines), :mod:`.split`, :mod:`.headings`, :mod:`.zones` (which lines are tables),
:mod:`.rows` and :mod:`.fit` (labelled rows), :mod:`.tables` (cells), :mod:`.sections`, :mod:`.metadata`.
"""

from __future__ import annotations

from .stage import parse

__all__ = ["parse"]
