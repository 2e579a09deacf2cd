// The size of what is served, gzipped, and the first paint on loopback: `npm run figures [-- ADDRESS]`. Ends with 1 where a goal is missed.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium as browsers } from "playwright-core";
import { chromium, commandLine, startSuite } from "../tests/pages/suite.js";

const goals = { kilobytes: 300, firstPaintMs: 1000 };
const loads = 5;

const built = fileURLToPath(new URL("../../../services/AllInOne/Bundled/dashboard/", import.meta.url));
const files = (await readdir(built, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
const sizes = await Promise.all(files.map(async ({ parentPath, name }) => gzipSync(await readFile(join(parentPath, name))).length));
const kilobytes = sizes.reduce((sum, size) => sum + size, 0) / 1000;
console.log(`bundle       ${kilobytes.toFixed(1)} kB gzipped in ${files.length} files (goal: at most ${goals.kilobytes})`);
let holds = kilobytes <= goals.kilobytes;

const [program, browserPath, address] = [await commandLine(), await chromium(), process.argv[2]];
if (!browserPath || !(program || address)) {
  console.log(`first paint  not measured: ${browserPath ? "the command line is not built" : "chromium is not installed"}`);
} else {
  const suite = address ? null : await startSuite(/** @type {string} */ (program));
  const browser = await browsers.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
  const paints = [];
  for (let i = 0; i < loads; i++) {
    // Each with a cache of its own.
    const page = await (await browser.newContext()).newPage();
    await page.goto(address ?? `${suite?.web}/`);
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    paints.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Infinity));
    await page.context().close();
  }
  await browser.close();
  await suite?.stop();
  paints.sort((a, b) => a - b);
  const [median, worst] = [paints[loads >> 1] ?? Infinity, paints.at(-1) ?? Infinity];
  console.log(`first paint  ${median.toFixed(0)} ms, the median of ${loads} loads with an empty cache; the slowest ${worst.toFixed(0)} ms (goal: at most ${goals.firstPaintMs})`);
  holds &&= median <= goals.firstPaintMs;
}

process.exitCode = holds ? 0 : 1;
