"""OFD (GB/T 33190), the national fixed-layout format: a ZIP of XML, read to letters and lines with positions.

Lengths are millimetres, ``y`` grows downwards, which is what the layout engine wants. Text objects carry a box, an
optional matrix and the advances of their letters; page templates are read like pages (they hold letterheads).
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from typing import Any

from nlp_reports.errors import ReportError
from nlp_reports.read.layout import read_pages
from nlp_reports.read.page import Glyph, Page, Rule
from nlp_reports.read.raw import RawDocument
from nlp_reports.text.repair import is_wide

_MAX_PART = 64 * 1024 * 1024
_MAX_PAGES = 2_000
_MAX_LETTERS = 200_000
#: Points to the millimetre: pages are scaled to points, so that one set of tolerances serves every format.
_SCALE = 72 / 25.4
_THIN = 1.0  # millimetres
_PATH = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")

Element = Any
Matrix = tuple[float, float, float, float, float, float]
_UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read_ofd(data: bytes, *, path: str = "") -> RawDocument:
    """Read an OFD document.

    Raises:
        ReportError: ``NR107`` damaged, ``NR108`` encrypted, ``NR109`` without text, ``NR113`` over the limits.
    """
    document = RawDocument("ofd")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            package = _Package(archive, path)
            pages = list(package.pages())
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, OSError, RuntimeError) as error:
        raise ReportError("NR107", path=path, detail=f"its parts cannot be unpacked: {error}") from error
    if not any(p.glyphs for p in pages):
        pictures = sum(p.pictures for p in pages)
        raise ReportError("NR109", path=path, detail=f"{pictures} pictures" if pictures else "blank pages")
    if pictures := sum(p.pictures for p in pages):
        document.note("pictures", f"{pictures} pictures in the document, not read", "undecidable")
    read_pages(pages, document)
    return document


class _Package:
    """The parts of one OFD file."""

    def __init__(self, archive: zipfile.ZipFile, path: str) -> None:
        self.archive, self.path = archive, path
        self.names = {n.lstrip("/").lower(): n for n in archive.namelist()}

    def xml(self, name: str) -> Element:
        from lxml import etree

        real = self.names.get(posixpath.normpath(name).lstrip("/").lower())
        if real is None:
            raise ReportError("NR107", path=self.path, detail=f"{name} is missing in it")
        info = self.archive.getinfo(real)
        if info.flag_bits & 0x1:
            raise ReportError("NR108", path=self.path)
        with self.archive.open(info) as file:
            content = file.read(_MAX_PART + 1)
        if len(content) > _MAX_PART:
            raise ReportError("NR113", path=self.path, detail=f"{name} unpacks to more than {_MAX_PART} bytes")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        try:
            return etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            if "encryptions.xml" in self.names:
                raise ReportError("NR108", path=self.path) from error
            raise ReportError("NR107", path=self.path, detail=f"{name} is not well formed") from error

    def pages(self) -> Iterator[Page]:
        number = 0
        for root in (e.text or "" for e in self.xml("OFD.xml").iter() if _name(e) == "DocRoot"):
            folder = posixpath.dirname(root.strip())
            document = self.xml(root.strip())
            area = _area(document)
            templates = {
                e.get("ID", ""): e.get("BaseLoc", "")
                for e in document.iter()
                if _name(e) == "TemplatePage" and e.get("ID")
            }
            for listed in (e for e in document.iter() if _name(e) == "Page" and e.get("BaseLoc")):
                number += 1
                if number > _MAX_PAGES:
                    raise ReportError("NR113", path=self.path, detail=f"more than {_MAX_PAGES} pages")
                content = self.xml(_join(folder, listed.get("BaseLoc", "")))
                box = _area(content) or area or (0.0, 0.0, 210.0, 297.0)
                page = Page(number, box[2] * _SCALE, box[3] * _SCALE)
                shift: Matrix = (1.0, 0.0, 0.0, 1.0, -box[0], -box[1])
                for used in (e for e in content if _name(e) == "Template"):
                    location = templates.get(used.get("TemplateID", ""))
                    if location:
                        _objects(self.xml(_join(folder, location)), page, shift)
                _objects(content, page, shift)
                yield page


def _join(folder: str, location: str) -> str:
    return location if location.startswith("/") else posixpath.join(folder, location)


def _name(element: Element) -> str:
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""


def _floats(text: str | None) -> list[float]:
    out = []
    for word in (text or "").split():
        try:
            out.append(float(word))
        except ValueError:
            return []
    return out


def _area(element: Element) -> tuple[float, float, float, float] | None:
    for area in element.iter():
        if _name(area) in ("PageArea", "Area"):
            boxes = {_name(b): _floats(b.text) for b in area}
            # Positions count from the physical page; the other boxes only say what of it is printed.
            box = boxes.get("PhysicalBox") or next(iter(boxes.values()), [])
            if len(box) == 4 and box[2] > 0 and box[3] > 0:
                return box[0], box[1], box[2], box[3]
    return None


def _objects(root: Element, page: Page, outer: Matrix) -> None:
    stack: list[tuple[Element, Matrix]] = [(root, outer)]
    while stack:
        parent, matrix = stack.pop()
        for element in parent:
            name = _name(element)
            if element.get("Visible") == "false":
                continue
            if name == "TextObject":
                _text(element, page, matrix)
            elif name == "PathObject":
                page.rules.extend(_lines(element, matrix))
            elif name == "ImageObject":
                page.pictures += 1
            elif len(element):
                stack.append((element, _placed(element, matrix) if element.get("Boundary") else matrix))


def _placed(element: Element, outer: Matrix) -> Matrix:
    """The matrix from an object's own space to the page: its own matrix, its box, what it stands in."""
    box = _floats(element.get("Boundary"))
    own = _floats(element.get("CTM"))
    inner: Matrix = (own[0], own[1], own[2], own[3], own[4], own[5]) if len(own) == 6 else _UNIT
    moved: Matrix = (1.0, 0.0, 0.0, 1.0, box[0], box[1]) if len(box) == 4 else _UNIT
    return _product(_product(inner, moved), outer)


