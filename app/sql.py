"""SQL with named parameters: `:name` becomes `$n`, numbered by the first appearance of each name."""

import re
from collections.abc import Mapping
from typing import Any

# Matches neither a cast (`::text`) nor a colon inside a word ('HH24:MI').
_PARAMETER = re.compile(r"(?<![:\w]):([a-z][a-z0-9_]*)")


class Statement:
    """A statement with named parameters. Every call must pass exactly these parameters."""

    __slots__ = ("names", "text")

    def __init__(self, text: str) -> None:
        self.names = tuple(dict.fromkeys(_PARAMETER.findall(text)))
        placeholders = {name: f"${n}" for n, name in enumerate(self.names, 1)}
        self.text = _PARAMETER.sub(lambda match: placeholders[match[1]], text)

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """Return the values in the order of the placeholders. Raises TypeError for a missing or an unknown name."""
        if len(values) != len(self.names):
            raise TypeError(f"the statement takes {sorted(self.names)}, got {sorted(values)}")
        try:
            return [values[name] for name in self.names]
        except KeyError as error:
            raise TypeError(f"the statement takes {sorted(self.names)}, {error} is missing") from None
