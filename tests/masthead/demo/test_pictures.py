"""The drawn pictures: they go into the site, the feeds and the mail, so their size and their sameness matter."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageStat

from masthead.demo.pictures import SCENES, draw


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_every_scene_is_a_picture_small_enough_to_mail(scene: str) -> None:
    """A scene that fails, comes out blank or weighs too much would spoil an article and its digest."""
    jpeg = draw(scene, "30001")
    picture = Image.open(io.BytesIO(jpeg))
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (1200, 675))
    assert len(jpeg) < 120_000
    assert max(ImageStat.Stat(picture).stddev) > 15


@pytest.mark.parametrize("scene", ["portrait", "tea", "sea"])
def test_an_article_keeps_its_picture_and_shares_it_with_none(scene: str) -> None:
    """The same article must show the same picture on each run; two articles of one scene must not look like a mistake."""
    assert draw(scene, "30001") == draw(scene, "30001")
    assert len({draw(scene, f"3000{number}") for number in range(4)}) == 4


def test_another_size_is_cut_not_squeezed() -> None:
    """A square thumbnail with an oval sun would look broken."""
    picture = Image.open(io.BytesIO(draw("sunrise", "30001", (400, 400))))
    assert picture.size == (400, 400)
