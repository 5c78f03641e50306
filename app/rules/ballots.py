"""How answers lie in a ballot box: as sums, question by question, then again for each group.

A question takes one cell for those who answered it and one for each choice. If a survey is divided by a question, all
cells come again for each of that question's choices.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.enums import QuestionKind
from app.labels import CHOICES

FEWEST_ANSWERS: Final = 10  # without so many there is no result
SMALLEST_GROUP: Final = 5  # smaller ones are folded into one

Question = Mapping[str, Any]
Answers = Mapping[int, Sequence[int]]  # what was chosen, by the number of the question


@dataclass(frozen=True, slots=True)
class Group:
    """The cells of those who chose one thing, or of several small groups together."""

    choices: tuple[int, ...]
    answered: int
    cells: Sequence[int]


def choices_of(question: Question) -> Sequence[str]:
    """Return what one can choose at a question."""
    return question.get("choices") or CHOICES[QuestionKind(question["kind"])]


def block(questions: Sequence[Question]) -> int:
    """Return how many cells all questions take."""
    return sum(1 + len(choices_of(question)) for question in questions)


def size(questions: Sequence[Question], group_by: int | None) -> int:
    """Return how many cells a ballot box has."""
    groups = 0 if group_by is None else len(choices_of(questions[group_by]))
    return block(questions) * (1 + groups)


def offset(questions: Sequence[Question], number: int) -> int:
    """Return the cell of those who answered a question; its choices follow."""
    return block(questions[:number])


def problem_of(questions: Sequence[Question], answers: Answers, *, complete: bool) -> str | None:
    """Return what is wrong with answers, None if they can be counted. `complete`: no question may be left out."""
    for number, chosen in answers.items():
        if number >= len(questions):
            return f"没有第{number + 1}题"
        question = questions[number]
        if max(chosen) >= len(choices_of(question)):
            return f"第{number + 1}题没有这个选项"
        if len(chosen) > 1 and question["kind"] != QuestionKind.CHOICES:
            return f"第{number + 1}题只能选一项"
    if complete and len(answers) < len(questions):
        return "表决的每一项都要选"
    return None


def cells_of(questions: Sequence[Question], group_by: int | None, answers: Answers) -> list[int]:
    """Return what one household's answers add to each cell."""
    cells = [0] * size(questions, group_by)
    width = block(questions)
    starts = [0]
    if group_by is not None and group_by in answers:
        starts.append(width * (1 + answers[group_by][0]))
    for start in starts:
        for number, chosen in answers.items():
            first = start + offset(questions, number)
            for cell in (0, *(1 + choice for choice in chosen)):
                cells[first + cell] += 1
    return cells


def groups_of(questions: Sequence[Question], group_by: int, cells: Sequence[int]) -> list[Group]:
    """Return the groups, those under SMALLEST_GROUP folded into one; none if fewer than two would be left.

    What is folded is itself not small: the smallest of the others joins it until it is not, so that nothing can be found
    by subtracting.
    """
    width, first = block(questions), offset(questions, group_by) + 1
    groups = [
        Group((choice,), cells[first + choice], cells[width * (1 + choice) : width * (2 + choice)])
        for choice in range(len(choices_of(questions[group_by])))
    ]
    groups = [group for group in groups if group.answered]
    small = [group for group in groups if group.answered < SMALLEST_GROUP]
    large = sorted((group for group in groups if group not in small), key=lambda group: -group.answered)
    while small and sum(group.answered for group in small) < SMALLEST_GROUP and large:
        small.append(large.pop())
    shown = sorted(large, key=lambda group: group.choices)
    if small:
        shown.append(_together(small))
    return shown if len(shown) > 1 else []


def _together(groups: Sequence[Group]) -> Group:
    return Group(
        tuple(sorted(choice for group in groups for choice in group.choices)),
        sum(group.answered for group in groups),
        [sum(column) for column in zip(*(group.cells for group in groups), strict=True)],
    )


def mean_of(counts: Sequence[int]) -> float | None:
    """Return the mean of a rating from how often each of its choices was taken; the first counts 1."""
    answered = sum(counts)
    return sum((n + 1) * count for n, count in enumerate(counts)) / answered if answered else None


def worst_of(questions: Sequence[Question], cells: Sequence[int]) -> int | None:
    """Return the number of the question with the lowest mean; None if nothing was rated."""
    means: dict[int, float] = {}
    for number, question in enumerate(questions):
        first = offset(questions, number) + 1
        if question["kind"] == QuestionKind.RATING and (mean := mean_of(cells[first : first + 5])):
            means[number] = mean
    return min(means, key=lambda number: means[number], default=None)
