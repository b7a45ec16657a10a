"""The tree of sections: what is above, what is below, and what a source means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.model import Section
from newsroom.sections import SectionTree, SectionTreeError

TREE = SectionTree(
    [
        Section(slug="it", title="IT·과학", aliases=("IT/과학",), codes=("14",)),
        Section(slug="politics", title="정치&정책"),
        Section(slug="game", title="게임", parent="it", codes=("28",)),
        Section(slug="mobile", title="모바일 게임", parent="game"),
        Section(slug="telecom", title="방송통신", parent="it"),
    ]
)


def test_sections_come_in_the_papers_order_parents_first() -> None:
    """The index and the digest show the paper upside down."""
    assert [section.slug for section in TREE] == ["it", "game", "mobile", "telecom", "politics"]
    assert [section.slug for section in TREE.roots] == ["it", "politics"]
    assert [section.slug for section in TREE.children("it")] == ["game", "telecom"]
    assert TREE.children("mobile") == ()
    assert len(TREE) == 5
    assert "game" in TREE
    assert "nowhere" not in TREE
    assert TREE["game"].title == "게임"


def test_a_branch_is_a_section_and_all_below_it() -> None:
    """The feed of IT lacks the stories of its games."""
    assert TREE.branch("it") == ("it", "game", "mobile", "telecom")
    assert TREE.branch("mobile") == ("mobile",)
    assert TREE.ancestry("mobile") == ("mobile", "game", "it")
    assert TREE.root("mobile") == "it"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("it", "it"),
        (" IT·과학 ", "it"),
        ("it・과학", "it"),
        ("ＩＴ/과학", "it"),
        ("14", "it"),
        ("모바일게임", "mobile"),
        ("정치&정책", "politics"),
        ("\u1100\u1166\u110b\u1175\u11b7", "game"),
        ("28", "game"),
    ],
)
def test_a_section_is_found_by_any_of_its_names(name: str, slug: str) -> None:
    """A story is in no section because its page has another middle dot."""
    found = TREE.find(name)
    assert found is not None
    assert found.slug == slug


@pytest.mark.parametrize("name", ["", "·", "연예", "정치정책", "4"])
def test_what_is_no_name_finds_nothing(name: str) -> None:
    """A story lands in a section that its page does not name."""
    assert TREE.find(name) is None


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ([Section(slug="it", title="가"), Section(slug="it", title="나")], 'the section slug "it" is used twice'),
        ([Section(slug="it", title="가", parent="news")], 'section "it" has an unknown parent "news"'),
        ([Section(slug="it", title="가", parent="it")], "these sections are each other's parents: it"),
        (
            [Section(slug="a", title="가", parent="b"), Section(slug="b", title="나", parent="a"), Section(slug="c", title="다")],
            "these sections are each other's parents: a, b",
        ),
        (
            [Section(slug="a", title="사회"), Section(slug="b", title="나", aliases=("사 회",))],
            '"사 회" names both section "a" and "b"',
        ),
        ([Section(slug="a", title="가", codes=("b",)), Section(slug="b", title="나")], '"b" names both section "a" and "b"'),
    ],
)
def test_what_is_no_tree_is_refused(sections: list[Section], said: str) -> None:
    """A slip in the configuration puts every story into the wrong section, or the program into an endless loop."""
    with pytest.raises(SectionTreeError) as caught:
        SectionTree(sections)
    assert str(caught.value) == said


@given(st.lists(st.integers(-1, 20), max_size=20))
def test_every_section_has_one_place(parents: list[int]) -> None:
    """A section is shown twice, or not at all."""
    sections = [
        Section(slug=f"s{number}", title=f"t{number}", parent=f"s{parent}" if 0 <= parent < number else None)
        for number, parent in enumerate(parents)
    ]
    tree = SectionTree(sections)
    order = [section.slug for section in tree]
    assert sorted(order) == sorted(section.slug for section in sections)
    for section in tree:
        assert section.parent is None or order.index(section.parent) < order.index(section.slug)
        assert section.slug in tree.branch(tree.root(section.slug))
        assert all(section.slug in tree.branch(above) for above in tree.ancestry(section.slug))
