"""Wording of titles, preambles and page lines: named expressions from ``wording.yaml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..errors import DataFileError
from .yamlfile import load_yaml

_FILE = Path(__file__).with_name("wording.yaml")
_REFERENCE = re.compile(r"<<(\w+)>>")


@dataclass(frozen=True, slots=True)
class Wording:
    """Named expressions on folded text without blanks, and pairs of words of one length that mean the same."""

    patterns: dict[str, re.Pattern[str]]
    equal: tuple[tuple[str, str], ...]

    def __getitem__(self, name: str) -> re.Pattern[str]:
        return self.patterns[name]


@lru_cache(maxsize=1)
def wording() -> Wording:
    """The wording, read once.

    Raises:
        DataFileError: NR301, an unknown fragment, an expression that does not compile, or a pair of unequal length.

    Example:
        >>> bool(wording()["date_line"].fullmatch("2024年1月20日"))
        True
    """
    data = load_yaml(_FILE)
    fragments: dict[str, str] = data["fragments"]
    patterns: dict[str, re.Pattern[str]] = {}
    for name, source in data["patterns"].items():
        try:
            patterns[name] = re.compile(_REFERENCE.sub(lambda hit: fragments[hit[1]], source))
        except (KeyError, re.error) as error:
            detail = f"patterns.{name}: {error}"
            raise DataFileError("NR301", path="template/wording.yaml", detail=detail) from error
    for pair in data["equal"]:
        if len(pair) != 2 or len(pair[0]) != len(pair[1]):
            raise DataFileError("NR301", path="template/wording.yaml", detail=f"equal: {pair} are not of one length")
    return Wording(patterns, tuple((a, b) for a, b in data["equal"]))
