"""Figures: counted from the courses of tickets, which are folded from the ledger's events."""

from app.services.figures.counting import CellFilter
from app.services.figures.files import FORMATS, MEDIA_TYPES, to_svg
from app.services.figures.folding import add_up, keep_up, rebuild
from app.services.figures.reading import cell_filter, compute_figure, list_figures, period, read_figure
from app.services.figures.scope import FigurePlace, figure_place, require_reader
from app.services.figures.translation import in_readers_language

__all__ = [
    "FORMATS",
    "MEDIA_TYPES",
    "CellFilter",
    "FigurePlace",
    "add_up",
    "cell_filter",
    "compute_figure",
    "figure_place",
    "in_readers_language",
    "keep_up",
    "list_figures",
    "period",
    "read_figure",
    "rebuild",
    "require_reader",
    "to_svg",
]
