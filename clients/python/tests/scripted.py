"""A real gRPC server on loopback whose services do what a test says, faults included."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

import grpc
from taskres import details_pb2
from taskres.v1 import classifier_pb2_grpc, encoder_pb2_grpc, tenants_pb2_grpc, trainer_pb2_grpc


@contextmanager
def server(**methods: Callable[..., Any]) -> Iterator[str]:
    """Serves the methods by their names, such as GetTask; its address."""
    grpc_server = grpc.server(ThreadPoolExecutor(8), options=[("grpc.max_receive_message_length", 64 << 20)])
    services = (
        (trainer_pb2_grpc, "TrainerService"),
        (classifier_pb2_grpc, "ClassifierService"),
        (encoder_pb2_grpc, "EncoderService"),
        (tenants_pb2_grpc, "TenantService"),
    )
    for module, service in services:
        servicer = getattr(module, f"{service}Servicer")()
        for name, method in methods.items():
            if hasattr(servicer, name):
                setattr(servicer, name, method)
        getattr(module, f"add_{service}Servicer_to_server")(servicer, grpc_server)
    port = grpc_server.add_insecure_port("127.0.0.1:0")
    grpc_server.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        grpc_server.stop(grace=None).wait()


def refuse(
    context: grpc.ServicerContext, code: grpc.StatusCode, reason: str, *, domain: str = "taskres", field: str = "", retry_ms: int | None = None
) -> None:
    """Ends the call as the services do, with google.rpc's details."""
    status = details_pb2.Status(code=code.value[0], message="no")
    parts: list[tuple[str, Any]] = [("ErrorInfo", details_pb2.ErrorInfo(reason=reason, domain=domain, metadata={"limit": "256"}))]
    if field:
        violation = details_pb2.BadRequest.FieldViolation(field=field, description="waits")
        parts.append(("BadRequest", details_pb2.BadRequest(field_violations=[violation])))
    trailers: list[tuple[str, Any]] = []
    if retry_ms is not None:
        retry = details_pb2.RetryInfo()
        retry.retry_delay.FromMilliseconds(retry_ms)
        parts.append(("RetryInfo", retry))
        trailers.append(("grpc-retry-pushback-ms", str(retry_ms)))
    for name, part in parts:
        status.details.add(type_url=f"type.googleapis.com/google.rpc.{name}", value=part.SerializeToString())
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()), *trailers))
    context.abort(code, "no")
