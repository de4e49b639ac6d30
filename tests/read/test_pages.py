"""PDF and OFD: lines, columns, furniture, ruled tables over pages; the layout engine they share."""

from __future__ import annotations

import io
import subprocess

import pytest
import samples

from nlp_reports.errors import ReportError
from nlp_reports.read import read_bytes
from nlp_reports.read.layout import read_pages
from nlp_reports.read.page import Glyph, Page, Rule
from nlp_reports.read.raw import RawDocument, RawGrid
from nlp_reports.read.ruled import find_tables

S = samples.sample(5)


def set_line(text: str, x: float, y: float, size: float = 10, pitch: float | None = None) -> list[Glyph]:
    out = []
    for char in text:
        wide = size if ord(char) > 255 else size / 2
        if char != " ":
            out.append(Glyph(x, y, x + wide, y + size, char))
        x += pitch or wide
    return out


def box(x0: float, y0: float, x1: float, y1: float) -> list[Rule]:
    return [Rule(x0, y0, x1, y0), Rule(x0, y1, x1, y1), Rule(x0, y0, x0, y1), Rule(x1, y0, x1, y1)]


def blocks_of(*pages: Page) -> list[str]:
    document = RawDocument("test")
    read_pages(pages, document)
    return [b.text if not isinstance(b, RawGrid) else " / ".join(c.text for c in b.cells) for b in document.blocks]


def wrapped(text: str, per: int, x: float, y: float, *, indent: int = 2, pitch: float = 18) -> list[Glyph]:
    out, first = [], True
    while text:
        n = per - (indent if first else 0)
        out += set_line(text[:n], x + (10 * indent if first else 0), y)
        text, first, y = text[n:], False, y + pitch
    return out


LEFT = "青禾县各部门按照年初计划推进栏目更新并且逐月核对数据发现问题及时改正群众来信由专人登记转办办结以后回访一次请来信人打分评价结果写入台账供年底总结时使用到目前为止共登记来信四百余件"
RIGHT = "白沙镇在便民大厅设立查阅点配备电脑打印设备安排人员值守为老年人代办查询事项同时在各村公告栏张贴常用政策目录每季度更换一次内容还在赶集日摆放展板派人讲解方便不会上网的群众了解各项补贴"


def test_two_columns_are_read_one_after_the_other() -> None:
    page = Page(1, 595, 842)
    page.glyphs = (
        set_line("两栏排版的年度报告样张", 240, 60) + wrapped(LEFT, 22, 50, 100) + wrapped(RIGHT, 22, 320, 100)
    )
    assert blocks_of(page) == ["两栏排版的年度报告样张", LEFT, RIGHT]


def test_furniture_repeated_over_pages_and_paragraph_over_a_page_break() -> None:
    pages = []
    text = LEFT + RIGHT
    for i, part in enumerate((text[:88], text[88:])):  # two full lines, the first set in by two letters
        page = Page(i + 1, 595, 842)
        page.glyphs = wrapped(part, 45, 70, 720 if i == 0 else 100, indent=2 if i == 0 else 0)
        pages.append(page)
    pages.append(Page(3, 595, 842, set_line("二、主动公开政府信息情况", 90, 80)))
    for i, page in enumerate(pages):
        page.glyphs += set_line("青禾县年度报告", 250, 30) + set_line(f"— {i + 1} —", 280, 800)
    got = blocks_of(*pages)
    assert got == [text, "二、主动公开政府信息情况"]


def test_open_borders_and_cut_rows_over_a_page_break() -> None:
    one, two = Page(1, 595, 842), Page(2, 595, 842)
    for y in (700, 730):
        one.rules.append(Rule(70, y, 500, y))
    for x in (70, 200, 300, 400, 500):
        one.rules.append(Rule(x, 700, x, 790))  # no line below: the table goes on
        two.rules.append(Rule(x, 60, x, 120))
    for y in (90, 120):
        two.rules.append(Rule(70, y, 500, y))
    one.glyphs = set_line("信息内容", 80, 710) + [g for i in range(3) for g in set_line("件数", 210 + 100 * i, 710)]
    one.glyphs += set_line("要求行政机关确认", 80, 750) + [
        g for i in range(3) for g in set_line(str(i), 210 + 100 * i, 750)
    ]
    two.glyphs = set_line("或重新出具信息", 80, 70) + set_line("规章", 80, 100)
    two.glyphs += [g for i in range(3) for g in set_line("7", 210 + 100 * i, 100)]
    assert blocks_of(one, two) == [
        "信息内容 / 件数 / 件数 / 件数 / 要求行政机关确认或重新出具信息 / 0 / 1 / 2 / 规章 / 7 / 7 / 7"
    ]


