"""Imports run one way, and each awkward library stands behind one module: pyproject.toml says how, import-linter looks."""

from __future__ import annotations

from pathlib import Path

import grimp
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[1]
OURS = ("newsroom", "feeds", "newsletter", "masthead")


def test_the_import_contracts_hold() -> None:
    """A part could no longer be changed, or a library replaced, without touching the others."""
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True) == 0, "said above"


def test_the_model_imports_nothing_of_ours() -> None:
    """The shared words would drag a database or a web client into everything that speaks them."""
    graph = grimp.build_graph(*OURS, cache_dir=None)
    assert graph.find_modules_directly_imported_by("newsroom.model") == set()
