"""What stands in the cells of real tables: marks, blanks, remarks, damage; and the reason beside every cell that is no number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from nlp_reports.schema import Cell, Report
from nlp_reports.synth.layouts import READABLE, Printed, flatten, printed
from nlp_reports.template import statute

from .documents import HEADINGS, cells, matrix, parsed, report_lines, tables, unread, wrong

T3_COLUMNS = [c.column for c in statute().row("t3", "granted").cells]
NEW = "t3.new_received."


def state(cell: Cell) -> tuple[object, str, str, str, str | None]:
    return cell.value, cell.raw, cell.status, cell.reason, cell.fault


def t4_numbers(values: dict) -> list[str]:  # type: ignore[type-arg]
    return [str(values[c.cell_id]) for c in statute().cells("f2021") if c.table == "t4"]


@pytest.mark.parametrize("layout", READABLE)
def test_marks_and_remarks(layout: str) -> None:
    values = matrix(balanced=True) | {
        f"{NEW}natural_person": "/",
        f"{NEW}commercial_enterprise": "—",
        "t2.regulations.issued": "22（其中修订16件）",
        "t2.normative_documents.in_force": "1,234",
        "t2.administrative_fees.amount_wan_yuan": "16.482万元",
        "t3.granted.total": "**",
        "t4.review.upheld": "无",
        "t4.review.total": "３７",
    }
    report = parsed(report_lines(values, layout=layout))
    read = cells(report)
    assert state(read[f"{NEW}natural_person"]) == (None, "/", "missing", "not_applicable", "author")
    assert state(read[f"{NEW}commercial_enterprise"]) == (None, "—", "missing", "not_applicable", "author")
    assert state(read["t2.regulations.issued"]) == (Decimal(22), "22（其中修订16件）", "ok", "annotated", "author")
    assert state(read["t2.normative_documents.in_force"]) == (Decimal(1234), "1,234", "ok", "", None)
    assert state(read["t2.administrative_fees.amount_wan_yuan"]) == (Decimal("16.482"), "16.482万元", "ok", "", None)
    assert state(read["t3.granted.total"]) == (None, "**", "unreadable", "masked", "author")
    assert state(read["t4.review.upheld"]) == (None, "无", "missing", "not_applicable", "author")
    assert state(read["t4.review.total"]) == (Decimal(37), "３７", "ok", "", None)
    (note,) = [n for n in report.notes if n.code == "annotated_cell"]
    assert note.message == "t2.regulations.issued"
    for cell in report.cells:
        assert cell.raw == ("" if cell.start < 0 else report.text[cell.start : cell.end])


@pytest.mark.parametrize("layout", READABLE)
def test_signed_changes_and_amounts_of_2019(layout: str) -> None:
    values = matrix("f2019", seed=4) | {
        "t2_2019.administrative_license.item_change": "+2",
        "t2_2019.administrative_penalty.item_change": "-1942",
        "t2_2019.administrative_coercion.item_change": "减少3",
        "t2_2019.government_procurement.amount": "251000元",
    }
    read = cells(parsed(report_lines(values, template="f2019", layout=layout)))
    changes = [read[f"t2_2019.administrative_{r}.item_change"].value for r in ("license", "penalty", "coercion")]
    assert changes == [2, -1942, -3]
    assert read["t2_2019.government_procurement.amount"].value == 251000


def test_displaced_values_are_given_as_they_stand() -> None:
    values = matrix(balanced=True)
    values |= dict.fromkeys((f"t3.total_processed.{c}" for c in T3_COLUMNS), 0) | {
        "t3.total_processed.commercial_enterprise": 6
    }
    read = cells(parsed(report_lines(values, layout="A")))
    assert [read[f"t3.total_processed.{c}"].value for c in T3_COLUMNS] == [0, 6, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("layout", ["A", "B"])
def test_dropped_blanks(layout: str) -> None:
    values: dict[str, int | str | None] = dict(matrix(seed=6, balanced=True))
    values |= dict(zip((f"{NEW}{c}" for c in T3_COLUMNS), [821, 35, None, None, 2, 1, 859], strict=True))
    values |= dict.fromkeys((f"t3.rejected_petition.{c}" for c in T3_COLUMNS), None)
    values |= {"t2.regulations.issued": None, "t2.administrative_license.decisions": None}
    report = parsed(report_lines(values, layout=layout, drop_blanks=True))
    read = cells(report)
    assert wrong(report, values) == []
    assert state(read[f"{NEW}total"])[:3] == (Decimal(859), "859", "ok"), "the sum of the others can only be the total"
    assert {state(read[f"{NEW}{c}"])[2:] for c in T3_COLUMNS[:-1]} == {("unreadable", "blank_position_lost", "reader")}
    assert {state(read[f"t3.rejected_petition.{c}"])[2:] for c in T3_COLUMNS} == {("missing", "blank", "author")}
    assert state(read["t2.administrative_license.decisions"])[2:] == ("missing", "blank", "author")
    assert {state(read[f"t2.regulations.{c}"])[2] for c in ("issued", "repealed", "in_force")} == {"unreadable"}
    assert all("821" in read[f"{NEW}{c}"].raw for c in T3_COLUMNS[:-1]), (
        "an unreadable cell keeps what is printed for its row"
    )


@pytest.mark.parametrize(
    ("printed_row", "status", "numbers"),
    [
        ("2 0 3 0 0 0 0 2 3", "ok", [20, 3, 0, 0, 0, 0, 23]),
        ("1 0 0 0 0 0 0 1 0", "ok", [10, 0, 0, 0, 0, 0, 10]),
        ("1 1 1 0 0 0 0 3 3", "unreadable", []),
        ("0 0 0 0 0 0 0 0", "unreadable", []),
    ],
)
def test_split_digits_are_joined_only_when_one_way_adds_up(printed_row: str, status: str, numbers: list[int]) -> None:
    lines = [
        f"（一）予以公开 {printed_row}" if x.startswith("（一）予以公开") else x
        for x in report_lines(matrix(), layout="H")
    ]
    row = [c for c in parsed(lines).cells if c.row == "granted"]
    assert {c.status for c in row} == {status}
    assert [c.value for c in row] == (numbers or [None] * 7)
    assert any(c.reason == "rejoined" and c.fault == "reader" for c in row) == bool(numbers)


def _with_subtotal(values: dict) -> list:  # type: ignore[type-arg]
    rows = printed("t3", values, template="f2021")
    for row in rows:
        numbers = [c for c in row if c.is_value]
        if numbers:
            row.insert(row.index(numbers[0]) + 6, Printed(str(sum(int(c.text) for c in numbers[1:6])), is_value=True))
    return rows


@pytest.mark.parametrize("layout", ["A", "C", "F", "H"])
def test_a_table_with_a_subtotal_column(layout: str) -> None:
    values = matrix(balanced=True)
    report = parsed(report_lines(values, layout=layout, t3=flatten(_with_subtotal(values), layout)))
    assert {c.cell_id: c.value for c in report.cells} == values


@pytest.mark.parametrize("layout", READABLE)
def test_group_six_printed_as_one_row(layout: str) -> None:
    values = matrix(balanced=True)
    values |= {f"t3.other_processing.{c}": values[f"t3.other_other.{c}"] for c in T3_COLUMNS}
    rows = printed("t3", values, template="f2021", collapsed=True)
    report = parsed(report_lines(values, layout=layout, t3=flatten(rows, layout)))
    read = cells(report)
    assert len(report.cells) == 207
    assert [read[f"t3.other_processing.{c}"].value for c in T3_COLUMNS] == [
        values[f"t3.other_other.{c}"] for c in T3_COLUMNS
    ]
    gone = [read[f"t3.{r}.{c}"] for r in ("other_no_correction", "other_fee_unpaid", "other_other") for c in T3_COLUMNS]
    assert {state(c)[2:] for c in gone} == {("missing", "row_collapsed", "author")}
    assert wrong(report, values) == []


def test_values_of_a_group_row_go_to_no_cell() -> None:
    values = matrix(balanced=True)
    lines = report_lines(values)
    at = next(i for i, line in enumerate(lines) if line.startswith("（三）不予公开"))
    lines[at : at + 1] = ["（三）不予公开 | 9 | 9 | 9 | 9 | 9 | 9 | 54 |", lines[at].split(" | ", 1)[1]]
    report = parsed(lines)
    assert {c.cell_id: c.value for c in report.cells} == values
    assert [n.message for n in report.notes if n.code == "group_row_with_values"] == ["refused"]


@pytest.mark.parametrize(
    "form",
    [
        lambda n: n,
        lambda n: [" ".join(n)],
        lambda n: ["行政复议 行政诉讼", " ".join(n[:5]), " ".join(n[5:10]), " ".join(n[10:])],
        lambda n: ["结 结 其 尚", "果 果 他 未 总", "维 纠 结 审 计", "持 正 果 结", " ".join(n)],
        lambda n: (
            ["行政复议"]
            + [f"{a} {b}" for a, b in zip(["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3, n, strict=True)]
        ),
        lambda n: ["| " + " | ".join(n) + " |"],
    ],
    ids=["one a line", "one line", "three lines", "stacked headers", "label and number", "bars"],
)
def test_table_four_flattened(form) -> None:  # type: ignore[no-untyped-def]
    values = matrix(seed=2, balanced=True)
    report = parsed(report_lines(values, t4=form(t4_numbers(values))))
    assert {c.cell_id: c.value for c in report.cells} == values


def test_table_four_with_a_lost_or_a_split_number() -> None:
    values = matrix(seed=2, balanced=True)
    numbers = t4_numbers(values)
    header = ["行政复议 行政诉讼", "结果维持 结果纠正 其他结果 尚未审结 总计"]
    lost = parsed(report_lines(values, t4=[*header, " ".join(numbers[:14])]))
    assert {(c.status, c.reason) for c in lost.cells if c.table == "t4"} == {("unreadable", "blank_position_lost")}
    split = parsed(report_lines(values, t4=[*header, " ".join(" ".join(n) if len(n) == 2 else n for n in numbers)]))
    assert {c.cell_id: c.value for c in split.cells} == values


def test_absent_tables_and_rows() -> None:
    values = matrix()
    report = parsed(report_lines(values, t3=["本年度未收到申请。"]))
    assert {state(c)[2:4] for c in report.cells if c.table == "t3"} == {("missing", "table_absent")}
    assert [n.message for n in report.notes if n.code == "table_absent"] == ["t3"]
    shorter = parsed([line for line in report_lines(values) if "重复申请" not in line])
    assert {c.row for c in shorter.cells if c.reason == "row_absent"} == {"rejected_duplicate"}
    assert wrong(shorter, values) == []
    nothing = parsed(["青禾县2023年政府信息公开工作年度报告", HEADINGS[0], "公开信息9条。", *HEADINGS[1:]])
    assert (nothing.template, {c.reason for c in nothing.cells}, len(nothing.cells)) == ("f2021", {"table_absent"}, 200)


def test_the_same_table_twice() -> None:
    values = matrix()
    once = flatten(tables(values)["t3"], "C")
    same = parsed(report_lines(values, t3=once * 2))
    assert {c.cell_id: c.value for c in same.cells} == values
    other = [line.replace("5.属于三类内部事务信息 |", "5.属于三类内部事务信息 | 7", 1) for line in once]
    other = [
        line if "三类内部" not in line else "5.属于三类内部事务信息 | 9 | 9 | 9 | 9 | 9 | 9 | 54 |" for line in once
    ]
    differs = parsed(report_lines(values, t3=once + other))
    assert {(c.row, c.reason) for c in differs.cells if c.value is None} == {
        ("refused_internal_affairs", "duplicate_row")
    }


def test_a_table_continued_over_pages() -> None:
    values = matrix()
    lines = flatten(tables(values)["t3"], "F")
    header = [
        "申请人情况",
        "自然人",
        "法人或其他组织",
        "总计",
        "商业企业",
        "科研机构",
        "社会公益组织",
        "法律服务机构",
        "其他",
    ]
    between = lines.index("4.无正当理由大量反复申请")
    inside = next(i for i, line in enumerate(lines) if line.startswith("1.申请人无正当理由"))
    whole = lines[inside]
    for t3 in (
        lines[:between] + header + lines[between:],
        [*lines[:inside], whole[:12], *header, whole[12:], *lines[inside + 1 :]],
    ):
        assert {c.cell_id: c.value for c in parsed(report_lines(values, t3=t3)).cells} == values


def test_values_between_the_halves_of_a_label_beside_the_label_of_its_group() -> None:
    values = matrix()
    lines = [line for line in flatten(tables(values)["t3"], "H") if line != "（六）其他处理"]
    at = next(i for i, line in enumerate(lines) if line.startswith("2.申请人逾期未"))
    lines[at + 1] = "（六）其他处理 " + lines[at + 1]
    assert {c.cell_id: c.value for c in parsed(report_lines(values, t3=lines)).cells} == values


def test_a_torn_table_is_not_put_together_by_guessing() -> None:
    values = matrix(seed=9)
    lines = flatten(tables(values)["t3"], "D")
    labels = [line.split("|")[-9].strip() for line in lines if "1.本机关" in line or "2.没有现成" in line]
    torn: list[str] = []
    for line in lines:
        if any(label in line for label in labels):
            torn += ["| " + " | ".join(line.strip("| ").split(" | ")[-7:]) + " |"]
        else:
            torn.append(line)
    at = next(i for i, line in enumerate(torn) if "8.属于行政查询" in line)
    report = parsed(report_lines(values, t3=[*torn[: at + 1], *labels, *torn[at + 1 :]]))
    assert wrong(report, values) == []
    assert {c.row for c in report.cells if c.reason == "torn_table"} == {
        "unavailable_not_held",
        "unavailable_must_create",
    }
    assert any(n.code == "values_without_label" and n.fault == "reader" for n in report.notes)


@pytest.mark.parametrize(
    "label",
    [
        "2.其他法律行政止公开",
        "2.其他法律 行政法规 禁止公开",
        "2、其他法律、行政法规禁止公开",
        "2.其他法律?政法规禁止公?",
    ],
)
def test_damaged_labels(label: str) -> None:
    values = matrix()
    lines = [line.replace("2.其他法律行政法规禁止公开", label) for line in report_lines(values)]
    report = parsed(lines)
    assert unread(report, values) == [] and wrong(report, values) == []


def test_every_cell_slices_the_text() -> None:
    report: Report = parsed(report_lines(matrix(seed=3), script="s2t", layout="E"))
    for cell in report.cells:
        assert report.text[cell.start : cell.end] == cell.raw
        assert cell.value == Decimal(cell.raw)
