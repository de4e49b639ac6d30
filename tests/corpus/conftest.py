"""What the tests of labelled reports share."""

from __future__ import annotations

import pytest


@pytest.fixture
def header() -> str:
    """The metadata of a small report in the corpus notation; ``{id}`` is to be filled in."""
    return """% id: {id}
% writer: x
% agency: 青禾县水务局
% year: 2023
% template: f2021
% script: hans
% title: 青禾县水务局2023年政府信息公开工作年度报告
"""
