"""Which lines belong to the statutory tables, and which are prose.

Tables are found before sections are, by their printed words, so that a lost or renumbered heading loses no table and
the numerals of table 3 (``一、本年新收…``) are never taken for headings.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ..template import section_rules
from .lines import Line
from .rows import atoms_of
from .values import read_value
from .vocabulary import cue_pattern, find_keys, looks_printed, squeeze

_LONGEST = 400
_MANY = 10  # so many values in a row are a table without its words


def _values_and_text(line: Line) -> tuple[int, str]:
    """How many values stand on a line, and its remaining text, compact."""
    if line.kind in ("grid", "row", "cell"):
        parts = [f.text for f in line.fields]
    elif line.kind in ("bar", "pad"):
        return 0, ""
    else:
        parts = [atom for atom, _, _ in atoms_of(line)]
    texts = [p for p in parts if p and read_value(p).kind == "text"]
    return sum(1 for p in parts if p) - len(texts), squeeze("".join(texts))


def _strength(line: Line) -> int:
    """2: names a table beyond doubt; 1: may be part of one; 0: prose."""
    if len(line.text) > _LONGEST and line.kind == "plain":
        return 0
    values, text = _values_and_text(line)
    if not text:
        return 2 if values >= 5 else 1
    if line.kind == "plain" and not values and section_rules().not_headings.match(text):
        return 1  # a caption
    if line.kind == "plain" and values and text[-1:].isdigit():
        return 0
    bare = text.rstrip("0123456789,.")  # a number glued to its label
    keys = find_keys(bare)
    known = looks_printed(bare)
    if not known and not (keys and (values >= 5 or line.kind in ("grid", "row")) and len(text) <= 60):
        return 0
    if cue_pattern().search(bare) or any(k.table == "t3" and not k.is_group for k in keys):
        return 2
    return 2 if keys and values else 1


def table_lines(lines: Sequence[Line], stops: Collection[int]) -> list[bool]:
    """For each line whether it belongs to a statutory table; ``stops`` are the lines that are headings.

    A table is a run of lines that are values, marks, bars or printed words, with at least two that name a table beyond
    doubt, one with a value, or many values. A grid that names a table belongs to it as a whole.
    """
    strength = [0 if i in stops else _strength(line) for i, line in enumerate(lines)]
    named = {line.grid for line, s in zip(lines, strength, strict=True) if line.grid >= 0 and s == 2}
    for i, line in enumerate(lines):
        if line.grid in named and i not in stops and not strength[i]:
            strength[i] = 1
    inside = [False] * len(lines)
    i = 0
    while i < len(lines):
        if not strength[i]:
            i += 1
            continue
        j = i
        while j < len(lines) and strength[j]:
            j += 1
        strong = sum(1 for k in range(i, j) if strength[k] == 2)
        values = sum(_values_and_text(lines[k])[0] for k in range(i, j))
        if strong >= 2 or (strong and values) or values >= _MANY:
            inside[i:j] = [True] * (j - i)
        i = j
    return inside
