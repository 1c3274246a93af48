"""A Redis of the tests' own, on loopback: killed, frozen and started again as they like."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest
import redis

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent / "target" / "package"
SCHEMA = HERE.parent.parent
REPOSITORY = SCHEMA.parent
sys.path.insert(0, str(PACKAGE))

collect_ignore = []
try:
    import pydantic

    if int(pydantic.VERSION.split(".")[0]) < 2:
        raise ImportError
except ImportError:
    # Left out, not skipped: where pydantic 2 is, see test-trixie.
    collect_ignore.append("test_pydantic.py")

_TICK = threading.Event()


def until(condition: Callable[[], Any], seconds: float = 10.0) -> Any:
    """Waits until something is so, and returns it."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, "it did not come about in time"
        _TICK.wait(0.005)


class RedisServer:
    """One real Redis."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("redis-server")
        assert program is not None, "redis-server is not on the PATH; ops/test provides it"
        self._program = program
        self._folder = folder
        self.password = secrets.token_hex(12)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        configuration = (
            f'port {self.port}\nbind 127.0.0.1\nrequirepass {self.password}\nsave ""\ndir {self._folder}\n'
            "stop-writes-on-bgsave-error yes\n"
        )
        self._process = subprocess.Popen([self._program, "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        assert self._process.stdin is not None
        # By standard input, so that the password is in no list of processes.
        self._process.stdin.write(configuration.encode())
        self._process.stdin.close()
        until(self._answers)

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def client(self, **arguments: Any) -> Any:
        """Plain redis-py."""
        return redis.Redis(
            host="127.0.0.1", port=self.port, password=self.password, socket_timeout=10, **arguments
        )

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def restart(self) -> None:
        self.kill()
        self.start()

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "REDIS_HOST": "127.0.0.1",
            "REDIS_PORT": str(self.port),
            "REDIS_PASSWORD": self.password,
            "STATE_CONNECTION_TIMEOUT": "2",
            **more,
        }


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisServer]:
    for name in list(os.environ):
        if name.startswith(("REDIS_", "STATE_")):
            monkeypatch.delenv(name)
    redis_server = RedisServer(tmp_path)
    for name, value in redis_server.environment().items():
        monkeypatch.setenv(name, value)
    yield redis_server
    redis_server.thaw()
    redis_server.kill()
