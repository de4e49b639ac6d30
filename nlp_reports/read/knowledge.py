"""What the readers know as data: ``reading.yaml``, compiled once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from nlp_reports.errors import DataFileError

_FILE = Path(__file__).with_name("reading.yaml")
_KEYS = {"paragraph_start", "table_row_start", "page_furniture", "web", "report_title", "section_heading"}
_WEB_KEYS = {"containers", "drop_tags", "drop_names", "furniture", "published", "meta_title", "meta_date"}


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Compiled patterns, each to be used with ``match`` on folded text, and names of page elements in lower case."""

    paragraph_start: re.Pattern[str]
    table_row_start: re.Pattern[str]
    page_furniture: re.Pattern[str]
    report_title: re.Pattern[str]
    section_heading: re.Pattern[str]
    containers: frozenset[str]
    drop_tags: frozenset[str]
    drop_names: frozenset[str]
    web_furniture: re.Pattern[str]
    published: re.Pattern[str]
    meta_title: tuple[str, ...]
    meta_date: tuple[str, ...]


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    """Load and check ``reading.yaml``.

    Raises:
        DataFileError: ``NR301`` for a missing or unknown key, or a pattern that does not compile.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  (a safe loader, in C when built)
    _check(data, _KEYS, "")
    web = data["web"]
    _check(web, _WEB_KEYS, "web.")
    return Knowledge(
        paragraph_start=_any(data["paragraph_start"], "paragraph_start"),
        table_row_start=_any(data["table_row_start"], "table_row_start"),
        page_furniture=_any(data["page_furniture"], "page_furniture", whole=True),
        report_title=_any([data["report_title"]], "report_title"),
        section_heading=_any([data["section_heading"]], "section_heading"),
        containers=frozenset(map(str.lower, web["containers"])),
        drop_tags=frozenset(web["drop_tags"]),
        drop_names=frozenset(web["drop_names"]),
        web_furniture=_any(web["furniture"], "web.furniture"),
        published=_any([web["published"]], "web.published"),
        meta_title=tuple(map(str.lower, web["meta_title"])),
        meta_date=tuple(map(str.lower, web["meta_date"])),
    )


def _check(data: Mapping[str, Any], keys: set[str], prefix: str) -> None:
    for key in sorted(keys ^ set(data)):
        said = "is missing" if key in keys else "is not known"
        raise DataFileError("NR301", path=_FILE.name, detail=f"{prefix}{key} {said}")


def _any(patterns: list[str], name: str, *, whole: bool = False) -> re.Pattern[str]:
    joined = "|".join(f"(?:{p})" for p in patterns)
    try:
        return re.compile(f"(?:{joined})\\Z" if whole else joined)
    except re.error as error:
        raise DataFileError("NR301", path=_FILE.name, detail=f"{name}: {error}") from error
