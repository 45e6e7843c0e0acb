"""Reads how to come through to a source, as a form or a command has it."""

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from syncapp.stash.way_in import WayIn, read_certificate, read_headers, signed_in


@sensitive_variables()
def read_way_in(
    certificate: str = "", headers: str = "", *, user: str = "", password: str = ""
) -> WayIn:
    """Return the way in that these texts describe; raises BadWayIn with a sentence.

    `certificate`: PEM, or a fingerprint. `headers`: one a line. User and password are
    those of basic auth, and become a header.
    """
    return WayIn(
        read_certificate(certificate),
        signed_in(read_headers(headers), user.strip(), password),
        machine_store=settings.SYSTEM_CERTIFICATES,
    )
