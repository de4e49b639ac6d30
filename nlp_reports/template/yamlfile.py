"""Reading YAML data files with errors that name file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..errors import DataFileError


def load_yaml(path: Path) -> Any:
    """Parse a YAML file with the safe loader (the C one when it is built in).

    Raises:
        DataFileError: NR301 with the line, when it cannot be opened or parsed.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader either way
    except OSError as error:
        raise DataFileError("NR301", path=str(path), detail=str(error.strerror or error)) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark is not None else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise DataFileError("NR301", path=str(path), detail=f"{where}{problem}") from error
