from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.charset import UndecodableTextError, decode

PAGE = "<html><head><title>메트로신문</title></head><body><p>카카오 노조가 파업에 들어간다. 똠방각하 펲시콜라</p></body></html>"
KOREAN_LABELS = [
    "euc-kr",
    "EUC-KR",
    "ks_c_5601-1987",
    "ksc5601",
    "x-windows-949",
    "windows-949",
    "ms949",
    "cp949",
    "uhc",
    "korean",
]


@pytest.mark.parametrize("label", KOREAN_LABELS)
def test_every_korean_label_means_cp949(label: str) -> None:
    """똠 and 펲, which EUC-KR has not, would lose the page or become question marks."""
    assert decode(PAGE.encode("cp949"), f"text/html; charset={label}") == PAGE


@pytest.mark.parametrize(
    "declaration",
    [
        '<?xml version="1.0" encoding="euc-kr"?>',
        '<meta charset="euc-kr">',
        '<meta http-equiv="Content-Type" content="text/html; charset=euc-kr">',
        "",
    ],
)
def test_the_label_may_stand_in_the_document_or_nowhere(declaration: str) -> None:
    """Old Korean sites send no charset in HTTP."""
    text = declaration + PAGE
    assert decode(text.encode("cp949"), "text/html") == text


@pytest.mark.parametrize("label", ["euc-kr", "iso-8859-1", "windows-1252", "us-ascii", "x-unknown", "utf-16", 'utf-8"'])
def test_utf_8_is_seen_behind_any_label(label: str) -> None:
    """A server's default charset would turn every article into mojibake."""
    assert decode(PAGE.encode(), f'text/html; charset="{label}"') == PAGE


@pytest.mark.parametrize("label", ["utf-8", "iso-8859-1", "windows-1252", ""])
def test_cp949_is_seen_behind_a_wrong_label(label: str) -> None:
    """A site that moved its template but not its archive to UTF-8 would lose the archive."""
    assert decode(PAGE.encode("cp949"), f"text/html; charset={label}") == PAGE


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xef\xbb\xbf" + PAGE.encode(), "text/html; charset=euc-kr"),
        (b"\xff\xfe" + PAGE.encode("utf-16-le"), ""),
        (b"\xfe\xff" + PAGE.encode("utf-16-be"), ""),
        (PAGE.encode("utf-16-le"), ""),
        (PAGE.encode("utf-16-be"), "text/html; charset=utf-8"),
        (PAGE.encode("shift_jis", "ignore"), "text/html; charset=shift_jis"),
    ],
)
def test_marks_zero_bytes_and_other_labels_are_read(body: bytes, content_type: str) -> None:
    """Exports from Windows programs would come in as Chinese, or not at all."""
    text = decode(body, content_type)
    assert text == PAGE or content_type.endswith("shift_jis")
    assert "\ufeff" not in text
    assert "<title>" in text


def test_a_western_page_keeps_its_accents() -> None:
    """A correspondent's source in Latin-1 would be read as Hangul or lose its letters."""
    text = "<p>Élysée: un café, “déjà vu”</p>" * 50
    assert decode(text.encode("cp1252"), "text/html; charset=iso-8859-1") == text


def test_a_short_text_with_a_korean_label_is_korean() -> None:
    """카 in CP949 is also a valid ī in UTF-8: a headline of one word would change its alphabet."""
    assert decode("카".encode("cp949"), "text/plain; charset=euc-kr") == "카"


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_a_few_bad_bytes_do_not_lose_a_page(encoding: str) -> None:
    """One broken advertisement, or a page that was cut off, would cost the article."""
    text = "<p>카카오 노조가 파업에 들어간다.</p>" * 100
    half = len(text) // 2
    broken = text[:half].encode(encoding) + b"\xff\xff" + text[half:].encode(encoding) + "가".encode(encoding)[:1]
    assert decode(broken, f"text/html; charset={encoding}") == text


@pytest.mark.parametrize("body", [b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, b"\xff" * 5000, "가".encode() * 3 + b"\xff"])
def test_what_is_no_text_is_refused(body: bytes) -> None:
    """A picture or a broken transfer would be published as an article."""
    with pytest.raises(UndecodableTextError, match="cp949"):
        decode(body, "text/html")


@given(st.text(st.characters(codec="cp949", exclude_categories=["Cc"])), st.sampled_from(KOREAN_LABELS))
def test_korean_survives_either_encoding(text: str, label: str) -> None:
    """Some syllable of some article would come out as another."""
    for encoding in ("utf-8", "cp949"):
        marked = f"<p>한글 {text}</p>"
        assert decode(marked.encode(encoding), f"text/html; charset={label}") == marked


@given(
    st.binary(),
    st.sampled_from(
        ["", "text/html; charset=utf-8", "text/html; charset=euc-kr", "text/html; charset=iso-2022-kr", "charset=\0"]
    ),
)
def test_no_bytes_crash_and_none_become_replacement_characters(body: bytes, content_type: str) -> None:
    """One odd reply would end the pull, or put � into a headline."""
    try:
        text = decode(body, content_type)
    except UndecodableTextError:
        return
    assert "\ufffd" not in text or "\ufffd".encode() in body or b"\xff\xfd" in body or b"\xfd\xff" in body
