"""How a client reaches its server and for whom it speaks."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class ClientOptions:
    """How a client reaches its server and for whom it speaks.

    Raises ValueError where an option is out of its bounds.
    """

    address: str = "http://127.0.0.1:5100"
    """Where the services listen for gRPC: ``http://host:port``, ``https://host:port``, ``dns:///host:port``, which spreads calls
    over all addresses of the name, or ``static:///ip:port,ip:port``, which spreads them over these."""

    tenant_name: str = "tenants/default"
    """The tenant whose tasks are meant where a call gives only a task's id, as ``tenants/{tenant}``."""

    api_key: str | None = None
    """Sent as a bearer token with every call; None for servers that ask for none."""

    ca_path: str | os.PathLike[str] | None = None
    """The authority of the server's certificate, a PEM file, where it is none that this machine trusts by itself."""

    timeout: float = 100.0
    """The deadline of a unary call, its retries included; in seconds. Streams have none: they end when they are closed."""

    max_attempts: int = 4
    """How often a call is tried in all while the server is unavailable, and a stream without an answer, 1–5; 1 tries once."""

    wait_for_ready: bool = False
    """Whether a call that finds no server, or one that is not ready yet, waits for it in place of failing after ``max_attempts``: a
    unary call up to its deadline, a stream until it is closed."""

    max_in_flight: int = 64
    """How many items of a stream may be under way before the next one waits for an answer, at least 1."""

    def __post_init__(self) -> None:
        if urlsplit(self.address).scheme not in ("http", "https", "dns", "static"):
            raise ValueError(f'"{self.address}" is not an address; write it as http://host:port.')
        if not self.tenant_name.startswith("tenants/"):
            raise ValueError(f'"{self.tenant_name}" is not of the form tenants/{{tenant}}.')
        if self.timeout <= 0:
            raise ValueError(f"timeout is {self.timeout}; it must be above 0.")
        if not 1 <= self.max_attempts <= 5:
            raise ValueError(f"max_attempts is {self.max_attempts}; it must be from 1 to 5.")
        if self.max_in_flight < 1:
            raise ValueError(f"max_in_flight is {self.max_in_flight}; it must be at least 1.")
