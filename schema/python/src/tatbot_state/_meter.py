"""How busy this machine is."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from .models import NodeHealth

_last = (0, 0)


def measured(node_id: str, moment: datetime) -> NodeHealth:
    """A health of this machine; what cannot be measured is 0."""
    return NodeHealth(
        node_id=node_id,
        timestamp=moment,
        last_heartbeat=moment,
        cpu_percent=_processor(),
        memory_percent=_memory(),
        disk_percent=_disk(),
    )


def _percent(part: float, whole: float) -> float:
    return round(min(100.0, max(0.0, 100.0 * part / whole)), 1) if whole > 0 else 0.0


def _processor() -> float:
    """Since the last time; since the machine started, the first time."""
    global _last
    try:
        ticks = [int(word) for word in Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]]
    except (OSError, ValueError, IndexError):
        return 0.0
    idle, all_ = ticks[3] + ticks[4], sum(ticks)
    before, _last = _last, (idle, all_)
    return _percent((all_ - before[1]) - (idle - before[0]), all_ - before[1])


def _memory() -> float:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        sizes = {line.split(":")[0]: int(line.split()[1]) for line in lines}
        return _percent(sizes["MemTotal"] - sizes["MemAvailable"], sizes["MemTotal"])
    except (OSError, ValueError, KeyError, IndexError):
        return 0.0


def _disk() -> float:
    try:
        usage = shutil.disk_usage("/")
        return _percent(usage.used, usage.total)
    except OSError:
        return 0.0
