"""Checking corpus files, with file and line, and describing them."""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..classify.taxonomy import load_taxonomy
from ..errors import DataFileError
from .dataset import Record, corpus_files

SPLITS = ("train", "dev", "test")


@lru_cache(maxsize=1)
def record_schema() -> dict[str, Any]:
    """The JSON schema of one corpus record."""
    schema: dict[str, Any] = json.loads((Path(__file__).parent / "record.schema.json").read_text(encoding="utf-8"))
    return schema


def validate_corpus(path: Path, *, taxonomy: Path | None = None) -> dict[str, int]:
    """Check every record of a corpus: schema, spans, labels, and that no agency or writer stands in two splits.

    Returns:
        Totals: ``reports``, ``units``, ``counts``.

    Raises:
        DataFileError: NR301 with file and line, for the first thing that does not hold.
    """
    tax = load_taxonomy(taxonomy)
    themes, stances = set(tax.theme_ids), set(tax.stances)
    totals: Counter[str] = Counter(reports=0, units=0, counts=0)
    ids: dict[str, str] = {}
    homes: dict[tuple[str, str], tuple[str, str]] = {}
    for file in corpus_files(path):
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                where = f"line {number}"
                record = _load(line, str(file), where)
                _check(record, str(file), where, themes, stances)
                if record["id"] in ids:
                    raise _fail(str(file), where, f"id {record['id']!r} was used at {ids[record['id']]}")
                ids[record["id"]] = f"{file}:{number}"
                for kind in ("agency", "writer"):
                    _leak(homes, kind, record, str(file), where)
                totals.update(reports=1, units=len(record["units"]), counts=len(record.get("counts", ())))
    return dict(totals)


def _fail(file: str, where: str, what: str) -> DataFileError:
    return DataFileError("NR301", path=file, detail=f"{where}: {what}")


def _load(line: str, file: str, where: str) -> Record:
    import jsonschema

    try:
        record = json.loads(line)
    except ValueError as error:
        raise _fail(file, where, f"broken JSON ({error})") from error
    found = next(iter(jsonschema.Draft202012Validator(record_schema()).iter_errors(record)), None)
    if found is not None:
        at = "/".join(str(x) for x in found.absolute_path)
        raise _fail(file, where, f"{at or 'record'}: {found.message[:200]}")
    return dict(record)


def _check(record: Record, file: str, where: str, themes: set[str], stances: set[str]) -> None:
    end = 0
    for i, unit in enumerate(record["units"]):
        place = f"{where}, unit {i}"
        if unit["start"] < end:
            raise _fail(file, place, f"it overlaps the unit before it ({unit['start']} < {end})")
        end = unit["end"]
        if record["text"][unit["start"] : end] != unit["text"]:
            raise _fail(file, place, "its text is not what stands at its span")
        if unit["kind"] == "sentence":
            unknown = set(unit["themes"]) - themes
            if unknown:
                raise _fail(file, place, f"unknown theme {sorted(unknown)[0]!r}")
            given = [unit["stance"]] if isinstance(unit["stance"], str) else unit["stance"]
            if not given or set(given) - stances:
                raise _fail(file, place, f"unknown stance {unit['stance']!r}")
    for i, count in enumerate(record.get("counts", ())):
        if not 0 <= count["unit"] < len(record["units"]):
            raise _fail(file, f"{where}, count {i}", f"there is no unit {count['unit']}")


def _leak(homes: dict[tuple[str, str], tuple[str, str]], kind: str, record: Record, file: str, where: str) -> None:
    split = record.get("split")
    value = record.get(kind)
    if not split or not value:
        return
    first = homes.setdefault((kind, value), (split, record["id"]))
    if first[0] != split:
        what = f"{kind} {value!r} stands in {split} here and in {first[0]} ({first[1]}): splits must keep it apart"
        raise _fail(file, where, what)


def corpus_stats(path: Path) -> dict[str, Any]:
    """Sizes, themes by stance, unit lengths and writers of a corpus, as plain values."""
    reports: Counter[str] = Counter()
    writers: Counter[str] = Counter()
    table: dict[str, Counter[str]] = {t: Counter() for t in load_taxonomy().theme_ids}
    stances: Counter[str] = Counter()
    tags: Counter[str] = Counter()
    lengths: list[int] = []
    units = counts = themed = several = 0
    for file in corpus_files(path):
        for line in file.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            writers[record["writer"]] += 1
            for key in ("script", "template", "level", "split"):
                reports[f"{key}:{record.get(key, '?')}"] += 1
            reports[f"year:{record['year']}"] += 1
            counts += len(record.get("counts", ()))
            for unit in record["units"]:
                if unit["kind"] != "sentence":
                    continue
                units += 1
                lengths.append(len(unit["text"]))
                stance = unit["stance"] if isinstance(unit["stance"], str) else unit["stance"][0]
                stances[stance] += 1
                tags.update(unit.get("tags", ()))
                themed += bool(unit["themes"])
                several += len(unit["themes"]) > 1
                for theme in unit["themes"]:
                    table.setdefault(theme, Counter())[stance] += 1
    lengths.sort()
    return {
        "reports": sum(writers.values()),
        "writers": dict(sorted(writers.items())),
        "slices": dict(sorted(reports.items())),
        "units": units,
        "counts": counts,
        "stances": dict(stances.most_common()),
        "themes": {t: {"units": sum(c.values()), **dict(c.most_common())} for t, c in table.items()},
        "units_with_themes": themed,
        "units_with_several_themes": several,
        "hard_cases": dict(tags.most_common()),
        "length": {f"p{q}": lengths[min(len(lengths) * q // 100, len(lengths) - 1)] for q in (5, 25, 50, 75, 95)}
        if lengths
        else {},
    }
