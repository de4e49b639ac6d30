"""Loading corpus records, and turning a record into the report that the pipeline would see."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import DataFileError
from ..parse import parse
from ..schema import Block, Report
from ..segment import Segmenter

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Labels:
    """Gold labels of one unit; ``themes_optional`` are neither right nor wrong, ``stances`` are all accepted ones."""

    themes: frozenset[str]
    stances: tuple[str, ...]
    themes_optional: frozenset[str] = frozenset()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelledReport:
    """A segmented report and, for each of its sentences, the gold labels (``None`` for headings and unlabelled units).

    ``missed`` are gold units that the segmenter did not cut out as they are labelled.
    """

    record: Record
    report: Report
    labels: tuple[Labels | None, ...]
    missed: tuple[Labels, ...]


def corpus_files(path: Path) -> list[Path]:
    """The JSONL files of a corpus: the file itself, or ``reports*.jsonl`` in a folder.

    Raises:
        DataFileError: NR301, when there is none.
    """
    if path.is_file():
        return [path]
    files = sorted(path.glob("reports*.jsonl"))
    if not files:
        raise DataFileError("NR301", path=str(path), detail="no corpus file (reports*.jsonl) is there")
    return files


def iter_records(path: Path, *, split: str | None = None) -> Iterator[Record]:
    """Read the records of a corpus, one report a line.

    Args:
        path: a JSONL file, or a folder that holds ``reports*.jsonl``.
        split: only records of this split, or of several joined by commas (``train,dev``); ``all`` or ``None`` for every
            record. A record without a split counts as ``train``.

    Raises:
        DataFileError: NR301 with file and line.
    """
    wanted = None if split in (None, "all") else set(str(split).split(","))
    for file in corpus_files(path):
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    record = json.loads(line)
                    if not isinstance(record, dict) or not isinstance(record["units"], list):
                        raise KeyError("units")
                    if not all(isinstance(record.get(key), str) for key in ("id", "writer", "text")):
                        raise KeyError("id, writer or text")
                except (ValueError, KeyError) as error:
                    detail = f"line {number}: not a corpus record ({type(error).__name__}: {error})"
                    raise DataFileError("NR301", path=str(file), detail=detail) from error
                if wanted is None or record.get("split", "train") in wanted:
                    yield record


def report_of(record: Record) -> Report:
    """The record's text as a parsed and segmented report; one paragraph block a line."""
    text = record["text"]
    blocks, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Block("paragraph", at, at + len(line)))
        at += len(line) + 1
    digest = hashlib.sha256(text.encode()).hexdigest()
    report = Report(digest[:16], str(record.get("id", "")), digest, text, tuple(blocks), format="text")
    return Segmenter()(parse(report))


def labelled(record: Record) -> LabelledReport:
    """Match the segmenter's units to the gold units of a record by their spans (white space at the ends ignored)."""
    report = report_of(record)
    gold: dict[tuple[int, int], Labels] = {}
    for unit in record["units"]:
        if unit["kind"] == "sentence":
            gold[_trim(report.text, unit["start"], unit["end"])] = Labels(
                frozenset(unit["themes"]),
                tuple([unit["stance"]] if isinstance(unit["stance"], str) else unit["stance"]),
                frozenset(unit.get("themes_optional", ())),
                tuple(unit.get("tags", ())),
            )
    labels: list[Labels | None] = []
    for sentence in report.sentences:
        key = _trim(report.text, sentence.start, sentence.end)
        labels.append(gold.pop(key, None) if sentence.kind == "sentence" else None)
    return LabelledReport(record, report, tuple(labels), tuple(gold.values()))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def corpus_digest(records: Sequence[Record]) -> str:
    """SHA-256 over ids, texts and labels of records, in order; what a model says that it was trained on."""
    digest = hashlib.sha256()
    for record in records:
        digest.update(
            json.dumps([record["id"], record["text"], record["units"]], ensure_ascii=False, sort_keys=True).encode()
        )
    return digest.hexdigest()
