"""Files, folders, patterns, archives, standard input and bad input of every kind."""

from __future__ import annotations

import io
import sys
import zipfile

import pytest
import samples

from nlp_reports.errors import ReportError
from nlp_reports.read import Source, iter_sources, read, read_all, read_bytes

TEXT = "一、总体情况\n青禾县全年公开信息3条。\n"


def zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def test_identity_of_a_file(tmp_path) -> None:
    import hashlib

    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    report = read(path)
    assert report.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert report.report_id == report.sha256[:16] and report.path == str(path)
    assert read(str(path)) == report


def test_folders_are_walked_in_order_and_lazily(tmp_path) -> None:
    for name in (
        "b/2.txt",
        "b/10.txt",
        "a.pdf",
        "c/x.html",
        ".hidden/y.txt",
        "b/~$lock.docx",
        "b/z.exe",
        "__MACOSX/q.txt",
        "B.txt",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")  # nothing is read, so empty files do no harm
    got = [s.path[len(str(tmp_path)) + 1 :] for s in iter_sources([tmp_path])]
    assert got == ["B.txt", "a.pdf", "b/10.txt", "b/2.txt", "c/x.html"]
    again = [s.path for s in iter_sources([tmp_path / "b", tmp_path])]
    assert len(again) == 5 and again[0].endswith("b/10.txt")
    assert [s.path for s in iter_sources([tmp_path / "*.txt"])] == [str(tmp_path / "B.txt")]
    assert len(list(iter_sources([f"{tmp_path}/**/*.txt"]))) >= 3
    assert next(iter(iter_sources(["-", "missing"]))).path == "-"


def test_folder_of_many_files_streams(tmp_path) -> None:
    for i in range(300):
        (tmp_path / f"{i:04}.txt").touch()
    walk = iter_sources([tmp_path])
    assert next(walk).path.endswith("0000.txt")
    (tmp_path / "0299.txt").unlink()  # listed already: the error comes when it is read
    assert sum(1 for _ in walk) == 299


@pytest.mark.parametrize(("name", "code"), [("missing.txt", "NR101"), ("none*.txt", "NR101"), ("empty", "NR105")])
def test_inputs_that_are_not_there(tmp_path, name: str, code: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "x.exe").touch()
    with pytest.raises(ReportError, match=code):
        list(iter_sources([tmp_path / name]))


def test_a_name_with_pattern_characters_is_a_name_first(tmp_path) -> None:
    path = tmp_path / "年报[2023].txt"
    path.write_text(TEXT, encoding="utf-8")
    assert [s.path for s in iter_sources([path])] == [str(path)]


def test_standard_input(monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    report = read("-")
    assert report.path == "-" and report.format == "text"


def test_archive_gives_one_report_a_member() -> None:
    data = zipped(
        **{
            "b.html": samples.html_report(samples.sample()).encode(),
            "a.txt": TEXT.encode("gb18030"),
            "bad.docx": samples.docx_report(samples.sample())[:2000],
            "empty.txt": b"",
            "inner.zip": zipped(**{"c.txt": TEXT.encode()}),
            "__MACOSX/a.txt": b"x",
            "readme.exe": b"MZ",
            "scripted.html": b"<html><script>" + "年报内容".encode() * 200 + b"</script></html>",
        }
    )
    reports = read_bytes(data, path="all.zip")
    assert [(r.path, r.status, r.error[:5]) for r in reports] == [
        ("all.zip!a.txt", "ok", ""),
        ("all.zip!b.html", "ok", ""),
        ("all.zip!bad.docx", "error", "NR107"),
        ("all.zip!empty.txt", "error", "NR103"),
        ("all.zip!inner.zip!c.txt", "ok", ""),
        ("all.zip!scripted.html", "error", "NR111"),
    ]
    assert all(r.path in r.error for r in reports if r.status == "error")
    assert len({r.report_id for r in reports}) == 6
    [alone] = read_bytes(TEXT.encode(), path="c.txt")
    assert alone.report_id == reports[4].report_id


def test_read_of_an_archive(tmp_path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(**{"a.txt": TEXT.encode()}))
    assert read(path).text == TEXT.strip()
    path.write_bytes(zipped(**{"a.txt": TEXT.encode(), "b.txt": TEXT.encode()}))
    with pytest.raises(ReportError, match="NR114"):
        read(path)
    path.write_bytes(zipped(**{"a.txt": b""}))
    with pytest.raises(ReportError, match=r"NR103 .*a\.zip!a\.txt"):
        read(path)


def test_bombs_are_bounded() -> None:
    bomb = zipped(**{"a.txt": b"0" * 3_000_000, "b.txt": TEXT.encode()})
    reports = read_bytes(bomb, path="z.zip", max_bytes=1_000_000)
    assert [(r.status, r.error[:5]) for r in reports] == [("error", "NR113"), ("ok", "")]
    nested = zipped(**{"1.zip": zipped(**{"2.zip": zipped(**{"3.zip": zipped(**{"a.txt": TEXT.encode()})})})})
    [report] = read_bytes(nested, path="z.zip")
    assert report.status == "error" and "nested" in report.error


def test_names_of_members_written_on_chinese_windows() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("N" * 8 + ".txt", TEXT)
    raw = stream.getvalue().replace(b"N" * 8, "云岭年报".encode("gb18030"))
    [report] = read_bytes(raw, path="z.zip")
    assert report.path == "z.zip!云岭年报.txt"


@pytest.mark.parametrize("cut", [10, 60, 100])
def test_truncated_archive(cut: int) -> None:
    with pytest.raises(ReportError, match=r"NR107 z\.zip"):
        read_bytes(zipped(**{"a.txt": TEXT.encode()})[:cut], path="z.zip")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.txt", b"", "NR103"),
        ("a.txt", bytes(range(256)) * 20, "NR104"),
        ("a.exe", b"MZ\x90\x00" + bytes(100), "NR104"),
        ("a.rar", b"Rar!\x1a\x07\x00", "NR104"),
        ("a.xlsx", zipped(**{"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "NR104"),
        ("a.png", b"\x89PNG\r\n\x1a\n broken", "NR107|NR110"),
        ("a.mht", b"MIME-Version: 1.0\nContent-Type: text/plain\n\nx", "NR107"),
        ("a.txt", b" \n\t\n", "NR109"),
    ],
)
def test_other_files_are_refused_with_a_code(name: str, data: bytes, code: str) -> None:
    with pytest.raises(ReportError, match=rf"({code}) {name}: ") as caught:
        read_bytes(data, path=name)
    assert caught.value.remedy


@pytest.mark.parametrize("name", ["a.pdf", "a.doc", "a.docx", "a.zip", "a"])
def test_the_content_decides_not_the_name(name: str) -> None:
    [report] = read_bytes(TEXT.encode(), path=name)
    assert report.format == "text" and report.text == TEXT.strip()
    [report] = read_bytes(samples.docx_report(samples.sample()), path="a.pdf")
    assert report.format == "docx"
    [report] = read_bytes(samples.html_report(samples.sample()).encode(), path=name)
    assert report.format == "html"


def test_web_archive(same) -> None:
    import base64

    s = samples.sample()
    page = base64.encodebytes(samples.html_report(s).encode()).decode()
    mht = f'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="B"\n\n--B\nContent-Type: text/html; charset="utf-8"\nContent-Transfer-Encoding: base64\n\n{page}\n--B--\n'
    [report] = read_bytes(mht.encode(), path="a.doc")
    same(report, s)
    assert report.format == "mhtml"


def test_too_large_and_unreadable(tmp_path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT * 100, encoding="utf-8")
    with pytest.raises(ReportError, match="NR113"):
        read(path, max_bytes=100)
    with pytest.raises(ReportError, match="NR102"):
        read(tmp_path)
    [report] = read_all(Source(str(tmp_path / "gone.txt")))
    assert report.status == "error" and report.error.startswith("NR101") and report.report_id


def test_knowledge_file_is_checked(monkeypatch, tmp_path) -> None:
    from nlp_reports.errors import DataFileError
    from nlp_reports.read import knowledge as module

    bad = tmp_path / "reading.yaml"
    text = module._FILE.read_text(encoding="utf-8")
    for broken, said in (
        ("surprise: 1\n" + text, "surprise is not known"),
        (text.replace("report_title:", "titel:"), "report_title is missing"),
    ):
        bad.write_text(broken, encoding="utf-8")
        monkeypatch.setattr(module, "_FILE", bad)
        with pytest.raises(DataFileError, match=said):
            module.knowledge.__wrapped__()
