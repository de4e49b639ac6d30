"""Prose from a ledger: sentences with their counts, so that what is said and what is true are known together."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from ..schema import Cell, Count, CountKind, Report, Section, SectionId, Sentence
from ..template.load import statute
from ..template.rules import load_rules
from ..template.yamlfile import load_yaml
from .ledger import Ledger

_PHRASES = Path(__file__).with_name("phrases.yaml")
TITLES = {
    "overview": "一、总体情况",
    "proactive_disclosure": "二、主动公开政府信息情况",
    "requests": "三、收到和处理政府信息公开申请情况",
    "review_litigation": "四、政府信息公开行政复议、行政诉讼情况",
    "problems_improvements": "五、存在的主要问题及改进情况",
    "other_matters": "六、其他需要报告的事项",
}
_MARK = re.compile(
    r"\[(?P<before>[^\[\]{}]+)\]\{(?P<a>[^{}]+)\}|\{(?P<b>[^{}]+)\}\[(?P<after>[^\[\]{}]+)\]|\{(?P<c>[^{}]+)\}"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A number in a sentence; ``start``/``end`` slice the number in the sentence, ``whole`` is the fact it is part of."""

    fact: str
    item: str
    label: str
    value: Decimal
    unit: str
    kind: str
    start: int
    end: int
    whole: str = ""
    negated_zero: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence or heading with its numbers."""

    text: str
    told: tuple[Told, ...] = ()
    kind: str = "sentence"


@dataclass(slots=True)
class Composition:
    """A whole report before it is rendered. ``sections`` maps section ids to paragraphs of sentences."""

    agency: str
    own_name: str
    year: int
    template: str
    title: str
    preamble: str
    ledger: Ledger
    sections: dict[str, list[list[Said]]]
    titles: dict[str, str] = field(default_factory=lambda: dict(TITLES))
    facts: dict[str, Decimal] = field(default_factory=dict)
    script: str = "hans"

    def report(self) -> Report:
        """The composition as a report in which everything was read, cut and counted right."""
        return _as_report(self)


@lru_cache(maxsize=1)
def phrases() -> Mapping[str, Any]:
    """The phrase book, read once."""
    return cast("Mapping[str, Any]", load_yaml(_PHRASES))


def compose(
    rng: random.Random, ledger: Ledger, *, agency: str = "", own_name: str = "", year: int = 2023, title: str = ""
) -> Composition:
    """Say what the ledger holds.

    Args:
        rng: the source of chance.
        ledger: balanced tables.
        agency: its name; drawn when empty, with what it calls itself.
        year: the report year.
    """
    book = phrases()
    if not agency:
        drawn = rng.choice(book["agencies"])
        agency, own_name = drawn["name"], drawn["self"]
    facts = _facts(rng, ledger)
    writer = _Writer(rng, agency, own_name or "本机关", year, facts)
    sections: dict[str, list[list[Said]]] = {name: [] for name in TITLES}
    numbered = iter("一二三四五六七八九")
    for group, ways in book["overview"].items():
        sentences = writer.say(rng.choice(ways))
        if group != "opening":
            sections["overview"].append([Said(f"（{next(numbered)}）{group}", kind="heading")])
        if sentences:
            sections["overview"].append(sentences)
    sections["problems_improvements"] = [writer.say([s]) for s in rng.choice(book["problems_improvements"])]
    sections["other_matters"] = [writer.say(rng.choice(book["other_matters"]))]
    return Composition(
        agency=agency,
        own_name=own_name or "本机关",
        year=year,
        template=ledger.template,
        title=title or f"{agency}{year}年政府信息公开工作年度报告",
        preamble=writer.fill(rng.choice(book["preamble"])),
        ledger=ledger,
        sections=sections,
        facts=facts,
    )


def _facts(rng: random.Random, ledger: Ledger) -> dict[str, Decimal]:
    sets = load_rules().sets
    facts: dict[str, Decimal] = {"zero": Decimal(0)}
    specs = phrases()["facts"]
    for name, spec in specs.items():
        if "cells" in spec:
            facts[name] = Decimal(ledger.number(*spec["cells"]))
        elif "group" in spec:
            rows = (
                ["other_processing"] if spec["group"] == "other" and ledger.template == "f2019" else sets[spec["group"]]
            )
            facts[name] = Decimal(ledger.number(*(f"t3.{row}.total" for row in rows)))
        elif "draw" in spec:
            facts[name] = Decimal(rng.randint(*spec["draw"]))
    for name, spec in specs.items():
        if "sum" in spec:
            facts[name] = sum((facts[part] for part in spec["sum"]), Decimal(0))
        elif "share" in spec:
            whole = facts[spec["of"]]
            share = facts[spec["share"]] * 100 / whole if whole else Decimal(0)
            facts[name] = share.quantize(Decimal("0.1"))
    return facts


class _Writer:
    """Fills phrases with facts."""

    def __init__(self, rng: random.Random, agency: str, own_name: str, year: int, facts: Mapping[str, Decimal]) -> None:
        self.rng, self.facts = rng, facts
        self.names = {"@A": agency, "@S": own_name, "@Y": str(year)}

    def fill(self, text: str) -> str:
        """Put in agency and year."""
        for mark, name in self.names.items():
            text = text.replace(mark, name)
        return text

    def say(self, ways: list[str]) -> list[Said]:
        """The sentences of one way to say a thing; what is nought is said in words or left out."""
        said = []
        zero = phrases()["zero"]
        for way in ways:
            names = [re.split(r"[:<]", m["a"] or m["b"] or m["c"])[0] for m in _MARK.finditer(way)]
            if names and names[0] != "zero" and self.facts[names[0]] == 0:
                if names[0] in zero:
                    said.append(self.sentence(zero[names[0]]))
                continue
            said.append(self.sentence(way))
        return said

    def sentence(self, pattern: str) -> Said:
        """One sentence with its numbers."""
        pattern = self.fill(pattern)
        text: list[str] = []
        told: list[Told] = []
        length = at = 0
        for match in _MARK.finditer(pattern):
            text.append(pattern[at : match.start()])
            length += match.start() - at
            at = match.end()
            label = match["before"] or match["after"] or ""
            name, _, rest = (match["a"] or match["b"] or match["c"]).partition(":")
            unit, _, whole = rest.partition("<")
            value = self.facts[name]
            item = phrases()["facts"].get(name, {}).get("item", "processing_fee_yuan" if name == "zero" else "")
            zero = unit == "0"
            number = "" if zero else _figures(value)
            if match["before"]:
                text.append(label)
                length += len(label)
            start = length - len(label) if zero else length
            surface = number + ("" if zero else unit)
            end = start + (len(label) if zero else len(number))
            text.append(surface)
            length += len(surface)
            if match["after"]:
                text.append(label)
                length += len(label)
            kind = "percent" if unit == "%" else "money" if name == "zero" else "count"
            told.append(Told(name, item, label, value, "" if zero else unit, kind, start, end, whole, zero))
        text.append(pattern[at:])
        return Said("".join(text), tuple(told))


def _figures(value: Decimal) -> str:
    return str(int(value)) if value == value.to_integral_value() and value.as_tuple().exponent == 0 else str(value)


def retell(said: Said, at: int, figures: str) -> Said:
    """The sentence with its ``at``-th number replaced by ``figures``, offsets moved along."""
    old = said.told[at]
    moved = len(figures) - (old.end - old.start)
    text = said.text[: old.start] + figures + said.text[old.end :]
    told = [
        replace(t, value=Decimal(figures), end=t.end + moved)
        if n == at
        else replace(t, start=t.start + moved, end=t.end + moved)
        if t.start >= old.end
        else t
        for n, t in enumerate(said.told)
    ]
    return Said(text, tuple(told), said.kind)


def _as_report(composition: Composition) -> Report:
    lines: list[str] = []
    length = 0

    def put(line: str) -> int:
        nonlocal length
        start = length
        lines.append(line)
        length += len(line) + 1
        return start

    put(composition.title)
    preamble = put(composition.preamble)
    sections = [Section("preamble", 1, "", preamble, length - 1, preamble)]
    sentences: list[Sentence] = []
    counts: list[Count] = []
    paragraph = 0
    for ordinal, (name, paragraphs) in enumerate(composition.sections.items(), 2):
        if name not in composition.titles:
            continue
        title = composition.titles[name]
        start = put(title)
        body = length
        heading = ""
        told_before: dict[str, str] = {}
        for said_paragraph in paragraphs:
            paragraph += 1
            at = length
            for said in said_paragraph:
                sentence_id = f"s{len(sentences) + 1:04d}"
                sentences.append(
                    Sentence(
                        sentence_id,
                        cast("SectionId", name),
                        "heading" if said.kind == "heading" else "sentence",
                        said.text,
                        at,
                        at + len(said.text),
                        heading_path=(title, heading) if heading else (title,),
                        paragraph=paragraph,
                    )
                )
                if said.kind == "heading":
                    heading = said.text
                for told in said.told:
                    count_id = f"c{len(counts) + 1:04d}"
                    label_at = said.text.find(told.label) if told.label else -1
                    left = min(label_at, told.start) if 0 <= label_at < told.start else told.start
                    right = told.end + len(told.unit)
                    counts.append(
                        Count(
                            count_id=count_id,
                            sentence_id=sentence_id,
                            section=cast("SectionId", name),
                            text=said.text[left:right],
                            start=at + left,
                            end=at + right,
                            number_start=at + told.start,
                            number_end=at + told.end,
                            label=told.label,
                            label_start=at + label_at if label_at >= 0 else -1,
                            label_end=at + label_at + len(told.label) if label_at >= 0 else -1,
                            value=told.value,
                            unit=told.unit,
                            kind=cast("CountKind", told.kind),
                            negated_zero=told.negated_zero,
                            part_of=told_before.get(told.whole),
                            item=told.item,
                        )
                    )
                    told_before[told.fact] = count_id
                at += len(said.text)
            put("".join(said.text for said in said_paragraph))
        sections.append(Section(cast("SectionId", name), ordinal, title, start, length - 1, body, numeral=ordinal - 1))
    ledger = composition.ledger
    cells = tuple(
        Cell(
            c.cell_id,
            c.table,
            c.row,
            c.column,
            None if c.cell_id in ledger.printed else ledger.values.get(c.cell_id),
            ledger.text(c.cell_id),
            "ok" if ledger.values.get(c.cell_id) is not None and c.cell_id not in ledger.printed else "missing",
        )
        for c in statute().cells(ledger.template)
    )
    return Report(
        report_id="composed",
        path="composed.txt",
        sha256="",
        text="\n".join(lines),
        title=composition.title,
        agency=composition.agency,
        year=composition.year,
        template=ledger.template,  # type: ignore[arg-type]
        format="text",
        sections=tuple(sections),
        sentences=tuple(sentences),
        counts=tuple(counts),
        cells=cells,
    )
