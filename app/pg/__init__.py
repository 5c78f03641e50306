"""The embedded PostgreSQL: a real server over a folder, used when no database URL is configured."""

from app.pg.cluster import Cluster
from app.pg.inventory import Inventory, remove_cluster, remove_data, size_of, take_inventory

__all__ = ["Cluster", "Inventory", "remove_cluster", "remove_data", "size_of", "take_inventory"]
