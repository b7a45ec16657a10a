"""A reader that asks for what is new gets that alone (RFC 3229, rule W7), and never less than that."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from starlette.applications import Starlette

from feeds.checker import check_document
from masthead.web.clients import Clients
from masthead.web.delta import Deltas
from masthead.web.files import PublishedFiles
from masthead.web.front import Front
from masthead.web.published import LOOK_AGAIN
from tests.masthead.web import Answer, ask, served

GOLDEN = Path(__file__).parents[1] / "feeds" / "golden"
ATOM = """\
<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:at="http://purl.org/atompub/tombstones/1.0" xmlns="http://www.w3.org/2005/Atom" xml:lang="ko">
  <id>tag:hangang.example,2025:front</id>
  <title type="text">한강일보</title>
  <updated>2026-03-02T21:00:00+09:00</updated>
  <author>
    <name>한강일보</name>
  </author>
  <at:deleted-entry ref="tag:hangang.example,2026:0" when="2026-03-01T00:00:00+09:00"/>{entries}
</feed>
"""
ENTRY = """
  <entry>
    <id>tag:hangang.example,2026:{id}</id>
    <title type="text">{text}</title>
    <updated>2026-03-02T21:00:00+09:00</updated>
    <content type="html">&lt;p&gt;
  &lt;entry&gt;{text}&lt;/p&gt;</content>
  </entry>"""
RSS = """\
<?xml version='1.0' encoding='UTF-8'?>
<rss version="2.0">
  <channel>
    <title>한강일보</title>
    <link>https://hangang.example</link>
    <description>한강일보</description>{entries}
  </channel>
</rss>
"""
ITEM = """
    <item>
      <title>{text}</title>
      <guid isPermaLink="false">tag:hangang.example,2026:{id}</guid>
    </item>"""
KINDS = {"atom": (ATOM, ENTRY), "rss": (RSS, ITEM)}
Entries = Mapping[int, str]


def document(ending: str, entries: Entries) -> bytes:
    frame, entry = KINDS[ending]
    return frame.format(entries="".join(entry.format(id=number, text=text) for number, text in entries.items())).encode()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """The address of an empty folder's server."""
    files = PublishedFiles(tmp_path, base="https://feeds.hangang.example")
    with served(Front(files, Starlette(), Clients(()), allowance=None, seen=None)) as url:
        yield url


def publish(folder: Path, ending: str, entries: Entries) -> None:
    fresh = folder / ".part"
    fresh.write_bytes(document(ending, entries))
    fresh.replace(folder / f"front.{ending}")
    time.sleep(LOOK_AGAIN * 2)


