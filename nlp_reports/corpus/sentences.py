"""A user's own labelled sentences as corpus records: a CSV or JSONL of text, themes, stance, and what is known of context.

Columns: ``text``, ``themes`` (ids or Chinese names joined by ``;``, commas or blanks, may be empty), ``stance``; optional ``section`` (default
``overview``), ``heading``, ``agency``, ``writer``, ``year``, ``script``, ``split``. Sentences of one agency, section and heading become one record, a
paragraph each, so that nothing is lost between them and splits can keep agencies apart.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..classify.taxonomy import load_taxonomy
from ..errors import DataFileError
from ..text.normalize import script_of
from .dataset import Record
from .split import UNKNOWN_WRITER

HEADINGS = {
    "overview": "一、总体情况",
    "proactive_disclosure": "二、主动公开政府信息情况",
    "requests": "三、收到和处理政府信息公开申请情况",
    "review_litigation": "四、政府信息公开行政复议、行政诉讼情况",
    "problems_improvements": "五、存在的主要问题及改进情况",
    "other_matters": "六、其他需要报告的事项",
}
_ID = re.compile(r"[a-z][a-z0-9_]*")
_SPLIT = re.compile(r"[,，;；\s]+")


def _text(path: Path) -> str:
    """The file's text: UTF-8, else GB18030, in which spreadsheets of Chinese systems save."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataFileError("NR301", path=str(path), detail=str(error.strerror or error)) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    detail = "neither UTF-8 nor GB18030 text; save it as CSV, TSV or JSONL"
    raise DataFileError("NR301", path=str(path), detail=detail)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with io.StringIO(_text(path), newline="") as file:
        if path.suffix.lower() in (".jsonl", ".json"):
            for number, line in enumerate(file, 1):
                if line.strip():
                    try:
                        row = json.loads(line)
                    except ValueError as error:
                        raise DataFileError("NR301", path=str(path), detail=f"line {number}: {error}") from error
                    if not isinstance(row, dict):
                        raise DataFileError("NR301", path=str(path), detail=f"line {number}: not an object")
                    yield number, row
        else:
            delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
            for number, record in enumerate(csv.DictReader(file, delimiter=delimiter), 2):
                yield number, dict(record)


def records_of_sentences(path: Path, *, writer: str = UNKNOWN_WRITER) -> list[Record]:
    """Build corpus records from a file of labelled sentences.

    Themes (several joined by ``;``, ``,`` or blanks) and stance are ids or Chinese names. A sentence without ``section`` stands in section one.

    Args:
        path: ``.csv``, ``.tsv`` or ``.jsonl`` with ``text``, ``themes``, ``stance`` and, if wanted, ``section``, ``heading``, ``agency``,
            ``writer``, ``year``, ``split``.
        writer: who is named as writer and labeller where the file names nobody.

    Raises:
        DataFileError: NR301 with file and line.
    """
    tax = load_taxonomy()
    themes_by_name = {tax.name(t): t for t in tax.theme_ids} | {t: t for t in tax.theme_ids}
    stances_by_name = {tax.name(s): s for s in tax.stances} | {s: s for s in tax.stances}
    groups: dict[tuple[str, str, str, str, str], list[dict[str, Any]]] = {}
    for number, row in _rows(path):
        text = " ".join(str(row.get("text") or "").split())
        stance = str(row.get("stance") or "").strip()
        section = str(row.get("section") or "overview").strip()
        if not text or not stance:
            raise DataFileError("NR301", path=str(path), detail=f"line {number}: text and stance must be given")
        if section not in HEADINGS:
            detail = f"line {number}: unknown section {section!r}; one of {', '.join(HEADINGS)}"
            raise DataFileError("NR301", path=str(path), detail=detail)
        given = row.get("themes") or ""
        themes = given if isinstance(given, list) else [t for t in _SPLIT.split(str(given)) if t]
        themes = [themes_by_name.get(str(t), str(t)) for t in themes]
        if stance not in stances_by_name:
            detail = f"line {number}: unknown stance {stance!r}; one of {', '.join(tax.stances)}"
            raise DataFileError("NR301", path=str(path), detail=detail)
        for theme in themes:
            # An id that we do not know may be one of a taxonomy of the user's own; training will tell.
            if not _ID.fullmatch(theme):
                detail = f"line {number}: {theme!r} is no theme: ids or Chinese names, several joined by `;`"
                raise DataFileError("NR301", path=str(path), detail=detail)
        stance = stances_by_name[stance]
        key = (
            str(row.get("agency") or path.stem), str(row.get("writer") or writer), str(row.get("split") or ""), section,
            str(row.get("heading") or ""),
        )  # fmt: skip
        groups.setdefault(key, []).append(
            {"text": text, "themes": list(dict.fromkeys(map(str, themes))), "stance": stance, "year": row.get("year")}
        )
    return [_record(path, i, key, rows) for i, (key, rows) in enumerate(groups.items(), 1)]


def _record(path: Path, number: int, key: tuple[str, str, str, str, str], rows: list[dict[str, Any]]) -> Record:
    agency, writer, split, section, heading = key
    title = f"{agency}政府信息公开工作年度报告"
    lines, units, at = [title], [], len(title) + 1
    for kind, text, labels in (
        ("heading", HEADINGS[section], {}),
        *((("heading", heading, {}),) if heading else ()),
        *(("sentence", r["text"], {"themes": r["themes"], "stance": r["stance"]}) for r in rows),
    ):
        units.append({"start": at, "end": at + len(text), "kind": kind, "section": section, "text": text, **labels})
        lines.append(text)
        at += len(text) + 1
    years = [int(r["year"]) for r in rows if str(r.get("year") or "").isdigit()]
    whole = "\n".join(lines)
    record: Record = {
        "id": f"{path.stem}-{number:04}", "writer": writer, "agency": agency, "year": years[0] if years else 2023,
        "template": "f2021", "script": script_of(whole), "title": title, "text": whole, "units": units, "counts": [],
        "cells": {}, "planted": [], "provenance": {"writer": writer, "labeller": writer},
    }  # fmt: skip
    return record | ({"split": split} if split else {})


def write_records(records: list[Record], path: Path) -> None:
    """Write records as JSONL; the old file stays until the new one is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    with partial.open("w", encoding="utf-8", newline="\n") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    partial.replace(path)
