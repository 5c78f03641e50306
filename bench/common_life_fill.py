"""SQL that fills a community with people and a year of its common life. Statements run in order; $1 is the community's code."""

from typing import Final

from bench.fill_statements import UUID7

PEOPLE: Final = 10_000
HOUSEHOLDS: Final = 5_000
OPINIONS: Final = 6_000
ACTIVITIES: Final = 3_000
TOPICS: Final = 600
PROJECTS: Final = 600
SURVEYS: Final = 60
RARE_WORD: Final = "晾衣架"  # one opinion in a thousand has it

_UNITS: Final = """(SELECT u.id, u.label, u.path, u.code, row_number() OVER (ORDER BY u.code) - 1 AS n, count(*) OVER () AS of
    FROM place u JOIN place c ON c.id = ANY(u.path) WHERE c.code = $1 AND u.level = 'unit')"""
# As if the office had imported them, with their areas. The number within the unit tells one from another.
_ROOMS: Final = f"""
INSERT INTO place (id, code, parent_id, level, name, number, label, path, scene, area, imported)
SELECT r.id, u.code || '-life' || x.n, u.id, 'room', 'L' || x.n, 'L' || x.n, u.label || 'L' || x.n, u.path || r.id,
       'life-' || x.n, 60 + x.n % 80, true
FROM generate_series(0, {HOUSEHOLDS - 1}) x(n) CROSS JOIN LATERAL (SELECT md5('life-room' || x.n)::uuid AS id) r
JOIN {_UNITS} u ON u.n = x.n % u.of
"""
# Two people a household. The first of each can sign in as `life-<number>`.
_PEOPLE: Final = f"""
INSERT INTO person (id, created_at, demo, name, home_id, household_id, consent_version, consent_at)
SELECT md5('life-person' || x.n)::uuid, now(), 'life-' || x.n, '居民' || x.n, r.parent_id, r.id, p.consent_version, p.consent_at
FROM generate_series(0, {PEOPLE - 1}) x(n) JOIN person p ON p.demo = 'resident'
JOIN place r ON r.id = md5('life-room' || x.n % {HOUSEHOLDS})::uuid
"""
_COLUMNS: Final = """id, kind, status, place_id, grid_id, community_id, street_id, author_id, post_id, title, text, result, source_id,
    outcome_id, released, threshold, supporters, starts_at, ends_at, venue, capacity, signed_up, headcount, visited, sort, due_at,
    reminded_at, created_at, updated_at, ended_at, head"""


def _subjects(kind: str, count: int, **columns: str) -> str:
    """Return the statement that inserts so many of a kind, spread over the last year, over units and people.

    `columns`: SQL by column, of the number `x.n` and the moment `a.at`.
    """
    at = f"now() - interval '365 days' * (({count} - x.n)::float8 / {count + 1})"
    values = {
        "id": UUID7.format(at="a.at"),
        "kind": f"'{kind}'",
        "place_id": "u.id",
        "grid_id": """(SELECT c.grid_id FROM unnest(u.path) WITH ORDINALITY p(id, n) JOIN grid_cover c ON c.place_id = p.id
            ORDER BY p.n DESC LIMIT 1)""",
        "community_id": "u.path[2]",
        "street_id": "u.path[1]",
        "author_id": "coalesce(s.person_id, w.id)",
        "post_id": "s.id",
        "released": "false",
        "supporters": "0",
        "signed_up": "0",
        "created_at": "a.at",
        "updated_at": "a.at",
        "head": "'\\x00'",
    } | columns
    names = [name.strip() for name in _COLUMNS.split(",")]
    return f"""
INSERT INTO subject ({_COLUMNS}) SELECT {", ".join(values.get(name, "NULL") for name in names)}
FROM generate_series(1, {count}) x(n) CROSS JOIN LATERAL (SELECT {at} AS at) a
JOIN {_UNITS} u ON u.n = x.n % u.of JOIN person w ON w.id = md5('life-person' || x.n % {PEOPLE})::uuid
LEFT JOIN post s ON x.n % 3 <> 0 AND s.id = (SELECT p.id FROM post p JOIN person h ON h.id = p.person_id
    WHERE h.demo = 'grid_head' AND p.ended_at IS NULL LIMIT 1)
"""


