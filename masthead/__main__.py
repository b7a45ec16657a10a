"""``python -m masthead``."""

from masthead.commands import main

main()
