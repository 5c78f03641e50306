"""The embedded PostgreSQL: a real server over a folder, for whoever gives no database address."""

from app.pg.cluster import Cluster

__all__ = ["Cluster"]
