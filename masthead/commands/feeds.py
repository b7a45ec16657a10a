"""Commands about feeds, whoever made them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from feeds.checker import RULES, Finding, Severity, named_feeds
from feeds.checker.addresses import is_web
from feeds.checker.archive import check_history
from feeds.checker.check import Checked, check_address, check_file, file_of, files_below, read_file
from feeds.checker.hubs import Hubs
from feeds.checker.wire import Wire
from masthead.commands.console import ConfigOption, JsonOption, print_json, resolved, say, warn
from masthead.config import load_config

commands = typer.Typer(help="Look at feeds as readers do.", no_args_is_help=True)
_SHOWN = 3


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(commands, name="feeds")


@commands.callback()
def _group() -> None:
    """Keeps ``check`` a command of its own while it is the only one."""


@commands.command()
def check(
    context: typer.Context,
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            help="Addresses, files or folders. Without: the folder that the feeds are published to.",
            metavar="[URL|FILE]...",
            show_default=False,
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Check every feed too that an OPML file or a page names.")] = False,
    history: Annotated[bool, typer.Option("--history", help="Walk back through the archives of each feed (RFC 5005).")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Take warnings for errors.")] = False,
    rules: Annotated[bool, typer.Option("--rules", help="List the rules instead.")] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check feeds, OPML files, sitemaps and pages, and how they are served.

    Exits 1 if there is an error, and 0 if there are only warnings and notes.
    """
    if rules:
        _show_rules(as_json=as_json)
        return
    now = datetime.now(UTC)
    with Wire() as wire:
        checked = list(
            _checked(_places(targets or _published(context, config)), wire, now, everything=everything, history=history)
        )
    if as_json:
        print_json([{"document": found.place, "findings": [asdict(finding) for finding in found.findings]} for found in checked])
    else:
        _show(checked)
    bad = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    if any(finding.severity in bad for found in checked for finding in found.findings):
        raise typer.Exit(1)


def _show_rules(*, as_json: bool) -> None:
    if as_json:
        print_json(RULES)
        return
    for rule, title in RULES.items():
        say(f"{rule:<4} {title}")


def _published(context: typer.Context, config: Path | None) -> list[str]:
    directory = str(load_config(resolved(context, config)).feeds.directory)
    if "://" in directory:
        raise typer.BadParameter(f"the feeds are published to {directory}; name addresses to check")
    return [directory]


def _places(targets: Iterable[str]) -> Iterator[str | Path]:
    for target in targets:
        path = Path(target)
        if is_web(target):
            yield target
        elif path.is_dir():
            yield from files_below(path)
        elif path.exists():
            yield path
        else:
            raise typer.BadParameter(f'"{target}" is neither an address of the web nor a file or folder that is there')


def _checked(places: Iterable[str | Path], wire: Wire, now: datetime, *, everything: bool, history: bool) -> Iterator[Checked]:
    """Each document once, in the order that they are named in."""
    waiting = deque(places)
    seen: set[str] = set()
    while waiting:
        place = waiting.popleft()
        if str(place) in seen:
            continue
        seen.add(str(place))
        found = check_file(place, now) if isinstance(place, Path) else check_address(place, wire, now)
        yield found
        if everything:
            waiting += named_feeds(found.data, found.place)
        if history and found.data:
            yield from _walked(place, found.data, wire, now)


def _walked(place: str | Path, data: bytes, wire: Wire, now: datetime) -> Iterator[Checked]:
    own = next(iter(Hubs.of_document(data).selves), "")

    def read(address: str) -> bytes:
        if isinstance(place, Path):
            return read_file(file_of(address, place, own))
        return wire.ask(address).plain()

    for address, findings in check_history(data, read, now):
        whole = f"{place} with its history" if address == own else address
        yield Checked(whole, tuple(findings))


def _show(checked: Sequence[Checked]) -> None:
    for found in checked:
        if found.findings:
            say(found.place)
            _show_findings(found.findings)
    counts = Counter(finding.severity for found in checked for finding in found.findings)
    numbers = ", ".join(f"{counts[severity]:,} {severity}{'' if counts[severity] == 1 else 's'}" for severity in Severity)
    say(f"{len(checked):,} document{'' if len(checked) == 1 else 's'}: {numbers}.")
    if not checked:
        warn("There was nothing to check.")


def _show_findings(findings: Sequence[Finding]) -> None:
    order = list(Severity)
    listed = sorted(findings, key=lambda finding: (order.index(finding.severity), list(RULES).index(finding.rule)))
    for (severity, rule), group in groupby(listed, key=lambda finding: (finding.severity, finding.rule)):
        same = list(group)
        say(f"  {severity} {rule} {RULES[rule]}")
        for finding in same[:_SHOWN]:
            say(f"    {finding.where}: {finding.message}")
        if len(same) > _SHOWN:
            say(f"    … and {len(same) - _SHOWN:,} more")
