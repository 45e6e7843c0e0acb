"""Keep how each person wants the pages."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("syncapp", "0013_filter_columns"),
    ]

    operations = [
        migrations.CreateModel(
            name="Preferences",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("theme", models.CharField(blank=True, default="", max_length=10)),
                ("shortcuts", models.BooleanField(default=True)),
                ("lists", models.JSONField(blank=True, default=dict)),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="syncapp.source",
                    ),
                ),
            ],
            options={"verbose_name_plural": "preferences"},
        ),
    ]
