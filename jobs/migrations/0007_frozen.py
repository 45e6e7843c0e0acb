from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0006_furthest")]

    operations = [
        migrations.AddField("job", "due_since", models.DateTimeField(null=True)),
        migrations.AddField(
            "workernode", "suspect_pid", models.PositiveIntegerField(null=True)
        ),
        migrations.AddField(
            "workernode", "replaced_at", models.DateTimeField(null=True)
        ),
        migrations.AddField(
            "workernode",
            "replaced_why",
            models.CharField(db_default="", max_length=200),
        ),
    ]
