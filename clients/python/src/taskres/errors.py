"""The one exception of the SDK."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import grpc

from taskres.v1.errors_pb2 import ErrorReason

_PREFIX = "ERROR_REASON_"


@dataclass(frozen=True)
class FieldViolation:
    """A field of a request, such as ``task.class_names[3]``, and what is wrong with it."""

    field: str
    description: str


class TaskResError(Exception):
    """A call that the server refused, or that could not reach it. The message says what is wrong and what to do."""

    def __init__(
        self,
        message: str,
        code: grpc.StatusCode,
        reason: ErrorReason = ErrorReason.ERROR_REASON_UNSPECIFIED,
        *,
        metadata: Mapping[str, str] | None = None,
        field_violations: Sequence[FieldViolation] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        """The status of the call as gRPC has it."""
        self.reason = reason
        """Why, as the server says; unspecified where no TaskRes server answered."""
        self.metadata: Mapping[str, str] = dict(metadata or {})
        """The variables of the message by name."""
        self.field_violations = tuple(field_violations)
        """The fields of the request that are at fault."""
        self.retry_after = retry_after
        """How long to wait before the same call may succeed, in seconds; None where waiting does not help."""

    @property
    def reason_name(self) -> str:
        """The reason's name: ``TASK_NOT_FOUND``."""
        return reason_name(self.reason)


def reason_name(reason: ErrorReason) -> str:
    """``TASK_NOT_FOUND`` for the reason of an error or of an item's error; that of a newer server is a number."""
    try:
        return str(ErrorReason.Name(reason)).removeprefix(_PREFIX)
    except ValueError:
        return str(reason)
