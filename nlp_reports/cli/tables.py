"""Tables about classifiers and rules, for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from ..active import LabellingFunction
    from ..evaluation.rulelint import CueReport
    from ..evaluation.shares import TagShare


def shares_table(rows: Sequence[TagShare]) -> Table:
    """Shares as tagged and corrected."""
    table = Table(title=f"{rows[0].units if rows else 0} units")
    for column in ("", "tag", "tagged", "raw", "corrected", "95 % interval"):
        table.add_column(column, justify="left" if column in ("", "tag") else "right")
    for row in rows:
        s = row.share
        between = f"{s.low:.3f} – {s.high:.3f}" if s.low is not None and s.high is not None else "–"
        corrected = "–" if s.corrected is None else f"{s.corrected:.3f}"
        table.add_row(row.kind, row.tag, str(row.tagged), f"{s.raw:.3f}", corrected, between)
    return table


def cues_table(rows: Sequence[CueReport], total: int) -> Table:
    """What a linter says of cues."""
    table = Table(title=f"{len(rows)} of {total} cues")
    for column in ("verdict", "theme", "hits", "precision", "alone", "cue"):
        table.add_column(column, justify="right" if column in ("hits", "precision", "alone") else "left")
    for row in sorted(rows, key=lambda r: (r.verdict, r.theme, -r.hits)):
        precision = "–" if row.precision is None else f"{row.precision:.2f}"
        cue = row.cue if len(row.cue) <= 90 else row.cue[:89] + "…"
        table.add_row(row.verdict, row.theme, str(row.hits), precision, str(row.alone), Text(cue))
    return table


def functions_table(rows: Sequence[LabellingFunction]) -> Table:
    """The rules as labelling functions."""
    table = Table(title="rules as labelling functions")
    for column in ("theme", "rules", "units", "coverage", "overlap", "conflict", "precision"):
        table.add_column(column, justify="left" if column in ("theme", "rules") else "right")
    for row in rows:
        precision = "–" if row.precision is None else f"{row.precision:.3f}"
        shares = (f"{value:.3f}" for value in (row.coverage, row.overlap, row.conflict))
        table.add_row(row.theme, row.strength, str(row.units), *shares, precision)
    return table
