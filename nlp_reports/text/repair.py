"""Repair of a text layer, with an offset map: the letters a person sees instead of the code points a file holds.

PDF text layers put radicals in place of letters (``⼯`` for ``工``, ``⻓`` for ``长``), blanks inside numbers and dates,
and invisible or private-use characters between letters. :func:`repair` undoes that; the map says where each character
of the result stood. Width and script are left as printed: that is what :func:`nlp_reports.text.normalize.fold` is for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nlp_reports.text.normalize import RADICALS

_INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff\ud800-\udfff"
)
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010ffff"
_LOOKALIKE = "\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f"
_NEWLINE = "\r\x0b\x0c\x85\u2028\u2029"
_DAMAGE = re.compile(f"[{_INVISIBLE}{_PRIVATE}{_LOOKALIKE}{_NEWLINE}]")
_IS_INVISIBLE = re.compile(f"[{_INVISIBLE}]")
_IS_PRIVATE = re.compile(f"[{_PRIVATE}]")

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
#: Characters that are set without a blank beside them: Han, CJK punctuation and full-width forms.
_WIDE = f"{_HAN}\u3001-\u303f\uff01-\uff65‘’“”…—·〇"
_IS_WIDE = re.compile(f"[{_WIDE}]")
# A blank that a text layer puts beside a Han letter; a column gap is wider than one blank and stays.
LOOSE_BLANK = re.compile(
    f"(?<=[{_WIDE}])[ \u00a0\u2000-\u200a\u202f](?=[{_WIDE}0-9A-Za-z(\\[<])|(?<=[0-9A-Za-z%)\\]>.])[ \u00a0\u2000-\u200a\u202f](?=[{_WIDE}])"
)
# Single digits set apart, before the unit of a date or a classifier: ``2 0 2 1 年``.
_SPREAD_DIGITS = re.compile(r"(?<![0-9])[0-9](?: [0-9]){2,7}(?= ?[年月日号件条])")


# A reading in brackets after a Han letter: one syllable.
_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
_TONED = re.compile(f"(?<=[{_HAN}])[(（][a-z]{{0,3}}[{_TONES}][a-z]{{0,3}}[)）]")
_SYLLABLE = "(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?[aeiouü]{1,3}(?:n|ng|r)?"
_READING = re.compile(f"(?<=[{_HAN}])[(（](?:[a-z]{{0,3}}[{_TONES}][a-z]{{0,3}}|{_SYLLABLE})[)）]")


@dataclass(frozen=True, slots=True)
class Repaired:
    """A repaired text and where each of its characters stood.

    ``offsets`` has one entry more than ``text``: ``offsets[i]`` is the code point offset in the source of ``text[i]``,
    ``offsets[-1]`` the length of the source. It never decreases. ``counts`` says how many characters each repair met.
    """

    text: str
    offsets: Sequence[int]
    counts: dict[str, int] = field(default_factory=dict)

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The slice of the source that ``text[start:end]`` was made from."""
        if end <= start:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1


def repair(text: str, *, spaces: bool = False) -> Repaired:
    """Repair ``text``: radicals and compatibility ideographs to letters, invisible and private-use characters dropped,
    every line end one ``\\n``.

    Args:
        text: the text layer as it stands.
        spaces: also drop single blanks beside Han letters and between spread digits (``2021 年``, ``1 条``, ``政 府``).
            Only for text whose blanks come from a layout; a blank in a web page or a table row was typed.

    Example:
        >>> repair("⼯作\\u200b⻓期").text
        '工作长期'
        >>> fixed = repair("自 2021 年起", spaces=True)
        >>> fixed.text, fixed.offsets[1], fixed.source_span(1, 6)
        ('自2021年起', 2, (2, 8))
    """
    if not _DAMAGE.search(text) and not (spaces and " " in text) and not (spaces and LOOSE_BLANK.search(text)):
        return Repaired(text, range(len(text) + 1))
    counts: dict[str, int] = {}
    out: list[str] = []
    offsets: list[int] = []
    at = 0
    for match in _DAMAGE.finditer(text):
        here = match.start()
        out.append(text[at:here])
        offsets.extend(range(at, here))
        at = here + 1
        kind, letter = _mend(text, here)
        if kind:
            counts[kind] = counts.get(kind, 0) + 1
        if letter:
            out.append(letter)
            offsets.append(here)
    out.append(text[at:])
    offsets.extend(range(at, len(text) + 1))
    result = Repaired("".join(out), offsets, counts)
    return _close_up(result) if spaces else result


def _mend(text: str, here: int) -> tuple[str, str]:
    char = text[here]
    if char in "\r\x0b\x0c\x85\u2028\u2029":
        return "", "" if char == "\r" and text[here + 1 : here + 2] == "\n" else "\n"
    if _IS_INVISIBLE.match(char):
        return "invisible", ""
    if _IS_PRIVATE.match(char):
        return "private_use", ""
    letter = RADICALS.get(char) or unicodedata.normalize("NFKC", char)
    if len(letter) != 1 or letter == char:
        return "", char
    return "radical", letter


def _close_up(source: Repaired) -> Repaired:
    text = source.text
    drop = {m.start() for m in LOOSE_BLANK.finditer(text)}
    for match in _SPREAD_DIGITS.finditer(text):
        drop.update(range(match.start() + 1, match.end(), 2))
    if not drop:
        return source
    keep = [i for i in range(len(text)) if i not in drop]
    offsets = [source.offsets[i] for i in keep]
    offsets.append(source.offsets[-1])
    counts = {**source.counts, "spaces": len(drop)}
    return Repaired("".join([text[i] for i in keep]), offsets, counts)


def drop_pinyin(text: str) -> Repaired:
    """Drop the readings that some mirror sites print after letters: ``務(wù)``, ``開(kāi)``.

    Only where at least three readings carry a tone mark; then those without one go too. Latin words in brackets stay.

    Example:
        >>> drop_pinyin("政務(wù)公開(kāi)工作(zuò)情況(APP)").text
        '政務公開工作情況(APP)'
    """
    # Finding a letter is far cheaper than searching a pattern, and most texts hold none of these.
    if not any(tone in text for tone in _TONES) or len(_TONED.findall(text)) < 3:
        return Repaired(text, range(len(text) + 1))
    out: list[str] = []
    offsets: list[int] = []
    at = count = 0
    for match in _READING.finditer(text):
        out.append(text[at : match.start()])
        offsets.extend(range(at, match.start()))
        at = match.end()
        count += 1
    out.append(text[at:])
    offsets.extend(range(at, len(text) + 1))
    return Repaired("".join(out), offsets, {"pinyin": count})


def is_wide(char: str) -> bool:
    """Whether ``char`` is set without blanks beside it: Han, CJK punctuation, full-width forms."""
    return bool(char) and _IS_WIDE.match(char) is not None


def join_lines(lines: Iterable[str], *, digits: bool = False) -> str:
    """Join the lines of one paragraph or cell: no blank beside a Han letter, one between Latin words.

    Args:
        lines: the lines in reading order; blank ones are passed over.
        digits: also join a digit to a digit without a blank (a number broken by a narrow cell).

    Example:
        >>> join_lines(["商业", "企业"]), join_lines(["Open", "data"]), join_lines(["180", "85"], digits=True)
        ('商业企业', 'Open data', '18085')
    """
    out = ""
    for line in lines:
        line = line.strip()
        if not line:
            continue
        if (
            out
            and not (is_wide(out[-1]) or is_wide(line[0]))
            and not (digits and out[-1].isdigit() and line[0].isdigit())
        ):
            out += " "
        out += line
    return out
