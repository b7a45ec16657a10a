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


def test_every_format_is_written_unless_the_paper_wants_fewer() -> None:
    """A reader of RSS or JSON alone would find nothing; a paper that wants Atom alone would have files nobody asked for."""
    assert FeedsSettings().formats == ("atom", "rss", "json")
    assert FeedsSettings(formats=("atom",)).formats == ("atom",)


def test_a_bucket_stands_as_it_is_written(tmp_path: Path) -> None:
    """The feeds would land in a folder called "s3:" beside the configuration."""
    for address in ("s3://dumul-feeds", "s3://dumul-feeds/public/v1"):
        assert FeedsSettings.model_validate({"directory": address}, context={"base": tmp_path}).directory == address


def test_feeds_that_have_moved_or_ended_are_named_by_their_paths() -> None:
    """Subscribers of a renamed section would meet 404 instead of being led on."""
    settings = FeedsSettings.model_validate({"moved": {"sections/tech": "sections/it"}, "ended": ["series/s-7ab2c"]})
    assert settings.moved == {"sections/tech": "sections/it"}
    assert settings.ended == ("series/s-7ab2c",)


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
        ({"archive": 5}, "archive", "greater than or equal to 10"),
        ({"view": "short"}, "view", "'full' or 'excerpt'"),
        ({"directory": "s3://Bucket"}, "directory", "s3://bucket/prefix"),
        ({"ended": ["sections/it.atom"]}, "ended", "without its ending"),
        ({"ended": ["../sections/it"]}, "ended", "without its ending"),
        ({"moved": {"/sections/it": "sections/tech"}}, "moved", "without its ending"),
        ({"hubs": ["hub.example"]}, "hubs", "http"),
    ],
)
def test_a_mistake_names_its_key_and_what_is_allowed(table: dict[str, object], key: str, said: str) -> None:
    """The operator would have to guess what is wrong."""
    with pytest.raises(ValidationError) as caught:
        FeedsSettings.model_validate(table)
    (error,) = caught.value.errors()
    assert error["loc"][0] == key
    assert said in error["msg"]
