"""The agencies whose copy the paper runs, as configured, and whose an article is. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from newsroom.model import Credit, CreditKind
from newsroom.settings import AgencySettings
from newsroom.terms import fold_term
from newsroom.text.byline import Byline


class Agencies:
    """Found by any of their names; case, width, blanks and punctuation do not matter."""

    def __init__(self, agencies: Iterable[AgencySettings]) -> None:
        self._by_name = {fold_term(name): agency for agency in agencies for name in (agency.name, *agency.names)}

    def find(self, name: str) -> AgencySettings | None:
        """The agency of this name."""
        return self._by_name.get(fold_term(name)) if name else None

    def behind(self, credits_: Iterable[Credit]) -> AgencySettings | None:
        """The first agency that signs, or for which somebody signs."""
        signed = (self.find(name) for credit in credits_ for name in _institutions(credit))
        return next(filter(None, signed), None)

    def known(self, credit: Credit) -> Credit:
        """The credit; one that names an agency is the agency's, by the name that is configured."""
        agency = self.find(credit.name)
        return replace(credit, name=agency.name, kind=CreditKind.AGENCY) if agency else credit

    def read(self, byline: Byline) -> Byline:
        """The byline; where nothing in it was understood, it may be the bare name of an agency: ``(서울=강물통신)``."""
        if byline.credits:
            return byline
        dateline, _, name = byline.raw.replace(byline.date, " ", 1).strip(_AROUND).rpartition("=")
        agency = self.find(name)
        if agency is None:
            return byline
        credit = Credit(name=agency.name, kind=CreditKind.AGENCY, dateline=dateline.strip())
        return replace(byline, credits=(credit,))


_AROUND = " /|·,;:-–—=()[]<>【】"


def _institutions(credit: Credit) -> Iterable[str]:
    return (credit.name, credit.organisation) if credit.kind is CreditKind.AGENCY else (credit.organisation,)
