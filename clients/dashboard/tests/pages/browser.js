import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Where the screenshots are, to be looked at. */
export const screens = process.env.TASKRES_SCREENS ?? fileURLToPath(new URL("../../artifacts/screens/", import.meta.url));
await mkdir(screens, { recursive: true });

/** A new visitor; what their console says of errors is in the list. @param {import("playwright-core").Browser} browser @param {import("playwright-core").BrowserContextOptions} [options] */
export async function visit(browser, options) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: "light", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  /** @type {string[]} */
  const errors = [];
  page.on("pageerror", (error) => errors.push(`${error}`));
  // A refused call is a line of the console too, and is what some tests are about.
  page.on("console", (message) => message.type() === "error" && !/Failed to load resource/.test(message.text()) && errors.push(message.text()));
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== new URL(page.url()).origin && page.url() !== "about:blank") errors.push(`it asks ${request.url()}`);
  });
  return { page, errors };
}

/** @param {import("playwright-core").Page} page @param {string} key */
export async function signIn(page, key) {
  await page.getByLabel("Key", { exact: true }).fill(key);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("navigation", { name: "Pages" }).waitFor();
}

/** The whole page, as on a screen that is high enough. @param {import("playwright-core").Page} page @param {string} name */
export async function shoot(page, name) {
  const size = /** @type {{ width: number, height: number }} */ (page.viewportSize());
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: size.width, height: Math.max(height, size.height) });
  await page.screenshot({ path: join(screens, `${name}.png`), animations: "disabled" });
  await page.setViewportSize(size);
}

/** What axe finds against WCAG 2.2 A and AA. @param {import("playwright-core").Page} page @param {string} where */
export async function assertAccessible(page, where) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    // @ts-expect-error: axe is a global of its script.
    const { violations } = await globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    return violations.map((/** @type {any} */ { id, nodes }) => `${id}: ${nodes.map((/** @type {any} */ node) => `${node.html} ${node.failureSummary}`).join("\n  ")}`);
  });
  assert.deepEqual(found, [], where);
}

/** @param {import("playwright-core").Page} page @param {string} where */
export async function assertFits(page, where) {
  const [needed, given] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(needed <= given, `${where} is ${needed} px wide on a screen of ${given}`);
}
