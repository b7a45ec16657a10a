"""What is read from a User-Agent."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.readership.agents import MOST_SUBSCRIBERS, Reader, read_agent


@pytest.mark.parametrize(
    ("agent", "reader"),
    [
        ("Feedly/1.0 (+http://www.feedly.com/fetcher.html; 16 subscribers; like FeedFetcher-Google)", Reader("Feedly", "", 16)),
        ("Inoreader/1.0 (+http://www.inoreader.com/feed-fetcher; 3 subscribers; )", Reader("Inoreader", "", 3)),
        ("NewsBlur Feed Fetcher - 5 subscribers - http://www.newsblur.com/site/1/x (Mozilla/5.0)", Reader("NewsBlur", "", 5)),
        ("NewsBlur Page Fetcher - 1 subscriber - http://www.newsblur.com/site/1/x", Reader("NewsBlur", "", 1)),
        ("Feedbin feed-id:123 - 4 subscribers", Reader("Feedbin", "123", 4)),
        ("Mozilla/5.0 (compatible; theoldreader.com; 2 subscribers; feed-id=b0b1)", Reader("The Old Reader", "b0b1", 2)),
        ("Mozilla/5.0 (compatible; BazQux/2.4; +https://bazqux.com/fetcher; 7 subscribers)", Reader("BazQux", "", 7)),
        ("livedoor FeedFetcher/0.01 (http://reader.livedoor.com/; 2 subscribers)", Reader("livedoor FeedFetcher", "", 2)),
        ("FreshRSS/1.24 (Linux; https://freshrss.org) 12 readers", Reader("FreshRSS", "", 12)),
        ("Newsbot/2 (9 feed-readers)", Reader("Newsbot", "", 9)),
        ("Feedly/1.0 (99999999999 subscribers)", Reader("Feedly", "", MOST_SUBSCRIBERS)),
        ("hong@paper.example/1.0 (5 subscribers)", Reader("hong", "", 5)),
        ("192.0.2.7 (5 subscribers)", Reader("unnamed", "", 5)),
    ],
)
def test_a_hosted_reader_is_taken_at_its_word(agent: str, reader: Reader) -> None:
    """A thousand readers at Feedly would count as one, or as one for each of its two fetchers."""
    assert read_agent(agent) == reader


@pytest.mark.parametrize(
    "agent",
    [
        "Miniflux/2.2.4 (+https://miniflux.app)",
        "NetNewsWire (RSS Reader; https://netnewswire.com/)",
        "FreshRSS/1.24.3 (Linux; https://freshrss.org)",
        "newsboat/2.30.1 (Linux 6.1; https://newsboat.org/)",
        "Tiny Tiny RSS/23.1 (Unsupported) (http://tt-rss.org/)",
        "Feeder.co/1.0",
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.5.0",
        "Feedly/1.0 (0x10 subscribers)",
        "Miniflux/2.2 (1.5 readers)",
    ],
)
def test_a_reader_without_a_number_reads_for_itself(agent: str) -> None:
    """Whoever reads by a program of their own would not be counted, or as many."""
    assert read_agent(agent) == Reader()


@pytest.mark.parametrize(
    "agent",
    [
        "", "  ", "curl/8.1.2", "Wget/1.21", "python-requests/2.32", "Go-http-client/2.0",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "FeedFetcher-Google; (+http://www.google.com/feedfetcher.html)",
        "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd) Naverbot", "Mozilla/5.0 (compatible; GPTBot/1.2)", "Bytespider",
        "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)", "Pingdom.com_bot_version_1.4", "kube-probe/1.29",
        "W3C_Validator/1.3", "Blackbox Exporter/0.25.0", "masthead/0.1.0 (+https://hangang.example; for hangang.example)",
    ],
)  # fmt: skip
def test_what_is_no_reader_is_not_counted(agent: str) -> None:
    """The monitor that looks in from fifty places would be the paper's most faithful readership."""
    assert read_agent(agent) is None


@given(st.text(max_size=400), st.integers(0, 10**11))
def test_nothing_but_a_plain_name_and_a_number_is_taken_from_it(text: str, number: int) -> None:
    """An address, a line break or an endless name that somebody sends would come to stand in the database."""
    for agent in (text, f"{text}; {number} subscribers", f"{text} feed-id:{text} {number} readers"):
        reader = read_agent(agent)
        assert reader is None or re.fullmatch(r"[A-Za-z0-9_. -]{0,90}", reader.name + reader.feed_id)
        assert reader is None or reader.subscribers is None or 0 <= reader.subscribers <= MOST_SUBSCRIBERS
