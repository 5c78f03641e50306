"""The numbers of a bulletin: figures of the quarter and of the one before, and a line for each ticket that was resolved."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app import db
from app.enums import Outcome
from app.labels import OUTCOME
from app.models.bulletin import HeadlineOut, LeftOutOut, LineOut, ListedOut, NumbersOut, RateOut
from app.models.figure import FigureOut
from app.rules import bulletins
from app.rules.bulletins import Done, quarter_before, quarter_days, tell
from app.services import figures, setup
from app.services.bulletins.common_counts import common_counts

_RATES: Final = ("response", "resolution", "satisfaction")
_HEADLINES: Final = {"received": "收到", "resolved": "办结", "solved": "报告人认为已解决"}
_TOLD: Final = (Outcome.FIXED, Outcome.PARTIAL, Outcome.EXPLAINED, Outcome.REFERRED)


async def query_of(place_id: UUID, quarter: str) -> dict[str, Any]:
    """Return what a bulletin asks, as it is stored with it: also which categories were public then."""
    catalogue = await setup.current_catalogue()
    unit = catalogue.units[place_id]
    public = [code for code in catalogue.categories if catalogue.is_public(code, unit.path)]
    first, last = quarter_days(quarter)
    return {
        "place_id": str(place_id),
        "from": first.isoformat(),
        "to": last.isoformat(),
        "categories": {code: catalogue.categories[code].zh for code in public},
    }


async def compute(query: Mapping[str, Any], quarter: str, as_of: datetime) -> NumbersOut:
    """Return the numbers of a query; the same whenever it is asked for the same `as_of`. Corrections aside."""
    place_id, before = UUID(query["place_id"]), quarter_before(quarter)
    rates, old_rates = [await _figure("rates", place_id, one, as_of) for one in (quarter, before)]
    funnel, old_funnel = [await _figure("funnel", place_id, one, as_of) for one in (quarter, before)]
    categories = await _figure("categories", place_id, quarter, as_of)
    done = await _done(place_id, query["categories"], quarter, as_of)
    return NumbersOut(
        headlines=[_headline(key, label, funnel, old_funnel) for key, label in _HEADLINES.items()],
        common=await common_counts(place_id, quarter, as_of),
        rates=[_rate(key, rates, old_rates) for key in _RATES],
        excluded=[LeftOutOut(label=one.label, count=tell(one.count)) for one in rates.excluded],
        categories=_categories(categories, query["categories"]),
        done=[
            LineOut(estate=line.estate, category=line.category, outcome=line.outcome, days=line.days)
            for line in bulletins.lines(done)
        ],
        listed=await _listed(place_id, query["categories"], as_of),
        corrections=[],
    )


async def shares(place_id: UUID, quarter: str, as_of: datetime) -> dict[str, float | None]:
    """Return the three rates of a quarter as they may be told."""
    rates = await _figure("rates", place_id, quarter, as_of)
    return {key: _rate(key, rates, rates).share for key in _RATES}


async def _figure(name: str, place_id: UUID, quarter: str, as_of: datetime) -> FigureOut:
    return await figures.compute_figure(name, place_id, *quarter_days(quarter), as_of)


def _cell(figure: FigureOut, key: str, column: str) -> Any:
    return next((row.cells[column] for row in figure.rows if row.key == key), 0)


def _headline(key: str, label: str, now: FigureOut, before: FigureOut) -> HeadlineOut:
    return HeadlineOut(label=label, count=tell(_cell(now, key, "n")), before=tell(_cell(before, key, "n")))


def _rate(key: str, now: FigureOut, before: FigureOut) -> RateOut:
    label = next(row.label for row in now.rows if row.key == key)
    of, old = tell(_cell(now, key, "of")), tell(_cell(before, key, "of"))
    share, old_share = _cell(now, key, "share"), _cell(before, key, "share")
    return RateOut(
        key=key, label=label, share=share if of else None, of=of, before=old_share if old else None
    )


def _categories(figure: FigureOut, public: Mapping[str, str]) -> list[HeadlineOut]:
    counted = [
        (row.key, int(row.cells["n"] or 0), int(row.cells["before"] or 0))
        for row in figure.rows
        if row.key != "total"
    ]
    return [
        HeadlineOut(label=label, count=count, before=before)
        for label, count, before in bulletins.top_categories(counted, public)
    ]


async def _done(place_id: UUID, public: Mapping[str, str], quarter: str, as_of: datetime) -> list[Done]:
    """Return what was resolved in the quarter, without anonymous reports and private categories."""
    first, last = quarter_days(quarter)
    rows = await db.fetch(_DONE, place_id, as_of, first, last + timedelta(days=1), list(public), list(_TOLD))
    return [
        Done(
            public[row["category"]],
            row["estate"] or bulletins.OTHER_ESTATES,
            OUTCOME[Outcome(row["outcome"])],
            row["days"],
            str(row["reporter_id"]),
        )
        for row in rows
    ]


# The reporter as the ledger has them: who is erased later was one of the people all the same.
_AS_OF: Final = """
FROM course c JOIN ticket t ON t.id = c.ticket_id JOIN event e ON e.ticket_id = c.ticket_id AND e.seq = 1
    AND e.at = c.submitted_at
LEFT JOIN place p ON p.id = c.estate_id
WHERE c.community_id = $1 AND c.valid_from < $2::timestamptz AND c.valid_until >= $2::timestamptz AND NOT t.anonymous
"""
_DONE: Final = f"""
SELECT c.category, p.name AS estate, c.outcome, e.person_id AS reporter_id,
       (c.resolved_at AT TIME ZONE 'Asia/Shanghai')::date - c.submitted_on AS days
{_AS_OF} AND c.resolved_at >= $3::date::timestamp AT TIME ZONE 'Asia/Shanghai'
  AND c.resolved_at < least($4::date::timestamp AT TIME ZONE 'Asia/Shanghai', $2::timestamptz)
  AND c.category = ANY ($5::text[]) AND c.outcome = ANY ($6::text[])
ORDER BY c.ticket_id
"""
_LISTED: Final = f"""
SELECT c.category, count(*)::int AS n, count(DISTINCT e.person_id)::int AS people
{_AS_OF} AND c.outcome = 'listed' AND c.category = ANY ($3::text[]) GROUP BY 1 ORDER BY 1
"""


async def _listed(place_id: UUID, public: Mapping[str, str], as_of: datetime) -> list[ListedOut]:
    """Return how many tickets stand listed (挂账), by category; those about too few people together."""
    rows = await db.fetch(_LISTED, place_id, as_of, list(public))
    told = [
        ListedOut(category=row["category"], label=public[row["category"]], count=row["n"])
        for row in rows
        if row["people"] >= bulletins.FEW
    ]
    if rest := sum(row["n"] for row in rows if row["people"] < bulletins.FEW):
        told.append(ListedOut(category=bulletins.OTHER, label=bulletins.OTHER_CATEGORIES, count=tell(rest)))
    return told
