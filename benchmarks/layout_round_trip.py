"""One matrix of values in every layout, script and file format, read back: the table in docs/layouts.md.

    python benchmarks/layout_round_trip.py [--write] [--no-pdf]

A cell of the table is the number of cells read right of all printed (both forms, 398), and the number of wrong ones when
there are any. Flattened layouts stand in the paragraphs of each format; the row `merged` is a real table with merged cells.
PDF is printed by Chromium (needs playwright and chromium); `--write` puts the table into docs/layouts.md.
"""

from __future__ import annotations

import io
import random
import shutil
import sys
from collections.abc import Callable
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

from nlp_reports.parse import parse
from nlp_reports.read import read_bytes
from nlp_reports.synth.layouts import LAYOUTS, convert, flatten, grid, printed, width_of
from nlp_reports.template import statute

DOCS = Path(__file__).parent.parent / "docs" / "layouts.md"
BEGIN, END = "<!-- round trip: begin -->", "<!-- round trip: end -->"
SCRIPTS = ("hans", "s2t", "s2tw", "s2hk")
FORMS = ("f2021", "f2019")
TITLE = "青禾县民政局{year}年政府信息公开工作年度报告"
HEADINGS = {
    "t2": "二、主动公开政府信息情况",
    "t3": "三、收到和处理政府信息公开申请情况",
    "t4": "四、政府信息公开行政复议、行政诉讼情况",
}
BEFORE = ["一、总体情况", "全年主动公开信息30条，办理申请2件。"]
AFTER = [
    "五、存在的主要问题及改进情况",
    "更新不够及时，下一步将加强培训。",
    "六、其他需要报告的事项",
    "本年度没有其他需要报告的事项。",
]
Part = str | list[list[Any]]


def matrix(form: str) -> dict[str, int]:
    rng = random.Random(20)
    return {c.cell_id: rng.choice([0, 0, 0, 1, 2, 5, 10, 12, 37, 100, 1204]) for c in statute().cells(form)}


def parts(form: str, layout: str, script: str) -> list[Part]:
    """The report as lines, tables as lines of the layout or (``merged``) as printed rows."""
    found: list[Part] = [TITLE.format(year=2023 if form == "f2021" else 2019), *BEFORE]
    values = matrix(form)
    for table, heading in HEADINGS.items():
        found.append(heading)
        rows = printed("t2_2019" if table == "t2" and form == "f2019" else table, values, template=form, script=script)
        found += [rows] if layout == "merged" else [line for line in flatten(rows, layout)]
    return [p if isinstance(p, list) else convert(p, script) for p in [*found, *AFTER]]


def as_text(content: list[Part]) -> bytes:
    return "\n".join(str(p) for p in content).encode()


def as_html(content: list[Part]) -> bytes:
    body = []
    for part in content:
        if isinstance(part, str):
            body.append(f"<p>{escape(part)}</p>")
            continue
        rows = []
        for row in part:
            cells = (f'<td colspan="{c.colspan}" rowspan="{c.rowspan}">{escape(c.text)}</td>' for c in row)
            rows.append("<tr>" + "".join(cells) + "</tr>")
        body.append("<table>" + "".join(rows) + "</table>")
    style = "table{border-collapse:collapse}td{border:1px solid #000;padding:2px;font-size:10px}p{margin:2px;font-size:11px}"
    page = f'<meta charset="utf-8"><title>年报</title><style>{style}</style></head><body><div class="article">'
    return f"<!doctype html><html><head>{page}{''.join(body)}</div></body></html>".encode()


def as_docx(content: list[Part]) -> bytes:
    from docx import Document

    document = Document()
    for part in content:
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        table = document.add_table(rows=len(part), cols=width_of(part))
        for row, column, cell in grid(part):
            first = table.cell(row, column)
            if cell.rowspan > 1 or cell.colspan > 1:
                first = first.merge(table.cell(row + cell.rowspan - 1, column + cell.colspan - 1))
            first.text = cell.text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def count(form: str, data: bytes, name: str) -> tuple[int, int]:
    """Cells right and cells wrong."""
    report = parse(read_bytes(data, path=name)[0])
    values, read = matrix(form), {c.cell_id: c.value for c in report.cells}
    right = sum(1 for c, v in values.items() if read.get(c) == Decimal(v))
    return right, sum(1 for c, v in read.items() if v is not None and values.get(c) != v)


def table(formats: dict[str, Callable[[list[Part]], bytes]]) -> list[str]:
    lines = ["| layout | script | " + " | ".join(formats) + " |", "|---|---|" + "---:|" * len(formats)]
    for layout in ("merged", *LAYOUTS):
        for script in SCRIPTS:
            row = []
            for name, make in formats.items():
                if layout == "merged" and name == "txt":
                    row.append("")
                    continue
                counts = [count(form, make(parts(form, layout, script)), f"report.{name}") for form in FORMS]
                right, wrong = (sum(c) for c in zip(*counts, strict=True))
                row.append(f"{right}" + (f" ({wrong} wrong)" if wrong else ""))
            lines.append(f"| {layout} | {script} | " + " | ".join(row) + " |")
            print(lines[-1], file=sys.stderr, flush=True)
    return lines


def main(arguments: list[str]) -> None:
    formats: dict[str, Callable[[list[Part]], bytes]] = {"txt": as_text, "html": as_html, "docx": as_docx}
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium and "--no-pdf" not in arguments:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page()

            def as_pdf(content: list[Part]) -> bytes:
                page.set_content(as_html(content).decode())
                return page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "15mm"))

            lines = table({**formats, "pdf": as_pdf})
            browser.close()
    else:
        lines = table(formats)
    total = sum(len(statute().cells(form)) for form in FORMS)
    lines = [f"Cells read right of {total} (200 of the 2021 form, 198 of the 2019 form).", "", *lines]
    if "--write" in arguments:
        text = DOCS.read_text("utf-8")
        head, rest = text.split(BEGIN, 1)
        DOCS.write_text(head + BEGIN + "\n" + "\n".join(lines) + "\n" + END + rest.split(END, 1)[1], "utf-8")
    else:
        print("\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1:])
