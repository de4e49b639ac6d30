"""How alike the texts of a corpus are: near-duplicates across writers, type/token ratio.

Two units are near-duplicates when the Jaccard index of their character 5-grams is at least 0.5. Candidates are found through an index
of 5-grams and the index is then computed exactly (MinHash, Broder 1997, estimates it where that is too slow). Units with the same
5-grams are looked at once; a 5-gram that more than 1,000 different units hold finds no candidates.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..text.normalize import compact
from ..text.tokenize import words

Record = Mapping[str, Any]
_GRAM = 5
# A 5-gram that more units hold than this is formula (政府信息公开): it finds no pair, but counts in the index itself.
_COMMON = 1_000


@dataclass(frozen=True, slots=True)
class Pair:
    """Two units of different writers and the Jaccard index of their 5-grams."""

    first: str
    second: str
    jaccard: float
    text: str
    other: str


def shingles(text: str) -> frozenset[str]:
    """The character 5-grams of the folded text without blanks.

    Example:
        >>> sorted(shingles("公开信息条例。"))
        ['信息条例。', '公开信息条', '开信息条例']
    """
    plain = compact(text)
    return frozenset(plain[i : i + _GRAM] for i in range(len(plain) - _GRAM + 1))


def near_duplicates(records: Iterable[Record], *, threshold: float = 0.5) -> list[Pair]:
    """Pairs of labelled units of different writers that are alike, the most alike first."""
    units: list[tuple[str, str, str, frozenset[str]]] = []
    for record in records:
        for unit in record["units"]:
            if unit["kind"] == "sentence":
                units.append((record["writer"], record["id"], unit["text"], shingles(unit["text"])))
    index: dict[str, list[int]] = defaultdict(list)
    for number, (*_, grams) in enumerate(units):
        for gram in grams:
            index[gram].append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in index.values():
        if len(numbers) <= _COMMON:
            for at, a in enumerate(numbers):
                for b in numbers[at + 1 :]:
                    if units[a][0] != units[b][0]:
                        shared[a, b] += 1
    pairs = []
    for (a, b), common in shared.items():
        first, second = units[a][3], units[b][3]
        if 2 * common * (1 + threshold) < threshold * (len(first) + len(second)):
            continue  # even if a few common 5-grams were left out of the count, it is too little
        jaccard = len(first & second) / len(first | second)
        if jaccard >= threshold:
            pairs.append(Pair(units[a][1], units[b][1], round(jaccard, 4), units[a][2], units[b][2]))
    return sorted(pairs, key=lambda p: (-p.jaccard, p.first, p.second, p.text))


def likeness(records: Iterable[Record], *, threshold: float = 0.5) -> dict[str, Any]:
    """Figures for a data statement.

    Returns:
        ``near_duplicate_units`` and ``near_duplicate_rate`` (units with a near-duplicate by another writer, of all units),
        ``types``, ``tokens`` and ``type_token_ratio`` over words, and the same ratio over the first 10,000 words of each
        writer (``by_writer``), since the plain ratio falls with length.
    """
    records = list(records)
    pairs = near_duplicates(records, threshold=threshold)
    alike = {(p.first, p.text) for p in pairs} | {(p.second, p.other) for p in pairs}
    units = sum(u["kind"] == "sentence" for r in records for u in r["units"])
    tokens: Counter[str] = Counter()
    by_writer: dict[str, list[str]] = defaultdict(list)
    for record in records:
        for unit in record["units"]:
            found = [w for w in words(unit["text"]) if w.strip() and not w.isdigit()]
            tokens.update(found)
            by_writer[record["writer"]] += found
    total = sum(tokens.values())
    return {
        "near_duplicate_units": len(alike),
        "near_duplicate_rate": round(len(alike) / max(units, 1), 4),
        "types": len(tokens),
        "tokens": total,
        "type_token_ratio": round(len(tokens) / max(total, 1), 4),
        "by_writer": {
            writer: round(len(set(found[:10_000])) / max(len(found[:10_000]), 1), 4)
            for writer, found in sorted(by_writer.items())
        },
    }
