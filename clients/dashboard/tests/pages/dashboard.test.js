import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { chromium as browsers } from "playwright-core";
import { assertAccessible, assertFits, shoot, signIn, visit } from "./browser.js";
import { labelledFolder, testImage } from "./images.js";
import { chromium, commandLine, startSuite } from "./suite.js";

const [program, browserPath] = [await commandLine(), await chromium()];
const missing = !program ? "the command line is not built" : !browserPath ? "chromium is not installed" : null;
if (missing && process.env.CI === "true") throw new Error(`CI lacks what these tests need: ${missing}`);
const options = { skip: missing ?? false };

/** @type {import("./suite.js").RunningSuite} */
let suite;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("playwright-core").Page} */
let page;
/** @type {string[]} */
let errors;
/** @type {string} */
let trainFolder;
/** @type {string} */
let testFolder;

before(async () => {
  if (missing) return;
  [suite, browser, trainFolder, testFolder] = await Promise.all([
    startSuite(/** @type {string} */ (program)),
    browsers.launch({ executablePath: /** @type {string} */ (browserPath), args: ["--no-sandbox", "--use-fake-device-for-media-stream"] }),
    labelledFolder("train", 5),
    labelledFolder("test", 4),
  ]);
  ({ page, errors } = await visit(browser));
});

after(async () => {
  await browser?.close();
  await suite?.stop();
});

test("sign-in: a wrong key is refused in words, the operator's opens the page that was asked for, and stays in the tab alone", options, async () => {
  await page.goto(`${suite.web}/tasks`);
  await shoot(page, "sign-in-light");
  await assertAccessible(page, "sign-in");
  await page.getByLabel("Key", { exact: true }).fill("0".repeat(64));
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("UNAUTHENTICATED").waitFor();
  await shoot(page, "sign-in-refused-light");

  await signIn(page, suite.key);
  await page.getByText("No task yet").waitFor();
  assert.equal(new URL(page.url()).pathname, "/tasks");
  await shoot(page, "tasks-empty-light");
  const kept = await page.evaluate(() => ({ local: JSON.stringify(localStorage), cookies: document.cookie, session: JSON.stringify(sessionStorage) }));
  assert.ok(!kept.local.includes(suite.key) && kept.cookies === "" && kept.session.includes(suite.key));
});

test("train: folders dropped in the browser become a served classifier, better than zero-shot on what was held back", options, async () => {
  await page.getByRole("link", { name: "Drop folders of images" }).click();
  await page.getByLabel("Its id").fill("outlines");
  await page.getByLabel("Prompts").fill("a photo of a {}.\nan emoji of a {}.\n{}");
  await page.getByLabel("Views").fill("2");
  await dropFolder(trainFolder);
  await page.getByText("40 images of 8 classes").waitFor();
  await page.locator(".thumbs img").last().evaluate((image) => /** @type {HTMLImageElement} */ (image).decode());
  await shoot(page, "train-ready-light");

  await page.getByRole("button", { name: "Train", exact: true }).click();
  const serves = page.getByRole("region", { name: "What it serves" });
  await serves.getByText("The new revision is live.").waitFor({ timeout: 60_000 });
  await page.getByText("32 images added").waitFor();
  const held = page.getByRole("region", { name: "On the images held back" });
  await held.getByText("of 8 images").waitFor();
  const [now, before] = [await stat(held, "Accuracy"), await stat(held, "Before training")];
  assert.ok(now > before + 20, `${now} % after, ${before} % before`);
  await shoot(page, "train-done-light");

  await serves.getByRole("button", { name: "Roll back" }).click();
  await serves.getByText("The new revision is kept, and not live.").waitFor();
  await serves.getByRole("button", { name: "Promote" }).click();
  await serves.getByText("The new revision is live.").waitFor();
});

