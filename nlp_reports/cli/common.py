"""What the commands share: consoles, options, errors as one line, progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from ..errors import ReportError

OK, FOUND, USAGE, FAILED = 0, 1, 2, 3
STATE = {"debug": False}

Inputs = Annotated[
    list[str], typer.Argument(help="Files, folders (searched recursively), globs, or - for standard input.")
]
Model = Annotated[str | None, typer.Option("--model", help="`rules`, a bundled model's name, or a model folder.")]
Lexicon = Annotated[Path | None, typer.Option("--lexicon", help="YAML that extends the count lexicon.")]
Rules = Annotated[
    Path | None, typer.Option("--rules", help="YAML that switches, re-weighs or adds reconciliation rules.")
]
Workers = Annotated[int, typer.Option("--workers", "-j", min=1, help="Worker processes.")]
MaxBytes = Annotated[int, typer.Option("--max-bytes", min=1, help="The largest file that is read.")]


def out() -> Console:
    """Standard output, width and colour as the terminal has them."""
    if sys.stdout.isatty():
        return Console(highlight=False)
    return Console(highlight=False, soft_wrap=True, width=max(int(os.environ.get("COLUMNS", "0") or 0), 120))


def err() -> Console:
    """Standard error."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def choice(value: str, allowed: tuple[str, ...], option: str) -> None:
    """Refuse a value that is not allowed, naming those that are."""
    if value not in allowed:
        raise typer.BadParameter(f"choose {', '.join(allowed)}", param_hint=option)


def splits(value: str) -> str:
    """Check ``--split``: ``all``, or names of splits joined by commas."""
    names = [name.strip() for name in value.split(",")]
    for name in names:
        choice(name, ("train", "dev", "test", "all"), "--split")
    return "all" if "all" in names else ",".join(names)


@contextmanager
def explained() -> Iterator[None]:
    """Turn coded errors into one line and an exit code; let everything through with ``--debug``."""
    try:
        yield
    except ReportError as error:
        if STATE["debug"]:
            raise
        err().print(f"error: {error}", markup=False)
        raise typer.Exit(USAGE) from None
    except KeyboardInterrupt:
        err().print("stopped", markup=False)
        raise typer.Exit(130) from None


def sources_of(inputs: list[str]) -> Iterator[Any]:
    """Expand the inputs one by one: one that is missing is reported in its place, the others are done.

    Raises:
        ReportError: when none of them leads anywhere.
    """
    from ..read import iter_sources

    found, first = False, None
    for name in inputs:
        try:
            for source in iter_sources([name]):
                found = True
                yield source
        except ReportError as error:
            first = first or error
            if len(inputs) > 1:
                yield error
            elif not found:
                raise
    if not found and first is not None:
        raise first


def settings_of(
    model: str | None,
    lexicon: Path | None,
    rules: Path | None,
    granularity: str = "item",
    max_bytes: int = 256 * 1024 * 1024,
    *,
    explain: bool = False,
    certainty: float = 0.0,
) -> Any:
    from ..batch import Settings

    return Settings(
        model=model,
        granularity=granularity,
        lexicon=str(lexicon) if lexicon else None,
        rules=str(rules) if rules else None,
        max_bytes=max_bytes,
        debug=STATE["debug"],
        explain=explain,
        certainty=certainty,
    )


class Progress:
    """A bar on a terminal, a plain line now and then otherwise; always on standard error."""

    def __init__(self) -> None:
        from rich import progress as rich_progress

        self.console = err()
        self.live = self.console.is_terminal
        self.bar = rich_progress.Progress(
            rich_progress.TextColumn("{task.description}"), rich_progress.BarColumn(), rich_progress.MofNCompleteColumn(), rich_progress.TimeElapsedColumn(),
            console=self.console, transient=True,
        )  # fmt: skip
        self.task = self.bar.add_task("tagging", total=None)
        self.next = 1

    def __enter__(self) -> Progress:
        if self.live:
            self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.live:
            self.bar.stop()

    def __call__(self, totals: Any, path: str) -> None:
        if self.live:
            self.bar.update(self.task, completed=totals.reports, description=f"tagging {Path(path).name[:40]}")
        elif totals.reports >= self.next:
            self.console.print(f"{totals.reports} reports, {totals.errors} failed, last {path}", markup=False)
            self.next = totals.reports * 2


def reports_of(inputs: list[str], settings: Any) -> Iterator[Any]:
    from ..batch import iter_reports

    yield from iter_reports(sources_of(inputs), settings=settings)
