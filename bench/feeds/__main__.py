"""``make bench-feeds``: everything, or the parts that are named: ``make bench-feeds ARGS="rebuild"``."""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import structlog

from bench.feeds import one_article, rebuild
from bench.feeds.table import Line, table

PARTS: dict[str, Callable[[Path], list[Line]]] = {"rebuild": rebuild.run, "article": one_article.run}

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
if unknown := set(sys.argv[1:]) - PARTS.keys():
    sys.exit(f"no part is called {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
lines: list[Line] = []
with tempfile.TemporaryDirectory(prefix="masthead-bench-") as folder:
    for part in sys.argv[1:] or PARTS:
        lines += PARTS[part](Path(folder) / part)
print(table(lines))
