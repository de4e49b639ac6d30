"""Both word engines give the same words, and lose nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp_reports.text.normalize import fold
from nlp_reports.text.tokenize import engine, words


def test_engines_agree_on_the_samples(samples: Path) -> None:
    pytest.importorskip("rjieba")
    fast, slow = engine("rjieba"), engine("jieba")
    lines = [fold(line) for path in sorted(samples.glob("*.txt")) for line in path.read_text("utf-8").splitlines()]
    assert len(lines) > 100
    assert [list(fast(line)) for line in lines] == [list(slow(line)) for line in lines]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_words_tile_any_text(text: str) -> None:
    assert "".join(words(text)) == text
