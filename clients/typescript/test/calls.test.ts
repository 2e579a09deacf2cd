import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Code, ConnectError, type ConnectRouter, type ServiceImpl } from "@connectrpc/connect";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "../dist/gen/google/rpc/error_details_pb.js";
import { ClassifierService, ErrorReason, JobState, TaskResClient, TaskResError, TenantService, TrainerService } from "taskres/node";
import { grpcServer, type ScriptedServer } from "./scripted.js";

const open: { close(): void | Promise<void> }[] = [];
after(() => Promise.all(open.map((each) => each.close())));

async function clientOf(
  services: { tenants?: Partial<ServiceImpl<typeof TenantService>>; trainer?: Partial<ServiceImpl<typeof TrainerService>>; classifier?: Partial<ServiceImpl<typeof ClassifierService>> },
  options: ConstructorParameters<typeof TaskResClient>[0] = {},
): Promise<TaskResClient> {
  const server: ScriptedServer = await grpcServer((router) => {
    router.service(TrainerService, services.trainer ?? {});
    router.service(ClassifierService, services.classifier ?? {});
    router.service(TenantService, services.tenants ?? {});
  });
  const client = new TaskResClient({ address: server.address, ...options });
  open.push(client, server);
  return client;
}

function refusal(code: Code, reason: string, more: { desc: any; value: any }[] = [], domain = "taskres"): ConnectError {
  return new ConnectError("no", code, undefined, [{ desc: ErrorInfoSchema, value: { reason, domain, metadata: { limit: "256" } } }, ...more]);
}

test("call, server gives details, rejects with them typed", async () => {
  const client = await clientOf({
    trainer: {
      getTask: () => {
        throw refusal(Code.ResourceExhausted, "QUEUE_FULL", [
          { desc: BadRequestSchema, value: { fieldViolations: [{ field: "image", description: "waits" }] } },
          { desc: RetryInfoSchema, value: { retryDelay: { seconds: 2n } } },
        ]);
      },
    },
  });

  await assert.rejects(client.tasks.get("flowers"), (error: TaskResError) => {
    assert.ok(error instanceof TaskResError);
    assert.deepEqual(
      [error.reason, error.reasonName, error.code, error.message, error.retryAfterMs],
      [ErrorReason.QUEUE_FULL, "QUEUE_FULL", Code.ResourceExhausted, "no", 2000],
    );
    assert.deepEqual(error.metadata, { limit: "256" });
    assert.deepEqual(error.fieldViolations, [{ field: "image", description: "waits" }]);
    return true;
  });
});

test("call, reason of another domain, is unspecified", async () => {
  const client = await clientOf({
    trainer: {
      getTask: () => {
        throw refusal(Code.Internal, "QUEUE_FULL", [], "elsewhere");
      },
    },
  });

  await assert.rejects(client.tasks.get("flowers"), (error: TaskResError) => error.reason === ErrorReason.UNSPECIFIED);
});

test("call, nobody listens, names the address", async () => {
  const client = new TaskResClient({ address: "http://127.0.0.1:1", maxAttempts: 1 });

  await assert.rejects(client.tasks.get("flowers"), (error: TaskResError) => error.code === Code.Unavailable && error.message.includes("http://127.0.0.1:1 "));
});

for (const [code, attempts] of [[Code.Unavailable, 3], [Code.Internal, 1], [Code.ResourceExhausted, 1]] as const) {
  test(`call, server fails with ${Code[code]}, is made ${attempts} times`, async () => {
    let calls = 0;
    const client = await clientOf(
      {
        trainer: {
          getTask: () => {
            calls++;
            throw new ConnectError("no", code);
          },
        },
      },
      { maxAttempts: 3 },
    );

    await assert.rejects(client.tasks.get("flowers"), TaskResError);

    assert.equal(calls, attempts);
  });
}

test("rollback, server goes away, is made again with the same id", async () => {
  const ids: string[] = [];
  const client = await clientOf({
    trainer: {
      rollbackTask: ({ requestId }) => {
        ids.push(requestId);
        if (ids.length % 2 === 1) throw new ConnectError("the answer was lost", Code.Unavailable);
        return { task: {} };
      },
    },
  });

  await client.revisions.rollback("flowers");
  await client.revisions.rollback("flowers");

  assert.equal(ids[0]!.length, 36);
  assert.deepEqual([ids[0], ids[2], new Set(ids).size], [ids[1], ids[3], 2]);
});

