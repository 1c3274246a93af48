"""A node of the older, Python kind: what it writes, publishes, reads and hears.

It knows nothing of revisions, fences, indexes or events:log. One command a run; what it has to say goes to stdout, one JSON
value a line. Redis is found as these nodes find it: REDIS_HOST, REDIS_PORT, REDIS_PASSWORD.
"""

import json
import os
import sys
from datetime import datetime

import redis

SCANNED = {"robot:state:": "state", "stroke:progress:": "progress", "node:health:": "health"}


def now():
    """UTC without an offset."""
    return datetime.utcnow().isoformat(timespec="microseconds")


def robot_state(node_id):
    return {
        "timestamp": "2025-08-18T20:09:37.123456",
        "node_id": node_id,
        "is_connected_l": True,
        "is_connected_r": False,
        "joints_l": [-0.44, 1.38, 1.19, -1.38, 0, 0, 0],
        "joints_r": None,
        "velocities_l": None,
        "velocities_r": [0, 0, 0, 0, 0, 0, 0.5],
        "current_pose": "ready",
        "goal_time_slow": 2,
        "goal_time_fast": 0.08,
    }


def stroke_progress(node_id, stroke_idx, pose_idx):
    return {
        "timestamp": "2025-08-18T20:09:37.123456",
        "node_id": node_id,
        "stroke_idx": stroke_idx,
        "pose_idx": pose_idx,
        "total_strokes": 100,
        "stroke_length": 108,
        "stroke_description_l": "true_blue \u00fcber path 1",
        "stroke_description_r": "bright_red path 1",
        "offset_idx_l": 3,
        "offset_idx_r": 16,
        "is_executing": True,
        "is_paused": False,
        "scene_name": "tatbotlogo",
        "dataset_name": None,
    }


def node_health(node_id):
    return {
        "timestamp": "2025-08-18T20:09:37",
        "node_id": node_id,
        "cpu_percent": 12,
        "memory_percent": 40.5,
        "disk_percent": 0,
        "gpu_available": True,
        "gpu_percent": None,
        "gpu_memory_percent": 33,
        "is_reachable": True,
        "ping_latency_ms": None,
        "mcp_server_running": True,
        "mcp_port": 8080,
        "last_heartbeat": "2025-08-18T20:09:36.5",
    }


def write(client, node_id, session_id):
    """One of each document, as update_robot_state, update_stroke_progress and the heartbeat store it."""
    client.hset(
        "robot:state:" + node_id, mapping={"state": json.dumps(robot_state(node_id)), "last_updated": now()}
    )
    rewrite(client, node_id, session_id, 5, 25)
    key = "node:health:" + node_id
    client.hset(key, "health", json.dumps(node_health(node_id)))
    client.expire(key, 60)


def rewrite(client, node_id, session_id, stroke_idx, pose_idx):
    progress = stroke_progress(node_id, int(stroke_idx), int(pose_idx))
    client.hset("stroke:progress:" + session_id, "progress", json.dumps(progress))
    client.xadd(
        "stream:stroke_history:" + session_id,
        {
            "stroke_idx": progress["stroke_idx"],
            "pose_idx": progress["pose_idx"],
            "description_l": progress["stroke_description_l"],
            "description_r": progress["stroke_description_r"],
            "node_id": node_id,
        },
        maxlen=10000,
    )


def publish(client, node_id, session_id):
    """One of each event."""
    events = [
        (
            "stroke:events:session",
            {"type": "session_start", "session_id": session_id, "node_id": node_id, "total_strokes": 100,
             "scene_name": "tatbotlogo", "timestamp": now()},
        ),
        (
            "stroke:events:progress",
            {"type": "progress_update", "session_id": session_id, "node_id": node_id, "stroke_idx": 5, "pose_idx": 25,
             "total_strokes": 100, "stroke_length": 108, "description_l": "true_blue path 1",
             "description_r": "bright_red path 1", "timestamp": now()},
        ),
        (
            "robot:events",
            {"type": "state_update", "node_id": node_id, "timestamp": now(), "is_connected_l": True,
             "is_connected_r": False, "current_pose": "ready"},
        ),
        (
            "error:events:robot",
            {"type": "error", "category": "robot", "message": "needle stuck", "details": {"arm": "l", "tries": 3},
             "node_id": node_id, "timestamp": now()},
        ),
        ("stroke:events:session", {"type": "session_end", "session_id": session_id, "node_id": node_id, "timestamp": now()}),
    ]
    for channel, event in events:
        client.publish(channel, json.dumps(event))


def other_progress(client, node_id):
    """What another tool of theirs publishes on the same channel."""
    client.publish(
        "stroke:events:progress",
        json.dumps({"type": "progress_update", "node_id": node_id, "stroke_idx": 0, "pose_idx": 0, "progress": 0.4,
                    "timestamp": now()}),
    )


def scan(client):
    """Every document that the status page finds, by its key. Fails on one that is no document."""
    found = {}
    for prefix, field in SCANNED.items():
        for key in client.keys(prefix + "*"):
            found[key] = json.loads(client.hget(key, field))
            datetime.fromisoformat(found[key]["timestamp"].replace("Z", "+00:00"))
    return found


def listen(client, count):
    """Says "ready", then the first messages that it hears, each with its channel."""
    pubsub = client.pubsub(ignore_subscribe_messages=False)
    pubsub.psubscribe("stroke:events:*", "robot:events", "node:events:*", "error:events:*", "system:events")
    heard = 0
    for message in pubsub.listen():
        if message["type"] == "psubscribe" and message["data"] == 5:
            say("ready")
        elif message["type"] == "pmessage":
            say({"channel": message["channel"], "event": json.loads(message["data"])})
            heard += 1
            if heard == int(count):
                return


def say(value):
    print(json.dumps(value), flush=True)


def main(command, *arguments):
    client = redis.Redis(
        host=os.environ["REDIS_HOST"],
        port=int(os.environ["REDIS_PORT"]),
        password=os.environ["REDIS_PASSWORD"],
        decode_responses=True,
        socket_timeout=10,
    )
    if command == "write":
        write(client, *arguments)
    elif command == "rewrite":
        rewrite(client, *arguments)
    elif command == "publish":
        publish(client, *arguments)
    elif command == "other-progress":
        other_progress(client, *arguments)
    elif command == "scan":
        say(scan(client))
    elif command == "read":
        say(client.hgetall(*arguments))
    elif command == "history":
        say([fields for _, fields in client.xrange(*arguments)])
    elif command == "listen":
        listen(client, *arguments)
    else:
        raise SystemExit("unknown command " + command)


if __name__ == "__main__":
    main(*sys.argv[1:])
