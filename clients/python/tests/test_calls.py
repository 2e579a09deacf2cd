"""Calls of both clients against a scripted server."""

from __future__ import annotations

import asyncio
import threading
import time
import unittest
from collections.abc import Iterator
from typing import Any

import grpc
from scripted import refuse, server

from taskres import AsyncTaskResClient, ClientOptions, ErrorReason, JobState, TaskResClient, TaskResError
from taskres.v1 import classifier_pb2, tenants_pb2, trainer_pb2

UNAVAILABLE = grpc.StatusCode.UNAVAILABLE


def images(count: int) -> Iterator[bytes]:
    """Large enough to be asked for by digest first."""
    for index in range(count):
        yield bytes(20_000 + index)


class ErrorTests(unittest.TestCase):
    def test_call_server_gives_details_raises_them_typed(self) -> None:
        def get_task(request: Any, context: Any) -> None:
            refuse(context, grpc.StatusCode.RESOURCE_EXHAUSTED, "QUEUE_FULL", field="image", retry_ms=2000)

        with server(GetTask=get_task) as address, TaskResClient(ClientOptions(address)) as client:
            with self.assertRaises(TaskResError) as raised:
                client.tasks.get("flowers")

        error = raised.exception
        self.assertEqual((ErrorReason.ERROR_REASON_QUEUE_FULL, "QUEUE_FULL", "no", 2.0), (error.reason, error.reason_name, str(error), error.retry_after))
        self.assertEqual({"limit": "256"}, error.metadata)
        self.assertEqual([("image", "waits")], [(violation.field, violation.description) for violation in error.field_violations])

    def test_call_reason_of_another_domain_is_unspecified(self) -> None:
        def get_task(request: Any, context: Any) -> None:
            refuse(context, grpc.StatusCode.INTERNAL, "QUEUE_FULL", domain="elsewhere")

        with server(GetTask=get_task) as address, TaskResClient(ClientOptions(address)) as client:
            with self.assertRaises(TaskResError) as raised:
                client.tasks.get("flowers")

        self.assertEqual(ErrorReason.ERROR_REASON_UNSPECIFIED, raised.exception.reason)

    def test_call_nobody_listens_names_the_address(self) -> None:
        with TaskResClient(ClientOptions("http://127.0.0.1:1", max_attempts=1)) as client:
            with self.assertRaises(TaskResError) as raised:
                client.tasks.get("flowers")

        self.assertIs(UNAVAILABLE, raised.exception.code)
        self.assertIn("http://127.0.0.1:1 ", str(raised.exception))

    def test_call_server_fails_repeats_unavailable_alone(self) -> None:
        for code, attempts in ((UNAVAILABLE, 3), (grpc.StatusCode.INTERNAL, 1), (grpc.StatusCode.RESOURCE_EXHAUSTED, 1)):
            calls: list[Any] = []

            def get_task(request: Any, context: Any, code: grpc.StatusCode = code, calls: list[Any] = calls) -> None:
                calls.append(request)
                context.abort(code, "no")

            with self.subTest(code=code), server(GetTask=get_task) as address, TaskResClient(ClientOptions(address, max_attempts=3)) as client:
                with self.assertRaises(TaskResError):
                    client.tasks.get("flowers")
                self.assertEqual(attempts, len(calls))

    def test_rollback_server_goes_away_is_made_again_with_the_same_id(self) -> None:
        ids: list[str] = []

        def rollback_task(request: Any, context: Any) -> Any:
            ids.append(request.request_id)
            if len(ids) % 2 == 1:
                context.abort(UNAVAILABLE, "the answer was lost")
            return trainer_pb2.RollbackTaskResponse()

        with server(RollbackTask=rollback_task) as address, TaskResClient(ClientOptions(address)) as client:
            client.revisions.rollback("flowers")
            client.revisions.rollback("flowers")

        self.assertEqual(36, len(ids[0]))
        self.assertEqual((ids[0], ids[2], 2), (ids[1], ids[3], len(set(ids))))

    def test_keys_server_goes_away_are_not_made_again(self) -> None:
        calls: list[Any] = []

        def fail(request: Any, context: Any) -> None:
            calls.append(request)
            refuse(context, UNAVAILABLE, "REGISTRY_UNAVAILABLE", retry_ms=1)

        with server(CreateApiKey=fail, RotateApiKey=fail) as address, TaskResClient(ClientOptions(address, wait_for_ready=True)) as client:
            with self.assertRaises(TaskResError):
                client.tenants.create_key("tenants/acme", tenants_pb2.ApiKey())
            with self.assertRaises(TaskResError):
                client.tenants.rotate_key("tenants/acme/apiKeys/k")

        self.assertEqual(2, len(calls))

    def test_call_server_asks_for_a_pause_waits_as_long(self) -> None:
        times: list[float] = []

        def get_task(request: Any, context: Any) -> Any:
            times.append(time.monotonic())
            if len(times) == 1:
                refuse(context, UNAVAILABLE, "REGISTRY_UNAVAILABLE", retry_ms=700)
            return trainer_pb2.GetTaskResponse()

        with server(GetTask=get_task) as address, TaskResClient(ClientOptions(address)) as client:
            client.tasks.get("flowers")

        self.assertGreaterEqual(times[1] - times[0], 0.69)

    def test_call_server_too_slow_ends_at_its_deadline(self) -> None:
        release = threading.Event()

        def get_task(request: Any, context: Any) -> Any:
            release.wait(30)
            return trainer_pb2.GetTaskResponse()

        with server(GetTask=get_task) as address, TaskResClient(ClientOptions(address, timeout=0.2)) as client:
            with self.assertRaises(TaskResError) as raised:
                client.tasks.get("flowers")
            release.set()

        self.assertIs(grpc.StatusCode.DEADLINE_EXCEEDED, raised.exception.code)

    def test_options_out_of_their_bounds_are_refused(self) -> None:
        wrong: list[dict[str, Any]] = [{"max_attempts": 6}, {"tenant_name": "acme"}, {"address": "127.0.0.1"}, {"timeout": 0}, {"max_in_flight": 0}]
        for options in wrong:
            with self.subTest(options=options), self.assertRaises(ValueError):
                ClientOptions(**options)


