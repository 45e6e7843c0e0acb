"""The one door to django-q2, which carries wake-ups and keeps worker processes."""

import logging
import multiprocessing
import pickle
import threading
import time
import zlib
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, cast
from uuid import uuid4

import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django_q import core_signing
from django_q.brokers import get_broker
from django_q.brokers.orm import ORM
from django_q.brokers.redis_broker import Redis
from django_q.cluster import Cluster
from django_q.conf import Conf
from django_q.models import OrmQ, Schedule
from django_q.signing import SignedPackage
from django_q.tasks import async_task
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from jobs.enums import Lane
from jobs.models import Job
from jobs.queue import recovery
from jobs.queue.bells import Bell, bell_of, ring
from jobs.queue.messages import RUN, TICK, PlainPickle, is_ours

logger = logging.getLogger(__name__)
TICK_ROW = 1  # its key, so that two processes cannot make two
AWAY = (DatabaseError, InterfaceError, RedisError, OSError)
# What a payload that nobody of ours has written may raise.
UNREADABLE = (
    *(core_signing.BadSignature, pickle.UnpicklingError, zlib.error),
    *(ValueError, TypeError, LookupError, AttributeError, EOFError, RecursionError),
)
AWAY_S = 1.0  # until the carrier of wake-ups is tried again
LOCAL_S = 3.0  # between wake-ups that a cluster makes itself while Redis is away
CONNECT_S = 0.5  # for a Redis that is near, and there
CARRIES_S = 1.0  # after which it counts as away, whatever it is that takes so long
ANY_JOB = 0  # a message's job is a hint alone


def queue_of(lane: str) -> str:
    """Return the name of the queue, and of the cluster, that is set for this lane."""
    return next("+".join(group) for group, _ in settings.LANES if lane in group)


def send(job_id: int, queue: str) -> bool:
    """Wake a worker that reads this queue; returns whether a message is on its way.

    One that cannot be sent is logged, not raised: the job is in the database already,
    and the sweep sends another.
    """
    try:
        async_task(RUN, job_id, cluster=queue)
        Job.objects.filter(pk=job_id).update(message_sent_at=Now())
    except AWAY as exc:
        logger.warning("No worker could be woken for job %d: %s", job_id, exc)
        return False
    return True


def install_tick() -> None:
    """Have q2's scheduler call our tick every minute: its one row."""
    row = {
        "name": "tick",
        "func": TICK,
        "schedule_type": Schedule.MINUTES,
        "minutes": 1,
        "repeats": -1,
        "cluster": queue_of(Lane.SYSTEM),
    }
    if not Schedule.objects.filter(pk=TICK_ROW).update(**row):
        Schedule.objects.get_or_create(
            pk=TICK_ROW, defaults={**row, "next_run": timezone.now()}
        )


def has_messages(queue: str) -> bool:
    """Return whether there are wake-ups that no process has taken yet.

    While the carrier is away there is none that could be taken.
    """
    try:
        return bool(get_broker(queue).queue_size())
    except AWAY as exc:
        logger.warning("The queue is away: %s", exc)
        return False


class DatabaseQueue(ORM):  # type: ignore[misc]
    """q2's queue in the database, looked at when a bell rings instead of on and on.

    Its times are the database's: a sender whose clock is ahead hides no message.
    """

    bell: Bell | None = None  # of the process that looks

    def enqueue(self, task: Any) -> int:
        with transaction.atomic():
            message = OrmQ.objects.create(key=self.list_key, payload=task, lock=Now())
            ring(self.list_key)
        return int(message.pk)

    def queue_size(self) -> int:
        return self._free().count()

    def dequeue(self) -> list[tuple[int, str]] | None:
        if self.bell is None:
            self.bell = bell_of(self.list_key)
        self.bell.mark()
        message = self._free().values_list("pk", "payload").first()
        if message is None:
            self.bell.wait()
            return None
        later = Now() + timedelta(seconds=Conf.RETRY)
        # Another process may have been faster.
        mine = self._free().filter(pk=message[0]).update(lock=later)
        return [message] if mine else None

    def _free(self) -> "QuerySet[OrmQ]":
        """Return the messages that nobody works at, the oldest first."""
        # As q2 does: a connection may have ended since the last look.
        messages = self.get_connection()
        free = messages.filter(key=self.list_key, lock__lte=Now())
        return cast("QuerySet[OrmQ]", free.order_by("pk"))


def patient_broker(list_key: str | None = None) -> Any:
    """Return q2's broker for this queue, which outlives that its server is away.

    q2 sleeps for ten seconds then and ends the process, and with it ours the cluster.
    """
    broker: Any = DatabaseQueue(list_key) if Conf.ORM else RedisQueue(list_key)
    broker.dequeue = partial(_ours, broker, partial(_patiently, broker.dequeue))
    # A message that is not acknowledged comes again, which does no harm.
    broker.acknowledge = partial(_patiently, broker.acknowledge)
    return broker


