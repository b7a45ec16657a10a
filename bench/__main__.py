"""``make bench``: every comparison, or those named: ``make bench ARGS="digest"``."""

from __future__ import annotations

import sys

from bench import delivery, digest, feeds

COMPARISONS = {"digest": digest.run, "feeds": feeds.run, "delivery": delivery.run}

if unknown := set(sys.argv[1:]) - COMPARISONS.keys():
    sys.exit(f"no comparison is called {', '.join(sorted(unknown))}; there are: {', '.join(COMPARISONS)}")
for name in sys.argv[1:] or COMPARISONS:
    COMPARISONS[name]()
