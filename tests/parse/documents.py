"""Reports composed for the tests: tables in any layout between headings and a little prose."""

from __future__ import annotations

import random
from collections.abc import Iterable
from decimal import Decimal

from nlp_reports.parse import parse
from nlp_reports.schema import Cell, Report
from nlp_reports.synth.layouts import Values, convert, flatten, printed
from nlp_reports.template import statute

TITLE = "青禾县民政局2023年政府信息公开工作年度报告"
PREAMBLE = "根据《中华人民共和国政府信息公开条例》规定，现公布青禾县民政局2023年政府信息公开工作年度报告。统计期限自2023年1月1日起至12月31日止。"
HEADINGS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
OVERVIEW = ("2023年，我局主动公开信息30条。", "（一）依申请公开。办理申请2件。")
PROBLEMS = ("一是更新不够及时。", "下一步将加强培训。")
OTHER = ("本年度未收取信息处理费。",)
SECTIONS = (
    "overview",
    "proactive_disclosure",
    "requests",
    "review_litigation",
    "problems_improvements",
    "other_matters",
)


def matrix(
    template: str = "f2021", seed: int = 1, *, blank: float = 0.0, balanced: bool = False
) -> dict[str, int | str | None]:
    """Random values for every cell of a form; ``balanced`` makes the totals of rows right."""
    rng = random.Random(seed)
    values: dict[str, int | str | None] = {}
    for cell in statute().cells(template):
        values[cell.cell_id] = None if rng.random() < blank else rng.choice([0, 0, 0, 1, 2, 5, 10, 12, 37, 100, 1204])
    if balanced:
        for table in ("t3", "t4"):
            for row in statute().rows_of(table, template):
                *parts, total = [c.cell_id for c in row.cells]
                values[total] = sum(int(values[p] or 0) for p in parts)
    return values


def tables(values: Values, template: str = "f2021") -> dict[str, list]:
    """The printed rows of the three tables of a form."""
    names = {"t2": "t2" if template == "f2021" else "t2_2019", "t3": "t3", "t4": "t4"}
    return {key: printed(name, values, template=template) for key, name in names.items()}


def report_lines(
    values: Values,
    *,
    template: str = "f2021",
    layout: str = "C",
    script: str = "hans",
    drop_blanks: bool = False,
    **other: list[str],
) -> list[str]:
    """A whole report as lines; ``t2``, ``t3``, ``t4`` in ``other`` replace the lines of a table."""
    body: list[str] = []
    for key, rows in tables(values, template).items():
        body += [HEADINGS[int(key[1]) - 1], *other.get(key, flatten(rows, layout, drop_blanks=drop_blanks))]
    lines = [TITLE, PREAMBLE, HEADINGS[0], *OVERVIEW, *body, HEADINGS[4], *PROBLEMS, HEADINGS[5], *OTHER]
    return [convert(line, script) for line in lines]


def parsed(lines: Iterable[str]) -> Report:
    """The lines as a parsed report, by the text alone."""
    return parse(Report("", "", "", "\n".join(lines)))


def cells(report: Report) -> dict[str, Cell]:
    return {c.cell_id: c for c in report.cells}


def wrong(report: Report, values: Values) -> list[tuple[str, object, object]]:
    """Cells that are neither right nor without a value, as ``(cell_id, printed, read)``."""
    found = []
    for cell in report.cells:
        want = values.get(cell.cell_id)
        if cell.value is not None and (want is None or cell.value != Decimal(str(want))):
            found.append((cell.cell_id, want, cell.value))
    return found


def unread(report: Report, values: Values) -> list[str]:
    """Cells that were printed and have no value."""
    read = cells(report)
    return [c for c, v in values.items() if v is not None and (c not in read or read[c].value is None)]
