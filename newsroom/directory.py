"""The reporters of the paper, and who a printed credit is. Pure: it knows, it never guesses.

A credit is a reporter by source id, else by e-mail, else by name and the local part of an e-mail, else by name if exactly one
active reporter has it. Everybody else stays unresolved, with the reason, on the review list.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from newsroom.model import Credit, CreditKind, Reporter

# Mailboxes of a role, not of a person (RFC 2142 and newsrooms' habits): nobody is named after one.
_ROLE_MAILBOXES = frozenset(
    {
        "abuse",
        "admin",
        "contact",
        "desk",
        "editor",
        "help",
        "info",
        "mail",
        "news",
        "newsroom",
        "office",
        "photo",
        "press",
        "webmaster",
    }
)
_SLUG_PART = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Why a credit is nobody that we know."""

    reason: str


class Directory:
    """Every reporter ever known. ``learn`` adds to it; ``changed`` says who is new or has changed since it was made."""

    def __init__(self, reporters: Iterable[Reporter]) -> None:
        self._by_slug = {reporter.slug: reporter for reporter in reporters}
        self._changed: dict[str, Reporter] = {}

    def __iter__(self) -> Iterator[Reporter]:
        return iter(self._by_slug.values())

    @property
    def changed(self) -> tuple[Reporter, ...]:
        """Reporters that ``learn`` made or changed."""
        return tuple(self._changed.values())

    def resolve(self, credit: Credit) -> Reporter | Unresolved:
        """The reporter behind a person's credit."""
        if (found := self._by_source_id(credit)) is not None:
            return found
        if (found := self._by_email(credit)) is not None:
            return found if credit.name in found.names else Unresolved(f"the address is that of {found.name} ({found.slug})")
        named = [reporter for reporter in self if credit.name in reporter.names]
        local = credit.email_local or credit.email.partition("@")[0]
        if local:
            same = [reporter for reporter in named if local in (email.partition("@")[0] for email in reporter.emails)]
            if len(same) == 1:
                return same[0]
            if credit.email and all(reporter.emails for reporter in named):
                return Unresolved("the address is nobody's that we know")
        active = [reporter for reporter in named if reporter.active]
        if len(active) == 1:
            return active[0]
        return Unresolved(f"{len(active)} active reporters have this name" if active else "no reporter has this name")

    def learn(self, credit: Credit) -> None:
        """Take in what a person's credit teaches: a new reporter, or an address of one who had none.

        Two addresses are two people until somebody says otherwise; a name alone is a new person only where nobody ever had it.
        """
        found = self.resolve(credit)
        if isinstance(found, Reporter):
            emails = (*found.emails, credit.email) if credit.email and credit.email not in found.emails else found.emails
            source_ids = (
                (*found.source_ids, credit.source_id) if credit.source_id not in ("", *found.source_ids) else found.source_ids
            )
            if (emails, source_ids) != (found.emails, found.source_ids):
                self._keep(replace(found, emails=emails, source_ids=source_ids))
            return
        if self._by_email(credit) is not None:
            return
        known = any(credit.name in reporter.names for reporter in self)
        if credit.email or credit.source_id or not known:
            self._keep(
                Reporter(
                    slug=self._new_slug(credit),
                    name=credit.name,
                    names=(credit.name,),
                    emails=(credit.email,) if credit.email else (),
                    source_ids=(credit.source_id,) if credit.source_id else (),
                    role=credit.role,
                )
            )

    def configure(self, reporter: Reporter) -> None:
        """Take in a reporter of the configuration: his or her names and addresses lead, what was learnt stays."""
        old = self._by_slug.get(reporter.slug)
        if old is not None:
            merged = replace(
                reporter,
                names=tuple(dict.fromkeys((*reporter.names, *old.names))),
                emails=tuple(dict.fromkeys((*reporter.emails, *old.emails))),
                source_ids=tuple(dict.fromkeys((*reporter.source_ids, *old.source_ids))),
                role=reporter.role or old.role,
            )
            reporter = merged
        if reporter != old:
            self._keep(reporter)

    def _keep(self, reporter: Reporter) -> None:
        self._by_slug[reporter.slug] = self._changed[reporter.slug] = reporter

    def _by_source_id(self, credit: Credit) -> Reporter | None:
        return next((found for found in self if credit.source_id and credit.source_id in found.source_ids), None)

    def _by_email(self, credit: Credit) -> Reporter | None:
        return next((found for found in self if credit.email and credit.email in found.emails), None)

    def _new_slug(self, credit: Credit) -> str:
        local = credit.email.partition("@")[0].lower()
        if _SLUG_PART.fullmatch(local) and local not in self._by_slug and local not in _ROLE_MAILBOXES:
            return local
        for attempt in range(len(self._by_slug) + 1):
            seed = "\n".join((credit.name, credit.email, credit.source_id, str(attempt)))
            opaque = "r-" + base64.b32encode(hashlib.sha256(seed.encode()).digest())[:8].decode().lower()
            if opaque not in self._by_slug:
                return opaque
        raise AssertionError("every opaque slug is taken")  # one more attempt than there are slugs


def is_person(credit: Credit) -> bool:
    """Whether a credit can have a reporter at all."""
    return credit.kind is CreditKind.PERSON and bool(credit.name)
