"""Pictures and scanned pages by the ``ocr`` extra (RapidOCR): straightened, lines found, cells read one by one.

A text detector misses single digits that stand alone in a cell, and statutory tables consist of those. So the drawn
lines are found first, and every cell that has ink but no text of its own is cut out and read by itself. A cell with
ink that cannot be read becomes U+FFFD, never a blank.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from nlp_reports.errors import MissingExtra, ReportError
from nlp_reports.read.layout import read_pages
from nlp_reports.read.page import Glyph, Page, Rule
from nlp_reports.read.raw import RawDocument
from nlp_reports.read.ruled import find_tables
from nlp_reports.text.repair import is_wide

#: A picture is brought to at most this many pixels a side: 300 dots to the inch on A4.
_MAX_SIDE = 3600
#: One of this width or less is enlarged: letters would be too small to tell apart.
_MIN_WIDTH = 1100
_MAX_FRAMES = 200
_LOW_SCORE = 0.5
_NUMBER_LIKE = re.compile(r"[0-9OoQD〇○。lI|丨!.,，·]{1,12}$")
_AS_DIGITS = str.maketrans(
    {
        "O": "0",
        "o": "0",
        "Q": "0",
        "D": "0",
        "〇": "0",
        "○": "0",
        "。": "0",
        "l": "1",
        "I": "1",
        "|": "1",
        "丨": "1",
        "!": "1",
        "，": ",",
    }
)

Array = Any  # numpy.ndarray; numpy and OpenCV load with the extra


def available() -> bool:
    """Whether the ``ocr`` extra is installed (without importing it)."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


@lru_cache(maxsize=1)
def _engine() -> Any:
    if not available():
        raise MissingExtra("rapidocr", "ocr")
    import logging

    from rapidocr import RapidOCR

    # The package logs each of its steps; a library prints nothing.
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR(params={"Global.log_level": "error", "Global.max_side_len": _MAX_SIDE})


def read_image(data: bytes, *, path: str = "") -> RawDocument:
    """Read a picture, of several pages when it is a TIFF.

    Raises:
        ReportError: ``NR110`` without the extra, ``NR107`` when the picture is damaged, ``NR109`` when it shows no text.
    """
    if not available():
        raise ReportError(
            "NR110", path=path, detail="a picture", remedy="Install it with: pip install 'nlp-reports[ocr]'"
        )
    from PIL import Image, ImageSequence, UnidentifiedImageError

    document = RawDocument("image")
    pages = []
    try:
        with Image.open(io.BytesIO(data)) as image:
            for number, frame in enumerate(ImageSequence.Iterator(image), 1):
                if number > _MAX_FRAMES:
                    raise ReportError("NR113", path=path, detail=f"more than {_MAX_FRAMES} pictures")
                pages.append(read_picture(frame, number=number, document=document))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ReportError("NR107", path=path, detail="the picture cannot be decoded") from error
    if not any(p.glyphs for p in pages):
        raise ReportError("NR109", path=path, detail="a picture without text")
    read_pages(pages, document)
    return document


