import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Substr

COLUMNS = (
    "scene_id, remote_id, position, path, basename, size, mod_time, "
    "remote_created_at, remote_updated_at, format, width, height, duration, "
    "video_codec, audio_codec, frame_rate, bit_rate, fingerprints"
)


def name_key():
    return models.GeneratedField(
        expression=Substr("name", 1, 100),
        output_field=models.TextField(),
        db_persist=True,
    )


class Migration(migrations.Migration):
    """Key a file by its scene as well; index no more of a text than fits.

    Django cannot change a key to one of two columns: the rows go to a table of the new
    form, which then takes the name of the old one.
    """

    dependencies = [
        ("syncapp", "0007_names"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="scenefile", name="file_by_path"),
        migrations.CreateModel(
            name="FileOfScene",
            fields=[
                ("pk", models.CompositePrimaryKey("scene_id", "remote_id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("remote_id", models.BigIntegerField()),
                ("position", models.IntegerField()),
                ("path", models.TextField(blank=True, default="")),
                ("basename", models.TextField(blank=True, default="")),
                ("size", models.BigIntegerField(null=True)),
                ("mod_time", models.DateTimeField(null=True)),
                ("remote_created_at", models.DateTimeField(null=True)),
                ("remote_updated_at", models.DateTimeField(null=True)),
                ("format", models.TextField(blank=True, default="")),
                ("width", models.IntegerField(null=True)),
                ("height", models.IntegerField(null=True)),
                ("duration", models.FloatField(null=True)),
                ("video_codec", models.TextField(blank=True, default="")),
                ("audio_codec", models.TextField(blank=True, default="")),
                ("frame_rate", models.FloatField(null=True)),
                ("bit_rate", models.BigIntegerField(null=True)),
                ("fingerprints", models.JSONField(blank=True, default=list)),
                ("scene", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="files", to="syncapp.scene")),
            ],
            options={"ordering": ["scene", "position"]},
        ),
        migrations.RunSQL(
            f"INSERT INTO syncapp_fileofscene ({COLUMNS}) "
            f"SELECT {COLUMNS} FROM syncapp_scenefile"
        ),
        migrations.DeleteModel(name="SceneFile"),
        migrations.RenameModel(old_name="FileOfScene", new_name="SceneFile"),
        migrations.AddIndex(
            model_name="scenefile",
            index=models.Index(fields=["remote_id", "scene"], name="scene_by_file"),
        ),
        migrations.AddIndex(
            model_name="scenefile",
            index=models.Index(Substr("path", 1, 500), name="file_by_path"),
        ),
        migrations.AlterField(
            model_name="scene",
            name="date",
            field=models.CharField(blank=True, default="", max_length=32),
        ),
        migrations.RemoveIndex(model_name="tag", name="tag_by_name"),
        migrations.AddField(model_name="tag", name="name_key", field=name_key()),
        migrations.AddIndex(
            model_name="tag",
            index=models.Index(fields=["name_key", "id"], name="tag_by_name"),
        ),
        migrations.RemoveIndex(model_name="studio", name="studio_by_name"),
        migrations.AddField(model_name="studio", name="name_key", field=name_key()),
        migrations.AddIndex(
            model_name="studio",
            index=models.Index(fields=["name_key", "id"], name="studio_by_name"),
        ),
        migrations.RemoveIndex(model_name="performer", name="performer_by_name"),
        migrations.AddField(model_name="performer", name="name_key", field=name_key()),
        migrations.AddIndex(
            model_name="performer",
            index=models.Index(fields=["name_key", "id"], name="performer_by_name"),
        ),
    ]
