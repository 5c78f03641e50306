"""A figure in its reader's language. What is frozen and public, as a bulletin, stays in Chinese."""

from collections.abc import Mapping

from app import words
from app.models.category import Category
from app.models.figure import FigureOut, RowOut
from app.rules.figures.registry import FIGURES
from app.services import setup


async def in_readers_language(figure: FigureOut) -> FigureOut:
    """Return a figure with its own words in the language of this request; names of places stay what they are."""
    categories = (await setup.current_catalogue()).categories
    return figure.model_copy(
        update={
            "title": words.say(figure.title),
            "definition": _definition(figure),
            "columns": [
                one.model_copy(update={"title": words.translate(one.title)}) for one in figure.columns
            ],
            "rows": [row.model_copy(update={"label": _label(row, categories)}) for row in figure.rows],
            "excluded": [one.model_copy(update={"label": words.say(one.label)}) for one in figure.excluded],
        }
    )


def _definition(figure: FigureOut) -> str:
    """Return what a figure is, and after it what an office's own weights make of it."""
    own = FIGURES[figure.name].definition
    rest = figure.definition.removeprefix(own)
    return f"{words.say(own)} {words.translate(rest)}" if rest else words.say(own)


def _label(row: RowOut, categories: Mapping[str, Category]) -> str:
    category = categories.get(row.key)
    return words.name(category.zh, category.en) if category else words.translate(row.label)
