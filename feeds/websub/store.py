"""What is subscribed and what is owed. All of WebSub's SQL stands here.

Owed work is claimed by moving its ``due`` on: nobody else takes it meanwhile, and where the claimer dies it is due again. What was
claimed is settled under the version or token it had: if it changed in between, it stays owed.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from feeds.websub.model import Mode, Outcome, PendingRequest, Ping, Push, SubscriptionRequest, backoff
from feeds.websub.settings import HubSettings
from feeds.websub.tables import hub_ping, hub_push, hub_request, hub_subscription
from newsroom.database import Database, Instant

GIVE_UP_FAILURES = 8
GIVE_UP_AFTER = timedelta(days=1)
"""A callback is dropped after so many failures in a row over so long a time."""
MAX_VERIFICATIONS = 3
_CHUNK = 500


class WebSubStore:
    """Subscriptions, requests for them, pushes and pings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- what is owed ---

    def owe(self, topics: Sequence[str], hubs: Sequence[str], now: datetime) -> None:
        """Owe each topic's newest document to its subscribers, and the news of it to the hubs.

        Whoever failed before goes on waiting as long as it was to wait.
        """
        version = secrets.token_hex(8)
        names = ["subscription_id", "version", "due", "attempts"]
        with self._database.write() as connection:
            for start in range(0, len(topics), _CHUNK):
                changed = topics[start : start + _CHUNK]
                debtors = select(hub_subscription.c.id, literal(version), literal(now, Instant), literal(0)).where(
                    hub_subscription.c.topic.in_(changed), hub_subscription.c.expires > now
                )
                push = self._insert(hub_push).from_select(names, debtors)
                connection.execute(push.on_conflict_do_update(index_elements=["subscription_id"], set_={"version": version}))
                pings = [{"hub": hub, "topic": topic} for hub in hubs for topic in changed]
                if pings:
                    ping = self._insert(hub_ping).values(version=version, due=now, attempts=0)
                    again = ping.on_conflict_do_update(index_elements=["hub", "topic"], set_={"version": version})
                    connection.execute(again, pings)

    def forget(self, hubs: Collection[str], now: datetime) -> int:
        """Delete subscriptions whose lease is over, and pings to hubs other than these; returns how many subscriptions."""
        with self._database.write() as connection:
            connection.execute(delete(hub_ping).where(hub_ping.c.hub.not_in(hubs)))
            return connection.execute(delete(hub_subscription).where(hub_subscription.c.expires <= now)).rowcount

    # --- subscriptions ---

    def admit(self, request: SubscriptionRequest, bounds: HubSettings, now: datetime) -> str:
        """Keep a request until its callback confirms it; returns the bound that it would break, or nothing.

        A renewal breaks none but that of pending ones. On PostgreSQL requests of the same moment may pass a bound by their number.
        """
        with self._database.write() as connection:
            if broken := self._broken_bound(connection, request, bounds):
                return broken
            values = {
                "topic": request.topic,
                "callback": request.callback,
                "mode": request.mode.value,
                "host": request.host,
                "secret": request.secret,
                "lease_seconds": int(request.lease.total_seconds()),
                "token": secrets.token_hex(8),
                "due": now,
                "attempts": 0,
            }
            statement = self._insert(hub_request).values(**values)
            connection.execute(statement.on_conflict_do_update(index_elements=["topic", "callback", "mode"], set_={**values}))
            return ""

    def subscribed(self, topic: str, callback: str, now: datetime) -> bool:
        """Whether a confirmed subscription runs."""
        with self._database.read() as connection:
            return bool(connection.scalar(select(func.count()).where(_pair(topic, callback), hub_subscription.c.expires > now)))

    def subscribers(self, now: datetime) -> dict[str, int]:
        """How many subscriptions each topic has."""
        counts = select(hub_subscription.c.topic, func.count().label("number")).where(hub_subscription.c.expires > now)
        with self._database.read() as connection:
            return {row.topic: row.number for row in connection.execute(counts.group_by(hub_subscription.c.topic))}

    # --- requests, until their callbacks confirm them ---

    def claim_requests(self, limit: int, now: datetime, until: datetime) -> list[PendingRequest]:
        """Requests to be verified now, nobody else's ``until`` then."""
        rows = self._claim(select(hub_request), hub_request, ("topic", "callback", "mode"), limit, now=now, until=until)
        return [
            PendingRequest(
                request=SubscriptionRequest(
                    mode=Mode(row.mode),
                    topic=row.topic,
                    callback=row.callback,
                    host=row.host,
                    lease=timedelta(seconds=row.lease_seconds),
                    secret=row.secret,
                ),
                token=row.token,
                attempts=row.attempts + 1,
            )
            for row in rows
        ]

    def settle_requests(self, results: Sequence[tuple[PendingRequest, Outcome]], now: datetime) -> None:
        """Subscribe or unsubscribe what was confirmed, let go what was refused or never answered."""
        with self._database.write() as connection:
            for pending, outcome in results:
                this = hub_request.c.token == pending.token
                which = and_(_same(hub_request, pending.request), hub_request.c.mode == pending.request.mode.value, this)
                if outcome is Outcome.AGAIN and pending.attempts < MAX_VERIFICATIONS:
                    connection.execute(update(hub_request).where(which).values(due=now + backoff(pending.attempts)))
                    continue
                ours = connection.execute(delete(hub_request).where(which)).rowcount == 1
                if ours and outcome is Outcome.DONE:
                    self._carry_out(connection, pending.request, now)

    # --- pushes to subscribers ---

    def claim_pushes(self, limit: int, now: datetime, until: datetime) -> list[Push]:
        """Pushes to be made now, nobody else's ``until`` then."""
        query = (
            select(hub_push, hub_subscription.c.topic, hub_subscription.c.callback, hub_subscription.c.secret)
            .join(hub_subscription, hub_subscription.c.id == hub_push.c.subscription_id)
            .where(hub_subscription.c.expires > now)
        )
        return [
            Push(
                subscription=row.subscription_id,
                topic=row.topic,
                callback=row.callback,
                secret=row.secret,
                version=row.version,
                attempts=row.attempts + 1,
            )
            for row in self._claim(query, hub_push, ("subscription_id",), limit, now=now, until=until)
        ]

    def settle_pushes(self, results: Sequence[tuple[Push, Outcome]], now: datetime) -> int:
        """Write what came of pushes; returns how many subscriptions were dropped because of it.

        One that was made while the topic changed again is due again at once.
        """
        done = [push for push, outcome in results if outcome is Outcome.DONE]
        failed = [push for push, outcome in results if outcome is Outcome.AGAIN]
        gone = [push.subscription for push, outcome in results if outcome is Outcome.DROPPED]
        mine = hub_push.c.subscription_id == bindparam("key")
        with self._database.write() as connection:
            if done:
                keys = [{"key": push.subscription, "pushed": push.version} for push in done]
                connection.execute(delete(hub_push).where(mine, hub_push.c.version == bindparam("pushed")), keys)
                well = [push.subscription for push in done]
                connection.execute(update(hub_push).where(hub_push.c.subscription_id.in_(well)).values(due=now, attempts=0))
                failing = and_(hub_subscription.c.id.in_(well), hub_subscription.c.failures > 0)
                connection.execute(update(hub_subscription).where(failing).values(failures=0, failing_since=None))
            if failed:
                later = [{"key": push.subscription, "later": now + backoff(push.attempts)} for push in failed]
                connection.execute(update(hub_push).where(mine).values(due=bindparam("later")), later)
                ill = hub_subscription.c.id.in_([push.subscription for push in failed])
                since = func.coalesce(hub_subscription.c.failing_since, literal(now, Instant))
                counted = update(hub_subscription).where(ill)
                connection.execute(counted.values(failures=hub_subscription.c.failures + 1, failing_since=since))
            dead = and_(
                hub_subscription.c.id.in_([push.subscription for push in failed]),
                hub_subscription.c.failures >= GIVE_UP_FAILURES,
                hub_subscription.c.failing_since <= now - GIVE_UP_AFTER,
            )
            return connection.execute(delete(hub_subscription).where(or_(hub_subscription.c.id.in_(gone), dead))).rowcount

    # --- pings to other people's hubs ---

    def claim_pings(self, limit: int, now: datetime, until: datetime) -> list[Ping]:
        """Pings to be sent now, nobody else's ``until`` then."""
        return [
            Ping(hub=row.hub, topic=row.topic, version=row.version, attempts=row.attempts + 1)
            for row in self._claim(select(hub_ping), hub_ping, ("hub", "topic"), limit, now=now, until=until)
        ]

    def settle_pings(self, results: Sequence[tuple[Ping, Outcome]], now: datetime) -> None:
        """Write what came of pings. One for a topic that changed again meanwhile is due again at once."""
        with self._database.write() as connection:
            for ping, outcome in results:
                which = and_(hub_ping.c.hub == ping.hub, hub_ping.c.topic == ping.topic)
                if outcome is Outcome.AGAIN:
                    connection.execute(update(hub_ping).where(which).values(due=now + backoff(ping.attempts)))
                else:
                    connection.execute(delete(hub_ping).where(which, hub_ping.c.version == ping.version))
                    connection.execute(update(hub_ping).where(which).values(due=now, attempts=0))

    # --- helpers ---

    def _broken_bound(self, connection: Connection, request: SubscriptionRequest, bounds: HubSettings) -> str:
        def count(table: Table, *which: ColumnElement[bool]) -> int:
            return connection.scalar(select(func.count()).select_from(table).where(*which)) or 0

        others = ~_same(hub_request, request)
        if count(hub_request, others) >= bounds.max_pending:
            return "too many requests wait for their confirmation"
        if count(hub_subscription, _same(hub_subscription, request)):
            return ""
        renewed = exists().where(_pair(hub_request.c.topic, hub_request.c.callback))
        new = and_(others, hub_request.c.mode == Mode.SUBSCRIBE.value, ~renewed)
        for bound, column, value, whose in (
            (bounds.max_per_callback, "callback", request.callback, "this callback has"),
            (bounds.max_per_host, "host", request.host, "this callback's host has"),
        ):
            number = count(hub_subscription, hub_subscription.c[column] == value)
            if number + count(hub_request, new, hub_request.c[column] == value) >= bound:
                return f"{whose} too many subscriptions"
        if count(hub_subscription) + count(hub_request, new) >= bounds.max_subscriptions:
            return "this hub has too many subscriptions"
        return ""

    def _carry_out(self, connection: Connection, request: SubscriptionRequest, now: datetime) -> None:
        if request.mode is Mode.UNSUBSCRIBE:
            connection.execute(delete(hub_subscription).where(_pair(request.topic, request.callback)))
            return
        terms = {"secret": request.secret, "expires": now + request.lease, "failures": 0, "failing_since": None}
        statement = self._insert(hub_subscription).values(
            topic=request.topic, callback=request.callback, host=request.host, **terms
        )
        connection.execute(statement.on_conflict_do_update(index_elements=["topic", "callback"], set_=terms))

    def _claim(
        self, query: Any, table: Table, key: tuple[str, ...], limit: int, *, now: datetime, until: datetime
    ) -> Sequence[Any]:  # rows of any shape
        """The rows of a query that are due, the longest waiting first, their ``due`` moved to ``until``."""
        columns = [table.c[name] for name in key]
        due = query.where(table.c.due <= now).order_by(table.c.due, *columns).limit(limit)
        with self._database.write() as connection:
            rows: Sequence[Any] = connection.execute(due.with_for_update(of=table, skip_locked=True)).all()
            if rows:
                claimed = tuple_(*columns).in_([tuple(getattr(row, name) for name in key) for row in rows])
                connection.execute(update(table).where(claimed).values(due=until, attempts=table.c.attempts + 1))
            return rows

    @property
    def _insert(self) -> Any:  # both dialects have the same on_conflict_* methods, without a common type
        return sqlite.insert if self._database.is_sqlite else postgresql.insert


def _pair(topic: str | Column[Any], callback: str | Column[Any]) -> ColumnElement[bool]:
    return and_(hub_subscription.c.topic == topic, hub_subscription.c.callback == callback)


def _same(table: Table, request: SubscriptionRequest) -> ColumnElement[bool]:
    return and_(table.c.topic == request.topic, table.c.callback == request.callback)