test("keys, server goes away, are not made again", async () => {
  let calls = 0;
  const fail = () => {
    calls++;
    throw refusal(Code.Unavailable, "REGISTRY_UNAVAILABLE", [{ desc: RetryInfoSchema, value: { retryDelay: { nanos: 1_000_000 } } }]);
  };
  const client = await clientOf({ tenants: { createApiKey: fail, rotateApiKey: fail } }, { waitForReady: true });

  await assert.rejects(client.tenants.createKey("tenants/acme", {}), TaskResError);
  await assert.rejects(client.tenants.rotateKey("tenants/acme/apiKeys/k"), TaskResError);

  assert.equal(calls, 2);
});

test("call, server asks for a pause, waits as long", async () => {
  const times: number[] = [];
  const client = await clientOf({
    trainer: {
      getTask: () => {
        times.push(performance.now());
        if (times.length === 1) throw refusal(Code.Unavailable, "REGISTRY_UNAVAILABLE", [{ desc: RetryInfoSchema, value: { retryDelay: { nanos: 700_000_000 } } }]);
        return {};
      },
    },
  });

  await client.tasks.get("flowers");

  assert.ok(times[1]! - times[0]! >= 690);
});

test("call, server too slow, ends at its deadline", async () => {
  const client = await clientOf({ trainer: { getTask: (_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener("abort", reject)) } }, { timeoutMs: 200 });

  await assert.rejects(client.tasks.get("flowers"), (error: TaskResError) => error.code === Code.DeadlineExceeded);
});

test("call, signal aborted, rejects with its reason", async () => {
  const stop = new AbortController();
  const client = await clientOf({
    trainer: {
      getTask: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", reject);
          stop.abort(new Error("enough"));
        }),
    },
  });

  await assert.rejects(client.tasks.get("flowers", { signal: stop.signal }), /enough/);
});

test("classify, image of five megabytes, is asked for by digest and made again as well", async () => {
  const forms: (string | undefined)[] = [];
  const client = await clientOf({
    classifier: {
      classify: ({ image }) => {
        forms.push(image?.source.case);
        if (image?.source.case === "sha256") throw refusal(Code.NotFound, "IMAGE_BYTES_REQUIRED");
        if (forms.length === 2) throw new ConnectError("the connection broke", Code.Unavailable);
        return { revision: `${image?.source.value?.length}` };
      },
    },
  });

  const { revision } = await client.classification.classify("flowers", new Uint8Array(5 << 20));

  assert.deepEqual([revision, forms], [`${5 << 20}`, ["sha256", "content", "content"]]);
});

test("classify stream, every stream breaks, answers each once", async () => {
  let streams = 0;
  const client = await clientOf(
    {
      classifier: {
        async *classifyStream(requests) {
          streams++;
          let answered = 0;
          for await (const { sequence } of requests) {
            if (answered++ === 40) throw new ConnectError("the connection broke", Code.Unavailable);
            yield { sequence, result: { case: "response" as const, value: {} } };
          }
        },
      },
    },
    { maxInFlight: 16 },
  );

  const seen: bigint[] = [];
  for await (const { sequence } of client.classification.classifyStream("flowers", images(120))) seen.push(sequence);

  assert.deepEqual(seen.toSorted((one, other) => Number(one - other)), Array.from({ length: 120 }, (_, index) => BigInt(index)));
  assert.ok(streams >= 3);
});

for (const waitForReady of [false, true]) {
  test(`classify stream, server leaves midway and comes back, answers each once${waitForReady ? ", waiting for it" : ""}`, async () => {
    const routes = (router: ConnectRouter) =>
      router.service(ClassifierService, {
        async *classifyStream(requests) {
          for await (const { sequence } of requests) yield { sequence, result: { case: "response" as const, value: {} } };
        },
      });
    let server = await grpcServer(routes);
    const client = new TaskResClient({ address: server.address, waitForReady, maxInFlight: 8, maxAttempts: 5 });

    const seen: bigint[] = [];
    for await (const { sequence } of client.classification.classifyStream("flowers", images(200))) {
      if (seen.push(sequence) !== 100) continue;
      await server.close();
      server = await grpcServer(routes, Number(new URL(server.address).port));
    }

    client.close();
    await server.close();
    assert.deepEqual(seen.toSorted((one, other) => Number(one - other)), Array.from({ length: 200 }, (_, index) => BigInt(index)));
  });
}

test("call, server comes later, waits for it", async () => {
  const probe = await grpcServer(() => {});
  await probe.close();
  const client = new TaskResClient({ address: probe.address, waitForReady: true, maxAttempts: 1 });

  const call = client.tasks.get("flowers");
  const server = await grpcServer((router) => router.service(TrainerService, { getTask: () => ({ examplesPerClass: [7] }) }), Number(new URL(probe.address).port));
  open.push(client, server);

  assert.deepEqual((await call).examplesPerClass, [7]);
});

