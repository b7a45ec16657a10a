"""What every test may ask for: an empty database of either kind. And what holds for all: nothing leaves this machine."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import URL

from tests import postgresql

# Two busy cores make any deadline a matter of luck. CI tries the same examples each time, so that a red run can be repeated.
settings.register_profile("masthead", deadline=None)
settings.register_profile("masthead-ci", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("masthead-ci" if os.environ.get("CI") else "masthead")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database that only this test has; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'masthead.db'}"


@pytest.fixture
def postgresql_url(postgresql_server: URL) -> Iterator[str]:
    """The URL of an empty PostgreSQL database, dropped after the test."""
    with postgresql.fresh_database(postgresql_server) as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """One server for each test process, started when first asked for."""
    with postgresql.server() as url:
        yield url


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """Fails a test that connects to another machine; to the program itself, other machines' names do not exist."""
    with pytest.MonkeyPatch.context() as patch:
        for method in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, method, _guarded(getattr(socket.socket, method)))
        patch.setattr(socket, "getaddrinfo", _local_names(socket.getaddrinfo))
        yield


def _guarded(real: Callable[..., object]) -> Callable[..., object]:
    def guard(self: socket.socket, *arguments: Any) -> object:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(arguments[-1][0]):
            pytest.fail(f"a test tried to reach {arguments[-1]}; tests speak to loopback only")
        return real(self, *arguments)

    return guard


def _local_names(real: Callable[..., object]) -> Callable[..., object]:
    def getaddrinfo(host: str | bytes | None, *arguments: object, **named: object) -> object:
        name = host.decode() if isinstance(host, bytes) else host or ""
        if not (_is_here(name) or _is_address(name)):
            raise socket.gaierror(socket.EAI_NONAME, f"tests resolve no name but localhost: {name}")
        return real(host, *arguments, **named)

    return getaddrinfo


def _is_here(host: str) -> bool:
    return host in {"", "localhost", socket.gethostname()} or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
