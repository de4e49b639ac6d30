"""PDF by PDFium: letters and drawn lines with their positions, then the common layout engine.

PDFium is what browsers render with, so the letters are those a person sees, and it is many times faster than reading
the content streams in Python. A page without a text layer is a picture, which the ``ocr`` extra reads.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import Any

from nlp_reports.errors import ReportError
from nlp_reports.read.encoding import plausibility
from nlp_reports.read.layout import read_pages
from nlp_reports.read.page import Glyph, Page, Rule
from nlp_reports.read.raw import RawDocument
from nlp_reports.text.repair import is_wide

_MAX_PAGES = 2_000
_MAX_OBJECTS = 60_000
_MAX_DEPTH = 4
#: A filled box thinner than this (points) is a drawn line.
_THIN = 3.0
_PASSWORD = 4  # FPDF_ERR_PASSWORD


def read_pdf(data: bytes, *, path: str = "") -> RawDocument:
    """Read a PDF.

    Raises:
        ReportError: ``NR108`` encrypted, ``NR107`` damaged, ``NR109`` no text layer and no OCR, ``NR113`` more than
            2,000 pages.
    """
    import pypdfium2 as pdfium

    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD or "password" in str(error).lower():
            raise ReportError("NR108", path=path) from error
        raise ReportError("NR107", path=path, detail="it cannot be opened as a PDF") from error
    document = RawDocument("pdf")
    try:
        if len(pdf) > _MAX_PAGES:
            raise ReportError("NR113", path=path, detail=f"{len(pdf)} pages, limit {_MAX_PAGES}")
        pages = [_page(pdf, i) for i in range(len(pdf))]
        blank = [p.number for p in pages if sum(1 for g in p.glyphs if g.text.strip()) < 10]
        if len(blank) < len(pages):
            letters = "".join(g.text for p in pages for g in p.glyphs)
            if plausibility(letters) < 0.05:
                blank = [p.number for p in pages]
                document.note("text_layer_unreadable", "the letters of the text layer make no words", "author")
        scanned = [n for n in blank if pages[n - 1].pictures or len(pages[n - 1].rules) or len(blank) == len(pages)]
        if scanned:
            _scanned(pdf, pages, scanned, document, path)
    finally:
        pdf.close()
    read_pages(pages, document)
    if sum(p.pictures for p in pages) and document.format != "pdf+ocr":
        document.note("pictures", f"{sum(p.pictures for p in pages)} pictures in the document, not read", "undecidable")
    return document


def _scanned(pdf: Any, pages: list[Page], numbers: list[int], document: RawDocument, path: str) -> None:
    """Pages that are pictures: read by OCR when it is installed; else said, or refused when there is nothing else."""
    from nlp_reports.read import ocr

    if not any(pages[n - 1].pictures or pages[n - 1].rules or pages[n - 1].glyphs for n in numbers):
        if len(numbers) == len(pages):
            raise ReportError("NR109", path=path, detail="blank pages")
        return
    if not ocr.available():
        if len(numbers) == len(pages):
            detail = f"{len(pages)} pages of pictures" if len(pages) > 1 else "a page that is a picture"
            raise ReportError("NR109", path=path, detail=detail)
        for n in numbers:
            document.note("page_unread", f"page {n} is a picture", "reader")
        return
    for n in numbers:
        pages[n - 1] = ocr.read_picture(pdf[n - 1].render(scale=200 / 72).to_pil(), number=n, document=document)
    document.format = "pdf+ocr"


def _page(pdf: Any, index: int) -> Page:
    import pypdfium2.raw as raw

    page = pdf[index]
    try:
        left, bottom, right, top = page.get_bbox()
        text_page = page.get_textpage()
        rotation = _text_rotation(raw, text_page.raw)
        if rotation is None:
            rotation = page.get_rotation()
        place = _placer(left, bottom, right, top, rotation)
        size = (top - bottom, right - left) if rotation in (90, 270) else (right - left, top - bottom)
        out = Page(index + 1, *size)
        _letters(raw, text_page.raw, out, place)
        _drawings(raw, page, out, place)
        text_page.close()
        return out
    finally:
        page.close()


def _text_rotation(raw: Any, handle: Any) -> int | None:
    """How the page has to be turned (clockwise, degrees) so that most of its letters stand upright.

    That is the page's own rotation nearly always, but a wide table may be set on its side on an upright page.
    """
    count = raw.FPDFText_CountChars(handle)
    turns: Counter[int] = Counter()
    matrix = raw.FS_MATRIX()
    for i in range(0, count, max(1, count // 200)):
        printed = raw.FPDFText_GetUnicode(handle, i) > 32 and not raw.FPDFText_IsGenerated(handle, i)
        if printed and raw.FPDFText_GetMatrix(handle, i, ctypes.byref(matrix)):
            turns[round(math.degrees(math.atan2(matrix.b, matrix.a)) / 90) * 90 % 360] += 1
    return turns.most_common(1)[0][0] if turns else None


_Place = Callable[[float, float, float, float], tuple[float, float, float, float]]


def _placer(left: float, bottom: float, right: float, top: float, rotation: int) -> _Place:
    """From the page's own space (upwards, unrotated) to what a reader sees (downwards, rotated)."""

    def place(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        if rotation == 90:
            return y0 - bottom, x0 - left, y1 - bottom, x1 - left
        if rotation == 180:
            return right - x1, y0 - bottom, right - x0, y1 - bottom
        if rotation == 270:
            return top - y1, right - x1, top - y0, right - x0
        return x0 - left, top - y1, x1 - left, top - y0

    return place


def _letters(raw: Any, handle: Any, out: Page, place: _Place) -> None:
    box = raw.FS_RECTF()
    by_ref = ctypes.byref(box)
    get_code, get_box, generated = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox, raw.FPDFText_IsGenerated
    usual = 0.0
    for i in range(raw.FPDFText_CountChars(handle)):
        code = get_code(handle, i)
        if code <= 32 or code == 0xFFFE or generated(handle, i):
            continue
        if not get_box(handle, i, by_ref):
            continue
        tall = box.top - box.bottom
        if not 0.85 * usual <= tall <= 1.18 * usual or box.right - box.left > 1.6 * tall:
            x0, y0, x1, y1 = _em_box(raw, handle, i, box, chr(code))
            usual = tall = y1 - y0
            x0, y0, x1, y1 = place(x0, y0, x1, y1)
        else:
            x0, y0, x1, y1 = place(box.left, box.bottom, box.right, box.top)
        try:
            out.glyphs.append(Glyph(x0, y0, x1, y1, chr(code)))
        except ValueError:
            continue


def _em_box(raw: Any, handle: Any, i: int, box: Any, char: str) -> tuple[float, float, float, float]:
    """The em square of a letter by its origin and type size, where PDFium's box is out of proportion.

    That is so for upright writing and for letters that a font calls radicals, whose box is their ink alone.
    """
    matrix = raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    em = raw.FPDFText_GetFontSize(handle, i)
    found = raw.FPDFText_GetMatrix(handle, i, ctypes.byref(matrix))
    found = found and raw.FPDFText_GetCharOrigin(handle, i, ctypes.byref(x), ctypes.byref(y))
    along, across = math.hypot(matrix.a, matrix.b), math.hypot(matrix.c, matrix.d)
    em *= across
    wide, tall = box.right - box.left, box.top - box.bottom
    if not found or not along or not 0.5 < em < 1000:
        return box.left, box.bottom, min(box.right, box.left + 1.6 * tall), box.top
    if abs(matrix.b) > abs(matrix.a):  # set on its side
        wide, tall = tall, wide
    if 0.6 <= tall / em <= 1.7 and wide <= 1.6 * em:
        return box.left, box.bottom, box.right, box.top
    wide = em if is_wide(char) or wide > 1.6 * em else wide
    # Along the line from the origin, and from a little below the base line up.
    u, v = (matrix.a / along, matrix.b / along), (matrix.c / across, matrix.d / across)
    xs = [x.value + s * u[0] + t * v[0] for s in (0.0, wide) for t in (-0.14 * em, 0.86 * em)]
    ys = [y.value + s * u[1] + t * v[1] for s in (0.0, wide) for t in (-0.14 * em, 0.86 * em)]
    return min(xs), min(ys), max(xs), max(ys)


def _drawings(raw: Any, page: Any, out: Page, place: _Place) -> None:
    left = [_MAX_OBJECTS]

    def walk(count: int, get: Callable[[int], Any], matrix: tuple[float, ...], depth: int) -> None:
        for i in range(count):
            left[0] -= 1
            if left[0] < 0:
                return
            item = get(i)
            kind = raw.FPDFPageObj_GetType(item)
            if kind == raw.FPDF_PAGEOBJ_PATH:
                out.rules.extend(_path(raw, item, matrix, place))
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                out.pictures += 1
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
                inner = _product(_matrix(raw, item), matrix)
                walk(raw.FPDFFormObj_CountObjects(item), partial(raw.FPDFFormObj_GetObject, item), inner, depth + 1)

    walk(raw.FPDFPage_CountObjects(page), partial(raw.FPDFPage_GetObject, page), (1, 0, 0, 1, 0, 0), 0)


def _matrix(raw: Any, item: Any) -> tuple[float, ...]:
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix)):
        return (1, 0, 0, 1, 0, 0)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _product(m: tuple[float, ...], n: tuple[float, ...]) -> tuple[float, ...]:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _path(raw: Any, item: Any, outer: tuple[float, ...], place: _Place) -> Iterator[Rule]:
    """The horizontal and vertical lines of a path: stroked segments, and filled boxes thin enough to be lines."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke))
    if not fill.value and not stroke.value:
        return
    matrix = _product(_matrix(raw, item), outer)
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = None
    runs: list[list[tuple[float, float]]] = []
    for i in range(min(raw.FPDFPath_CountSegments(item), 2_000)):
        segment = raw.FPDFPath_GetPathSegment(item, i)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = (
            matrix[0] * x.value + matrix[2] * y.value + matrix[4],
            matrix[1] * x.value + matrix[3] * y.value + matrix[5],
        )
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            runs.append([point])
            start = point
        elif runs:
            if kind == raw.FPDF_SEGMENT_LINETO:
                runs[-1].append(point)
            else:  # a curve: it ends the straight run
                runs.append([point])
            if raw.FPDFPathSegment_GetClose(segment) and start is not None and runs[-1]:
                runs[-1].append(start)
        last = point
    del last
    for run in runs:
        yield from rules_of(run, stroked=bool(stroke.value), place=place)


def rules_of(run: list[tuple[float, float]], *, stroked: bool, place: _Place) -> Iterator[Rule]:
    """The rules that one straight run of points draws."""
    if len(run) < 2:
        return
    xs, ys = [p[0] for p in run], [p[1] for p in run]
    x0, y0, x1, y1 = place(min(xs), min(ys), max(xs), max(ys))
    if x1 - x0 <= _THIN < y1 - y0:
        yield Rule((x0 + x1) / 2, y0, (x0 + x1) / 2, y1)
    elif y1 - y0 <= _THIN < x1 - x0:
        yield Rule(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2)
    elif stroked:
        for (ax, ay), (bx, by) in pairwise(run):
            sx0, sy0, sx1, sy1 = place(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
            if sx1 - sx0 <= 1.0 < sy1 - sy0:
                yield Rule((sx0 + sx1) / 2, sy0, (sx0 + sx1) / 2, sy1)
            elif sy1 - sy0 <= 1.0 < sx1 - sx0:
                yield Rule(sx0, (sy0 + sy1) / 2, sx1, (sy0 + sy1) / 2)
