"""Properties over random text: repair and folding keep their maps, reading never raises but with a code."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlp_reports.errors import ReportError
from nlp_reports.read import read_bytes
from nlp_reports.read.assemble import assemble
from nlp_reports.read.grid import resolve_spans, unfold_layout
from nlp_reports.read.raw import RawDocument, RawGrid, RawParagraph
from nlp_reports.text.normalize import fold
from nlp_reports.text.repair import drop_pinyin, join_lines, repair

ALPHABET = "政府信息公开条例年月日件个公開條 ⼯⻓⺠⻔⼀０１９0123456789（）(),，。、：；|-—／ \t\n\r\u3000\xa0\u200b\ufeff\ue000豈\U00020000\u2028āÀz%#"
messy = st.text(alphabet=st.one_of(st.sampled_from(ALPHABET), st.characters()), max_size=200)


@given(messy, st.booleans())
@example("2 0 2 1 年 1 条", True)
@example("\r\n\r", False)
def test_repair_keeps_its_map(text: str, spaces: bool) -> None:
    fixed = repair(text, spaces=spaces)
    assert len(fixed.offsets) == len(fixed.text) + 1
    assert fixed.offsets[-1] == len(text)
    assert all(a < b for a, b in zip(fixed.offsets, fixed.offsets[1:], strict=False)) or not text
    for i, char in enumerate(fixed.text):
        source = text[fixed.offsets[i]]
        assert char == source or fold(source) == fold(char) or char == "\n" or repair(source).text == char
    for start in range(0, len(fixed.text), 7):
        a, b = fixed.source_span(start, min(start + 5, len(fixed.text)))
        assert 0 <= a <= b <= len(text)
    again = repair(fixed.text, spaces=spaces)
    assert spaces or again.text == fixed.text


@given(messy)
@example("\ud800⼯")
def test_fold_keeps_length_and_is_stable(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert [i for i, c in enumerate(folded) if c == "\n"] == [
        i for i, c in enumerate(text) if c in "\n\x0b\x0c\x85\u2028\u2029"
    ]


@given(messy)
def test_readings_keep_their_map(text: str) -> None:
    fixed = drop_pinyin(text + "務(wù)開(kāi)作(zuò)")
    assert len(fixed.offsets) == len(fixed.text) + 1 and "wù" not in fixed.text.removeprefix(text)


@given(st.lists(st.text(alphabet="商业企Open1 9\u3000", max_size=6), max_size=5))
def test_join_lines_loses_nothing_but_blanks(lines: list[str]) -> None:
    assert "".join(join_lines(lines).split()) == "".join("".join(lines).split())


cells = st.tuples(st.text(alphabet="甲乙12 \n", max_size=4), st.integers(0, 12), st.integers(1, 300))


@given(st.lists(st.lists(cells, max_size=6), max_size=8))
def test_grids_never_overlap_and_slice_the_text(rows) -> None:
    grid = resolve_spans(rows)
    taken = set()
    for cell in grid.cells:
        place = {
            (r, c) for r in range(cell.row, cell.row + cell.rowspan) for c in range(cell.col, cell.col + cell.colspan)
        }
        assert not place & taken and cell.row + cell.rowspan <= grid.n_rows and cell.col + cell.colspan <= grid.n_cols
        taken |= place
    document = RawDocument("test", [RawParagraph("甲"), *unfold_layout(grid), RawParagraph(" 乙\n丙 ")])
    text, blocks, _ = assemble(document)
    for block in blocks:
        assert text[block.start : block.end].count("\n") == (block.grid.n_rows - 1 if block.grid else 0)
        for cell in block.grid.cells if block.grid else ():
            assert text[cell.start : cell.end] == cell.text
    held = sum(len("".join(c.text.split())) for b in document.blocks if isinstance(b, RawGrid) for c in b.cells)
    assert held <= len(text)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        messy.map(lambda t: t.encode("utf-8", "replace")),
        messy.map(lambda t: t.encode("gb18030", "replace")),
        st.binary(max_size=300),
    )
)
def test_any_bytes_read_or_fail_with_a_code(data: bytes) -> None:
    for name in ("a.txt", "a.html", "a.md"):
        try:
            reports = read_bytes(data, path=name)
        except ReportError as error:
            assert error.code.startswith("NR1") and name in str(error)
            continue
        for report in reports:
            assert all(0 <= b.start <= b.end <= len(report.text) for b in report.blocks)
            assert "\n".join(report.text[b.start : b.end] for b in report.blocks) == report.text


@settings(max_examples=100, deadline=None)
@example(["<table>", "甲", "<td>", "甲"])
@given(
    st.lists(
        st.sampled_from(
            [
                "<table>",
                "</table>",
                "<tr>",
                "</tr>",
                "<td>",
                "</td>",
                '<td rowspan="3" colspan=2>',
                "<p>",
                "</p>",
                "<br>",
                "<div>",
                "</div>",
                "甲",
                "12",
                "一、总体情况",
                "&nbsp;",
                "<li>",
                "<b>",
                "\n",
            ]
        ),
        max_size=40,
    )
)
def test_any_markup_reads(pieces: list[str]) -> None:
    source = "<html><body id=zoom>" + "".join(pieces) + "</body></html>"
    try:
        [report] = read_bytes(source.encode(), path="a.html")
    except ReportError as error:
        assert error.code == "NR109"
        assert not {"甲", "12", "一、总体情况"} & set(pieces)
        return
    for piece in ("甲", "12", "一、总体情况"):
        assert report.text.count(piece) >= pieces.count(piece)
