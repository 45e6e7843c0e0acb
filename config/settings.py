"""All settings, once. What the environment may set is in the README's table."""

import os
import secrets
import sys
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from config import model_settings
from config.data_folder import close_database
from config.env import (
    at_least,
    between,
    data_dir,
    database_config,
    fernet_keys,
    flag,
    lanes,
    nonempty,
    one_of,
    read,
    redis_url,
    secret,
    zone,
)
from config.public_address import networks, public_address

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = read(
    "STEWARD_DATA_DIR",
    data_dir,
    str(BASE_DIR / "data"),
    "a folder that can be made and written",
)
# Which part of the program this process is: web, worker or command.
ROLE = read(
    "STEWARD_ROLE",
    one_of("web", "worker", "command"),
    "command",
    "web, worker or command",
)

DEBUG = read("STEWARD_DEBUG", flag, "0", "1 or 0")
HOST = read("STEWARD_HOST", str, "127.0.0.1", "the address to listen on")
PORT = int(read("STEWARD_PORT", between(1, 65535), "8000", "a port from 1 to 65535"))
DEMO = read("STEWARD_DEMO", flag, "1", "1 or 0")
# Which lanes share processes, and how many. A group is a q2 cluster, which costs 30 MB;
# a process more in it costs next to none. So there are two groups, not three: a full
# sync is in nobody's way; what is short or Steward's own upkeep shares two processes.
LANES = read(
    "STEWARD_LANES",
    lanes,
    "system+short:2,long:1",
    "each of system, short and long once, with numbers of processes from 1 to 32, "
    "such as system+short:2,long:1",
)

SECRET_KEY = read(
    "STEWARD_SECRET_KEY", at_least(32), "", "32 characters or more"
) or secret(
    DATA_DIR / "secret.key",
    lambda: secrets.token_urlsafe(50),
    nonempty(at_least(32)),
    "everybody signs in again",
)

# The first key encrypts the sources' API keys; all of them decrypt.
FERNET_KEYS = read(
    "STEWARD_FERNET_KEYS",
    fernet_keys,
    "",
    "keys as `Fernet.generate_key` makes them, separated by commas",
) or secret(
    DATA_DIR / "fernet.key",
    lambda: Fernet.generate_key().decode(),
    nonempty(fernet_keys),
    "the API keys of the sources must be typed in again",
)


# Where people open Steward, perhaps below a path of a host that holds other things too.
_public = read(
    "STEWARD_URL",
    public_address,
    "",
    "an address such as https://steward.example or https://home.example/steward, "
    "without a user, a query or a fragment",
)
PUBLIC_URL, PUBLIC_ORIGIN, PUBLIC_PATH = _public.url, _public.origin, _public.path
FORCE_SCRIPT_NAME = PUBLIC_PATH or None
# Who may tell, in X-Forwarded-For and X-Forwarded-Proto, who the visitor is.
TRUSTED_PROXIES = read(
    "STEWARD_TRUSTED_PROXIES",
    networks,
    "",
    "addresses or networks such as 127.0.0.1, 10.0.0.0/8",
)
# Whether sources are trusted whom this machine trusts, not whom our own list names.
SYSTEM_CERTIFICATES = read("STEWARD_SYSTEM_CERTIFICATES", flag, "0", "1 or 0")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
if HOST not in {"127.0.0.1", "localhost", "::1", "0.0.0.0", "::"}:  # noqa: S104
    ALLOWED_HOSTS.append(HOST)
if _public.host:
    ALLOWED_HOSTS.append(_public.host)
CSRF_TRUSTED_ORIGINS = [PUBLIC_ORIGIN] if PUBLIC_ORIGIN else []
_https = PUBLIC_ORIGIN.startswith("https://")

# Who shows it may read /metrics; without one there is no such page.
METRICS_TOKEN = read(
    "STEWARD_METRICS_TOKEN", at_least(20), "", "a text of 20 characters or more"
)

# The first administrator of a machine without a keyboard. `up` reads the file, and only
# while there is no administrator: it may be gone afterwards.
ADMIN_USER = read("STEWARD_ADMIN_USER", str, "", "a user name")
ADMIN_PASSWORD_FILE = read("STEWARD_ADMIN_PASSWORD_FILE", str, "", "a file")

# Requests that are at work in the database at once, each in a thread with a connection,
# and those that may wait for one of these threads; more are answered 503.
WEB_THREADS = int(
    read("STEWARD_WEB_THREADS", between(1, 64), "8", "a number from 1 to 64")
)
WEB_LINE = int(
    read("STEWARD_WEB_LINE", between(0, 10_000), "128", "a number from 0 to 10000")
)

