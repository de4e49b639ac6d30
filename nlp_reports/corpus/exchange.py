"""Label Studio and doccano, there and back: units with stable ids, so that labels find their place again.

A task's id is ``record#start-end``. Reading back checks that the text is unchanged and reports what does not fit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..errors import DataFileError
from .dataset import Record

Task = dict[str, Any]


def unit_key(record: Record, unit: Mapping[str, Any]) -> str:
    """The stable id of a unit."""
    return f"{record['id']}#{unit['start']}-{unit['end']}"


def _context(record: Record, index: int) -> str:
    headings = [u["text"] for u in record["units"][:index] if u["kind"] == "heading"][-2:]
    return " ▸ ".join(headings)


def to_label_studio(records: Iterable[Record]) -> Iterator[Task]:
    """One Label Studio task a unit, its labels as a prediction-like annotation (choices ``themes`` and ``stance``)."""
    for record in records:
        for i, unit in enumerate(record["units"]):
            if unit["kind"] != "sentence":
                continue
            stance = unit["stance"] if isinstance(unit["stance"], str) else unit["stance"][0]
            yield {
                "data": {"key": unit_key(record, unit), "text": unit["text"], "context": _context(record, i)},
                "annotations": [
                    {
                        "result": [
                            {"from_name": "themes", "to_name": "text", "type": "choices", "value": {"choices": list(unit["themes"])}},
                            {"from_name": "stance", "to_name": "text", "type": "choices", "value": {"choices": [stance]}},
                        ]
                    }
                ],
            }  # fmt: skip


def label_studio_config(themes: Sequence[str], stances: Sequence[str]) -> str:
    """The labelling interface for these tasks, as Label Studio XML."""
    from xml.sax.saxutils import quoteattr

    def choices(values: Sequence[str]) -> str:
        return "".join(f"<Choice value={quoteattr(v)}/>" for v in values)

    return (
        '<View><Header value="$context"/><Text name="text" value="$text"/>'
        f'<Choices name="themes" toName="text" choice="multiple">{choices(themes)}</Choices>'
        f'<Choices name="stance" toName="text" choice="single" required="true">{choices(stances)}</Choices></View>'
    )


def from_label_studio(tasks: Iterable[Mapping[str, Any]]) -> dict[str, tuple[list[str], str]]:
    """Labels by unit key, from Label Studio's JSON export; the last annotation of a task counts.

    Raises:
        DataFileError: NR301, for a task that is not one of ours.
    """
    labels: dict[str, tuple[list[str], str]] = {}
    for number, task in enumerate(tasks, 1):
        try:
            key = str(task["data"]["key"])
            results = task["annotations"][-1]["result"] if task.get("annotations") else []
            by_name = {r["from_name"]: r["value"]["choices"] for r in results}
        except (KeyError, TypeError) as error:
            raise DataFileError("NR301", path="label-studio", detail=f"task {number}: {error} is missing") from error
        if by_name.get("stance"):
            labels[key] = (list(by_name.get("themes", [])), str(by_name["stance"][0]))
    return labels


def to_doccano(records: Iterable[Record]) -> Iterator[Task]:
    """One doccano line a unit (text classification): themes, and the stance as ``stance:<id>``, in ``label``."""
    for record in records:
        for unit in record["units"]:
            if unit["kind"] == "sentence":
                stance = unit["stance"] if isinstance(unit["stance"], str) else unit["stance"][0]
                yield {
                    "text": unit["text"],
                    "label": [*unit["themes"], f"stance:{stance}"],
                    "key": unit_key(record, unit),
                }


def from_doccano(lines: Iterable[str]) -> dict[str, tuple[list[str], str]]:
    """Labels by unit key, from doccano's JSONL export (``label`` or ``labels``).

    Raises:
        DataFileError: NR301 with the line.
    """
    labels: dict[str, tuple[list[str], str]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            given = [str(x) for x in row.get("label", row.get("labels", []))]
            key = str(row["key"])
        except (ValueError, KeyError, TypeError) as error:
            raise DataFileError("NR301", path="doccano", detail=f"line {number}: {error}") from error
        stances = [x.removeprefix("stance:") for x in given if x.startswith("stance:")]
        if stances:
            labels[key] = ([x for x in given if not x.startswith("stance:")], stances[-1])
    return labels


def apply_labels(
    records: Iterable[Record], labels: Mapping[str, tuple[list[str], str]], *, labeller: str
) -> tuple[list[Record], list[str]]:
    """Records with new labels, and the keys that found no unit.

    The labels that a unit had before are kept under ``labels`` with their labeller, so that agreement can be measured.
    """
    missing = set(labels)
    changed = []
    for record in records:
        units = []
        for unit in record["units"]:
            key = unit_key(record, unit)
            if key in labels and unit["kind"] == "sentence":
                missing.discard(key)
                themes, stance = labels[key]
                before = {
                    "labeller": record.get("provenance", {}).get("labeller", ""),
                    "themes": unit["themes"],
                    "stance": unit["stance"],
                }
                unit = unit | {"themes": themes, "stance": stance, "labels": [*unit.get("labels", []), before]}
            units.append(unit)
        provenance = record.get("provenance", {}) | ({"labeller": labeller} if units != record["units"] else {})
        changed.append(record | {"units": units, "provenance": provenance})
    return changed, sorted(missing)
