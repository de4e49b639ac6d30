"""Writing a model folder: beside its place first, then moved there, so that no half model is ever found."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..classify.persistence import FORMAT, digest_of


def write_model(out: Path, *, config: dict[str, Any], metrics: dict[str, Any], fill: Callable[[Path], None]) -> str:
    """Write a model folder and return its digest.

    Args:
        out: the folder; replaced as a whole, a model card in it is kept.
        config: what ``config.json`` says; format, files and digest are added.
        metrics: what ``metrics.json`` says.
        fill: writes the model's own files into the folder that it is given.
    """
    partial = out.with_name(out.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    fill(partial)
    files = sorted(p.relative_to(partial).as_posix() for p in partial.rglob("*") if p.is_file())
    record = {"format": FORMAT, **config, "files": files, "digest": digest_of(partial, files)}
    for name, value in (("config.json", record), ("metrics.json", metrics)):
        text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        (partial / name).write_text(text, encoding="utf-8")
    for name in ("MODEL_CARD.md", "reliability.svg"):
        if (out / name).exists():
            shutil.copy2(out / name, partial / name)
    if out.exists():
        shutil.rmtree(out)
    partial.rename(out)
    return str(record["digest"])