test("tasks: revisions are promoted, rolled back and put on trial, by keyboard too", options, async () => {
  await page.getByRole("navigation").getByRole("link", { name: "Tasks" }).click();
  await page.getByRole("link", { name: "outlines" }).click();
  const revisions = page.getByRole("region", { name: "Revisions" });
  await revisions.getByRole("row").nth(2).waitFor();
  await page.getByRole("region", { name: "Jobs" }).getByRole("row", { name: /done/ }).first().waitFor();
  assert.equal(await liveMethod(revisions), "taskres");

  await revisions.getByRole("button", { name: "Roll back" }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Roll back?" });
  await dialog.waitFor();
  await shoot(page, "roll-back-light");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.equal(await liveMethod(revisions), "taskres");

  await revisions.getByRole("button", { name: "Roll back" }).press("Enter");
  await dialog.getByRole("button", { name: "Roll back" }).press("Enter");
  await revisions.getByRole("row", { name: /live/ }).getByText("zero-shot").waitFor();

  const rollout = page.getByRole("region", { name: "Rollout" });
  await rollout.getByLabel("Canary").selectOption({ index: 1 });
  await rollout.getByLabel("Share, %").fill("25");
  await rollout.getByRole("button", { name: "Start the trial" }).click();
  await revisions.getByText("canary 25 %").waitFor();
  await rollout.getByRole("button", { name: "End it" }).click();
  await revisions.getByText("canary 25 %").waitFor({ state: "hidden" });

  await revisions.getByRole("button", { name: /^Promote/, disabled: false }).click();
  await page.getByRole("button", { name: "Promote it" }).click();
  await revisions.getByRole("row", { name: /live/ }).getByText("taskres").waitFor();
});

test("training: a job is watched while it runs, and cancelled", options, async () => {
  await page.getByRole("button", { name: "Train again" }).click();
  const dialog = page.getByRole("dialog", { name: "Train again" });
  await dialog.getByText("Settings of the method").click();
  await dialog.getByLabel("Epochs").fill("10000");
  await dialog.getByLabel("Promote when it is done").uncheck();
  await dialog.getByRole("button", { name: "Train" }).click();
  await page.getByRole("img", { name: /^Loss by epoch/ }).waitFor();
  await page.getByRole("img", { name: /^Accuracy by epoch/ }).waitFor();

  await page.goto(`${suite.web}/tasks/outlines/jobs/${await longJob()}`);
  await page.getByText("training", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText("cancelled", { exact: true }).waitFor();
  await shoot(page, "job-cancelled-light");
});

test("classes: a labelled folder is measured class by class", options, async () => {
  await page.goto(`${suite.web}/tasks/outlines/classes`);
  await page.getByRole("region", { name: "Class by class" }).getByRole("row", { name: /anchor/ }).waitFor();
  assert.match(await page.getByRole("row", { name: /anchor/ }).first().innerText(), /0\.\d{3}/);
  await page.getByText("of examples held out").waitFor();
  await page.getByText("Transfer difficulty").waitFor();
  await shoot(page, "classes-held-out-light");
  await dropFolder(testFolder);
  await page.getByText("of 32 images").waitFor();
  const all = page.getByRole("region", { name: "In all" });
  const [now, zeroShot] = [await stat(all, "Accuracy"), await stat(all, "Zero-shot")];
  assert.ok(now > zeroShot, `${now} % against ${zeroShot} %`);
  const counts = await page.locator(".confusions tbody td").allInnerTexts();
  assert.equal(counts.reduce((sum, text) => sum + Number(text), 0), 32);
  await page.getByRole("button", { name: "Accuracy" }).click();
  await shoot(page, "classes-measured-light");
});

test("try it: an image is chosen, pasted and dropped; the answer stands beside zero-shot, with its tier and timings", options, async () => {
  await page.goto(`${suite.web}/try?task=outlines`);
  await page.locator(".drop input").setInputFiles(testImage("umbrella", 10));
  const answer = page.getByRole("region", { name: "Answer" });
  await answer.getByRole("listitem").first().waitFor();
  assert.match((await answer.getByRole("listitem").first().getAttribute("aria-label")) ?? "", /: TaskRes [\d.]+ %, Zero-shot [\d.]+ %$/);
  await page.getByText("encoder", { exact: true }).waitFor();
  const pasted = await answer.locator(".verdict").innerText();
  await paste(testImage("umbrella", 10));
  await page.getByText("memory", { exact: true }).waitFor();
  assert.equal(await answer.locator(".verdict").innerText(), pasted);
  await shoot(page, "try-answer-light");

  await page.context().grantPermissions(["camera"]);
  await page.getByRole("button", { name: "Take a photograph" }).click();
  await page.getByRole("button", { name: "Take it" }).click();
  await page.getByAltText("The image photograph.jpg").waitFor();
  await page.getByText("encoder", { exact: true }).waitFor();

  await paste(new URL(import.meta.url).pathname);
  await page.getByText("IMAGE_UNREADABLE").waitFor();
  await shoot(page, "try-unreadable-light");
});

test("system: what other callers do is on the curves within seconds", options, async () => {
  const load = classifyUntilStopped();
  await page.goto(`${suite.web}/system`);
  await page.getByRole("img", { name: /^Requests a second: now all [1-9]/ }).waitFor();
  await page.getByRole("region", { name: "By call" }).getByRole("row", { name: /^Classify [1-9]/ }).waitFor();
  await page.getByRole("region", { name: "Embeddings by tier" }).getByText("memory").waitFor();
  await page.getByRole("region", { name: "Health" }).getByText("ready").first().waitFor();
  for (let readings = 0; readings < 4; readings++) await page.waitForResponse(/\/metrics$/);
  await load.stop();
  await shoot(page, "system-busy-light");

  // The curves go on where they were left.
  await page.getByRole("navigation").getByRole("link", { name: "Try it" }).click();
  await page.getByRole("heading", { name: "Try it" }).waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "System" }).click();
  await page.getByRole("row", { name: /^Classify [0-9.]+ / }).waitFor();
});

