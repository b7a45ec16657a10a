from __future__ import annotations

import random
import re
import unicodedata
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsroom.model import Image
from newsroom.text.clean import clean_html, clean_text, first_image, html_text

BASE = "https://www.metroseoul.co.kr/article/20250611500493"

# Anything that HTML can be made of, in any order.
_TAGS = (
    "p div b i a img br hr ul ol li table tbody tr td th caption blockquote figure figcaption h1 h2 pre dl dt dd section button form "
    "select option marquee object svg math noscript center font span template textarea strike picture source input nobr custom-tag"
)
_ATTRIBUTES = ("", ' href="/x"', ' src="a.jpg"', ' data-src="//c/b c.jpg"', ' srcset="a.jpg 1x, b.jpg 2x"', " alt='\">&\u0301x'")
_PIECES = st.one_of(
    st.builds("<{}{}>".format, st.sampled_from(_TAGS.split()), st.sampled_from(_ATTRIBUTES)),
    st.builds("</{}>".format, st.sampled_from(_TAGS.split())),
    st.sampled_from(
        ["글", " ", "\n", "e", "\u0301", "\u0338", "&lt;", "<", "&amp;", "&nbsp;", "ᄀ", "ᅡ", "&#0;", "\u202e", "<메트로>", "<!--"]
    ),
    st.text(max_size=5),
)
_HTML = st.lists(_PIECES, max_size=15).map("".join)


@given(_HTML)
@example("<a><marquee><a>x")
@example("a<br><br>b")
@example("<p>a<b></b>\u0301</p>")
@example("<pre>\n\nx</pre>")
def test_cleaning_twice_changes_nothing(fragment: str) -> None:
    """Re-reading an unchanged page would make a new revision of every article."""
    once = clean_html(fragment, BASE)
    assert clean_html(once, BASE) == once


@given(_HTML)
def test_whatever_comes_in_the_result_is_harmless_and_legible(fragment: str) -> None:
    """One hostile or broken article would lose the feed, or run a script in a reader."""
    cleaned = clean_html(fragment, BASE)
    assert unicodedata.is_normalized("NFC", cleaned)
    names = {name.lower() for name in re.findall(r"</?([a-zA-Z][^\s>/]*)", cleaned)}
    assert not names & {"script", "style", "iframe", "form", "object", "svg", "math", "template", "noscript", "div", "span"}
    root = ET.fromstring("<x>" + re.sub(r"(<(?:br|hr|img)[^>]*)>", r"\1/>", cleaned) + "</x>")
    assert not [
        element.tag for element in root.iter("p") if not (element.findall(".//img") or "".join(element.itertext()).strip())
    ]
    addresses = [element.get(name, "https://") for element in root.iter() for name in ("src", "href")]
    assert all(address.startswith(("https://", "http://")) for address in addresses)


@pytest.mark.parametrize(
    ("fragment", "cleaned"),
    [
        ("그냥 글", "<p>그냥 글</p>"),
        ("", ""),
        ("<p>하나</p><p> &nbsp;</p><p><b></b></p><p>둘</p>", "<p>하나</p><p>둘</p>"),
        ("<div>하나<div>둘</div>셋</div>넷", "<p>하나</p><p>둘</p><p>셋</p><p>넷</p>"),
        ("하나<br> <br/>둘<br>셋<br>", "<p>하나</p><p>둘<br>셋</p>"),
        ("<b><div>하나</div><div>둘</div></b>", "<p><b>하나</b></p><p><b>둘</b></p>"),
        ("<h1>제목</h1>", "<h2>제목</h2>"),
        ("<ul><li>하나<li>둘<ol><li>셋</ol></ul>", "<ul><li>하나</li><li>둘<ol><li>셋</li></ol></li></ul>"),
        ("<table><tr><td>하나<td></table>", "<table><tbody><tr><td>하나</td><td></td></tr></tbody></table>"),
        ("<p>한\u00a0 글\u200b은<b> 굵게 </b>쓴다</p>", "<p>한 글은 <b>굵게</b> 쓴다</p>"),
        ("하나<hr>둘", "<p>하나</p><hr><p>둘</p>"),
        ("<h3><div>하나</div><hr>둘</h3>", "<h3>하나 둘</h3>"),
        ("<ul>하나<li>둘</li><hr></ul>", "<ul><li>하나</li><li>둘</li></ul>"),
        ("<dl>하나<dt>둘</dt><p>셋</p></dl>", "<dl><dd>하나</dd><dt>둘</dt><dd><p>셋</p></dd></dl>"),
        ("<li>하나<td>둘", "<p>하나둘</p>"),
        ("<pre>하나<br>둘\r\n셋</pre>", "<pre>하나\n둘\n셋</pre>"),
        ("<pre>\n\n 한 줄\n  두 줄</pre>", "<pre> 한 줄\n  두 줄</pre>"),
        ("<p>x&#0;y&#8;z\x08&#x202e;\ufeff\ufffd\ud800</p>", "<p>xyz</p>"),
        (unicodedata.normalize("NFD", "<p>한글</p>"), "<p>한글</p>"),
    ],
)
def test_a_body_comes_out_as_paragraphs_and_blocks(fragment: str, cleaned: str) -> None:
    """Lines of a CMS would run into each other, or empty paragraphs tear the digest apart."""
    assert clean_html(fragment, BASE) == cleaned


