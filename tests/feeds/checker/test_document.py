"""Each rule holds in a right document and is named for a wrong one: an operator trusts both."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.checker import Severity, check_document
from tests.feeds.checker import documents
from tests.feeds.checker.documents import ADDRESS, ARCHIVE, ATOM, JSON, NOW, OPML, PAGE, RSS, SITEMAP

SAMPLES = Path(__file__).resolve().parents[3] / "../shared/data/samples/feeds"
CONTENT = '<content type="html">&lt;p&gt;과학관이 문을 연다.&lt;/p&gt;</content>'
ITEM = "<pubDate>Mon, 02 Mar 2026 10:00:00 +0900</pubDate>"
NEWS = "2026-03-01T12:00:00+09:00"


# rule, document, what is taken out, what is put in its place
WRONG = [
    ("A0", ATOM, "<icon>", "<subtitle>하나</subtitle><subtitle>둘</subtitle><icon>"),
    ("A1", ATOM, "<?xml", "\ufeff<?xml"),
    ("A1", ATOM, "<?xml", "\n<?xml"),
    ("A1", ATOM, 'encoding="UTF-8"', 'encoding="EUC-KR"'),
    ("A1", ATOM, "<feed", "<!DOCTYPE feed><feed"),
    ("A1", ATOM, "새 단장", "새\x0b단장"),
    ("A1", ATOM, "새 단장", "새 �장"),
    ("A1", ATOM, "새 단장", "새&nbsp;단장"),
    ("A1", ATOM, "새 단장", "새 & 단장"),
    ("A2", ATOM, "<id>tag:dumul.example,2025:feeds/sections/it</id>", ""),
    ("A2", ATOM, "두물일보 – IT·과학</title>", "</title>"),
    ("A2", ATOM, "<updated>2026-03-02T13:00:00+09:00</updated>\n<author>", "<author>"),
    ("A2", ATOM, "<author><name>두물일보</name></author>", ""),
    ("A2", ATOM, 'it.atom" rel="self"', 'it.xml" rel="self"'),
    ("A2", ATOM, "https://feeds.dumul.example/sections/it.atom", "sections/it.atom"),
    (
        "A2",
        ATOM,
        '<link href="https://hub',
        '<link href="https://two.example/" type="text/html" hreflang="ko"/><link href="https://hub',
    ),
    ("A3", ATOM, "<id>tag:dumul.example,2026-03-02:article/1</id>", ""),
    ("A3", ATOM, "과학관 새 단장", " "),
    ("A3", ATOM, '<link href="https://dumul.example/article/1" rel="alternate" type="text/html" hreflang="ko"/>', ""),
    ("A3", ATOM, CONTENT, '<content type="image/png" src="https://img.dumul.example/1.png"/>'),
    ("A4", ATOM, "2026-03-02:article/1<", "2026-03-02:article/2<"),
    ("A4", ATOM, "tag:dumul.example,2026-03-02:article/1<", "https://dumul.example/article/1<"),
    ("A4", ATOM, "tag:dumul.example,2026-03-02:article/1<", "article/1<"),
    ("A4", ATOM, "tag:dumul.example,2026-03-02:article/1<", " tag:dumul.example,2026-03-02:article/1<"),
    ("A5", ATOM, "tag:dumul.example,2026-03-02:article/1<", "tag:Dumul.example,2026-03-02:article/1<"),
    ("A5", ATOM, "tag:dumul.example,2026-03-02:article/1<", "tag:dumul.example,2026-03-02:기사/1<"),
    ("A5", ATOM, "tag:dumul.example,2026-03-02:article/1<", "tag:dumul.example,2027:article/1<"),
    ("A5", ATOM, "tag:dumul.example,2026-03-02:article/1<", "tag:dumul.example:article/1<"),
    ("A6", ATOM, "<published>2026-03-02T10:00:00+09:00", "<published>2026-03-02T10:00:00"),
    ("A6", ATOM, "<published>2026-03-02T10:00:00+09:00", "<published>2026-03-02t10:00:00z"),
    ("A6", ATOM, "<published>2026-03-02T10:00:00+09:00", "<published>2026-02-30T10:00:00+09:00"),
    ("A6", ATOM, "<updated>2026-03-02T10:00:00+09:00", "<updated>2026-03-02T09:00:00+09:00"),
    ("A6", ATOM, "<app:edited>2026-03-02T13:05", "<app:edited>2026-03-02T12:05"),
    ("A6", ATOM, "<app:edited>2026-03-02T13:05", "<app:edited>2026-03-05T13:05"),
    (
        "A6",
        ATOM,
        "<updated>2026-03-02T13:00:00+09:00</updated>\n<author><name>두물",
        "<updated>2026-03-01T13:00:00+09:00</updated>\n<author><name>두물",
    ),
    ("A7", ATOM, "<published>2026-03-02T10:00:00+09:00</published>", ""),
    ("A8", ATOM, '<title type="text">과', "<title>과"),
    ("A8", ATOM, '<title type="text">과', '<title type="html">과'),
    ("A8", ATOM, "새 단장", "&lt;b&gt;새&lt;/b&gt; 단장"),
    ("A8", ATOM, "새 단장", "새&amp;nbsp;단장"),
    ("A9", ATOM, 'href="https://dumul.example/bus"', 'href="/bus"'),
    ("A9", ATOM, 'href="https://dumul.example/bus"', 'href="java&#10;script:alert(1)"'),
    ("A9", ATOM, 'href="https://dumul.example/bus"', 'href="https://dumul.example/bus" onclick="alert(1)"'),
    ("A9", ATOM, "과학관이 문을 연다.", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ("A9", ATOM, "과학관이 문을 연다.", "&lt;iframe src='https://dumul.example/'&gt;&lt;/iframe&gt;"),
    ("A9", ATOM, "&lt;p&gt;과학관이", "&lt;html&gt;&lt;body&gt;&lt;p&gt;과학관이"),
    ("A9", ATOM, ' alt="시내버스"', ""),
    ("A9", ATOM, ' width="1200" height="800"&gt;', "&gt;"),
    ("A9", ATOM, 'alt="시내버스"', 'alt="시내버스" srcset="/1.jpg 640w, https://img.dumul.example/2.jpg 1280w"'),
    ("A9", ATOM, 'alt="시내버스"', 'alt="시내버스" data-src="https://img.dumul.example/1.jpg"'),
    ("A9", ATOM, '<content type="html">&lt;p&gt;과', '<content type="CDATA">&lt;p&gt;과'),
    ("A9", ATOM, '<content type="html">&lt;p&gt;과', '<content type="html" xml:base="https://dumul.example/">&lt;p&gt;과'),
    ("A10", ATOM, "두물시가 심야버스 3개 노선을 운행한다.", "막차 놓쳐도 집에 간다… 두물 ‘달빛버스’ 다음 주부터"),
    ("A10", ATOM, "두물시가 심야버스 3개 노선을 운행한다.", "막차가 끊긴 뒤에도 달빛버스 는 달린다."),
    ("A10", ATOM, "두물시가 심야버스 3개 노선을 운행한다.", ""),
    ("A10", ATOM, "과학관이 문을 연다.", "과학관이 문을… 더보기"),
    ("A10", ATOM, CONTENT, ""),
    ("A11", ATOM, ' xml:lang="ko"', ""),
    ("A11", ATOM, ' xml:lang="ko"', ' xml:lang="ko_KR"'),
    ("A11", ATOM, '/article/1" rel="alternate" type="text/html" hreflang="ko"', '/article/1" rel="alternate" type="text/html"'),
    ("A12", ATOM, ' scheme="https://dumul.example/ns/section"', ""),
    ("A12", ATOM, ' scheme="https://dumul.example/ns/section"', ' scheme="section"'),
    ("A12", ATOM, 'term="it"', 'term="과학"'),
    ("A12", ATOM, ' label="IT·과학"', ""),
    ("A13", ATOM, "<name>강이든</name>", "<name>강이든</name><email>ideun@dumul.example</email>"),
    ("A13", ATOM, "<name>강이든</name>", "<name>강이든 ideun@dumul.example</name>"),
    ("A13", ATOM, "<name>강이든</name>", "<name> </name>"),
    ("A14", ATOM, '<rights type="text">© 두물일보</rights>', ""),
    ("A14", ATOM, "<generator>Masthead</generator>", "<generator>python-feedgen</generator>"),
    ("A14", ATOM, "<icon>https://dumul.example/icon.png</icon>", ""),
    ("A14", ATOM, "https://dumul.example/logo.png", "/logo.png"),
    ("A15", ATOM, "<id>https://wire.example/feed</id>", ""),
    ("A15", ATOM, '<link href="https://wire.example/feed" rel="self"/>', ""),
    ("A16", ATOM, 'rel="replies" type="text/html"', 'rel="replies"'),
    ("A16", ATOM, ' thr:count="3"', ""),
    ("A17", ATOM, "http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss"),
    ("A17", ATOM, '<media:content url="https://img.dumul.example/1.jpg"', '<media:content url="/1.jpg"'),
    ("A17", ATOM, '<media:content url="https://img.dumul.example/1.jpg"', '<media:content url="https://img.dumul.example/2.jpg"'),
    ("A17", ATOM, ' medium="image" type="image/jpeg"', ""),
    ("A18", ATOM, "<published>2026-03-02T12:00:00+09:00", "<published>2026-03-02T09:00:00+09:00"),
    ("A18", ATOM, "<icon>", '<link rel="prev-archive" href="https://feeds.dumul.example/archive/it/1.atom"/><icon>'),
    ("A18", ATOM, "과학관이 문을 연다.", "과학관이 문을 연다." * 40_000),
    ("A19", ATOM, 'rel="hub"', 'rel="websub"'),
    ("A19", ATOM, "media", "mrss"),
    ("A20", ATOM, 'when="2026-03-02T09:00:00+09:00"', 'when="2026-03-02"'),
    ("A20", ATOM, 'ref="tag:dumul.example,2026-03-01:article/7"', 'ref="7"'),
    ("A20", ATOM, "</feed>", '<at:deleted-entry ref="tag:dumul.example,2026:9" when="2026-03-02T09:00:00+09:00"/></feed>'),
    ("A20", ATOM, '2026-03-01:article/7" when="2026-03-02T09', '2026-03-02:article/1" when="2026-03-02T11'),
    ("A20", ATOM, 'when="2026-03-02T09', 'when="2027-03-02T09'),
    ("H1", ARCHIVE, '<link href="https://feeds.dumul.example/sections/it.atom" rel="current"/>', ""),
    ("H1", ARCHIVE, "archive/it/1.atom", "sections/it.atom"),
    ("H1", ARCHIVE, "<fh:archive/>", '<fh:archive/><link rel="prev-archive" href="0.atom"/>'),
    ("H1", ATOM, "<icon>", '<link rel="next-archive" href="https://feeds.dumul.example/archive/it/1.atom"/><icon>'),
    ("H2", ATOM, "<at:deleted", '<fh:complete/><link rel="next" href="https://feeds.dumul.example/it?2"/><at:deleted'),
    ("H3", ATOM, "<icon>", '<link rel="next" href="https://feeds.dumul.example/it?2"/><icon>'),
    (
        "H3",
        ATOM,
        "<icon>",
        f'<link rel="first" href="{ADDRESS}"/><link rel="previous" href="https://feeds.dumul.example/0"/><icon>',
    ),
    ("P1", ATOM, "https://hub.example/", "/hub"),
    ("P1", RSS, "https://hub.example/", "/hub"),
    ("P1", JSON, "https://hub.example/", "/hub"),
    ("F1", ATOM, "<id>tag:dumul.example,2026-03-02:article/1</id>", "<id>\n</id>"),
    ("W11", ATOM, "<feed", '<?xml-stylesheet type="text/xsl" href="https://feeds.dumul.example/feed.xsl"?><feed'),
    ("K1", ATOM, ATOM, ""),
    ("K1", ATOM, ATOM, "Service Unavailable"),
    ("R1", RSS, 'version="2.0" xmlns', 'version="0.92" xmlns'),
    ("R1", RSS, "<description>두물일보의 IT·과학 기사</description>", ""),
    ("R1", RSS, "<language>ko</language>", ""),
    ("R1", RSS, "<lastBuildDate>Mon, 02 Mar 2026 13:00:00 +0900</lastBuildDate>", ""),
    ("R1", RSS, '<atom:link href="https://feeds.dumul.example/sections/it.rss" rel="self" type="application/rss+xml"/>', ""),
    (
        "R1",
        RSS,
        "<image><url>https://dumul.example/logo.png</url><title>두물일보 – IT·과학",
        "<image><url>https://dumul.example/logo.png</url><title>로고",
    ),
    ("R1", RSS, "</image>", "<width>500</width></image>"),
    ("R1", RSS, "</image>", "</image><textInput/>"),
    ("R1", RSS, "</image>", "</image><managingEditor>desk@dumul.example</managingEditor>"),
    ("R1", RSS, "</image>", "</image><editor>편집국</editor>"),
    ("R1", RSS, "</channel></rss>", "</channel><item/></rss>"),
    ("R1", RSS, "</channel></rss>", "<ttl>5</ttl></channel></rss>"),
    ("R1", RSS, "<link>https://dumul.example/article/1</link>", "<link>/article/1</link>"),
    (
        "R1",
        RSS,
        '<guid isPermaLink="false">tag:dumul.example,2026-03-02:article/1',
        "<guid>tag:dumul.example,2026-03-02:article/1",
    ),
    ("R1", RSS, '<guid isPermaLink="false">tag:dumul.example,2026-03-02:article/1</guid>', ""),
    ("R1", RSS, ITEM, ""),
    ("R1", RSS, ITEM, ITEM.replace("Mon,", "Tue,")),
    ("R1", RSS, ITEM, ITEM.replace("2026", "26")),
    ("R1", RSS, ITEM, ITEM.replace("+0900", "KST")),
    ("R1", RSS, "<dc:creator>강이든</dc:creator>", "<author>ideun@dumul.example (강이든)</author>"),
    ("R1", RSS, "<description>두물시가 심야버스 3개 노선을 운행한다.</description>", ""),
    ("R1", RSS, "과학관 새 단장", "과학관 &lt;b&gt;새&lt;/b&gt; 단장"),
    ("R1", RSS, ITEM, ITEM + '<enclosure url="https://dumul.example/1.mp3" type="audio/mpeg" length="1"/>' * 2),
    ("R1", RSS, ITEM, ITEM + '<enclosure url="/1.mp3" type="audio/mpeg" length="1"/>'),
    ("A1", RSS, "새 단장", "새&middot;단장"),
    ("A4", RSS, "2026-03-02:article/1<", "2026-03-02:article/2<"),
    ("A6", RSS, "Mon, 02 Mar 2026 12:00:00", "Wed, 04 Mar 2026 12:00:00"),
    ("A9", RSS, "막차가 끊긴 뒤에도", "&lt;img src='1.jpg' alt=''&gt;"),
    ("A13", RSS, "<dc:creator>강이든", "<dc:creator>ideun@dumul.example"),
    ("A18", RSS, "Mon, 02 Mar 2026 12:00:00", "Mon, 02 Mar 2026 02:00:00"),
    ("J1", JSON, "version/1.1", "version/1"),
    ("J1", JSON, '"title": "두물일보",', ""),
    ("J1", JSON, '"tag:dumul.example,2026-03-02:article/1"', "1"),
    ("J1", JSON, '"content_text": "연다.",', ""),
    ("J1", JSON, '"authors": [{"name": "강이든"}]', '"authors": {"name": "강이든"}'),
    ("J1", JSON, '"authors": [{"name": "강이든"}]', '"author": {"name": "강이든"}'),
    ("J1", JSON, '"authors": [{"name": "강이든"}]', '"authors": [{}]'),
    ("J1", JSON, '"tags": ["IT"]', '"tags": "IT"'),
    ("J1", JSON, '"tags": ["IT"]', '"attachments": [{"url": "1.mp3"}]'),
    ("J1", JSON, '"url": "https://dumul.example/article/1"', '"url": "/article/1"'),
    ("J1", JSON, '"hubs": [{"type": "WebSub", "url": "https://hub.example/"}]', '"hubs": ["https://hub.example/"]'),
    ("J1", JSON, '"title": "과학관"', '"title": "과학관", "byline": "강이든"'),
    ("A4", JSON, "2026-03-02:article/1", "2026-03-02:article/2"),
    ("A6", JSON, "2026-03-02T10:00:00+09:00", "2026-03-02T10:00:00"),
    ("A6", JSON, "2026-03-02T13:00:00+09:00", "2026-03-02T11:00:00+09:00"),
    ("A9", JSON, "<p>달린다.</p>", "<script>1</script>"),
    ("A13", JSON, '"name": "강이든"', '"name": "강이든", "url": "mailto:ideun@dumul.example"'),
    ("A18", JSON, "2026-03-02T12:00:00+09:00", "2026-03-02T09:00:00+09:00"),
    ("O1", OPML, 'opml version="2.0"', 'opml version="1.0"'),
    ("O1", OPML, "<title>두물일보</title>", ""),
    ("O1", OPML, 'text="섹션"', ""),
    ("O1", OPML, 'type="rss"', 'type="atom"'),
    ("O1", OPML, 'xmlUrl="https://feeds.dumul.example/', 'xmlUrl="/'),
    ("O1", OPML, 'language="ko"', ""),
    ("O1", OPML, 'language="ko"/>', 'language="ko"><outline text="게임"/></outline>'),
    ("N1", SITEMAP, "<loc>https://dumul.example/article/1", "<loc>/article/1"),
    ("N1", SITEMAP, "sitemaps.org/schemas/sitemap/0.9", "google.com/schemas/sitemap/0.84"),
    ("N1", SITEMAP, "<lastmod>2026-03-01", "<lastmod>1 March 2026"),
    ("N1", SITEMAP, "/article/1<", "/article/2<"),
    ("N1", SITEMAP, "/article/1<", f"/{'1' * 2048}<"),
    ("N2", SITEMAP, "<news:title>과학관</news:title>", ""),
    ("N2", SITEMAP, "<news:language>ko", "<news:language>Korean"),
    ("N2", SITEMAP, NEWS, "2026-03-01 12:00"),
    ("N3", SITEMAP, NEWS, "2026-02-27T12:00:00+09:00"),
    ("A6", SITEMAP, NEWS, "2026-04-01T12:00:00+09:00"),
    ("D1", PAGE, "https://feeds.dumul.example/sections/it.atom", "/sections/it.atom"),
    ("D1", PAGE, ' title="두물일보 – IT·과학"', ""),
    ("D1", PAGE, '<link rel="alternate"', '<link rel="related"'),
    (
        "D2",
        ATOM,
        '<link href="https://feeds.dumul.example/sections/it.html" rel="alternate" type="text/html" hreflang="ko"/>',
        "",
    ),
    (
        "R2",
        PAGE,
        "</head>",
        '<link rel="alternate" type="application/rss+xml" title="RSS" href="https://dumul.example/rss"></head>',
    ),
]
RIGHT = {"Atom": ATOM, "archive": ARCHIVE, "RSS": RSS, "JSON Feed": JSON, "OPML": OPML, "sitemap": SITEMAP, "page": PAGE}


@pytest.mark.parametrize("kind", RIGHT)
def test_a_right_document_has_no_findings(kind: str) -> None:
    """A checker that complains about what is right is soon not listened to."""
    assert check_document(RIGHT[kind].encode(), now=NOW) == []


@pytest.mark.parametrize(
    ("rule", "document", "old", "new"), WRONG, ids=[f"{rule}-{number}" for number, (rule, *_) in enumerate(WRONG)]
)
def test_a_wrong_document_breaks_its_rule(rule: str, document: str, old: str, new: str) -> None:
    """A fault that is not found, or found under another name, is not mended."""
    assert old in document
    address = ADDRESS if document is ATOM else ""
    findings = check_document(document.replace(old, new).encode(), address=address, now=NOW)
    assert rule in {finding.rule for finding in findings}, findings


@pytest.mark.parametrize(
    ("rule", "document", "content_type"),
    [
        ("W1", ATOM, "text/html; charset=utf-8"),
        ("W1", ATOM, "application/atom+xml; charset=euc-kr"),
        ("W1", ATOM, "application/atom+xml"),
        ("W1", RSS, "text/xml; charset=utf-8"),
        ("W1", JSON, "application/json"),
        ("O2", OPML, "text/plain"),
    ],
)
def test_a_wrong_content_type_is_found(rule: str, document: str, content_type: str) -> None:
    """Browsers and readers go by it, not by what they see."""
    assert {finding.rule for finding in check_document(document.encode(), content_type=content_type, now=NOW)} == {rule}


def test_too_many_news_are_found() -> None:
    """Google takes 1,000 articles of a news sitemap and drops the file beyond that."""
    start, _, rest = SITEMAP.partition("<url>")
    article, _, end = rest.partition("</url>")
    many = "".join(f"<url>{article.replace('/article/2', f'/article/{number}')}</url>" for number in range(10, 1012))
    assert "N2" in {finding.rule for finding in check_document((start + many + "</urlset>").encode(), now=NOW)}
    assert end


def test_samples_of_others_are_read(subtests: pytest.Subtests) -> None:
    """Real feeds are what operators compare theirs with: each is checked to its end."""
    if not SAMPLES.is_dir():
        pytest.skip("the shared samples are not here")
    expected = {"feed1.atom": "A2", "feed2.rss": "R1", "feed.json": "J1", "sitemap.xml": ""}
    for name, rule in expected.items():
        with subtests.test(name):
            rules = {finding.rule for finding in check_document((SAMPLES / name).read_bytes(), now=NOW)}
            assert (rule in rules) if rule else not rules


@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: ATOM.replace("과학관 새 단장", text).encode(errors="replace"))
)
def test_whatever_comes_is_checked(data: bytes) -> None:
    """A broken feed is what the checker is there for: it answers, and does not fail itself."""
    assert all(finding.message and finding.severity in Severity for finding in check_document(data, now=NOW))


def test_documents_are_those_of_the_table() -> None:
    """Every kind of document has a right one."""
    assert set(RIGHT.values()) == {
        value for name, value in vars(documents).items() if name.isupper() and isinstance(value, str)
    } - {ADDRESS}
