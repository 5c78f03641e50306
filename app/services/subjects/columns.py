"""What is read with a subject: what all kinds have, and what each kind has besides. `:person_id` is the caller."""

from dataclasses import dataclass
from typing import Final

from app.enums import SubjectKind

_COLUMNS: Final = """s.*, l.label AS place_label, l.level AS place_level, p.role AS author_role, p.title AS author_title,
       u.level AS author_level, u.path AS author_path, u.label AS author_unit,
       o.kind AS outcome_kind, o.title AS outcome_title, o.status AS outcome_status,
       t.no AS ticket_no, t.status AS ticket_status, h.path AS home_path, n.household_id"""
_JOINS: Final = """JOIN place l ON l.id = s.place_id LEFT JOIN post p ON p.id = s.post_id
LEFT JOIN place u ON u.id = p.place_id LEFT JOIN subject o ON o.id = s.outcome_id LEFT JOIN ticket t ON t.id = s.ticket_id
LEFT JOIN person n ON n.id = :person_id LEFT JOIN place h ON h.id = n.home_id"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What a kind has besides.

    `organisation`, `sides`: whose it is, which decides who sees it; `name`: of a person by whom staff find it.
    """

    columns: tuple[str, ...] = ()
    joins: str = ""
    organisation: str = "NULL::uuid"
    sides: str = "NULL::jsonb"
    name: str = "NULL::text"

    def select(self, source: str = "subject s") -> str:
        """Return the beginning of a statement that reads subjects; `source` has each of them as `s`."""
        columns = (
            _COLUMNS,
            f"{self.organisation} AS organisation_id",
            f"{self.sides} AS sides",
            *self.columns,
        )
        return f"SELECT {', '.join(columns)} FROM {source} {_JOINS} {self.joins}"


_OPINIONS: Final = "(SELECT count(*) FROM subject x WHERE x.kind = 'opinion' AND (x.outcome_id = s.id OR x.source_id = s.id)) AS opinions"
_SIDES: Final = """(SELECT coalesce(jsonb_agg(to_jsonb(x) || jsonb_build_object(
           'label', coalesce(xo.name, xl.label, xn.name), 'post_role', xp.role, 'title', xp.title, 'level', xu.level,
           'path', xu.path, 'unit', xu.label) ORDER BY x.id), '[]'::jsonb)
       FROM side x LEFT JOIN organisation xo ON xo.id = x.organisation_id LEFT JOIN place xl ON xl.id = x.place_id
       LEFT JOIN person xn ON xn.id = x.person_id LEFT JOIN post xp ON xp.id = x.post_id
       LEFT JOIN place xu ON xu.id = xp.place_id WHERE x.subject_id = s.id)"""
# The caller is admitted to a pairing of that room: who merely names it learns of no visit of care there.
IS_ADMITTED: Final = """EXISTS (SELECT FROM side x JOIN subject r ON r.id = x.subject_id WHERE r.kind = 'relationship' AND r.sort = 'pairing'
       AND r.place_id = s.place_id AND x.person_id = :person_id AND x.left_at IS NULL)"""
