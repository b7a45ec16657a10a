from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.fetch import Validators
from newsroom.model import Credit, Draft, Image
from newsroom.sources import SourceError, Unreadable
from newsroom.sources.feed_json import read_json
from newsroom.sources.feed_xml import read_xml
from tests.newsroom.sources.support import drafts, pull
from tests.servers import HttpServer

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "samples" / "feeds"
URL = "https://paper.example/feeds/it.xml"
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)


def rss(*items: str, channel: str = "") -> str:
    entries = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {NAMESPACES}><channel><title>IT</title>{channel}{entries}</channel></rss>'


def atom(*entries: str) -> str:
    inside = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ko"><title>IT</title>{inside}</feed>'


def read(text: str) -> list[Draft]:
    return list(read_xml(text, URL, "it"))


def test_an_rss_item_is_read_whole() -> None:
    """The feed of a Korean CMS with everything in it that we use; dates and credits as they are printed."""
    (draft,) = read(
        rss(
            """<title>배민, &lt;메트로경제신문&gt;에 "계획 없다"</title><link>https://paper.example/article/1?a=1&amp;b=2</link>
            <guid isPermaLink="false">20250611500500</guid><author>seoh@paper.press (김서현 기자)</author>
            <dc:creator>박지훈 기자</dc:creator><pubDate>2025.06.11. 오후 3:13</pubDate><dc:date>2025-06-11 16:00</dc:date>
            <category>IT·과학</category><category>게임</category><dc:language>ko-KR</dc:language>
            <description>요약 &amp;lt;메트로&amp;gt;</description>
            <content:encoded><![CDATA[<p>본문 &lt;메트로경제신문&gt; <img src="/1.jpg"></p>]]></content:encoded>
            <media:content url="/1.jpg" medium="image" type="image/jpeg" width="640" height="360">
              <media:title>제목</media:title><media:description>설명</media:description><media:credit role="photographer">손진영</media:credit>
            </media:content>""",
            channel="<language>ko</language><copyright>ⓒ 메트로신문</copyright>",
        )
    )
    assert draft == Draft(
        source="it",
        url="https://paper.example/article/1?a=1&b=2",
        headline='배민, <메트로경제신문>에 "계획 없다"',
        body='<p>본문 &lt;메트로경제신문&gt; <img src="/1.jpg"></p>',
        summary="요약 &lt;메트로&gt;",
        bylines=("김서현 기자 seoh@paper.press", "박지훈 기자"),
        authors=(Credit(name="김서현", role="기자", email="seoh@paper.press"), Credit(name="박지훈", role="기자")),
        published="2025.06.11. 오후 3:13",
        updated="2025-06-11 16:00",
        sections=("IT·과학", "게임"),
        keywords=("IT·과학", "게임"),
        images=(
            Image(
                url="https://paper.example/1.jpg",
                alt="제목",
                caption="설명",
                credit="손진영",
                width=640,
                height=360,
                media_type="image/jpeg",
            ),
        ),
        guid="20250611500500",
        language="ko-KR",
        rights="ⓒ 메트로신문",
        evidence={"base": URL},
    )


