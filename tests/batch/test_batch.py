"""Batches: a file that kills a worker, fails a stage or cannot be read costs itself and nothing else; order holds."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path
from typing import Any

import pytest

from nlp_reports import batch
from nlp_reports.errors import ReportError
from nlp_reports.pipeline import Pipeline
from nlp_reports.read import Source
from nlp_reports.schema import Report

TEXT = "云岭市水务局2023年政府信息公开工作年度报告\n一、总体情况\n公开政府信息{}条。\n"
SETTINGS = batch.Settings(model="rules")


@pytest.fixture()
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{i:02}.txt" for i in range(12)]
    for i, path in enumerate(paths):
        path.write_text(TEXT.format(i), encoding="utf-8")
    return paths


def _killer(original: Any) -> Any:
    def process(source: Source, settings: batch.Settings) -> Any:
        if "kill" in Path(source.path).read_text("utf-8"):
            os._exit(9)
        return original(source, settings)

    return process


@pytest.mark.skipif(
    multiprocessing.get_start_method() != "fork", reason="the patched function reaches workers by fork only"
)
@pytest.mark.parametrize("position", [0, 5, 11])
def test_a_file_that_kills_its_worker(files: list[Path], position: int, monkeypatch: pytest.MonkeyPatch) -> None:
    files[position].write_text("kill", encoding="utf-8")
    original = batch._process_rows
    patched = _killer(original)
    patched.__module__, patched.__qualname__ = original.__module__, original.__qualname__
    monkeypatch.setattr(batch, "_process_rows", patched)
    results = list(batch.stream([Source(str(p)) for p in files], settings=SETTINGS, workers=2))
    heads = [r["reports"][0] for r in results]
    assert [Path(h["path"]).name for h in heads] == [p.name for p in files]
    assert [h["status"] for h in heads] == ["error" if i == position else "ok" for i in range(12)]
    assert "NR201" in heads[position]["error"] and "killed" in heads[position]["error"]


def test_order_holds_for_any_number_of_workers(files: list[Path]) -> None:
    sources = [Source(str(p)) for p in reversed(files)]
    one = list(batch.stream(sources, settings=SETTINGS, workers=1))
    three = list(batch.stream(sources, settings=SETTINGS, workers=3))
    assert one == three


def test_inputs_are_consumed_lazily(files: list[Path]) -> None:
    taken: list[str] = []

    def sources() -> Any:
        for _ in range(50):
            for path in files:
                taken.append(str(path))
                yield Source(str(path))

    stream = batch.stream(sources(), settings=SETTINGS, workers=2)
    next(stream)
    assert len(taken) < 40
    stream.close()  # type: ignore[attr-defined]


def test_a_stage_that_fails_leaves_a_partial_report(files: list[Path]) -> None:
    from nlp_reports import read

    def broken(report: Report) -> Report:
        raise ValueError("no luck")

    def later(report: Report) -> Report:
        return report.replace(agency="later")

    report = Pipeline([("broken", broken), ("later", later)])(read(files[0]))
    assert report.status == "partial" and report.agency == "later"
    assert "broken" in report.error and "ValueError: no luck" in report.error and files[0].name in report.error
    with pytest.raises(ValueError, match="no luck"):
        Pipeline([("broken", broken)], debug=True)(read(files[0]))


def test_unreadable_inputs_are_rows_like_any_other(files: list[Path], tmp_path: Path) -> None:
    sources: list[batch.Input] = [Source(str(files[0])), ReportError("NR101", path="gone.txt"), Source(str(files[1]))]
    totals = batch.run(sources, out=tmp_path / "out", format="jsonl", settings=SETTINGS)
    assert (totals.reports, totals.errors) == (3, 1)
    assert totals.failures[0][0] == "gone.txt" and "NR101" in totals.failures[0][1]


def test_the_same_file_has_the_same_rows_in_every_run(files: list[Path]) -> None:
    first, second = (list(batch.stream([Source(str(files[3]))], settings=SETTINGS)) for _ in range(2))
    assert first == second