def _product(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _deltas(text: str | None, count: int) -> list[float]:
    """The advances of letters; ``g 5 4.2`` says 4.2 five times."""
    out: list[float] = []
    words = iter((text or "").split())
    try:
        for word in words:
            if word == "g":
                times, value = int(float(next(words))), float(next(words))
                out.extend([value] * min(times, count))
            else:
                out.append(float(word))
            if len(out) >= count:
                break
    except (ValueError, StopIteration):
        pass
    return out


def _text(element: Element, page: Page, outer: Matrix) -> None:
    matrix = _placed(element, outer)
    size = (_floats(element.get("Size")) or [3.5])[0]
    stretch = (_floats(element.get("HScale")) or [1.0])[0]
    tall = size * (matrix[1] ** 2 + matrix[3] ** 2) ** 0.5 or size * abs(matrix[0]) or size
    x = y = 0.0
    for code in element:
        if _name(code) != "TextCode" or not code.text:
            continue
        text = code.text.strip("\r\n")
        x = (_floats(code.get("X")) or [x])[0]
        y = (_floats(code.get("Y")) or [y])[0]
        count = len(text)
        across, down = _deltas(code.get("DeltaX"), count), _deltas(code.get("DeltaY"), count)
        at_x, at_y = x, y
        for i, char in enumerate(text):
            px = matrix[0] * at_x + matrix[2] * at_y + matrix[4]
            py = matrix[1] * at_x + matrix[3] * at_y + matrix[5]
            wide = size * stretch * (1.0 if is_wide(char) else 0.5)
            # The advance says how wide a letter is set, unless the letters stand below one another.
            if i < len(across) and 0 < across[i] < 1.3 * wide:
                wide = across[i]
            wide *= (matrix[0] ** 2 + matrix[1] ** 2) ** 0.5
            if len(page.glyphs) < _MAX_LETTERS:
                # The base line stands at 86 hundredths of the em square.
                top, bottom = (py - 0.86 * tall) * _SCALE, (py + 0.14 * tall) * _SCALE
                page.glyphs.append(Glyph(px * _SCALE, top, (px + wide) * _SCALE, bottom, char))
            at_x += (
                across[i] if i < len(across) else (0.0 if down else size * stretch * (1.0 if is_wide(char) else 0.5))
            )
            at_y += down[i] if i < len(down) else 0.0


def _lines(element: Element, outer: Matrix) -> Iterator[Rule]:
    """The horizontal and vertical lines of a path object."""
    if element.get("Stroke") == "false" and element.get("Fill") != "true":
        return
    matrix = _placed(element, outer)
    data = next((e.text or "" for e in element if _name(e) == "AbbreviatedData"), "")
    runs: list[list[tuple[float, float]]] = []
    words = _PATH.findall(data[:200_000])
    i = 0
    counts = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
    while i < len(words):
        operator = words[i].upper()
        n = counts.get(operator)
        if n is None:
            i += 1
            continue
        try:
            numbers = [float(w) for w in words[i + 1 : i + 1 + n]]
        except ValueError:
            return
        if len(numbers) < n:
            break
        i += 1 + n
        if operator == "C":
            if runs and runs[-1]:
                runs[-1].append(runs[-1][0])
            continue
        x, y = numbers[-2], numbers[-1]
        point = (matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5])
        if operator == "L" and runs:
            runs[-1].append(point)
        else:
            runs.append([point])
    for run in runs:
        yield from _rules(run, stroked=element.get("Stroke") != "false")


def _rules(run: list[tuple[float, float]], *, stroked: bool) -> Iterator[Rule]:
    if len(run) < 2:
        return
    xs, ys = [p[0] for p in run], [p[1] for p in run]
    x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
    if x1 - x0 <= _THIN < y1 - y0:
        yield _scaled((x0 + x1) / 2, y0, (x0 + x1) / 2, y1)
    elif y1 - y0 <= _THIN < x1 - x0:
        yield _scaled(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2)
    elif stroked:
        for (ax, ay), (bx, by) in pairwise(run):
            if abs(ax - bx) <= _THIN / 3 < abs(ay - by):
                yield _scaled((ax + bx) / 2, min(ay, by), (ax + bx) / 2, max(ay, by))
            elif abs(ay - by) <= _THIN / 3 < abs(ax - bx):
                yield _scaled(min(ax, bx), (ay + by) / 2, max(ax, bx), (ay + by) / 2)


def _scaled(x0: float, y0: float, x1: float, y1: float) -> Rule:
    return Rule(x0 * _SCALE, y0 * _SCALE, x1 * _SCALE, y1 * _SCALE)
