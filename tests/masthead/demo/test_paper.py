"""The demo paper: without it `masthead demo` shows nothing, and with a wrong date it shows yesterday's news as tomorrow's."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.demo.manuscripts import DemoPaperError
from masthead.demo.paper import SEOUL, DemoArticle, load_paper
from masthead.demo.pictures import SCENES

START = datetime(2025, 6, 11, 6, 13, 8, tzinfo=UTC)  # 15:13:08 in Seoul


def _by_key(articles: tuple[DemoArticle, ...]) -> dict[str, DemoArticle]:
    return {article.key: article for article in articles}


def test_the_built_in_paper_is_a_whole_newspaper() -> None:
    """A newcomer's first impression: sections, reporters, days of news, and something happening while they look."""
    paper = load_paper(start=START)
    articles = paper.at()
    assert len(articles) >= 80
    assert sum(section.parent is None for section in paper.sections) >= 8
    assert len(paper.reporters) >= 15
    assert Counter(reporter.name for reporter in paper.reporters).most_common(1)[0][1] == 2
    assert {article.section.slug for article in articles} >= {section.slug for section in paper.sections if section.parent}
    assert max(article.published for article in articles) < paper.start <= START
    assert min(article.published for article in articles) < paper.start - timedelta(days=4)
    assert any(len(article.reporters) == 2 for article in articles)
    assert any(article.series for article in articles)
    assert {(article.agency, article.credit) for article in articles if not article.reporters} == {("한물통신", "한물통신")}
    assert any(article.title.startswith("[르포] ") for article in articles)
    assert any("<두물일보>" in paragraph for article in articles for paragraph in article.paragraphs)


def test_the_built_in_paper_moves_while_the_demo_runs() -> None:
    """Every wave must bring something, among it a correction and a follow-up; otherwise the demo looks dead."""
    paper = load_paper(start=START)
    shown = [paper.at([START] * released) for released in range(paper.waves + 1)]
    assert all(before != after for before, after in pairwise(shown))
    new = set(_by_key(shown[-1])) - set(_by_key(shown[0]))
    assert any(article.corrected for article in shown[-1])
    assert any(article.follows for article in shown[-1] if article.key in new)


def test_no_placeholder_is_left_in_the_built_in_paper() -> None:
    """A reader must never see {내일} printed."""
    paper = load_paper(start=START)
    for article in paper.at([START] * paper.waves):
        pictured = (article.picture.alt, article.picture.caption) if article.picture else ()
        for text in (article.title, *article.paragraphs, article.note, *pictured):
            assert "{" not in text


def test_times_are_the_start_minus_the_age_in_seoul(folder: Path) -> None:
    """Otherwise the demo's news is hours off, the commonest fault of a Korean feed."""
    articles = _by_key(load_paper(folder, start=START).at())
    assert articles["30001"].published == datetime(2025, 6, 11, 14, 13, tzinfo=SEOUL)
    assert articles["33002"].published == datetime(2025, 6, 9, 12, 8, tzinfo=SEOUL)
    assert [article.key for article in load_paper(folder, start=START).at()] == ["90004", "30001", "33002"]


def test_a_start_without_a_zone_is_refused(folder: Path) -> None:
    """A naive start would shift every article by the machine's zone."""
    with pytest.raises(ValueError, match="without a zone"):
        load_paper(folder, start=datetime(2025, 6, 11, 15, 13))


def test_days_near_the_publication_are_filled_in(folder: Path) -> None:
    """The text must speak of the days around its own publication, whenever the demo is run."""
    article = _by_key(load_paper(folder, start=START).at())["30001"]
    assert article.paragraphs[0] == "11일 강둑길에 벤치가 놓였다. 10일는 비가 왔다. 12일과 18일에 더 놓인다."
    assert article.picture is not None
    assert article.picture.caption == "11일 강둑길. 두물일보 사진"


def test_a_day_of_another_month_names_the_month(folder: Path) -> None:
    """Run on the last day of a month, "내일 1일" alone would mean a day that is past."""
    article = _by_key(load_paper(folder, start=datetime(2025, 6, 30, 6, tzinfo=UTC)).at())["30001"]
    assert "다음 달 1일과 다음 달 7일에" in article.paragraphs[0]
    article = _by_key(load_paper(folder, start=datetime(2025, 7, 1, 6, tzinfo=UTC)).at())["30001"]
    assert "지난달 30일는" in article.paragraphs[0]


def test_bylines_are_printed_as_korean_systems_print_them(folder: Path) -> None:
    """The glued form is what the source has to take apart; the e-mail stands only behind a single name."""
    articles = _by_key(load_paper(folder, start=START).at([START]))
    assert articles["30001"].signature == "/강이든기자 ideun@dumul.example"
    assert articles["33002"].signature == "/강이든·최하람기자"
    assert articles["33002"].credit == "강이든·최하람 기자"
    assert articles["30003"].credit == "최하람 기자·류다온 수습기자"
    assert articles["90004"].signature == "/류다온 수습기자 daon@dumul.example"
    assert articles["90004"].title == "[노한결의 물가에서] 물가에서"


