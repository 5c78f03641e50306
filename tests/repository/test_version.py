"""The version is written once, and everything that states it agrees."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

from app import __version__
from app.main import create_app

TOP = Path(__file__).parents[2]


def test_openapi_states_the_version() -> None:
    assert create_app().openapi()["info"]["version"] == __version__


def test_the_command_line_states_the_version() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "app", "--version"], cwd=TOP, capture_output=True, text=True, check=True
    )
    assert result.stdout == f"loudeng {__version__}\n"


def test_the_mini_program_has_the_same_version() -> None:
    assert json.loads((TOP / "miniprogram/package.json").read_text("utf-8"))["version"] == __version__


def test_package_metadata_takes_the_version_from_the_program() -> None:
    document = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))
    assert "version" not in document["project"]
    assert document["tool"]["setuptools"]["dynamic"]["version"]["attr"] == "app.__version__"


def test_the_licence_is_apache_2() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["license"] == "Apache-2.0"
    text = "".join((TOP / name).read_text("utf-8") for name in project["license-files"])
    assert "Apache License\n                           Version 2.0, January 2004" in text
