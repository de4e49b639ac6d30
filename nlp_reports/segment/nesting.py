"""Units and their place in the outline: kind, level, heading path, the sentence that introduces a list."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from ..text.normalize import fold
from .outline import Marker, knowledge

if TYPE_CHECKING:
    from collections.abc import Callable


class Unit(NamedTuple):
    """A unit with offsets into the text that was cut.

    ``kind`` is ``heading`` or ``sentence``; ``lead_in`` the index (in the same list) of the sentence that introduces
    the list it belongs to, -1 without one. ``level`` and ``heading_path`` as in :class:`nlp_reports.schema.Sentence`.
    """

    start: int
    end: int
    text: str
    kind: Literal["heading", "sentence"] = "sentence"
    marker: str = ""
    level: int = 0
    heading_path: tuple[str, ...] = ()
    lead_in: int = -1
    paragraph: int = 0


class Piece(NamedTuple):
    """A unit before its place in the outline is known. ``title`` is 2, 1 or 0 as in :func:`title_strength`."""

    start: int
    end: int
    marker: Marker | None
    title: int
    paragraph: int
    opens_paragraph: bool


# Straight from a tuple: the generated constructor takes twice the time, and there are thousands of units.
new_piece = cast("Callable[[tuple[object, ...]], Piece]", partial(tuple.__new__, Piece))
new_unit = cast("Callable[[tuple[object, ...]], Unit]", partial(tuple.__new__, Unit))


def outline(text: str, folded: str, pieces: list[Piece], *, heading: str = "") -> list[Unit]:
    """Give each piece its kind, level, heading path and lead-in. ``heading`` is the section title above them all."""
    base = 1 if heading else 0
    stack: list[tuple[str, str]] = []  # (kind of enumerator, heading text or "")
    leads: list[int] = []
    units: list[Unit] = []
    path = _path(heading, stack)
    for i, (start, end, marker, title, paragraph, opens) in enumerate(pieces):
        kind = marker.kind if marker else ""
        is_heading = False
        if title:
            # Without text below it a slogan is an item; so it is among sisters that are sentences. The last line of a
            # section without enumerator is a signature or an answer.
            is_heading = _has_body(pieces, i) or (title == 2 and bool(kind))
            is_heading = is_heading and not (title == 1 and (kind, "") in stack)
        if kind:
            depth = next((d for d, entry in enumerate(stack) if entry[0] == kind), len(stack))
            opened = depth == len(stack)
            del stack[depth:]
            lead = leads[depth] if not opened and depth < len(leads) else -1
            del leads[depth:]
            if units and units[-1].kind == "sentence" and _introduces(folded, units[-1]):
                lead = len(units) - 1
            path = _path(heading, stack)
            stack.append((kind, ""))
            leads.append(lead)
        elif is_heading:
            stack, leads = [entry for entry in stack if entry[1] and entry[0] != "title"], []
            path = _path(heading, stack)
            stack.append(("title", ""))
            leads = [-1] * len(stack)
        elif opens and stack and not stack[-1][1]:
            while stack and not stack[-1][1]:
                stack.pop()
            del leads[len(stack) :]
            path = _path(heading, stack)
        surface = text[start:end]
        units.append(
            new_unit(
                (
                    start,
                    end,
                    surface,
                    "heading" if is_heading else "sentence",
                    text[marker.start : marker.end] if marker else "",
                    base + len(stack),
                    path,
                    -1 if is_heading or not leads else leads[-1],
                    paragraph,
                )
            )
        )
        if is_heading:
            stack[-1] = (stack[-1][0], surface.rstrip("。：: \u3000"))
            path = _path(heading, stack)
    return units


def _path(heading: str, stack: list[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(t for t in (heading, *(entry[1] for entry in stack)) if t)


def _has_body(pieces: list[Piece], i: int) -> bool:
    """Whether something stands under the title ``pieces[i]``: the next piece is no enumerator of the same kind."""
    if i + 1 >= len(pieces):
        return False
    this, following = pieces[i], pieces[i + 1]
    if following.marker is None:
        return not (this.marker is None and following.title == 2)
    if this.marker is None:
        return True
    return following.marker.kind != this.marker.kind and _rank(following.marker.kind) > _rank(this.marker.kind)


def _rank(kind: str) -> int:
    order = ("han", "paren", "arabic", "paren_arabic", "half_paren", "circled", "shi", "ordinal", "bullet")
    return order.index(kind)


def _introduces(folded: str, unit: Unit) -> bool:
    if folded[unit.end - 1] == ":":
        return True
    return knowledge().lead_in.search(fold(folded[max(unit.start, unit.end - 24) : unit.end])) is not None
