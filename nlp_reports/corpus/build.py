"""From the notation to corpus records: text with offsets, gold units, counts and cells, all checked.

A record is one report, as one JSON line (schema: ``corpus/schema.json``). Every offset is a code point into
``record["text"]``; units tile their paragraphs but for white space.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..classify.taxonomy import load_taxonomy
from ..errors import DataFileError
from ..template.yamlfile import load_yaml
from .ledger import Ledger, table_lines
from .markup import MarkedReport, MarkedSection, MarkedUnit, markup_files, parse_markup
from .second import Second, agreed, read_second

Record = dict[str, Any]
_TABLE_OF = {"proactive_disclosure": ("t2", "t2_2019"), "requests": ("t3",), "review_litigation": ("t4",)}
_META = ("agency", "level", "region", "type", "layout", "sampling", "brief")


def build_folder(folder: Path) -> Iterator[Record]:
    """Build the records of all files of the notation under a folder, in the order of their paths.

    Raises:
        DataFileError: NR301 with file and line, for the first thing that does not hold.
    """
    taxonomy = load_taxonomy()
    themes, stances = frozenset(taxonomy.theme_ids), frozenset(taxonomy.stances)
    splits = read_splits(folder / "splits.yaml")
    seen: dict[str, Path] = {}
    for path in markup_files(folder):
        marked = parse_markup(path, themes=themes, stances=stances)
        name = marked.meta["id"]
        if name in seen:
            raise DataFileError("NR301", path=str(path), detail=f"line 1: id {name!r} is taken by {seen[name]}")
        seen[name] = path
        beside = path.with_suffix(".second")
        second = read_second(beside, marked, themes=themes, stances=stances) if beside.is_file() else None
        if splits and marked.meta["writer"] not in splits:
            where = folder / "splits.yaml"
            raise DataFileError("NR301", path=str(where), detail=f"writer {marked.meta['writer']!r} stands in no split")
        yield build_record(marked, second=second, split=splits.get(marked.meta["writer"], ""))


def build_record(marked: MarkedReport, *, second: Second | None = None, split: str = "") -> Record:
    """Assemble one record and check it: counts stand in their units, tables balance but for what is planted.

    Args:
        marked: the report as written.
        second: second labels and decisions, when there are any.
        split: the split of its writer, ``""`` for none.

    Raises:
        DataFileError: NR301 with file and line.
    """
    return _Builder(marked, second or Second(), split).record()


def read_splits(path: Path) -> dict[str, str]:
    """Which split each writer belongs to: a YAML file ``{train: [w01, …], dev: […], test: […]}``; none without the file.

    Raises:
        DataFileError: NR301 for an unknown split or a writer in two of them.
    """
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    data = load_yaml(path)
    if not isinstance(data, dict) or not all(isinstance(writers, list) for writers in data.values()):
        raise DataFileError("NR301", path=str(path), detail="expected a list of writers for each of train, dev, test")
    for split, writers in data.items():
        if split not in ("train", "dev", "test"):
            raise DataFileError("NR301", path=str(path), detail=f"unknown split {split!r}: train, dev or test")
        for writer in writers:
            if found.setdefault(str(writer), split) != split:
                raise DataFileError(
                    "NR301", path=str(path), detail=f"{writer} stands in {found[str(writer)]} and {split}"
                )
    return found


_ENUMERATOR = re.compile(r"[(（]?\d{1,2}[.．、)）](?!\d)")


class _Builder:
    def __init__(self, marked: MarkedReport, second: Second, split: str) -> None:
        self.marked, self.second, self.split = marked, second, split
        self.labelled = 0
        self.lines: list[str] = []
        self.length = 0
        self.units: list[Record] = []
        self.counts: list[Record] = []

    def _fail(self, line: int, what: str) -> DataFileError:
        return DataFileError("NR301", path=self.marked.path, detail=f"line {line}: {what}")

    def _add(self, line: str) -> int:
        """Append a line and return the offset where it starts."""
        start = self.length
        self.lines.append(line)
        self.length += len(line) + 1
        return start

    def record(self) -> Record:
        meta = self.marked.meta
        ledger = Ledger(self.marked)
        ledger.check()
        self._add(meta["title"])
        for section in self.marked.sections:
            self._section(section, ledger)
        record: Record = {
            "id": meta["id"], "writer": meta["writer"], "year": int(meta["year"]), "template": meta["template"],
            "script": meta["script"], "title": meta["title"],
        }  # fmt: skip
        record |= {key: meta[key] for key in _META if meta.get(key)}
        if self.split:
            record["split"] = self.split
        provenance = {"writer": meta["writer"], "labeller": meta["writer"]}
        if self.second.units:
            provenance |= {"second": self.second.labeller, "adjudicator": self.second.adjudicator}
        record |= {
            "text": "\n".join(self.lines), "units": self.units, "counts": self.counts, "cells": ledger.cells(),
            "planted": self.marked.planted, "provenance": provenance,
        }  # fmt: skip
        return record

    def _section(self, section: MarkedSection, ledger: Ledger) -> None:
        if section.heading:
            start = self._add(section.heading)
            self._unit(section, MarkedUnit(section.line, "heading", section.heading), start)
        paragraph: list[MarkedUnit] = []
        for unit in section.units:
            continues = unit.joins and paragraph
            if paragraph and not continues:
                self._paragraph(section, paragraph)
                paragraph = []
            paragraph.append(unit)
        if paragraph:
            self._paragraph(section, paragraph)
        for table in _TABLE_OF.get(section.section, ()):
            if table in self.marked.tables:
                for line in table_lines(table, ledger):
                    self._add(line)

    def _paragraph(self, section: MarkedSection, units: list[MarkedUnit]) -> None:
        start = self._add("".join(unit.text for unit in units))
        for unit in units:
            self._unit(section, unit, start)
            start += len(unit.text)

    def _unit(self, section: MarkedSection, unit: MarkedUnit, start: int) -> None:
        record: Record = {
            "start": start, "end": start + len(unit.text), "kind": unit.kind, "section": section.section,
            "text": unit.text,
        }  # fmt: skip
        if unit.kind == "sentence":
            record |= {"themes": list(unit.themes), "stance": unit.stance}
            self.labelled += 1
            self._opinions(record)
            if unit.tags:
                record["tags"] = list(unit.tags)
        self.units.append(record)
        self._counts(unit, start)

    def _opinions(self, record: Record) -> None:
        """What the second labeller and the adjudicator make of a unit; the writer's own labels are kept beside it."""
        opinions = self.second.units.get(self.labelled)
        if opinions is None:
            return
        first, second, third = opinions
        found = agreed(first, second, third)
        record["labels"] = [
            {"labeller": who, "themes": sorted(o.themes), "stance": o.stance}
            for who, o in (
                (self.marked.meta["writer"], first),
                (self.second.labeller, second),
                (self.second.adjudicator, third),
            )
            if o is not None
        ]
        # The order of the writer's themes is kept: it says nothing, but a diff of the corpus should not show it.
        kept = [t for t in record["themes"] if t in found.themes]
        record |= {"themes": [*kept, *sorted(found.themes - set(kept))], "stance": found.stance}
        if found.optional:
            record["themes_optional"] = sorted(found.optional)
        if third is not None:
            record["adjudicated"] = True

    def _counts(self, unit: MarkedUnit, start: int) -> None:
        marker = _ENUMERATOR.match(unit.text)
        first, position = len(self.counts), marker.end() if marker else 0
        for count in unit.counts:
            number_start = -1
            if count.number:
                at = _find_number(unit.text, count.number, position)
                if at < 0:
                    raise self._fail(
                        unit.line, f"the number {count.number!r} does not stand in this unit (or not in order)"
                    )
                number_start, position = start + at, at + len(count.number)
            if count.label and not _stands(count.label, unit.text):
                raise self._fail(unit.line, f"the label {count.label!r} is not made of the unit's own characters")
            parent: int | str | None = None
            if count.part_of == "prev":
                parent = "prev"
            elif count.part_of:
                index = int(count.part_of) - 1
                if not 0 <= index < len(unit.counts):
                    raise self._fail(unit.line, f"part={count.part_of}: this unit has {len(unit.counts)} counts")
                parent = first + index
            self.counts.append(
                {
                    "unit": len(self.units) - 1, "number_start": number_start,
                    "number_end": number_start + len(count.number) if count.number else -1,
                    "value": _plain(count.value), "value_max": None if count.value_max is None else _plain(count.value_max),
                    "unit_word": count.unit, "label": count.label, "kind": count.kind, "bound": count.bound,
                    "negated_zero": count.negated_zero, "part_of": parent, "scope": count.scope,
                }
            )  # fmt: skip


