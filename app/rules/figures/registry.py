"""All figures by name, in the order in which they are offered."""

from typing import Final

from app.rules.figures.punctuality import CONTACT_TIME, ON_TIME, ORGANISATIONS, SOLVE_TIME
from app.rules.figures.rates import RATES
from app.rules.figures.table import Figure
from app.rules.figures.tally import Tally
from app.rules.figures.volume import CATEGORIES, HEAT, HOURS, RECEIVED
from app.rules.figures.work import BACKLOG, DUE, FUNNEL, REPEAT, UNREPORTED

FIGURES: Final[dict[str, Figure]] = {
    figure.name: figure
    for figure in (
        *(RECEIVED, BACKLOG, DUE, RATES, CONTACT_TIME, SOLVE_TIME, ON_TIME, CATEGORIES, HEAT, HOURS),
        *(REPEAT, ORGANISATIONS, UNREPORTED, FUNNEL),
    )
}

# Each thing that is counted, once.
TALLIES: Final[dict[int, Tally]] = {
    tally.key: tally for figure in FIGURES.values() for tally in figure.tallies
}
