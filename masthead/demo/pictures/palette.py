"""Six small warm palettes; one picture uses one of them, so that a page of pictures looks printed on one press."""

from __future__ import annotations

from dataclasses import dataclass, replace

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """Seven inks by what they do in a picture.

    ``paper`` is the lightest, ``light`` a lit sky or wall, ``gold`` and ``warm`` draw the eye, ``cool`` answers them, ``deep``
    is the darkest, ``air`` the colour of distance. Everything else is a mixture of these.
    """

    paper: Colour
    light: Colour
    gold: Colour
    warm: Colour
    cool: Colour
    deep: Colour
    air: Colour

    def night(self) -> Palette:
        """The same inks after dark: only lamps stay bright."""
        return replace(
            self,
            light=mix(self.cool, self.deep, 0.45),
            cool=mix(self.cool, self.deep, 0.62),
            deep=mix(self.deep, (8, 10, 22), 0.55),
            air=mix(self.cool, self.deep, 0.3),
        )

    @property
    def skins(self) -> tuple[Colour, ...]:
        """Complexions of the people in a picture."""
        return mix(self.light, (196, 138, 98), 0.45), mix(self.light, (178, 116, 78), 0.55), mix(self.light, (224, 172, 134), 0.5)

    @property
    def cloths(self) -> tuple[Colour, ...]:
        """What people wear and shops are painted in, the quiet ones between the loud."""
        quiet = mix(self.cool, self.paper, 0.35)
        return self.warm, mix(self.deep, self.cool, 0.3), self.gold, self.cool, mix(self.paper, self.light, 0.35), quiet


def mix(one: Colour, other: Colour, amount: float) -> Colour:
    """``one`` with ``amount`` (0 to 1) of ``other`` in it."""
    return (
        round(one[0] + (other[0] - one[0]) * amount),
        round(one[1] + (other[1] - one[1]) * amount),
        round(one[2] + (other[2] - one[2]) * amount),
    )


def _palette(*inks: str) -> Palette:
    return Palette(*((int(ink[0:2], 16), int(ink[2:4], 16), int(ink[4:6], 16)) for ink in inks))


PALETTES = (
    _palette("fbefd9", "f8cb98", "efa24a", "d2492c", "5b7a88", "1f2d3d", "d3a496"),  # dusk
    _palette("f7ebd1", "f0c885", "dc9a38", "b5432a", "747f58", "33261f", "cdb277"),  # autumn
    _palette("fbeadd", "f5c0a2", "e88b5a", "c23c42", "7d5d80", "2b1d3a", "d79c9f"),  # plum
    _palette("f6f0de", "f2d6a6", "e4ac4d", "d35c38", "3b8085", "12303e", "a5c3ac"),  # coast
    _palette("f5e9db", "eac5a3", "d6975a", "a53a32", "677f90", "272935", "bda095"),  # brick
    _palette("fbf3df", "f6d7ac", "ecb255", "df6c58", "76997f", "24453f", "b7cba4"),  # spring
)
