"""Second, blind labels of corpus reports: sheets to label on, the files they come back in, and what is agreed on.

A second labeller gets the text of a report without labels (:func:`sheet`) and answers with one line a unit. The answers
stand beside the report as ``<id>.second``, tab-separated, so that first, second and third opinion can be read side by side::

    % second: l01
    % adjudicator: a01
    3	achievement proactive_disclosure	achievement -	achievement proactive_disclosure	全年公开政府信息
    4	achievement request_handling	=		未收到申请。

Columns: number of the unit among the labelled units of the report; the writer's labels; the second labeller's (``=``: the same);
the adjudicator's, only where the two differ; how the unit begins. What at least two of the three gave is required, what one gave
is optional; the stance is that of two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import DataFileError
from .markup import MarkedReport

_BEGINNING = 12


@dataclass(frozen=True, slots=True)
class Labelling:
    """One person's labels of one unit."""

    stance: str
    themes: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> Labelling:
        """From ``stance theme,theme`` (``-`` for no theme).

        Raises:
            ValueError: it is not of that form.
        """
        stance, names = text.split()
        return cls(stance, frozenset() if names == "-" else frozenset(names.split(",")))

    def __str__(self) -> str:
        return f"{self.stance} {','.join(sorted(self.themes)) or '-'}"


@dataclass(slots=True)
class Second:
    """The second labels of one report: who gave them, and three opinions a unit (the third only where two differ)."""

    labeller: str = ""
    adjudicator: str = ""
    units: dict[int, tuple[Labelling, Labelling, Labelling | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What two of three gave (``stance``, ``themes``) and what only one of them gave (``optional``)."""

    stance: str
    themes: frozenset[str]
    optional: frozenset[str]


def agreed(first: Labelling, second: Labelling, third: Labelling | None) -> Agreed:
    """Join two or three opinions.

    Example:
        >>> a, b = Labelling("plan", frozenset({"training"})), Labelling("plan", frozenset({"training", "staffing"}))
        >>> sorted(agreed(a, b, a).themes), sorted(agreed(a, b, a).optional)
        (['training'], ['staffing'])
    """
    votes = [first, second, *([third] if third is not None else [])]
    given = frozenset().union(*(v.themes for v in votes))
    themes = frozenset(t for t in given if sum(t in v.themes for v in votes) >= 2)
    stances = [v.stance for v in votes]
    stance = next((s for s in stances if stances.count(s) >= 2), votes[-1].stance)
    return Agreed(stance, themes, given - themes)


def sheet(marked: MarkedReport) -> str:
    """The text of a report as a blind sheet: headings for the eye, labelled units numbered, no labels."""
    lines = [f"% report: {marked.meta['id']}", f"% {marked.meta['title']}"]
    number = 0
    for section in marked.sections:
        lines.append(f"[{section.section}] {section.heading}")
        for unit in section.units:
            if unit.kind == "heading":
                lines.append(f"    {unit.text}")
                continue
            number += 1
            lines.append(f"{number}{'' if unit.joins else ' ¶'} | {unit.text}")
    return "\n".join(lines) + "\n"


def sentences_of(marked: MarkedReport) -> Iterator[tuple[int, Any]]:
    """The labelled units of a report, numbered as on its sheet."""
    units = (unit for section in marked.sections for unit in section.units if unit.kind == "sentence")
    yield from enumerate(units, 1)


def read_second(path: Path, marked: MarkedReport, *, themes: frozenset[str], stances: frozenset[str]) -> Second:
    """Read the ``.second`` file of a report.

    Raises:
        DataFileError: NR301 with file and line, for the first thing that does not hold: an unknown label, a unit that is
            not there or begins otherwise, a first label that is not the writer's, a difference without a third opinion.
    """
    found = Second()
    units = dict(sentences_of(marked))
    try:
        written = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError("NR301", path=str(path), detail=str(error)) from error
    for number, line in enumerate(written.splitlines(), 1):

        def fail(what: str, line: int = number) -> DataFileError:
            return DataFileError("NR301", path=str(path), detail=f"line {line}: {what}")

        if not line.strip():
            continue
        if line.startswith("%"):
            key, _, value = line[1:].partition(":")
            if key.strip() in ("second", "adjudicator"):
                setattr(found, "labeller" if key.strip() == "second" else "adjudicator", value.strip())
            continue
        cells = line.split("\t")
        if len(cells) != 5 or not cells[0].isdecimal() or int(cells[0]) not in units:
            raise fail("expected `number<TAB>first<TAB>second<TAB>third<TAB>beginning` of a unit of this report")
        unit = units[int(cells[0])]
        if int(cells[0]) in found.units:
            raise fail(f"unit {cells[0]} was labelled above")
        if not cells[4].strip("…") or not unit.text.startswith(cells[4].rstrip("…")):
            raise fail(f"unit {cells[0]} begins with {unit.text[:_BEGINNING]!r}, not {cells[4]!r}")
        try:
            first = Labelling.parse(cells[1])
            second = first if cells[2] == "=" else Labelling.parse(cells[2])
            third = Labelling.parse(cells[3]) if cells[3].strip() else None
        except ValueError:
            raise fail("labels are `stance theme,theme`, `-` for no theme") from None
        for opinion in (first, second, third):
            if opinion is not None and (opinion.stance not in stances or opinion.themes - themes):
                raise fail(f"unknown label in {cells[1:4]}")
        if (first.stance, first.themes) != (unit.stance, frozenset(unit.themes)):
            raise fail("the first labels are not those of the report")
        if first != second and third is None:
            raise fail("first and second labels differ and nobody has decided")
        found.units[int(cells[0])] = (first, second, third)
    if not found.labeller or (not found.adjudicator and any(third for *_, third in found.units.values())):
        raise DataFileError(
            "NR301", path=str(path), detail="line 1: who labelled and who decided (% second:, % adjudicator:)"
        )
    return found


def write_second(
    marked: MarkedReport, second: Sequence[Labelling], third: dict[int, Labelling], *, labeller: str, adjudicator: str
) -> str:
    """The text of a ``.second`` file for one report; ``third`` holds the decisions by number of the unit."""
    lines = [f"% second: {labeller}", f"% adjudicator: {adjudicator}"]
    for (number, unit), opinion in zip(sentences_of(marked), second, strict=True):
        first = Labelling(unit.stance, frozenset(unit.themes))
        same = opinion == first
        cells = [str(number), str(first), "=" if same else str(opinion), "" if same else str(third[number])]
        lines.append("\t".join([*cells, unit.text[:_BEGINNING]]))
    return "\n".join(lines) + "\n"
