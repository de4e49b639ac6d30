"""Shared fixtures: where the sample reports lie, and where real reports lie when they are beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def samples() -> Path:
    return ROOT / "corpus" / "samples"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real reports and their labels, which are not part of the project."""
    folder = ROOT.parent / "shared"
    if not (folder / "reports" / "seed.txt").exists():
        pytest.skip("real reports are not beside this checkout (../shared)")
    return folder
