import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

KINDS = ("tag", "studio", "performer", "scene")
# What an old entry says of a scene that went (1) or came back (0), and its other fields.
REMOVED, REST = {
    "sqlite": "json_extract(changes, '$.removed[1]')",
    "postgresql": "(changes #>> '{removed,1}')::boolean::int",
}, {
    "sqlite": "json_remove(changes, '$.removed')",
    "postgresql": "changes - 'removed'",
}


def carry_over(apps, schema_editor):
    """Take the entries of scenes into the table of all four kinds, in one statement."""
    vendor = schema_editor.connection.vendor
    removed, rest = REMOVED[vendor], REST[vendor]
    schema_editor.execute(
        "INSERT INTO syncapp_entryofhistory "
        "(stream, row_id, at, job_id, what, changes) "
        "SELECT 'scenes', scene_id, at, job_id, "
        f"CASE {removed} WHEN 1 THEN 'went' WHEN 0 THEN 'back' ELSE 'changed' END, "
        f"{rest} FROM syncapp_historyentry"
    )
    schema_editor.execute(
        "INSERT INTO syncapp_changeset (job_id, source_id, at) "
        "SELECT job_id, MIN(row_id >> 40), MIN(at) FROM syncapp_entryofhistory "
        "WHERE job_id IS NOT NULL AND EXISTS "
        "(SELECT 1 FROM syncapp_source WHERE syncapp_source.id = row_id >> 40) "
        "GROUP BY job_id"
    )
    # Nothing changes a tombstone: the last job that did has made it.
    for kind in KINDS:
        schema_editor.execute(
            f"UPDATE syncapp_{kind} SET deleted_by_job = changed_by_job "
            "WHERE deleted_at IS NOT NULL"
        )


def new_columns(kind):
    return [
        *(
            migrations.AddField(
                model_name=kind,
                name=name,
                field=models.BigIntegerField(blank=True, null=True),
            )
            for name in ("deleted_by_job", "first_seen_job")
        ),
        migrations.AddField(
            model_name=kind,
            name="first_seen_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name=kind,
            index=models.Index(
                fields=["first_seen_job", "id"],
                condition=Q(first_seen_job__isnull=False),
                name=f"{kind}_by_first_job",
            ),
        ),
    ]


class Migration(migrations.Migration):
    """Tell of each row who brought it, and keep a history of all four kinds.

    Django cannot change a key of several columns: the entries go to a table of the new
    form, which then takes the name of the old one.
    """

    dependencies = [
        ("syncapp", "0016_public_address"),
    ]

    operations = [
        *(step for kind in KINDS for step in new_columns(kind)),
        migrations.CreateModel(
            name="ChangeSet",
            fields=[
                ("job_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("source", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="syncapp.source")),
            ],
            options={"ordering": ["-at", "-job_id"]},
        ),
        migrations.AddIndex(
            model_name="changeset",
            index=models.Index(fields=["-at", "-job_id"], name="change_set_by_time"),
        ),
        migrations.CreateModel(
            name="EntryOfHistory",
            fields=[
                ("pk", models.CompositePrimaryKey("row_id", "stream", "at", blank=True, editable=False, primary_key=True, serialize=False)),
                ("stream", models.CharField(max_length=20)),
                ("row_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("job_id", models.BigIntegerField(null=True)),
                ("what", models.CharField(choices=[("came", "came"), ("changed", "changed"), ("went", "went"), ("back", "came back")], max_length=8)),
                ("changes", models.JSONField(default=dict)),
            ],
            options={"ordering": ["row_id", "stream", "-at"]},
        ),
        migrations.RunPython(carry_over),
        migrations.DeleteModel(name="HistoryEntry"),
        migrations.RenameModel(old_name="EntryOfHistory", new_name="HistoryEntry"),
        migrations.AddIndex(
            model_name="historyentry",
            index=models.Index(
                fields=["job_id", "stream", "what", "row_id"], name="history_by_job"
            ),
        ),
    ]