def test_an_atom_entry_is_read_whole() -> None:
    """What a structured source says of its authors is kept apart from printed credits; an e-mail address is evidence only."""
    (draft,) = read(
        atom(
            """<title type="html">&lt;b&gt;제목&lt;/b&gt; &amp;amp; 부제</title><id>tag:paper.example,2025:1</id>
            <link rel="self" href="/1.atom"/><link href="/article/1"/><link rel="enclosure" type="image/png" href="/1.png"/>
            <author><name>김서현</name><email>seoh@paper.example</email><uri>https://paper.example/r/seoh</uri></author>
            <author><name>박지훈 기자</name></author>
            <published>2025-06-11T15:13:08+09:00</published><updated>2025-06-11T16:00:00+09:00</updated>
            <category term="it" label="IT·과학"/><rights>ⓒ</rights>
            <summary>요약 &lt;메트로&gt;</summary>
            <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>본문 &lt;메트로&gt;</p></div></content>"""
        )
    )
    assert draft == Draft(
        source="it",
        url="https://paper.example/article/1",
        headline="제목 & 부제",
        body="<p>본문 &lt;메트로&gt;</p>",
        summary="<p>요약 &lt;메트로&gt;</p>",
        bylines=("김서현 seoh@paper.example", "박지훈 기자"),
        authors=(
            Credit(name="김서현", email="seoh@paper.example", source_id="https://paper.example/r/seoh"),
            Credit(name="박지훈", role="기자"),
        ),
        published="2025-06-11T15:13:08+09:00",
        updated="2025-06-11T16:00:00+09:00",
        sections=("IT·과학", "it"),
        keywords=("IT·과학",),
        images=(Image(url="https://paper.example/1.png", media_type="image/png"),),
        guid="tag:paper.example,2025:1",
        language="ko",
        rights="ⓒ",
        evidence={"base": URL},
    )


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("김서현", ["김서현"]),
        ("seoh@paper.example (김서현 기자)", ["김서현"]),
        ("김서현·박지훈 기자", ["김서현", "박지훈"]),
        ("John Doe", ["John Doe"]),
        ("기자", []),
        ("메트로신문", []),
        ("admin", []),
        ("news@paper.example", []),
        ("", []),
    ],
)
def test_only_people_are_authors(author: str, names: list[str]) -> None:
    """Most CMS write "admin" or the paper's own name where nobody signed: that must not become a reporter with a feed."""
    (draft,) = read(rss(f"<title>제목</title><link>/1</link><dc:creator>{author}</dc:creator>"))
    assert [credit.name for credit in draft.authors] == names
    assert all(credit.source_id == "" for credit in draft.authors)


