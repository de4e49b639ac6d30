"""Scans: rasterised, turned, noisy; and what is said when the extra is missing."""

from __future__ import annotations

import io

import pytest
import samples

from nlp_reports.errors import MissingExtra, ReportError
from nlp_reports.read import ocr, read_bytes
from nlp_reports.text.normalize import compact

S = samples.sample(3)


def scan(data: bytes, *, turn: float, noise: float, seed: int = 1) -> list:
    """The pages of a PDF as a scanner gives them: 200 dots to the inch, turned, with grain and specks."""
    numpy = pytest.importorskip("numpy")
    image = pytest.importorskip("PIL.Image")
    import pypdfium2

    rng = numpy.random.default_rng(seed)
    out = []
    for page in pypdfium2.PdfDocument(data):
        picture = page.render(scale=200 / 72).to_pil().convert("L").rotate(turn, resample=image.BICUBIC, fillcolor=255)
        grain = numpy.asarray(picture).astype(float) + rng.normal(0, noise, (picture.height, picture.width))
        specks = rng.random(grain.shape) < 0.001
        grain[specks] = rng.choice([0, 255], specks.sum())
        out.append(image.fromarray(grain.clip(0, 255).astype("uint8")))
    return out


@pytest.fixture(scope="module")
def printed(soffice: str, tmp_path_factory) -> bytes:
    import subprocess

    folder = tmp_path_factory.mktemp("ocr")
    (folder / "a.docx").write_bytes(samples.docx_report(S))
    command = [soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(folder), str(folder / "a.docx")], capture_output=True, check=True, timeout=120
    )
    return (folder / "a.pdf").read_bytes()


@pytest.mark.slow
@pytest.mark.office
def test_round_trip_of_a_scan(printed: bytes) -> None:
    pytest.importorskip("rapidocr")
    pytest.importorskip("onnxruntime")
    first, *rest = scan(printed, turn=0.8, noise=15)
    stream = io.BytesIO()
    first.save(stream, "PDF", save_all=True, append_images=rest, resolution=200)
    [report] = read_bytes(stream.getvalue(), path="scan.pdf")
    assert report.format == "pdf+ocr"
    assert ("ocr", "reader") in {(n.code, n.fault) for n in report.notes}
    want = [p for p in samples.parts(S) if not isinstance(p, str)]
    grids = [b.grid for b in report.blocks if b.grid]
    assert len(grids) == 3
    right = total = 0
    for grid, rows in zip(grids, want, strict=True):
        got = {(c.row, c.col): compact(c.text) for c in grid.cells}
        for row, col, _, _, text in samples.place(rows):
            total += 1
            right += got.get((row, col)) == compact(text)
    assert right / total >= 0.95, f"{right} of {total} cells"
    paragraphs = [compact(report.text[b.start : b.end]) for b in report.blocks if not b.grid]
    assert sum(compact(p) in paragraphs for p in samples.parts(S) if isinstance(p, str)) >= 10


@pytest.mark.slow
@pytest.mark.office
def test_a_picture_of_one_page(printed: bytes) -> None:
    pytest.importorskip("rapidocr")
    stream = io.BytesIO()
    scan(printed, turn=-0.5, noise=8)[0].save(stream, "PNG")
    [report] = read_bytes(stream.getvalue(), path="scan.png")
    assert report.format == "image" and samples.TITLE in report.text


def test_without_the_extra(monkeypatch) -> None:
    image = pytest.importorskip("PIL.Image")
    monkeypatch.setattr(ocr, "available", lambda: False)
    ocr._engine.cache_clear()
    stream = io.BytesIO()
    image.new("L", (40, 40), 255).save(stream, "PNG")
    with pytest.raises(ReportError, match=r"NR110 a\.png.*nlp-reports\[ocr\]"):
        read_bytes(stream.getvalue(), path="a.png")
    with pytest.raises(MissingExtra, match=r"nlp-reports\[ocr\]"):
        ocr._engine()


def test_letters_spread_over_a_word() -> None:
    glyphs = ocr._spread("共3 件", (0.0, 0.0, 31.0, 10.0))
    assert [g.text for g in glyphs] == ["共", "3", "件"]
    assert glyphs[0].x0 == 0 and glyphs[-1].x1 == pytest.approx(31)


def test_lines_of_a_cell() -> None:
    numpy = pytest.importorskip("numpy")
    ink = numpy.zeros((80, 20), dtype="uint8")
    for top in (5, 13, 21):  # the three strokes of one letter
        ink[top : top + 3] = 255
    ink[40:64] = 255
    assert ocr._text_rows(ink, 24) == [(5, 24), (40, 64)]
