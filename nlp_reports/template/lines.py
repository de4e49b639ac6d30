"""The line of a data file at which something is wrong. The file is read again for it, and only then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..errors import DataFileError


def fail(path: Path, rule_id: str, key: str, what: str) -> DataFileError:
    """An error at the line of ``key`` in the rule ``rule_id``; the file is read again for the line only now."""
    root = _compose(path)
    line = 0
    for node in _children(root, "rules"):
        pairs = {k.value: (k, v) for k, v in getattr(node, "value", ()) if hasattr(k, "value")}
        if ("id" in pairs and pairs["id"][1].value == rule_id) or (not rule_id and "id" not in pairs):
            line = (pairs[key][0] if key in pairs else node).start_mark.line + 1
    return DataFileError("NR301", path=str(path), detail=f"line {line}: {what}" if line else what)


def error_at(path: Path, data: Any, where: tuple[str | int, ...], what: str) -> DataFileError:
    node = _compose(path)
    line = node.start_mark.line + 1 if node is not None else 0
    for step in where:
        if isinstance(step, int):
            items = getattr(node, "value", ())
            node = items[step] if step < len(items) else None
        else:
            found = [(k, v) for k, v in getattr(node, "value", ()) if getattr(k, "value", None) == step]
            if not found:
                break
            line = found[0][0].start_mark.line + 1
            node = found[0][1]
            continue
        if node is None:
            break
        line = node.start_mark.line + 1
    return DataFileError("NR301", path=str(path), detail=f"line {line}: {what}" if line else what)


def _compose(path: Path) -> Any:
    import yaml

    return yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)


def _children(root: Any, key: str) -> list[Any]:
    for name, node in getattr(root, "value", ()):
        if name.value == key:
            return list(node.value)
    return []
