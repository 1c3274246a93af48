"""Where Redis is, who this node is, and how long anything may take."""

from __future__ import annotations

import dataclasses
import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, TypeVar
from urllib.parse import unquote, urlsplit

from . import keys
from .errors import InvalidValueError, Reason, StateError

T = TypeVar("T")

_LONGEST_HEARTBEAT = (keys.NODE_HEALTH.ttl_seconds or 60) / 2
_URL_FORM = (
    "expected redis://[user:password@]host[:port][/database], with special characters in the password percent-encoded"
)
_SENTINEL_FORM = (
    "expected redis-sentinel://[user:password@]host[:port],host[:port].../[database]#primary-name, with special "
    "characters in the password percent-encoded"
)
_SERVER = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(?::([0-9]{1,5}))?")


@dataclass(frozen=True)
class StateOptions:
    """Options of a manager. Immutable. ``StateOptions.from_environment()`` reads them as every node does."""

    host: str = "localhost"
    port: int = 6379
    database: int = 0
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    password_file: str | None = None
    """Its first line is the password; read again for each connection, so that it can be replaced."""
    tls: bool = False
    tls_ca_file: str | None = None
    tls_cert_file: str | None = None
    tls_key_file: str | None = None
    sentinels: tuple[tuple[str, int], ...] = ()
    """Whom to ask for the primary; empty: host and port are the Redis."""
    primary_name: str | None = None
    sentinel_username: str | None = None
    sentinel_password: str | None = field(default=None, repr=False)
    sentinel_password_file: str | None = None
    node_id: str = field(default_factory=lambda: socket.gethostname().split(".")[0])
    namespace: str = ""
    connect_timeout: float = 0.3
    """Seconds that connecting may take."""
    timeout: float = 2.0
    """Seconds that an answer of Redis may take."""
    retry_attempts: int = 3
    """How often a read is tried in all while Redis is away. Writes fail at once."""
    retry_delay: float = 0.02
    max_retry_delay: float = 0.5
    heartbeat_interval: float = 30.0
    session_lease: float = 10.0
    """Seconds for which the writer of a session is presumed alive after each sign of life."""
    max_connections: int = 20

    def __post_init__(self) -> None:
        keys.node_health(self.node_id)
        _require(1 <= self.port <= 65535, f"port must be from 1 to 65535, was {self.port}")
        _require(self.database >= 0, f"database must not be negative, was {self.database}")
        for name, value, most in (
            ("connect_timeout", self.connect_timeout, 60.0),
            ("timeout", self.timeout, 60.0),
            ("session_lease", self.session_lease, 3600.0),
            ("heartbeat_interval", self.heartbeat_interval, _LONGEST_HEARTBEAT),
        ):
            _require(0.001 <= value <= most, f"{name} must be from 0.001 to {most:g} seconds, was {value:g}")
        _require(1 <= self.retry_attempts <= 100, f"retry_attempts must be from 1 to 100, was {self.retry_attempts}")
        _require(self.max_retry_delay >= 0, f"max_retry_delay must not be negative, was {self.max_retry_delay:g}")
        _require(self.max_connections >= 1, f"max_connections must be at least 1, was {self.max_connections}")
        _require(not self.sentinels or bool(self.primary_name), "the sentinels need the name of the primary")

    @staticmethod
    def from_environment(variables: Mapping[str, str] | None = None, **overrides: Any) -> StateOptions:
        """Options from environment variables, of which empty ones count as not set; what is given by name wins."""
        return dataclasses.replace(_Environment(os.environ if variables is None else variables).read(), **overrides)

    @property
    def address(self) -> str:
        """Where Redis is, for people."""
        if self.sentinels:
            return f"the primary {self.primary_name} of " + ", ".join(_address(*server) for server in self.sentinels)
        return _address(self.host, self.port)

    def redis_password(self) -> str | None:
        """The password at this moment. May read a file."""
        return _secret(self.password_file, self.password)

    def sentinels_password(self) -> str | None:
        """The same of the sentinels."""
        return _secret(self.sentinel_password_file, self.sentinel_password)


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _require(met: bool, message: str) -> None:
    if not met:
        raise InvalidValueError(message)


def _secret(file: str | None, value: str | None) -> str | None:
    if file is None:
        return value
    try:
        return Path(file).read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r") or None
    except (OSError, UnicodeDecodeError) as e:
        why = e.strerror if isinstance(e, OSError) else "it is not UTF-8"
        raise StateError(Reason.DENIED, f"the password file {file} cannot be read: {why}") from None


