"""nginx and Caddy with the configurations that are shipped: only the places and ports in them are this machine's."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
PATIENCE = 20.0


@contextmanager
def nginx(folder: Path, public: Path, upstream: str, *, uncommented: tuple[str, ...] = ()) -> Iterator[str]:
    """A real nginx that serves ``public``, with these commented parts of its configuration in force; its address."""
    program = _program("nginx", "/usr/sbin/nginx")
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    for part in (*uncommented, *(["brotli_static on;"] if BROTLI.exists() else [])):
        text = _uncommented(text, part)
    with _listener() as listener:
        port = listener.getsockname()[1]
        text = _replaced(text, "listen 80;", f"listen 127.0.0.1:{port};")
        text = _replaced(text, "listen [::]:80;", "")
        text = _replaced(text, "/srv/masthead/public", str(public))
        text = _replaced(text, "server 127.0.0.1:8000;", f"server {upstream.removeprefix('http://')};")
        (folder / "masthead.conf").write_text(text, encoding="utf-8")
        temporary = "".join(
            f"{kind}_temp_path {folder / kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            (f"load_module {BROTLI};\n" if BROTLI.exists() else "")
            + ("user root;\n" if os.geteuid() == 0 else "")
            + f"daemon off;\nworker_processes 1;\npid {folder / 'nginx.pid'};\nerror_log {folder / 'error.log'};\n"
            + f"events {{}}\nhttp {{\n{temporary}include {folder / 'masthead.conf'};\n}}\n",
            encoding="utf-8",
        )
        command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
        # nginx takes over a socket that is listening already: so an upgrade of it works, and nobody else can have the port.
        environment = {**os.environ, "NGINX": f"{listener.fileno()};"}
        with _running(command, environment, (listener.fileno(),)) as process:
            yield _answering(process, port, folder / "error.log")


@contextmanager
def caddy(folder: Path, public: Path, upstream: str, *, uncommented: tuple[str, ...] = ()) -> Iterator[str]:
    """A real Caddy, likewise."""
    program = _program("caddy")
    text = (DEPLOY / "Caddyfile").read_text("utf-8")
    for part in uncommented:
        text = _uncommented(text, part)
    with _listener() as listener:  # Caddy takes no socket of another's: its port is free, but not held for it
        port = listener.getsockname()[1]
    text = _replaced(text, "feeds.hangang.example { # (*)", f"http://127.0.0.1:{port} {{")
    text = _replaced(text, "/srv/masthead/public", str(public))
    text = _replaced(text, "127.0.0.1:8000", upstream.removeprefix("http://"))
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https off\n}}\n{text}", encoding="utf-8")
    command = [program, "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    with (folder / "error.log").open("wb") as log:
        environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
        with _running(command, environment, (), log.fileno()) as process:
            yield _answering(process, port, folder / "error.log")


def _program(name: str, *places: str) -> str:
    found = shutil.which(name) or next((place for place in places if Path(place).exists()), None)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def _replaced(text: str, old: str, new: str) -> str:
    assert old in text, f"the shipped configuration has no {old!r} any more"
    return text.replace(old, new)


def _uncommented(text: str, start: str) -> str:
    """The configuration with the comment of this line taken away, and to the end of its block if it opens one."""
    lines = text.splitlines()
    first = next((n for n, line in enumerate(lines) if line.strip().startswith(f"# {start}")), None)
    assert first is not None, f"the shipped configuration has no comment {start!r} any more"
    last = first
    if lines[first].rstrip().endswith("{"):
        last = next(n for n in range(first, len(lines)) if lines[n].strip() == "# }")
    for number in range(first, last + 1):
        lines[number] = lines[number].replace("# ", "", 1)
    return "\n".join(lines) + "\n"


@contextmanager
def _listener() -> Iterator[socket.socket]:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener


@contextmanager
def _running(
    command: list[str], environment: dict[str, str], sockets: tuple[int, ...], log: int = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, env=environment, pass_fds=sockets, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _answering(process: subprocess.Popen[bytes], port: int, log: Path) -> str:
    """The server's address, once it answers."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
                if connection.recv(1):
                    return f"http://127.0.0.1:{port}"
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"the server does not answer: {log.read_text('utf-8') if log.exists() else process.poll()}")
