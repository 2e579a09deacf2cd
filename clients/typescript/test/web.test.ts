import assert from "node:assert/strict";
import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "../dist/gen/google/rpc/error_details_pb.js";
import { ClassifierService, TaskResClient, TaskResError, TrainerService } from "taskres/web";
import { webServer } from "./scripted.js";

test("over gRPC-Web, an upload arrives whole and an item's fault is its own answer", async () => {
  const server = await webServer((router) => {
    router.service(TrainerService, {
      addExamples: async (requests) => {
        let added = 0;
        for await (const { part } of requests) if (part.case === "example") added++;
        return { added };
      },
    });
    router.service(ClassifierService, {
      classify: ({ image }, { requestHeader }) => {
        assert.equal(requestHeader.get("authorization"), "Bearer secret");
        if (image?.source.value?.length === 2) throw new ConnectError("broken", Code.InvalidArgument, undefined, [{ desc: ErrorInfoSchema, value: { domain: "taskres", reason: "IMAGE_UNREADABLE" } }]);
        return { revision: `${image?.source.value?.length}` };
      },
    });
  });
  try {
    const client = new TaskResClient({ address: server.address, apiKey: "secret", maxInFlight: 2 });

    const { added } = await client.training.addExamples({ task: "flowers" }, Array.from({ length: 300 }, () => ({ className: "rose", image: new Uint8Array(10) })));
    assert.equal(added, 300);

    const answers = [];
    for await (const answer of client.classification.classifyStream("flowers", [1, 2, 3].map((length) => new Uint8Array(length)))) answers.push(answer);
    answers.sort((one, other) => Number(one.sequence - other.sequence));
    assert.deepEqual(answers.map(({ result }) => result.case), ["response", "error", "response"]);
  } finally {
    await server.close();
  }
});

test("over gRPC-Web, nobody listens, names the address", async () => {
  const client = new TaskResClient({ address: "http://127.0.0.1:1", maxAttempts: 1 });

  await assert.rejects(client.tasks.get("flowers"), (error: TaskResError) => error.code === Code.Unavailable && error.message.includes("http://127.0.0.1:1 "));
});
