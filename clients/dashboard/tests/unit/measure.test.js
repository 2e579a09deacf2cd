import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.js";

Object.assign(globalThis, { sessionStorage: { getItem: () => null }, location: { origin: "http://localhost" } });
const { measure } = await load("classes/measure.ts");

test("measure: what the services alone can score is refused in words, before anything is sent", async () => {
  const head = { isPlain: false, method: "tip-adapter", classNames: ["a", "b"] };
  await assert.rejects(measure({ tenant: "acme", head, files: [], onProgress: () => {}, signal: new AbortController().signal }), /tip-adapter is scored by the services alone/);
});