@pytest.mark.parametrize("fragment", ["<p>10일 &lt;메트로경제신문&gt; 취재에</p>", "<p>10일 <메트로경제신문> 취재에</p>"])
def test_a_name_in_angle_brackets_is_text(fragment: str) -> None:
    """The paper's own name would vanish from its articles."""
    assert clean_html(fragment, BASE) == "<p>10일 &lt;메트로경제신문&gt; 취재에</p>"
    assert html_text(clean_html(fragment, BASE)) == "10일 <메트로경제신문> 취재에"


@pytest.mark.parametrize(
    "fragment",
    [
        "<p onclick='x()'>글<script>alert(1)</script><style>p{}</style><!-- 주석 --><iframe src=x></iframe></p>",
        "<form action=x><p>글<input name=q><button>검색</button><select><option>1</select></p></form>",
        "<p><a href='javascript:alert(1)'>글</a></p>",
        "<p><a href='java\tscript:alert(1)'>글</a></p>",
        "<p><a href='data:text/html,x'>글</a></p>",
        "<p><a href='#top'>글</a></p>",
        "<p><a name=top>글</a></p>",
        "<p>글<img src='data:image/gif;base64,R0'></p>",
        "<p>글<scr\x00ipt>alert(1)</script></p>",
        "<p>글<svg><script>alert(1)</script></svg><math><mi>x</mi></math></p>",
    ],
)
def test_nothing_that_acts_survives(fragment: str) -> None:
    """A reader's browser would run what a source, or somebody in its comments, wrote."""
    assert clean_html(fragment, BASE) == "<p>글</p>"


@pytest.mark.parametrize(
    "fragment",
    [
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<table><td><a href='x\" onmouseover=alert(1)'>글</a>",
    ],
)
def test_markup_that_changes_when_it_is_parsed_again_is_no_way_in(fragment: str) -> None:
    """The known tricks against sanitisers (mutation XSS) would pass, because a reader parses what we write once more."""
    assert not re.search(r"<[^>]*\son[a-z]+=|<style|<svg|<math", clean_html(fragment, BASE))


def test_a_mail_link_becomes_its_text() -> None:
    """A reporter's address would stay clickable in every feed."""
    assert clean_html('<p><a href="mailto:seoh@metroseoul.co.kr">메일</a></p>', BASE) == "<p>메일</p>"


