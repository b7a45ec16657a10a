"""``make bench``: every comparison, or those named: ``make bench ARGS="digest"``."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

import structlog

from bench import delivery, digest, serving, websub

COMPARISONS: dict[str, Callable[[], object]] = {
    "digest": digest.run,
    "delivery": delivery.run,
    "serving": serving.run,
    "websub": websub.run,
}

structlog.configure(
    wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING)
)  # a log line costs more than some work here
if unknown := set(sys.argv[1:]) - COMPARISONS.keys():
    sys.exit(f"no comparison is called {', '.join(sorted(unknown))}; there are: {', '.join(COMPARISONS)}")
for name in sys.argv[1:] or COMPARISONS:
    COMPARISONS[name]()
