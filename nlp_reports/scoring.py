"""Scores of units and counts against gold, with the errors listed by phenomenon (codebook sections 1 and 4).

Pure functions over rows: dictionaries with the columns of the tables ``sentences`` and ``counts``. Golden lines (a text
with its units or counts, as in ``tests/golden``) are turned into rows first. Values may be strings, numbers or decimals.

Reference: boundary F1 over the end offsets of units (white space ignored) and exact-span F1; for counts F1 of
detection over (number span, value), of reading over (number span, value, unit), label, kind, bound, F1 of ``part_of``.
"""

from __future__ import annotations

import html
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from .errors import DataFileError
from .text.normalize import compact

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One error: its kind (``missed``, ``spurious``, ``label`` …), the phenomenon, and what stood on either side."""

    kind: str
    phenomenon: str
    where: str
    gold: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Scores:
    """Figures by name (shares from 0 to 1), numbers they rest on, and all mistakes."""

    task: str
    figures: Mapping[str, float]
    support: Mapping[str, int]
    mistakes: tuple[Mistake, ...] = field(default=())

    def by_phenomenon(self) -> dict[str, int]:
        """How many mistakes each phenomenon has, most first."""
        return dict(Counter(m.phenomenon for m in self.mistakes).most_common())


def prf(hits: int, found: int, gold: int) -> tuple[float, float, float]:
    """Precision, recall and F1; all 1.0 when there was nothing to find and nothing was found.

    Example:
        >>> prf(3, 4, 6)
        (0.75, 0.5, 0.6)
    """
    if not found and not gold:
        return 1.0, 1.0, 1.0
    precision, recall = hits / found if found else 0.0, hits / gold if gold else 0.0
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


def score_segments(gold: Iterable[Row], found: Iterable[Row]) -> Scores:
    """Score units. Rows need ``report_id``, ``start``, ``end``, ``kind`` and ``text``; both over the same text.

    Example:
        >>> unit = {"report_id": "a", "start": 0, "end": 3, "kind": "sentence", "text": "公开。"}
        >>> score_segments([unit], [unit]).figures["boundary_f1"]
        1.0
    """
    left, right = _grouped(gold), _grouped(found)
    ends = spans = kinds = headings = heading_hits = n_left = n_right = 0
    mistakes: list[Mistake] = []
    for report in sorted(set(left) | set(right)):
        a = {(int(r["start"]), int(r["end"])): r for r in left.get(report, ())}
        b = {(int(r["start"]), int(r["end"])): r for r in right.get(report, ())}
        n_left, n_right = n_left + len(a), n_right + len(b)
        ends += len({e for _, e in a} & {e for _, e in b})
        both = set(a) & set(b)
        spans += len(both)
        for span in both:
            same = a[span]["kind"] == b[span]["kind"]
            kinds += same
            if not same:
                mistakes.append(_mistake("kind", a[span], b[span]))
        headings += sum(r["kind"] == "heading" for r in a.values())
        heading_hits += sum(a[s]["kind"] == b[s]["kind"] == "heading" for s in both)
        mistakes += [_mistake("missed", a[s], None) for s in sorted(set(a) - both)]
        mistakes += [_mistake("spurious", None, b[s]) for s in sorted(set(b) - both)]
    boundary, exact = prf(ends, n_right, n_left), prf(spans, n_right, n_left)
    figures = {
        "boundary_precision": boundary[0],
        "boundary_recall": boundary[1],
        "boundary_f1": boundary[2],
        "exact_precision": exact[0],
        "exact_recall": exact[1],
        "exact_f1": exact[2],
        "kind_accuracy": kinds / spans if spans else 1.0,
        "heading_recall": heading_hits / headings if headings else 1.0,
    }
    return Scores("segment", figures, {"gold_units": n_left, "found_units": n_right}, tuple(mistakes))


def score_counts(gold: Iterable[Row], found: Iterable[Row]) -> Scores:
    """Score counts. Rows need ``report_id``, ``value``, ``unit``, ``label``, ``kind``, ``bound``, ``count_id``, ``part_of``.

    Rows of one report are paired by number span, or in order by value, unit and zero when the gold has no spans.

    Example:
        >>> row = {"report_id": "a", "count_id": "c1", "value": "3", "unit": "条", "label": "信息", "number_start": 2,
        ...        "number_end": 3, "kind": "count", "bound": "exact", "part_of": None}
        >>> score_counts([row], [row]).figures["reading_f1"]
        1.0
    """
    left, right = _grouped(gold), _grouped(found)
    tally: Counter[str] = Counter()
    mistakes: list[Mistake] = []
    for report in sorted(set(left) | set(right)):
        a, b = list(left.get(report, ())), list(right.get(report, ()))
        tally["gold"] += len(a)
        tally["found"] += len(b)
        pairs = _pair(a, b)
        _compare(a, b, pairs, tally, mistakes)
    detection = prf(tally["detected"], tally["found"], tally["gold"])
    reading = prf(tally["read"], tally["found"], tally["gold"])
    links = prf(tally["links"], tally["found_links"], tally["gold_links"])
    n = tally["read"]
    figures = {
        "detection_precision": detection[0],
        "detection_recall": detection[1],
        "detection_f1": detection[2],
        "reading_f1": reading[2],
        "label": tally["label"] / n if n else 1.0,
        "kind": tally["kind"] / n if n else 1.0,
        "bound": tally["bound"] / n if n else 1.0,
        "part_of_precision": links[0],
        "part_of_recall": links[1],
        "part_of_f1": links[2],
    }
    support = {"gold_counts": tally["gold"], "found_counts": tally["found"], "gold_links": tally["gold_links"]}
    return Scores("counts", figures, support, tuple(mistakes))


def _grouped(rows: Iterable[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[str(row["report_id"])].append(row)
    return groups


def _mistake(kind: str, gold: Row | None, found: Row | None) -> Mistake:
    row = gold or found or {}
    return Mistake(kind, str(row.get("phenomenon") or kind), str(row["report_id"]), _shown(gold), _shown(found))


def _shown(row: Row | None) -> str:
    if row is None:
        return ""
    if "value" not in row:
        return f"[{row.get('kind')}] {row.get('text', '')}"
    parts = [str(row.get("label") or "—"), f"{row['value']}{row.get('unit') or ''}", str(row.get("kind", "count"))]
    parts += [str(row["bound"])] if row.get("bound") not in (None, "exact") else []
    parts += ["zero in words"] if row.get("negated_zero") else []
    parts += [f"part of {row['part_of']}"] if row.get("part_of") is not None else []
    return " · ".join(parts)


def _value(row: Row) -> Decimal | None:
    try:
        return Decimal(str(row["value"])).normalize()
    except (InvalidOperation, KeyError):
        return None


def _has_span(rows: Sequence[Row]) -> bool:
    return all(r.get("number_start") is not None and int(r["number_start"]) >= 0 for r in rows)


def _pair(a: Sequence[Row], b: Sequence[Row]) -> list[tuple[int, int]]:
    by_span = _has_span(a) and _has_span(b)

    def key(row: Row) -> tuple[Any, ...]:
        if by_span:
            return (int(row["number_start"]), int(row["number_end"]), _value(row), bool(row.get("negated_zero")))
        return (_value(row), compact(str(row.get("unit") or "")), bool(row.get("negated_zero")))

    waiting: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for j, row in enumerate(b):
        waiting[key(row)].append(j)
    pairs = []
    for i, row in enumerate(a):
        places = waiting.get(key(row))
        if places:
            same = next(
                (j for j in places if compact(str(b[j].get("label") or "")) == compact(str(row.get("label") or ""))),
                places[0],
            )
            places.remove(same)
            pairs.append((i, same))
    return pairs


def _compare(
    a: Sequence[Row], b: Sequence[Row], pairs: list[tuple[int, int]], tally: Counter[str], mistakes: list[Mistake]
) -> None:
    partner = dict(pairs)
    found_ids = {str(b[j].get("count_id")): str(a[i].get("count_id")) for i, j in pairs}
    tally["detected"] += len(pairs)
    tally["gold_links"] += sum(r.get("part_of") is not None for r in a)
    tally["found_links"] += sum(r.get("part_of") is not None for r in b)
    for i, j in pairs:
        gold, found = a[i], b[j]
        if compact(str(gold.get("unit") or "")) != compact(str(found.get("unit") or "")):
            mistakes.append(_mistake("unit", gold, found))
            continue
        tally["read"] += 1
        for name, right in (
            ("label", same_label(gold, found)),
            *((k, _same(gold, found, k)) for k in ("kind", "bound")),
        ):
            tally[name] += right
            if not right:
                mistakes.append(_mistake(name, gold, found))
        if gold.get("part_of") is not None or found.get("part_of") is not None:
            linked = found.get("part_of") is not None and found_ids.get(str(found["part_of"])) == str(
                gold.get("part_of")
            )
            tally["links"] += linked
            if not linked:
                mistakes.append(_mistake("part_of", gold, found))
    mistakes += [_mistake("missed", a[i], None) for i in range(len(a)) if i not in partner]
    taken = set(partner.values())
    mistakes += [_mistake("spurious", None, b[j]) for j in range(len(b)) if j not in taken]


def _same(gold: Row, found: Row, key: str) -> bool:
    default = {"kind": "count", "bound": "exact"}[key]
    return (gold.get(key) or default) == (found.get(key) or default)


def same_label(gold: Row, found: Row) -> bool:
    """Whether the labels are equal, or one contains the other (they share the head noun then)."""
    a, b = compact(str(gold.get("label") or "")), compact(str(found.get("label") or ""))
    return a == b or bool(a and b and (a in b or b in a))


def golden_rows(lines: Iterable[Row]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of ``sentences`` and of ``counts`` from golden lines; every line is a report of its own, its name the phenomenon.

    A line holds ``name`` and ``text`` and either ``units`` (``[text, kind]`` in order) or ``counts`` (with ``part_of`` an
    index in the list).
    """
    sentences: list[dict[str, Any]] = []
    counts: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        report = f"{number:04}"
        at = 0
        for text, kind in line.get("units", ()):
            start = line["text"].index(text, at)
            at = start + len(text)
            sentences.append(
                {"report_id": report, "phenomenon": line["name"], "start": start, "end": at, "kind": kind, "text": text}
            )
        for i, count in enumerate(line.get("counts", ())):
            row = {"kind": "count", "bound": "exact", "part_of": None, **count}
            row |= {"report_id": report, "phenomenon": line["name"], "count_id": str(i)}
            row["part_of"] = None if row["part_of"] is None else str(row["part_of"])
            counts.append(row)
    return sentences, counts


