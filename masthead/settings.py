"""The ``[web]`` table of ``config.toml``."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Annotated

from pydantic import AfterValidator, Field

from newsroom.settings import ConfigPath, Network, Table, Url


def _listen(value: str) -> str:
    match = re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[\w.-]+):(\d{1,5})", value)
    if not match or int(match[2]) > 65535:
        raise ValueError('write host and port, such as "127.0.0.1:8000"')
    return value


class WebSettings(Table):
    """``[web]``: where Masthead listens, and the public address under which readers reach it."""

    listen: Annotated[str, AfterValidator(_listen)] = "127.0.0.1:8000"
    url: Url = "http://127.0.0.1:8000"
    secret_file: ConfigPath | None = None
    """A file with the secret that signs links. Without one a secret is made once and kept in the store."""
    metrics: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    """Networks that may read ``/metrics``: it names feeds and numbers that are the paper's own business."""
    rate: Annotated[int, Field(ge=0, le=1_000_000)] = 600
    """Requests that one client may make in a minute; an unchanged file counts a tenth. 0 for any number."""
    proxies: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    """Networks of proxies in front, which are believed when they say for whom they ask (X-Forwarded-For)."""

    @property
    def host(self) -> str:
        """The address to listen on."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port to listen on; 0 lets the system choose."""
        return int(self.listen.rpartition(":")[2])
