"""``make bench``: every comparison, or those named: ``make bench ARGS="digest"``."""

from __future__ import annotations

import logging
import sys

import structlog

from bench import delivery, digest, feeds

COMPARISONS = {"digest": digest.run, "feeds": feeds.run, "delivery": delivery.run}

structlog.configure(
    wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING)
)  # a log line costs more than some work here
if unknown := set(sys.argv[1:]) - COMPARISONS.keys():
    sys.exit(f"no comparison is called {', '.join(sorted(unknown))}; there are: {', '.join(COMPARISONS)}")
for name in sys.argv[1:] or COMPARISONS:
    COMPARISONS[name]()
