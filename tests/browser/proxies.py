"""The proxies that stand before Steward, run with the samples of `deploy/`."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.browser.installation import ROOT
from tests.certificates import self_signed
from tests.waiting import wait_until

FORGOTTEN = "proxy_set_header X-Forwarded-Proto $scheme;"


@contextmanager
def nginx(folder: Path, port: int, upstream: int, *, bare_port: int) -> Iterator[None]:
    """Run the sample at `port`, and at `bare_port` without X-Forwarded-Proto."""
    certificate, key = self_signed().write(folder)
    sample = _for_this_machine(
        (ROOT / "deploy/nginx.conf").read_text(),
        {
            "127.0.0.1:8000": f"127.0.0.1:{upstream}",
            "listen 443": f"listen 127.0.0.1:{port}",
            "/etc/ssl/home.example/fullchain.pem": str(certificate),
            "/etc/ssl/home.example/privkey.pem": str(key),
        },
    )
    start = sample.index("server {")
    bare = _for_this_machine(
        sample[start:], {f"127.0.0.1:{port}": f"127.0.0.1:{bare_port}", FORGOTTEN: ""}
    )
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""
    file = folder / "nginx.conf"
    log = f"pid {folder}/pid; error_log {folder}/nginx.log;"
    file.write_text(
        f"{user} daemon off; {log} events {{}}\n"
        f"http {{ access_log off; {paths}\n{sample}\n{bare}\n}}"
    )
    with _running("nginx", ["-c", str(file), "-p", str(folder)], folder, port):
        yield


@contextmanager
def caddy(folder: Path, port: int, upstream: int) -> Iterator[None]:
    """Run the sample at `port`."""
    certificate, key = self_signed().write(folder)
    sample = _for_this_machine(
        (ROOT / "deploy/Caddyfile").read_text(),
        {
            "home.example {": f"https://127.0.0.1:{port} {{\ntls {certificate} {key}",
            "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        },
    )
    file = folder / "Caddyfile"
    file.write_text(f"{{\nadmin off\nauto_https disable_redirects\n}}\n{sample}")
    with _running("caddy", ["run", "--config", str(file)], folder, port):
        yield


def _for_this_machine(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        assert old in text, f"the sample says no more: {old}"
        text = text.replace(old, new)
    return text


@contextmanager
def _running(
    program: str, options: list[str], folder: Path, port: int
) -> Iterator[None]:
    path = f"{os.environ['PATH']}:/usr/sbin"
    found = shutil.which(program, path=path)
    assert found, f"{program} was not found (Debian: {program})"
    log = folder / f"{program}.out"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [found, *options],
            env={"PATH": path, "HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    try:
        wait_until(_listens(process, port, log), within=20)
        yield
    finally:
        process.terminate()
        process.wait(10)


def _listens(
    process: "subprocess.Popen[bytes]", port: int, log: Path
) -> Callable[[], bool]:
    def listens() -> bool:
        assert process.poll() is None, log.read_text()
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        return False

    return listens
