"""Bytes to text: the encodings that Chinese agencies use, told by strict decoding and by how plausible the result is.

UTF-8 is self-checking, so strict success decides. GB18030 and Big5 accept each other's bytes; there the decoding whose
letters are those of ordinary Chinese wins, and ``charset-normalizer`` is asked when neither is plausible.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from nlp_reports.errors import ReportError

# The most frequent letters of running Chinese and of this genre, both scripts; they make up about half of any report
# and a few per cent of bytes decoded by the wrong table.
_COMMON = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家"
    "政府信息公开条例申请机关办理制规范性文件情况报告数量年度主要问题改进其他区县市省局单位网站平台建设监督保障依开"
    "這個為來時們會發動產種麼對過說進經學後應條開關請機辦規範況報數問題據實際處務業議標準單縣區網臺設監總體訊息與項許罰費審"
)
_IS_COMMON = frozenset(_COMMON)
_PLAUSIBLE = 0.12
_SAMPLE = 20_000
_GLANCE = 2_000
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HAN_OR_MARK = re.compile("[\u3400-\u9fff\uf900-\ufaff\ue000-\uf8ff]|[^\x00-\u2fff\u3000-\u33ff\uff00-\uffef]")

_COMMON_LETTER = re.compile(f"[{_COMMON}]")
_LATIN_HIGH = re.compile("[\x80-\xff]")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Labels as web pages write them; the wider table reads the narrower one's bytes.
_ALIASES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "utf8": "utf-8",
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was read with, and what had to be repaired: codes of notes."""

    text: str
    encoding: str
    notes: tuple[tuple[str, str], ...] = ()


def plausibility(text: str) -> float:
    """The share of ordinary letters among the ideographs and unknown letters of ``text`` (1.0 when it has none).

    Example:
        >>> plausibility("政府信息公开工作年度报告") > 0.8, plausibility("鏀垮簻淇℃伅鍏紑") < 0.1
        (True, True)
    """
    letters = _HAN_OR_MARK.findall(text[:_SAMPLE])
    if not letters:
        latin = len(_LATIN_HIGH.findall(text[:_SAMPLE]))
        return 0.0 if latin * 5 > min(len(text), _SAMPLE) else 1.0
    return sum(map(_IS_COMMON.__contains__, letters)) / len(letters)


