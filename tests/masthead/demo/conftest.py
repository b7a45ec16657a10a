"""A paper of five articles, small enough to know by heart."""

from __future__ import annotations

from pathlib import Path

import pytest

PAPER = """
name = "두물일보"
site = "https://dumul.example"
[[section]]
slug = "society"
title = "사회"
code = 30
[[section]]
slug = "local"
title = "지방행정"
parent = "society"
code = 33
[[section]]
slug = "opinion"
title = "오피니언"
code = 90
[[reporter]]
key = "ideun"
name = "강이든"
role = "기자"
[[reporter]]
key = "haram"
name = "최하람"
role = "기자"
[[reporter]]
key = "daon"
name = "류다온"
role = "수습기자"
"""

ARTICLES = """
[[article]]
key = "30001"
section = "society"
age = "1h"
headline = "강둑길에 벤치 서른 개"
reporters = ["ideun"]
byline = "body"
body = \"\"\"
{일} 강둑길에 벤치가 놓였다. {어제}는 비가 왔다. {내일}과 {다음주}에 더 놓인다.

시민은 "앉아 보니 좋다"고 <두물일보>에 말했다.
\"\"\"
picture = { scene = "river", alt = "강변", caption = "{일} 강둑길. 두물일보 사진" }

[[article]]
key = "33002"
section = "local"
age = "2d3h5m"
headline = "밤 버스 첫차 11시 30분"
reporters = ["ideun", "haram"]
byline = "body"
body = "첫 문단이다.\\n\\n끝 문단이다."
[article.correction]
wave = 2
headline = "밤 버스 첫차 11시 50분"
body = "고친 본문이다."
note = "첫차 시각을 바로잡습니다."

[[article]]
key = "30003"
section = "society"
headline = "속보입니다"
reporters = ["haram", "daon"]
byline = "page"
body = "{월} {일} 들어온 소식이다."
follows = "30001"
[article.live]
wave = 1

[[article]]
key = "90004"
section = "opinion"
age = "30m"
headline = "물가에서"
reporters = ["daon"]
byline = "page"
series = "노한결의 물가에서"
body = "한 줄\\n두 줄"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small paper's files."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "paper.toml").write_text(PAPER, encoding="utf-8")
    (tmp_path / "articles" / "all.toml").write_text(ARTICLES, encoding="utf-8")
    return tmp_path
