"""The reporters of the paper, and who a printed credit is. Pure: it knows, it never guesses.

A credit is a reporter by source id, else by e-mail, else by name and the local part of an e-mail, else by name if exactly one
active reporter has it. Everybody else stays unresolved, with the reason, on the review list.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count

from newsroom.model import Credit, CreditKind, Reporter
from newsroom.settings import SLUG

# Mailboxes of a role (RFC 2142 and newsrooms' habits), which many sign with: they say nothing about who somebody is.
_ROLE_MAILBOXES = frozenset(
    {
        *("abuse", "admin", "contact", "help", "info", "mail", "master", "office", "team", "web", "webmaster"),
        *("desk", "edit", "editor", "jebo", "news", "newsdesk", "newsroom", "press", "report", "tips", "webeditor"),
        *(
            "biz",
            "culture",
            "digital",
            "economy",
            "local",
            "online",
            "opinion",
            "photo",
            "politics",
            "society",
            "sports",
            "world",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Why a credit is nobody that we know."""

    reason: str


class Directory:
    """Every reporter ever known. ``learn`` and ``configure`` add to it; ``changed`` says who is new or has changed since it was made."""

    def __init__(self, reporters: Iterable[Reporter]) -> None:
        self._by_slug = {reporter.slug: reporter for reporter in reporters}
        self._changed: dict[str, Reporter] = {}

    def __iter__(self) -> Iterator[Reporter]:
        return iter(self._by_slug.values())

    @property
    def changed(self) -> tuple[Reporter, ...]:
        """Reporters that are new or other than they were."""
        return tuple(self._changed.values())

    @property
    def emails(self) -> Collection[str]:
        """Every address of every reporter."""
        return {email for reporter in self for email in reporter.emails}

    def resolve(self, credit: Credit) -> Reporter | Unresolved:
        """The reporter behind a person's credit."""
        credit = _personal(credit)
        if (found := self._by_source_id(credit)) is not None:
            return found
        if (found := self._by_email(credit)) is not None:
            return found if credit.name in found.names else Unresolved(f"the address is that of {found.name} ({found.slug})")
        named = self._named(credit)
        if credit.email_local:
            same = [reporter for reporter in named if credit.email_local in map(_local, reporter.emails)]
            if len(same) == 1:
                return same[0]
            if named and all(reporter.emails for reporter in named if reporter.active):
                return Unresolved("the address is nobody's that we know")
        active = [reporter for reporter in named if reporter.active]
        if len(active) == 1:
            return active[0]
        return Unresolved(f"{len(active)} active reporters have this name" if active else "no reporter has this name")

    def resolve_older(self, credit: Credit) -> Reporter | Unresolved:
        """The same for an article of before: where two have had a name, who of them was meant is not clear because one has left."""
        known = _personal(credit)
        if not known.source_id and not known.email_local and len(named := self._named(credit)) > 1:
            return Unresolved(f"{len(named)} reporters have had this name")
        return self.resolve(credit)

    def learn(self, credit: Credit) -> None:
        """Take in what a person's credit teaches: a new reporter, or an address of one who had none.

        Two addresses are two people until somebody says otherwise; a name alone is a new person only where nobody ever had it.
        """
        credit = _personal(credit)
        found, owner = self.resolve(credit), self._by_email(credit)
        if isinstance(found, Reporter):
            emails = found.emails if owner else _with(found.emails, credit.email)
            self._keep(replace(found, emails=emails, source_ids=_with(found.source_ids, credit.source_id)))
        elif owner is None and (credit.email or credit.source_id or not self._named(credit)):
            self._keep(
                Reporter(
                    slug=self._new_slug(credit),
                    name=credit.name,
                    names=(credit.name,),
                    emails=_with((), credit.email),
                    source_ids=_with((), credit.source_id),
                    role=credit.role,
                )
            )

    def configure(self, reporters: Iterable[Reporter]) -> tuple[Reporter, ...]:
        """Take in the reporters of the configuration. Their names and addresses lead; what was learnt of them stays.

        Returns those that turn out to be somebody configured under another slug: learnt by an address of his or hers, or by the bare
        name. They keep their slugs and what they signed, and no credit is theirs any more.
        """
        configured = {reporter.slug: reporter for reporter in reporters}
        displaced: list[Reporter] = []
        for slug, reporter in configured.items():
            known = self._by_slug.get(slug)
            person = _merged(reporter, [known] if known else [])
            learnt = [other for other in self._same_person(person) if other.slug not in configured]
            for other in learnt:
                self._keep(replace(other, active=False, names=(), emails=(), source_ids=()))
            self._keep(_merged(person, learnt))
            displaced += [other for other in learnt if other.active]
        return tuple(displaced)

    def _same_person(self, person: Reporter) -> list[Reporter]:
        """The reporters who have an address of this person, or else the one who has the name where an address cannot tell."""
        shared = [other for other in self if not {*other.emails}.isdisjoint(person.emails)]
        named = [other for other in self if other.active and other.name in person.names and other.slug != person.slug]
        unclear = [other for other in named if not (_has_key(other) and _has_key(person))]
        return shared or (unclear if len(named) == 1 else [])

    def _keep(self, reporter: Reporter) -> None:
        if self._by_slug.get(reporter.slug) != reporter:
            self._by_slug[reporter.slug] = self._changed[reporter.slug] = reporter

    def _by_source_id(self, credit: Credit) -> Reporter | None:
        return next((found for found in self if credit.source_id and credit.source_id in found.source_ids), None)

    def _by_email(self, credit: Credit) -> Reporter | None:
        return next((found for found in self if credit.email and credit.email in found.emails), None)

    def _named(self, credit: Credit) -> list[Reporter]:
        return [reporter for reporter in self if credit.name in reporter.names]

    def _new_slug(self, credit: Credit) -> str:
        if SLUG.fullmatch(credit.email_local) and credit.email_local not in self._by_slug:
            return credit.email_local
        seeds = ("\n".join((credit.name, credit.email, credit.source_id, str(attempt))) for attempt in count())
        opaque = ("r-" + base64.b32encode(hashlib.sha256(seed.encode()).digest())[:8].decode().lower() for seed in seeds)
        return next(slug for slug in opaque if slug not in self._by_slug)


def is_person(credit: Credit) -> bool:
    """Whether a credit can have a reporter at all."""
    return credit.kind is CreditKind.PERSON and bool(credit.name)


def _personal(credit: Credit) -> Credit:
    """The credit with its address in lower case and its local part known; without an address that is not a person's own."""
    email = credit.email.lower()
    local = credit.email_local.lower() or _local(email)
    if local in _ROLE_MAILBOXES:
        email = local = ""
    return replace(credit, email=email, email_local=local)


def _local(email: str) -> str:
    return email.partition("@")[0]


def _with(known: tuple[str, ...], value: str) -> tuple[str, ...]:
    return known if value in ("", *known) else (*known, value)


def _has_key(reporter: Reporter) -> bool:
    return bool(reporter.emails or reporter.source_ids)


def _merged(person: Reporter, others: Iterable[Reporter]) -> Reporter:
    """The person with what is known of the others added."""
    everybody = [person, *others]
    return replace(
        person,
        names=tuple(dict.fromkeys(name for reporter in everybody for name in reporter.names)),
        emails=tuple(dict.fromkeys(email for reporter in everybody for email in reporter.emails)),
        source_ids=tuple(dict.fromkeys(source_id for reporter in everybody for source_id in reporter.source_ids)),
        role=next((reporter.role for reporter in everybody if reporter.role), ""),
    )
