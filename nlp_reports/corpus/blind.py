"""From blind sheets to second labels: answers, the cases in which two labellers differ, and what a third decides.

A second labeller writes ``<id>.lab`` beside ``<id>.sheet``: one line a unit, number, stance, themes. Where the answers differ from
the writer's labels a third person decides, on a file of cases that does not say who gave which label (``A`` and ``B`` change
sides from case to case) and in which the line after ``=>`` is to be filled in with ``A``, ``B`` or labels of one's own::

    w01-01 12 | 一、总体情况 > （一）主动公开情况
        before: 全年公开政府信息162条。
        unit: 两名新手跟班学习。
        A: achievement training
        B: achievement staffing,training
        => B
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from ..errors import DataFileError
from .markup import MarkedReport
from .second import Labelling, sentences_of

_CASE = re.compile(r"(\S+) (\d+) \| ")
_SHOWN = re.compile(r"\s+(unit|A|B): (.*)")
_ANSWER = re.compile(r"(\d+)\s+(\S+)\s+(\S+)")


@dataclass(frozen=True, slots=True)
class Case:
    """A unit on which two labellers differ: where it stands, what it says, what each of them gave."""

    report: str
    number: int
    headings: tuple[str, ...]
    before: str
    text: str
    first: Labelling
    second: Labelling

    @property
    def sides(self) -> tuple[Labelling, Labelling]:
        """The two labellings as ``A`` and ``B``: which is which depends on report and number only, and looks random."""
        turned = blake2b(f"{self.report} {self.number}".encode(), digest_size=1).digest()[0] % 2
        return (self.second, self.first) if turned else (self.first, self.second)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError("NR301", path=str(path), detail=str(error)) from error


def _labelling(text: str, *, themes: frozenset[str], stances: frozenset[str]) -> Labelling:
    """Read ``stance themes``.

    Raises:
        ValueError: with what is wrong, for a person.
    """
    try:
        found = Labelling.parse(text)
    except ValueError:
        raise ValueError(f"{text!r} is not `stance theme,theme` (`-` for no theme)") from None
    if found.stance not in stances:
        raise ValueError(f"unknown stance {found.stance!r}")
    if unknown := found.themes - themes:
        raise ValueError(f"unknown theme {min(unknown)!r}")
    return found


def read_answers(
    path: Path, marked: MarkedReport, *, themes: frozenset[str], stances: frozenset[str]
) -> list[Labelling]:
    """The answers of a labeller to one sheet, in order of the units.

    Raises:
        DataFileError: NR301 with file and line: an unknown label, a unit that the report does not have, two answers to one
            unit, or a unit without an answer.
    """
    wanted = [number for number, _ in sentences_of(marked)]
    found: dict[int, Labelling] = {}
    for at, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            match = _ANSWER.fullmatch(line.strip())
            if match is None:
                raise ValueError("expected `number stance theme,theme` (`-` for no theme)")
            number = int(match[1])
            if number not in wanted:
                raise ValueError(f"the report has no unit {number}")
            if number in found:
                raise ValueError(f"unit {number} was labelled above")
            found[number] = _labelling(f"{match[2]} {match[3]}", themes=themes, stances=stances)
        except ValueError as error:
            raise DataFileError("NR301", path=str(path), detail=f"line {at}: {error}") from None
    if missing := [number for number in wanted if number not in found]:
        raise DataFileError("NR301", path=str(path), detail=f"no label for unit {missing[0]} (of {len(missing)} such)")
    return [found[number] for number in wanted]


def differences(marked: MarkedReport, second: Sequence[Labelling]) -> Iterator[Case]:
    """The units of a report on which the second labeller differs from the writer, with their surroundings."""
    answers = iter(second)
    number = 0
    for section in marked.sections:
        path: list[tuple[int, str]] = []
        before = ""
        for unit in section.units:
            if unit.kind == "heading":
                path = [(level, text) for level, text in path if level < unit.level] + [(unit.level, unit.text)]
                before = ""
                continue
            number += 1
            first, answer = Labelling(unit.stance, frozenset(unit.themes)), next(answers)
            if first != answer:
                headings = (section.heading or section.section, *(text for _, text in path))
                yield Case(str(marked.meta["id"]), number, headings, before, unit.text, first, answer)
            before = unit.text


def case_sheet(cases: Iterable[Case]) -> str:
    """The cases as a file to be filled in by a third person."""
    blocks = []
    for case in cases:
        a, b = case.sides
        blocks.append(
            f"{case.report} {case.number} | {' > '.join(case.headings)}\n"
            f"    before: {' '.join(case.before.split())}\n    unit: {' '.join(case.text.split())}\n    A: {a}\n    B: {b}\n    =>\n"
        )
    return "\n".join(blocks)


def read_decisions(
    path: Path, cases: Iterable[Case], *, themes: frozenset[str], stances: frozenset[str]
) -> Mapping[tuple[str, int], Labelling]:
    """What a third person decided, by report and number of the unit.

    Raises:
        DataFileError: NR301 with file and line: a case that is not among ``cases``, one that was decided on another text or
            other labels than it has now, one decided twice or not at all, an unknown label.
    """
    open_cases = {(case.report, case.number): case for case in cases}
    decided: dict[tuple[str, int], Labelling] = {}
    current: Case | None = None
    shown: dict[str, str] = {}
    for at, line in enumerate(_lines(path), 1):
        try:
            if match := _CASE.match(line):
                current = open_cases.get((match[1], int(match[2])))
                if current is None:
                    raise ValueError(
                        f"unit {match[2]} of {match[1]} is no case: its labels are the same or it is not there"
                    )
                shown = {}
            elif match := _SHOWN.fullmatch(line):
                shown[match[1]] = match[2].strip()
            elif line.strip().startswith("=>"):
                answer = line.strip()[2:].strip()
                if current is None:
                    raise ValueError("a decision without a case above it")
                key = (current.report, current.number)
                if key in decided:
                    raise ValueError(f"unit {key[1]} of {key[0]} was decided above")
                if not answer:
                    raise ValueError(f"unit {key[1]} of {key[0]} is not decided: write A, B or labels after `=>`")
                a, b = current.sides
                if shown != {"unit": " ".join(current.text.split()), "A": str(a), "B": str(b)}:
                    raise ValueError(
                        f"unit {key[1]} of {key[0]} reads otherwise by now: its text or labels have changed"
                    )
                sides = {"A": a, "B": b}
                decided[key] = sides.get(answer) or _labelling(answer, themes=themes, stances=stances)
        except ValueError as error:
            raise DataFileError("NR301", path=str(path), detail=f"line {at}: {error}") from None
    if missing := [key for key in open_cases if key not in decided]:
        report, number = missing[0]
        detail = f"unit {number} of {report} is not decided (of {len(missing)} such)"
        raise DataFileError("NR301", path=str(path), detail=detail)
    return decided
