"""``[feeds]`` of config.toml."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from feeds.settings import FeedsSettings


def test_the_example_of_the_manual_is_accepted(tmp_path: Path) -> None:
    """An operator who copies the documented table could not start."""
    table = {"formats": ["atom", "rss", "json"], "directory": "public", "window": "48h", "at_least": 50}
    settings = FeedsSettings.model_validate(table, context={"base": tmp_path})
    assert settings.directory == tmp_path / "public"
    assert settings.window == timedelta(hours=48)


def test_formats_not_written_yet_are_told() -> None:
    """An operator would wait in vain for RSS files."""
    assert FeedsSettings(formats=("atom", "rss")).unbuilt_formats == ("rss",)
    assert FeedsSettings().unbuilt_formats == ()


def test_a_folder_left_out_lies_beside_the_configuration(tmp_path: Path) -> None:
    """The feeds would land wherever the program happened to be started."""
    assert FeedsSettings.model_validate({}, context={"base": tmp_path}).directory == tmp_path / "public"


@pytest.mark.parametrize(
    ("table", "key", "said"),
    [
        ({"formats": ["rss"]}, "formats", '"atom" is the format'),
        ({"formats": []}, "formats", '"atom" is the format'),
        ({"formats": ["html"]}, "formats", "'atom', 'rss' or 'json'"),
        ({"at_least": 0}, "at_least", "greater than or equal to 1"),
        ({"at_least": 100, "at_most": 99}, "at_most", "from at_least (100) up"),
        ({"window": "two days"}, "window", "write a time span"),
        ({"at_leest": 3}, "at_leest", "not permitted"),
    ],
)
def test_a_mistake_names_its_key_and_what_is_allowed(table: dict[str, object], key: str, said: str) -> None:
    """The operator would have to guess what is wrong."""
    with pytest.raises(ValidationError) as caught:
        FeedsSettings.model_validate(table)
    (error,) = caught.value.errors()
    assert error["loc"][0] == key
    assert said in error["msg"]
