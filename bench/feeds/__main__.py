"""``make bench-feeds``: everything, or the parts that are named: ``make bench-feeds ARGS="rebuild"``."""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import structlog

from bench import serving, websub
from bench.feeds import one_article, rebuild
from bench.feeds.table import Line, ratio_line, table
from bench.measure import Comparison

PARTS: dict[str, Callable[[Path], list[Line]]] = {
    "rebuild": rebuild.run,
    "article": one_article.run,
    "serving": lambda _: [
        ratio_line(f"{found.title} / one nginx worker", found.pairs, unit=found.unit, goal=_goal(found), larger_is_better=True)
        for found in serving.run()
    ],
    "websub": lambda _: [
        ratio_line(f"{found.title} / a loop of posts", found.pairs, unit=found.unit, goal=None, larger_is_better=True)
        for found in websub.run()
    ],
}


def _goal(found: Comparison) -> float | None:
    return serving.GOAL if "304" in found.title and found.unit == "answers/s" else None


structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
if unknown := set(sys.argv[1:]) - PARTS.keys():
    sys.exit(f"no part is called {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
lines: list[Line] = []
with tempfile.TemporaryDirectory(prefix="masthead-bench-") as folder:
    for part in sys.argv[1:] or PARTS:
        lines += PARTS[part](Path(folder) / part)
print(table(lines))
