"""Segment, tag, count and reconcile 政府信息公开工作年度报告.

Example:
    >>> import nlp_reports as nr
    >>> sorted(nr.__all__)[:3]
    ['Doc', 'Pipeline', 'Report']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

# The function, not the room of the same name: imported here, it stays bound to the name whatever is imported later.
from .read import read

__version__ = "0.1.0"

# Public names are loaded on first use, so that `import nlp_reports` costs next to nothing.
_HOMES = {
    "Doc": "doc",
    "Pipeline": "pipeline",
    "Report": "schema",
    "ReportError": "errors",
    "tag": "doc",
}
__all__ = ["Doc", "Pipeline", "Report", "ReportError", "__version__", "read", "tag"]

if TYPE_CHECKING:
    from .doc import Doc, tag
    from .errors import ReportError
    from .pipeline import Pipeline
    from .schema import Report


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in __all__ and name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
