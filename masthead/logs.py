"""Structured lines on standard error: readable on a terminal, JSON for a collector. What libraries log goes the same way."""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if chr(code) != "\n"}


def configure_logs(*, verbose: bool, as_json: bool) -> None:
    """Log what is done, or without ``verbose`` only what goes wrong. A traceback shows no values: they may be secrets."""
    rendered: tuple[Processor, ...]
    if as_json:
        tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        rendered = (structlog.processors.ExceptionRenderer(tracebacks), structlog.processors.JSONRenderer(ensure_ascii=False))
    else:
        plain = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        rendered = (_printable, plain)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            *rendered,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO if verbose else logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(handlers=[_Forward()], level=logging.WARNING, force=True)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a job still runs when it is due again is no news


def printable(text: str) -> str:
    """The text with control characters made visible, so that nothing from a source moves the cursor of a terminal."""
    return text.translate(_CONTROL)


class _Forward(logging.Handler):
    """Hands the records of the standard library's loggers to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger()
        log.log(record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info)


def _printable(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {name: printable(value).replace("\n", "\\n") if isinstance(value, str) else value for name, value in event.items()}
