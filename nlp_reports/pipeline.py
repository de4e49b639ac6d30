"""The ordered stages for one report, from text to findings.

A pipeline is an explicit list of ``(name, stage)``; a stage is a callable ``Report -> Report``. A stage that fails
leaves the report as it was, with status ``partial`` and an error that names file, stage and cause; the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import DataFileError, ReportError
from .schema import Report

if TYPE_CHECKING:
    from .classify import Backend

Stage = Callable[[Report], Report]


class Pipeline:
    """Runs stages in order over one report at a time.

    Args:
        stages: ``(name, stage)`` pairs.
        debug: let exceptions of a stage through instead of recording them.

    Example:
        >>> from nlp_reports.read import read_bytes
        >>> text = "某某县水务局2023年政府信息公开工作年度报告\\n一、总体情况\\n公开政府信息12条。\\n"
        >>> report = Pipeline.default()(read_bytes(text.encode(), path="a.txt")[0])
        >>> [(str(c.value), c.unit, c.label) for c in report.counts]
        [('12', '条', '政府信息')]
    """

    def __init__(self, stages: Sequence[tuple[str, Stage]], *, debug: bool = False) -> None:
        self.stages = tuple(stages)
        self.debug = debug
        self._parses = any(name == "parse" for name, _ in self.stages)

    @classmethod
    def default(
        cls,
        *,
        model: str | Path | Backend | None = None,
        granularity: str = "item",
        lexicon: Path | None = None,
        rules: Path | None = None,
        certainty: float = 0.0,
        debug: bool = False,
    ) -> Pipeline:
        """parse → segment → classify → counts → reconcile.

        Args:
            model: a backend, the name of a bundled model, a model folder, or ``None`` for the default model.
            granularity: ``item``, ``sentence`` or ``clause``.
            lexicon: a YAML file that extends the count lexicon.
            rules: a YAML file that switches, re-weighs or adds reconciliation rules.
            certainty: abstain from tags whose probability is below this; 0 gives every tag that the backend gives.
            debug: let exceptions through.

        Raises:
            DataFileError: NR301 or NR302, when a data file or the model cannot be used.
        """
        from .classify import Tagger, load_backend
        from .counts import CountExtractor
        from .parse import parse
        from .reconcile import Reconciler
        from .segment import Segmenter

        backend = load_backend(model) if model is None or isinstance(model, (str, Path)) else model
        return cls(
            [
                ("parse", parse),
                ("segment", Segmenter(granularity=granularity)),  # type: ignore[arg-type]
                ("classify", Tagger(backend, certainty=certainty)),
                ("counts", CountExtractor(lexicon=lexicon)),
                ("reconcile", Reconciler(rules=rules)),
            ],
            debug=debug,
        )

    @property
    def model(self) -> tuple[str, str]:
        """Name and digest of the classifier that tags (both empty without one)."""
        backend = next((getattr(stage, "backend", None) for _, stage in self.stages if hasattr(stage, "backend")), None)
        return (backend.name, backend.digest) if backend is not None else ("", "")

    def __call__(self, report: Report) -> Report:
        if report.status == "error":
            return report
        for name, stage in self.stages:
            try:
                report = stage(report)
            except DataFileError:
                raise
            except Exception as cause:
                if self.debug:
                    raise
                error = ReportError("NR201", path=report.path, detail=f"{name} ({type(cause).__name__}: {cause})")
                first = report.error or str(error)
                report = report.replace(status="partial", error=first)
        if report.status == "ok" and self._parses and _is_something_else(report):
            report = report.replace(status="partial", error=str(ReportError("NR202", path=report.path)))
        return report


def _is_something_else(report: Report) -> bool:
    """Whether nothing tells that this is a report of the genre; said, not refused: it may be a fragment of one."""
    known = any(s.section not in ("preamble", "unknown") for s in report.sections)
    return not (known or report.title or report.year or any(c.status == "ok" for c in report.cells))