def _ours(broker: Any, dequeue: Callable[[], Any]) -> list[tuple[Any, Any]] | None:
    """Return the messages that ask for our functions; drop and count the others.

    None, as q2's brokers say it, if there was nothing to take.
    """
    taken = dequeue()
    if taken is None:
        return None
    found = []
    for number, payload in taken:
        if _asks_for_ours(payload):
            found.append((number, payload))
            continue
        logger.error("A message was dropped: it asks for what is not Steward's.")
        _patiently(broker.acknowledge, number)
        _patiently(recovery.add_to_counter, recovery.DROPPED)
    return found


def _asks_for_ours(payload: Any) -> bool:
    try:
        message = core_signing.loads(
            payload,
            key=Conf.SECRET_KEY,
            salt=Conf.PREFIX,
            serializer=PlainPickle,
        )
    except UNREADABLE:
        return False
    return is_ours(message)


def _patiently(act: Callable[..., Any], *args: Any) -> Any:
    try:
        return act(*args)
    except AWAY as exc:
        logger.warning("The queue is away: %s", exc)
        connections.close_all()
        time.sleep(AWAY_S)
        return None


class RedisQueue(Redis):  # type: ignore[misc]
    """q2's queue in Redis, which goes on without Redis: a little later, no more."""

    made_at = -LOCAL_S  # when it last made a message itself

    @staticmethod
    def get_connection(_list_key: str | None = None, *, answer_s: float = 3.0) -> Any:
        """Open a connection that gives up soon; `answer_s` must be above a wait of q2.

        A click waits for it where a host is gone without a word.
        """
        return redis.from_url(
            Conf.REDIS,
            socket_connect_timeout=CONNECT_S,
            socket_timeout=answer_s,
            retry=Retry(NoBackoff(), 0),
        )

    def ping(self) -> bool:
        """Return whether Redis answers, within a second once its address is known."""
        try:
            with self.get_connection(answer_s=CONNECT_S) as connection:
                return bool(connection.ping())
        except AWAY as exc:
            logger.warning("Redis is away: %s", exc)
            return False

    def set_stat(self, *_args: Any) -> None:
        """Do without q2's figures, which it sends twice a second and nobody reads."""

    def dequeue(self) -> list[tuple[Any, Any]] | None:
        """Return what was sent; while Redis is away, a wake-up every few seconds."""
        try:
            taken: list[tuple[Any, Any]] | None = super().dequeue()
        except AWAY as exc:
            logger.warning("Redis is away: %s", exc)
            time.sleep(AWAY_S)
            if time.monotonic() - self.made_at < LOCAL_S:
                return None
            self.made_at = time.monotonic()
            return [(None, _local_wake_up())]
        return taken


def _local_wake_up() -> str:
    """Return the message that says "look for work", as q2 would have written it."""
    call = {"id": uuid4().hex, "name": "local", "func": RUN, "args": (ANY_JOB,)}
    return str(
        SignedPackage.dumps(
            {**call, "kwargs": {}, "ack_failure": True, "started": timezone.now()}
        )
    )


class _Ping(threading.Thread):
    """Asks Redis, apart from who wants to know: a look-up of its name has no bound."""

    lock = threading.Lock()
    latest: "_Ping | None" = None

    def __init__(self) -> None:
        super().__init__(name="ping of Redis", daemon=True)
        self.until = time.monotonic() + CARRIES_S
        self.was_answered = False

    @classmethod
    def under_way(cls) -> "_Ping":
        """Return the latest if it still waits, else a new one: one at most hangs."""
        with cls.lock:
            if cls.latest is None or not cls.latest.is_alive():
                cls.latest = cls()
                cls.latest.start()
            return cls.latest

    def run(self) -> None:
        self.was_answered = RedisQueue().ping()

    def answer(self) -> bool:
        self.join(max(0.0, self.until - time.monotonic()))
        return self.was_answered


def ask_carrier() -> Callable[[], bool]:
    """Ask whether wake-ups are carried; returns what waits a second for the answer.

    Of the database, where that carries them, its own pages tell.
    """
    return (lambda: True) if Conf.ORM else _Ping.under_way().answer


def run_cluster(queue: str, processes: int) -> None:
    """Be the q2 cluster that reads this queue, until killed.

    To be called in the main thread.
    """
    connections.close_all()  # the forks must not share a connection
    # q2 reads its settings once, as it is imported: for all clusters of this program.
    Conf.CLUSTER_NAME, Conf.WORKERS = queue, processes
    # q2 forks; its events must be made for that where another method is the default.
    if "fork" in multiprocessing.get_all_start_methods():
        multiprocessing.set_start_method("fork", force=True)
    cluster = Cluster()
    cluster.start()
    cluster.sentinel.join()