_SEALED: Final = "(SELECT x.sealed FROM encrypted_text x WHERE x.subject_id = s.id AND x.seq = 1) AS sealed"
OF_KIND: Final[dict[SubjectKind, Columns]] = {
    SubjectKind.OPINION: Columns(),
    SubjectKind.TOPIC: Columns(
        columns=(
            "EXISTS (SELECT FROM supporter x WHERE x.subject_id = s.id AND x.person_id = :person_id) AS supports",
            "(SELECT count(*) FROM subject x WHERE x.kind = 'project' AND x.source_id = s.id) AS projects",
            _OPINIONS,
        )
    ),
    SubjectKind.PROJECT: Columns(columns=(_OPINIONS,)),
    SubjectKind.ACTIVITY: Columns(
        columns=(
            "(SELECT x.status FROM attendance x WHERE x.subject_id = s.id AND x.person_id = :person_id) AS attends",
            "(SELECT count(*) FROM subject x WHERE x.series = coalesce(s.series, s.id))::int AS later_runs",
            f"s.sort = 'care' AND {IS_ADMITTED} AS admitted",
            _OPINIONS,
        )
    ),
    SubjectKind.SURVEY: Columns(
        columns=(
            "v.questions, v.group_by, v.rule, v.households, v.area AS survey_area, b.answered, b.paper",
            "g.name AS organisation_name, r.area AS household_area",
            "EXISTS (SELECT FROM turnout x WHERE x.survey_id = s.id AND x.person_id = :person_id) AS answered_by_me",
            "EXISTS (SELECT FROM turnout x WHERE x.survey_id = s.id AND x.household_id = n.household_id) AS answered_by_household",
            "(SELECT x.kind FROM subject x WHERE x.id = s.source_id) AS source_kind",
            "(SELECT x.id FROM subject x WHERE x.source_id = s.id AND x.kind = 'survey' ORDER BY x.id DESC LIMIT 1) AS next_id",
        ),
        joins="""LEFT JOIN survey v ON v.subject_id = s.id LEFT JOIN ballot_box b ON b.survey_id = s.id
LEFT JOIN organisation g ON g.id = v.organisation_id LEFT JOIN place r ON r.id = n.household_id""",
        organisation="v.organisation_id",
    ),
    SubjectKind.OFFER: Columns(
        columns=(
            "f.price, f.points, f.days, f.needs_grant, g.name AS organisation_name",
            """(SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.place_id, 'label', q.label, 'left', a.balance)
                ORDER BY a.balance DESC, a.id), '[]')
            FROM circle c JOIN account a ON a.circle_id = c.id AND a.sort = 'stock' JOIN place q ON q.id = a.place_id
            WHERE c.offer_id = s.id) AS stocks""",
            "(SELECT count(*) FROM subject x WHERE x.source_id = s.id AND x.status = 'waiting') AS queue",
        ),
        joins="""LEFT JOIN offer f ON f.subject_id = s.id LEFT JOIN organisation g ON g.id = f.organisation_id""",
        organisation="f.organisation_id",
    ),
    SubjectKind.RESERVATION: Columns(
        columns=(
            "f.days, w.quantity, w.code, w.paid, w.stock_id, w.points_id, i.name AS author_name",
            "e.sort AS offer_sort, y.place_id AS station_id, z.label AS station",
            """CASE WHEN s.status = 'waiting' THEN (SELECT count(*) FROM subject x WHERE x.source_id = s.source_id
                AND x.kind = 'reservation' AND x.status = 'waiting' AND x.id <= s.id) END AS turn""",
        ),
        joins="""LEFT JOIN subject e ON e.id = s.source_id LEFT JOIN offer f ON f.subject_id = e.id
LEFT JOIN reservation w ON w.subject_id = s.id LEFT JOIN account y ON y.id = w.stock_id
LEFT JOIN place z ON z.id = y.place_id LEFT JOIN person i ON i.id = s.author_id""",
        organisation="f.organisation_id",
        name="i.name",
    ),
    SubjectKind.RELATIONSHIP: Columns(
        columns=(
            _SEALED,
            """CASE WHEN s.sort = 'pairing' THEN (
                SELECT coalesce(jsonb_agg(jsonb_build_object('person_id', x.id, 'name', x.name) ORDER BY x.id), '[]'::jsonb)
                FROM person x WHERE x.household_id = s.place_id AND x.erased_at IS NULL AND NOT EXISTS (
                    SELECT FROM side y WHERE y.subject_id = s.id AND y.person_id = x.id AND y.left_at IS NULL))
                END AS to_admit""",
        ),
        sides=_SIDES,
    ),
    SubjectKind.DISPUTE: Columns(
        columns=(
            _SEALED,
            """(SELECT x.sealed FROM encrypted_text x
            JOIN event e ON e.ticket_id = x.subject_id AND e.seq = x.seq AND e.at >= s.created_at
            WHERE x.subject_id = s.id AND e.type = 'dispute.settled') AS settled_sealed""",
        ),
        sides=_SIDES,
    ),
}
# Of subjects of all kinds at once: what decides who sees them, and what a link to one says.
OF_ALL: Final = Columns(
    joins="LEFT JOIN survey v ON v.subject_id = s.id LEFT JOIN offer f ON f.subject_id IN (s.id, s.source_id)",
    organisation="coalesce(v.organisation_id, f.organisation_id)",
    sides=f"CASE WHEN s.kind IN ('relationship', 'dispute') THEN {_SIDES} END",
)