def test_rows_of_blank_values_are_not_taken_for_a_cut_row() -> None:
    one, two = Page(1, 595, 842), Page(2, 595, 842)
    for page, ys in ((one, (700, 730, 760)), (two, (60, 90, 120))):
        page.rules = [Rule(70, y, 500, y) for y in ys] + [Rule(x, ys[0], x, ys[-1]) for x in (70, 200, 300, 400, 500)]
    one.glyphs = set_line("规章", 80, 710) + set_line("1.属于国家秘密", 80, 740)
    two.glyphs = set_line("2.重复申请", 80, 70) + set_line("行政许可", 80, 100) + set_line("9", 310, 100)
    assert blocks_of(one, two) == ["规章 /  /  /  / 1.属于国家秘密 /  /  /  / 2.重复申请 /  /  /  / 行政许可 /  / 9 / "]


def test_frames_around_text_are_no_tables() -> None:
    page = Page(1, 595, 842, wrapped(LEFT, 40, 80, 100), box(60, 80, 530, 400))
    assert blocks_of(page) == [LEFT]


def test_merged_cells_from_missing_lines() -> None:
    page = Page(1, 595, 842)
    page.rules = [*box(100, 100, 400, 190), Rule(200, 100, 200, 190), Rule(300, 130, 300, 190)]
    page.rules += [Rule(200, 130, 400, 130), Rule(100, 160, 400, 160)]
    [table] = find_tables(page)
    assert sorted((c.top, c.bottom, c.left, c.right) for c in table.cells) == [
        (0, 1, 1, 3), (0, 2, 0, 1), (1, 2, 1, 2), (1, 2, 2, 3), (2, 3, 0, 1), (2, 3, 1, 2), (2, 3, 2, 3),
    ]  # fmt: skip


def test_label_set_upright_and_number_broken_in_its_cell() -> None:
    page = Page(1, 595, 842)
    page.rules = [*box(100, 100, 300, 180), Rule(120, 100, 120, 180), Rule(200, 100, 200, 180)]
    page.glyphs = [Glyph(105, 104 + 12 * i, 115, 114 + 12 * i, c) for i, c in enumerate("三、本年度")]
    page.glyphs += set_line("总 计", 130, 120) + set_line("180", 210, 110) + set_line("8595", 210, 124)
    assert blocks_of(page) == ["三、本年度 / 总计 / 1808595"]


def test_a_number_cut_by_the_page_edge_is_dropped_whole() -> None:
    page = Page(1, 595, 842)
    page.rules = [Rule(300, y, 700, y) for y in (100, 130)] + [Rule(x, 100, x, 130) for x in (300, 450, 570, 700)]
    page.glyphs = set_line("规章", 310, 110) + set_line("12", 460, 110) + set_line("3511", 580, 110)
    document = RawDocument("test")
    read_pages([page], document)
    [grid] = document.blocks
    assert [c.text for c in grid.cells] == ["规章", "12", ""]
    assert [n.code for n in document.notes] == ["outside_page"]


def test_radicals_of_a_text_layer() -> None:
    page = Page(1, 595, 842, set_line("⼯作⻓期 2021 年", 100, 100))
    assert blocks_of(page) == ["工作长期2021年"]


@pytest.mark.parametrize("grouped", [True, False])
def test_ofd(grouped: bool, same) -> None:
    [report] = read_bytes(samples.ofd_report(S, grouped=grouped), path="a.ofd")
    same(report, S)
    assert report.format == "ofd"


def test_ofd_of_text_alone_and_damaged() -> None:
    text = '<ofd:TextObject Boundary="30 40 100 5" Size="5" CTM="1 0 0 1 0 0"><ofd:TextCode X="0" Y="4.3" DeltaX="g 3 5">云岭市报</ofd:TextCode></ofd:TextObject>'
    [report] = read_bytes(samples.pack_ofd([text]), path="a.ofd")
    assert report.text == "云岭市报"
    with pytest.raises(ReportError, match=r"NR109 a\.ofd"):
        read_bytes(samples.pack_ofd([""]), path="a.ofd")
    with pytest.raises(ReportError, match=r"NR107 a\.ofd"):
        read_bytes(samples.pack_ofd([text])[:300], path="a.ofd")
    with pytest.raises(ReportError, match="NR107"):
        read_bytes(samples.pack_ofd(["<broken"]), path="a.ofd")


