"""The processes of one server, database, API and worker, started, supervised and stopped together."""

from app.serve.prepare import database, prepare
from app.serve.processes import serve

__all__ = ["database", "prepare", "serve"]