def test_rss_1_is_read() -> None:
    """RDF feeds keep their items beside the channel and their ids in an attribute."""
    (draft,) = read(
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>IT</title></channel>
        <item rdf:about="https://paper.example/1"><title>제목</title><link>https://paper.example/1</link>
        <description>본문</description><dc:date>2025-06-11T15:13:08+09:00</dc:date><dc:subject>게임</dc:subject></item></rdf:RDF>"""
    )
    assert (draft.guid, draft.url, draft.body, draft.summary) == (
        "https://paper.example/1",
        "https://paper.example/1",
        "본문",
        "",
    )
    assert (draft.published, draft.sections) == ("2025-06-11T15:13:08+09:00", ("게임",))


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample feeds ../shared/data/samples are not here")
@pytest.mark.parametrize(("name", "count"), [("feed1.atom", 2), ("feed2.rss", 1), ("feed.json", 25)])
def test_the_sample_feeds_are_read(http_server: HttpServer, name: str, count: int) -> None:
    """Feeds from the wild, by their content: the servers of papers call them all text/html."""
    http_server.serve("/feed", (SAMPLES / name).read_bytes(), content_type="text/html")
    found = drafts(pull({"kind": "feed", "url": f"{http_server.url}/feed"}))
    assert len(found) == count
    for draft in found:
        assert draft.guid
        assert draft.published
        assert draft.body or draft.summary
        assert draft.source == "it"


def test_an_unchanged_feed_yields_nothing(http_server: HttpServer) -> None:
    """Conditional GET, as every reader owes every publisher."""
    http_server.serve("/feed", rss("<title>제목</title><link>/1</link>"), etag='"1"')
    kept: dict[str, Validators] = {}
    settings = {"kind": "feed", "url": f"{http_server.url}/feed"}
    assert len(pull(settings, read=kept)) == 1
    assert pull(settings, validators=kept.get) == []


@pytest.mark.parametrize("label", ["euc-kr", "ks_c_5601-1987", "utf-8"])
def test_a_feed_in_cp949_is_read(http_server: HttpServer, label: str) -> None:
    """Declared one way, sent another: the declaration must not be believed after decoding either."""
    text = rss("<title>똠방각하</title><link>/1</link><description>뷁</description>").replace("UTF-8", label)
    for encoding in ("cp949", "utf-8", "utf-8-sig"):
        http_server.serve("/feed", text.encode(encoding), content_type="text/xml")
        (draft,) = drafts(pull({"kind": "feed", "url": f"{http_server.url}/feed"}))
        assert (draft.headline, draft.body) == ("똠방각하", "뷁")


def test_entries_that_cannot_be_read_do_not_lose_the_rest(http_server: HttpServer) -> None:
    """Without a page or a title there is nothing to publish; the operator sees what there was."""
    http_server.serve(
        "/feed",
        rss(
            "<title>주소 없음</title><guid>12345</guid><description>글</description>",
            "<link>https://paper.example/2</link>",
            "<title>자바</title><link>javascript:alert(1)</link>",
            "<title>제목</title><link>https://paper.example/4</link>",
            "<title>제목</title><guid>https://paper.example/5</guid>",
        ),
    )
    found = pull({"kind": "feed", "url": f"{http_server.url}/feed"})
    assert [item.reason if isinstance(item, Unreadable) else item.url for item in found] == [
        "the entry has no link",
        "the entry has no title",
        "the entry has no link",
        "https://paper.example/4",
        "https://paper.example/5",
    ]
    assert isinstance(found[0], Unreadable)
    assert found[0].raw == {"guid": "12345", "summary": "글"}


@pytest.mark.parametrize("guid", ["12345", "?idx=1", "tag:paper.example,2025:1", "http:1", "//x"])
def test_ids_stay_as_they_are_written(guid: str) -> None:
    """An id that is resolved against the feed's address changes when the feed moves, and every article comes twice."""
    marked = rss(f"<title>제목</title><link>/1</link><guid>{guid}</guid>").replace(
        "<rss ", '<rss xml:base="https://cdn.example/" '
    )
    (draft,) = read(marked)
    assert (draft.guid, draft.url) == (guid, "https://cdn.example/1")
    (draft,) = read(atom(f'<id>{guid}</id><title>제목</title><link href="1"/>').replace("<entry>", '<entry xml:base="/news/">'))
    assert (draft.guid, draft.url, draft.evidence["base"]) == (
        guid,
        "https://paper.example/news/1",
        "https://paper.example/news/",
    )


def test_a_caption_never_becomes_the_body() -> None:
    """feedparser takes the second description of an item for its content, and Media RSS writes captions as descriptions."""
    (draft,) = read(
        rss(
            """<title>제목</title><link>/1</link><description>본문</description>
            <media:group><media:content url="/a.jpg"/><media:content url="/b.mp4" type="video/mp4"/><media:description>사진 설명</media:description></media:group>
            <media:title>다른 제목</media:title><itunes:summary>다른 요약</itunes:summary><dc:title>또</dc:title><dc:description>또</dc:description>"""
        )
    )
    assert (draft.headline, draft.body, draft.summary) == ("제목", "본문", "")
    assert draft.images == (Image(url="https://paper.example/a.jpg", alt="다른 제목", caption="사진 설명"),)


def test_captions_stay_with_their_pictures() -> None:
    """With two pictures a description beside them speaks of neither for certain."""
    (draft,) = read(
        rss(
            """<title>제목</title><link>/1</link><media:description>누구?</media:description>
            <media:content url="/a.jpg" type="image/jpeg"><media:description type="html">&lt;i&gt;첫째&lt;/i&gt;</media:description></media:content>
            <media:content url="/b.jpg" type="image/jpeg"/><media:thumbnail url="/small.jpg"/>
            <enclosure url="/a.jpg" type="image/jpeg" length="1"/><enclosure url="/c.mp3" type="audio/mpeg" length="1"/>"""
        )
    )
    assert [(image.url, image.caption) for image in draft.images] == [
        ("https://paper.example/a.jpg", "첫째"),
        ("https://paper.example/b.jpg", ""),
    ]
    (draft,) = read(
        rss('<title>제목</title><link>/1</link><media:thumbnail url="/s.jpg" width="80"/><itunes:image href="/i.jpg"/>')
    )
    assert draft.images == (Image(url="https://paper.example/s.jpg", width=80), Image(url="https://paper.example/i.jpg"))


@pytest.mark.parametrize(
    ("written", "headline"),
    [
        ("AT&T와 R&D", "AT&T와 R&D"),
        ("가&nbsp;나 &middot; 다&hellip;", "가 나 · 다…"),
        ("<![CDATA[AT&T <메트로> 가]]>", "AT&T <메트로> 가"),
        ("<![CDATA[&quot;AI&quot; 시대]]>", '"AI" 시대'),
        ("가\x08나\x0b다", "가나다"),
        ("가&#8;나", "가나"),
        ("가&unknown;나", "가&unknown;나"),
        ("가<br>나</b>", "가 나"),
    ],
)
def test_feeds_with_the_usual_faults_are_read(written: str, headline: str) -> None:
    """One ampersand in one headline must not lose the paper's feed for a day."""
    (draft,) = read(
        rss(f"<title>{written}</title><link>https://paper.example/?a=1&b=2</link><description>&lt;p&gt;본문</description>")
    )
    assert (draft.headline, draft.url, draft.body) == (headline, "https://paper.example/?a=1&b=2", "<p>본문")


def test_prefixes_that_were_never_declared_are_understood() -> None:
    """Feeds written by hand forget xmlns:content, and lose the whole text for it."""
    undeclared = rss(
        """<title>제목</title><link>/1</link><description>요약</description><content:encoded>본문</content:encoded><dc:creator>김서현 기자</dc:creator>
        <media:description>사진</media:description><x:description>남의 것</x:description><pubDate>2025-06-11</pubDate>"""
    ).replace(NAMESPACES, "")
    (draft,) = read(undeclared)
    assert (draft.body, draft.summary, draft.bylines, draft.published) == ("본문", "요약", ("김서현 기자",), "2025-06-11")


def test_one_broken_item_does_not_lose_what_follows() -> None:
    """After its first error libxml2 drops every &lt; and &amp; that follows: all articles after it would lose their markup."""
    broken = "<title>가 <b>나</title><link>/1</link>"
    whole = "<title>다 &amp; 라</title><link>/2?a=1&amp;b=2</link><description>&lt;p&gt;본문 &amp;lt;메트로&amp;gt;&lt;/p&gt;</description>"
    last = read(rss(broken, whole))[-1]
    assert (last.headline, last.url) == ("다 & 라", "https://paper.example/2?a=1&b=2")
    assert last.body == "<p>본문 &lt;메트로&gt;</p>"


def test_a_feed_that_breaks_off_gives_what_is_there() -> None:
    """A server that dies in the middle has still sent the newest articles."""
    whole = rss("<title>하나</title><link>/1</link>", "<title>둘</title><link>/2</link>")
    assert [draft.headline for draft in read(whole[: whole.index("/2</link>")])] == ["하나", "둘"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<html><h1>점검 중</h1></html>", "no feed but <html>"),
        ("<urlset/>", "no feed but <urlset>"),
        ("점검 중입니다", "it begins with"),
        ("", "it begins with"),
        ("<", "no feed"),
        ('<?xml version="1.0"?>', "no feed"),
        (bytes(range(256)) * 100, "not text"),
        ("<rss><item><category><textinput><name>x</name></textinput></category></item></rss>", "feedparser"),
        ('{"ok": true}', "no JSON Feed"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": ', "not JSON"),
        ("{" + '"a":[' * 100_000, "not JSON"),
        ("[]", "it begins with"),
        ('<!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"/>', "DOCTYPE"),
        (
            '<?xml version="1.0"?><!-- <rss> --> <?x y?><!DOCTYPE rss SYSTEM "x" [\n<!ENTITY a SYSTEM "file:///etc/passwd">]><rss/>',
            "DOCTYPE",
        ),
    ],
)
def test_what_is_no_feed_is_an_error(http_server: HttpServer, text: str | bytes, reason: str) -> None:
    """A maintenance page must not look like a quiet day; entities must neither multiply nor read files."""
    http_server.serve("/feed", text)
    with pytest.raises(SourceError, match=reason):
        pull({"kind": "feed", "url": f"{http_server.url}/feed"})


def test_an_external_doctype_is_harmless() -> None:
    """Netscape's RSS 0.91 has one; it is never loaded, and its entities are HTML's."""
    dtd = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://127.0.0.1:9/rss.dtd">'
    (draft,) = read(
        f'<?xml version="1.0"?>{dtd}<rss version="0.91"><channel><item><title>caf&eacute;</title><link>/1</link></item></channel></rss>'
    )
    assert draft.headline == "café"


@pytest.mark.parametrize(
    "text",
    [
        "<rss>" + "<![CDATA[" * 200_000,
        "<rss>" + "<a>" * 200_000,
        "<!--" * 200_000 + "<!DOCTYPE",
        "&a;" * 300_000,
        "<?x?>" * 100_000,
    ],
)
def test_no_feed_takes_without_end(text: str) -> None:
    """A million opening brackets must cost a second, not an hour."""
    started = time.monotonic()
    try:
        found = len(read(text))
    except SourceError:
        found = 0
    assert found == 0
    assert time.monotonic() - started < 60


def json_feed(**item: Any) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "language": "ko", "items": [item]})


