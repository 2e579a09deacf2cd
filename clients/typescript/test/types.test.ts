// What the compiler must refuse; it is checked where this file is compiled.
import assert from "node:assert/strict";
import { test } from "node:test";
import { EmbeddingFormat, type ErrorReason, TaskResClient, TaskResError, toFloats } from "taskres";

test("options, out of their bounds, are refused", () => {
  assert.throws(() => new TaskResClient({ maxAttempts: 6 }), RangeError);
  assert.throws(() => new TaskResClient({ tenantName: "acme" }), RangeError);
  assert.throws(() => new TaskResClient({ address: "127.0.0.1" }), RangeError);
});

test("embeddings, in every format, are read", () => {
  const base = { $typeName: "taskres.v1.Embedding" as const, values: [], fp16: new Uint8Array(), int8: new Uint8Array(), scale: 0 };
  assert.deepEqual([...toFloats({ ...base, values: [1, -2.5] })], [1, -2.5]);
  assert.deepEqual([...toFloats({ ...base, fp16: Uint8Array.from([0x00, 0x3c, 0x00, 0xc1, 0x01, 0x00]) })], [1, -2.5, 2 ** -24]);
  assert.deepEqual([...toFloats({ ...base, int8: Uint8Array.from([2, 0xfe]), scale: 0.5 })], [1, -1]);
});

export async function types(client: TaskResClient): Promise<void> {
  // @ts-expect-error A task has class names.
  await client.tasks.create({ taskId: "t" });
  // @ts-expect-error An image is bytes, not a path.
  await client.classification.classify("t", "photo.jpg");
  // @ts-expect-error Formats are the enum's.
  await client.encoding.encodeTexts(["a"], { format: "fp16" });
  await client.encoding.encodeTexts(["a"], { format: EmbeddingFormat.FP16 });
  for await (const task of client.tasks.list()) {
    const name: string = task.name;
    void name;
  }
  try {
    await client.tasks.get("t");
  } catch (error) {
    if (error instanceof TaskResError) {
      const reason: ErrorReason = error.reason;
      void reason;
    }
  }
}
