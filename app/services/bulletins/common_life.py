"""What a quarter's common life came to, as the words a bulletin begins with; a clerk edits them before they are published.

Only what residents see anyway, by titles as neighbours read them; people as sums, and none that are too few.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from app import db
from app.enums import SHANGHAI, STAFFS_OWN, ActivitySort, SubjectKind
from app.labels import ACTIVITY_SORT
from app.rules import bulletins
from app.rules.ballots import FEWEST_ANSWERS
from app.rules.lives import LIVES
from app.rules.titles import NamedPost
from app.services import setup
from app.services.setup import Catalogue
from app.sql import Statement
from app.text import mask

_MOST: Final = 20  # lines of a kind


async def words_of(place_id: UUID, quarter: str) -> dict[str, str]:
    """Return the words on what was decided, and on what was held, of a community's quarter; blank where there was nothing."""
    first, last = bulletins.quarter_days(quarter)
    within = {
        "place_id": place_id,
        "since": datetime.combine(first, time(), SHANGHAI).astimezone(UTC),
        "until": datetime.combine(last + timedelta(days=1), time(), SHANGHAI).astimezone(UTC),
    }
    decided = await db.execute(_DECIDED, **within, most=_MOST)
    planned = await db.execute(_PROJECTS, **within, most=_MOST)
    asked = await db.execute(_SURVEYS, **within, fewest=FEWEST_ANSWERS, most=_MOST)
    catalogue = await setup.current_catalogue()
    projects = [_project(row, catalogue) for row in planned]
    lines = [*map(_decision, decided), *projects, *map(_survey, asked)]
    return {
        "projects": "\n".join(lines),
        "activities": _held(await db.execute(_ACTIVITIES, **within, own=sorted(STAFFS_OWN))),
    }


def _decision(row: Any) -> str:
    said = f"：{mask(row['result'])}" if row["result"] else ""
    return f"议定“{mask(row['title'])}”{said}"


def _project(row: Any, catalogue: Catalogue) -> str:
    """Return a project with its post, called as the office calls it, and its day."""
    status = LIVES[SubjectKind.PROJECT].statuses[row["status"]]
    due = row["due_at"].astimezone(SHANGHAI)
    until = "" if row["status"] in LIVES[SubjectKind.PROJECT].ended else f"，{due:%Y年%m月%d日}前完成"
    named = NamedPost.of(row["role"], row["level"], row["path"], row["post_title"]) if row["role"] else None
    by = f"，负责：{catalogue.post_label(named, row['unit'] or '').strip()}" if named else ""
    return f"项目“{mask(row['title'])}”：{status}{until}{by}"


def _survey(row: Any) -> str:
    return f"征询“{mask(row['title'])}”：问{row['asked']}户，{row['answered']}户交了"


def _held(rows: Sequence[Any]) -> str:
    """Return how many were held of each kind, and how many came; of visits how many doors."""
    held = []
    for row in rows:
        came = bulletins.tell(row["came"])
        name, count = ACTIVITY_SORT[ActivitySort(row["sort"])], row["n"]
        held.append(f"{name}{count}次" + (f"，{came}人次参加" if came else ""))
    return "；".join(held)


# A topic counts in the quarter in which it was decided, whatever became of it since.
_DECIDED: Final = Statement("""
SELECT s.title, s.result FROM subject s JOIN event e ON e.ticket_id = s.id AND e.type = 'topic.decided' AND e.at >= s.created_at
WHERE s.kind = 'topic' AND s.community_id = :place_id AND s.released AND e.at >= :since AND e.at < :until
ORDER BY e.at LIMIT :most
""")
_PROJECTS: Final = Statement("""
SELECT s.title, s.status, s.due_at, p.role, p.title AS post_title, u.level, u.path, u.label AS unit
FROM subject s LEFT JOIN post p ON p.id = s.post_id LEFT JOIN place u ON u.id = p.place_id
WHERE s.kind = 'project' AND s.community_id = :place_id AND s.released AND s.status <> 'cancelled'
  AND s.created_at < :until AND (s.ended_at IS NULL OR s.ended_at >= :since) ORDER BY s.due_at, s.id LIMIT :most
""")
_SURVEYS: Final = Statement("""
SELECT s.title, v.households AS asked, b.answered
FROM subject s JOIN survey v ON v.subject_id = s.id JOIN ballot_box b ON b.survey_id = s.id
WHERE s.kind = 'survey' AND s.community_id = :place_id AND s.released AND s.status <> 'cancelled'
  AND s.ends_at >= :since AND s.ends_at < :until AND b.answered >= :fewest ORDER BY s.ends_at LIMIT :most
""")
_ACTIVITIES: Final = Statement("""
SELECT sort, count(*)::int AS n, coalesce(sum(headcount), 0)::int AS came FROM subject
WHERE kind = 'activity' AND community_id = :place_id AND status = 'closed' AND sort <> ALL(:own::text[])
  AND starts_at >= :since AND starts_at < :until GROUP BY sort ORDER BY count(*) DESC, sort
""")