def test_waves_bring_news_and_corrections(folder: Path) -> None:
    """A live article is dated when it was released; a correction keeps the publication and moves only the update."""
    paper = load_paper(folder, start=START)
    assert paper.waves == 2
    first, second = START + timedelta(minutes=3), START + timedelta(minutes=7, seconds=40)
    assert "30003" not in _by_key(paper.at())
    live = _by_key(paper.at([first]))["30003"]
    assert live.published == datetime(2025, 6, 11, 15, 16, tzinfo=SEOUL)
    assert live.paragraphs == ("6월 11일 들어온 소식이다.",)
    before, after = _by_key(paper.at([first]))["33002"], _by_key(paper.at([first, second]))["33002"]
    assert (before.headline, before.corrected, before.note) == ("밤 버스 첫차 11시 30분", None, "")
    assert (after.headline, after.note) == ("밤 버스 첫차 11시 50분", "첫차 시각을 바로잡습니다.")
    assert after.published == before.published
    assert after.corrected == datetime(2025, 6, 11, 15, 20, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('section = "local"', 'section = "locl"', "all.toml: article 33002: there is no section 'locl' (did you mean 'local'?)"),
        ('["daon"]', '["daoon"]', "article 90004: there is no reporter 'daoon' (did you mean 'daon'?)"),
        ('scene = "river"', 'scene = "rivers"', "article 30001: picture.scene: Value error, there is no scene 'rivers'"),
        ('follows = "30001"', 'follows = "39999"', "article 30003: it follows '39999', which is not there"),
        ('key = "90004"', 'key = "30001"', "article 30001 is there 2 times"),
        ('age = "1h"', 'age = "one hour"', "article 30001: age: Value error, 'one hour' is no age"),
        ('age = "1h"', 'age = "9d"', "article 30001: age: "),
        ('age = "1h"', 'age = "0m"', "article 30001: age: "),
        ('age = "1h"', "", "article 30001: Value error, an article has either age or [article.live]"),
        ("wave = 1", "wave = 0", "article 30003: live.wave: "),
        ("{어제}", "{그제}", "article 30001: body: Value error, {그제} is no placeholder; allowed are {일}"),
        ("속보입니다", "속\\u0008보", "article 30003: headline: Value error, the text holds the control character U+0008"),
        ("속보입니다", "\u1109\u1169\u11a8보", "article 30003: headline: Value error, the text is not in NFC"),
        ('byline = "page"', 'byline = "top"', "byline: "),
        ('reporters = ["daon"]', "", "article 90004: Value error, an article has either reporters or an agency"),
        ('reporters = ["ideun"]', 'agency = "한물통신"', "article 30001: Value error, an agency signs at the head of the page"),
        ('headline = "물가에서"', 'headlne = "물가에서"', "article 90004: headlne: "),
        ("[[article]]", "[[article]", "all.toml: "),
    ],
)
def test_a_fault_is_named_with_its_file_article_and_key(folder: Path, old: str, new: str, said: str) -> None:
    """Whoever writes articles must be told where the mistake is."""
    path = folder / "articles" / "all.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DemoPaperError) as caught:
        load_paper(folder, start=START)
    assert said in str(caught.value)


def test_all_faults_are_named_at_once(folder: Path) -> None:
    """One run of the check, not one run a mistake."""
    path = folder / "articles" / "all.toml"
    broken = path.read_text(encoding="utf-8").replace('"daon"]', '"daoon"]').replace('"local"', '"locl"')
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(DemoPaperError) as caught:
        load_paper(folder, start=START)
    assert len(str(caught.value).splitlines()) == 3


def test_a_correction_comes_after_its_article(folder: Path) -> None:
    """Otherwise a live article would be born corrected."""
    path = folder / "articles" / "all.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('age = "2d3h5m"', "live = { wave = 2 }"), encoding="utf-8")
    with pytest.raises(DemoPaperError, match="later wave"):
        load_paper(folder, start=START)


def test_a_missing_paper_is_named(tmp_path: Path) -> None:
    """An empty folder is not an empty paper."""
    with pytest.raises(DemoPaperError, match=r"paper\.toml"):
        load_paper(tmp_path, start=START)


def test_a_section_needs_its_parent(folder: Path) -> None:
    """A listing of a section without its parent would be unreachable."""
    path = folder / "paper.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('parent = "society"', 'parent = "sociey"'), encoding="utf-8")
    with pytest.raises(DemoPaperError, match=r"section local: there is no section 'sociey' \(did you mean 'society'\?\)"):
        load_paper(folder, start=START)


@given(days=st.integers(0, 6), hours=st.integers(0, 23), minutes=st.integers(1, 59))
def test_every_age_is_read_exactly(tmp_path_factory: pytest.TempPathFactory, days: int, hours: int, minutes: int) -> None:
    """An age read wrongly puts a story on the wrong day, and so in the wrong digest."""
    folder = tmp_path_factory.mktemp("paper")
    (folder / "articles").mkdir()
    (folder / "paper.toml").write_text(
        'name = "신문"\nsite = "https://paper.example"\n'
        '[[section]]\nslug = "s"\ntitle = "면"\ncode = 1\n[[reporter]]\nkey = "r"\nname = "이"\nrole = "기자"\n',
        encoding="utf-8",
    )
    age = f"{days}d{hours}h{minutes}m"
    (folder / "articles" / "a.toml").write_text(
        f'[[article]]\nkey = "10001"\nsection = "s"\nage = "{age}"\nheadline = "제목"\nreporters = ["r"]\nbyline = "page"\nbody = "글"\n',
        encoding="utf-8",
    )
    paper = load_paper(folder, start=START)
    assert paper.start - paper.at()[0].published == timedelta(days=days, hours=hours, minutes=minutes)


def test_every_scene_of_the_built_in_paper_can_be_drawn() -> None:
    """A missing drawing would be a broken picture on the site and in the mail."""
    scenes = {article.picture.scene for article in load_paper(start=START).at() if article.picture}
    assert scenes <= set(SCENES)
