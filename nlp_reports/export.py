"""Rows of the output contract, and the files that hold them: JSONL, CSV and Parquet.

The six tables and their columns are the contract that measurements rely on (``docs/outputs.md``); a change of a column
changes :data:`nlp_reports.schema.SCHEMA_VERSION` and a test. Lists and maps are JSON in CSV. Decimals of ``counts``
are strings in JSONL (nothing is lost) and float64 in Parquet.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from .errors import ReportError
from .schema import Report

if TYPE_CHECKING:
    import pyarrow as pa

Format = Literal["parquet", "jsonl", "csv"]
Row = dict[str, Any]
Rows = dict[str, list[Row]]

#: table -> {column: type}; types are ``str int float decimal bool strs map`` with ``?`` when null is allowed.
CONTRACT: Mapping[str, Mapping[str, str]] = {
    "reports": {
        "report_id": "str", "path": "str", "sha256": "str", "title": "str", "agency": "str", "year": "int?",
        "template": "str", "script": "str", "text": "str", "status": "str", "error": "str", "n_sentences": "int",
        "n_counts": "int", "n_cells": "int", "n_findings": "int",
    },
    "sections": {
        "report_id": "str", "section": "str", "ordinal": "int", "title": "str", "start": "int", "end": "int",
    },
    "sentences": {
        "report_id": "str", "sentence_id": "str", "section": "str", "kind": "str", "text": "str", "start": "int",
        "end": "int", "marker": "str", "level": "int", "heading_path": "strs", "themes": "strs", "theme_scores": "map",
        "stance": "str", "stance_scores": "map", "model": "str",
    },
    "counts": {
        "report_id": "str", "count_id": "str", "sentence_id": "str", "section": "str", "text": "str", "start": "int",
        "end": "int", "number_start": "int", "number_end": "int", "label": "str", "label_start": "int",
        "label_end": "int", "value": "decimal", "value_max": "decimal?", "unit": "str", "kind": "str", "bound": "str",
        "negated_zero": "bool", "part_of": "str?", "scope": "str", "item": "str",
    },
    "cells": {
        "report_id": "str", "cell_id": "str", "table": "str", "row": "str", "column": "str", "value": "float?",
        "raw": "str", "status": "str",
    },
    "findings": {
        "report_id": "str", "finding_id": "str", "rule": "str", "status": "str", "severity": "str", "expected": "str",
        "found": "str", "left": "strs", "right": "strs", "root": "str", "fault": "str", "fingerprint": "str",
        "explanation": "str",
    },
}  # fmt: skip
TABLES = tuple(CONTRACT)
#: Beside the contract, when asked for: what decided each tag, with offsets into the report's text.
EXPLANATIONS: Mapping[str, str] = {
    "report_id": "str", "sentence_id": "str", "tag": "str", "cue": "str", "start": "int", "end": "int",
}  # fmt: skip
_COLUMNS: Mapping[str, Mapping[str, str]] = {**CONTRACT, "explanations": EXPLANATIONS}


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def rows(report: Report, *, explain: bool = False) -> Rows:
    """All rows of one report, table by table, in the contract's column order.

    Args:
        report: a finished report.
        explain: also a table ``explanations``, a row for every cue that decided a tag.

    Example:
        >>> from nlp_reports.schema import Report
        >>> rows(Report("0" * 16, "a.txt", "", "")) ["reports"][0]["n_counts"]
        0
    """
    rid = report.report_id
    head = {
        "report_id": rid, "path": report.path, "sha256": report.sha256, "title": report.title,
        "agency": report.agency, "year": report.year, "template": report.template, "script": report.script,
        "text": report.text, "status": report.status, "error": report.error, "n_sentences": len(report.sentences),
        "n_counts": len(report.counts), "n_cells": len(report.cells), "n_findings": len(report.findings),
    }  # fmt: skip
    found: Rows = {
        "reports": [head],
        "sections": [_row("sections", rid, s) for s in report.sections],
        "sentences": [
            _row("sentences", rid, s)
            | {
                "heading_path": list(s.heading_path), "themes": list(s.themes), "theme_scores": dict(s.theme_scores),
                "stance_scores": dict(s.stance_scores),
            }
            for s in report.sentences
        ],
        "counts": [
            _row("counts", rid, c) | {"value": _decimal(c.value), "value_max": _decimal(c.value_max)}
            for c in report.counts
        ],
        "cells": [_row("cells", rid, c) | {"value": _number(c.value)} for c in report.cells],
        "findings": [
            _row("findings", rid, f) | {"left": list(f.left), "right": list(f.right)} for f in report.findings
        ],
    }  # fmt: skip
    if explain:
        found["explanations"] = [
            dict(zip(EXPLANATIONS, (rid, s.sentence_id, *line), strict=True))
            for s in report.sentences
            for line in s.explanation
        ]
    return found


def _row(table: str, report_id: str, value: object) -> Row:
    return {column: report_id if column == "report_id" else getattr(value, column) for column in CONTRACT[table]}


def arrow_schema(table: str) -> pa.Schema:
    """The Arrow schema of one contract table."""
    import pyarrow as pa

    types = {
        "str": pa.string(), "int": pa.int64(), "float": pa.float64(), "decimal": pa.float64(), "bool": pa.bool_(),
        "strs": pa.list_(pa.string()), "map": pa.map_(pa.string(), pa.float64()),
    }  # fmt: skip
    return pa.schema([(name, types[kind.rstrip("?")]) for name, kind in _COLUMNS[table].items()])


def arrow_table(table: str, records: Sequence[Row]) -> pa.Table:
    """The rows of one contract table as an Arrow table."""
    import pyarrow as pa

    columns = {}
    for name, kind in _COLUMNS[table].items():
        values: Iterable[Any] = (record[name] for record in records)
        base = kind.rstrip("?")
        if base == "map":
            values = (list(v.items()) for v in values)
        elif base in ("decimal", "float"):
            values = (None if v is None else float(v) for v in values)
        columns[name] = list(values)
    return pa.table(columns, schema=arrow_schema(table))


class Writer:
    """Writes the six tables into a folder, report by report, in one of three formats.

    Files appear under their final names only when :meth:`close` is reached; until then they end in ``.partial`` (JSONL,
    CSV) or stand as complete numbered parts (Parquet), so that nobody reads half a run for a whole one.

    Args:
        folder: created when missing.
        format: ``parquet``, ``jsonl`` or ``csv``.
        rows_per_part: reports per Parquet part.
        explain: also write the table ``explanations``.

    Raises:
        ReportError: NR304, when the folder cannot be written.
    """

    def __init__(
        self, folder: Path, *, format: Format = "parquet", rows_per_part: int = 2_000, explain: bool = False
    ) -> None:
        self.folder, self.format, self._limit = folder, format, rows_per_part
        self._tables = (*TABLES, "explanations") if explain else TABLES
        self._part, self._buffer = 0, {table: [] for table in self._tables}  # type: tuple[int, Rows]
        self._files: dict[str, IO[str]] = {}
        self._csv: dict[str, Any] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._open()
        except OSError as error:
            raise ReportError("NR304", path=str(folder), detail=str(error.strerror or error)) from error

    def _open(self) -> None:
        if "explanations" not in self._tables:  # those of an earlier run would stand beside other sentences
            for old in (*self.folder.glob("explanations.*"), *self.folder.glob("explanations/part-*.parquet")):
                old.unlink()
        for table in self._tables:
            if self.format == "parquet":
                target = self.folder / table
                target.mkdir(exist_ok=True)
                for old in target.glob("part-*.parquet"):
                    old.unlink()
                continue
            newline = "" if self.format == "csv" else "\n"
            path = self.folder / f"{table}.{self.format}.partial"
            file = self._files[table] = path.open("w", encoding="utf-8", newline=newline)
            if self.format == "csv":
                writer = self._csv[table] = csv.writer(file)
                writer.writerow(_COLUMNS[table])

    def write(self, tables: Rows) -> None:
        """Write the rows of one report."""
        for table in self._tables:
            if self.format == "jsonl":
                for row in tables[table]:
                    self._files[table].write(json.dumps(row, ensure_ascii=False) + "\n")
            elif self.format == "csv":
                self._csv[table].writerows(_flat(table, row) for row in tables[table])
            else:
                self._buffer[table].extend(tables[table])
        if self.format == "parquet" and len(self._buffer["reports"]) >= self._limit:
            self._flush()

    def _flush(self) -> None:
        import pyarrow.parquet as pq

        for table in self._tables:
            target = self.folder / table / f"part-{self._part:05d}.parquet"
            partial = target.with_suffix(".partial")
            pq.write_table(arrow_table(table, self._buffer[table]), partial, compression="zstd")
            partial.replace(target)
            self._buffer[table] = []
        self._part += 1

    def close(self) -> None:
        """Finish the files and give them their final names."""
        if self.format == "parquet":
            if self._buffer["reports"] or not self._part:
                self._flush()
            return
        for table, file in self._files.items():
            file.close()
            partial = self.folder / f"{table}.{self.format}.partial"
            partial.replace(self.folder / f"{table}.{self.format}")


def _flat(table: str, row: Row) -> list[Any]:
    values = []
    for column, kind in _COLUMNS[table].items():
        value = row[column]
        if kind in ("strs", "map"):
            value = json.dumps(value, ensure_ascii=False)
        elif isinstance(value, bool):
            value = "true" if value else "false"
        values.append(value)
    return values


def read_rows(folder: Path, table: str) -> Iterator[Row]:
    """Read one table back from what :class:`Writer` wrote, whatever the format, as rows of plain values.

    Raises:
        ReportError: NR101, when the folder holds no such table.
    """
    jsonl, flat, parts = folder / f"{table}.jsonl", folder / f"{table}.csv", folder / table
    if jsonl.exists():
        with jsonl.open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)
    elif flat.exists():
        with flat.open(encoding="utf-8", newline="") as file:
            for record in csv.DictReader(file):
                yield {name: _parse(record[name], kind) for name, kind in _COLUMNS[table].items()}
    elif parts.is_dir():
        import pyarrow.parquet as pq

        for part in sorted(parts.glob("part-*.parquet")):
            for record in pq.read_table(part).to_pylist(maps_as_pydicts="strict"):
                yield record
    else:
        raise ReportError("NR101", path=str(folder / table))


def _parse(value: str, kind: str) -> Any:
    if kind.endswith("?") and value == "":
        return None
    base = kind.rstrip("?")
    if base in ("strs", "map"):
        return json.loads(value)
    if base == "int":
        return int(value)
    if base == "float":
        return float(value)
    if base == "bool":
        return value == "true"
    return value


def to_frame(report: Report, table: str) -> Any:
    """One contract table of one report as a pandas DataFrame, or as an Arrow table when pandas is not installed.

    Raises:
        KeyError: ``table`` is none of :data:`TABLES`.
    """
    if table not in CONTRACT:
        raise KeyError(f"no table {table!r}; the tables are {', '.join(TABLES)}")
    records = rows(report)[table]
    try:
        import pandas as pd
    except ImportError:
        return arrow_table(table, records)
    return pd.DataFrame(records, columns=list(_COLUMNS[table]))
