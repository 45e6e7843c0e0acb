"""Certificates that nobody trusts unasked, as home networks have them."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PEM = serialization.Encoding.PEM
DAY = timedelta(days=1)


class Certificate(NamedTuple):
    """A certificate for this machine, signed with its own key; both in PEM."""

    certificate: str
    key: str

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write both; returns the paths of certificate and key."""
        paths = folder / "certificate.pem", folder / "key.pem"
        for path, text in zip(paths, self, strict=True):
            path.write_text(text)
        return paths


def self_signed(
    *, name: str = "localhost", address: str = "127.0.0.1", ended: bool = False
) -> Certificate:
    """Make one for a name and an address, which may have ended yesterday."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names = [
        x509.DNSName(name),
        x509.IPAddress(ipaddress.ip_address(address)),
    ]
    end = datetime.now(UTC) - DAY if ended else datetime.now(UTC) + DAY
    made = (
        x509.CertificateBuilder(
            subject, subject, key.public_key(), x509.random_serial_number()
        )
        .not_valid_before(end - 2 * DAY)
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Certificate(made.public_bytes(PEM).decode(), private.decode())
