"""What a published bulletin shows, section by section, whatever it is shown in: a page of HTML or a PDF."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.enums import SHANGHAI, ColumnKind
from app.models.bulletin import BulletinOut, HeadlineOut, LeftOutOut
from app.rules.figures import drawing
from app.rules.figures.table import Column, Row

_FEW = "不足五"


@dataclass(frozen=True, slots=True)
class Headlines:
    """Large numbers: a label, the number, and that of the quarter before."""

    items: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the cells from column `numeric` on are numbers."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as SVG, and its title."""

    title: str
    svg: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words of a clerk, or of the program; lines stay lines."""

    text: str


Block = Headlines | Table | Picture | Paragraph


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a bulletin under a title."""

    title: str
    blocks: Sequence[Block]


def sections(bulletin: BulletinOut) -> list[Section]:
    """Return the sections that have something to show."""
    words, numbers = bulletin.words, bulletin.numbers
    shown: Sequence[tuple[str, Iterable[Block]]] = (
        ("本季度", [_headlines(numbers.headlines)]),
        ("三率", [*_rates(bulletin), _counts(("没有计入的", "件数"), numbers.excluded)]),
        ("问题类别", _categories(numbers.categories)),
        ("办结情况", [_done(bulletin)]),
        ("挂账", [_listed(bulletin)]),
        ("决议与项目", [Paragraph(words.projects)]),
        ("活动、借用与物资", [*_common(numbers.common), Paragraph(words.activities)]),
        ("更正", [Paragraph(line) for line in numbers.corrections]),
        ("异议", [Paragraph(words.objection)]),
    )
    filled = (Section(title, [block for block in blocks if not _is_empty(block)]) for title, blocks in shown)
    return [section for section in filled if section.blocks]


def as_of(bulletin: BulletinOut) -> str:
    """Return what stands at the end: of when the numbers are, and what becomes of them."""
    moment = f"{bulletin.as_of.astimezone(SHANGHAI):%Y年%m月%d日 %H:%M}"
    return f"截至 {moment} 的数据，公示后不再改动；以后有变化的，写在下一季度的公示里。涉及不足五人的数字合并或不公布。"


def _is_empty(block: Block) -> bool:
    return (isinstance(block, Table) and not block.rows) or (isinstance(block, Paragraph) and not block.text)


def _number(count: int | None) -> str:
    return _FEW if count is None else str(count)


def _percent(share: float | None) -> str:
    return drawing.show(share, ColumnKind.SHARE)


def _headlines(headlines: Sequence[HeadlineOut]) -> Headlines:
    return Headlines([(one.label, _number(one.count), f"上季度 {_number(one.before)}") for one in headlines])


def _common(counts: Sequence[HeadlineOut]) -> list[Block]:
    """Return the numbers of the common life, in a quarter that has any."""
    return [_headlines(counts)] if any(one.count != 0 for one in counts) else []


def _rates(bulletin: BulletinOut) -> list[Block]:
    rates = bulletin.numbers.rates
    rows = [(one.label, _percent(one.share), _number(one.of), _percent(one.before)) for one in rates]
    drawn = [(one.key, one.label, one.share) for one in rates]
    return [
        _picture("三率", Column("share", "占比", ColumnKind.SHARE), drawn),
        Table(("", "本季度", "总数", "上季度"), rows, 1),
    ]


def _categories(categories: Sequence[HeadlineOut]) -> list[Block]:
    rows = [(one.label, _number(one.count), _number(one.before)) for one in categories]
    drawn = [(one.label, one.label, one.count) for one in categories if one.count is not None]
    picture = [_picture("问题类别", Column("n", "件数"), drawn)] if drawn else []
    return [*picture, Table(("类别", "本季度", "上季度"), rows, 1)]


def _picture(title: str, column: Column, values: Sequence[tuple[str, str, float | None]]) -> Picture:
    rows = [Row(key, label, {column.key: value}) for key, label, value in values]
    words = drawing.describe([column], rows, column.key)
    svg = drawing.draw(drawing.Picture(title, words, [column], rows, column.key))
    ids = (
        ('id="t"', f'id="t-{column.key}"'),
        ('id="d"', f'id="d-{column.key}"'),
        ('"t d"', f'"t-{column.key} d-{column.key}"'),
    )
    for before, after in ids:  # two pictures on a page
        svg = svg.replace(before, after)
    return Picture(f"{title}：{words}", svg)


def _done(bulletin: BulletinOut) -> Table:
    rows = [
        (one.estate, one.category, one.outcome, "当天" if one.days <= 0 else f"{one.days} 天")
        for one in bulletin.numbers.done
    ]
    return Table(("小区", "类别", "结果", "用时"), rows, 3)


def _listed(bulletin: BulletinOut) -> Table:
    words = {line.category: (line.reason, f"{line.next_on:%Y年%m月%d日}") for line in bulletin.words.listed}
    rows = [
        (one.label, *words.get(one.category, ("", "")), _number(one.count)) for one in bulletin.numbers.listed
    ]
    return Table(("类别", "原因", "下次处理", "件数"), rows, 3)


def _counts(heads: Sequence[str], counts: Sequence[LeftOutOut]) -> Table:
    return Table(heads, [(one.label, _number(one.count)) for one in counts], 1)