test("tenants: made, bounded, given a key that opens its own alone; rotated, revoked and recorded", options, async () => {
  await page.goto(`${suite.web}/tenants`);
  await page.getByRole("button", { name: "New tenant" }).click();
  await page.getByLabel("Id", { exact: true }).fill("acme");
  await page.getByRole("button", { name: "Make the tenant" }).click();
  await page.getByRole("heading", { name: "acme" }).waitFor();
  const quotas = page.getByRole("region", { name: "Quotas" });
  await quotas.getByLabel("Tasks", { exact: true }).fill("1");
  await quotas.getByRole("button", { name: "Save the quotas" }).click();
  await page.getByText("The quotas hold").waitFor();

  await page.getByRole("button", { name: "New key" }).click();
  await page.getByLabel("Name", { exact: true }).first().fill("laptop");
  await page.getByRole("checkbox", { name: /^train/ }).check();
  await page.getByRole("checkbox", { name: /^admin/ }).check();
  await shoot(page, "key-new-light");
  await page.getByRole("button", { name: "Make the key" }).click();
  const key = await page.getByLabel("Key", { exact: true }).inputValue();
  assert.match(key, /^tr_acme_k[0-9a-f]{12}_[0-9a-f]{64}$/);
  await page.getByRole("button", { name: "Done" }).click();

  const guest = await visit(browser);
  await guest.page.goto(suite.web);
  await signIn(guest.page, key);
  await guest.page.getByText("No task yet").waitFor();
  assert.deepEqual(await guest.page.getByRole("navigation").getByRole("link").allInnerTexts(), ["Tasks", "Train", "Try it", "Tenants"]);
  await guest.page.goto(`${suite.web}/tasks/outlines`);
  await guest.page.getByText("TASK_NOT_FOUND").waitFor();
  await shoot(guest.page, "task-unknown-light");
  await guest.page.getByRole("navigation").getByRole("link", { name: "Tenants" }).click();
  await guest.page.getByRole("region", { name: "Keys" }).getByRole("row", { name: /laptop/ }).waitFor();
  await guest.page.getByRole("region", { name: "Audit" }).getByText("CreateApiKey").waitFor();
  await shoot(guest.page, "tenant-own-light");

  await page.getByRole("button", { name: "Rotate laptop" }).click();
  await page.getByLabel("The old secret goes on for").selectOption("0");
  await page.getByRole("button", { name: "Rotate", exact: true }).click();
  const rotated = await page.getByLabel("Key", { exact: true }).inputValue();
  assert.notEqual(rotated, key);
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Revoke laptop" }).click();
  await page.getByRole("button", { name: "Revoke it" }).click();
  await page.getByText("No key yet").waitFor();
  // The services remember a key for some seconds.
  await guest.page.goto(`${suite.web}/tasks`);
  await guest.page.getByText("Your key is no longer accepted").waitFor();
  await guest.page.context().close();
  assert.deepEqual(guest.errors, []);
});