def read_rows(path: Path, table: str) -> list[dict[str, Any]]:
    """Read rows from a JSONL file, or from ``path/<table>.jsonl`` when ``path`` is an output folder.

    Raises:
        DataFileError: (NR301) the file is missing or a line is no JSON object.
    """
    file = path / f"{table}.jsonl" if path.is_dir() else path
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError("NR301", path=str(file), detail=f"the rows cannot be read ({error})") from error
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise DataFileError("NR301", path=str(file), detail=f"line {number}: {error.msg}") from error
        if not isinstance(row, dict):
            raise DataFileError("NR301", path=str(file), detail=f"line {number}: a row must be an object")
        rows.append(row)
    return rows


def tag_golden(lines: Sequence[Row], *, granularity: str = "item") -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What our own segmenter and extractor make of the texts of golden lines, as rows."""
    from .counts import extract
    from .segment import segment_text

    sentences: list[dict[str, Any]] = []
    counts: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        report = f"{number:04}"
        for unit in segment_text(line["text"], granularity=granularity):  # type: ignore[arg-type]
            sentences.append(
                {"report_id": report, "start": unit.start, "end": unit.end, "kind": unit.kind, "text": unit.text}
            )
        for c in extract(line["text"]):
            counts.append(
                {
                    "report_id": report,
                    "count_id": c.count_id,
                    "value": c.value,
                    "unit": c.unit,
                    "label": c.label,
                    "kind": c.kind,
                    "bound": c.bound,
                    "negated_zero": c.negated_zero,
                    "part_of": c.part_of,
                }
            )
    return sentences, counts


def evaluate(task: str, gold: Path, found: Path | None = None) -> Scores:
    """Score ``segment`` or ``counts``: files or output folders of rows; golden lines against our own work without ``found``.

    Raises:
        ValueError: for another task.
        DataFileError: (NR301) a file that cannot be read.
    """
    if task not in ("segment", "counts"):
        raise ValueError(f"task must be segment or counts, not {task!r}")
    table = "sentences" if task == "segment" else "counts"
    left = read_rows(gold, table)
    lines = [r for r in left if "units" in r or ("text" in r and isinstance(r.get("counts"), list))]
    if lines:
        left = golden_rows(lines)[task == "counts"]
    right = read_rows(found, table) if found is not None else tag_golden(lines)[task == "counts"]
    return score_segments(left, right) if task == "segment" else score_counts(left, right)


def as_text(scores: Scores, *, limit: int = 200) -> str:
    """The scores and the mistakes by phenomenon as plain text."""
    out = [f"{name:22} {value:.4f}" for name, value in scores.figures.items()]
    out += [f"{name:22} {value}" for name, value in scores.support.items()]
    for phenomenon, number in scores.by_phenomenon().items():
        out.append(f"\n{phenomenon} ({number})")
        out += [
            f"  {m.kind:9} {m.where}  gold: {m.gold or '—'}  found: {m.found or '—'}"
            for m in scores.mistakes[:limit]
            if m.phenomenon == phenomenon
        ]
    return "\n".join(out) + "\n"


def as_html(scores: Scores) -> str:
    """The same as one self-contained HTML page."""

    def cell(value: object) -> str:
        return f"<td>{html.escape(str(value))}</td>"

    figures = "".join(f"<tr>{cell(n)}{cell(f'{v:.4f}')}</tr>" for n, v in scores.figures.items())
    support = "".join(f"<tr>{cell(n)}{cell(v)}</tr>" for n, v in scores.support.items())
    blocks = "".join(
        f"<details open><summary>{html.escape(p)} ({n})</summary><table><tr><th>error<th>report<th>gold<th>found</tr>"
        + "".join(
            f"<tr>{cell(m.kind)}{cell(m.where)}{cell(m.gold)}{cell(m.found)}</tr>"
            for m in scores.mistakes
            if m.phenomenon == p
        )
        + "</table></details>"
        for p, n in scores.by_phenomenon().items()
    )
    style = "body{font:15px/1.5 sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.2rem .6rem;text-align:left}"
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{scores.task}</title><style>{style}</style>"
        f"<h1>{scores.task}</h1><table>{figures}{support}</table><h2>Errors by phenomenon</h2>{blocks or '<p>None.</p>'}</html>\n"
    )