@pytest.mark.office
def test_pdf_by_libreoffice(soffice: str, tmp_path, same) -> None:
    (tmp_path / "a.docx").write_bytes(samples.docx_report(S))
    command = [soffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(tmp_path / "a.docx")], capture_output=True, check=True, timeout=120
    )
    [report] = read_bytes((tmp_path / "a.pdf").read_bytes(), path="a.pdf")
    same(report, S)


@pytest.mark.office
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_pdf_turned(turn: int, soffice: str, tmp_path, same) -> None:
    """A page stored on its side with a rotation entry, and one whose content is set on its side, read the same."""
    import pypdfium2 as pdfium

    (tmp_path / "a.docx").write_bytes(samples.docx_report(S))
    command = [soffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(tmp_path / "a.docx")], capture_output=True, check=True, timeout=120
    )
    data = (tmp_path / "a.pdf").read_bytes()
    turned, drawn = pdfium.PdfDocument(data), pdfium.PdfDocument.new()
    for i, page in enumerate(turned):
        width, height = page.get_size()
        form = pdfium.PdfDocument(data)
        content = (
            form[i].capture_as_xobject(drawn)
            if hasattr(form[i], "capture_as_xobject")
            else form.page_as_xobject(i, drawn)
        )
        placed = content.as_pageobject()
        matrix = {90: (0, 1, -1, 0, height, 0), 180: (-1, 0, 0, -1, width, height), 270: (0, -1, 1, 0, 0, width)}[turn]
        placed.set_matrix(pdfium.PdfMatrix(*matrix))
        new = drawn.new_page(*((width, height) if turn == 180 else (height, width)))
        new.insert_obj(placed)
        new.gen_content()
        page.set_rotation(turn)
    for document in (turned, drawn):
        stream = io.BytesIO()
        document.save(stream)
        [report] = read_bytes(stream.getvalue(), path="a.pdf")
        same(report, S)


@pytest.mark.browser
def test_pdf_by_a_browser(chromium: str, tmp_path, same) -> None:
    from playwright.sync_api import sync_playwright

    page_file = tmp_path / "a.html"
    page_file.write_text(samples.html_report(S).replace("<head>", "<head>" + samples.PRINT_CSS), encoding="utf-8")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(page_file.as_uri())
        data = page.pdf(prefer_css_page_size=True)
        browser.close()
    [report] = read_bytes(data, path="a.pdf")
    same(report, S)
    assert "page_furniture" in {n.code for n in report.notes}


def test_pdf_bad_input(monkeypatch) -> None:
    from nlp_reports.read import ocr

    monkeypatch.setattr(ocr, "available", lambda: False)
    with pytest.raises(ReportError, match=r"NR107 a\.pdf"):
        read_bytes(b"%PDF-1.4 nothing of the kind", path="a.pdf")
    pytest.importorskip("PIL")
    from PIL import Image

    stream = io.BytesIO()
    Image.new("L", (600, 800), 200).save(stream, "PDF")
    with pytest.raises(ReportError, match=r"NR109 a\.pdf.*`ocr` extra"):
        read_bytes(stream.getvalue(), path="a.pdf")


def test_pdf_encrypted() -> None:
    pytest.importorskip("reportlab")
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    canvas = Canvas(stream, encrypt=StandardEncryption("secret", canPrint=0))
    canvas.drawString(100, 700, "hidden")
    canvas.save()
    with pytest.raises(ReportError, match=r"NR108 a\.pdf"):
        read_bytes(stream.getvalue(), path="a.pdf")


def test_shared_pdf_tables_are_complete(shared) -> None:
    path = shared / "reports" / "hongze_2023.pdf"
    [report] = read_bytes(path.read_bytes(), path=str(path))
    assert [(b.grid.n_rows, b.grid.n_cols, len(b.grid.cells)) for b in report.blocks if b.grid] == [
        (14, 4, 30), (26, 10, 198), (4, 15, 34),
    ]  # fmt: skip
    assert report.text.count("\n- ") == 0
