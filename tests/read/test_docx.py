"""Word documents and what LibreOffice converts to them."""

from __future__ import annotations

import io
import subprocess
import zipfile

import pytest
import samples

from nlp_reports.errors import ReportError
from nlp_reports.read import office, read_bytes
from nlp_reports.read.numbering import format_number

S = samples.sample(11)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def pack(body: str, **parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return stream.getvalue()


def text_of(body: str, **parts: str) -> str:
    [report] = read_bytes(pack(body, **parts), path="a.docx")
    return report.text


def test_paragraphs_and_merged_tables(same) -> None:
    [report] = read_bytes(samples.docx_report(S), path="a.docx")
    same(report, S)
    assert report.format == "docx"


def test_what_a_person_sees() -> None:
    assert (
        text_of(
            "<w:p><w:r><w:t>全年</w:t></w:r><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>新</w:t></w:r></w:ins>"
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>增</w:t><w:br w:type='page'/><w:t>三条</w:t></w:r></w:p>"
            "<w:p><w:r><w:t>上行</w:t><w:br/><w:t>下行</w:t></w:r></w:p>"
            "<w:sdt><w:sdtContent><w:p><w:r><w:t>控件</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        )
        == "全年新增三条\n上行\n下行\n控件"
    )


def test_text_boxes_are_read_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"
    body = (
        f'<w:p><w:r><w:t>框外</w:t><mc:AlternateContent xmlns:mc="m"><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert text_of(body) == "框外\n框内"


def test_automatic_numbers_are_printed() -> None:
    def item(text: str, level: int, number: int = 1) -> str:
        return f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'

    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="（%2）"/></w:lvl>'
        '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    body = (
        item("总体情况", 0)
        + item("主动公开", 1)
        + item("依申请公开", 1)
        + item("甲", 2)
        + item("乙", 2)
        + item("存在的问题", 0)
        + item("短处", 1)
    )
    assert text_of(body, numbering=numbering).split("\n") == [
        "一、总体情况", "（一）主动公开", "（二）依申请公开", "1.甲", "2.乙", "二、存在的问题", "（一）短处",
    ]  # fmt: skip


def test_number_formats() -> None:
    assert [format_number(n, "chineseCounting") for n in (1, 10, 11, 20, 35)] == ["一", "十", "十一", "二十", "三十五"]
    assert format_number(4, "upperRoman") == "IV" and format_number(27, "lowerLetter") == "aa"
    assert format_number(7, "unknown") == "7"


def test_layout_table_is_unfolded() -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{c}</w:t></w:r></w:p></w:tc>" for c in cells) + "</w:tr>"

    inner = "<w:tbl>" + row("规章", "0", "1") + row("文件", "2", "3") + "</w:tbl>"
    body = f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>一、总体情况</w:t></w:r></w:p>{inner}<w:p/></w:tc></w:tr></w:tbl>"
    [report] = read_bytes(pack(body), path="a.docx")
    assert report.text == "一、总体情况\n规章 | 0 | 1\n文件 | 2 | 3"
    assert [b.kind for b in report.blocks] == ["paragraph", "grid"]


@pytest.mark.parametrize("cut", [0.05, 0.5, 0.9, 0.999])
def test_truncated(cut: float) -> None:
    data = samples.docx_report(S)
    with pytest.raises(ReportError, match=r"NR107 报告\.docx"):
        read_bytes(data[: int(len(data) * cut)], path="报告.docx")


def test_damaged_part_and_bomb(monkeypatch) -> None:
    with pytest.raises(ReportError, match="NR107"):
        read_bytes(pack("<w:p><w:r>"), path="a.docx")
    from nlp_reports.read import docx

    monkeypatch.setattr(docx, "_MAX_PART", 1000)
    with pytest.raises(ReportError, match="NR113"):
        read_bytes(pack("<w:p/>" * 1000), path="a.docx")


def test_entities_are_not_expanded() -> None:
    evil = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml",
            f"{evil}<w:document {W}><w:body><w:p><w:r><w:t>甲&b;</w:t></w:r></w:p></w:body></w:document>",
        )
    [report] = read_bytes(stream.getvalue(), path="a.docx")
    assert report.text == "甲"


def test_without_libreoffice_the_remedy_is_named(monkeypatch) -> None:
    monkeypatch.setenv("NLP_REPORTS_SOFFICE", "")
    for name, data in (
        ("a.rtf", b"{\\rtf1 abc}"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")),
    ):
        with pytest.raises(ReportError, match=rf"NR110 {name}: .*LibreOffice"):
            read_bytes(data, path=name)


def test_office_that_hangs_is_ended(monkeypatch, tmp_path) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nsleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("NLP_REPORTS_SOFFICE", str(program))
    monkeypatch.setattr(office, "TIMEOUT", 0.3)
    with pytest.raises(ReportError, match=r"NR107.*0\.3 seconds"):
        read_bytes(b"{\\rtf1 abc}", path="a.rtf")


def test_encrypted_office_documents() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    with pytest.raises(ReportError, match="NR108"):
        read_bytes(ole + "EncryptedPackage".encode("utf-16-le"), path="a.docx")
    fib = bytearray(512)
    fib[:2], fib[11] = b"\xec\xa5", 1
    with pytest.raises(ReportError, match="NR108"):
        read_bytes(ole + bytes(fib) + "WordDocument".encode("utf-16-le"), path="a.doc")


@pytest.mark.office
@pytest.mark.parametrize("suffix", ["doc", "rtf", "odt", "wps"])
def test_converted_formats(suffix: str, soffice: str, tmp_path, same) -> None:
    source = tmp_path / "a.docx"
    source.write_bytes(samples.docx_report(S))
    kind = "doc" if suffix == "wps" else suffix
    command = [soffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", kind]
    subprocess.run([*command, "--outdir", str(tmp_path), str(source)], capture_output=True, check=True, timeout=120)
    [report] = read_bytes((tmp_path / f"a.{kind}").read_bytes(), path=f"a.{suffix}")
    assert report.format == kind
    if suffix == "odt":
        same(report, S)
    # The binary formats keep widths, not spans: a column may be split in two by rounding. Every cell is there, in order.
    got = ["".join(c.text.split()) for b in report.blocks if b.grid for c in b.grid.cells]
    want = ["".join(c[4].split()) for p in samples.parts(S) if not isinstance(p, str) for c in samples.place(p)]
    assert got == want
    assert [report.text[b.start : b.end] for b in report.blocks if not b.grid] == [
        p for p in samples.parts(S) if isinstance(p, str)
    ]