_FEW_OPEN: Final = "x.n % 10 < 2"
_LIFE: Final = (
    _subjects(
        "activity",
        ACTIVITIES,
        sort="CASE x.n % 3 WHEN 0 THEN 'meeting' ELSE 'visit' END",
        status="CASE WHEN x.n % 50 = 0 THEN 'published' ELSE 'closed' END",
        title="CASE x.n % 3 WHEN 0 THEN '楼栋议事会' ELSE '入户走访' END",
        result="'大家提了几条意见'",
        released="x.n % 3 = 0",
        venue="CASE x.n % 3 WHEN 0 THEN '社区议事厅' END",
        starts_at="a.at",
        ends_at="a.at + interval '1 hour'",
        ended_at="CASE WHEN x.n % 50 <> 0 THEN a.at + interval '1 hour' END",
        headcount="x.n % 30",
        visited="CASE WHEN x.n % 3 <> 0 THEN 1 END",
        signed_up="CASE x.n % 3 WHEN 0 THEN 15 ELSE 0 END",
    ),
    _subjects(
        "topic",
        TOPICS,
        status="(ARRAY['raised','set','discussing','decided','doing','done','reviewed','declined'])[1 + x.n % 8]",
        title="'东门装充电桩 ' || x.n",
        text="'晚上飞线充电很危险'",
        released="x.n % 8 <> 0",
        threshold="10",
        supporters="30",
        ended_at="CASE WHEN x.n % 8 > 5 THEN a.at END",
    ),
    _subjects(
        "project",
        PROJECTS,
        status="CASE WHEN x.n % 4 = 0 THEN 'doing' ELSE 'done' END",
        title="'更换楼道灯 ' || x.n",
        released="true",
        due_at="a.at + interval '60 days'",
        reminded_at="now()",
        ended_at="CASE WHEN x.n % 4 <> 0 THEN a.at + interval '30 days' END",
        source_id="""(SELECT id FROM subject t WHERE t.kind = 'topic' ORDER BY t.id OFFSET x.n % 600 LIMIT 1)""",
    ),
    _subjects(
        "survey",
        SURVEYS,
        sort="'survey'",
        status="'closed'",
        title="'物业服务评价 ' || x.n",
        released="true",
        place_id="u.path[2]",
        grid_id="NULL",
        starts_at="a.at",
        ends_at="a.at + interval '7 days'",
        ended_at="a.at + interval '7 days'",
    ),
    _subjects(
        "opinion",
        OPINIONS,
        sort="(ARRAY['opinion','need','suggestion'])[1 + x.n % 3]",
        status=f"CASE WHEN {_FEW_OPEN} THEN 'open' ELSE (ARRAY['answered','noted','topic','project'])[1 + x.n % 4] END",
        text=f"CASE WHEN x.n % 1000 = 0 THEN '想装{RARE_WORD}' ELSE '楼道里堆满了杂物，电动车也进楼了' END",
        result="'已与物业商定'",
        due_at="a.at + interval '30 days'",
        reminded_at="now()",
        ended_at=f"CASE WHEN NOT ({_FEW_OPEN}) THEN a.at + interval '3 days' END",
    ),
    # What opinions came from and led to.
    f"""
UPDATE subject o SET source_id = a.id, outcome_id = CASE o.status WHEN 'topic' THEN t.id WHEN 'project' THEN p.id END
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM subject WHERE kind = 'opinion') k
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM subject WHERE kind = 'activity') a ON a.n = 1 + k.n % {ACTIVITIES}
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM subject WHERE kind = 'topic') t ON t.n = 1 + k.n % {TOPICS}
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM subject WHERE kind = 'project') p ON p.n = 1 + k.n % {PROJECTS}
WHERE o.id = k.id
""",
    f"""
INSERT INTO supporter (subject_id, person_id, at) SELECT s.id, md5('life-person' || (s.n * 37 + x.n * 101) % {PEOPLE})::uuid, now()
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM subject WHERE kind = 'topic') s CROSS JOIN generate_series(1, 30) x(n)
ON CONFLICT DO NOTHING
""",
    f"""
INSERT INTO attendance (subject_id, person_id, status, at)
SELECT s.id, md5('life-person' || (s.n * 53 + x.n * 211) % {PEOPLE})::uuid, 'came', now()
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM subject WHERE kind = 'activity' AND sort = 'meeting') s
CROSS JOIN generate_series(1, 15) x(n) ON CONFLICT DO NOTHING
""",
    """
INSERT INTO survey (subject_id, questions, households)
SELECT id, '[{"text": "停车管理", "kind": "rating"}]', 5000 FROM subject WHERE kind = 'survey'
""",
    """
INSERT INTO ballot_box (survey_id, answered, heads) SELECT id, 400, '{10,20,70,150,150}' FROM subject WHERE kind = 'survey'
""",
    f"""
INSERT INTO turnout (survey_id, household_id, day)
SELECT s.id, md5('life-room' || (s.n * 61 + x.n * 7) % {HOUSEHOLDS})::uuid, current_date
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM subject WHERE kind = 'survey') s CROSS JOIN generate_series(1, 400) x(n)
ON CONFLICT DO NOTHING
""",
)
STATEMENTS: Final = (_ROOMS, _PEOPLE, *_LIFE)
