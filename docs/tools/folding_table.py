"""Writes nlp_reports/text/data/changing.txt: the letters and marks that folding changes, as ranges of a character class.

Run it again when OpenCC or the rules in text/normalize.py change; tests/text/test_fold.py holds the file against both.
"""

from __future__ import annotations

from pathlib import Path

from nlp_reports.text import normalize

FILE = Path(normalize.__file__).parent / "data" / "changing.txt"


def changing() -> list[int]:
    """The code points of the basic plane that are not their own fold."""
    points = (i for i in range(0x10000) if not 0xD800 <= i < 0xE000)
    return [i for i in points if normalize._fold_char(chr(i)) != chr(i)]


def ranges(points: list[int]) -> list[tuple[int, int]]:
    """Sorted code points as ranges."""
    found: list[tuple[int, int]] = []
    for point in points:
        if found and point == found[-1][1] + 1:
            found[-1] = (found[-1][0], point)
        else:
            found.append((point, point))
    return found


def text() -> str:
    lines = [f"{a:04x}-{b:04x}" if a != b else f"{a:04x}" for a, b in ranges(changing())]
    return "\n".join(" ".join(lines[i : i + 16]) for i in range(0, len(lines), 16)) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="ascii")
