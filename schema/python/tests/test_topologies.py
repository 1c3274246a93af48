"""TLS, and a primary that sentinels know, with both clients."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from conftest import RedisServer, until
from faces import Face

from tatbot_state import Reason, RobotState, StateError, keys


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(params=["sync", "asyncio"])
def face(request: pytest.FixtureRequest, server: RedisServer) -> Face:
    return Face(request.param)


@pytest.fixture
def tls_port(server: RedisServer, tmp_path: Path) -> int:
    """The same Redis, with TLS on another port; its certificate is its own authority."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", tmp_path / "key.pem", "-out", tmp_path / "ca.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    port = free_port()
    settings: dict[str, Any] = {"tls-cert-file": tmp_path / "ca.pem", "tls-key-file": tmp_path / "key.pem",
                                "tls-ca-cert-file": tmp_path / "ca.pem", "tls-auth-clients": "no", "tls-port": port}  # fmt: skip
    server.client().config_set(*[part for each in settings.items() for part in map(str, each)])
    return port


def test_tls(face: Face, server: RedisServer, tls_port: int, tmp_path: Path) -> None:
    async def scenario() -> None:
        options: dict[str, Any] = {"tls": True, "port": tls_port}
        trusted = {**options, "host": "localhost", "tls_ca_file": str(tmp_path / "ca.pem")}
        async with face("hog", **trusted) as state:
            view = state.watch()
            assert await view.wait_live(5)
            rev = await state.update_robot_state(RobotState(node_id="hog"))
            assert await view.wait_for(
                lambda: (found := view.get(keys.robot_state("hog"))) is not None and found.rev == rev, 5
            )
        for untrusted in ({**options, "host": "localhost"}, {**trusted, "host": "127.0.0.1"}):
            with pytest.raises(StateError, match="no trusted TLS connection") as refused:
                await face("hog", **untrusted).connect()
            assert refused.value.reason is Reason.DENIED

    asyncio.run(asyncio.wait_for(scenario(), 60))


@pytest.fixture
def sentinel_port(server: RedisServer, tmp_path: Path) -> Iterator[int]:
    port = free_port()
    file = tmp_path / "sentinel.conf"
    file.write_text(
        f"port {port}\nbind 127.0.0.1\ndir {tmp_path}\nsentinel monitor tatbot 127.0.0.1 {server.port} 1\n"
        f"sentinel auth-pass tatbot {server.password}\n"
    )
    program = shutil.which("redis-server")
    assert program is not None
    with subprocess.Popen([program, str(file), "--sentinel"], stdout=subprocess.DEVNULL) as sentinel:
        until(lambda: _answers(port))
        yield port
        sentinel.kill()


def _answers(port: int) -> bool:
    try:
        return bool(redis.Redis(host="127.0.0.1", port=port).ping())
    except redis.RedisError:
        return False


def test_a_primary_that_sentinels_know(face: Face, server: RedisServer, sentinel_port: int) -> None:
    async def scenario() -> None:
        # The first one does not answer.
        sentinels = (("127.0.0.1", free_port()), ("127.0.0.1", sentinel_port))
        async with face("hog", sentinels=sentinels, primary_name="tatbot", port=1) as state:
            rev = await state.update_robot_state(RobotState(node_id="hog"))
            assert int(server.client().hget("robot:state:hog", "rev")) == rev
        with pytest.raises(StateError, match="do not know a primary named other") as unknown:
            await face("hog", sentinels=sentinels, primary_name="other").connect()
        assert unknown.value.reason in (Reason.MISCONFIGURED, Reason.UNAVAILABLE)

    asyncio.run(asyncio.wait_for(scenario(), 60))
