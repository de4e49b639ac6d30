"""The rules backend: cues, context, and a reason for every tag.

Themes: a strong cue is enough; a weak cue counts where heading, item head or lead-in names the theme too; a unit without
any cue takes the themes of what it stands under. Stance: what the unit says by itself, read in the block that a heading
or lead-in has opened (last year's problems, this year's problems, measures). Source: codebook 2, 3 and 6.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ..errors import DataFileError
from ..schema import Report
from ..template.yamlfile import load_yaml
from .base import Tags
from .context import Unit, units_of
from .taxonomy import DATA

STRONG, CONTEXT_AND_WEAK, CONTEXT, WEAK = 0.95, 0.8, 0.65, 0.3


@dataclass(frozen=True, slots=True)
class ThemeCues:
    """Compiled cues of one theme."""

    theme: str
    strong: re.Pattern[str] | None
    weak: re.Pattern[str] | None
    heading: re.Pattern[str] | None
    mask: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class StanceCues:
    """Compiled cues of one stance."""

    strong: re.Pattern[str] | None
    weak: re.Pattern[str] | None
    negated: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue that was met: its text and where, relative to the unit."""

    text: str
    start: int
    end: int


def _union(patterns: Iterable[str], *, numbered: bool = False) -> re.Pattern[str] | None:
    """One pattern for several; ``numbered`` ones tell by ``lastindex`` which of them was met."""
    parts = [f"({p})" if numbered else f"(?:{p})" for p in patterns]
    return re.compile("|".join(parts)) if parts else None


@lru_cache(maxsize=4)
def load_theme_cues(path: Path | None = None) -> tuple[ThemeCues, ...]:
    """The bundled theme cues, or those of a user's file.

    Raises:
        DataFileError: NR301 with theme and cue, for what is no list of expressions or does not compile.
    """
    data = load_yaml(path or DATA / "themes.yaml")
    if path is not None:
        check_cues(data, path)
    return tuple(
        ThemeCues(
            theme,
            _union(entry.get("strong", ()), numbered=True),
            _union(entry.get("weak", ())),
            _union([*entry.get("strong", ()), *entry.get("heading", ())]),
            _union(entry.get("mask", ())),
        )
        for theme, entry in data.items()
    )


def check_cues(data: object, path: Path) -> None:
    """Whether a user's cue file is ``{theme: {strong: [expression, …], weak: …, heading: …, mask: …}}``.

    Raises:
        DataFileError: NR301, for the first thing that is not so.
    """

    def fail(what: str) -> DataFileError:
        return DataFileError("NR301", path=str(path), detail=what)

    if not isinstance(data, dict) or not data:
        raise fail("expected a theme with its cues: {theme: {strong: [expression, …]}}")
    for theme, entry in data.items():
        if not isinstance(entry, dict) or set(entry) - {"strong", "weak", "heading", "mask"}:
            raise fail(f"{theme}: expected the keys strong, weak, heading, mask")
        for kind, expressions in entry.items():
            if not isinstance(expressions, list):
                raise fail(f"{theme}: {kind} must be a list of expressions")
            for expression in expressions:
                try:
                    groups = re.compile(str(expression)).groups
                except re.error as error:
                    raise fail(f"{theme}: {kind}: {expression!r} is no regular expression ({error})") from error
                if groups:
                    raise fail(f"{theme}: {kind}: {expression!r} captures; write (?:…)")


@lru_cache(maxsize=4)
def load_stance_cues(
    path: Path | None = None,
) -> tuple[list[tuple[str, re.Pattern[str], re.Pattern[str] | None]], Mapping[str, StanceCues], re.Pattern[str] | None]:
    """The bundled stance cues, or those of a user's file: block patterns in order, cues by stance, opening words."""
    data = load_yaml(path or DATA / "stances.yaml")
    blocks = []
    for entry in data["block"]:
        pattern = _union(entry["any"])
        if pattern is not None:
            blocks.append((str(entry["stance"]), pattern, _union(entry.get("none", ()))))
    cues = {
        stance: StanceCues(_union(entry.get("strong", ())), _union(entry.get("weak", ())), _union(entry.get("not", ())))
        for stance, entry in data["cues"].items()
    }
    return blocks, cues, _union(data.get("opening", ()))


def blank(text: str, mask: re.Pattern[str] | None) -> str:
    if mask is None:
        return text
    return mask.sub(lambda match: " " * (match.end() - match.start()), text)


def _first(pattern: re.Pattern[str] | None, text: str) -> Cue | None:
    match = pattern.search(text) if pattern is not None else None
    return Cue(match.group(), match.start(), match.end()) if match else None


