"""Where browsers find a source, for links."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("syncapp", "0015_scene_sets"),
    ]

    operations = [
        migrations.AddField(
            model_name="source",
            name="public_url",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=500
            ),
        ),
    ]
