"""Two reports side by side: which sentences are kept, changed, new or gone, and which cells differ."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher

from ..schema import Report, Sentence
from ..template.rules import load_rules
from ..text.normalize import compact
from ..text.tokenize import words
from .assets import page
from .page import plain_number

LIKE = 0.6


@dataclass(frozen=True, slots=True)
class PairView:
    """Sentences that stand beside each other; ``likeness`` is 1 for the same wording, 0 where one is missing."""

    left: Sentence | None
    right: Sentence | None
    likeness: float
    left_marks: tuple[tuple[str, bool], ...] = ()
    right_marks: tuple[tuple[str, bool], ...] = ()


def pair_sentences(left: Report, right: Report) -> list[PairView]:
    """Align the sentences of two reports, section by section, by the share of words that they have in common.

    Copied text across years is what readers look for: equal wording first, then the most alike of what is left.
    """
    pairs: list[PairView] = []
    order = list(dict.fromkeys(s.section for s in (*left.sentences, *right.sentences)))
    for section in order:
        a = [s for s in left.sentences if s.section == section and s.kind == "sentence"]
        b = [s for s in right.sentences if s.section == section and s.kind == "sentence"]
        pairs += _pair(a, b)
    return pairs


def _pair(a: list[Sentence], b: list[Sentence]) -> list[PairView]:
    bags = {id(s): frozenset(words(compact(s.text))) for s in (*a, *b)}
    scored = []
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            union = len(bags[id(x)] | bags[id(y)])
            like = len(bags[id(x)] & bags[id(y)]) / union if union else 1.0
            if like >= LIKE:
                scored.append((-like, abs(i - j), i, j))
    match: dict[int, tuple[int, float]] = {}
    taken: set[int] = set()
    for score, _, i, j in sorted(scored):
        if i not in match and j not in taken:
            match[i] = (j, -score)
            taken.add(j)
    views: list[PairView] = []
    position = 0
    for i, x in enumerate(a):
        if i not in match:
            views.append(PairView(x, None, 0.0))
            continue
        j, like = match[i]
        while position < j:
            if position not in taken:
                views.append(PairView(None, b[position], 0.0))
            position += 1
        position = max(position, j + 1)
        views.append(_view(x, b[j], like))
    return views + [PairView(None, y, 0.0) for j, y in enumerate(b[position:], position) if j not in taken]


def _view(x: Sentence, y: Sentence, like: float) -> PairView:
    if compact(x.text) == compact(y.text):
        return PairView(x, y, 1.0)
    first, second = words(x.text), words(y.text)
    left: list[tuple[str, bool]] = []
    right: list[tuple[str, bool]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if i2 > i1:
            left.append(("".join(first[i1:i2]), tag != "equal"))
        if j2 > j1:
            right.append(("".join(second[j1:j2]), tag != "equal"))
    return PairView(x, y, min(like, 0.99), tuple(left), tuple(right))


def changed_cells(left: Report, right: Report) -> list[tuple[str, Decimal | None, Decimal | None]]:
    """``(name, left, right)`` of statutory cells that both forms have and whose values differ."""
    values = {c.cell_id: c.value for c in right.cells}
    rules = load_rules()
    return [
        (rules.cell_name(c.cell_id), c.value, values[c.cell_id])
        for c in left.cells
        if c.cell_id in values and c.value != values[c.cell_id]
    ]


def diff_page(left: Report, right: Report) -> str:
    """Two reports side by side as one self-contained HTML page, with the share of copied sentences."""
    pairs = pair_sentences(left, right)
    both = sum(len(r.sentences and [s for s in r.sentences if s.kind == "sentence"]) for r in (right,))
    same = sum(p.likeness == 1.0 for p in pairs)
    return page(
        "diff.html.j2",
        left=left,
        right=right,
        pairs=pairs,
        cells=changed_cells(left, right),
        number=plain_number,
        same=same,
        alike=sum(0 < p.likeness < 1 for p in pairs),
        share=same / both if both else 0.0,
    )
