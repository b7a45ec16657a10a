"""XML as every reader takes it (A1), whatever is written in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from feeds.checker.finding import Finding, error, warning

_DECLARATION = re.compile(rb"<\?xml\b[^>]*?(?:\bencoding\s*=\s*[\"']([^\"']*)[\"'][^>]*)?\?>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DOCTYPE = re.compile(r"\s*(?:(?:<\?.*?\?>|<!--.*?-->)\s*)*<!DOCTYPE\b", re.DOTALL)
_XSL = re.compile(rb"""<\?xml-stylesheet\b[^>]*\btype\s*=\s*["'](?:text|application)/(?:xsl|xslt\+xml|xml)["']""")
_BOM = b"\xef\xbb\xbf"


def parse(data: bytes) -> etree._Element | None:
    """The root element; None for what is no XML. Entities stay as they are, and nothing is loaded."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def check_wellformed(data: bytes) -> Iterator[Finding]:
    """A1 and W11."""
    if data.startswith(_BOM):
        yield error("A1", "line 1", "There is a byte order mark before <?xml; write UTF-8 without one.")
    start = data.removeprefix(_BOM)
    declaration = _DECLARATION.search(start)
    if declaration is None:
        yield warning("A1", "line 1", 'There is no XML declaration; begin with <?xml version="1.0" encoding="UTF-8"?>.')
    elif declaration.start() > 0:
        yield error("A1", "line 1", "Something stands before <?xml; nothing may, not even a blank line.")
    encoding = declaration[1].decode("ascii", "replace") if declaration and declaration[1] else "utf-8"
    if encoding.lower() != "utf-8":
        yield error("A1", "line 1", f"The document says it is in {encoding}; write UTF-8, which every reader knows.")
    yield from _check_text(data)
    yield from _check_syntax(data)


def _check_text(data: bytes) -> Iterator[Finding]:
    try:
        text = data.decode()
    except UnicodeDecodeError as fault:
        yield error("A1", _line(data[: fault.start]), "There are bytes that are not UTF-8.")
        text = data.decode(errors="ignore")
    if found := _CONTROL.search(text):
        character = f"U+{ord(found[0]):04X}"
        yield error(
            "A1", _line(text[: found.start()].encode()), f"There is {character}, which XML forbids; strip it from the text."
        )
    if (place := text.find("\ufffd")) >= 0:
        yield error(
            "A1", _line(text[:place].encode()), "There is U+FFFD: a text was decoded with a wrong charset; take it in again."
        )
    if found := _DOCTYPE.match(text.removeprefix("\ufeff")):
        yield error("A1", _line(found[0].encode()), "There is a DOCTYPE; readers refuse it for safety. Leave it out.")


def _check_syntax(data: bytes) -> Iterator[Finding]:
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        line = getattr(fault, "lineno", None) or 1
        yield error("A1", f"line {line}", f"This is not well-formed XML: {fault}. Write it with an XML library.")
        return
    if found := _XSL.search(data):
        message = "An XSL stylesheet is named, which browsers give up; name a CSS stylesheet or a page for people."
        yield warning("W11", _line(data[: found.start()]), message)


def _line(before: bytes) -> str:
    """The line that comes after this much of the document."""
    return f"line {before.count(10) + 1}"