def _find_number(text: str, number: str, position: int) -> int:
    """Where a number stands by itself: the 9 of 9件 is not that of 1998年; -1 when nowhere."""
    at = text.find(number, position)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(number) : at + len(number) + 1]
        inside = (before.isdecimal() or before == ".") and number[0].isdecimal()
        if not inside and not (after.isdecimal() and number[-1].isdecimal()):
            return at
        at = text.find(number, at + 1)
    return -1


def _plain(value: Decimal) -> str:
    return format(value, "f")


def _stands(label: str, text: str) -> bool:
    """A label is a slice of the unit, or (inherited, split) a sequence of its characters."""
    if label in text:
        return True
    rest = iter(text)
    return all(char in rest for char in label)


def write_corpus(source: Path, *, out: Path) -> dict[str, int]:
    """Build all records and write ``reports.jsonl``; the old file stays until the new one is whole.

    Raises:
        DataFileError: NR301 with file and line; nothing is written then.
    """
    records = list(build_folder(source))
    if not records:
        raise DataFileError("NR301", path=str(source), detail="no file of the corpus notation (*.report) is there")
    out.mkdir(parents=True, exist_ok=True)
    partial = out / "reports.jsonl.partial"
    with partial.open("w", encoding="utf-8", newline="\n") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    partial.replace(out / "reports.jsonl")
    return {
        "reports": len(records),
        "units": sum(len(r["units"]) for r in records),
        "counts": sum(len(r["counts"]) for r in records),
    }