test("every page: in both themes, on a desk and on a phone, by its address; accessible, and no wider than the screen", options, async () => {
  const pages = { tasks: "/tasks", task: "/tasks/outlines", classes: "/tasks/outlines/classes", train: "/train?task=outlines", try: "/try?task=outlines", system: "/system", tenants: "/tenants", tenant: "/tenants/acme" };
  for (const theme of /** @type {const} */ (["light", "dark"])) {
    await page.emulateMedia({ colorScheme: theme });
    for (const [device, width] of /** @type {const} */ ([["desk", 1280], ["phone", 360]])) {
      await page.setViewportSize({ width, height: device === "desk" ? 900 : 740 });
      for (const [name, path] of Object.entries(pages)) {
        const where = `${name}-${device}-${theme}`;
        await page.goto(suite.web + path);
        await page.locator("main .card").first().waitFor();
        await page.locator(".loading").first().waitFor({ state: "detached" });
        if (name === "try") await page.locator(".drop input").setInputFiles(testImage("guitar", 3));
        if (name === "try") await page.locator(".pairs li").first().waitFor();
        if (name === "classes") await dropFolder(testFolder);
        if (name === "classes") await page.getByText("of 32 images").waitFor();
        await shoot(page, where);
        await assertFits(page, where);
        await assertAccessible(page, where);
      }
    }
  }
  assert.deepEqual(errors, []);
});

test("theme: chosen by hand, it holds against the system's and over a reload", options, async () => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto(`${suite.web}/tasks`);
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByRole("button", { name: "Theme: system. Change to light." }).click();
  await page.getByRole("button", { name: "Theme: light. Change to dark." }).click();
  assert.notEqual(await background(), light);
  await page.reload();
  assert.notEqual(await background(), light);
  await page.getByRole("button", { name: "Theme: dark. Change to system." }).click();
  assert.equal(await background(), light);
});

/** Other callers: images known and new, and a task that is not there. */
function classifyUntilStopped() {
  let stopped = false;
  const names = ["airplane", "anchor", "bicycle", "cactus", "guitar", "key", "scissors", "umbrella"];
  const call = async (/** @type {number} */ turn) => {
    const content = (await readFile(testImage(/** @type {string} */ (names[turn % names.length]), Math.floor(turn / names.length) % 20))).toString("base64");
    const task = turn % 29 === 0 ? "absent" : "outlines";
    await fetch(`${suite.web}/v1/tenants/default/tasks/${task}:classify`, {
      method: "POST",
      headers: { authorization: `Bearer ${suite.key}`, "content-type": "application/json" },
      body: JSON.stringify({ image: { content } }),
    });
  };
  const callers = [0, 1, 2].map(async (caller) => {
    for (let turn = caller; !stopped; turn += 3) await call(turn);
  });
  return {
    stop: () => {
      stopped = true;
      return Promise.all(callers);
    },
  };
}

/** Drops a folder from the desktop onto the page's drop zone. @param {string} folder */
async function dropFolder(folder) {
  const zone = page.locator(".drop").first();
  await zone.scrollIntoViewIfNeeded();
  const box = /** @type {{ x: number, y: number, width: number, height: number }} */ (await zone.boundingBox());
  const devtools = await page.context().newCDPSession(page);
  for (const type of /** @type {const} */ (["dragEnter", "dragOver", "drop"]))
    await devtools.send("Input.dispatchDragEvent", { type, x: box.x + box.width / 2, y: box.y + 12, data: { items: [], files: [folder], dragOperationsMask: 1 } });
  await devtools.detach();
}

/** Pastes a file as if it were copied elsewhere. @param {string} path */
async function paste(path) {
  const content = (await readFile(path)).toString("base64");
  await page.evaluate((base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([bytes], "pasted.webp", { type: "image/webp" }));
    dispatchEvent(new ClipboardEvent("paste", { clipboardData }));
  }, content);
}

/** The number of a figure with its label above. @param {import("playwright-core").Locator} region @param {string} label */
async function stat(region, label) {
  const figure = region.locator(".stat", { has: page.getByText(label, { exact: true }) }).locator("dd").first();
  return Number.parseFloat(await figure.innerText());
}

/** Steps of one image: minutes of training on any machine. */
async function longJob() {
  const headers = { authorization: `Bearer ${suite.key}`, "content-type": "application/json" };
  const body = JSON.stringify({ settings: { epochs: 10_000, batchSize: 1 }, promotion: "PROMOTION_POLICY_MANUAL" });
  const response = await fetch(`${suite.web}/v1/tenants/default/tasks/outlines:train`, { method: "POST", headers, body });
  assert.equal(response.status, 200);
  return (await response.json()).job.name.split("/").at(-1);
}

/** @param {import("playwright-core").Locator} revisions */
async function liveMethod(revisions) {
  return (await revisions.locator("tr.is-live td").nth(1).innerText()).split(",")[0];
}
