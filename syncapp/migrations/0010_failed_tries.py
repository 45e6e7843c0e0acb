"""Count what is typed wrong at the sign-in beside what is at the setup."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("syncapp", "0009_way_in")]

    operations = [
        migrations.RenameModel("SetupAttempts", "FailedTries"),
        migrations.RenameField("FailedTries", "address", "key"),
        migrations.AlterField(
            "FailedTries", "key", models.CharField(max_length=120, unique=True)
        ),
        migrations.AlterModelOptions(
            "FailedTries", options={"verbose_name_plural": "failed tries"}
        ),
    ]