const loading = () => refusal(Code.Unavailable, "ENCODER_UNAVAILABLE", [{ desc: RetryInfoSchema, value: { retryDelay: { nanos: 10_000_000 } } }]);

test("call, server still loads, waits for it", async () => {
  let calls = 0;
  const client = await clientOf(
    {
      trainer: {
        getTask: () => {
          if (++calls <= 4) throw loading();
          return {};
        },
      },
    },
    { waitForReady: true, maxAttempts: 2 },
  );

  await client.tasks.get("flowers");

  assert.equal(calls, 5);
});

for (const [waitForReady, refusals] of [[false, 1], [true, 3]] as const) {
  test(`classify stream, server still loads, is opened again${waitForReady ? " until it is ready" : ""}`, async () => {
    let streams = 0;
    const client = await clientOf(
      {
        classifier: {
          async *classifyStream(requests) {
            if (++streams <= refusals) throw loading();
            for await (const { sequence } of requests) yield { sequence, result: { case: "response" as const, value: {} } };
          },
        },
      },
      { waitForReady, maxAttempts: 2 },
    );

    const seen: bigint[] = [];
    for await (const { sequence } of client.classification.classifyStream("flowers", images(20))) seen.push(sequence);

    assert.deepEqual([seen.length, streams], [20, refusals + 1]);
  });
}

test("classify stream, answers held back, reads no further than maxInFlight", async () => {
  let read = 0;
  let highest = 0;
  const client = await clientOf(
    {
      classifier: {
        async *classifyStream(requests) {
          const waiting: bigint[] = [];
          for await (const { sequence } of requests) {
            waiting.push(sequence);
            highest = Math.max(highest, waiting.length);
            if (waiting.length < 8) continue;
            for (const each of waiting.splice(0)) yield { sequence: each, result: { case: "response" as const, value: {} } };
          }
        },
      },
    },
    { maxInFlight: 8 },
  );
  function* counted() {
    for (const image of images(64)) {
      read++;
      yield image;
    }
  }

  let answers = 0;
  for await (const _ of client.classification.classifyStream("flowers", counted())) assert.ok(read <= ++answers + 9);

  assert.deepEqual([answers, highest], [64, 8]);
});

test("classify stream, source fails, rejects with that failure", async () => {
  const client = await clientOf({ classifier: { async *classifyStream() {} } });
  function* failing() {
    yield new Uint8Array(1);
    throw new SyntaxError("mine");
  }

  await assert.rejects(async () => {
    for await (const _ of client.classification.classifyStream("flowers", failing())) assert.fail("no answer was sent");
  }, SyntaxError);
});

test("watch job, connection breaks, goes on without repeats", async () => {
  let watches = 0;
  const client = await clientOf({
    trainer: {
      async *watchJob() {
        yield { job: { state: JobState.RUNNING, progress: { epoch: 1 } } };
        if (++watches < 3) throw new ConnectError("the connection broke", Code.Unavailable);
        yield { job: { state: JobState.SUCCEEDED } };
      },
    },
  });

  const states: JobState[] = [];
  for await (const { state } of client.training.watchJob("job")) states.push(state);

  assert.deepEqual([states, watches], [[JobState.RUNNING, JobState.SUCCEEDED], 3]);
});

test("add examples, half known, sends digests first and then only the bytes asked for", async () => {
  const calls: (string | undefined)[][] = [];
  const client = await clientOf({
    trainer: {
      addExamples: async (requests) => {
        const forms: (string | undefined)[] = [];
        const errors = [];
        for await (const { part } of requests) {
          if (part.case !== "example") continue;
          forms.push(part.value.image?.source.case);
          if (part.value.image?.source.case === "sha256" && part.value.sequence % 2n === 1n)
            errors.push({ sequence: part.value.sequence, error: { reason: ErrorReason.IMAGE_BYTES_REQUIRED } });
        }
        calls.push(forms);
        return { added: forms.length - errors.length, failed: errors.length, errors };
      },
    },
  });
  const sent: number[] = [];

  const { added, failed } = await client.training.addExamples({ task: "flowers", onSent: (count) => sent.push(count) }, Array.from(images(4), (image) => ({ className: "rose", image })));

  assert.deepEqual([added, failed, sent.at(-1)], [4, 0, 4]);
  assert.deepEqual(calls, [["sha256", "sha256", "sha256", "sha256"], ["content", "content"]]);
});

// Large enough to be asked for by digest first.
function* images(count: number): Generator<Uint8Array> {
  for (let index = 0; index < count; index++) yield new Uint8Array(20_000 + index);
}
