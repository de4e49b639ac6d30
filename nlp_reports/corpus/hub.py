"""The corpus as a ``datasets.DatasetDict``: one row a unit, one split each; nothing is asked of a hub."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..errors import MissingExtra
from .dataset import iter_records
from .exchange import unit_key
from .validate import SPLITS


def dataset_dict(corpus: Path) -> Any:
    """Load a corpus as a ``datasets.DatasetDict``.

    Columns: key, report, text, section, headings, themes, stance, agency, year, script, writer. Records without a split are ``train``.

    Raises:
        MissingExtra: the package ``datasets`` is not installed.
        DataFileError: NR301.
    """
    try:
        import datasets
    except ImportError as error:
        raise MissingExtra("datasets", "datasets") from error
    rows: dict[str, list[dict[str, Any]]] = {}
    for record in iter_records(corpus):
        headings: list[str] = []
        for unit in record["units"]:
            if unit["kind"] == "heading":
                headings = [*headings[-1:], unit["text"]]
                continue
            stance = unit["stance"] if isinstance(unit["stance"], str) else unit["stance"][0]
            rows.setdefault(record.get("split", "train"), []).append(
                {
                    "key": unit_key(record, unit), "report": record["id"], "text": unit["text"], "section": unit["section"],
                    "headings": headings, "themes": unit["themes"], "stance": stance, "agency": record.get("agency", ""),
                    "year": record["year"], "script": record["script"], "writer": record["writer"],
                }
            )  # fmt: skip
    return datasets.DatasetDict({s: datasets.Dataset.from_list(rows[s]) for s in SPLITS if s in rows})
