"""The Python predecessor's update: read, write, history, publish; four round trips, one after another, unlocked.

Reads where Redis is from its standard input (port, password), then, line by line, for how many milliseconds to go on. Answers
each with a line: updates, seconds, median and 99th percentile in microseconds.
"""

import json
import sys
import time
from datetime import datetime

import redis

SESSION = "stroke_bench_predecessor"


def update(client, stroke_idx, pose_idx):
    key = "stroke:progress:" + SESSION
    stored = client.hget(key, "progress")
    progress = json.loads(stored) if stored else {
        "node_id": "bench", "total_strokes": 100, "stroke_length": 108,
        "stroke_description_l": "left arm, liner, black: path 17 of the outline",
        "stroke_description_r": "right arm: dipping into the ink cap",
        "offset_idx_l": 16, "offset_idx_r": 16, "is_executing": True, "is_paused": False,
        "scene_name": "tatbotlogo", "dataset_name": None,
    }
    now = datetime.utcnow().isoformat()
    progress.update(stroke_idx=stroke_idx, pose_idx=pose_idx, timestamp=now)
    client.hset(key, "progress", json.dumps(progress))
    client.xadd("stream:stroke_history:" + SESSION, {
        "stroke_idx": stroke_idx, "pose_idx": pose_idx,
        "description_l": progress["stroke_description_l"], "description_r": progress["stroke_description_r"],
        "node_id": "bench",
    }, maxlen=10000)
    client.publish("stroke:events:progress", json.dumps({
        "type": "progress_update", "session_id": SESSION, "node_id": "bench", "stroke_idx": stroke_idx, "pose_idx": pose_idx,
        "total_strokes": 100, "stroke_length": 108, "description_l": progress["stroke_description_l"],
        "description_r": progress["stroke_description_r"], "timestamp": now,
    }))


def main():
    port = int(sys.stdin.readline())
    client = redis.Redis(port=port, password=sys.stdin.readline().strip(), decode_responses=True)
    print("ready", flush=True)
    position = 0
    for line in sys.stdin:
        times = []
        begin = before = time.perf_counter()
        while before - begin < int(line) / 1000:
            update(client, position // 108 % 100, position % 108)
            position += 1
            now = time.perf_counter()
            times.append(now - before)
            before = now
        times.sort()
        print(len(times), before - begin, times[len(times) // 2] * 1e6, times[len(times) * 99 // 100] * 1e6, flush=True)


main()
