"""What a connection of redis-py is made with: the same for its two kinds."""

from __future__ import annotations

import inspect
from typing import Any

from .options import StateOptions


def arguments(kind: type[Any], options: StateOptions, host: str, port: int, timeout: float) -> dict[str, Any]:
    """Arguments for a connection to Redis. Reads the password's file."""
    return {
        **_common(kind, options, host, port, timeout),
        "db": options.database,
        "username": options.username,
        "password": options.redis_password(),
    }


def sentinel_arguments(kind: type[Any], options: StateOptions, host: str, port: int) -> dict[str, Any]:
    """The same for a sentinel."""
    return {
        **_common(kind, options, host, port, options.connect_timeout),
        "username": options.sentinel_username,
        "password": options.sentinels_password(),
    }


def _common(kind: type[Any], options: StateOptions, host: str, port: int, timeout: float) -> dict[str, Any]:
    common: dict[str, Any] = {
        "host": host,
        "port": port,
        "socket_timeout": timeout,
        "socket_connect_timeout": options.connect_timeout,
        "socket_keepalive": True,
    }
    if options.tls:
        common.update(
            ssl_cert_reqs="required",
            ssl_check_hostname=True,
            ssl_ca_certs=options.tls_ca_file,
            ssl_certfile=options.tls_cert_file,
            ssl_keyfile=options.tls_key_file,
        )
    # Newer versions introduce themselves by a command that a node's user may not send.
    known = {name for each in kind.__mro__ for name in inspect.signature(each).parameters}
    common.update({name: None for name in ("lib_name", "lib_version") if name in known})
    return common
