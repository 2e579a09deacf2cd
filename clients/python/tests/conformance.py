#!/usr/bin/env python3
"""Runs the cases of tests/Conformance with this SDK, as that folder's SdkProcess says."""

from __future__ import annotations

import hashlib
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

import numpy as np
from taskres import (
    ApiKey,
    CacheTier,
    ClientOptions,
    EmbeddingFormat,
    Encoded,
    EncodedItem,
    JobState,
    Permission,
    Rollout,
    Task,
    TaskResClient,
    TaskResError,
    TenantQuotas,
    TrainingSettings,
    reason_name,
)
from taskres.v1.tenants_pb2 import TenantState

FILES: dict[str, bytes] = {}
Fields = dict[str, Any]


class Call:
    """A step that is carried out."""

    def __init__(self, client: TaskResClient, args: Fields, step: str) -> None:
        self.client = client
        self.args = args
        self.step = step

    def text(self, name: str) -> str:
        return str(self.args.get(name, ""))

    def number(self, name: str) -> Any:
        return self.args.get(name, 0)

    def texts(self, name: str) -> list[str]:
        texts: list[str] = self.args.get(name, [])
        times = int(self.number("times"))
        return [f"{text} {time}" for time in range(times) for text in texts] if times else texts

    def images(self) -> Iterator[Path]:
        paths = below(Path(self.text("folder"))) if "folder" in self.args else [Path(path) for path in self.args["images"]]
        for _ in range(max(1, self.number("repeat"))):
            yield from paths

    def examples(self) -> Iterator[tuple[str, Path]]:
        for name, path in self.args.get("examples", []):
            yield name, Path(path)
        if "folder" in self.args:
            for folder in sorted(Path(self.text("folder")).iterdir()):
                for path in sorted(folder.iterdir())[: self.number("perClass")]:
                    yield folder.name, path


def below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def named(enum: Any, value: int) -> str:
    """ACTIVE for TENANT_STATE_ACTIVE."""
    prefix = re.sub(r"(?<!^)(?=[A-Z])", "_", enum.DESCRIPTOR.name).upper()
    return str(enum.Name(value)).removeprefix(f"{prefix}_")


def task_of(task: Task) -> Fields:
    return {"name": task.name, "live_revision": task.live_revision, "example_count": task.example_count}


def format_of(call: Call) -> Any:
    return EmbeddingFormat.Value(f"EMBEDDING_FORMAT_{call.text('format') or 'UNSPECIFIED'}")


def create(call: Call, task: str) -> Task:
    return call.client.tasks.create(task, call.texts("classes"), templates=call.texts("templates"))


def create_tasks(call: Call) -> Fields:
    for task in call.texts("tasks"):
        create(call, task)
    return {}


def create_key(call: Call) -> Fields:
    permissions = [Permission.Value(f"PERMISSION_{name}") for name in call.texts("permissions")]
    made = call.client.tenants.create_key(call.text("tenant"), ApiKey(permissions=permissions))
    return {"name": made.api_key.name, "secret": made.secret, "permissions": [named(Permission, each) for each in made.api_key.permissions]}


def rotate_key(call: Call) -> Fields:
    rotated = call.client.tenants.rotate_key(call.text("key"))
    return {"name": rotated.api_key.name, "secret": rotated.secret}


def create_tenant(call: Call) -> Fields:
    tenant = call.client.tenants.create(call.text("id"))
    return {"name": tenant.name, "state": named(TenantState, tenant.state)}


def usage(call: Call) -> Fields:
    return {"days": len(call.client.tenants.get_usage(call.text("tenant"), days=call.number("days")))}


def limits(call: Call) -> Fields:
    service = call.client.tenants.get_limits(call.text("tenant")).service
    return {name: getattr(service, name) for name in ("max_classes", "max_views", "max_batch_items", "max_image_bytes")}


def export_tenant(call: Call) -> Fields:
    file = io.BytesIO()
    call.client.tenants.export(call.text("tenant"), file)
    FILES[call.step] = file.getvalue()
    return {"bytes": len(FILES[call.step])}


def import_tenant(call: Call) -> Fields:
    restored = call.client.tenants.import_(io.BytesIO(FILES[call.text("from")]))
    return {"name": restored.tenant.name, "tasks": restored.counts.tasks, "examples": restored.counts.examples}


def get_task(call: Call) -> Fields:
    response = call.client.tasks.get(call.text("task"))
    return {**task_of(response.task), "class_names": list(response.task.class_names), "examples_per_class": list(response.examples_per_class)}


def add_examples(call: Call) -> Fields:
    sent = [0]
    response = call.client.training.add_examples(call.text("task"), call.examples(), views=call.number("views"), on_sent=sent.append)
    errors = [{"sequence": error.sequence, "reason": reason_name(error.error.reason)} for error in response.errors]
    return {"added": response.added, "unchanged": response.unchanged, "failed": response.failed, "sent": sent[-1], "errors": errors}


