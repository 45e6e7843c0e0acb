from django.db import migrations, models

KEYS = {  # table: (column, what it was made of, its index)
    "scene": ("title_key", "lower(substr(title, 1, 100))", "scene_by_title"),
    "performer": ("name_key", "lower(substr(name, 1, 100))", "performer_by_name"),
    "tag": ("name_key", "lower(substr(name, 1, 100))", "tag_by_name"),
    "studio": ("name_key", "lower(substr(name, 1, 100))", "studio_by_name"),
}
FTS5 = (
    'CREATE VIRTUAL TABLE "syncapp_{0}search" USING fts5('
    "names, path, details, links, tokenize='ascii', columnsize=0)"
)
TSVECTOR = (
    'CREATE TABLE "syncapp_{0}search" ("rowid" bigint PRIMARY KEY, '
    '"doc" tsvector NOT NULL)',
    'CREATE INDEX "{0}_search_doc" ON "syncapp_{0}search" USING gin ("doc")',
)


def make_search_tables(apps, schema_editor):
    for table in KEYS:
        if schema_editor.connection.vendor == "postgresql":
            for statement in TSVECTOR:
                schema_editor.execute(statement.format(table))
        else:
            # Every token is ASCII letters and digits or not ASCII at all, so `ascii`
            # splits them at our spaces and nowhere else. Fewer merges: faster writes.
            schema_editor.execute(FTS5.format(table))
            name = f"syncapp_{table}search"
            schema_editor.execute(
                f'INSERT INTO "{name}"("{name}", rank) VALUES (\'automerge\', 8)'
            )


def free_keys(apps, schema_editor):
    """Make plain columns of generated ones; what they hold stays until the job ran."""
    for table, (column, made_of, index) in KEYS.items():
        name = f'"syncapp_{table}"'
        if schema_editor.connection.vendor == "postgresql":
            change = f'ALTER TABLE {name} ALTER COLUMN "{column}" '
            schema_editor.execute(change + "DROP EXPRESSION")
            schema_editor.execute(change + "SET DEFAULT ''")
            schema_editor.execute(change + "SET NOT NULL")
            schema_editor.execute(change + 'TYPE text COLLATE "C"')
            continue
        schema_editor.execute(f'DROP INDEX "{index}"')
        schema_editor.execute(f'ALTER TABLE {name} DROP COLUMN "{column}"')
        schema_editor.execute(
            f"ALTER TABLE {name} ADD COLUMN \"{column}\" text DEFAULT '' NOT NULL"
        )
        schema_editor.execute(f'UPDATE {name} SET "{column}" = {made_of}')
        schema_editor.execute(f'CREATE INDEX "{index}" ON {name} ("{column}", "id")')


def note_what_is_there(apps, schema_editor):
    """Leave a mirror that holds something to the job that indexes it."""
    models = [apps.get_model("syncapp", name) for name in KEYS]
    if any(model.objects.exists() for model in models):
        apps.get_model("syncapp", "IndexState").objects.create(version=0)


def search_model(name):
    field = models.BigIntegerField(db_column="rowid", primary_key=True, serialize=False)
    return migrations.CreateModel(
        name=name, fields=[("id", field)], options={"abstract": False}
    )


def plain_key(model):
    column, _, index = KEYS[model]
    field = models.TextField(blank=True, db_default="", default="")
    return [
        migrations.RemoveIndex(model_name=model, name=index),
        migrations.RemoveField(model_name=model, name=column),
        migrations.AddField(model_name=model, name=column, field=field),
        migrations.AddIndex(
            model_name=model, index=models.Index(fields=[column, "id"], name=index)
        ),
    ]


class Migration(migrations.Migration):
    """Make the search tables; let sync write the columns that lists are ordered by."""

    dependencies = [
        ("syncapp", "0011_side_probe"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunPython(make_search_tables, migrations.RunPython.noop)
            ],
            state_operations=[
                search_model("SceneSearch"),
                search_model("PerformerSearch"),
                search_model("TagSearch"),
                search_model("StudioSearch"),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunPython(free_keys, migrations.RunPython.noop)
            ],
            state_operations=[each for model in KEYS for each in plain_key(model)],
        ),
        migrations.CreateModel(
            name="IndexState",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="one_index_state"
                    )
                ],
            },
        ),
        migrations.RunPython(note_what_is_there, migrations.RunPython.noop),
    ]
