"""Model folders: ``config.json``, arrays without pickle, ``metrics.json``, ``MODEL_CARD.md`` and a digest over them.

Loading checks format version and digest and executes nothing that the folder holds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..errors import DataFileError
from .base import Backend

FORMAT = 1


def models_dir() -> Path:
    """Where the bundled models lie: beside the package in a checkout, inside it when installed."""
    inside = Path(__file__).parent.parent / "_models"
    return inside if inside.is_dir() else Path(__file__).parent.parent.parent / "models"


def bundled(name: str) -> Path | None:
    """The folder of a bundled model, or ``None``."""
    folder = models_dir() / name
    return folder if name and "/" not in name and (folder / "config.json").is_file() else None


def digest_of(folder: Path, files: Iterable[str]) -> str:
    """SHA-256 over the names and contents of the files that the config lists."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + hashlib.sha256((folder / name).read_bytes()).digest())
    return digest.hexdigest()


def read_config(folder: Path) -> dict[str, Any]:
    """Read and check ``config.json``; the digest of the listed files must match.

    Raises:
        DataFileError: NR302 for a folder that is none, a newer format, or files that were changed.
    """
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        detail = "no such bundled model or model folder (config.json is missing)"
        raise DataFileError("NR302", path=str(folder), detail=detail) from error
    except ValueError as error:
        raise DataFileError("NR302", path=str(path), detail=f"broken JSON ({error})") from error
    if not isinstance(config, dict) or config.get("format", 0) > FORMAT:
        detail = f"its format {config.get('format')!r} is newer than {FORMAT}"
        raise DataFileError("NR302", path=str(folder), detail=detail)
    try:
        actual = digest_of(folder, config["files"])
    except (KeyError, OSError) as error:
        raise DataFileError("NR302", path=str(folder), detail=f"a file that it lists is missing ({error})") from error
    if actual != config.get("digest"):
        raise DataFileError("NR302", path=str(folder), detail="its digest does not match: a file was changed")
    return config


def load_folder(folder: Path) -> Backend:
    """Load a model folder with the backend that its config names.

    Raises:
        DataFileError: NR302.
    """
    config = read_config(folder)
    backend = config.get("backend")
    if backend == "linear":
        from .linear import LinearBackend

        return LinearBackend.load(folder, config)
    if backend == "spacy":
        from .spacy_textcat import SpacyBackend

        return SpacyBackend.load(folder, config)
    if backend == "transformers":
        from .transformer import TransformerBackend

        return TransformerBackend.load(folder, config)
    raise DataFileError("NR302", path=str(folder), detail=f"unknown backend {backend!r}")