class ClassificationTests(unittest.TestCase):
    def test_classify_image_of_five_megabytes_is_asked_for_by_digest_and_made_again_as_well(self) -> None:
        forms: list[str] = []

        def classify(request: Any, context: Any) -> Any:
            forms.append(request.image.WhichOneof("source"))
            if forms[-1] == "sha256":
                refuse(context, grpc.StatusCode.NOT_FOUND, "IMAGE_BYTES_REQUIRED")
            if len(forms) == 2:
                context.abort(UNAVAILABLE, "the connection broke")
            return classifier_pb2.ClassifyResponse(revision=str(len(request.image.content)))

        with server(Classify=classify) as address, TaskResClient(ClientOptions(address)) as client:
            answer = client.classification.classify("flowers", bytes(5 << 20))

        self.assertEqual((str(5 << 20), ["sha256", "content", "content"]), (answer.revision, forms))

    def test_stream_every_stream_breaks_answers_each_once(self) -> None:
        streams: list[Any] = []

        def classify_stream(requests: Any, context: Any) -> Any:
            streams.append(context)
            for answered, request in enumerate(requests):
                if answered == 40:
                    context.abort(UNAVAILABLE, "the connection broke")
                yield classifier_pb2.ClassifyStreamResponse(sequence=request.sequence, response=classifier_pb2.ClassifyResponse())

        with server(ClassifyStream=classify_stream) as address, TaskResClient(ClientOptions(address, max_in_flight=16)) as client:
            seen = sorted(answer.sequence for answer in client.classification.classify_stream("flowers", images(120)))

        self.assertEqual(list(range(120)), seen)
        self.assertGreaterEqual(len(streams), 3)

    def test_call_server_still_loads_waits_for_it(self) -> None:
        calls: list[Any] = []

        def classify(request: Any, context: Any) -> Any:
            calls.append(request)
            if len(calls) <= 5:
                refuse(context, UNAVAILABLE, "ENCODER_UNAVAILABLE", retry_ms=10)
            return classifier_pb2.ClassifyResponse()

        with server(Classify=classify) as address, TaskResClient(ClientOptions(address, wait_for_ready=True, max_attempts=2)) as client:
            client.classification.classify("flowers", b"x")

        self.assertEqual(6, len(calls))

    def test_stream_server_still_loads_is_opened_again(self) -> None:
        for wait_for_ready, refusals in ((False, 1), (True, 3)):
            streams: list[Any] = []

            def classify_stream(requests: Any, context: Any, refusals: int = refusals, streams: list[Any] = streams) -> Any:
                streams.append(context)
                if len(streams) <= refusals:
                    refuse(context, UNAVAILABLE, "ENCODER_UNAVAILABLE", retry_ms=10)
                for request in requests:
                    yield classifier_pb2.ClassifyStreamResponse(sequence=request.sequence, response=classifier_pb2.ClassifyResponse())

            with self.subTest(wait_for_ready=wait_for_ready), server(ClassifyStream=classify_stream) as address:
                with TaskResClient(ClientOptions(address, wait_for_ready=wait_for_ready, max_attempts=2)) as client:
                    answers = list(client.classification.classify_stream("flowers", images(20)))
                self.assertEqual((20, refusals + 1), (len(answers), len(streams)))

    def test_stream_answers_held_back_reads_no_further_than_max_in_flight(self) -> None:
        read = 0
        highest = 0

        def classify_stream(requests: Any, context: Any) -> Any:
            nonlocal highest
            waiting = []
            for request in requests:
                waiting.append(request.sequence)
                highest = max(highest, len(waiting))
                if len(waiting) == 8:
                    for sequence in waiting:
                        yield classifier_pb2.ClassifyStreamResponse(sequence=sequence, response=classifier_pb2.ClassifyResponse())
                    waiting.clear()

        def counted() -> Iterator[bytes]:
            nonlocal read
            for image in images(64):
                read += 1
                yield image

        with server(ClassifyStream=classify_stream) as address, TaskResClient(ClientOptions(address, max_in_flight=8)) as client:
            for answers, _ in enumerate(client.classification.classify_stream("flowers", counted())):
                # Those that are answered, those under way, and the next.
                self.assertLessEqual(read, answers + 1 + 8 + 8 + 1)

        self.assertEqual((64, 8), (read, highest))

    def test_stream_source_fails_raises_that_failure(self) -> None:
        def classify_stream(requests: Any, context: Any) -> Any:
            for _ in requests:
                pass
            return
            yield

        def failing() -> Iterator[bytes]:
            yield b"x"
            raise KeyError("mine")

        with server(ClassifyStream=classify_stream) as address, TaskResClient(ClientOptions(address)) as client:
            with self.assertRaisesRegex(KeyError, "mine"):
                list(client.classification.classify_stream("flowers", failing()))

    def test_stream_closed_early_ends_the_call(self) -> None:
        ended = threading.Event()

        def classify_stream(requests: Any, context: Any) -> Any:
            context.add_callback(ended.set)
            for request in requests:
                yield classifier_pb2.ClassifyStreamResponse(sequence=request.sequence, response=classifier_pb2.ClassifyResponse())

        def endless() -> Iterator[bytes]:
            while True:
                yield b"x"

        with server(ClassifyStream=classify_stream) as address, TaskResClient(ClientOptions(address)) as client:
            for _ in client.classification.classify_stream("flowers", endless()):
                break
            self.assertTrue(ended.wait(30))


