"""Data flows one way: a room imports only from the rooms before it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "nlp_reports"
# Rooms of one tuple do not import each other.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("schema", "errors"),
    ("text",),
    ("template",),
    ("read",),
    ("parse",),
    ("segment",),
    ("classify", "counts"),
    ("reconcile",),
    ("evidence", "export", "synth", "reviews", "scoring"),
    ("render", "view", "handover"),
    ("pipeline",),
    ("doc", "batch", "spacy_components"),
    ("corpus",),
    ("evaluation",),
    ("training", "active"),
    ("cli",),
)
RANK = {room: rank for rank, rooms in enumerate(LAYERS) for room in rooms}
#: Rooms that may import others of their own layer, and why.
ALLOWED = {
    ("doc", "render"): "the notebook view is shown by the value itself",
    ("errors", "schema"): "",
}


def _rooms_imported(path: Path) -> set[str]:
    found: set[str] = set()
    parts = path.relative_to(PACKAGE).parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            if node.level:
                base = list(parts[:-1])[: len(parts) - node.level]
                target = base + (node.module.split(".") if node.module else [])
                if not target:
                    found.update(alias.name for alias in node.names)
                else:
                    found.add(target[0])
            elif node.module and node.module.split(".")[0] == "nlp_reports":
                rest = node.module.split(".")[1:]
                found.update([rest[0]] if rest else [a.name for a in node.names])
        elif isinstance(node, ast.Import):
            found.update(a.name.split(".")[1] for a in node.names if a.name.startswith("nlp_reports."))
    return found


def _modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if p.name != "__init__.py" or p.parent != PACKAGE)


@pytest.mark.parametrize("path", _modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_module_imports_only_from_earlier_rooms(path: Path) -> None:
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    assert room in RANK, f"{room} is in no layer: add it to LAYERS"
    for other in _rooms_imported(path) - {room, "__version__"}:
        assert other in RANK, f"{path}: imports unknown room {other}"
        assert RANK[other] < RANK[room] or (room, other) in ALLOWED, f"{room} must not import {other}"


def test_every_module_is_short_enough_to_read() -> None:
    long = {
        str(p.relative_to(PACKAGE)): n
        for p in PACKAGE.rglob("*.py")
        if (n := len(p.read_text("utf-8").splitlines())) > 430
    }
    assert not long, f"split these: {long}"


def test_heavy_libraries_stay_in_their_rooms() -> None:
    homes = {
        "sklearn": {"training"}, "spacy": {"classify", "spacy_components", "export", "training"}, "torch": {"classify", "training"},
        "transformers": {"classify", "training"}, "datasets": {"classify", "training", "export", "corpus"}, "opencc": {"text"},
        "jieba": {"text"}, "rjieba": {"text"}, "ray": {"ray_engine"}, "concurrent": {"batch", "training"}, "pickle": set(),
    }  # fmt: skip
    for path in _modules():
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [a.name for a in node.names] if isinstance(node, ast.Import)
                else [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            )  # fmt: skip
            for name in names:
                top = name.split(".")[0]
                assert top not in homes or room in homes[top], f"{path}: {top} belongs to {homes[top]}"