@dataclass(slots=True)
class Evidence:
    """Theme scores of one unit and the cues behind them; ``source`` is ``own``, ``head``, ``heading`` or ``lead_in``;
    ``met`` names the strong cues of each theme by their number in the data file."""

    scores: dict[str, float] = field(default_factory=dict)
    cues: list[tuple[str, Cue | None, str]] = field(default_factory=list)
    met: set[tuple[str, int]] = field(default_factory=set)


class ThemeRules:
    """Scores the themes of a unit from cues and context."""

    def __init__(self, cues: tuple[ThemeCues, ...] | None = None) -> None:
        self.cues = cues or load_theme_cues()

    def named(self, text: str) -> dict[str, Cue]:
        """Themes that a heading, lead-in or item head names."""
        found: dict[str, Cue] = {}
        for cue in self.cues:
            hit = _first(cue.heading, blank(text, cue.mask)) if text else None
            if hit:
                found[cue.theme] = hit
        return found

    def context(self, unit: Unit) -> tuple[dict[str, Cue], str]:
        """The themes of what the unit stands under, nearest first, and which of them spoke."""
        for source, text in (("head", unit.head), ("lead_in", unit.lead_in)):
            named = self.named(text) if text and len(text) <= 60 else {}
            if named:
                return named, source
        for heading in reversed(unit.headings[1:] if len(unit.headings) > 1 else ()):
            named = self.named(heading)
            if named:
                return named, "heading"
        return {}, ""

    def score(self, unit: Unit) -> Evidence:
        """Scores in [0, 1]; 0.5 and more is a tag."""
        found = Evidence()
        supported: list[tuple[str, Cue | None, str]] = []
        context, source = self.context(unit)
        for cue in self.cues:
            text = blank(unit.text, cue.mask)
            strong = list(cue.strong.finditer(text)) if cue.strong is not None else []
            if strong:
                first = strong[0]
                found.scores[cue.theme] = STRONG
                found.cues.append((cue.theme, Cue(first.group(), first.start(), first.end()), "own"))
                found.met.update((cue.theme, match.lastindex or 0) for match in strong)
                continue
            weak = _first(cue.weak, text)
            if weak:
                found.scores[cue.theme] = WEAK
                if cue.theme in context:
                    supported.append((cue.theme, weak, source))
        # A weak cue that its heading supports speaks only where nothing speaks for itself.
        if not any(score >= STRONG for score in found.scores.values()):
            for theme, weak, source in supported:
                found.scores[theme] = CONTEXT_AND_WEAK
                found.cues.append((theme, weak, source))
        if context and not any(score >= 0.5 for score in found.scores.values()):
            for theme, hit in context.items():
                found.scores[theme] = CONTEXT
                found.cues.append((theme, Cue(hit.text, 0, 0), source))
        return found


