"""Folding: the short way gives what the letter by letter way gives, for every letter and for mixed text."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp_reports.text import normalize
from nlp_reports.text.normalize import fold

TOOL = Path(__file__).parent.parent.parent / "docs" / "tools" / "folding_table.py"


def test_the_file_lists_exactly_what_changes() -> None:
    spec = importlib.util.spec_from_file_location("folding_table", TOOL)
    assert spec is not None and spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.FILE.read_text(encoding="ascii") == tool.text(), "run docs/tools/folding_table.py"


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("，。：（）１２公開規范臺⻓㈠…　\n")), max_size=60))
def test_both_ways_give_the_same(text: str) -> None:
    letters = "".join(normalize._fold_char(c) for c in text)
    for sign, variant, letter in normalize._BY_NEIGHBOUR:
        letters = variant.sub(letter, letters) if sign in letters else letters
    assert fold(text) == letters
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [("答覆", "答复"), ("回覆", "回复"), ("反覆", "反复"), ("批覆", "批复"), ("覆蓋", "覆盖"), ("座談", "座谈"), ("座標", "坐标"),
     ("著重", "着重"), ("分三批覆蓋", "分三批覆盖"),
     ("政府辦覆蓋", "政府办覆盖"), ("3座標準化公廁", "3座标准化公厕"), ("一座標誌性建築", "一座标志性建筑"), ("顯著", "显著"), ("著名", "著名"),
     ("瞭解", "了解"), ("藉助", "借助"), ("衞生", "卫生"), ("復議", "复议"), ("複議", "复议"), ("重複", "重复"),
     ("覆校", "复校"), ("覆查", "复查"), ("澂江", "澄江")],
)  # fmt: skip
def test_words_whose_letters_simplify_by_the_word(traditional: str, simplified: str) -> None:
    assert fold(traditional) == fold(simplified) == simplified
