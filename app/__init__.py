"""Loudeng (楼灯): residents report what is broken, and the grid, the community or the street gets it fixed in time."""

__version__ = (
    "0.1.0"  # the only place it is written: pyproject.toml, OpenAPI and `python -m app --version` read it
)
