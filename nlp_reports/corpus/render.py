"""Labelled reports as the files that agencies would publish: flattened text, or a page with real tables."""

from __future__ import annotations

from pathlib import Path

from ..classify.taxonomy import load_taxonomy
from ..synth.layouts import table_html
from .ledger import Ledger, printed_values, table_lines
from .markup import MarkedReport, MarkedSection, markup_files, parse_markup

_TABLES = {"proactive_disclosure": ("t2", "t2_2019"), "requests": ("t3",), "review_litigation": ("t4",)}


def render_folder(source: Path, *, out: Path) -> list[Path]:
    """Write one file a report: ``.html`` where its layout says so, else ``.txt`` with tables flattened as layout A … J.

    Raises:
        DataFileError: NR301 with file and line.
    """
    taxonomy = load_taxonomy()
    themes, stances = frozenset(taxonomy.theme_ids), frozenset(taxonomy.stances)
    written = []
    for path in markup_files(source):
        marked = parse_markup(path, themes=themes, stances=stances)
        layout = marked.meta.get("layout", "text-A")
        html = layout == "html"
        text = _html(marked) if html else _text(marked, layout.rpartition("-")[2])
        target = out / f"{marked.meta['id']}.{'html' if html else 'txt'}"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
        written.append(target)
    return written


def _paragraphs(section: MarkedSection) -> list[tuple[str, str]]:
    """``(kind, text)`` of each printed paragraph: units that join are one paragraph."""
    result: list[tuple[str, str]] = []
    for unit in section.units:
        if unit.joins and result:
            kind, text = result[-1]
            result[-1] = ("sentence" if kind == "heading" else kind, text + unit.text)
        else:
            result.append((unit.kind, unit.text))
    return result


def _text(marked: MarkedReport, layout: str) -> str:
    ledger = Ledger(marked)
    lines = [marked.meta["title"]]
    for section in marked.sections:
        lines += [section.heading] if section.heading else []
        lines += [text for _, text in _paragraphs(section)]
        for table in _TABLES.get(section.section, ()):
            if table in marked.tables:
                lines += table_lines(table, ledger, layout=layout)
    return "\n".join(lines) + "\n"


def _html(marked: MarkedReport) -> str:
    from html import escape

    ledger = Ledger(marked)
    title = escape(marked.meta["title"])
    body = [f'<h1 class="title">{title}</h1>', '<div class="article-content">']
    for section in marked.sections:
        if section.heading:
            body.append(f"<p><strong>{escape(section.heading)}</strong></p>")
        body += [f"<p>{escape(text)}</p>" for _, text in _paragraphs(section)]
        for table in _TABLES.get(section.section, ()):
            if table in marked.tables:
                body.append(
                    table_html(
                        table, printed_values(ledger), template=marked.meta["template"], script=marked.meta["script"]
                    )
                )
    body.append("</div>")
    nav = '<div class="nav"><a href="/">首页</a> <a href="/zwgk">政务公开</a></div>'
    foot = '<div class="footer">主办单位 网站地图 联系我们</div>'
    lang = "zh-Hant" if marked.meta["script"] == "hant" else "zh-Hans"
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body>{nav}\n" + "\n".join(body) + f"\n{foot}</body></html>\n"
    )
