"""The taxonomy of themes and stances, and how a user's own extends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..errors import DataFileError
from ..template.yamlfile import load_yaml

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme: stable id, display name, the statutory item it rolls up into, and what belongs to it."""

    id: str
    name: str
    group: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All themes and stances, in their fixed order."""

    version: int
    themes: tuple[Theme, ...]
    stances: tuple[str, ...]
    stance_names: Mapping[str, str]

    @property
    def theme_ids(self) -> tuple[str, ...]:
        return tuple(theme.id for theme in self.themes)

    def name(self, tag: str) -> str:
        """The display name of a theme or stance; the id itself for an unknown one."""
        for theme in self.themes:
            if theme.id == tag:
                return theme.name
        return self.stance_names.get(tag, tag)


@lru_cache(maxsize=8)
def load_taxonomy(extension: Path | None = None) -> Taxonomy:
    """Load the bundled taxonomy, with a user's file merged over it.

    Args:
        extension: YAML with ``themes:`` (id → name, group, note); stances are fixed.

    Raises:
        DataFileError: NR301, when the file is not of that form.

    Example:
        >>> len(load_taxonomy().themes), load_taxonomy().name("staffing")
        (18, '工作队伍')
    """
    base = load_yaml(DATA / "taxonomy.yaml")
    themes: dict[str, Any] = dict(base["themes"])
    if extension is not None:
        own = load_yaml(extension)
        if not isinstance(own, dict) or not isinstance(own.get("themes"), dict):
            raise DataFileError(
                "NR301", path=str(extension), detail="no `themes:` mapping of id to {name, group, note}"
            )
        for key, value in own["themes"].items():
            if not str(key).isidentifier() or not isinstance(value, dict) or set(value) - {"name", "group", "note"}:
                detail = f"theme {key!r} must be an identifier with name, group, note"
                raise DataFileError("NR301", path=str(extension), detail=detail)
        themes |= own["themes"]
    return Taxonomy(
        version=int(base["version"]),
        themes=tuple(
            Theme(key, str(value.get("name", key)), str(value.get("group", "")), str(value.get("note", "")))
            for key, value in themes.items()
        ),
        stances=tuple(base["stances"]),
        stance_names={key: str(value["name"]) for key, value in base["stances"].items()},
    )