def train(call: Call) -> Fields:
    settings = TrainingSettings(epochs=call.number("epochs"), batch_size=call.number("batchSize"))
    return {"job": call.client.training.train(call.text("task"), settings).name}


def get_job(call: Call) -> Fields:
    job = call.client.training.get_job(call.text("job"))
    return {"state": named(JobState, job.state), "revision": job.revision, "promoted": job.promoted}


def list_jobs(call: Call) -> Fields:
    state = JobState.Value(f"JOB_STATE_{call.text('state') or 'UNSPECIFIED'}")
    return {"names": [job.name for job in call.client.training.list_jobs(call.text("task"), state=state)]}


def watch_job(call: Call) -> Fields:
    jobs = list(call.client.training.watch_job(call.text("job")))
    epochs = [job.progress.epoch for job in jobs]
    last = jobs[-1]
    return {
        "state": named(JobState, last.state),
        "promoted": last.promoted,
        "revision": last.revision,
        "epoch": epochs[-1],
        "rising": epochs == sorted(epochs),
        "updates": len(jobs),
    }


def get_revision(call: Call) -> Fields:
    revision = call.client.revisions.get(call.text("revision"))
    return {name: getattr(revision, name) for name in ("name", "live", "example_count", "alpha", "support_accuracy")}


def promote(call: Call) -> Fields:
    return task_of(call.client.revisions.promote(call.text("revision"), expected_live_revision=call.text("expectedLive"), etag=call.text("etag")))


def set_rollout(call: Call) -> Fields:
    wanted = Rollout(canary_revision=call.text("canary"), canary_percent=call.number("percent"))
    rollout = call.client.revisions.set_rollout(call.text("task"), wanted).rollout
    return {"canary_revision": rollout.canary_revision, "canary_percent": rollout.canary_percent}


def export_revision(call: Call) -> Fields:
    file = io.BytesIO()
    call.client.revisions.export(call.text("revision"), file)
    FILES[call.step] = content = file.getvalue()
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def import_revision(call: Call) -> Fields:
    return {"name": call.client.revisions.import_(call.text("task"), io.BytesIO(FILES[call.text("from")])).name}


def get_model(call: Call) -> Fields:
    model = call.client.encoding.get_model().model
    return {name: getattr(model, name) for name in ("fingerprint", "embedding_dimension", "image_size")}


def encoded(result: Encoded) -> Fields:
    return {
        "count": len(result.vectors),
        "dimension": result.vectors.shape[1],
        "norm": float(np.linalg.norm(result.vectors[0])),
        "errors": [{"sequence": place, "reason": reason_name(error.reason)} for place, error in result.errors.items()],
    }


def encode_texts(call: Call) -> Fields:
    if "cancelAfter" in call.args:
        return cancelled_call(call)
    return encoded(call.client.encoding.encode_texts(call.texts("texts"), format=format_of(call)))


def cancelled_call(call: Call) -> Fields:
    """What has no token in Python is cancelled with the task that awaits it."""
    import asyncio

    from taskres import AsyncTaskResClient

    async def cancel() -> Fields:
        async with AsyncTaskResClient(call.client.options) as client:
            task = asyncio.ensure_future(client.encoding.encode_texts(call.texts("texts")))
            await asyncio.sleep(0)
            task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                return {"cancelled": True}
            return {"cancelled": False}

    return asyncio.run(cancel())


def encoded_stream(items: Iterable[EncodedItem]) -> Fields:
    answers = sorted(items, key=lambda answer: answer.sequence)
    vectors = [answer.vector for answer in answers if answer.vector is not None]
    return {
        "count": len(answers),
        "dimension": len(vectors[0]),
        "norm": float(np.linalg.norm(vectors[0])),
        "errors": [{"sequence": answer.sequence, "reason": reason_name(answer.error.reason)} for answer in answers if answer.error is not None],
        "answers": len(answers),
        "distinct": len({answer.sequence for answer in answers}),
    }


def classify(call: Call) -> Fields:
    answer = call.client.classification.classify(call.text("task"), Path(call.text("image")), top_k=call.number("topK"))
    first = answer.predictions[0]
    return {
        "task": answer.task,
        "revision": answer.revision,
        "count": len(answer.predictions),
        "first": first.class_name,
        "probability": first.probability,
        "sum": sum(prediction.probability for prediction in answer.predictions),
        "tier": named(CacheTier, answer.tier),
    }


