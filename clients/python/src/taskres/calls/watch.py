"""Watches of jobs."""

from __future__ import annotations

from collections.abc import AsyncIterator

import grpc

from taskres.calls.attempts import Attempts
from taskres.calls.caller import RpcCaller
from taskres.errors import TaskResError
from taskres.v1.trainer_pb2 import Job, JobState, WatchJobRequest
from taskres.v1.trainer_pb2_grpc import TrainerServiceStub

_FINAL = (JobState.JOB_STATE_SUCCEEDED, JobState.JOB_STATE_FAILED, JobState.JOB_STATE_CANCELLED)


async def watch_job(rpc: RpcCaller, trainer: TrainerServiceStub, job: str) -> AsyncIterator[Job]:
    """A watch that outlives its connection."""
    attempts = Attempts(rpc.options)
    last: Job | None = None
    while last is None or last.state not in _FINAL:
        call = trainer.WatchJob(WatchJobRequest(name=job), **rpc.call_options())
        try:
            async for update in rpc.read(call):
                attempts.succeeded()
                # A watch taken up again begins with what the broken one may have said.
                if update.job == last:
                    continue
                last = current = update.job
                yield current
            if last is None or last.state not in _FINAL:
                raise TaskResError("The server ended the watch before the job's end. Watch it again.", grpc.StatusCode.UNAVAILABLE)
        except TaskResError as error:
            await attempts.after(error)
        finally:
            call.cancel()
