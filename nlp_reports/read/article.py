"""Where the article of a web page stands: the container of a known site system, or the densest part of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from nlp_reports.read.knowledge import knowledge

#: Elements of lxml; the library has no usable types for them.
Element = Any

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_SPLIT = re.compile(r"[\s]+")
# What only the article holds: words of the statutory headings, in both scripts, on text without blanks.
_SIGNAL = re.compile(
    r"[总總][体體]情[况況]|主[动動]公[开開]政府信息|收到和[处處]理|[复復複][议議]|存在的?主要?[问問][题題]|其他需要[报報]告|本年新收|第二十[条條]第"
)


@lru_cache(maxsize=4096)
def _names(value: str) -> tuple[bool, bool]:
    """Whether an id or class value names a container, and whether it names page furniture."""
    known = knowledge()
    names = [n.lower() for n in _SPLIT.split(value.strip()) if n]
    return any(n in known.containers for n in names), any(n in known.drop_names for n in names)


def clean(root: Element, source: bytes) -> tuple[list[Element], int]:
    """Take scripts, forms' controls, hidden and navigation elements out of ``root``.

    An element that is only called like navigation stays when it holds a good part of the page's text.

    Args:
        root: the page; it is changed.
        source: its markup.

    Returns:
        ``(containers, pictures)``: the elements named like article containers, and the number of pictures.
    """
    from lxml import etree

    containers: list[Element] = []
    named: list[Element] = []
    etree.strip_elements(root, *knowledge().drop_tags, with_tail=False)
    lower = source.lower()
    hidden = b"hidden" in lower or b"none" in lower
    for element in _selector(hidden)(root):
        attributes = element.attrib
        for key in ("id", "class"):
            value = attributes.get(key)
            if value:
                container, furniture = _names(value)
                if container:
                    containers.append(element)
                elif furniture:
                    named.append(element)
        style = attributes.get("style")
        if (style and _HIDDEN.search(style)) or "hidden" in attributes:
            named.append(element)
    for element in list(root.iter("ul", "ol", "dl")):
        if _is_menu(element):
            _drop(element)
    if named:
        total = len(text_of(root)) or 1
        for element in named:
            text = text_of(element)
            if len(text) * 4 < total and len(_SIGNAL.findall(text)) < 3:
                _drop(element)
    return containers, sum(1 for _ in root.iter("img")) if b"<img" in lower else 0


@lru_cache(maxsize=2)
def _selector(hiding: bool) -> Any:
    """Elements with a name, and, where the page hides any, those that may be hidden."""
    from lxml import etree

    also = " or @hidden or contains(@style, 'none') or contains(@style, 'hidden')" if hiding else ""
    return etree.XPath(f"//*[@id or @class{also}]")


def _is_menu(element: Element) -> bool:
    """A list that is nothing but links."""
    links = [text_of(a) for a in element.iter("a")]
    return len(links) >= 4 and sum(map(len, links)) >= 0.8 * len("".join(text_of(element).split()))


def _drop(element: Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail
    if tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(element)


def text_of(element: Element) -> str:
    """The text below ``element``."""
    from lxml import etree

    text: str = etree.tostring(element, method="text", encoding="unicode", with_tail=False)
    return text


def _mass(element: Element) -> float:
    """How much of the article ``element`` holds: letters outside links, and statutory words, which weigh more."""
    text = text_of(element)
    linked = sum([len(text_of(a)) for a in element.iter("a")])
    return len(text) - text.count(" ") - text.count("\n") - linked + 200 * len(_SIGNAL.findall(text))


def find_article(body: Element, containers: list[Element]) -> Element:
    """The smallest element that holds (nearly) all of the article.

    Known containers are tried first; without one the page is descended as long as one child holds nearly everything.
    """
    if len(containers) == 1:
        # The usual case: one container, and hardly anything beside it once the navigation is gone.
        only = text_of(containers[0])
        if len(only) >= 0.8 * len(text_of(body)):
            return containers[0]
    whole = _mass(body)
    best, best_mass = None, 0.0
    for element in containers:
        mass = _mass(element)
        # Containers come in document order, so a later one of nearly the same mass stands inside the earlier one.
        if mass >= best_mass * 0.9 and (best is None or mass > best_mass or _inside(element, best)):
            best, best_mass = element, max(mass, best_mass)
    if best is not None and best_mass >= 0.5 * whole:
        return best
    element, mass, found = body, whole, body
    while True:
        heaviest, child_mass = None, 0.0
        for child in element:
            if (len(child) or child.tag == "td") and (m := _mass(child)) > child_mass:
                heaviest, child_mass = child, m
        if heaviest is None or child_mass < 0.85 * mass or heaviest.tag == "p":
            return found
        element, mass = heaviest, child_mass
        # One cell that holds nearly all is a page's layout; a table of data is never entered.
        if element.tag not in ("table", "tbody", "thead", "tr"):
            found = element


def _inside(element: Element, other: Element) -> bool:
    return any(parent is other for parent in element.iterancestors())


def title_before(root: Element, article: Element) -> Iterator[str]:
    """Candidate titles outside ``article``, the best first: headings before it, meta elements, the page title."""
    if article is root:
        return
    for element in root.iter("h1", "h2", "h3", "h4", "div", "p", "span", "td", "strong"):
        if element is article:
            break
        if len(element) <= 3 and not _inside(article, element):
            text = " ".join(text_of(element).split())
            if 8 <= len(text) <= 80:
                yield text


def meta_values(root: Element, names: tuple[str, ...]) -> Iterator[str]:
    """The contents of meta elements whose name or property is one of ``names``."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").lower()
        if name in names and meta.get("content"):
            found.setdefault(name, " ".join(meta.get("content").split()))
    for name in names:
        if name in found:
            yield found[name]
