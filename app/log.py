"""Structured logs on stderr: a static event name and identifiers, never photos, phones, openids or tokens."""

import logging
import sys
from contextvars import ContextVar
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, FilteringBoundLogger, Processor


# The request at hand; the command line and the worker have none.
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


def _named(_: object, __: str, event: "EventDict") -> "EventDict":
    """Name the request at hand in every line it writes."""
    if (named := request_id.get()) is not None:
        event["request_id"] = named
    return event


def configure(level: str) -> None:
    """Send every logger, the libraries' own included, through one renderer: JSON lines, or colours on a terminal."""
    shared: list[Processor] = [
        _named,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    tty = sys.stderr.isatty()
    render: Processor = (
        structlog.dev.ConsoleRenderer() if tty else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def get(name: str) -> "FilteringBoundLogger":
    """Return the logger of one module; `name` is its noun."""
    logger: FilteringBoundLogger = structlog.get_logger(module=name)
    return logger
