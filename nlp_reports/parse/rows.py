"""Table lines as labelled rows: a label, and the fields that stand beside it.

One walk serves grids and every flattened layout, because it goes by labels: text that is no value closes a row and
begins the next label; values, marks and blank fields belong to the label before them; a run of filling bars, the end of
a grid row or a line of its own ends the row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .lines import Line
from .values import BLANK, Value, read_value
from .vocabulary import Key, cue_pattern, explained, find_keys, looks_printed, squeeze

_ATOM = re.compile(r"\S+")
_GLUED = re.compile(
    r"(?P<before>[0-9][0-9,]*(?![0-9.,、]))?(?P<label>(?:[0-9]\.)?[^0-9]*[^0-9.,、])(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?)?"
)
_LOOSE_ROW = 5  # so many values on one line without a label are a row that lost it


@dataclass(frozen=True, slots=True)
class Slot:
    """One field beside a label: its slice, grid column and value."""

    start: int
    end: int
    col: int
    value: Value

    @property
    def filled(self) -> bool:
        """Whether anything is printed in it."""
        return self.value.kind != "blank"


@dataclass(slots=True)
class Row:
    """A label with its fields.

    ``key`` is the last row label before the values (``None`` without one), ``skipped`` the other row labels since the
    last values, ``label`` the compact text since then. ``loose``: the values stand on a line without any label.
    ``ended`` is the number of filling bars that closed the row, -1 when none did. For rows that are one line,
    ``n_labels`` counts its label fields, ``label_col`` is the column of the last one and ``width`` its number of fields;
    ``header`` is where the words of the header row above it stand.
    """

    key: Key | None
    label: str
    skipped: tuple[Key, ...]
    slots: list[Slot]
    kind: str
    grid: int
    n_labels: int
    loose: bool = False
    ended: int = -1
    label_col: int = -1
    width: int = 0
    start: int = 0
    header: Mapping[str, int] = field(default_factory=dict)

    @property
    def filled(self) -> list[Slot]:
        """The fields that hold anything."""
        return [s for s in self.slots if s.filled]


@dataclass(slots=True)
class Walked:
    """What a walk over table lines met: rows, every label seen, and where the header words of grids stand."""

    rows: list[Row] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)
    headers: dict[int, dict[str, int]] = field(default_factory=dict)


class _Walk:
    def __init__(self) -> None:
        self.out = Walked()
        self.labels: list[str] = []
        self.slots: list[Slot] = []
        self.line: Line | None = None
        self.loose = False
        self.closed = True  # whether the last content has had its closing bar
        self.start = 0
        self.header: dict[str, int] = {}
        self.header_width = 0

    def text(self, content: str, at: int) -> None:
        if self.slots:
            self.close()
        words = squeeze(content)
        if self.labels and (cue := cue_pattern().search(words)) and cue.lastgroup == "t4":
            self.forget()  # table 4 begins: labels above it got no values
        if not self.labels:
            self.start = at
        self.labels.append(words)
        self.closed = False

    def forget(self) -> None:
        self.out.seen.update((k.table, k.row) for k in find_keys("".join(self.labels)))
        self.labels = []

    def value(self, slot: Slot, line: Line) -> None:
        if not self.slots:
            self.line = line
            if not self.labels:
                self.start = slot.start
        self.slots.append(slot)
        self.closed = False

    def close(self, *, ended: int = -1, n_labels: int = 0, label_col: int = -1, width: int = 0) -> None:
        if self.slots or (ended >= 0 and self.labels):
            label = "".join(self.labels)
            keys = find_keys(label)
            self.out.seen.update((k.table, k.row) for k in keys)
            key = keys[-1] if keys else None
            skipped = tuple(k for k in keys if key and k.row not in (key.row, "other_processing") and not k.is_group)
            kind, grid = (self.line.kind, self.line.grid) if self.line and self.slots else ("plain", -1)
            kind = "cell" if kind == "bar" else kind
            row = Row(
                key,
                label,
                skipped,
                self.slots,
                kind,
                grid,
                n_labels or len(self.labels),
                self.loose,
                ended,
                label_col,
                width,
            )
            row.start = self.start
            aligned = grid >= 0 or width == self.header_width
            row.header = self.header if width and aligned else {}
            if row.slots or key:
                self.out.rows.append(row)
            self.labels, self.slots = [], []
        self.loose = False
        self.closed = True

    def end(self) -> Walked:
        self.close()
        self.forget()
        return self.out


def atoms_of(line: Line) -> Iterator[tuple[str, int, int]]:
    """The blank-separated pieces of a plain line; numbers glued to either side of a printed label are cut off.

    ``2.属于`` after a number is ambiguous (``0`` and ``2.属于``, or ``02.``): it stays one piece.
    """
    for hit in _ATOM.finditer(line.text):
        atom, at = hit[0], line.start + hit.start()
        glued = _GLUED.fullmatch(atom)
        if not glued or not (glued["before"] or glued["number"]) or len(glued["label"]) < 2:
            yield atom, at, at + len(atom)
            continue
        label = squeeze(glued["label"])
        if explained(label) is None:
            yield atom, at, at + len(atom)
            continue
        for name in ("before", "label", "number"):
            if glued[name]:
                yield glued[name], at + glued.start(name), at + glued.end(name)


def _is_han_mark(atom: str) -> bool:
    return len(atom) == 1 and "\u4e00" <= atom <= "\u9fff"


def _plain_values(walk: _Walk, atoms: list[str]) -> list[Value]:
    """The atoms of a plain line as values.

    A Han mark for "none" counts only where a number could stand: alone after a value or a whole label, or in a row of
    numbers. Elsewhere it is a piece of a torn label (无 of 无法提供).
    """
    values = [read_value(a) for a in atoms]
    if len(atoms) == 1:
        above = "".join(walk.labels)
        cue = cue_pattern().search(above)
        expected = bool(walk.slots or find_keys(above) or (cue and cue.lastgroup == "t4"))
        return values if expected or not _is_han_mark(atoms[0]) else [Value("text")]
    row = sum(v.kind == "number" for v in values) >= _LOOSE_ROW - 2
    return [v if row or not _is_han_mark(a) else Value("text") for a, v in zip(atoms, values, strict=True)]


def _walk_plain(walk: _Walk, line: Line) -> None:
    atoms = list(atoms_of(line))
    values = _plain_values(walk, [a for a, _, _ in atoms])
    loose = len(atoms) >= _LOOSE_ROW and all(v.kind != "text" for v in values)
    if loose:
        if walk.slots:
            walk.close()
        walk.loose = True
    for (atom, start, end), value in zip(atoms, values, strict=True):
        if value.kind == "text":
            walk.text(atom, start)
        else:
            walk.value(Slot(start, end, -1, value), line)
    if loose or (len(walk.slots) >= _LOOSE_ROW and len(atoms) > len(walk.slots)):
        walk.close()  # a whole row on one line: nothing of the next line belongs to it


def _goes_on(line: Line, after: Line | None) -> bool:
    """Whether the values of a row go on cell by cell: a reader joined only its label and first value."""
    if line.kind != "row" or line.pad or after is None or after.kind != "cell":
        return False
    return read_value(after.fields[0].text).kind != "text"


def _walk_fields(walk: _Walk, line: Line, after: Line | None) -> None:
    """A line that holds a whole row: a grid row, or fields between bars."""
    walk.close()
    labels, label_col = 0, -1
    header = walk.out.headers.setdefault(line.grid, {})
    here: dict[str, int] = {}
    has_text = any(f.text and read_value(f.text).kind == "text" for f in line.fields)
    for f in line.fields:
        value = read_value(f.text)
        if value.kind == "text":
            text = squeeze(f.text)
            if walk.slots and not find_keys(text) and not looks_printed(text):
                walk.value(Slot(f.start, f.end, f.col, value), line)  # a remark where a number should be
                continue
            if walk.slots and labels:
                # A second label on the same line: two rows stand side by side.
                walk.close(ended=0, n_labels=labels, label_col=label_col, width=len(line.fields))
                labels = 0
            walk.text(f.text, f.start)
            header.setdefault(text, f.col)
            here.setdefault(text, f.col)
            labels, label_col = labels + 1, f.col
        elif value.kind != "blank" or labels or not has_text:
            walk.value(Slot(f.start, f.end, f.col, value), line)
    if not any(s.filled for s in walk.slots) and not find_keys("".join(walk.labels)):
        walk.slots = []  # a header row, or an empty one
        if here:
            walk.header, walk.header_width = here, len(line.fields)
        return
    if not walk.slots and not line.pad:
        return  # a label whose values stand on the next lines
    if _goes_on(line, after):
        walk.closed = True
        return
    walk.loose = not has_text
    walk.close(ended=line.pad, n_labels=labels, label_col=label_col, width=len(line.fields))


def _begins_row(lines: Sequence[Line], i: int) -> bool:
    """Whether the lone bar at ``i`` stands before a label, on a page that divides its cells by bars at their ends."""
    after = lines[i + 1] if i + 1 < len(lines) else None
    before = lines[i - 1] if i else None
    if after is None or after.kind != "cell" or (before is not None and before.kind == "plain"):
        return False
    return read_value(after.fields[0].text).kind == "text"


def _is_framed(lines: Sequence[Line]) -> bool:
    """Whether every row begins with a bar of its own: such a bar is no blank field."""
    labels = [i for i, x in enumerate(lines) if x.kind == "cell" and find_keys(squeeze(x.text)) and i]
    begun = sum(1 for i in labels if lines[i - 1].kind == "bar" and _begins_row(lines, i - 1))
    return begun * 3 > len(labels) * 2


def rows_of(lines: Sequence[Line]) -> Walked:
    """The labelled rows of consecutive table lines, in order, values without a label included."""
    walk = _Walk()
    framed = _is_framed(lines)
    for i, line in enumerate(lines):
        if line.kind in ("grid", "row"):
            _walk_fields(walk, line, lines[i + 1] if i + 1 < len(lines) else None)
        elif line.kind == "pad":
            walk.close(ended=line.pad)
        elif line.kind == "bar" and framed and _begins_row(lines, i):
            walk.close()
        elif line.kind == "bar" and framed and not walk.slots and not find_keys("".join(walk.labels)):
            walk.closed = True  # the row of values without a label begins
        elif line.kind == "bar":
            if walk.closed and (walk.slots or walk.labels):
                walk.value(Slot(line.start, line.start, -1, BLANK), line)
            walk.closed = True
        elif line.kind == "cell":
            content = line.fields[0]
            value = read_value(content.text)
            if value.kind == "text":
                walk.text(content.text, content.start)
            elif content.text or walk.slots or walk.labels:
                walk.value(Slot(content.start, content.end, -1, value), line)
            walk.closed = True
            if line.pad:
                walk.close(ended=line.pad)
        else:
            _walk_plain(walk, line)
    return walk.end()
