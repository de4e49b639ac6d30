"""What the printed words of the statutory tables look like: row labels, header words and torn pieces of both.

Everything here takes *compact* text: folded and without any blank.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ..template import RowSpec, statute
from ..template.wording import wording
from ..text.normalize import compact

_NOISE = re.compile(r"[\s|│┃¦]")
_LIMIT = 160


@lru_cache(maxsize=1)
def _equal() -> tuple[re.Pattern[str], dict[str, str]]:
    pairs = dict(wording().equal)
    return re.compile("|".join(map(re.escape, pairs))), pairs


def equate(folded: str) -> str:
    """Folded text with converted words brought back to those of the form, of the same length.

    Example:
        >>> equate("规范性档案")
        '规范性文件'
    """
    pattern, pairs = _equal()
    return pattern.sub(lambda hit: pairs[hit[0]], folded)


@lru_cache(maxsize=8192)
def squeeze(folded: str) -> str:
    """Folded text without blanks and bars, its words those of the form."""
    return equate(_NOISE.sub("", folded))


@dataclass(frozen=True, slots=True)
class Key:
    """A row (or group header) label found in compact text at ``start``–``end``."""

    table: str
    row: str
    start: int
    end: int
    is_group: bool = False


@lru_cache(maxsize=1)
def _keys() -> tuple[re.Pattern[str], tuple[tuple[str, str, bool], ...]]:
    targets: list[tuple[str, str, bool]] = []
    patterns: dict[tuple[str, str, bool], list[str]] = {}
    book = statute()
    for spec, group in [(r, False) for r in book.rows] + [(g, True) for g in book.groups]:
        if spec.match:
            # The two forms of table 2 share their row labels; which form it is, is decided for the whole report.
            target = ("t2" if spec.table.startswith("t2") else spec.table, spec.row_id, group)
            patterns.setdefault(target, []).extend(m for m in spec.match if m not in patterns.get(target, ()))
    parts = []
    for target, matches in patterns.items():
        parts.append(f"(?P<k{len(targets)}>{'|'.join(f'(?:{m})' for m in matches)})")
        targets.append(target)
    return re.compile("|".join(parts)), tuple(targets)


@lru_cache(maxsize=8192)
def find_keys(text: str) -> tuple[Key, ...]:
    """The row labels in compact text, in order.

    Example:
        >>> [k.row for k in find_keys("(三)不予公开1.属于国家秘密")]
        ['refused', 'refused_state_secret']
    """
    pattern, targets = _keys()
    found = []
    for hit in pattern.finditer(text):
        table, row, group = targets[int((hit.lastgroup or "k0")[1:])]
        found.append(Key(table, row, hit.start(), hit.end(), group))
    return tuple(found)


@lru_cache(maxsize=1)
def cue_pattern() -> re.Pattern[str]:
    """Header words that name a table; the group name is the table (``t2``, ``t3``, ``t4``)."""
    return re.compile("|".join(f"(?P<{t}>{'|'.join(f'(?:{p})' for p in ps)})" for t, ps in statute().cues.items()))


@lru_cache(maxsize=1)
def form_patterns() -> dict[str, re.Pattern[str]]:
    """For each form the header words that only it has."""
    return {form: re.compile("|".join(ps)) for form, ps in statute().forms.items()}


def _printed() -> list[str]:
    book = statute()
    words = [compact(w) for w in book.words]
    for row in (*book.rows, *book.groups):
        words.append(compact(row.enumerator + row.label))
        words += [compact(c.label) for c in row.cells]
    # Words of headers that are patterns in the data file are printed plainly there as column labels.
    return sorted(set(words), key=len, reverse=True)


@lru_cache(maxsize=1)
def pieces_of_print() -> frozenset[str]:
    """Every contiguous piece of every printed label and header word."""
    return frozenset(w[i:j] for w in _printed() for i in range(len(w)) for j in range(i + 1, len(w) + 1))


@lru_cache(maxsize=8192)
def explained(text: str) -> tuple[str, ...] | None:
    """Cut compact text into pieces of printed words, longest first; ``None`` when a character fits none.

    Example:
        >>> explained("自然人总计"), explained("今年开展培训")
        (('自然人', '总计'), None)
    """
    if len(text) > _LIMIT:
        return None
    known, longest = pieces_of_print(), 40
    pieces, at = [], 0
    while at < len(text):
        size = min(longest, len(text) - at)
        while size and text[at : at + size] not in known:
            size -= 1
        if not size:
            return None
        pieces.append(text[at : at + size])
        at += size
    return tuple(pieces)


def looks_printed(text: str) -> bool:
    """Whether compact text is a table label, a header, or a torn piece of some of them.

    Example:
        >>> looks_printed("理结计这一情形,不计其他情形)"), looks_printed("本年度无行政复议、行政诉讼")
        (True, False)
    """
    pieces = explained(text)
    if pieces is None:
        return False
    if len(pieces) <= 2:
        return True
    # A torn label is made of words; prose that happens to use the same characters falls into single ones.
    return min(map(len, pieces)) > 1


@lru_cache(maxsize=1)
def _labels() -> tuple[tuple[RowSpec, str], ...]:
    return tuple((r, compact(r.enumerator + r.label)) for r in statute().rows if r.table == "t3")


def _bigrams(text: str) -> frozenset[str]:
    return frozenset(a + b for a, b in pairwise(text))


@lru_cache(maxsize=1024)
def nearest_row(text: str) -> str:
    """The row of table 3 whose printed label a damaged label can only be; empty when it is near none or two.

    Example:
        >>> nearest_row("2.其他法律行政止公开"), nearest_row("备注")
        ('refused_law_forbids', '')
    """
    mine = _bigrams(text[:_LIMIT])
    if len(mine) < 3:
        return ""
    scores = sorted(
        ((len(mine & b) * 2 / (len(mine) + len(b)), r.row_id) for r, t in _labels() if (b := _bigrams(t))), reverse=True
    )
    (best, row), (second, _) = scores[0], scores[1]
    return row if best >= 0.6 and best - second >= 0.2 else ""


@lru_cache(maxsize=1024)
def completes(head: str, tail: str) -> bool:
    """Whether ``head`` ends with the first part of a printed row label that ``tail`` begins to complete."""
    for _, label in _labels():
        for size in range(4, len(label)):
            if head.endswith(label[:size]) and tail and label[size:].startswith(tail[: len(label) - size]):
                return True
    return False
