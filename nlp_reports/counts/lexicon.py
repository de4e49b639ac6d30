"""The count lexicon: data files read, checked and compiled; a user's own file is put before the bundled one.

A user's file may hold any of ``items``, ``units`` and ``lookalikes`` in the shapes of the bundled files. Every mistake
is a :class:`~nlp_reports.errors.DataFileError` with code NR301 that names file and line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..errors import DataFileError
from ..text.normalize import fold
from ..text.numerals import HAN_NUMERAL

_DATA = Path(__file__).parent / "data"
_KINDS = frozenset({"count", "percent", "money", "change"})


@dataclass(frozen=True, slots=True)
class UnitWord:
    """A measure word; ``group`` is the class that part and whole share."""

    unit: str
    group: str
    han: bool = False
    prenominal: bool = False
    not_before: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A canonical item and the conditions under which a count is one (all that are given must hold)."""

    id: str
    name: str = ""
    label: re.Pattern[str] | None = None
    near: re.Pattern[str] | None = None
    context: re.Pattern[str] | None = None
    excluded: re.Pattern[str] | None = None
    units: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the extractor knows, compiled."""

    units: dict[str, UnitWord]
    number: re.Pattern[str]
    cues: dict[str, list[str]]
    text: dict[str, str]
    patterns: dict[str, re.Pattern[str]]
    lookalikes: tuple[tuple[str, re.Pattern[str]], ...]
    items: tuple[Item, ...]
    names: dict[str, str] = field(default_factory=dict)


def any_of(words: list[str], *, escape: bool = True) -> str:
    """An alternation of ``words``, longest first."""
    return "|".join(re.escape(w) if escape else w for w in sorted(words, key=len, reverse=True))


def _read(path: Path) -> dict[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (safe loader)
    return loaded


@lru_cache(maxsize=8)
def load_lexicon(path: Path | None = None) -> Lexicon:
    """The bundled lexicon, with the user's file at ``path`` before it.

    Raises:
        DataFileError: the file cannot be read, is no YAML, or holds an entry that is not what it must be.

    Example:
        >>> lexicon = load_lexicon()
        >>> len({item.id for item in lexicon.items}) >= 120
        True
    """
    units, items = _read(_DATA / "units.yaml")["units"], _read(_DATA / "items.yaml")["items"]
    cues, looks = _read(_DATA / "cues.yaml"), _read(_DATA / "lookalikes.yaml")
    phrases, patterns = looks["phrases"], looks["patterns"]
    if path is not None:
        own = read_user(path)
        items, units = [*own.get("items", ()), *items], [*own.get("units", ()), *units]
        phrases = [*own.get("lookalikes", {}).get("phrases", ()), *phrases]
        patterns = [*own.get("lookalikes", {}).get("patterns", ()), *patterns]
    words = {fold(u["unit"]): _unit(u) for u in reversed(units)}
    compiled = tuple(_item(i) for i in items)
    return Lexicon(
        units=words,
        number=_number(words),
        cues={k: v for k, v in cues.items() if isinstance(v, list)},
        text={k: v for k, v in cues.items() if isinstance(v, str)},
        patterns={**_patterns(cues), "known": _known(compiled)},
        lookalikes=(
            ("phrase", re.compile(any_of([fold(p) for p in phrases]))),
            *((p["id"], re.compile(p["pattern"])) for p in patterns),
        ),
        items=compiled,
        names={i.id: i.name for i in reversed(compiled)},
    )


def _known(items: tuple[Item, ...]) -> re.Pattern[str]:
    """Finds the nouns of all items in running text."""
    labels = {i.label.pattern for i in items if i.label is not None and "^" not in i.label.pattern}
    return re.compile("|".join(f"(?:{p})" for p in sorted(labels)))


def _unit(entry: dict[str, Any]) -> UnitWord:
    return UnitWord(
        fold(entry["unit"]),
        entry.get("class", "things"),
        bool(entry.get("han", True)) if "class" not in entry else bool(entry.get("han", False)),
        bool(entry.get("prenominal", False)),
        entry.get("not_before", ""),
    )


def _item(entry: dict[str, Any]) -> Item:
    def pattern(key: str) -> re.Pattern[str] | None:
        return re.compile(entry[key]) if entry.get(key) else None

    return Item(
        entry["id"],
        entry.get("name", entry["id"]),
        pattern("label"),
        pattern("near"),
        pattern("context"),
        pattern("not"),
        frozenset(fold(u) for u in entry.get("units", ())),
        frozenset(entry.get("kind", ())),
    )


ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
#: An Arabic numeral with its multipliers: 1.2万, 278余万, 1亿2千万.
ARABIC_NUMBER = (
    rf"{ARABIC}(?:\s?[余多]?[百千万亿]{{1,2}}(?:\d{{1,4}}(?:[百千万]{{1,2}}|(?=[余多条件次个])))*(?![余多]?[元]?钱))?"
)
HAN_NUMBER = rf"[{HAN_NUMERAL}]{{1,24}}(?:点[零一二三四五六七八九]{{1,4}}[万亿]?)?"


def _number(words: dict[str, UnitWord]) -> re.Pattern[str]:
    def unit(word: UnitWord) -> str:
        return re.escape(word.unit) + (f"(?!{word.not_before})" if word.not_before else "")

    order = sorted(words.values(), key=lambda w: len(w.unit), reverse=True)
    every = "|".join(unit(w) for w in order)
    han = "|".join(unit(w) for w in order if w.han or w.group in ("money", "points"))
    dash = r"\s?(?:[-—~]{1,2}|至|到)\s?"
    return re.compile(
        rf"(?P<percent_han>百分之(?P<ph>{HAN_NUMBER}|{ARABIC}))"
        rf"|(?<![\d.A-Za-z])(?P<arabic>{ARABIC_NUMBER})(?:\s?(?P<fuzzy>[余多]))?"
        rf"(?:\s?(?P<unit>{every})(?P<also>\((?:{every})\))?)?"
        rf"(?:{dash}(?P<arabic2>{ARABIC_NUMBER})(?P<fuzzy2>[余多])?\s?(?P<unit2>{every}))?"
        rf"|(?<![{HAN_NUMERAL}第几数])(?P<han>{HAN_NUMBER})(?:(?:{dash})(?P<han2>{HAN_NUMBER}))?"
        rf"(?P<han_fuzzy>[余多])?(?P<han_unit>{han})"
    )


def _patterns(cues: dict[str, Any]) -> dict[str, re.Pattern[str]]:
    def words(key: str) -> str:
        return any_of([fold(w) for w in cues[key]])

    compare, direction = any_of(cues["compare"], escape=False), words("direction")
    neg, verbs = cues["zero_neg"], words("zero_verbs")
    metric = words("metric")
    return {
        "verb": re.compile(
            f"(?P<noun>{words('nouns')})|(?P<verb>{any_of(cues['verbs'], escape=False)})|(?P<soft>{words('soft_verbs')})"
            f"|(?P<prep>{any_of(cues['prepositions'], escape=False)})"
        ),
        "soft": re.compile(words("soft_verbs")),
        "state": re.compile(
            f"(?:{words('state_adverbs')}|[^,。;:、()]{{1,8}}[内后]|(?:因[^,。;:、()]{{1,24}})?被|[提报]请[^,。;:、()]{{2,12}}|[^,。;:、()]{{0,8}}(?:调整|转|改|改定|变更)为){{0,3}}(?P<state>(?<=为)公开|(?:{words('states')}){{1,2}})(?=了?$)"
        ),
        "outcome": re.compile(f"(?:{words('outcomes')}){{1,2}}"),
        "connector": re.compile(f"(?:{any_of(cues['connectors'], escape=False)}|\\s)+$"),
        "opener": re.compile(
            f"(?:(?:{any_of(cues['openers'], escape=False)}|20\\d\\d年度?|\\d+月份?|截至[^,]{{0,12}})(?=.))+"
        ),
        "after_stop": re.compile(f"(?P<noun>{words('nouns')})|(?P<stop>{any_of(cues['after_stop'], escape=False)})"),
        "after_bar": re.compile(any_of(cues["after_bar"], escape=False)),
        "relative": re.compile(words("relative")),
        "metric": re.compile(f"(?:{metric})$"),
        "metric_after": re.compile(words("metric_after")),
        "structural": re.compile(
            f"(?:新的|主要|重点|重大|基本|核心|关键|具体|大)*(?:{any_of(cues['structural'], escape=False)}|部分(?!予以|公开))"
        ),
        "structural_kinds": re.compile(cues["structural_kinds"]),
        "event": re.compile(f"(?:{words('events')})$"),
        "one_verb": re.compile(f"(?:{words('one_verbs')})了?$"),
        "about_before": re.compile(f"(?:{words('about_before')})$"),
        "at_least_before": re.compile(
            f"(?:{words('at_least_before')})(?:了|过)?$|(?:至少|不少于)[\u4e00-\u9fff]{{1,3}}$"
        ),
        "at_most_before": re.compile(f"(?:{words('at_most_before')})$|(?:至多|最多)[\u4e00-\u9fff]{{1,2}}$"),
        "about_after": re.compile(words("about_after")),
        "at_least_after": re.compile(words("at_least_after")),
        "at_most_after": re.compile(words("at_most_after")),
        "compare": re.compile(compare),
        "direction": re.compile(f"(?:{direction})(?:约|近|超过?|达)?$"),
        "level": re.compile(f"(?:{direction}|增|升|提|减|降)(?:{words('level')})(?:约|近|了)?$"),
        "unchanged": re.compile(any_of(cues["unchanged"], escape=False)),
        "rate_before": re.compile(cues["rate_before"]),
        "rate_one": re.compile(cues["rate_one"]),
        "rate_after": re.compile(cues["rate_after"]),
        "zero": re.compile(
            f"(?P<neg>{neg})(?P<passive>[因对向就以][^,。;]{{1,30}}?(?=被|提起|引起|引发|发生|收取|征收|收过|收费|开具|计费))?(?P<verb>{verbs})?(?:过|了|到)?(?:[和及、或与](?:处理|受理|办理|答复))?"
            f"|(?P<zero>零)(?=(?:{words('zero_heads')})(?!发生))"
        ),
        "zero_head": re.compile(f"(?:{words('zero_heads')})$"),
        "zero_start": re.compile(f"(?:{words('zero_heads')})"),
        "zero_split": re.compile(f"(?:{words('zero_split')})(?:案件|事件|事项|案|件)?$"),
        "zero_open": re.compile(f"(?:{words('zero_open_verbs')})$"),
        "zero_tail": re.compile(cues["zero_tail"]),
        "zero_lead": re.compile(cues["zero_lead"]),
        "zero_not": re.compile(cues["zero_not"]),
        "zero_wish": re.compile(cues["zero_wish"]),
    }


def read_user(path: Path) -> dict[str, Any]:
    """Read and check a user's lexicon.

    Raises:
        DataFileError: with file and line of the first mistake.
    """
    import yaml

    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError("NR301", path=str(path), detail=f"the lexicon cannot be read ({error})") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or "not YAML"
        raise DataFileError("NR301", path=str(path), detail=f"{line}{problem}") from error
    return _Checker(path).top(root)


class _Checker:
    """Walks the nodes of a YAML document, which know their lines, and turns them into plain values."""

    _ITEM = frozenset({"id", "name", "label", "near", "context", "not", "units", "kind"})
    _UNIT = frozenset({"unit", "class", "han", "prenominal", "not_before"})

    def __init__(self, path: Path) -> None:
        self.path = path

    def fail(self, node: Any, message: str) -> DataFileError:
        return DataFileError("NR301", path=str(self.path), detail=f"line {node.start_mark.line + 1}: {message}")

    def top(self, root: Any) -> dict[str, Any]:
        if root is None:
            return {}
        out: dict[str, Any] = {}
        for key, node in self.mapping(root, "the file"):
            if key.value == "items":
                out["items"] = [self.entry(n, self._ITEM, "id") for n in self.sequence(node, "items")]
            elif key.value == "units":
                out["units"] = [self.entry(n, self._UNIT, "unit") for n in self.sequence(node, "units")]
            elif key.value == "lookalikes":
                out["lookalikes"] = self.lookalikes(node)
            else:
                raise self.fail(key, f"unknown key {key.value!r}; expected items, units or lookalikes")
        return out

    def lookalikes(self, node: Any) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, value in self.mapping(node, "lookalikes"):
            if key.value == "phrases":
                out["phrases"] = [self.scalar(n, "a phrase") for n in self.sequence(value, "phrases")]
            elif key.value == "patterns":
                out["patterns"] = [
                    self.entry(n, frozenset({"id", "pattern"}), "pattern") for n in self.sequence(value, "patterns")
                ]
            else:
                raise self.fail(key, f"unknown key {key.value!r}; expected phrases or patterns")
        return out

    def entry(self, node: Any, allowed: frozenset[str], needed: str) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, value in self.mapping(node, "an entry"):
            name = key.value
            if name not in allowed:
                raise self.fail(key, f"unknown key {name!r}; expected {', '.join(sorted(allowed))}")
            if name in ("units", "kind"):
                out[name] = [self.scalar(n, name) for n in self.sequence(value, name)]
                wrong = [k for k in out[name] if name == "kind" and k not in _KINDS]
                if wrong:
                    raise self.fail(value, f"unknown kind {wrong[0]!r}; expected {', '.join(sorted(_KINDS))}")
            elif name in ("han", "prenominal"):
                if self.scalar(value, name) not in ("true", "false"):
                    raise self.fail(value, f"{name} must be true or false")
                out[name] = value.value == "true"
            else:
                out[name] = self.scalar(value, name)
            if name in ("label", "near", "context", "not", "pattern", "not_before"):
                self.regex(value)
        if not out.get(needed):
            raise self.fail(node, f"an entry needs {needed!r}")
        if needed == "id" and not re.fullmatch(r"[a-z][a-z0-9_]*", out["id"]):
            raise self.fail(node, f"an id is lower-case letters, digits and underscores, not {out['id']!r}")
        if needed == "id" and not (out.get("label") or out.get("near")):
            raise self.fail(node, f"item {out['id']!r} needs 'label' or 'near'")
        if needed == "pattern":
            out.setdefault("id", "own")
        return out

    def regex(self, node: Any) -> None:
        try:
            re.compile(node.value)
        except re.error as error:
            raise self.fail(node, f"not a regular expression ({error})") from error

    def mapping(self, node: Any, what: str) -> list[tuple[Any, Any]]:
        if node.id != "mapping":
            raise self.fail(node, f"{what} must be a mapping (key: value)")
        pairs: list[tuple[Any, Any]] = node.value
        return pairs

    def sequence(self, node: Any, what: str) -> list[Any]:
        if node.id != "sequence":
            raise self.fail(node, f"{what} must be a list")
        nodes: list[Any] = node.value
        return nodes

    def scalar(self, node: Any, what: str) -> str:
        if node.id != "scalar":
            raise self.fail(node, f"{what} must be text")
        value: str = node.value
        return value
