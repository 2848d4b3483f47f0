"""XML as elements that know their line; without documents that refer to others or define entities."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from animator.errors import FormatError

DEEPEST = 100
"""Elements within one another."""


@dataclass
class Element:
    """One element: its name and namespace, its attributes without namespaces, what it holds in order, and its line."""

    name: str
    space: str
    attributes: Mapping[str, str]
    line: int
    content: list[Element | str] = field(default_factory=list)

    def children(self, *names: str) -> Iterator[Element]:
        """Elements directly within it that have one of these names."""
        return (each for each in self.content if isinstance(each, Element) and each.name in names)


def parse_xml(text: str, where: str) -> Element:
    """The root of a document; `FormatError` with the line if it is not well formed, or declares a document type."""
    parser = expat.ParserCreate("utf-8", " ")
    open_ones: list[Element] = [Element("", "", {}, 0)]

    def begin(name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        element = Element(local, space, plain, parser.CurrentLineNumber)
        open_ones[-1].content.append(element)
        open_ones.append(element)
        if len(open_ones) > DEEPEST:
            raise FormatError(f"{where}, line {element.line}: elements lie more than {DEEPEST} deep in one another")

    def read(data: str) -> None:
        open_ones[-1].content.append(data)

    def refuse(*_: object) -> None:
        raise FormatError(f"{where}, line {parser.CurrentLineNumber}: a document type is not read here; leave DOCTYPE out")

    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda _: open_ones.pop()
    parser.CharacterDataHandler = read
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        raise FormatError(f"{where} is not well-formed XML: {error}") from None
    return next(each for each in open_ones[0].content if isinstance(each, Element))


def number(text: str, key: str, place: str) -> float:
    """A number that an attribute holds; `FormatError`, which tells the place, of any other text."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise FormatError(f"{place}: {key!r} is a number, not {text!r}")
    return value
