"""Many reports: streamed, in order, over worker processes; one bad file never stops the run.

This is the only module that starts processes. Workers get paths and hand back plain rows of the output contract; the
main process writes them in the order of the inputs. A worker that dies (a crash in a native library, memory) costs the
file that killed it and no other.
"""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import __version__, export
from .errors import ReportError
from .parse import parse
from .pipeline import Pipeline
from .read import Source, read_all
from .read.sources import MAX_BYTES
from .schema import SCHEMA_VERSION, Report
from .segment import Segmenter

#: A file to read, or an input that could not be expanded into files: a value like any other, reported in its place.
Input = Source | ReportError


@dataclass(frozen=True, slots=True)
class Settings:
    """What a worker needs to build its pipeline; plain values, so that it crosses process borders."""

    model: str | None = None
    granularity: str = "item"
    lexicon: str | None = None
    rules: str | None = None
    max_bytes: int = MAX_BYTES
    debug: bool = False
    explain: bool = False
    certainty: float = 0.0

    def pipeline(self) -> Pipeline:
        """Build the pipeline that these settings describe."""
        return Pipeline.default(
            model=self.model,
            granularity=self.granularity,
            lexicon=Path(self.lexicon) if self.lexicon else None,
            rules=Path(self.rules) if self.rules else None,
            certainty=self.certainty,
            debug=self.debug,
        )


@dataclass(slots=True)
class Totals:
    """What a run came to; ``failures`` holds ``(path, message)`` of every report with status ``error``."""

    reports: int = 0
    sentences: int = 0
    counts: int = 0
    cells: int = 0
    findings: int = 0
    errors: int = 0
    partial: int = 0
    mismatches: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)

    def add(self, tables: export.Rows) -> None:
        """Count the rows of one report."""
        head = tables["reports"][0]
        self.reports += 1
        self.sentences += head["n_sentences"]
        self.counts += head["n_counts"]
        self.cells += head["n_cells"]
        self.findings += head["n_findings"]
        self.mismatches += sum(f["status"] == "mismatch" and f["severity"] == "error" for f in tables["findings"])
        if head["status"] == "error":
            self.errors += 1
            self.failures.append((head["path"], head["error"]))
        elif head["status"] == "partial":
            self.partial += 1


def failed(error: ReportError) -> Report:
    """A report that could not be read, as a value: status ``error`` and the coded message."""
    digest = hashlib.sha256(error.path.encode("utf-8", "surrogateescape")).hexdigest()
    return Report(digest[:16], error.path, "", "", status="error", error=str(error))


_worker: list[tuple[Settings, Pipeline]] = []


def _process(source: Input, settings: Settings) -> list[Report]:
    if isinstance(source, ReportError):
        return [failed(source)]
    if not _worker or _worker[0][0] != settings:
        _worker[:] = [(settings, settings.pipeline())]
    pipeline = _worker[0][1]
    try:
        reports = read_all(source, max_bytes=settings.max_bytes)
    except Exception as cause:
        if settings.debug:
            raise
        detail = f"read ({type(cause).__name__}: {cause})"
        return [failed(ReportError("NR201", path=source.path, detail=detail))]
    return [pipeline(report) for report in reports]


def _process_rows(source: Input, settings: Settings) -> list[export.Rows]:
    return [export.rows(report, explain=settings.explain) for report in _process(source, settings)]


def stream(sources: Iterable[Input], *, settings: Settings, workers: int = 1) -> Iterator[export.Rows]:
    """Tag sources and yield the rows of each report, in the order of the sources.

    Args:
        sources: files, in the order in which results are wanted; consumed lazily.
        settings: what to build the pipeline from.
        workers: processes; 1 runs in this one.
    """
    if workers <= 1:
        for source in sources:
            yield from _process_rows(source, settings)
        return
    yield from _parallel(iter(sources), settings, workers)


