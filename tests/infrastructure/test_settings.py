"""A setting is documented once something reads it, and not before."""

import re
from collections.abc import Iterator
from pathlib import Path

import app
from app import settings
from app.settings import PREFIX, RESERVED, Settings
from tests.deployed import deployed

# How the program reads a setting: settings.get().port, conf.port after `conf = settings.get()`, .key("secret"); and
# .keys("secret"), which is the key and the previous one.
_READ = re.compile(r'\b(?:settings\.get\(\)|conf)\.(?:key\("(\w+)"\)|keys\("(\w+)"\)|(\w+))')
# A value each reserved setting takes; any other takes what is set.
_VALUES = {"wechat_templates": '{"ticket.resolved": {"id": "t"}}'}


def _sources() -> Iterator[str]:
    for path in Path(app.__file__).parent.rglob("*.py"):
        yield path.read_text("utf-8")


def settings_read() -> set[str]:
    """Return the names of the settings that some module of the program reads."""
    return {
        key or (both and f"{both}_previous") or name
        for source in _sources()
        for key, both, name in _READ.findall(source)
    }


def test_every_setting_is_read_or_reserved() -> None:
    """One that is read is no longer reserved: it is documented."""
    assert Settings.model_fields.keys() - settings_read() == RESERVED


def test_the_table_has_the_settings_that_have_an_effect() -> None:
    rows = {line.split("`")[1] for line in settings.table().splitlines() if line.startswith(f"| `{PREFIX}")}
    assert rows == {f"{PREFIX}{name}".upper() for name in Settings.model_fields.keys() - RESERVED}


def test_a_reserved_setting_is_accepted_and_named_as_without_effect() -> None:
    assert settings.without_effect() == []
    for name in RESERVED:
        with deployed(**{name: _VALUES.get(name, "x" * 43)}):
            assert settings.without_effect() == [f"{PREFIX}{name}".upper()]
            assert f"`{PREFIX}{name.upper()}`" in settings.table().rpartition("without effect")[2]
