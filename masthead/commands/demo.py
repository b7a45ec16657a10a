"""`masthead demo`: the main job, live, with an invented Korean daily."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(demo)


def demo(
    once: Annotated[bool, typer.Option("--once", help="Do everything once, say what came out, and end.")] = False,
    port: Annotated[
        int, typer.Option(help="Where Masthead's pages are; the paper's site and the inbox take the next two. 0: any free ones.")
    ] = 8800,
    keep: Annotated[
        Path | None,
        typer.Option(help="Keep the demo's files in this folder; otherwise they are removed at the end.", show_default=False),
    ] = None,
) -> None:
    """Show everything live: an invented Korean daily on this machine, its feeds, and its digest in an inbox."""
    from masthead.demo.show import play

    play(once=once, port=port, keep=keep)
