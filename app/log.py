"""Structured logs on stderr: a static event name and identifiers, never photos, phone numbers, openids or tokens."""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, ExcInfo, FilteringBoundLogger, Processor


# Of the current request; None on the command line and in the worker.
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


def _add_request_id(_: object, __: str, event: "EventDict") -> "EventDict":
    """Add the id of the current request to a log line."""
    if (current := request_id.get()) is not None:
        event["request_id"] = current
    return event


# What is said of an error besides its type: names and numbers. Its message may quote a row, or what somebody wrote.
_FACTS: Final = ("sqlstate", "table_name", "column_name", "constraint_name", "errno", "strerror")


def describe(error: BaseException) -> str:
    """Return an error's type and facts, without its message."""
    facts = [f"{name}={value}" for name in _FACTS if (value := getattr(error, name, None)) is not None]
    return f"{type(error).__qualname__}({', '.join(facts)})"


def _stack(error: BaseException, seen: set[int]) -> Iterator[str]:
    """Yield where an error was raised and what it is; before it those that led to it and those of a group, each once."""
    seen.add(id(error))
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    for other in (earlier, *getattr(error, "exceptions", ())):
        if other is not None and id(other) not in seen:
            yield from _stack(other, seen)
    yield from traceback.format_tb(error.__traceback__)
    yield f"{describe(error)}\n"


def _format_exception(exc_info: "ExcInfo") -> str:
    return "".join(_stack(exc_info[1], set())).rstrip()


def configure(level: str) -> None:
    """Format all logs, those of libraries too, the same way: as JSON lines, or in colours on a terminal."""
    shared: list[Processor] = [
        _add_request_id,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_format_exception),
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
    """Return the logger of the module `name`."""
    logger: FilteringBoundLogger = structlog.get_logger(module=name)
    return logger
