"""The statutory data files: complete, and refused with the place of the fault when they are not."""

from __future__ import annotations

import pytest

from nlp_reports.errors import DataFileError
from nlp_reports.parse.vocabulary import find_keys, nearest_row
from nlp_reports.template import section_rules, statute
from nlp_reports.template.load import check_keys, compile_union
from nlp_reports.text.normalize import compact, to_script


def test_cells_of_the_forms() -> None:
    book = statute()
    assert [len(book.cells(t)) for t in ("f2021", "f2019", "pre2019")] == [200, 198, 0]
    assert [len(book.rows_of("t3", t)) for t in ("f2021", "f2019")] == [25, 23]
    ids = [c.cell_id for t in ("f2021", "f2019") for c in book.cells(t) if c.table != "t4"]
    assert len({c for c in ids if not c.startswith("t3.")}) == 32
    with pytest.raises(KeyError):
        book.row("t3", "no_such_row")


@pytest.mark.parametrize("script", ["hans", "s2t", "s2tw", "s2hk"])
def test_every_printed_label_finds_its_own_row(script: str) -> None:
    for row in statute().rows:
        if row.table in ("t2", "t2_2019", "t3"):
            label = compact(row.enumerator + row.label)
            label = label if script == "hans" else compact(to_script(label, script))
            keys = [k for k in find_keys(label.replace("反覆", "反复")) if not k.is_group]
            assert keys and {k.row for k in keys} == {row.row_id}, label


def test_damaged_labels_are_told_only_when_they_can_be_one() -> None:
    assert nearest_row("5.要求行政机关确认重新出已获取信息") == "rejected_reconfirm"
    assert nearest_row("政府信息公开申请") == ""


def test_titles_find_their_section() -> None:
    for rule in section_rules().sections:
        assert rule.canonical.fullmatch(rule.title), rule.title
        assert rule.keywords.search(rule.title), rule.title


def test_faults_of_a_data_file_are_named() -> None:
    with pytest.raises(DataFileError, match=r"cells\.yaml: t3 row x: unknown key 'lable'"):
        check_keys("cells.yaml", "t3 row x", {"lable": 1}, ("id", "label"))
    with pytest.raises(DataFileError, match="key 'id' is missing"):
        check_keys("cells.yaml", "row", {}, ("id",), ("id",))
    with pytest.raises(DataFileError, match=r"titles: '\(' is no expression"):
        compile_union("sections.yaml", "titles", ["("])