def classify_stream(call: Call) -> Fields:
    answers = []
    stream = call.client.classification.classify_stream(call.text("task"), call.images(), top_k=1)
    for answer in stream:
        answers.append(answer)
        if len(answers) == call.number("cancelAfter"):
            # A generator that is closed ends its call.
            stream.close()
            return {"cancelled": True}
        if len(answers) == call.number("restartAfter"):
            restart()
    answers.sort(key=lambda answer: answer.sequence)
    return {
        "answers": len(answers),
        "distinct": len({answer.sequence for answer in answers}),
        "revisions": list(dict.fromkeys(answer.response.revision for answer in answers if answer.HasField("response"))),
        "errors": [{"sequence": answer.sequence, "reason": reason_name(answer.error.reason)} for answer in answers if answer.HasField("error")],
    }


def restart() -> None:
    tell({"restart": True})
    sys.stdin.readline()


def done(*_: object) -> Fields:
    """The result of a call that answers nothing."""
    return {}


VERBS: dict[str, Callable[[Call], Fields]] = {
    "restart": lambda call: done(restart()),  # type: ignore[func-returns-value]
    "createTenant": create_tenant,
    "deleteTenant": lambda call: done(call.client.tenants.delete(call.text("tenant"))),  # type: ignore[func-returns-value]
    "updateQuotas": lambda call: {"tasks": call.client.tenants.update_quotas(call.text("tenant"), TenantQuotas(tasks=call.number("tasks"))).quotas.tasks},
    "getUsage": usage,
    "getLimits": limits,
    "createKey": create_key,
    "rotateKey": rotate_key,
    "deleteKey": lambda call: done(call.client.tenants.delete_key(call.text("key"))),  # type: ignore[func-returns-value]
    "listKeys": lambda call: {"count": len(call.client.tenants.list_keys(call.text("tenant")))},
    "exportTenant": export_tenant,
    "importTenant": import_tenant,
    "createTask": lambda call: task_of(create(call, call.text("task"))),
    "createTasks": create_tasks,
    "getTask": get_task,
    "listTasks": lambda call: {"names": [task.name for task in call.client.tasks.list()]},
    "deleteTask": lambda call: done(call.client.tasks.delete(call.text("task"))),  # type: ignore[func-returns-value]
    "addExamples": add_examples,
    "train": train,
    "getJob": get_job,
    "listJobs": list_jobs,
    "cancelJob": lambda call: done(call.client.training.cancel_job(call.text("job"))),
    "watchJob": watch_job,
    "listRevisions": lambda call: {"names": [revision.name for revision in call.client.revisions.list(call.text("task"))]},
    "getRevision": get_revision,
    "promote": promote,
    "rollback": lambda call: task_of(call.client.revisions.rollback(call.text("task"))),
    "setRollout": set_rollout,
    "exportRevision": export_revision,
    "importRevision": import_revision,
    "getModel": get_model,
    "encodeImages": lambda call: encoded(call.client.encoding.encode_images(call.images(), format=format_of(call))),
    "encodeTexts": encode_texts,
    "encodeImageStream": lambda call: encoded_stream(call.client.encoding.encode_image_stream(call.images(), format=format_of(call))),
    "encodeTextStream": lambda call: encoded_stream(call.client.encoding.encode_text_stream(call.texts("texts"), format=format_of(call))),
    "classify": classify,
    "classifyStream": classify_stream,
}


def result_of(verb: str, call: Call) -> Fields:
    try:
        return VERBS[verb](call)
    except TaskResError as error:
        return {
            "error": {
                "reason": error.reason_name,
                "status": error.code.name,
                "message": str(error),
                "metadata": dict(error.metadata),
                "fields": [violation.field for violation in error.field_violations],
                "retry": error.retry_after is not None,
            }
        }


def tell(message: Fields) -> None:
    print(json.dumps(message), flush=True)


def fill(node: Any, known: Fields) -> Any:
    if isinstance(node, str):
        whole = re.fullmatch(r"\$\{([\w.]+)\}", node)
        return find(whole[1], known) if whole else re.sub(r"\$\{([\w.]+)\}", lambda match: str(find(match[1], known)), node)
    if isinstance(node, list):
        return [fill(item, known) for item in node]
    if isinstance(node, dict):
        return {name: fill(value, known) for name, value in node.items()}
    return node


def find(path: str, known: Fields) -> Any:
    at: Any = known
    for part in path.split("."):
        at = at.get(part)
    return at


def main() -> None:
    given = json.loads(sys.stdin.readline())
    known = given["known"]
    for scenario in json.loads(Path(given["cases"]).read_text(encoding="utf-8"))["scenarios"]:
        for step in scenario["steps"]:
            options = ClientOptions(
                address=given["server"],
                tenant_name=known["tenant"],
                api_key=fill(step.get("key", scenario.get("key", "${operator}")), known),
                wait_for_ready=scenario.get("waitForReady", False),
                timeout=step.get("timeoutMs", 100_000) / 1000,
            )
            with TaskResClient(options) as client:
                result = result_of(step["call"], Call(client, fill(step.get("args", {}), known), step["id"]))
            known[step["id"]] = result
            tell({"step": step["id"], "result": result})


if __name__ == "__main__":
    main()