def decode(data: bytes, *, path: str = "", declared: str = "") -> Decoded:
    """Decode ``data``.

    Args:
        data: the bytes of a text or a web page.
        path: named in errors.
        declared: the encoding that the document declares; believed only when the bytes are valid in it and plausible.

    Raises:
        ReportError: ``NR106`` when no encoding fits or several are mixed, ``NR104`` for binary data.

    Example:
        >>> decode("政府信息".encode("gb18030")).encoding
        'gb18030'
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _finish(data.decode(name, "replace"), name, [])
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _legacy(data, path=path, declared=declared, error=error)
    if "\x00" in text[:4096] and (wide := _utf16(data)):
        return wide
    return _finish(text, "utf-8", [], path=path)


def _finish(text: str, encoding: str, notes: list[tuple[str, str]], *, path: str = "") -> Decoded:
    if (bad := len(_CONTROL.findall(text[:4096]))) > 8 and bad > len(text[:4096]) // 100:
        raise ReportError("NR104", path=path, detail="binary data")
    if len(_COMMON_LETTER.findall(text[:_GLANCE])) >= _GLANCE // 20:
        return Decoded(text, encoding, tuple(notes))
    if not text.isascii() and plausibility(text) < _PLAUSIBLE / 2:
        mended = _unmojibake(text)
        if mended:
            notes.append(("mojibake", "the text had been decoded with the wrong table; undone"))
            text = mended
    return Decoded(text, encoding, tuple(notes))


def _legacy(data: bytes, *, path: str, declared: str, error: UnicodeDecodeError) -> Decoded:
    name = _ALIASES.get(declared.strip().lower(), declared.strip().lower())
    if wide := _utf16(data):
        return wide
    candidates: list[tuple[float, str, str]] = []
    for rank, encoding in enumerate(dict.fromkeys(filter(None, (name, "gb18030", "big5hkscs")))):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        candidates.append((plausibility(text) - rank * 0.02, encoding, text))
    if candidates:
        score, encoding, text = max(candidates, key=lambda c: c[0])
        if score >= _PLAUSIBLE:
            return _finish(text, encoding, [], path=path)
    mended = _damaged_utf8(data, path=path, error=error)
    if mended:
        return mended
    for encoding in ("gb18030", "big5hkscs"):
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") * 500 <= len(text) and plausibility(text) >= _PLAUSIBLE:
            return _finish(
                text, encoding, [("undecodable_bytes", f"{text.count(chr(0xFFFD))} bytes are not valid {encoding}")]
            )
    if (guess := _library(data)) is not None:
        return guess
    sample = data[:4096]
    if sample.count(0) * 50 > len(sample) or len(_CONTROL.findall(sample.decode("latin-1"))) * 20 > len(sample):
        raise ReportError("NR104", path=path, detail="binary data")
    raise ReportError("NR106", path=path, detail="no encoding gives plausible text")


def _damaged_utf8(data: bytes, *, path: str, error: UnicodeDecodeError) -> Decoded | None:
    """UTF-8 with a few broken bytes (read, with a note), or with whole lines in another encoding (refused)."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    if plausibility(text.replace("\ufffd", "")) < _PLAUSIBLE or bad * 4 > len(text):
        return None
    other = [i for i, line in enumerate(data.split(b"\n"), 1) if _is_other(line)]
    if other:
        shown = ", ".join(map(str, other[:5])) + (" …" if len(other) > 5 else "")
        raise ReportError("NR106", path=path, detail=f"UTF-8 mixed with GB18030 or Big5, in line {shown}")
    if bad * 200 > len(text):
        return None
    return _finish(
        text, "utf-8", [("undecodable_bytes", f"{bad} bytes are not valid UTF-8, the first at {error.start}")]
    )


def _is_other(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        for encoding in ("gb18030", "big5hkscs"):
            try:
                text = line.strip().decode(encoding)
            except UnicodeDecodeError:
                continue
            if len(text) >= 4 and plausibility(text) >= 2 * _PLAUSIBLE:
                return True
    return False


def _utf16(data: bytes) -> Decoded | None:
    """UTF-16 without a mark: line ends and ASCII leave zero bytes on one side, Han letters of one plane on the other."""
    if len(data) < 4 or len(data) % 2:
        return None
    best: tuple[float, str, str] | None = None
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        han = sum(map(_IS_COMMON.__contains__, text[:_SAMPLE])) / min(len(text), _SAMPLE)
        if (best is None or han > best[0]) and not _CONTROL.search(text[:4096]):
            best = (han, encoding, text)
    if best and best[0] > 0.15 and plausibility(best[2]) > 2 * _PLAUSIBLE:
        return Decoded(best[2], best[1])
    return None


def _library(data: bytes) -> Decoded | None:
    from charset_normalizer import from_bytes

    match = from_bytes(data[: 4 * _SAMPLE]).best()
    if match is None:
        return None
    try:
        text = data.decode(match.encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    if text.isascii() or (_HAN_OR_MARK.search(text) and plausibility(text) >= _PLAUSIBLE):
        return Decoded(text, match.encoding, (("encoding_guessed", f"read as {match.encoding}, a statistical guess"),))
    return None


def _unmojibake(text: str) -> str:
    """Undo text that was stored after decoding with the wrong table, when that gives back ordinary Chinese."""
    for wrong, right in (
        ("gb18030", "utf-8"),
        ("latin-1", "utf-8"),
        ("cp1252", "utf-8"),
        ("latin-1", "gb18030"),
        ("cp1252", "gb18030"),
    ):
        try:
            mended = text.encode(wrong).decode(right)
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
        if not mended.isascii() and plausibility(mended) > 3 * _PLAUSIBLE:
            return mended
    return ""