def test_a_json_feed_item_is_read_whole() -> None:
    """JSON Feed 1.1; text without markup becomes paragraphs."""
    text = json_feed(
        id=20250611500500,
        url="/article/1",
        title="제목 <메트로>",
        content_text="첫째 <메트로>\n둘째 줄\n\n둘째 문단",
        summary="요약",
        date_published="2025-06-11T15:13:08+09:00",
        authors=[{"name": "김서현", "url": "https://paper.example/r/seoh"}, {"name": "박지훈 기자"}, {"url": "x"}, "누구"],
        author={"name": "김서현"},
        tags=["IT", 3, "게임"],
        image="/1.jpg",
        attachments=[
            {"url": "/2.png", "mime_type": "image/png", "title": "그림"},
            {"url": "/3.mp3", "mime_type": "audio/mp3"},
            None,
        ],
        half="\ud83d",
    )
    assert list(read_json(text, URL, "it")) == [
        Draft(
            source="it",
            url="https://paper.example/article/1",
            headline="제목 <메트로>",
            body="<p>첫째 &lt;메트로&gt;<br>둘째 줄</p><p>둘째 문단</p>",
            summary="<p>요약</p>",
            bylines=("김서현", "박지훈 기자"),
            authors=(Credit(name="김서현", source_id="https://paper.example/r/seoh"), Credit(name="박지훈", role="기자")),
            published="2025-06-11T15:13:08+09:00",
            sections=("IT", "게임"),
            keywords=("IT", "게임"),
            images=(
                Image(url="https://paper.example/1.jpg"),
                Image(url="https://paper.example/2.png", alt="그림", media_type="image/png"),
            ),
            guid="20250611500500",
            language="ko",
            evidence={"base": URL},
        )
    ]