def _parallel(sources: Iterator[Input], settings: Settings, workers: int) -> Iterator[export.Rows]:
    waiting: deque[tuple[Input, Future[list[export.Rows]] | None]] = deque()
    pool = ProcessPoolExecutor(workers)
    try:
        while True:
            # A bounded window keeps memory flat however many files there are.
            while len(waiting) < workers * 8:
                source = next(sources, None)
                if source is None:
                    break
                try:
                    waiting.append((source, pool.submit(_process_rows, source, settings)))
                except BrokenProcessPool:
                    waiting.append((source, None))
            if not waiting:
                return
            source, future = waiting.popleft()
            try:
                if future is None:
                    raise BrokenProcessPool
                yield from future.result()
            except BrokenProcessPool:
                yield from _alone(source, settings)
                pool.shutdown(wait=False, cancel_futures=True)
                pool = ProcessPoolExecutor(workers)
                waiting = deque((s, _again(pool, s, f, settings)) for s, f in waiting)
    finally:
        # Waiting matters: a pool that is left behind writes a traceback when the interpreter ends.
        pool.shutdown(wait=True, cancel_futures=True)


def _again(
    pool: ProcessPoolExecutor, source: Input, future: Future[list[export.Rows]] | None, settings: Settings
) -> Future[list[export.Rows]]:
    finished = future is not None and future.done() and not future.cancelled() and future.exception() is None
    if finished and future is not None:
        return future
    return pool.submit(_process_rows, source, settings)


def _alone(source: Input, settings: Settings) -> list[export.Rows]:
    """Run one file in a process of its own, to tell the file that kills a worker from its neighbours."""
    with ProcessPoolExecutor(1) as pool:
        try:
            return pool.submit(_process_rows, source, settings).result()
        except BrokenProcessPool:
            path = source.path
            detail = "read (the worker process was killed)"
            return [export.rows(failed(ReportError("NR201", path=path, detail=detail)), explain=settings.explain)]


def run(
    sources: Iterable[Input],
    *,
    out: Path,
    format: export.Format = "parquet",
    settings: Settings,
    workers: int = 1,
    progress: Callable[[Totals, str], None] | None = None,
) -> Totals:
    """Tag sources and write the six tables and ``run.json`` into a folder.

    Args:
        sources: what to read.
        out: the folder; created when missing.
        format: ``parquet``, ``jsonl`` or ``csv``.
        settings: pipeline settings.
        workers: processes.
        progress: called after each report with the totals so far and the report's path.

    Raises:
        ReportError: NR304 when the folder cannot be written; NR301, NR302 for a data file or model.
    """
    name, digest = settings.pipeline().model
    writer = export.Writer(out, format=format, explain=settings.explain)
    totals, inputs, started = Totals(), hashlib.sha256(), time.time()
    for tables in stream(sources, settings=settings, workers=workers):
        writer.write(tables)
        totals.add(tables)
        head = tables["reports"][0]
        inputs.update(f"{head['report_id']} {head['sha256']}\n".encode())
        if progress is not None:
            progress(totals, head["path"])
    writer.close()
    record: Mapping[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "version": __version__,
        "python": platform.python_version(),
        "model": {"name": name, "digest": digest},
        "configuration": {
            "granularity": settings.granularity,
            "lexicon": settings.lexicon,
            "rules": settings.rules,
            "certainty": settings.certainty,
            "format": format,
            "workers": workers,
        },
        "input_digest": inputs.hexdigest(),
        "seconds": round(time.time() - started, 3),
        "totals": {
            name: getattr(totals, name)
            for name in ("reports", "sentences", "counts", "cells", "findings", "errors", "partial", "mismatches")
        },
        "failures": [{"path": path, "error": message} for path, message in totals.failures],
    }
    partial = out / "run.json.partial"
    partial.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    partial.replace(out / "run.json")
    return totals


def iter_reports(sources: Iterable[Input], *, settings: Settings) -> Iterator[Report]:
    """Tag sources one after the other in this process and yield the reports themselves, failed ones as values too."""
    for source in sources:
        yield from _process(source, settings)


def read_and_segment(sources: Iterable[Input], *, max_bytes: int = MAX_BYTES) -> Iterator[Report]:
    """Read, parse and segment sources without tagging them; what cannot be read is left out."""
    stages = Pipeline([("parse", parse), ("segment", Segmenter())])
    for source in sources:
        if not isinstance(source, ReportError):
            yield from (stages(r) for r in read_all(source, max_bytes=max_bytes) if r.status != "error")
