import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.js";

const { adapted, baseOnly, residualSizes } = await load("maths/scoring.ts");
const { Confusions, wilson } = await load("maths/confusions.ts");
const { parseSafetensors } = await load("api/safetensors.ts");
const { holdBack } = await load("files/holdBack.ts");
const { reportOf } = await load("classes/report.ts");

const matrix = (/** @type {number[][]} */ rows) => ({ rows: rows.length, columns: rows[0]?.length, values: new Float32Array(rows.flat()) });

const head = {
  revision: "r",
  classNames: ["a", "b"],
  base: matrix([[3, 0], [0, 2]]),
  residual: matrix([[0, 1], [0, 0]]),
  alpha: 3,
  logitScale: 10,
  fromPrompts: true,
};

test("adapted: cosine to t + αx, times the logit scale", () => {
  // t'_a = (3, 3), so the cosine to (1, 1) is 1 and that of b is 1/√2.
  const logits = adapted(head).logits([2, 2]);
  assert.ok(Math.abs(logits[0] - 10) < 1e-5 && Math.abs(logits[1] - 10 / Math.SQRT2) < 1e-5, `${logits}`);
  const probabilities = adapted(head).probabilities([2, 2]);
  assert.ok(Math.abs(probabilities[0] - 1 / (1 + Math.exp(10 / Math.SQRT2 - 10))) < 1e-6);
});

test("baseOnly: the residual counts for nothing", () => {
  assert.deepEqual(baseOnly(head).logits([5, 0]).map((/** @type {number} */ logit) => Math.round(logit * 1e4) / 1e4), [10, 0]);
});

test("residualSizes: lengths over those of the base", () => {
  assert.deepEqual(residualSizes(head).map((/** @type {number} */ size) => Math.round(size * 1e6) / 1e6), [0.333333, 0]);
});

test("confusions: recall, accuracy, and what is taken for what", () => {
  const confusions = new Confusions(3);
  for (const [label, predicted] of [[0, 0], [0, 0], [0, 0], [0, 1], [1, 2], [1, 2], [1, 0]]) confusions.add(label, predicted);
  assert.equal(confusions.recall(0), 0.75);
  assert.equal(confusions.recall(2), null);
  assert.equal(confusions.accuracy, 3 / 7);
  assert.deepEqual(confusions.mistakenFor(1), [{ label: 2, count: 2 }, { label: 0, count: 1 }]);
});

test("wilson: the published interval of 8 of 10", () => {
  const [low, high] = wilson(8, 10);
  assert.ok(Math.abs(low - 0.4902) < 1e-3 && Math.abs(high - 0.9433) < 1e-3, `${low} ${high}`);
  assert.deepEqual(wilson(0, 0), [0, 1]);
});

test("safetensors: matrices and metadata; what is cut off is refused", () => {
  const header = new TextEncoder().encode(JSON.stringify({ __metadata__: { k: "v" }, m: { dtype: "F32", shape: [2, 2], data_offsets: [0, 16] } }));
  const file = new Uint8Array(8 + header.length + 16);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  [1, 2, 3, 4].forEach((value, i) => new DataView(file.buffer).setFloat32(8 + header.length + 4 * i, value, true));
  const parsed = parseSafetensors(file);
  assert.deepEqual([...parsed.matrix("m").values], [1, 2, 3, 4]);
  assert.equal(parsed.metadata.k, "v");
  assert.deepEqual(parsed.names, ["m"]);
  assert.throws(() => parseSafetensors(file.subarray(0, file.length - 1)).matrix("m"), /cut off/);
  assert.throws(() => parsed.matrix("n"), /no fp32 matrix/);
});

test("holdBack: an even share of every class, the same every time", () => {
  const files = ["a", "b"].flatMap((label) => Array.from({ length: 10 }, (_, i) => ({ label, file: { name: `${i}` } })));
  const { train, test: held } = holdBack(files, 0.2);
  assert.equal(train.length, 16);
  assert.deepEqual(held.map((/** @type {any} */ { label, file }) => label + file.name), ["a4", "a9", "b4", "b9"]);
  assert.equal(holdBack(files.slice(0, 1), 0.5).train.length, 1);
  assert.equal(holdBack(files, 0).test.length, 0);
});

test("reportOf: a class that is certainly worse than the task needs more images; one of few images may not be judged", () => {
  const adaptedConfusions = new Confusions(2);
  for (let i = 0; i < 40; i++) adaptedConfusions.add(0, 0);
  for (let i = 0; i < 20; i++) adaptedConfusions.add(1, i < 5 ? 1 : 0);
  const [a, b] = reportOf(head, [16, 16], { adapted: adaptedConfusions, base: adaptedConfusions, failed: [] }).classes;
  assert.equal(a.needsMore, null);
  assert.match(b.needsMore, /less often/);
  assert.deepEqual(b.confusions, [{ name: "a", count: 15 }]);
  const unmeasured = reportOf(head, [12, 2], null).classes;
  assert.equal(unmeasured[0].needsMore, null);
  assert.match(unmeasured[1].needsMore, /2 where another has 12/);
});

test("reportOf: before images are dropped, what the trainer measured on held-out examples stands there", () => {
  const measure = (/** @type {number} */ value) => ({ value, low: value - 10, high: value + 10 });
  const difficulty = /** @type {any} */ ({
    zeroShotAccuracy: measure(50),
    classes: [
      { className: "a", shots: 4, heldOutRecall: measure(75), zeroShotRecall: measure(50), confusions: [{ className: "b", share: 25 }], needsMoreImages: false },
      { className: "b", shots: 1, confusions: [], needsMoreImages: true },
    ],
  });
  const report = reportOf(head, [4, 1], null, difficulty);
  assert.deepEqual([report.accuracy, report.baseAccuracy], [0.75, 0.5]);
  assert.deepEqual(report.classes[0].interval, [0.65, 0.85]);
  assert.deepEqual(report.classes[0].confusions, [{ name: "b", count: 1 }]);
  assert.equal(report.classes[1].accuracy, null);
  assert.match(report.classes[1].needsMore, /fewer than two/);
});