TAGS = [
    "item",
    "entry",
    "title",
    "link",
    "guid",
    "id",
    "author",
    "name",
    "description",
    "content:encoded",
    "media:content",
    "media:description",
    "category",
    "pubDate",
    "source",
    "image",
    "svg",
    "textinput",
    "updated",
    "dc:date",
]
PIECES = st.sampled_from(
    [f"<{tag}>" for tag in TAGS]
    + [f"</{tag}>" for tag in TAGS]
    + [
        "<![CDATA[",
        "]]>",
        "&",
        "&lt;",
        "<link href='::'/>",
        "<item xml:base='http://['>",
        "<content type='xhtml'><div xmlns='x'>",
    ]
)


@given(st.lists(PIECES | st.text(max_size=6), max_size=25).map("".join))
def test_no_feed_can_crash_the_reading(inside: str) -> None:
    """Whatever stands in a feed, there are drafts or a reason; feedparser's own exceptions never come out."""
    for text in (rss(inside), atom(inside)):
        try:
            found = read(text)
        except SourceError:
            continue
        for draft in found:
            assert draft.url == "" or draft.url.startswith(("http://", "https://"))
            assert draft.headline == " ".join(draft.headline.split())


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
KEYS = st.sampled_from(
    [
        "id",
        "url",
        "title",
        "content_html",
        "content_text",
        "authors",
        "author",
        "tags",
        "image",
        "attachments",
        "name",
        "mime_type",
        "x",
    ]
)
VALUES = st.recursive(
    SCALARS, lambda children: st.lists(children, max_size=3) | st.dictionaries(KEYS, children, max_size=4), max_leaves=12
)


@given(st.lists(VALUES | st.dictionaries(KEYS, VALUES, max_size=6), max_size=4))
def test_no_json_feed_can_crash_the_reading(items: list[object]) -> None:
    """Wrong types are the commonest fault of hand-made JSON; and what is read can be written as UTF-8."""
    text = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    for draft in read_json(text, URL, "it"):
        repr(draft).encode()
        draft.guid.encode()
