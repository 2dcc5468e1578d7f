"""Programs that a benchmark starts, and waits for until they serve their first page."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

LONGEST_START_S = 120


@dataclass(frozen=True)
class Served:
    """A running program."""

    url: str
    pid: int
    start_s: float
    """From its launch to its first page."""


@contextlib.contextmanager
def serving(
    arguments: Sequence[str], path: str = "/", environment: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """Run `python ARGUMENTS --port N` until the end of the block.

    Args:
        arguments: of Python, such as ("-m", "workbench.app").
        path: of the page that tells that it is up.
        environment: variables to add.

    Raises:
        RuntimeError: it ended, or served nothing for two minutes.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.perf_counter()
    program = subprocess.Popen(
        [sys.executable, *arguments, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **(environment or {})},
    )
    try:
        while not _answers(port, path):
            if program.poll() is not None or time.perf_counter() - began > LONGEST_START_S:
                raise RuntimeError(f"It did not start; run python {' '.join(arguments)} to see why.")
            time.sleep(0.05)
        yield Served(f"http://127.0.0.1:{port}", program.pid, time.perf_counter() - began)
    finally:
        program.terminate()
        try:
            program.wait(10)
        except subprocess.TimeoutExpired:
            program.kill()


def _answers(port: int, path: str) -> bool:
    """Whether the program serves its first page, whole."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as page:
            page.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
            reply = b"".join(iter(lambda: page.recv(1 << 16), b""))
    except OSError:
        return False
    return reply.startswith((b"HTTP/1.0 200", b"HTTP/1.1 200"))
