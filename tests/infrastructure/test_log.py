"""Log lines of errors say what happened and where, never what a row holds or what somebody wrote."""

import io
import logging
import sys
from collections.abc import Callable
from typing import Final

import pytest
import structlog
from pydantic import BaseModel

from app import db, log
from tests.world import Everybody

SECRET: Final = "欧阳建国"


class _Named(BaseModel):
    name: int


def _quoted() -> None:
    raise ValueError(SECRET)


def _validated() -> None:
    _Named.model_validate({"name": SECRET})


def _decoded() -> None:
    SECRET.encode().decode("ascii")


def _caused() -> None:
    try:
        _quoted()
    except ValueError as error:
        raise RuntimeError("unforeseen") from error


def _in_between() -> None:
    try:
        _quoted()
    finally:
        dict[str, int]()[SECRET]


def _together() -> None:
    raise ExceptionGroup(SECRET, [ValueError(SECRET), KeyError(SECRET)])


# What goes wrong, and the types that the line names.
ERRORS: Final[list[tuple[Callable[[], None], list[str]]]] = [
    (_quoted, ["ValueError()"]),
    (_validated, ["ValidationError()"]),
    (_decoded, ["UnicodeDecodeError()"]),
    (_caused, ["ValueError()", "RuntimeError()"]),
    (_in_between, ["ValueError()", "KeyError()"]),
    (_together, ["ValueError()", "KeyError()", "ExceptionGroup()"]),
]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """Log as the program does; give what was written."""
    out = io.StringIO()
    monkeypatch.setattr(sys, "stderr", out)
    log.configure("DEBUG")
    structlog.configure(cache_logger_on_first_use=False)
    return out.getvalue


@pytest.mark.parametrize(("wrong", "types"), ERRORS)
@pytest.mark.parametrize("library", [False, True], ids=["ours", "library"])
def test_an_error_is_logged_without_its_message(
    said: Callable[[], str], wrong: Callable[[], None], types: list[str], library: bool
) -> None:
    try:
        wrong()
    except Exception:  # noqa: BLE001 - whatever it is
        (logging.getLogger("asyncio") if library else log.get("test")).exception("failed")
    line = said()
    assert SECRET not in line
    assert ascii(SECRET)[1:-1] not in line
    assert [name for name in types if name not in line] == []
    assert f"in {wrong.__name__}" in line


async def test_of_the_database_s_error_it_names_what_was_violated_and_no_row(
    people_of: Everybody, said: Callable[[], str]
) -> None:
    await people_of("resident")
    for statement in (
        f"UPDATE person SET id = NULL, name = '{SECRET}'",
        f"UPDATE person SET openid = '{SECRET}'",
        f"SELECT '{SECRET}'::uuid",
    ):
        try:
            await db.fetch(statement)
        except Exception:  # noqa: BLE001 - whatever it is
            log.get("test").exception("failed")
    line = said()
    assert SECRET not in line
    assert "sqlstate=23502, table_name=person, column_name=id" in line
    assert "constraint_name=ix_person_openid" in line or "constraint_name=person_openid" in line
    assert "sqlstate=22P02" in line