class _Environment:
    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self._options = StateOptions(node_id="unnamed")

    def read(self) -> StateOptions:
        self._text("REDIS_HOST", "host")
        self._number("REDIS_PORT", "port")
        self._number("REDIS_DB", "database")
        self._text("REDIS_USERNAME", "username")
        self._text("REDIS_PASSWORD_FILE", "password_file")
        self._text("REDIS_PASSWORD", "password")
        if "REDIS_PASSWORD" in self._variables and self._value("REDIS_PASSWORD"):
            self._set(password_file=None)
        # The newer way wins where both are set.
        self._with("REDIS_URL", lambda url: self._set(**_parse_url(url)))
        self._text("REDIS_SENTINEL_USERNAME", "sentinel_username")
        self._text("REDIS_SENTINEL_PASSWORD_FILE", "sentinel_password_file")
        self._text("REDIS_SENTINEL_PASSWORD", "sentinel_password")
        self._text("REDIS_TLS_CA_FILE", "tls_ca_file")
        if bool(self._value("REDIS_TLS_CERT_FILE")) != bool(self._value("REDIS_TLS_KEY_FILE")):
            raise InvalidValueError(
                "REDIS_TLS_CERT_FILE and REDIS_TLS_KEY_FILE need each other; only one of them is set"
            )
        self._text("REDIS_TLS_CERT_FILE", "tls_cert_file")
        self._text("REDIS_TLS_KEY_FILE", "tls_key_file")
        self._text("STATE_NAMESPACE", "namespace")
        self._seconds("STATE_CONNECTION_TIMEOUT", "connect_timeout")
        self._seconds("STATE_TIMEOUT", "timeout")
        # Older nodes may be set to more than a heartbeat lives; that must not keep a node from starting.
        self._seconds("STATE_HEARTBEAT_INTERVAL", "heartbeat_interval", most=_LONGEST_HEARTBEAT)
        self._number("STATE_RETRY_ATTEMPTS", "retry_attempts")
        self._seconds("STATE_RETRY_DELAY", "max_retry_delay")
        self._number("REDIS_MAX_CONNECTIONS", "max_connections")
        node = self._value("STATE_NODE_ID") or socket.gethostname().split(".")[0]
        self._with_value("STATE_NODE_ID", node, lambda value: self._set(node_id=value))
        return self._options

    def _value(self, name: str) -> str:
        return self._variables.get(name, "").strip()

    def _set(self, **values: Any) -> None:
        self._options = dataclasses.replace(self._options, **values)

    def _with(self, name: str, target: Callable[[str], None]) -> None:
        value = self._value(name)
        if value:
            self._with_value(name, value, target)

    @staticmethod
    def _with_value(name: str, value: str, target: Callable[[str], None]) -> None:
        try:
            target(value)
        except InvalidValueError as e:
            raise InvalidValueError(f"{name}: {e}") from None

    def _text(self, name: str, option: str) -> None:
        self._with(name, lambda value: self._set(**{option: value}))

    def _number(self, name: str, option: str) -> None:
        def target(value: str) -> None:
            number = _parse_number(value)
            _require(number == int(number), "must be a whole number")
            self._set(**{option: int(number)})

        self._with(name, target)

    def _seconds(self, name: str, option: str, most: float = float("inf")) -> None:
        self._with(name, lambda value: self._set(**{option: min(_parse_number(value), most)}))


def _parse_number(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    _require(0 <= number <= 2**31 - 1, "must be a number that is not negative")
    return number


def _parse_url(url: str) -> dict[str, Any]:
    """No message shows a part of it, for the password may be anywhere in one that is malformed."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise InvalidValueError(f"the Redis URL is malformed; {_URL_FORM}") from None
    if parts.scheme in ("redis-cluster", "rediss-cluster"):
        raise InvalidValueError("Redis Cluster is not supported; use a single Redis, or one with replicas")
    if parts.scheme not in ("redis", "rediss", "redis-sentinel", "rediss-sentinel"):
        raise InvalidValueError(
            "the Redis URL must begin with redis://, rediss://, redis-sentinel:// or rediss-sentinel://"
        )
    user, at, servers = parts.netloc.rpartition("@")
    name, _, secret = user.partition(":")
    options: dict[str, Any] = {"tls": parts.scheme.startswith("rediss")}
    if at:
        options.update(username=unquote(name) or None, password=unquote(secret) or None)
        if unquote(secret):
            options["password_file"] = None
    database = parts.path.strip("/")
    _require(not database or database.isdigit(), "the Redis URL must have a number for the database")
    options["database"] = int(database or 0)
    if parts.scheme.endswith("-sentinel"):
        option = "sentinelMasterId="
        primary = parts.fragment or (parts.query[len(option) :] if parts.query.startswith(option) else "")
        _require(bool(primary), f"the Redis URL does not name the primary; {_SENTINEL_FORM}")
        options.update(
            sentinels=tuple(_server(server, 26379, _SENTINEL_FORM) for server in servers.split(",")),
            primary_name=unquote(primary),
        )
    else:
        _require(
            not parts.query and not parts.fragment,
            "the Redis URL must end with the database, as in redis://host:6379/2; options behind ? or # are not known",
        )
        options["host"], options["port"] = _server(servers, 6379, _URL_FORM)
    return options


def _server(text: str, port: int, form: str) -> tuple[str, int]:
    parts = _SERVER.fullmatch(text)
    if parts is None:
        raise InvalidValueError(f"the Redis URL names no host; {form}")
    return parts[1].strip("[]"), int(parts[2] or port)
