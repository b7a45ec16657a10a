"""``python -m masthead``."""

from __future__ import annotations

from masthead.commands import main

main()
