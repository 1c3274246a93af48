"""What happens when Redis is killed, frozen, emptied or full, with both clients."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import threading
import time
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, Callable

import pytest
from conftest import RedisServer
from faces import Face, News, soon

from tatbot_state import Lost, Reason, RobotState, StateError, Status, Transition, _async, _sync, keys

Scenario = Callable[[Face, RedisServer], Awaitable[None]]


@pytest.fixture(params=["sync", "asyncio"])
def play(request: pytest.FixtureRequest, server: RedisServer) -> Callable[[Scenario], None]:
    face = Face(request.param)
    return lambda scenario: asyncio.run(asyncio.wait_for(scenario(face, server), 60))


def test_a_restart_without_data(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        async with face("hog") as hog, face("ook") as ook:
            session = await hog.stroke_session(100, 50)
            first = await session.update(5, 25)
            view = ook.watch()
            assert await view.wait_live(5)
            news = await News.of_all(face, view)
            server.kill()
            begin = time.monotonic()
            with pytest.raises(StateError) as away:
                await session.update(5, 26)
            assert away.value.reason is Reason.UNAVAILABLE and time.monotonic() - begin < 2.5
            assert server.password not in str(away.value)
            await soon(lambda: not view.status().is_live and view.status().reason)
            assert str(view.status()).startswith("stale since")
            # What is known stays readable, and says how old it is.
            assert view.get(keys.stroke_progress(session.id)).value.pose_idx == 25
            assert view.status().stale_ms > 0
            server.start()
            second = await session.update(5, 27)
            assert second > first
            assert await view.wait_live(10)
            assert await view.wait_for(
                lambda: (found := view.get(keys.stroke_progress(session.id))) is not None and found.rev == second, 10
            )
            await session.end()
            await soon(lambda: [t for t in news.of(Transition) if t.event.type == "session_end"])
            conditions = [s.condition for s in news.of(Status)]
            assert conditions[0] == "live" and conditions[-1] == "live" and "reconnecting" in conditions
            assert face.reported("watch of everything")

    play(scenario)


def test_a_frozen_redis_blocks_nobody_for_long(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        async with face("hog", timeout=0.3, connect_timeout=0.3) as hog, face("ook", timeout=0.3) as ook:
            session = await hog.stroke_session(100, 50)
            view = ook.watch()
            assert await view.wait_live(5)
            server.freeze()
            for _ in range(2):
                begin = time.monotonic()
                with pytest.raises(StateError) as frozen:
                    await session.update(1, 1)
                assert frozen.value.reason in (Reason.TIMEOUT, Reason.UNAVAILABLE)
                assert time.monotonic() - begin < 1.5
            assert "not known whether this was stored" in str(frozen.value) or "nothing was sent" in str(frozen.value)
            await soon(lambda: not view.status().is_live, 2)
            server.thaw()
            assert await view.wait_live(10)
            rev = await session.update(2, 2)
            assert await view.wait_for(lambda: view.get(keys.stroke_progress(session.id)).rev == rev, 5)

    play(scenario)


def test_half_open_is_noticed(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        async with face("ook") as ook:
            view = ook.watch()
            assert await view.wait_live(5)
            server.freeze()
            begin = time.monotonic()
            await soon(lambda: view.status().condition == "reconnecting", 5)
            assert time.monotonic() - begin < 3.5
            server.thaw()
            assert await view.wait_live(10)

    play(scenario)


def test_no_transition_is_lost_or_told_twice(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        async with face("hog") as hog, face("ook") as ook:
            view, subscription = ook.watch(), ook.subscribe_events("system:events")
            assert await view.wait_live(5) and await subscription.wait_ready(5)
            news = await News.of_all(face, view)
            for number in range(40):
                if number % 4 == 0:
                    server.client().execute_command("CLIENT", "KILL", "TYPE", "pubsub")
                await hog.publish_event("system:events", {"type": f"number.{number}"})
            expected = [f"number.{number}" for number in range(40)]
            await soon(lambda: len(news.of(Transition)) >= 40)
            assert [t.event.type for t in news.of(Transition)] == expected
            assert [(await subscription.next(5)).data.type for _ in range(40)] == expected
            assert not news.of(Lost) and subscription.lost == 0
            assert any(t.caught_up for t in news.of(Transition))

    play(scenario)


def test_what_the_log_has_dropped_is_counted(
    play: Callable[[Scenario], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        async with face("hog") as hog, face("ook") as ook:
            view, subscription = ook.watch(), ook.subscribe_events("system:events")
            assert await view.wait_live(5) and await subscription.wait_ready(5)
            news = await News.of_all(face, view)
            for module in (_sync, _async):
                monkeypatch.setattr(module, "pause_before", lambda *_: 1.5)
            server.client().execute_command("CLIENT", "KILL", "TYPE", "pubsub")
            for number in range(10):
                await hog.publish_event("system:events", {"type": f"number.{number}"})
            server.client().xtrim("events:log", maxlen=3, approximate=False)
            await soon(lambda: len(news.of(Transition)) >= 3)
            assert [t.event.type for t in news.of(Transition)] == ["number.7", "number.8", "number.9"]
            assert [lost.count for lost in news.of(Lost)] == [7]
            assert [(await subscription.next(5)).data.type for _ in range(3)] == ["number.7", "number.8", "number.9"]
            assert subscription.lost == 7

    play(scenario)


def test_redis_that_cannot_save_is_watched_all_the_same(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        redis = server.client()
        async with face("hog") as hog:
            await hog.update_robot_state(RobotState(node_id="hog"))
            redis.config_set("save", "3600 1")
            shutil.rmtree(redis.config_get("dir")["dir"])
            redis.bgsave()
            await soon(lambda: redis.info("persistence")["rdb_last_bgsave_status"] == "err")
            with pytest.raises(Exception, match="MISCONF"):
                redis.ping()
            with pytest.raises(StateError) as refused:
                await hog.update_robot_state(RobotState(node_id="hog", current_pose="ready"))
            assert refused.value.reason is Reason.READ_ONLY
            async with face("ook") as ook:
                view = ook.watch()
                assert await view.wait_live(5)
                assert view.get(keys.robot_state("hog")) is not None
                assert (await ook.get_robot_state("hog")).current_pose == "unknown"
                begin = view.status().as_of
                await soon(lambda: view.status().is_live and view.status().as_of - begin > timedelta(seconds=1), 5)
                assert not face.reported("watch of everything"), "it never had to connect again"
            redis.config_set("stop-writes-on-bgsave-error", "no")

    play(scenario)


def test_redis_that_was_away_from_the_beginning(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        server.kill()
        with pytest.raises(StateError) as away:
            await face("hog").connect()
        assert away.value.reason is Reason.UNAVAILABLE
        assert f"127.0.0.1:{server.port}" in str(away.value) and "REDIS_HOST" in str(away.value)
        state = face("ook")
        view = state.watch()
        await soon(lambda: view.status().attempt > 1)
        assert str(view.status()).startswith("not connected, reconnecting")
        server.start()
        assert await view.wait_live(10)
        await state.close()
        with pytest.raises(StateError) as closed:
            await state.get_robot_state("hog")
        assert closed.value.reason is Reason.CLOSED

    play(scenario)


def test_wrong_passwords_and_strangers(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        for password, reason in (("wrong", "refused the user or password"), (None, "asks for a password")):
            with pytest.raises(StateError, match=reason) as refused:
                await face("hog", password=password).connect()
            assert refused.value.reason is Reason.DENIED
            assert "wrong" not in str(refused.value).replace("wrong password", "")
        with socket.create_server(("127.0.0.1", 0)) as stranger:
            stranger.listen()

            def answer() -> None:
                for _ in range(3):
                    peer, _ = stranger.accept()
                    peer.recv(1000)
                    peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                    peer.close()

            answering = asyncio.create_task(asyncio.to_thread(answer))
            with pytest.raises(StateError) as nonsense:
                await face("hog", port=stranger.getsockname()[1]).connect()
            assert nonsense.value.reason is Reason.UNAVAILABLE
            await answering

    play(scenario)


def test_a_new_password_from_its_file(play: Callable[[Scenario], None], tmp_path: Any) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        redis = server.client()
        redis.execute_command("ACL", "SETUSER", "hog", "on", ">old", "~*", "&*", "+@all")
        secret = tmp_path / "password"
        secret.write_text("old\n")
        async with face("hog", username="hog", password=None, password_file=str(secret)) as state:
            await state.update_robot_state(RobotState(node_id="hog"))
            redis.execute_command("ACL", "SETUSER", "hog", ">new", "<old")
            secret.write_text("new\n")
            redis.execute_command("CLIENT", "KILL", "USER", "hog")
            await state.update_robot_state(RobotState(node_id="hog"))

    play(scenario)


def test_a_user_who_may_not_read_the_log_watches_without(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        redis = server.client()
        redis.execute_command(
            "ACL", "SETUSER", "viewer", "on", ">pw", "resetkeys", "~robot:*", "~stroke:*", "~node:*", "~index:*",
            "resetchannels", "&robot:events", "&stroke:events:*", "&node:events:*", "&error:events:*", "&system:events", "+@all",
            "-client",
        )  # fmt: skip
        async with face("hog") as hog, face("ook", username="viewer", password="pw") as ook:
            view = ook.watch()
            assert await view.wait_live(5)
            news = await News.of_all(face, view)
            await hog.start_stroke_session(1, 1)
            await soon(lambda: news.of(Transition))
            assert face.reported("will not be caught up")
            assert json.loads(news.of(Transition)[0].event.to_json())["type"] == "session_start"
            # What is refused again and again would hide the one refusal that matters.
            assert not [entry for entry in redis.acl_log() if "client" in str(entry["object"])]

    play(scenario)


def in_pieces(port: int) -> int:
    """A way to a Redis over which each part of an answer comes a little after the one before; its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def relay(client: socket.socket) -> None:
        redis = socket.create_connection(("127.0.0.1", port))
        redis.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=forward, args=(client, redis, False), daemon=True).start()
        threading.Thread(target=forward, args=(redis, client, True), daemon=True).start()

    def forward(source: socket.socket, target: socket.socket, slowly: bool) -> None:
        try:
            while data := source.recv(1 << 16):
                for i, piece in enumerate(data.split(b"*3\r\n") if slowly else [data]):
                    target.sendall(b"*3\r\n" + piece if i else piece)
                    time.sleep(0.02 if slowly else 0)
        except OSError:
            # The other side has hung up.
            pass
        target.close()

    def accept() -> None:
        while True:
            relay(listener.accept()[0])

    threading.Thread(target=accept, daemon=True).start()
    return int(listener.getsockname()[1])


def test_confirmations_may_come_in_pieces(play: Callable[[Scenario], None]) -> None:
    async def scenario(face: Face, server: RedisServer) -> None:
        async with face("ook", port=in_pieces(server.port)) as ook:
            view = ook.watch()
            assert await view.wait_live(5)
            assert not face.problems

    play(scenario)
