"""The benchmark: the real server beside a bare endpoint over the same database, in the same run."""
