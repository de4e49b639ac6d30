"""The command line, and the only room that prints.

Exit codes: 0 done · 1 ``check`` found a mismatch of severity error · 2 wrong usage or nothing to read · 3 some reports failed.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from .. import __version__
from . import checking, corpus, learning, studying, tagging
from .common import STATE, out

app = typer.Typer(
    name="nlp-reports",
    help="Read, segment, tag, count and reconcile 政府信息公开工作年度报告 (annual disclosure reports of Chinese public bodies).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Examples: `nlp-reports tag reports/ --out tagged --format jsonl` · `nlp-reports check report.pdf` · "
    "`nlp-reports page report.html --out page.html`. Exit codes: 0 done, 1 check found errors, 2 usage or nothing "
    "to read, 3 some reports failed.",
)
for part in (tagging, checking, learning, studying):
    app.registered_commands += part.app.registered_commands
app.add_typer(corpus.app)


def _version(value: bool) -> None:
    if value:
        out().print(f"nlp-reports {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
) -> None:
    """Read, segment, tag, count and reconcile annual disclosure reports."""
    STATE["debug"] = debug


def main() -> None:
    """Entry point of the console script."""
    try:
        app()
    except BrokenPipeError:
        sys.exit(0)