class TrainingTests(unittest.TestCase):
    def test_watch_connection_breaks_goes_on_without_repeats(self) -> None:
        watches: list[Any] = []

        def watch_job(request: Any, context: Any) -> Any:
            watches.append(request)
            progress = trainer_pb2.JobProgress(epoch=1)
            yield trainer_pb2.WatchJobResponse(job=trainer_pb2.Job(state=JobState.JOB_STATE_RUNNING, progress=progress))
            if len(watches) < 3:
                context.abort(UNAVAILABLE, "the connection broke")
            yield trainer_pb2.WatchJobResponse(job=trainer_pb2.Job(state=JobState.JOB_STATE_SUCCEEDED))

        with server(WatchJob=watch_job) as address, TaskResClient(ClientOptions(address)) as client:
            states = [job.state for job in client.training.watch_job("job")]

        self.assertEqual([JobState.JOB_STATE_RUNNING, JobState.JOB_STATE_SUCCEEDED], states)
        self.assertEqual(3, len(watches))

    def test_add_examples_half_known_sends_digests_first_then_only_the_bytes_asked_for(self) -> None:
        calls: list[list[str]] = []

        def add_examples(requests: Any, context: Any) -> Any:
            examples = [request.example for request in requests if request.HasField("example")]
            calls.append([example.image.WhichOneof("source") for example in examples])
            response = trainer_pb2.AddExamplesResponse()
            for example in examples:
                if example.image.HasField("sha256") and example.sequence % 2:
                    response.errors.add(sequence=example.sequence).error.reason = ErrorReason.ERROR_REASON_IMAGE_BYTES_REQUIRED
            response.failed = len(response.errors)
            response.added = len(examples) - response.failed
            return response

        sent: list[int] = []
        with server(AddExamples=add_examples) as address, TaskResClient(ClientOptions(address)) as client:
            response = client.training.add_examples("flowers", (("rose", image) for image in images(4)), on_sent=sent.append)

        self.assertEqual((4, 0, 4), (response.added, response.failed, sent[-1]))
        self.assertEqual([["sha256"] * 4, ["content"] * 2], calls)


class AsyncTests(unittest.IsolatedAsyncioTestCase):
    async def test_call_task_cancelled_cancels_the_call(self) -> None:
        began, ended = threading.Event(), threading.Event()

        def get_task(request: Any, context: Any) -> Any:
            context.add_callback(ended.set)
            began.set()
            ended.wait(30)
            return trainer_pb2.GetTaskResponse()

        with server(GetTask=get_task) as address:
            async with AsyncTaskResClient(ClientOptions(address)) as client:
                task = asyncio.ensure_future(client.tasks.get("flowers"))
                await asyncio.to_thread(began.wait, 30)
                task.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await task
                self.assertTrue(await asyncio.to_thread(ended.wait, 30))

    async def test_list_several_pages_reads_all(self) -> None:
        def list_tasks(request: Any, context: Any) -> Any:
            following = {"": "b", "b": "c", "c": ""}[request.page_token]
            return trainer_pb2.ListTasksResponse(tasks=[trainer_pb2.Task(name=f"page {request.page_token}")], next_page_token=following)

        with server(ListTasks=list_tasks) as address:
            async with AsyncTaskResClient(ClientOptions(address)) as client:
                names = [task.name async for task in client.tasks.list()]

        self.assertEqual(["page ", "page b", "page c"], names)


if __name__ == "__main__":
    unittest.main()
