"""The demo paper's pictures: one drawing for each scene an article can name, different for every article."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Mapping

from PIL import Image, ImageOps

from . import arts, city, civic, country, kitchen, land, ports, rooms, science, screens, sport, street, table, travel, work
from .canvas import Canvas
from .palette import PALETTES

SCENES: Mapping[str, Callable[[Canvas], None]] = {
    "airport": ports.airport,
    "apartment": city.apartment,
    "bank": work.bank,
    "bird": country.bird,
    "books": table.books,
    "bridge": travel.bridge,
    "bus": street.bus,
    "chart": work.chart,
    "classroom": rooms.classroom,
    "factory": work.factory,
    "field": country.field,
    "forest": country.forest,
    "game": screens.game,
    "hospital": rooms.hospital,
    "kitchen": kitchen.kitchen,
    "lab": science.lab,
    "library": rooms.library,
    "market": street.market,
    "mountain": land.mountain,
    "museum": arts.museum,
    "night": city.night,
    "parliament": civic.parliament,
    "pitch": sport.pitch,
    "podium": civic.podium,
    "port": ports.port,
    "portrait": arts.portrait,
    "rain": city.rain,
    "river": land.river,
    "rocket": science.rocket,
    "running": sport.running,
    "screen": screens.screen,
    "sea": land.sea,
    "server": screens.server,
    "skyline": city.skyline,
    "snow": country.snow,
    "stadium": sport.stadium,
    "stage": arts.stage,
    "street": street.street,
    "sunrise": land.sunrise,
    "tea": table.tea,
    "telescope": science.telescope,
    "train": travel.train,
}

_LARGEST = 120_000
_ONE_WAY = {"bus", "chart", "classroom", "screen"}
"""Scenes whose mirror image is wrong: curves run to the right, and in Korea a bus has its doors on that side."""


def draw(scene: str, seed: str, size: tuple[int, int] = (1200, 675)) -> bytes:
    """The picture of ``scene`` as a JPEG of ``size`` pixels and less than 120 kB; the same seed gives the same bytes."""
    dice = random.Random(f"{scene}/{seed}")
    canvas = Canvas(dice.choice(PALETTES), dice)
    SCENES[scene](canvas)
    if dice.random() < 0.5 and scene not in _ONE_WAY:
        canvas.flip()
    picture = canvas.finished()
    if picture.size != size:
        picture = ImageOps.fit(picture, size, Image.Resampling.LANCZOS)
    quality = 88
    # The grain of a restless picture costs more than its shapes: give some of it up.
    while len(jpeg := _jpeg(picture, quality)) > _LARGEST:
        quality -= 6
    return jpeg


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=quality, optimize=True, progressive=True)
    return written.getvalue()
