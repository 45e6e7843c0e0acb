"""How many changes would end how, by the mirror alone: one statement for any number.

It says of many at once what `intents.judge_change` says of one.
"""

from django.db import connection
from django.db.models import QuerySet

from syncapp.applying.intents import ChangeVerdict
from syncapp.models import Change, Scene, ScenePerformer, SceneTag

GONE = "gone"  # a verdict on changes of scenes that the mirror lacks
# What Python takes off the ends of a text, as `intent_of` does of both values.
SPACE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
READ = (
    *("scene_id", "field", "op", "entity_id", "value", "before_id", "before"),
    "creation_id",
)
# A change that names what is to be made first wants an id that no scene has.
COUNTS = """
SELECT verdict, count(*) FROM (
  SELECT CASE
    WHEN there IS NULL THEN '{gone}'
    WHEN held = wanted THEN '{skip}'
    WHEN held = expected THEN '{write}'
    ELSE '{conflict}'
  END AS verdict FROM (
    SELECT s.id AS there,
      CASE
        WHEN c.op <> 'set' THEN CASE
          WHEN t.tag_id IS NULL AND p.performer_id IS NULL THEN 'no' ELSE 'yes' END
        WHEN c.field = 'studio' THEN COALESCE(CAST(s.studio_id AS text), '')
        WHEN c.field = 'rating' THEN COALESCE(CAST(s.rating100 AS text), '')
        WHEN c.field = 'organized' THEN
          CASE WHEN s.organized THEN 'true' ELSE 'false' END
        WHEN c.field = 'date' THEN s.date
        WHEN c.field = 'title' THEN s.title
        ELSE s.details
      END AS held,
      CASE
        WHEN c.op = 'add' THEN 'yes'
        WHEN c.op = 'remove' THEN 'no'
        WHEN c.field = 'studio' AND c.entity_id IS NULL
          AND c.creation_id IS NOT NULL THEN 'new'
        WHEN c.field = 'studio' THEN COALESCE(CAST(c.entity_id AS text), '')
        WHEN c.field = 'organized' AND c.value <> 'true' THEN 'false'
        ELSE trim(c.value, %s)
      END AS wanted,
      CASE
        WHEN c.op = 'add' THEN 'no'
        WHEN c.op = 'remove' THEN 'yes'
        WHEN c.field = 'studio' THEN COALESCE(CAST(c.before_id AS text), '')
        WHEN c.field = 'organized' AND c.before <> 'true' THEN 'false'
        ELSE trim(c.before, %s)
      END AS expected
    FROM ({chosen}) c
    LEFT JOIN {scene} s ON s.id = c.scene_id AND s.deleted_at IS NULL
    LEFT JOIN {tag} t
      ON c.field = 'tags' AND t.scene_id = c.scene_id AND t.tag_id = c.entity_id
    LEFT JOIN {performer} p
      ON c.field = 'performers' AND p.scene_id = c.scene_id
        AND p.performer_id = c.entity_id
  ) AS compared
) AS judged GROUP BY verdict
"""


def forecast(rows: "QuerySet[Change, Change]") -> dict[str, int]:
    """Return how many of these would be written, skipped, in conflict, or are gone."""
    chosen, params = rows.order_by().values(*READ).query.sql_with_params()
    tables = {"scene": Scene, "tag": SceneTag, "performer": ScenePerformer}
    names = {name: model._meta.db_table for name, model in tables.items()}
    verdicts = {each.value: each.value for each in ChangeVerdict}
    sql = COUNTS.format(**names, **verdicts, gone=GONE, chosen=chosen)
    with connection.cursor() as cursor:
        cursor.execute(sql, [SPACE, SPACE, *params])
        return dict(cursor.fetchall())
