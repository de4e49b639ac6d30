"""What the linear model sees of a unit: characters, words, context, and what the rules say of it.

Feature names start with their group (``c:`` characters, ``w:`` words, ``h:`` headings, ``i:`` item head, ``l:`` lead-in,
``p:`` the unit before, ``x:`` place, ``r:`` rules). Digits are folded to one, so that no number is learned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ..text.tokenize import engine
from .context import Unit
from .rules import CONTEXT_AND_WEAK, STRONG, StanceRules, ThemeRules, opening_of

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen of one unit: feature names, and the scores that the rules give its themes; both empty for headings."""

    names: list[str] = field(default_factory=list)
    rules: dict[str, float] = field(default_factory=dict)


GROUPS = ("c", "w", "h", "i", "l", "p", "x", "r")
OPENING = "x:opening"


def normal(text: str) -> str:
    """Folded text without blanks, numbers as one zero."""
    return _DIGITS.sub("0", _BLANKS.sub("", text))


class FeatureExtractor:
    """Turns the units of one report into lists of feature names, in order.

    Args:
        rules: add what the rules backend says as features.
    """

    def __init__(self, *, rules: bool = True) -> None:
        self._themes = ThemeRules() if rules else None
        self._stances = StanceRules() if rules else None

    def report(self, units: Sequence[Unit]) -> list[Seen]:
        """What is seen of every unit of one report, in order."""
        stances = self._stances.walk(units) if self._stances else [("", 0.0, None)] * len(units)
        first = opening_of(units, self._stances.opening) if self._stances else -1
        cut = engine()
        words = [list(cut(normal(u.text))) for u in units]
        memo: dict[str, list[str]] = {}

        def words_of(text: str) -> list[str]:
            if text not in memo:
                memo[text] = list(cut(normal(text)))
            return memo[text]

        result: list[Seen] = []
        for i, unit in enumerate(units):
            if unit.kind == "heading":
                result.append(Seen())
                continue
            names = list(_text(normal(unit.text), words[i]))
            for heading in unit.headings[-2:]:
                names += [f"h:{w}" for w in words_of(heading)]
            names += [f"i:{w}" for w in words_of(unit.head[:40])]
            names += [f"l:{w}" for w in words_of(unit.lead_in[:60])]
            names += [f"p:{w}" for w in words_of(unit.previous[:60])]
            names += _place(unit)
            if i == first:
                names.append(OPENING)
            scores: dict[str, float] = {}
            if self._themes is not None:
                names += self._by_rules(unit, stances[i], scores)
                if i == first:
                    scores.clear()
            result.append(Seen(list(dict.fromkeys(names)), scores))
        return result

    def alone(self, unit: Unit, *, opening: bool = False) -> list[str]:
        """The features that a unit has by itself, as if it stood under no heading, item or lead-in and after no other.

        Args:
            unit: a sentence; its section stays known.
            opening: it is the sentence that opens section one.
        """
        bare = replace(unit, headings=(), lead_in="", head="", previous="", following="")
        names = self.report([bare])[0].names
        return names if opening else [name for name in names if name != OPENING]

    def _by_rules(self, unit: Unit, stance: tuple[str, float, object], scores: dict[str, float]) -> list[str]:
        if self._themes is None:
            return []
        names = [
            f"r:{stance[0]}",
            f"r:{stance[0]}:{unit.section}",
            f"r:{stance[0]}:{'cue' if stance[2] else 'context'}",
        ]
        found = self._themes.score(unit)
        if stance[0] != "neutral":
            scores.update(found.scores)
        for theme, score in found.scores.items():
            strength = (
                "strong"
                if score >= STRONG
                else "both"
                if score >= CONTEXT_AND_WEAK
                else "context"
                if score >= 0.5
                else "weak"
            )
            names.append(f"r:{theme}:{strength}")
        # Which cue it was lets the model weigh each of them by what it is worth.
        names += sorted(f"r:{theme}#{number}" for theme, number in found.met)
        context, _ = self._themes.context(unit)
        names += [f"r:under:{theme}" for theme in context]
        return names


def _text(text: str, words: Sequence[str]) -> Iterable[str]:
    padded = f"^{text}$"
    for n in (1, 2, 3, 4):
        for i in range(len(padded) - n + 1):
            yield f"c:{padded[i : i + n]}"
    for i, word in enumerate(words):
        yield f"w:{word}"
        if i:
            yield f"w:{words[i - 1]}_{word}"


def _place(unit: Unit) -> list[str]:
    length = len(unit.text)
    return [
        f"x:{unit.section}",
        f"x:first={unit.first}",
        f"x:marked={bool(unit.marker)}",
        f"x:head={bool(unit.head)}",
        f"x:lead={bool(unit.lead_in)}",
        f"x:length={0 if length < 12 else 1 if length < 30 else 2 if length < 80 else 3}",
        f"x:colon={unit.text.rstrip().endswith(':')}",
        f"x:number={bool(_DIGITS.search(unit.text))}",
        "x:bias",
    ]
