"""The statutory knowledge as frozen values, read once from the YAML files beside this module.

Reading order: :func:`statute` (tables), :func:`section_rules` (sections), :func:`crosswalk` (reports on 2008–2018).
Every loader names the file and the key that it cannot use, so that a person who edits a file sees what to correct.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from ..errors import DataFileError
from ..schema import SectionId
from .yamlfile import load_yaml

_HERE = Path(__file__).parent
_TEMPLATES = ("f2021", "f2019")


@dataclass(frozen=True, slots=True)
class CellSpec:
    """A statutory cell: its id (``t3.granted.total``), where it stands and the printed header of its column."""

    cell_id: str
    table: str
    row: str
    column: str
    label: str


@dataclass(frozen=True, slots=True)
class RowSpec:
    """A row of a table: printed enumerator and label, the expressions that find it, the forms that have it."""

    row_id: str
    table: str
    label: str
    enumerator: str = ""
    group: str = ""
    match: tuple[str, ...] = ()
    templates: tuple[str, ...] = _TEMPLATES
    cells: tuple[CellSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueWords:
    """What may stand in a cell beside digits: units, signs in words, marks for "not applicable"."""

    units: tuple[str, ...]
    not_applicable: frozenset[str]
    increase: tuple[str, ...]
    decrease: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statute:
    """The tables of both forms.

    ``rows`` are all rows in printed order (tables ``t2``, ``t2_2019``, ``t3``, ``t4``); ``groups`` the group headers of
    table 3; ``cues`` the header words that name a table, ``forms`` those that tell the forms apart, ``words`` every other
    printed header word.
    """

    rows: tuple[RowSpec, ...]
    groups: tuple[RowSpec, ...]
    cues: Mapping[str, tuple[str, ...]]
    forms: Mapping[str, tuple[str, ...]]
    words: tuple[str, ...]
    values: ValueWords

    def rows_of(self, table: str, template: str) -> tuple[RowSpec, ...]:
        """The rows that ``table`` has in ``template``."""
        return tuple(r for r in self.rows if r.table == table and template in r.templates)

    def row(self, table: str, row_id: str) -> RowSpec:
        """The row with this id. Raises ``KeyError`` when the table has none."""
        for row in self.rows:
            if row.table == table and row.row_id == row_id:
                return row
        raise KeyError(f"{table}.{row_id}")

    def cells(self, template: str) -> tuple[CellSpec, ...]:
        """All cells of a form in printed order: 200 in ``f2021``, 198 in ``f2019``, none in any other.

        Example:
            >>> len(statute().cells("f2021")), len(statute().cells("f2019")), len(statute().cells("pre2019"))
            (200, 198, 0)
        """
        tables = {"f2021": ("t2", "t3", "t4"), "f2019": ("t2_2019", "t3", "t4")}.get(template, ())
        return tuple(c for t in tables for r in self.rows_of(t, template) for c in r.cells)


@dataclass(frozen=True, slots=True)
class SectionRule:
    """How the heading of one section is recognised; expressions run on folded text without blanks."""

    section: SectionId
    numeral: int
    title: str
    canonical: re.Pattern[str]
    keywords: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class SectionRules:
    """The six sections and the lines that belong to none."""

    sections: tuple[SectionRule, ...]
    not_headings: re.Pattern[str]
    title_tails: frozenset[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    anywhere: re.Pattern[str]
    preamble_cues: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator of the 2008–2018 annex and where the same quantity stands in the later forms.

    ``parent`` is the part of the annex it must stand in (empty: anywhere). ``cells`` of one form are added up;
    ``relation`` says whether they count the ``same`` or the indicator is ``narrower`` or ``broader``. ``item`` is the item
    id of the count lexicon.
    """

    indicator_id: str
    label: str
    unit: str
    match: re.Pattern[str]
    parent: str = ""
    cells: tuple[str, ...] = ()
    relation: str = "same"
    item: str = ""


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """The annex of the reports before 2019: what its title looks like, its parts and its indicators."""

    start: re.Pattern[str]
    parts: Mapping[str, re.Pattern[str]]
    indicators: tuple[Indicator, ...]


def _read(name: str, keys: Iterable[str]) -> dict[str, Any]:
    data = load_yaml(_HERE / name)
    if not isinstance(data, dict):
        raise DataFileError("NR301", path=name, detail="the file must be a mapping")
    check_keys(name, "the file", data, keys)
    return data


def check_keys(
    name: str, where: str, data: Mapping[str, Any], keys: Iterable[str], required: Iterable[str] = ()
) -> None:
    """Raise ``NR301`` when ``data`` holds an unknown key or lacks a required one, naming file, place and key."""
    allowed = set(keys)
    if unknown := [k for k in data if k not in allowed]:
        raise DataFileError("NR301", path=name, detail=f"{where}: unknown key {unknown[0]!r}")
    if missing := [k for k in required if k not in data]:
        raise DataFileError("NR301", path=name, detail=f"{where}: key {missing[0]!r} is missing")


def compile_union(name: str, where: str, patterns: Iterable[str]) -> re.Pattern[str]:
    """One expression for any of ``patterns``. Raises ``NR301`` naming the expression that cannot be compiled."""
    parts = list(patterns)
    for part in parts:
        try:
            re.compile(part)
        except re.error as error:
            raise DataFileError("NR301", path=name, detail=f"{where}: {part!r} is no expression ({error})") from error
    return re.compile("|".join(f"(?:{p})" for p in parts) if parts else r"(?!)")


