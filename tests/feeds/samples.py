"""Entries of every kind for the tests of what writes them, and the texts that sources really send."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st

from feeds.model import Archived, Document, Entry, EntryKind, Feed, View
from feeds.writer import Writer
from newsroom.model import Agency, Article, Credit, CreditKind, Image
from tests.feeds.builders import NOON, article, catalogue, credit, picture

HUB = "https://hub.example/"
JOINT = article(
    7,
    headline="“검토라는 말은 빼 주세요”… 시민이 먼저 물은 ‘거꾸로 시정질문’",
    body="<p>시민 41명이 물었다. &lt;두물일보&gt;가 들었다 &amp; 적었다.</p>",
    sections=("assembly", "game"),
    credits=(credit("ideun"), credit("jhpark"), Credit(name="한물통신", kind=CreditKind.AGENCY)),
    images=(picture(1), replace(picture(2), media_type="", width=0, height=0)),
    summary="시의회가 하루를 통째로 시민에게 내주었다.",
    note="참가자는 40명이 아니라 41명입니다.",
    updated=NOON + timedelta(hours=9),
    edited=NOON + timedelta(hours=10, microseconds=7),
)
ENGLISH = article(5, headline="Night buses <b>& more</b>", language="en", sections=("it",), credits=())
TEASER = article(4, body="", summary="경기는 <자정>에 끝났다.", sections=("sports",), signed=("jhpark2",))
WIRE = replace(
    article(3, headline="한물통신이 전한 소식", rights="© 한물통신"),
    agency=Agency(name="한물통신", url="https://hanmul.example", feed="https://hanmul.example/feed.atom", rights="© 한물통신"),
    full_text_ok=False,
)
WITHDRAWN = article(2, headline="거두어들인 기사", body="<p>거두어들인 글</p>", images=(picture(3),), summary="거두어들인 요약")


def entry(found: Article) -> Entry:
    """The entry of an article."""
    revision = found.revision
    return Entry(
        id=found.id,
        kind=EntryKind.ARTICLE,
        article=found,
        published=found.published,
        updated=revision.updated,
        edited=revision.edited,
    )


def correction(found: Article) -> Entry:
    """The entry that says what was wrong in an article."""
    revision = found.revision
    return Entry(
        id=f"{found.id}/correction/1",
        kind=EntryKind.CORRECTION,
        article=found,
        published=revision.updated,
        updated=revision.updated,
        edited=revision.edited,
    )


def stub(found: Article, at: datetime = NOON + timedelta(hours=11)) -> Entry:
    """What stands in the place of an article withdrawn then."""
    return Entry(id=found.id, kind=EntryKind.STUB, article=found, published=found.published, updated=at, edited=at)


ENTRIES = (correction(JOINT), entry(JOINT), entry(ENGLISH), entry(TEASER), entry(WIRE), stub(WITHDRAWN))
"""The newest first, as feeds have them."""


def document_of(feed: Feed, ending: str, view: View = View.FULL) -> Document:
    """The subscription document of a feed, with a hub and a history."""
    return Document(
        feed=feed, address=feed.address(ending), view=view, hubs=(HUB,), history=f"{feed.base}archive/{feed.slug}.{ending}"
    )


def archive_of(feed: Feed, ending: str) -> Document:
    """An archive document in the midst of a feed's history."""
    older, newer = (f"{feed.base}archive/{feed.slug}-{month}.{ending}" for month in ("01", "03"))
    return Document(
        feed=feed,
        address=f"{feed.base}archive/{feed.slug}-02.{ending}",
        archive=Archived(current=feed.address(ending), previous=older, next=newer),
    )


def written(writer: Writer, entries: Sequence[Entry] = ENTRIES, view: View = View.FULL, feed: Feed | None = None) -> bytes:
    """A document put together from pieces."""
    document = document_of(feed or catalogue().front, writer.ending, view)
    return writer.document(document, newest(entries), [writer.piece(entry, view) for entry in entries])


def newest(entries: Sequence[Entry]) -> datetime:
    """When a document with these entries was last updated."""
    return max((entry.updated for entry in entries), default=catalogue().founded)


def golden(path: Path, document: bytes) -> bytes:
    """The bytes kept under this name; they are made anew with ``UPDATE_GOLDEN=1``."""
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_bytes(document)
    return path.read_bytes()


HOSTILE = (
    "]]>",
    "&lt;b&gt; &amp; &nbsp;",
    "<b>굵게</b><script>alert(1)</script>",
    "<![CDATA[글]]>",
    "</description></item></channel></rss>",
    '"}],"items":[{"id":"',
    "\u1112\u1161\u11ab\u1100\u1173\u11af",  # 한글 in pieces (NFD)
    "\u202e오른쪽에서 왼쪽\u2066",
    "👩‍👩‍👧‍👦 가족",
    "줄\r\n바꿈\t칸",
    "\u2028\u2029\u0085\ufeff",
    "가" * 21_846,  # 64 KB
)
FORBIDDEN = ("\x00", "\x1b[0m", "글\x0b", "a\ufffeb", "짝 없는 \ud83d")
LEGAL = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")


@st.composite
def stories(draw: st.DrawFn) -> Article:
    """An article with any text in any field; in one of two, one of the texts is such that XML has no way to hold it."""
    words = [draw(st.text(LEGAL, max_size=40) | st.sampled_from(HOSTILE)) for _ in range(9)]
    if draw(st.booleans()):
        words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(FORBIDDEN))
    headline, body, summary, name, alt, series, keyword, note, rights = words
    found = article(
        9,
        headline=headline,
        body=body,
        summary=summary,
        credits=[Credit(name=name)],
        images=[Image(url="https://img.dumul.example/9.jpg", alt=alt, caption=alt, credit=name)],
        series=series,
        note=note,
        rights=rights,
    )
    return replace(found, keywords=(keyword,), full_text_ok=draw(st.booleans()))


def entries_of(found: Article) -> tuple[Entry, ...]:
    """All that can be said of an article."""
    return entry(found), correction(found), stub(found)


def writable(writer: Writer, entries: Sequence[Entry], view: View) -> list[Entry]:
    """The entries that the writer does not refuse."""
    return [entry for entry in entries if _takes(writer, entry, view)]


def _takes(writer: Writer, entry: Entry, view: View) -> bool:
    try:
        writer.piece(entry, view)
    except ValueError:
        return False
    return True
