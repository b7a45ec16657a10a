"""Serving one feed of 200 KB: the built-in server against one nginx worker, by `wrk` over loopback, in turns.

`wrk` and the server share the machine with whatever else runs. So beside answers a second there are answers for each second of the
server's own processor time, which do not depend on what else wants the processor.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from starlette.applications import Starlette

from bench.measure import Comparison
from bench.sample import articles
from feeds.storage.siblings import compressed
from masthead.web.clients import Allowance, Clients
from masthead.web.files import PublishedFiles
from masthead.web.front import Front
from masthead.web.server import Server

SIZE = 200_000
ROUNDS = 5
SECONDS = 3
CONNECTIONS = 16
GOAL = 0.25
NGINX = """\
daemon off;
master_process off;  # one worker, in the process that is started
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    types {{ application/atom+xml atom; }}
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    open_file_cache max=1000;
    server {{
        listen 127.0.0.1:{port};
        root {folder}/public;
        gzip_static on;
        add_header Cache-Control "public, max-age=300, stale-if-error=86400";
        add_header Vary Accept-Encoding;
        add_header X-Content-Type-Options nosniff;
        add_header Link '<https://feeds.dumul.example/front.atom>; rel="self", <https://hub.dumul.example/>; rel="hub"';
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A server of one process: the feed's address there, and the process's id."""

    address: str
    process: int

    def processor_time(self) -> float:
        """Seconds that it has computed so far (proc(5))."""
        fields = Path(f"/proc/{self.process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run() -> list[Comparison]:
    """Compare."""
    nginx, wrk = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"), shutil.which("wrk")
    if nginx is None or wrk is None:
        print("Serving a feed: skipped, for nginx or wrk is not installed (apt install nginx-light wrk)\n")
        return []
    compared = []
    with tempfile.TemporaryDirectory(prefix="masthead-bench-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)  # nginx's worker is another user
        _publish(folder / "public")
        with _masthead(folder / "public") as ours, _nginx(nginx, folder) as theirs:
            for answer, conditional in (("200 with gzip", False), ("304", True)):
                rounds = [(_rates(wrk, ours, conditional), _rates(wrk, theirs, conditional)) for _ in range(ROUNDS)]
                title = f"Serving a feed: {answer}, {CONNECTIONS} connections"
                print(title)
                for unit, number in (("answers/s", 0), ("answers/s of processor time", 1)):
                    pairs = tuple((mine[number], peers[number]) for mine, peers in rounds)
                    _report(unit, pairs)
                    compared.append(Comparison(title, unit, pairs))
                print()
    return compared


def _publish(folder: Path) -> None:
    """A feed as the paper would publish it, with its siblings."""
    folder.mkdir()
    number = 0
    entries: list[bytes] = []
    stories = articles(500)
    while sum(map(len, entries)) < SIZE:
        revision, number = stories[number].revision, number + 1
        text = revision.body.replace("&", "&amp;").replace("<", "&lt;") * 3
        entry = f"\n  <entry>\n    <id>{number}</id>\n    <title>{number}</title>\n    <content type='html'>{text}</content>\n  </entry>"
        entries.append(entry.encode())
    document = b"<feed xmlns='http://www.w3.org/2005/Atom'>" + b"".join(entries) + b"\n</feed>\n"
    (folder / "front.atom").write_bytes(document)
    for name, body in compressed("front.atom", document).items():
        (folder / name).write_bytes(body)
    print(f"a feed of {len(document) / 1000:.0f} KB, {(folder / 'front.atom.gz').stat().st_size / 1000:.0f} KB with gzip")


@contextmanager
def _masthead(folder: Path) -> Iterator[Running]:
    """The server of ``masthead run`` and all that stands before a published file: the allowance counts, but never runs out."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        process = multiprocessing.get_context("spawn").Process(target=_serve, args=(folder, listener), daemon=True)
        process.start()
        try:
            yield _answering(f"http://127.0.0.1:{listener.getsockname()[1]}/front.atom", process.pid)
        finally:
            process.terminate()
            process.join()


def _serve(folder: Path, listener: socket.socket) -> None:
    files = PublishedFiles(folder, base="https://feeds.dumul.example", hubs=("https://hub.dumul.example/",))
    Server(Front(files, Starlette(), Clients(()), allowance=Allowance(10**9), seen=lambda *_: None)).run([listener])


@contextmanager
def _nginx(program: str, folder: Path) -> Iterator[Running]:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    configuration = folder / "nginx.conf"
    configuration.write_text(NGINX.format(folder=folder, port=port), encoding="utf-8")
    process = subprocess.Popen([program, "-p", str(folder), "-c", str(configuration)], stderr=subprocess.DEVNULL)
    try:
        yield _answering(f"http://127.0.0.1:{port}/front.atom", process.pid)
    finally:
        process.terminate()
        process.wait()


def _answering(address: str, process: int | None) -> Running:
    """The server, once there is an answer."""
    deadline = time.monotonic() + 20
    while True:
        try:
            _etag(address)
        except (URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            assert process is not None
            return Running(address, process)


def _etag(address: str) -> str:
    with urlopen(Request(address, headers={"Accept-Encoding": "gzip"}), timeout=10) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        return str(response.headers["ETag"])


def _rates(wrk: str, server: Running, conditional: bool) -> tuple[float, float]:  # noqa: FBT001 (one of two questions, put in turns)
    """Answers a second, and for each second of the server's processor time. With ``conditional`` each is a 304."""
    headers = ["-H", "Accept-Encoding: gzip", *(["-H", f"If-None-Match: {_etag(server.address)}"] if conditional else [])]
    before = server.processor_time()
    command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *headers, server.address]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    worked = server.processor_time() - before
    answers, rate = re.search(r"(\d+) requests in", said), re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert answers is not None
    assert rate is not None
    assert "Non-2xx" not in said, said
    return float(rate[1]), int(answers[1]) / worked


def _report(unit: str, pairs: Sequence[tuple[float, float]]) -> None:
    for side, name in enumerate(("Masthead: one process", "nginx: one worker, gzip_static")):
        print(f"  {name:<44} {statistics.median(pair[side] for pair in pairs):>12,.1f} {unit}")
    ratios = sorted(ours / theirs for ours, theirs in pairs)
    print(
        f"  ratio {statistics.median(ratios):.2f} (from {ratios[0]:.2f} to {ratios[-1]:.2f} in {len(pairs)} pairs; goal {GOAL})"
    )
