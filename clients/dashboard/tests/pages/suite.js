import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const repository = fileURLToPath(new URL("../../../../", import.meta.url));

const builds = ["Debug", "Release"].map((build) => join(repository, `clients/cli/bin/${build}/net10.0/linux-x64/taskres`));

/** The built command line; null where there is none. */
export const commandLine = () => firstOf([process.env.TASKRES_CLI, ...builds]);

/** Debian's Chromium or whatever the variable names; null where there is none. */
export const chromium = () => firstOf([process.env.TASKRES_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]);

/** @typedef {{ web: string, key: string, stop: () => Promise<void> }} RunningSuite */

/** Starts `taskres up` for a user with a home of their own, on free ports. @param {string} program @returns {Promise<RunningSuite>} */
export async function startSuite(program) {
  const home = await mkdtemp(join(tmpdir(), "taskres-dashboard-"));
  const foreign = Object.keys(process.env).filter((name) => /^(TASKRES_|HF_)/.test(name));
  const env = { ...process.env, ...Object.fromEntries(foreign.map((name) => [name, undefined])), XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home };
  const suite = spawn(program, ["up", "--data", join(home, "registry"), "--port", "0", "--json"], { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(suite, "exit");
  const stop = async () => {
    suite.kill("SIGINT");
    await ended;
    await rm(home, { recursive: true, force: true });
  };
  const line = await Promise.race([once(createInterface(suite.stdout), "line"), ended.then(([code]) => Promise.reject(new Error(`taskres up ended with ${code}`)))]);
  const { web, credentials } = JSON.parse(line[0]);
  const { key } = JSON.parse(await readFile(credentials, "utf8"));
  return { web: web.replace(/\/$/, ""), key, stop };
}

/** @param {(string | undefined)[]} paths */
async function firstOf(paths) {
  for (const path of paths) {
    if (!path) continue;
    try {
      await access(path);
      return path;
    } catch {
      // The next may be there.
    }
  }
  return null;
}