def poll(site: str, ending: str, etag: str, **headers: str) -> Answer:
    wanted = {"If-None-Match": etag, "A-IM": "feed", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return ask(site, f"/front.{ending}", headers=wanted)


def titles(body: bytes) -> list[str]:
    read = feedparser.parse(body)
    assert not read.bozo, read.get("bozo_exception")
    return [entry.title for entry in read.entries]


@pytest.mark.parametrize("ending", KINDS)
def test_only_new_and_changed_entries_are_sent(site: str, tmp_path: Path, ending: str) -> None:
    """A reader would fetch fifty articles for one; or miss the correction."""
    publish(tmp_path, ending, {2: "둘", 1: "하나"})
    etag = ask(site, f"/front.{ending}").headers["ETag"]
    publish(tmp_path, ending, {3: "셋", 2: "둘, 바로잡음", 1: "하나"})
    whole, delta = ask(site, f"/front.{ending}"), poll(site, ending, etag)
    assert (delta.status, delta.headers["IM"]) == (226, "feed")
    assert titles(delta.body) == ["셋", "둘, 바로잡음"]
    assert delta.headers["ETag"] == whole.headers["ETag"], "of the whole, so that the next answer is 304"
    assert delta.headers["Cache-Control"] == "no-store, im"
    assert {"A-IM", "If-None-Match", "Accept-Encoding"} <= set(delta.headers["Vary"].split(", "))
    for name in ("Content-Type", "Link", "Access-Control-Allow-Origin"):
        assert delta.headers[name] == whole.headers[name]
    assert poll(site, ending, delta.headers["ETag"]).status == 304
    assert poll(site, ending, f'W/"unknown", {etag}', A_IM="vcdiff, feed;q=0.5").status == 226


def test_a_delta_is_an_atom_document_with_everything_but_old_entries(site: str, tmp_path: Path) -> None:
    """A reader would refuse it, or never learn that an article was withdrawn."""
    publish(tmp_path, "atom", {1: "하나"})
    etag = ask(site, "/front.atom").headers["ETag"]
    publish(tmp_path, "atom", {2: "둘", 1: "하나"})
    delta = poll(site, "atom", etag).body
    feed = etree.fromstring(delta)
    assert feed.findtext("{*}id") == "tag:hangang.example,2025:front"
    assert [found.get("ref") for found in feed.findall("{*}deleted-entry")] == ["tag:hangang.example,2026:0"]
    assert set(check_document(delta)) <= set(check_document(ask(site, "/front.atom").body)), "nothing is wrong with it"
    publish(tmp_path, "atom", {})
    none = poll(site, "atom", etag)
    assert (none.status, titles(none.body)) == (226, [])


def test_it_is_compressed_for_whoever_takes_that(site: str, tmp_path: Path) -> None:
    """A reader would get bytes that it cannot read, or fetch everything after each delta."""
    publish(tmp_path, "atom", {1: "하나"})
    etag = ask(site, "/front.atom", headers={"Accept-Encoding": "gzip"}).headers["ETag"]
    publish(tmp_path, "atom", {2: "둘", 1: "하나"})
    delta = poll(site, "atom", etag, Accept_Encoding="gzip")
    assert (delta.status, delta.headers["Content-Encoding"]) == (226, "gzip")
    assert titles(gzip.decompress(delta.body)) == ["둘"]
    assert poll(site, "atom", delta.headers["ETag"], Accept_Encoding="gzip").status == 304


def test_whoever_does_not_ask_or_has_an_unknown_version_gets_all(site: str, tmp_path: Path) -> None:
    """News would be missing for good: after a restart, from another machine, behind a cache."""
    publish(tmp_path, "atom", {1: "하나"})
    etag = ask(site, "/front.atom").headers["ETag"]
    publish(tmp_path, "atom", {2: "둘", 1: "하나"})
    unknown = etag[:5] + ("x" if etag[5] != "x" else "y") + etag[6:]
    for answer in (
        ask(site, "/front.atom", headers={"If-None-Match": etag}),
        ask(site, "/front.atom", headers={"A-IM": "feed"}),
        poll(site, "atom", etag, A_IM="feed;q=0"),
        poll(site, "atom", etag, A_IM="vcdiff"),
        poll(site, "atom", unknown),
        poll(site, "atom", "garbage"),
    ):
        assert (answer.status, titles(answer.body)) == (200, ["둘", "하나"])


def test_a_real_reader_takes_it(site: str, tmp_path: Path) -> None:
    """feedparser and rss2email ask for deltas with every poll."""
    publish(tmp_path, "atom", {1: "하나"})
    first = feedparser.parse(f"{site}/front.atom")
    publish(tmp_path, "atom", {2: "둘", 1: "하나"})
    second = feedparser.parse(f"{site}/front.atom", etag=first.etag)
    assert (second.status, second.bozo, [entry.title for entry in second.entries]) == (226, False, ["둘"])
    assert feedparser.parse(f"{site}/front.atom", etag=second.etag).status == 304


@pytest.mark.parametrize("name", ["front", "section", "reporter", "empty"])
def test_documents_as_they_are_written_can_be_cut(name: str) -> None:
    """A change in how feeds are written would end deltas unnoticed."""
    now = (GOLDEN / f"{name}.atom").read_bytes()
    deltas = Deltas()
    deltas.remember("a.atom", "a" * 20, now)
    rest = deltas.since(b'"' + b"a" * 20 + b'"', "a.atom", now)
    assert rest is not None
    assert etree.fromstring(rest).findall("{*}entry") == []
    without = etree.fromstring(now)
    for entry in without.findall("{*}entry"):
        without.remove(entry)
    etree.indent(without)
    assert etree.tostring(etree.fromstring(rest), method="c14n").split() == etree.tostring(without, method="c14n").split()


NUMBERED = st.dictionaries(st.integers(1, 9), st.sampled_from(["가", "나", "다"]), max_size=6)


@given(NUMBERED, NUMBERED, st.sampled_from(sorted(KINDS)))
def test_nothing_new_is_ever_left_out(before: Entries, after: Entries, ending: str) -> None:
    """A reader would miss a story and never know."""
    deltas = Deltas()
    deltas.remember(f"x.{ending}", "a" * 20, document(ending, before))
    delta = deltas.since(b'W/"' + b"a" * 20 + b'-gzip"', f"x.{ending}", document(ending, after))
    new = {number: text for number, text in after.items() if before.get(number) != text}
    assert delta == document(ending, new)


def test_the_versions_that_are_remembered_have_a_limit() -> None:
    """A paper that publishes for weeks would fill the machine's memory with what its feeds once held."""
    deltas = Deltas(entries=20)
    tags = [f"{number:020}" for number in range(10)]
    for number, tag in enumerate(tags):
        deltas.remember("x.atom", tag, document("atom", dict.fromkeys(range(number * 10, number * 10 + 5), "가")))
    now = document("atom", {1: "나"})
    assert [deltas.since(f'"{tag}"'.encode(), "x.atom", now) is not None for tag in tags] == [False] * 7 + [True] * 3


def test_what_is_not_written_as_feeds_are_is_not_cut() -> None:
    """Half a document would be sent."""
    deltas = Deltas()
    for path, body in (("x.json", b"{}"), ("x.atom", b"<feed/>"), ("x.atom", b"<feed>\n  <entry/>\n</feed>")):
        deltas.remember(path, "a" * 20, body)
        assert deltas.since(b'"' + b"a" * 20 + b'"', path, body) is None
