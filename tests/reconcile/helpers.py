"""Reports built by hand: a sentence with its counts in marks, and tables that balance.

``⟦35件|requests_received|申请⟧`` is a count: surface, item, label, then options: ``of=1`` (part of the first count of the
text), ``about``, ``at_least``, ``at_most``, ``scope=…``, ``money``, ``percent``, ``change``, ``zero``. A line break starts
a new paragraph; ``。`` ends a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from nlp_reports.schema import Cell, Count, Report, Section, Sentence
from nlp_reports.template.load import statute

MARK = re.compile(r"⟦([^⟧|]*)\|([^⟧|]*)\|([^⟧|]*)((?:\|[^⟧|]+)*)⟧")

# natural_person, commercial_enterprise, research_institution, public_welfare_org, legal_service_org, other_org, total
BASE_T3 = {
    "new_received": [30, 4, 0, 0, 0, 1, 35],
    "carried_over": [2, 0, 0, 0, 0, 0, 2],
    "granted": [10, 2, 0, 0, 0, 0, 12],
    "partially_granted": [3, 1, 0, 0, 0, 0, 4],
    "refused_process_info": [2, 0, 0, 0, 0, 0, 2],
    "refused_query_matter": [1, 0, 0, 0, 0, 0, 1],
    "unavailable_not_held": [9, 1, 0, 0, 0, 0, 10],
    "unavailable_must_create": [2, 0, 0, 0, 0, 0, 2],
    "rejected_petition": [2, 0, 0, 0, 0, 0, 2],
    "other_other": [2, 0, 0, 0, 0, 1, 3],
    "total_processed": [31, 4, 0, 0, 0, 1, 36],
    "carried_forward": [1, 0, 0, 0, 0, 0, 1],
}
BASE_T4 = {
    "review": [3, 1, 0, 2, 6],
    "litigation_direct": [2, 0, 0, 2, 4],
    "litigation_after_review": [1, 0, 0, 0, 1],
}
BASE_T2 = {
    "t2.normative_documents.issued": 5,
    "t2.normative_documents.repealed": 2,
    "t2.normative_documents.in_force": 40,
    "t2.administrative_license.decisions": 120,
    "t2.administrative_penalty.decisions": 30,
    "t2.administrative_coercion.decisions": 3,
    "t2.administrative_fees.amount_wan_yuan": "12.5",
}


def base_cells(template: str = "f2021", changes: Mapping[str, object] | None = None) -> tuple[Cell, ...]:
    """Cells of a clean report; ``changes`` maps ids to other values, ``None`` for an empty cell, ``"absent"`` for none."""
    values: dict[str, object] = {}
    for spec in statute().cells(template):
        values[spec.cell_id] = 0
    columns = [c.column for c in statute().row("t3", "new_received").cells]
    for row, numbers in BASE_T3.items():
        name = "other_processing" if template == "f2019" and row == "other_other" else row
        values |= {f"t3.{name}.{c}": n for c, n in zip(columns, numbers, strict=True)}
    for block, numbers in BASE_T4.items():
        names = ("upheld", "corrected", "other_result", "pending", "total")
        values |= {f"t4.{block}.{n}": v for n, v in zip(names, numbers, strict=True)}
    values |= {k: v for k, v in BASE_T2.items() if k in values}
    values |= dict(changes or {})
    cells = []
    for cell_id, value in values.items():
        if value == "absent":
            continue
        table, row, column = cell_id.split(".")
        number = None if value is None or value == "/" else Decimal(str(value))
        raw = "" if value is None else str(value)
        cells.append(Cell(cell_id, table, row, column, number, raw, "missing" if number is None else "ok"))
    return tuple(cells)


def marked(text: str) -> tuple[str, list[Count]]:
    """The text without marks, and its counts with offsets into it."""
    out: list[str] = []
    counts: list[Count] = []
    length = at = 0
    for match in MARK.finditer(text):
        out.append(text[at : match.start()])
        length += match.start() - at
        at = match.end()
        surface, item, label, rest = match.groups()
        options = [o for o in rest.split("|") if o]
        digits = re.match(r"[\d.,]+", surface)
        number = digits[0] if digits else ""
        unit = surface[len(number) :].lstrip("余多万") if number else ""
        value = Decimal(number.replace(",", "")) if number else Decimal(0)
        if "万" in surface:
            value *= 10000
        flags = {o for o in options if "=" not in o}
        pairs = dict(o.split("=", 1) for o in options if "=" in o)
        kind = next((k for k in ("money", "percent", "change") if k in flags), "count")
        counts.append(
            Count(
                count_id=f"c{len(counts) + 1:04d}",
                sentence_id="",
                section="overview",
                text=(label if label and text[: match.start()].endswith(label) else "") + surface,
                start=length,
                end=length + len(surface),
                number_start=length,
                number_end=length + (len(number) or len(surface)),
                label=label,
                label_start=-1,
                label_end=-1,
                value=value,
                unit=unit,
                kind=kind,  # type: ignore[arg-type]
                bound=next((b for b in ("about", "at_least", "at_most") if b in flags), "exact"),  # type: ignore[arg-type]
                negated_zero="zero" in flags,
                part_of=f"c{int(pairs['of']):04d}" if "of" in pairs else None,
                scope=pairs.get("scope", ""),
                item=item,
            )
        )
        out.append(surface)
        length += len(surface)
    out.append(text[at:])
    return "".join(out), counts


def build(
    text: str,
    *,
    cells: Mapping[str, object] | None = None,
    template: str = "f2021",
    agency: str = "青禾县人民政府",
    year: int = 2023,
    section: str = "overview",
    title: str = "",
    preamble: str = "",
    tables: bool = True,
    other: str = "",
    without: str = "",
) -> Report:
    """A report with one narrative section, six headings, and the base tables (changed by ``cells``)."""
    title = title or f"{agency}{year}年政府信息公开工作年度报告"
    lines: list[str] = [title]
    sections: list[Section] = []
    sentences: list[Sentence] = []
    counts: list[Count] = []

    def length() -> int:
        return sum(len(line) + 1 for line in lines)

    start = length()
    if preamble:
        lines.append(preamble)
    sections.append(Section("preamble", 1, "", start, length(), start))
    names = [
        "overview",
        "proactive_disclosure",
        "requests",
        "review_litigation",
        "problems_improvements",
        "other_matters",
    ]
    heads = ["一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"]
    heads += ["四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项"]
    fillers = {
        "problems_improvements": "部分栏目更新偏慢，下一步按月检查。",
        "other_matters": other or "本年度没有产生信息处理费。",
    }
    for number, (name, head) in enumerate(zip(names, heads, strict=True), 1):
        if name == without:
            continue
        begin = length()
        lines.append(head)
        body = length()
        content = text if name == section else fillers.get(name, "")
        for paragraph, line in enumerate(content.split("\n") if content else []):
            at = length()
            plain, found = marked(line)
            base = len(counts)
            lines.append(plain)
            spans = [m.span() for m in re.finditer(r"[^。]+。?", plain)]
            ids = []
            for a, b in spans:
                ids.append((a, b, f"s{len(sentences) + 1:04d}"))
                sentences.append(
                    Sentence(ids[-1][2], name, "sentence", plain[a:b], at + a, at + b, paragraph=paragraph)  # type: ignore[arg-type]
                )
            for n, count in enumerate(found):
                sentence = next(i for a, b, i in ids if a <= count.number_start < b or count.number_start == b)
                counts.append(
                    replace(
                        count,
                        count_id=f"c{base + n + 1:04d}",
                        sentence_id=sentence,
                        section=name,  # type: ignore[arg-type]
                        start=count.start + at,
                        end=count.end + at,
                        number_start=count.number_start + at,
                        number_end=count.number_end + at,
                    )
                )
        sections.append(Section(name, number + 1, head, begin, length(), body, numeral=number))  # type: ignore[arg-type]
    return Report(
        report_id="hand",
        path="hand.txt",
        sha256="",
        text="\n".join(lines),
        title=title,
        agency=agency,
        year=year,
        template=template,  # type: ignore[arg-type]
        format="text",
        sections=tuple(sections),
        sentences=tuple(sentences),
        counts=tuple(counts),
        cells=base_cells(template, cells) if tables else (),
    )


def recounted(report: Report) -> Report:
    """The same report, its narrative cut and counted by the real stages instead of by the marks."""
    from nlp_reports.counts import CountExtractor
    from nlp_reports.segment import Segmenter

    sections = []
    for section in report.sections:
        paragraphs, at = [], section.body_start
        for line in report.text[section.body_start : section.end].split("\n"):
            if line:
                paragraphs.append((at, at + len(line)))
            at += len(line) + 1
        sections.append(replace(section, paragraphs=tuple(paragraphs)))
    bare = report.replace(sentences=(), counts=(), sections=tuple(sections))
    return CountExtractor()(Segmenter()(bare))