@pytest.mark.parametrize(
    ("image", "source"),
    [
        ('<img src="//cdn.example/a.jpg">', "https://cdn.example/a.jpg"),
        ('<img src="../그림 1.jpg">', "https://www.metroseoul.co.kr/%EA%B7%B8%EB%A6%BC%201.jpg"),
        ('<img src="/blank.gif" data-src="/a.jpg">', "https://www.metroseoul.co.kr/a.jpg"),
        ('<img src="data:image/gif;base64,R0" data-original="/a.jpg">', "https://www.metroseoul.co.kr/a.jpg"),
        ('<img data-lazy-src="/a.jpg">', "https://www.metroseoul.co.kr/a.jpg"),
        ('<img src="/blank.gif" data-srcset="/s.jpg 320w, /l.jpg 1280w">', "https://www.metroseoul.co.kr/l.jpg"),
        ('<img srcset="/s.jpg, /l.jpg 2x">', "https://www.metroseoul.co.kr/l.jpg"),
        ('<img src="/blank.gif"><noscript><img src="/a.jpg"></noscript>', "https://www.metroseoul.co.kr/a.jpg"),
        ('<picture><source srcset="/a.webp"><img src="/a.jpg"></picture>', "https://www.metroseoul.co.kr/a.jpg"),
    ],
)
def test_a_lazy_picture_becomes_a_real_one(image: str, source: str) -> None:
    """Readers of feeds and mails run no scripts: they would see a grey box."""
    found = first_image(clean_html(f"<p>{image}</p>", BASE))
    assert found is not None
    assert found.url == source


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (
            "https://한글.kr:8080/가?나=다 라#마",
            "https://xn--bj0bj06e.kr:8080/%EA%B0%80?%EB%82%98=%EB%8B%A4%20%EB%9D%BC#%EB%A7%88",
        ),
        ("?page=2", "https://www.metroseoul.co.kr/article/20250611500493?page=2"),
        ("https://a.kr/100%25", "https://a.kr/100%25"),
        ("https://a.kr:99999/", ""),
        ("https://a b.kr/", ""),
        ("https://[::1/", ""),
        ("tel:0212345678", ""),
        ("", ""),
    ],
)
def test_a_link_is_absolute_or_no_link(address: str, url: str) -> None:
    """Readers that ignore xml:base would follow a relative link into nowhere."""
    assert clean_html(f'<a href="{address}">글</a>', BASE) == (f'<p><a href="{url}">글</a></p>' if url else "<p>글</p>")


@pytest.mark.parametrize(
    "address", ["https://[::1/a.jpg", "https://a.kr:99999/a.jpg", "https://a b.kr/a.jpg", "ftp://a.kr/a.jpg"]
)
def test_a_picture_without_an_address_is_no_picture(address: str) -> None:
    """One broken address would end the pull, or show a broken frame in every mail."""
    assert clean_html(f'글<img data-src="{address}">', BASE) == "<p>글</p>"


def test_a_picture_keeps_its_sizes_its_choices_and_its_caption() -> None:
    """The lead picture of a digest would jump while it loads, or lose its credit line."""
    cleaned = clean_html(
        "<p>글</p><figure><div><img src=/a.jpg srcset='/a.jpg 1x,/b.jpg 2x' alt='&quot;봄&quot;' width=640 height=100%></div>"
        "<figcaption>봄이 <b>왔다</b>. /연합뉴스</figcaption></figure>",
        BASE,
    )
    assert 'srcset="https://www.metroseoul.co.kr/a.jpg 1x, https://www.metroseoul.co.kr/b.jpg 2x"' in cleaned
    assert first_image(cleaned) == Image(
        url="https://www.metroseoul.co.kr/a.jpg", alt='"봄"', caption="봄이 왔다. /연합뉴스", width=640, height=0
    )
    assert first_image("<p>글</p>") is None


def test_running_text_has_paragraphs_and_no_captions() -> None:
    """An excerpt would begin with a photo credit, and a plain-text mail be one block."""
    fragment = "<figure><img src='/a.jpg'><figcaption>사진</figcaption></figure><p>하나<br>둘 &amp; <b>셋</b></p><ul><li>넷</li><li>다섯</li></ul>"
    assert html_text(clean_html(fragment, BASE)) == "하나\n둘 & 셋\n\n넷\n다섯"
    assert html_text("<figure><img src='x' alt=''><figcaption>사진뿐</figcaption></figure>") == "사진뿐"


@given(st.text())
@example("\u0041\u030a \u200f\u00a0\u3000\x00\ud800")
def test_clean_text_is_one_legible_line_and_stays_so(text: str) -> None:
    """A control character in one headline would lose the whole feed."""
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned == cleaned.strip()
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffd\ufffe\uffff\ud800-\udfff\u00a0]|  ", cleaned)


def test_joiners_that_shape_words_and_emoji_stay() -> None:
    """A family emoji would fall apart into three people."""
    assert clean_text("👨‍👩‍👧 \u1112\u1161\u11ab") == "👨‍👩‍👧 한"


def test_deep_nesting_takes_no_time_that_matters() -> None:
    """One hostile page would stop the whole paper for minutes."""
    depth = 3000
    for tag in random.Random(1).sample(["<div>", "<b>", "<blockquote>", "<ul><li>", "<table><tr><td>", "<a href=x>"], 6):
        assert len(clean_html(tag * depth + "글", BASE)) < 100 * depth
