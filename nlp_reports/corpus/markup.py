"""The notation in which corpus reports are written and labelled, and its parser.

One file a report; a line a unit, with its labels in front, so that a writer labels while writing and a second person
can read the labels beside the text::

    % id: sample-01                        metadata, one a line
    % agency: 青禾县水务局
    [overview] 一、总体情况                  a section and its printed heading
    H 1 | （一）主动公开情况                 a heading on a line of its own (1 = nesting level)
    P achievement proactive_disclosure | 全年公开政府信息162条。      first unit of a paragraph
      # 162 条 @政府信息                     a count of the unit above: surface [=value] unit @label [options]
    S achievement - | 未收到申请。           next unit of the same paragraph
      # 0 - @申请 neg0
    [t3]                                   a table: rows that are not all zero
    new_received 3 1 0 0 0 0 4

``h`` is a run-in heading (``（一）主动公开情况。`` followed by text on the same line). Themes are joined by commas, ``-`` means
none; ``! tag,tag`` before the bar names hard-case phenomena. Count options: ``kind=percent``, ``bound=at_least``,
``max=5``, ``part=1`` (the first count of this unit) or ``part=prev`` (a total in an earlier unit), ``scope=全市``, ``neg0``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from ..errors import DataFileError

SECTIONS = (
    "preamble", "overview", "proactive_disclosure", "requests", "review_litigation", "problems_improvements",
    "other_matters",
)  # fmt: skip
KINDS = ("count", "percent", "money", "change")
BOUNDS = ("exact", "about", "at_least", "at_most")
REQUIRED = ("id", "writer", "agency", "year", "template", "script", "title")

_UNIT = re.compile(r"^(?P<kind>[PSHh])\s*(?P<front>[^|]*)\|\s?(?P<text>.*)$")
_COUNT = re.compile(
    r"^\s+#\s*(?P<surface>\S+?)(?:=(?P<value>[\d.]+))?\s+(?P<unit>\S+)\s+@(?P<label>\S*)\s*(?P<options>.*)$"
)


@dataclass(frozen=True, slots=True)
class MarkedCount:
    """A labelled count of one unit; ``number`` is the surface of the number in the unit, empty for zero in words."""

    number: str
    value: Decimal
    unit: str
    label: str
    kind: str = "count"
    bound: str = "exact"
    value_max: Decimal | None = None
    part_of: str = ""
    scope: str = ""
    negated_zero: bool = False


@dataclass(slots=True)
class MarkedUnit:
    """A labelled unit. ``joins`` tells that it continues the paragraph of the unit before it."""

    line: int
    kind: str
    text: str
    stance: str = ""
    themes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    joins: bool = False
    level: int = 0
    counts: list[MarkedCount] = field(default_factory=list)


@dataclass(slots=True)
class MarkedSection:
    """A section: id, printed heading (may be empty), units and, for sections with tables, their rows."""

    section: str
    heading: str
    line: int
    units: list[MarkedUnit] = field(default_factory=list)


@dataclass(slots=True)
class MarkedReport:
    """One report as written: metadata, sections in order, table rows by table."""

    path: str
    meta: Mapping[str, str]
    sections: list[MarkedSection]
    tables: dict[str, dict[str, list[str]]]
    planted: list[str]


def _fail(path: Path, line: int, what: str) -> DataFileError:
    return DataFileError("NR301", path=str(path), detail=f"line {line}: {what}")


def parse_markup(path: Path, *, themes: frozenset[str], stances: frozenset[str]) -> MarkedReport:
    """Parse one file.

    Args:
        path: the file.
        themes, stances: the ids that labels may use.

    Raises:
        DataFileError: NR301 with file and line, for the first thing that is not of the notation.
    """
    meta: dict[str, str] = {}
    planted: list[str] = []
    sections: list[MarkedSection] = []
    tables: dict[str, dict[str, list[str]]] = {}
    table = ""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError("NR301", path=str(path), detail=str(error)) from error
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        if line.startswith("%"):
            key, _, value = line[1:].partition(":")
            if key.strip() == "planted":
                planted.append(value.strip())
            else:
                meta[key.strip()] = value.strip()
        elif line.startswith("["):
            name, _, heading = line[1:].partition("]")
            table = name if name in ("t2", "t3", "t4", "t2_2019") else ""
            if table:
                tables[table] = {}
            elif name in SECTIONS:
                sections.append(MarkedSection(name, heading.strip(), number))
            else:
                raise _fail(path, number, f"unknown section or table [{name}]")
        elif table:
            cells = line.split()
            key = "" if table == "t4" else cells.pop(0)
            tables[table].setdefault(key, []).extend(cells)
        elif line.lstrip().startswith("#"):
            if not sections or not sections[-1].units:
                raise _fail(path, number, "a count without a unit above it")
            sections[-1].units[-1].counts.append(_count(path, number, line))
        else:
            match = _UNIT.match(line)
            if not match or not sections:
                raise _fail(path, number, "neither a unit (P, S, H, h), a count (#), a section [..] nor metadata (%)")
            sections[-1].units.append(_unit(path, number, match, themes, stances))
    missing = [key for key in REQUIRED if not meta.get(key)]
    if missing:
        raise _fail(path, 1, f"metadata missing: {', '.join(missing)}")
    return MarkedReport(str(path), meta, sections, tables, planted)


def _unit(path: Path, number: int, match: re.Match[str], themes: frozenset[str], stances: frozenset[str]) -> MarkedUnit:
    kind, front, text = match["kind"], match["front"].strip(), match["text"].strip()
    if not text:
        raise _fail(path, number, "a unit without text")
    if kind in "Hh":
        return MarkedUnit(number, "heading", text, level=int(front) if front.isdigit() else 1)
    labels, _, tags = front.partition("!")
    words = labels.split()
    if len(words) != 2:
        raise _fail(path, number, f"expected `stance themes`, found {labels!r}")
    stance, names = words[0], () if words[1] == "-" else tuple(words[1].split(","))
    if stance not in stances:
        raise _fail(path, number, f"unknown stance {stance!r}")
    for name in names:
        if name not in themes:
            raise _fail(path, number, f"unknown theme {name!r}")
    hard = tuple(t.strip() for t in tags.split(",") if t.strip())
    return MarkedUnit(number, "sentence", text, stance, names, hard, joins=kind == "S")


def _count(path: Path, number: int, line: str) -> MarkedCount:
    match = _COUNT.match(line)
    if not match:
        raise _fail(path, number, "a count is `# surface[=value] unit @label [options]`")
    options: dict[str, str] = {}
    for word in match["options"].split():
        key, _, value = word.partition("=")
        if key not in ("kind", "bound", "max", "part", "scope", "neg0"):
            raise _fail(path, number, f"unknown count option {key!r}")
        options[key] = value
    negated = "neg0" in options
    surface = match["surface"]
    try:
        value = Decimal(match["value"] or surface.replace(",", "").replace("，", ""))
        top = Decimal(options["max"]) if "max" in options else None
    except InvalidOperation:
        raise _fail(path, number, f"the value of {surface!r} must be given: {surface}=<digits>") from None
    kind, bound = options.get("kind", "count"), options.get("bound", "exact")
    if kind not in KINDS or bound not in BOUNDS:
        raise _fail(path, number, f"unknown kind or bound: {kind}, {bound}")
    unit = "" if match["unit"] == "-" else match["unit"]
    return MarkedCount(
        "" if negated else surface, value, unit, match["label"], kind, bound, top, options.get("part", ""),
        options.get("scope", ""), negated,
    )  # fmt: skip


def markup_files(folder: Path) -> Iterator[Path]:
    """All files of the notation under a folder, in order."""
    yield from sorted(folder.rglob("*.report"))
