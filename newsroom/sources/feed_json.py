"""JSON Feed, versions 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from newsroom.model import Draft, Image
from newsroom.sources.authors import author_line, credits_of
from newsroom.sources.fragment import fragment_of_text
from newsroom.sources.images import each_once
from newsroom.sources.source import SourceError
from newsroom.text.characters import without_unwanted
from newsroom.text.links import absolute


def read_json(text: str, url: str, source: str) -> Iterator[Draft]:
    """One draft for each item, without ``url`` or ``headline`` where the item has none. Raises SourceError."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{url} is not JSON ({error})") from error
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list) or "jsonfeed.org" not in _text(feed, "version"):
        raise SourceError(f"{url} is JSON, but no JSON Feed; look at its address")
    language = _text(feed, "language")
    return (_draft(item if isinstance(item, dict) else {}, language, url, source) for item in feed["items"])


def _draft(item: Mapping[str, object], language: str, base: str, source: str) -> Draft:
    people = [(author_line(_text(person, "name")), _text(person, "url")) for person in _objects(item, "authors", "author")]
    published, updated = _text(item, "date_published"), _text(item, "date_modified")
    tags = tuple(without_unwanted(tag) for tag in _sequence(item, "tags") if isinstance(tag, str))
    return Draft(
        source=source,
        url=absolute(_text(item, "url") or _text(item, "external_url"), base),
        headline=" ".join(_text(item, "title").split()),
        body=_text(item, "content_html") or fragment_of_text(_text(item, "content_text")),
        summary=fragment_of_text(_text(item, "summary")),
        bylines=tuple(line for line, _ in people if line),
        authors=tuple(credit for line, uri in people for credit in credits_of(line, uri)),
        published=published or updated,
        updated=updated,
        sections=tags,
        keywords=tags,
        images=_images(item, base),
        guid=_text(item, "id"),
        language=_text(item, "language") or language,
        evidence={"base": base},
    )


def _images(item: Mapping[str, object], base: str) -> tuple[Image, ...]:
    pictures = [file for file in _objects(item, "attachments") if _text(file, "mime_type").startswith("image/")]
    found = [Image(url=_text(item, name)) for name in ("image", "banner_image")]
    found += [Image(url=_text(file, "url"), alt=_text(file, "title"), media_type=_text(file, "mime_type")) for file in pictures]
    return each_once(found, base)


def _text(item: Mapping[str, object], name: str) -> str:
    """A string, or a number written as one; version 1.0 had numbers for ids."""
    value = item.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return without_unwanted(str(value)).strip()  # half of a surrogate pair is good JSON


def _sequence(item: Mapping[str, object], name: str) -> Sequence[object]:
    value = item.get(name)
    return value if isinstance(value, list) else ()


def _objects(item: Mapping[str, object], *names: str) -> list[dict[str, object]]:
    """The objects under the first name that has any, in a list or alone."""
    for name in names:
        value = item.get(name)
        if found := [entry for entry in (value if isinstance(value, list) else [value]) if isinstance(entry, dict)]:
            return found
    return []
