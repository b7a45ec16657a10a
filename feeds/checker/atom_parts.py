"""What feeds and entries of Atom have in common: texts, people, times, links, categories."""

from __future__ import annotations

import html
import re
from collections.abc import Generator, Iterator
from datetime import datetime

from lxml import etree

from feeds.checker.addresses import EMAIL, is_absolute
from feeds.checker.atom_tree import AtomElement, atom
from feeds.checker.dates import CLOCKS_DIFFER, rfc3339
from feeds.checker.finding import Finding, error, note, warning
from feeds.checker.namespaces import ATOM, THREAD

_TEXTS = ("title", "subtitle", "summary", "rights")
_MARKUP = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>|&(?:#\d+|#x[0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]+);")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
# https://www.iana.org/assignments/link-relations: those that feeds use.
_RELATIONS = {
    *("alternate", "author", "appendix", "archives", "canonical", "cite-as", "collection", "contents", "copyright", "current"),
    *("describedby", "describes", "duplicate", "edit", "edit-media", "enclosure", "first", "help", "hub", "icon", "item", "last"),
    *("latest-version", "license", "next", "next-archive", "nofollow", "payment", "prev", "prev-archive", "preview", "previous"),
    *("privacy-policy", "related", "replies", "search", "section", "self", "service", "start", "stylesheet", "subsection"),
    *("tag", "terms-of-service", "up", "version-history", "via", "working-copy"),
}


def check_common(element: AtomElement) -> Iterator[Finding]:
    """The texts, links and categories of a feed or an entry."""
    for name in _TEXTS:
        for text in element.all(name):
            yield from _check_text(name, text, element.where)
    for link in element.all("link"):
        yield from _check_link(link, element.where)
    for category in element.all("category"):
        yield from _check_category(category, element.where)


def check_person(person: etree._Element, where: str) -> Iterator[Finding]:
    """An author or a contributor."""
    name, uri = (person.findtext(atom(part)) or "" for part in ("name", "uri"))
    if not name.strip():
        yield error("A13", where, "An author has no name.")
    if person.find(atom("email")) is not None or EMAIL.search(name):
        message = "An author's e-mail address is published; it is harvested, and rss2email mails under it. Leave it out."
        yield error("A13", where, message)
    if uri and not is_absolute(uri):
        yield error("A13", where, f'The author\'s page "{uri}" is relative; write the whole address.')


def check_time(
    element: AtomElement, name: str, now: datetime, namespace: str = ATOM
) -> Generator[Finding, None, datetime | None]:
    """A time of a feed or an entry; what it is, if it can be read."""
    text = element.element.findtext(f"{{{namespace}}}{name}")
    if text is None:
        return None
    try:
        moment = rfc3339(text.strip())
    except ValueError as fault:
        yield error("A6", element.where, f"{name}: {fault}.")
        return None
    if moment > now + CLOCKS_DIFFER:
        message = f"{name} is {text}, in the future; it would stay on top until then. Publish at that time."
        yield error("A6", element.where, message)
    return moment


def check_language(code: str, where: str) -> Iterator[Finding]:
    """A language tag (BCP 47), if there is one."""
    if code and not _LANGUAGE.fullmatch(code):
        yield error("A11", where, f'"{code}" is no language tag as BCP 47 writes it; write "ko" or "en-GB".')


def markup_in(text: str) -> str:
    """The first tag or reference in what should be plain text; nothing if there is none."""
    found = _MARKUP.search(text)
    if found is None or (found[0].startswith("&") and html.unescape(found[0]) == found[0]):
        return ""
    return found[0]


def _check_text(name: str, text: etree._Element, where: str) -> Iterator[Finding]:
    kind = text.get("type")
    if kind is None:
        yield note("A8", where, f"{name} does not say its type; some readers guess. Write type=text.")
    if name == "title" and kind in {"html", "xhtml"}:
        yield warning("A8", where, "The title is marked as HTML, which newsboat and others do not show; write plain text.")
    if kind in {None, "text"} and (found := markup_in(text.text or "")):
        yield warning("A8", where, f'{name} is plain text and has "{found}" in it, which readers show as it is; escape once.')


def _check_link(link: etree._Element, where: str) -> Iterator[Finding]:
    relation, href = link.get("rel", "alternate"), link.get("href", "")
    if relation not in _RELATIONS and not is_absolute(relation):
        yield error("A19", where, f'"{relation}" is no registered link relation; take a registered one or an absolute IRI.')
    if not is_absolute(href) and relation not in {"self", "hub"}:  # of those, A2 and P1 speak
        yield error(
            "A9", where, f'The link {relation} is relative: "{href}"; many readers know no base, write the whole address.'
        )
    if relation == "alternate" and not link.get("hreflang"):
        yield note("A11", where, "The link to the page does not name its language; add hreflang.")
    yield from check_language(link.get("hreflang", ""), where)
    if relation == "replies":
        if not link.get("type"):
            yield warning("A16", where, "The link to the replies does not say its type; add type=text/html for a page.")
        if link.get(f"{{{THREAD}}}count") is None or link.get(f"{{{THREAD}}}updated") is None:
            yield note("A16", where, "The link to the replies does not say how many there are; add thr:count and thr:updated.")


def _check_category(category: etree._Element, where: str) -> Iterator[Finding]:
    term, scheme, label = (category.get(name, "") for name in ("term", "scheme", "label"))
    if not term:
        yield error("A12", where, "A category has no term.")
    elif not term.isascii():
        yield warning(
            "A12", where, f'The term "{term}" is no ASCII; keep what people read for label, and a lasting slug for term.'
        )
    if not scheme:
        yield warning("A12", where, f'The category "{term}" has no scheme; add one, as in https://paper.example/ns/section.')
    elif not is_absolute(scheme):
        yield error("A12", where, f'The scheme "{scheme}" is relative; write an absolute IRI.')
    if not label:
        yield warning("A12", where, f'The category "{term}" has no label, so readers show its term; add one.')
