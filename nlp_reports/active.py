"""Which sentences to label next, and which labels to look at again.

Selection: uncertainty (closeness of any probability to its cut), disagreement of two backends, diversity (greedy
farthest-first over word sets). Suspicious labels: confident learning (Northcutt et al. 2021) per theme on held-out or
model probabilities. Weak supervision: how the rules cover, overlap and conflict as labelling functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .classify import Backend, Tags
from .classify.context import units_of
from .classify.rules import STRONG, ThemeRules, load_theme_cues
from .corpus.dataset import LabelledReport
from .schema import Report
from .text.normalize import fold
from .text.tokenize import words


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence worth labelling: where it stands, why, and what the backend thinks."""

    report_id: str
    sentence_id: str
    path: str
    section: str
    text: str
    score: float
    reason: str
    themes: tuple[str, ...]
    stance: str


def uncertainty(tags: Tags) -> float:
    """How close the backend is to changing its mind: 1 for a coin's throw, 0 for certainty."""
    nearest = min((abs(p - 0.5) for p in tags.theme_scores.values()), default=0.5)
    best = sorted(tags.stance_scores.values(), reverse=True)
    margin = best[0] - best[1] if len(best) > 1 else 1.0
    return max(1 - 2 * nearest, 1 - margin)


def disagreement(first: Tags, second: Tags) -> float:
    """1 − Jaccard of the two theme sets, and 1 when the stances differ."""
    a, b = set(first.themes), set(second.themes)
    themes = 1 - len(a & b) / len(a | b) if a | b else 0.0
    return max(themes, float(first.stance != second.stance))


def select(
    reports: Sequence[Report], *, backend: Backend, other: Backend | None = None, n: int = 50
) -> list[Candidate]:
    """The ``n`` sentences that are most worth labelling.

    Args:
        reports: segmented reports.
        backend: whose doubts count.
        other: a second backend; where the two disagree, labelling pays most.
        n: how many.
    """
    found: list[tuple[Candidate, frozenset[str]]] = []
    for report in reports:
        first = backend.classify(report)
        second = other.classify(report) if other is not None else first
        for sentence, a, b in zip(report.sentences, first, second, strict=True):
            if sentence.kind != "sentence" or len(sentence.text) < 6:
                continue
            doubt, clash = uncertainty(a), disagreement(a, b) if other is not None else 0.0
            score = max(doubt, clash) + 0.25 * min(doubt, clash)
            reason = "disagreement" if clash > doubt else "uncertainty"
            candidate = Candidate(
                report.report_id, sentence.sentence_id, report.path, sentence.section, sentence.text, round(score, 4),
                reason, a.themes, a.stance,
            )  # fmt: skip
            found.append((candidate, frozenset(words(fold(sentence.text)))))
    found.sort(key=lambda item: (-item[0].score, item[0].report_id, item[0].sentence_id))
    return _diverse(found[: max(8 * n, 200)], n)


def _diverse(pool: list[tuple[Candidate, frozenset[str]]], n: int) -> list[Candidate]:
    """Greedy: best score first, each next one discounted by its likeness to those already taken."""
    chosen: list[tuple[Candidate, frozenset[str]]] = []
    likeness = [0.0] * len(pool)
    taken: set[int] = set()
    while len(chosen) < min(n, len(pool)):
        best = max((i for i in range(len(pool)) if i not in taken), key=lambda i: pool[i][0].score * (1 - likeness[i]))
        taken.add(best)
        chosen.append(pool[best])
        for i, (_, bag) in enumerate(pool):
            union = len(bag | pool[best][1])
            likeness[i] = max(likeness[i], len(bag & pool[best][1]) / union if union else 0.0)
    return [candidate for candidate, _ in chosen]


@dataclass(frozen=True, slots=True)
class Suspect:
    """A label that the model contradicts with confidence."""

    record: str
    text: str
    tag: str
    given: bool
    probability: float


