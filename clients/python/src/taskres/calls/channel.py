"""The channel's limits and what it repeats by itself."""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import grpc

from taskres.options import ClientOptions

_MEBIBYTE = 1 << 20
_MAX_MESSAGE_BYTES = 64 * _MEBIBYTE

# An image may be 20 MiB; a request over the buffer would go out once, without a retry and without a word about it.
_RETRY_BUFFER_BYTES = 24 * _MEBIBYTE

# A single read of these cannot be sent again.
_UPLOADS = [
    {"service": "taskres.v1.TrainerService", "method": "AddExamples"},
    {"service": "taskres.v1.TrainerService", "method": "ImportRevision"},
    {"service": "taskres.v1.TenantService", "method": "ImportTenant"},
    {"service": "taskres.v1.ClassifierService", "method": "ClassifyStream"},
    {"service": "taskres.v1.EncoderService", "method": "EncodeStream"},
]


# The services keep no secret, so that they cannot answer a repetition with the first one: a key that nobody knows would be made,
# or the secret that was just given would end.
_SECRETS = [
    {"service": "taskres.v1.TenantService", "method": "CreateApiKey"},
    {"service": "taskres.v1.TenantService", "method": "RotateApiKey"},
]


def open_channel(options: ClientOptions) -> grpc.aio.Channel:
    """The connection; it is made when the first call comes."""
    settings = [
        ("grpc.max_send_message_length", _MAX_MESSAGE_BYTES),
        ("grpc.max_receive_message_length", _MAX_MESSAGE_BYTES),
        ("grpc.per_rpc_retry_buffer_size", _RETRY_BUFFER_BYTES),
        ("grpc.enable_retries", 1),
        # A replica that was restarted is used again before the next one goes.
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.min_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 1000),
        ("grpc.keepalive_time_ms", 30_000),
        ("grpc.keepalive_timeout_ms", 10_000),
        # Clients of one process that speak to one server have a connection each.
        ("grpc.use_local_subchannel_pool", 1),
        ("grpc.service_config", json.dumps(_service_config(options.max_attempts))),
    ]
    if urlsplit(options.address).scheme == "https":
        roots = None if options.ca_path is None else Path(options.ca_path).read_bytes()
        return grpc.aio.secure_channel(_target(options.address), grpc.ssl_channel_credentials(roots), settings)
    return grpc.aio.insecure_channel(_target(options.address), settings)


def _target(address: str) -> str:
    """As gRPC's own resolvers have it."""
    parts = urlsplit(address)
    if parts.scheme == "dns":
        return address
    if parts.scheme != "static":
        return parts.netloc
    addresses = parts.path.strip("/").split(",")
    for each in addresses:
        ipaddress.IPv4Address(each.rpartition(":")[0])
    return "ipv4:" + ",".join(addresses)


def _service_config(max_attempts: int) -> dict[str, Any]:
    """Unary calls and downloads are repeated where the server is unavailable (AIP-194), when it says so, and nothing else is."""
    config: dict[str, Any] = {"loadBalancingConfig": [{"round_robin": {}}]}
    if max_attempts == 1:
        return config
    retry = {
        "maxAttempts": max_attempts,
        "initialBackoff": "0.1s",
        "maxBackoff": "2s",
        "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE"],
    }
    config["methodConfig"] = [{"name": [{}], "retryPolicy": retry}, {"name": _UPLOADS + _SECRETS}]
    return config