def read_picture(image: Any, *, number: int, document: RawDocument) -> Page:
    """Letters and lines of one picture, as a page; adds the ``ocr`` note and what was doubtful to ``document``."""
    import numpy as np

    engine = _engine()
    document.note("ocr", "the text was recognised from a picture and may hold wrong letters", "reader")
    gray = image.convert("L")
    scale = min(_MAX_SIDE / max(gray.size), max(1.0, _MIN_WIDTH / gray.size[0]))
    if not 0.99 < scale < 1.01:
        gray = gray.resize((max(1, round(gray.size[0] * scale)), max(1, round(gray.size[1] * scale))))
    picture = _straight(np.asarray(gray))
    height, width = picture.shape
    page = Page(number, float(width), float(height), rules=_rules(picture))
    result = engine(_colour(picture), use_cls=False, return_word_box=True)
    frames = [
        (t.xs, t.ys, [(t.xs[c.left], t.ys[c.top], t.xs[c.right], t.ys[c.bottom]) for c in t.cells])
        for t in find_tables(page)
    ]
    doubtful = 0
    inside: list[tuple[str, _Box]] = []
    for _, score, words in _recognised(result):
        doubtful += score < _LOW_SCORE
        for word, box in words:
            if any(_within(box, xs, ys) for xs, ys, _ in frames):
                inside.append((word, box))
            else:
                page.glyphs.extend(_spread(word, box))
    # A detector's box is a little higher than the letters in it.
    heights = sorted(b[3] - b[1] for _, b in inside) or [height / 80]
    letter = 0.85 * heights[len(heights) // 2]
    for _, _, cells in frames:
        doubtful += _read_cells(engine, picture, _cells_to_read(cells, inside, page), letter, page)
    if doubtful:
        document.note(
            "ocr_doubtful", f"{doubtful} pieces of page {number} were recognised with little confidence", "reader"
        )
    return page


def _cells_to_read(cells: Sequence[_Box], words: Sequence[tuple[str, _Box]], page: Page) -> list[_Box]:
    """Take over what was recognised of labels; the cells left are those of numbers, and those nothing was found in.

    Text that runs over a cell's border was recognised across it, and counts for neither cell.
    """
    rest = []
    for cell in cells:
        own = [
            (w, b)
            for w, b in words
            if cell[0] <= (b[0] + b[2]) / 2 <= cell[2] and cell[1] <= (b[1] + b[3]) / 2 <= cell[3]
        ]
        slack = 6.0
        contained = all(b[0] >= cell[0] - slack and b[2] <= cell[2] + slack for _, b in own)
        if own and contained and sum(map(is_wide, "".join(w for w, _ in own))) >= 3:
            for word, box in own:
                page.glyphs.extend(_spread(word, box))
        else:
            rest.append(cell)
    return rest


def _colour(picture: Array) -> Array:
    import numpy as np

    return np.repeat(picture[:, :, None], 3, axis=2)


#: A word and its box.
_Box = tuple[float, float, float, float]


def _recognised(result: Any) -> list[tuple[str, float, list[tuple[str, _Box]]]]:
    """Lines as ``(text, score, words with boxes)``; a line without word boxes is one word."""
    texts: Sequence[str] = getattr(result, "txts", None) or ()
    scores = getattr(result, "scores", None) or ()
    boxes = getattr(result, "boxes", None)
    words = getattr(result, "word_results", None) or ()
    out = []
    for i, text in enumerate(texts):
        parts: list[tuple[str, _Box]] = []
        for word in words[i] if i < len(words) else ():
            if len(word) >= 3 and word[2] is not None and word[0]:
                parts.append((word[0], _bounds(word[2])))
        if not parts and boxes is not None:
            parts = [(text, _bounds(boxes[i]))]
        out.append((text, float(scores[i]) if i < len(scores) else 1.0, parts))
    return out


def _bounds(quad: Any) -> _Box:
    xs, ys = [float(p[0]) for p in quad], [float(p[1]) for p in quad]
    return min(xs), min(ys), max(xs), max(ys)


def _within(box: _Box, xs: Sequence[float], ys: Sequence[float]) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return xs[0] <= x <= xs[-1] and ys[0] <= y <= ys[-1]


def _spread(text: str, box: _Box) -> list[Glyph]:
    """The letters of a recognised word set evenly over its box."""
    weights = [1.0 if is_wide(c) else 0.55 for c in text]
    unit = (box[2] - box[0]) / (sum(weights) or 1.0)
    out = []
    x = box[0]
    for char, weight in zip(text, weights, strict=True):
        if char.strip():
            out.append(Glyph(x, box[1], x + weight * unit, box[3], char))
        x += weight * unit
    return out


def _straight(picture: Array) -> Array:
    """The picture turned so that its lines are level (up to three degrees), specks taken out."""
    import cv2
    import numpy as np

    picture = cv2.medianBlur(picture, 3)
    width = min(1000, picture.shape[1])
    small = cv2.resize(
        picture, (width, max(1, picture.shape[0] * width // picture.shape[1])), interpolation=cv2.INTER_AREA
    )
    ink = (cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12) > 0).astype(
        np.float32
    )

    def sharpness(angle: float) -> float:
        rows = _turned(ink, angle, 0.0).sum(axis=1)
        return float(np.square(np.diff(rows)).sum())

    best = max(np.arange(-3, 3.01, 0.25), key=sharpness)
    best = max(np.arange(best - 0.2, best + 0.21, 0.04), key=sharpness)
    if abs(best) >= 0.03:
        picture = _turned(picture, float(best), 255)
    return picture


def _turned(picture: Array, angle: float, border: float) -> Array:
    import cv2

    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=border)


def _ink(picture: Array, *, darker: int = 15) -> Array:
    """Where the paper is darker than its surroundings, by so many of 255 steps."""
    import cv2

    return cv2.adaptiveThreshold(picture, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, darker)


def _without_specks(ink: Array, least: int = 9) -> Array:
    """Ink without spots of fewer pixels than the dot of a decimal point has."""
    import cv2

    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    keep = stats[:, cv2.CC_STAT_AREA] >= least
    keep[0] = False
    return (keep[labels] * 255).astype(ink.dtype)


def _rules(picture: Array) -> list[Rule]:
    """Drawn lines: runs of ink longer than any stroke of a letter, thin, and with blank paper beside them."""
    import cv2

    # A thin line beside dark letters is hardly darker than its surroundings.
    ink = _ink(picture, darker=8)
    height, width = ink.shape
    # Thickened first, so that a line that steps by a pixel stays one; then all that is short goes.
    thick = cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3)))
    rules = []
    for across in (True, False):
        length = max(40, width // 28) if across else max(40, height // 45)
        kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (length, 1) if across else (1, length))
        lines = cv2.morphologyEx(thick, cv2.MORPH_OPEN, kernel)
        contours, _ = cv2.findContours(lines, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        thickest = max(12, height // 150)
        for contour in contours:
            x, y, w, h = cv2.boundingRect(contour)
            if (h if across else w) > 3 * thickest:
                continue
            part = ink[y : y + h, x : x + w] > 0
            part = part if across else part.T
            # Letters that touch a line thicken it: the line is where the ink runs on.
            solid = int(part.mean(axis=1).argmax())
            covered = part[max(solid - 1, 0) : solid + 2].any(axis=0).mean()
            beside = _beside(ink, x, y, w, h, across)
            if max(beside) >= 0.3 and (min(beside) >= 0.3 or covered < 0.92):
                continue
            if max(beside) < 0.3 and covered < 0.6:
                continue
            middle = part.shape[0] / 2 if part.shape[0] <= thickest else solid + 0.5
            if across:
                rules.append(Rule(float(x), y + middle, float(x + w), y + middle))
            else:
                rules.append(Rule(x + middle, float(y), x + middle, float(y + h)))
    return rules


def _beside(ink: Array, x: int, y: int, w: int, h: int, across: bool) -> tuple[float, float]:
    """The share of ink just beside a line, on either side: rows of dense letters also make long runs."""
    gap = 3
    if across:
        sides = ink[max(y - gap - 2, 0) : max(y - gap, 0), x : x + w], ink[y + h + gap : y + h + gap + 2, x : x + w]
    else:
        sides = ink[y : y + h, max(x - gap - 2, 0) : max(x - gap, 0)], ink[y : y + h, x + w + gap : x + w + gap + 2]
    first, second = (float((side > 0).mean()) if side.size else 0.0 for side in sides)
    return first, second


def _read_cells(engine: Any, picture: Array, cells: Sequence[_Box], letter: float, page: Page) -> int:
    """Read every cell with ink line by line, by recognition alone; returns how many were doubtful."""
    import numpy as np

    ink = _without_specks(_ink(picture))
    crops: list[Array] = []
    places: list[_Box] = []
    for x0, y0, x1, y1 in cells:
        # The border itself is ink; a little more than its width is left out.
        left, top, right, bottom = int(x0) + 5, int(y0) + 5, int(x1) - 4, int(y1) - 4
        if right - left < 6 or bottom - top < 6:
            continue
        part = ink[top:bottom, left:right]
        for first, last in _text_rows(part, letter):
            columns = np.flatnonzero((part[first:last] > 0).sum(axis=0) >= 1)
            if len(columns) < 2 or (part[first:last] > 0).sum() < 10:
                continue
            a, b = int(columns[0]), int(columns[-1]) + 1
            box = (float(left + a), float(top + first), float(left + b), float(top + last))
            crops.append(_padded(picture, box))
            places.append(box)
    doubtful = 0
    for box, (text, score) in zip(places, _read_crops(engine, crops), strict=True):
        text = text.strip()
        if _NUMBER_LIKE.match(text) and (len(text) == 1 or any(c.isdigit() for c in text)):
            text = text.translate(_AS_DIGITS)
        if not text or score < 0.3:
            if box[3] - box[1] < 8 and box[2] - box[0] < 8:
                continue  # a speck
            text, score = text or "\ufffd", 0.0
        doubtful += score < _LOW_SCORE
        page.glyphs.extend(_spread(text, box))
    return doubtful


def _text_rows(ink: Array, letter: float) -> list[tuple[int, int]]:
    """The lines of text in a cell, as row ranges of its ink; ``letter`` is the usual height of a letter."""
    import numpy as np

    rows = (ink > 0).any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], rows.astype(np.int8), [0]])))
    merged: list[tuple[int, int]] = []
    for a, b in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        # The strokes of one letter (三, 二, i) stand apart, but no further than a letter is high.
        if merged and b - merged[-1][0] <= 1.1 * letter:
            merged[-1] = (merged[-1][0], b)
        else:
            merged.append((a, b))
    return [r for r in merged if r[1] - r[0] >= 4]


def _padded(picture: Array, box: _Box) -> Array:
    import numpy as np

    left, top, right, bottom = (int(v) for v in box)
    part = picture[top:bottom, left:right]
    margin = max(4, part.shape[0] // 4)
    light = int(np.percentile(part, 90)) if part.size else 255
    return _colour(np.pad(part, ((margin, margin), (2 * margin, 2 * margin)), constant_values=light))


def _read_crops(engine: Any, crops: list[Array]) -> list[tuple[str, float]]:
    if not crops:
        return []
    recogniser = getattr(engine, "text_rec", None)
    if recogniser is not None:
        from rapidocr.ch_ppocr_rec import TextRecInput

        result = recogniser(TextRecInput(img=crops))
        return list(zip(result.txts or [""] * len(crops), map(float, result.scores), strict=True))
    out = []
    for crop in crops:
        result = engine(crop, use_det=False, use_cls=False, use_rec=True)
        texts = result.txts or ("",)
        out.append((texts[0], float(result.scores[0]) if result.txts else 0.0))
    return out
