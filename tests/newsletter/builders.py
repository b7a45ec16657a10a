"""A small paper and its articles, for tests to build digests from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.digest import Digest, compose
from newsletter.render import Renderer
from newsletter.settings import MailSettings, NewsletterSettings
from newsroom.language import Language
from newsroom.model import Article, Credit, Image, Reporter, Revision, Section
from newsroom.sections import SectionTree
from newsroom.settings import PaperSettings
from newsroom.templates import template_folders

SEOUL = ZoneInfo("Asia/Seoul")
DAY = date(2026, 3, 2)
DUE = datetime(2026, 3, 2, 7, tzinfo=SEOUL)

PAPER = PaperSettings(
    name="한강일보",
    url="https://hangang.example",
    tag="hangang.example,2025",
    address="서울 가온구 나루로 1",
    phone="02-000-0000",
)
MORNING = NewsletterSettings(slug="morning", title="한강 아침")
MAIL = MailSettings.model_validate({"from": "한강일보 <news@hangang.example>"})
TREE = SectionTree(
    [
        Section(slug="society", title="사회"),
        Section(slug="local", title="지방행정", parent="society"),
        Section(slug="it", title="IT·과학"),
        Section(slug="game", title="게임", parent="it"),
        Section(slug="culture", title="문화"),
    ],
)
REPORTERS = {
    "jiwoo": Reporter(slug="jiwoo", name="한지우", role="기자"),
    "seoh": Reporter(slug="seoh", name="김서현", role="기자"),
}
WIDE = Image(
    url="https://hangang.example/p/wide.jpg",
    alt="해 질 녘 강변 산책로",
    caption="강변 산책로. 한강일보 사진",
    width=1200,
    height=675,
)
TALL = Image(url="https://hangang.example/p/tall.jpg", alt="포스터", width=600, height=900)

BODY = (
    "<p>골목 상점 열두 곳이 서로의 빈 시간을 나눠 쓰는 실험을 시작한 지 반년, 서점의 저녁 손님은 두 배로 늘었다. "
    "주민들은 책보다 불빛이 먼저였다고 말한다.</p><p>상인회는 가을까지 여덟 곳을 더 늘릴 계획이라고 밝혔다.</p>"
)


def korean() -> Language:
    return Language("ko", SEOUL, template_folders())


def english() -> Language:
    return Language("en", ZoneInfo("America/New_York"), template_folders())


def article(
    key: int | str,
    headline: str = "문 닫던 동네 서점, 저녁 여덟 시에 다시 불을 켰다",
    *,
    section: str | Sequence[str] = "society",
    age: timedelta = timedelta(hours=2),
    image: Image | None = None,
    credits: Sequence[Credit] = (Credit(name="한지우", role="기자", reporter="jiwoo"),),
    url: str = "",
    body: str = BODY,
    summary: str = "",
    series: str = "",
    note: str = "",
) -> Article:
    published = DUE - age
    return Article(
        id=f"tag:hangang.example,2025:{key}",
        url=url or f"https://hangang.example/article/{key}",
        published=published,
        sections=(section,) if isinstance(section, str) else tuple(section),
        series=series,
        revision=Revision(
            number=1,
            headline=headline,
            body=body,
            summary=summary,
            credits=tuple(credits),
            images=(image,) if image else (),
            updated=published,
            edited=published,
            content_hash=str(key),
            note=note,
        ),
    )


def front_page() -> list[Article]:
    """What the look shows: a lead, three sections, a column."""
    return [
        article(1, image=WIDE, age=timedelta(minutes=80)),
        article(2, "밤 버스 두 노선, 이번 주부터 시범 운행", section="local", age=timedelta(hours=3)),
        article(3, "폐역 대합실에 들어선 작은 극장, 첫 계절의 기록", section="culture", image=WIDE, age=timedelta(hours=10)),
        article(4, "“번역은 두 번 쓰는 일”… 스무 해 만에 나온 새 판본", section="culture", age=timedelta(minutes=55)),
        article(5, "봄을 앞둔 개발사들, 시험판을 연다", section="game", image=TALL),
        article(
            6,
            "이자를 내는 쪽의 시간은 다르게 흐른다",
            series="권도현의 느린 경제",
            credits=[Credit(name="권도현", role="논설위원")],
        ),
    ]


def many(count: int) -> list[Article]:
    """A busy day: long headlines, every story with a picture, spread over the sections."""
    slugs = ["society", "local", "it", "game", "culture"]
    headline = "“번역은 두 번 쓰는 일”… 스무 해 만에 나온 새 판본, 첫 문장부터 다르게 읽힌다"
    return [
        article(key, f"{key} {headline}", section=slugs[key % 5], age=timedelta(minutes=17 * key + 5), image=WIDE)
        for key in range(count)
    ]


def digest(
    articles: Iterable[Article],
    newsletter: NewsletterSettings = MORNING,
    *,
    language: Language | None = None,
    corrections: Iterable[Article] = (),
) -> Digest:
    return compose(
        articles,
        newsletter=newsletter,
        date=DAY,
        sections=TREE,
        reporters=REPORTERS,
        language=language or korean(),
        corrections=corrections,
    )


def renderer(*, paper: PaperSettings = PAPER, language: Language | None = None, beside: Path | None = None) -> Renderer:
    return Renderer(template_folders(beside), language or korean(), paper)
