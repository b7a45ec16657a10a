"""RSS 0.9x, 1.0 and 2.0 and Atom, read by feedparser.

feedparser knows the dialects, but it also guesses, and some guesses are wrong for news. So it is handed well-formed UTF-8 with only
the elements that it reads right; what it misreads is read here from the same tree: a Media RSS caption would become the article's
body, a ``<guid>`` that is no address its link, and an address under a long top-level domain would be cut in two.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import feedparser
from lxml import etree

from newsroom.model import Credit, Draft, Image
from newsroom.sources.authors import author_line, credits_of
from newsroom.sources.feed_images import images
from newsroom.sources.fragment import fragment_of_text, text_of_fragment
from newsroom.sources.source import SourceError
from newsroom.text.links import absolute

_FEEDS = {"rss", "rdf", "feed"}
_ENTRIES = {"item", "entry"}
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_OWN = {
    "",
    "http://www.w3.org/2005/Atom",
    "http://purl.org/atom/ns#",
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://backend.userland.com/rss2",
    "http://blogs.law.harvard.edu/tech/rss",
}
_NAMES = (
    *("title", "link", "guid", "id", "description", "summary", "content", "category", "rights", "source"),
    *("pubdate", "published", "issued", "updated", "modified"),
)
# What stays in an entry for feedparser, by namespace.
_READ_RIGHT = {
    **dict.fromkeys(_OWN, _NAMES),
    _CONTENT: ("encoded",),
    "http://purl.org/dc/elements/1.1/": ("date", "subject", "rights"),
    "http://purl.org/dc/terms/": ("issued", "modified"),
}
_XML = "{http://www.w3.org/XML/1998/namespace}"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_WEB = ("http://", "https://")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 §2.2
_DECLARATION = re.compile(r"<\?xml\b[^>]*>")
_INTERNAL_SUBSET = re.compile(r"\s*+(?:(?><\?.*?\?>|<!--.*?-->)\s*+)*+<!DOCTYPE[^>\[]*+\[", re.DOTALL)
_REFERENCE = re.compile(r"&(?:(?P<number>#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});|(?P<name>[A-Za-z][A-Za-z0-9]{0,30};))?")
_ROOT = re.compile(r"<(?:rss|feed|rdf:RDF)\b")
_PREFIXES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": _CONTENT,
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}


def read_xml(text: str, url: str, source: str) -> Iterator[Draft]:
    """One draft for each entry, without ``url`` or ``headline`` where the entry has none. Raises SourceError."""
    root = _tree(text, url)
    items = [element for element in root.iter("{*}*") if _name(element).lower() in _ENTRIES and _namespace(element) in _OWN]
    root.extend(items)  # out of one another: an entry that was never closed holds those that follow
    own = [_Own.of(item) for item in items]
    for item in items:
        for child in [child for child in item.iterchildren("{*}*") if not _is_read_right(child)]:
            item.remove(child)
    etree.strip_attributes(root, _XML + "base")  # feedparser would resolve ids too
    feed = _understood(etree.tostring(root, encoding="utf-8", xml_declaration=True), url)
    if len(feed.entries) != len(items):
        raise SourceError(f"{url} holds {len(items)} entries, of which feedparser understood {len(feed.entries)}")
    rights, language = _text(feed.feed, "rights"), _text(feed.feed, "language")
    is_atom = _name(root) == "feed"
    return (
        _draft(entry, found, is_atom=is_atom, source=source, rights=rights, language=language)
        for entry, found in zip(feed.entries, own, strict=True)
    )


def _tree(text: str, url: str) -> etree._Element:
    if _INTERNAL_SUBSET.match(text):
        raise SourceError(f"{url} has declarations of its own in its DOCTYPE, which no feed needs; it is not read")
    parser = etree.XMLParser(recover=True, resolve_entities=False, load_dtd=False, no_network=True, remove_pis=True)
    try:
        root = etree.fromstring(_repaired(text).encode(), parser, base_url=url)
    except etree.XMLSyntaxError as error:
        raise SourceError(f"{url} is no feed: {error}") from error
    if root is None or _name(root).lower() not in _FEEDS:
        raise SourceError(f"{url} is no feed{'' if root is None else f' but <{_name(root)}>'}; look at its address")
    return root


def _repaired(text: str) -> str:
    """The text without the commonest faults of feeds. CDATA sections stay as they are.

    Those are a wrong encoding in the XML declaration, prefixes that were never declared, characters that XML forbids, entities of HTML,
    and ampersands that begin no reference. All references become numeric: after its first error libxml2 drops the others.
    """
    content = _ILLEGAL.sub("", _DECLARATION.sub("", text, count=1))
    missing = "".join(
        f' xmlns:{prefix}="{uri}"'
        for prefix, uri in _PREFIXES.items()
        if f"<{prefix}:" in content and f"xmlns:{prefix}" not in content
    )
    content = _ROOT.sub(rf"\g<0>{missing}", content, count=1)
    parts = (part.partition("<![CDATA[") for part in content.split("]]>"))
    return "]]>".join(_REFERENCE.sub(_numeric, outside) + mark + inside for outside, mark, inside in parts)


def _numeric(match: re.Match[str]) -> str:
    if match["number"]:
        digits = match["number"][1:]
        code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
        return f"&#{code};" if code < 0x110000 and not _ILLEGAL.match(chr(code)) else ""
    character = html.entities.html5.get(match["name"] or "")
    return "".join(f"&#{ord(part)};" for part in character) if character else "&#38;" + match[0][1:]


def _understood(document: bytes, url: str) -> feedparser.FeedParserDict:
    try:
        return feedparser.parse(
            io.BytesIO(document),  # a string could be taken for an address
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception as error:  # it stumbles over its own state: a <textinput> in an item is a KeyError
        raise SourceError(f"{url} cannot be understood by feedparser: {error!r}") from error


@dataclass(frozen=True, slots=True)
class _Own:
    """What is read from the tree and not by feedparser."""

    base: str
    guid: str
    bylines: tuple[str, ...]
    authors: tuple[Credit, ...]
    images: tuple[Image, ...]
    language: str

    @classmethod
    def of(cls, item: etree._Element) -> _Own:
        base = item.base or ""
        people = [_author(person) for person in item.iterchildren("{*}author", "{*}creator")]
        languages = (element.get(_XML + "lang") for element in (item, *item.iterancestors()))
        return cls(
            base=base,
            guid=(item.findtext("{*}guid") or item.findtext("{*}id") or item.get(_RDF_ABOUT) or "").strip(),
            bylines=tuple(line for line, _ in people if line),
            authors=tuple(credit for line, uri in people for credit in credits_of(line, uri)),
            images=images(item, base),
            language=item.findtext("{*}language") or next(filter(None, languages), ""),
        )


def _author(person: etree._Element) -> tuple[str, str]:
    """An author as printed, and his or her URI: elements in Atom, text in RSS."""
    name, email, uri = (person.findtext("{*}" + part) or "" for part in ("name", "email", "uri"))
    return author_line(name or person.text or "", email), uri


def _is_read_right(child: etree._Element) -> bool:
    namespace, name = _namespace(child), _name(child).lower()
    return name in _READ_RIGHT.get(namespace, ())


def _draft(entry: Mapping[str, object], own: _Own, *, is_atom: bool, source: str, rights: str, language: str) -> Draft:
    content, summary = _content(entry), _fragment(entry.get("summary_detail"))
    body = content if content or is_atom else summary
    published, updated = _text(entry, "published"), _text(entry, "updated")
    terms = [(_text(tag, "term"), _text(tag, "label")) for tag in _objects(entry, "tags")]
    return Draft(
        source=source,
        url=_link(entry, own.base),
        headline=_plain(entry.get("title_detail")),
        body=body,
        summary=summary if summary != body else "",
        bylines=own.bylines,
        authors=own.authors,
        published=published or updated,
        updated=updated,
        sections=tuple(dict.fromkeys(name for term, label in terms for name in (label, term) if name)),
        images=own.images,
        guid=own.guid,
        language=own.language or language,
        keywords=tuple(dict.fromkeys(label or term for term, label in terms if label or term)),
        rights=_text(entry, "rights") or rights,
        evidence={"base": own.base},
    )


def _link(entry: Mapping[str, object], base: str) -> str:
    """The page of the entry: an HTML alternate before others, before the entry itself, before an id that is an address.

    feedparser makes a link of any id; RSS 2.0 says so of every guid that is not marked otherwise.
    """
    links = [link for link in _objects(entry, "links") if link.get("rel") in {"alternate", "self"}]
    links.sort(key=lambda link: (link["rel"] != "alternate", link.get("type") != "text/html"))
    found = next(filter(None, (_text(link, "href") for link in links)), "")
    made = _text(entry, "link")
    return absolute(found or (made if made.startswith(_WEB) else ""), base)


def _content(entry: Mapping[str, object]) -> str:
    """The fullest form of the content: HTML before plain text."""
    contents = sorted(_objects(entry, "content"), key=lambda detail: detail.get("type") == "text/plain")
    return next(filter(None, map(_fragment, contents)), "")


def _fragment(detail: object) -> str:
    """An Atom text construct, or its like, as an HTML fragment."""
    if not isinstance(detail, Mapping):
        return ""
    value = _text(detail, "value")
    return fragment_of_text(value) if detail.get("type") == "text/plain" else value


def _plain(detail: object) -> str:
    """The same as plain text."""
    if not isinstance(detail, Mapping):
        return ""
    value = _text(detail, "value")
    return " ".join(value.split()) if detail.get("type") == "text/plain" else text_of_fragment(value)


def _objects(entry: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    value = entry.get(key) if key in entry else None
    return [found for found in value if isinstance(found, Mapping)] if isinstance(value, list) else []


def _text(entry: Mapping[str, object], key: str) -> str:
    # feedparser answers a missing "updated" with "published" unless it is asked first whether the key is there.
    value = entry.get(key) if key in entry else None
    return value.strip() if isinstance(value, str) else ""


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _namespace(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[0].removeprefix("{")