def _row(name: str, table: str, item: Mapping[str, Any], columns: Mapping[str, str]) -> RowSpec:
    keys = ("id", "label", "basis", "match", "cells", "enumerator", "group", "templates")
    check_keys(name, f"{table} row {item.get('id', '?')}", item, keys, ("id", "label"))
    row_id = str(item["id"])
    compile_union(name, f"{table}.{row_id}", item.get("match", ()))
    cells = cast(Mapping[str, str], item.get("cells", columns))
    return RowSpec(
        row_id=row_id,
        table=table,
        label=str(item["label"]),
        enumerator=str(item.get("enumerator", "")),
        group=str(item.get("group", "")),
        match=tuple(item.get("match", ())),
        templates=tuple(item.get("templates", _TEMPLATES)),
        cells=tuple(CellSpec(f"{table}.{row_id}.{c}", table, row_id, c, label) for c, label in cells.items()),
    )


@lru_cache(maxsize=1)
def statute() -> Statute:
    """The statutory tables, from ``cells.yaml``."""
    name = "template/cells.yaml"
    tables = ("t2", "t2_2019", "t3", "t4")
    data = _read("cells.yaml", (*tables, "t3_columns", "t3_groups", "t4_columns", "headers", "values"))
    columns = {t: {c["id"]: c["label"] for c in data.get(f"{t}_columns", ())} for t in tables}
    headers = data["headers"]
    check_keys(name, "headers", headers, ("cues", "forms", "other"))
    for kind in ("cues", "forms"):
        for key, patterns in headers[kind].items():
            compile_union(name, f"headers.{kind}.{key}", patterns)
    values = data["values"]
    names = ("units", "not_applicable", "increase", "decrease")
    check_keys(name, "values", values, names, names)
    groups = {c.get("group", "") for t in tables for c in data.get(f"{t}_columns", ())}
    words = [*headers["other"], *groups, *(label for t in tables for label in columns[t].values())]
    return Statute(
        rows=tuple(_row(name, t, item, columns[t]) for t in tables for item in data[t]),
        groups=tuple(_row(name, "t3", item, {}) for item in data["t3_groups"]),
        cues={t: tuple(p) for t, p in headers["cues"].items()},
        forms={t: tuple(p) for t, p in headers["forms"].items()},
        words=tuple(sorted({str(w) for w in words if w})),
        values=ValueWords(
            units=tuple(values["units"]),
            not_applicable=frozenset(values["not_applicable"]),
            increase=tuple(values["increase"]),
            decrease=tuple(values["decrease"]),
        ),
    )


@lru_cache(maxsize=1)
def section_rules() -> SectionRules:
    """The section titles and furniture lines, from ``sections.yaml``."""
    name = "template/sections.yaml"
    data = _read("sections.yaml", ("sections", "not_headings", "title_tails", "furniture", "preamble_cues"))
    rules = []
    for item in data["sections"]:
        keys = ("id", "numeral", "title", "canonical", "keywords")
        check_keys(name, f"section {item.get('id', '?')}", item, keys, keys)
        rules.append(
            SectionRule(
                section=item["id"],
                numeral=int(item["numeral"]),
                title=item["title"],
                canonical=compile_union(name, f"{item['id']}.canonical", item["canonical"]),
                keywords=compile_union(name, f"{item['id']}.keywords", item["keywords"]),
            )
        )
    return SectionRules(
        sections=tuple(rules),
        not_headings=compile_union(name, "not_headings", data["not_headings"]),
        title_tails=frozenset(data["title_tails"]),
        before=compile_union(name, "furniture.before", data["furniture"]["before"]),
        after=compile_union(name, "furniture.after", data["furniture"]["after"]),
        anywhere=compile_union(name, "furniture.anywhere", data["furniture"]["anywhere"]),
        preamble_cues=compile_union(name, "preamble_cues", data["preamble_cues"]),
    )


@lru_cache(maxsize=1)
def crosswalk() -> Crosswalk:
    """Annex indicators of the reports before 2019, from ``crosswalk.yaml``."""
    name = "template/crosswalk.yaml"
    data = _read("crosswalk.yaml", ("start", "parts", "indicators"))
    known = {c.cell_id for t in _TEMPLATES for c in statute().cells(t)}
    indicators = []
    for item in data["indicators"]:
        keys = ("id", "label", "unit", "match", "parent", "cells", "relation", "item")
        where = f"indicator {item.get('id', '?')}"
        check_keys(name, where, item, keys, keys[:4])
        if unknown := [c for c in item.get("cells", ()) if c not in known]:
            raise DataFileError("NR301", path=name, detail=f"{where}: no such cell {unknown[0]!r}")
        if item.get("parent", "") not in ("", *data["parts"]):
            raise DataFileError("NR301", path=name, detail=f"{where}: no such part {item['parent']!r}")
        indicators.append(
            Indicator(
                indicator_id=item["id"],
                label=item["label"],
                unit=item["unit"],
                match=compile_union(name, where, item["match"]),
                parent=item.get("parent", ""),
                cells=tuple(item.get("cells", ())),
                relation=item.get("relation", "same"),
                item=item.get("item", ""),
            )
        )
    return Crosswalk(
        start=compile_union(name, "start", data["start"]),
        parts={part: compile_union(name, f"parts.{part}", patterns) for part, patterns in data["parts"].items()},
        indicators=tuple(indicators),
    )