# Pictures have threads of their own: one that waits for a Stash holds up no page.
PICTURE_THREADS = 4
# Whether pages show pictures, which are fetched from the sources, and how many MB of
# them are kept in the data folder.
COVERS = read("STEWARD_COVERS", flag, "on", "on or off")
COVERS_MB = int(
    read(
        "STEWARD_COVERS_MB", between(0, 1_000_000), "500", "a number from 0 to 1000000"
    )
)

INSTALLED_APPS = [
    "config.apps.AdminApp",  # the admin, with our site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_q",
    "syncapp",
    "jobs",  # after django_q: it takes q2's models out of the admin
]
MIDDLEWARE = [
    "config.middleware.headers",
    "config.async_middleware.SecurityMiddleware",
    "config.async_middleware.XFrameOptionsMiddleware",
    "config.middleware.static_files",
    "config.middleware.setup_first",
    "config.async_middleware.SessionMiddleware",
    "config.async_middleware.CommonMiddleware",
    "config.async_middleware.CsrfViewMiddleware",
    "config.async_middleware.AuthenticationMiddleware",
    "config.middleware.sign_in",
    "config.async_middleware.MessageMiddleware",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"

# Two engines: the admin's, whose templates may read `user` and `perms`, and ours,
# which get plain values only. The first must be the admin's (its checks look there).
TEMPLATES = [
    {
        "NAME": "admin",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
    {
        "NAME": "pages",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "config.middleware.page_frame",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]
# In the cookie: reading a message never touches the session's row.
MESSAGE_STORAGE = "config.message_cookie.MessageCookie"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {
    "default": read(
        "DATABASE_URL",
        database_config,
        f"sqlite:///{DATA_DIR / 'steward.sqlite3'}",
        "an address such as sqlite:////data/steward.sqlite3 or "
        "postgres://user:password@host:5432/name",
    )
}
_database = DATABASES["default"]
_database["CONN_HEALTH_CHECKS"] = True
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets readers go on beside the one writer; IMMEDIATE makes writers wait for
    # each other instead of failing with "database is locked".
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    close_database(Path(_database["NAME"]))  # it may be in another folder
    _database["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    # Opening one costs as much as a short job, and a tenth of a page.
    _database["CONN_MAX_AGE"] = 60
    if ROLE != "web":
        # A sync's statements differ from page to page, and one that is kept holds all
        # the values it was sent with: Python's own 128 make 30 MB a process.
        _database["OPTIONS"]["cached_statements"] = 16
elif ROLE == "web":
    # Forked workers must not share a pool's connections; web processes may. Each thread
    # finds one: the pages', the pictures', two of the sockets, their poller's, and the
    # probes'.
    _database.setdefault("OPTIONS", {})["pool"] = {
        "min_size": 2,
        "max_size": WEB_THREADS + PICTURE_THREADS + 4,
        "timeout": 5,
        "reconnect_timeout": 3,
    }
else:
    _database["CONN_MAX_AGE"] = 60

REDIS_URL = read("REDIS_URL", redis_url, "", "an address such as redis://host:6379/0")


def _clusters() -> dict[str, dict[str, Any]]:
    return {"+".join(group): {"workers": number} for group, number in LANES}


# q2 carries wake-ups, nothing more: it never kills (timeout), never redelivers (retry),
# keeps no results (save_limit). The leases and the recovery of jobs/queue do the rest.
Q_CLUSTER = {
    "name": "steward",
    **({"redis": REDIS_URL} if REDIS_URL else {"orm": "default"}),
    "broker_class": "jobs.queue.q2.patient_broker",
    "ALT_CLUSTERS": _clusters(),  # nobody reads the queue called "steward"
    "workers": 1,
    "queue_limit": 1,
    "bulk": 1,
    "guard_cycle": 1,  # the supervisor looks more often
    "timeout": 86_400,
    "retry": 90_000,
    "max_attempts": 1,
    "ack_failures": True,
    "save_limit": -1,
    "catch_up": False,
    "recycle": 0,
    "max_rss": None,
    "scheduler": True,  # for one row, the tick of jobs/scheduling
    "time_zone": "UTC",
    "label": "Queue",
}

# The tuple of all kinds of job, by its dotted name.
_handlers = "syncapp.job_handlers.HANDLERS"
JOB_HANDLERS = read(
    "STEWARD_JOB_HANDLERS", str, _handlers, f"a dotted name such as {_handlers}"
)
_seconds = "a number of seconds from 0.5 to 3600"
# A worker that is not heard of for this long has lost its job to another.
JOB_LEASE_S = read("STEWARD_JOB_LEASE_S", between(0.5, 3600), "30", _seconds)
JOB_REAP_S = read("STEWARD_JOB_REAP_S", between(0.5, 3600), "5", _seconds)
JOB_SWEEP_S = read("STEWARD_JOB_SWEEP_S", between(0.5, 3600), "20", _seconds)
# A job that has not got on for this long is told of in its log.
JOB_STALL_S = read("STEWARD_JOB_STALL_S", between(0.5, 86_400), "300", _seconds)

# Requests that a sync has in flight at one Stash: more would starve Stash's own pages,
# for it has ten connections to its database.
SYNC_REQUESTS = int(
    read("STEWARD_SYNC_REQUESTS", between(1, 8), "2", "a number from 1 to 8")
)

# Whether workers make the jobs of schedules; off for a copy of a database, or a test.
JOB_SCHEDULES = read("STEWARD_JOB_SCHEDULES", flag, "1", "1 or 0")
# How long ended jobs are kept, and those that failed.
_days = "a number of days up to 3650"
JOB_KEEP_DAYS = read("STEWARD_JOB_KEEP_DAYS", between(1, 3650), "30", _days)
JOB_KEEP_FAILED_DAYS = read(
    "STEWARD_JOB_KEEP_FAILED_DAYS", between(1, 3650), "90", _days
)
# The same of what changed in the mirror; 0 is for ever.
HISTORY_DAYS = int(read("STEWARD_HISTORY_DAYS", between(0, 3650), "90", _days))

# A language model that analyses may ask; without an address there is none.
MODEL_URL = model_settings.MODEL_URL
MODEL_NAME = model_settings.MODEL_NAME
MODEL_KEY = model_settings.MODEL_KEY
MODEL_REQUESTS = model_settings.MODEL_REQUESTS
MODEL_TOKENS = model_settings.MODEL_TOKENS
MODEL_MONEY = model_settings.MODEL_MONEY
MODEL_PRICES = model_settings.MODEL_PRICES
MODEL_ANSWER_TOKENS = model_settings.MODEL_ANSWER_TOKENS
MODEL_DEADLINE_S = model_settings.MODEL_DEADLINE_S

# How often the web process looks for news of jobs, and whether a socket's person is
# still signed in.
LIVE_POLL_S = read("STEWARD_LIVE_POLL_S", between(0.25, 60), "0.3", _seconds)
LIVE_RECHECK_S = read("STEWARD_LIVE_RECHECK_S", between(0.25, 3600), "60", _seconds)
# Sockets that are open at once, in all and of each person: one for each tab.
_sockets = "a number from 1 to 10000"
LIVE_SOCKETS = int(read("STEWARD_LIVE_SOCKETS", between(1, 10_000), "256", _sockets))
LIVE_SOCKETS_EACH = int(
    read("STEWARD_LIVE_SOCKETS_EACH", between(1, 10_000), "32", _sockets)
)

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "syncapp:dashboard"
LOGOUT_REDIRECT_URL = "login"

# Cookies ignore ports: names of our own keep apart from other programs on one host. A
# browser takes "__Host-" for the root alone.
_prefix = ("__Secure-" if PUBLIC_PATH else "__Host-") if _https else ""
SESSION_COOKIE_NAME = f"{_prefix}steward_session"
CSRF_COOKIE_NAME = f"{_prefix}steward_csrf"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = f"{PUBLIC_PATH}/"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_SSL_REDIRECT = _https
SECURE_SSL_HOST = PUBLIC_ORIGIN.removeprefix("https://") if _https else None
SECURE_REDIRECT_EXEMPT = [
    r"^(healthz|readyz|metrics)$",  # asked from this machine, without the proxy
    r"^static/",  # for the page that says what the proxy lacks
]
# Subdomains and preload lists are for the owner of the whole domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# These look for Django's names; config.async_middleware holds Django's own classes.
SILENCED_SYSTEM_CHECKS += ["security.W001", "security.W002", "security.W003"]
# The header that the proxy of an https:// address must set; nothing else is trusted.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000

STATIC_URL = f"{PUBLIC_PATH}/static/"
WHITENOISE_USE_FINDERS = True  # served from the packages: no collecting step to forget

LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = read("STEWARD_TIME_ZONE", zone, "UTC", "a zone such as Europe/Berlin")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "stream": sys.stderr,
            "formatter": "line",
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # These would print whole addresses for each request.
        "httpx2": {"level": "WARNING"},
        "httpcore2": {"level": "WARNING"},
        "django-q": {"level": "WARNING", "propagate": True},
    },
}
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
