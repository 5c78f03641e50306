"""How long a test waits for a program that may hang: on a shared machine it may be slow, which is no fault."""

from typing import Final

HANGING: Final = (
    280  # seconds for one program to end; pyproject.toml's limit of a whole test is a little longer
)
