"""A right document of each kind, and the moment that they are looked at."""

from __future__ import annotations

from datetime import UTC, datetime

NOW = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)
ADDRESS = "https://feeds.dumul.example/sections/it.atom"

ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:app="http://www.w3.org/2007/app" xmlns:at="http://purl.org/atompub/tombstones/1.0" \
xmlns:fh="http://purl.org/syndication/history/1.0" xmlns:media="http://search.yahoo.com/mrss/" \
xmlns:thr="http://purl.org/syndication/thread/1.0" xml:lang="ko">
<id>tag:dumul.example,2025:feeds/sections/it</id>
<title type="text">두물일보 – IT·과학</title>
<updated>2026-03-02T13:00:00+09:00</updated>
<author><name>두물일보</name></author>
<link href="https://feeds.dumul.example/sections/it.atom" rel="self" type="application/atom+xml"/>
<link href="https://feeds.dumul.example/sections/it.html" rel="alternate" type="text/html" hreflang="ko"/>
<link href="https://hub.example/" rel="hub"/>
<rights type="text">© 두물일보</rights>
<generator>Masthead</generator>
<icon>https://dumul.example/icon.png</icon>
<logo>https://dumul.example/logo.png</logo>
<at:deleted-entry ref="tag:dumul.example,2026-03-01:article/7" when="2026-03-02T09:00:00+09:00"/>
<entry>
<id>tag:dumul.example,2026-03-02:article/2</id>
<title type="text">막차 놓쳐도 집에 간다… 두물 ‘달빛버스’ 다음 주부터</title>
<published>2026-03-02T12:00:00+09:00</published>
<updated>2026-03-02T13:00:00+09:00</updated>
<app:edited>2026-03-02T13:05:00+09:00</app:edited>
<author><name>강이든</name><uri>https://feeds.dumul.example/reporters/ideun.html</uri></author>
<link href="https://dumul.example/article/2" rel="alternate" type="text/html" hreflang="ko"/>
<link href="https://dumul.example/article/2#replies" rel="replies" type="text/html" thr:count="3" \
thr:updated="2026-03-02T13:00:00+09:00"/>
<category term="it" scheme="https://dumul.example/ns/section" label="IT·과학"/>
<summary type="text">두물시가 심야버스 3개 노선을 운행한다.</summary>
<content type="html">&lt;p&gt;막차가 끊긴 뒤에도 &lt;a href="https://dumul.example/bus"&gt;달빛버스&lt;/a&gt;는 달린다.&lt;/p&gt;\
&lt;img src="https://img.dumul.example/1.jpg" alt="시내버스" width="1200" height="800"&gt;</content>
<source><id>https://wire.example/feed</id><title type="text">통신</title><updated>2026-03-02T11:00:00+09:00</updated>\
<link href="https://wire.example/feed" rel="self"/></source>
<media:content url="https://img.dumul.example/1.jpg" medium="image" type="image/jpeg" width="1200" height="800"/>
</entry>
<entry>
<id>tag:dumul.example,2026-03-02:article/1</id>
<title type="text">과학관 새 단장</title>
<published>2026-03-02T10:00:00+09:00</published>
<updated>2026-03-02T10:00:00+09:00</updated>
<link href="https://dumul.example/article/1" rel="alternate" type="text/html" hreflang="ko"/>
<content type="html">&lt;p&gt;과학관이 문을 연다.&lt;/p&gt;</content>
</entry>
</feed>
"""

ARCHIVE = (
    ATOM.replace("<icon>", '<link href="https://feeds.dumul.example/sections/it.atom" rel="current"/><icon>')
    .replace("<at:deleted-entry", "<fh:archive/><at:deleted-entry")
    .replace('sections/it.atom" rel="self"', 'archive/it/1.atom" rel="self"')
)

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" \
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>두물일보 – IT·과학</title>
<link>https://feeds.dumul.example/sections/it.html</link>
<description>두물일보의 IT·과학 기사</description>
<language>ko</language>
<lastBuildDate>Mon, 02 Mar 2026 13:00:00 +0900</lastBuildDate>
<atom:link href="https://feeds.dumul.example/sections/it.rss" rel="self" type="application/rss+xml"/>
<atom:link href="https://hub.example/" rel="hub"/>
<image><url>https://dumul.example/logo.png</url><title>두물일보 – IT·과학</title>\
<link>https://feeds.dumul.example/sections/it.html</link></image>
<item>
<title>막차 놓쳐도 집에 간다</title>
<link>https://dumul.example/article/2</link>
<guid isPermaLink="false">tag:dumul.example,2026-03-02:article/2</guid>
<pubDate>Mon, 02 Mar 2026 12:00:00 +0900</pubDate>
<dc:creator>강이든</dc:creator>
<description>두물시가 심야버스 3개 노선을 운행한다.</description>
<content:encoded>&lt;p&gt;막차가 끊긴 뒤에도 달린다.&lt;/p&gt;</content:encoded>
</item>
<item>
<title>과학관 새 단장</title>
<link>https://dumul.example/article/1</link>
<guid isPermaLink="false">tag:dumul.example,2026-03-02:article/1</guid>
<pubDate>Mon, 02 Mar 2026 10:00:00 +0900</pubDate>
<description>과학관이 문을 연다.</description>
</item>
</channel></rss>
"""

JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "두물일보",
"home_page_url": "https://dumul.example/", "feed_url": "https://feeds.dumul.example/front.json", "language": "ko",
"hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
"items": [
{"id": "tag:dumul.example,2026-03-02:article/2", "url": "https://dumul.example/article/2", "title": "막차",
 "content_html": "<p>달린다.</p>", "authors": [{"name": "강이든"}], "tags": ["IT"],
 "date_published": "2026-03-02T12:00:00+09:00", "date_modified": "2026-03-02T13:00:00+09:00"},
{"id": "tag:dumul.example,2026-03-02:article/1", "url": "https://dumul.example/article/1", "title": "과학관",
 "content_text": "연다.", "date_published": "2026-03-02T10:00:00+09:00"}]}
"""

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>두물일보</title></head><body><outline text="섹션">
<outline type="rss" text="IT·과학" title="IT·과학" xmlUrl="https://feeds.dumul.example/sections/it.atom" \
htmlUrl="https://feeds.dumul.example/sections/it.html" language="ko"/></outline></body></opml>
"""

SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://dumul.example/article/2</loc><news:news><news:publication><news:name>두물일보</news:name>\
<news:language>ko</news:language></news:publication><news:publication_date>2026-03-02T12:00:00+09:00</news:publication_date>\
<news:title>막차 놓쳐도 집에 간다</news:title></news:news></url>
<url><loc>https://dumul.example/article/1</loc><lastmod>2026-03-01</lastmod><news:news><news:publication>\
<news:name>두물일보</news:name><news:language>ko</news:language></news:publication>\
<news:publication_date>2026-03-01T12:00:00+09:00</news:publication_date><news:title>과학관</news:title></news:news></url>
</urlset>
"""

PAGE = """<!doctype html><html lang="ko"><head><title>IT·과학</title>
<link rel="alternate" type="application/atom+xml" title="두물일보 – IT·과학" href="https://feeds.dumul.example/sections/it.atom">
</head><body><h1>IT·과학</h1></body></html>
"""
