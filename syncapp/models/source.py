"""The Stash servers that are mirrored, and how far each stream of them is."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from syncapp.models.encryption import EncryptedTextField
from syncapp.stash.way_in import WayIn, read_headers


class Source(models.Model):
    """One Stash server."""

    name = models.CharField(max_length=100, unique=True)
    url = models.CharField(max_length=500)
    # Where browsers find it, if not at `url`; for links alone, never asked for data.
    public_url = models.CharField(max_length=500, blank=True, default="", db_default="")
    api_key = EncryptedTextField(blank=True, default="")
    key_changed_at = models.DateTimeField(null=True, blank=True)
    # What stands before it: certificates in PEM or a fingerprint, and lines of headers.
    certificate = models.TextField(blank=True, default="")
    headers = EncryptedTextField(blank=True, default="")
    read_only = models.BooleanField(
        default=True, help_text="Steward never writes to this Stash."
    )
    is_demo = models.BooleanField(default=False)
    # A sync that changed something asks for an analysis of what is new.
    analyse_after_sync = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    # What the last handshake saw; empty before the first.
    version = models.CharField(max_length=100, blank=True, default="")
    reached_at = models.DateTimeField(null=True, blank=True)
    # The sentence of the last failure; empty while the source answers.
    trouble = models.TextField(blank=True, default="")
    trouble_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        permissions: ClassVar = [("manage_source", "Can add and change sources")]
        constraints: ClassVar = [
            models.CheckConstraint(
                # Row ids are made of source id and remote id: syncapp/models/keys.py.
                condition=Q(id__lt=2**22),
                name="source_id_fits_row_ids",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def way_in(self) -> WayIn:
        """Return how to come through to it; raises KeyLost."""
        return WayIn(
            self.certificate,
            read_headers(self.headers.open()),
            machine_store=settings.SYSTEM_CERTIFICATES,
        )


class StreamState(models.Model):
    """What the last syncs of one stream of one source left behind."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="streams")
    stream = models.CharField(max_length=20)
    # Of the selection that the last complete full read used; another one now means
    # that every record has to be read again.
    selection_version = models.BigIntegerField(default=0)
    full_at = models.DateTimeField(null=True)
    synced_at = models.DateTimeField(null=True)
    # Records the source no longer lists, when they are so many that a person must
    # confirm; 0 = nothing is held back.
    held_deletions = models.PositiveIntegerField(default=0)
    # Remote ids, of a sample, that the source confirmed to be gone; at most 200.
    held_ids = models.JSONField(default=list, blank=True)
    held_since = models.DateTimeField(null=True, blank=True)
    # Digests of all ids that are held; and of those a person decided to keep: the same
    # ones raise no alarm again.
    held_mark = models.CharField(max_length=32, blank=True, default="")
    kept_mark = models.CharField(max_length=32, blank=True, default="")
    # Digest of the probe that the last complete sync began with; empty: read the index.
    probe = models.CharField(max_length=32, blank=True, default="")
    indexed_at = models.DateTimeField(null=True, blank=True)
    greatest_id = models.BigIntegerField(default=0)  # that the source had, remote
    # What the source told beside, when every record was as here: how many scenes had
    # any activity, and a digest of all folders; see sync.side_probe.
    side_probe = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["source", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "stream"], name="one_state_per_stream"
            )
        ]

    def __str__(self) -> str:
        return f"{self.stream} of {self.source_id}"
