"""The clocks of open tickets: running timers, and recomputing and rerouting after a change of the setup."""

from app.services.tickets.clocks.recompute import (
    RECOMPUTE_GRACE,
    RECOMPUTE_JOB,
    finish_recompute,
    foresee_impact,
    run_recompute_jobs,
)
from app.services.tickets.clocks.rerouting import REROUTE_JOB, reroute_job_rows, run_reroute_jobs
from app.services.tickets.clocks.timers import sweep_timers, timer_act

__all__ = [
    "RECOMPUTE_GRACE",
    "RECOMPUTE_JOB",
    "REROUTE_JOB",
    "finish_recompute",
    "foresee_impact",
    "reroute_job_rows",
    "run_recompute_jobs",
    "run_reroute_jobs",
    "sweep_timers",
    "timer_act",
]
