import django.db.models.deletion
import django.db.models.functions.comparison
import syncapp.models.encryption
import syncapp.models.library
from django.conf import settings
from django.db import migrations, models


TABLES = ("scene", "performer", "tag", "studio")
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
    for table in TABLES:
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


def order_keys_by_bytes(apps, schema_editor):
    """Let PostgreSQL compare the keys as SQLite does, whatever its locale is."""
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            column = "title_key" if table == "scene" else "name_key"
            schema_editor.execute(
                f'ALTER TABLE "syncapp_{table}" ALTER COLUMN "{column}" TYPE text COLLATE "C"'
            )


class Migration(migrations.Migration):
    """Make in one step what 0001 to 0023 made one after the other.

    An installation that has begun with those goes on with them.
    """

    replaces = [
        ('syncapp', '0001_initial'),
        ('syncapp', '0003_setup_code'),
        ('syncapp', '0004_browsing'),
        ('syncapp', '0005_deletions_and_probe'),
        ('syncapp', '0006_scene_history'),
        ('syncapp', '0007_names'),
        ('syncapp', '0008_files_of_each_scene_and_bounded_indexes'),
        ('syncapp', '0009_way_in'),
        ('syncapp', '0010_failed_tries'),
        ('syncapp', '0011_side_probe'),
        ('syncapp', '0012_search_and_order_keys'),
        ('syncapp', '0013_filter_columns'),
        ('syncapp', '0014_preferences'),
        ('syncapp', '0015_scene_sets'),
        ('syncapp', '0016_public_address'),
        ('syncapp', '0017_what_changed'),
        ('syncapp', '0018_saved_filters'),
        ('syncapp', '0019_plans'),
        ('syncapp', '0020_apply'),
        ('syncapp', '0021_apply'),
        ('syncapp', '0022_review'),
        ('syncapp', '0023_automatic'),
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True)),
                ('url', models.CharField(max_length=500)),
                ('public_url', models.CharField(blank=True, db_default='', default='', max_length=500)),
                ('api_key', syncapp.models.encryption.EncryptedTextField(blank=True, default='')),
                ('key_changed_at', models.DateTimeField(blank=True, null=True)),
                ('certificate', models.TextField(blank=True, default='')),
                ('headers', syncapp.models.encryption.EncryptedTextField(blank=True, default='')),
                ('read_only', models.BooleanField(default=True, help_text='Steward never writes to this Stash.')),
                ('is_demo', models.BooleanField(default=False)),
                ('analyse_after_sync', models.BooleanField(db_default=False, default=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('version', models.CharField(blank=True, default='', max_length=100)),
                ('reached_at', models.DateTimeField(blank=True, null=True)),
                ('trouble', models.TextField(blank=True, default='')),
                ('trouble_since', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['id'],
                'permissions': [('manage_source', 'Can add and change sources')],
                'constraints': [models.CheckConstraint(condition=models.Q(('id__lt', 4194304)), name='source_id_fits_row_ids')],
            },
        ),
        migrations.CreateModel(
            name='StreamState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='streams', to='syncapp.source')),
                ('stream', models.CharField(max_length=20)),
                ('selection_version', models.BigIntegerField(default=0)),
                ('full_at', models.DateTimeField(null=True)),
                ('synced_at', models.DateTimeField(null=True)),
                ('held_deletions', models.PositiveIntegerField(default=0)),
                ('held_ids', models.JSONField(blank=True, default=list)),
                ('held_since', models.DateTimeField(blank=True, null=True)),
                ('held_mark', models.CharField(blank=True, default='', max_length=32)),
                ('kept_mark', models.CharField(blank=True, default='', max_length=32)),
                ('probe', models.CharField(blank=True, default='', max_length=32)),
                ('indexed_at', models.DateTimeField(blank=True, null=True)),
                ('greatest_id', models.BigIntegerField(default=0)),
                ('side_probe', models.JSONField(blank=True, default=dict)),
            ],
            options={
                'ordering': ['source', 'id'],
                'constraints': [models.UniqueConstraint(fields=('source', 'stream'), name='one_state_per_stream')],
            },
        ),
        migrations.CreateModel(
            name='AutomaticApply',
            fields=[
                ('source', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='automatic_apply', serialize=False, to='syncapp.source')),
                ('detectors', models.JSONField()),
                ('daily_limit', models.PositiveIntegerField(default=200)),
                ('allowed_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('allowed_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['source'],
                'constraints': [models.CheckConstraint(condition=models.Q(('daily_limit__gte', 1), ('daily_limit__lte', 10000)), name='automatic_apply_has_a_limit')],
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('source', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='syncapp.source')),
                ('remote_id', models.BigIntegerField()),
                ('remote_created_text', models.CharField(max_length=64)),
                ('remote_updated_text', models.CharField(max_length=64)),
                ('remote_created_at', models.DateTimeField()),
                ('remote_updated_at', models.DateTimeField()),
                ('content_hash', models.BigIntegerField()),
                ('unsettled', models.BooleanField(default=False)),
                ('synced_at', models.DateTimeField()),
                ('deleted_at', models.DateTimeField(blank=True, null=True)),
                ('deleted_by_job', models.BigIntegerField(blank=True, null=True)),
                ('first_seen_at', models.DateTimeField(blank=True, null=True)),
                ('first_seen_job', models.BigIntegerField(blank=True, null=True)),
                ('changed_by_job', models.BigIntegerField(blank=True, null=True)),
                ('name', models.TextField(blank=True, default='')),
                ('name_key', models.TextField(blank=True, db_default='', default='')),
                ('sort_name', models.TextField(blank=True, default='')),
                ('description', models.TextField(blank=True, default='')),
                ('aliases', models.JSONField(blank=True, default=list)),
                ('stash_ids', models.JSONField(blank=True, default=list)),
                ('favorite', models.BooleanField(default=False)),
                ('ignore_auto_tag', models.BooleanField(default=False)),
                ('scene_count', models.IntegerField(db_default=0, default=0)),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('content_hash', 0), ('unsettled', True), _connector='OR'), fields=['source', 'id'], name='tag_to_read_again'), models.Index(condition=models.Q(('first_seen_job__isnull', False)), fields=['first_seen_job', 'id'], name='tag_by_first_job'), models.Index(fields=['name_key', 'id'], name='tag_by_name'), models.Index(fields=['-scene_count', '-id'], name='tag_by_scenes')],
                'constraints': [models.CheckConstraint(condition=models.Q(('remote_id__gte', 0), ('remote_id__lt', 1099511627776)), name='tag_remote_id_fits_row_ids')],
            },
        ),
        migrations.CreateModel(
            name='TagParent',
            fields=[
                ('pk', models.CompositePrimaryKey('tag_id', 'parent_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('tag', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='syncapp.tag')),
                ('parent', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='syncapp.tag')),
            ],
            options={
                'indexes': [models.Index(fields=['parent', 'tag'], name='tag_child')],
            },
        ),
        migrations.CreateModel(
            name='Studio',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('source', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='syncapp.source')),
                ('remote_id', models.BigIntegerField()),
                ('remote_created_text', models.CharField(max_length=64)),
                ('remote_updated_text', models.CharField(max_length=64)),
                ('remote_created_at', models.DateTimeField()),
                ('remote_updated_at', models.DateTimeField()),
                ('content_hash', models.BigIntegerField()),
                ('unsettled', models.BooleanField(default=False)),
                ('synced_at', models.DateTimeField()),
                ('deleted_at', models.DateTimeField(blank=True, null=True)),
                ('deleted_by_job', models.BigIntegerField(blank=True, null=True)),
                ('first_seen_at', models.DateTimeField(blank=True, null=True)),
                ('first_seen_job', models.BigIntegerField(blank=True, null=True)),
                ('changed_by_job', models.BigIntegerField(blank=True, null=True)),
                ('name', models.TextField(blank=True, default='')),
                ('name_key', models.TextField(blank=True, db_default='', default='')),
                ('details', models.TextField(blank=True, default='')),
                ('urls', models.JSONField(blank=True, default=list)),
                ('aliases', models.JSONField(blank=True, default=list)),
                ('stash_ids', models.JSONField(blank=True, default=list)),
                ('rating100', models.IntegerField(blank=True, null=True)),
                ('favorite', models.BooleanField(default=False)),
                ('ignore_auto_tag', models.BooleanField(default=False)),
                ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='children', to='syncapp.studio')),
                ('scene_count', models.IntegerField(db_default=0, default=0)),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('content_hash', 0), ('unsettled', True), _connector='OR'), fields=['source', 'id'], name='studio_to_read_again'), models.Index(condition=models.Q(('first_seen_job__isnull', False)), fields=['first_seen_job', 'id'], name='studio_by_first_job'), models.Index(fields=['name_key', 'id'], name='studio_by_name'), models.Index(fields=['-scene_count', '-id'], name='studio_by_scenes')],
                'constraints': [models.CheckConstraint(condition=models.Q(('remote_id__gte', 0), ('remote_id__lt', 1099511627776)), name='studio_remote_id_fits_row_ids')],
            },
        ),
        migrations.CreateModel(
            name='StudioTag',
            fields=[
                ('pk', models.CompositePrimaryKey('studio_id', 'tag_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('studio', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='syncapp.studio')),
                ('tag', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='syncapp.tag')),
            ],
            options={
                'indexes': [models.Index(fields=['tag', 'studio'], name='tag_studio')],
            },
        ),
        migrations.CreateModel(
            name='Performer',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('source', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='syncapp.source')),
                ('remote_id', models.BigIntegerField()),
                ('remote_created_text', models.CharField(max_length=64)),
                ('remote_updated_text', models.CharField(max_length=64)),
                ('remote_created_at', models.DateTimeField()),
                ('remote_updated_at', models.DateTimeField()),
                ('content_hash', models.BigIntegerField()),
                ('unsettled', models.BooleanField(default=False)),
                ('synced_at', models.DateTimeField()),
                ('deleted_at', models.DateTimeField(blank=True, null=True)),
                ('deleted_by_job', models.BigIntegerField(blank=True, null=True)),
                ('first_seen_at', models.DateTimeField(blank=True, null=True)),
                ('first_seen_job', models.BigIntegerField(blank=True, null=True)),
                ('changed_by_job', models.BigIntegerField(blank=True, null=True)),
                ('name', models.TextField(blank=True, default='')),
                ('name_key', models.TextField(blank=True, db_default='', default='')),
                ('disambiguation', models.TextField(blank=True, default='')),
                ('details', models.TextField(blank=True, default='')),
                ('gender', models.TextField(blank=True, default='')),
                ('country', models.TextField(blank=True, default='')),
                ('birthdate', models.TextField(blank=True, default='')),
                ('death_date', models.TextField(blank=True, default='')),
                ('urls', models.JSONField(blank=True, default=list)),
                ('aliases', models.JSONField(blank=True, default=list)),
                ('stash_ids', models.JSONField(blank=True, default=list)),
                ('rating100', models.IntegerField(blank=True, null=True)),
                ('favorite', models.BooleanField(default=False)),
                ('ignore_auto_tag', models.BooleanField(default=False)),
                ('scene_count', models.IntegerField(db_default=0, default=0)),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('content_hash', 0), ('unsettled', True), _connector='OR'), fields=['source', 'id'], name='performer_to_read_again'), models.Index(condition=models.Q(('first_seen_job__isnull', False)), fields=['first_seen_job', 'id'], name='performer_by_first_job'), models.Index(fields=['name_key', 'id'], name='performer_by_name'), models.Index(fields=['-scene_count', '-id'], name='performer_by_scenes')],
                'constraints': [models.CheckConstraint(condition=models.Q(('remote_id__gte', 0), ('remote_id__lt', 1099511627776)), name='performer_remote_id_fits_row_ids')],
            },
        ),
        migrations.CreateModel(
            name='PerformerTag',
            fields=[
                ('pk', models.CompositePrimaryKey('performer_id', 'tag_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('performer', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='syncapp.performer')),
                ('tag', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='syncapp.tag')),
            ],
            options={
                'indexes': [models.Index(fields=['tag', 'performer'], name='tag_performer')],
            },
        ),
        migrations.CreateModel(
            name='Scene',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('source', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='syncapp.source')),
                ('remote_id', models.BigIntegerField()),
                ('remote_created_text', models.CharField(max_length=64)),
                ('remote_updated_text', models.CharField(max_length=64)),
                ('remote_created_at', models.DateTimeField()),
                ('remote_updated_at', models.DateTimeField()),
                ('content_hash', models.BigIntegerField()),
                ('unsettled', models.BooleanField(default=False)),
                ('synced_at', models.DateTimeField()),
                ('deleted_at', models.DateTimeField(blank=True, null=True)),
                ('deleted_by_job', models.BigIntegerField(blank=True, null=True)),
                ('first_seen_at', models.DateTimeField(blank=True, null=True)),
                ('first_seen_job', models.BigIntegerField(blank=True, null=True)),
                ('changed_by_job', models.BigIntegerField(blank=True, null=True)),
                ('title', models.TextField(blank=True, default='')),
                ('code', models.TextField(blank=True, default='')),
                ('details', models.TextField(blank=True, default='')),
                ('director', models.TextField(blank=True, default='')),
                ('date', models.CharField(blank=True, default='', max_length=32)),
                ('rating100', models.IntegerField(blank=True, null=True)),
                ('rating_rank', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce('rating100', models.Value(-1)), output_field=models.IntegerField())),
                ('title_key', models.TextField(blank=True, db_default='', default='')),
                ('organized', models.BooleanField(default=False)),
                ('urls', models.JSONField(blank=True, default=list)),
                ('stash_ids', models.JSONField(blank=True, default=list)),
                ('o_counter', models.IntegerField(blank=True, null=True)),
                ('play_count', models.IntegerField(blank=True, null=True)),
                ('play_duration', models.FloatField(blank=True, null=True)),
                ('resume_time', models.FloatField(blank=True, null=True)),
                ('last_played_at', models.DateTimeField(blank=True, null=True)),
                ('studio', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='scenes', to='syncapp.studio')),
                ('missing', models.IntegerField(null=True)),
                ('tag_count', models.IntegerField(null=True)),
                ('performer_count', models.IntegerField(null=True)),
                ('file_count', models.IntegerField(null=True)),
                ('duration', models.FloatField(null=True)),
                ('size', models.BigIntegerField(null=True)),
                ('height', models.IntegerField(null=True)),
                ('frame_rate', models.FloatField(null=True)),
                ('bit_rate', models.BigIntegerField(null=True)),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('content_hash', 0), ('unsettled', True), _connector='OR'), fields=['source', 'id'], name='scene_to_read_again'), models.Index(condition=models.Q(('first_seen_job__isnull', False)), fields=['first_seen_job', 'id'], name='scene_by_first_job'), models.Index(fields=['-date', '-id'], name='scene_by_date'), models.Index(fields=['studio', '-date', '-id'], name='scene_by_studio'), models.Index(fields=['title_key', 'id'], name='scene_by_title'), models.Index(fields=['-remote_created_at', '-id'], name='scene_by_added'), models.Index(fields=['-remote_updated_at', '-id'], name='scene_by_updated'), models.Index(fields=['-rating_rank', '-id'], name='scene_by_rating'), models.Index(fields=['id', 'deleted_at', 'missing', 'organized', 'file_count', 'duration', 'size', 'height', 'frame_rate', 'bit_rate', 'play_count', 'o_counter', 'rating100', 'changed_by_job', 'studio', 'date', 'synced_at', 'remote_created_at', 'remote_updated_at'], name='scene_facts'), models.Index(condition=models.Q(('deleted_at__isnull', False)), fields=['id'], name='scene_gone')],
                'constraints': [models.CheckConstraint(condition=models.Q(('remote_id__gte', 0), ('remote_id__lt', 1099511627776)), name='scene_remote_id_fits_row_ids')],
            },
        ),
        migrations.CreateModel(
            name='SceneTag',
            fields=[
                ('pk', models.CompositePrimaryKey('scene_id', 'tag_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('scene', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='syncapp.scene')),
                ('tag', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='syncapp.tag')),
            ],
            options={
                'indexes': [models.Index(fields=['tag', 'scene'], name='tag_scene')],
            },
        ),
        migrations.CreateModel(
            name='ScenePerformer',
            fields=[
                ('pk', models.CompositePrimaryKey('scene_id', 'performer_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('scene', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='syncapp.scene')),
                ('performer', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='syncapp.performer')),
            ],
            options={
                'indexes': [models.Index(fields=['performer', 'scene'], name='performer_scene')],
            },
        ),
        migrations.CreateModel(
            name='SceneFile',
            fields=[
                ('pk', models.CompositePrimaryKey('scene_id', 'remote_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('scene', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='files', to='syncapp.scene')),
                ('remote_id', models.BigIntegerField()),
                ('position', models.IntegerField()),
                ('path', models.TextField(blank=True, default='')),
                ('basename', models.TextField(blank=True, default='')),
                ('size', models.BigIntegerField(null=True)),
                ('mod_time', models.DateTimeField(null=True)),
                ('remote_created_at', models.DateTimeField(null=True)),
                ('remote_updated_at', models.DateTimeField(null=True)),
                ('format', models.TextField(blank=True, default='')),
                ('width', models.IntegerField(null=True)),
                ('height', models.IntegerField(null=True)),
                ('duration', models.FloatField(null=True)),
                ('video_codec', models.TextField(blank=True, default='')),
                ('audio_codec', models.TextField(blank=True, default='')),
                ('frame_rate', models.FloatField(null=True)),
                ('bit_rate', models.BigIntegerField(null=True)),
                ('phash', models.BigIntegerField(null=True)),
                ('fingerprints', models.JSONField(blank=True, default=list)),
            ],
            options={
                'ordering': ['scene', 'position'],
                'indexes': [models.Index(fields=['remote_id', 'scene'], name='scene_by_file'), models.Index(syncapp.models.library.PlaceKey('path'), name='file_by_path'), models.Index(condition=models.Q(('phash__isnull', False)), fields=['phash', 'scene'], name='file_by_phash')],
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='plans', to='syncapp.source')),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('analysis', 'analysis'), ('undo', 'undo'), ('by_hand', 'by hand'), ('imported', 'imported'), ('automatic', 'automatic')], max_length=10)),
                ('scope', models.CharField(choices=[('filter', 'all that match a filter'), ('chosen', 'chosen scenes'), ('unanalysed', 'not analysed since they changed')], max_length=12)),
                ('query', models.TextField(blank=True, default='')),
                ('detectors', models.JSONField(default=dict)),
                ('options', models.JSONField(default=list)),
                ('undoes', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='undone_by', to='syncapp.plan')),
                ('job_id', models.BigIntegerField(blank=True, null=True)),
                ('by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-id'],
                'permissions': [('apply_plan', 'Can write accepted changes to Stash')],
                'indexes': [models.Index(fields=['source', '-id'], name='plan_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['analysis', 'undo', 'by_hand', 'imported', 'automatic'])), name='plan_kind_is_known'), models.CheckConstraint(condition=models.Q(('scope__in', ['filter', 'chosen', 'unanalysed'])), name='plan_scope_is_known'), models.CheckConstraint(condition=models.Q(('undoes', None), ('kind', 'undo'), _connector='OR'), name='only_an_undo_undoes'), models.UniqueConstraint(condition=models.Q(('job_id__isnull', False)), fields=('job_id',), name='one_plan_of_a_job')],
            },
        ),
        migrations.CreateModel(
            name='Creation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('plan', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='creations', to='syncapp.plan')),
                ('kind', models.CharField(max_length=10)),
                ('op', models.CharField(default='create', max_length=8)),
                ('name', models.TextField()),
                ('state', models.CharField(default='proposed', max_length=14)),
                ('entity_id', models.BigIntegerField(blank=True, null=True)),
                ('was_there', models.BooleanField(default=False)),
                ('decided_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('written_at', models.DateTimeField(blank=True, null=True)),
                ('objection', models.TextField(blank=True, default='')),
            ],
            options={
                'ordering': ['plan', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ('tag', 'performer', 'studio'))), name='creation_kind_is_known'), models.CheckConstraint(condition=models.Q(('op__in', ('create', 'remove'))), name='creation_op_is_known'), models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'accepted', 'rejected', 'writing', 'applied', 'overwrote', 'changed_since', 'conflict', 'failed', 'skipped', 'undone'])), name='creation_state_is_known'), models.UniqueConstraint(fields=('plan', 'kind', 'op', 'name'), name='no_creation_twice')],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('plan', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='syncapp.plan')),
                ('scene_id', models.BigIntegerField()),
                ('field', models.CharField(max_length=12)),
                ('op', models.CharField(max_length=8)),
                ('entity_id', models.BigIntegerField(blank=True, null=True)),
                ('value', models.TextField(blank=True, default='')),
                ('value_key', models.CharField(max_length=32)),
                ('before_id', models.BigIntegerField(blank=True, null=True)),
                ('before', models.TextField(blank=True, default='')),
                ('detector', models.CharField(max_length=60)),
                ('detector_version', models.PositiveIntegerField()),
                ('evidence_kind', models.CharField(max_length=60)),
                ('sentence', models.TextField()),
                ('spans', models.JSONField(default=list)),
                ('more_evidence', models.JSONField(default=list)),
                ('confidence', models.FloatField()),
                ('level', models.CharField(max_length=8)),
                ('cause', models.TextField()),
                ('cause_key', models.CharField(max_length=32)),
                ('choice', models.CharField(blank=True, default='', max_length=32)),
                ('state', models.CharField(default='proposed', max_length=14)),
                ('decided_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('image_before', models.JSONField(blank=True, null=True)),
                ('image_after', models.JSONField(blank=True, null=True)),
                ('image_found', models.JSONField(blank=True, null=True)),
                ('written_at', models.DateTimeField(blank=True, null=True)),
                ('written_by_job', models.BigIntegerField(blank=True, null=True)),
                ('undoes', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='undone_by', to='syncapp.change')),
                ('creation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='syncapp.creation')),
                ('objection', models.TextField(blank=True, default='')),
            ],
            options={
                'ordering': ['plan', 'scene_id', 'id'],
                'indexes': [models.Index(fields=['plan', 'state', 'field', 'level', 'detector', 'evidence_kind'], name='change_facets'), models.Index(fields=['plan', 'cause_key', 'state', 'field', 'level', 'detector', 'evidence_kind', 'id'], name='change_causes'), models.Index(fields=['scene_id', 'plan'], name='change_of_scene')],
                'constraints': [models.CheckConstraint(condition=models.Q(('field__in', ('studio', 'performers', 'tags', 'date', 'title', 'details', 'organized', 'rating'))), name='change_field_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('field__in', ('studio', 'date', 'title', 'details', 'organized', 'rating')), ('op', 'set')), models.Q(('field__in', ('performers', 'tags')), ('op__in', ('add', 'remove'))), _connector='OR'), name='change_op_fits_its_field'), models.CheckConstraint(condition=models.Q(('field__in', ('studio', 'performers', 'tags')), models.Q(('before_id', None), ('entity_id', None)), _connector='OR'), name='texts_name_no_entity'), models.CheckConstraint(condition=models.Q(('confidence__gte', 0), ('confidence__lte', 1)), name='change_confidence_is_a_share'), models.CheckConstraint(condition=models.Q(('level__in', ('certain', 'likely', 'look'))), name='change_level_is_known'), models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'accepted', 'rejected', 'writing', 'applied', 'overwrote', 'changed_since', 'conflict', 'failed', 'skipped', 'undone'])), name='change_state_is_known'), models.CheckConstraint(condition=models.Q(('state', 'proposed'), ('decided_at__isnull', False), _connector='OR'), name='what_is_decided_says_when'), models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'accepted', 'rejected', 'conflict', 'failed', 'skipped']), ('image_after__isnull', False), _connector='OR'), name='what_is_written_has_its_image'), models.UniqueConstraint(fields=('plan', 'scene_id', 'field', 'op', 'value_key'), name='no_change_twice'), models.UniqueConstraint(condition=models.Q(('state__in', ['accepted', 'writing', 'applied', 'overwrote', 'changed_since', 'skipped']), models.Q(('choice', ''), _negated=True)), fields=('plan', 'scene_id', 'choice'), name='one_accepted_of_a_choice')],
            },
        ),
        migrations.CreateModel(
            name='SceneAnalysis',
            fields=[
                ('scene_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('analysed_at', models.DateTimeField()),
                ('synced_at', models.DateTimeField()),
                ('digest', models.CharField(max_length=32)),
            ],
            options={
                'ordering': ['scene_id'],
            },
        ),
        migrations.CreateModel(
            name='NotADuplicate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='syncapp.source')),
                ('first_id', models.BigIntegerField()),
                ('second_id', models.BigIntegerField()),
                ('by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['first_id', 'second_id'],
                'indexes': [models.Index(fields=['second_id'], name='not_a_duplicate_second')],
                'constraints': [models.CheckConstraint(condition=models.Q(('first_id__lt', models.F('second_id'))), name='a_pair_is_in_order'), models.UniqueConstraint(fields=('source', 'first_id', 'second_id'), name='a_pair_is_named_once')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('plan', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='syncapp.plan')),
                ('by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
                ('state', models.CharField(max_length=14)),
                ('number', models.PositiveIntegerField()),
                ('parts', models.JSONField()),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['plan', 'by', '-id'], name='decision_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ('accepted', 'rejected', 'proposed'))), name='a_decision_is_known')],
            },
        ),
        migrations.CreateModel(
            name='HistoryEntry',
            fields=[
                ('pk', models.CompositePrimaryKey('row_id', 'stream', 'at', blank=True, editable=False, primary_key=True, serialize=False)),
                ('stream', models.CharField(max_length=20)),
                ('row_id', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('job_id', models.BigIntegerField(null=True)),
                ('what', models.CharField(choices=[('came', 'came'), ('changed', 'changed'), ('went', 'went'), ('back', 'came back')], max_length=8)),
                ('changes', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['row_id', 'stream', '-at'],
                'indexes': [models.Index(fields=['job_id', 'stream', 'what', 'row_id'], name='history_by_job')],
            },
        ),
        migrations.CreateModel(
            name='ChangeSet',
            fields=[
                ('job_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='syncapp.source')),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-at', '-job_id'],
                'indexes': [models.Index(fields=['-at', '-job_id'], name='change_set_by_time')],
            },
        ),
        migrations.CreateModel(
            name='Preferences',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('theme', models.CharField(blank=True, default='', max_length=10)),
                ('shortcuts', models.BooleanField(default=True)),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='syncapp.source')),
                ('lists', models.JSONField(blank=True, default=dict)),
            ],
            options={
                'verbose_name_plural': 'preferences',
            },
        ),
        migrations.CreateModel(
            name='Dismissal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='syncapp.source')),
                ('reach', models.CharField(choices=[('scene', 'this scene and value'), ('cause', 'all of this reason'), ('name', 'this value everywhere')], max_length=6)),
                ('scene_id', models.BigIntegerField(blank=True, null=True)),
                ('field', models.CharField(blank=True, default='', max_length=12)),
                ('op', models.CharField(blank=True, default='', max_length=8)),
                ('value_key', models.CharField(blank=True, default='', max_length=32)),
                ('cause_key', models.CharField(blank=True, default='', max_length=32)),
                ('value', models.TextField(blank=True, default='')),
                ('sentence', models.TextField(blank=True, default='')),
                ('by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['source', '-id'], name='dismissal_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('cause_key', ''), ('field__in', ('studio', 'performers', 'tags', 'date', 'title', 'details', 'organized', 'rating')), ('reach', 'scene'), ('scene_id__isnull', False), models.Q(('op', ''), _negated=True), models.Q(('value_key', ''), _negated=True)), models.Q(('field', ''), ('op', ''), ('reach', 'cause'), ('scene_id', None), ('value_key', ''), models.Q(('cause_key', ''), _negated=True)), models.Q(('cause_key', ''), ('field__in', ('studio', 'performers', 'tags', 'date', 'title', 'details', 'organized', 'rating')), ('reach', 'name'), ('scene_id', None), models.Q(('op', ''), _negated=True), models.Q(('value_key', ''), _negated=True)), _connector='OR'), name='a_dismissal_names_what_it_reaches'), models.UniqueConstraint(condition=models.Q(('reach', 'scene')), fields=('scene_id', 'field', 'op', 'value_key'), name='one_dismissal_of_a_scene'), models.UniqueConstraint(condition=models.Q(('reach', 'cause')), fields=('source', 'cause_key'), name='one_dismissal_of_a_cause'), models.UniqueConstraint(condition=models.Q(('reach', 'name')), fields=('source', 'field', 'op', 'value_key'), name='one_dismissal_of_a_name')],
            },
        ),
        migrations.CreateModel(
            name='KeptSpelling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='syncapp.source')),
                ('spelling', models.CharField(max_length=200)),
                ('folded', models.CharField(max_length=400)),
                ('effect', models.CharField(max_length=12)),
                ('kind', models.CharField(blank=True, default='', max_length=10)),
                ('entity_id', models.BigIntegerField(blank=True, null=True)),
                ('studio_id', models.BigIntegerField(blank=True, null=True)),
                ('by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['folded', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('effect__in', ('off', 'needs_more', 'with_studio'))), name='spelling_effect_is_known'), models.CheckConstraint(condition=models.Q(('kind__in', ('studio', 'performer', 'tag')), models.Q(('entity_id', None), ('kind', '')), _connector='OR'), name='spelling_kind_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('effect', 'with_studio'), ('studio_id__isnull', False)), models.Q(models.Q(('effect', 'with_studio'), _negated=True), ('studio_id', None)), _connector='OR'), name='a_studio_where_it_counts'), models.UniqueConstraint(condition=models.Q(('entity_id__isnull', False)), fields=('source', 'folded', 'kind', 'entity_id'), name='one_rule_of_an_entity'), models.UniqueConstraint(condition=models.Q(('entity_id', None)), fields=('source', 'folded', 'kind'), name='one_rule_of_a_spelling')],
            },
        ),
        migrations.CreateModel(
            name='KeptDateOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='syncapp.source')),
                ('folder', models.CharField(max_length=500)),
                ('order', models.CharField(max_length=3)),
                ('by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['folder'],
                'constraints': [models.CheckConstraint(condition=models.Q(('order__in', ('dmy', 'mdy'))), name='date_order_is_known'), models.UniqueConstraint(fields=('source', 'folder'), name='one_date_order_of_a_folder')],
            },
        ),
        migrations.CreateModel(
            name='KeptMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='syncapp.source')),
                ('mark', models.CharField(max_length=40)),
                ('tag_id', models.BigIntegerField()),
                ('by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['mark'],
                'constraints': [models.UniqueConstraint(fields=('source', 'mark'), name='one_tag_of_a_mark')],
            },
        ),
        migrations.CreateModel(
            name='KeptRoots',
            fields=[
                ('source', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='syncapp.source')),
                ('folders', models.JSONField(default=list)),
                ('by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_filters', to=settings.AUTH_USER_MODEL)),
                ('stream', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=100)),
                ('query', models.TextField()),
                ('shared', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['name', 'id'],
                'permissions': [('share_filter', 'Can show saved filters to everybody')],
                'indexes': [models.Index(condition=models.Q(('shared', True)), fields=['stream', 'name'], name='shared_filters')],
                'constraints': [models.UniqueConstraint(fields=('owner', 'stream', 'name'), name='one_saved_filter_per_name')],
            },
        ),
        migrations.CreateModel(
            name='SceneSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scene_sets', to='syncapp.source')),
                ('digest', models.CharField(max_length=32)),
                ('count', models.PositiveIntegerField()),
                ('query', models.TextField(blank=True, default='')),
                ('created_at', models.DateTimeField()),
                ('used_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('source', 'digest'), name='one_set_of_the_same_scenes')],
            },
        ),
        migrations.CreateModel(
            name='SceneSetPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scene_set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='syncapp.sceneset')),
                ('number', models.PositiveIntegerField()),
                ('ids', models.BinaryField()),
            ],
            options={
                'ordering': ['scene_set', 'number'],
                'constraints': [models.UniqueConstraint(fields=('scene_set', 'number'), name='one_part_of_a_number')],
            },
        ),
        migrations.CreateModel(
            name='IndexState',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_index_state')],
            },
        ),
        migrations.CreateModel(
            name='SetupCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='FailedTries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120, unique=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('failed_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'failed tries',
            },
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('zone', models.CharField(blank=True, default='', max_length=64)),
                ('claimed_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_claim')],
            },
        ),
        migrations.AddField(
            model_name='Tag',
            name='parents',
            field=models.ManyToManyField(related_name='children', through='syncapp.TagParent', through_fields=('tag', 'parent'), to='syncapp.tag'),
        ),
        migrations.AddField(
            model_name='Studio',
            name='tags',
            field=models.ManyToManyField(related_name='studios', through='syncapp.StudioTag', to='syncapp.tag'),
        ),
        migrations.AddField(
            model_name='Performer',
            name='tags',
            field=models.ManyToManyField(related_name='performers', through='syncapp.PerformerTag', to='syncapp.tag'),
        ),
        migrations.AddField(
            model_name='Scene',
            name='tags',
            field=models.ManyToManyField(related_name='scenes', through='syncapp.SceneTag', to='syncapp.tag'),
        ),
        migrations.AddField(
            model_name='Scene',
            name='performers',
            field=models.ManyToManyField(related_name='scenes', through='syncapp.ScenePerformer', to='syncapp.performer'),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunPython(make_search_tables, migrations.RunPython.noop),
            ],
            state_operations=[
                migrations.CreateModel(
                    name='SceneSearch',
                    fields=[
                        ('id', models.BigIntegerField(db_column='rowid', primary_key=True, serialize=False)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='PerformerSearch',
                    fields=[
                        ('id', models.BigIntegerField(db_column='rowid', primary_key=True, serialize=False)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='TagSearch',
                    fields=[
                        ('id', models.BigIntegerField(db_column='rowid', primary_key=True, serialize=False)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='StudioSearch',
                    fields=[
                        ('id', models.BigIntegerField(db_column='rowid', primary_key=True, serialize=False)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ],
        ),
        migrations.RunPython(order_keys_by_bytes, migrations.RunPython.noop),
    ]
