import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.js";

// The module asks for the browser's storage where it is loaded.
Object.assign(globalThis, { sessionStorage: { getItem: () => null }, location: { origin: "http://localhost" } });
const { tenantOf } = await load("signin/signIn.ts");

test("tenantOf: a key names its tenant, a token claims it, the operator's key has none", () => {
  const claims = Buffer.from(JSON.stringify({ tenant: "acme", sub: "ä?>" })).toString("base64url");
  assert.equal(tenantOf(`tr_acme_k1_${"0".repeat(64)}`), "acme");
  assert.equal(tenantOf(`header.${claims}.signature`), "acme");
  assert.equal(tenantOf("0".repeat(64)), null);
});