class StanceRules:
    """Walks the units of a report and keeps the block that headings and lead-ins have opened."""

    def __init__(self) -> None:
        self.blocks, self.cues, self.opening = load_stance_cues()

    def block_of(self, text: str) -> str:
        """The stance that a heading or lead-in announces, or an empty string."""
        for stance, pattern, none in self.blocks:
            if pattern.search(text) and not (none is not None and none.search(text)):
                return stance
        return ""

    def _problem(self, text: str) -> Cue | None:
        cues = self.cues["problem"]
        return _first(cues.strong, blank(text, cues.negated))

    def _own(self, unit: Unit, text: str, block: str, improvements: bool) -> tuple[str, float, Cue | None]:
        neutral = _first(self.cues["neutral"].strong, text)
        if neutral:
            return "neutral", 0.9, neutral
        problem = self._problem(text)
        plan = _first(self.cues["plan"].strong, text)
        done = self.cues["rectification"]
        rectified = _first(done.strong, text) if not (done.negated and done.negated.search(text)) else None
        if improvements:
            if rectified and (block in ("rectification", "problem", "plan") or not problem):
                return "rectification", 0.85, rectified
            if plan and block != "problem":
                return "plan", 0.9, plan
            if problem and block in ("problem", ""):
                return "problem", 0.9, problem
            if plan and not problem:
                return "plan", 0.8, plan
            if problem and block == "plan" and not _first(self.cues["plan"].weak, text):
                return "problem", 0.6, problem
            return "", 0.0, None
        if plan and not _first(self.cues["achievement"].strong, text):
            return "plan", 0.8, plan
        if problem and block == "problem":
            return "problem", 0.8, problem
        return "", 0.0, None

    def walk(self, units: Sequence[Unit]) -> list[tuple[str, float, Cue | None]]:
        """The stance, its score and cue for every unit, headings empty."""
        result: list[tuple[str, float, Cue | None]] = []
        section, block = "", ""
        levels: list[tuple[int, str]] = []
        for i, unit in enumerate(units):
            if unit.section != section:
                section, block, levels = unit.section, "", []
            text = unit.text.strip()
            if unit.kind == "heading":
                if section == "problems_improvements" and i and units[i - 1].section == section:
                    announced = self.block_of(text)
                    while levels and levels[-1][0] >= unit.level:
                        levels.pop()
                    if announced:
                        block = announced
                        levels.append((unit.level, announced))
                    elif levels:
                        block = levels[-1][1]
                result.append(("", 0.0, None))
                continue
            improvements = section == "problems_improvements"
            opens = self._opens(unit, text, improvements)
            if opens:
                block = opens
            if text.endswith((":", "：")) and (opens or len(text) <= 30):
                result.append(("neutral", 0.85, None))
                continue
            stance, score, cue = self._own(unit, text, block, improvements)
            if not stance:
                stance, score = self._fallback(unit, text, block, section)
            if improvements and stance in ("problem", "plan", "rectification") and not unit.marker and not unit.head:
                block = stance if not block or stance != "problem" else block
            result.append((stance, score, cue))
        return result

    def _opens(self, unit: Unit, text: str, improvements: bool) -> str:
        if not improvements:
            return ""
        short = text.endswith(":") or (len(text) <= 60 and not unit.marker)
        if not short:
            return ""
        return self.block_of(text)

    def _fallback(self, unit: Unit, text: str, block: str, section: str) -> tuple[str, float]:
        if section == "preamble":
            return "neutral", 0.6
        if section == "problems_improvements":
            if block:
                return block, 0.7
            if _first(self.cues["plan"].weak, text):
                return "plan", 0.55
            # Nothing has been announced yet: an item of this section is a problem, a plain sentence mostly as well.
            return "problem", 0.55
        return "achievement", 0.7


class RulesBackend:
    """Themes and stances by cues and context; explains itself and needs no training.

    Example:
        >>> from nlp_reports.schema import Report, Sentence
        >>> text = "工作队伍不稳定，业务水平不够高。"
        >>> unit = Sentence("s1", "problems_improvements", "sentence", text, 0, len(text))
        >>> tags = RulesBackend().classify(Report("0", "", "", text, sentences=(unit,)))[0]
        >>> tags.themes, tags.stance
        (('staffing', 'training'), 'problem')
    """

    name = "rules"

    def __init__(self) -> None:
        self._themes, self._stances = ThemeRules(), StanceRules()
        self.digest = _digest()

    def classify(self, report: Report) -> list[Tags]:
        """One :class:`Tags` a sentence, in order; headings get empty ones."""
        units = units_of(report.sentences)
        stances = self._stances.walk(units)
        first = opening_of(units, self._stances.opening)
        return [
            self._tags(unit, stance, themed=i != first)
            for i, (unit, stance) in enumerate(zip(units, stances, strict=True))
        ]

    def _tags(self, unit: Unit, stance: tuple[str, float, Cue | None], *, themed: bool) -> Tags:
        if unit.kind == "heading":
            return Tags()
        name, score, cue = stance
        found = self._themes.score(unit) if themed and name != "neutral" else Evidence()
        themes = tuple(theme for theme, value in found.scores.items() if value >= 0.5)
        explanation = [
            (theme, hit.text if hit else "", *_place(unit, hit)) for theme, hit, _ in found.cues if theme in themes
        ]
        explanation.append((name, cue.text if cue else "", *_place(unit, cue)))
        return Tags(themes, found.scores, name, {name: score}, tuple(explanation))


def opening_of(units: Sequence[Unit], opening: re.Pattern[str] | None) -> int:
    """The index of the sentence that opens section one in general words, or -1."""
    for i, unit in enumerate(units):
        if unit.section == "overview" and unit.kind == "sentence":
            general = opening is not None and opening.search(unit.text) and not unit.marker and len(unit.headings) <= 1
            return i if general else -1
    return -1


def _place(unit: Unit, cue: Cue | None) -> tuple[int, int]:
    if cue is None or cue.start == cue.end:
        return unit.start, unit.start
    return unit.start + cue.start, unit.start + cue.end


@lru_cache(maxsize=1)
def _digest() -> str:
    import hashlib

    digest = hashlib.sha256()
    for name in ("taxonomy.yaml", "themes.yaml", "stances.yaml"):
        digest.update((DATA / name).read_bytes())
    return digest.hexdigest()
