from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("syncapp", "0006_scene_history"),
    ]

    operations = [
        migrations.RenameModel(old_name="SceneChange", new_name="HistoryEntry"),
    ]
