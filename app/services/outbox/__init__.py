"""The outbox: jobs written with a change, and what follows each event."""

from app.services.outbox.jobs import clamp_jobs, run_due

__all__ = ["clamp_jobs", "run_due"]
