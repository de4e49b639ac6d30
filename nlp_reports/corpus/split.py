"""Splits that keep writers and agencies apart: what one split holds of either, no other does."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

Record = dict[str, Any]


#: Who is named as writer of sentences that came without one; it says nothing about who wrote them.
UNKNOWN_WRITER = "user"


def groups_of(records: Sequence[Mapping[str, Any]]) -> list[list[int]]:
    """Indices of records that must stay together: those that share a writer or an agency, directly or through others."""
    parent = list(range(len(records)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    first: dict[tuple[str, str], int] = {}
    for i, record in enumerate(records):
        for key in ("writer", "agency"):
            if record.get(key) and record[key] != UNKNOWN_WRITER:
                parent[root(i)] = root(first.setdefault((key, str(record[key])), i))
    found: dict[int, list[int]] = {}
    for i in range(len(records)):
        found.setdefault(root(i), []).append(i)
    return list(found.values())


def split_records(records: Sequence[Record], *, dev: float = 0.1, test: float = 0.2, seed: int = 0) -> list[Record]:
    """Copies of ``records`` with their split, about ``dev`` and ``test`` of the units in those.

    Args:
        records: corpus records; splits that they have are replaced.
        dev, test: shares of the labelled units.
        seed: orders the groups.

    Raises:
        ValueError: the shares are not of [0, 1) together, or the text falls into too few groups for a split that is wanted.

    Example:
        >>> records = [{"writer": w, "units": [{"kind": "sentence"}] * 10} for w in "abcdefghij"]
        >>> from collections import Counter
        >>> sorted(Counter(r["split"] for r in split_records(records)).items())
        [('dev', 1), ('test', 2), ('train', 7)]
    """
    if dev < 0 or test < 0 or dev + test >= 1:
        raise ValueError("dev and test must be shares that leave something to train on")
    groups = groups_of(records)
    random.Random(seed).shuffle(groups)  # noqa: S311 - chance that can be repeated
    sizes = [sum(u["kind"] == "sentence" for i in g for u in records[i]["units"]) for g in groups]
    wanted = {"test": test * sum(sizes), "dev": dev * sum(sizes)}
    split = ["train"] * len(records)
    for name, want in wanted.items():
        have = 0
        for group, size in zip(groups, sizes, strict=True):
            if split[group[0]] == "train" and have + size / 2 <= want:
                have += size
                for i in group:
                    split[i] = name
    for name, want in wanted.items():
        if want and name not in split:
            raise ValueError(f"only {len(groups)} groups of writers and agencies: none is left for {name}")
    return [{**record, "split": name} for record, name in zip(records, split, strict=True)]