def suspicious_labels(
    reports: Sequence[LabelledReport], *, backend: Backend, themes: Sequence[str], minimum: int = 5
) -> list[Suspect]:
    """Theme labels that confident learning flags, most suspicious first.

    A label is suspect when the model's probability for the opposite is above the mean probability that the model gives
    to units which carry the opposite label. Give a backend that has not been trained on these reports.

    Args:
        reports: labelled reports.
        backend: whose probabilities are used.
        themes: the themes to look at.
        minimum: themes with fewer positive labels are left out; nothing can be said of them.
    """
    rows: list[tuple[str, str, frozenset[str], Mapping[str, float]]] = []
    for item in reports:
        for sentence, label, tags in zip(
            item.report.sentences, item.labels, backend.classify(item.report), strict=True
        ):
            if label is not None:
                accepted = label.themes | label.themes_optional
                rows.append((str(item.record["id"]), sentence.text, accepted, tags.theme_scores))
    suspects: list[Suspect] = []
    for theme in themes:
        yes = [p.get(theme, 0.0) for _, _, gold, p in rows if theme in gold]
        no = [p.get(theme, 0.0) for _, _, gold, p in rows if theme not in gold]
        if len(yes) < minimum or not no:
            continue
        high, low = sum(yes) / len(yes), sum(no) / len(no)
        for record, text, gold, p in rows:
            value = p.get(theme, 0.0)
            if theme not in gold and value >= high:
                suspects.append(Suspect(record, text, theme, False, round(value, 4)))
            elif theme in gold and value <= low:
                suspects.append(Suspect(record, text, theme, True, round(value, 4)))
    return sorted(suspects, key=lambda s: (-(s.probability if not s.given else 1 - s.probability), s.record, s.text))


@dataclass(frozen=True, slots=True)
class LabellingFunction:
    """One cue group as a labelling function: how often it speaks, alone, against others, and how often it is right."""

    theme: str
    strength: str
    coverage: float
    overlap: float
    conflict: float
    precision: float | None
    units: int


def labelling_functions(
    reports: Sequence[LabelledReport], *, themes: Sequence[str], cues: Path | None = None
) -> list[LabellingFunction]:
    """Coverage, overlap and conflict of the rules (Ratner et al. 2017), with their precision where gold labels are.

    ``overlap``: another theme's strong cue speaks on the same unit. ``conflict``: a strong cue speaks for a theme that the gold
    does not have while another's is right.
    """
    rules = ThemeRules(load_theme_cues(cues))
    spoke: list[tuple[dict[str, float], frozenset[str] | None]] = []
    for item in reports:
        for unit, label in zip(units_of(item.report.sentences), item.labels, strict=True):
            if unit.kind == "sentence":
                accepted = None if label is None else label.themes | label.themes_optional
                spoke.append((rules.score(unit).scores, accepted))
    table = []
    for theme in themes:
        for strength, low, high in (("strong", STRONG, 2.0), ("context", 0.5, STRONG)):
            hits = [(s, g) for s, g in spoke if low <= s.get(theme, 0.0) < high]
            judged = [(s, g) for s, g in hits if g is not None]
            right = sum(theme in (g or ()) for _, g in judged)
            table.append(
                LabellingFunction(
                    theme, strength, round(len(hits) / max(len(spoke), 1), 4),
                    round(sum(any(v >= STRONG for t, v in s.items() if t != theme) for s, _ in hits) / max(len(hits), 1), 4),
                    round(sum(theme not in (g or ()) and any(v >= STRONG and t in (g or ()) for t, v in s.items()) for s, g in judged) / max(len(judged), 1), 4),
                    round(right / len(judged), 4) if judged else None, len(hits),
                )
            )  # fmt: skip
    return table


def iter_candidates_json(candidates: Sequence[Candidate]) -> Iterator[dict[str, object]]:
    """Candidates as plain rows, for a file that labelling tools read."""
    for c in candidates:
        yield {
            "report_id": c.report_id, "sentence_id": c.sentence_id, "path": c.path, "section": c.section, "text": c.text,
            "score": c.score, "reason": c.reason, "themes": list(c.themes), "stance": c.stance,
        }  # fmt: skip
