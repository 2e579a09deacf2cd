"""From the details of google.rpc.Status (AIP-193) to the SDK's exception."""

from __future__ import annotations

from typing import Any, TypeVar

import grpc
from google.protobuf.message import DecodeError

from taskres import details_pb2
from taskres.errors import FieldViolation, TaskResError
from taskres.v1.errors_pb2 import ErrorReason

_DOMAIN = "taskres"
_DETAILS = "grpc-status-details-bin"

M = TypeVar("M", bound=Any)


def decode_error(error: grpc.aio.AioRpcError, address: str) -> TaskResError:
    """The exception for a call that failed."""
    status = _status(error)
    info = _detail(status, "google.rpc.ErrorInfo", details_pb2.ErrorInfo())
    reason = _reason(info.reason) if info.domain == _DOMAIN else ErrorReason.ERROR_REASON_UNSPECIFIED
    bad = _detail(status, "google.rpc.BadRequest", details_pb2.BadRequest())
    retry = _detail(status, "google.rpc.RetryInfo", details_pb2.RetryInfo())
    return TaskResError(
        _message(error, reason, address),
        error.code(),
        reason,
        metadata=dict(info.metadata),
        field_violations=[FieldViolation(violation.field, violation.description) for violation in bad.field_violations],
        retry_after=retry.retry_delay.ToTimedelta().total_seconds() if retry.HasField("retry_delay") else None,
    )


def _status(error: grpc.aio.AioRpcError) -> details_pb2.Status:
    status = details_pb2.Status()
    for key, value in error.trailing_metadata() or ():
        if key != _DETAILS:
            continue
        try:
            status.ParseFromString(value)
        except DecodeError:
            # The details of another server; its status still tells something.
            return details_pb2.Status()
    return status


def _detail(status: details_pb2.Status, name: str, message: M) -> M:
    for detail in status.details:
        if detail.type_url.endswith(f"/{name}"):
            message.ParseFromString(detail.value)
    return message


def _reason(name: str) -> ErrorReason:
    """A reason of a newer server is unspecified here."""
    known = dict(ErrorReason.items())
    return known.get(f"ERROR_REASON_{name}", ErrorReason.ERROR_REASON_UNSPECIFIED)


def _message(error: grpc.aio.AioRpcError, reason: ErrorReason, address: str) -> str:
    text = error.details() or ""
    if reason != ErrorReason.ERROR_REASON_UNSPECIFIED:
        return text
    if error.code() is grpc.StatusCode.UNAVAILABLE:
        return f"No server answers at {address} ({text.rstrip('.')}). Start a server, or give the address of one that runs."
    if error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
        return f"The server at {address} did not answer in time. Try again, or allow more time."
    if error.code() is grpc.StatusCode.UNIMPLEMENTED:
        return f"The server at {address} does not know this call: it is another service, or of another version."
    return f"The server at {address} answered {error.code().name}: {text}"
