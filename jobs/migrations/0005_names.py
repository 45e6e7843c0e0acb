from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("jobs", "0004_lanes"),
    ]

    operations = [
        migrations.RenameModel(old_name="ReadyMade", new_name="SeededSchedule"),
        migrations.RenameModel(old_name="Tally", new_name="MetricCounter"),
    ]
