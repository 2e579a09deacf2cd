import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.js";

const { parseExposition } = await load("system/exposition.ts");
const { quantile, since, mean } = await load("system/histogram.ts");
const { readingOf } = await load("system/reading.ts");
const { trafficBetween } = await load("system/traffic.ts");

const exposition = (/** @type {number} */ fast, /** @type {number} */ slow, /** @type {number} */ hits) => `
# TYPE taskres_rpc_duration_seconds histogram
taskres_rpc_duration_seconds_bucket{rpc_grpc_status_code="OK",rpc_method="/taskres.v1.ClassifierService/Classify",le="0.01"} ${fast}
taskres_rpc_duration_seconds_bucket{rpc_grpc_status_code="OK",rpc_method="/taskres.v1.ClassifierService/Classify",le="0.1"} ${fast + slow}
taskres_rpc_duration_seconds_bucket{rpc_grpc_status_code="OK",rpc_method="/taskres.v1.ClassifierService/Classify",le="+Inf"} ${fast + slow}
taskres_rpc_duration_seconds_sum{rpc_grpc_status_code="OK",rpc_method="/taskres.v1.ClassifierService/Classify"} 1.5
taskres_rpc_duration_seconds_count{rpc_grpc_status_code="OK",rpc_method="/taskres.v1.ClassifierService/Classify"} ${fast + slow}
taskres_embeddings_total{taskres_tenant="acme",taskres_tier="memory"} ${hits} 1700000000000
taskres_encoder_queue_length 3
`;

test("parseExposition: labels with escapes, infinities, timestamps", () => {
  const [a, b] = parseExposition('# HELP x y\nx{p="a\\"b\\\\c\\nd",q="2"} +Inf\ny 1.5e3 1700000000\n\n');
  assert.deepEqual(a, { name: "x", labels: { p: 'a"b\\c\nd', q: "2" }, value: Infinity });
  assert.deepEqual(b, { name: "y", labels: {}, value: 1500 });
});

test("quantile: as Prometheus' histogram_quantile", () => {
  const histogram = { bounds: [0.1, 0.2, Infinity], counts: [10, 30, 40], sum: 6 };
  assert.equal(quantile(histogram, 0.5), 0.15000000000000002);
  assert.equal(quantile(histogram, 0.99), 0.2);
  assert.equal(quantile({ bounds: [], counts: [], sum: 0 }, 0.5), null);
  assert.equal(mean(histogram), 0.15);
});

test("since: what was counted between; a restart counts from zero", () => {
  const [before, now] = [{ bounds: [1, Infinity], counts: [5, 8], sum: 10 }, { bounds: [1, Infinity], counts: [6, 12], sum: 30 }];
  assert.deepEqual(since(now, before), { bounds: [1, Infinity], counts: [1, 4], sum: 20 });
  assert.deepEqual(since(before, now), before);
});

test("trafficBetween: rates, latencies and shares of the time between two readings", () => {
  const before = readingOf(parseExposition(exposition(10, 0, 5)), 100);
  const now = readingOf(parseExposition(exposition(28, 2, 15)), 110);
  const traffic = trafficBetween(now, before);
  assert.equal(traffic.requestsPerSecond, 2);
  assert.equal(traffic.errorsPerSecond, 0);
  assert.ok(traffic.p50 < 0.01 && traffic.p99 > 0.05, `${traffic.p50} ${traffic.p99}`);
  assert.deepEqual(traffic.byTier, { memory: 10 });
  assert.deepEqual(traffic.byTenant, { acme: 10 });
  assert.equal(traffic.queue, 3);
  assert.deepEqual(traffic.byMethod.map((/** @type {any} */ { method }) => method), ["Classify"]);
});
