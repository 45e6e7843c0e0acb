import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


def add_retention(apps, schema_editor):
    """Make the one schedule that comes with jobs; the first tick plans it.

    Made here, so once: who changes or removes it is not overruled.
    """
    apps.get_model('jobs', 'Schedule').objects.create(
        name='Clear away old jobs',
        kind='jobs.prune',
        cron='30 3 * * *',
        zone=settings.TIME_ZONE,
        misfire='once',
    )


class Migration(migrations.Migration):
    """Make in one step what 0001 to 0007 made one after the other.

    An installation that has begun with those goes on with them.
    """

    replaces = [
        ('jobs', '0001_initial'),
        ('jobs', '0002_pace'),
        ('jobs', '0003_schedules'),
        ('jobs', '0004_lanes'),
        ('jobs', '0005_names'),
        ('jobs', '0006_furthest'),
        ('jobs', '0007_frozen'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=100)),
                ('title', models.CharField(max_length=200)),
                ('params', models.JSONField(default=dict)),
                ('dedupe_key', models.CharField(max_length=120, null=True)),
                ('exclusive_key', models.CharField(max_length=120, null=True)),
                ('lane', models.CharField(choices=[('system', 'system'), ('short', 'short'), ('long', 'long')], db_default='short', max_length=10)),
                ('priority', models.SmallIntegerField(default=0)),
                ('status', models.CharField(choices=[('queued', 'queued'), ('running', 'running'), ('succeeded', 'succeeded'), ('failed', 'failed'), ('cancelled', 'cancelled')], default='queued', max_length=10)),
                ('trigger', models.CharField(choices=[('button', 'button'), ('command', 'command'), ('retry', 'retry'), ('schedule', 'schedule'), ('system', 'system')], max_length=10)),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('retry_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='retries', to='jobs.job')),
                ('attempt', models.PositiveSmallIntegerField(default=0)),
                ('max_attempts', models.PositiveSmallIntegerField()),
                ('furthest', models.JSONField(null=True)),
                ('got_on', models.BooleanField(db_default=False)),
                ('cut_short', models.PositiveSmallIntegerField(db_default=0)),
                ('outages', models.PositiveSmallIntegerField(db_default=0)),
                ('next_at', models.DateTimeField(null=True)),
                ('fence', models.PositiveIntegerField(default=0)),
                ('lease_token', models.CharField(default='', max_length=32)),
                ('lease_until', models.DateTimeField(null=True)),
                ('heartbeat_at', models.DateTimeField(null=True)),
                ('worker_id', models.CharField(default='', max_length=32)),
                ('pid', models.PositiveIntegerField(null=True)),
                ('cancel_requested_at', models.DateTimeField(null=True)),
                ('checkpoint', models.JSONField(null=True)),
                ('phases', models.JSONField(default=list)),
                ('progress_done', models.BigIntegerField(default=0)),
                ('progress_total', models.BigIntegerField(null=True)),
                ('rate', models.FloatField(null=True)),
                ('progressed_at', models.DateTimeField(null=True)),
                ('stalled_at', models.DateTimeField(null=True)),
                ('message', models.CharField(default='', max_length=500)),
                ('last_seq', models.PositiveIntegerField(default=0)),
                ('result', models.JSONField(default=dict)),
                ('error_code', models.CharField(default='', max_length=50)),
                ('error_text', models.TextField(default='')),
                ('message_sent_at', models.DateTimeField(null=True)),
                ('due_since', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-id'],
                'permissions': [('run_job', 'Can start, cancel and retry jobs')],
                'indexes': [models.Index(models.F('status'), models.F('lane'), models.OrderBy(models.F('priority'), descending=True), models.F('id'), name='job_queue'), models.Index(condition=models.Q(('status', 'queued')), fields=['exclusive_key'], name='job_waiters'), models.Index(fields=['status', 'lease_until'], name='job_leases'), models.Index(fields=['kind', '-id'], name='job_by_kind')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['queued', 'running'])), fields=('dedupe_key',), name='job_one_active_per_key'), models.UniqueConstraint(condition=models.Q(('status', 'running')), fields=('exclusive_key',), name='job_one_running_per_key'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'running'), _negated=True), models.Q(models.Q(('lease_token', ''), _negated=True), ('lease_until__isnull', False)), _connector='OR'), name='job_running_has_a_lease')],
            },
        ),
        migrations.CreateModel(
            name='JobEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('job', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='jobs.job')),
                ('seq', models.PositiveIntegerField()),
                ('fence', models.PositiveIntegerField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('level', models.CharField(max_length=10)),
                ('code', models.CharField(max_length=50)),
                ('message', models.TextField()),
                ('data', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['job', 'seq'],
                'constraints': [models.UniqueConstraint(fields=('job', 'seq'), name='event_seq_per_job')],
            },
        ),
        migrations.CreateModel(
            name='WorkerNode',
            fields=[
                ('id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('host', models.CharField(max_length=255)),
                ('pid', models.PositiveIntegerField()),
                ('lanes', models.CharField(db_default='system+short+long', max_length=50)),
                ('processes', models.PositiveSmallIntegerField()),
                ('started_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('heartbeat_at', models.DateTimeField()),
                ('draining', models.BooleanField(default=False)),
                ('stopped_at', models.DateTimeField(null=True)),
                ('suspect_pid', models.PositiveIntegerField(null=True)),
                ('replaced_at', models.DateTimeField(null=True)),
                ('replaced_why', models.CharField(db_default='', max_length=200)),
            ],
            options={
                'ordering': ['-started_at'],
            },
        ),
        migrations.CreateModel(
            name='PausedLane',
            fields=[
                ('lane', models.CharField(choices=[('system', 'system'), ('short', 'short'), ('long', 'long')], max_length=10, primary_key=True, serialize=False)),
                ('paused_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='MetricCounter',
            fields=[
                ('name', models.CharField(max_length=50, primary_key=True, serialize=False)),
                ('count', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='KeyFingerprint',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Schedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True)),
                ('kind', models.CharField(max_length=100)),
                ('params', models.JSONField(default=dict)),
                ('cron', models.CharField(blank=True, default='', max_length=100)),
                ('every_minutes', models.PositiveIntegerField(blank=True, null=True)),
                ('zone', models.CharField(default='UTC', max_length=64)),
                ('overlap', models.CharField(choices=[('skip', 'skip'), ('queue', 'queue')], default='skip', max_length=10)),
                ('misfire', models.CharField(choices=[('skip', 'skip'), ('once', 'once')], default='skip', max_length=10)),
                ('jitter_s', models.PositiveIntegerField(default=0)),
                ('enabled', models.BooleanField(default=True)),
                ('disabled_reason', models.TextField(blank=True, default='')),
                ('slot_at', models.DateTimeField(null=True)),
                ('next_at', models.DateTimeField(null=True)),
                ('last_job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jobs.job')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'ordering': ['name'],
                'permissions': [('manage_schedule', 'Can add and change schedules')],
                'indexes': [models.Index(fields=['enabled', 'next_at'], name='schedule_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('cron', ''), ('every_minutes__gte', 1)), models.Q(models.Q(('cron', ''), _negated=True), ('every_minutes', None)), _connector='OR'), name='schedule_has_one_rule')],
            },
        ),
        migrations.CreateModel(
            name='ScheduleFire',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('schedule', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='fires', to='jobs.schedule')),
                ('slot_at', models.DateTimeField(null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('outcome', models.CharField(choices=[('made', 'made'), ('joined', 'joined'), ('skipped', 'skipped'), ('missed', 'missed'), ('refused', 'refused')], max_length=10)),
                ('note', models.CharField(default='', max_length=500)),
                ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jobs.job')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('schedule', 'slot_at'), name='schedule_fires_once_per_slot')],
            },
        ),
        migrations.CreateModel(
            name='SeededSchedule',
            fields=[
                ('key', models.CharField(max_length=120, primary_key=True, serialize=False)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.RunPython(add_retention, migrations.RunPython.noop),
    ]
